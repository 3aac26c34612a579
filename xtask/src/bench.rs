//! How fast and how small the product is beside bare code that does the same work.
//!
//! Here: which rows there are, their goals, medians and the table. How a row is measured stands in
//! `xtask/bench`.

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{command, files, setup, succeed};

const RESULTS: &str = "target/bench.json";
const STARTS: &str = "7";

/// What is built: all in one go, so that the program gets the crates as it is shipped with.
const PACKAGES: [&str; 4] = ["behorig", "behorig-server", "behorig-bench", "behorig-bare-window"];

/// Where a row's numbers come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    /// `startup_bench.sh`, and which of its numbers.
    Start(&'static str),
    /// A subcommand of `behorig-bench` that needs neither window nor server.
    Core(&'static str),
    /// A subcommand of `behorig-bench` that opens the window.
    Window(&'static str),
    /// A subcommand of `behorig-bench` that runs the server.
    Served(&'static str),
}

/// Every row is a time or a size: less is better, and the goal is the most that ours may be of bare code's.
struct Row {
    name: &'static str,
    unit: &'static str,
    goal: f64,
    from: From,
}

const ROWS: [Row; 10] = [
    Row { name: "startup", unit: "ms", goal: 1.3, from: From::Start("painted") },
    Row { name: "unlock", unit: "ms", goal: 1.5, from: From::Window("unlock") },
    Row { name: "startup_memory", unit: "MiB", goal: 1.4, from: From::Start("pss") },
    Row { name: "pull_100k", unit: "ms", goal: 1.5, from: From::Served("pull") },
    Row { name: "push_10k", unit: "ms", goal: 2.0, from: From::Served("push") },
    Row { name: "visible", unit: "ms", goal: 2.0, from: From::Served("visible") },
    Row { name: "list_100k", unit: "ms", goal: 2.0, from: From::Core("list") },
    // 20 times the rate is a twentieth of the time
    Row { name: "search_1m", unit: "ms", goal: 0.05, from: From::Core("search") },
    Row { name: "queue_1m", unit: "ms", goal: 2.0, from: From::Served("queue") },
    Row { name: "open_case", unit: "ms", goal: 1.5, from: From::Window("open-case") },
];

/// What a row found: one number a round for each, and what else there is to say.
#[derive(Clone, Deserialize)]
struct Measured {
    ours: Vec<f64>,
    baseline: Vec<f64>,
    also: Vec<String>,
    within: bool,
}

/// Builds, measures the rows, prints them and writes them down. Fails if a row cannot be measured; one
/// that misses its goal is told, not failed.
pub fn bench(root: &Path, names: &[String]) -> anyhow::Result<()> {
    let known = |name: &String| ROWS.iter().any(|row| row.name == name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        bail!("there is no row {unknown}: {}", ROWS.map(|row| row.name).join(", "));
    }
    setup::setup(root, true)?;
    let bench = Bench::prepare(root)?;
    let (mut results, mut failed) = (Vec::new(), Vec::new());
    let mut starts = None;
    println!("{}", line(["row", "ours", "baseline", "ratio", "goal", ""].map(str::to_owned)));
    for row in ROWS.iter().filter(|row| names.is_empty() || names.iter().any(|n| n == row.name)) {
        match bench.measure(row, &mut starts) {
            Ok(measured) => results.push(told(row, measured)),
            Err(fault) => {
                println!("{}  not measured: {fault:#}", row.name);
                failed.push(row.name);
            }
        }
    }
    fs::write(root.join(RESULTS), serde_json::to_vec_pretty(&results)?)?;
    println!("written to {RESULTS}");
    ensure!(failed.is_empty(), "not measured: {}", failed.join(", "));
    Ok(())
}

/// Prints a row and gives it as it is written down.
fn told(row: &Row, measured: Measured) -> Value {
    let (value, baseline) = (median(&measured.ours), median(&measured.baseline));
    let ratio = value / baseline;
    let met = ratio <= row.goal && measured.within;
    let shown = |value: f64, values: &[f64]| {
        let (least, most) = values.iter().fold((f64::MAX, 0.0_f64), |(least, most), value| {
            (least.min(*value), most.max(*value))
        });
        format!("{value:.1} {} ({least:.1}-{most:.1})", row.unit)
    };
    println!(
        "{}",
        line([
            row.name.to_owned(),
            shown(value, &measured.ours),
            shown(baseline, &measured.baseline),
            format!("{ratio:.3}"),
            row.goal.to_string(),
            if met { "met" } else { "NOT MET" }.to_owned(),
        ])
    );
    for also in measured.also {
        println!("    {also}");
    }
    let rounded = |value: f64| (value * 1e3).round() / 1e3;
    json!({
        "name": row.name,
        "value": rounded(value),
        "unit": row.unit,
        "baseline": rounded(baseline),
        "ratio": rounded(ratio),
        "better": "lower",
        "goal": row.goal,
        "met": met,
    })
}

fn line([name, ours, baseline, ratio, goal, met]: [String; 6]) -> String {
    format!("{name:<15} {ours:<32} {baseline:<32} {ratio:>6} {goal:>5}  {met}")
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What the rows are measured with.
struct Bench {
    root: PathBuf,
    /// Copies of what was built, so that a build meanwhile does not change what is measured.
    programs: PathBuf,
    /// Servers and replicas, kept between runs.
    data: PathBuf,
}

impl Bench {
    fn prepare(root: &Path) -> anyhow::Result<Self> {
        let packages = PACKAGES.iter().flat_map(|name| ["--package", name]);
        succeed(command("cargo", root).args(["build", "--release"]).args(packages))?;
        let built = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
        let kept = root.join("target/bench");
        let programs = kept.join("programs");
        fs::create_dir_all(&programs)?;
        for name in PACKAGES {
            let built = root.join(&built).join("release").join(name);
            let copy = programs.join(name);
            // not written over: a copy may still be running
            let _ = fs::remove_file(&copy);
            fs::copy(&built, copy).with_context(|| format!("{}", built.display()))?;
        }
        let data = kept.join(format!("data-{:016x}", shape(root)?));
        fs::create_dir_all(&data)?;
        Ok(Self { root: root.to_owned(), programs, data })
    }

    fn measure(&self, row: &Row, starts: &mut Option<Value>) -> anyhow::Result<Measured> {
        match row.from {
            From::Start(number) => {
                let starts = match starts {
                    Some(starts) => starts,
                    None => starts.insert(self.starts()?),
                };
                let numbers = |name: &str| {
                    serde_json::from_value(starts[name][number].clone())
                        .context("start_up's answer")
                };
                let (ours, baseline) = (numbers("ours")?, numbers("bare")?);
                Ok(Measured { ours, baseline, also: Vec::new(), within: true })
            }
            From::Window(task) => {
                let session = self.root.join("xtask/desktop-session").display().to_string();
                let mut window = command(&session, &self.root);
                window.arg(self.program("behorig-bench")).arg(task).arg("--data").arg(&self.data);
                answer(window.arg("--program").arg(self.program("behorig")))
            }
            From::Core(task) => {
                let mut core = Command::new(self.program("behorig-bench"));
                answer(core.arg(task).arg("--data").arg(&self.data))
            }
            From::Served(task) => {
                let mut served = Command::new(self.program("behorig-bench"));
                served.arg(task).arg("--data").arg(&self.data);
                answer(served.arg("--server").arg(self.program("behorig-server")))
            }
        }
    }

    fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// The replica of 100,000 records in the program's data folder.
    fn replica(&self) -> anyhow::Result<PathBuf> {
        let mut make = Command::new(self.program("behorig-bench"));
        succeed(make.arg("replica").arg("--data").arg(&self.data))?;
        Ok(self.data.join("desk"))
    }

    fn starts(&self) -> anyhow::Result<Value> {
        let desk = self.replica()?;
        let program = |name| self.program(name).display().to_string();
        let script = self.root.join("xtask/bench/startup_bench.sh").display().to_string();
        let mut starts = command(&script, &self.root);
        starts.args(["-n", STARTS]);
        starts.arg(format!(
            "ours=env 'BEHORIG_DATA_DIR={}' '{}'",
            desk.display(),
            program("behorig")
        ));
        starts.arg(format!("bare='{}'", program("behorig-bare-window")));
        answer(&mut starts)
    }
}

/// The one line of JSON that a measuring program prints.
fn answer<T: serde::de::DeserializeOwned>(program: &mut Command) -> anyhow::Result<T> {
    let shown = format!("{program:?}");
    let run =
        program.stderr(Stdio::inherit()).output().with_context(|| format!("start {shown}"))?;
    ensure!(run.status.success(), "{shown} ended with {}", run.status);
    // the desktop's own daemons may have printed something before it
    let lines = String::from_utf8_lossy(&run.stdout);
    let last = lines.lines().last().unwrap_or_default();
    serde_json::from_str(last).with_context(|| format!("the answer of {shown}"))
}

/// What the kept data depends on: both databases' tables, and how they are filled.
fn shape(root: &Path) -> anyhow::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for file in files(root)? {
        let name = file.to_string_lossy();
        if name.contains("/migrations/") || name.starts_with("xtask/bench/src/seed.rs") {
            fs::read(root.join(&file))?.hash(&mut hasher);
        }
    }
    Ok(hasher.finish())
}
