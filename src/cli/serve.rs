//! `taxbudget serve`

use std::{process::ExitCode, time::Duration};

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use crate::{app::App, config::ServerConfig, http};

/// Settings.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ServerConfig,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.config;
    // Each socket is an open file, and many systems begin with a thousand. What the system does not grant is done without.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    // Bound first: a taken port is said before anything is changed.
    let listener = http::listen(config.listen).with_context(|| format!("listening on {}", config.listen))?;
    let address = listener.local_addr()?;
    let app = App::start(&config).await?;
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    println!("listening on http://{address}");
    tracing::info!(%address, ?config, "serving");
    let drain_window = config.drain_window();
    let shutdown = async move {
        let window = tokio::select! {
            _ = terminate.recv() => drain_window,
            // Somebody waits at the keyboard.
            _ = interrupt.recv() => Duration::ZERO,
        };
        tracing::info!("stopping; a second signal stops at once");
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            std::process::exit(1);
        });
        window
    };
    app.serve(listener, shutdown).await?;
    Ok(ExitCode::SUCCESS)
}
