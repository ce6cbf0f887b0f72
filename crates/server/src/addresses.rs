//! How many connections each address holds.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

type Counts = Mutex<HashMap<IpAddr, usize>>;

/// The addresses that hold connections.
pub(crate) struct Addresses {
    counts: Arc<Counts>,
    /// None is no limit.
    most: Option<usize>,
}

/// One connection's place; given back when it is dropped.
pub(crate) struct Held(Option<(Arc<Counts>, IpAddr)>);

impl Addresses {
    /// At most so many connections for each address; 0 is no limit.
    pub(crate) fn with_at_most(most: usize) -> Self {
        Self {
            counts: Arc::default(),
            most: (most > 0).then_some(most),
        }
    }

    /// A place for one more connection, if there is one.
    pub(crate) fn hold(&self, address: IpAddr) -> Option<Held> {
        let Some(most) = self.most else {
            return Some(Held(None));
        };
        let household = household(address);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(household).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Held(Some((self.counts.clone(), household))))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some((counts, household)) = &self.0 else {
            return;
        };
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(household) {
            *count -= 1;
            if *count == 0 {
                counts.remove(household);
            }
        }
    }
}

/// One customer has a whole /64 of IPv6, and IPv4 may be written as IPv6.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_per_household_and_given_back() {
        let addresses = Addresses::with_at_most(2);
        let at = |text: &str| addresses.hold(text.parse().unwrap());
        let (one, two) = (at("192.0.2.1").unwrap(), at("::ffff:192.0.2.1").unwrap());
        assert!(at("192.0.2.1").is_none());
        assert!(at("192.0.2.2").is_some());
        drop(one);
        let again = at("192.0.2.1").unwrap();
        assert!(at("192.0.2.1").is_none());
        drop((two, again));
        assert!(addresses.counts.lock().unwrap().is_empty());
        let (one, two) = (at("2001:db8::1").unwrap(), at("2001:db8::2").unwrap());
        assert!(at("2001:db8:0:0:9::9").is_none());
        drop((one, two));
        let open = Addresses::with_at_most(0);
        let all: Vec<_> = (0..100)
            .map(|_| open.hold("192.0.2.1".parse().unwrap()))
            .collect();
        assert!(all.iter().all(Option::is_some));
    }
}
