//! Caches public responses as bytes, so that a thousand readers cost one execution. A cached response is used until one
//! of its dependencies changes.

use std::{
    io::Write,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use quick_cache::{Equivalent, Weighter, sync::Cache};
use sha2::{Digest, Sha256};

use crate::service::dependencies::Dependencies;

/// The most bytes of all entries together, with their keys.
const CAPACITY: u64 = 32 * 1024 * 1024;
/// The initial size of the cache. It grows with the number of different requests.
const ESTIMATED_RESPONSES: usize = 1_000;
/// A body with fewer bytes takes as many packets on the network when it is compressed, so it is not.
const MIN_COMPRESS_BYTES: usize = 860;
/// The approximate bytes of an entry, apart from its body and key.
const OVERHEAD: usize = 256;

/// A response that depends only on published snapshots and the texts of budgets.
pub struct CachedResponse {
    /// The body as it is sent.
    pub body: Bytes,
    /// The entity tag of the body.
    pub etag: String,
    compressed: OnceLock<Option<Bytes>>,
    dependencies: Dependencies,
}

impl CachedResponse {
    /// Creates a response that is current as long as these dependencies are.
    pub fn new(body: impl Into<Bytes>, dependencies: Dependencies) -> Self {
        let body = body.into();
        Self { etag: entity_tag(&body), body, compressed: OnceLock::new(), dependencies }
    }

    /// Returns the body in gzip, or nothing if the body is too small to compress. It is compressed once for all
    /// readers.
    pub fn gzip(&self) -> Option<&Bytes> {
        self.compressed.get_or_init(|| gzip(&self.body)).as_ref()
    }
}

/// Returns an entity tag of this content, the same on every node and in every release. All tags are weak, because the same
/// content may be sent compressed or not.
pub fn entity_tag(content: &[u8]) -> String {
    format!("W/\"{}\"", hex::encode(&Sha256::digest(content)[..12]))
}

/// Compresses a body with gzip. Returns nothing if the body is too small for that.
pub fn gzip(body: &[u8]) -> Option<Bytes> {
    if body.len() < MIN_COMPRESS_BYTES {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 2), Compression::fast());
    encoder.write_all(body).ok()?;
    Some(encoder.finish().ok()?.into())
}

/// The key of a cached response. The bytes of a request are a key too: the same client sends the same bytes again, and
/// they then need not be parsed.
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
    /// Returns the key for the body of a POST request.
    pub fn body(bytes: &'a [u8]) -> Self {
        Self { kind: KeyKind::Body, bytes }
    }

    /// Returns the key for the query string of a GET request.
    pub fn url(query: &'a str) -> Self {
        Self { kind: KeyKind::Url, bytes: query.as_bytes() }
    }

    /// Returns the key for an operation with its variables, as [`GraphQLParams::key`](super::GraphQLParams::key) writes
    /// them.
    pub fn operation(key: &'a [u8]) -> Self {
        Self { kind: KeyKind::Operation, bytes: key }
    }

    /// Returns the key for a file such as `aggregate.json`. The name must contain everything that the content depends
    /// on.
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

/// The cached responses of this process.
pub struct ResponseCache(Cache<CacheKey, Arc<CachedResponse>, Weight>);

#[derive(Clone)]
struct Weight;

impl Weighter<CacheKey, Arc<CachedResponse>> for Weight {
    fn weight(&self, key: &CacheKey, response: &Arc<CachedResponse>) -> u64 {
        // The compressed body is made later. It is smaller than the body, so another body is counted for it.
        (key.bytes.len() + 2 * response.body.len() + OVERHEAD) as u64
    }
}

impl Default for ResponseCache {
    fn default() -> Self {
        Self(Cache::with_weighter(ESTIMATED_RESPONSES, CAPACITY, Weight))
    }
}

impl ResponseCache {
    /// Returns the response under this key, if it is still current.
    pub fn get(&self, key: CacheKey<&[u8]>) -> Option<Arc<CachedResponse>> {
        self.0.get(&key).filter(|response| response.dependencies.is_current())
    }

    /// Inserts a response under an additional key.
    pub fn insert(&self, key: CacheKey<&[u8]>, response: &Arc<CachedResponse>) {
        self.0.insert(key.owned(), Arc::clone(response));
    }

    /// Returns the number of entries, including outdated ones.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns the approximate number of bytes that the entries take.
    pub fn weight(&self) -> usize {
        usize::try_from(self.0.weight()).unwrap_or(usize::MAX)
    }

    /// Returns the current response under this key. If there is none, one caller makes it and the others wait for it.
    /// If `make` returns `Err`, that caller gets the error, and the next caller calls its own `make`.
    pub async fn get_or_make<E>(
        &self,
        key: CacheKey<&[u8]>,
        make: impl AsyncFnOnce() -> Result<Arc<CachedResponse>, E>,
    ) -> Result<Arc<CachedResponse>, E> {
        let key = key.owned();
        loop {
            self.0.remove_if(&key, |response| !response.dependencies.is_current());
            match self.0.get_value_or_guard_async(&key).await {
                // The response was made for an earlier caller and is outdated already. This caller may have seen newer
                // data.
                Ok(response) if !response.dependencies.is_current() => {}
                Ok(response) => return Ok(response),
                Err(guard) => {
                    let response = make().await?;
                    // Fails only if the entry was removed meanwhile. The next caller then makes the response again.
                    let _ = guard.insert(Arc::clone(&response));
                    return Ok(response);
                }
            }
        }
    }
}
