# Llinellau cymorth: eu henwau, yr hyn nad yw'r oriau'n unig yn ei ddweud, a ffyrdd eraill o gysylltu.

line-emergency = Gwasanaethau brys (heddlu)
# Awaiting a Welsh speaker.
line-note-emergency = Bob amser. Os na allwch siarad ar ffôn symudol, gwrandewch, pesychwch neu tapiwch, a phwyswch 55 pan ofynnir i chi. Nid yw 55 yn dweud wrth yr heddlu ble'r ydych. Ar linell dir arhoswch ar y llinell.
line-police_not_urgent = Yr heddlu, heb fod yn frys
line-note-police_not_urgent = Bob amser. Ar gyfer yr hyn nad oes angen yr heddlu ar unwaith.
line-national_stalking_helpline = Llinell Gymorth Stelcio Genedlaethol (Ymddiriedolaeth Suzy Lamplugh)
line-note-national_stalking_helpline = Mae ffynhonnell arall yn dweud ei bod ar agor tan 20:00 ar ddydd Llun a dydd Mercher.
line-paladin = Paladin, Gwasanaeth Eiriolaeth Stelcio Cenedlaethol
line-note-paladin = Ychydig yn hwyrach ar ddydd Iau
line-national_domestic_abuse_helpline = Llinell Gymorth Cam-drin Domestig Genedlaethol (Refuge)
line-live_fear_free = Byw Heb Ofn
line-note-live_fear_free = I unrhyw un yng Nghymru, yn Gymraeg neu yn Saesneg.
line-scotland_domestic_abuse_helpline = Llinell Gymorth Cam-drin Domestig a Phriodas dan Orfod yr Alban
line-northern_ireland_abuse_helpline = Llinell Gymorth Cam-drin Domestig a Rhywiol (Gogledd Iwerddon)
line-victim_support = Cymorth i Ddioddefwyr
line-note-victim_support = I unrhyw un y mae trosedd wedi effeithio arnynt, p'un a yw'r heddlu'n gwybod ai peidio.
line-samaritans = Y Samariaid
line-note-samaritans = Beth bynnag yr ydych yn mynd drwyddo.

# Awaiting a Welsh speaker.
line-open = Ar agor nawr.
line-may_be_open = Efallai ei bod ar agor: rhowch gynnig arni.
line-closed = Ar gau nawr.
way-silent = Ffoniwch 999. Os na allwch siarad ar ffôn symudol, gwrandewch, pesychwch neu tapiwch, a phwyswch 55 pan ofynnir i chi; heb hynny daw'r alwad i ben. Nid yw 55 yn dweud wrth yr heddlu ble'r ydych. Ar linell dir arhoswch ar y llinell.
way-text = Neges destun i'r rhif hwn.
way-text-emergency = I bobl na allant siarad neu glywed ar y ffôn. Rhaid cofrestru'r ffôn yn gyntaf: anfonwch y gair register i 999 cyn bod ei angen arnoch. Arhoswch am yr ateb: heb ateb, nid oes neb wedi cael y neges.
way-relay = Relay UK, drwy'r ap neu ffôn testun: mae rhywun yn dweud yr hyn yr ydych yn ei deipio, ac yn teipio'r hyn a ddywedir.
way-sign_language = Iaith Arwyddion Prydain drwy fideo, gyda chymorth dehonglydd.
way-email = Drwy e-bost. Nid oes neb yn ateb ar unwaith.
