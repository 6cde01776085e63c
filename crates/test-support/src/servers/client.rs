//! A GraphQL client over HTTP that keeps cookies, as a browser would.

use std::net::SocketAddr;

use reqwest::header::HeaderName;
use serde_json::{Value, json};

use super::eventually;

pub const SUBMIT: &str = "mutation ($input: SubmitAllocationInput!) {
  submitAllocation(input: $input) {
    submission { id submittedAt counted budget { slug } shares { percent category { key } } }
    replaced { id counted }
  }
}";

pub const SIGN_IN: &str = "mutation ($input: SignInInput!) { signIn(input: $input) { needsTotp me { id name role } } }";

/// One visitor.
#[derive(Clone)]
pub struct Client {
    pub address: SocketAddr,
    pub http: reqwest::Client,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, http: reqwest::Client::builder().cookie_store(true).build().unwrap() }
    }

    /// A visitor without cookies who sends this header with everything.
    pub fn with_header(address: SocketAddr, name: &'static str, value: &str) -> Self {
        let headers = [(HeaderName::from_static(name), value.parse().unwrap())].into_iter().collect();
        Self { address, http: reqwest::Client::builder().default_headers(headers).build().unwrap() }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The whole response to an operation, with `data` and `errors`; `Err` when there was none.
    pub async fn try_send(&self, query: &str, variables: Value) -> Result<Value, reqwest::Error> {
        let body = json!({ "query": query, "variables": variables });
        self.http.post(self.url("/graphql")).json(&body).send().await?.json().await
    }

    pub async fn send(&self, query: &str, variables: Value) -> Value {
        self.try_send(query, variables).await.unwrap()
    }

    /// The `data` of an operation that must not fail.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let response = self.send(query, variables).await;
        assert_eq!(response.get("errors"), None, "{response}");
        response["data"].clone()
    }

    /// The first error of an operation that must fail.
    pub async fn error(&self, query: &str, variables: Value) -> Value {
        let response = self.send(query, variables).await;
        assert!(response["errors"][0].is_object(), "{response}");
        response["errors"][0].clone()
    }

    /// The whole response of the organisers' desk to an operation.
    pub async fn desk(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        self.http.post(self.url("/admin/graphql")).json(&body).send().await.unwrap().json().await.unwrap()
    }

    /// The `data` of an operation at the desk that must not fail.
    pub async fn desk_data(&self, query: &str, variables: Value) -> Value {
        let response = self.desk(query, variables).await;
        assert_eq!(response.get("errors"), None, "{response}");
        response["data"].clone()
    }

    /// The first error of an operation at the desk that must fail.
    pub async fn desk_error(&self, query: &str, variables: Value) -> Value {
        let response = self.desk(query, variables).await;
        assert!(response["errors"][0].is_object(), "{response}");
        response["errors"][0].clone()
    }

    /// The whole response of the desk to signing in.
    pub async fn sign_in(&self, name: &str, password: &str, totp: Option<&str>) -> Value {
        let input = json!({ "name": name, "password": password, "totp": totp });
        self.desk(SIGN_IN, json!({ "input": input })).await
    }

    /// Hands in an allocation; the whole response.
    pub async fn try_submit(&self, input: Value) -> Result<Value, reqwest::Error> {
        self.try_send(SUBMIT, json!({ "input": input })).await
    }

    /// Hands in an allocation; the payload.
    pub async fn submit(&self, input: Value) -> Value {
        self.data(SUBMIT, json!({ "input": input })).await["submitAllocation"].clone()
    }

    /// Hands in an allocation that must be refused; the error.
    pub async fn refused(&self, input: Value) -> Value {
        self.error(SUBMIT, json!({ "input": input })).await
    }

    /// Waits until the server has reached its Redis, where it has one: it starts without waiting for it.
    pub async fn bus_is_up(&self) {
        eventually("the bus is connected", || async {
            let ready = self.http.get(self.url("/readyz")).send().await.unwrap().text().await.unwrap();
            (!ready.contains("\"bus\":\"away\"")).then_some(())
        })
        .await;
    }

    /// A value of `/metrics`, all labels of it together.
    pub async fn metric(&self, name: &str) -> i64 {
        self.find_metric(name).await.unwrap_or_else(|text| panic!("there is no {name} in:\n{text}"))
    }

    /// The same of a counter whose labels appear when it first counts.
    pub async fn metric_or_zero(&self, name: &str) -> i64 {
        self.find_metric(name).await.unwrap_or(0)
    }

    /// `Err` with all metrics where none has this name.
    async fn find_metric(&self, name: &str) -> Result<i64, String> {
        let text = self.http.get(self.url("/metrics")).send().await.unwrap().text().await.unwrap();
        let lines = text.lines().filter_map(|line| line.strip_prefix(name)?.rsplit_once(' '));
        let values: Vec<i64> = lines.map(|(_, value)| value.parse().unwrap()).collect();
        if values.is_empty() { Err(text) } else { Ok(values.iter().sum()) }
    }

    /// Waits until a value of `/metrics` is this.
    pub async fn metric_is(&self, name: &str, expected: i64) {
        eventually(&format!("{name} is {expected}"), || async { (self.metric(name).await == expected).then_some(()) })
            .await;
    }

    /// Waits until nothing is left of sockets, streams, and what ran for them.
    pub async fn everybody_left(&self) {
        for gauge in ["taxbudget_open_streams", "taxbudget_socket_operations", "taxbudget_shared_subscriptions"] {
            self.metric_is(gauge, 0).await;
        }
    }

    pub async fn aggregate(&self) -> Value {
        let query = "{ budget(slug: \"federal\") { aggregate { revision version asOf source stale participantCount
            submissionCount categories { category { key } averagePercent medianPercent zeroCount } } } }";
        self.data(query, Value::Null).await["budget"]["aggregate"].clone()
    }

    /// Waits until so many participants and submissions are published; the aggregate.
    pub async fn aggregate_of(&self, participants: i64, submissions: i64) -> Value {
        eventually(&format!("{participants} participants and {submissions} submissions are published"), || async {
            let aggregate = self.aggregate().await;
            let reached = aggregate["participantCount"] == participants && aggregate["submissionCount"] == submissions;
            reached.then_some(aggregate)
        })
        .await
    }
}

/// Input that gives everything to `healthcare` and `education`, in per cent for the first.
pub fn split(healthcare: f64) -> Value {
    json!({ "budget": "federal", "shares": [
        { "category": "healthcare", "percent": healthcare },
        { "category": "education", "percent": (10_000.0 - healthcare * 100.0).round() / 100.0 },
    ] })
}

/// The same with more fields.
pub fn with(mut input: Value, fields: Value) -> Value {
    let Value::Object(fields) = fields else { panic!("not an object: {fields}") };
    input.as_object_mut().unwrap().extend(fields);
    input
}
