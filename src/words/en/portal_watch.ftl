# What staff read of who watches, who would be reached and what reached the police: words of safety, in English until a speaker of
# Welsh has approved them.

staff-unreached = Who would not be reached now, and why
staff-unreached-nobody = Nothing is known that would keep an alert from reaching people. That a message arrives cannot be said beforehand.
staff-unreached-no_provider = No message can leave: there is no provider of e-mail or of text messages. Staff see an alert only if they look.
staff-unreached-nothing_rings = Nothing here will wake anybody: no text message reaches anybody who could be on duty.
staff-unreached-no_rota = No shift is planned: nobody has said that they are on duty.
staff-unreached-nobody_on_duty = Nobody is on duty now.
staff-unreached-staff_without_address = These could be on duty, and no message can be sent to them:
staff-unreached-nobody_there = Nobody who can sign in could be on duty.
staff-unreached-force_without_endpoint = No alert can be sent to this force: it has no endpoint that can be reached.
staff-unreached-unknown_force = This force is in no list: no alert reaches it until it is corrected.
staff-unreached-loopback_url = Links in messages to police lead to this machine alone.
staff-force-unknown = Its force is in no list: no alert reaches it until it is corrected.

# Endpoints of police forces, and what became of messages to them.
staff-no-endpoints = There is no endpoint: no alert can be sent.
staff-endpoint-out = Out of use: nothing is sent there.
staff-endpoint-failing = Nobody receives what is sent there: somebody has to look.
staff-endpoint-untried = In use; nothing was sent there yet.
staff-endpoint-well = In use; the last message was received.
staff-endpoint-proven = Somebody of the force acknowledged an alert or a drill that went through it:
staff-endpoint-unproven = Nobody of the force has acknowledged an alert or a drill that went through it of late.
staff-delivery-queued = Waits, or is under way
staff-delivery-delivered = A system of the force received it:
staff-delivery-sent_by_mail = Sent by mail; nobody knows whether the force has it:
staff-delivery-answered = A person of the force answered before a machine did
staff-delivery-given_up = Given up: nobody received it
staff-delivery-withheld = Not sent: the force is kept out, or the endpoint is out of use
staff-delivery-set_aside = Could not be made readable: a person has to look
staff-delivery-other = Something else became of it
staff-attempt-received = Received
staff-attempt-sent = Taken by our mail server
staff-attempt-refused = Refused
staff-attempt-under_way = Under way, or broken off
staff-attempt-timeout = No answer in time
staff-attempt-connect = No connection
staff-attempt-tls = No secure connection
staff-attempt-blocked_address = The address leads to no place on the public internet
staff-attempt-other = Failed
staff-message-safety-alert-raised = An alert, for the first time
staff-message-safety-alert-updated = An alert, since something happened again
staff-message-safety-alert-escalated = An alert whose level rose
staff-message-safety-alert-resolved = An alert that is over
staff-message-safety-alert-withdrawn = An alert that was withdrawn
staff-message-safety-alert-exercise = A drill
staff-message-endpoint-test = A test message
staff-message-watchdog = A sign that we are there
staff-message-other = Another message

# The rota, and what would happen on it.
staff-on-duty-now = Who is on duty now
staff-on-duty-nobody = Nobody
staff-no-rota = No shift is planned. Everybody who could be on duty is notified, and nobody can promise that somebody is watching.
staff-gaps = When nobody is on duty
staff-no-gaps = Every hour shown is covered.
staff-climb-gaps = A step meets a time that no shift covers: it notifies nobody, and the next one follows at once.
staff-climb-police = If nobody takes it up, it comes to the police step after { $minutes } min. Being notified is never a promise that they come.
staff-climb-no-police = If nobody takes it up, it never comes to a police step.
staff-climb-told = notified
staff-climb-gap = nobody: no shift covers this time
staff-climb-nobody_there = nobody: there is nobody who could be notified
staff-climb-task = a task waits for them
staff-climb-no_channel = depends on the survivor's own choices
staff-climb-if_allowed = notified, if the survivor's setting allows it

# What survivors agree to before they are counted, within a sentence.
staff-report-counted = being counted in figures without identities
