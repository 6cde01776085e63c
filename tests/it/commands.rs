//! The built program as people type it: what it prints and how it ends.

use std::process::{Output, Stdio};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

use crate::support::{
    TIMEOUT, TestDatabase, eventually, ledger,
    process::{ServerProcess, run},
    program::program,
    setting,
};

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs a command on a database, with its exit code checked, and returns what it printed.
async fn on(database: &TestDatabase, code: i32, arguments: &[&str]) -> String {
    let url = format!("--database-url={}", database.url);
    let output = run(&[arguments, &[&url]].concat()).await;
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {output:?}");
    text(&output)
}

/// A database with made-up participants.
async fn simulated(submissions: &str) -> TestDatabase {
    let database = TestDatabase::create().await;
    on(&database, 0, &["simulate", "--submissions", submissions, "--seed", "7"]).await;
    database
}

#[tokio::test]
async fn every_command_explains_itself_and_wrong_usage_ends_with_2() {
    let commands =
        ["serve", "migrate", "budget", "codes", "rebuild", "verify", "stats", "schema", "simulate", "healthcheck"];
    let overview = run(&["--help"]).await;
    assert!(overview.status.success());
    for command in commands {
        assert!(text(&overview).contains(&format!("  {command} ")), "{command} is in the overview");
        let help = run(&[command, "--help"]).await;
        assert!(help.status.success(), "{command}");
        assert!(text(&help).contains(&format!("Usage: taxbudget {command}")), "{}", text(&help));
        let wrong = run(&[command, "--no-such-flag"]).await;
        assert_eq!(wrong.status.code(), Some(2), "{command}");
        assert!(complaint(&wrong).contains("--no-such-flag"));
        assert_eq!(text(&wrong), "", "complaints go to standard error");
    }
    for wrong in [
        &[][..],
        &["simulate"],
        &["migrate", "sideways"],
        &["stats", "--days", "0"],
        &["simulate", "--submissions", "-1"],
        &["simulate", "--submissions", "1", "--in-flight", "0"],
        &["serve", "--listen", "here"],
        &["nonsense"],
    ] {
        assert_eq!(run(wrong).await.status.code(), Some(2), "{wrong:?}");
    }
    assert!(text(&run(&["--version"]).await).starts_with("taxbudget "));
}

#[tokio::test]
async fn what_cannot_be_done_ends_with_1_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = format!("sqlite://{}/none.db", folder.path().display());
    for command in [&["verify"][..], &["stats"], &["rebuild"], &["migrate", "status"], &["simulate", "--submissions=1"]]
    {
        let output = run(&[command, &["--database-url", &nowhere]].concat()).await;
        assert_eq!(output.status.code(), Some(1), "{command:?}");
        assert!(complaint(&output).contains("taxbudget: "), "{}", complaint(&output));
    }
    let database = TestDatabase::create().await;
    let url = format!("--database-url={}", database.url);
    let output = run(&["simulate", "--submissions=1", "--budget=none", &url]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("there is no budget \"none\""), "{}", complaint(&output));
}

#[tokio::test]
async fn where_there_is_no_database_a_command_says_so_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.db");
    let nowhere = format!("--database-url=sqlite://{}?mode=rwc", file.display());
    for command in [
        &["verify"][..],
        &["stats"],
        &["codes", "count", "--budget=federal"],
        &["budget", "set", "federal", "--publish-every=5"],
        &["admin", "list"],
    ] {
        let output = run(&[command, &[&nowhere]].concat()).await;
        assert_eq!(output.status.code(), Some(1), "{command:?}");
        let complaint = complaint(&output);
        assert!(
            complaint.contains("there is no database at") && complaint.contains("taxbudget migrate"),
            "{complaint}"
        );
        assert!(!file.exists(), "{command:?}");
    }
}

#[tokio::test]
async fn migrations_go_up_and_down_and_say_where_they_stand() {
    let database = TestDatabase::create().await;
    let pending = on(&database, 0, &["migrate", "status"]).await;
    let steps = pending.lines().count();
    assert!(steps > 0 && pending.lines().all(|line| line.starts_with("pending ")), "{pending}");
    let up = on(&database, 0, &["migrate"]).await;
    assert!(up.lines().count() == steps && up.lines().all(|line| line.starts_with("applied ")), "{up}");
    assert_eq!(database.integer("SELECT COUNT(*) FROM budget WHERE slug = 'federal'").await, 1);
    assert_eq!(on(&database, 0, &["migrate", "up"]).await, up, "again changes nothing");
    assert_eq!(database.integer("SELECT COUNT(*) FROM budget").await, 1);
    let down = on(&database, 0, &["migrate", "down"]).await;
    assert!(down.lines().last().unwrap().starts_with("pending "), "{down}");
    assert_eq!(down.matches("pending ").count(), 1, "{down}");
    for _ in 1..steps {
        on(&database, 0, &["migrate", "down"]).await;
    }
    assert_eq!(on(&database, 0, &["migrate", "status"]).await, pending);
    assert_eq!(on(&database, 0, &["migrate", "up"]).await, up);
    assert!(on(&database, 0, &["verify"]).await.contains("no drift (0 participants, 0 submissions)"));
}

