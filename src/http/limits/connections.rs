//! Limits how many connections (or WebSockets and streams) are open at once, in total and for each network.

use std::{collections::HashMap, sync::Arc};

use parking_lot::{Mutex, MutexGuard};

use crate::service::networks::NetworkKey;

/// Gives out permits up to its limits.
pub struct ConnectionLimiter {
    /// The most permits at once.
    pub total: usize,
    /// The most permits at once for one network.
    pub per_network: usize,
    open: Mutex<Open>,
}

/// The number of permits that are held.
#[derive(Default)]
struct Open {
    total: usize,
    /// Holds only networks with at least one permit, so that the map never has more than `total` entries.
    networks: HashMap<NetworkKey, usize>,
}

/// Which limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitReached {
    /// The limit of the whole server.
    Total,
    /// The limit of the caller's network.
    Network,
}

impl LimitReached {
    /// Returns the name for logs and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Network => "network",
        }
    }
}

impl ConnectionLimiter {
    pub fn new(total: usize, per_network: usize) -> Arc<Self> {
        Arc::new(Self { total, per_network, open: Mutex::default() })
    }

    /// Returns a permit for one more. Without a network, as for a proxy that carries many clients, only the total is
    /// checked.
    pub fn acquire(self: &Arc<Self>, network: Option<NetworkKey>) -> Result<ConnectionPermit, LimitReached> {
        let mut open = self.lock();
        if open.total >= self.total {
            return Err(LimitReached::Total);
        }
        if let Some(network) = &network {
            match open.networks.get_mut(network) {
                Some(held) if *held >= self.per_network => return Err(LimitReached::Network),
                Some(held) => *held += 1,
                None if self.per_network == 0 => return Err(LimitReached::Network),
                None => drop(open.networks.insert(*network, 1)),
            }
        }
        open.total += 1;
        Ok(ConnectionPermit { limiter: Arc::clone(self), network })
    }

    /// Returns how many permits are held.
    pub fn open(&self) -> usize {
        self.lock().total
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock()
    }
}

/// Permission for one connection to be open. Dropping it gives the permit back.
pub struct ConnectionPermit {
    limiter: Arc<ConnectionLimiter>,
    network: Option<NetworkKey>,
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut open = self.limiter.lock();
        open.total -= 1;
        if let Some(network) = &self.network
            && let Some(held) = open.networks.get_mut(network)
        {
            *held -= 1;
            if *held == 0 {
                open.networks.remove(network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::network::ClientAddress, service::networks::tests::networks};

    fn network(last: u8) -> NetworkKey {
        networks(7).key(&ClientAddress::new([192, 0, 2, last].into()).narrowest())
    }

    #[test]
    fn each_network_has_its_share_and_all_together_the_total() {
        let limiter = ConnectionLimiter::new(5, 2);
        let acquire = |last| limiter.acquire(Some(network(last)));
        let first = [acquire(1).ok().unwrap(), acquire(1).ok().unwrap()];
        assert_eq!(acquire(1).err(), Some(LimitReached::Network));
        let second = [acquire(2).ok().unwrap(), acquire(2).ok().unwrap()];
        // A proxy counts towards the total alone.
        let proxy = limiter.acquire(None).ok().unwrap();
        assert_eq!(acquire(3).err(), Some(LimitReached::Total));
        assert_eq!(limiter.acquire(None).err(), Some(LimitReached::Total));
        drop(proxy);
        assert!(acquire(3).is_ok());
        drop((first, second));
        assert_eq!(limiter.open(), 0);
    }

    #[test]
    fn a_network_that_holds_nothing_takes_no_memory() {
        let limiter = ConnectionLimiter::new(10, 2);
        for last in 0..200 {
            let held = limiter.acquire(Some(network(last)));
            assert_eq!(limiter.lock().networks.len(), 1);
            drop(held);
        }
        assert!(limiter.lock().networks.is_empty());
    }
}
