# Help lines: their names, what their hours alone do not tell, and other ways to reach them.

line-emergency = Emergency services (police)
line-note-emergency = Always. If you cannot speak, press 55.
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

way-silent = From a mobile, ring 999. If you cannot speak, cough or tap, and press 55 when you are asked; without that the call ends. It does not tell the police where you are.
way-text = A text message to this number.
way-text-emergency = For people who cannot speak or hear on a telephone. The phone must be registered first: text the word register to 999 before you need it. Wait for the answer: without one, nobody has it.
way-relay = Relay UK, by its app or a textphone: somebody speaks what you type, and types what is said.
way-sign_language = British Sign Language by video, through an interpreter.
way-email = By e-mail. Nobody answers at once.
