//! The program `missiva`: the crates of this workspace, shown at work.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use missiva_examples::inspect;

#[derive(Debug, Parser)]
#[command(name = "missiva", version, about = "Converged IP Messaging, shown at work")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads SIP and SDP and prints what they say as JSON.
    Inspect(inspect::Args),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Inspect(args) => inspect::run(&args),
    }
}
