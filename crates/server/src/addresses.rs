//! How many connections each client has open. A client is an IPv4 address, or the /64 network of an IPv6 address: whoever
//! has one of its addresses has them all.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The part of an IPv6 address that names the network.
const NETWORK: u128 = !0 << 64;

/// The connections that are open, by client.
#[derive(Debug)]
pub(crate) struct Addresses {
    each_max: usize,
    open: Mutex<BTreeMap<IpAddr, usize>>,
}

/// Counts as an open connection until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    addresses: Arc<Addresses>,
    client: IpAddr,
}

impl Addresses {
    /// Nobody yet, and at most `each_max` for each client.
    pub(crate) fn new(each_max: usize) -> Arc<Self> {
        Arc::new(Self { each_max, open: Mutex::default() })
    }

    /// A place for one more connection from this address; none when the client has all it may have.
    pub(crate) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let client = client(address);
        let mut open = self.lock();
        let count = open.get(&client).copied().unwrap_or(0);
        if count >= self.each_max {
            return None;
        }
        open.insert(client, count.saturating_add(1));
        Some(Place { addresses: Arc::clone(self), client })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.addresses.lock();
        match open.get_mut(&self.client) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(open.remove(&self.client)),
        }
    }
}

fn client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & NETWORK)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_client_has_so_many_places_and_no_more() {
        let addresses = Addresses::new(2);
        let first = addresses.take(address("192.0.2.7")).unwrap();
        let _second = addresses.take(address("192.0.2.7")).unwrap();
        assert!(addresses.take(address("192.0.2.7")).is_none());
        assert!(addresses.take(address("192.0.2.8")).is_some());
        drop(first);
        assert!(addresses.take(address("192.0.2.7")).is_some());
    }

    #[test]
    fn a_network_of_ipv6_is_one_client_and_a_mapped_address_is_its_ipv4_one() {
        let addresses = Addresses::new(1);
        let _one = addresses.take(address("2001:db8:0:1::1")).unwrap();
        assert!(addresses.take(address("2001:db8:0:1:ffff::2")).is_none());
        let _two = addresses.take(address("2001:db8:0:2::1")).unwrap();
        let _mapped = addresses.take(address("::ffff:192.0.2.7")).unwrap();
        assert!(addresses.take(address("192.0.2.7")).is_none());
        assert!(addresses.take(address("::ffff:192.0.2.8")).is_some());
    }

    #[test]
    fn who_has_left_leaves_nothing_behind() {
        let addresses = Addresses::new(2);
        drop((addresses.take(address("::1")), addresses.take(address("::1"))));
        assert!(addresses.lock().is_empty());
    }
}
