//! Measures the release build against floors: how close it comes to the least that the same libraries need for the same
//! bytes, on this machine, in this hour. Ours and the floor take turns within one run, because machines are noisy; the
//! printed figure is the median of the turns.
//!
//! `load [SECTION…]` measures (all sections without a name); [`scripts/bench`](../../scripts/bench) starts it with what
//! it needs. `load floor MESSAGE` is the floor, which it starts by itself. Servers run on processor 0, the load on
//! processor 1, and every figure also comes as the server's processor time, which is more reliable than a rate on a
//! shared machine.
//!
//! Benchmarks measure, they don't judge: a criterion that is missed is printed as missed, and the exit code stays 0. It
//! is 1 when something could not be measured.

// Counts and microseconds become floats for printing; none comes near 2^52.
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]

use std::process::ExitCode;

mod clock;
mod command;
mod equivalent;
mod events;
mod figures;
mod floor;
mod frames;
mod hostile;
mod http;
mod intake;
mod latency;
mod million;
mod mutations;
mod nchan;
mod postgres;
mod publications;
mod pushes;
mod reads;
mod report;
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
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [role, message] = &arguments[..]
        && role == "floor"
    {
        // The same runtime as the server's. On one processor it has one thread.
        return tokio::runtime::Runtime::new()?.block_on(floor::serve(message)).map(|()| ExitCode::SUCCESS);
    }
    if let Some(unknown) = arguments.iter().find(|section| !SECTIONS.contains(&section.as_str())) {
        anyhow::bail!("there is no section \"{unknown}\": name some of {}, or none for all", SECTIONS.join(", "));
    }
    let sections = SECTIONS.iter().filter(|section| arguments.is_empty() || arguments.iter().any(|it| it == *section));
    // A runtime with one thread, because the load has one processor.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(measure(sections.copied())))
}

/// Measures section by section. If one fails, the others are still measured.
async fn measure(sections: impl Iterator<Item = &'static str>) -> ExitCode {
    let mut report = Report::default();
    // Ten thousand connections at each end.
    let _ = rlimit::increase_nofile_limit(20_000);
    if let Err(error) = usage::pin_this_process().await {
        report.failure("pinning", &error);
    }
    for section in sections {
        let measured = match section {
            "reads" => reads::measure(&mut report).await,
            "pushes" => pushes::measure(&mut report).await,
            "peer" => pushes::measure_peer(&mut report).await,
            "selections" => selections::measure().await,
            "latency" => latency::measure(&mut report).await,
            "hostile" => hostile::measure(&mut report).await,
            "publications" => publications::measure(&mut report).await,
            "mutations" => mutations::measure(&mut report).await,
            _ => intake::measure().await,
        };
        if let Err(error) = measured {
            report.failure(section, &error);
        }
    }
    report.print()
}
