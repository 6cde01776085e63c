//! Answers that an organiser takes out of the count: the tally follows exactly, everybody learns how many and why, and it can
//! be undone.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use taxbudget::{
    domain::{
        answer::AnswerFilter,
        budget::Budget,
        desk::{AccountId, Actor, Role},
        exclusion::{ExclusionId, Reason},
        network::ClientAddress,
        participant::ParticipantId,
    },
    ledger::recount,
    service::{
        desk::exclusions::{ExclusionError, Target},
        intake::store_batch,
        my_data::{EraseRequest, MyDataError},
    },
    store::submissions::NewSubmission,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{
    Client, TestApp,
    answers::{seeded, shares},
    client::{split, with},
    eventually, ledger,
};

const EXCLUDE: &str = "mutation ($input: ExcludeInput!) { excludeAnswers(input: $input) { id kind count reason by } }";
const UNDO: &str = "mutation ($id: ID!) { undoExclusion(id: $id) { id count undoneBy } }";
const EXCLUSIONS: &str = "{ budget(slug: \"federal\") { exclusions { reason count excludedAt } } }";

fn organiser() -> Actor {
    Actor::Account { id: AccountId(1), name: "ada".to_owned() }
}

/// The answers as the desk lists them: the id by the share of the first category.
async fn answers(app: &TestApp) -> HashMap<String, Value> {
    let query = "{ answers(budget: \"federal\", first: 100) { nodes { id shares { percent } exclusion { reason } } } }";
    let listed = app.desk(Some(Role::Viewer), query, Value::Null).await;
    let nodes = listed["data"]["answers"]["nodes"].as_array().unwrap_or_else(|| panic!("{listed}")).clone();
    nodes.into_iter().map(|node| (node["shares"][0]["percent"].to_string(), node)).collect()
}

async fn answer_of(app: &TestApp, percent: f64) -> Value {
    answers(app).await[&json!(percent).to_string()]["id"].clone()
}

async fn exclude(app: &TestApp, percent: f64, reason: &str) -> Value {
    let input = json!({ "budget": "federal", "answer": answer_of(app, percent).await, "reason": reason });
    let excluded = app.desk(Some(Role::Organiser), EXCLUDE, json!({ "input": input })).await;
    assert_eq!(excluded.get("errors"), None, "{excluded}");
    excluded["data"]["excludeAnswers"].clone()
}

async fn undo(app: &TestApp, exclusion: &Value) -> Value {
    let undone = app.desk(Some(Role::Organiser), UNDO, json!({ "id": exclusion["id"] })).await;
    assert_eq!(undone.get("errors"), None, "{undone}");
    undone["data"]["undoExclusion"].clone()
}

async fn public_exclusions(client: &Client) -> Value {
    client.data(EXCLUSIONS, Value::Null).await["budget"]["exclusions"].clone()
}

fn remembered(healthcare: f64) -> Value {
    with(split(healthcare), json!({ "remember": true }))
}

async fn standing(client: &Client, id: &Value) -> Value {
    let query = "query ($id: ID!) { submission(id: $id) { counted exclusion { reason count } } }";
    client.data(query, json!({ "id": id })).await["submission"].clone()
}

async fn own_answers(client: &Client) -> Value {
    let response = client.http.get(client.url("/api/my-data.json")).send().await.unwrap();
    response.json::<Value>().await.unwrap()["answers"].clone()
}

