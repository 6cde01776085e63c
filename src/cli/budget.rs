//! `taxbudget budget`.

use std::{path::PathBuf, process::ExitCode, str::FromStr};

use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use serde_json::{Map, Value, json};

use crate::{
    config::Redacted,
    domain::{
        budget,
        budget_draft::{
            BudgetDraft, Problem,
            file::{self, Format},
        },
        desk::Actor,
        publish_every::PublishEvery,
        retention::{RetentionDays, RetentionError},
    },
    service::desk::budgets::{self, ChangeError},
    store::Store,
};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Change settings of a budget
    Set(SetArgs),
    /// Make a draft of a budget file, YAML or JSON. `docs/budgets.md` describes it
    Import(ImportArgs),
    /// Print a budget as a budget file
    Export(ExportArgs),
}

#[derive(clap::Args)]
struct ImportArgs {
    /// The file; `-` for the standard input
    file: PathBuf,
    /// If there is a budget with the slug of the file, change it to what the file says
    #[arg(long)]
    replace: bool,
    /// The address of the server, which is printed before that of the budget
    #[arg(long, env = "TAXBUDGET_PUBLIC_URL", default_value = "")]
    public_url: String,
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, default_value = "sqlite://data/taxbudget.db?mode=rwc")]
    database_url: Redacted,
}

#[derive(clap::Args)]
struct ExportArgs {
    /// The budget's slug
    budget: String,
    /// The format of the file
    #[arg(long, default_value = "yaml")]
    format: FileFormat,
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, default_value = "sqlite://data/taxbudget.db?mode=rwc")]
    database_url: Redacted,
}

#[derive(ValueEnum, Clone, Copy)]
enum FileFormat {
    Yaml,
    Json,
}

#[derive(clap::Args)]
struct SetArgs {
    /// The budget's slug
    budget: String,
    #[command(flatten)]
    change: Change,
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, default_value = "sqlite://data/taxbudget.db?mode=rwc")]
    database_url: Redacted,
}

#[derive(clap::Args)]
#[group(required = true, multiple = true)]
struct Change {
    /// Who may answer: everybody, or everybody who has a code (see `taxbudget codes`). Refused once there are submissions
    #[arg(long)]
    participation: Option<Participation>,
    /// Ballots that must have changed before new statistics are shown, 1 to 1000
    #[arg(long)]
    publish_every: Option<PublishEvery>,
    /// Days after the closing of the budget until its submissions are deleted, 1 to 3650, or `forever`. The results stay
    #[arg(long)]
    retention_days: Option<Retention>,
}

#[derive(Clone, Copy)]
enum Retention {
    Forever,
    Days(RetentionDays),
}

impl FromStr for Retention {
    type Err = RetentionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "forever" { Ok(Self::Forever) } else { text.parse().map(Self::Days) }
    }
}

impl Retention {
    fn days(self) -> Option<RetentionDays> {
        match self {
            Self::Forever => None,
            Self::Days(days) => Some(days),
        }
    }
}

/// Who may answer a budget.
#[derive(ValueEnum, Clone, Copy)]
enum Participation {
    /// Everybody
    Open,
    /// Everybody who has a code; each code is one voice
    Code,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Set(args) => set(args).await,
        Command::Import(args) => import(args).await,
        Command::Export(args) => export(args).await,
    }
}

async fn import(args: ImportArgs) -> anyhow::Result<ExitCode> {
    let name = args.file.display().to_string();
    let text = if name == "-" {
        std::io::read_to_string(std::io::stdin()).context("reading the standard input")?
    } else {
        std::fs::read_to_string(&args.file).with_context(|| format!("reading {name}"))?
    };
    let draft = file::parse(&text).map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
    let (slug, actor) = (draft.slug.clone(), Actor::Console);
    let store = Store::connect_existing(args.database_url.reveal()).await?;
    let is_there = store.budgets().await?.iter().any(|budget| budget.slug == slug);
    let outcome = if is_there && args.replace {
        budgets::replace(&store, &actor, draft).await.map(drop)
    } else {
        budgets::create(&store, &actor, draft).await
    };
    let problems = match &outcome {
        Ok(()) => problems(&store, &slug).await?,
        Err(_) => Vec::new(),
    };
    store.close().await;
    outcome.map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
    for problem in problems {
        eprintln!("{name}: {}: {}", problem.path, problem.message);
    }
    println!("{}/b/{slug}", args.public_url.trim_end_matches('/'));
    Ok(ExitCode::SUCCESS)
}

async fn problems(store: &Store, slug: &str) -> anyhow::Result<Vec<Problem>> {
    let presented = store.presented_budgets().await?;
    Ok(presented.iter().find(|budget| budget.slug == slug).map(budgets::problems).unwrap_or_default())
}

async fn export(args: ExportArgs) -> anyhow::Result<ExitCode> {
    let store = Store::connect_existing(args.database_url.reveal()).await?;
    let budgets = store.presented_budgets().await;
    store.close().await;
    let budgets = budgets?;
    let Some(budget) = budgets.iter().find(|budget| budget.slug == args.budget) else {
        bail!("there is no budget \"{}\"", args.budget);
    };
    let format = match args.format {
        FileFormat::Yaml => Format::Yaml,
        FileFormat::Json => Format::Json,
    };
    print!("{}", file::write(&BudgetDraft::of(budget), format));
    Ok(ExitCode::SUCCESS)
}

async fn set(args: SetArgs) -> anyhow::Result<ExitCode> {
    let mut patch = Map::new();
    if let Some(participation) = args.change.participation {
        patch.insert("participation".to_owned(), json!(budget::Participation::from(participation)));
    }
    if let Some(publish_every) = args.change.publish_every {
        patch.insert("publishEvery".to_owned(), json!(publish_every));
    }
    if let Some(retention) = args.change.retention_days {
        patch.insert("retentionDays".to_owned(), json!(retention.days()));
    }
    let store = Store::connect_existing(args.database_url.reveal()).await?;
    let outcome = budgets::set(&store, &Actor::Console, &args.budget, &Value::Object(patch)).await;
    let budgets = store.budgets().await;
    store.close().await;
    match outcome {
        Ok(slug) => {
            println!("{slug}: changed");
            let has_no_end = budgets?.iter().any(|budget| budget.slug == slug && budget.closes_at.is_none());
            if has_no_end && matches!(args.change.retention_days, Some(Retention::Days(_))) {
                eprintln!("{slug}: nothing is deleted yet, because the budget has no time at which it closes");
            }
        }
        Err(ChangeError::Unknown) => bail!("there is no budget \"{}\"", args.budget),
        Err(ChangeError::Frozen(_)) => bail!(
            "the budget \"{}\" has submissions, so who may answer it stays as it is: otherwise the voices that are counted \
             would not have the same meaning",
            args.budget
        ),
        Err(error) => return Err(error.into()),
    }
    Ok(ExitCode::SUCCESS)
}

impl From<Participation> for budget::Participation {
    fn from(participation: Participation) -> Self {
        match participation {
            Participation::Open => Self::Open,
            Participation::Code => Self::Code,
        }
    }
}
