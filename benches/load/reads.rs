//! The aggregate query, against a handler that responds with the same bytes without reading the request.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use serde_json::{Value, json};

use crate::{
    figures::{median, micros},
    http::{self, Connection, Expected, hammer},
    million,
    report::{Report, heading, progress, table},
    server::Server,
    submission, usage,
};

const TURNS: usize = 5;
const TIME: Duration = Duration::from_millis(2500);
const WARM_UP: Duration = Duration::from_millis(500);
const CONNECTIONS: usize = 32;
/// A tenth of a million submissions of `simulate` is revisions.
const MANY: i64 = 890_000;
const QUERY: &str = "query Averages($budget: String!) { budget(slug: $budget) { aggregate { revision asOf \
    participantCount submissionCount categories { averagePercent medianPercent category { key label color } } } } }";

/// Three kinds of requests to one server.
struct Requests {
    post: Request,
    get: Request,
    /// Present where the server sends an entity tag.
    revalidate: Option<Request>,
    body: String,
}

/// The request's bytes and the expected response.
#[derive(Clone)]
struct Request {
    bytes: Arc<[Vec<u8>]>,
    expected: Expected,
}

/// The result of one turn.
#[derive(Clone, Copy)]
struct Turn {
    per_second: f64,
    /// Microseconds of the server's processor for one request.
    cpu: f64,
    /// The share of its processor that the load used. Near 1 the load was the bottleneck, and not the server.
    load: f64,
}

/// Both servers with one kind of request, turn by turn.
struct Row {
    name: String,
    floor: Vec<Turn>,
    ours: Vec<Turn>,
}

pub async fn measure(report: &mut Report) -> anyhow::Result<()> {
    heading("Reads: the aggregate with ten categories, 32 connections");
    let few = Server::embedded().await?;
    submission::submit(&few, 50).await?;
    let ours = Requests::of(&few).await?;
    let floor = Server::floor(&ours.body).await?;
    let mut rows = [Row::new("POST"), Row::new("GET"), Row::new("GET, 304")];
    turn(&floor, &ours.post, WARM_UP).await?;
    turn(&few, &ours.post, WARM_UP).await?;
    for number in 1..=TURNS {
        progress(&format!("reads, turn {number} of {TURNS}"));
        rows[0].floor.push(turn(&floor, &ours.post, TIME).await?);
        rows[0].ours.push(turn(&few, &ours.post, TIME).await?);
        let bare_get = turn(&floor, &ours.get, TIME).await?;
        rows[1].floor.push(bare_get);
        rows[1].ours.push(turn(&few, &ours.get, TIME).await?);
        if let Some(revalidate) = &ours.revalidate {
            rows[2].floor.push(bare_get);
            rows[2].ours.push(turn(&few, revalidate, TIME).await?);
        }
    }
    println!("   {} bytes of answer; median of {TURNS} turns; CPU is the server's, for one request", ours.body.len());
    table(&HEAD, &rows.iter().map(Row::cells).collect::<Vec<_>>());
    let [post, _, not_modified] = rows.map(|row| row.ratio_by_cpu());
    report.criterion("POST", "≥ 0.85 × floor at equal CPU", &ratio(post), Some(post >= 0.85));
    let holds = (!not_modified.is_nan()).then_some(not_modified >= 0.95);
    report.criterion("GET answered 304", "≥ 0.95 × floor at equal CPU", &ratio(not_modified), holds);
    drop(floor);
    with_a_million(report, &few).await
}

const HEAD: [&str; 8] =
    ["", "floor/s", "ours/s", "ratio", "floor CPU µs", "ours CPU µs", "at equal CPU", "load's CPU, floor/ours"];

async fn with_a_million(report: &mut Report, few: &Server) -> anyhow::Result<()> {
    let many = Server::on(&million::database().await?).await?;
    beside(report, few, &many).await
}

