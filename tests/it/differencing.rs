//! What can be told of single ballots by subtracting publications: nothing, with a threshold.

use std::collections::{BTreeMap, HashSet};

use rand::{RngExt, rngs::StdRng};
use serde_json::{Value, json};

use crate::sse::Events;
use crate::support::{
    Client, TestApp,
    answers::{client_of, input, participant, seeded, shares},
    backup::Backup,
    eventually, ledger,
    nodes::{Node, Nodes, is_clustered},
    process::run,
    socket::Socket,
};

const EVERY: i64 = 10;

/// As much as one operation may ask for.
const FINEST: &str = "submissionCount shownParticipantCount categories { averagePercent zeroCount
    histogram(bins: 100) { toPercent count } }";
const COARSE: &str = "submissionCount shownParticipantCount categories { averagePercent zeroCount
    ten: histogram(bins: 10) { toPercent count } twenty: histogram(bins: 20) { toPercent count } }";

/// What one publication shows on one way, as far as single ballots could be told by it.
#[derive(Debug, Clone, PartialEq)]
struct Publication {
    shown: i64,
    categories: Vec<Category>,
}

#[derive(Debug, Clone, PartialEq)]
struct Category {
    average: f64,
    zero: Option<i64>,
    /// The ends of the bins with the number of ballots, from 0.
    histograms: Vec<Vec<(i64, i64)>>,
}

impl Publication {
    fn of(aggregate: &Value) -> Self {
        let histogram = |bins: &Value| -> Vec<(i64, i64)> {
            let bin = |bin: &Value| (whole(&bin["toPercent"]), bin["count"].as_i64().unwrap());
            bins.as_array().unwrap().iter().map(bin).collect()
        };
        let category = |category: &Value| Category {
            average: category["averagePercent"].as_f64().unwrap(),
            zero: category["zeroCount"].as_i64(),
            histograms: ["histogram", "ten", "twenty"]
                .iter()
                .filter_map(|name| Some(histogram(category.get(name)?)))
                .collect(),
        };
        Self {
            shown: aggregate["shownParticipantCount"].as_i64().unwrap(),
            categories: aggregate["categories"].as_array().unwrap().iter().map(category).collect(),
        }
    }

    /// A CSV file has no counts; they stand in the JSON file beside it.
    fn of_csv(csv: &str, shown: i64) -> Self {
        let mut lines = csv.lines();
        let names: Vec<&str> = lines.next().unwrap().split(',').collect();
        let column = |name: &str| names.iter().position(|known| *known == name).unwrap();
        let (average, zero) = (column("average_percent"), column("zero_count"));
        let category = |line: &str| {
            // A label may hold a comma between quotes; the numbers stand at the end.
            let fields: Vec<&str> = line.rsplitn(names.len() - 1, ',').collect();
            let field = |index: usize| fields[names.len() - 1 - index];
            Category {
                average: field(average).parse().unwrap(),
                zero: field(zero).parse().ok(),
                histograms: Vec::new(),
            }
        };
        Self { shown, categories: lines.map(category).collect() }
    }
}

fn whole(percent: &Value) -> i64 {
    #[allow(clippy::cast_possible_truncation)]
    let percent = percent.as_f64().unwrap().round() as i64;
    percent
}

/// What the difference of two histograms has above and below zero, where both have an end of a bin.
fn difference(before: &[(i64, i64)], after: &[(i64, i64)]) -> (i64, i64) {
    let sums = |bins: &[(i64, i64)]| -> BTreeMap<i64, i64> {
        let mut sum = 0;
        bins.iter()
            .map(|(to, count)| {
                sum += count;
                (*to, sum)
            })
            .collect()
    };
    let (before, after) = (sums(before), sums(after));
    let (mut above, mut below, mut last) = (0, 0, 0);
    for (to, sum) in &after {
        let Some(sum_before) = before.get(to) else { continue };
        let change = (sum - sum_before) - last;
        last = sum - sum_before;
        if change > 0 { above += change } else { below -= change }
    }
    (above, below)
}

