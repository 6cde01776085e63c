//! A response over HTTP/1.1 that takes its connection over from hyper and writes its own chunks (RFC 9112, 7.1), so that
//! hyper's buffers are freed while it waits for its next part.

use std::{io, pin::pin, sync::Arc, task::Poll};

use axum::body::Bytes;
use futures_util::{FutureExt, Stream, StreamExt, stream};

use crate::http::outlet::Outlet;

/// Ends the body.
const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// Gives hyper none of these parts: when hyper asks for the first one, a future that writes them takes the connection over. The
/// body of a response to HEAD is never asked for one.
pub fn take_over(
    outlet: Arc<Outlet>,
    parts: impl Stream<Item = Bytes> + Send + 'static,
) -> impl Stream<Item = Bytes> + Send + 'static {
    let mut writing = Some(write(Arc::clone(&outlet), parts).boxed());
    stream::poll_fn(move |_| {
        if let Some(writing) = writing.take() {
            outlet.take_over(writing);
        }
        Poll::Pending
    })
}

/// Writes each part as it arrives, then the end of the body. Meanwhile writes the rest of each frame of a fan-out.
async fn write(outlet: Arc<Outlet>, parts: impl Stream<Item = Bytes>) {
    let writing = async {
        let mut parts = pin!(parts);
        while let Some(part) = parts.next().await {
            outlet.write_all(&[format!("{:x}\r\n", part.len()).as_bytes(), &part, b"\r\n"].concat()).await?;
        }
        outlet.write_all(LAST_CHUNK).await
    };
    let written: io::Result<()> = tokio::select! {
        biased;
        written = writing => written,
        error = outlet.rest_failed() => Err(error),
    };
    if let Err(error) = written {
        tracing::trace!(%error, "a connection broke");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::stream::pending;
    use tokio::{
        io::AsyncReadExt,
        net::{TcpListener, TcpStream},
    };

    use super::*;
    use crate::http::outlet::FrameWrite;

    #[tokio::test]
    async fn the_rest_of_a_frame_is_written_while_there_is_no_part_to_write() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (_reader, writer) = listener.accept().await.unwrap().0.into_split();
        let outlet = Arc::new(Outlet::new(writer, Arc::default()));
        let frame = vec![b'x'; 10_000_000];
        assert_eq!(outlet.write_frame(&frame), FrameWrite::Partial);
        let writing = tokio::spawn(write(Arc::clone(&outlet), pending()));
        let reading = async {
            let mut received = vec![0; frame.len()];
            client.read_exact(&mut received).await.unwrap();
            assert!(received == frame);
        };
        tokio::time::timeout(Duration::from_secs(10), reading).await.expect("the rest did not come");
        writing.abort();
    }
}
