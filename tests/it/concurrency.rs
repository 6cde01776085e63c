//! Many submitters at many nodes: whatever races, the tally is exact.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Instant,
};

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};
use taxbudget::{
    domain::{
        budget::{Budget, BudgetStatus, NotOpen},
        idempotency::IdempotencyKey,
        participant::ParticipantId,
    },
    service::intake::{StoreOutcome, store_batch},
    store::{Store, submissions::NewSubmission},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{
    Client, TestApp, TestDatabase,
    answers::{Acknowledgement, Acknowledgements, client_of, input, participant, receipt, seeded, shares},
    eventually, ledger,
};

/// Clients at every node: nobody's, then those of each participant.
type Clients = Vec<Vec<Client>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn participants_racing_with_themselves_at_several_nodes_are_counted_exactly_once() {
    const PARTICIPANTS: usize = 8;
    const WORKERS: usize = 16;
    const SUBMISSIONS: usize = 16;
    let mut random = seeded("concurrency");
    let mut nodes = vec![TestApp::start().await];
    if nodes[0].database.is_postgres() {
        nodes.push(nodes[0].start_beside(&[]).await);
        nodes.push(nodes[0].start_beside(&[]).await);
    }
    let mut receipts = Acknowledgements::default();
    let mut tokens = vec![None];
    for number in 0..PARTICIPANTS {
        let shares = shares(&mut random, 10);
        let (token, first) = participant(nodes[0].address, &shares, &format!("first-of-{number}")).await;
        receipts.add(Acknowledgement { participant: Some(number), ..first });
        tokens.push(Some(token));
    }
    let of_node = |node: &TestApp| tokens.iter().map(|token| client_of(node.address, token.as_deref())).collect();
    let clients: Arc<Clients> = Arc::new(nodes.iter().map(of_node).collect());

    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        let random = StdRng::seed_from_u64(random.random());
        workers.spawn(submit_at_random(worker, SUBMISSIONS, Arc::clone(&clients), random));
    }
    while let Some(worker) = workers.join_next().await {
        worker.unwrap().into_iter().for_each(|receipt| receipts.add(receipt));
    }

    let database = &nodes[0].database;
    receipts.assert_kept(database).await;
    receipts.assert_chains();
    let numbers = ledger::assert_exact(database).await;
    assert_eq!(numbers.submissions, i64::try_from(receipts.0.len()).unwrap());
    assert_eq!(
        receipts.0.len(),
        PARTICIPANTS + WORKERS * SUBMISSIONS,
        "each is stored once, however often it was sent"
    );
    let anonymous = receipts.0.values().filter(|receipt| receipt.participant.is_none()).count();
    assert_eq!(numbers.participants, i64::try_from(PARTICIPANTS + anonymous).unwrap());
    for node in &nodes {
        node.client().aggregate_of(numbers.participants, numbers.submissions).await;
    }
}

/// Hands in as random participants at random nodes; some of it twice at once at two nodes, some of it again much later.
async fn submit_at_random(
    worker: usize,
    submissions: usize,
    clients: Arc<Clients>,
    mut random: StdRng,
) -> Vec<Acknowledgement> {
    let mut receipts = Vec::new();
    let mut earlier: Vec<(usize, Vec<u16>, String)> = Vec::new();
    for number in 0..submissions {
        let voice = if random.random_bool(0.3) { 0 } else { random.random_range(1..clients[0].len()) };
        let shares = shares(&mut random, 10);
        let key = random.random_bool(0.5).then(|| format!("worker-{worker}-{number}"));
        let client = |random: &mut StdRng| clients[random.random_range(0..clients.len())][voice].clone();
        let (one, other) = (client(&mut random), client(&mut random));
        if key.is_some() && random.random_bool(0.5) {
            let (first, second) = tokio::join!(
                submit(&one, voice, &shares, key.as_deref()),
                submit(&other, voice, &shares, key.as_deref())
            );
            assert_eq!(first.id, second.id, "one key, one submission");
            receipts.extend([first, second]);
        } else {
            receipts.push(submit(&one, voice, &shares, key.as_deref()).await);
        }
        earlier.extend(key.map(|key| (voice, shares, key)));
        if !earlier.is_empty() && random.random_bool(0.15) {
            let (voice, shares, key) = &earlier[random.random_range(0..earlier.len())];
            let client = &clients[random.random_range(0..clients.len())][*voice];
            receipts.push(submit(client, *voice, shares, Some(key)).await);
        }
    }
    receipts
}