/// The attack: what somebody who has both publications can tell of a single ballot.
fn told(before: &Publication, after: &Publication) -> Option<String> {
    let new = after.shown - before.shown;
    if new.abs() == 1 {
        #[allow(clippy::cast_precision_loss)]
        let sum = |publication: &Publication, category: usize| {
            publication.categories[category].average * publication.shown as f64
        };
        let ballot = |category| {
            let change = sum(after, category) - sum(before, category);
            if new > 0 { change } else { -change }
        };
        let ballot: Vec<f64> = (0..10).map(ballot).collect();
        // Each average is rounded to a hundredth. What is no ballot is the change of several.
        #[allow(clippy::cast_precision_loss)]
        let error = 0.01 * (before.shown + after.shown) as f64;
        if ballot.iter().all(|share| (-error..=100.0 + error).contains(share)) {
            return Some(format!("{new} ballot, by the averages: {ballot:.1?}"));
        }
    }
    for width in 0..before.categories.first().map_or(0, |category| category.histograms.len()) {
        let of =
            |publication: &Publication, category: usize| publication.categories[category].histograms[width].clone();
        let differences: Vec<(i64, i64)> =
            (0..10).map(|category| difference(&of(before, category), &of(after, category))).collect();
        for side in [(1, 0), (0, 1), (1, 1)] {
            // A ballot may lie in the same bin as the one that it replaces.
            let categories = differences.iter().filter(|difference| **difference == side).count();
            if categories >= 8 {
                return Some(format!("one ballot in {categories} categories, by histogram {width}: {differences:?}"));
            }
        }
    }
    None
}

/// Everything that was seen.
#[derive(Default)]
struct Seen {
    /// On each way, in its order.
    ways: BTreeMap<&'static str, Vec<Publication>>,
    /// Each picture with the numbers at its time.
    pictures: Vec<(Publication, String)>,
}

impl Seen {
    fn add(&mut self, way: &'static str, publication: Publication) {
        let seen = self.ways.entry(way).or_default();
        if seen.last() != Some(&publication) {
            seen.push(publication);
        }
    }

    /// What can be told, on any way.
    fn told(&self) -> Vec<String> {
        let pairs = self.ways.iter().flat_map(|(way, seen)| seen.windows(2).map(move |pair| (way, pair)));
        pairs.filter_map(|(way, pair)| Some(format!("{way}: {}", told(&pair[0], &pair[1])?))).collect()
    }

    /// Holds pictures to the numbers: where those did not change, nothing else that is drawn did.
    fn assert_pictures(&self) {
        for pair in self.pictures.windows(2) {
            assert!(pair[0].0 != pair[1].0 || pair[0].1 == pair[1].1, "a picture changed and the numbers did not");
        }
    }

    /// Holds every way to statistics of none or of at least so many, and to no bin with fewer.
    fn assert_groups_of(&self, every: i64) {
        for (way, seen) in &self.ways {
            for publication in seen {
                assert!(publication.shown == 0 || publication.shown >= every, "{way}: {}", publication.shown);
                for count in
                    publication.categories.iter().flat_map(|it| &it.histograms).flatten().map(|(_, count)| *count)
                {
                    assert!(count == 0 || count >= every, "{way}: a bin with {count} of {}", publication.shown);
                }
                for zero in publication.categories.iter().filter_map(|it| it.zero) {
                    assert!(zero == 0 || zero >= every, "{way}: {zero} give nothing");
                }
            }
        }
    }
}

/// Somebody who watches on every way.
struct Watcher {
    node: Node,
    socket: Socket,
    events: Events,
    seen: Seen,
}