#[tokio::test]
async fn an_excluded_answer_leaves_the_tally_everybody_learns_why_and_undoing_it_brings_it_back() {
    let app = TestApp::start().await;
    let (mine, anonymous) = (app.client(), app.client());
    let id = mine.submit(remembered(10.0)).await["submission"]["id"].clone();
    let other = anonymous.submit(split(90.0)).await["submission"]["id"].clone();
    app.client().submit(split(50.0)).await;
    app.client().aggregate_of(3, 3).await;
    assert_eq!(public_exclusions(&mine).await, json!([]));

    let excluded = exclude(&app, 10.0, " sent by a script ").await;
    let expected =
        json!({ "id": excluded["id"], "kind": "ANSWER", "count": 1, "reason": "sent by a script", "by": "ada" });
    assert_eq!(excluded, expected);
    let aggregate = app.client().aggregate_of(2, 3).await;
    assert_eq!(aggregate["categories"][0]["averagePercent"], 70.0);
    let public = public_exclusions(&mine).await;
    assert_eq!((&public[0]["reason"], &public[0]["count"]), (&json!("sent by a script"), &json!(1)), "{public}");
    assert!(public[0]["excludedAt"].is_string(), "{public}");
    let told = json!({ "counted": false, "exclusion": { "reason": "sent by a script", "count": 1 } });
    assert_eq!(standing(&mine, &id).await, told);
    let data = own_answers(&mine).await;
    assert_eq!((&data[0]["counts"], &data[0]["notCountedBecause"]), (&json!(false), &json!("sent by a script")));
    assert_eq!(standing(&mine, &other).await, json!({ "counted": true, "exclusion": null }));

    let second = exclude(&app, 90.0, "twice the same class").await;
    let aggregate = app.client().aggregate_of(1, 3).await;
    assert_eq!(aggregate["categories"][0]["averagePercent"], 50.0);
    assert_eq!(standing(&mine, &other).await["counted"], false, "a submission without a participant too");
    ledger::assert_exact(&app.database).await;

    for exclusion in [&excluded, &second] {
        assert_eq!(undo(&app, exclusion).await, json!({ "id": exclusion["id"], "count": 1, "undoneBy": "ada" }));
    }
    let aggregate = app.client().aggregate_of(3, 3).await;
    assert_eq!(aggregate["categories"][0]["averagePercent"], 50.0);
    assert_eq!(public_exclusions(&mine).await, json!([]));
    for id in [&id, &other] {
        assert_eq!(standing(&mine, id).await, json!({ "counted": true, "exclusion": null }));
    }
    assert_eq!(own_answers(&mine).await[0]["notCountedBecause"], Value::Null);
    ledger::assert_exact(&app.database).await;
    let log = "SELECT action FROM audit_entry WHERE budget = 'federal' AND actor = 'ada' ORDER BY id";
    let actions = ledger::texts(&app.database, log).await;
    let undone = "answers.undo_exclusion";
    assert_eq!(actions, ["answers.exclude", "answers.exclude", undone, undone]);
}

#[tokio::test]
async fn a_cached_page_tells_of_an_exclusion_as_soon_as_it_is_there() {
    let app = TestApp::start().await;
    app.client().submit(split(10.0)).await;
    app.client().aggregate_of(1, 1).await;
    let reader = app.client();
    for _ in 0..3 {
        assert_eq!(public_exclusions(&reader).await, json!([]));
    }
    let hits = reader.metric_or_zero("taxbudget_response_cache_entries").await;
    assert!(hits > 0, "nothing is cached");
    exclude(&app, 10.0, "a test").await;
    assert_eq!(public_exclusions(&reader).await[0]["count"], 1);
}

#[tokio::test]
async fn one_excluded_answer_does_not_change_the_published_statistics_until_a_group_of_them_does() {
    let app = TestApp::start_with(&["--publish-every=3"]).await;
    for (percent, submitted) in [(10.0, 1), (20.0, 2), (30.0, 3), (40.0, 4), (50.0, 5), (60.0, 6)] {
        app.client().submit(remembered(percent)).await;
        // One fold each: two groups of three are shown, and not one of five.
        app.client().aggregate_of(submitted, submitted).await;
    }
    let average = |aggregate: Value| aggregate["categories"][0]["averagePercent"].clone();
    assert_eq!(average(app.client().aggregate_of(6, 6).await), 35.0);
    let first = exclude(&app, 10.0, "a test").await;
    assert_eq!(average(app.client().aggregate_of(5, 6).await), 35.0, "the difference would be this one answer");
    undo(&app, &first).await;
    assert_eq!(average(app.client().aggregate_of(6, 6).await), 35.0);
    for (percent, left) in [(10.0, 5), (20.0, 4), (30.0, 3)] {
        exclude(&app, percent, "a test").await;
        app.client().aggregate_of(left, 6).await;
    }
    assert_eq!(average(app.client().aggregate_of(3, 6).await), 50.0);
    ledger::assert_exact(&app.database).await;
}

