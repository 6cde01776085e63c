//! Every way in which a page may ask, and what it may do: method × transport × content type × origin × cookie × operation.
//! What is expected is worked out here by a rule of its own; what was executed is seen in the answer and in the database.

use std::{collections::BTreeMap, net::SocketAddr};

use futures_util::{SinkExt, StreamExt, stream};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use super::{Client, TestDatabase, client::split, client::with, ledger};

const PUBLIC: &str = "http://taxes.example.org";
const ALLOWED: &str = "https://app.example.net";

/// What the server must be told for this table.
pub const FLAGS: [&str; 5] = [
    "--public-url=http://taxes.example.org",
    "--allowed-origins=https://app.example.net",
    "--legacy-websocket=on",
    "--submission-rate=off",
    "--network-submission-rate=off",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transport {
    Json,
    Events,
    Parts,
    WebSocket,
    LegacyWebSocket,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Public,
    Viewer,
    Mutation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sender {
    Own,
    Allowed,
    Foreign,
}

#[derive(Debug, Clone)]
struct Page {
    origin: Option<String>,
    site: Option<&'static str>,
    sender: Sender,
}

#[derive(Debug, Clone)]
struct Case {
    /// From 1; also what a mutation gives to the first category, in basis points, so that its row tells whose it is.
    number: i64,
    method: Method,
    transport: Transport,
    content_type: Option<&'static str>,
    page: Page,
    cookie: Option<String>,
    has_valid_cookie: bool,
    operation: Operation,
}

/// What came back.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    status: Option<u16>,
    /// The operation's result: its data, or the code of its error. Nothing where there is no body.
    result: Option<Result<Value, String>>,
    /// `access-control-allow-origin` and `-credentials`.
    cors: Option<(String, bool)>,
}

impl Case {
    fn query(&self) -> String {
        match self.operation {
            Operation::Public => "{ budgets { slug } }".to_owned(),
            Operation::Viewer => "{ viewer { participant } }".to_owned(),
            Operation::Mutation => {
                let percent = |basis_points: i64| format!("{}.{:02}", basis_points / 100, basis_points % 100);
                format!(
                    "mutation {{ submitAllocation(input: {{ budget: \"federal\", shares: [
                       {{ category: \"healthcare\", percent: {} }}, {{ category: \"education\", percent: {} }}
                     ] }}) {{ submission {{ budget {{ slug }} }} }} }}",
                    percent(self.number),
                    percent(10_000 - self.number),
                )
            }
        }
    }

    /// The operation as the executor's rules have it; `participant` is whom the valid cookie names.
    fn result(&self, participant: &Value) -> Result<Value, String> {
        let known = self.has_valid_cookie && self.page.sender != Sender::Foreign;
        match self.operation {
            Operation::Public => Ok(json!({ "budgets": [{ "slug": "federal" }] })),
            Operation::Viewer if known => Ok(json!({ "viewer": { "participant": participant } })),
            Operation::Viewer => Ok(json!({ "viewer": { "participant": null } })),
            Operation::Mutation if self.page.sender == Sender::Foreign => Err("FORBIDDEN".to_owned()),
            Operation::Mutation => {
                Ok(json!({ "submitAllocation": { "submission": { "budget": { "slug": "federal" } } } }))
            }
        }
    }

    fn expected(&self, participant: &Value) -> Seen {
        let cors = match self.page.sender {
            Sender::Allowed => (ALLOWED.to_owned(), true),
            Sender::Own | Sender::Foreign => ("*".to_owned(), false),
        };
        let seen = |status: u16, result| Seen { status: Some(status), result, cors: Some(cors.clone()) };
        match self.transport {
            // Not offered to pages that may only read.
            Transport::LegacyWebSocket if self.page.sender == Sender::Foreign => {
                Seen { status: None, result: None, cors: None }
            }
            Transport::WebSocket | Transport::LegacyWebSocket => {
                Seen { status: None, result: Some(self.result(participant)), cors: None }
            }
            Transport::Json | Transport::Events | Transport::Parts => {
                let changes_by_link =
                    self.operation == Operation::Mutation && [Method::GET, Method::HEAD].contains(&self.method);
                let bad = || Some(Err("BAD_USER_INPUT".to_owned()));
                let result = || Some(self.result(participant));
                match self.method {
                    Method::OPTIONS => seen(204, None),
                    Method::HEAD if changes_by_link => seen(405, None),
                    Method::GET if changes_by_link => seen(405, bad()),
                    Method::HEAD => seen(200, None),
                    Method::POST if self.content_type != Some("application/json") => seen(415, bad()),
                    _ if self.result(participant).is_err() && self.transport == Transport::Json => seen(403, result()),
                    _ => seen(200, result()),
                }
            }
        }
    }

    fn is_stored(&self) -> bool {
        let is_sent = match self.transport {
            Transport::WebSocket | Transport::LegacyWebSocket => true,
            _ => self.method == Method::POST && self.content_type == Some("application/json"),
        };
        self.operation == Operation::Mutation && self.page.sender != Sender::Foreign && is_sent
    }

    async fn run(&self, http: &reqwest::Client, address: SocketAddr) -> Seen {
        match self.transport {
            Transport::Json => self.over_http(http, format!("http://{address}/graphql"), "application/json").await,
            Transport::Events => {
                self.over_http(http, format!("http://{address}/graphql/stream"), "text/event-stream").await
            }
            Transport::Parts => self.over_http(http, format!("http://{address}/graphql"), "multipart/mixed").await,
            Transport::WebSocket => {
                self.over_socket(address, "/graphql/ws", "graphql-transport-ws", "subscribe", "next").await
            }
            Transport::LegacyWebSocket => self.over_socket(address, "/graphql", "graphql-ws", "start", "data").await,
        }
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let site = self.page.site.map(str::to_owned);
        let all = [("origin", self.page.origin.clone()), ("sec-fetch-site", site), ("cookie", self.cookie.clone())];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    async fn over_http(&self, http: &reqwest::Client, url: String, accept: &str) -> Seen {
        let mut request = http.request(self.method.clone(), url).header("accept", accept);
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        if let Some(kind) = self.content_type {
            request = request.header("content-type", kind);
        }
        request = if self.method == Method::POST {
            request.body(json!({ "query": self.query() }).to_string())
        } else {
            request.query(&[("query", self.query())])
        };
        let response = request.send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let credentials = header("access-control-allow-credentials").is_some_and(|value| value == "true");
        let cors = header("access-control-allow-origin").map(|origin| (origin, credentials));
        let status = response.status();
        let body = response.text().await.unwrap();
        if status == StatusCode::METHOD_NOT_ALLOWED && self.method != Method::HEAD {
            assert!(body.contains("GET is for"), "{body}");
        }
        // Bare, after `data: ` in an event, or as the `payload` of a part.
        let json = body.lines().map(|line| line.strip_prefix("data: ").unwrap_or(line));
        let json = json.filter(|line| line.starts_with('{')).find_map(|line| serde_json::from_str::<Value>(line).ok());
        let result = json.map(|json| result_of(json.get("payload").unwrap_or(&json)));
        Seen { status: Some(status.as_u16()), result, cors }
    }

    async fn over_socket(
        &self,
        address: SocketAddr,
        path: &str,
        protocol: &'static str,
        begin: &str,
        next: &str,
    ) -> Seen {
        let nothing = Seen { status: None, result: None, cors: None };
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        for (name, value) in self.headers().into_iter().chain([("sec-websocket-protocol", protocol.to_owned())]) {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let stream = TcpStream::connect(address).await.unwrap();
        let Ok((mut socket, _)) = client_async(request, stream).await else { return nothing };
        let payload = json!({ "query": self.query() });
        for message in [json!({ "type": "connection_init" }), json!({ "type": begin, "id": "1", "payload": payload })] {
            socket.send(Message::text(message.to_string())).await.unwrap();
        }
        while let Some(Ok(message)) = tokio::time::timeout(super::TIMEOUT, socket.next()).await.unwrap() {
            let Message::Text(text) = message else { continue };
            let message: Value = serde_json::from_str(&text).unwrap();
            if message["type"] == next {
                return Seen { result: Some(result_of(&message["payload"])), ..nothing };
            }
            if message["type"] == "error" {
                return Seen { result: Some(result_of(&json!({ "errors": message["payload"] }))), ..nothing };
            }
        }
        nothing
    }
}

fn result_of(response: &Value) -> Result<Value, String> {
    match response["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => Err(code.to_owned()),
        None => Ok(response["data"].clone()),
    }
}

fn pages(address: SocketAddr) -> Vec<Page> {
    use Sender::{Allowed, Foreign, Own};
    let page = |origin: Option<String>, site, sender| Page { origin, site, sender };
    let from = |origin: &str, sender| page(Some(origin.to_owned()), None, sender);
    vec![
        page(None, None, Own),
        page(None, Some("cross-site"), Foreign),
        from(&format!("http://{address}"), Own),
        from(PUBLIC, Own),
        from(ALLOWED, Allowed),
        from("http://evil.taxes.example.org", Foreign),
        from("http://127.0.0.1:1", Foreign),
        from("https://evil.test", Foreign),
        from("null", Foreign),
    ]
}

fn cases(address: SocketAddr, valid: &str) -> Vec<Case> {
    use Transport::{Events, Json, LegacyWebSocket, Parts, WebSocket};
    let types = [
        Some("application/json"),
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        None,
    ];
    let mut ways = Vec::new();
    for transport in [Json, Events, Parts] {
        for method in [Method::GET, Method::POST, Method::OPTIONS, Method::HEAD] {
            ways.extend(types.map(|content_type| (method.clone(), transport, content_type)));
        }
    }
    ways.extend([WebSocket, LegacyWebSocket].map(|transport| (Method::GET, transport, None)));
    // One character of the signature is another one.
    let forged = valid.replacen("participant=", "participant=A", 1);
    let mut cases = Vec::new();
    for (method, transport, content_type) in ways {
        for page in pages(address) {
            for cookie in [None, Some(valid), Some(forged.as_str())] {
                for operation in [Operation::Public, Operation::Viewer, Operation::Mutation] {
                    cases.push(Case {
                        number: i64::try_from(cases.len()).unwrap() + 1,
                        method: method.clone(),
                        transport,
                        content_type,
                        page: page.clone(),
                        cookie: cookie.map(str::to_owned),
                        has_valid_cookie: cookie == Some(valid),
                        operation,
                    });
                }
            }
        }
    }
    cases
}

/// Tries every case at a server that was started with [`FLAGS`], or at the proxy before it, on an empty database.
pub async fn check(address: SocketAddr, database: &TestDatabase) {
    let client = Client::new(address);
    let remembered = with(split(0.0), json!({ "remember": true }));
    let body = json!({ "query": super::client::SUBMIT, "variables": { "input": remembered } });
    let response = client.http.post(client.url("/graphql")).json(&body).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let viewer = client.data("{ viewer { participant } }", Value::Null).await;
    let participant = &viewer["viewer"]["participant"];
    assert!(participant.is_string(), "{viewer}");

    let cases = cases(address, &cookie);
    assert!(cases.len() < 10_000, "each has a share of its own");
    let http = reqwest::Client::new();
    let seen: Vec<_> = stream::iter(&cases).map(|case| case.run(&http, address)).buffered(16).collect().await;
    let wrong: Vec<String> = cases
        .iter()
        .zip(&seen)
        .filter(|(case, seen)| **seen != case.expected(participant))
        .map(|(case, seen)| format!("{case:?}\n  seen {seen:?}\n  expected {:?}", case.expected(participant)))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} cases, such as\n{}",
        wrong.len(),
        cases.len(),
        wrong[..wrong.len().min(5)].join("\n")
    );

    let stored = ledger::texts(
        database,
        "SELECT CAST(shares AS text) || CASE WHEN participant_id IS NULL THEN ' nobody' ELSE ' known' END FROM submission",
    );
    let stored: BTreeMap<i64, String> = stored
        .await
        .into_iter()
        .map(|row| {
            let number = row.trim_start_matches('[').split([',', ' ']).next().unwrap().parse().unwrap();
            (number, row.rsplit_once(' ').unwrap().1.to_owned())
        })
        .filter(|(number, _)| *number > 0)
        .collect();
    let expected: BTreeMap<i64, String> = cases
        .iter()
        .filter(|case| case.is_stored())
        .map(|case| (case.number, if case.has_valid_cookie { "known" } else { "nobody" }.to_owned()))
        .collect();
    assert!(!expected.is_empty());
    assert_eq!(stored, expected, "by case");
}
