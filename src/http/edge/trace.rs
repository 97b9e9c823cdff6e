//! The caller's trace (`traceparent`, W3C Trace Context), so that our lines are found with theirs. One that is not valid counts
//! as none: it could hold anything.

use actix_web::http::header::HeaderMap;

/// The place of a caller's request in their trace.
#[derive(Debug, PartialEq, Eq)]
pub struct TraceParent {
    /// The trace, as 32 hexadecimal digits.
    pub trace_id: String,
    /// The caller's span, as 16.
    pub parent_id: String,
}

impl TraceParent {
    /// The one that a request came with; none where there are two, or one that is not valid.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut all = headers.get_all("traceparent");
        let (only, None) = (all.next()?, all.next()) else { return None };
        Self::parse(only.to_str().ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (version, trace_id, parent_id, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        // A later version may say more at the end, and keeps what it says first.
        let is_version = is_hex(version, 2) && version != "ff" && (version != "00" || parts.next().is_none());
        let is_valid = is_version && is_id(trace_id, 32) && is_id(parent_id, 16) && is_hex(flags, 2);
        is_valid.then(|| Self { trace_id: trace_id.to_owned(), parent_id: parent_id.to_owned() })
    }
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Nothing but zeros is no id.
fn is_id(text: &str, length: usize) -> bool {
    is_hex(text, length) && text.bytes().any(|byte| byte != b'0')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALID: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn the_examples_of_the_standard_are_taken_as_it_says() {
        let taken = TraceParent::parse(VALID).unwrap();
        assert_eq!(taken.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(taken.parent_id, "00f067aa0ba902b7");
        assert!(TraceParent::parse(&VALID.replacen("00-", "cc-", 1)).is_some());
        assert!(TraceParent::parse(&format!("{}-later", VALID.replacen("00-", "cc-", 1))).is_some());
        let wrong = [
            VALID.to_uppercase(),
            VALID.replacen("00-", "ff-", 1),
            format!("{VALID}-more"),
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01".to_owned(),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01".to_owned(),
            VALID.trim_end_matches("-01").to_owned(),
            String::new(),
        ];
        for wrong in wrong {
            assert_eq!(TraceParent::parse(&wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_is_hexadecimal_and_nothing_else(text in "[0-9a-f-]{0,60}|.{0,60}") {
            if let Some(taken) = TraceParent::parse(&text) {
                prop_assert!(is_id(&taken.trace_id, 32) && is_id(&taken.parent_id, 16));
            }
        }
    }
}
