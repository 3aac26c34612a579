//! What others say of us: published data, and foreign programs that speak to the real server and make or
//! read documents.
//!
//! Here: the order, what is there to be judged by, and how it is told. What is missing fails by name.

mod documents;
mod installer;
mod openapi;
mod served;

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use anyhow::{Context as _, bail, ensure};

use crate::{PRODUCT, command, setup, succeed};

/// Published data: what it is, where in the folder, and which files there must be.
const PUBLISHED: [(&str, &str, &[&str]); 2] = [
    (
        "Swedish identity numbers",
        "identifiers",
        &[
            "personnummer-list.json",
            "personnummer-structured.json",
            "personnummer-interim.json",
            "personnummer-orgnumber.json",
            "organisationsnummer-list.json",
        ],
    ),
    (
        "BankID's test signatures",
        "bankid",
        &[
            "bankid-root-test.pem",
            "SampleCode_0.xml",
            "SampleCode_0.ocsp.b64",
            "signatur_1_Anna_Andersson.xml",
            "signatur_dm_Karl.xml",
            "invalid_signed_data.xml",
        ],
    ),
];

/// What foreign programs are fetched into, and what they make. Emptied at each start but for the packages.
const WORK: &str = "target/conformance";

/// The result so far.
#[derive(Default)]
struct Judged {
    passed: usize,
    failed: usize,
}

impl Judged {
    fn tell(&mut self, name: &str, judgement: anyhow::Result<()>) {
        match judgement {
            Ok(()) => {
                self.passed = self.passed.saturating_add(1);
                println!("passed  {name}");
            }
            Err(why) => {
                self.failed = self.failed.saturating_add(1);
                println!("FAILED  {name}: {why:#}");
            }
        }
    }
}

/// Where a run works.
#[derive(Clone)]
struct Place {
    root: PathBuf,
    /// The scripts and their packages.
    scripts: PathBuf,
    /// What is made in this run.
    made: PathBuf,
}

impl Place {
    fn program(&self, name: &str) -> Command {
        let program = self.root.join("target/debug").join(name);
        command(&program.display().to_string(), &self.root)
    }

    /// One of the scripts, by its name.
    fn script(&self, name: &str) -> Command {
        let mut node = command("node", &self.scripts);
        node.arg(name);
        node
    }

    fn path(&self, name: &str) -> PathBuf {
        self.made.join(name)
    }
}

/// Runs every check; fails if one does, or if something that it needs is missing.
pub fn conformance(root: &Path, data: &Path) -> anyhow::Result<()> {
    ensure!(data.is_dir(), "{} is no folder: the published data is needed", data.display());
    setup::setup(root, true)?;
    setup::foreign_programs()?;
    succeed(command("cargo", root).args(["build", "--quiet"]).args(PRODUCT))?;
    let place = prepare(root)?;
    let mut judged = Judged::default();
    for (name, folder, files) in PUBLISHED {
        judged.tell(&format!("published data: {name} are there"), are_there(data, folder, files));
        println!("info    {name} wait for the code that judges them: nothing was judged by them");
    }
    judged.tell("the foreign packages are installed", install(&place));
    documents::judge(&place, &mut judged);
    installer::judge(&place, &mut judged);
    served::judge(&place, &mut judged);
    openapi::judge(&place, &mut judged);
    println!("{} passed, {} failed", judged.passed, judged.failed);
    if judged.failed > 0 {
        bail!("not everything holds before others");
    }
    Ok(())
}

fn prepare(root: &Path) -> anyhow::Result<Place> {
    let work = root.join(WORK);
    let place =
        Place { root: root.to_owned(), scripts: work.join("scripts"), made: work.join("made") };
    if place.made.exists() {
        fs::remove_dir_all(&place.made)?;
    }
    fs::create_dir_all(&place.made)?;
    fs::create_dir_all(&place.scripts)?;
    for entry in fs::read_dir(root.join("xtask/conformance"))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), place.scripts.join(entry.file_name()))?;
        }
    }
    Ok(place)
}

fn are_there(data: &Path, folder: &str, files: &[&str]) -> anyhow::Result<()> {
    for file in files {
        let path = data.join(folder).join(file);
        let len = fs::metadata(&path).with_context(|| path.display().to_string())?.len();
        ensure!(len > 0, "{} is empty", path.display());
    }
    Ok(())
}

/// The packages exactly as they are locked, fetched anew only when the lock has changed.
fn install(place: &Place) -> anyhow::Result<()> {
    let lock = fs::read(place.scripts.join("package-lock.json"))?;
    let installed = place.scripts.join("node_modules/installed-by.json");
    if fs::read(&installed).is_ok_and(|it| it == lock) {
        return Ok(());
    }
    said(command("npm", &place.scripts).args(["ci", "--ignore-scripts"]))?;
    fs::write(installed, lock)?;
    Ok(())
}

/// What a program that must succeed prints.
fn said(command: &mut Command) -> anyhow::Result<Vec<u8>> {
    let output = ran(command)?;
    ensure!(output.status.success(), "{}", why(command, &output));
    Ok(output.stdout)
}

/// Runs a program to its end.
fn ran(command: &mut Command) -> anyhow::Result<Output> {
    let shown = command.get_program().display().to_string();
    command.stdin(Stdio::null()).output().with_context(|| format!("start {shown}"))
}

/// What a program that did not do as it should said of it.
fn why(command: &Command, output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let program = Path::new(command.get_program()).display();
    let last: Vec<&str> = said.lines().rev().filter(|line| !line.trim().is_empty()).collect();
    let last: Vec<&str> = last.into_iter().take(3).rev().collect();
    format!("{program} ended with {}: {}", output.status, last.join(" / "))
}

/// A port that nobody listens on now.
fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
