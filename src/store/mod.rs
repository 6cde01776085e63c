//! Everything durable. The only folder that names the database library, with one file for each noun.
//!
//! [`Store`] reads and [`Transaction`] changes. Their methods stand in the file of the noun that they read or change.
#![allow(missing_docs)] // most fields are columns, and their names say what they are

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel,
    QueryResult, RuntimeErr, SqliteTransactionMode, SqlxError, Statement, TransactionOptions, TransactionTrait, Value,
};

pub mod accounts;
pub mod aggregates;
pub mod answers;
pub mod audit;
pub mod ballots;
pub mod budget_changes;
pub mod budgets;
pub mod codes;
pub mod cohorts;
mod connection;
mod entity;
pub mod erasure;
pub mod exclusions;
mod file;
mod held_back;
pub mod invitations;
pub mod jobs;
pub mod live;
pub mod migrate;
pub mod network_keys;
pub mod nodes;
pub mod recount;
mod replica;
pub mod retention;
pub mod sessions;
mod statements;
pub mod statistics;
pub mod submission_rules;
pub mod submissions;
mod unreadable;
mod url;

use crate::{clock, traces};
pub use connection::PoolState;
pub use connection::leaves_tls_open;
use connection::{Pool, open};
use file::DatabaseFile;
use replica::Replica;
pub use statements::Statements;
use unreadable::UnreadableRows;
pub use url::{check_url, sqlite_file, without_credentials};

const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// For a read that a client waits for.
pub const READ_TIMEOUT: Duration = Duration::from_secs(3);

/// Connections to the one database.
#[derive(Clone)]
pub struct Store {
    /// SQLite has one writer and gets one connection. PostgreSQL gets a pool, so that the intake never waits behind readers.
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    /// Serves histories and statistics.
    replica: Option<Replica>,
    /// For connections without time-outs; see [`Store::connect_without_timeouts`]. It holds a password and must not be logged.
    url: Arc<str>,
    statements: Statements,
    /// True if rows may have been deleted since the write-ahead log of SQLite was last emptied.
    has_deleted: Arc<AtomicBool>,
    unreadable_budgets: UnreadableRows,
    unreadable_presentations: UnreadableRows,
    /// `None` for PostgreSQL.
    file: Option<Arc<DatabaseFile>>,
}

pub struct Transaction(DatabaseTransaction, Option<Arc<DatabaseFile>>);

/// What can go wrong with the database. Its text is for the log, never for a client.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused, failed or could not be reached.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// A stored value is not what the program writes.
    #[error("stored {0} is not valid: {1}")]
    Corrupt(&'static str, String),
    /// The outcome is unknown: the database may have done what it was asked.
    #[error("the database did not answer within {} ms", .0.as_millis())]
    TimedOut(Duration),
    /// The text says what to write instead.
    #[error("the database's URL cannot be read: {0}")]
    Url(String),
    /// There is no file at the path of the SQLite database.
    #[error("there is no database at {0}: set DATABASE_URL, or run `taxbudget migrate`")]
    Missing(String),
    /// The file at the path of the SQLite database is not the one that was opened.
    #[error(
        "the database file {0} was removed or replaced while the server ran; put it back with the server stopped, and start it \
         again"
    )]
    FileGone(String),
    /// The SQLite file fails its integrity check.
    #[error(
        "the database file {path} is damaged ({found}). Restore a backup: with the server stopped, remove {path}-wal and \
         {path}-shm, and copy the backup to {path}"
    )]
    Damaged { path: String, found: String },
}

impl StoreError {
    /// True if the database rolled the transaction back because of another one or a time-out of its own: the caller should
    /// try again. PostgreSQL measures time-outs by the wall clock, so a clock that jumps ends every statement.
    pub fn is_conflict(&self) -> bool {
        let Self::Database(DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) =
            self
        else {
            return false;
        };
        // PostgreSQL: serialization_failure, deadlock_detected, query_canceled, idle_in_transaction_session_timeout.
        let code = error.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned));
        matches!(code.as_deref(), Some("40001" | "40P01" | "57014" | "25P03"))
    }
}

impl StoreError {
    /// True if another row has the same value where each row must have its own.
    pub fn is_taken(&self) -> bool {
        let Self::Database(error) = self else { return false };
        matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
    }
}

/// Gives up waiting after this time. The outcome is then unknown.
pub async fn with_timeout<T>(
    timeout: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    tokio::time::timeout(timeout, work).await.unwrap_or(Err(StoreError::TimedOut(timeout)))
}

