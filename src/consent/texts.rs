//! What a survivor is shown before agreeing to a scope: the English texts, by version.
//!
//! A text that was ever shown is never changed, because the ledger keeps its SHA-256: new words are a new version.
//! Each says what happens when the scope is on, what when it is off, and that it can be changed; an alert setting also
//! that turning it off takes 24 hours, and that telling the police is no promise that they come (product.md, principle
//! 4). The second PIN is left out on purpose: these words stand on a phone that somebody else may hold.

use super::ledger::Scope;

#[cfg(test)]
mod tests;

/// The version that is shown now.
pub const CURRENT_VERSION: &str = "1";

/// The text of a scope in one version; none where that version does not exist.
pub fn text(scope: Scope, version: &str) -> Option<&'static str> {
    let texts = match version {
        "1" => &VERSION_1,
        _ => return None,
    };
    let found = texts.iter().find(|(of, _)| *of == scope);
    found.map(|(_, text)| *text)
}

/// Shown as they stand, so a hash over them is over what the survivor saw.
static VERSION_1: [(Scope, &str); Scope::ALL.len()] = [
    (
        Scope::ServiceCore,
        "When this is on, Holdfast keeps your check-ins, incidents and alerts, and your advocate \
         and support organisation see what needs attention. When it is off, the service cannot \
         run for you, so please speak to your advocate before you turn it off. You can change \
         this at any time, and turning it off works at once.",
    ),
    (
        Scope::ShareProgrammeStatus,
        "When this is on, the practitioners of the programme see whether your check-ins were \
         answered, late or missed, how safe you last felt, and your alerts; they never see your \
         name, address, contacts, workplace, location or device. When it is off, they see none of \
         this. You can change this at any time: turning it off works at once, and it ends after \
         12 months unless you agree again.",
    ),
    (
        Scope::ShareProgrammeIncidentSummary,
        "When this is on, the practitioners of the programme see, for the incidents that you make \
         visible to them, when each happened and how serious it was, how many there were in each \
         week, which behaviours and patterns they show, and whether an order may have been \
         breached. When it is off, they see \
         nothing about your incidents. You can change this at any time: turning it off works at \
         once, and it ends after 12 months unless you agree again.",
    ),
    (
        Scope::ShareProgrammeIncidentFull,
        "When this is on, the practitioners of the programme can read your account of what \
         happened, for the incidents that you make fully visible to them; your private notes are \
         never sent. When it is off, they cannot read your account. You can change this at any \
         time: turning it off works at once, and it ends after 12 months unless you agree again.",
    ),
    (
        Scope::ShareProgrammeVoice,
        "When this is on, the practitioners of the programme can read what you write with a \
         check-in, in your own words, and your advocate can pass on to them what else you want \
         them to know. When it is off, your words are not passed on. You can change this at any time: turning it off works at once, and it ends after 12 \
         months unless you agree again.",
    ),
    (
        Scope::UpdatesProgramme,
        "When this is on, you receive updates about the programme. When it is off, you receive \
         none, and your check-ins and alerts go on as before. You can change this at any time: \
         turning it off works at once, and it ends after 12 months unless you agree again.",
    ),
    (
        Scope::SharePoliceIncident,
        "When this is on, the incidents that you make visible to the police can be given to them, \
         but being told is never a promise that they will come. When it is off, your incidents \
         are not given to them unless a life is in danger or the law requires it. You can change \
         this at any time: turning it off works at once, but what was already given cannot be \
         taken back, and it ends after 12 months unless you agree again. This is not an emergency \
         service. Call 999; if you cannot speak, press 55.",
    ),
    (
        Scope::SharePoliceEvidence,
        "When this is on, the evidence that you add to incidents you make visible to the police \
         can be given to them. When it is off, your evidence is not given to them unless a life \
         is in danger or the law requires it. You can change this at any time: turning it off \
         works at once, but what was already given cannot be taken back, and it ends after 12 \
         months unless you agree again.",
    ),
    (
        Scope::ContactTrusted,
        "When this is on, the people supporting you may speak to the contacts you trust when they \
         cannot reach you. When it is off, they do not speak to those contacts. You can change \
         this at any time: turning it off works at once, and it ends after 12 months unless you \
         agree again.",
    ),
    (
        Scope::ContactSms,
        "When this is on, you may be sent text messages in neutral words, as your safe- contact \
         plan says. When it is off, you are sent no text messages. You can change this at any \
         time: turning it off works at once, and it ends after 12 months unless you agree again.",
    ),
    (
        Scope::ContactVoice,
        "When this is on, you may be called with a neutral opening, as your safe-contact plan \
         says. When it is off, you are not called. You can change this at any time: turning it \
         off works at once, and it ends after 12 months unless you agree again.",
    ),
    (
        Scope::ContactPush,
        "When this is on, your phone may show notices in neutral words, such as a nudge when a \
         check-in is late. When it is off, your phone shows none, and a missed check-in is still \
         acted on. You can change this at any time: turning it off works at once, and it ends \
         after 12 months unless you agree again.",
    ),
    (
        Scope::StatsAggregate,
        "When this is on, you are counted in figures that name nobody, and no figure about fewer \
         than five people is shown. When it is off, you are not counted in them. You can change \
         this at any time: turning it off works at once, and it ends after 12 months unless you \
         agree again.",
    ),
    (
        Scope::ResearchFollowup,
        "When this is on, you may be asked whether you want to take part in research, and you can \
         always say no. When it is off, you are not asked. You can change this at any time: \
         turning it off works at once, and it ends after 12 months unless you agree again.",
    ),
    (
        Scope::AlertPoliceHelpNow,
        "When this is on, the police are told when you press help-now or report danger that is \
         happening now, but being told is never a promise that they will come; when it is off, \
         only the people supporting you are told, and one of them may still call 999. You can \
         change this at any time: turning it on works at once, turning it off takes 24 hours and \
         your advocate is told. This is not an emergency service. Call 999; if you cannot speak, \
         press 55.",
    ),
    (
        Scope::AlertPoliceMissed,
        "When this is on, the police are told when an urgent alert, such as a timer that ran out \
         or a check-in missed at medium or high risk, is not answered in time, but being told is \
         never a promise that they will come; when it is off, the people supporting you decide \
         what to do. You can change this at any time: turning it on works at once, turning it off \
         takes 24 hours and your advocate is told. This is not an emergency service. Call 999; if \
         you cannot speak, press 55.",
    ),
    (
        Scope::AlertPoliceBreach,
        "When this is on, the police are told when you make an incident visible to them and it \
         may breach an order, but being told is never a promise that they will come; when it is \
         off, only the people supporting you are told. You can change this at any time: turning \
         it on works at once, turning it off takes 24 hours and your advocate is told. This is \
         not an emergency service. Call 999; if you cannot speak, press 55.",
    ),
    (
        Scope::LocationMoment,
        "When this is on, your phone may send where you are when you check in or press help-now, \
         and at no other time; when it is off, it does not send where you are. Sending it, even \
         if the police are told, is never a promise that they will come. You can change this at \
         any time: turning it on works at once, turning it off takes 24 hours and your advocate \
         is told.",
    ),
    (
        Scope::LocationReleaseAlert,
        "When this is on, a named police officer handling your alert can read where you were when \
         you raised it, and you can see that they did; when it is off, they cannot read it unless \
         a life is in danger or the law requires it. The police being told is never a promise \
         that they will come. You can change this at any time: turning it on works at once, \
         turning it off takes 24 hours and your advocate is told.",
    ),
];
