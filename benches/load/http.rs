//! HTTP requests over persistent connections, as cheap as possible: prepared bytes are sent, and only the length of the
//! response is parsed. The cheaper the load is, the more surely the server is the bottleneck.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// Limits the time for one response, and how long a run may exceed its time.
const TIMEOUT: Duration = Duration::from_secs(30);

/// One connection.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// A response within the connection's buffer.
#[derive(Clone, Copy)]
pub struct Response<'a> {
    pub status: u16,
    pub head: &'a [u8],
    pub body: &'a [u8],
}

impl Connection {
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request and waits for the whole response.
    pub async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Response<'_>> {
        self.stream.write_all(request).await?;
        self.received.clear();
        let (status, head, end) = loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                bail!("the server closed the connection");
            }
            let Some(head) = find(&self.received, b"\r\n\r\n") else { continue };
            let status = status(&self.received)?;
            let length = if status == 304 { 0 } else { content_length(&self.received[..head])? };
            if self.received.len() >= head + 4 + length {
                break (status, head, head + 4 + length);
            }
        };
        Ok(Response { status, head: &self.received[..head], body: &self.received[head + 4..end] })
    }

    /// Sends a request and waits for the whole response, with a timeout.
    pub async fn exchange_with_timeout(&mut self, request: &[u8]) -> anyhow::Result<Response<'_>> {
        tokio::time::timeout(TIMEOUT, self.exchange(request)).await.context("no answer")?
    }
}

impl Response<'_> {
    /// Returns the value of a header; `name` is in lower case.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = String::from_utf8_lossy(self.head);
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }
}

/// Returns a POST of JSON to `/graphql`.
pub fn post(json: &str) -> Vec<u8> {
    post_with(json, "")
}

/// Returns a POST of JSON with more header lines, each ended by a line break.
pub fn post_with(json: &str, more: &str) -> Vec<u8> {
    let length = json.len();
    format!(
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n{more}\r\n{json}"
    )
    .into_bytes()
}

/// Returns a request without a body, with more header lines, each ended by a line break.
pub fn bare(method: &str, path: &str, more: &str) -> Vec<u8> {
    format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n{more}\r\n").into_bytes()
}

/// What every response must be; otherwise the figure is worth nothing.
#[derive(Clone, Copy)]
pub enum Expected {
    /// 200 with this many bytes.
    Bytes(usize),
    /// 304.
    NotModified,
    /// 200 without `errors`.
    NoErrors,
}

impl Expected {
    /// Fails if the response is another one.
    pub fn check(self, response: Response) -> anyhow::Result<()> {
        let is_met = match self {
            Self::Bytes(length) => response.status == 200 && response.body.len() == length,
            Self::NotModified => response.status == 304,
            Self::NoErrors => response.status == 200 && find(response.body, b"\"errors\"").is_none(),
        };
        anyhow::ensure!(is_met, "an answer of {}: {}", response.status, String::from_utf8_lossy(response.body));
        Ok(())
    }
}

/// Lets this many connections exchange one request after the other for this long. Returns the number of exchanges and
/// the time that they really took.
pub async fn hammer(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    requests: &Arc<[Vec<u8>]>,
    expected: Expected,
) -> anyhow::Result<(u64, Duration)> {
    let mut tasks = JoinSet::new();
    let begun = Instant::now();
    for index in 0..connections {
        let requests = Arc::clone(requests);
        tasks.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut count = 0;
            for request in requests.iter().cycle().skip(index) {
                if begun.elapsed() >= time {
                    break;
                }
                expected.check(connection.exchange(request).await?)?;
                count += 1;
            }
            anyhow::Ok(count)
        });
    }
    let counts = async {
        let mut total: u64 = 0;
        while let Some(count) = tasks.join_next().await {
            total += count??;
        }
        anyhow::Ok(total)
    };
    let total = tokio::time::timeout(time + TIMEOUT, counts).await.context("answers are missing")??;
    Ok((total, begun.elapsed()))
}

/// Returns the whole length of a response once its head is complete.
pub fn length(received: &[u8]) -> Option<usize> {
    let head = find(received, b"\r\n\r\n")?;
    Some(head + 4 + content_length(&received[..head]).unwrap_or(0))
}

/// Returns where `needle` starts in `hay`.
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

fn status(received: &[u8]) -> anyhow::Result<u16> {
    Ok(std::str::from_utf8(received.get(9..12).context("no status")?)?.parse()?)
}

/// hyper writes header names in lower case.
fn content_length(head: &[u8]) -> anyhow::Result<usize> {
    let name = b"\r\ncontent-length: ";
    let at = find(head, name).context("no content-length")? + name.len();
    let digits = head[at..].iter().take_while(|byte| byte.is_ascii_digit());
    Ok(digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0')))
}