/// Measures a server with at least a million participants, in turns with one that has fifty.
pub async fn beside(report: &mut Report, few: &Server, many: &Server) -> anyhow::Result<()> {
    let (of_few, of_many) = (Requests::of(few).await?, Requests::of(many).await?);
    let answer: Value = serde_json::from_str(&of_many.body)?;
    let participants = answer["data"]["budget"]["aggregate"]["participantCount"].as_i64().unwrap_or_default();
    anyhow::ensure!(participants >= MANY, "only {participants} participants");
    let mut row = Row::new(&format!("POST, {participants} participants"));
    turn(many, &of_many.post, WARM_UP).await?;
    for number in 1..=TURNS {
        progress(&format!("reads with {participants} participants, turn {number} of {TURNS}"));
        row.floor.push(turn(few, &of_few.post, TIME).await?);
        row.ours.push(turn(many, &of_many.post, TIME).await?);
    }
    println!("\n   Here the floor is ours with 50 participants.");
    table(&HEAD, &[row.cells()]);
    let measured = row.ratio_by_cpu();
    report.criterion("POST with many participants", "≥ 0.95 × with 50", &ratio(measured), Some(measured >= 0.95));
    Ok(())
}

async fn turn(server: &Server, request: &Request, time: Duration) -> anyhow::Result<Turn> {
    let before = (server.cpu()?, usage::own_cpu()?);
    let (count, took) = hammer(server.address, CONNECTIONS, time, &request.bytes, request.expected).await?;
    Ok(Turn {
        per_second: count as f64 / took.as_secs_f64(),
        cpu: micros(server.cpu()?.saturating_sub(before.0)) / count as f64,
        load: (usage::own_cpu()?.saturating_sub(before.1)).as_secs_f64() / took.as_secs_f64(),
    })
}

impl Requests {
    /// Makes the requests for this server. Its current response is the expected one.
    async fn of(server: &Server) -> anyhow::Result<Self> {
        let variables = json!({ "budget": "federal" });
        let post = http::post(&json!({ "query": QUERY, "variables": variables }).to_string());
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let path = format!("/graphql?query={}&variables={}", encoded(QUERY), encoded(&variables.to_string()));
        let get = http::bare("GET", &path, "");
        let mut connection = Connection::open(server.address).await?;
        let body = String::from_utf8(connection.exchange_with_timeout(&post).await?.body.to_vec())
            .context("the answer is no text")?;
        anyhow::ensure!(body.contains("averagePercent") && !body.contains("\"errors\""), "answered: {body}");
        let answer = connection.exchange_with_timeout(&get).await?;
        anyhow::ensure!(answer.status == 200, "a GET was answered with {}", answer.status);
        let etag = answer.header("etag");
        let revalidate = etag.map(|etag| http::bare("GET", &path, &format!("if-none-match: {etag}\r\n")));
        let expected = Expected::Bytes(body.len());
        Ok(Self {
            post: Request { bytes: [post].into(), expected },
            get: Request { bytes: [get].into(), expected },
            revalidate: revalidate.map(|it| Request { bytes: [it].into(), expected: Expected::NotModified }),
            body,
        })
    }
}

impl Row {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), floor: Vec::new(), ours: Vec::new() }
    }

    fn ratio_by_rate(&self) -> f64 {
        median(self.floor.iter().zip(&self.ours).map(|(floor, ours)| ours.per_second / floor.per_second))
    }

    fn ratio_by_cpu(&self) -> f64 {
        median(self.floor.iter().zip(&self.ours).map(|(floor, ours)| floor.cpu / ours.cpu))
    }

    fn cells(&self) -> Vec<String> {
        if self.ours.is_empty() {
            return vec![self.name.clone(), "n/a: the server gives no entity tag".to_owned()];
        }
        let of = |turns: &[Turn], figure: fn(&Turn) -> f64| median(turns.iter().map(figure));
        vec![
            self.name.clone(),
            format!("{:.0}", of(&self.floor, |turn| turn.per_second)),
            format!("{:.0}", of(&self.ours, |turn| turn.per_second)),
            ratio(self.ratio_by_rate()),
            format!("{:.1}", of(&self.floor, |turn| turn.cpu)),
            format!("{:.1}", of(&self.ours, |turn| turn.cpu)),
            ratio(self.ratio_by_cpu()),
            format!("{:.0} % / {:.0} %", of(&self.floor, |it| it.load) * 100.0, of(&self.ours, |it| it.load) * 100.0),
        ]
    }
}

fn ratio(ratio: f64) -> String {
    if ratio.is_nan() { "n/a".to_owned() } else { format!("{ratio:.2}") }
}
