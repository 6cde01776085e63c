//! `taxbudget schema`.

use std::process::ExitCode;

use crate::{domain::budget_draft::BudgetDraft, graphql};

#[derive(clap::Args)]
pub struct Args {
    /// Print the schema of the organisers' desk instead of the public one
    #[arg(long)]
    desk: bool,
    /// Print the JSON Schema of a budget file instead
    #[arg(long, conflicts_with = "desk")]
    budget_file: bool,
}

pub fn run(args: &Args) -> ExitCode {
    if args.budget_file {
        print!("{}", BudgetDraft::json_schema());
        return ExitCode::SUCCESS;
    }
    let sdl = if args.desk { graphql::admin::sdl() } else { graphql::sdl() };
    print!("{sdl}");
    ExitCode::SUCCESS
}
