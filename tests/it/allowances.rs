//! What a network may submit for nothing, what more costs, and how the network is kept apart from its address.

use std::{net::SocketAddr, process::Stdio};

use altcha::{Challenge, Payload, SolveChallengeOptions, solve_challenge};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::Days;
use serde_json::{Value, json};
use taxbudget::domain::network::ClientAddress;

use crate::support::{
    Client, TestApp, TestDatabase,
    client::{SUBMIT, split, with},
    eventually,
    process::ServerProcess,
    setting,
    socket::Socket,
};

const TRUSTING: &str = "--trusted-proxies=127.0.0.0/8";
/// Few tries, so that the tests are quick.
const CHEAP: &str = "--proof-of-work=2";

fn from(address: SocketAddr, forwarded_for: &str) -> Client {
    Client::with_header(address, "x-forwarded-for", forwarded_for)
}

/// A server that has reached its Redis, if it has one: until then it counts alone.
async fn app_with(flags: &[&str]) -> TestApp {
    let app = TestApp::start_with(flags).await;
    app.bus_is_up().await;
    app
}

/// A server with the settings that it has if nobody sets any, but for the proxy in front of it.
async fn server_with_default_allowances(database: &TestDatabase, more: &[&str]) -> ServerProcess {
    let mut flags = vec!["--listen=127.0.0.1:0".to_owned(), TRUSTING.to_owned(), "--drain-window-ms=0".to_owned()];
    flags.push("--secret=a-secret-for-tests-of-enough-length".to_owned());
    flags.push(format!("--database-url={}", database.url));
    flags.extend(more.iter().map(|flag| (*flag).to_owned()));
    ServerProcess::start_in(&[], &flags, Stdio::null()).await
}

/// The challenge of a submission that must not be stored for nothing.
async fn challenged(client: &Client, input: Value) -> Challenge {
    challenge_of(&client.refused(input).await)
}

fn challenge_of(error: &Value) -> Challenge {
    assert_eq!(error["extensions"]["code"], "CHALLENGE_REQUIRED", "{error}");
    assert!(error["extensions"]["retryAfterSeconds"].as_u64().unwrap() > 0, "{error}");
    serde_json::from_value(error["extensions"]["challenge"].clone()).unwrap()
}

fn solved(challenge: &Challenge) -> Payload {
    let solution = solve_challenge(SolveChallengeOptions::new(challenge)).unwrap().unwrap();
    Payload { challenge: challenge.clone(), solution }
}

fn encoded(payload: &Payload) -> String {
    STANDARD.encode(serde_json::to_vec(payload).unwrap())
}

fn paid(input: Value, challenge: &Challenge) -> Value {
    with(input, json!({ "challengeSolution": encoded(&solved(challenge)) }))
}

/// Submits, and solves what is asked for. Returns how many challenges there were.
async fn submit_solving(client: &Client, input: Value) -> usize {
    let mut sent = input.clone();
    for challenges in 0..5 {
        let response = client.try_submit(sent).await.unwrap();
        let Some(error) = response["errors"].get(0) else { return challenges };
        sent = paid(input.clone(), &challenge_of(error));
    }
    panic!("five challenges for one submission");
}

/// How many of these are stored for nothing; everything else must be asked for work.
async fn stored_for_nothing(server: &ServerProcess, addresses: impl Iterator<Item = String>) -> usize {
    let mut stored = 0;
    for address in addresses {
        let response = from(server.address, &address).try_submit(split(50.0)).await.unwrap();
        match response["errors"].get(0) {
            None => stored += 1,
            Some(error) => drop(challenge_of(error)),
        }
    }
    stored
}