impl StoreError {
    /// True if a later attempt to connect may succeed: the server is not up yet, as opposed to a wrong password.
    pub fn is_transient_connect_error(&self) -> bool {
        // What the database library itself says before it has asked anybody: a URL that it cannot read.
        if matches!(self, Self::Database(DbErr::Conn(RuntimeErr::Internal(_)))) {
            return false;
        }
        let Self::Database(DbErr::Conn(RuntimeErr::SqlxError(error))) = self else { return self.is_unavailable() };
        match &**error {
            // PostgreSQL: invalid authorization, no such database, and what a pooler says to a connection parameter that it
            // does not know. SQLite: a path that cannot be opened.
            SqlxError::Database(error) => error
                .code()
                .is_some_and(|code| code.len() == 5 && !["28", "3D"].contains(&&code[..2]) && code != "08P01"),
            // A server without TLS, or a certificate that is not trusted.
            SqlxError::Configuration(_) | SqlxError::Tls(_) => false,
            SqlxError::Io(error) => error.kind() != std::io::ErrorKind::InvalidData,
            _ => true,
        }
    }
}

impl StoreError {
    /// True if the database is away or too busy, so that the same call may succeed in a moment.
    pub fn is_unavailable(&self) -> bool {
        let error = match self {
            Self::Database(DbErr::Conn(_) | DbErr::ConnectionAcquire(_)) | Self::TimedOut(_) | Self::FileGone(_) => {
                return true;
            }
            Self::Database(DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) => {
                error
            }
            _ => return false,
        };
        match &**error {
            SqlxError::Io(_)
            | SqlxError::Tls(_)
            | SqlxError::Protocol(_)
            | SqlxError::PoolTimedOut
            | SqlxError::PoolClosed
            | SqlxError::WorkerCrashed => true,
            // PostgreSQL: connection exceptions, insufficient resources, operator intervention, system errors.
            // SQLite (by the low byte of its code): busy, locked, input/output error, full, cannot open.
            SqlxError::Database(error) => error.code().is_some_and(|code| {
                if code.len() == 5 {
                    ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class))
                } else {
                    code.parse::<u32>().is_ok_and(|code| [5, 6, 10, 13, 14].contains(&(code & 0xff)))
                }
            }),
            _ => false,
        }
    }
}

impl Store {
    /// Connects to `sqlite://…` or `postgres://…`. Creates the folder of a SQLite file.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        check_url(url)?;
        let file = sqlite_file(url);
        if let Some(folder) = file.as_ref().and_then(|file| file.parent()) {
            std::fs::create_dir_all(folder).map_err(|error| DbErr::Custom(format!("{}: {error}", folder.display())))?;
        }
        let sqlite = url.starts_with("sqlite:");
        let (writers, readers) = if sqlite { (1, 4) } else { (4, 12) };
        let statements = Statements::default();
        let writer = open(url, Pool::Bounded(writers), &statements).await?;
        let reader = open(url, Pool::Bounded(readers), &statements).await?;
        let file = file.map(|file| DatabaseFile::opened(&file)).transpose();
        Ok(Self {
            writer,
            reader,
            file: file.map_err(|error| DbErr::Custom(error.to_string()))?.map(Arc::new),
            replica: None,
            url: url.into(),
            statements,
            // By a process before this one.
            has_deleted: Arc::new(AtomicBool::new(true)),
            unreadable_budgets: UnreadableRows::default(),
            unreadable_presentations: UnreadableRows::default(),
        })
    }

    /// Reads histories and statistics from a replica, or from the database itself while the replica does not answer.
    pub async fn with_replica(self, url: &str) -> Result<Self, StoreError> {
        let replica = open(url, Pool::Replica(8), &self.statements).await?;
        Ok(Self { replica: Some(Replica::new(replica)), ..self })
    }

    /// Opens a database that must be there, for commands that do not create one: they would leave an empty file, and fail
    /// because it has no tables.
    pub async fn connect_existing(url: &str) -> Result<Self, StoreError> {
        check_url(url)?;
        match sqlite_file(url).filter(|file| !file.exists()) {
            Some(file) => Err(StoreError::Missing(file.display().to_string())),
            None => Self::connect(url).await,
        }
    }

    /// A write transaction. On SQLite it takes the write lock at once: upgrading a read to a write fails under load.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(Transaction(self.writer.begin_with_options(options).await?, self.file.clone()))
    }

    /// A read transaction that sees one moment of the whole database.
    pub async fn begin_snapshot(&self) -> Result<Transaction, StoreError> {
        let postgres = self.backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        };
        Ok(Transaction(self.reader.begin_with_options(options).await?, None))
    }

    /// The time that opening windows are compared with. PostgreSQL's clock is the same for all nodes.
    pub async fn now(&self) -> Result<DateTime<Utc>, StoreError> {
        now(&self.reader).await
    }

    /// True if other processes write to the database too.
    pub fn is_shared(&self) -> bool {
        self.backend() == DbBackend::Postgres
    }

    /// Fails if the database does not answer, or if its file is gone.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.file.as_ref().map_or(Ok(()), |file| file.check())?;
        self.reader.query_one_raw(Statement::from_string(self.backend(), "SELECT 1")).await?;
        Ok(())
    }

    /// Updates the statistics of the database's query planner.
    pub async fn analyze(&self) -> Result<(), StoreError> {
        self.connect_without_timeouts().await?.execute_unprepared("ANALYZE").await?;
        Ok(())
    }

    /// What statements take.
    pub fn statements(&self) -> &Statements {
        &self.statements
    }

    /// The connections of each pool.
    pub fn pools(&self) -> Vec<PoolState> {
        let replica = self.replica.as_ref().map(|replica| ("replica", &replica.connection));
        let pools = [("writer", &self.writer), ("reader", &self.reader)].into_iter().chain(replica);
        pools.map(|(name, connection)| PoolState::of(name, connection)).collect()
    }

    /// Waits for running statements and closes every connection.
    pub async fn close(&self) {
        for connection in [&self.writer, &self.reader].into_iter().chain(self.replica.as_ref().map(|it| &it.connection))
        {
            // A half-open connection is never given back to its pool.
            match tokio::time::timeout(CLOSE_TIMEOUT, connection.close_by_ref()).await {
                Ok(Err(error)) => tracing::warn!(%error, "closing a database connection"),
                Err(_) => tracing::warn!("some database connections did not close in time"),
                Ok(Ok(())) => {}
            }
        }
    }

    /// A connection whose statements may take as long as they need.
    async fn connect_without_timeouts(&self) -> Result<DatabaseConnection, DbErr> {
        // SQLite has one writer and no time-outs.
        if self.backend() == DbBackend::Sqlite {
            return Ok(self.writer.clone());
        }
        open(&self.url, Pool::Unlimited, &self.statements).await
    }

    fn backend(&self) -> DbBackend {
        self.reader.get_database_backend()
    }
}