#[tokio::test]
async fn who_revises_an_excluded_answer_stays_out_of_the_count_and_comes_back_with_the_latest() {
    let app = TestApp::start().await;
    let (mine, other) = (app.client(), app.client());
    let first = mine.submit(remembered(10.0)).await["submission"]["id"].clone();
    other.submit(split(50.0)).await;
    app.client().aggregate_of(2, 2).await;
    let excluded = exclude(&app, 10.0, "a test").await;
    app.client().aggregate_of(1, 2).await;
    let payload = mine.submit(remembered(30.0)).await;
    assert_eq!((&payload["submission"]["counted"], &payload["replaced"]["id"]), (&json!(false), &first), "{payload}");
    let aggregate = app.client().aggregate_of(1, 3).await;
    assert_eq!(aggregate["categories"][0]["averagePercent"], 50.0);
    assert_eq!(standing(&mine, &first).await, json!({ "counted": false, "exclusion": null }), "it was replaced");
    assert_eq!(answers(&app).await["30.0"]["exclusion"]["reason"], "a test");
    ledger::assert_exact(&app.database).await;
    undo(&app, &excluded).await;
    let aggregate = app.client().aggregate_of(2, 3).await;
    assert_eq!(aggregate["categories"][0]["averagePercent"], 40.0, "{aggregate}");
    ledger::assert_exact(&app.database).await;
}

#[tokio::test]
async fn an_excluded_answer_that_is_erased_is_not_taken_back_twice_and_named_nowhere() {
    let app = TestApp::start_with(&["--publish-every=3"]).await;
    let mine = app.client();
    mine.submit(remembered(10.0)).await;
    for percent in [20.0, 30.0, 40.0, 50.0, 60.0] {
        app.client().submit(remembered(percent)).await;
    }
    app.client().aggregate_of(6, 6).await;
    let id = if app.database.is_postgres() { "CAST(participant_id AS text)" } else { "hex(participant_id)" };
    let mine_alone = format!("SELECT {id} FROM submission WHERE CAST(shares AS text) LIKE '[1000,%'");
    let participant = Uuid::parse_str(&ledger::texts(&app.database, &mine_alone).await[0]).unwrap();
    let excluded = exclude(&app, 10.0, "a test").await;
    app.client().aggregate_of(5, 6).await;
    mine.data("mutation { eraseMyData(input: {}) { erased { submissions } } }", Value::Null).await;
    app.client().aggregate_of(5, 5).await;
    ledger::assert_exact(&app.database).await;
    let held_back = ledger::texts(&app.database, "SELECT CAST(held_back AS text) FROM held_back_change").await;
    let names = |record: &String| {
        record.contains(&participant.to_string()) || record.contains(&participant.simple().to_string())
    };
    assert!(!held_back.iter().any(names), "{held_back:?}");
    eventually("none is left that the exclusion holds", || async {
        (public_exclusions(&mine).await == json!([])).then_some(())
    })
    .await;
    assert_eq!(undo(&app, &excluded).await["count"], 0);
    app.client().aggregate_of(5, 5).await;
    ledger::assert_exact(&app.database).await;
}

