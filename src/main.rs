//! The `taxbudget` command.

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = taxbudget::cli::Cli::parse();
    taxbudget::cli::log::start(&cli.log);
    match cli.command.run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("taxbudget: {error:#}");
            ExitCode::FAILURE
        }
    }
}
