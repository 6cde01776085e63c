//! Reading the aggregate: exact numbers, through four tiers, with and without the database.

use std::sync::Arc;

use futures_util::FutureExt;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    TestApp, TestDatabase,
    client::{split, with},
    eventually, setting,
    socket::Socket,
};

const STATISTICS: &str = "query ($bins: Int!) { budget(slug: \"federal\") { aggregate { participantCount categories {
    averagePercent medianPercent lowerQuartilePercent upperQuartilePercent standardDeviation zeroCount
    histogram(bins: $bins) { fromPercent toPercent count } } } } }";

/// What an aggregate says about people, without how it was come by.
fn numbers(aggregate: &Value) -> Value {
    let fields = ["participantCount", "submissionCount", "categories"];
    fields.iter().map(|field| ((*field).to_owned(), aggregate[*field].clone())).collect()
}

#[tokio::test]
async fn an_empty_budget_has_nobody_and_zeros() {
    let app = TestApp::start().await;
    let aggregate = app.client().aggregate().await;
    assert_eq!((&aggregate["participantCount"], &aggregate["submissionCount"]), (&json!(0), &json!(0)));
    assert_eq!(aggregate["stale"], false);
    let categories = aggregate["categories"].as_array().unwrap();
    assert_eq!(categories.len(), 10);
    for category in categories {
        assert_eq!((&category["averagePercent"], &category["medianPercent"]), (&json!(0.0), &json!(0.0)));
    }
}

