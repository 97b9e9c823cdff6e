# The order that protects a survivor, in plain words. The court's own wording stands beside it and is not translated.

order-kind-spo = Stalking Protection Order
order-kind-interim_spo = Interim Stalking Protection Order
order-kind-restraining_order = Restraining order
order-kind-non_molestation_order = Non-molestation order
order-kind-occupation_order = Occupation order
order-kind-dvpo = Domestic Violence Protection Order
order-kind-dapo = Domestic Abuse Protection Order
order-kind-injunction = Injunction
order-kind-bail = Bail conditions
order-kind-licence = Licence conditions
order-kind-other = A court order

# A condition by its code. The order binds the person whom it names.
condition-no_contact = The person must not contact you by any means.
condition-no_contact_indirect = The person must not contact you through anybody else.
condition-approach_within_distance = The person must not come within a set distance of you, or of a place that is yours.
condition-exclusion_zone = The person must not go into a set area.
condition-enter_area = The person must not go into a set area.
condition-attend_home = The person must not come to your home.
condition-attend_work = The person must not come to where you work or study.
condition-follow = The person must not follow you.
condition-watch = The person must not watch or spy on you.
condition-monitor = The person must not monitor you, online or off.
condition-publish = The person must not post or publish anything about you.
condition-social_media = The person must not use social media to reach you or to write about you.
condition-devices = The person may only use devices that the police know of.
condition-surrender_devices = The person must hand over devices when the police ask.
condition-attend_programme = The person must attend a programme.
condition-attend_assessment = The person must attend an assessment.
condition-report_to_police = The person must report to the police.
condition-notify_address = The person must tell the police where they live.
condition-other-prohibition = The order forbids the person something; its own words say what.
condition-other-requirement = The order requires something of the person; its own words say what.
