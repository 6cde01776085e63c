//! What a participant can read and erase of their data: it is gone everywhere, and the numbers stay exact.

use std::{fs, process::Stdio, sync::Arc};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{
    Client, TestApp, TestDatabase,
    answers::{client_of, input, participant, seeded, shares},
    client::{split, with},
    eventually,
    flags::Flags,
    ledger,
    process::{ServerProcess, free_port, run},
    redis::RedisProcess,
    socket::Socket,
};

const ERASE: &str = "mutation ($input: EraseMyDataInput!) {
  eraseMyData(input: $input) { erased { budget { slug } submissions } }
}";
const HISTORY: &str = "{ viewer { submissions { nodes { id } } } }";

fn remembered(healthcare: f64) -> Value {
    with(split(healthcare), json!({ "remember": true }))
}

/// Erases as soon as the allowance of the network lets it, and returns the slugs with their numbers.
async fn erase(client: &Client, input: Value) -> Value {
    eventually("it is erased", || async {
        let answer = client.send(ERASE, json!({ "input": input })).await;
        let Some(errors) = answer.get("errors") else { return Some(answer["data"]["eraseMyData"]["erased"].clone()) };
        assert_eq!(errors[0]["extensions"]["code"], "RATE_LIMITED", "{answer}");
        None
    })
    .await
}

async fn history(client: &Client) -> usize {
    client.data(HISTORY, Value::Null).await["viewer"]["submissions"]["nodes"].as_array().unwrap().len()
}

/// A second open budget.
async fn add_budget(app: &TestApp, slug: &str) {
    let federal = ledger::budget(&app.services.store, "federal").await;
    app.services.store.create_budget(&ledger::like(&federal, slug)).await.unwrap();
    app.services.catalogue.invalidate();
}

#[tokio::test]
async fn what_was_erased_is_gone_and_everybody_elses_answers_count_as_before() {
    let app = TestApp::start().await;
    add_budget(&app, "town").await;
    let (mine, other) = (app.client(), app.client());
    let mut ids = Vec::new();
    for healthcare in [10.0, 20.0, 30.0] {
        ids.push(mine.submit(remembered(healthcare)).await["submission"]["id"].as_str().unwrap().to_owned());
    }
    mine.submit(with(remembered(40.0), json!({ "budget": "town" }))).await;
    other.submit(remembered(50.0)).await;
    app.client().submit(split(60.0)).await;
    app.client().aggregate_of(3, 5).await;
    assert_eq!(history(&mine).await, 4);

    let erased = erase(&mine, json!({ "budget": "federal" })).await;
    assert_eq!(erased, json!([{ "budget": { "slug": "federal" }, "submissions": 3 }]));
    assert_eq!(history(&mine).await, 1, "the other budget is untouched, and the cookie too");
    let aggregate = app.client().aggregate_of(2, 2).await;
    assert_eq!(aggregate["categories"][0]["averagePercent"], 55.0, "{aggregate}");
    for id in &ids {
        let query = format!("{{ submission(id: \"{id}\") {{ id }} }}");
        assert_eq!(mine.data(&query, Value::Null).await["submission"], Value::Null);
        for path in [format!("/results/{id}"), format!("/results/{id}/picture.png")] {
            assert_eq!(mine.http.get(mine.url(&path)).send().await.unwrap().status(), 404, "{path}");
        }
    }
    assert_eq!(erase(&mine, json!({ "budget": "federal" })).await, json!([]), "there is nothing left to erase");
    assert_eq!(history(&other).await, 1);
    let refused = mine.error(ERASE, json!({ "input": { "budget": "nowhere" } })).await;
    assert_eq!(refused["extensions"]["code"], "NOT_FOUND");

    let body = json!({ "query": ERASE, "variables": { "input": {} } });
    let response = mine.http.post(mine.url("/graphql")).json(&body).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("taxbudget_participant=;") && cookie.contains("Max-Age=0"), "{cookie}");
    let answer: Value = response.json().await.unwrap();
    let erased = &answer["data"]["eraseMyData"]["erased"];
    assert_eq!(*erased, json!([{ "budget": { "slug": "town" }, "submissions": 1 }]));
    assert_eq!(mine.data("{ viewer { participant } }", Value::Null).await["viewer"]["participant"], Value::Null);
    assert_eq!(erase(&mine, json!({})).await, json!([]), "nobody has nothing to erase");
    let counted = ledger::assert_exact(&app.database).await;
    assert_eq!((counted.participants, counted.submissions), (2, 2));
}

