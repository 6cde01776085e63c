//! `taxbudget schema`.

use std::process::ExitCode;

pub fn run() -> ExitCode {
    print!("{}", crate::graphql::sdl());
    ExitCode::SUCCESS
}
