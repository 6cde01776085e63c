//! Parsers of input from clients, each as one function of arbitrary bytes. A function panics if the parser breaks its
//! guarantees. `src/bin/` runs them with libFuzzer, and the tests run them with every file of `corpus/`.

use std::{net::IpAddr, num::NonZeroU32, sync::LazyLock};

use base64::{Engine, engine::general_purpose::STANDARD};
use ipnet::IpNet;
use serde_json::{Value, json};
use taxbudget::{
    domain::{
        allocation::{Allocation, RequestedShare},
        budget::{Budget, BudgetId, BudgetStatus, Category, Participation},
        network::ClientAddress,
    },
    engine::{GraphQLParams, fuzzing::validate},
    http::fuzzing::{
        ClientMessage, client_address, close_reason, complete, error, in_json, in_url, next, next_prefix, pong,
    },
    service::proof_of_work::ProofOfWork,
};

/// Parses a GraphQL request as a body. If that succeeds, the same request must parse from a URL too.
pub fn request(data: &[u8]) {
    if let Ok(text) = str::from_utf8(data) {
        // Arbitrary text as a URL only has to end without a panic.
        let _ = in_url(Some(text));
    }
    let params = match in_json(data) {
        Ok(params) => params,
        Err(response) => return assert!(response.status().is_client_error(), "{}", response.status()),
    };
    let url = in_url_parameters(&params);
    let again = in_url(Some(&url)).unwrap_or_else(|response| panic!("{} of {url}", response.status()));
    // A number with a fraction may be parsed as the neighbouring float.
    if !params.variables.as_ref().is_some_and(|variables| variables.values().any(has_fraction)) {
        assert_eq!(params.key(), again.key(), "{url}");
    }
}

fn in_url_parameters(params: &GraphQLParams) -> String {
    let mut url = form_urlencoded::Serializer::new(String::new());
    if let Some(query) = &params.query {
        url.append_pair("query", query);
    }
    if let Some(name) = &params.operation_name {
        url.append_pair("operationName", name);
    }
    if let Some(variables) = &params.variables {
        url.append_pair("variables", &Value::Object(variables.clone()).to_string());
    }
    if let Some(persisted) = params.extensions.as_ref().and_then(|extensions| extensions.persisted_query.as_ref()) {
        let persisted = json!({ "version": persisted.version, "sha256Hash": persisted.sha256_hash });
        url.append_pair("extensions", &json!({ "persistedQuery": persisted }).to_string());
    }
    url.finish()
}

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(values) => values.iter().any(has_fraction),
        Value::Object(values) => values.values().any(has_fraction),
        _ => false,
    }
}

/// Checks a GraphQL document, with the JSON of its variables after a zero byte, against the limits and async-graphql's
/// rules, up to the point of execution. libFuzzer watches time and memory.
pub fn document(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let Some(Ok(query)) = parts.next().map(|query| String::from_utf8(query.to_vec())) else { return };
    let variables = parts.next().and_then(|variables| serde_json::from_slice(variables).ok());
    let answer = validate(GraphQLParams { query: Some(query), variables, ..GraphQLParams::default() });
    let answer: Value = serde_json::from_slice(&answer).expect("an answer is JSON");
    let errors = answer.get("errors").map(|errors| errors.as_array().expect("errors are a list"));
    if let Some(errors) = errors {
        assert!(!errors.is_empty() && errors.iter().all(|error| error["message"].is_string()), "{answer}");
    } else {
        assert_eq!(answer, json!({ "data": null }), "nothing was executed");
    }
}

/// Parses a message of `graphql-transport-ws`, and checks the responses.
pub fn message(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let read = |answer: &str| serde_json::from_str::<Value>(answer).unwrap_or_else(|error| panic!("{error}: {answer}"));
    match ClientMessage::read(text) {
        Ok(ClientMessage::Subscribe { id, .. } | ClientMessage::Complete { id }) => {
            assert!(!id.is_empty(), "{text}");
            for answer in [complete(&id), next(&next_prefix(&id), "{\"data\":null}"), error(&id, b"[]")] {
                assert_eq!(read(&answer)["id"], *id, "{text}");
            }
        }
        Ok(ClientMessage::Ping(payload)) => {
            assert_eq!(read(&pong(payload.as_deref()))["type"], "pong", "{text}");
        }
        Ok(ClientMessage::ConnectionInit(_) | ClientMessage::Pong) => {}
        Err(reason) => {
            let reason = close_reason(&reason);
            assert!(!reason.is_empty() && reason.len() <= 123, "a close frame holds 123 bytes: {reason}");
        }
    }
}

/// Parses a digit that chooses the peer, and then one value of `X-Forwarded-For` a line.
pub fn forwarded(data: &[u8]) {
    const PEERS: [&str; 4] = ["10.0.0.1", "192.0.2.1", "::ffff:10.0.0.1", "fd00::1"];
    let Some((choice, data)) = data.split_first() else { return };
    let peer: IpAddr = PEERS[usize::from(*choice) % PEERS.len()].parse().expect("an address");
    let trusted: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().expect("a network")).into();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address.to_canonical()));
    let values: Vec<&[u8]> = data.split(|byte| *byte == b'\n').collect();
    let client = client_address(peer, &values, &trusted);
    if !is_trusted(peer) {
        assert_eq!(client, peer, "a stranger's word counts for nothing");
    }
    if !is_trusted(client) {
        // The client itself wrote any hops before its own address, so they must not change the result.
        let forged: Vec<&[u8]> = [&b"203.0.113.9"[..]].into_iter().chain(values).collect();
        assert_eq!(client_address(peer, &forged, &trusted), client);
    }
}

