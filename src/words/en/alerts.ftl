# The truth about an alert. Accepted by us, delivered to a machine and seen by a person are three facts; a police response is
# never promised.

emergency = This is not an emergency service. Call 999. If you cannot speak on a mobile, listen, cough or tap, and press 55 when asked. 55 does not tell police where you are. On a landline stay on the line.
alert-accepted = We have received this.
alert-support-seen = A person who supports you has taken it up.
alert-support-seen-before = A person who supports you took up what came before. Nobody has told us yet that they have taken up the latest.
alert-support-waiting = Nobody who supports you has told us yet that they have taken it up.
alert-goes-on = It stays open until somebody takes it up.
alert-people-notified = Somebody who supports you has opened it.
alert-people-sent = Messages were sent to people who support you. We do not know that anybody has read one.
alert-people-queued = A message to people who support you waits to be sent.
alert-people-failed = No message to the people who support you has got through. They see it when they look at their portal.
alert-people-shown_in_portal = No message could be sent to the people who support you. They see it when they look at their portal.
alert-people-no_one = There was nobody here who could be told of it.
alert-resolved = It is closed.
alert-stood_down = It is closed, safety confirmed.
alert-officer-seen = A person in the police has it: an officer has acknowledged it.
alert-officer-seen-before = A police officer acknowledged what came before. No officer has acknowledged the latest yet.
alert-police-off = The police are not told.
alert-police-was-off = The police were not told.
alert-police-waiting = The police are to be told. No police system has received it yet.
alert-police-delivered = A police system has received it. That is a machine, not yet a person.
alert-police-delivered-before = A police system has received what came before. No police system has received the latest yet.
alert-police-mailed = The police were sent this by mail. Nobody of theirs has told us yet that they have it.
alert-police-unreached = No police system has received it.
alert-police-no-promise = Being told is never a promise that the police will come.
alert-phone-reported = This came from a phone reported lost or taken at { $time }; the place is the phone's and may not be yours.

# What the police said came of it, once the advocate has released it.
outcome-safe_and_well = The police told us that you are safe and well.
outcome-arrest = The police told us that they have made an arrest.
outcome-order_breach_recorded = The police told us that they have recorded a breach of the order.
outcome-crime_recorded = The police told us that they have recorded a crime.
outcome-suspect_spoken_to = The police told us that they have spoken to the person reported.
outcome-no_trace = The police told us that they found no trace of the person reported.
outcome-not_attended = The police told us that they did not attend.
outcome-referred = The police told us that they have passed this on to another service.
outcome-other = The police told us what came of it. Your advocate can tell you more.
outcome-out-of-date = This no longer holds: “{ $before }” Your advocate can tell you what is true now.

# News of the programme.
update-programme_started = The programme has begun.
update-programme_continuing = The programme goes on.
update-programme_paused = The programme rests for a while.
update-programme_ended_early = The programme ended early.
update-programme_completed = The programme was completed. That does not lower any risk.
update-order_changed = An order was made, changed or ended.
update-talk_to_your_advocate = Your advocate has something to talk to you about.
