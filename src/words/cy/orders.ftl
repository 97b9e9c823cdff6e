# Y gorchymyn sy'n eich amddiffyn, mewn geiriau syml. Mae geiriad y llys ei hun wrth ei ochr, ac ni chaiff ei gyfieithu.

order-kind-spo = Gorchymyn Diogelu rhag Stelcio
order-kind-interim_spo = Gorchymyn Diogelu rhag Stelcio interim
order-kind-restraining_order = Gorchymyn atal
order-kind-non_molestation_order = Gorchymyn rhag molestu
order-kind-occupation_order = Gorchymyn anheddu
order-kind-dvpo = Gorchymyn Diogelu rhag Trais Domestig
order-kind-dapo = Gorchymyn Amddiffyn rhag Cam-drin Domestig
order-kind-injunction = Gwaharddeb
order-kind-bail = Amodau mechnïaeth
order-kind-licence = Amodau trwydded
order-kind-other = Gorchymyn llys

condition-no_contact = Ni chaiff y person gysylltu â chi mewn unrhyw ffordd.
condition-no_contact_indirect = Ni chaiff y person gysylltu â chi drwy unrhyw un arall.
condition-approach_within_distance = Ni chaiff y person ddod o fewn pellter penodol i chi, nac i le sy'n perthyn i chi.
condition-exclusion_zone = Ni chaiff y person fynd i mewn i ardal benodol.
condition-enter_area = Ni chaiff y person fynd i mewn i ardal benodol.
condition-attend_home = Ni chaiff y person ddod i'ch cartref.
condition-attend_work = Ni chaiff y person ddod i'ch gweithle nac i'r man lle'r ydych yn astudio.
condition-follow = Ni chaiff y person eich dilyn.
condition-watch = Ni chaiff y person eich gwylio nac ysbïo arnoch.
condition-monitor = Ni chaiff y person eich monitro, ar-lein nac all-lein.
condition-publish = Ni chaiff y person bostio na chyhoeddi dim amdanoch.
condition-social_media = Ni chaiff y person ddefnyddio'r cyfryngau cymdeithasol i'ch cyrraedd nac i ysgrifennu amdanoch.
condition-devices = Dim ond dyfeisiau y mae'r heddlu'n gwybod amdanynt y caiff y person eu defnyddio.
condition-surrender_devices = Rhaid i'r person roi dyfeisiau i'r heddlu pan ofynnant amdanynt.
condition-attend_programme = Rhaid i'r person fynychu rhaglen.
condition-attend_assessment = Rhaid i'r person fynychu asesiad.
condition-report_to_police = Rhaid i'r person fynd at yr heddlu i roi gwybod.
condition-notify_address = Rhaid i'r person ddweud wrth yr heddlu beth yw'r cyfeiriad cartref.
condition-other-prohibition = Mae'r gorchymyn yn gwahardd rhywbeth i'r person; mae ei eiriau ei hun yn dweud beth.
condition-other-requirement = Mae'r gorchymyn yn mynnu rhywbeth gan y person; mae ei eiriau ei hun yn dweud beth.