/// Parses an allocation to submit: a line for each share, `key=per cent`.
pub fn allocation(data: &[u8]) {
    static BUDGET: LazyLock<Budget> = LazyLock::new(budget);
    let Ok(text) = str::from_utf8(data) else { return };
    let requested: Vec<RequestedShare> = text
        .lines()
        .map(|line| {
            let (category, percent) = line.split_once('=').unwrap_or((line, ""));
            RequestedShare { category: category.to_owned(), percent: percent.to_owned() }
        })
        .collect();
    match Allocation::new(&BUDGET, &requested) {
        Ok(allocation) => {
            let shares = allocation.shares();
            assert_eq!(shares.len(), BUDGET.categories.len());
            assert!(shares.iter().all(|share| share.basis_points() <= 10_000), "{shares:?}");
            assert_eq!(shares.iter().map(|share| u32::from(share.basis_points())).sum::<u32>(), 10_000);
            let reversed: Vec<RequestedShare> = requested.into_iter().rev().collect();
            assert_eq!(Allocation::new(&BUDGET, &reversed).as_ref(), Ok(&allocation), "the order tells nothing");
            let written = BUDGET
                .keys()
                .zip(shares)
                .map(|(key, share)| RequestedShare { category: key.to_owned(), percent: share.to_string() });
            let written: Vec<RequestedShare> = written.collect();
            assert_eq!(Allocation::new(&BUDGET, &written).as_ref(), Ok(&allocation), "as it is shown");
        }
        Err(violations) => {
            assert!(!violations.is_empty() && violations.len() <= 2 * BUDGET.categories.len(), "{violations:?}");
            for violation in violations {
                assert!(!violation.path.is_empty() && !violation.rule.is_empty(), "{violation:?}");
                assert!((1..1_000).contains(&violation.message.len()), "{violation:?}");
            }
        }
    }
}

fn budget() -> Budget {
    let category = |(position, key): (i32, &str)| Category {
        id: i64::from(position),
        key: key.to_owned(),
        label: key.to_owned(),
        description: String::new(),
        color: "#000000".to_owned(),
        position,
        actual: None,
    };
    Budget {
        id: BudgetId(1),
        slug: "sample".to_owned(),
        title: "Sample".to_owned(),
        description: None,
        currency: "USD".to_owned(),
        total_amount: None,
        status: BudgetStatus::Open,
        participation: Participation::Open,
        visibility: taxbudget::domain::visibility::ResultVisibility::Always,
        category_order: taxbudget::domain::visibility::CategoryOrder::Fixed,
        opens_at: None,
        closes_at: None,
        time_zone: "UTC".to_owned(),
        paused_at: None,
        archived_at: None,
        version: 1,
        updated_at: None,
        updated_by: None,
        publish_every: taxbudget::domain::publish_every::PublishEvery::ONE,
        retention: None,
        categories: (0..).zip(["a", "b", "c", "d", "health-care"]).map(category).collect(),
    }
}

/// Verifies a solution: the bytes as text, and as the JSON inside the base64 of a payload. Whoever does not know the
/// server's secret cannot write one that is accepted.
pub fn solution(data: &[u8]) {
    static VERIFIER: LazyLock<ProofOfWork> =
        LazyLock::new(|| ProofOfWork::new(&[7; 32], Some(&[8; 32]), NonZeroU32::MIN));
    let address = ClientAddress::new(IpAddr::from([192, 0, 2, 1]));
    let accepts = |text: &str| VERIFIER.verify(text, address, BudgetId(1)).is_ok();
    assert!(!accepts(&String::from_utf8_lossy(data)));
    assert!(!accepts(&STANDARD.encode(data)));
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path, time::Instant};

    use super::*;

    /// A file that takes longer counts as a failure, on any machine.
    const TIMEOUT_SECONDS: u64 = 10;

    fn replay(target: &str, run: fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
        let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(files.len() >= 10, "{} has {} files", folder.display(), files.len());
        for file in files {
            println!("{}", file.display());
            let started = Instant::now();
            run(&fs::read(&file).unwrap());
            assert!(started.elapsed().as_secs() < TIMEOUT_SECONDS, "{} took {:?}", file.display(), started.elapsed());
        }
    }

    #[test]
    fn requests_of_the_corpus_keep_their_promises() {
        replay("request", request);
    }

    #[test]
    fn documents_of_the_corpus_keep_their_promises() {
        replay("document", document);
    }

    #[test]
    fn messages_of_the_corpus_keep_their_promises() {
        replay("message", message);
    }

    #[test]
    fn forwarded_addresses_of_the_corpus_keep_their_promises() {
        replay("forwarded", forwarded);
    }

    #[test]
    fn solutions_of_the_corpus_keep_their_promises() {
        replay("solution", solution);
    }

    #[test]
    fn allocations_of_the_corpus_keep_their_promises() {
        replay("allocation", allocation);
    }
}
