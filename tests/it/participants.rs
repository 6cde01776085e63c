//! By what a participant is known, and by what a retry: cookies, tokens and idempotency keys, and how they outlive secrets
//! and time.

use futures_util::future::join_all;
use reqwest::{StatusCode, header::HeaderValue};
use serde_json::{Value, json};

use crate::support::{
    Client, TestApp,
    client::{SUBMIT, split, with},
    ledger,
};

const KEY: &str = "3f0c4f0e-7d0f-4f53-9d2e-6f4a1c5b8e21";
const BEFORE: &str = "--secret=the-secret-before-the-rotation-of-it";
const AFTER: &str = "--secret=the-secret-after-the-rotation-of-it";
const PREVIOUS: &str = "--previous-secret=the-secret-before-the-rotation-of-it";

fn remembered(input: Value) -> Value {
    with(input, json!({ "remember": true }))
}

fn keyed(input: Value, key: &str) -> Value {
    with(input, json!({ "idempotencyKey": key }))
}

/// Hands in; the submission's id and the cookie that was set, as a browser would send it.
async fn submit(app: &TestApp, cookie: Option<&[u8]>, input: Value) -> (Value, Option<String>) {
    let client = Client::new(app.address);
    let body = json!({ "query": SUBMIT, "variables": { "input": input } });
    let mut request = client.http.post(client.url("/graphql")).json(&body);
    if let Some(cookie) = cookie {
        request = request.header("cookie", HeaderValue::from_bytes(cookie).unwrap());
    }
    let response = request.send().await.unwrap();
    let cookie = response.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap());
    let cookie = cookie.map(|cookie| cookie.split(';').next().unwrap().to_owned());
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer.get("errors"), None, "{answer}");
    (answer["data"]["submitAllocation"]["submission"]["id"].clone(), cookie)
}

