//! The same work done the plain way: one transaction for each submission, with its ten rows and ten updates of the
//! aggregate. pgbench runs it, so it includes no HTTP, no GraphQL and no checks.

use std::{fs, time::Duration};

use anyhow::Context;

use crate::{
    command,
    postgres::{self, Postgres},
    usage,
};

const TABLES: &str = "
    CREATE TABLE submission (id uuid PRIMARY KEY, budget_id bigint NOT NULL, submitted_at timestamptz NOT NULL);
    CREATE TABLE allocation (submission_id uuid NOT NULL, category_id bigint NOT NULL, basis_points integer NOT NULL,
      PRIMARY KEY (submission_id, category_id));
    CREATE TABLE category_aggregate (category_id bigint PRIMARY KEY, sum bigint NOT NULL, count bigint NOT NULL);
    INSERT INTO category_aggregate SELECT generate_series(1, 10), 0, 0";

/// The result of the measurement.
pub struct Equivalent {
    /// Transactions a second.
    pub per_second: f64,
    /// PostgreSQL's processor time for one transaction.
    pub database_cpu: Duration,
}

/// Measures with this many clients.
pub async fn measure(postgres: &Postgres, turn: usize, clients: usize, time: Duration) -> anyhow::Result<Equivalent> {
    let url = postgres.fresh_database(&format!("equivalent_{turn}")).await?;
    postgres::run(&url, TABLES).await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("submit.sql");
    fs::write(&file, script())?;
    let (clients, seconds) = (clients.to_string(), time.as_secs().to_string());
    let mut pgbench = command::on_processors(usage::ALL, "pgbench");
    pgbench.args(["--no-vacuum", "--protocol", "prepared", "--client", &clients, "--jobs", "2", "--time", &seconds]);
    pgbench.arg("--file").arg(&file).arg(&url);
    let before = postgres.cpu()?;
    let output = command::output(&mut pgbench, time + Duration::from_secs(30)).await?;
    let cpu = postgres.cpu()?.saturating_sub(before);
    let figure =
        |name: &str| output.lines().find_map(|line| line.strip_prefix(name)?.split([' ', '/']).next()?.parse().ok());
    let per_second = figure("tps = ").with_context(|| format!("pgbench said: {output}"))?;
    let count: f64 = figure("number of transactions actually processed: ").context("pgbench counted nothing")?;
    Ok(Equivalent { per_second, database_cpu: cpu.div_f64(count.max(1.0)) })
}

fn script() -> String {
    let mut script =
        "BEGIN;\nINSERT INTO submission VALUES (gen_random_uuid(), 1, now()) RETURNING id AS submission \\gset\n"
            .to_owned();
    for category in 1..=10 {
        script.push_str(&format!("INSERT INTO allocation VALUES (:submission, {category}, 1000);\n"));
    }
    for category in 1..=10 {
        script.push_str(&format!(
            "UPDATE category_aggregate SET sum = sum + 1000, count = count + 1 WHERE category_id = {category};\n"
        ));
    }
    script.push_str("COMMIT;\n");
    script
}
