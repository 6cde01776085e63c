//! Settings from flags and the environment.

use std::{
    fmt,
    io::Write,
    net::{SocketAddr, ToSocketAddrs},
    num::{NonZeroU32, NonZeroUsize},
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};
use ipnet::IpNet;

use crate::{
    domain::{publish_every::PublishEvery, rate::Rate},
    http::{EmbedOrigins, Origin, TrustedUserHeader},
    service::limiter::SubmissionRates,
    store,
};

const SECRET_LENGTH: usize = 32;
/// The most tries that a challenge may take at the first step: minutes of a fast machine.
const MAX_TRIES: u32 = 1_000_000;

/// A value that never appears in a log.
#[derive(Clone)]
pub struct Redacted(String);

impl Redacted {
    /// Returns the value itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl FromStr for Redacted {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

/// Settings of the database.
#[derive(Args, Debug, Clone)]
pub struct DatabaseArgs {
    /// `sqlite://FILE?mode=rwc` or `postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, default_value = "sqlite://data/taxbudget.db?mode=rwc")]
    pub database_url: Redacted,
    /// A PostgreSQL replica for histories and statistics, which may lag behind by a moment; by default the database
    /// itself is read
    #[arg(long, env = "READ_DATABASE_URL", hide_env_values = true)]
    pub read_database_url: Option<Redacted>,
    /// Ballots that must have changed before new statistics of the budget that an empty database gets are shown, 1 to
    /// 1000; `taxbudget budget set` changes those of budgets that are there
    #[arg(long, env = "TAXBUDGET_PUBLISH_EVERY", default_value_t = PublishEvery::default())]
    pub publish_every: PublishEvery,
}

impl DatabaseArgs {
    /// Returns the replica's URL. An empty value counts as not set.
    pub fn read_database_url(&self) -> Option<&str> {
        self.read_database_url.as_ref().map(Redacted::reveal).filter(|url| !url.is_empty())
    }
}

/// Settings of the secret.
#[derive(Args, Debug, Clone)]
pub struct SecretArgs {
    /// Signs cookies and keeps participation codes: at least 32 characters, the same on every replica. With SQLite one is
    /// generated and stored beside the file
    #[arg(long, env = "TAXBUDGET_SECRET", hide_env_values = true)]
    pub secret: Option<Redacted>,
    /// The secret before a rotation: what it signed is still valid, and new things are signed with `--secret`
    #[arg(long, env = "TAXBUDGET_PREVIOUS_SECRET", hide_env_values = true)]
    pub previous_secret: Option<Redacted>,
}

/// The secrets themselves, of at least 32 bytes each.
#[allow(missing_docs)] // the names say it
pub struct Secrets {
    pub current: Vec<u8>,
    /// The secret before a rotation, if there was one.
    pub previous: Option<Vec<u8>>,
}

impl SecretArgs {
    /// Returns the secrets that are set, or, with a SQLite file, one that is stored beside the file.
    pub fn resolve(&self, database: &DatabaseArgs) -> anyhow::Result<Secrets> {
        let previous = checked_secret(
            self.previous_secret.as_ref(),
            "the previous secret (--previous-secret, TAXBUDGET_PREVIOUS_SECRET)",
        )?;
        if let Some(current) = checked_secret(self.secret.as_ref(), "the secret (--secret, TAXBUDGET_SECRET)")? {
            return Ok(Secrets { current, previous });
        }
        let Some(file) = store::sqlite_file(database.database_url.reveal()) else {
            bail!(
                "set a secret (--secret, TAXBUDGET_SECRET) of at least {SECRET_LENGTH} characters, the same on every \
                 replica: it signs the participants' cookies"
            );
        };
        let mut path = file.into_os_string();
        path.push(".secret");
        let path = PathBuf::from(path);
        let current = stored_secret(&path).with_context(|| format!("the secret in {}", path.display()))?;
        Ok(Secrets { current, previous })
    }
}

/// Settings of the bus between processes.
#[derive(Args, Debug, Clone)]
pub struct BusArgs {
    /// `redis://HOST:PORT`; without it this is the only process
    #[arg(long, env = "REDIS_URL", hide_env_values = true)]
    pub redis_url: Option<Redacted>,
    /// Prefix of every key and channel in Redis
    #[arg(long, env = "TAXBUDGET_REDIS_PREFIX", default_value = "taxbudget")]
    pub redis_prefix: String,
    /// Milliseconds between two publications, at least
    #[arg(long, env = "TAXBUDGET_PUSH_INTERVAL_MS", default_value_t = 100)]
    pub push_interval_ms: u64,
}

impl BusArgs {
    /// Returns the Redis URL. An empty value counts as not set: container tools pass unset variables in this way.
    pub fn redis_url(&self) -> Option<&str> {
        self.redis_url.as_ref().map(Redacted::reveal).filter(|url| !url.is_empty())
    }

