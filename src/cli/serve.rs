//! `taxbudget serve`.

use std::{
    io::{self, Write},
    net::SocketAddr,
    process::ExitCode,
    time::Duration,
};

use anyhow::Context;
use tokio::{
    runtime::Handle,
    signal::unix::{Signal, SignalKind, signal},
};

use crate::{
    app::App,
    config::{Role, ServerConfig},
    http,
    service::desk::tokens::Token,
    store,
    traces::Traces,
};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ServerConfig,
    #[command(flatten)]
    pub traces: TraceArgs,
}

/// Settings of traces.
#[derive(clap::Args)]
pub struct TraceArgs {
    /// Base URL of an OpenTelemetry collector that takes OTLP over HTTP, e.g. `http://localhost:4318`; without it no traces
    /// are made
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    otlp_endpoint: Option<String>,
    /// The share of all traces that is exported, from 0 to 1; a trusted proxy that sends `traceparent` decides itself
    #[arg(long, env = "TAXBUDGET_TRACE_RATIO", default_value_t = 1.0, value_parser = ratio)]
    trace_ratio: f64,
}

impl TraceArgs {
    /// Begins to export traces, if an endpoint is set.
    pub fn start(&self, runtime: &Handle) -> anyhow::Result<Option<Traces>> {
        let endpoint = self.otlp_endpoint.as_deref().filter(|endpoint| !endpoint.is_empty());
        endpoint.map(|endpoint| Traces::start(endpoint, self.trace_ratio, runtime.clone())).transpose()
    }
}

fn ratio(text: &str) -> Result<f64, String> {
    let ratio = text.parse().ok().filter(|ratio| (0.0..=1.0).contains(ratio));
    ratio.ok_or_else(|| "write a number from 0 to 1, such as 0.1 for one trace in ten".to_owned())
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.config;
    // Each connection is an open file, and many systems start with a limit of a thousand. If the system refuses to
    // raise it, the server runs with the limit that it has.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    // The port is bound first, so that a port in use is reported before anything is changed.
    let listener = http::listen(config.listen).with_context(|| format!("listening on {}", config.listen))?;
    let address = listener.local_addr()?;
    // The signals are caught before the start, which may wait for the database: the first process of a container
    // receives only signals that it handles.
    let (mut terminate, mut interrupt) = (Termination::listen()?, signal(SignalKind::interrupt())?);
    let app = tokio::select! {
        app = App::start(&config) => app?,
        () = terminate.recv() => return Ok(ExitCode::SUCCESS),
        _ = interrupt.recv() => return Ok(ExitCode::SUCCESS),
    };
    let invitation = match config.role {
        Role::Worker => None,
        Role::All | Role::Web => {
            app.services().accounts.invite_first().await.context("the link to the first account")?
        }
    };
    // Written at once, and errors are ignored: the reader of standard output may close it after the first line.
    let _ = io::stdout().write_all(welcome(address, &config, invitation.as_ref()).as_bytes());
    tracing::info!(%address, "serving");
    tracing::debug!(?config, "settings");
    let drain_window = config.drain_window();
    let shutdown = async move {
        let window = tokio::select! {
            () = terminate.recv() => drain_window,
            // On SIGINT a person waits at the keyboard.
            _ = interrupt.recv() => Duration::ZERO,
        };
        tracing::info!("stopping; a second signal stops at once");
        tokio::spawn(async move {
            tokio::select! {
                () = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            std::process::exit(1);
        });
        window
    };
    app.serve(listener, shutdown).await?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the welcome text: the server's address, the database, the link to the first account while there is none, and what
/// to do next.
fn welcome(address: SocketAddr, config: &ServerConfig, invitation: Option<&Token>) -> String {
    let database = store::without_credentials(config.database.database_url.reveal());
    let page =
        config.public_url().map_or_else(|| format!("http://{address}"), |url| url.trim_end_matches('/').to_owned());
    let next = if config.role == Role::Worker {
        "this worker publishes for the nodes that answer people; it answers /healthz, /readyz and /metrics".to_owned()
    } else {
        format!("open {page} in a browser; GraphiQL is at {page}/graphql; Ctrl+C stops the server")
    };
    let desk =
        invitation.map(|token| format!("desk: {page}/admin/invitation/{}\n", token.as_str())).unwrap_or_default();
    format!("listening on http://{address}\ndatabase: {database}\n{desk}next: {next}\n")
}

/// The signals that end the server: SIGTERM, and SIGHUP when the terminal closes.
struct Termination {
    terminate: Signal,
    /// None if SIGHUP is ignored, as under `nohup`.
    hangup: Option<Signal>,
}

impl Termination {
    fn listen() -> io::Result<Self> {
        let hangup = if ignores_hangup() { None } else { Some(signal(SignalKind::hangup())?) };
        Ok(Self { terminate: signal(SignalKind::terminate())?, hangup })
    }

    async fn recv(&mut self) {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = hangup => {}
        }
    }
}

/// Returns whether the parent process had SIGHUP ignored. Only Linux reports this.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // Signal 1 is the lowest bit.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}
