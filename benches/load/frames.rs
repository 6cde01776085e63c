//! WebSocket frames, of a server and of a client: the little of RFC 6455 that this load needs.

use std::io::{Error, ErrorKind, Result};

const TEXT: u8 = 0x81;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;

/// Splits received bytes into frames. It stores only an incomplete frame, which is rare.
#[derive(Default)]
pub struct Frames {
    pending: Vec<u8>,
}

impl Frames {
    /// Passes each complete text message to `on_text`. Returns the frames that respond to pings.
    pub fn take(&mut self, received: &[u8], on_text: impl FnMut(&[u8])) -> Result<Vec<u8>> {
        if received.is_empty() {
            return Err(Error::new(ErrorKind::UnexpectedEof, "the server closed the connection"));
        }
        if self.pending.is_empty() {
            let (used, answer) = split(received, on_text)?;
            self.pending.extend_from_slice(&received[used..]);
            return Ok(answer);
        }
        self.pending.extend_from_slice(received);
        let (used, answer) = split(&self.pending, on_text)?;
        self.pending.drain(..used);
        if self.pending.is_empty() {
            // Ten thousand of these exist, so the memory is freed.
            self.pending = Vec::new();
        }
        Ok(answer)
    }
}

/// Reads the complete frames; returns their length in bytes, and the response to pings.
fn split(bytes: &[u8], mut on_text: impl FnMut(&[u8])) -> Result<(usize, Vec<u8>)> {
    let (mut used, mut answer) = (0, Vec::new());
    while let Some((kind, begin, end)) = frame(&bytes[used..]) {
        let Some(payload) = bytes.get(used + begin..used + end) else { break };
        match kind {
            TEXT => on_text(payload),
            PING => answer.extend(masked(PONG, payload)),
            CLOSE => return Err(Error::new(ErrorKind::ConnectionAborted, "the server closed the socket")),
            PONG => {}
            _ => return Err(Error::new(ErrorKind::InvalidData, "a frame that is not expected")),
        }
        used += end;
    }
    Ok((used, answer))
}

/// Returns the first byte, start and end of a frame. A server's frames are not masked.
fn frame(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (begin, length) = match *bytes {
        [_, 126, high, low, ..] => (4, usize::from(u16::from_be_bytes([high, low]))),
        [_, 127, ref rest @ ..] => {
            let length = u64::from_be_bytes(*rest.first_chunk()?);
            (10, usize::try_from(length).unwrap_or(usize::MAX / 2))
        }
        [_, length @ 0..=125, ..] => (2, usize::from(length)),
        _ => return None,
    };
    Some((*bytes.first()?, begin, begin + length))
}

/// Returns a client's text message.
pub fn text(message: &str) -> Vec<u8> {
    masked(TEXT, message.as_bytes())
}

/// Returns a client's frame. It is masked by zeros, which leave the bytes as they are.
fn masked(kind: u8, payload: &[u8]) -> Vec<u8> {
    const MASKED: u8 = 0x80;
    let mut frame = vec![kind];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length @ 0..126), _) => frame.push(MASKED | length),
        (_, Ok(length)) => {
            frame.push(MASKED | 0x7e);
            frame.extend(length.to_be_bytes());
        }
        _ => {
            frame.push(MASKED | 0x7f);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend_from_slice(payload);
    frame
}