#[tokio::test]
async fn a_cohort_with_the_same_shares_is_excluded_at_once_and_one_of_a_network_cannot_be() {
    const COHORT: &str = "{ cohorts(budget: \"federal\") { id kind voices excluded excludable notExcludableBecause
        shares { percent } } }";
    let app = TestApp::start().await;
    for number in 0..100 {
        let percent = if number < 30 { 12.5 } else { f64::from(number) };
        let remember = number % 2 == 0;
        app.client().submit(with(split(percent), json!({ "remember": remember }))).await;
    }
    app.client().aggregate_of(100, 100).await;
    app.services.cohorts.save(&app.services.store).await.unwrap();
    let listed = app.desk(Some(Role::Viewer), COHORT, Value::Null).await;
    let cohorts = listed["data"]["cohorts"].as_array().unwrap_or_else(|| panic!("{listed}")).clone();
    let of = |kind: &str| cohorts.iter().find(|cohort| cohort["kind"] == kind).unwrap().clone();
    let (network, equal) = (of("NETWORK"), of("ALLOCATION"));
    assert_eq!((&network["id"], &network["excludable"]), (&Value::Null, &json!(false)));
    assert!(network["notExcludableBecause"].as_str().unwrap().contains("No network address is stored"), "{network}");
    assert_eq!((&equal["voices"], &equal["excluded"], &equal["excludable"]), (&json!(30), &json!(0), &json!(true)));
    assert_eq!(equal["shares"][0]["percent"], 12.5);

    let filter = json!({ "cohort": equal["id"] });
    let of_cohort = "query ($filter: AnswerFilterInput) { answers(budget: \"federal\", first: 100, filter: $filter) { nodes { id } } }";
    let members = app.desk(Some(Role::Viewer), of_cohort, json!({ "filter": filter })).await;
    assert_eq!(members["data"]["answers"]["nodes"].as_array().unwrap().len(), 30, "{members}");
    let input = json!({ "budget": "federal", "cohort": equal["id"], "reason": "one class" });
    let excluded = app.desk(Some(Role::Organiser), EXCLUDE, json!({ "input": input })).await;
    let excluded = &excluded["data"]["excludeAnswers"];
    assert_eq!((&excluded["count"], &excluded["kind"]), (&json!(30), &json!("COHORT")));
    app.client().aggregate_of(70, 100).await;
    ledger::assert_exact(&app.database).await;
    let listed = app.desk(Some(Role::Viewer), COHORT, Value::Null).await;
    assert!(listed["data"]["cohorts"].as_array().unwrap().iter().any(|cohort| cohort["excluded"] == 30), "{listed}");
    let again = app.desk(Some(Role::Organiser), EXCLUDE, json!({ "input": input })).await;
    assert_eq!(again["errors"][0]["extensions"]["violations"][0]["rule"], "ALREADY_EXCLUDED", "{again}");
    undo(&app, excluded).await;
    app.client().aggregate_of(100, 100).await;
    ledger::assert_exact(&app.database).await;
}

#[tokio::test]
async fn what_cannot_be_excluded_or_undone_is_refused_with_the_reason_and_changes_nothing() {
    let app = TestApp::start().await;
    app.client().submit(split(10.0)).await;
    app.client().aggregate_of(1, 1).await;
    let answer = answer_of(&app, 10.0).await;
    let refused = |input: Value, role: Role| {
        let app = &app;
        async move {
            let response = app.desk(Some(role), EXCLUDE, json!({ "input": input })).await;
            let extensions = response["errors"][0]["extensions"].clone();
            let rule = extensions["violations"][0]["rule"].as_str().unwrap_or_default().to_owned();
            format!("{} {rule}", extensions["code"].as_str().unwrap_or_else(|| panic!("{response}")))
        }
    };
    let input = |fields: Value| with(json!({ "budget": "federal", "reason": "a test" }), fields);
    let organiser = Role::Organiser;
    for (fields, role, expected) in [
        (json!({ "answer": answer }), Role::Viewer, "FORBIDDEN "),
        (json!({ "answer": answer, "reason": " " }), organiser, "BAD_USER_INPUT REQUIRED"),
        (json!({ "answer": answer, "reason": "two\nlines" }), organiser, "BAD_USER_INPUT LENGTH"),
        (json!({ "answer": answer, "cohort": "x" }), organiser, "BAD_USER_INPUT ONE_OF"),
        (json!({}), organiser, "BAD_USER_INPUT ONE_OF"),
        (json!({ "cohort": "x" }), organiser, "BAD_USER_INPUT UNKNOWN"),
        (json!({ "answer": "a00000000000000000000000000000000" }), organiser, "NOT_FOUND "),
        (json!({ "answer": answer, "budget": "nowhere" }), organiser, "NOT_FOUND "),
    ] {
        assert_eq!(refused(input(fields.clone()), role).await, expected, "{fields}");
    }
    let excluded = exclude(&app, 10.0, "a test").await;
    assert_eq!(refused(input(json!({ "answer": answer })), organiser).await, "BAD_USER_INPUT ALREADY_EXCLUDED");
    undo(&app, &excluded).await;
    let code = |response: Value| response["errors"][0]["extensions"]["code"].clone();
    let again = app.desk(Some(Role::Organiser), UNDO, json!({ "id": excluded["id"] })).await;
    assert_eq!(again["errors"][0]["extensions"]["violations"][0]["rule"], "ALREADY_UNDONE", "{again}");
    for id in ["999", "x"] {
        assert_eq!(code(app.desk(Some(organiser), UNDO, json!({ "id": id })).await), "NOT_FOUND");
    }
    let closed = "UPDATE budget SET closes_at = '2001-01-01 00:00:00+00:00', retention_days = 1";
    app.database.execute(closed).await.unwrap();
    app.services.catalogue.invalidate();
    assert_eq!(refused(input(json!({ "answer": answer })), organiser).await, "BAD_USER_INPUT RETENTION_OVER");
    let entries = app.database.integer("SELECT COUNT(*) FROM audit_entry").await;
    assert_eq!(entries, 2, "what was refused is in no log");
}