#[tokio::test]
async fn with_default_settings_an_address_gets_sixty_votes_a_minute_without_work_and_a_48_gets_500() {
    let database = TestDatabase::create().await;
    let server = server_with_default_allowances(&database, &[]).await;
    let of_one_address = std::iter::repeat_n("198.51.100.7".to_owned(), 80);
    let stored = stored_for_nothing(&server, of_one_address).await;
    assert!((50..=60).contains(&stored), "{stored} of one address");
    // Another address each time, in one /56, and in one /48 that has 256 of them.
    let of_one_56 = (0..240).map(|n| format!("2001:db8:1:{n:x}::1"));
    let stored = stored_for_nothing(&server, of_one_56).await;
    assert!((150..=180).contains(&stored), "{stored} of one /56");
    let of_one_48 = (0..560).map(|n| format!("2001:db8:2:{:x}::1", n * 100));
    let stored = stored_for_nothing(&server, of_one_48).await;
    assert!((400..=500).contains(&stored), "{stored} of one /48");
}

#[tokio::test]
async fn an_office_of_two_hundred_behind_one_address_all_take_part() {
    let database = TestDatabase::create().await;
    let server = server_with_default_allowances(&database, &[CHEAP]).await;
    let mut challenges = 0;
    for n in 0..200 {
        let client = from(server.address, "198.51.100.7");
        let consent = json!({ "remember": true, "idempotencyKey": format!("the-key-of-colleague-number-{n}") });
        challenges += submit_solving(&client, with(split(f64::from(n % 100)), consent)).await;
    }
    assert!((140..=150).contains(&challenges), "one challenge each beyond the burst: {challenges}");
    from(server.address, "198.51.100.7").aggregate_of(200, 200).await;
}

#[tokio::test]
async fn a_solution_counts_once_on_all_nodes_together() {
    let app = app_with(&["--network-submission-rate=1/h", CHEAP]).await;
    let beside = app.start_beside(&["--network-submission-rate=1/h", CHEAP]).await;
    beside.bus_is_up().await;
    app.client().submit(split(10.0)).await;
    let challenge = challenged(&app.client(), split(20.0)).await;
    let input = paid(split(20.0), &challenge);
    app.client().submit(input.clone()).await;
    let error = app.client().refused(input.clone()).await;
    assert!(error["message"].as_str().unwrap().contains("was used"), "{error}");
    assert_ne!(challenge_of(&error).parameters.nonce, challenge.parameters.nonce, "a new challenge");
    if setting("TEST_REDIS_URL").is_some() {
        let error = beside.client().refused(input).await;
        assert!(error["message"].as_str().unwrap().contains("was used"), "{error}");
    }
    app.client().aggregate_of(2, 2).await;
}

#[tokio::test]
async fn a_retry_with_the_same_solution_and_key_is_answered_and_counts_nothing() {
    let app = app_with(&["--network-submission-rate=1/h", CHEAP]).await;
    app.client().submit(split(10.0)).await;
    let keyed = with(split(20.0), json!({ "idempotencyKey": "a-key-for-a-retry" }));
    let input = paid(keyed, &challenged(&app.client(), split(20.0)).await);
    let first = app.client().submit(input.clone()).await;
    for _ in 0..3 {
        assert_eq!(app.client().submit(input.clone()).await["submission"], first["submission"]);
    }
    // The solution does not pay for another submission that happens to be sent with it.
    let other = with(input, json!({ "idempotencyKey": "another-key-for-no-retry" }));
    assert_eq!(app.client().refused(other).await["extensions"]["code"], "CHALLENGE_REQUIRED");
    app.client().aggregate_of(2, 2).await;
}

