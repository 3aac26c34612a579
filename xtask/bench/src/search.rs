//! Words in 1,000,000 messages, the newest first: how many questions a second at the 99th of a hundred.
//!
//! Ours: the program's core, from the window's call to its answer. Baseline: ripgrep over the same texts, a line
//! each, the newest first, told to stop as soon as it has as many. Measured as the time of one question; the rate
//! at p99 is its inverse.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
    process::Command,
    time::Instant,
};

use anyhow::{Context as _, ensure};
use behorig_testkit::Desk;
use fastrand::Rng;
use serde_json::{Value, json};

use crate::{
    Measured, millis, p99,
    seed::{self, Place},
};

const ROUNDS: usize = 3;
/// Questions in a round.
const QUESTIONS: usize = 100;
/// Hits that are shown of a kind.
const SHOWN: &str = "5";

/// Ours and ripgrep, question by question in turn.
pub async fn measure(place: &Place) -> anyhow::Result<Measured> {
    let there = Command::new("rg").arg("--version").output();
    ensure!(there.is_ok(), "ripgrep is missing: install the package ripgrep");
    let kept = seed::messages(place).await?;
    let folder = seed::copied(place, &kept)?;
    let texts = folder.path().join("texts");
    write_texts(&texts)?;
    let desk = Desk::open(folder.path());
    desk.unlock().await;
    let (mut ours, mut baseline) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (mut times, mut bare_times) = (Vec::new(), Vec::new());
        for number in 0..QUESTIONS {
            let words = question(number);
            let asked = json!({ "text": words, "kind": "message", "after": null });
            let begun = Instant::now();
            let groups = desk.call("search.find", asked).await;
            times.push(millis(begun));
            let begun = Instant::now();
            let lines = ripgrep(&words, &texts)?;
            bare_times.push(millis(begun));
            let hits =
                groups.pointer("/groups/0/hits").and_then(Value::as_array).map_or(0, Vec::len);
            ensure!((hits > 0) == (lines > 0), "{words}: {hits} hits and {lines} lines");
        }
        ours.push(p99(times));
        baseline.push(p99(bare_times));
    }
    let rate = |times: &[f64]| 1e3 / crate::median(times.to_vec());
    let also = vec![format!(
        "{:.0} questions a second at p99, ripgrep {:.1}: {:.0} times its rate",
        rate(&ours),
        rate(&baseline),
        rate(&ours) / rate(&baseline),
    )];
    Ok(Measured { ours, baseline, also, within: true })
}

/// A frequent word, two of them, one with a rare one, or a rare one alone: one that is in few messages.
fn question(number: usize) -> String {
    const OFTEN: [&str; 4] = ["ansökan", "betyg", "registrerad", "handläggaren"];
    let often = OFTEN.get(number / 4 % OFTEN.len()).copied().unwrap_or_default();
    let rare = seed::rare(number.wrapping_mul(7_919) % seed::MESSAGES);
    match number % 4 {
        0 => often.to_owned(),
        1 => format!("{often} frågor"),
        2 => format!("{often} {rare}"),
        _ => rare,
    }
}

/// The texts as they are in the replica, the newest first.
fn write_texts(file: &Path) -> anyhow::Result<()> {
    let mut random = Rng::with_seed(seed::MESSAGES_SEED);
    let texts: Vec<String> =
        (0..seed::MESSAGES).map(|number| seed::message_text(&mut random, number)).collect();
    let mut out = BufWriter::new(File::create(file)?);
    for text in texts.iter().rev() {
        writeln!(out, "{text}")?;
    }
    Ok(out.flush()?)
}

/// How many lines have all of the words, as beginnings of words: at most as many as are shown.
fn ripgrep(words: &str, texts: &Path) -> anyhow::Result<usize> {
    // in either order, since the words may stand in any
    let words: Vec<String> = words.split(' ').map(|word| format!(r"\b{word}")).collect();
    let pattern = match words.as_slice() {
        [one, two] => format!("{one}.*{two}|{two}.*{one}"),
        _ => words.join(".*"),
    };
    let found = Command::new("rg")
        .args(["--ignore-case", "--max-count", SHOWN, "--no-line-number", &pattern])
        .arg(texts)
        .output()
        .context("start rg")?;
    Ok(found.stdout.iter().filter(|byte| **byte == b'\n').count())
}
