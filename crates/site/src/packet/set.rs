//! A set of packets: disjoint boxes.

use super::addresses::Addresses;
use super::cube::{Cube, Family, Packet};
use std::fmt;

/// A set of packets. Two sets may hold the same packets in other boxes; compare with [`PacketSet::is_same`].
#[derive(Clone, Debug, Default)]
pub struct PacketSet(Vec<Cube>);

impl PacketSet {
    /// No packet.
    pub fn none() -> Self {
        Self::default()
    }

    /// All packets of both families.
    pub fn all() -> Self {
        Self(vec![Cube::all(Family::V4), Cube::all(Family::V6)])
    }

    /// The union of boxes that may overlap.
    pub fn from_cubes(cubes: impl IntoIterator<Item = Cube>) -> Self {
        let mut set = Self::none();
        for cube in cubes {
            set.add(&cube);
        }
        set
    }

    /// The packets that come from these addresses.
    pub fn from_sources(sources: &Addresses) -> Self {
        Self(sources.spans().iter().map(|&(family, source)| Cube { source, ..Cube::all(family) }).collect())
    }

    /// The packets that go to these addresses.
    pub fn to_destinations(destinations: &Addresses) -> Self {
        let cube = |&(family, destination): &_| Cube { destination, ..Cube::all(family) };
        Self(destinations.spans().iter().map(cube).collect())
    }

    /// Its boxes; none overlaps another.
    pub fn cubes(&self) -> &[Cube] {
        &self.0
    }

    /// Whether there is no packet in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the packet is in it.
    pub fn contains(&self, packet: &Packet) -> bool {
        self.0.iter().any(|cube| cube.contains(packet))
    }

    /// Adds the packets of a box.
    pub fn add(&mut self, cube: &Cube) {
        let mut new = vec![*cube];
        for known in &self.0 {
            if new.iter().any(|part| part.intersect(known).is_some()) {
                new = without(&new, known);
            }
            if new.is_empty() {
                return;
            }
        }
        self.0.extend(new);
    }

    /// What either has.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut set = self.clone();
        for cube in &other.0 {
            set.add(cube);
        }
        set
    }

    /// What both have.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self(
            self.0.iter().flat_map(|cube| other.0.iter().filter_map(|found| cube.intersect(found))).collect(),
        )
    }

    /// What it has and the other has not.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        Self(other.0.iter().fold(self.0.clone(), |rest, cube| without(&rest, cube)))
    }

    /// Whether all of the other's packets are in it.
    pub fn covers(&self, other: &Self) -> bool {
        other.subtract(self).is_empty()
    }

    /// Whether both hold the same packets.
    pub fn is_same(&self, other: &Self) -> bool {
        self.covers(other) && other.covers(self)
    }
}

impl From<Cube> for PacketSet {
    fn from(cube: Cube) -> Self {
        Self(vec![cube])
    }
}

impl fmt::Display for PacketSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, cube) in self.0.iter().enumerate() {
            f.write_str(if index > 0 { "; " } else { "" })?;
            fmt::Display::fmt(cube, f)?;
        }
        Ok(())
    }
}

fn without(cubes: &[Cube], cut: &Cube) -> Vec<Cube> {
    let mut left = Vec::with_capacity(cubes.len());
    for cube in cubes {
        cube.subtract_into(cut, &mut left);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::super::span::Span;
    use super::*;
    use proptest::prelude::*;

    /// Numbers from which all spans and packets are drawn, so that ends meet, touch and lie at the edges.
    const NUMBERS: [u128; 8] = [0, 1, 7, 8, 9, 254, 255, 0xFFFF_FFFF];

    fn span() -> impl Strategy<Value = Span<u128>> {
        (0..8_usize, 0..8_usize).prop_map(|(one, other)| Span::between(NUMBERS[one], NUMBERS[other]))
    }

    fn small(number: u128) -> u16 {
        u16::try_from(number).unwrap_or(u16::MAX)
    }

    fn cube() -> impl Strategy<Value = Cube> {
        let family = prop_oneof![Just(Family::V4), Just(Family::V6)];
        (family, span(), span(), span(), span(), span()).prop_map(|(family, source, destination, p, s, d)| {
            Cube {
                family,
                source,
                destination,
                protocol: Span::between(
                    u8::try_from(p.first()).unwrap_or(255),
                    u8::try_from(p.last()).unwrap_or(255),
                ),
                source_port: Span::between(small(s.first()), small(s.last())),
                destination_port: Span::between(small(d.first()), small(d.last())),
            }
        })
    }

    fn packet() -> impl Strategy<Value = Packet> {
        let number = || (0..8_usize, 0..3_u128).prop_map(|(at, more)| (NUMBERS[at] + more).min(0xFFFF_FFFF));
        let family = prop_oneof![Just(Family::V4), Just(Family::V6)];
        (family, number(), number(), number(), number(), number()).prop_map(
            |(family, source, destination, p, s, d)| Packet {
                family,
                source,
                destination,
                protocol: u8::try_from(p).unwrap_or(255),
                source_port: small(s),
                destination_port: small(d),
            },
        )
    }

    fn set() -> impl Strategy<Value = PacketSet> {
        prop::collection::vec(cube(), 0..5).prop_map(PacketSet::from_cubes)
    }

    fn is_disjoint(set: &PacketSet) -> bool {
        let cubes = set.cubes();
        (0..cubes.len()).all(|at| (0..at).all(|before| cubes[at].intersect(&cubes[before]).is_none()))
    }

    proptest! {
        #[test]
        fn a_set_holds_what_its_boxes_hold(cubes in prop::collection::vec(cube(), 0..6), packet in packet()) {
            let set = PacketSet::from_cubes(cubes.clone());
            prop_assert_eq!(set.contains(&packet), cubes.iter().any(|cube| cube.contains(&packet)));
            prop_assert!(is_disjoint(&set));
        }

        #[test]
        fn operations_on_sets_are_those_on_membership(a in set(), b in set(), packet in packet()) {
            let (in_a, in_b) = (a.contains(&packet), b.contains(&packet));
            let (both, either, rest) = (a.intersect(&b), a.union(&b), a.subtract(&b));
            prop_assert_eq!(both.contains(&packet), in_a && in_b);
            prop_assert_eq!(either.contains(&packet), in_a || in_b);
            prop_assert_eq!(rest.contains(&packet), in_a && !in_b);
            prop_assert!(is_disjoint(&both) && is_disjoint(&either) && is_disjoint(&rest));
        }

        #[test]
        fn sets_are_the_same_however_they_are_cut(a in set(), b in set()) {
            prop_assert!(a.subtract(&b).union(&a.intersect(&b)).is_same(&a));
            prop_assert!(a.union(&b).is_same(&b.union(&a)));
            prop_assert!(a.union(&b).covers(&a));
            prop_assert!(a.subtract(&a).is_empty());
        }

        #[test]
        fn the_answer_of_an_answer_is_the_packet(cube in cube()) {
            prop_assert_eq!(cube.answer().answer(), cube);
        }
    }

    #[test]
    fn a_set_is_written_box_by_box() {
        let set =
            PacketSet::from_cubes(["10.0.0.0/8", "fd00::/8"].map(|net| Cube::to_net(net.parse().unwrap())));
        assert_eq!(set.to_string(), "0.0.0.0/0 -> 10.0.0.0/8, *; ::/0 -> fd00::/8, *");
    }
}
