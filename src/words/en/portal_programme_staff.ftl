# What staff of the programme read on the pages of a participant in English alone: words of safety, which no speaker of Welsh has
# approved yet.

staff-home-force = Police force of their home
staff-fear-imminent-hint = Tick it only for that. Where somebody is in danger now, ring 999 first.
staff-own-risk = Their risk to themselves
staff-own-risk-low = Low
staff-own-risk-medium = Medium
staff-own-risk-high = High: a supervisor is notified
staff-rate-own-risk = Assess their risk to themselves
staff-measured-police_record = What the police have on record, other than from the survivor
staff-order-state-made = Made; not served yet
staff-order-state-served = Served
staff-order-state-notified = Served; the police were notified
staff-order-state-discharged = A court ended it
staff-order-state-superseded = Another order is in its place
staff-order-reference = Reference of the police
staff-notified-on = The police were notified on
staff-record-notification = Record that the police were notified
staff-duty-notify_police = The participant has to notify the police
staff-referral-source-police = The police referred them.
staff-referral-source-probation = Probation referred them.
staff-referral-source-court = A court referred them.
staff-referral-source-partner = A partner organisation referred them.
staff-referral-source-self = They referred themselves.
