//! ResponseCache as bytes, kept for as long as what they were made from is the newest: a thousand readers cost one execution.

use std::{
    hash::{DefaultHasher, Hasher},
    io::Write,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use quick_cache::{Equivalent, Weighter, sync::Cache};

use crate::service::dependencies::Dependencies;

/// Bytes of all entries together, with their keys.
const CAPACITY: u64 = 32 * 1024 * 1024;
/// The size at which the cache begins; it grows with what is asked.
const ESTIMATED_RESPONSES: usize = 1_000;
/// Bytes. A smaller body takes as many packets on the network when it is compressed.
const MIN_COMPRESS_BYTES: usize = 860;
/// Bytes that an entry takes beside its body and key, about.
const OVERHEAD: usize = 256;

/// A response that depends on nothing but published snapshots and the budgets' texts.
pub struct CachedResponse {
    /// As it is sent.
    pub body: Bytes,
    /// A weak entity tag: equal for equal bytes, on every node.
    pub etag: String,
    compressed: OnceLock<Option<Bytes>>,
    dependencies: Dependencies,
}

impl CachedResponse {
    /// A response that is current as long as these dependencies are.
    pub fn new(body: impl Into<Bytes>, dependencies: Dependencies) -> Self {
        let body = body.into();
        let mut hasher = DefaultHasher::new();
        hasher.write(&body);
        Self { etag: format!("W/\"{:016x}\"", hasher.finish()), body, compressed: OnceLock::new(), dependencies }
    }

    /// The body in gzip, compressed once for everyone; none where that would not pay.
    pub fn gzip(&self) -> Option<&Bytes> {
        self.compressed.get_or_init(|| gzip(&self.body)).as_ref()
    }
}

/// The body in gzip; none where that would not pay.
pub fn gzip(body: &[u8]) -> Option<Bytes> {
    if body.len() < MIN_COMPRESS_BYTES {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 2), Compression::fast());
    encoder.write_all(body).ok()?;
    Some(encoder.finish().ok()?.into())
}

/// What a cached response answers. A request's bytes are a key too: the same client sends the same bytes again, which then
/// need not be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CacheKey<B = Box<[u8]>> {
    kind: KeyKind,
    bytes: B,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum KeyKind {
    Body,
    Url,
    Operation,
    Download,
}

impl<'a> CacheKey<&'a [u8]> {
    /// The body of a POST.
    pub fn body(bytes: &'a [u8]) -> Self {
        Self { kind: KeyKind::Body, bytes }
    }

    /// The query string of a GET.
    pub fn url(query: &'a str) -> Self {
        Self { kind: KeyKind::Url, bytes: query.as_bytes() }
    }

    /// An operation with its variables, as [`GraphQLParams::key`](super::GraphQLParams::key) writes them.
    pub fn operation(key: &'a [u8]) -> Self {
        Self { kind: KeyKind::Operation, bytes: key }
    }

    /// A file, such as `aggregate.json`, with everything that its content depends on.
    pub fn download(name: &'a str) -> Self {
        Self { kind: KeyKind::Download, bytes: name.as_bytes() }
    }

    fn owned(&self) -> CacheKey {
        CacheKey { kind: self.kind, bytes: self.bytes.into() }
    }
}

impl Equivalent<CacheKey> for CacheKey<&[u8]> {
    fn equivalent(&self, key: &CacheKey) -> bool {
        self.kind == key.kind && *self.bytes == *key.bytes
    }
}

/// The responses of this process.
pub struct ResponseCache(Cache<CacheKey, Arc<CachedResponse>, Weight>);

#[derive(Clone)]
struct Weight;

impl Weighter<CacheKey, Arc<CachedResponse>> for Weight {
    fn weight(&self, key: &CacheKey, response: &Arc<CachedResponse>) -> u64 {
        // The compressed form comes later and is smaller: counted as another body.
        (key.bytes.len() + 2 * response.body.len() + OVERHEAD) as u64
    }
}

impl Default for ResponseCache {
    fn default() -> Self {
        Self(Cache::with_weighter(ESTIMATED_RESPONSES, CAPACITY, Weight))
    }
}

impl ResponseCache {
    /// The response under this key, unless something that it was made from has changed.
    pub fn get(&self, key: CacheKey<&[u8]>) -> Option<Arc<CachedResponse>> {
        self.0.get(&key).filter(|response| response.dependencies.is_current())
    }

    /// Adds a response under another key.
    pub fn insert(&self, key: CacheKey<&[u8]>, response: &Arc<CachedResponse>) {
        self.0.insert(key.owned(), Arc::clone(response));
    }

    /// The number of entries, outdated ones included.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Bytes that the entries take, about.
    pub fn weight(&self) -> usize {
        usize::try_from(self.0.weight()).unwrap_or(usize::MAX)
    }

    /// The current response under this key. Where there is none, one caller makes it and the others wait for it. `Err` is
    /// what `make` gave instead of a response to cache; the next caller then makes its own.
    pub async fn get_or_make<E>(
        &self,
        key: CacheKey<&[u8]>,
        make: impl AsyncFnOnce() -> Result<Arc<CachedResponse>, E>,
    ) -> Result<Arc<CachedResponse>, E> {
        let key = key.owned();
        loop {
            self.0.remove_if(&key, |response| !response.dependencies.is_current());
            match self.0.get_value_or_guard_async(&key).await {
                // It was made for an earlier caller, and may be older than what this caller has already seen.
                Ok(response) if !response.dependencies.is_current() => {}
                Ok(response) => return Ok(response),
                Err(guard) => {
                    let response = make().await?;
                    // Fails only where the entry was removed meanwhile; then the next caller makes it again.
                    let _ = guard.insert(Arc::clone(&response));
                    return Ok(response);
                }
            }
        }
    }
}
