# The summary of a bundle of evidence, for police and courts.

bundle-title = Evidence bundle { $reference }
bundle-page = page { $number } of { $count }
bundle-made = Made on { $at } by { $organisation }.
bundle-for = For { $recipient }. Purpose: { $purpose }.
bundle-survivor = Survivor: { $reference }.
bundle-about = This summary tells what a survivor reported to their support organisation. "The person reported" is the person whom the survivor reported; nothing here is a finding. The manifest next to this summary holds the same for programs, with the hash of every file; "holdfast bundle verify" shows whether anything was changed since.
bundle-times = Times are those of { $zone }. Where UTC differs it stands in brackets.
bundle-not-shown = [words in a script that this page cannot show; the archive holds the text in { $file }]

bundle-purpose-investigation = a police investigation
bundle-purpose-prosecution = criminal proceedings
bundle-purpose-protection_order = a protection order
bundle-purpose-civil_proceedings = civil or family proceedings
bundle-purpose-survivor_request = at the survivor's request

bundle-chronology = 1. Chronology
bundle-no-incidents = No incidents are part of this bundle.
bundle-behaviours-of = Behaviours of the person reported: { $list }.
bundle-account = In the survivor's words:
bundle-files-of = Files: { $list }.
bundle-may-breach = May breach: { $condition }
bundle-received = { $count ->
    [one] Received { $dates }. There is one version.
   *[other] Received { $dates }. There are { $count } versions.
    }
bundle-version = As it was in version { $number }:
bundle-time-unknown = Time not known; reported as of { $at }
bundle-time-between = Between { $from } and { $to }
bundle-time-about = About { $at }

bundle-fear = Fear, on a scale of 0 to 4: { $value }.
bundle-impact = Effect on how the survivor lives, on a scale of 0 to 4: { $value }.
bundle-place = Place: { $text }
bundle-witnesses = Witnesses: { $text }
bundle-third-parties = Others who were targeted: { $text }
bundle-children-yes = Children were present: yes.
bundle-children-no = Children were present: no.
bundle-police-reference = Police reference: { $text }
bundle-area = Where it holds: { $text }
bundle-distance = Not to come nearer than { $metres } metres.

bundle-limbs = 2. Behaviours by limb
bundle-limbs-about = Limbs of the Protection from Harassment Act 1997, s.2A(3). Indicative only: which limb a behaviour falls under, if any, is for others to say.
bundle-limb-a = (a) following a person
bundle-limb-b = (b) contacting, or attempting to contact, a person
bundle-limb-c = (c) publishing material that relates to a person or purports to come from them
bundle-limb-d = (d) monitoring a person's use of the internet, e-mail or other communication
bundle-limb-e = (e) loitering in any place
bundle-limb-f = (f) interfering with a person's property
bundle-limb-g = (g) watching or spying on a person
bundle-limb-x = other behaviour
bundle-limb-count = { $count ->
    [one] { $limb }: one incident
   *[other] { $limb }: { $count } incidents
    }

bundle-orders = 3. Order conditions
bundle-no-orders = No order is recorded.
bundle-order = { $kind }, made on { $day }, { $until }
bundle-until = until { $day }
bundle-until-further = until further order
bundle-condition-prohibition = Prohibition
bundle-condition-requirement = Requirement
bundle-condition-named = { $count ->
    [0] { $kind }: { $wording } (named by no incident)
    [one] { $kind }: { $wording } (named by one incident)
   *[other] { $kind }: { $wording } (named by { $count } incidents)
    }
bundle-a-condition = a condition of an order

bundle-files = 4. Files
bundle-no-files = No files are part of this bundle.
bundle-file = { $kind }, { $bytes } bytes, recorded { $at }
bundle-recorded-by-staff = A member of staff of the support organisation recorded this file for the survivor; it was not sent from the survivor's phone.
bundle-hash-original = SHA-256 of the original: { $hash }
bundle-hash-copy = SHA-256 of the copy: { $hash }
bundle-both = The copy is without what a camera or a phone writes next to the content. The original is in the bundle as well: { $path }
bundle-copy-alone = This is a copy without what a camera or a phone writes next to the content. The original is kept, and is not in this bundle.
bundle-left-out = Not in this bundle: there is no copy of it without what a device writes next to the content, and the original was not asked for. It is kept.
bundle-may-hold-metadata = The original may hold what a camera or a phone writes next to the content, such as where and when it was made.

bundle-continuity = 5. Continuity
bundle-continuity-about = The phone of the survivor, or the member of staff who recorded the file, stated the SHA-256 of each file before it was sent. When all of it had arrived, this installation read the file back from where it is kept and compared its hash with that which had been stated; a file with another hash is not kept. Each original is kept sealed and has never been converted. Copies are made by this installation and leave parts of the file away; nothing of a picture or a sound is computed anew. Every receipt, reading, copying, disclosure, hold and removal is recorded as it happens; each record holds a hash over itself and the one before.
bundle-unbroken = unbroken
bundle-broken = BROKEN
bundle-records = { $count ->
    [one] { $reference }: one record, { $state }
   *[other] { $reference }: { $count } records, { $state }
    }
bundle-custody-received = received from the survivor's phone
bundle-custody-received-staff = received from the member of staff who recorded it for the survivor
bundle-custody-verified = verified by this installation: the hash is the one that was stated
bundle-custody-copied = copied by this installation, without what a device writes next to the content
bundle-custody-read = read by { $who }
bundle-custody-disclosed = disclosed by { $who }
bundle-custody-held = removal forbidden by { $who }
bundle-custody-released = removal allowed again by { $who }
bundle-custody-removed = removed by { $who }
bundle-custody-restored = restored to the survivor by { $who }
bundle-custody-destroyed = destroyed by { $who }
bundle-custody-sealed = sealed by { $who }
bundle-custody-unsealed = unsealed by { $who }
bundle-custody-terminated = upload given up by { $who }
bundle-custody-expired = upload ended by { $who }: it was not finished in time
bundle-custody-refused = refused by { $who }: it was not what had been stated

bundle-by-survivor = the survivor
bundle-by-installation = this installation
bundle-by-police-system = the system of { $organisation }
bundle-by-unknown = an account whose name is no longer known
bundle-role-advocate = advocate
bundle-role-practitioner = practitioner
bundle-role-supervisor = supervisor
bundle-role-police = police officer
bundle-role-commissioner = commissioner's analyst
bundle-role-auditor = auditor
bundle-role-administrator = administrator

bundle-month-1 = January
bundle-month-2 = February
bundle-month-3 = March
bundle-month-4 = April
bundle-month-5 = May
bundle-month-6 = June
bundle-month-7 = July
bundle-month-8 = August
bundle-month-9 = September
bundle-month-10 = October
bundle-month-11 = November
bundle-month-12 = December
