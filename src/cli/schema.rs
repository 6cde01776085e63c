//! `taxbudget schema`

use std::process::ExitCode;

pub fn run() -> anyhow::Result<ExitCode> {
    print!("{}", crate::graphql::sdl());
    Ok(ExitCode::SUCCESS)
}
