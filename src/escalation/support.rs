//! What people of the support side do about a survivor besides an alert: phones, the record, places where they may be found.
//!
//! Each act takes the proof of a survivor in the caller's care. What lowers protection waits for a second person, or is announced
//! to the people on duty, as the act says.

pub(super) mod break_glass;
pub(super) mod closing;
pub(super) mod open_location;
pub(super) mod phone_acts;
pub(super) mod phones;
pub(super) mod place_opened;
pub(super) mod safe_addresses;
pub(super) mod transfers;
