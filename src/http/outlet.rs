//! The writing half of a connection, which two write to: the connection's own task, and a fan-out, which writes a frame to
//! each of many connections without waking their tasks.
//!
//! The fan-out writes only between two writes of the connection's task, and only whole frames. Where the system accepts
//! only the beginning of a frame, the rest waits here, and the connection's task writes it before anything else.
//!
//! A response that goes on for long takes the connection over from hyper here ([`Outlet::take_over`]), as a WebSocket does by
//! its upgrade. hyper keeps 16 KiB of buffers as long as it has the connection.

use std::{
    future::poll_fn,
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use tokio::{
    io::AsyncWrite,
    net::{TcpStream, tcp::OwnedWriteHalf},
};

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
    /// Whether the connection's task holds or has written something since its last flush.
    is_writing: bool,
    /// What takes the connection over after the next flush.
    successor: Option<BoxFuture<'static, ()>>,
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
        let half = Half { stream: Some(stream), rest: Vec::new(), is_writing: false, successor: None };
        Self { half: Mutex::new(half), activity }
    }

    /// Makes this future take the connection over from hyper, once hyper has flushed what it holds. The future then is the
    /// only one that writes for the connection's task. hyper must be in the middle of a response, of which this is the rest.
    pub fn take_over(&self, successor: BoxFuture<'static, ()>) {
        let mut half = self.half.lock();
        half.is_writing = true;
        half.successor = Some(successor);
    }

    /// Returns what takes the connection over now.
    pub fn successor(&self) -> Option<BoxFuture<'static, ()>> {
        let mut half = self.half.lock();
        if half.is_writing { None } else { half.successor.take() }
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

    /// Writes the rest of each frame of which another task wrote the beginning. Completes when that fails.
    pub async fn rest_failed(&self) -> io::Error {
        poll_fn(|context| match self.half.lock().poll_rest(context, &self.activity) {
            Poll::Ready(Err(error)) => Poll::Ready(error),
            // Whoever writes a beginning wakes this task.
            Poll::Ready(Ok(())) | Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// Writes all of this and flushes, for the connection's task.
    pub async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match poll_fn(|context| self.poll_write(context, &[IoSlice::new(bytes)])).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                written => bytes = &bytes[written..],
            }
        }
        poll_fn(|context| self.poll_flush(context)).await
    }

    /// Throws away what the client sends, until it sends no more.
    pub async fn reading_ended(&self) {
        poll_fn(|context| self.half.lock().poll_end(context)).await;
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
        let mut half = self.half.lock();
        let (stream, successor) = (half.stream.take(), half.successor.take());
        drop(half);
        if let Some(stream) = stream {
            // Closing the socket ends both directions: no need to shut this one down before.
            stream.forget();
        }
        // Not while the lock is held: it ends a subscription, and a fan-out holds that one's lock when it writes here.
        drop(successor);
    }
}

impl Half {
    fn poll_end(&self, context: &mut Context<'_>) -> Poll<()> {
        let Some(stream) = self.stream.as_ref().map(AsRef::<TcpStream>::as_ref) else { return Poll::Ready(()) };
        let mut discarded = [0; 1024];
        loop {
            if ready!(stream.poll_read_ready(context)).is_err() {
                return Poll::Ready(());
            }
            match stream.try_read(&mut discarded) {
                Ok(1..) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Ok(0) | Err(_) => return Poll::Ready(()),
            }
        }
    }

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
    use futures_util::FutureExt;
    use tokio::{
        io::AsyncReadExt,
        net::{TcpListener, tcp::OwnedReadHalf},
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

    #[tokio::test]
    async fn a_successor_takes_over_after_the_next_flush_and_is_dropped_with_the_connection() {
        let (outlet, _reader, _client) = outlet().await;
        outlet.take_over(async {}.boxed());
        assert!(outlet.successor().is_none(), "hyper has not flushed yet");
        assert_eq!(outlet.write_frame(b"frame"), FrameWrite::Refused);
        flush(&outlet).await;
        outlet.successor().unwrap().await;
        assert!(outlet.successor().is_none());

        let held = Arc::new(());
        let holding = Arc::clone(&held);
        outlet.take_over(async move { drop(holding) }.boxed());
        outlet.close();
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
