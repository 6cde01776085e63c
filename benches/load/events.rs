//! Events of a server (`text/event-stream`), also in chunks: whatever stands between two events is ignored.

use std::io::{Error, ErrorKind, Result};

use crate::http::find;

const END: &[u8] = b"\n\n";

/// Splits received bytes into events. It stores only an incomplete event.
#[derive(Default)]
pub struct Events {
    pending: Vec<u8>,
}

impl Events {
    /// Passes each complete event to `on_event`.
    pub fn take(&mut self, received: &[u8], on_event: impl FnMut(&[u8])) -> Result<()> {
        if received.is_empty() {
            return Err(Error::new(ErrorKind::UnexpectedEof, "the server closed the connection"));
        }
        if self.pending.is_empty() {
            let used = split(received, on_event);
            self.pending.extend_from_slice(&received[used..]);
            return Ok(());
        }
        self.pending.extend_from_slice(received);
        let used = split(&self.pending, on_event);
        self.pending.drain(..used);
        if self.pending.is_empty() {
            // Ten thousand of these exist, so the memory is freed.
            self.pending = Vec::new();
        }
        Ok(())
    }
}

/// Reads the complete events; returns their length in bytes.
fn split(bytes: &[u8], mut on_event: impl FnMut(&[u8])) -> usize {
    let mut used = 0;
    while let Some(length) = find(&bytes[used..], END) {
        on_event(&bytes[used..used + length]);
        used += length + END.len();
    }
    // The end of a chunk belongs to no event.
    if &bytes[used..] == b"\r\n" { bytes.len() } else { used }
}
