# What staff read on the pages of the portal in English alone: words of safety, which no speaker of Welsh has approved yet.

# What a task asks for.
staff-task-call_999 = Call 999 now
staff-task-consider_999 = Think about calling 999
staff-task-call_survivor = Ring the survivor, as the safe-contact plan allows
staff-task-police_not_allowed = The survivor's setting keeps the police out: override it, or record why not
staff-task-police_unreachable = Our messages do not reach the police: ring them
staff-task-supervisor_decision = Decide what happens: nobody has taken this alert up
staff-task-alert_setting_turning_off = An alert setting is being turned off: make sure that it was the survivor
staff-task-incident_released = An incident was opened further: read it
staff-task-safety_review = Look at a safety plan or an assessment of risk again
staff-task-schedule_ran_out = A schedule of check-ins has ended: agree what follows
staff-task-exercise = A drill: say what you would do, and ring nobody
staff-task-call_back = The survivor asked to be rung: ring them, as the safe-contact plan allows
staff-task-police_outcome = Release what the police said to the survivor, or withhold it
staff-task-police_outcome_corrected = Release the correction by the police to the survivor, or withhold it
staff-task-participant_changed = Something changed on the participant's side: think of the danger
staff-task-confirm_phone = A survivor has another phone: hear the code word and confirm it
staff-task-review_phone = One person alone confirmed a phone: look at it again
staff-task-end_sos = A revoked phone can still cry for help: hear from the survivor
staff-task-trusted_contact_changed = A trusted contact changed: make sure that it was the survivor
staff-task-safe_contact_changed = A safe-contact plan has a new address: make sure that it is the survivor's
staff-task-service_off = A survivor turned the service off: speak with them
staff-task-force_block_to_approve = Somebody asks for a police force to be kept out: approve it, or speak against it
staff-task-block_review = Somebody has been kept out for a week: is that still right?
staff-task-evidence_taken_back = A file was taken back: speak with the survivor
staff-task-evidence_to_destroy = The survivor asked for a file to be destroyed: carry it out as the second person
staff-task-evidence_hold_to_approve = A hold on a file is against the survivor's wish: approve it, or speak against it
staff-task-evidence_hold_ending = A hold on a file is about to end: renew it, or let it end
staff-task-evidence_for_police = A file is for the police alone: do not open it, and ring them
staff-task-break_glass_review = Somebody on duty opened a record: say whether that was right
staff-task-break_glass_to_tell = Somebody on duty opened the survivor's record: tell them in person
staff-task-taken_up_review = Somebody nobody had called took an alert up: say whether that was right
staff-task-override_to_approve = The police are to be notified without the survivor's setting: approve it, or speak against it
staff-task-override_review = The police were notified without the survivor's setting: say whether that was right
staff-task-override_to_end = The police should not have been notified, somebody found: review it as the second person
staff-task-override_to_tell = The police were notified without the survivor's setting: tell the survivor in person
staff-task-reported_of_police = Somebody whom the survivor reports works for a police force: think of keeping that force out
staff-task-place_opened = Somebody opened where the survivor is: make sure that it was right
staff-task-order_ending = An order ends soon, or has ended: think of what protects the survivor then

# What a task of the programme asks for.
staff-programme-allocation_overdue = A referral waits for a practitioner: allocate it
staff-programme-notification_due = The participant has to notify the police of an order: make sure that they do
staff-programme-notification_overdue = No notification to the police was recorded in time: ask, and record it
staff-programme-breach_proposed = The police were not notified in time, which may breach an order: ask the police, and note what they decide
staff-programme-order_expires_60 = An order ends in 60 days
staff-programme-order_expires_30 = An order ends in 30 days
staff-programme-order_expires_7 = An order ends in 7 days
staff-programme-subject_access = A participant asked to see their record: answer within a month