#[tokio::test]
async fn the_right_to_erase_does_not_end_with_the_budget_and_a_new_answer_is_a_new_ballot() {
    let app = TestApp::start().await;
    let (token, _) = participant(app.address, &[1_000; 10], "one-who-comes-back").await;
    let client = client_of(app.address, Some(&token));
    assert_eq!(erase(&client, json!({})).await[0]["submissions"], 1);
    app.client().aggregate_of(0, 0).await;
    let submitted = client.submit(split(70.0)).await;
    assert_eq!(submitted["replaced"], Value::Null, "the token stays good, and what was erased is not replaced");
    app.client().aggregate_of(1, 1).await;
    app.database.execute("UPDATE budget SET status = 'closed'").await.unwrap();
    app.services.catalogue.invalidate();
    assert_eq!(client.refused(split(80.0)).await["extensions"]["code"], "BUDGET_NOT_OPEN");
    let mut socket =
        Socket::open(app.address, "/graphql/ws", json!({ "authorization": format!("Bearer {token}") })).await.unwrap();
    socket.subscribe("1", ERASE, json!({ "input": {} })).await;
    let erased = socket.next_message().await;
    assert_eq!(erased["payload"]["data"]["eraseMyData"]["erased"][0]["submissions"], 1, "{erased}");
    app.client().aggregate_of(0, 0).await;
    assert_eq!(ledger::assert_exact(&app.database).await.submissions, 0);
}

#[tokio::test]
async fn neither_a_link_nor_another_site_can_erase_or_read_what_is_somebodys() {
    let app = TestApp::start().await;
    let (token, _) = participant(app.address, &[1_000; 10], "one-who-is-attacked").await;
    let cookie = format!("taxbudget_participant={token}");
    let client = app.client();
    let query = "mutation { eraseMyData(input: {}) { erased { submissions } } }";
    let foreign = client.http.post(client.url("/graphql")).header("cookie", &cookie);
    let foreign = foreign.header("origin", "https://elsewhere.example").json(&json!({ "query": query }));
    let refused: Value = foreign.send().await.unwrap().json().await.unwrap();
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
    let url = reqwest::Url::parse_with_params(&client.url("/graphql"), [("query", query)]).unwrap();
    let link = client.http.get(url).header("cookie", &cookie).send().await.unwrap();
    assert_eq!(link.status(), 405);
    let file = client.http.get(client.url("/api/my-data.json")).header("cookie", &cookie);
    let file = file.header("origin", "https://elsewhere.example").send().await.unwrap();
    assert!(file.headers().get("access-control-allow-origin").is_none());
    let file: Value = file.json().await.unwrap();
    assert_eq!((&file["participant"], &file["answers"]), (&Value::Null, &json!([])));
    app.client().aggregate_of(1, 1).await;
}

