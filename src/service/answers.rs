//! Answers as bytes, kept for as long as what they were made from is the newest: a thousand readers cost one execution.

use std::{
    hash::{DefaultHasher, Hasher},
    io::Write,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use quick_cache::{Weighter, sync::Cache};

use super::epoch::Epoch;

/// Bytes of all kept answers together, with their keys.
const CAPACITY: u64 = 32 * 1024 * 1024;
/// Where the cache begins; it grows with what is asked.
const ESTIMATED_ANSWERS: usize = 1_000;
/// Below this a packed answer takes as many packets on the network as a plain one.
const WORTH_PACKING: usize = 860;
/// What an entry takes beside its bytes, about.
const OVERHEAD: usize = 256;

/// An answer that depends on nothing but published snapshots and the budgets' texts.
pub struct Answer {
    /// What is sent.
    pub body: Bytes,
    /// A weak entity tag: equal for equal bytes, on every node.
    pub etag: String,
    packed: OnceLock<Option<Bytes>>,
    made_from: Epoch,
}

impl Answer {
    /// An answer made from this.
    pub fn new(body: impl Into<Bytes>, made_from: Epoch) -> Self {
        let body = body.into();
        let mut hasher = DefaultHasher::new();
        hasher.write(&body);
        Self { etag: format!("W/\"{:016x}\"", hasher.finish()), body, packed: OnceLock::new(), made_from }
    }

    /// The body in gzip, packed once for everyone; none where that would not pay.
    pub fn gzip(&self) -> Option<&Bytes> {
        self.packed.get_or_init(|| gzip(&self.body)).as_ref()
    }
}

/// Packs a body; none where that would not pay.
pub fn gzip(body: &[u8]) -> Option<Bytes> {
    if body.len() < WORTH_PACKING {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 2), Compression::fast());
    encoder.write_all(body).ok()?;
    Some(encoder.finish().ok()?.into())
}

/// The answers of this process.
pub struct Answers(Cache<Vec<u8>, Arc<Answer>, Weight>);

#[derive(Clone)]
struct Weight;

impl Weighter<Vec<u8>, Arc<Answer>> for Weight {
    fn weight(&self, key: &Vec<u8>, answer: &Arc<Answer>) -> u64 {
        // The packed form comes later and is smaller: counted as another body.
        (key.len() + 2 * answer.body.len() + OVERHEAD) as u64
    }
}

impl Default for Answers {
    fn default() -> Self {
        Self(Cache::with_weighter(ESTIMATED_ANSWERS, CAPACITY, Weight))
    }
}

impl Answers {
    /// The answer under this key, unless something that it was made from has changed.
    pub fn get(&self, key: &[u8]) -> Option<Arc<Answer>> {
        self.0.get(key).filter(|answer| answer.made_from.is_current())
    }

    /// Keeps an answer under another key too. No two sorts of keys may be alike: those of parameters hold a zero, which
    /// nothing else may.
    pub fn keep(&self, key: &[u8], answer: &Arc<Answer>) {
        self.0.insert(key.to_owned(), Arc::clone(answer));
    }

    /// How many are kept, those too that are no longer current.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Bytes that they take, about.
    pub fn weight(&self) -> usize {
        usize::try_from(self.0.weight()).unwrap_or(usize::MAX)
    }

    /// The current answer under this key; where there is none, one caller makes it and the others wait for it. `Err` is
    /// what `make` gave instead of an answer to keep; the next caller then tries for itself.
    pub async fn get_or_make<E>(
        &self,
        key: &[u8],
        make: impl AsyncFnOnce() -> Result<Arc<Answer>, E>,
    ) -> Result<Arc<Answer>, E> {
        loop {
            self.0.remove_if(key, |answer| !answer.made_from.is_current());
            match self.0.get_value_or_guard_async(key).await {
                // Made for somebody who asked earlier: it may be older than what this caller has already seen.
                Ok(answer) if !answer.made_from.is_current() => {}
                Ok(answer) => return Ok(answer),
                Err(place) => {
                    let answer = make().await?;
                    // Fails only where the place was taken away meanwhile; then the next caller makes it again.
                    let _ = place.insert(Arc::clone(&answer));
                    return Ok(answer);
                }
            }
        }
    }
}
