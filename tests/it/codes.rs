//! Participation by code: one code is one voice from any device, guesses are refused, and the database does not tell which
//! code gave which answer.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt, process::Stdio, sync::Arc};

use futures_util::{StreamExt, future::join_all, stream};
use serde_json::{Value, json};
use taxbudget::{
    domain::{
        allocation::RequestedShare,
        budget::{BudgetId, Participation},
        code::ParticipationCode,
        desk::Actor,
        network::ClientAddress,
    },
    service::{
        codes::keys::CodeKey,
        desk,
        intake::{StoreOutcome, store_batch},
        seal::Seal,
        submit,
    },
    store::{Store, submissions::NewSubmission},
};
use test_support::ledger::texts;
use uuid::Uuid;

use crate::support::{
    Client, TestApp, TestDatabase,
    client::{split, with},
    eventually, ledger,
    process::{ServerProcess, run},
    setting,
};

const SECRET: &str = "a-secret-for-tests-of-enough-length";
const REDEEM: &str = "mutation ($input: RedeemCodeInput!) {
  redeemCode(input: $input) { hasAnswered }
}";
/// Whole, with all that could tell somebody who has the code what was answered with it before.
const SUBMIT: &str = "mutation ($input: SubmitAllocationInput!) {
  submitAllocation(input: $input) { submission { id submittedAt shares { percent } } replaced { id } hasReplaced }
}";

