//! Sessions and the lock-out that grows, as tables in memory whose time comes from outside.
