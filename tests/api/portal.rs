//! Live updates for staff.

mod live_updates;
