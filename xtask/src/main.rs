//! `cargo xtask`: the one entry point for people who work on Behörig.

mod bench;
mod conformance;
mod requirements;
mod run;
mod setup;
mod test;
mod tidy;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};

/// Everything but the measuring programs: those are linted with the rest, but have no tests to build for,
/// and measure nothing unless built for release.
const PRODUCT: [&str; 5] =
    ["--workspace", "--exclude", "behorig-bench", "--exclude", "behorig-bare-window"];

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The one entry point for people who work on Behörig")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build and open the program on a demo server of its own
    Run {
        /// Install what is missing without asking
        #[arg(long)]
        yes: bool,
        /// Begin with empty demo data
        #[arg(long)]
        fresh: bool,
        /// Instead drive the real window through the whole path and leave numbered pictures and a
        /// transcript in this folder
        #[arg(long, value_name = "DIR")]
        tour: Option<PathBuf>,
    },
    /// Everything that must hold before a change lands
    Test,
    /// Measure the release build against bare code: a table, and target/bench.json
    Bench {
        /// Which rows; all if none is named
        #[arg(value_name = "ROW")]
        rows: Vec<String>,
    },
    /// Let foreign programs judge ours: curl and a tus client on the real server, makers and readers of
    /// documents. Never part of `test`
    Conformance {
        /// The folder with the published data
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
    /// Install what is missing
    Setup {
        /// Without asking
        #[arg(long)]
        yes: bool,
    },
    /// Write what is made from the Rust code: the window's contract
    Generate,
    /// The house rules that no compiler checks
    Tidy,
    /// Which requirements the last `cargo xtask test` proved
    Requirements,
}

fn main() -> anyhow::Result<()> {
    let root = root();
    match Arguments::parse().task {
        Task::Run { yes, tour: Some(folder), .. } => run::tour(&root, yes, &folder),
        Task::Run { yes, fresh, tour: None } => run::run(&root, yes, fresh),
        Task::Test => test::test(&root),
        Task::Bench { rows } => bench::bench(&root, &rows),
        Task::Conformance { data } => conformance::conformance(&root, &data),
        Task::Setup { yes } => setup::setup(&root, yes),
        Task::Generate => generate(&root),
        Task::Tidy => tidy::tidy(&root),
        Task::Requirements => requirements::print(&root),
    }
}

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

fn generate(root: &Path) -> anyhow::Result<()> {
    let contract = ["test", "--quiet", "--package", "behorig-app", "--lib", "typescript"];
    succeed(command("cargo", root).args(contract).env("BEHORIG_GENERATE", "1"))?;
    let manual = ["test", "--quiet", "--package", "behorig-cli", "--bin", "behorig-cli", "manual"];
    succeed(command("cargo", root).args(manual).env("BEHORIG_GENERATE", "1"))
}

/// A command that runs in a folder.
fn command(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    command
}

/// Runs a command to its end; its failure is ours.
fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let shown = format!("{command:?}");
    let status = command.status().with_context(|| format!("start {shown}"))?;
    if !status.success() {
        bail!("{shown} ended with {status}");
    }
    Ok(())
}

/// Every file that git tracks or would track, relative to the root.
fn files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let listed = command("git", root)
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .output()
        .context("list the files with git")?;
    let listed = String::from_utf8(listed.stdout).context("file names")?;
    let mut files: Vec<PathBuf> = listed.lines().map(PathBuf::from).collect();
    files.retain(|file| root.join(file).is_file());
    Ok(files)
}
