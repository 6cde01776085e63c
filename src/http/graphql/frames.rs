//! Writes the results of shared subscriptions to HTTP/1.1 connections from outside their tasks.

use std::{cell::RefCell, sync::Arc};

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
    fn write(&self, payload: &Payload) -> Delivery {
        let written = FRAMES.with_borrow_mut(|frames| {
            let frame = frames.message.of(payload, &self.prefix, |frame| {
                let (head, length) = frame_head(self.prefix.len() + payload.json.len() + 1);
                frame.extend_from_slice(&head[..length]);
                frame.extend_from_slice(self.prefix.as_bytes());
                frame.extend_from_slice(payload.json.as_bytes());
                frame.push(b'}');
            });
            self.outlet.write_frame(frame)
        });
        delivery(written, payload, self.meter.as_ref())
    }
}

/// Writes results as events, each in a chunk of the response (RFC 9112, 7.1).
pub struct EventWriter {
    /// The connection.
    pub outlet: Arc<Outlet>,
    /// Counts what is pushed.
    pub meter: Option<PushMeter>,
}

impl FrameWriter for EventWriter {
    fn write(&self, payload: &Payload) -> Delivery {
        const END: &str = "\n\n";
        let written = FRAMES.with_borrow_mut(|frames| {
            let frame = frames.event.of(payload, "", |frame| {
                let head = event_head(payload.revision);
                let size = head.len() + payload.json.len() + END.len();
                frame.extend_from_slice(format!("{size:x}\r\n{head}{}{END}\r\n", payload.json).as_bytes());
            });
            self.outlet.write_frame(frame)
        });
        delivery(written, payload, self.meter.as_ref())
    }
}

thread_local! {
    static FRAMES: RefCell<LastFrames> = RefCell::default();
}

/// The last frames that this thread has made. A fan-out writes the same frame to one connection after the other.
#[derive(Default)]
struct LastFrames {
    message: LastFrame,
    event: LastFrame,
}

#[derive(Default)]
struct LastFrame {
    /// What the frame contains. Held, so that no other result gets the same address.
    json: Option<Arc<str>>,
    prefix: String,
    frame: Vec<u8>,
}

impl LastFrame {
    /// Returns the frame of this result with this prefix. Makes it if the last one was another.
    fn of(&mut self, payload: &Payload, prefix: &str, make: impl FnOnce(&mut Vec<u8>)) -> &[u8] {
        let is_same = self.json.as_ref().is_some_and(|json| Arc::ptr_eq(json, &payload.json)) && self.prefix == prefix;
        if !is_same {
            self.json = Some(Arc::clone(&payload.json));
            prefix.clone_into(&mut self.prefix);
            self.frame.clear();
            make(&mut self.frame);
        }
        &self.frame
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
