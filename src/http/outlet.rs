//! The writing half of a connection, which two write to: the connection's own task, and a fan-out, which writes a frame to
//! each of many connections without waking their tasks.
//!
//! The fan-out writes only between two writes of the connection's task, and only whole frames. Where the system accepts
//! only the beginning of a frame, the rest waits here, and the connection's task writes it before anything else.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use parking_lot::Mutex;
use tokio::{io::AsyncWrite, net::tcp::OwnedWriteHalf};

use super::activity::Activity;

/// The writing half of a connection.
pub struct Outlet {
    half: Mutex<Half>,
    activity: Arc<Activity>,
}

struct Half {
    /// None once the connection has ended.
    stream: Option<OwnedWriteHalf>,
    /// The end of a frame of which the system accepted the beginning.
    rest: Vec<u8>,
    /// Whether the connection's task has written something, or was given something to write, since its last flush.
    is_writing: bool,
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameWrite {
    /// The system has accepted the frame.
    Whole,
    /// The system has accepted the beginning. The connection's task must be woken, to write the rest.
    Partial,
    /// Nothing was written: the connection is busy or has ended.
    Refused,
}

impl Outlet {
    /// Creates the outlet of a connection.
    pub fn new(stream: OwnedWriteHalf, activity: Arc<Activity>) -> Self {
        let half = Half { stream: Some(stream), rest: Vec::new(), is_writing: false };
        Self { half: Mutex::new(half), activity }
    }

    /// Refuses frames until the connection's task has flushed once more: it was given bytes that it may hold in a buffer.
    pub fn expect_flush(&self) {
        self.half.lock().is_writing = true;
    }

    /// Writes a frame if the connection's task is not writing.
    pub fn write_frame(&self, frame: &[u8]) -> FrameWrite {
        let mut half = self.half.lock();
        if half.is_writing || !half.rest.is_empty() {
            return FrameWrite::Refused;
        }
        let Some(stream) = &half.stream else { return FrameWrite::Refused };
        // The connection's task, which reads, notices an error.
        let Ok(written) = stream.try_write(frame) else { return FrameWrite::Refused };
        self.activity.write();
        let rest = &frame[written..];
        if rest.is_empty() {
            return FrameWrite::Whole;
        }
        half.rest = rest.to_vec();
        FrameWrite::Partial
    }

    /// Writes the rest of a frame. Ready when there is none.
    pub fn poll_rest(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.half.lock().poll_rest(context, &self.activity)
    }

    /// Writes for the connection's task.
    pub fn poll_write(&self, context: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let mut half = self.half.lock();
        half.is_writing = true;
        ready!(half.poll_rest(context, &self.activity))?;
        let written = half.poll_write(context, slices);
        if matches!(written, Poll::Ready(Ok(_))) {
            self.activity.write();
        }
        written
    }

    /// Ends a series of writes of the connection's task.
    pub fn poll_flush(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut half = self.half.lock();
        ready!(half.poll_rest(context, &self.activity))?;
        half.is_writing = false;
        // A socket has nothing to flush.
        Poll::Ready(Ok(()))
    }

    /// Ends the stream of bytes.
    pub fn poll_shutdown(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut half = self.half.lock();
        ready!(half.poll_rest(context, &self.activity))?;
        half.stream.as_mut().map_or(Poll::Ready(Ok(())), |stream| Pin::new(stream).poll_shutdown(context))
    }

    /// Ends the connection. No frame is written any more.
    pub fn close(&self) {
        if let Some(stream) = self.half.lock().stream.take() {
            // Closing the socket ends both directions: no need to shut this one down before.
            stream.forget();
        }
    }
}

impl Half {
    fn poll_write(&mut self, context: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let Some(stream) = &mut self.stream else { return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())) };
        Pin::new(stream).poll_write_vectored(context, slices)
    }

    fn poll_rest(&mut self, context: &mut Context<'_>, activity: &Activity) -> Poll<io::Result<()>> {
        while !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            let written = self.poll_write(context, &[IoSlice::new(&rest)]);
            self.rest = rest;
            match ready!(written)? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => drop(self.rest.drain(..written)),
            }
            activity.write();
        }
        // Nothing stays allocated for the next frame of a connection that is usually fast.
        self.rest = Vec::new();
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::{
        io::AsyncReadExt,
        net::{TcpListener, TcpStream, tcp::OwnedReadHalf},
    };

    use super::*;

    async fn outlet() -> (Outlet, OwnedReadHalf, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (reader, writer) = listener.accept().await.unwrap().0.into_split();
        (Outlet::new(writer, Arc::default()), reader, client)
    }

    async fn flush(outlet: &Outlet) {
        poll_fn(|context| outlet.poll_flush(context)).await.unwrap();
    }

    #[tokio::test]
    async fn no_frame_is_written_within_a_series_of_writes_of_the_connection() {
        let (outlet, reader, mut client) = outlet().await;
        let frame = b"frame";
        assert_eq!(outlet.write_frame(frame), FrameWrite::Whole);
        poll_fn(|context| outlet.poll_write(context, &[IoSlice::new(b"own ")])).await.unwrap();
        assert_eq!(outlet.write_frame(frame), FrameWrite::Refused);
        flush(&outlet).await;
        outlet.expect_flush();
        assert_eq!(outlet.write_frame(frame), FrameWrite::Refused, "it was given something and has not flushed yet");
        flush(&outlet).await;
        assert_eq!(outlet.write_frame(frame), FrameWrite::Whole);
        outlet.close();
        assert_eq!(outlet.write_frame(frame), FrameWrite::Refused);
        drop(reader);
        let mut received = String::new();
        client.read_to_string(&mut received).await.unwrap();
        assert_eq!(received, "frameown frame");
    }

    #[tokio::test]
    async fn the_rest_of_a_frame_comes_before_everything_else() {
        let (outlet, _reader, mut client) = outlet().await;
        let bytes: Vec<u8> = (0..1_000_000_u32).map(|number| (number % 251) as u8).collect();
        let mut frames = 0;
        loop {
            match outlet.write_frame(&bytes) {
                FrameWrite::Whole => frames += 1,
                FrameWrite::Partial => break,
                FrameWrite::Refused => {
                    // The system accepts nothing at all: what it has goes on, and the next frame is a part again.
                    let mut some = vec![0; bytes.len()];
                    client.read_exact(&mut some).await.unwrap();
                    assert!(some == bytes);
                    frames -= 1;
                }
            }
        }
        assert_eq!(outlet.write_frame(&bytes), FrameWrite::Refused);
        let reading = tokio::spawn(async move {
            let mut received = vec![0; (frames + 1) * bytes.len() + 4];
            client.read_exact(&mut received).await.unwrap();
            assert!(received.ends_with(b"own "));
            assert!(received[..received.len() - 4].chunks(bytes.len()).all(|frame| frame == bytes));
        });
        poll_fn(|context| outlet.poll_write(context, &[IoSlice::new(b"own ")])).await.unwrap();
        reading.await.unwrap();
    }
}