impl Watcher {
    /// Goes on with what was seen before the node was there.
    async fn of(node: Node, seen: Seen) -> Self {
        let watch = |fields: &str| format!("subscription {{ aggregate(budget: \"federal\") {{ {fields} }} }}");
        let mut socket = Socket::connect(node.client.address).await;
        socket.subscribe("1", &watch(FINEST), Value::Null).await;
        let events = Events::open(&node.client, &watch(COARSE), Value::Null).await;
        Self { node, socket, events, seen }
    }

    /// What a query shows now; again when the allowance of large queries is used up.
    async fn query(&self, fields: &str) -> Publication {
        eventually("the query is answered", || async {
            let answer = self.node.client.send(&query_of(fields), Value::Null).await;
            if answer["errors"][0]["extensions"]["code"] == "RATE_LIMITED" {
                return None;
            }
            Some(Publication::of(&answer["data"]["budget"]["aggregate"]))
        })
        .await
    }

    /// Looks on every way, once so many submissions are counted. Returns the number of ballots that are shown.
    async fn look(&mut self, submissions: i64) -> i64 {
        let client = self.node.client.clone();
        eventually("every submission is counted", || async {
            let data = client.data(&query_of("submissionCount"), Value::Null).await;
            (data["budget"]["aggregate"]["submissionCount"] == submissions).then_some(())
        })
        .await;
        let shown = self.query(COARSE).await;
        let last = self.seen.ways.get("query, 10 and 20 bins").and_then(|seen| seen.last());
        if last != Some(&shown) || submissions % 10 == 0 {
            // Large queries have an allowance of their own, and this one comes too often for it.
            let finest = self.query(FINEST).await;
            self.seen.add("query, 100 bins", finest);
        }
        self.seen.add("query, 10 and 20 bins", shown.clone());
        let file = async |name: &str| {
            client.http.get(client.url(&format!("/api/budgets/federal/{name}"))).send().await.unwrap()
        };
        let json: Value = file("aggregate.json").await.json().await.unwrap();
        self.seen.add("JSON", Publication::of(&json));
        let csv = file("aggregate.csv").await.text().await.unwrap();
        self.seen.add("CSV", Publication::of_csv(&csv, shown.shown));
        // The tag is a digest of everything that is drawn.
        let picture = file("picture.png").await;
        assert!(picture.status().is_success(), "{picture:?}");
        self.seen.pictures.push((shown.clone(), picture.headers()["etag"].to_str().unwrap().to_owned()));
        loop {
            let message = self.socket.next_message().await;
            let aggregate = &message["payload"]["data"]["aggregate"];
            self.seen.add("WebSocket", Publication::of(aggregate));
            if aggregate["submissionCount"] == submissions {
                break;
            }
        }
        loop {
            let aggregate = self.events.next_result().await["data"]["aggregate"].clone();
            self.seen.add("server-sent events", Publication::of(&aggregate));
            if aggregate["submissionCount"] == submissions {
                break;
            }
        }
        shown.shown
    }
}

fn query_of(fields: &str) -> String {
    format!("{{ budget(slug: \"federal\") {{ aggregate {{ {fields} }} }} }}")
}

/// People who answer, with or without being remembered, and change their minds.
struct Crowd {
    random: StdRng,
    tokens: Vec<String>,
    submissions: i64,
    /// Ballots that are not shown yet, and participants who have revised a ballot that is.
    new: i64,
    unshown: HashSet<usize>,
    revised: HashSet<usize>,
}

impl Crowd {
    fn new(test: &str) -> Self {
        Self {
            random: seeded(test),
            tokens: Vec::new(),
            submissions: 0,
            new: 0,
            unshown: HashSet::new(),
            revised: HashSet::new(),
        }
    }

