# Beth sy'n digwydd pan fydd rhywbeth o'i le, fesul cam.

ladder-at-once = Ar unwaith: { $who }.
ladder-after = Ar ôl { $minutes ->
        [two] { $minutes } funud
       *[other] { $minutes } munud
    }: { $who }.
ladder-repeats = Mae'r cam olaf yn cael ei ailadrodd bob { $minutes ->
        [two] { $minutes } funud
       *[other] { $minutes } munud
    } nes bydd rhywun yn ymateb.
ladder-police-on = Mae'r heddlu'n cael gwybod hefyd. Nid yw rhoi gwybod iddynt byth yn addewid y byddant yn dod.
ladder-police-off = Nid yw'r heddlu'n cael gwybod.
ladder-police-unreachable = Mae eich gosodiad ymlaen, ond ni all ein negeseuon gyrraedd yr heddlu ar hyn o bryd, felly nid ydym ni'n rhoi gwybod iddynt. Gofynnir i'r bobl sy'n eich cefnogi eu ffonio.
ladder-no-rota = Nid oes rota dyletswydd, felly ni all neb addo bod rhywun yn gwylio.
ladder-nobody-watching = Nid oes neb yn gwylio: { $hours }.
ladder-always-watched = Mae rhywun ar ddyletswydd bob awr o'r saith diwrnod nesaf.

audience-nudge = nodyn atgoffa niwtral i'ch ffôn
audience-advocate = eich eiriolwr
audience-duty = yr eiriolwr ar ddyletswydd
audience-second_duty = yr ail eiriolwr ar ddyletswydd
audience-supervisor = goruchwyliwr
audience-supervisor_decision = goruchwyliwr, sy'n penderfynu beth sy'n digwydd nesaf
audience-survivor_call = galwad niwtral i chi, fel y mae eich cynllun cyswllt diogel yn ei ganiatáu
audience-call_999 = pawb ar ddyletswydd, a gofynnir iddynt ffonio 999 nawr
audience-consider_999 = pawb ar ddyletswydd, a gofynnir iddynt ystyried ffonio 999
audience-police = yr heddlu, os yw eich gosodiad ymlaen
audience-next_police = cyswllt heddlu arall, os yw eich gosodiad ymlaen
audience-police_reminder = nodyn atgoffa i'r heddlu a gafodd wybod o'r blaen
audience-trusted_contact = y cyswllt o'ch dewis chi, os ydych wedi cytuno i hynny