#[tokio::test]
async fn a_simulation_verifies_an_emptied_table_is_drift_and_rebuild_restores_it_exactly() {
    let database = simulated("5000").await;
    let numbers = ledger::counted(&database, "federal").await;
    assert_eq!(numbers.submissions, 5_000);
    assert_eq!(ledger::stored(&database, "federal").await, numbers, "folded when the command ended");
    let clean = format!("federal: no drift ({} participants, 5000 submissions)\n", numbers.participants);
    assert_eq!(on(&database, 0, &["verify"]).await, clean);
    for damage in ["DELETE FROM category_aggregate", "UPDATE budget_aggregate SET participants = 3"] {
        database.execute(damage).await.unwrap();
        let drift = on(&database, 1, &["verify"]).await;
        assert!(drift.starts_with("federal: DRIFT") && drift.contains("`taxbudget rebuild` mends it"), "{drift}");
        let rebuilt = on(&database, 0, &["rebuild"]).await;
        assert!(rebuilt.contains("mended"), "{rebuilt}");
        assert_eq!(ledger::stored(&database, "federal").await, numbers);
        assert_eq!(on(&database, 0, &["verify"]).await, clean);
    }
    assert_eq!(on(&database, 0, &["rebuild"]).await, clean, "nothing to do");
    assert_eq!(ledger::assert_exact(&database).await, numbers);
}

#[tokio::test]
async fn the_same_seed_brings_the_same_people_who_revise() {
    let database = simulated("1500").await;
    let sums = || async {
        let named = "SELECT COUNT(*) FROM ballot";
        let anonymous = "SELECT COUNT(*) FROM submission WHERE participant_id IS NULL";
        (database.integer(named).await, database.integer(anonymous).await)
    };
    let (named, anonymous) = sums().await;
    on(&database, 0, &["simulate", "--submissions", "1500", "--seed", "7"]).await;
    assert_eq!(sums().await, (named, 2 * anonymous), "nobody new among those who can be told apart");
    assert_eq!(ledger::assert_exact(&database).await.participants, named + 2 * anonymous);
    on(&database, 0, &["simulate", "--submissions", "500", "--seed", "8"]).await;
    assert!(sums().await.0 > named, "another seed, other people");
}

#[tokio::test]
async fn progress_is_plain_lines_where_there_is_no_terminal() {
    let database = TestDatabase::create().await;
    let url = format!("--database-url={}", database.url);
    // More than it can do in any test's time: it is ended as soon as it has told how far it is.
    let mut simulating = Command::new(program())
        .args(["simulate", "--in-flight=64", "--submissions=100000000", &url])
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(simulating.stderr.take().unwrap()).lines();
    let told = tokio::time::timeout(TIMEOUT, async {
        while let Some(line) = lines.next_line().await.unwrap() {
            assert!(!line.contains(['\r', '\u{1b}']), "{line:?}");
            if line.contains(" submissions stored after ") {
                return line;
            }
        }
        panic!("it ended");
    });
    let told = told.await.unwrap();
    let mut words = told.split(' ');
    assert!(words.next().unwrap().parse::<u32>().unwrap() >= 1_000, "{told}");
    assert_eq!(words.next_back(), Some("s"), "{told}");
    simulating.kill().await.unwrap();
    // Killed in the middle, it leaves nothing half done.
    ledger::assert_exact(&database).await;
}

#[tokio::test]
async fn a_running_server_does_the_rebuild_that_a_command_left() {
    let database = simulated("300").await;
    let numbers = ledger::counted(&database, "federal").await;
    database.execute("UPDATE category_aggregate SET sum_basis_points = 1").await.unwrap();
    database.execute("UPDATE histogram_page SET bins = '[]'").await.unwrap();
    let left = on(&database, 0, &["rebuild", "--async"]).await;
    assert!(left.contains("waits for a running server"), "{left}");
    on(&database, 1, &["verify"]).await;
    let server = serve(&database).await;
    eventually("the server did it", || async {
        let done = "SELECT COUNT(*) FROM background_job WHERE finished_at IS NOT NULL";
        (database.integer(done).await == 1).then_some(())
    })
    .await;
    eventually("it is in the table", || async {
        (ledger::stored(&database, "federal").await == numbers).then_some(())
    })
    .await;
    on(&database, 0, &["verify"]).await;
    assert_eq!(server.terminate().await, Some(0));
}

async fn serve(database: &TestDatabase) -> ServerProcess {
    ServerProcess::start(&[
        "--listen=127.0.0.1:0".to_owned(),
        format!("--database-url={}", database.url),
        "--secret=a-secret-for-tests-of-enough-length".to_owned(),
        "--log=warn".to_owned(),
    ])
    .await
}

