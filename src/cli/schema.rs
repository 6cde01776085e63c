//! `taxbudget schema`.

use std::process::ExitCode;

use crate::graphql;

#[derive(clap::Args)]
pub struct Args {
    /// Print the schema of the organisers' desk instead of the public one
    #[arg(long)]
    desk: bool,
}

pub fn run(args: &Args) -> ExitCode {
    let sdl = if args.desk { graphql::admin::sdl() } else { graphql::sdl() };
    print!("{sdl}");
    ExitCode::SUCCESS
}
