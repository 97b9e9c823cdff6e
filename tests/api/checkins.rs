//! Check-ins, timers and cries for help.

mod check_in_care;
mod check_ins;
mod cries;
mod cries_again;
mod cries_later;
mod lists;
mod schedules;
mod time_goes_on;
mod timers;
