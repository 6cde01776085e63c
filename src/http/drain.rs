//! How a node that is told to stop takes leave of its clients: one by one, so that they don't all come to the next node at
//! once.

use std::{sync::OnceLock, time::Duration};

use axum::response::{IntoResponse, Response};
use tokio_util::sync::CancellationToken;

use crate::fault::{ErrorCode, Fault};

/// Whether this node is taking leave, and for how long.
#[derive(Debug, Clone, Default)]
pub struct Drain {
    begun: CancellationToken,
    window: std::sync::Arc<OnceLock<Duration>>,
}

impl Drain {
    /// From now on this node is not ready, and its sockets and streams end within the window.
    pub fn begin(&self, window: Duration) {
        let _ = self.window.set(window);
        self.begun.cancel();
    }

    /// Whether it has begun.
    pub fn is_begun(&self) -> bool {
        self.begun.is_cancelled()
    }

    /// Completes at a random moment of the window.
    pub fn staggered_close(&self) -> impl Future<Output = ()> + Send + use<> {
        let Self { begun, window } = self.clone();
        async move {
            begun.cancelled().await;
            let window = window.get().copied().unwrap_or_default();
            // Boxed: ten thousand sockets wait for the beginning, and few live to see it.
            Box::pin(tokio::time::sleep(window.mul_f64(rand::random()))).await;
        }
    }
}

/// The answer to who would open a socket or stream now.
pub fn refused() -> Response {
    let message = "This server is about to stop. Connect again: another one, or the next one here, answers.";
    Fault::new(ErrorCode::Unavailable, message).retry_after(Duration::from_secs(1)).into_response()
}