    /// Returns the push interval as a duration.
    pub fn push_interval(&self) -> Duration {
        Duration::from_millis(self.push_interval_ms)
    }
}

/// Parses an address and port, or a name such as `localhost` that resolves to one. IPv4 is preferred: it is what people
/// type into a browser.
pub fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let hint = "write an address or a name, and a port: 127.0.0.1:8000, [::1]:8000 or localhost:8000";
    let addresses = text.to_socket_addrs().map_err(|error| format!("{error}; {hint}"))?;
    addresses.min_by_key(SocketAddr::is_ipv6).ok_or_else(|| format!("the name has no address; {hint}"))
}

/// A limit of submissions.
#[derive(Debug, Clone, Copy)]
pub enum RateSetting {
    /// No limit.
    Off,
    /// At most this rate.
    At(Rate),
}

impl FromStr for RateSetting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            Ok(Self::Off)
        } else {
            text.parse().map(Self::At).map_err(|error| format!("{error}, or off"))
        }
    }
}

impl RateSetting {
    fn rate(self) -> Option<Rate> {
        match self {
            Self::Off => None,
            Self::At(rate) => Some(rate),
        }
    }
}

/// The work that a submission beyond the allowance of its network costs.
#[derive(Debug, Clone, Copy)]
pub enum WorkSetting {
    /// No work is accepted: such a submission is refused.
    Off,
    /// At most this many tries at the first step.
    Tries(NonZeroU32),
}

impl FromStr for WorkSetting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self::Off);
        }
        let tries = text.parse().ok().filter(|tries: &NonZeroU32| tries.get() <= MAX_TRIES).map(Self::Tries);
        tries.ok_or_else(|| format!("\"{text}\" is no work: write a number of tries from 1 to {MAX_TRIES}, or off"))
    }
}

impl WorkSetting {
    /// Returns the most tries of the first step.
    pub fn tries(self) -> NonZeroU32 {
        match self {
            Self::Off => NonZeroU32::MIN,
            Self::Tries(tries) => tries,
        }
    }
}

/// Networks, separated by commas; may be empty.
#[derive(Debug, Clone)]
pub struct Networks(pub Vec<IpNet>);

impl FromStr for Networks {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let network = |part: &str| {
            part.parse().map_err(|_| format!("\"{part}\" is not a network: write one such as 10.0.0.0/8 or ::1/128"))
        };
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(network).collect::<Result<_, _>>().map(Self)
    }
}

/// Origins, separated by commas; may be empty.
#[derive(Debug, Clone)]
pub struct AllowedOrigins(pub Vec<Origin>);

impl FromStr for AllowedOrigins {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// How many proxies a request passes, if it is known.
#[derive(Debug, Clone, Copy)]
pub struct ProxyCount(pub Option<NonZeroUsize>);

impl FromStr for ProxyCount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let count = Some(text).filter(|text| !text.is_empty()).map(str::parse).transpose();
        count.map(Self).map_err(|_| format!("\"{text}\" is not a number of proxies: write 1 or more, or leave it out"))
    }
}

/// A setting that is on or off.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // an item without a doc comment has a name that says it all
pub enum Switch {
    On,
    Off,
}

/// What a process does.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything
    All,
    /// Serves clients; folds only what no other process folds within a second
    Web,
    /// Folds and publishes; serves only probes and metrics
    Worker,
}

