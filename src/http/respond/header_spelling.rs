//! The spelling of a header's name in a response. Names of headers have no case, and hyper writes them in lower case; some
//! clients look for one spelling all the same.

use std::{io, sync::mpsc};

use axum::{body::Body, http::Extensions, response::Response};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{io::AsyncWriteExt, sync::OnceCell};

const SPELLED: &[u8] = b"GET / HTTP/1.1\r\nSec-WebSocket-Protocol: x\r\n\r\n";

/// Makes hyper write `Sec-WebSocket-Protocol` in this spelling, where it stands in the extensions of a response. Python's
/// `gql` looks for no other, and without the name of a protocol it speaks the one that is off.
///
/// hyper keeps spellings in a type that only hyper can make, when it reads a request with `preserve_header_case`. That
/// setting would cost every request a map, so one request is read here instead, once.
pub async fn websocket_protocol_spelling() -> &'static Extensions {
    static SPELLING: OnceCell<Extensions> = OnceCell::const_new();
    SPELLING.get_or_init(read_spelling).await
}

async fn read_spelling() -> Extensions {
    let (mut client, server) = tokio::io::duplex(SPELLED.len());
    let _ = client.write_all(SPELLED).await;
    let (send, received) = mpsc::channel();
    let service = service_fn(move |request: Request<Incoming>| {
        let _ = send.send(request.into_parts().0.extensions);
        // An error ends the connection.
        async { Err::<Response<Body>, _>(io::Error::other("read")) }
    });
    let connection = http1::Builder::new().preserve_header_case(true).serve_connection(TokioIo::new(server), service);
    let _ = connection.await;
    received.try_recv().unwrap_or_default()
}
