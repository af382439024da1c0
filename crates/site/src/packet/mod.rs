//! Sets of packets as disjoint boxes of intervals: what routes, filters and tunnels speak of, without loss.
//!
//! A packet is its address family, source and destination address, protocol, source and destination port. Whatever a route,
//! a security group, an access list or a firewall rule says of these is a union of boxes, and intersection and difference of
//! boxes are boxes again: no solver, no sampling, and each box can say by which rule it came.
//!
//! The source port is part of it because an access list without memory judges the answers too, and what distinguishes an
//! answer is the port it goes back to. Types and codes of ICMP are not: whoever may send one may send all.

mod addresses;
mod cube;
mod region;
mod set;
mod span;

pub use addresses::Addresses;
pub use cube::{Cube, Family, ICMP, ICMP6, Packet, TCP, UDP};
pub use region::{Axis, Region};
pub use set::PacketSet;
pub use span::{Span, Whole};
