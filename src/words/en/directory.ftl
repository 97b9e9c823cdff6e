# Help lines: their names, what their hours alone do not tell, and other ways to reach them.

line-emergency = Emergency services (police)
line-note-emergency = Always. If you cannot speak on a mobile, listen, cough or tap, and press 55 when asked. 55 does not tell police where you are. On a landline stay on the line.
line-police_not_urgent = Police, not urgent
line-note-police_not_urgent = Always. For what does not need the police at once.
line-national_stalking_helpline = National Stalking Helpline (Suzy Lamplugh Trust)
line-note-national_stalking_helpline = Another source says that it is open until 20:00 on Mondays and Wednesdays.
line-paladin = Paladin National Stalking Advocacy Service
line-note-paladin = Slightly later on Thursdays
line-national_domestic_abuse_helpline = National Domestic Abuse Helpline (Refuge)
line-live_fear_free = Live Fear Free
line-note-live_fear_free = For anybody in Wales, in Welsh or English.
line-scotland_domestic_abuse_helpline = Scotland's Domestic Abuse and Forced Marriage Helpline
line-northern_ireland_abuse_helpline = Domestic and Sexual Abuse Helpline (Northern Ireland)
line-victim_support = Victim Support
line-note-victim_support = For anybody affected by a crime, whether or not the police know of it.
line-samaritans = Samaritans
line-note-samaritans = For whatever you are going through.

# Whether a line answers at an instant, as far as its sources agree.
line-open = Open now.
line-may_be_open = May be open: try.
line-closed = Closed now.

way-silent = Call 999. If you cannot speak on a mobile, listen, cough or tap, and press 55 when asked; without that the call ends. 55 does not tell police where you are. On a landline stay on the line.
way-text = A text message to this number.
way-text-emergency = For people who cannot speak or hear on a telephone. The phone must be registered first: text the word register to 999 before you need it. Wait for the answer: without one, nobody has it.
way-relay = Relay UK, by its app or a textphone: somebody speaks what you type, and types what is said.
way-sign_language = British Sign Language by video, through an interpreter.
way-email = By e-mail. Nobody answers at once.
