//! The floor: a server that does the least that the same libraries can do for the same bytes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, Utf8Bytes, WebSocket},
    },
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
    serve::ListenerExt,
};
use chrono::{DateTime, SecondsFormat};
use tokio::{net::TcpListener, sync::watch};

use crate::clock;

/// The same size as ours: the library fills the buffer with zeros at every read.
const READ_BUFFER: usize = 4 * 1024;
/// The same interval as ours.
pub const PUBLISH_EVERY: Duration = Duration::from_millis(100);
/// The text before the moment of a publication, in our messages and in the floor's.
pub const MOMENT: &str = "\"asOf\":\"";

#[derive(Clone)]
struct Floor {
    body: Bytes,
    published: watch::Receiver<Utf8Bytes>,
    publishes: Arc<AtomicBool>,
}

/// Serves the message to every request at `/graphql`. Sends the message to every WebSocket at `/graphql/ws` after the
/// client's first message. Between `POST` and `DELETE /publish` it also sends it ten times a second, with the current
/// moment in it.
pub async fn serve(message: &str) -> anyhow::Result<()> {
    let (latest, published) = watch::channel(Utf8Bytes::from(message));
    let floor = Floor { body: Bytes::from(message.to_owned()), published, publishes: Arc::default() };
    tokio::spawn(publish(latest, message.to_owned(), Arc::clone(&floor.publishes)));
    let router = Router::new()
        .route("/graphql", get(answer).post(answer_post))
        .route("/graphql/ws", get(upgrade))
        .route("/publish", post(begin).delete(end))
        .with_state(floor);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}

async fn answer(State(floor): State<Floor>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], floor.body).into_response()
}

async fn answer_post(State(floor): State<Floor>, _request: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], floor.body).into_response()
}

async fn begin(State(floor): State<Floor>) -> StatusCode {
    floor.publishes.store(true, Ordering::Relaxed);
    StatusCode::OK
}

async fn end(State(floor): State<Floor>) -> StatusCode {
    floor.publishes.store(false, Ordering::Relaxed);
    StatusCode::OK
}

async fn publish(latest: watch::Sender<Utf8Bytes>, message: String, is_on: Arc<AtomicBool>) {
    let mut interval = tokio::time::interval(PUBLISH_EVERY);
    loop {
        interval.tick().await;
        if is_on.load(Ordering::Relaxed) {
            latest.send_replace(stamped(&message).into());
        }
    }
}

/// Returns the message with the present moment in it, of the same length.
pub fn stamped(message: &str) -> String {
    let now = DateTime::from_timestamp_micros(clock::now_micros()).unwrap_or_default();
    let now = now.to_rfc3339_opts(SecondsFormat::Micros, false);
    match message.split_once(MOMENT) {
        Some((before, after)) => format!("{before}{MOMENT}{now}{}", after.get(now.len()..).unwrap_or_default()),
        None => message.to_owned(),
    }
}

async fn upgrade(State(floor): State<Floor>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .read_buffer_size(READ_BUFFER)
        .protocols(["graphql-transport-ws"])
        .on_upgrade(move |socket| push(socket, floor.published))
}

async fn push(mut socket: WebSocket, mut published: watch::Receiver<Utf8Bytes>) {
    if !matches!(socket.recv().await, Some(Ok(_))) {
        return;
    }
    published.mark_changed();
    loop {
        tokio::select! {
            message = socket.recv() => if !matches!(message, Some(Ok(_))) { return },
            changed = published.changed() => {
                if changed.is_err() {
                    return;
                }
                let message = published.borrow_and_update().clone();
                if socket.send(Message::Text(message)).await.is_err() {
                    return;
                }
            }
        }
    }
}