async fn submit(client: &Client, voice: usize, shares: &[u16], key: Option<&str>) -> Acknowledgement {
    let sent = Instant::now();
    let response = client.try_submit(input(shares, key)).await.unwrap();
    receipt(&response, voice.checked_sub(1), shares, sent)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_key_sent_at_once_by_many_at_several_nodes_is_one_submission_for_everybody() {
    let one = TestApp::start().await;
    let other = if one.database.is_postgres() { Some(one.start_beside(&[]).await) } else { None };
    let other = other.as_ref().unwrap_or(&one);
    for round in 0..5 {
        let input = input(&[1_000; 10], Some(&format!("the-same-key-{round}")));
        let mut sending = JoinSet::new();
        for sender in 0..20 {
            let client = if sender % 2 == 0 { one.client() } else { other.client() };
            let input = input.clone();
            sending.spawn(async move { client.submit(input).await["submission"]["id"].clone() });
        }
        let ids: HashSet<Value> = sending.join_all().await.into_iter().collect();
        assert_eq!(ids.len(), 1, "{ids:?}");
    }
    assert_eq!(ledger::assert_exact(&one.database).await.submissions, 5);
}

/// A database with a store for each writer, and two open budgets.
async fn writers(count: usize) -> (TestDatabase, Vec<Store>, Arc<Budget>, Arc<Budget>) {
    let database = TestDatabase::create().await;
    let mut stores = vec![ledger::migrated(&database).await];
    while stores.len() < count {
        stores.push(Store::connect(&database.url).await.unwrap());
    }
    let federal = ledger::budget(&stores[0], "federal").await;
    let mut town = ledger::like(&federal, "town");
    town.categories.truncate(3);
    stores[0].create_budget(&town).await.unwrap();
    let town = ledger::budget(&stores[0], "town").await;
    (database, stores, Arc::new(federal), Arc::new(town))
}

async fn close(stores: &[Store]) {
    for store in stores {
        store.close().await;
    }
}

fn new(budget: &Arc<Budget>, participant: Option<u128>, shares: &[u16], key: Option<&str>) -> NewSubmission {
    let participant = participant.map(|number| ParticipantId(Uuid::from_u128(number)));
    let key = key.map(|key| IdempotencyKey::new(key.to_owned()).unwrap());
    NewSubmission {
        id: Uuid::new_v4(),
        budget: Arc::clone(budget),
        participant,
        allocation: ledger::allocation(shares),
        key_digest: key.map(|key| key.digest(budget.id, participant)),
    }
}

/// Shares that give everything to one category.
fn all_to(category: usize, categories: usize) -> Vec<u16> {
    let mut shares = vec![0; categories];
    shares[category] = 10_000;
    shares
}

/// `Ok` with what was replaced, or the submission that was there first.
fn told(outcome: &StoreOutcome) -> Result<Option<Uuid>, Uuid> {
    match outcome {
        StoreOutcome::Accepted { replaced, .. } => Ok(replaced.as_ref().map(|replaced| replaced.id)),
        StoreOutcome::Replayed { first, .. } => Err(first.id),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn within_a_batch_each_answer_of_a_participant_replaces_the_one_before_and_the_last_counts() {
    let (database, stores, federal, town) = writers(1).await;
    let store = &stores[0];
    let before = new(&federal, Some(1), &all_to(0, 10), None);
    assert_eq!(told(&store_batch(store, std::slice::from_ref(&before)).await.unwrap()[0]), Ok(None));

    let batch = [
        new(&federal, Some(1), &all_to(1, 10), None),
        new(&federal, Some(2), &all_to(2, 10), None),
        new(&town, Some(1), &all_to(0, 3), None),
        new(&federal, Some(1), &all_to(3, 10), Some("between!")),
        new(&federal, None, &all_to(4, 10), None),
        new(&federal, None, &all_to(4, 10), None),
        new(&federal, Some(1), &all_to(5, 10), None),
        new(&town, Some(1), &all_to(1, 3), None),
    ];
    let told: Vec<_> = store_batch(store, &batch).await.unwrap().iter().map(told).collect();
    let id = |index: usize| Ok(Some(batch[index].id));
    let none = Ok(None);
    assert_eq!(told, [Ok(Some(before.id)), none, none, id(0), none, none, id(3), id(2)]);

    let numbers = ledger::assert_exact(&database).await;
    assert_eq!((numbers.participants, numbers.submissions), (4, 7));
    let sums: Vec<i64> = federal.keys().map(|key| numbers.categories[key].sum).collect();
    assert_eq!(sums, [0, 0, 10_000, 0, 20_000, 10_000, 0, 0, 0, 0], "participant 1 counts with its last");
    let town_numbers = ledger::counted(&database, "town").await;
    assert_eq!((town_numbers.participants, town_numbers.submissions), (1, 2));
    close(&stores).await;
}

#[tokio::test]
async fn within_a_batch_a_key_is_stored_once_and_refused_for_another_allocation() {
    let (database, stores, federal, town) = writers(1).await;
    let key = Some("the same key");
    let (a, b) = (all_to(0, 10), all_to(1, 10));
    let batch = [
        new(&federal, None, &a, key),
        new(&federal, Some(1), &a, key), // a participant's keys are its own
        new(&federal, None, &a, key),
        new(&federal, None, &b, key),
        new(&federal, Some(1), &b, key),
        new(&federal, Some(1), &a, key),
        new(&town, None, &all_to(0, 3), key), // nobody's keys are the budget's
        new(&town, Some(1), &all_to(0, 3), key),
        new(&federal, Some(2), &b, key),
        new(&federal, Some(1), &b, Some("another key")),
        new(&federal, Some(1), &a, key), // late: it must not count again
    ];
    let outcomes = store_batch(&stores[0], &batch).await.unwrap();
    let repeated = |index: usize| Err(batch[index].id);
    for (index, expected) in [
        (0, Ok(None)),
        (1, Ok(None)),
        (2, repeated(0)),
        (5, repeated(1)),
        (6, Ok(None)),
        (8, Ok(None)),
        (9, Ok(Some(batch[1].id))),
        (10, repeated(1)),
    ] {
        assert_eq!(told(&outcomes[index]), expected, "{index}");
    }
    for index in [3, 4, 7] {
        assert_eq!(outcomes[index], StoreOutcome::IdempotencyConflict, "{index}");
    }
    // The whole batch again, under new ids, as if the answer had been lost: nothing is stored.
    let again: Vec<_> =
        batch.iter().map(|submission| NewSubmission { id: Uuid::new_v4(), ..submission.clone() }).collect();
    let ids: Vec<_> = batch.iter().map(|submission| submission.id).collect();
    let first = [Some(0), Some(1), Some(0), None, None, Some(1), Some(6), None, Some(8), Some(9), Some(1)];
    for (outcome, first) in store_batch(&stores[0], &again).await.unwrap().iter().zip(first) {
        match first {
            Some(first) => assert_eq!(told(outcome), Err(ids[first])),
            None => assert_eq!(*outcome, StoreOutcome::IdempotencyConflict),
        }
    }
    let numbers = ledger::assert_exact(&database).await;
    assert_eq!((numbers.participants, numbers.submissions), (3, 4));
    assert_eq!((numbers.categories["healthcare"].sum, numbers.categories["education"].sum), (10_000, 20_000));
    close(&stores).await;
}

#[tokio::test]
async fn what_a_batch_must_refuse_leaves_the_rest_of_it_untouched() {
    let (database, stores, federal, town) = writers(1).await;
    database.execute("UPDATE budget SET status = 'closed' WHERE slug = 'town'").await.unwrap();
    let mut fewer = (*federal).clone();
    fewer.categories.truncate(9);
    let unknown = Arc::new(Budget { id: taxbudget::domain::budget::BudgetId(999), ..(*federal).clone() });
    let batch = [
        new(&town, Some(1), &all_to(0, 3), None),
        new(&federal, Some(1), &all_to(0, 10), None),
        new(&Arc::new(fewer), Some(1), &all_to(1, 9), None),
        new(&unknown, Some(1), &all_to(1, 10), None),
        new(&federal, None, &all_to(1, 10), None),
    ];
    let outcomes = store_batch(&stores[0], &batch).await.unwrap();
    assert_eq!(outcomes[0], StoreOutcome::NotOpen(NotOpen::Closed));
    assert_eq!(outcomes[2], StoreOutcome::BudgetChanged);
    assert_eq!(outcomes[3], StoreOutcome::BudgetChanged);
    assert_eq!([&outcomes[1], &outcomes[4]].map(told), [Ok(None), Ok(None)]);
    assert_eq!(ledger::budget(&stores[0], "town").await.status, BudgetStatus::Closed);
    let numbers = ledger::assert_exact(&database).await;
    assert_eq!((numbers.participants, numbers.submissions), (2, 2));
    close(&stores).await;
}

/// Batches full of the same few participants and keys, at several writers at once, while two others fold.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_that_race_for_the_same_participants_and_keys_agree_on_one_outcome() {
    const BATCHES: usize = 12;
    const SIZE: usize = 60;
    let mut random = seeded("writers");
    let writer_count = if crate::support::setting("TEST_DATABASE_URL").is_some() { 4 } else { 2 };
    let (database, stores, federal, town) = writers(writer_count).await;
    let mut writing = JoinSet::new();
    for store in &stores {
        let (store, federal, town) = (store.clone(), Arc::clone(&federal), Arc::clone(&town));
        let mut random = StdRng::seed_from_u64(random.random());
        writing.spawn(async move {
            let mut told = Vec::new();
            for _ in 0..BATCHES {
                let batch: Vec<_> = (0..SIZE).map(|_| one_of_few(&federal, &town, &mut random)).collect();
                let outcomes = store_batch(&store, &batch).await.unwrap();
                told.extend(batch.into_iter().zip(outcomes));
            }
            told
        });
    }
    let folding = [0, 1].map(|index| {
        let store = stores[index % stores.len()].clone();
        tokio::spawn(async move {
            for _ in 0..40 {
                ledger::quiet(&store).fold_pending().await.unwrap();
                tokio::task::yield_now().await;
            }
        })
    });
    let told: Vec<(NewSubmission, StoreOutcome)> = writing.join_all().await.into_iter().flatten().collect();
    for folding in folding {
        folding.await.unwrap();
    }

    let mut accepted = 0;
    let mut first_of_key: HashMap<_, NewSubmission> = HashMap::new();
    for (new, outcome) in &told {
        if matches!(outcome, StoreOutcome::Accepted { .. }) {
            accepted += 1;
            if let Some(key) = new.key_digest {
                assert!(first_of_key.insert(key, new.clone()).is_none(), "a key was accepted twice");
            }
        }
    }
    let mut repeated = 0;
    for (new, outcome) in &told {
        let same = |first: &NewSubmission| first.allocation == new.allocation && first.budget.id == new.budget.id;
        match outcome {
            StoreOutcome::Accepted { .. } => {}
            StoreOutcome::Replayed { first, .. } => {
                repeated += 1;
                let original = &first_of_key[&new.key_digest.unwrap()];
                assert!(first.id == original.id && same(original));
            }
            StoreOutcome::IdempotencyConflict => assert!(!same(&first_of_key[&new.key_digest.unwrap()])),
            other => panic!("{other:?}"),
        }
    }
    ledger::assert_exact(&database).await;
    assert!(repeated > 50, "the test must race: {repeated} repeated, {accepted} accepted");
    assert_eq!(database.integer("SELECT COUNT(*) FROM submission").await, accepted);
    close(&stores).await;
}

/// Of 12 participants and nobody, with one of 15 keys or none; a key mostly comes with the same allocation.
fn one_of_few(federal: &Arc<Budget>, town: &Arc<Budget>, random: &mut StdRng) -> NewSubmission {
    let budget = if random.random_bool(0.8) { federal } else { town };
    let participant = random.random_bool(0.8).then(|| random.random_range(0..12));
    let key: Option<usize> = random.random_bool(0.5).then(|| random.random_range(0..15));
    let categories = budget.categories.len();
    let shares = match key {
        Some(key) if random.random_bool(0.9) => all_to(key % categories, categories),
        _ => shares(random, categories),
    };
    new(budget, participant, &shares, key.map(|key| format!("key number {key}")).as_deref())
}

/// A database breaks up two writers that wait for each other only after a second, in which nobody's submission is stored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_participants_keys_in_any_order_at_two_nodes_never_make_the_nodes_wait_for_each_other() {
    const ROUNDS: usize = 5;
    const KEYS: usize = 800;
    let mut random = seeded("order");
    let (database, stores, federal, _) = writers(2).await;
    if !database.is_postgres() {
        println!("skipped: only PostgreSQL has two writers at once");
        return;
    }
    for round in 0..ROUNDS {
        let mut batch: Vec<_> = (0..KEYS)
            .map(|key| new(&federal, Some(7), &all_to(key % 10, 10), Some(&format!("key {round} {key:03}"))))
            .collect();
        let same = batch.clone();
        batch.reverse();
        if round > 0 {
            batch.shuffle(&mut random);
        }
        let batch: Vec<_> = batch.into_iter().map(|new| NewSubmission { id: Uuid::new_v4(), ..new }).collect();
        let (one, other) = tokio::join!(store_batch(&stores[0], &same), store_batch(&stores[1], &batch));
        let accepted = [one.unwrap(), other.unwrap()].concat();
        let accepted = accepted.iter().filter(|outcome| matches!(outcome, StoreOutcome::Accepted { .. })).count();
        assert_eq!(accepted, KEYS);
    }
    // A connection adds what it counted when it ends.
    close(&stores).await;
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    assert_eq!(database.integer(deadlocks).await, 0);
    assert_eq!(ledger::assert_exact(&database).await.submissions, i64::try_from(ROUNDS * KEYS).unwrap());
}

#[tokio::test]
async fn a_late_retry_of_an_old_answer_does_not_bring_it_back() {
    let app = TestApp::start().await;
    let client = app.client();
    let first = input(&all_to(0, 10), Some("my first answer, which is remembered"));
    let first_id = client.submit(crate::support::client::with(first.clone(), json!({ "remember": true }))).await;
    let second = client.submit(input(&all_to(1, 10), None)).await;
    let retried = client.submit(first).await;
    assert_eq!(retried["submission"]["id"], first_id["submission"]["id"]);
    assert_eq!(retried["submission"]["counted"], false);
    assert_eq!(second["submission"]["counted"], true);
    let numbers = ledger::assert_exact(&app.database).await;
    assert_eq!((numbers.participants, numbers.submissions), (1, 2));
    assert_eq!(numbers.categories["education"].sum, 10_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_database_gives_up_by_itself_is_tried_again_and_counts_once() {
    let app = TestApp::start().await;
    if !app.database.is_postgres() {
        println!("skipped: SQLite gives up nothing by itself");
        return;
    }
    let elsewhere = app.database.connect().await;
    let holding = elsewhere.begin().await.unwrap();
    holding.execute_unprepared("SELECT * FROM budget FOR UPDATE").await.unwrap();
    let client = app.client();
    let submitting = tokio::spawn(async move { client.submit(input(&all_to(0, 10), None)).await });
    let blocked = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    // When the transaction that waits for the budget began, in microseconds; 0 while none does.
    let waits_since =
        format!("SELECT COALESCE(MAX(CAST(EXTRACT(EPOCH FROM xact_start) * 1000000 AS bigint)), 0) {blocked}");
    let waits_after = async |moment: i64| {
        let attempt = || async { Some(app.database.integer(&waits_since).await).filter(|since| *since > moment) };
        eventually("the submission waits for the budget", attempt).await
    };
    let first = waits_after(0).await;
    // As its time-out would, or a clock that jumps over it.
    let cancel = format!("SELECT COUNT(*) FROM (SELECT pg_cancel_backend(pid) {blocked}) AS cancelled");
    assert_eq!(app.database.integer(&cancel).await, 1);
    waits_after(first).await;
    holding.commit().await.unwrap();
    assert_eq!(submitting.await.unwrap()["submission"]["counted"], true);
    assert_eq!(ledger::assert_exact(&app.database).await.submissions, 1);
}
