//! Faults: processes and databases that die or stall, disks that are full, clocks that jump. Zero lost.
//!
//! The judge (`judge.rs`) holds two journals against each other: what the phones were answered, and what the police's
//! receiver was sent. Nothing acknowledged may be lost, whatever had to be delivered was, ids are distinct per alert and
//! endpoint, and the audit verifies. These are the only stories in which real time passes, since only real processes can
//! be killed and stalled; each is bounded. What a receiver can answer is in `tests/api/webhooks.rs`, where time stands
//! still.

mod backup;
mod clock;
mod disk;
mod judge;
mod killed;
mod load;
mod paused;
mod postgres;
mod slots;
mod standby;
