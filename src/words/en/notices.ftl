# Every word that leaves for a person.
#
# What goes to a survivor's phone, or to somebody they trust, must stand any glance over the shoulder: it never says what
# this app is, nor danger, police, stalking, safety or an alert, no names and no places. Staff learn that something waits,
# its reference and level, and nothing of the survivor. Each fits one text message and needs no unusual letters. A test
# holds the words that may not occur.

notice-title-plain = Reminder
notice-title-diary = Diary
notice-title-staff = Something waits for you
notice-title-exercise = Exercise: something waits for you
notice-reminder_before-plain = There is something on your list soon.
notice-reminder_before-diary = Your diary has an entry soon.
notice-reminder_due-plain = There is something on your list now.
notice-reminder_due-diary = Your diary has an entry now.
notice-nudge-plain = Please have a look when you can.
notice-nudge-diary = Please look at your diary when you can.
notice-call_me = Please give us a ring when it suits you.
notice-trusted_call_me = Could you give a ring to the number you were given? Thank you.
notice-task_waiting = Something waits for you in the portal: { $reference }, level { $level }.
notice-task_waiting_again = { $triggers ->
        [one] It came once more since the last notice. It waits for you in the portal: { $reference }, level { $level }.
       *[other] It came { $triggers } more times since the last notice. It waits for you in the portal: { $reference }, level { $level }.
    }
notice-exercise_waiting = This is an exercise, a drill. Something waits for you in the portal: { $reference }, level { $level }.
notice-no_supervisor = An organisation has nobody who can act as supervisor, and something waits for one. Please see to it.
