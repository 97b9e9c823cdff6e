# Y gwir am rybudd. Tri pheth gwahanol yw derbyn gennym ni, cyrraedd peiriant, a chael ei weld gan berson.

# Awaiting a Welsh speaker.
emergency = Nid gwasanaeth brys yw hwn. Ffoniwch 999. Os na allwch siarad ar ffôn symudol, gwrandewch, pesychwch neu tapiwch, a phwyswch 55 pan ofynnir i chi. Nid yw 55 yn dweud wrth yr heddlu ble'r ydych. Ar linell dir arhoswch ar y llinell.
alert-accepted = Rydym wedi derbyn hwn.
# These await a Welsh speaker.
alert-support-seen = Mae person sy'n eich cefnogi wedi ymgymryd â hyn.
alert-support-seen-before = Ymgymerodd person sy'n eich cefnogi â'r hyn a ddaeth o'r blaen. Nid oes neb wedi dweud wrthym eto eu bod wedi ymgymryd â'r diweddaraf.
alert-support-waiting = Nid oes neb sy'n eich cefnogi wedi dweud wrthym eto eu bod wedi ymgymryd â hyn.
alert-goes-on = Mae'n aros ar agor nes bydd rhywun yn ymgymryd â hyn.
alert-people-notified = Mae rhywun sy'n eich cefnogi wedi'i agor.
alert-people-sent = Anfonwyd negeseuon at bobl sy'n eich cefnogi. Nid ydym yn gwybod a oes unrhyw un wedi darllen un.
alert-people-queued = Mae neges at bobl sy'n eich cefnogi yn aros i gael ei hanfon.
alert-people-failed = Nid oes unrhyw neges at y bobl sy'n eich cefnogi wedi cyrraedd. Byddant yn ei weld pan edrychant ar eu porth.
alert-people-shown_in_portal = Ni ellid anfon neges at y bobl sy'n eich cefnogi. Byddant yn ei weld pan edrychant ar eu porth.
alert-people-no_one = Nid oedd neb yma y gellid rhoi gwybod iddynt.
alert-resolved = Mae wedi'i gau.
alert-stood_down = Mae wedi'i gau, diogelwch wedi'i gadarnhau.
alert-officer-seen = Mae gan berson yn yr heddlu hyn: mae swyddog heddlu wedi'i gydnabod.
alert-officer-seen-before = Cydnabu swyddog heddlu'r hyn a ddaeth o'r blaen. Nid oes swyddog wedi cydnabod y diweddaraf eto.
alert-police-was-off = Ni chafodd yr heddlu wybod.
alert-police-off = Nid yw'r heddlu'n cael gwybod.
alert-police-waiting = Bydd yr heddlu'n cael gwybod. Nid oes system heddlu wedi'i dderbyn eto.
alert-police-delivered = Mae system heddlu wedi'i dderbyn. Peiriant yw honno, nid person eto.
alert-police-delivered-before = Mae system heddlu wedi derbyn yr hyn a ddaeth o'r blaen. Nid oes system heddlu wedi derbyn y diweddaraf eto.
alert-police-mailed = Anfonwyd hwn at yr heddlu drwy e-bost. Nid oes neb ohonynt wedi dweud wrthym eto ei fod ganddynt.
alert-police-unreached = Nid oes system heddlu wedi'i dderbyn.
alert-police-no-promise = Nid yw rhoi gwybod i'r heddlu byth yn addewid y byddant yn dod.
alert-phone-reported = Daeth hwn o ffôn y dywedwyd ei fod ar goll neu wedi'i gymryd am { $time }; lle'r ffôn ydyw, ac efallai nad eich lle chi.

outcome-safe_and_well = Dywedodd yr heddlu wrthym eich bod yn ddiogel ac yn iach.
outcome-arrest = Dywedodd yr heddlu wrthym eu bod wedi arestio rhywun.
outcome-order_breach_recorded = Dywedodd yr heddlu wrthym eu bod wedi cofnodi bod y gorchymyn wedi'i dorri.
outcome-crime_recorded = Dywedodd yr heddlu wrthym eu bod wedi cofnodi trosedd.
outcome-suspect_spoken_to = Dywedodd yr heddlu wrthym eu bod wedi siarad â'r person dan sylw.
outcome-no_trace = Dywedodd yr heddlu wrthym na chawsant unrhyw olwg o'r person dan sylw.
outcome-not_attended = Dywedodd yr heddlu wrthym na ddaethant allan.
outcome-referred = Dywedodd yr heddlu wrthym eu bod wedi trosglwyddo hyn i wasanaeth arall.
outcome-other = Dywedodd yr heddlu wrthym beth ddaeth o hyn. Gall eich eiriolwr ddweud mwy wrthych.
outcome-out-of-date = Nid yw hyn yn wir bellach: “{ $before }” Gall eich eiriolwr ddweud wrthych beth sy'n wir nawr.

# Newyddion am y rhaglen.
update-programme_started = Mae'r rhaglen wedi dechrau.
update-programme_continuing = Mae'r rhaglen yn parhau.
update-programme_paused = Mae'r rhaglen wedi'i gohirio am gyfnod.
update-programme_ended_early = Daeth y rhaglen i ben yn gynnar.
update-programme_completed = Cwblhawyd y rhaglen. Nid yw hynny'n gostwng unrhyw risg.
update-order_changed = Cafodd gorchymyn ei wneud, ei newid neu ei derfynu.
update-talk_to_your_advocate = Mae gan eich eiriolwr rywbeth i'w drafod gyda chi.
