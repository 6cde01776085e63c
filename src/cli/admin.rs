//! `taxbudget admin`.

use std::{io, process::ExitCode};

use anyhow::{Context, anyhow, ensure};
use clap::{Subcommand, ValueEnum};

use crate::{
    config::Redacted,
    domain::{account::AccountName, desk},
    service::desk::{console::Console, error::DeskError},
    store::Store,
};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create an account; the password is asked for
    Create(CreateArgs),
    /// List the accounts
    List(Database),
    /// Set a new password, and end every session of the account
    ResetPassword(ResetArgs),
    /// End every session of an account
    EndSessions(EndArgs),
}

#[derive(clap::Args)]
struct CreateArgs {
    #[command(flatten)]
    account: AccountArgs,
    /// What the account may do in the whole installation; by default nothing
    #[arg(long)]
    role: Option<Role>,
    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(clap::Args)]
struct ResetArgs {
    #[command(flatten)]
    account: AccountArgs,
    /// Also require no one-time codes any more: the app that makes them is lost
    #[arg(long)]
    remove_totp: bool,
    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(clap::Args)]
struct EndArgs {
    #[command(flatten)]
    account: AccountArgs,
}

#[derive(clap::Args)]
struct AccountArgs {
    /// The name of the account
    name: String,
    #[command(flatten)]
    database: Database,
}

#[derive(clap::Args)]
struct PasswordArgs {
    /// Read the password from the first line of standard input, instead of asking for it at the terminal
    #[arg(long)]
    password_stdin: bool,
}

#[derive(clap::Args)]
struct Database {
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, default_value = "sqlite://data/taxbudget.db?mode=rwc")]
    database_url: Redacted,
}

/// What an account may do in the whole installation.
#[derive(ValueEnum, Clone, Copy)]
enum Role {
    /// Sees everything but who answered
    Viewer,
    /// Creates budgets and runs all of them
    Organiser,
    /// Also decides who may do what
    Owner,
}

impl From<Role> for desk::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Viewer => Self::Viewer,
            Role::Organiser => Self::Organiser,
            Role::Owner => Self::Owner,
        }
    }
}

impl AccountArgs {
    fn name(&self) -> anyhow::Result<AccountName> {
        AccountName::parse(&self.name).map_err(|violation| anyhow!(violation.message))
    }
}

impl Database {
    async fn open(&self) -> anyhow::Result<Store> {
        let store = Store::connect_existing(self.database_url.reveal()).await.context("connecting to the database")?;
        let pending = store.pending_migrations().await.context("asking for the database's schema")?;
        ensure!(
            pending.is_empty(),
            "the database's schema lacks {}: run `taxbudget migrate up`, or start the server once",
            pending.join(", ")
        );
        Ok(store)
    }
}

impl PasswordArgs {
    fn read(&self) -> anyhow::Result<String> {
        if self.password_stdin {
            let mut line = String::new();
            io::stdin().read_line(&mut line).context("reading the password from standard input")?;
            return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
        }
        let password = rpassword::prompt_password("New password: ").context("asking for the password")?;
        ensure!(password == rpassword::prompt_password("The same again: ")?, "the two passwords differ");
        Ok(password)
    }
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Create(args) => {
            let (name, password) = (args.account.name()?, args.password.read()?);
            let store = args.account.database.open().await?;
            let created = Console::new(store.clone()).create(&name, &password, args.role.map(Into::into)).await;
            store.close().await;
            created.map_err(explained)?;
            println!("{name}: created");
        }
        Command::List(database) => list(&database).await?,
        Command::ResetPassword(args) => {
            let (name, password) = (args.account.name()?, args.password.read()?);
            let store = args.account.database.open().await?;
            let reset = Console::new(store.clone()).reset_password(&name, &password, args.remove_totp).await;
            store.close().await;
            reset.map_err(explained)?;
            println!("{name}: new password; every session has ended");
        }
        Command::EndSessions(args) => {
            let name = args.account.name()?;
            let store = args.account.database.open().await?;
            let ended = Console::new(store.clone()).end_sessions(&name).await;
            store.close().await;
            println!("{name}: {} sessions ended", ended.map_err(explained)?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(database: &Database) -> anyhow::Result<()> {
    let store = database.open().await?;
    let (accounts, roles) = (store.accounts().await?, store.budget_roles().await?);
    store.close().await;
    println!("name\trole\tbudgets\tcodes\tlast seen\tstate");
    for account in accounts {
        let role = account.role.map_or("-", desk::Role::name);
        let budgets = roles.get(&account.id).map_or(0, std::collections::HashMap::len);
        let codes = if account.sealed_totp_secret.is_some() { "yes" } else { "no" };
        let seen = account.last_seen_at.map_or("never".to_owned(), |at| at.format("%Y-%m-%d %H:%M").to_string());
        let state = if account.is_disabled { "disabled" } else { "enabled" };
        println!("{}\t{role}\t{budgets}\t{codes}\t{seen}\t{state}", account.name);
    }
    Ok(())
}

/// Says what is wrong in the words of the rule.
fn explained(error: DeskError) -> anyhow::Error {
    match error {
        DeskError::Invalid(violation) => anyhow!(violation.message),
        error => error.into(),
    }
}