impl Transaction {
    /// Makes the change durable. An error leaves the outcome unknown, so the caller must not acknowledge the change.
    pub async fn commit(self) -> Result<(), StoreError> {
        let started = Instant::now();
        let committed = self.0.commit().await;
        traces::statement("COMMIT", started.elapsed(), committed.is_err());
        committed?;
        // After the commit: this proves that the commit went to a file that still had its name.
        self.1.map_or(Ok(()), |file| file.check())
    }

    /// See [`Store::now`].
    pub async fn now(&self) -> Result<DateTime<Utc>, StoreError> {
        now(&self.0).await
    }

    /// Removes the statement time-out of this transaction: recounting ten million ballots takes longer.
    async fn disable_timeout(&self) -> Result<(), StoreError> {
        if self.is_on_postgres() {
            self.0.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
        }
        Ok(())
    }

    fn is_on_postgres(&self) -> bool {
        self.0.get_database_backend() == DbBackend::Postgres
    }

    async fn query(&self, sql: Sql, values: impl IntoIterator<Item = Value>) -> Result<Vec<QueryResult>, StoreError> {
        Ok(self.0.query_all_raw(sql.statement(self.0.get_database_backend(), values)).await?)
    }

    async fn execute(&self, sql: Sql, values: impl IntoIterator<Item = Value>) -> Result<u64, StoreError> {
        let statement = sql.statement(self.0.get_database_backend(), values);
        Ok(self.0.execute_raw(statement).await?.rows_affected())
    }
}

/// One statement in both dialects. Its text does not depend on the size of a batch, which is one JSON parameter: a constant
/// text is prepared once.
#[derive(Clone, Copy)]
struct Sql {
    postgres: &'static str,
    sqlite: &'static str,
}

impl Sql {
    /// A text that both understand: SQLite reads `$1` too.
    const fn both(text: &'static str) -> Self {
        Self { postgres: text, sqlite: text }
    }

    fn statement(self, backend: DbBackend, values: impl IntoIterator<Item = Value>) -> Statement {
        let sql = if backend == DbBackend::Postgres { self.postgres } else { self.sqlite };
        Statement::from_sql_and_values(backend, sql, values)
    }
}

async fn now(connection: &impl ConnectionTrait) -> Result<DateTime<Utc>, StoreError> {
    let backend = connection.get_database_backend();
    if backend != DbBackend::Postgres {
        return Ok(clock::now());
    }
    let row = connection.query_one_raw(Statement::from_string(backend, "SELECT clock_timestamp() AS now")).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("clock_timestamp()".to_owned()))?;
    Ok(row.try_get("", "now")?)
}