impl Role {
    /// The name, as in the setting.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Web => "web",
            Self::Worker => "worker",
        }
    }
}

/// Which GraphQL operations are executed.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationsSetting {
    /// Every valid operation within the limits
    All,
    /// Only the operations of the page itself
    Trusted,
}

/// The settings of `serve`.
#[derive(Args, Debug, Clone)]
pub struct ServerConfig {
    /// Address or name, and port to listen on; port 0 takes a free one
    #[arg(long, env = "TAXBUDGET_LISTEN", default_value = "127.0.0.1:8000", value_parser = listen_address)]
    pub listen: SocketAddr,
    /// What this process does
    #[arg(long, env = "TAXBUDGET_ROLE", default_value = "all")]
    pub role: Role,
    #[command(flatten)]
    #[allow(missing_docs)] // clap shows the help of the fields within
    pub database: DatabaseArgs,
    /// Do not migrate the database's schema, and do not start while a migration is pending
    #[arg(long, env = "TAXBUDGET_NO_MIGRATE", value_parser = clap::builder::FalseyValueParser::new())]
    pub no_migrate: bool,
    #[command(flatten)]
    #[allow(missing_docs)] // clap shows the help of the fields within
    pub bus: BusArgs,
    /// Public URL of this server, e.g. `https://taxes.example.org`; with https, cookies are sent over https alone
    #[arg(long, env = "TAXBUDGET_PUBLIC_URL")]
    pub public_url: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs)] // clap shows the help of the fields within
    pub secrets: SecretArgs,
    /// Origins of other sites whose pages may act for their visitors, e.g.
    /// `https://app.example.org,http://localhost:3000`
    #[arg(long, env = "TAXBUDGET_ALLOWED_ORIGINS", default_value = "")]
    pub allowed_origins: AllowedOrigins,
    /// Sites whose pages may show the results at `/embed/…` in a frame: `*` for all, or origins such as
    /// `https://news.example.org`; empty for none
    #[arg(long, env = "TAXBUDGET_EMBED_ORIGINS", default_value = "*")]
    pub embed_origins: EmbedOrigins,
    /// Who runs this server, for the privacy page
    #[arg(long, env = "TAXBUDGET_OPERATOR", default_value = "", hide_default_value = true)]
    pub operator: String,
    /// How to reach the operator, for the privacy page: an e-mail address, a URL or a postal address
    #[arg(long, env = "TAXBUDGET_OPERATOR_CONTACT", default_value = "", hide_default_value = true)]
    pub operator_contact: String,
    /// Submissions that one participant may make: a count and s, m or h, or off
    #[arg(long, env = "TAXBUDGET_SUBMISSION_RATE", default_value = "10/h")]
    pub submission_rate: RateSetting,
    /// Submissions that may come from one IPv4 address or IPv6 /64 without work, and after the colon how many at once; a
    /// /56 has 3 times and a /48 8 times as many. Or off
    #[arg(long, env = "TAXBUDGET_NETWORK_SUBMISSION_RATE", default_value = "300/h:50")]
    pub network_submission_rate: RateSetting,
    /// Tries of the client, at most, for a submission beyond the allowance of its network; more the farther beyond. Or
    /// off, to refuse such a submission
    #[arg(long, env = "TAXBUDGET_PROOF_OF_WORK", default_value = "4000")]
    pub proof_of_work: WorkSetting,
    /// Networks of the proxies whose X-Forwarded-For is trusted, e.g. `192.0.2.10/32,::1/128`; no client may be in them
    #[arg(long, env = "TAXBUDGET_TRUSTED_PROXIES", default_value = "")]
    pub trusted_proxies: Networks,
    /// Number of proxies that every request passes: with N, the client's address is the Nth from the end of
    /// X-Forwarded-For
    #[arg(long, env = "TAXBUDGET_PROXY_COUNT", default_value = "")]
    pub proxy_count: ProxyCount,
    /// Header in which a proxy that signs people on tells who uses the desk at /admin, e.g. `X-Remote-User`; only believed
    /// from the networks of --trusted-proxies
    #[arg(long, env = "TAXBUDGET_TRUSTED_USER_HEADER", default_value = "", hide_default_value = true)]
    pub trusted_user_header: TrustedUserHeader,
    /// Whether clients may query the schema
    #[arg(long, env = "TAXBUDGET_INTROSPECTION", default_value = "on")]
    pub introspection: Switch,
    /// Which GraphQL operations are executed
    #[arg(long, env = "TAXBUDGET_OPERATIONS", default_value = "all")]
    pub operations: OperationsSetting,
    /// WebSockets and event streams that may be open at once
    #[arg(long, env = "TAXBUDGET_MAX_STREAMS", default_value_t = 15_000)]
    pub max_streams: usize,
    /// WebSockets and event streams that may be open at once from one network address; a school or an office shares one
    #[arg(long, env = "TAXBUDGET_MAX_STREAMS_PER_NETWORK", default_value_t = 1_000)]
    pub max_streams_per_network: usize,
    /// Connections that may be open at once, WebSockets and streams included; also limited by the number of open files
    #[arg(long, env = "TAXBUDGET_MAX_CONNECTIONS", default_value_t = 18_000)]
    pub max_connections: usize,
    /// Connections that may be open at once from one network address; not counted for trusted proxies
    #[arg(long, env = "TAXBUDGET_MAX_CONNECTIONS_PER_NETWORK", default_value_t = 2_000)]
    pub max_connections_per_network: usize,
    /// Milliseconds between two keep-alive messages on a silent WebSocket or stream: fewer than proxies wait before
    /// they close it
    #[arg(long, env = "TAXBUDGET_KEEP_ALIVE_MS", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(10..=600_000))]
    pub keep_alive_ms: u64,
    /// Milliseconds that a node goes on serving after SIGTERM, while it reports that it is not ready and closes its
    /// WebSockets and streams one by one; set it to the time that a load balancer takes to notice. On SIGINT there is
    /// no wait
    #[arg(long, env = "TAXBUDGET_DRAIN_WINDOW_MS", default_value_t = 5_000, value_parser = clap::value_parser!(u64).range(0..=600_000))]
    pub drain_window_ms: u64,
    /// Whether the older WebSocket subprotocol graphql-ws is spoken beside graphql-transport-ws
    #[arg(long, env = "TAXBUDGET_LEGACY_WEBSOCKET", default_value = "off")]
    pub legacy_websocket: Switch,
}

