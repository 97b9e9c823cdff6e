# Pob gair sy'n gadael am berson. Geiriau niwtral yn unig; gweler y ffeil Saesneg am y rheolau.

notice-title-plain = Nodyn atgoffa
notice-title-diary = Dyddiadur
notice-title-staff = Mae rhywbeth yn aros amdanoch
notice-title-exercise = Ymarfer: mae rhywbeth yn aros amdanoch
notice-reminder_before-plain = Mae rhywbeth ar eich rhestr cyn hir.
notice-reminder_before-diary = Mae cofnod yn eich dyddiadur cyn hir.
notice-reminder_due-plain = Mae rhywbeth ar eich rhestr nawr.
notice-reminder_due-diary = Mae cofnod yn eich dyddiadur nawr.
notice-nudge-plain = Cymerwch olwg pan gewch gyfle.
notice-nudge-diary = Edrychwch ar eich dyddiadur pan gewch gyfle.
notice-call_me = Ffoniwch ni pan fydd yn gyfleus i chi.
notice-trusted_call_me = Allwch chi ffonio'r rhif a gawsoch? Diolch.
notice-task_waiting = Mae rhywbeth yn aros amdanoch yn y porth: { $reference }, lefel { $level }.
notice-task_waiting_again = Daeth eto { $triggers } o weithiau ers y neges ddiwethaf, ac mae'n aros yn y porth: { $reference }, lefel { $level }.
notice-exercise_waiting = Ymarfer yn unig yw hwn. Mae rhywbeth yn aros amdanoch yn y porth: { $reference }, lefel { $level }.
notice-no_supervisor = Nid oes gan sefydliad neb a all fod yn oruchwyliwr, ac mae rhywbeth yn aros am un. Trefnwch hyn.
