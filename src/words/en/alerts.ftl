# The truth about an alert. Accepted by us, delivered to a machine and seen by a person are three facts; a police response is
# never promised.

emergency = This is not an emergency service. Call 999; if you cannot speak, press 55.
alert-accepted = We have received this.
alert-person-waiting = Nobody has told us yet that they have seen it. It goes on until somebody does.
alert-person-seen = A person has seen it.
alert-resolved = It is closed.
alert-stood_down = It is closed, safety confirmed.
alert-police-off = The police are not told.
alert-police-waiting = The police are to be told. No police system has received it yet.
alert-police-delivered = A police system has received it. That is a machine, not yet a person.
alert-police-mailed = The police were sent this by mail. Nobody of theirs has told us yet that they have it.
alert-police-no-promise = Being told is never a promise that the police will come.

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
