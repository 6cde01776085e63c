//! Draws preview pictures: one at a time, with a bounded queue before it and a cache behind it.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::body::Bytes;
use preview_image::Renderer;
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;

/// Drawing takes a whole core, so one picture is drawn at a time. A request waits no longer than this for its turn.
const DRAW_TIMEOUT: Duration = Duration::from_secs(5);
/// Requests that wait or draw. At some 10 ms a picture the last of them waits a third of a second.
const MAX_WAITING: usize = 32;
/// A picture is 50 to 70 KB.
const CACHED_PICTURES: usize = 64;

/// The renderer with what it drew last.
pub struct Pictures {
    waiting: Semaphore,
    drawing: Semaphore,
    /// By the entity tag of their SVG text.
    cache: Cache<String, Bytes>,
    renderer: OnceLock<Renderer>,
}

impl Pictures {
    /// Fonts are read with the first picture.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            waiting: Semaphore::new(MAX_WAITING),
            drawing: Semaphore::new(1),
            cache: Cache::new(CACHED_PICTURES),
            renderer: OnceLock::new(),
        })
    }

    /// Whether the fonts have every letter of these texts.
    pub fn can_draw<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        let renderer = self.renderer();
        texts.into_iter().all(|text| renderer.can_draw(text))
    }

    fn renderer(&self) -> &Renderer {
        self.renderer.get_or_init(Renderer::new)
    }

    /// The picture as PNG; `None` where too many wait.
    pub async fn draw(self: &Arc<Self>, tag: &str, svg: String) -> Option<Bytes> {
        if let Some(bytes) = self.cache.get(tag) {
            return Some(bytes);
        }
        let _waiting = self.waiting.try_acquire().ok()?;
        let _permit = tokio::time::timeout(DRAW_TIMEOUT, self.drawing.acquire()).await.ok()?.ok()?;
        // The request before this one may have drawn the same picture.
        if let Some(bytes) = self.cache.get(tag) {
            return Some(bytes);
        }
        let this = Arc::clone(self);
        let drawn = tokio::task::spawn_blocking(move || this.renderer().png(&svg)).await;
        let bytes = match drawn {
            Ok(Ok(bytes)) => Bytes::from(bytes),
            Ok(Err(error)) => {
                tracing::error!(%error, "a picture was not drawn");
                return None;
            }
            Err(error) => {
                tracing::error!(%error, "drawing a picture failed");
                return None;
            }
        };
        self.cache.insert(tag.to_owned(), bytes.clone());
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn beyond_so_many_that_wait_for_a_picture_nobody_waits() {
        let pictures = Pictures::new();
        let turn = pictures.drawing.acquire().await.unwrap();
        let svg = || "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>".to_owned();
        let mut waiting: Vec<_> = (0..MAX_WAITING).map(|n| Box::pin(draw_numbered(&pictures, n, svg()))).collect();
        for draw in &mut waiting {
            assert!(futures_util::poll!(draw).is_pending());
        }
        let refused = futures_util::poll!(Box::pin(draw_numbered(&pictures, MAX_WAITING, svg())));
        assert_eq!(refused, std::task::Poll::Ready(None), "at once");
        drop(turn);
        for draw in waiting {
            assert!(draw.await.is_some(), "who was let in is served");
        }
        assert!(draw_numbered(&pictures, MAX_WAITING, svg()).await.is_some(), "the place is free again");
    }

    async fn draw_numbered(pictures: &Arc<Pictures>, number: usize, svg: String) -> Option<Bytes> {
        pictures.draw(&number.to_string(), svg).await
    }
}
