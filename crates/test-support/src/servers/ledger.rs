//! What the database holds, read in SQL that shares nothing with the program's own counting.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement};

use super::{TestDatabase, eventually, process::run};

/// One budget's numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    pub participants: i64,
    pub submissions: i64,
    /// By category key.
    pub categories: BTreeMap<String, CategoryNumbers>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CategoryNumbers {
    pub sum: i64,
    pub sum_of_squares: i64,
    /// Basis points -> ballots.
    pub histogram: BTreeMap<i64, i64>,
}

/// Counted from the ledger and the ballots, row by row.
pub async fn counted(database: &TestDatabase, slug: &str) -> Numbers {
    const BALLOTS: &str = "SELECT submission.* FROM submission JOIN budget ON budget.id = submission.budget_id
        LEFT JOIN ballot ON ballot.submission_id = submission.id AND ballot.exclusion_id IS NULL
        WHERE budget.slug = 'SLUG' AND (ballot.submission_id IS NOT NULL OR submission.participant_id IS NULL
          AND submission.id NOT IN (SELECT submission_id FROM excluded_submission))";
    let connection = database.connect().await;
    let shares = if database.is_postgres() {
        "SELECT ordinality - 1 AS position, CAST(value AS bigint) AS share, COUNT(*) AS ballots
         FROM (BALLOTS) AS counting, json_array_elements_text(counting.shares) WITH ORDINALITY
         GROUP BY 1, 2"
    } else {
        "SELECT CAST(share.key AS integer) AS position, CAST(share.value AS integer) AS share, COUNT(*) AS ballots
         FROM (BALLOTS) AS counting, json_each(counting.shares) AS share GROUP BY 1, 2"
    };
    let with_slug = |sql: &str| sql.replace("BALLOTS", BALLOTS).replace("SLUG", slug);
    let one = with_slug(
        "SELECT (SELECT COUNT(*) FROM (BALLOTS) AS counting) AS participants, COUNT(*) AS submissions
         FROM submission JOIN budget ON budget.id = submission.budget_id WHERE budget.slug = 'SLUG'",
    );
    let row = rows(&connection, &one).await.remove(0);
    let mut numbers = Numbers {
        participants: row.try_get("", "participants").unwrap(),
        submissions: row.try_get("", "submissions").unwrap(),
        categories: BTreeMap::new(),
    };
    let keys = with_slug(
        "SELECT key FROM category JOIN budget ON budget.id = category.budget_id WHERE slug = 'SLUG' ORDER BY position",
    );
    let keys: Vec<String> = rows(&connection, &keys).await.iter().map(|row| row.try_get("", "key").unwrap()).collect();
    numbers.categories.extend(keys.iter().map(|key| (key.clone(), CategoryNumbers::default())));
    for row in rows(&connection, &with_slug(shares)).await {
        let integer = |column: &str| -> i64 { row.try_get("", column).unwrap() };
        let (position, share, ballots) = (integer("position"), integer("share"), integer("ballots"));
        let key = &keys[usize::try_from(position).unwrap()];
        let category = numbers.categories.get_mut(key).unwrap();
        category.sum += share * ballots;
        category.sum_of_squares += share * share * ballots;
        category.histogram.insert(share, ballots);
    }
    connection.close().await.unwrap();
    numbers
}

/// As the aggregate tables have it; a row that is missing is zero.
pub async fn stored(database: &TestDatabase, slug: &str) -> Numbers {
    let connection = database.connect().await;
    let budgets = format!(
        "SELECT COALESCE(participants, 0) AS participants, COALESCE(submissions, 0) AS submissions
         FROM budget LEFT JOIN budget_aggregate ON budget_id = budget.id WHERE slug = '{slug}'"
    );
    let bins = if database.is_postgres() {
        "(SELECT CAST(json_agg(bin) AS text) FROM histogram_page, json_array_elements(bins) AS bin
          WHERE histogram_page.category_id = category.id)"
    } else {
        "(SELECT json_group_array(json(bin.value)) FROM histogram_page, json_each(bins) AS bin
          WHERE histogram_page.category_id = category.id)"
    };
    let categories = format!(
        "SELECT key, COALESCE(sum_basis_points, 0) AS sum, COALESCE(sum_of_squares, 0) AS sum_of_squares,
           {bins} AS histogram
         FROM category JOIN budget ON budget.id = category.budget_id
         LEFT JOIN category_aggregate ON category_id = category.id WHERE slug = '{slug}'"
    );
    let row = rows(&connection, &budgets).await.remove(0);
    let category = |row: &QueryResult| {
        let histogram: Option<String> = row.try_get("", "histogram").unwrap();
        let histogram: Vec<(i64, i64)> =
            histogram.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
        let numbers = CategoryNumbers {
            sum: row.try_get("", "sum").unwrap(),
            sum_of_squares: row.try_get("", "sum_of_squares").unwrap(),
            histogram: histogram.into_iter().collect(),
        };
        (row.try_get("", "key").unwrap(), numbers)
    };
    let numbers = Numbers {
        participants: row.try_get("", "participants").unwrap(),
        submissions: row.try_get("", "submissions").unwrap(),
        categories: rows(&connection, &categories).await.iter().map(category).collect(),
    };
    connection.close().await.unwrap();
    numbers
}

/// The first column of every row, as text.
pub async fn texts(database: &TestDatabase, sql: &str) -> Vec<String> {
    let connection = database.connect().await;
    let texts = rows(&connection, sql).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    connection.close().await.unwrap();
    texts
}

/// Waits until running servers have folded everything, then holds the stored tally, the count by SQL and the program's
/// own recount against each other, and every participant to exactly one ballot, of its own. Returns the numbers of
/// `federal`.
pub async fn assert_exact(database: &TestDatabase) -> Numbers {
    eventually("every delta is folded", || async {
        (database.integer("SELECT COUNT(*) FROM aggregate_delta").await == 0).then_some(())
    })
    .await;
    for slug in texts(database, "SELECT slug FROM budget").await {
        assert_eq!(stored(database, &slug).await, counted(database, &slug).await, "{slug}: stored, counted");
    }
    let verified = run(&["verify", "--database-url", &database.url]).await;
    assert!(verified.status.success(), "{verified:?}");
    assert_ballots(database).await;
    counted(database, "federal").await
}

/// Holds every participant to exactly one ballot, of its own.
pub async fn assert_ballots(database: &TestDatabase) {
    let voices = "SELECT COUNT(*) FROM (SELECT DISTINCT budget_id, participant_id FROM submission
        WHERE participant_id IS NOT NULL) AS voice";
    let ballots = "SELECT COUNT(*) FROM ballot JOIN submission ON submission.id = ballot.submission_id
        AND submission.participant_id = ballot.participant_id AND submission.budget_id = ballot.budget_id";
    let voices = database.integer(voices).await;
    assert_eq!(database.integer(ballots).await, voices, "one ballot for each voice, of its own");
    assert_eq!(database.integer("SELECT COUNT(*) FROM ballot").await, voices);
}

async fn rows(connection: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql)).await.unwrap()
}
