//! A database for one test.

use std::{fs, path::Path};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use tempfile::TempDir;
use uuid::Uuid;

/// Empty when made, gone when dropped.
pub struct TestDatabase {
    pub url: String,
    kind: Kind,
}

enum Kind {
    Sqlite {
        _folder: TempDir,
    },
    Postgres {
        server: String,
        name: String,
    },
    /// Goes with the server or the folder that it is in.
    Kept,
}

impl TestDatabase {
    pub async fn create() -> Self {
        let Some(server) = crate::setting("TEST_DATABASE_URL") else {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}/test.db?mode=rwc", folder.path().display());
            return Self { url, kind: Kind::Sqlite { _folder: folder } };
        };
        let name = format!("taxbudget_test_{}", Uuid::new_v4().simple());
        execute(&server, &format!("CREATE DATABASE {name}")).await;
        let (base, _) = server.rsplit_once('/').unwrap();
        Self { url: format!("{base}/{name}"), kind: Kind::Postgres { server, name } }
    }

    /// The one at this URL, which somebody else takes away.
    pub fn at(url: String) -> Self {
        Self { url, kind: Kind::Kept }
    }

    pub fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres")
    }

    /// A connection of the test's own, beside the program's.
    pub async fn connect(&self) -> DatabaseConnection {
        Database::connect(&self.url).await.unwrap()
    }

    /// Runs SQL by hand.
    pub async fn execute(&self, sql: &str) -> Result<(), sea_orm::DbErr> {
        let connection = self.connect().await;
        let result = connection.execute_unprepared(sql).await;
        connection.close().await.unwrap();
        result.map(|_| ())
    }

    /// Runs SQL in PostgreSQL's own database, for what cannot be done from within this one.
    pub async fn execute_on_server(&self, sql: &str) {
        let Kind::Postgres { server, .. } = &self.kind else { panic!("SQLite has no server") };
        execute(server, sql).await;
    }

    /// Whether a text stands in any row of a table; on SQLite, anywhere in the files of the database.
    pub async fn holds_text(&self, table: &str, text: &str) -> bool {
        if self.is_postgres() {
            let sql = format!("SELECT count(*) FROM {table} WHERE CAST({table} AS text) LIKE '%{text}%'");
            return self.integer(&sql).await > 0;
        }
        let file = self.url.strip_prefix("sqlite://").unwrap().split('?').next().unwrap();
        let id = Uuid::parse_str(text).map(|id| id.as_bytes().to_vec());
        let wanted = id.unwrap_or_else(|_| text.as_bytes().to_vec());
        fs::read_dir(Path::new(file).parent().unwrap())
            .unwrap()
            .map(|entry| fs::read(entry.unwrap().path()).unwrap())
            .any(|bytes| bytes.windows(wanted.len()).any(|window| window == wanted))
    }

    /// The single integer that a statement returns.
    pub async fn integer(&self, sql: &str) -> i64 {
        let connection = self.connect().await;
        let statement = sea_orm::Statement::from_string(connection.get_database_backend(), sql);
        let row = connection.query_one_raw(statement).await.unwrap().unwrap();
        let value = row.try_get_by_index(0).unwrap();
        connection.close().await.unwrap();
        value
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Kind::Postgres { server, name } = &self.kind {
            let (server, drop) = (server.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            // Dropping is not asynchronous and may happen inside a runtime: a thread with one of its own.
            let dropping = std::thread::spawn(move || {
                tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap()
                    .block_on(execute(&server, &drop));
            });
            let _ = dropping.join();
        }
    }
}

async fn execute(server: &str, sql: &str) {
    let connection = Database::connect(server).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}
