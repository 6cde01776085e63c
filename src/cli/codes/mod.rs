//! `taxbudget codes`.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail, ensure};
use clap::{Subcommand, ValueEnum};

use super::progress::Progress;
use crate::{
    config::{DatabaseArgs, SecretArgs},
    domain::{
        budget::{Participation, PresentedBudget},
        code::ParticipationCode,
    },
    service::{codes::register::Register, seal::Seal},
    store::Store,
};

mod sheet;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create codes, and write them out once: they are not stored
    Create(CreateArgs),
    /// Say how many codes exist
    Count(CountArgs),
}

#[derive(clap::Args)]
struct CreateArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    secrets: SecretArgs,
    /// The budget's slug
    #[arg(long)]
    budget: String,
    /// How many codes
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: u32,
    /// What is written
    #[arg(long, default_value = "csv")]
    format: Format,
    /// A new file, which only its owner can read; by default the codes are printed
    #[arg(long)]
    output: Option<PathBuf>,
    /// Public URL of the server, e.g. `https://taxes.example.org`, to which links and QR codes lead
    #[arg(long, env = "TAXBUDGET_PUBLIC_URL")]
    url: Option<String>,
}

#[derive(clap::Args)]
struct CountArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The budget's slug
    #[arg(long)]
    budget: String,
}

#[derive(ValueEnum, Clone, Copy)]
enum Format {
    /// One line a code, with its link if there is a URL
    Csv,
    /// A sheet with QR codes to print and cut
    Html,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Create(args) => create(args).await,
        Command::Count(args) => count(args).await,
    }
}

async fn create(args: CreateArgs) -> anyhow::Result<ExitCode> {
    let url = args.url.as_deref().map(|url| url.trim_end_matches('/')).filter(|url| !url.is_empty());
    if let Some(url) = url {
        ensure!(
            url.starts_with("https://") || url.starts_with("http://"),
            "the URL \"{url}\" must begin with https:// or http://"
        );
    }
    let secrets = args.secrets.resolve(&args.database)?;
    let store = Store::connect_existing(args.database.database_url.reveal()).await?;
    let budget = find(&store, &args.budget).await?;
    if budget.participation != Participation::Code {
        bail!(
            "everybody may answer the budget \"{slug}\", and it takes no codes: first run `taxbudget budget set {slug} \
             --participation code`",
            slug = budget.slug
        );
    }
    // Everything that can fail without the database comes before it: no code must exist that nobody received.
    let codes = Register::generate(usize::try_from(args.count)?)?;
    let text = match (args.format, url) {
        (Format::Csv, url) => csv(&budget, url, &codes)?,
        (Format::Html, Some(url)) => sheet::html(&budget, url, &codes)?.into_bytes(),
        (Format::Html, None) => {
            bail!("say to which address the QR codes lead: --url https://… or TAXBUDGET_PUBLIC_URL")
        }
    };
    let mut output = open(args.output.as_deref())?;
    let register = Register::new(store.clone(), Seal::new(&secrets.current, secrets.previous.as_deref()));
    let mut progress = Progress::new("codes stored", Some(u64::from(args.count)));
    let added = register.add(&budget, &codes, |part| (0..part).for_each(|_| progress.count())).await;
    progress.finish();
    if let Err(error) = added {
        if let Some(path) = &args.output {
            std::fs::remove_file(path)?;
        }
        return Err(error).context("no code was created");
    }
    output.write_all(&text).and_then(|()| output.flush()).with_context(|| {
        format!(
            "{} codes were created and could not all be written: throw away what was written, and create others",
            args.count
        )
    })?;
    let noun = if args.count == 1 { "code" } else { "codes" };
    let total = store.code_count(budget.id).await?;
    eprintln!("{}: {} {noun} created, {total} in all", budget.slug, args.count);
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn count(args: CountArgs) -> anyhow::Result<ExitCode> {
    let store = Store::connect_existing(args.database.database_url.reveal()).await?;
    let budget = find(&store, &args.budget).await?;
    println!("{}: {} codes", budget.slug, store.code_count(budget.id).await?);
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn find(store: &Store, slug: &str) -> anyhow::Result<PresentedBudget> {
    let budget = store.presented_budgets().await?.into_iter().find(|budget| budget.slug == slug);
    budget.with_context(|| format!("there is no budget \"{slug}\""))
}

/// Opens a new file for its owner alone, or standard output.
fn open(path: Option<&Path>) -> anyhow::Result<Box<dyn Write>> {
    let Some(path) = path else { return Ok(Box::new(io::stdout())) };
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    Ok(Box::new(file.with_context(|| format!("creating {}", path.display()))?))
}

fn csv(budget: &PresentedBudget, url: Option<&str>, codes: &[ParticipationCode]) -> anyhow::Result<Vec<u8>> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    if let Some(url) = url {
        lines.write_record(["code", "link"])?;
        for code in codes {
            lines.write_record([code.to_string(), link(budget, url, code)])?;
        }
    } else {
        lines.write_record(["code"])?;
        for code in codes {
            lines.write_record([code.to_string()])?;
        }
    }
    Ok(lines.into_inner()?)
}

/// Returns the link that fills in the code. The code is in the fragment, which a browser sends to no server.
fn link(budget: &PresentedBudget, url: &str, code: &ParticipationCode) -> String {
    format!("{}#code={code}", page(budget, url))
}

/// Returns the address of the budget's page.
fn page(budget: &PresentedBudget, url: &str) -> String {
    format!("{url}/b/{}", budget.slug)
}
