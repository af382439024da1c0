//! The binary: reads the configuration, wires the rooms, one file per sub-command.
fn main() {}
