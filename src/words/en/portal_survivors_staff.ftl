# What staff read on the pages of a record in English alone: words of safety, which no speaker of Welsh has approved yet.

# What a survivor agrees to, each by its code.
staff-scope-service-core = The service itself
staff-scope-share-programme-status = The programme sees how check-ins went, and alerts
staff-scope-share-programme-incident_summary = The programme sees incidents, without the words
staff-scope-share-programme-incident_full = The programme reads the words about incidents
staff-scope-share-programme-voice = The programme reads words with check-ins, and what the survivor wants it to know
staff-scope-updates-programme = News about the programme reaches the survivor
staff-scope-share-police-incident = The police are given incidents that are visible to them
staff-scope-share-police-evidence = The police are given files of those incidents
staff-scope-contact-trusted = Trusted contacts may be spoken to
staff-scope-contact-sms = Neutral text messages
staff-scope-contact-voice = Neutral calls
staff-scope-contact-push = Neutral notices on the phone
staff-scope-stats-aggregate = Counted in figures that name nobody
staff-scope-research-followup = May be asked to join research
staff-scope-alert-police-help_now = The police are notified of emergencies
staff-scope-alert-police-missed = The police are notified of urgent alerts that nobody answers
staff-scope-alert-police-breach = The police are notified of what may breach an order
staff-scope-location-moment = The phone sends where it is with check-ins and cries for help
staff-scope-location-release_alert = Who answers an alert may read where the phone was
staff-agreed-on = On
staff-agreed-off = Off
staff-agreed-out-of-reach = It is on, and no message would reach the police now.

# What bears on safety in an incident.
staff-happening-now = It was going on as it was reported.
staff-police-may-speak = The police may speak to the survivor about it.
staff-visibility-private = The survivor keeps it to themselves.
staff-visibility-advocate = Only the survivor's own side sees it.
staff-visibility-programme_summary = The programme may see it without the words, as far as the survivor agrees.
staff-visibility-programme_full = The programme may see it with the words, as far as the survivor agrees.
staff-visibility-police = The police may see it, as far as the survivor agrees.
staff-wish-reported = The survivor has reported it to the police.
staff-wish-wants_to_report = The survivor wants to report it to the police.
staff-wish-talk_first = The survivor wants to talk first about reporting it to the police.
staff-wish-undecided = The survivor has not decided whether to report it to the police.
staff-wish-does_not_want = The survivor does not want it reported to the police.
staff-off-phone = Their phone shows nothing of it, until somebody says that it may.

# What became of a file.
staff-file-state-uploading = It is still arriving.
staff-file-state-kept = It is here.
staff-file-state-held = It is here, and a hold keeps it from being destroyed.
staff-file-state-removing = The survivor took it back: nobody may open it, and it is destroyed after a week.
staff-file-state-locked = The survivor took it back: nobody may open it, and a hold keeps it from being destroyed.
staff-file-state-sealed = It is for the police alone: nobody may open it until they have decided.
staff-file-state-removed = It is destroyed.
staff-file-state-terminated = The upload was given up.
staff-file-state-expired = The upload was not finished in time.
staff-file-state-refused = What arrived was not what was stated; nothing was stored.

# What a phone can do.
staff-phone-in-use = In use
staff-phone-waits = It waits to be confirmed, and reads nothing yet. It can cry for help.
staff-phone-away = Another phone has its place: it reads nothing, or soon will not. It can cry for help.
staff-phone-cries = It is revoked and reads nothing. It can still cry for help.
staff-phone-revoked = It is revoked, and can cry for help no more.
