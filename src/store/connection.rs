//! Opening connection pools, with their time-outs.

use std::{net::IpAddr, path::Path, str::FromStr, time::Duration};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbBackend, DbErr, RuntimeErr,
    sqlx::{
        self, Connection, Error, PgConnection,
        pool::PoolConnectionMetadata,
        postgres::{PgConnectOptions, PgSslMode},
    },
};

use super::statements::Statements;

/// For connecting, and for waiting for a connection of the pool.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// PostgreSQL cancels a statement that takes longer, so that none runs on for a caller who has given up.
const STATEMENT_LIMIT_MS: &str = "15000";
/// PostgreSQL ends the transaction of a process that vanished: its locks must not stay until the network notices.
const IDLE_IN_TRANSACTION_LIMIT_MS: &str = "15000";
/// A connection that was used within this time is not pinged before it is used again.
const SKIP_PING_WITHIN: Duration = Duration::from_secs(1);
const PING_TIMEOUT: Duration = Duration::from_millis(500);

#[derive(Clone, Copy)]
pub(super) enum Pool {
    /// For statements that clients wait for.
    Bounded(u32),
    /// One connection without time-outs, for migrations and the like.
    Unlimited,
    /// For reads that may be a moment old. Connects when it is first used, because the replica may be away at the start.
    Replica(u32),
}

/// Opens a pool and counts the statements that it sends.
pub(super) async fn open(url: &str, pool: Pool, statements: &Statements) -> Result<DatabaseConnection, DbErr> {
    let connections = match pool {
        Pool::Bounded(connections) | Pool::Replica(connections) => connections,
        Pool::Unlimited => 1,
    };
    let may_create = url.split_once('?').is_some_and(|(_, query)| query.split('&').any(|it| it == "mode=rwc"));
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .connect_timeout(CONNECT_TIMEOUT)
        .acquire_timeout(CONNECT_TIMEOUT)
        .connect_lazy(matches!(pool, Pool::Replica(_)))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            if may_create {
                create_for_owner(options.get_filename());
            }
            options
                // Deleted rows are overwritten, in free pages too.
                .pragma("secure_delete", "ON")
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .busy_timeout(Duration::from_secs(10))
        })
        .map_sqlx_postgres_before_acquire(|connection, usage| Box::pin(is_alive(connection, usage)));
    // SQLite rolls a transaction back by itself when the disk is full or fails. The library does not notice, and its next
    // commit on this connection would commit nothing.
    options.map_sqlx_sqlite_pool_opts(|options| {
        options.after_release(|connection, _| {
            Box::pin(async {
                // The ping is queued behind the rollback that a dropped transaction left to be done.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
    });
    if !matches!(pool, Pool::Unlimited) {
        options.map_sqlx_postgres_opts(|options| {
            options.options([
                ("statement_timeout", STATEMENT_LIMIT_MS),
                ("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION_LIMIT_MS),
            ])
        });
        // A caller who gave up leaves a connection with a running statement. If the server has vanished, the statement never
        // ends, and the connection must be removed from the pool.
        options.map_sqlx_postgres_pool_opts(|options| {
            options.after_release(|connection, _| Box::pin(async { ping(connection).await.map(|()| true) }))
        });
    }
    let mut connection = Database::connect(options).await.map_err(without_url)?;
    let statements = statements.clone();
    connection.set_metric_callback(move |statement| statements.ended(statement));
    Ok(connection)
}

/// The connections of a pool at this moment.
#[derive(Debug, Clone, Copy)]
pub struct PoolState {
    pub name: &'static str,
    pub open: u32,
    pub idle: u32,
    /// The most that may be open.
    pub limit: u32,
}

impl PoolState {
    pub(super) fn of(name: &'static str, connection: &DatabaseConnection) -> Self {
        fn of<DB: sqlx::Database>(name: &'static str, pool: &sqlx::Pool<DB>) -> PoolState {
            // The count of idle connections may be ahead of that of all.
            let (open, idle) = (pool.size(), u32::try_from(pool.num_idle()).unwrap_or(u32::MAX));
            PoolState { name, open, idle: idle.min(open), limit: pool.options().get_max_connections() }
        }
        match connection.get_database_backend() {
            DbBackend::Postgres => of(name, connection.get_postgres_connection_pool()),
            _ => of(name, connection.get_sqlite_connection_pool()),
        }
    }
}

/// Creates a missing SQLite file that only its owner can read, whatever the umask. SQLite gives its side files the same
/// permissions. An existing file keeps its permissions, which an operator may have widened.
fn create_for_owner(file: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // If the path is wrong, SQLite reports it when it opens the file.
    let _ = options.open(file);
}

/// True if this is a PostgreSQL on another machine and the URL does not demand TLS: the library then asks for TLS, and
/// connects without it if the server, or an attacker in between, declines.
pub fn leaves_tls_open(url: &str) -> bool {
    // The library reads the URL of any scheme.
    let Some(options) = url.strip_prefix("postgres").and_then(|_| PgConnectOptions::from_str(url).ok()) else {
        return false;
    };
    let host = options.get_host();
    let is_here = options.get_socket().is_some()
        || host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse().is_ok_and(|address: IpAddr| address.to_canonical().is_loopback());
    let is_said = url.contains("sslmode=") || url.contains("ssl-mode=");
    !is_here && !is_said && matches!(options.get_ssl_mode(), PgSslMode::Prefer)
}

/// The library quotes a URL that it cannot read, with the password.
fn without_url(error: DbErr) -> DbErr {
    match error {
        DbErr::Conn(RuntimeErr::Internal(_)) => DbErr::Conn(RuntimeErr::Internal(
            "the database's URL cannot be read: write sqlite://… or postgres://…".to_owned(),
        )),
        error => error,
    }
}

async fn is_alive(connection: &mut PgConnection, usage: PoolConnectionMetadata) -> Result<bool, Error> {
    if usage.idle_for >= SKIP_PING_WITHIN {
        ping(connection).await?;
    }
    Ok(true)
}

async fn ping(connection: &mut PgConnection) -> Result<(), Error> {
    tokio::time::timeout(PING_TIMEOUT, connection.ping()).await.map_err(|_| Error::PoolTimedOut)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_left_open_only_on_the_way_to_another_machine_and_only_where_nothing_is_said() {
        for open in
            ["postgres://u:p@db.example/taxes", "postgresql://10.0.0.5:5432/taxes", "postgres://[2001:db8::1]/t"]
        {
            assert!(leaves_tls_open(open), "{open}");
        }
        for settled in [
            "postgres://db.example/taxes?sslmode=verify-full",
            "postgres://db.example/taxes?sslmode=prefer",
            "postgres://db.example/taxes?ssl-mode=disable",
            "postgres://localhost/taxes",
            "postgres://u:p@127.0.0.2/taxes",
            "postgres://[::1]/taxes",
            "postgres:///taxes?host=/run/postgresql",
            "sqlite://data/taxbudget.db?mode=rwc",
            "nonsense",
        ] {
            assert!(!leaves_tls_open(settled), "{settled}");
        }
    }
}
