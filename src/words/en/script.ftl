# What somebody who rings 999 about an alert reads out. Only staff read it, and the operator who answers hears it.

script-caller = I am calling from { $organisation }, which supports people who are being stalked. I need the police.
script-place-phone-area = Their phone gave a place in { $area } { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    } ago.
script-place-phone = Their phone gave a place { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    } ago; I can give it to you.
script-place-said = They said they are in { $area }.
script-place-home = They usually live in { $area }; we do not know where they are now.
script-place-nothing = We do not know where they are now.
script-control-room = I am not with them. Please put me through to { $force }'s control room.
script-control-room-unknown = I am not with them. We do not know in which force area they are: please find the control room.
script-phone-reported = This comes from a phone reported lost or taken at { $time }; the place is the phone's and may not be theirs. Please do not ring or text that phone.
script-phone-unconfirmed = This comes from a phone that the service has not confirmed yet; the place is the phone's and may not be theirs.
script-silent-approach = Please do not ring or text their phone, and consider a silent approach: the person they fear may be there.
script-case = This is a stalking case. Our reference is { $reference }, level { $level } of 4, raised at { $time }.
script-order = There is a court order against the person reported, and the police hold its reference.
script-no-order = We know of no court order that the police hold a reference of.
script-happened-help_now = The person whom we support pressed for help on their phone.
script-happened-duress = The person whom we support signalled, unseen, that somebody is forcing them.
script-happened-danger_now = The person whom we support reported something that is happening to them now.
script-happened-missed_check_in = The person whom we support did not answer a check-in, and we have not reached them.
script-happened-repeated_missed = The person whom we support did not answer several check-ins in a row, and we have not reached them.
script-happened-concern = The person whom we support told us of a concern.
script-happened-order_breach = The person whom we support reported what may breach a court order.
script-happened-critical_behaviour = The person whom we support reported behaviour of the gravest kind.
script-happened-timer_expired = The person whom we support set a timer for a journey, and it ran out without a word from them.
script-happened-device_risk = Somebody else may have the phone of the person whom we support.
script-happened-exercise = This is an exercise. Ring nobody.
script-happened-pattern = What the person whom we support reported forms a pattern.
script-happened-session_absence = The person reported stays away from their sessions.
script-happened-participant_concern = We have been told that the person reported may be about to contact or harm them.
script-happened-unreviewed = Nobody has looked at what the person whom we support reported.
script-behaviour = It was reported as: { $definition }.
script-place-known = The place that their phone gave: open this alert's location in the portal, and read it out.
script-place-unknown = We have no place from their phone that we may pass on.
script-place-happened = What they reported happened in { $area }.
script-late = By their phone's clock this was at { $recorded }; it reached us at { $received }.
script-acknowledged = An officer of { $force } has acknowledged our message; we do not know what they do about it.
script-acknowledged-before = An officer of { $force } acknowledged what came before, and has not acknowledged the latest.
script-received = A system of { $force } has received our message; no officer has acknowledged it.
script-received-before = A system of { $force } received what came before, and has not received the latest.
script-mailed = A message about this was sent to { $force } by mail; we do not know that anybody has read it.
script-waiting = A message about this waits to be sent to { $force }; nothing has reached them yet.
script-unreached = No message about this has reached { $force }.
script-not-sent = No police force has been sent a message about this.
once-name = Their name is { $name }.
once-name-called = Their name is { $name }; they are called { $called }.
once-born = They were born on { $day }.
once-place-held = We hold a place where they may be found: open it under their safe addresses in the portal, and read it out.
once-place-none = We hold no address of theirs.
once-fears = They fear { $name }.
once-fears-born = They fear { $name }, born on { $day }.
once-fears-vehicle = That person is known to use { $vehicle }.
once-fears-police = Somebody whom they fear works for the police: think of who hears it before you say a name.
script-call-back = Please ring us back at { $phone }.
script-call-back-unknown = Please ring me back at this number.

# How far an alert has come with people, for staff.
staff-alert-phone-reported = This comes from a phone reported lost or taken at { $time }; the place is the phone's and may not be theirs. Do not ring or text that phone.
staff-alert-phone-unconfirmed = This comes from a phone that nobody has confirmed yet; the place is the phone's and may not be theirs.
staff-alert-seen = Somebody has taken it up.
staff-alert-seen-before = Somebody took up what came before. Nobody has taken up the latest.
staff-alert-waiting = Nobody has taken it up.
staff-alert-goes-on = It stays open until somebody does.
staff-people-notified = Somebody who was notified has opened it.
staff-people-sent = A provider took messages to staff. Nobody knows whether one was read.
staff-people-queued = A message to staff waits to be sent.
staff-people-failed = No message to staff has got through.
staff-people-shown_in_portal = No message could be sent to staff: it is shown in the portal alone.
staff-people-no_one = There was nobody to notify.
