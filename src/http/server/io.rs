//! A connection's byte stream, which records reads and writes as activity.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpStream, tcp::OwnedReadHalf},
};

use crate::http::{activity::Activity, limits::connections::ConnectionPermit, outlet::Outlet};

/// An open connection. It is closed when the last owner is dropped: hyper, a WebSocket, or a task that took it over.
pub struct OpenConnection {
    /// The writing half.
    pub outlet: Arc<Outlet>,
    _permit: Option<ConnectionPermit>,
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.outlet.close();
    }
}

/// A connection as hyper reads and writes it. A WebSocket takes it over when HTTP is done.
pub struct WatchedStream {
    reader: OwnedReadHalf,
    connection: Arc<OpenConnection>,
}

impl WatchedStream {
    /// Without a permit this is a connection over a limit.
    pub fn new(stream: TcpStream, activity: Arc<Activity>, permit: Option<ConnectionPermit>) -> Self {
        let (reader, writer) = stream.into_split();
        let outlet = Arc::new(Outlet::new(writer, activity));
        Self { reader, connection: Arc::new(OpenConnection { outlet, _permit: permit }) }
    }

    /// Returns the connection.
    pub fn connection(&self) -> &Arc<OpenConnection> {
        &self.connection
    }
}

impl AsyncRead for WatchedStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.reader).poll_read(cx, into)
    }
}

impl AsyncWrite for WatchedStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.connection.outlet.poll_write(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.connection.outlet.poll_write(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.connection.outlet.poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.connection.outlet.poll_shutdown(cx)
    }
}
