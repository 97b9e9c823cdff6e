//! What a survivor is shown before agreeing to a scope: the texts by version and language, as `words/*/consent.ftl` has them.
//!
//! A text that was ever shown is never changed, because the ledger keeps its SHA-256 and its language: new words are a new
//! version. Tests pin what each version says.

use super::ledger::Scope;
use crate::words::{self, Language};

#[cfg(test)]
mod tests;

/// The version of a scope's text that is shown now.
#[must_use]
pub fn current_version(scope: Scope) -> &'static str {
    match scope {
        // The second says that staff who ring 999 may read the location, too.
        Scope::LocationReleaseAlert => "2",
        // The second says that nothing stops before somebody has spoken with the survivor.
        Scope::ServiceCore => "2",
        // The second mends a word that the first broke in two.
        Scope::ContactSms => "2",
        _ => "1",
    }
}

/// The text of a scope in one version and language, as it is on the screen, so that a hash over it is over what the
/// survivor saw; none where that version does not exist.
pub fn text(scope: Scope, version: &str, language: Language) -> Option<String> {
    let prefix = match version {
        "1" => "consent-v1",
        "2" if current_version(scope) == "2" => "consent-v2",
        _ => return None,
    };
    words::find(language, &words::id_of(prefix, scope.as_str()), &[])
}