#[tokio::test]
async fn what_is_retained_of_deleted_answers_holds_none_that_were_excluded() {
    let app = TestApp::start().await;
    app.client().submit(remembered(10.0)).await;
    app.client().submit(split(20.0)).await;
    app.client().submit(remembered(30.0)).await;
    app.client().submit(split(40.0)).await;
    app.client().aggregate_of(4, 4).await;
    exclude(&app, 10.0, "a test").await;
    exclude(&app, 20.0, "a test").await;
    let before = app.client().aggregate_of(2, 4).await["categories"].clone();
    let database = Arc::clone(&app.database);
    app.stop().await;
    database.execute("UPDATE budget SET closes_at = '2001-01-01 00:00:00+00:00', retention_days = 1").await.unwrap();
    let app = TestApp::start_with_database(Arc::clone(&database), "excluded", &[]).await;
    eventually("every submission is deleted", || async {
        (database.integer("SELECT COUNT(*) FROM retained_tally WHERE completed_at IS NOT NULL").await == 1)
            .then_some(())
    })
    .await;
    for table in ["submission", "ballot", "excluded_submission"] {
        assert_eq!(database.integer(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(app.client().aggregate_of(2, 4).await["categories"], before);
    let federal = ledger::budget(&app.services.store, "federal").await;
    assert!(recount::verify(&app.services.store, &federal, || {}).await.unwrap().drift.is_zero());
    let count = public_exclusions(&app.client()).await;
    assert_eq!(count.as_array().unwrap().len(), 2, "how many were excluded stays known: {count}");
}

/// What happens in the random sequences.
struct World {
    app: TestApp,
    budget: Arc<Budget>,
    /// A network for each erasure: nobody is limited.
    address: u32,
}

impl World {
    async fn start(flags: &[&str]) -> Self {
        let app = TestApp::start_with(flags).await;
        let budget = Arc::new(ledger::budget(&app.services.store, "federal").await);
        Self { app, budget, address: 0 }
    }

    /// Submissions of few participants and of nobody, in one batch.
    async fn submit(&self, random: &mut StdRng, people: u128) {
        let batch: Vec<_> = (0..random.random_range(1..6))
            .map(|_| NewSubmission {
                id: Uuid::new_v4(),
                budget: Arc::clone(&self.budget),
                participant: random
                    .random_bool(0.8)
                    .then(|| ParticipantId(Uuid::from_u128(random.random_range(0..people)))),
                allocation: ledger::allocation(&shares(random, 10)),
                key_digest: None,
            })
            .collect();
        store_batch(&self.app.services.store, &batch).await.unwrap();
    }

    async fn exclude(&self, random: &mut StdRng) {
        let services = &self.app.services;
        let page = services.answers.page(self.budget.id, &AnswerFilter::default(), None, 100).await.unwrap().unwrap();
        if page.answers.is_empty() {
            return;
        }
        let answer = &page.answers[random.random_range(0..page.answers.len())];
        let target = Target::Answer(answer.id.clone());
        let reason = Reason::parse("a test").unwrap();
        match services.exclusions.exclude(&organiser(), self.budget.id, &target, &reason).await {
            // None is left where its participant erased it at once.
            Ok(exclusion) => assert!((0..=1).contains(&exclusion.count), "{exclusion:?}"),
            Err(ExclusionError::AlreadyExcluded | ExclusionError::UnknownAnswer) => {}
            Err(error) => panic!("{error:?}"),
        }
    }

    async fn undo(&self, random: &mut StdRng) {
        let services = &self.app.services;
        let exclusions = services.store.exclusions(self.budget.id).await.unwrap();
        if exclusions.is_empty() {
            return;
        }
        let id: ExclusionId = exclusions[random.random_range(0..exclusions.len())].id;
        match services.exclusions.undo(&organiser(), id).await {
            Ok(_) | Err(ExclusionError::AlreadyUndone) => {}
            Err(error) => panic!("{error:?}"),
        }
    }

    async fn erase(&self, participant: u128, address: u32) {
        let request = EraseRequest {
            participant: Some(ParticipantId(Uuid::from_u128(participant))),
            budget: None,
            code: None,
            address: ClientAddress::new(IpAddr::V4(Ipv4Addr::from_bits(address))),
        };
        match self.app.services.my_data.erase(request).await {
            Ok(_) | Err(MyDataError::RateLimited(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[tokio::test]
async fn after_any_sequence_of_answers_revisions_exclusions_undos_and_erasures_a_recount_agrees() {
    let mut random = seeded("exclusions");
    for publish_every in ["--publish-every=1", "--publish-every=5"] {
        let mut world = World::start(&[publish_every]).await;
        for step in 0..160 {
            match random.random_range(0..10) {
                0..5 => world.submit(&mut random, 12).await,
                5..7 => world.exclude(&mut random).await,
                7..9 => world.undo(&mut random).await,
                _ => {
                    world.address += 1;
                    world.erase(random.random_range(0..12), world.address << 8).await;
                }
            }
            if step % 20 == 19 {
                ledger::assert_exact(&world.app.database).await;
            }
        }
        let counts = "SELECT COALESCE(SUM(count), 0) FROM exclusion WHERE undone_at IS NULL";
        let held = "SELECT (SELECT COUNT(*) FROM ballot WHERE exclusion_id IS NOT NULL)
            + (SELECT COUNT(*) FROM excluded_submission)";
        let counts = world.app.database.integer(&format!("SELECT CAST(({counts}) AS bigint)")).await;
        assert_eq!(counts, world.app.database.integer(held).await, "each exclusion says how many it holds");
        assert!(counts > 0, "nothing was excluded at the end");
        let rebuilt = ledger::quiet(&world.app.services.store).rebuild(&world.budget, || {}).await.unwrap();
        assert!(rebuilt.drift.is_zero());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exclusions_that_race_with_revisions_and_erasures_are_exact() {
    const PEOPLE: u128 = 6;
    let mut random = seeded("exclusion races");
    let world = Arc::new(World::start(&[]).await);
    for _ in 0..10 {
        world.submit(&mut random, PEOPLE).await;
    }
    let mut workers = JoinSet::new();
    for worker in 0..6_u32 {
        let (world, mut random) = (Arc::clone(&world), StdRng::seed_from_u64(random.random()));
        workers.spawn(async move {
            for step in 0..25 {
                match worker {
                    0 | 1 => world.submit(&mut random, PEOPLE).await,
                    2 | 3 => world.exclude(&mut random).await,
                    4 => world.undo(&mut random).await,
                    _ => world.erase(random.random_range(0..PEOPLE), (worker << 24) | (step << 8)).await,
                }
            }
        });
    }
    while let Some(worker) = workers.join_next().await {
        worker.unwrap();
    }
    ledger::assert_exact(&world.app.database).await;
}