#[tokio::test]
async fn the_statistics_of_a_small_known_set_are_exact() {
    let app = TestApp::start().await;
    let client = app.client();
    for healthcare in [0.0, 10.0, 20.0, 33.33, 100.0] {
        client.submit(split(healthcare)).await;
    }
    client.aggregate_of(5, 5).await;
    let data = client.data(STATISTICS, json!({ "bins": 10 })).await;
    let categories = &data["budget"]["aggregate"]["categories"];
    let histogram = |counts: [i32; 10]| -> Value {
        let bin = |(from, count): (i32, i32)| json!({ "fromPercent": f64::from(from), "toPercent": f64::from(from + 10), "count": count });
        (0..).step_by(10).zip(counts).map(bin).collect()
    };
    // By hand: mean 163.33 / 5 = 32.666; median the third; quartiles after definition 2 of Hyndman and Fan: of five,
    // the second and the fourth; deviation sqrt((1067.08 + 513.75 + 160.43 + 0.44 + 4533.87) / 5) = 35.43.
    assert_eq!(
        categories[0],
        json!({
            "averagePercent": 32.67, "medianPercent": 20.0,
            "lowerQuartilePercent": 10.0, "upperQuartilePercent": 33.33, "standardDeviation": 35.43, "zeroCount": 1,
            "histogram": histogram([1, 1, 1, 1, 0, 0, 0, 0, 0, 1]),
        })
    );
    // Education has the rest: 100, 90, 80, 66.67, 0.
    assert_eq!(
        categories[1],
        json!({
            "averagePercent": 67.33, "medianPercent": 80.0,
            "lowerQuartilePercent": 66.67, "upperQuartilePercent": 90.0, "standardDeviation": 35.43, "zeroCount": 1,
            "histogram": histogram([1, 0, 0, 0, 0, 0, 1, 0, 1, 2]),
        })
    );
    assert_eq!(
        categories[2],
        json!({
            "averagePercent": 0.0, "medianPercent": 0.0,
            "lowerQuartilePercent": 0.0, "upperQuartilePercent": 0.0, "standardDeviation": 0.0, "zeroCount": 5,
            "histogram": histogram([5, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        })
    );
    // A sixth one: the median and the quartiles move, to the mean of two where the ranks say so.
    client.submit(split(21.01)).await;
    client.aggregate_of(6, 6).await;
    let data = client.data(STATISTICS, json!({ "bins": 10 })).await;
    let healthcare = &data["budget"]["aggregate"]["categories"][0];
    assert_eq!(healthcare["medianPercent"], 20.51, "half up of 20.505");
    assert_eq!(
        (&healthcare["lowerQuartilePercent"], &healthcare["upperQuartilePercent"]),
        (&json!(10.0), &json!(33.33))
    );
    assert_eq!(healthcare["histogram"], histogram([1, 1, 2, 1, 0, 0, 0, 0, 0, 1]));
}

#[tokio::test]
async fn the_averages_that_are_shown_add_up_to_exactly_100() {
    let app = TestApp::start().await;
    let client = app.client();
    let keys = ["healthcare", "education", "defense", "infrastructure", "environment", "science", "other"];
    for (participants, gets_most) in keys.iter().enumerate() {
        // Sevenths and thirds, which no two decimals hold.
        let share = |key: &&str| json!({ "category": key, "percent": if key == gets_most { 14.32 } else { 14.28 } });
        let shares: Vec<Value> = keys.iter().map(share).collect();
        client.submit(json!({ "budget": "federal", "shares": shares })).await;
        let participants = i64::try_from(participants).unwrap() + 1;
        let aggregate = client.aggregate_of(participants, participants).await;
        let hundredths = |category: &Value| {
            let percent = category["averagePercent"].as_f64().unwrap();
            let hundredths = (percent * 100.0).round();
            assert_eq!(hundredths / 100.0, percent, "two decimals");
            hundredths
        };
        let sum: f64 = aggregate["categories"].as_array().unwrap().iter().map(hundredths).sum();
        assert_eq!(sum, 10_000.0, "{aggregate}");
    }
}

#[tokio::test]
async fn each_tier_answers_when_those_above_it_have_nothing_and_says_so() {
    let app = TestApp::start().await;
    app.bus_is_up().await;
    let client = app.client();
    assert_eq!(client.aggregate().await["source"], "TABLE", "nothing was read before");
    assert_eq!(client.aggregate().await["source"], "MEMORY");
    client.submit(with(split(10.0), json!({ "remember": true }))).await;
    client.submit(split(20.0)).await;
    app.client().submit(split(40.0)).await;
    let published = client.aggregate_of(2, 3).await;
    assert_eq!(published["source"], "MEMORY");

    // A server that has just started on the same bus has nothing in memory.
    let shared = setting("TEST_REDIS_URL").is_some();
    let beside = app.start_beside(&[]).await;
    beside.bus_is_up().await;
    let read = beside.client().aggregate().await;
    assert_eq!(read["source"], if shared { "REDIS" } else { "TABLE" });
    assert_eq!(numbers(&read), numbers(&published));
    assert_eq!((&read["revision"], &read["asOf"]), (&published["revision"], &published["asOf"]));
    assert_eq!(beside.client().aggregate().await["source"], "MEMORY", "what was found is kept");

    // On another bus there is nothing in Redis either.
    let apart = TestApp::start_with_database(Arc::clone(&app.database), &another_bus(), &[]).await;
    apart.bus_is_up().await;
    let read = apart.client().aggregate().await;
    assert_eq!(read["source"], "TABLE");
    assert_eq!(numbers(&read), numbers(&published));
}

#[tokio::test]
async fn an_aggregate_table_that_was_emptied_is_recounted_and_filled_again() {
    for emptying in [
        "DELETE FROM category_aggregate",
        "DELETE FROM budget_aggregate",
        "DELETE FROM category_aggregate WHERE category_id = 2",
    ] {
        let app = TestApp::start().await;
        let client = app.client();
        client.submit(with(split(10.0), json!({ "remember": true }))).await;
        client.submit(split(20.0)).await;
        app.client().submit(split(41.0)).await;
        let published = client.aggregate_of(2, 3).await;
        let database = Arc::clone(&app.database);
        app.stop().await;
        database.execute(emptying).await.unwrap();

        let app = TestApp::start_with_database(Arc::clone(&database), &another_bus(), &[]).await;
        let read = app.client().aggregate().await;
        assert_eq!(read["source"], "RECOUNT", "{emptying}");
        assert_eq!(numbers(&read), numbers(&published), "{emptying}");
        // The aggregator fills the table; a server that starts then finds it there.
        let folded = eventually("a fold is published", || async {
            let aggregate = app.client().aggregate().await;
            (aggregate["revision"] != read["revision"]).then_some(aggregate)
        })
        .await;
        assert_eq!(numbers(&folded), numbers(&published), "{emptying}");
        let next = TestApp::start_with_database(database, &another_bus(), &[]).await;
        let read = next.client().aggregate().await;
        assert_eq!(read["source"], "TABLE", "{emptying}");
        assert_eq!(numbers(&read), numbers(&published), "{emptying}");
    }
}

#[tokio::test]
async fn a_recount_goes_on_when_who_asked_for_it_gives_up() {
    let app = TestApp::start().await;
    app.client().submit(split(40.0)).await;
    app.client().aggregate_of(1, 1).await;
    let database = Arc::clone(&app.database);
    app.stop().await;
    database.execute("DELETE FROM budget_aggregate").await.unwrap();

    let app = TestApp::start_with_database(database, &another_bus(), &[]).await;
    let aggregates = &app.services.aggregates;
    let budget = app.services.catalogue.by_slug("federal").await.unwrap().unwrap();
    assert!(aggregates.current(&budget).now_or_never().is_none(), "nobody could give up in between");
    let table =
        eventually("the table is mended", || async { app.services.store.aggregate(&budget).await.unwrap() }).await;
    assert_eq!(table.tally.participants, 1);
}

#[tokio::test]
async fn the_time_of_the_numbers_never_steps_back_and_covers_what_they_count() {
    let app = TestApp::start().await;
    let client = app.client();
    let time = |value: &Value| value.as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let mut before = client.aggregate().await;
    for count in 1..=5 {
        let submitted = client.submit(split(50.0)).await;
        let aggregate = client.aggregate_of(count, count).await;
        assert!(time(&aggregate["asOf"]) >= time(&submitted["submission"]["submittedAt"]), "{aggregate}");
        assert!(time(&aggregate["asOf"]) >= time(&before["asOf"]));
        assert!(aggregate["version"].as_i64() > before["version"].as_i64());
        before = aggregate;
    }
}

#[tokio::test]
async fn without_the_database_reads_go_on_marked_stale_and_submissions_are_refused_until_it_is_back() {
    let app = TestApp::start().await;
    let client = app.client();
    let submitted = client.submit(with(split(10.0), json!({ "remember": true }))).await;
    let published = client.aggregate_of(1, 1).await;
    assert_eq!(published["stale"], false);
    let mut socket = Socket::connect(app.address).await;
    socket.watch().await;
    socket.until_participants(1).await;

    let mut of_counts = Socket::connect(app.address).await;
    of_counts.subscribe("1", "subscription { aggregate(budget: \"federal\") { submissionCount } }", Value::Null).await;
    assert_eq!(of_counts.next_aggregate().await["submissionCount"], 1);
    take_away(&app.database).await;
    let stale = eventually("the aggregate is stale", || async {
        let aggregate = client.aggregate().await;
        (aggregate["stale"] == true).then_some(aggregate)
    })
    .await;
    assert_eq!(stale["source"], "MEMORY");
    assert_eq!(numbers(&stale), numbers(&published));
    assert_eq!((&stale["revision"], &stale["asOf"]), (&published["revision"], &published["asOf"]));
    // One who comes only now sees it too.
    let mut late = Socket::connect(app.address).await;
    late.watch().await;
    assert_eq!(late.next_aggregate().await["stale"], true);
    let refused = with(split(30.0), json!({ "idempotencyKey": "a-key-for-the-outage" }));
    let error = client.refused(refused.clone()).await;
    assert_eq!(error["extensions"]["code"], "UNAVAILABLE", "{error}");
    assert!(error["message"].as_str().unwrap().contains("same idempotency key"), "{error}");
    assert_eq!(error["extensions"]["retryAfterSeconds"], 2, "{error}");
    if app.database.is_postgres() {
        let history = "{ viewer { submissions { nodes { id } } } }";
        let error = client.error(history, Value::Null).await;
        assert_eq!(error["extensions"]["code"], "UNAVAILABLE", "{error}");
    }
    let ready = client.http.get(client.url("/readyz")).send().await.unwrap();
    assert_eq!(ready.status(), 200, "it can still show what it has");
    let away = if app.database.is_postgres() { "away" } else { "connected" };
    assert_eq!(ready.json::<Value>().await.unwrap()["database"], away);

    give_back(&app.database).await;
    // The same retry that a client would make, without a restart.
    let accepted = eventually("a retry is taken", || async {
        let answer = client.try_submit(refused.clone()).await.unwrap();
        answer.get("errors").is_none().then(|| answer["data"]["submitAllocation"].clone())
    })
    .await;
    assert_eq!(accepted["replaced"]["id"], submitted["submission"]["id"]);
    let fresh = eventually("the aggregate is fresh again", || async {
        let aggregate = client.aggregate().await;
        (aggregate["stale"] == false && aggregate["submissionCount"] == 2).then_some(aggregate)
    })
    .await;
    assert_eq!(fresh["categories"][0]["averagePercent"], 30.0);
    // Who watches is told that the numbers are stale, and that they are fresh again; but not who did not ask for that.
    let mut told = vec![];
    while told.last() != Some(&json!([2, false])) {
        let shown = socket.next_aggregate().await;
        told.push(json!([shown["submissionCount"], shown["stale"]]));
    }
    assert!(told.contains(&json!([1, true])), "{told:?}");
    assert_eq!(of_counts.next_aggregate().await["submissionCount"], 2);
    assert_eq!(client.http.get(client.url("/readyz")).send().await.unwrap().status(), 200);
}

fn another_bus() -> String {
    format!("test-{}", Uuid::new_v4().simple())
}

/// Makes the database unusable for the program. PostgreSQL: nobody may connect. SQLite is a file that is always there:
/// two tables go, which the reader, the refresher and the writer need.
async fn take_away(database: &TestDatabase) {
    if database.is_postgres() {
        allow_connections(database, false).await;
        return;
    }
    for table in ["budget_aggregate", "submission"] {
        database.execute(&format!("ALTER TABLE {table} RENAME TO {table}_away")).await.unwrap();
    }
}

async fn give_back(database: &TestDatabase) {
    if database.is_postgres() {
        allow_connections(database, true).await;
        return;
    }
    for table in ["budget_aggregate", "submission"] {
        database.execute(&format!("ALTER TABLE {table}_away RENAME TO {table}")).await.unwrap();
    }
}

async fn allow_connections(database: &TestDatabase, allow: bool) {
    let name = database.url.rsplit('/').next().unwrap();
    database.execute_on_server(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allow}")).await;
    let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    database.execute_on_server(&end).await;
}