#[tokio::test]
async fn a_solution_that_is_not_accepted_is_told_why_and_gets_a_new_challenge() {
    let app = app_with(&["--network-submission-rate=1/h", TRUSTING, CHEAP]).await;
    let (here, elsewhere) = (from(app.address, "198.51.100.7"), from(app.address, "198.51.100.8"));
    here.submit(split(10.0)).await;
    elsewhere.submit(split(10.0)).await;
    let payload = solved(&challenged(&here, split(20.0)).await);
    let changed = |change: fn(&mut Payload)| {
        let mut payload = payload.clone();
        change(&mut payload);
        encoded(&payload)
    };
    let foreign = encoded(&solved(&challenged(&elsewhere, split(20.0)).await));
    for (solution, why) in [
        (changed(|payload| payload.challenge.parameters.cost = 1), "not for a challenge of this server"),
        (changed(|payload| payload.challenge.signature = Some("00".repeat(32))), "not for a challenge of this server"),
        (changed(|payload| payload.challenge.parameters.expires_at = Some(1)), "has expired"),
        (changed(|payload| payload.solution.derived_key = "00".repeat(32)), "is wrong"),
        (foreign, "of another network or budget"),
        ("%".to_owned(), "cannot be read"),
        (STANDARD.encode("[[[[{}]]]]"), "cannot be read"),
        ("A".repeat(15_000), "cannot be read"),
        (String::new(), "cannot be read"),
    ] {
        let error = here.refused(with(split(20.0), json!({ "challengeSolution": solution }))).await;
        assert!(error["message"].as_str().unwrap().contains(why), "{why}: {error}");
        challenge_of(&error);
    }
    here.submit(with(split(20.0), json!({ "challengeSolution": encoded(&payload) }))).await;
    here.aggregate_of(3, 3).await;
}

#[tokio::test]
async fn a_challenge_survives_a_change_of_the_secret() {
    let app = app_with(&["--network-submission-rate=1/h", CHEAP]).await;
    app.client().submit(split(10.0)).await;
    let challenge = challenged(&app.client(), split(20.0)).await;
    let changed = [
        "--network-submission-rate=1/h",
        CHEAP,
        "--secret=another-secret-for-tests-of-enough-length",
        "--previous-secret=a-secret-for-tests-of-enough-length",
    ];
    let changed = app.start_beside(&changed).await;
    changed.bus_is_up().await;
    changed.client().submit(split(30.0)).await; // another secret blinds networks differently
    challenged(&changed.client(), split(20.0)).await;
    changed.client().submit(paid(split(20.0), &challenge)).await;
}

#[tokio::test]
async fn the_work_grows_with_the_excess_and_beyond_eighty_bursts_no_work_is_enough() {
    let app = app_with(&["--network-submission-rate=1/h", CHEAP]).await;
    app.client().submit(split(10.0)).await;
    let mut work = Vec::new();
    let error = loop {
        let error = app.client().refused(split(20.0)).await;
        if error["extensions"]["code"] == "RATE_LIMITED" {
            break error;
        }
        let challenge = challenge_of(&error);
        work.push(challenge.parameters.data.as_ref().unwrap()["work"].as_u64().unwrap());
        app.client().submit(paid(split(20.0), &challenge)).await;
    };
    assert_eq!(work.iter().filter(|work| **work == 1).count(), 5);
    assert!(work.is_sorted() && work.last() == Some(&16) && work.len() == 80, "{work:?}");
    assert!(error["extensions"]["retryAfterSeconds"].as_u64().unwrap() > 3_000, "{error}");
    app.client().aggregate_of(81, 81).await;
}

#[tokio::test]
async fn a_refusal_of_a_wide_network_costs_the_narrow_one_nothing() {
    let app = app_with(&["--network-submission-rate=1/h", "--proof-of-work=off", TRUSTING]).await;
    for n in 0..3 {
        from(app.address, &format!("2001:db8:1:{n}::1")).submit(split(50.0)).await;
    }
    // The /56 is used up. The /64 is refused again and again, and has still its own allowance.
    let narrow = from(app.address, "2001:db8:1:9::1");
    for _ in 0..5 {
        let error = narrow.refused(split(50.0)).await;
        assert!(error["extensions"]["retryAfterSeconds"].as_u64().unwrap() <= 1_200, "that of the /56: {error}");
    }
    from(app.address, "2001:db8:2:9::1").submit(split(50.0)).await;
}