impl ServerConfig {
    /// Returns the interval between two keep-alive messages.
    pub fn keep_alive(&self) -> Duration {
        Duration::from_millis(self.keep_alive_ms)
    }

    /// Returns how long a node goes on serving after it was told to stop.
    pub fn drain_window(&self) -> Duration {
        Duration::from_millis(self.drain_window_ms)
    }

    /// Returns the rate limits of submissions.
    pub fn submission_rates(&self) -> SubmissionRates {
        SubmissionRates {
            participant: self.submission_rate.rate(),
            network: self.network_submission_rate.rate(),
            accepts_work: matches!(self.proof_of_work, WorkSetting::Tries(_)),
        }
    }

    /// Returns who runs the server, if that is set.
    pub fn operator(&self) -> Option<&str> {
        Some(self.operator.trim()).filter(|operator| !operator.is_empty())
    }

    /// Returns how to reach the operator, if that is set.
    pub fn contact(&self) -> Option<&str> {
        Some(self.operator_contact.trim()).filter(|contact| !contact.is_empty())
    }

    /// Returns the public URL. An empty value counts as not set.
    pub fn public_url(&self) -> Option<&str> {
        self.public_url.as_deref().filter(|url| !url.is_empty())
    }

    /// Returns the origin of the public URL.
    pub fn public_origin(&self) -> anyhow::Result<Option<Origin>> {
        let origin = self.public_url().map(Origin::of_url).transpose();
        origin.map_err(|error| anyhow!("the public URL (--public-url, TAXBUDGET_PUBLIC_URL): {error}"))
    }

    /// Fails if nobody could be believed who tells the name of a user.
    pub fn check_trusted_user_header(&self) -> anyhow::Result<()> {
        if self.trusted_user_header.is_set() && self.trusted_proxies.0.is_empty() {
            bail!(
                "--trusted-user-header (TAXBUDGET_TRUSTED_USER_HEADER) needs --trusted-proxies \
                 (TAXBUDGET_TRUSTED_PROXIES): the header is believed from those networks alone"
            );
        }
        Ok(())
    }