#[tokio::test]
async fn statistics_by_day_are_those_of_the_ledger() {
    let database = simulated("400").await;
    assert_eq!(on(&database, 0, &["stats", "--days", "1"]).await.lines().count(), 2, "today and the heading");
    // Rows of other days, as if they had been submitted then: just inside and just outside of three days.
    let id = if database.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
    for (days, seconds, rows) in
        [("1 days", "0 seconds", 30), ("2 days", "0 seconds", 20), ("3 days", "86399 seconds", 7)]
    {
        let at = if database.is_postgres() {
            format!(
                "date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - INTERVAL '{days}' + INTERVAL '{seconds}'"
            )
        } else {
            format!("strftime('%Y-%m-%dT%H:%M:%S', 'now', 'start of day', '-{days}', '+{seconds}') || '+00:00'")
        };
        database
            .execute(&format!(
                "INSERT INTO submission (id, budget_id, participant_id, shares, key_digest, submitted_at)
                 SELECT {id}, budget_id, participant_id, shares, NULL, {at} FROM submission
                 ORDER BY id LIMIT {rows}"
            ))
            .await
            .unwrap();
    }
    let json = on(&database, 0, &["stats", "--days", "3", "--json"]).await;
    let days: Vec<Value> = serde_json::from_str(&json).unwrap();
    let counts: Vec<_> = days.iter().map(|day| day["submissions"].as_i64().unwrap()).collect();
    assert_eq!(counts, [400, 30, 20], "{json}");
    let anonymous: i64 = days.iter().map(|day| day["anonymous"].as_i64().unwrap()).sum();
    let all_anonymous = database.integer("SELECT COUNT(*) FROM submission WHERE participant_id IS NULL").await;
    let four: Vec<Value> = serde_json::from_str(&on(&database, 0, &["stats", "--days", "4", "--json"]).await).unwrap();
    assert_eq!(four.len(), 4);
    assert_eq!(four[3]["submissions"], 7);
    assert_eq!(anonymous + four[3]["anonymous"].as_i64().unwrap(), all_anonymous);
    assert!(four.iter().all(|day| day["budget"] == "federal"));
    let table = on(&database, 0, &["stats"]).await;
    assert_eq!(table.lines().count(), 5, "{table}");
    for day in &four {
        let row = table.lines().find(|line| line.starts_with(day["day"].as_str().unwrap())).unwrap();
        let columns: Vec<&str> = row.split_whitespace().collect();
        assert_eq!(columns[1..], ["federal", &day["submissions"].to_string(), &day["anonymous"].to_string()]);
    }

    let empty = TestDatabase::create().await;
    on(&empty, 0, &["migrate"]).await;
    assert_eq!(on(&empty, 0, &["stats"]).await, "no submissions in the last 7 days\n");
    assert_eq!(on(&empty, 0, &["stats", "--json"]).await, "[]\n");
}

#[tokio::test]
async fn schema_prints_the_committed_schema() {
    let output = run(&["schema"]).await;
    assert!(output.status.success());
    assert_eq!(text(&output), include_str!("../../schema.graphql"));
}

#[tokio::test]
async fn healthcheck_tells_a_ready_server_from_one_that_is_gone() {
    let database = TestDatabase::create().await;
    let server = serve(&database).await;
    let address = server.address.to_string();
    let healthy = run(&["healthcheck", "--listen", &address]).await;
    assert!(healthy.status.success(), "{healthy:?}");
    assert!(!text(&healthy).is_empty());
    assert_eq!(server.terminate().await, Some(0));
    let gone = run(&["healthcheck", "--listen", &address]).await;
    assert_eq!(gone.status.code(), Some(1));
    assert!(complaint(&gone).contains(&address), "{}", complaint(&gone));
}

#[tokio::test]
async fn a_server_that_cannot_start_says_why_and_ends_with_1() {
    let database = TestDatabase::create().await;
    let url = format!("--database-url={}", database.url);
    let occupant = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = occupant.local_addr().unwrap().port();
    let taken = run(&["serve", &format!("--listen=127.0.0.1:{port}"), &url]).await;
    assert_eq!(taken.status.code(), Some(1));
    assert!(complaint(&taken).contains(&format!("listening on 127.0.0.1:{port}")), "{}", complaint(&taken));

    let short = run(&["serve", "--listen=127.0.0.1:0", "--secret=short", &url]).await;
    assert_eq!(short.status.code(), Some(1));
    assert!(
        complaint(&short).contains("the secret (--secret, TAXBUDGET_SECRET) is too short"),
        "{}",
        complaint(&short)
    );

    let away = run(&["migrate", "--database-url=postgres://127.0.0.1:1/none"]).await;
    assert_eq!(away.status.code(), Some(1), "a command does not wait");
}

#[tokio::test]
async fn postgresql_without_a_secret_is_refused_before_anything_is_touched() {
    let database = TestDatabase::create().await;
    // Without PostgreSQL at hand one that is away: the secret is asked for first.
    let url = setting("TEST_DATABASE_URL").map_or("postgres://127.0.0.1:1/none".to_owned(), |_| database.url.clone());
    let output = run(&["serve", "--listen=127.0.0.1:0", "--database-url", &url]).await;
    assert_eq!(output.status.code(), Some(1));
    let complaint = complaint(&output);
    assert!(complaint.contains("set a secret (--secret, TAXBUDGET_SECRET)"), "{complaint}");
    if database.is_postgres() {
        let tables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'";
        assert_eq!(database.integer(tables).await, 0, "nothing was migrated");
    }
}
