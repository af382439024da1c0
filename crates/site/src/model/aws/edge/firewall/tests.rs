//! Firewall rules by themselves.
