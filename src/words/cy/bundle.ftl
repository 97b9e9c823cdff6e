# Crynodeb bwndel o dystiolaeth, ar gyfer yr heddlu a'r llysoedd.

bundle-title = Bwndel tystiolaeth { $reference }
bundle-page = tudalen { $number } o { $count }
bundle-made = Gwnaed ar { $at } gan { $organisation }.
bundle-for = Ar gyfer { $recipient }. Diben: { $purpose }.
bundle-survivor = Goroeswr: { $reference }.
bundle-about = Mae'r crynodeb hwn yn dweud yr hyn a adroddodd goroeswr wrth y sefydliad sy'n rhoi cymorth. "Y person yr adroddwyd amdano" yw'r person yr adroddodd y goroeswr amdano; nid yw dim yma'n ganfyddiad. Mae'r maniffest gyda'r crynodeb hwn yn dal yr un peth ar gyfer rhaglenni, gyda stwnsh pob ffeil; mae "holdfast bundle verify" yn dangos a newidiwyd unrhyw beth ers hynny. Mae diffiniadau ymddygiadau yn Saesneg.
bundle-times = Amseroedd { $zone } sydd yma. Lle mae UTC yn wahanol, mae mewn cromfachau.
bundle-not-shown = [geiriau mewn ysgrifen na all y dudalen hon ei dangos; mae'r testun yn yr archif yn { $file }]

bundle-purpose-investigation = ymchwiliad gan yr heddlu
bundle-purpose-prosecution = achos troseddol
bundle-purpose-protection_order = gorchymyn diogelu
bundle-purpose-civil_proceedings = achos sifil neu deuluol
bundle-purpose-survivor_request = ar gais y goroeswr

bundle-chronology = 1. Cronoleg
bundle-no-incidents = Nid oes digwyddiadau yn y bwndel hwn.
bundle-behaviours-of = Ymddygiadau'r person yr adroddwyd amdano: { $list }.
bundle-account = Yng ngeiriau'r goroeswr:
bundle-files-of = Ffeiliau: { $list }.
bundle-may-breach = Gall dorri: { $condition }
bundle-received = { $count ->
    [one] Derbyniwyd { $dates }. Un fersiwn sydd.
   *[other] Derbyniwyd { $dates }. Nifer y fersiynau: { $count }.
    }
bundle-version = Fel yr oedd yn fersiwn { $number }:
bundle-time-unknown = Amser anhysbys; adroddwyd fel ar { $at }
bundle-time-between = Rhwng { $from } a { $to }
bundle-time-about = Tua { $at }

bundle-fear = Ofn, ar raddfa o 0 i 4: { $value }.
bundle-impact = Effaith ar sut mae'r goroeswr yn byw, ar raddfa o 0 i 4: { $value }.
bundle-place = Lle: { $text }
bundle-witnesses = Tystion: { $text }
bundle-third-parties = Eraill a dargedwyd: { $text }
bundle-children-yes = Roedd plant yn bresennol: oeddent.
bundle-children-no = Roedd plant yn bresennol: nac oeddent.
bundle-police-reference = Cyfeirnod yr heddlu: { $text }
bundle-area = Lle mae'n berthnasol: { $text }
bundle-distance = Ni cheir dod yn nes na { $metres } metr.

bundle-limbs = 2. Ymddygiadau yn ôl y gyfraith
bundle-limbs-about = Paragraffau adran 2A(3) o Ddeddf Amddiffyn rhag Aflonyddu 1997. Awgrym yn unig: mater i eraill yw dweud o dan ba baragraff y daw ymddygiad, os o gwbl.
bundle-limb-a = (a) dilyn person
bundle-limb-b = (b) cysylltu, neu geisio cysylltu, â pherson
bundle-limb-c = (c) cyhoeddi deunydd sy'n ymwneud â pherson neu sy'n honni dod oddi wrth y person
bundle-limb-d = (d) monitro defnydd person o'r rhyngrwyd, e-bost neu gyfathrebu arall
bundle-limb-e = (e) loetran mewn unrhyw le
bundle-limb-f = (f) ymyrryd ag eiddo person
bundle-limb-g = (g) gwylio person neu ysbïo ar berson
bundle-limb-x = ymddygiad arall
bundle-limb-count = { $count ->
    [one] { $limb }: un digwyddiad
   *[other] { $limb }: nifer y digwyddiadau: { $count }
    }

bundle-orders = 3. Amodau gorchmynion
bundle-no-orders = Ni chofnodwyd gorchymyn.
bundle-order = { $kind }, a wnaed ar { $day }, { $until }
bundle-until = hyd at { $day }
bundle-until-further = hyd nes y gorchmynnir yn wahanol
bundle-condition-prohibition = Gwaharddiad
bundle-condition-requirement = Gofyniad
bundle-condition-named = { $count ->
    [0] { $kind }: { $wording } (nid oes digwyddiad yn ei enwi)
    [one] { $kind }: { $wording } (un digwyddiad yn ei enwi)
   *[other] { $kind }: { $wording } (nifer y digwyddiadau sy'n ei enwi: { $count })
    }
bundle-a-condition = amod mewn gorchymyn

bundle-files = 4. Ffeiliau
bundle-no-files = Nid oes ffeiliau yn y bwndel hwn.
bundle-file = { $kind }, { $bytes } beit, recordiwyd { $at }
bundle-recorded-by-staff = Cofnodwyd y ffeil hon ar ran y goroeswr gan aelod o staff y sefydliad cymorth; nid o ffôn y goroeswr y'i hanfonwyd.
bundle-hash-original = SHA-256 y gwreiddiol: { $hash }
bundle-hash-copy = SHA-256 y copi: { $hash }
bundle-both = Mae'r copi heb yr hyn y mae camera neu ffôn yn ei ysgrifennu gyda'r cynnwys. Mae'r gwreiddiol yn y bwndel hefyd: { $path }
bundle-copy-alone = Copi yw hwn heb yr hyn y mae camera neu ffôn yn ei ysgrifennu gyda'r cynnwys. Cedwir y gwreiddiol, ac nid yw yn y bwndel hwn.
bundle-left-out = Nid yw yn y bwndel hwn: nid oes copi ohono heb yr hyn y mae dyfais yn ei ysgrifennu gyda'r cynnwys, ac ni ofynnwyd am y gwreiddiol. Mae wedi'i gadw.
bundle-may-hold-metadata = Gall y gwreiddiol ddal yr hyn y mae camera neu ffôn yn ei ysgrifennu gyda'r cynnwys, megis ble a phryd y'i gwnaed.

bundle-continuity = 5. Parhad
bundle-continuity-about = Nododd ffôn y goroeswr, neu'r aelod o staff a gofnododd y ffeil, SHA-256 pob ffeil cyn ei hanfon. Wedi i'r cyfan gyrraedd, darllenodd y system hon y ffeil yn ôl o'r man lle y'i cedwir a chymharu ei stwnsh â'r un a nodwyd; ni chedwir ffeil â stwnsh arall. Cedwir pob gwreiddiol dan sêl ac ni throswyd yr un ohonynt. Gwneir copïau gan y system hon trwy adael rhannau o'r ffeil allan; ni chyfrifir dim o lun na sain o'r newydd. Cofnodir pob derbyn, darllen, copïo, datgelu, dal a dileu wrth i hynny ddigwydd; mae pob cofnod yn dal stwnsh drosto'i hun a'r un o'i flaen.
bundle-unbroken = di-dor
bundle-broken = WEDI TORRI
bundle-records = { $count ->
    [one] { $reference }: un cofnod, { $state }
   *[other] { $reference }: nifer y cofnodion: { $count }, { $state }
    }
bundle-custody-received = derbyniwyd o ffôn y goroeswr
bundle-custody-received-staff = derbyniwyd gan yr aelod o staff a'i cofnododd ar ran y goroeswr
bundle-custody-verified = gwiriwyd gan y system hon: y stwnsh yw'r un a nodwyd
bundle-custody-copied = copïwyd gan y system hon, heb yr hyn y mae dyfais yn ei ysgrifennu gyda'r cynnwys
bundle-custody-read = darllenwyd gan { $who }
bundle-custody-disclosed = datgelwyd gan { $who }
bundle-custody-held = gwaharddwyd ei dileu gan { $who }
bundle-custody-released = caniatawyd ei dileu eto gan { $who }
bundle-custody-removed = dilëwyd gan { $who }
bundle-custody-restored = adferwyd i'r goroeswr gan { $who }
bundle-custody-destroyed = dinistriwyd gan { $who }
bundle-custody-sealed = seliwyd gan { $who }
bundle-custody-unsealed = dad-seliwyd gan { $who }
bundle-custody-terminated = rhoddwyd y gorau i'r uwchlwytho gan { $who }
bundle-custody-expired = terfynwyd yr uwchlwytho gan { $who }: ni orffennwyd mewn pryd
bundle-custody-refused = gwrthodwyd gan { $who }: nid oedd yr hyn a nodwyd

bundle-by-survivor = y goroeswr
bundle-by-installation = y system hon
bundle-by-police-system = system { $organisation }
bundle-by-unknown = cyfrif nad yw ei enw'n hysbys mwyach
bundle-role-advocate = eiriolwr
bundle-role-practitioner = ymarferydd
bundle-role-supervisor = goruchwyliwr
bundle-role-police = swyddog heddlu
bundle-role-commissioner = dadansoddwr comisiynydd
bundle-role-auditor = archwilydd
bundle-role-administrator = gweinyddwr

bundle-month-1 = Ionawr
bundle-month-2 = Chwefror
bundle-month-3 = Mawrth
bundle-month-4 = Ebrill
bundle-month-5 = Mai
bundle-month-6 = Mehefin
bundle-month-7 = Gorffennaf
bundle-month-8 = Awst
bundle-month-9 = Medi
bundle-month-10 = Hydref
bundle-month-11 = Tachwedd
bundle-month-12 = Rhagfyr
