//! Stories across features, on both databases.

mod withdrawn_consent_hides_at_once;
