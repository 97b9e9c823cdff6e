# What happens when something is wrong, step by step.

ladder-at-once = At once: { $who }.
ladder-after = After { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }: { $who }.
ladder-repeats = The last step is repeated every { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    } until somebody takes it up.
ladder-police-on = The police are told too. Being told is never a promise that they will come.
ladder-police-off = The police are not told.
ladder-police-unreachable = Your setting is on, but our messages cannot reach the police at present, so they are not told by us. The people supporting you are asked to call them.
ladder-no-rota = There is no duty rota, so nobody can promise that somebody is watching.
ladder-nobody-watching = Nobody is watching: { $hours }.
ladder-always-watched = Somebody is on duty at every hour of the coming seven days.

# Who is told, each by the code of the step.
audience-nudge = a neutral reminder to your phone
audience-advocate = your advocate
audience-duty = the advocate on duty
audience-second_duty = the second advocate on duty
audience-supervisor = a supervisor
audience-supervisor_decision = a supervisor, who decides what happens next
audience-survivor_call = a neutral call to you, as your safe-contact plan allows
audience-call_999 = everyone on duty, who are asked to call 999 now
audience-consider_999 = everyone on duty, who are asked to consider calling 999
audience-police = the police, if your setting is on
audience-next_police = another police contact, if your setting is on
audience-police_reminder = a reminder to the police who were told before
audience-trusted_contact = the contact you trust, if you agreed to it
