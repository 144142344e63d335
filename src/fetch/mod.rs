//! The network: the only place that sends anything, and it can send nothing but reads.

mod connection;

pub use connection::{Auth, Connection, Timeouts};