    /// Returns whether cookies are sent over HTTPS alone.
    pub fn is_https(&self) -> bool {
        self.public_url().is_some_and(|url| url.starts_with("https://"))
    }
}

/// Returns the secret's bytes, and an error if it is too short. An empty value counts as not set.
fn checked_secret(secret: Option<&Redacted>, name: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let secret = secret.map(Redacted::reveal).filter(|secret| !secret.is_empty());
    if secret.is_some_and(|secret| secret.len() < SECRET_LENGTH) {
        bail!("{name} is too short: use at least {SECRET_LENGTH} characters");
    }
    Ok(secret.map(|secret| secret.as_bytes().to_vec()))
}

fn stored_secret(path: &Path) -> anyhow::Result<Vec<u8>> {
    if !path.exists() {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let secret = hex::encode(rand::random::<[u8; SECRET_LENGTH]>());
        // Written to a temporary file and then linked: a process that starts at the same moment never reads half of a
        // secret, and of two processes the first one's secret stays.
        let temporary = path.with_extension(format!("secret.{}", std::process::id()));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        file.write_all(secret.as_bytes())?;
        file.sync_all()?;
        let linked = std::fs::hard_link(&temporary, path);
        std::fs::remove_file(&temporary)?;
        match linked {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error.into()),
            _ => {}
        }
    }
    let secret = std::fs::read(path)?;
    if secret.len() < SECRET_LENGTH {
        bail!("it is too short; delete the file to have a new one made (participants are then no longer recognised)");
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        config: ServerConfig,
    }

    fn parse(arguments: &[&str]) -> Result<ServerConfig, clap::Error> {
        Line::try_parse_from(std::iter::once(&"serve").chain(arguments)).map(|line| line.config)
    }

    fn secret_of(config: &ServerConfig) -> anyhow::Result<Vec<u8>> {
        Ok(config.secrets.resolve(&config.database)?.current)
    }

    #[test]
    fn secrets_and_passwords_never_appear_in_debug_output() {
        let secret = "s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t";
        let config = parse(&[
            "--secret",
            secret,
            "--database-url",
            "postgres://u:hunter2@h/d",
            "--redis-url",
            "redis://:hunter2@h",
        ])
        .unwrap();
        let debug = format!("{config:?}");
        assert!(!debug.contains("hunter2") && !debug.contains(secret), "{debug}");
        assert_eq!(secret_of(&config).unwrap(), secret.as_bytes());
    }

    #[test]
    fn postgres_without_a_secret_is_refused_and_a_short_one_too() {
        assert!(secret_of(&parse(&["--database-url", "postgres://h/d"]).unwrap()).is_err());
        assert!(secret_of(&parse(&["--secret", "short"]).unwrap()).is_err());
    }

    #[test]
    fn a_made_secret_is_kept_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/t.db?mode=rwc", folder.path().display());
        let config = parse(&["--database-url", &url]).unwrap();
        let first = secret_of(&config).unwrap();
        assert!(first.len() >= SECRET_LENGTH);
        assert_eq!(secret_of(&config).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.path().join("t.db.secret")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn wrong_settings_are_refused_by_name() {
        for arguments in [
            ["--submission-rate", "ten"],
            ["--network-submission-rate", "300/h:"],
            ["--proof-of-work", "on"],
            ["--proof-of-work", "0"],
            ["--trusted-proxies", "everyone"],
            ["--proxy-count", "0"],
            ["--allowed-origins", "https://app.example.org,example.org"],
            ["--allowed-origins", "https://app.example.org/path"],
            ["--embed-origins", "https://news.example.org,*"],
            ["--embed-origins", "'unsafe-inline'; script-src *"],
            ["--listen", "here"],
            ["--introspection", "maybe"],
        ] {
            let error = parse(&arguments).unwrap_err().to_string();
            assert!(error.contains(arguments[0]), "{error}");
        }
    }
}