#[tokio::test]
async fn a_submission_says_in_its_headers_what_is_left_and_a_refused_one_has_status_429() {
    let app = app_with(&["--network-submission-rate=60/h:2", "--submission-rate=10/h", TRUSTING, CHEAP]).await;
    let send = async |accept: &str| {
        let client = from(app.address, "2001:db8:1:2::1");
        let body = json!({ "query": SUBMIT, "variables": { "input": with(split(50.0), json!({ "remember": true })) } });
        client.http.post(client.url("/graphql")).header("accept", accept).json(&body).send().await.unwrap()
    };
    let header = |response: &reqwest::Response, name: &str| {
        response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    let ours = "application/graphql-response+json";
    let first = send(ours).await;
    assert_eq!(first.status(), 200);
    let policies = r#""network";q=2;w=120, "participant";q=10;w=3600"#;
    assert_eq!(header(&first, "ratelimit-policy"), policies);
    let limits = r#""network";r=1;t=60, "participant";r=9;t=360"#;
    assert_eq!(header(&first, "ratelimit"), limits);
    assert_eq!(header(&first, "retry-after"), "");
    send(ours).await;
    // `application/json` says nothing by its status: a response of GraphQL has 200 there.
    for (accept, status) in [(ours, 429), ("application/json", 200)] {
        let refused = send(accept).await;
        assert_eq!(refused.status(), status);
        assert!(header(&refused, "ratelimit").starts_with(r#""network";r=0;t="#), "{refused:?}");
        let seconds: u64 = header(&refused, "retry-after").parse().unwrap();
        assert!((50..=60).contains(&seconds), "{seconds}");
        let error = refused.json::<Value>().await.unwrap();
        assert_eq!(error["errors"][0]["extensions"]["retryAfterSeconds"], seconds);
        assert_eq!(error["data"], Value::Null);
    }
    // What does not submit says nothing about submissions.
    let client = app.client();
    let query = json!({ "query": "{ viewer { participant } }" });
    let read = client.http.post(client.url("/graphql")).json(&query).send().await.unwrap();
    assert_eq!(header(&read, "ratelimit"), "");
}

#[tokio::test]
async fn the_key_that_blinds_networks_changes_each_day_on_all_nodes_alike_and_the_old_one_is_gone() {
    let app = TestApp::start().await;
    let beside = app.start_beside(&[]).await;
    let address = ClientAddress::new("198.51.100.7".parse().unwrap());
    let blinded = |app: &TestApp| app.services.networks.key(&address.narrowest());
    let before = blinded(&app);
    assert_eq!(before, blinded(&beside), "nodes share the key");

    let today = app.services.store.now().await.unwrap();
    let old = app.services.store.network_key(today.date_naive()).await.unwrap();
    assert!(app.database.holds_text("network_key", &old.key).await, "the search finds what is there");
    let tomorrow = today + Days::new(1);
    // The nodes themselves look at the clock once more after their start, and that it is still today.
    eventually("both nodes have the key of tomorrow, and nobody has the old one", || async {
        for app in [&app, &beside] {
            app.services.networks.rotate(&app.services.store, tomorrow).await.unwrap();
        }
        let is_new = blinded(&app) != before && blinded(&app) == blinded(&beside);
        (is_new && !app.database.holds_text("network_key", &old.key).await).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_permit_is_given_back_under_the_key_under_which_it_was_taken() {
    let app = TestApp::start_with(&["--max-streams-per-network=1"]).await;
    let open = || Socket::open(app.address, "/graphql/ws", json!({}));
    let yesterdays = open().await.unwrap();
    assert!(open().await.is_err(), "one of one network");
    let tomorrow = app.services.store.now().await.unwrap() + Days::new(1);
    app.services.networks.rotate(&app.services.store, tomorrow).await.unwrap();
    let todays = open().await.unwrap();
    assert!(open().await.is_err());
    drop((yesterdays, todays));
    app.client().metric_is("taxbudget_open_streams", 0).await;
    open().await.unwrap();
}

#[tokio::test]
async fn a_node_whose_database_is_away_keeps_the_key_that_it_has() {
    let app = TestApp::start().await;
    let address = ClientAddress::new("198.51.100.7".parse().unwrap());
    let before = app.services.networks.key(&address.narrowest());
    let tomorrow = app.services.store.now().await.unwrap() + Days::new(1);
    app.database.execute("ALTER TABLE network_key RENAME TO network_key_elsewhere").await.unwrap();
    assert!(app.services.networks.rotate(&app.services.store, tomorrow).await.is_err());
    assert_eq!(app.services.networks.key(&address.narrowest()), before);
    app.client().submit(split(50.0)).await;
}

#[tokio::test]
async fn cohorts_are_flagged_with_numbers_count_like_all_others_and_point_to_nobody() {
    const ADDRESS: &str = "198.51.100.7";
    // A cohort is counted by the hour, so the scenario must lie within one.
    let app = loop {
        let app = app_with(&[TRUSTING]).await;
        let hour = app.services.store.now().await.unwrap().format("%H").to_string();
        submit_two_cohorts(&app, ADDRESS).await;
        if app.services.store.now().await.unwrap().format("%H").to_string() == hour {
            break app;
        }
    };
    app.client().aggregate_of(171, 201).await;
    for _ in 0..2 {
        // The second time nothing is added.
        app.services.cohorts.save(&app.services.store).await.unwrap();
        let flags = app.services.store.cohort_flags(2).await.unwrap();
        let flags: Vec<(&str, &str, i64)> =
            flags.iter().map(|flag| (&*flag.budget, &*flag.kind, flag.submissions)).collect();
        assert_eq!(flags, [("federal", "network", 110), ("federal", "allocation", 30)]);
    }
    let flagged = app.client().metric("taxbudget_cohorts_total").await;
    assert_eq!(flagged, 1, "one of equal shares would tell what the vote was that completed the cohort");
    let subject = app.services.networks.key(&ClientAddress::new(ADDRESS.parse().unwrap()).narrowest()).to_string();
    let blinded = format!("SELECT count(*) FROM cohort_flag WHERE subject = '{subject}'");
    assert_eq!(app.database.integer(&blinded).await, 1, "blinded by the key of the day");
    assert!(!app.database.holds_text("cohort_flag", ADDRESS).await);
}

/// 110 voices of one address, and 30 with the same shares from everywhere; and 30 voices of a class, and 30 changes of one
/// answer, which are no cohorts.
async fn submit_two_cohorts(app: &TestApp, address: &str) {
    for n in 0..110 {
        from(app.address, address).submit(split(f64::from(n % 100))).await;
    }
    for n in 0..30 {
        from(app.address, &format!("2001:db8:{n:x}::1")).submit(split(12.34)).await;
        from(app.address, "198.51.100.8").submit(split(f64::from(n) + 0.5)).await;
    }
    let reviser = from(app.address, "198.51.100.9");
    let reviser = Client { http: reqwest::Client::builder().cookie_store(true).build().unwrap(), ..reviser };
    for _ in 0..31 {
        reviser.submit(with(split(77.77), json!({ "remember": true }))).await;
    }
}

#[tokio::test]
async fn too_many_large_queries_have_status_429_where_the_type_says_that_the_response_is_ours() {
    let app = TestApp::start().await;
    let client = app.client();
    let send = async |accept: &'static str, n: usize| {
        let query = json!({ "query": format!("{{nobody{n}}} #{}", "x".repeat(5_000)) });
        client.http.post(client.url("/graphql")).header("accept", accept).json(&query).send().await.unwrap()
    };
    let ours = "application/graphql-response+json";
    let mut refused = None;
    for number in 0..200 {
        let response = send(ours, number).await;
        if response.status() != 400 {
            assert!(number >= 30, "{number}");
            refused = Some(response);
            break;
        }
    }
    let refused = refused.expect("one of 200 is refused");
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(refused.json::<Value>().await.unwrap()["errors"][0]["extensions"]["code"], "RATE_LIMITED");
}