#[tokio::test]
async fn the_file_of_my_data_has_every_answer_of_mine_and_nothing_of_others() {
    let app = TestApp::start().await;
    let mine = app.client();
    for answer in 0..3 {
        mine.submit(remembered(f64::from(answer))).await;
    }
    app.client().submit(remembered(99.0)).await;
    let response = mine.http.get(mine.url("/api/my-data.json")).send().await.unwrap();
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("content-disposition"), "attachment; filename=\"my-data.json\"");
    let file: Value = response.json().await.unwrap();
    let viewer = mine.data("{ viewer { participant submissions { nodes { id submittedAt } } } }", Value::Null).await;
    assert_eq!(file["participant"], viewer["viewer"]["participant"]);
    let answers = file["answers"].as_array().unwrap();
    let nodes = viewer["viewer"]["submissions"]["nodes"].as_array().unwrap();
    assert_eq!(answers.len(), 3);
    for ((healthcare, answer), node) in [2.0, 1.0, 0.0].iter().zip(answers).zip(nodes) {
        assert_eq!(answer["submittedAt"], node["submittedAt"]);
        assert_eq!(answer["resultAddress"], format!("/results/{}", node["id"].as_str().unwrap()));
        assert_eq!(answer["counts"], *healthcare == 2.0);
        assert_eq!(answer["shares"][0], json!({ "category": "Healthcare", "percent": healthcare }));
        assert_eq!(answer["shares"].as_array().unwrap().len(), 10);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn submissions_that_race_with_an_erasure_are_erased_as_a_whole_or_come_after_it() {
    let mut random = seeded("erasures");
    let mut nodes = vec![TestApp::start_with(&["--publish-every=3"]).await];
    if nodes[0].database.is_postgres() {
        nodes.push(nodes[0].start_beside(&[]).await);
    }
    let nodes = Arc::new(nodes);
    let mut tokens = Vec::new();
    for number in 0..4 {
        tokens.push(participant(nodes[0].address, &shares(&mut random, 10), &format!("number-{number}")).await.0);
    }
    let tokens = Arc::new(tokens);
    let mut workers = JoinSet::new();
    for _ in 0..12 {
        let (nodes, tokens) = (Arc::clone(&nodes), Arc::clone(&tokens));
        let mut random = StdRng::seed_from_u64(random.random());
        workers.spawn(async move {
            let (mut submitted, mut erased) = (0, 0);
            for _ in 0..25 {
                let node = &nodes[random.random_range(0..nodes.len())];
                let client = client_of(node.address, Some(&tokens[random.random_range(0..tokens.len())]));
                if random.random_bool(0.35) {
                    for budget in erase(&client, json!({})).await.as_array().unwrap() {
                        erased += budget["submissions"].as_i64().unwrap();
                    }
                } else {
                    client.submit(input(&shares(&mut random, 10), None)).await;
                    submitted += 1;
                }
            }
            (submitted, erased)
        });
    }
    let (submitted, erased) = workers.join_all().await.into_iter().fold((4, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    assert!(erased > 0);
    let counted = ledger::assert_exact(&nodes[0].database).await;
    assert_eq!(counted.submissions, submitted - erased, "{submitted} submitted, {erased} erased");
    for token in tokens.iter() {
        erase(&client_of(nodes[0].address, Some(token)), json!({})).await;
    }
    assert_eq!(ledger::assert_exact(&nodes[0].database).await, ledger::counted(&nodes[0].database, "federal").await);
    nodes[0].client().aggregate_of(0, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_dies_during_erasures_leaves_no_half_of_one() {
    let mut random = seeded("erasures and kills");
    let database = TestDatabase::create().await;
    let flags = Flags::on(&database.url).with([&format!("--listen=127.0.0.1:{}", free_port()), "--log=off"]);
    let mut server = ServerProcess::start(&flags).await;
    let mut tokens = Vec::new();
    for number in 0..4 {
        tokens.push(participant(server.address, &shares(&mut random, 10), &format!("number-{number}")).await.0);
    }
    for _ in 0..6 {
        let mut workers = JoinSet::new();
        for token in &tokens {
            let client = client_of(server.address, Some(token));
            let mut random = StdRng::seed_from_u64(random.random());
            workers.spawn(async move {
                // Until the server is gone.
                while client.try_submit(input(&shares(&mut random, 10), None)).await.is_ok()
                    && client.try_send(ERASE, json!({ "input": {} })).await.is_ok()
                {}
            });
        }
        tokio::time::sleep(std::time::Duration::from_millis(random.random_range(50..250))).await;
        server.kill().await;
        workers.join_all().await;
        let verified = run(&["verify", "--database-url", &database.url]).await;
        assert!(verified.status.success(), "{verified:?}");
        server = ServerProcess::start(&flags).await;
    }
    server.kill().await;
    ledger::assert_exact(&database).await;
}

#[tokio::test]
async fn after_an_erasure_no_table_no_file_no_redis_and_no_log_holds_the_participant() {
    let database = TestDatabase::create().await;
    let redis = RedisProcess::start().await;
    let log = tempfile::NamedTempFile::new().unwrap();
    // So few ballots are held back, with the participants' names.
    let flags = Flags::on(&database.url).with_redis(&redis.url(), "test").with([
        "--publish-every=10",
        "--push-interval-ms=10",
        "--submission-rate=100/h",
        "--network-submission-rate=100/h",
        "--log=trace,sqlx=trace,fred=trace,hyper=trace,axum=trace",
    ]);
    let server = ServerProcess::start_in(&[], &flags, Stdio::from(log.reopen().unwrap())).await;
    let client = Client::new(server.address);
    client.bus_is_up().await;
    let other = Client::new(server.address);
    other.submit(remembered(5.0)).await;
    let body = json!({ "query": crate::support::client::SUBMIT, "variables": { "input": remembered(50.0) } });
    let first = client.http.post(client.url("/graphql")).json(&body).send().await.unwrap();
    let cookie = first.headers()["set-cookie"].to_str().unwrap().to_owned();
    let token = cookie.split_once('=').unwrap().1.split(';').next().unwrap().to_owned();
    let first: Value = first.json().await.unwrap();
    let mut marks = vec![first["data"]["submitAllocation"]["submission"]["id"].as_str().unwrap().to_owned()];
    for healthcare in [60.0, 70.0] {
        marks.push(client.submit(split(healthcare)).await["submission"]["id"].as_str().unwrap().to_owned());
    }
    let viewer = client.data("{ viewer { participant } }", Value::Null).await;
    marks.push(viewer["viewer"]["participant"].as_str().unwrap().to_owned());
    client.aggregate_of(2, 4).await;
    for path in [format!("/results/{}", marks[0]), "/history".to_owned(), "/api/my-data.json".to_owned()] {
        assert!(client.http.get(client.url(&path)).send().await.unwrap().status().is_success(), "{path}");
    }
    let forms: Vec<String> = marks.iter().flat_map(|mark| [mark.clone(), mark.replace('-', "")]).collect();
    let others = other.data("{ viewer { participant } }", Value::Null).await["viewer"]["participant"].clone();
    let others = others.as_str().unwrap();
    for held in [&marks[3], others, &marks[3].replace('-', "")] {
        assert!(!holders(&database, held).await.is_empty(), "the search finds {held} while it is there");
    }

    assert_eq!(erase(&client, json!({})).await[0]["submissions"], 3);
    client.aggregate_of(1, 1).await;
    for mark in &forms {
        eventually(&format!("{mark} is nowhere"), || async { holders(&database, mark).await.is_empty().then_some(()) })
            .await;
    }
    assert!(!holders(&database, others).await.is_empty(), "the others are still there");
    let kept = everything_in(&redis).await;
    assert!(kept.contains("rate:"), "the search finds what is there: {kept}");
    for mark in forms.iter().chain([&token]) {
        assert!(!kept.contains(mark.as_str()), "{mark} in Redis: {kept}");
    }
    let verified = run(&["verify", "--database-url", &database.url]).await;
    assert!(verified.status.success(), "{verified:?}");
    assert_eq!(server.terminate().await, Some(0));
    let log = fs::read_to_string(log.path()).unwrap();
    assert!(log.contains("DEBUG"), "the log is there");
    for mark in forms.iter().chain([&token]) {
        assert!(!log.contains(mark.as_str()), "{}", log.lines().find(|line| line.contains(mark)).unwrap_or_default());
    }
}

/// The tables that hold a text or UUID; on SQLite, `files` if any file of the database does, free pages and the
/// write-ahead log included.
async fn holders(database: &TestDatabase, mark: &str) -> Vec<String> {
    if !database.is_postgres() {
        let folder = database.url.strip_prefix("sqlite://").unwrap().rsplit_once('/').unwrap().0.to_owned();
        let bytes = Uuid::parse_str(mark).map(|id| id.as_bytes().to_vec()).unwrap_or_default();
        let holds = fs::read_dir(folder).unwrap().any(|file| {
            let content = fs::read(file.unwrap().path()).unwrap_or_default();
            [mark.as_bytes(), &bytes].iter().any(|wanted| content.windows(wanted.len()).any(|window| window == *wanted))
        });
        return if holds { vec!["files".to_owned()] } else { Vec::new() };
    }
    let tables = "SELECT CAST(table_name AS text) FROM information_schema.tables WHERE table_schema = 'public'";
    let mut holders = Vec::new();
    for table in ledger::texts(database, tables).await {
        let sql = format!("SELECT count(*) FROM {table} WHERE CAST({table} AS text) LIKE '%{mark}%'");
        if database.integer(&sql).await > 0 {
            holders.push(table);
        }
    }
    holders
}

/// Every key of a Redis, with its value.
async fn everything_in(redis: &RedisProcess) -> String {
    let mut all = redis.ask(&["KEYS", "*"]).await;
    for key in all.clone().lines().map(str::trim) {
        all.push('\n');
        all.push_str(&redis.ask(&["GET", key]).await);
    }
    all
}

#[tokio::test]
async fn erasures_have_an_allowance_for_each_network() {
    let app = TestApp::start().await;
    let client = app.client();
    let limited = eventually("the allowance is used up", || async {
        let answer = client.send(ERASE, json!({ "input": {} })).await;
        answer["errors"][0].is_object().then(|| answer["errors"][0].clone())
    })
    .await;
    assert_eq!(limited["extensions"]["code"], "RATE_LIMITED");
    assert!(limited["extensions"]["retryAfterSeconds"].is_number());
}

/// An erasure with a misspelt `budget` would erase everything.
#[tokio::test]
async fn a_misspelt_field_is_refused_with_and_without_a_value_of_its_variable() {
    let app = TestApp::start().await;
    let client = app.client();
    client.submit(remembered(100.0)).await;
    let erase = "eraseMyData(input: { slug: $budget }) { erased { submissions } }";
    for (document, first) in [
        (format!("mutation E($budget: String) {{ {erase} }}"), "E"),
        (format!("query Q {{ budgets {{ slug }} }} mutation E($budget: String) {{ {erase} }}"), "Q"),
    ] {
        for (operation, variables) in [(first, json!({})), ("E", json!({})), ("E", json!({ "budget": "federal" }))] {
            let body = json!({ "query": document, "operationName": operation, "variables": variables });
            let response = client.http.post(client.url("/graphql")).json(&body).send().await.unwrap();
            let refused: Value = response.json().await.unwrap();
            let message = refused["errors"][0]["message"].as_str().unwrap_or_default();
            assert!(message.contains("unknown field \"slug\""), "{refused}");
            assert_eq!(history(&client).await, 1, "nothing was erased");
        }
    }
}

#[tokio::test]
async fn a_document_that_was_executed_before_is_refused_with_variables_of_the_wrong_type() {
    let app = TestApp::start().await;
    let client = app.client();
    client.submit(remembered(100.0)).await;
    erase(&client, json!({ "budget": "federal" })).await;
    for input in [json!({ "budget": 5 }), json!({ "slug": "federal" }), json!(null)] {
        let refused = client.send(ERASE, json!({ "input": input })).await;
        assert!(refused.get("data").is_none(), "it was not executed: {refused}");
        assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{refused}");
    }
}
