//! Blocks of addresses that no network uses, for zones of which nobody wrote the ranges.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{Ipv4Addr, Ipv6Addr};

/// The first address of 240.0.0.0/4, which is reserved (RFC 1112).
const FIRST: u32 = 0xF000_0000;
/// The beginning of 100::/8, which is reserved by the IETF (RFC 4291).
const FIRST_SIX: u128 = 0x0100 << 112;
/// Addresses of a block at least, as a power of two.
const BITS_MIN: u32 = 4;
/// Addresses of a block at most, as a power of two.
const BITS_MAX: u32 = 24;

/// Gives out blocks, none of which overlaps another.
#[derive(Debug)]
pub(super) struct Reserve {
    next: u32,
    six: bool,
}

impl Reserve {
    /// Blocks of IPv4; of IPv6 too where the site uses it.
    pub(super) fn new(six: bool) -> Self {
        Self { next: FIRST, six }
    }

    /// A block with room for so many members and some others.
    pub(super) fn block(&mut self, members: usize) -> Vec<IpNet> {
        let wanted = u32::try_from(members.saturating_mul(2)).unwrap_or(u32::MAX);
        let bits = (u32::BITS - wanted.leading_zeros()).clamp(BITS_MIN, BITS_MAX);
        let size = 1_u32 << bits;
        // A description is too short to use all of them up; if it could, the last zones would share one.
        let first = self.next.checked_next_multiple_of(size).unwrap_or(u32::MAX - size + 1);
        self.next = first.saturating_add(size);
        let mut block = Vec::new();
        let length = u8::try_from(u32::BITS - bits).unwrap_or(32);
        block.extend(Ipv4Net::new(Ipv4Addr::from_bits(first), length).map(|net| IpNet::V4(net.trunc())));
        if self.six {
            let number = FIRST_SIX | (u128::from(first) << 64);
            block.extend(Ipv6Net::new(Ipv6Addr::from_bits(number), 64).map(IpNet::V6));
        }
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_do_not_overlap_however_large_they_are() {
        let mut reserve = Reserve::new(true);
        let blocks: Vec<IpNet> = [0, 1, 7, 8, 9, 1_000, 3, 70_000, 0]
            .into_iter()
            .flat_map(|members| reserve.block(members))
            .collect();
        for (at, block) in blocks.iter().enumerate() {
            assert!(blocks.iter().skip(at + 1).all(|other| !block.contains(other) && !other.contains(block)));
        }
    }
}
