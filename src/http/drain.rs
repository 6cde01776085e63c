//! Connection draining. A node that is told to stop closes its WebSockets and streams one by one, so that their clients
//! don't all reconnect to the next node at once.

use std::{sync::OnceLock, time::Duration};

use axum::response::{IntoResponse, Response};
use tokio_util::sync::CancellationToken;

use crate::fault::{ErrorCode, Fault};

/// Whether this node is draining, and for how long.
#[derive(Debug, Clone, Default)]
pub struct Drain {
    begun: CancellationToken,
    window: std::sync::Arc<OnceLock<Duration>>,
}

impl Drain {
    /// Begins draining: this node reports that it is not ready, and its WebSockets and streams end within the window.
    pub fn begin(&self, window: Duration) {
        let _ = self.window.set(window);
        self.begun.cancel();
    }

    /// Returns whether draining has begun.
    pub fn is_begun(&self) -> bool {
        self.begun.is_cancelled()
    }

    /// Completes at a random moment of the window.
    pub fn staggered_close(&self) -> impl Future<Output = ()> + Send + use<> {
        let Self { begun, window } = self.clone();
        async move {
            begun.cancelled().await;
            let window = window.get().copied().unwrap_or_default();
            // Boxed: ten thousand connections hold this future until draining begins, and only then need the timer.
            Box::pin(tokio::time::sleep(window.mul_f64(rand::random()))).await;
        }
    }
}

/// The response to a WebSocket or stream that a client would open while this node drains.
pub fn refused() -> Response {
    let message = "This server is about to stop. Connect again: another one, or the next one here, answers.";
    Fault::new(ErrorCode::Unavailable, message).retry_after(Duration::from_secs(1)).into_response()
}