    /// Somebody submits at this node.
    async fn submit(&mut self, client: &Client) {
        let shares = shares(&mut self.random, 10);
        match self.random.random_range(0..10) {
            0..2 => {
                client_of(client.address, None).submit(input(&shares, None)).await;
                self.new += 1;
            }
            2..5 if !self.tokens.is_empty() => {
                let number = self.random.random_range(0..self.tokens.len());
                client_of(client.address, Some(&self.tokens[number])).submit(input(&shares, None)).await;
                if !self.unshown.contains(&number) {
                    self.revised.insert(number);
                }
            }
            _ => {
                let key = format!("{}", self.random.random::<u64>());
                let (token, _) = participant(client.address, &shares, &key).await;
                self.unshown.insert(self.tokens.len());
                self.tokens.push(token);
                self.new += 1;
            }
        }
        self.submissions += 1;
    }

    /// Somebody submits, and the watcher looks. If anything has changed, then by enough people.
    async fn submit_watched(&mut self, watcher: &mut Watcher, every: i64) {
        let before = watcher.seen.ways.get("query, 10 and 20 bins").and_then(|seen| seen.last().cloned());
        self.submit(&watcher.node.client.clone()).await;
        let shown = watcher.look(self.submissions).await;
        let now = watcher.seen.ways["query, 10 and 20 bins"].last().cloned();
        if before.is_none() || before == now {
            assert!(self.new < every, "{} new ballots wait", self.new);
            return;
        }
        let revised = i64::try_from(self.revised.len()).unwrap();
        let before = before.map_or(0, |before| before.shown);
        assert!(self.new >= every || revised >= every, "{} new and {revised} revised are shown", self.new);
        assert_eq!(shown - before, self.new, "all that are new, or none");
        (self.new, self.unshown) = (0, HashSet::new());
        // Everything was shown if there were enough on both sides, else the new ones alone.
        if revised >= every {
            self.revised.clear();
        }
    }
}

/// A node with this threshold.
async fn node(nodes: &Nodes, every: i64) -> Node {
    nodes.start(&[&format!("--publish-every={every}")]).await
}

async fn command(nodes: &Nodes, arguments: &[&str]) {
    let done = run(&[arguments, &["--database-url", &nodes.database.url]].concat()).await;
    assert!(done.status.success(), "{done:?}");
}

/// What may happen to a server while it counts.
#[derive(Debug, Clone, Copy)]
enum Event {
    Restart,
    Rebuild,
    RebuildInBackground,
    Truncated(&'static [&'static str]),
}

const EVENTS: [Event; 6] = [
    Event::Restart,
    Event::Rebuild,
    Event::RebuildInBackground,
    Event::Truncated(&["DELETE FROM category_aggregate"]),
    Event::Truncated(&["DELETE FROM category_aggregate", "DELETE FROM budget_aggregate"]),
    Event::Truncated(&[
        "UPDATE category_aggregate SET sum_basis_points = 7",
        "UPDATE histogram_page SET bins = '[[1,99]]'",
    ]),
];

