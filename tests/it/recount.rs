//! `verify` and `rebuild` under load, and after somebody damaged the aggregate tables by hand.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use sea_orm::{ConnectionTrait, Statement, TransactionTrait};
use serde_json::Value;
use taxbudget::{
    counters::Counters,
    domain::{budget::Budget, participant::ParticipantId},
    jobs,
    ledger::{Ledger, recount},
    service::intake::store_batch,
    store::{Store, submissions::NewSubmission},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{
    TestApp, TestDatabase,
    answers::{client_of, input, participant, seeded, shares},
    eventually,
    ledger::{self, Numbers},
    nodes::is_clustered,
    process::run,
    socket::Socket,
};

/// What somebody may do to the aggregate by hand, statement by statement.
const DAMAGES: &[&[&str]] = &[
    &["DELETE FROM category_aggregate"],
    &["DELETE FROM budget_aggregate"],
    &["DELETE FROM category_aggregate", "DELETE FROM budget_aggregate"],
    &["DELETE FROM category_aggregate WHERE category_id = (SELECT MIN(id) FROM category WHERE key = 'defense')"],
    &["UPDATE category_aggregate SET sum_basis_points = sum_basis_points + 17, sum_of_squares = 3"],
    &["UPDATE category_aggregate SET sum_basis_points = 9223372036854775807, sum_of_squares = -9223372036854775807"],
    &["UPDATE category_aggregate SET sum_basis_points = -9223372036854775807, sum_of_squares = 9223372036854775807"],
    &["DELETE FROM histogram_page"],
    &["DELETE FROM histogram_page WHERE page > 4"],
    &["UPDATE histogram_page SET bins = '[[1,999999]]'"],
    &["INSERT INTO histogram_page (category_id, page, bins)
         SELECT id, 0, '[[1,9223372036854775807],[2,9223372036854775807],[3,-9000]]' FROM category WHERE true
         ON CONFLICT (category_id, page) DO UPDATE SET bins = excluded.bins"],
    &["UPDATE histogram_page SET bins = '[[70000,1]]'"],
    &["UPDATE histogram_page SET bins = '[[1,1],[1,1],[2,0]]'"],
    &["UPDATE histogram_page SET bins = '{\"a\": 1}'"],
    &["UPDATE histogram_page SET bins = 'null'"],
    &["UPDATE budget_aggregate SET participants = 9223372036854775807, submissions = -9223372036854775807"],
    &["UPDATE budget_aggregate SET participants = -5, submissions = 0"],
    &[
        "UPDATE budget_aggregate SET participants = 1",
        "UPDATE category_aggregate SET sum_basis_points = 1",
        "UPDATE histogram_page SET bins = '[]'",
    ],
];

/// A database without a server, with ballots of which some replaced others, all folded.
async fn filled(random: &mut StdRng) -> (TestDatabase, Store, Arc<Budget>) {
    let database = TestDatabase::create().await;
    let store = ledger::migrated(&database).await;
    let budget = Arc::new(ledger::budget(&store, "federal").await);
    add(&store, &budget, random, 300).await;
    ledger::fold(&store).await;
    (database, store, budget)
}

async fn add(store: &Store, budget: &Arc<Budget>, random: &mut StdRng, count: usize) {
    let batch: Vec<_> = (0..count)
        .map(|_| NewSubmission {
            id: Uuid::new_v4(),
            budget: Arc::clone(budget),
            participant: random.random_bool(0.7).then(|| ParticipantId(Uuid::from_u128(random.random_range(0..100)))),
            allocation: ledger::allocation(&shares(random, 10)),
            key_digest: None,
        })
        .collect();
    store_batch(store, &batch).await.unwrap();
}

async fn damage(database: &TestDatabase, statements: &[&str]) {
    for statement in statements {
        // Under load PostgreSQL may undo it for the sake of a fold.
        eventually("the damage is done", || async { database.execute(statement).await.ok() }).await;
    }
}

async fn drifts(store: &Store, budget: &Budget) -> bool {
    !recount::verify(store, budget, || {}).await.unwrap().drift.is_zero()
}

#[tokio::test]
async fn whatever_was_done_to_the_tables_verify_tells_and_rebuild_restores_to_the_last_integer() {
    let mut random = seeded("damages");
    let (database, store, budget) = filled(&mut random).await;
    let before = ledger::assert_exact(&database).await;
    for statements in DAMAGES {
        damage(&database, statements).await;
        assert!(drifts(&store, &budget).await, "{statements:?}");
        let counted = std::cell::Cell::new(0);
        let found = ledger::quiet(&store).rebuild(&budget, || counted.set(counted.get() + 1)).await.unwrap();
        assert_eq!(counted.get() % before.participants, 0);
        assert!(!found.drift.is_zero());
        ledger::fold(&store).await;
        assert_eq!(ledger::stored(&database, "federal").await, before, "{statements:?}");
        assert!(!drifts(&store, &budget).await);
        let aggregate = store.aggregate(&budget).await.unwrap().unwrap();
        assert_eq!(aggregate.tally, found.recount, "readers see it too");
    }
    assert_eq!(ledger::assert_exact(&database).await, before);
    store.close().await;
}

#[tokio::test]
async fn text_that_is_no_json_in_a_histogram_is_mended_as_well() {
    let mut random = seeded("no json");
    let (database, store, budget) = filled(&mut random).await;
    let before = ledger::assert_exact(&database).await;
    let nonsense = database.execute("UPDATE histogram_page SET bins = 'nonsense'").await;
    assert_eq!(nonsense.is_err(), database.is_postgres(), "PostgreSQL refuses it by itself");
    ledger::quiet(&store).rebuild(&budget, || {}).await.unwrap();
    ledger::fold(&store).await;
    assert_eq!(ledger::assert_exact(&database).await, before);
    store.close().await;
}

#[tokio::test]
async fn submissions_that_come_between_damage_and_rebuild_are_kept_exactly() {
    let mut random = seeded("between");
    let (database, store, budget) = filled(&mut random).await;
    for statements in DAMAGES {
        let deltas_too = random.random_bool(0.5);
        add(&store, &budget, &mut random, 20).await;
        if deltas_too {
            database.execute("DELETE FROM aggregate_delta").await.unwrap();
        }
        damage(&database, statements).await;
        add(&store, &budget, &mut random, 20).await;
        // With or without a fold in between, which derives what people see from damaged numbers.
        if random.random_bool(0.5) {
            ledger::fold(&store).await;
        }
        add(&store, &budget, &mut random, 20).await;
        ledger::quiet(&store).rebuild(&budget, || {}).await.unwrap();
        ledger::assert_exact(&database).await;
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_rebuilds_at_once_correct_once() {
    let mut random = seeded("rebuilds");
    let (database, store, budget) = filled(&mut random).await;
    let before = ledger::assert_exact(&database).await;
    let second = Store::connect(&database.url).await.unwrap();
    for statements in [DAMAGES[0], DAMAGES[1], DAMAGES[2], DAMAGES[5], DAMAGES[7], DAMAGES[13]] {
        damage(&database, statements).await;
        let mut rebuilding = JoinSet::new();
        for number in 0..10 {
            let (store, budget) = (if number % 2 == 0 { &store } else { &second }.clone(), Arc::clone(&budget));
            rebuilding.spawn(async move {
                ledger::quiet(&store).rebuild(&budget, || {}).await.unwrap();
                ledger::quiet(&store).fold_pending().await.unwrap();
            });
        }
        rebuilding.join_all().await;
        ledger::fold(&store).await;
        assert_eq!(ledger::stored(&database, "federal").await, before, "{statements:?}");
    }
    assert_eq!(ledger::assert_exact(&database).await, before);
    store.close().await;
    second.close().await;
}

#[tokio::test]
async fn a_fold_into_missing_rows_shows_nobody_what_it_could_not_know() {
    let mut random = seeded("missing rows");
    let (database, store, budget) = filled(&mut random).await;
    for statements in &DAMAGES[..4] {
        damage(&database, statements).await;
        add(&store, &budget, &mut random, 5).await;
        // The process ends here: nobody recounts what its fold left.
        let bus = ledger::quiet_bus();
        let fold = Ledger::new(store.clone(), bus.clone(), Counters::default()).fold_once().await.unwrap().unwrap();
        assert_eq!(fold.incomplete.len(), 1);
        assert!(bus.hub.all().is_empty());
        if let Some(aggregate) = store.aggregate(&budget).await.unwrap() {
            let truth = ledger::counted(&database, "federal").await;
            assert_eq!(aggregate.tally.participants, truth.participants, "{statements:?}: another process shows this");
            let sums: Vec<i64> = aggregate.tally.categories.iter().map(|category| category.sum).collect();
            let true_sums: Vec<i64> = budget.keys().map(|key| truth.categories[key].sum).collect();
            assert_eq!(sums, true_sums, "{statements:?}: another process shows this");
        }
        // The next submission is enough to make it whole again.
        add(&store, &budget, &mut random, 5).await;
        ledger::fold(&store).await;
        ledger::assert_exact(&database).await;
        assert!(store.aggregate(&budget).await.unwrap().is_some(), "readers have the table again");
    }
    store.close().await;
}

#[tokio::test]
async fn a_revision_never_goes_down_whatever_is_emptied() {
    let mut random = seeded("revisions");
    let (database, store, budget) = filled(&mut random).await;
    let mut last = store.aggregate(&budget).await.unwrap().unwrap().revision;
    for round in 0..6 {
        damage(&database, DAMAGES[round % 3]).await;
        add(&store, &budget, &mut random, 2).await;
        ledger::fold(&store).await;
        let revision = store.aggregate(&budget).await.unwrap().unwrap().revision;
        assert!(revision > last, "{revision} after {last}: whoever saw {last} would wait for ever");
        last = revision;
    }
    store.close().await;
}

/// Hands in at both servers until told to stop.
fn pour(nodes: &[&TestApp], token: &str, random: &mut StdRng, stop: &Arc<AtomicBool>) -> JoinSet<i64> {
    let mut pouring = JoinSet::new();
    for worker in 0..4 {
        let node = nodes[worker % nodes.len()];
        let client = client_of(node.address, (worker == 0).then_some(token));
        let (mut random, stop) = (StdRng::seed_from_u64(random.random()), Arc::clone(stop));
        pouring.spawn(async move {
            let mut submissions = 0;
            while !stop.load(Ordering::Relaxed) {
                client.submit(input(&shares(&mut random, 10), None)).await;
                submissions += 1;
            }
            submissions
        });
    }
    pouring
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verify_finds_no_drift_while_submissions_pour_in_and_rebuild_mends_while_they_do() {
    let mut random = seeded("pouring");
    let app = TestApp::start().await;
    let beside = if app.database.is_postgres() { Some(app.start_beside(&[]).await) } else { None };
    let nodes = [&app, beside.as_ref().unwrap_or(&app)];
    let (token, _) = participant(app.address, &shares(&mut random, 10), "the first answer").await;
    let stop = Arc::new(AtomicBool::new(false));
    let pouring = pour(&nodes, &token, &mut random, &stop);

    let store = &app.services.store;
    let budget = ledger::budget(store, "federal").await;
    for _ in 0..15 {
        let found = recount::verify(store, &budget, || {}).await.unwrap();
        assert!(found.drift.is_zero(), "{:?}", found.drift);
        assert!(ledger::quiet(store).rebuild(&budget, || {}).await.unwrap().drift.is_zero());
    }
    for statements in DAMAGES {
        damage(&app.database, statements).await;
        ledger::quiet(store).rebuild(&budget, || {}).await.unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    let submissions: i64 = pouring.join_all().await.into_iter().sum();
    // Damage may have been done between a look at the rows and their update: a last rebuild sees a quiet table.
    ledger::quiet(store).rebuild(&budget, || {}).await.unwrap();
    let numbers = ledger::assert_exact(&app.database).await;
    assert_eq!(numbers.submissions, submissions + 1);
    println!("{submissions} submissions meanwhile");
    assert!(submissions > 20, "the test must race");
    for node in nodes {
        node.client().aggregate_of(numbers.participants, numbers.submissions).await;
    }
}

/// The aggregate must be that of `whole` ballots for healthcare alone, all others for education alone.
fn assert_possible(aggregate: &Value, whole: i64, last: &mut i64) {
    let participants = aggregate["participantCount"].as_i64().unwrap();
    assert_eq!(participants, aggregate["submissionCount"], "{aggregate}");
    assert!(participants >= *last, "{aggregate} after {last}");
    *last = participants;
    let percent = |category: usize| aggregate["categories"][category]["averagePercent"].as_f64().unwrap();
    #[allow(clippy::cast_precision_loss)]
    let expected = whole as f64 * 100.0 / participants as f64;
    assert!((percent(0) - expected).abs() < 0.011, "{aggregate}: healthcare should be {expected}");
    assert!((percent(0) + percent(1) - 100.0).abs() < 0.001, "{aggregate}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscribers_see_only_true_numbers_while_emptied_tables_heal_by_the_next_submission() {
    const WHOLE: i64 = 20;
    let app = TestApp::start().await;
    let beside = if app.database.is_postgres() { Some(app.start_beside(&[]).await) } else { None };
    let other = beside.as_ref().unwrap_or(&app);
    let mut to_healthcare = [0; 10];
    to_healthcare[0] = 10_000;
    let mut to_education = [0; 10];
    to_education[1] = 10_000;
    for _ in 0..WHOLE {
        app.client().submit(input(&to_healthcare, None)).await;
    }
    app.client().aggregate_of(WHOLE, WHOLE).await;
    other.client().aggregate_of(WHOLE, WHOLE).await;

    let mut sockets = [Socket::connect(app.address).await, Socket::connect(other.address).await];
    let mut last = [0, 0];
    for socket in &mut sockets {
        socket.watch().await;
    }
    let mut participants = WHOLE;
    for round in 0..12 {
        damage(&app.database, DAMAGES[round % 4]).await;
        for _ in 0..3 {
            app.client().submit(input(&to_education, None)).await;
            participants += 1;
        }
        for (socket, last) in sockets.iter_mut().zip(&mut last) {
            while *last < participants {
                assert_possible(&socket.next_aggregate().await, WHOLE, last);
            }
        }
    }
    ledger::assert_exact(&app.database).await;
}

#[tokio::test]
async fn the_server_goes_on_publishing_whatever_nonsense_stands_in_the_tables() {
    let app = TestApp::start().await;
    let mut random = seeded("nonsense");
    let client = app.client();
    for statements in &DAMAGES[4..] {
        let before: Numbers = ledger::counted(&app.database, "federal").await;
        damage(&app.database, statements).await;
        // Its fold derives statistics from the nonsense.
        client.submit(input(&shares(&mut random, 10), None)).await;
        let store = &app.services.store;
        let waiting = || async { (store.pending_delta_count().await.unwrap() == 0).then_some(()) };
        eventually("the server has folded", waiting).await;
        let budget = ledger::budget(&app.services.store, "federal").await;
        ledger::quiet(&app.services.store).rebuild(&budget, || {}).await.unwrap();
        let (participants, submissions) = (before.participants + 1, before.submissions + 1);
        println!("published after {statements:?}?");
        client.aggregate_of(participants, submissions).await;
        ledger::assert_exact(&app.database).await;
    }
}

#[tokio::test]
async fn a_delta_that_is_not_one_holds_up_no_other() {
    let app = TestApp::start().await;
    let client = app.client();
    let nonsense = "INSERT INTO aggregate_delta (budget_id, delta) SELECT id, '[1]' FROM budget";
    app.database.execute(nonsense).await.unwrap();
    client.submit(input(&shares(&mut seeded("delta"), 10), None)).await;
    client.aggregate_of(1, 1).await;
    ledger::assert_exact(&app.database).await;
}

/// A second budget with the same categories.
async fn second_budget(store: &Store) -> i64 {
    let federal = ledger::budget(store, "federal").await;
    store.create_budget(&ledger::like(&federal, "second")).await.unwrap().0
}

/// Waits until the job has ended; how.
async fn result_of(database: &TestDatabase, job: i64) -> String {
    let connection = database.connect().await;
    let sql = format!("SELECT result FROM background_job WHERE id = {job} AND finished_at IS NOT NULL");
    eventually("the job has ended", || async {
        let statement = Statement::from_string(connection.get_database_backend(), &sql);
        connection.query_one_raw(statement).await.unwrap()?.try_get_by_index(0).unwrap()
    })
    .await
}

#[tokio::test]
async fn a_job_that_fails_is_done_once_says_why_and_mends_the_other_budgets() {
    let app = TestApp::start().await;
    let client = app.client();
    client.submit(input(&[10_000], None)).await;
    client.aggregate_of(1, 1).await;
    let second = second_budget(&app.services.store).await;
    let id = if app.database.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
    let unreadable = format!(
        "INSERT INTO submission (id, budget_id, shares, submitted_at)
         SELECT {id}, {second}, '\"nonsense\"', submitted_at FROM submission"
    );
    app.database.execute(&unreadable).await.unwrap();
    damage(&app.database, DAMAGES[13]).await;
    let job = app.services.store.enqueue_job(jobs::Kind::Rebuild.name()).await.unwrap();
    let result = result_of(&app.database, job).await;
    assert!(result.starts_with("failed: budget \"second\": "), "{result}");
    assert!(result.ends_with("; 1 budgets had drifted"), "{result}");
    client.submit(input(&[10_000], None)).await;
    client.aggregate_of(2, 2).await;
    let next = app.services.store.enqueue_job("nonsense").await.unwrap();
    assert_eq!(result_of(&app.database, next).await, "failed: this version knows no job \"nonsense\"");
}

#[tokio::test]
async fn publications_go_on_while_a_job_waits_and_no_other_node_does_it_too() {
    if !is_clustered() {
        return;
    }
    let app = TestApp::start().await;
    let second = second_budget(&app.services.store).await;
    app.database
        .execute(&format!("UPDATE budget_aggregate SET participants = 5 WHERE budget_id = {second}"))
        .await
        .unwrap();
    let connection = app.database.connect().await;
    let holding = connection.begin().await.unwrap();
    let hold = format!("SELECT * FROM budget_aggregate WHERE budget_id = {second} FOR UPDATE");
    holding.execute_unprepared(&hold).await.unwrap();
    let job = app.services.store.enqueue_job(jobs::Kind::Rebuild.name()).await.unwrap();
    let waits = || async {
        let sql =
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        app.database.integer(sql).await == 1
    };
    eventually("the job waits", || async { waits().await.then_some(()) }).await;
    app.client().submit(input(&[10_000], None)).await;
    app.client().aggregate_of(1, 1).await;
    assert!(app.services.store.claim_job(Uuid::nil()).await.unwrap().is_none(), "this node does it");
    assert!(waits().await, "the number was published while the job waited");
    holding.rollback().await.unwrap();
    assert_eq!(result_of(&app.database, job).await, "1 budgets had drifted");
}

#[tokio::test]
async fn a_delta_that_only_a_newer_release_can_read_stays_pending_and_stops_a_rebuild_from_counting_it_twice() {
    let mut random = seeded("newer delta");
    let (database, store, budget) = filled(&mut random).await;
    add(&store, &budget, &mut random, 5).await;
    let kind = if database.is_postgres() { "json" } else { "text" };
    let renumber = |from: i32, to: i32| {
        let replaced = format!("replace(CAST(delta AS text), '\"format\":{from}', '\"format\":{to}')");
        format!("UPDATE aggregate_delta SET delta = CAST({replaced} AS {kind})")
    };
    database.execute(&renumber(2, 4)).await.unwrap();
    let before = ledger::stored(&database, "federal").await;
    add(&store, &budget, &mut random, 3).await;
    for _ in 0..2 {
        ledger::quiet(&store).fold_pending().await.unwrap();
        assert_eq!(ledger::stored(&database, "federal").await.submissions, before.submissions + 3);
        assert_eq!(store.pending_delta_count().await.unwrap(), 1);
    }
    let error = ledger::quiet(&store).rebuild(&budget, || {}).await.unwrap_err();
    assert!(error.to_string().contains("a newer release"), "{error}");
    // As if this were the newer release.
    database.execute(&renumber(4, 2)).await.unwrap();
    ledger::assert_exact(&database).await;
    store.close().await;
}

#[tokio::test]
async fn a_node_that_folds_keeps_the_histograms_in_memory_and_writes_only_the_pages_that_changed() {
    let mut random = seeded("pages");
    let database = TestDatabase::create().await;
    let store = ledger::migrated(&database).await;
    let budget = Arc::new(ledger::budget(&store, "federal").await);
    let folding = ledger::quiet(&store);
    add(&store, &budget, &mut random, 300).await;
    folding.fold_pending().await.unwrap();
    let before = ledger::stored(&database, "federal").await;
    // What this node does not read again it must have in memory, and what it does not write stays away.
    database.execute("DELETE FROM histogram_page").await.unwrap();
    add(&store, &budget, &mut random, 1).await;
    folding.fold_pending().await.unwrap();
    let counted = ledger::counted(&database, "federal").await;
    let stored = ledger::stored(&database, "federal").await;
    let mut pages = 0;
    for (key, category) in &stored.categories {
        let changed: Vec<i64> = category.histogram.keys().map(|share| share / 100).collect();
        assert!(!changed.is_empty(), "{key}");
        let whole = |share: &i64| changed.contains(&(share / 100));
        let expected: Vec<_> = counted.categories[key].histogram.iter().filter(|(share, _)| whole(share)).collect();
        assert_eq!(category.histogram.iter().collect::<Vec<_>>(), expected, "{key}: a page that is written is whole");
        pages += changed.iter().collect::<std::collections::BTreeSet<_>>().len();
    }
    // One ballot that replaced another changes at most two pages of a category.
    assert!(pages <= 20, "{pages}");
    folding.rebuild(&budget, || {}).await.unwrap();
    assert_eq!(ledger::assert_exact(&database).await.participants, counted.participants);
    assert_ne!(before, ledger::stored(&database, "federal").await);
    store.close().await;
}

#[tokio::test]
async fn what_another_node_has_folded_meanwhile_is_read_again() {
    let mut random = seeded("turns");
    let database = TestDatabase::create().await;
    let store = ledger::migrated(&database).await;
    let budget = Arc::new(ledger::budget(&store, "federal").await);
    let nodes = [ledger::quiet(&store), ledger::quiet(&store)];
    for turn in 0..20 {
        add(&store, &budget, &mut random, 7).await;
        let node = &nodes[usize::from(random.random_bool(0.5))];
        node.fold_pending().await.unwrap();
        if turn % 7 == 3 {
            damage(&database, &["UPDATE category_aggregate SET sum_of_squares = sum_of_squares + 1"]).await;
            nodes[0].rebuild(&budget, || {}).await.unwrap();
        }
    }
    ledger::assert_exact(&database).await;
    store.close().await;
}

#[tokio::test]
async fn histograms_survive_the_migration_to_pages_and_back() {
    let mut random = seeded("migration");
    let (database, store, _) = filled(&mut random).await;
    let before = ledger::assert_exact(&database).await;
    store.close().await;
    run(&["migrate", "down", "--database-url", &database.url]).await;
    let column = database.execute("SELECT histogram FROM category_aggregate").await;
    assert!(column.is_ok(), "{column:?}");
    database.execute("UPDATE category_aggregate SET histogram = '{}' WHERE category_id = 1").await.unwrap();
    run(&["migrate", "up", "--database-url", &database.url]).await;
    let mut after = ledger::stored(&database, "federal").await;
    let lost = std::mem::take(&mut after.categories.get_mut("healthcare").unwrap().histogram);
    assert!(lost.is_empty(), "what is no histogram is left out");
    after.categories.get_mut("healthcare").unwrap().histogram.clone_from(&before.categories["healthcare"].histogram);
    assert_eq!(after, before);
}
