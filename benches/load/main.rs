//! Measures the release build against floors: how close it comes to the least that the same libraries need for the same
//! bytes, on this machine, in this hour. Ours and the floor take turns within one run, because machines are noisy; the
//! printed figure is the median of the turns.
//!
//! `load [SECTION…]` measures (all sections without a name); [`scripts/bench`](../../scripts/bench) starts it with what
//! it needs. `load million N` and `load crowd SCREENS NODES` are measurements of their own (scripts/million,
//! scripts/crowd). `load floor MESSAGE` and `load screens …` are processes that it starts by itself. Servers run on processor 0, the load on
//! processor 1, and every figure also comes as the server's processor time, which is more reliable than a rate on a
//! shared machine.
//!
//! At the end stands what is worse than the figures in `benches/last.json`; `--keep` before the section writes the new ones
//! there. Benchmarks measure, they don't judge: a criterion that is missed is printed as missed, and the exit code stays 0. It
//! is 1 when something could not be measured.

// Counts and microseconds become floats for printing; none comes near 2^52.
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]

use std::process::ExitCode;

mod announcements;
mod bins;
mod clock;
mod command;
mod crowd;
mod equivalent;
mod events;
mod figures;
mod floor;
mod frames;
mod growth;
mod hostile;
mod http;
mod intake;
mod last;
mod latency;
mod million;
mod mutations;
mod nchan;
mod postgres;
mod publications;
mod pushes;
mod reads;
mod report;
mod screens;
mod selections;
mod server;
mod socket;
mod submission;
mod subscribers;
mod usage;

use report::Report;

const SECTIONS: [&str; 9] =
    ["reads", "pushes", "peer", "selections", "latency", "hostile", "publications", "mutations", "intake"];

fn main() -> anyhow::Result<ExitCode> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let keeps = arguments.first().is_some_and(|first| first == "--keep");
    if keeps {
        arguments.remove(0);
    }
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        // The same runtime as the server's. On one processor it has one thread.
        ["floor", message] => {
            return tokio::runtime::Runtime::new()?.block_on(floor::serve(message)).map(|()| ExitCode::SUCCESS);
        }
        ["screens", server, source, count] => {
            let _ = rlimit::increase_nofile_limit(20_000);
            let following = screens::follow(server.parse()?, source.parse()?, count.parse()?);
            return one_thread()?.block_on(following).map(|()| ExitCode::SUCCESS);
        }
        ["million", millions] => {
            let millions = millions.parse()?;
            return run(keeps, async move |report| growth::measure(report, millions).await);
        }
        ["crowd", screens, nodes] => {
            let (screens, nodes) = (screens.parse()?, nodes.parse()?);
            return run(keeps, async move |report| crowd::measure(report, screens, nodes).await);
        }
        _ => {}
    }
    if let Some(unknown) = arguments.iter().find(|section| !SECTIONS.contains(&section.as_str())) {
        anyhow::bail!("there is no section \"{unknown}\": name some of {}, or none for all", SECTIONS.join(", "));
    }
    let sections = SECTIONS.iter().filter(|section| arguments.is_empty() || arguments.iter().any(|it| it == *section));
    run(keeps, async move |report| {
        for section in sections {
            measure(section, report).await;
        }
        Ok(())
    })
}

fn one_thread() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// Measures on a runtime with one thread, because the load has one processor, and prints the report.
fn run(keeps: bool, measure: impl AsyncFnOnce(&mut Report) -> anyhow::Result<()>) -> anyhow::Result<ExitCode> {
    one_thread()?.block_on(async {
        let mut report = Report::default();
        // Ten thousand connections at each end.
        let _ = rlimit::increase_nofile_limit(20_000);
        if let Err(error) = usage::pin_this_process().await {
            report.failure("pinning", &error);
        }
        if let Err(error) = measure(&mut report).await {
            report.failure("the measurement", &error);
        }
        Ok(report.print(keeps))
    })
}

/// Measures one section. If it fails, the others are still measured.
async fn measure(section: &str, report: &mut Report) {
    let measured = match section {
        "reads" => reads::measure(report).await,
        "pushes" => pushes::measure(report).await,
        "peer" => pushes::measure_peer(report).await,
        "selections" => selections::measure().await,
        "latency" => latency::measure(report).await,
        "hostile" => hostile::measure(report).await,
        "publications" => publications::measure(report).await,
        "mutations" => mutations::measure(report).await,
        _ => intake::measure().await,
    };
    if let Err(error) = measured {
        report.failure(section, &error);
    }
}