async fn happen(event: Event, nodes: &Nodes, watcher: Watcher, every: i64) -> Watcher {
    let database = &nodes.database;
    match event {
        Event::Restart => {
            let Watcher { node: before, seen, .. } = watcher;
            assert_eq!(before.process.terminate().await, Some(0));
            return Watcher::of(node(nodes, every).await, seen).await;
        }
        Event::Rebuild => command(nodes, &["rebuild"]).await,
        Event::RebuildInBackground => {
            command(nodes, &["rebuild", "--async"]).await;
            let done = "SELECT COUNT(*) FROM background_job WHERE finished_at IS NULL";
            eventually("the job is done", || async { (database.integer(done).await == 0).then_some(()) }).await;
        }
        Event::Truncated(statements) => {
            for statement in statements {
                eventually("it is done", || async { database.execute(statement).await.ok() }).await;
            }
            command(nodes, &["rebuild"]).await;
        }
    }
    watcher
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subtracting_consecutive_publications_tells_no_ballot_whatever_happens_to_the_server_meanwhile() {
    for participants in [20, 307] {
        let nodes = Nodes::prepare().await;
        let mut crowd = Crowd::new("differencing");
        let mut watcher = Watcher::of(node(&nodes, EVERY).await, Seen::default()).await;
        for number in 0..participants {
            crowd.submit_watched(&mut watcher, EVERY).await;
            // Six events among 20 submissions, and twelve among 307.
            if number % 3 == 2 && (participants == 20 || number % 24 == 2) {
                let event = EVENTS[(number / if participants == 20 { 3 } else { 24 }) % EVENTS.len()];
                watcher = happen(event, &nodes, watcher, EVERY).await;
            }
        }
        watcher.seen.assert_groups_of(EVERY);
        watcher.seen.assert_pictures();
        assert_eq!(watcher.seen.told(), Vec::<String>::new());
        // Of 20 submissions, more than half may be revisions by chance: too few people for a group, on every way.
        let is_nothing_shown = watcher.seen.ways.values().flatten().all(|publication| publication.shown == 0);
        let is_shown = watcher.seen.ways.values().all(|seen| seen.len() > 1);
        assert!(is_shown || (is_nothing_shown && crowd.new < EVERY), "something was shown on every way");
        assert_eq!(watcher.node.process.terminate().await, Some(0));
        ledger::assert_exact(&nodes.database).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subtracting_consecutive_publications_tells_no_ballot_among_ten_thousand() {
    let nodes = Nodes::prepare().await;
    let mut watcher = Watcher::of(node(&nodes, EVERY).await, Seen::default()).await;
    let redis = [format!("--redis-url={}", nodes.redis_url), format!("--redis-prefix={}", nodes.redis_prefix)];
    let simulate = ["simulate", "--submissions=10000", "--seed=1", "--push-interval-ms=10", &redis[0], &redis[1]];
    command(&nodes, &simulate).await;
    watcher.look(10_000).await;
    let mut crowd = Crowd::new("ten thousand");
    crowd.submissions = 10_000;
    // What the simulation left waiting is not known here.
    crowd.new = -EVERY;
    for _ in 0..40 {
        crowd.submit(&watcher.node.client.clone()).await;
        watcher.look(crowd.submissions).await;
    }
    watcher.seen.assert_groups_of(EVERY);
    watcher.seen.assert_pictures();
    assert_eq!(watcher.seen.told(), Vec::<String>::new());
    assert!(watcher.seen.ways["JSON"].len() > 2, "something new was shown among the last 40");
    assert_eq!(watcher.node.process.terminate().await, Some(0));
    ledger::assert_exact(&nodes.database).await;
}

/// The attack is real: without a threshold it reads what was submitted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_threshold_the_same_subtraction_reads_ballots_on_every_way() {
    let nodes = Nodes::prepare().await;
    let mut crowd = Crowd::new("without a threshold");
    let mut watcher = Watcher::of(node(&nodes, 1).await, Seen::default()).await;
    for _ in 0..20 {
        crowd.submit(&watcher.node.client.clone()).await;
        watcher.look(crowd.submissions).await;
    }
    let told = watcher.seen.told();
    for way in watcher.seen.ways.keys() {
        let of_this_way = told.iter().filter(|told| told.starts_with(way)).count();
        // Each new ballot but the first, which has no publication before it, and one whose averages are rounded badly.
        let of_this_way = i64::try_from(of_this_way).unwrap();
        assert!(of_this_way >= crowd.new - 2, "{way}: {of_this_way} of {}", crowd.new);
    }
    assert!(told.iter().any(|told| told.contains("by histogram")), "a revision is told by its bins");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_a_killed_one_and_an_older_database_put_back_tell_no_ballot() {
    if !is_clustered() {
        return;
    }
    let nodes = Nodes::prepare().await;
    let mut crowd = Crowd::new("two nodes");
    let mut watcher = Watcher::of(node(&nodes, EVERY).await, Seen::default()).await;
    let other = node(&nodes, EVERY).await;
    for _ in 0..35 {
        crowd.submit(&other.client).await;
        crowd.submit(&watcher.node.client.clone()).await;
        watcher.look(crowd.submissions).await;
    }
    let (backup, submissions) = (Backup::of(&nodes.database).await, crowd.submissions);
    for _ in 0..15 {
        crowd.submit(&other.client).await;
        watcher.look(crowd.submissions).await;
    }
    // In the middle of whatever it does.
    crowd.submit(&other.client).await;
    other.process.kill().await;
    watcher.look(crowd.submissions).await;
    backup.restore(&nodes.database).await;
    crowd.submissions = submissions;
    watcher.look(submissions).await;
    for _ in 0..30 {
        // Those who came after the backup are not known any more.
        let shares = shares(&mut crowd.random, 10);
        client_of(watcher.node.client.address, None).submit(input(&shares, None)).await;
        crowd.submissions += 1;
        watcher.look(crowd.submissions).await;
    }
    watcher.seen.assert_groups_of(EVERY);
    watcher.seen.assert_pictures();
    assert_eq!(watcher.seen.told(), Vec::<String>::new());
    assert_eq!(watcher.node.process.terminate().await, Some(0));
    ledger::assert_exact(&nodes.database).await;
}

/// An in-process server with the threshold that a new database has.
async fn with_threshold() -> TestApp {
    TestApp::start_with(&["--publish-every=10"]).await
}

async fn shown(client: &Client) -> (i64, i64) {
    let aggregate =
        client.data(&query_of("participantCount shownParticipantCount"), Value::Null).await["budget"]["aggregate"]
            .clone();
    (aggregate["participantCount"].as_i64().unwrap(), aggregate["shownParticipantCount"].as_i64().unwrap())
}

async fn until_shown(client: &Client, expected: (i64, i64)) {
    eventually(&format!("{expected:?} are counted and shown"), || async {
        (shown(client).await == expected).then_some(())
    })
    .await;
}

/// So many people submit without being remembered.
async fn people(client: &Client, count: i64) {
    for number in 0..count {
        let healthcare = u16::try_from(number).unwrap() * 100;
        client.submit(input(&[healthcare, 10_000 - healthcare], None)).await;
    }
}

/// The first group is shown, and then so many more people submit.
async fn group_and(client: &Client, more: i64) {
    people(client, 10).await;
    until_shown(client, (10, 10)).await;
    people(client, more).await;
    until_shown(client, (10 + more, 10)).await;
}

/// The ways in which an operator closes a budget.
#[derive(Debug, Clone, Copy)]
enum Closing {
    WindowEnds,
    Status,
}

async fn close(app: &TestApp, how: Closing) {
    let now = if app.database.is_postgres() { "now()" } else { "strftime('%Y-%m-%d %H:%M:%f +00:00', 'now')" };
    let change = match how {
        Closing::WindowEnds => format!("closes_at = {now}"),
        Closing::Status => "status = 'closed'".to_owned(),
    };
    app.database.execute(&format!("UPDATE budget SET {change}")).await.unwrap();
}

#[tokio::test]
async fn the_count_is_live_and_nothing_else_is_there_until_the_first_group_is_complete() {
    let app = with_threshold().await;
    let client = app.client();
    people(&client, 9).await;
    until_shown(&client, (9, 0)).await;
    let aggregate = client.aggregate_of(9, 9).await;
    for category in aggregate["categories"].as_array().unwrap() {
        assert_eq!(
            (&category["averagePercent"], &category["medianPercent"]),
            (&json!(0.0), &json!(0.0)),
            "{aggregate}"
        );
    }
    people(&client, 1).await;
    until_shown(&client, (10, 10)).await;
    let data = client.data("{ budget(slug: \"federal\") { publishEvery } }", Value::Null).await;
    assert_eq!(data["budget"]["publishEvery"], 10);
}

#[tokio::test]
async fn when_a_budget_closes_the_rest_is_shown_although_nothing_is_submitted_any_more() {
    for how in [Closing::WindowEnds, Closing::Status] {
        let app = with_threshold().await;
        let client = app.client();
        group_and(&client, 7).await;
        close(&app, how).await;
        until_shown(&client, (17, 17)).await;
        ledger::assert_exact(&app.database).await;
    }
}

#[tokio::test]
async fn a_rest_of_one_or_two_stays_held_back_because_their_answers_could_be_computed() {
    for rest in [1, 2] {
        let app = with_threshold().await;
        let client = app.client();
        group_and(&client, rest).await;
        close(&app, Closing::WindowEnds).await;
        eventually("the end was noticed", || async {
            let settled = "SELECT COUNT(*) FROM held_back_change WHERE settled";
            (app.database.integer(settled).await == 1).then_some(())
        })
        .await;
        assert_eq!(shown(&client).await, (10 + rest, 10));
        // A node that starts afterwards shows the same.
        let next = app.start_beside(&[]).await;
        assert_eq!(shown(&next.client()).await, (10 + rest, 10));
    }
}

#[tokio::test]
async fn one_person_who_changes_their_mind_ten_times_changes_nothing_that_is_shown() {
    let app = with_threshold().await;
    let client = app.client();
    people(&client, 9).await;
    let (token, _) = participant(app.address, &[10_000], "who changes their mind").await;
    until_shown(&client, (10, 10)).await;
    let of = async || client.aggregate().await["categories"].clone();
    let (before, reviser) = (of().await, client_of(app.address, Some(&token)));
    for number in 1..=10_u16 {
        reviser.submit(input(&[10_000 - 500 * number, 500 * number], None)).await;
        client.aggregate_of(10, 10 + i64::from(number)).await;
        assert_eq!(of().await, before, "revision {number}");
    }
    people(&client, 10).await;
    until_shown(&client, (20, 20)).await;
    // What the ten gave at first is still in the averages. Of 20, (0 + 1 + … + 8 + 100 + 0 + … + 9) / 20 per cent.
    assert_eq!(client.aggregate().await["categories"][0]["averagePercent"], 9.05);
    ledger::assert_exact(&app.database).await;
}

#[tokio::test]
async fn a_rebuild_shows_at_once_what_was_shown_before_the_tables_were_emptied_or_damaged() {
    let app = with_threshold().await;
    let client = app.client();
    group_and(&client, 4).await;
    let before = client.aggregate().await["categories"].clone();
    for statements in [
        &["DELETE FROM category_aggregate"][..],
        &["DELETE FROM budget_aggregate"],
        &["DELETE FROM category_aggregate", "DELETE FROM budget_aggregate"],
        &[
            "UPDATE category_aggregate SET sum_basis_points = 7, sum_of_squares = 3",
            "UPDATE histogram_page SET bins = '[[1,99]]'",
        ],
        &["UPDATE budget_aggregate SET participants = 500"],
    ] {
        for statement in statements {
            app.database.execute(statement).await.unwrap();
        }
        let budget = ledger::budget(&app.services.store, "federal").await;
        ledger::quiet(&app.services.store).rebuild(&budget, || {}).await.unwrap();
        until_shown(&client, (14, 10)).await;
        // The server may have read the damage, and reads what was mended only with its next look.
        eventually(&format!("{statements:?} is mended"), || async {
            (client.aggregate().await["categories"] == before).then_some(())
        })
        .await;
        ledger::assert_exact(&app.database).await;
    }
    // Damage, and the next submission before anybody rebuilds.
    app.database.execute("DELETE FROM category_aggregate").await.unwrap();
    people(&client, 1).await;
    until_shown(&client, (15, 10)).await;
    assert_eq!(client.aggregate().await["categories"], before);
}

#[tokio::test]
async fn ballots_changed_by_hand_are_shown_under_the_same_rule() {
    let app = with_threshold().await;
    let client = app.client();
    people(&client, 9).await;
    participant(app.address, &[10_000], "who is deleted by hand").await;
    until_shown(&client, (10, 10)).await;
    let before = client.aggregate().await["categories"].clone();
    app.database.execute("DELETE FROM ballot").await.unwrap();
    let budget = ledger::budget(&app.services.store, "federal").await;
    ledger::quiet(&app.services.store).rebuild(&budget, || {}).await.unwrap();
    until_shown(&client, (9, 10)).await;
    assert_eq!(client.aggregate().await["categories"], before, "the one that is gone would be told");
}

#[tokio::test]
async fn without_the_record_of_what_was_shown_everything_counts_as_shown_if_it_is_enough() {
    for (count, expected) in [(14, 14), (9, 0)] {
        let app = with_threshold().await;
        if count == 14 {
            group_and(&app.client(), 4).await;
        } else {
            people(&app.client(), count).await;
            until_shown(&app.client(), (count, 0)).await;
        }
        // As it is after the migration of a database that has been in use.
        app.database.execute("DELETE FROM held_back_change").await.unwrap();
        let next = app.start_beside(&[]).await;
        if !is_clustered() || count == 9 {
            until_shown(&next.client(), (count, expected)).await;
        }
        eventually("there is a record again", || async {
            (app.database.integer("SELECT COUNT(*) FROM held_back_change").await == 1).then_some(())
        })
        .await;
        people(&next.client(), 1).await;
        until_shown(&next.client(), (count + 1, if count == 14 { 14 } else { 10 })).await;
    }
}

#[tokio::test]
async fn a_threshold_that_an_operator_changes_holds_from_the_next_submission_on() {
    let app = with_threshold().await;
    let client = app.client();
    group_and(&client, 2).await;
    let set = async |every: &str, slug: &str| {
        run(&["budget", "set", slug, "--publish-every", every, "--database-url", &app.database.url]).await
    };
    assert!(set("4", "federal").await.status.success());
    people(&client, 1).await;
    until_shown(&client, (13, 10)).await;
    people(&client, 1).await;
    until_shown(&client, (14, 14)).await;
    assert!(set("20", "federal").await.status.success());
    people(&client, 12).await;
    until_shown(&client, (26, 14)).await;
    for (every, slug, code) in [("0", "federal", 2), ("1001", "federal", 2), ("10", "unknown", 1)] {
        assert_eq!(set(every, slug).await.status.code(), Some(code), "{every} {slug}");
    }
}

#[tokio::test]
async fn what_a_node_of_the_release_before_stored_is_held_back_like_everything_else_and_it_folds_nothing_itself() {
    let app = with_threshold().await;
    let client = app.client();
    people(&client, 10).await;
    until_shown(&client, (10, 10)).await;
    // A batch of three new ballots, as that release sums it.
    let categories = |first: i64| {
        let histogram =
            |share: i64| json!({ "sum": share * 3, "sum_of_squares": share * share * 3, "histogram": [[share, 3]] });
        let mut categories = vec![histogram(first), histogram(10_000 - first)];
        categories.resize(10, json!({ "sum": 0, "sum_of_squares": 0, "histogram": [[0, 3]] }));
        categories
    };
    let delta = json!({ "format": 1, "participants": 3, "submissions": 3, "categories": categories(5_000) });
    let insert = format!("INSERT INTO aggregate_delta (budget_id, delta) SELECT id, '{delta}' FROM budget");
    app.database.execute(&insert).await.unwrap();
    until_shown(&client, (13, 10)).await;
    people(&client, 7).await;
    until_shown(&client, (20, 20)).await;
    if app.database.is_postgres() {
        // The first statement of its fold.
        let insert =
            "INSERT INTO budget_aggregate (budget_id, epoch, version, participants, submissions, rebuilds, as_of)
            SELECT id, 1, 0, 0, 0, 0, now() FROM budget ON CONFLICT (budget_id) DO NOTHING";
        let error = app.database.execute(insert).await.unwrap_err().to_string();
        assert!(error.contains("format"), "{error}");
    }
}