# What raised an alert.
staff-happened-missed_check_in = A check-in was not answered
staff-happened-repeated_missed = Several check-ins in a row were not answered
staff-happened-help_now = They pressed for help
staff-happened-danger_now = Something is happening to them now
staff-happened-concern = They told us of a concern
staff-happened-order_breach = What they reported may breach a court order
staff-happened-critical_behaviour = They reported behaviour of the gravest kind
staff-happened-timer_expired = A timer ran out without a word from them
staff-happened-duress = They signalled that somebody is forcing them
staff-happened-device_risk = Somebody else may have their phone
staff-happened-exercise = A drill
staff-happened-pattern = What they reported forms a pattern
staff-happened-session_absence = The participant stays away from sessions
staff-happened-participant_concern = The participant may be about to contact or harm them
staff-happened-unreviewed = Nobody has looked at what they reported

# What the police say came of it.
staff-outcome-safe_and_well = The police say that they are safe and well.
staff-outcome-arrest = The police say that they have arrested somebody.
staff-outcome-order_breach_recorded = The police say that they have recorded a breach of the order.
staff-outcome-crime_recorded = The police say that they have recorded a crime.
staff-outcome-suspect_spoken_to = The police say that they have spoken to the person reported.
staff-outcome-no_trace = The police say that they found no trace of the person reported.
staff-outcome-not_attended = The police say that they did not attend.
staff-outcome-referred = The police say that they have passed it to another service.
staff-outcome-other = The police have said what came of it.

# What was done about an alert.
staff-act-acknowledged = Taken up
staff-act-police_acknowledged = Taken up by the police
staff-act-progress = How it goes
staff-act-reopened = Opened again
staff-act-police_outcome = What the police say came of it
staff-act-outcome_released = Outcome released to the survivor
staff-act-outcome_withheld = Outcome withheld from the survivor
staff-act-resolved = Resolved
staff-act-stood_down = Stood down
staff-act-level_raised = Level raised

staff-emergency = Holdfast is no emergency service. Where somebody is in danger now, ring 999.
staff-drill = This is a drill: nobody is in danger. Ring nobody.
staff-say-999 = What to say to 999, in this order
staff-say-once = Once the police answer, and not to the operator who connects you
staff-place-of-phone = The place is the phone's, and may not be theirs.
staff-words-duress = Written under duress: these may not be their own words.
staff-do-not-contact = Do not ring or message their phone: somebody else may see it.
staff-said-unsafe = The survivor said that it is not safe to contact them:
staff-no-voicemail = Never leave a voicemail.
staff-feared-of-police = Works for the police
staff-police-told = First message to the police
staff-police-acknowledged = Taken up by the police
staff-force-reference = The force's reference
staff-override = The survivor's setting keeps the police out; people decided that they are notified all the same.
staff-nobody-notified = No step to notify anybody has been taken yet.
staff-closing = Resolve it once what was to be done is done. Stand it down where nobody is in danger: police who were notified hear that it is withdrawn.

# What the survivor has said since an alert was raised. None of it closes one.
staff-answer-safe = They said that they are safe. That closes nothing: speak with them.
staff-answer-safe_unproven = A check-in says that they are safe, but came without their PIN: it may not be theirs.
staff-answer-concern = They told us of a concern.
staff-answer-help_now = They pressed for help.
staff-answer-timer_ended = They ended a timer. That closes nothing: speak with them.
staff-answer-unread = They answered, and what they said cannot be read.

# Who was notified, each by the code of the step.
staff-audience-nudge = The survivor's own phone, by a neutral reminder
staff-audience-advocate = The survivor's advocate
staff-audience-duty = The advocate on duty
staff-audience-second_duty = The second advocate on duty
staff-audience-supervisor = Supervisors
staff-audience-supervisor_decision = A supervisor, who is to decide what happens
staff-audience-survivor_call = The survivor, by a neutral call
staff-audience-call_999 = Everyone on duty, who is to call 999
staff-audience-consider_999 = Everyone on duty, who is to consider calling 999
staff-audience-police = The police
staff-audience-next_police = The police, at another address
staff-audience-police_reminder = The police, by a reminder
staff-audience-trusted_contact = The trusted contact
staff-audience-administrator = Administrators, since there is no supervisor

