# What officers read in English alone: words of safety, which no speaker of Welsh has approved yet.

staff-police-silent = Nobody may notice that help comes: approach in silence.
staff-police-may-contact = The survivor lets the police speak to them about this. Reach them through the duty desk.
staff-police-may-not-contact = The survivor has not said that the police may speak to them about this. Reach them through the duty desk.
staff-police-has-place = Where the survivor's phone was is in the details.
staff-vulnerable-children_present = Children were present.
staff-vulnerable-child_at_risk = A child is at risk.

# Conditions of orders, each by its code.
staff-condition-no_contact = The person must not contact the survivor by any means.
staff-condition-contact_by_any_means = The person must not contact the survivor by any means.
staff-condition-no_contact_indirect = The person must not contact the survivor through anybody else.
staff-condition-approach_within_distance = The person must not come within a set distance of the survivor, or of a place of the survivor's.
staff-condition-approach = The person must not come up to the survivor.
staff-condition-exclusion_zone = The person must not go into a set area.
staff-condition-enter_area = The person must not go into a set area.
staff-condition-attend_home = The person must not come to the survivor's home.
staff-condition-attend_work = The person must not come to where the survivor works or studies.
staff-condition-attend_school = The person must not come to the school or college.
staff-condition-follow = The person must not follow the survivor.
staff-condition-watch = The person must not watch or spy on the survivor.
staff-condition-loiter = The person must not wait about near the survivor, or near a place of the survivor's.
staff-condition-monitor = The person must not monitor the survivor, online or off.
staff-condition-track_device = The person must not track the survivor with a device or an app.
staff-condition-publish = The person must not post or publish anything about the survivor.
staff-condition-social_media = The person must not use social media to reach or to write about the survivor.
staff-condition-violence = The person must not use or threaten violence against the survivor.
staff-condition-damage_property = The person must not damage or threaten to damage what is the survivor's.
staff-condition-drones = The person must not use a drone near the survivor, or near a place of the survivor's.
staff-condition-devices = The person may only use devices that the police know of.
staff-condition-surrender_devices = The person must hand over devices when the police ask.
staff-condition-register_devices = The person must tell the police which devices they use.
staff-condition-attend_programme = The person must attend a programme.
staff-condition-attend_intervention_programme = The person must attend a programme about their behaviour.
staff-condition-attend_intervention = The person must attend a programme about their behaviour.
staff-condition-attend_sessions = The person must attend sessions.
staff-condition-attend_assessment = The person must attend an assessment.
staff-condition-attend_treatment = The person must attend treatment.
staff-condition-attend_appointments = The person must attend appointments.
staff-condition-report_to_police = The person must report to the police.
staff-condition-notify_address = The person must tell the police where they live.
staff-condition-notify_police = The person must tell the police their names and where they live.
staff-condition-electronic_monitoring = The person must wear an electronic tag.
staff-condition-curfew = The person must stay at an address at set hours.
staff-condition-reside_at_address = The person must live at a set address.
