//! Everything that must hold before a change lands, with one line at the end that counts it.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::{PRODUCT, command, setup, succeed, tidy};

/// Where the results of the last run lie, for `cargo xtask requirements`.
pub const RESULTS: &str = "target/test-results.json";

/// One test or check of a run.
struct Outcome {
    name: String,
    passed: bool,
}

/// Runs every check and test; fails if any does.
pub fn test(root: &Path) -> anyhow::Result<()> {
    let ui = root.join("ui");
    setup::setup(root, true)?;
    let mut outcomes = Vec::new();
    let mut check = |name: &str, ran: anyhow::Result<()>| {
        if let Err(error) = &ran {
            eprintln!("{name}: {error:#}");
        }
        outcomes.push(Outcome { name: name.to_owned(), passed: ran.is_ok() });
    };
    let cargo = |arguments: &[&str]| succeed(command("cargo", root).args(arguments));
    let workspace = ["--workspace", "--all-targets", "--quiet"];
    check("format", cargo(&["fmt", "--all", "--check"]));
    check("tidy", tidy::tidy(root));
    check("window: types and lints", succeed(command("npm", &ui).args(["run", "check"])));
    check("lints", cargo(&[&["clippy"][..], &workspace, &["--", "-D", "warnings"]].concat()));
    let doc = ["doc", "--workspace", "--no-deps", "--quiet", "--document-private-items"];
    check("docs", succeed(command("cargo", root).args(doc).env("RUSTDOCFLAGS", "-D warnings")));
    outcomes.extend(window_tests(&ui, root)?);
    outcomes.extend(rust_tests(root)?);
    report(root, &outcomes)
}

fn report(root: &Path, outcomes: &[Outcome]) -> anyhow::Result<()> {
    let results: Vec<Value> = outcomes
        .iter()
        .map(|outcome| json!({ "name": outcome.name, "passed": outcome.passed }))
        .collect();
    fs::create_dir_all(root.join("target"))?;
    fs::write(root.join(RESULTS), serde_json::to_vec_pretty(&results)?)?;
    let failed: Vec<&Outcome> = outcomes.iter().filter(|outcome| !outcome.passed).collect();
    for outcome in &failed {
        println!("failed: {}", outcome.name);
    }
    println!("{} passed, {} failed", outcomes.len().saturating_sub(failed.len()), failed.len());
    if !failed.is_empty() {
        bail!("not everything holds");
    }
    Ok(())
}

/// Every Rust test, in a headless desktop, since some open the real window.
fn rust_tests(root: &Path) -> anyhow::Result<Vec<Outcome>> {
    // the window's tests need the program and its server built
    succeed(command("cargo", root).args(["build", "--quiet"]).args(PRODUCT))?;
    let session = root.join("xtask/desktop-session").display().to_string();
    let mut tests = command(&session, root);
    tests.args(["cargo", "test", "--no-fail-fast", "--quiet"]).args(PRODUCT);
    tests.args(["--", "--format", "pretty"]);
    let (mut outcomes, ended_well) = lines_of(&mut tests, rust_outcome)?;
    if outcomes.is_empty() || (!ended_well && outcomes.iter().all(|outcome| outcome.passed)) {
        // a build that fails runs no test; a program that dies leaves no line
        outcomes.push(Outcome { name: "Rust tests ran to their end".into(), passed: false });
    }
    Ok(outcomes)
}

/// What one line of a Rust test program says of a test, if anything.
fn rust_outcome(line: &str) -> Option<Outcome> {
    let (name, result) = line.strip_prefix("test ")?.split_once(" ... ")?;
    // a test that should fail says so behind its name
    let name = name.strip_suffix(" - should panic").unwrap_or(name);
    // `ok` with a time or without, `ignored` with a reason or without
    let passed = match result.split([' ', ',']).next()? {
        "ok" => true,
        "ignored" => return None,
        _ => false,
    };
    Some(Outcome { name: name.to_owned(), passed })
}

/// Every test of the window's own code.
fn window_tests(ui: &Path, root: &Path) -> anyhow::Result<Vec<Outcome>> {
    let results = root.join("target/window-tests.json");
    let _ = fs::remove_file(&results);
    let output = format!("--outputFile.json={}", results.display());
    let arguments = ["test", "--", "--reporter=default", "--reporter=json", &output];
    let ended = succeed(command("npm", ui).args(arguments));
    let Ok(results) = fs::read(&results) else {
        return Ok(vec![Outcome { name: "window tests ran".into(), passed: false }]);
    };
    let results: Value = serde_json::from_slice(&results).context("the window tests' results")?;
    let mut outcomes = Vec::new();
    for file in results["testResults"].as_array().into_iter().flatten() {
        for test in file["assertionResults"].as_array().into_iter().flatten() {
            outcomes.push(Outcome {
                name: test["title"].as_str().unwrap_or_default().to_owned(),
                passed: test["status"] == "passed",
            });
        }
    }
    if ended.is_err() && outcomes.iter().all(|outcome| outcome.passed) {
        outcomes.push(Outcome { name: "window tests ran to their end".into(), passed: false });
    }
    Ok(outcomes)
}

/// Runs a command, shows what it prints and reads outcomes from it.
fn lines_of(
    command: &mut Command,
    read: impl Fn(&str) -> Option<Outcome>,
) -> anyhow::Result<(Vec<Outcome>, bool)> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("start the tests")?;
    let printed = child.stdout.take().context("the tests' output")?;
    let mut outcomes = Vec::new();
    for line in BufReader::new(printed).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        outcomes.extend(read(&line));
    }
    Ok((outcomes, child.wait()?.success()))
}

#[cfg(test)]
mod tests {
    use super::rust_outcome;

    #[test]
    fn a_line_of_a_test_program_is_read_with_and_without_a_time_or_a_reason() {
        let passed = |line| rust_outcome(line).map(|outcome| outcome.passed);
        assert_eq!(passed("test a::b ... ok"), Some(true));
        assert_eq!(passed("test a::b ... ok <0.3s>"), Some(true));
        assert_eq!(passed("test a::b ... FAILED"), Some(false));
        assert_eq!(passed("test a::b ... ignored"), None);
        assert_eq!(passed("test a::b ... ignored, another test runs it"), None);
        assert_eq!(passed("test result: ok. 1 passed; 0 failed"), None);
    }
}
