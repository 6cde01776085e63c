//! Writes the results of shared subscriptions to HTTP/1.1 connections from outside their tasks.

use std::{
    io::IoSlice,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use axum::Extension;

use super::stream::event_head;
use crate::{
    counters::pushes::PushMeter,
    engine::{Delivery, FrameWriter, Payload},
    http::outlet::{FrameWrite, Outlet},
};

/// The writing half of the connection that a request came over. HTTP/2 has none, because its frames belong to one of many
/// streams.
pub type ConnectionOutlet = Option<Extension<Arc<Outlet>>>;

/// The longest head of a frame that a server sends (RFC 6455, 5.2).
const MAX_HEAD: usize = 10;
/// The last frame of a message, which is text.
const FINAL_TEXT: u8 = 0x81;

/// Writes the results of one operation as frames of a WebSocket.
pub struct WebSocketWriter {
    /// The connection.
    pub outlet: Arc<Outlet>,
    /// What comes before each result, made by [`super::websocket::messages::next_prefix`].
    pub prefix: Arc<str>,
    /// Counts what is pushed.
    pub meter: Option<PushMeter>,
}

impl FrameWriter for WebSocketWriter {
    fn arm(&self) {}

    fn write(&self, payload: &Payload) -> Delivery {
        let (head, length) = frame_head(self.prefix.len() + payload.json.len() + 1);
        let slices = [
            IoSlice::new(&head[..length]),
            IoSlice::new(self.prefix.as_bytes()),
            IoSlice::new(payload.json.as_bytes()),
            IoSlice::new(b"}"),
        ];
        delivery(self.outlet.write_frame(&slices, None), payload, self.meter.as_ref())
    }
}

/// Writes results as events, each in a chunk of the response (RFC 9112, 7.1).
pub struct EventWriter {
    outlet: Arc<Outlet>,
    /// How often the connection's task had flushed when it had nothing more to write. What it wrote before may still be in a
    /// buffer of the HTTP library until the next flush.
    flushes: AtomicU64,
    meter: Option<PushMeter>,
}

impl EventWriter {
    /// Creates the writer of a response that is sent in chunks. The meter counts what is pushed.
    pub fn new(outlet: Arc<Outlet>, meter: Option<PushMeter>) -> Self {
        Self { outlet, flushes: AtomicU64::new(0), meter }
    }
}

impl FrameWriter for EventWriter {
    fn arm(&self) {
        self.flushes.store(self.outlet.flushes(), Relaxed);
    }

    fn write(&self, payload: &Payload) -> Delivery {
        const END: &[u8] = b"\n\n";
        let head = event_head(payload.revision);
        let size = format!("{:x}\r\n", head.len() + payload.json.len() + END.len());
        let slices = [
            IoSlice::new(size.as_bytes()),
            IoSlice::new(head.as_bytes()),
            IoSlice::new(payload.json.as_bytes()),
            IoSlice::new(END),
            IoSlice::new(b"\r\n"),
        ];
        let written = self.outlet.write_frame(&slices, Some(self.flushes.load(Relaxed)));
        delivery(written, payload, self.meter.as_ref())
    }
}

fn delivery(written: FrameWrite, payload: &Payload, meter: Option<&PushMeter>) -> Delivery {
    let delivery = match written {
        FrameWrite::Refused => return Delivery::Refused,
        FrameWrite::Whole => Delivery::Done,
        FrameWrite::Partial => Delivery::Begun,
    };
    payload.count(meter);
    delivery
}

/// Returns the head of a text frame of this length, in bytes, and its own length.
fn frame_head(length: usize) -> ([u8; MAX_HEAD], usize) {
    let mut head = [0; MAX_HEAD];
    head[0] = FINAL_TEXT;
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(length @ ..126), _) => {
            head[1] = length;
            (head, 2)
        }
        (_, Ok(length)) => {
            head[1] = 126;
            head[2..4].copy_from_slice(&length.to_be_bytes());
            (head, 4)
        }
        _ => {
            head[1] = 127;
            head[2..].copy_from_slice(&(length as u64).to_be_bytes());
            (head, MAX_HEAD)
        }
    }
}

#[cfg(test)]
mod tests {
    use tungstenite::protocol::frame::{
        FrameHeader,
        coding::{Data, OpCode},
    };

    use super::*;

    #[test]
    fn the_head_of_a_frame_is_read_as_a_whole_text_of_its_length() {
        for length in [0, 1, 125, 126, 127, 255, 256, 65_535, 65_536, 1_000_000] {
            let (head, size) = frame_head(length);
            let mut reader = std::io::Cursor::new(&head[..size]);
            let (read, read_length) = FrameHeader::parse(&mut reader).unwrap().unwrap();
            assert_eq!((read_length, reader.position()), (length as u64, size as u64));
            assert!(read.is_final && read.mask.is_none() && read.opcode == OpCode::Data(Data::Text));
        }
    }
}
