//! Opening connections, and how long anything may wait for one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr,
    sqlx::{Connection, Error, PgConnection, pool::PoolConnectionMetadata},
};

/// To connect, or to be given a connection that others use.
const PATIENCE: Duration = Duration::from_secs(5);
/// PostgreSQL itself ends a statement that takes longer, so that nothing goes on for callers who are gone.
const STATEMENT_LIMIT_MS: &str = "15000";
/// And what a process that vanished had begun: its locks must not stay until the network notices.
const IDLE_IN_TRANSACTION_LIMIT_MS: &str = "15000";
/// A connection that was used so lately is taken as it is.
const SURELY_ALIVE: Duration = Duration::from_secs(1);
/// For the sign of life of another.
const PING_PATIENCE: Duration = Duration::from_millis(500);

/// How many connections, and for what.
#[derive(Clone, Copy)]
pub(super) enum Pool {
    /// People wait for what is asked here.
    Bounded(u32),
    /// Migrations and the like, which take as long as they take.
    Patient,
    /// For what may be a moment old; connects when it is first asked, because its server may be away.
    Replica(u32),
}

/// Opens a pool; each statement that it sends is counted.
pub(super) async fn open(url: &str, pool: Pool, statements: &Arc<AtomicU64>) -> Result<DatabaseConnection, DbErr> {
    let connections = match pool {
        Pool::Bounded(connections) | Pool::Replica(connections) => connections,
        Pool::Patient => 1,
    };
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .connect_timeout(PATIENCE)
        .acquire_timeout(PATIENCE)
        .connect_lazy(matches!(pool, Pool::Replica(_)))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options.pragma("journal_mode", "WAL").pragma("synchronous", "FULL").busy_timeout(Duration::from_secs(10))
        })
        .map_sqlx_postgres_before_acquire(|connection, usage| Box::pin(is_alive(connection, usage)));
    // SQLite undoes a transaction by itself when the disk is full or fails, and the library then takes the connection for one
    // that is still within it: its next "commit" would commit nothing.
    options.map_sqlx_sqlite_pool_opts(|options| {
        options.after_release(|connection, _| {
            Box::pin(async {
                // Comes after the undoing that a dropped transaction left to be done.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
    });
    if !matches!(pool, Pool::Patient) {
        options.map_sqlx_postgres_opts(|options| {
            options.options([
                ("statement_timeout", STATEMENT_LIMIT_MS),
                ("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION_LIMIT_MS),
            ])
        });
        // A caller who gave up leaves its connection in the middle of something. One whose server has vanished would never
        // come out of it, and would keep its place in the pool.
        options.map_sqlx_postgres_pool_opts(|options| {
            options.after_release(|connection, _| Box::pin(async { ping(connection).await.map(|()| true) }))
        });
    }
    let mut connection = Database::connect(options).await?;
    let statements = Arc::clone(statements);
    connection.set_metric_callback(move |_| {
        statements.fetch_add(1, Ordering::Relaxed);
    });
    Ok(connection)
}

async fn is_alive(connection: &mut PgConnection, usage: PoolConnectionMetadata) -> Result<bool, Error> {
    if usage.idle_for >= SURELY_ALIVE {
        ping(connection).await?;
    }
    Ok(true)
}

async fn ping(connection: &mut PgConnection) -> Result<(), Error> {
    tokio::time::timeout(PING_PATIENCE, connection.ping()).await.map_err(|_| Error::PoolTimedOut)?
}
