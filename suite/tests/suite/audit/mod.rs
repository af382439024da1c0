//! The audit trail as it leaves the house: sent to a collector that others have written.

mod collector;
mod rsyslog;