/// Runs a command on a database, which must succeed; what it printed.
async fn done(database: &TestDatabase, arguments: &[&str]) -> String {
    let output = run(&[arguments, &["--database-url", &database.url]].concat()).await;
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command on a database, which must fail; its complaint.
async fn failed(database: &TestDatabase, arguments: &[&str]) -> String {
    let output = run(&[arguments, &["--database-url", &database.url]].concat()).await;
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A database whose budget is answered by code.
async fn database_by_code() -> Arc<TestDatabase> {
    let database = TestDatabase::create().await;
    done(&database, &["migrate"]).await;
    done(&database, &["budget", "set", "federal", "--participation=code"]).await;
    Arc::new(database)
}

async fn serve(database: &Arc<TestDatabase>, flags: &[&str]) -> TestApp {
    let prefix = format!("test-{}", Uuid::new_v4().simple());
    TestApp::start_with_database(Arc::clone(database), &prefix, flags).await
}

/// A server whose budget is answered by code.
async fn app_by_code(flags: &[&str]) -> TestApp {
    let app = serve(&database_by_code().await, flags).await;
    app.bus_is_up().await;
    app
}

/// New codes, as they are printed.
async fn create(database: &TestDatabase, count: u32) -> Vec<String> {
    create_with(database, count, SECRET).await
}

async fn create_with(database: &TestDatabase, count: u32, secret: &str) -> Vec<String> {
    let (count_flag, secret) = (format!("--count={count}"), format!("--secret={secret}"));
    let csv = done(database, &["codes", "create", "--budget=federal", &count_flag, &secret]).await;
    let codes: Vec<String> = csv.lines().skip(1).map(str::to_owned).collect();
    assert_eq!(codes.len(), usize::try_from(count).unwrap());
    codes
}

/// Submits with a code; the payload.
async fn submit(client: &Client, input: Value) -> Value {
    let payload = client.data(SUBMIT, json!({ "input": input })).await["submitAllocation"].clone();
    assert!(payload["replaced"].is_null(), "what was answered before is shown to nobody: {payload}");
    payload
}

fn coded(healthcare: f64, code: &str) -> Value {
    with(split(healthcare), json!({ "code": code }))
}

/// The rule that a refused submission breaks.
async fn broken_rule(client: &Client, input: Value) -> String {
    let error = client.refused(input).await;
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{error}");
    assert_eq!(error["extensions"]["violations"][0]["path"], "code", "{error}");
    error["extensions"]["violations"][0]["rule"].as_str().unwrap().to_owned()
}

/// The response to checking a code.
async fn redeem(client: &Client, code: &str) -> Value {
    client.send(REDEEM, json!({ "input": { "budget": "federal", "code": code } })).await
}

/// This code with one wrong character.
fn mistyped(code: &str) -> String {
    let other = if &code[3..4] == "7" { "4" } else { "7" };
    format!("{}{other}{}", &code[..3], &code[4..])
}

/// A code that passes its check and that nobody created.
fn guess() -> String {
    ParticipationCode::of_random(rand::random()).to_string()
}

#[tokio::test]
async fn each_of_ten_thousand_codes_counts_once_from_any_device_and_a_used_one_revises() {
    let app = app_by_code(&[]).await;
    let codes = create(&app.database, 10_000).await;
    assert_eq!(done(&app.database, &["codes", "count", "--budget=federal"]).await, "federal: 10000 codes\n");
    // Most of them by the service itself, because ten thousand requests of a test build take minutes.
    let budget = app.services.catalogue.visible("federal").await.unwrap().unwrap();
    let address = ClientAddress::new("192.0.2.1".parse().unwrap());
    let request = |code: &String| submit::Request {
        budget: budget.slug.clone(),
        shares: vec![RequestedShare { category: "healthcare".to_owned(), percent: "100".to_owned() }],
        idempotency_key: None,
        participant: None,
        remember: false,
        code: Some(code.clone()),
        challenge_solution: None,
        address,
    };
    stream::iter(&codes[..9_800])
        .map(|code| app.services.submissions.submit(request(code)))
        .buffered(256)
        .for_each(|(result, _)| async {
            let result = result.unwrap();
            assert!(!result.has_replaced && !result.is_replayed, "each was new");
        })
        .await;
    // A device is a client without anybody's cookies.
    let devices: Vec<Client> = (0..16).map(|_| app.client()).collect();
    let revise = |(index, code): (usize, &String)| {
        let (device, input) = (devices[index % devices.len()].clone(), coded(60.0, code));
        async move { submit(&device, input).await }
    };
    let used_again = codes.iter().enumerate().take(9_800).step_by(49);
    let again: Vec<Value> = stream::iter(used_again).map(revise).buffered(16).collect().await;
    assert!(again.len() == 200 && again.iter().all(|payload| payload["hasReplaced"] == true), "each revised");
    let rest: Vec<Value> = stream::iter(codes.iter().enumerate().skip(9_800)).map(revise).buffered(16).collect().await;
    assert!(rest.iter().all(|payload| payload["hasReplaced"] == false), "each was new");
    app.client().aggregate_of(10_000, 10_200).await;
    let numbers = ledger::assert_exact(&app.database).await;
    assert_eq!((numbers.participants, numbers.submissions), (10_000, 10_200));
    assert_eq!(numbers.categories["healthcare"].sum, 9_600 * 10_000 + 400 * 6_000);
}

#[tokio::test]
async fn one_code_used_at_the_same_moment_on_two_nodes_is_one_voice() {
    let app = app_by_code(&[]).await;
    let beside = app.start_beside(&[]).await;
    let codes = create(&app.database, 5).await;
    for code in &codes {
        let devices: Vec<Client> = (0..4).flat_map(|_| [app.client(), beside.client()]).collect();
        join_all(devices.iter().map(|device| device.submit(coded(40.0, code)))).await;
    }
    assert_eq!(ledger::assert_exact(&app.database).await.participants, 5);
    assert_eq!(app.database.integer("SELECT count(*) FROM ballot").await, 5);
}

#[tokio::test]
async fn the_code_alone_is_the_participant_and_cookies_play_no_role() {
    let database = database_by_code().await;
    let app = serve(&database, &[]).await;
    // Another budget, on which this browser is remembered.
    let store = Store::connect(&database.url).await.unwrap();
    let mut open = ledger::like(&ledger::budget(&store, "federal").await, "open");
    open.participation = Participation::Open;
    store.create_budget(&open).await.unwrap();
    store.close().await;
    app.services.catalogue.invalidate();
    let browser = app.client();
    let open_input = with(split(50.0), json!({ "budget": "open", "remember": true }));
    browser.submit(open_input).await;

    let codes = create(&database, 2).await;
    for (code, healthcare) in [(&codes[0], 20.0), (&codes[1], 40.0)] {
        let input = with(coded(healthcare, code), json!({ "remember": true }));
        assert_eq!(submit(&browser, input).await["hasReplaced"], false, "two people at one device are two voices");
    }
    let query = "{ viewer { submissions { nodes { budget { slug } } } } budget(slug: \"federal\") { viewerSubmission { id } } }";
    let seen = browser.data(query, Value::Null).await;
    assert_eq!(seen["viewer"]["submissions"]["nodes"], json!([{ "budget": { "slug": "open" } }]));
    assert!(seen["budget"]["viewerSubmission"].is_null());

    // A new browser gets no cookie either, also if it asks for one.
    let stranger = app.client();
    let body =
        json!({ "query": SUBMIT, "variables": { "input": with(coded(30.0, &codes[0]), json!({ "remember": true })) } });
    let response = stranger.http.post(stranger.url("/graphql")).json(&body).send().await.unwrap();
    assert!(response.headers().get("set-cookie").is_none());
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["data"]["submitAllocation"]["hasReplaced"], true, "{answer}");
    ledger::assert_exact(&database).await;
}

#[tokio::test]
async fn a_code_is_forgiven_its_spelling_and_a_typo_is_told_from_a_wrong_code() {
    let app = app_by_code(&[]).await;
    let code = create(&app.database, 1).await.remove(0);
    let client = app.client();
    submit(&client, coded(10.0, &code)).await;
    let plain = code.replace('-', "");
    for typed in [plain.clone(), plain.to_lowercase(), code.replace('-', " "), format!(" {} ", code.replace('-', "–"))]
    {
        assert_eq!(submit(&client, coded(20.0, &typed)).await["hasReplaced"], true, "{typed}");
    }
    for typo in [&mistyped(&code), &plain[1..], "", "K7QM-2XTR"] {
        assert_eq!(broken_rule(&client, coded(50.0, typo)).await, "CODE_FORMAT", "{typo}");
    }
    assert_eq!(broken_rule(&client, coded(50.0, &guess())).await, "CODE_UNKNOWN");
    assert_eq!(ledger::assert_exact(&app.database).await.participants, 1);
}

#[tokio::test]
async fn guesses_are_throttled_for_their_network_and_right_codes_and_typos_use_up_nothing() {
    let app = app_by_code(&["--trusted-proxies=127.0.0.0/8"]).await;
    let codes = create(&app.database, 100).await;
    let from = |address: &str| Client::with_header(app.address, "x-forwarded-for", address);
    let guesser = from("198.51.100.7");
    for code in &codes {
        guesser.submit(coded(50.0, code)).await;
        let typo = redeem(&guesser, &mistyped(code)).await;
        assert_eq!(typo["errors"][0]["extensions"]["violations"][0]["rule"], "CODE_FORMAT", "{typo}");
    }
    for _ in 0..30 {
        assert_eq!(broken_rule(&guesser, coded(50.0, &guess())).await, "CODE_UNKNOWN");
        let redeemed = redeem(&guesser, &guess()).await;
        assert_eq!(redeemed["errors"][0]["extensions"]["violations"][0]["rule"], "CODE_UNKNOWN", "{redeemed}");
    }
    for refused in [
        guesser.refused(coded(50.0, &guess())).await,
        redeem(&guesser, &guess()).await["errors"][0].clone(),
        // A right code too: otherwise the answer would tell which guess was right.
        guesser.refused(coded(50.0, &codes[0])).await,
    ] {
        assert_eq!(refused["extensions"]["code"], "RATE_LIMITED", "{refused}");
        let seconds = refused["extensions"]["retryAfterSeconds"].as_u64().unwrap();
        assert!((1..=60).contains(&seconds), "one guess a minute: {seconds}");
    }
    from("198.51.100.8").submit(coded(50.0, &codes[0])).await;
    assert_eq!(ledger::assert_exact(&app.database).await.participants, 100);
}

#[tokio::test]
async fn a_flood_of_guesses_at_the_same_moment_is_bounded_too() {
    let app = app_by_code(&[]).await;
    create(&app.database, 1).await;
    let client = app.client();
    let guesses: Vec<String> = (0..400).map(|_| guess()).collect();
    let answers = join_all(guesses.iter().map(|guess| redeem(&client, guess))).await;
    let looked_up =
        answers.iter().filter(|answer| answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT").count();
    assert!((60..=76).contains(&looked_up), "60, and at most 16 at the same moment: {looked_up}");
}

#[tokio::test]
async fn a_budget_by_code_demands_one_and_an_open_budget_takes_none() {
    let app = app_by_code(&[]).await;
    let client = app.client();
    assert_eq!(broken_rule(&client, split(50.0)).await, "CODE_REQUIRED");
    let too_much = json!({ "budget": "federal", "shares": [{ "category": "other", "percent": 101 }] });
    let error = client.refused(too_much).await;
    let rules: Vec<&Value> =
        error["extensions"]["violations"].as_array().unwrap().iter().map(|violation| &violation["rule"]).collect();
    assert!(rules.len() > 1 && rules[0] == "CODE_REQUIRED", "all at once: {error}");
    let shown = client.data("{ budget(slug: \"federal\") { participation } }", Value::Null).await;
    assert_eq!(shown["budget"]["participation"], "CODE");

    let open = TestApp::start().await;
    let client = open.client();
    assert_eq!(broken_rule(&client, coded(50.0, &guess())).await, "CODE_NOT_NEEDED");
    let redeemed = redeem(&client, &guess()).await;
    assert_eq!(redeemed["errors"][0]["extensions"]["violations"][0]["rule"], "CODE_NOT_NEEDED", "{redeemed}");
    let shown = client.data("{ budget(slug: \"federal\") { participation } }", Value::Null).await;
    assert_eq!(shown["budget"]["participation"], "OPEN");
    assert_eq!(open.database.integer("SELECT count(*) FROM submission").await, 0);
}

#[tokio::test]
async fn a_retry_with_its_key_returns_the_first_submission_of_the_code() {
    let app = app_by_code(&["--submission-rate=2/h", "--network-submission-rate=2/h"]).await;
    let codes = create(&app.database, 20).await;
    let keyed =
        |healthcare: f64, code: &str| with(coded(healthcare, code), json!({ "idempotencyKey": "one-key-for-all" }));
    let first = submit(&app.client(), keyed(40.0, &codes[0])).await;
    for _ in 0..4 {
        // The second of them uses up the code's allowance; the others are answered all the same.
        assert_eq!(submit(&app.client(), keyed(40.0, &codes[0])).await, first);
    }
    assert_eq!(app.client().refused(coded(50.0, &codes[0])).await["extensions"]["code"], "RATE_LIMITED");
    // The same key belongs to each code alone, and codes of one network have no common allowance.
    for code in &codes[1..] {
        assert_eq!(submit(&app.client(), keyed(40.0, code)).await["hasReplaced"], false);
    }
    let error = app.client().refused(keyed(50.0, &codes[1])).await;
    assert_eq!(error["extensions"]["violations"][0]["rule"], "KEY_TAKEN", "{error}");
    let numbers = ledger::assert_exact(&app.database).await;
    assert_eq!((numbers.participants, numbers.submissions), (20, 20));
}

#[tokio::test]
async fn who_has_a_code_learns_whether_it_was_used_and_not_what_was_answered() {
    let app = app_by_code(&[]).await;
    let codes = create(&app.database, 2).await;
    let client = app.client();
    let answered = |response: Value| response["data"]["redeemCode"]["hasAnswered"].clone();
    assert_eq!(answered(redeem(&client, &codes[0]).await), false);
    submit(&client, coded(10.0, &codes[0])).await;
    assert_eq!(answered(redeem(&app.client(), &codes[0].to_lowercase()).await), true);
    assert_eq!(submit(&app.client(), coded(20.0, &codes[0])).await["hasReplaced"], true);
    assert_eq!(answered(redeem(&client, &codes[1]).await), false);

    let input = json!({ "budget": "nowhere", "code": codes[0] });
    assert_eq!(client.error(REDEEM, json!({ "input": input })).await["extensions"]["code"], "NOT_FOUND");
    // Not by GET, and not by a page of another site.
    let variables = json!({ "input": { "budget": "federal", "code": codes[0] } }).to_string();
    let get = client.http.get(client.url("/graphql")).query(&[("query", REDEEM), ("variables", &variables)]);
    let get = get.header("accept", "application/json").send().await.unwrap();
    assert!(get.text().await.unwrap().contains("errors"));
    let foreign = Client::with_header(app.address, "origin", "https://elsewhere.example.org");
    assert_eq!(redeem(&foreign, &codes[0]).await["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

#[tokio::test]
async fn codes_go_on_to_be_the_same_voices_when_the_secret_rotates() {
    const OLD: &str = "the-secret-before-the-rotation-of-it";
    const NEW: &str = "the-secret-after-the-rotation-of-it";
    let database = database_by_code().await;
    let codes = create_with(&database, 3, OLD).await;
    let (old, new) = (format!("--secret={OLD}"), format!("--secret={NEW}"));
    let previous = format!("--previous-secret={OLD}");
    let before = serve(&database, &[&old]).await;
    submit(&before.client(), coded(10.0, &codes[0])).await;

    // Without the old secret the codes cannot be checked. They are neither refused as unknown nor counted anew.
    let alone = serve(&database, &[&new]).await;
    assert_eq!(alone.client().refused(coded(20.0, &codes[0])).await["extensions"]["code"], "INTERNAL");
    let complaint = failed(&database, &["codes", "create", "--budget=federal", "--count=1", &new]).await;
    assert!(complaint.contains("--previous-secret"), "{complaint}");
    alone.stop().await;

    let during = serve(&database, &[&new, &previous]).await;
    assert_eq!(submit(&during.client(), coded(20.0, &codes[0])).await["hasReplaced"], true);
    during.stop().await;
    before.stop().await;

    // The old secret is gone for good.
    let after = serve(&database, &[&new]).await;
    assert_eq!(submit(&after.client(), coded(30.0, &codes[0])).await["hasReplaced"], true);
    after.client().submit(coded(30.0, &codes[1])).await;
    let more = create_with(&database, 1, NEW).await;
    after.client().submit(coded(30.0, &more[0])).await;
    assert_eq!(ledger::assert_exact(&database).await.participants, 3);
    assert_eq!(done(&database, &["codes", "count", "--budget=federal"]).await, "federal: 4 codes\n");
}

#[tokio::test]
async fn who_may_answer_stays_as_it_is_once_there_are_submissions() {
    let database = database_by_code().await;
    let codes = create(&database, 1).await;
    done(&database, &["budget", "set", "federal", "--participation=open"]).await;
    done(&database, &["budget", "set", "federal", "--participation=code"]).await;
    let app = serve(&database, &[]).await;
    app.client().submit(coded(50.0, &codes[0])).await;
    let complaint = failed(&database, &["budget", "set", "federal", "--participation=open"]).await;
    assert!(complaint.contains("has submissions"), "{complaint}");
    done(&database, &["budget", "set", "federal", "--participation=code"]).await;
    let complaint = failed(&database, &["budget", "set", "nowhere", "--participation=open"]).await;
    assert!(complaint.contains("there is no budget \"nowhere\""), "{complaint}");
    assert_eq!(run(&["budget", "set", "federal"]).await.status.code(), Some(2), "nothing to change");
    let complaint = failed(&database, &["simulate", "--submissions=1"]).await;
    assert!(complaint.contains("have none"), "{complaint}");
}

#[tokio::test]
async fn a_submission_that_was_checked_before_the_switch_is_not_stored_after_it() {
    let app = TestApp::start().await;
    let store = Store::connect(&app.database.url).await.unwrap();
    let open = Arc::new(ledger::budget(&store, "federal").await);
    let change = json!({ "participation": "code" });
    assert_eq!(desk::budgets::set(&store, &Actor::Console, "federal", &change).await.unwrap(), "federal");
    let late = NewSubmission {
        id: Uuid::now_v7(),
        allocation: ledger::allocation(&[10_000, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        budget: open,
        participant: None,
        key_digest: None,
    };
    assert_eq!(store_batch(&store, &[late]).await.unwrap(), [StoreOutcome::BudgetChanged]);
    assert_eq!(app.database.integer("SELECT count(*) FROM submission").await, 0);
    store.close().await;
}

#[tokio::test]
async fn codes_are_written_once_to_a_file_of_its_owner_with_links_or_as_a_sheet() {
    let database = TestDatabase::create().await;
    done(&database, &["migrate"]).await;
    let secret = format!("--secret={SECRET}");
    let create = |more: &'static [&'static str]| {
        [&["codes", "create", "--budget=federal", "--count=12", &secret], more].concat()
    };
    let complaint = failed(&database, &create(&[])).await;
    assert!(complaint.contains("taxbudget budget set federal --participation code"), "{complaint}");
    done(&database, &["budget", "set", "federal", "--participation=code"]).await;
    assert!(failed(&database, &create(&["--format=html"])).await.contains("--url"));
    assert!(failed(&database, &create(&["--url=taxes.example.org"])).await.contains("https://"));
    assert_eq!(done(&database, &["codes", "count", "--budget=federal"]).await, "federal: 0 codes\n");

    let csv = done(&database, &create(&["--url=https://taxes.example.org/"])).await;
    let lines: Vec<(&str, &str)> = csv.lines().map(|line| line.split_once(',').unwrap()).collect();
    assert_eq!((lines[0], lines.len()), (("code", "link"), 13));
    for (code, link) in &lines[1..] {
        assert_eq!(*link, format!("https://taxes.example.org/b/federal#code={code}"));
        assert!(ParticipationCode::parse(code).is_ok(), "{code}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sheet.html");
    let output = format!("--output={}", path.display());
    let to_file = [create(&["--format=html", "--url=https://taxes.example.org"]).as_slice(), &[&output]].concat();
    assert_eq!(done(&database, &to_file).await, "");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let sheet = fs::read_to_string(&path).unwrap();
    assert_eq!((sheet.matches("<article>").count(), sheet.matches("<section>").count()), (12, 2));
    for language in ["en", "de", "es", "fr", "ar"] {
        assert_eq!(sheet.matches(&format!("<p lang=\"{language}\"")).count(), 12, "{language}");
    }
    assert!(!sheet.contains("src=") && !sheet.contains("@import") && !sheet.contains("url("), "it needs no other file");
    assert!(failed(&database, &to_file).await.contains("creating"), "a file with codes is never written over");
    assert_eq!(fs::read_to_string(&path).unwrap(), sheet);
    assert_eq!(done(&database, &["codes", "count", "--budget=federal"]).await, "federal: 24 codes\n");
    assert_eq!(run(&["codes", "create", "--budget=federal", "--count=0"]).await.status.code(), Some(2));
}

/// Every row of every table, as text by column; bytes and UUIDs in hexadecimal digits.
async fn everything(database: &TestDatabase) -> BTreeMap<String, Vec<Vec<(String, String)>>> {
    let tables = if database.is_postgres() {
        "SELECT CAST(table_name AS text) FROM information_schema.tables WHERE table_schema = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    };
    let mut all = BTreeMap::new();
    for table in texts(database, tables).await {
        let columns = if database.is_postgres() {
            format!(
                "SELECT CAST(column_name AS text) FROM information_schema.columns WHERE table_name = '{table}' ORDER BY ordinal_position"
            )
        } else {
            format!("SELECT name FROM pragma_table_info('{table}')")
        };
        let columns = texts(database, &columns).await;
        let value = |column: &String| {
            if database.is_postgres() {
                format!("COALESCE(CAST(\"{column}\" AS text), '')")
            } else {
                format!(
                    "CASE typeof(\"{column}\") WHEN 'blob' THEN lower(hex(\"{column}\")) ELSE COALESCE(CAST(\"{column}\" AS text), '') END"
                )
            }
        };
        let row = columns.iter().map(value).collect::<Vec<_>>().join(" || '\u{1f}' || ");
        let rows = texts(database, &format!("SELECT {row} FROM \"{table}\"")).await;
        let rows = rows.iter().map(|row| {
            let values = row.split('\u{1f}').map(|value| {
                let id = Uuid::parse_str(value).map(|id| id.simple().to_string());
                id.unwrap_or_else(|_| value.trim_start_matches("\\x").to_owned())
            });
            columns.iter().cloned().zip(values).collect()
        });
        all.insert(table, rows.collect());
    }
    all
}

/// The rows of the codes as the database keeps them: their order, and on PostgreSQL their places and transactions.
async fn kept_codes(database: &TestDatabase) -> Vec<String> {
    let row = if database.is_postgres() {
        "SELECT concat(ctid, ' ', xmin, ' ', xmax, ' ', encode(code_digest, 'hex')) FROM participation_code"
    } else {
        "SELECT hex(code_digest) FROM participation_code NOT INDEXED"
    };
    texts(database, row).await
}

#[tokio::test]
async fn with_the_whole_database_in_hand_no_query_joins_a_code_to_an_answer() {
    let app = app_by_code(&[]).await;
    let codes = create(&app.database, 40).await;
    let before = kept_codes(&app.database).await;
    assert!(before.len() == 40 && (app.database.is_postgres() || before.is_sorted()));
    // Used in the order of creation, with a retry, a revision and a check of each third.
    let client = app.client();
    for (index, code) in codes.iter().enumerate() {
        let input = with(coded(50.0, code), json!({ "idempotencyKey": format!("key-of-number-{index}") }));
        client.submit(input).await;
        if index % 3 == 0 {
            client.submit(coded(40.0, code)).await;
            redeem(&client, code).await;
        }
    }
    client.aggregate_of(40, 54).await;
    assert_eq!(kept_codes(&app.database).await, before, "using a code changes nothing of its row");

    let all = everything(&app.database).await;
    for (table, columns) in [
        ("participation_code", vec!["budget_id", "code_digest"]),
        ("participation_key", vec!["budget_id", "sealed_key"]),
    ] {
        let found: Vec<&str> = all[table][0].iter().map(|(column, _)| column.as_str()).collect();
        assert_eq!(found, columns, "nothing else is kept about a code, and no time");
    }
    assert_eq!(all["submission"].len(), 54, "the look is at the ledger: {:?}", all.keys());
    // Beside the budget's number, no value of a code's row is, or is part of, a value anywhere else.
    let kept = |table: &str| -> Vec<String> {
        let values = all[table].iter().flatten().filter(|(column, _)| column != "budget_id");
        values.map(|(_, value)| value.clone()).collect()
    };
    let of_codes = [kept("participation_code"), kept("participation_key")].concat();
    for (table, rows) in all.iter().filter(|(table, _)| !table.starts_with("participation_")) {
        for (column, value) in rows.iter().flatten() {
            for kept in &of_codes {
                let half = &kept[..kept.len() / 2];
                assert!(!value.contains(half), "{table}.{column} holds what a code's row holds");
            }
        }
    }
    // The digests and participants of the codes, which only the secret gives, stand on either side and never together.
    let sealed = &kept("participation_key")[0];
    let budget = BudgetId(all["participation_key"][0][0].1.parse().unwrap());
    let key: CodeKey = CodeKey::open(&Seal::new(SECRET.as_bytes(), None), budget, sealed).unwrap().key;
    for code in &codes {
        let read = ParticipationCode::parse(code).unwrap();
        let digest = hex::encode(key.digest(&read).0);
        let participant = key.participant(&read).0.simple().to_string();
        let places = |wanted: &str| -> Vec<String> {
            let mut places: Vec<String> = all
                .iter()
                .flat_map(|(table, rows)| rows.iter().flatten().map(move |(column, value)| (table, column, value)))
                .filter(|(_, _, value)| value.contains(wanted))
                .map(|(table, column, _)| format!("{table}.{column}"))
                .collect();
            places.sort();
            places.dedup();
            places
        };
        assert_eq!(places(&digest), ["participation_code.code_digest"]);
        assert_eq!(places(&participant), ["ballot.participant_id", "submission.participant_id"]);
        let plain = String::from_utf8(read.as_bytes().to_vec()).unwrap();
        for spelling in [code.clone(), plain, hex::encode(read.as_bytes())] {
            assert_eq!(places(&spelling), Vec::<String>::new(), "{spelling}");
        }
        if !app.database.is_postgres() {
            assert!(!app.database.holds_text("any", code).await, "in no file of the database");
        }
    }
}

#[tokio::test]
async fn the_most_talkative_log_holds_no_code() {
    let database = database_by_code().await;
    let codes = create(&database, 1).await;
    let log = tempfile::NamedTempFile::new().unwrap();
    let flags = [
        "--listen=127.0.0.1:0".to_owned(),
        "--log=trace,hyper=trace,axum=trace,h2=trace,sqlx=trace".to_owned(),
        format!("--secret={SECRET}"),
        "--drain-window-ms=0".to_owned(),
        format!("--database-url={}", database.url),
        format!("--redis-url={}", setting("TEST_REDIS_URL").unwrap_or_default()),
    ];
    let server = ServerProcess::start_in(&[], &flags, Stdio::from(log.reopen().unwrap())).await;
    let client = Client::new(server.address);
    let guessed = guess();
    let mistyped = mistyped(&codes[0]);
    client.submit(coded(50.0, &codes[0])).await;
    redeem(&client, &codes[0]).await;
    for wrong in [&guessed, &mistyped] {
        client.refused(coded(50.0, wrong)).await;
        redeem(&client, wrong).await;
    }
    assert_eq!(server.terminate().await, Some(0));
    let log = fs::read_to_string(log.path()).unwrap();
    assert!(log.contains("DEBUG") && log.contains("graphql"), "the log is there: {log}");
    for code in [&codes[0], &guessed, &mistyped] {
        for spelling in [code.clone(), code.replace('-', "")] {
            assert!(!log.contains(&spelling), "{}", log.lines().find(|line| line.contains(&spelling)).unwrap());
        }
    }
}

#[tokio::test]
async fn who_has_a_code_can_erase_its_answer_and_answer_again_and_a_guess_erases_nothing() {
    const ERASE: &str =
        "mutation ($input: EraseMyDataInput!) { eraseMyData(input: $input) { erased { submissions } } }";
    let app = app_by_code(&[]).await;
    let codes = create(&app.database, 2).await;
    for (code, healthcare) in [(&codes[0], 10.0), (&codes[0], 20.0), (&codes[1], 30.0)] {
        submit(&app.client(), coded(healthcare, code)).await;
    }
    let erase = async |input: Value| app.client().send(ERASE, json!({ "input": input })).await;
    let guessed = erase(json!({ "budget": "federal", "code": guess() })).await;
    assert_eq!(guessed["errors"][0]["extensions"]["violations"][0]["rule"], "CODE_UNKNOWN", "{guessed}");
    let homeless = erase(json!({ "code": codes[0] })).await;
    assert_eq!(homeless["errors"][0]["extensions"]["violations"][0]["rule"], "BUDGET_NEEDED", "{homeless}");
    app.client().aggregate_of(2, 3).await;
    let erased = erase(json!({ "budget": "federal", "code": codes[0] })).await;
    assert_eq!(erased["data"]["eraseMyData"]["erased"], json!([{ "submissions": 2 }]), "{erased}");
    app.client().aggregate_of(1, 1).await;
    assert_eq!(redeem(&app.client(), &codes[0]).await["data"]["redeemCode"]["hasAnswered"], false);
    submit(&app.client(), coded(40.0, &codes[0])).await;
    assert_eq!(ledger::assert_exact(&app.database).await.participants, 2);
}

#[tokio::test]
async fn after_the_retention_time_the_codes_are_gone_and_who_may_answer_stays() {
    let app = app_by_code(&[]).await;
    let codes = create(&app.database, 2).await;
    submit(&app.client(), coded(10.0, &codes[0])).await;
    app.client().aggregate_of(1, 1).await;
    let database = Arc::clone(&app.database);
    app.stop().await;
    let expired = "UPDATE budget SET closes_at = '2001-01-01 00:00:00+00:00', retention_days = 1";
    database.execute(expired).await.unwrap();
    let app = serve(&database, &[]).await;
    eventually("the codes are deleted", || async {
        let left = "SELECT (SELECT count(*) FROM participation_code) + (SELECT count(*) FROM participation_key)
            + (SELECT count(*) FROM submission)";
        (database.integer(left).await == 0).then_some(())
    })
    .await;
    app.client().aggregate_of(1, 1).await;
    let refused = failed(&database, &["budget", "set", "federal", "--participation=open"]).await;
    assert!(refused.contains("has submissions"), "{refused}");
}