/// `viewer.participant` for these headers.
async fn viewer(app: &TestApp, headers: &[(&'static str, &[u8])]) -> Value {
    let client = Client::new(app.address);
    let mut request = client.http.post(client.url("/graphql")).json(&json!({ "query": "{ viewer { participant } }" }));
    for (name, value) in headers {
        request = request.header(*name, HeaderValue::from_bytes(value).unwrap());
    }
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"]["viewer"]["participant"].clone()
}

async fn rows(app: &TestApp) -> i64 {
    app.database.integer("SELECT count(*) FROM submission").await
}

#[tokio::test]
async fn other_cookies_beside_ours_take_nothing_away() {
    let app = TestApp::start().await;
    let (_, cookie) = submit(&app, None, remembered(split(10.0))).await;
    let cookie = cookie.unwrap();
    let participant = viewer(&app, &[("cookie", cookie.as_bytes())]).await;
    assert!(participant.is_string());
    for (before, after) in [
        ("city=Köln; ".as_bytes(), b"".as_slice()),
        (b"city=K\xf6ln; ", b""),
        (b"", b"; city=K\xf6ln"),
        (b"taxbudget_participant=forged; ", b""),
        (b"taxbudget_participant=; taxbudget_participant=\xff; ", b"; taxbudget_participant=x"),
    ] {
        let beside = [before, cookie.as_bytes(), after].concat();
        assert_eq!(viewer(&app, &[("cookie", &beside)]).await, participant, "{}", beside.escape_ascii());
        assert_eq!(submit(&app, Some(&beside), split(20.0)).await.1, None, "known, so no new cookie");
    }
    let headers: [(_, &[u8]); 2] = [("cookie", b"city=K\xf6ln"), ("cookie", cookie.as_bytes())];
    assert_eq!(viewer(&app, &headers).await, participant, "two headers");
    assert_eq!(ledger::assert_exact(&app.database).await.participants, 1);
}

#[tokio::test]
async fn credentials_of_a_proxy_are_passed_over_and_a_token_counts_under_its_scheme_alone() {
    let app = TestApp::start().await;
    let (_, cookie) = submit(&app, None, remembered(split(10.0))).await;
    let cookie = cookie.unwrap();
    let participant = viewer(&app, &[("cookie", cookie.as_bytes())]).await;
    for authorization in ["Basic dXNlcjpwYXNz", "Negotiate abc", "nonsense", ""] {
        let headers: [(_, &[u8]); 2] = [("cookie", cookie.as_bytes()), ("authorization", authorization.as_bytes())];
        assert_eq!(viewer(&app, &headers).await, participant, "{authorization}");
        assert_eq!(viewer(&app, &[("authorization", authorization.as_bytes())]).await, Value::Null, "{authorization}");
    }
    let token = cookie.split_once('=').unwrap().1;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        assert_eq!(
            viewer(&app, &[("authorization", format!("{scheme} {token}").as_bytes())]).await,
            participant,
            "{scheme}"
        );
    }
    let bearer = format!("Bearer {token}");
    let both: [(_, &[u8]); 2] = [("authorization", b"Basic dXNlcjpwYXNz"), ("authorization", bearer.as_bytes())];
    assert_eq!(viewer(&app, &both).await, participant);
}

#[tokio::test]
async fn over_https_the_cookie_is_the_hosts_own_and_what_a_neighbouring_host_can_plant_is_not_read() {
    let plain = TestApp::start().await;
    let secure = plain.start_beside(&["--public-url=https://taxes.example.org"]).await;
    // A neighbouring host can plant a cookie of this name, with its own participant's token.
    let (_, planted) = submit(&plain, None, remembered(split(10.0))).await;
    let planted = planted.unwrap();
    assert_eq!(viewer(&secure, &[("cookie", planted.as_bytes())]).await, Value::Null);
    let (_, cookie) = submit(&secure, Some(planted.as_bytes()), remembered(split(20.0))).await;
    let cookie = cookie.expect("a participant of its own");
    assert!(cookie.starts_with("__Host-taxbudget_participant="), "{cookie}");
    let participant = viewer(&secure, &[("cookie", cookie.as_bytes())]).await;
    assert_ne!(participant, viewer(&plain, &[("cookie", planted.as_bytes())]).await);
    let both = format!("{planted}; {cookie}");
    assert_eq!(viewer(&secure, &[("cookie", both.as_bytes())]).await, participant);
    assert_eq!(submit(&secure, Some(both.as_bytes()), split(30.0)).await.1, None, "it is current");
    let counted = ledger::assert_exact(&plain.database).await;
    assert_eq!((counted.participants, counted.submissions), (2, 3));
}

#[tokio::test]
async fn after_a_rotation_people_stay_who_they_are_and_get_the_new_signature_with_the_next_submission() {
    let before = TestApp::start_with(&[BEFORE]).await;
    let after = before.start_beside(&[AFTER, PREVIOUS]).await;
    let without = before.start_beside(&[AFTER]).await;
    let (_, old) = submit(&before, None, remembered(split(10.0))).await;
    let old = old.unwrap();
    let participant = viewer(&before, &[("cookie", old.as_bytes())]).await;
    assert_eq!(viewer(&after, &[("cookie", old.as_bytes())]).await, participant);
    assert_eq!(viewer(&without, &[("cookie", old.as_bytes())]).await, Value::Null);
    let token = format!("Bearer {}", old.split_once('=').unwrap().1);
    assert_eq!(viewer(&after, &[("authorization", token.as_bytes())]).await, participant);
    let (_, new) = submit(&after, Some(old.as_bytes()), split(20.0)).await;
    let new = new.expect("the cookie with its new signature");
    assert_eq!(viewer(&without, &[("cookie", new.as_bytes())]).await, participant);
    assert_eq!(viewer(&before, &[("cookie", new.as_bytes())]).await, Value::Null);
    assert_eq!(submit(&after, Some(new.as_bytes()), split(30.0)).await.1, None, "it is current");
    assert_eq!(ledger::assert_exact(&before.database).await.participants, 1);
}

#[tokio::test]
async fn a_retry_after_a_rotation_finds_the_first_submission_and_its_participant() {
    let before = TestApp::start_with(&[BEFORE]).await;
    let after = before.start_beside(&[AFTER, PREVIOUS]).await;
    let without = before.start_beside(&[AFTER]).await;
    let input = remembered(keyed(split(10.0), KEY));
    let (first, old) = submit(&before, None, input.clone()).await;
    let participant = viewer(&before, &[("cookie", old.as_bytes_or_panic())]).await;
    for app in [&after, &without] {
        let (again, cookie) = submit(app, None, input.clone()).await;
        assert_eq!(again, first);
        assert_eq!(viewer(app, &[("cookie", cookie.as_bytes_or_panic())]).await, participant);
    }
    // With the cookie of before, and of a stranger.
    assert_eq!(submit(&after, Some(old.as_bytes_or_panic()), input).await.0, first);
    let input = keyed(split(20.0), "the key of a stranger");
    let (first, _) = submit(&before, None, input.clone()).await;
    assert_eq!(submit(&after, None, input).await.0, first);
    assert_eq!(rows(&before).await, 2);
}

/// What a test cannot go on without.
trait BytesOrPanic {
    fn as_bytes_or_panic(&self) -> &[u8];
}

impl BytesOrPanic for Option<String> {
    fn as_bytes_or_panic(&self) -> &[u8] {
        self.as_deref().expect("a cookie").as_bytes()
    }
}

#[tokio::test]
async fn a_key_by_which_a_participant_could_be_guessed_is_refused() {
    let app = TestApp::start().await;
    let client = app.client();
    let short = "a-key-of-21-charactrs";
    assert_eq!(short.len(), 21);
    let error = client.refused(remembered(keyed(split(10.0), short))).await;
    let violation = &error["extensions"]["violations"][0];
    assert_eq!((&violation["path"], &violation["rule"]), (&json!("idempotencyKey"), &json!("KEY_TOO_SHORT")));
    for says in ["at least 22 characters", "128 bits", "random UUID"] {
        assert!(violation["message"].as_str().unwrap().contains(says), "{violation}");
    }
    client.submit(keyed(split(10.0), short)).await; // nobody is remembered
    client.submit(remembered(split(20.0))).await;
    client.submit(remembered(keyed(split(30.0), short))).await; // somebody is known already
    assert_eq!(rows(&app).await, 3);
}

#[tokio::test]
async fn a_retry_gets_the_cookie_for_ten_minutes_and_the_first_submission_for_ever() {
    let app = TestApp::start().await;
    let input = remembered(keyed(split(10.0), KEY));
    let (first, cookie) = submit(&app, None, input.clone()).await;
    let (again, its_cookie) = submit(&app, None, input.clone()).await;
    assert_eq!((again, its_cookie), (first.clone(), cookie.clone()));
    assert_eq!(submit(&app, None, keyed(split(10.0), KEY)).await, (first.clone(), None), "no consent, no cookie");
    for (age, gets_cookie) in [("9 minutes", true), ("11 minutes", false)] {
        move_back(&app, age).await;
        let (again, its_cookie) = submit(&app, None, input.clone()).await;
        assert_eq!(again, first, "{age}");
        assert_eq!(its_cookie, cookie.clone().filter(|_| gets_cookie), "{age}");
    }
    // Who has it keeps it.
    assert_eq!(submit(&app, Some(cookie.as_bytes_or_panic()), input).await, (first, None));
    assert_eq!(rows(&app).await, 1);
}

/// Lets the only submission have been submitted so long ago. The ledger refuses changes: the test takes that away first.
async fn move_back(app: &TestApp, age: &str) {
    let statements = if app.database.is_postgres() {
        vec![
            "ALTER TABLE submission DISABLE TRIGGER submission_immutable".to_owned(),
            format!("UPDATE submission SET submitted_at = clock_timestamp() - INTERVAL '{age}'"),
        ]
    } else {
        vec![
            "DROP TRIGGER IF EXISTS submission_immutable".to_owned(),
            format!("UPDATE submission SET submitted_at = strftime('%Y-%m-%dT%H:%M:%f', 'now', '-{age}') || '+00:00'"),
        ]
    };
    for statement in statements {
        app.database.execute(&statement).await.unwrap();
    }
}

#[tokio::test]
async fn a_key_counts_once_with_and_without_consent_in_either_order_and_at_once() {
    let app = TestApp::start().await;
    let beside = app.start_beside(&[]).await;
    let (with_consent, without) = (remembered(keyed(split(10.0), KEY)), keyed(split(10.0), KEY));
    let (first, cookie) = submit(&app, None, with_consent.clone()).await;
    assert!(cookie.is_some());
    assert_eq!(submit(&beside, None, without.clone()).await, (first.clone(), None));

    let other = "another-key-of-enough-length";
    let (stranger, _) = submit(&app, None, keyed(split(20.0), other)).await;
    // It was submitted by nobody, and stays so.
    assert_eq!(submit(&beside, None, remembered(keyed(split(20.0), other))).await, (stranger, None));
    let error = app.client().refused(remembered(keyed(split(21.0), other))).await;
    assert_eq!(error["extensions"]["violations"][0]["rule"], "KEY_TAKEN");
    assert_eq!(rows(&app).await, 2);

    for round in 0..10 {
        let key = format!("the-key-of-many-in-round-{round}");
        let inputs = [remembered(keyed(split(30.0), &key)), keyed(split(30.0), &key)];
        let sending = (0..8).map(|n| submit(if n % 4 < 2 { &app } else { &beside }, None, inputs[n % 2].clone()));
        let answers = join_all(sending).await;
        assert!(answers.iter().all(|(id, _)| *id == answers[0].0), "{answers:?}");
    }
    let counted = ledger::assert_exact(&app.database).await;
    assert_eq!((counted.participants, counted.submissions), (12, 12));
}

#[tokio::test]
async fn no_key_is_kept_in_clear() {
    const CLEAR: &str = "a-key-that-nobody-may-read-later";
    let app = TestApp::start().await;
    let client = app.client();
    client.submit(keyed(split(10.0), CLEAR)).await;
    let first = client.submit(remembered(split(20.0))).await;
    client.submit(keyed(split(30.0), CLEAR)).await;
    let id = first["submission"]["id"].as_str().unwrap();
    assert!(app.database.holds_text("submission", id).await, "the search finds what is there");
    assert!(!app.database.holds_text("submission", CLEAR).await);
}

#[tokio::test]
async fn a_page_behind_a_password_is_answered_as_any_other() {
    let app = TestApp::start().await;
    let client = Client::with_header(app.address, "authorization", "Basic dXNlcjpwYXNz");
    let response = client.http.get(client.url("/graphql")).query(&[("query", "{ budgets { slug } }")]).send();
    assert_eq!(response.await.unwrap().status(), StatusCode::OK);
    client.submit(split(10.0)).await;
}

#[tokio::test]
async fn ids_of_new_participants_grow_with_time_with_a_key_and_without_one() {
    let app = TestApp::start().await;
    let mut times = Vec::new();
    for number in 0..8 {
        let input = remembered(split(10.0));
        let input = if number % 2 == 0 { keyed(input, &format!("{KEY}-{number}")) } else { input };
        let (_, cookie) = submit(&app, None, input).await;
        let id = viewer(&app, &[("cookie", cookie.unwrap().as_bytes())]).await;
        // The first 48 bits, which are milliseconds.
        times.push(id.as_str().unwrap().split('-').take(2).collect::<String>());
    }
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(app.database.integer("SELECT count(DISTINCT participant_id) FROM ballot").await, 8);
}
