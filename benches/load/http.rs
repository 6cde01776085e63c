//! Requests over kept connections, as cheap as they can be made: prepared bytes out, only the length of the answer looked
//! at. What the load saves, the server's processor is the narrower place by.

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

/// For one answer; also how long a run may go on after its time.
const PATIENCE: Duration = Duration::from_secs(30);

/// One connection.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// What came back, within the connection's buffer.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// Its header lines.
    pub head: &'a [u8],
    /// Its body.
    pub body: &'a [u8],
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request and waits for the whole answer.
    pub async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Answer<'_>> {
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
        Ok(Answer { status, head: &self.received[..head], body: &self.received[head + 4..end] })
    }

    /// The same, bounded in time.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<Answer<'_>> {
        tokio::time::timeout(PATIENCE, self.exchange(request)).await.context("no answer")?
    }
}

impl Answer<'_> {
    /// The value of a header, named in lower case.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = String::from_utf8_lossy(self.head);
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }
}

/// A POST of JSON to `/graphql`.
pub fn post(json: &str) -> Vec<u8> {
    post_with(json, "")
}

/// The same with more header lines, each ended by a line break.
pub fn post_with(json: &str, more: &str) -> Vec<u8> {
    let length = json.len();
    format!(
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n{more}\r\n{json}"
    )
    .into_bytes()
}

/// A request without a body, with more header lines, each ended by a line break.
pub fn bare(method: &str, path: &str, more: &str) -> Vec<u8> {
    format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n{more}\r\n").into_bytes()
}

/// What every answer must be, or the figure is worth nothing.
#[derive(Clone, Copy)]
pub enum Expected {
    /// 200 with so many bytes.
    Bytes(usize),
    /// 304.
    NotModified,
    /// 200 without `errors`.
    NoErrors,
}

impl Expected {
    /// Fails when the answer is another one.
    pub fn check(self, answer: Answer) -> anyhow::Result<()> {
        let is_met = match self {
            Self::Bytes(length) => answer.status == 200 && answer.body.len() == length,
            Self::NotModified => answer.status == 304,
            Self::NoErrors => answer.status == 200 && find(answer.body, b"\"errors\"").is_none(),
        };
        anyhow::ensure!(is_met, "an answer of {}: {}", answer.status, String::from_utf8_lossy(answer.body));
        Ok(())
    }
}

/// So many connections exchange one request after the other for this long; how many exchanges that were, and how long it
/// really was.
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
    let total = tokio::time::timeout(time + PATIENCE, counts).await.context("answers are missing")??;
    Ok((total, begun.elapsed()))
}

/// The whole length of an answer, as soon as its head is there.
pub fn length(received: &[u8]) -> Option<usize> {
    let head = find(received, b"\r\n\r\n")?;
    Some(head + 4 + content_length(&received[..head]).unwrap_or(0))
}

/// Where `needle` begins in `hay`.
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

fn status(received: &[u8]) -> anyhow::Result<u16> {
    Ok(std::str::from_utf8(received.get(9..12).context("no status")?)?.parse()?)
}

/// hyper writes names in lower case.
fn content_length(head: &[u8]) -> anyhow::Result<usize> {
    let name = b"\r\ncontent-length: ";
    let at = find(head, name).context("no content-length")? + name.len();
    let digits = head[at..].iter().take_while(|byte| byte.is_ascii_digit());
    Ok(digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0')))
}