# What came of it.
staff-reached-no_one = there was nobody to notify
staff-reached-shown_in_portal = only shown here: no message could be sent
staff-reached-failed = failed: no message got through
staff-reached-queued = a message waits to be sent
staff-reached-sent = a message was sent; nobody knows whether it was read
staff-reached-notified = notified: the alert was opened
staff-reached-task = a task waits for them
staff-reached-gap = the rota names nobody
staff-reached-withheld = withheld: nothing may show on the phone
staff-reached-no_channel = there is no address, or no way to send to it
staff-reached-no_consent = the survivor has not agreed to it
staff-reached-unsafe_contact = it is not safe to contact them
staff-reached-throttled = the same was said a moment before
staff-reached-already_acknowledged = an officer has acknowledged all of it
staff-reached-told_of_each = a message of each was sent
staff-reached-already_on_its_way = a message is on its way
staff-reached-no_further_endpoint = there is no further address to try
staff-reached-told = they were named; what came of it was not recorded then

# The state of a check-in on the page of a case.
staff-check-in-scheduled = Not open yet
staff-check-in-open = May be answered
staff-check-in-due = Due now
staff-check-in-late = Late, and may still be answered
staff-check-in-safe = Safe
staff-check-in-unproven = Answered, not proven: the PIN was not given
staff-check-in-concern = There is a concern
staff-check-in-help_now = Pressed for help
staff-check-in-missed = Not answered
staff-check-in-resolved = Somebody resolved it

# Why something is withheld on the page of a case.
staff-withheld-no_agreement = Withheld: the survivor has not agreed to share it, or has withdrawn.
staff-withheld-case_not_active = Withheld: the case is not active.
staff-withheld-in_session = Withheld: the participant may be looking on.
staff-withheld-other_side = Withheld: it belongs to the other side alone.
staff-withheld-visibility = Single ones may be left out, since the survivor keeps them closer. This is said whether or not there are any.

# What stands out when both sides of a case are seen together.
staff-signals = What stands out when both sides are seen together
staff-no-signals = Nothing stands out in what this page shows. That is no sign of safety.
staff-never-in-session = A reason to look, and no finding. Never raise it with the participant, who could learn from it what the survivor reported.
staff-signal-missed_check_in_and_session = The survivor missed a check-in and the participant missed a session within 24 hours of each other.
staff-signal-acted_on_urge_and_incident = The participant's diary says that they acted on an urge, and an incident happened within 48 hours of it.
staff-signal-three_incidents_in_seven_days = At least three incidents happened within seven days.
staff-signal-online_to_in_person = An incident in person followed incidents from afar; none in the 28 days before it was in person.
staff-signal-new_channel_after_block = After other contact, contact came from a new account or number.
staff-signal-goal_up_while_incidents_rise = A goal was scored higher, while more incidents happened in the 28 days before than in the 28 before those.

# Decisions to notify the police without the survivor's setting.
staff-override-waits = The police are to be notified without the survivor's setting: a second person decides
staff-override-basis-vital_interests = Somebody's life is in danger.
staff-override-basis-safeguarding = Somebody at risk has to be safeguarded.
staff-override-basis-legal_obligation = The law demands it.
staff-override-basis-court_order = A court ordered it.
staff-override-basis-information_request = The police asked for it by law.
staff-override-basis-recognised_legitimate_interest = A recognised legitimate interest demands it.

# What the practitioner fears that the participant will do, for the survivor's side.
staff-fears = What the practitioner fears. Not to be reported to the survivor as it is.
staff-fear-intent_to_contact = The participant may mean to contact the survivor.
staff-fear-intent_to_harm = The participant may mean to harm the survivor.
staff-fear-other = Something else that the advocate should know.
staff-fear-imminent = It may happen at any moment.
