//! Orders of courts.

mod corrections;
mod order_register;
mod orders_of_survivors;
