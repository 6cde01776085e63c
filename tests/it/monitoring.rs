//! Alarms and dashboard of `deploy/`, as Prometheus reads them.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;
use taxbudget::domain::desk::Role;
use tokio::process::{Child, Command};

use crate::support::{
    Client, TestApp,
    client::split,
    eventually,
    process::{free_port, tied},
    setting,
    socket::Socket,
};

fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy")
}

/// Runs a program that must end well, in the folder of the deployment files.
async fn succeeds(arguments: &[&str]) {
    let output = Command::new("promtool").args(arguments).current_dir(deploy()).output().await;
    let output = output.expect("promtool (Debian's package prometheus) is needed");
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "promtool {arguments:?}: {out}{error}");
}

#[tokio::test]
async fn every_alarm_has_a_test_in_which_it_fires_one_in_which_it_does_not_and_a_line_that_says_what_to_do() {
    succeeds(&["check", "config", "prometheus.yml"]).await;
    succeeds(&["check", "rules", "alerts.yml"]).await;
    succeeds(&["test", "rules", "alerts.test.yml"]).await;
    let read = |file: &str| fs::read_to_string(deploy().join(file)).unwrap();
    let (alarms, tests, manual) = (read("alerts.yml"), read("alerts.test.yml"), read("../docs/operations.md"));
    let alarms: Vec<&str> = alarms.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(alarms.len() >= 20, "{alarms:?}");
    for alarm in alarms {
        let (_, fires) = tests.split_once(&format!("- name: {alarm} fires\n")).unwrap_or_else(|| panic!("{alarm}"));
        let (_, quiet) =
            tests.split_once(&format!("- name: {alarm} does not fire\n")).unwrap_or_else(|| panic!("{alarm}"));
        let asked = format!("alertname=\"{alarm}\"");
        for (test, expected) in [(fires, "exp_samples:\n"), (quiet, "exp_samples: []\n")] {
            let test = test.split("- name: ").next().unwrap();
            assert!(test.contains(&asked) && test.contains(expected), "{alarm}: {test}");
        }
        assert!(manual.contains(&format!("\n| {alarm} | ")), "docs/operations.md does not say what {alarm} means");
    }
}

/// A Prometheus of the test's own, which asks these servers.
struct Prometheus {
    client: Client,
    _process: Child,
    _folder: tempfile::TempDir,
}

impl Prometheus {
    async fn start(app: &TestApp) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = app.address.to_string();
        let config = fs::read_to_string(deploy().join("prometheus.yml")).unwrap();
        let config = config
            .replace("web-1:8000", &target)
            .replace(", \"web-2:8000\"", "")
            .replace("\"worker:8000\"", "")
            .replace("5s", "1s")
            .replace("[alerts.yml]", &format!("[{}]", deploy().join("alerts.yml").display()));
        assert_eq!(config.matches(&target).count(), 1, "{config}");
        let file = folder.path().join("prometheus.yml");
        fs::write(&file, config).unwrap();
        let port = free_port();
        let process = tied("KILL", "prometheus", &[])
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("prometheus (Debian's package) is needed");
        let client = Client::new(([127, 0, 0, 1], port).into());
        eventually("Prometheus is ready", || async {
            let response = client.http.get(client.url("/-/ready")).send().await.ok()?;
            response.status().is_success().then_some(())
        })
        .await;
        Self { client, _process: process, _folder: folder }
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Value {
        let answer = self.client.http.get(self.client.url(path)).query(query).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["status"], "success", "{query:?}: {answer}");
        answer["data"].clone()
    }
}

/// The metrics that an expression names.
fn names(expression: &str) -> impl Iterator<Item = &str> {
    let words = expression.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(|word| word.starts_with("taxbudget_") || word.starts_with("process_"))
}

#[tokio::test]
async fn a_real_prometheus_has_data_for_every_query_of_the_dashboard_and_every_metric_of_the_alarms() {
    let mut flags = vec!["--max-streams=2"];
    // Without services, a Redis that is away is shown too.
    flags.extend(setting("TEST_REDIS_URL").is_none().then_some("--redis-url=redis://127.0.0.1:1"));
    let app = TestApp::start_with(&flags).await;
    let client = app.client();
    let mut socket = Socket::connect(app.address).await;
    socket.watch().await;
    let _other = Socket::connect(app.address).await;
    assert!(Socket::try_connect(app.address).await.is_err(), "what a limit refuses is counted");
    client.submit(split(50.0)).await;
    socket.until_participants(1).await;
    client.aggregate().await;
    client.data(&format!("{{budgets{{slug}}}} #{}", "x".repeat(5_000)), Value::Null).await;
    client.desk("{ me { name } }", Value::Null).await;
    app.desk(Some(Role::Organiser), "mutation { startJob(kind: VERIFY) { id } }", Value::Null).await;
    eventually("the budget is verified", || async {
        let text = client.http.get(client.url("/metrics")).send().await.unwrap().text().await.unwrap();
        text.contains("taxbudget_drift{").then_some(())
    })
    .await;

    let prometheus = Prometheus::start(&app).await;
    let dashboard = fs::read_to_string(deploy().join("grafana/dashboards/taxbudget.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&dashboard).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut queries: BTreeSet<&str> = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().unwrap())
        .map(|target| target["expr"].as_str().unwrap())
        .collect();
    assert!(queries.len() > 50, "{queries:?}");
    eventually("every query gives data", || async {
        let mut empty = Vec::new();
        for query in &queries {
            let data = prometheus.get("/api/v1/query", &[("query", query)]).await;
            empty.extend(data["result"].as_array().unwrap().is_empty().then_some(*query));
        }
        if !empty.is_empty() {
            println!("no data yet: {empty:?}");
        }
        empty.is_empty().then_some(())
    })
    .await;
    queries.clear();

    let rules = eventually("every alarm is evaluated", || async {
        let groups = prometheus.get("/api/v1/rules", &[]).await["groups"].clone();
        let rules: Vec<Value> =
            groups.as_array()?.iter().flat_map(|group| group["rules"].as_array().unwrap().clone()).collect();
        (rules.len() >= 20 && rules.iter().all(|rule| rule["health"] != "unknown")).then_some(rules)
    })
    .await;
    let shown = prometheus.get("/api/v1/label/__name__/values", &[]).await;
    let shown: BTreeSet<&str> = shown.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    for rule in &rules {
        assert_eq!(rule["health"], "ok", "{rule}");
        for name in names(rule["query"].as_str().unwrap()) {
            // A node without cohorts has no such series.
            assert!(shown.contains(name) || name == "taxbudget_cohorts_total", "{} names {name}", rule["name"]);
        }
    }
}
