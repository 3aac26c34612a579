//! `behorig-cli`: what the program knows, for scripts. Results go to standard output as JSON, one line a
//! thing; words for people go to standard error.

mod documents;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "behorig-cli", version, about = "Behörig for scripts")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Documents that belong to an application
    #[command(subcommand)]
    Documents(documents::Command),
}

/// What a script learns from the exit code. 2 is clap's, for arguments that make no sense.
enum Outcome {
    /// All was as it should be: 0.
    Well,
    /// Something was refused: 1.
    Refused,
}

fn main() -> anyhow::Result<ExitCode> {
    let Arguments { command: Command::Documents(command) } = Arguments::parse();
    let mut out = io::stdout().lock();
    let done = documents::run(&command, &mut out).and_then(|outcome| {
        out.flush()?;
        Ok(outcome)
    });
    match done {
        Ok(Outcome::Well) => Ok(ExitCode::SUCCESS),
        Ok(Outcome::Refused) => Ok(ExitCode::FAILURE),
        // whoever reads has had enough, and that is no failure to report
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::FAILURE),
        Err(error) => Err(error).context("standard output"),
    }
}
