//! The program inside the test's own process.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use chrono::TimeDelta;
use clap::Parser;
use taxbudget::{
    app::App,
    config::ServerConfig,
    domain::{
        account::AccountName,
        desk::{AccountId, Actor, Role, SignedIn},
        network::ClientAddress,
    },
    graphql::admin::{
        AdminSchema,
        caller::{DeskCaller, DeskTransport},
    },
    http::Timeouts,
    service::{
        Services,
        desk::{console::Console, sessions::Visitor, tokens::Token},
    },
    store::{audit::AuditedChange, sessions::NewSession},
};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use test_support::{Client, TestDatabase, flags::Flags, setting};

/// The password of every account in the tests.
pub const PASSWORD: &str = "correct horse battery";

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    config: ServerConfig,
}

/// A running server with its database; stops when dropped.
pub struct TestApp {
    pub address: SocketAddr,
    pub database: Arc<TestDatabase>,
    /// What the handlers use, for looking behind them.
    pub services: Services,
    pub admin: AdminSchema,
    pub redis_prefix: String,
    stop: CancellationToken,
    ended: Option<JoinHandle<anyhow::Result<()>>>,
}

impl TestApp {
    /// A server with an empty database and no limits on submissions.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with flags of `taxbudget serve`; the last of a repeated one counts.
    pub async fn start_with(flags: &[&str]) -> Self {
        let database = Arc::new(TestDatabase::create().await);
        Self::start_with_database(database, &format!("test-{}", Uuid::new_v4().simple()), flags).await
    }

    /// Another server on the same database and bus.
    pub async fn start_beside(&self, flags: &[&str]) -> Self {
        Self::start_with_database(Arc::clone(&self.database), &self.redis_prefix, flags).await
    }

    pub async fn start_with_database(database: Arc<TestDatabase>, redis_prefix: &str, flags: &[&str]) -> Self {
        Self::start_patient(database, redis_prefix, flags, None).await
    }

    /// A server with an empty database and this patience with connections.
    pub async fn start_with_timeouts(timeouts: Timeouts, flags: &[&str]) -> Self {
        let database = Arc::new(TestDatabase::create().await);
        Self::start_patient(database, &format!("test-{}", Uuid::new_v4().simple()), flags, Some(timeouts)).await
    }

    async fn start_patient(
        database: Arc<TestDatabase>,
        redis_prefix: &str,
        flags: &[&str],
        timeouts: Option<Timeouts>,
    ) -> Self {
        let redis_url = setting("TEST_REDIS_URL").unwrap_or_default();
        let flags =
            Flags::on(&database.url).with_redis(&redis_url, redis_prefix).with(["--push-interval-ms=10"]).with(flags);
        let line = ["serve"].into_iter().chain(flags.iter().map(String::as_str));
        let config = Line::parse_from(line).config;

        let listener = TcpListener::bind(config.listen).await.unwrap();
        let address = listener.local_addr().unwrap();
        // Boxed, because its future is large and part of the future of every test.
        let mut app = Box::pin(App::start(&config)).await.unwrap();
        app.timeouts = timeouts.unwrap_or(app.timeouts);
        let services = app.services().clone();
        let admin = app.admin().clone();
        let stop = CancellationToken::new();
        let ended = tokio::spawn(app.serve(listener, {
            let stop = stop.clone();
            async move {
                stop.cancelled().await;
                std::time::Duration::ZERO
            }
        }));
        Self { address, database, services, admin, redis_prefix: redis_prefix.to_owned(), stop, ended: Some(ended) }
    }

    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// Signs in to the desk as a new account with these roles, in the installation and in `federal`.
    pub async fn signed_in(&self, name: &str, role: Option<Role>, in_federal: Option<Role>) -> Client {
        let console = Console::new(self.services.store.clone());
        console.create(&AccountName::parse(name).unwrap(), PASSWORD, role).await.unwrap();
        let client = self.client();
        let response = client.sign_in(name, PASSWORD, None).await;
        assert_eq!(response["data"]["signIn"]["me"]["name"], name, "{response}");
        if in_federal.is_some() {
            let account = self.services.store.account_named(&AccountName::parse(name).unwrap()).await.unwrap().unwrap();
            let budgets = self.services.store.budgets().await.unwrap();
            let federal = budgets.iter().find(|budget| budget.slug == "federal").unwrap();
            let budget = Some((federal.id, "federal"));
            self.services.accounts.set_role(&Actor::Console, account.id, in_federal, budget).await.unwrap();
        }
        client
    }

    /// The cookie of a new session of this account. No password is checked, which would take its time.
    pub async fn session_cookie(&self, account: AccountId) -> String {
        let (store, token) = (&self.services.store, Token::generate().unwrap());
        let now = store.now().await.unwrap();
        let mut change = store.begin_audited(&Actor::System).await.unwrap();
        let session = NewSession {
            token_digest: token.digest(),
            account,
            now,
            expires_at: now + TimeDelta::hours(1),
            user_agent: "a test",
        };
        change.transaction.insert_session(session).await.unwrap();
        change.record(AuditedChange { action: "test.sign_in", ..AuditedChange::default() }).await.unwrap();
        change.commit().await.unwrap();
        format!("taxbudget_desk={}", token.as_str())
    }

    /// Executes an operation at the desk as an account with this role in the installation, or as nobody.
    pub async fn desk(&self, role: Option<Role>, query: &str, variables: serde_json::Value) -> serde_json::Value {
        let signed_in = role.map(|role| SignedIn {
            account: AccountId(1),
            name: "ada".to_owned(),
            installation: Some(role),
            budgets: HashMap::new(),
        });
        self.desk_as(signed_in, query, variables).await
    }

    /// Executes an operation at the desk as this account.
    pub async fn desk_as(
        &self,
        signed_in: Option<SignedIn>,
        query: &str,
        variables: serde_json::Value,
    ) -> serde_json::Value {
        let address = ClientAddress::new(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let visitor = signed_in.map(|signed_in| Visitor { signed_in: Arc::new(signed_in), session: None });
        let caller = DeskCaller::new(visitor, address, DeskTransport::default());
        let request =
            async_graphql::Request::new(query).variables(async_graphql::Variables::from_json(variables)).data(caller);
        serde_json::to_value(self.admin.execute(request).await).unwrap()
    }

    /// See [`Client::bus_is_up`].
    pub async fn bus_is_up(&self) {
        self.client().bus_is_up().await;
    }

    /// Stops as a signal would, and waits for the end.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(ended) = self.ended.take() {
            ended.await.unwrap().unwrap();
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
