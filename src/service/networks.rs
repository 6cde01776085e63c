//! Blinds networks with a key that changes each day, so that neither Redis nor the memory of a node holds addresses.

use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use parking_lot::RwLock;
use sha2::Sha256;
use tokio_util::sync::CancellationToken;

use crate::{
    domain::network::Prefix,
    store::{Store, StoreError, network_keys::DayKey},
};

/// The pause before the next attempt, while the database does not answer.
const RETRY_PAUSE: Duration = Duration::from_secs(5);
/// A node looks at the database's clock at least this often: its own timer may stand still with the machine.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);

/// A network, blinded by the key of the day. It shows whether two networks of one day are equal, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NetworkKey([u8; 16]);

impl fmt::Display for NetworkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The key of the present day.
pub struct Networks {
    secret: Vec<u8>,
    today: RwLock<Today>,
}

struct Today {
    key: DayKey,
    /// The hash under this key, ready for the bytes of a network.
    mac: Hmac<Sha256>,
}

impl Today {
    /// The secret is part of the hash: a copy of the database alone does not tell which address a blinded network is.
    fn new(secret: &[u8], key: DayKey) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
        mac.update(key.key.as_bytes());
        let mac = Hmac::new_from_slice(&mac.finalize().into_bytes()).expect("HMAC takes a key of any length");
        Self { key, mac }
    }
}

impl Networks {
    /// Takes the key of the day from the database, and makes it if this is the first node that needs it.
    pub async fn load(secret: &[u8], store: &Store) -> Result<Self, StoreError> {
        let key = store.network_key(store.now().await?.date_naive()).await?;
        Ok(Self::new(secret, key))
    }

    fn new(secret: &[u8], key: DayKey) -> Self {
        Self { secret: secret.to_vec(), today: RwLock::new(Today::new(secret, key)) }
    }

    /// Blinds a network.
    pub fn key(&self, network: &Prefix) -> NetworkKey {
        self.blind(&[network.as_bytes()])
    }

    /// Blinds anything by the key of the day.
    pub fn blind(&self, parts: &[&[u8]]) -> NetworkKey {
        let mut mac = self.today.read().mac.clone();
        for part in parts {
            mac.update(part);
        }
        let digest: [u8; 32] = mac.finalize().into_bytes().into();
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        NetworkKey(key)
    }

    /// Changes to the key of the day that `now` is in, and forgets the one before.
    pub async fn rotate(&self, store: &Store, now: DateTime<Utc>) -> Result<(), StoreError> {
        let day = now.date_naive();
        if self.today.read().key.day != day {
            let today = Today::new(&self.secret, store.network_key(day).await?);
            *self.today.write() = today;
        }
        Ok(())
    }

    /// Rotates at each midnight (UTC, by the database's clock). While the database is away, the node keeps its key.
    pub async fn run(self: Arc<Self>, store: Store, stop: CancellationToken) {
        let mut pause = Duration::ZERO;
        while stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
            let rotated = async {
                let now = store.now().await?;
                self.rotate(&store, now).await?;
                Ok::<_, StoreError>(until_midnight(now).min(LONGEST_PAUSE))
            };
            pause = rotated.await.unwrap_or_else(|error| {
                tracing::debug!(%error, "the key that blinds networks stays");
                RETRY_PAUSE
            });
        }
    }
}

fn until_midnight(now: DateTime<Utc>) -> Duration {
    let midnight = (now.date_naive() + chrono::Days::new(1)).and_time(NaiveTime::MIN).and_utc();
    // A microsecond more: a timer must not end before midnight.
    (midnight - now + TimeDelta::microseconds(1)).to_std().unwrap_or(RETRY_PAUSE)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::domain::network::ClientAddress;

    /// Networks under a key of their own.
    pub fn networks(secret: u8) -> Networks {
        let key = DayKey { day: "2026-11-26".parse().unwrap(), key: "0".repeat(64) };
        Networks::new(&[secret; 32], key)
    }

    fn key(networks: &Networks, address: &str) -> NetworkKey {
        networks.key(&ClientAddress::new(address.parse().unwrap()).narrowest())
    }

    #[test]
    fn one_ipv6_household_is_one_network_and_the_address_cannot_be_read_from_its_key() {
        let this = networks(7);
        assert_eq!(key(&this, "2001:db8:1:2::1"), key(&this, "2001:db8:1:2:ffff::9"));
        assert_ne!(key(&this, "2001:db8:1:2::1"), key(&this, "2001:db8:1:3::1"));
        assert_eq!(key(&this, "192.0.2.1"), key(&this, "::ffff:192.0.2.1"));
        assert_ne!(key(&this, "192.0.2.1"), key(&this, "192.0.2.2"));
        assert_ne!(key(&this, "192.0.2.1"), key(&networks(8), "192.0.2.1"), "another secret");
    }

    #[test]
    fn midnight_is_never_missed_by_a_timer_that_ends_early() {
        let before = "2026-11-26T23:59:59.999999Z".parse().unwrap();
        assert_eq!(until_midnight(before), Duration::from_micros(2));
        assert_eq!(
            until_midnight("2026-11-26T00:00:00Z".parse().unwrap()),
            Duration::from_hours(24) + Duration::from_micros(1)
        );
    }
}
