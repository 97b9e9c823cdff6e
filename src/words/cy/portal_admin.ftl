# What administrators read on their pages, and whoever is the second person.

portal-admin-title = Gweinyddu
portal-back-to-admin = Yn ôl i weinyddu
portal-earlier = Dangos rhai cynharach
portal-made = Gwnaed
portal-why = Pam
portal-somewhere-else = Eich tudalennau

# Organisations.
portal-organisations = Sefydliadau
portal-organisation-title = Sefydliad
portal-organisation-kind = Beth ydyw
portal-organisation-name = Enw'r sefydliad
portal-organisation-survivor_support = Yn cefnogi goroeswyr
portal-organisation-programme_provider = Yn darparu'r rhaglen
portal-organisation-police_force = Heddlu
portal-organisation-commissioner = Yn comisiynu gwasanaethau
portal-organisation-oversight = Yn gwirio pwy welodd beth
portal-force = Heddlu
portal-force-hint = Mae angen un ar heddlu, ac nid oes un gan neb arall.
portal-no-force = Dim un
portal-no-forces = Crëwch sefydliad heddlu yn gyntaf.
portal-duty-desk = Rhif y ddesg ddyletswydd
portal-duty-desk-hint = Y rhif y caiff yr heddlu ei ffonio ynghylch rhybudd. Os gadewir yn wag, erys fel y mae.
portal-create-organisation = Creu sefydliad
portal-correct-organisation = Cywiro'r sefydliad

# Accounts.
portal-staff = Staff y sefydliadau
portal-no-accounts = Nid oes cyfrif eto.
portal-account-title = Cyfrif
portal-account-made-at-organisation = Gwneir cyfrif newydd ar dudalen ei sefydliad.
portal-account-in-use = Ar waith
portal-account-new = Yn aros i'w berchennog ei osod
portal-account-out = Allan o ddefnydd
portal-account-erased = Rhywun y dilëwyd eu cyfrif
portal-account-own = Eich cyfrif chi yw hwn: gweinyddwr arall sy'n ei newid.
portal-display-name = Enw
portal-username-hint = Yr enw y bydd y perchennog yn ei roi wrth fewngofnodi. Nid yw priflythrennau yn cyfrif.
portal-roles = Rolau
portal-role-advocate = Eiriolwr
portal-role-practitioner = Ymarferydd
portal-role-supervisor = Goruchwyliwr
portal-role-police = Swyddog heddlu
portal-role-commissioner = Dadansoddwr comisiynydd
portal-role-auditor = Archwilydd
portal-role-administrator = Gweinyddwr
portal-create-account = Creu cyfrif
portal-change-roles = Newid y rolau
portal-new-setup-code = Creu cod gosod newydd
portal-disable-account = Analluogi'r cyfrif
portal-disable-left = Mae'r perchennog wedi gadael
portal-disable-away = Mae'r perchennog i ffwrdd am amser hir
portal-disable-not_safe = Efallai y gall rhywun arall ei ddefnyddio
portal-setup-lost = Collwyd y cyfrinair, yr ap dilysu neu'r cod blaenorol
portal-setup-back = Mae'r perchennog yn ôl
portal-setup-not_safe = Efallai y gall rhywun arall ddefnyddio'r cyfrif

# What is shown once.
portal-made-title = Mae wedi'i wneud
portal-shown-once = Dangosir hwn unwaith. Trosglwyddwch y cynnwys nawr; ni all neb ei ddarllen eto.
portal-made-awaits = Nid yw'n gwneud dim nes bod ail berson wedi'i gymeradwyo.
portal-made-go-on = Ymlaen

# What takes two people.
portal-requests = Beth sy'n aros am ail berson
portal-requests-hint = Mae angen dau berson, fel na all neb ar ei ben ei hun ddarllen popeth: un sy'n gofyn, ac un arall sy'n cymeradwyo.
portal-requests-waiting = { $count }
portal-no-requests = Nid oes dim yn aros i chi ei gymeradwyo.
portal-awaits-second-person = Yn aros am ail berson:
portal-two-people-staff_account = Cyfrif newydd
portal-two-people-setup_code = Cod gosod newydd i gyfrif
portal-two-people-staff_roles = Rolau eraill i gyfrif
portal-two-people-police_client = Manylion mynediad system heddlu
portal-two-people-webhook_endpoint = Pwynt derbyn heddlu
portal-asked-by = Gofynnwyd gan
portal-asked-by-operator = Pwy bynnag sy'n rhedeg y gwasanaeth, wrth y llinell orchymyn
portal-refuse = Gwrthod
portal-withdraw = Tynnu'r cais yn ôl

# Endpoints.
portal-endpoints = Pwyntiau derbyn heddluoedd
portal-endpoint-title = Pwynt derbyn
portal-endpoint-name = Beth yw ei enw
portal-endpoint-kind = Sut y'i cyrhaeddir
portal-endpoint-webhook = Galwadau wedi'u llofnodi
portal-endpoint-email = E-bost wedi'i lofnodi
portal-endpoint-position = Lle yn y drefn
portal-endpoint-position-hint = Rhoddir cynnig ar y rhif isaf yn gyntaf.
portal-endpoint-secret = Cyfrinach ar gyfer llofnodion v1
portal-endpoint-key = Allwedd gyhoeddus ar gyfer llofnodion v1a
portal-address = Cyfeiriad
portal-address-hint = Cyfeiriad cyhoeddus gyda https; ar gyfer e-bost, mailto: a'r cyfeiriad.
portal-address-stays = Os gadewir yn wag, erys y cyfeiriad fel y mae.
portal-create-endpoint = Creu pwynt derbyn
portal-change-endpoint = Newid y pwynt derbyn
portal-rotate-endpoint = Newid yr allweddi
portal-test-endpoint = Anfon neges brawf
portal-endpoint-in-use = Ei roi ar waith
portal-endpoint-out-of-use = Ei gymryd allan o ddefnydd
portal-last-attempt = Yr ymgais ddiwethaf
portal-status = Statws yr ateb
portal-deliveries = Beth a anfonwyd ato
portal-no-deliveries = Nid anfonwyd dim ato eto.
portal-delivery-title = Ymgeisiau neges
portal-queued = Yn y ciw ers
portal-next-attempt = Ymgais nesaf
portal-attempts = Ymgeisiau
portal-attempt = Ymgais
portal-no-attempts = Ni roddwyd cynnig ar ddim eto.
portal-replay = Ei anfon eto
