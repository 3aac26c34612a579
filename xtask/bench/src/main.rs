//! Measures the product against bare code that does the same work, for `cargo xtask bench`.
//!
//! Each row has a file of its own: ours and its baseline, interleaved in one run. `seed` makes what they
//! measure on through the product's own code. May not live here: medians, goals and the table (they are in
//! `xtask/src/bench.rs`).

mod bare;
mod client;
mod list;
mod open_case;
mod pull;
mod push;
mod queue;
mod search;
mod seed;
mod server;
mod unlock;
mod visible;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use serde::Serialize;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Makes a program's data folder with 100,000 records in the replica, if it is not there
    Replica(seed::Place),
    /// From the passphrase to the painted overview; needs a display
    Unlock {
        #[command(flatten)]
        place: seed::Place,
        /// The program
        #[arg(long)]
        program: PathBuf,
    },
    /// The bare part of `unlock`, once
    UnlockBare(seed::Place),
    /// 100,000 records into an empty replica
    Pull(server::Served),
    /// Our part of `pull`, once, in a process whose memory is only the client's
    PullOnce(pull::Once),
    /// 10,000 queued commands
    Push(server::Served),
    /// From one replica to another
    Visible(server::Served),
    /// A page of a sorted, filtered list of 100,000 documents
    List(seed::Place),
    /// Words in 1,000,000 messages
    Search(seed::Place),
    /// A page of an officer's queue in a body with 1,000,000 cases
    Queue(server::Served),
    /// From the click to a painted case; needs a display
    OpenCase {
        #[command(flatten)]
        place: seed::Place,
        /// The program
        #[arg(long)]
        program: PathBuf,
    },
}

/// What a row found: one number a round.
#[derive(Serialize)]
struct Measured {
    ours: Vec<f64>,
    baseline: Vec<f64>,
    /// What else there is to say, a line each.
    also: Vec<String>,
    /// Whether what is not in the ratio is within its bounds too.
    within: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Replica(place) => seed::replica(&place).await,
        Task::Unlock { place, program } => say(&unlock::measure(&place, &program).await?),
        Task::UnlockBare(place) => say(&unlock::bare(&place)?),
        Task::Pull(served) => say(&pull::measure(&served).await?),
        Task::PullOnce(once) => say(&pull::once(&once).await?),
        Task::Push(served) => say(&push::measure(&served).await?),
        Task::Visible(served) => say(&visible::measure(&served).await?),
        Task::List(place) => say(&list::measure(&place).await?),
        Task::Search(place) => say(&search::measure(&place).await?),
        Task::Queue(served) => say(&queue::measure(&served).await?),
        Task::OpenCase { place, program } => say(&open_case::measure(&place, &program).await?),
    }
}

/// The answer to `cargo xtask bench`.
#[expect(clippy::print_stdout, reason = "the program's answer to the one who started it")]
fn say(answer: &impl Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string(answer)?);
    Ok(())
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The 99th of a hundred.
fn p99(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() * 99).div_ceil(100).saturating_sub(1);
    values.get(at).copied().unwrap_or(f64::NAN)
}

fn millis(begun: std::time::Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e3
}
