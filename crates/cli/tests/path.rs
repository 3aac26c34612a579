//! `behorig-cli` on a real server: signed in, written without a line, sent, refused, taken home.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use behorig_files::samples;
use behorig_server::demo::{DemoPerson, OFFICER, TECHNICIAN};
use behorig_testkit::{Desk, PASSPHRASE, Relay, TestServer, until};
use serde_json::{Value, json};

const CASE: &str = "2026-10482";

/// A computer with the program on it, and no window.
struct Computer(tempfile::TempDir);

impl Computer {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("passphrase"), format!("{PASSPHRASE}\n")).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_behorig-cli"));
        command.args(arguments).env("BEHORIG_DATA_DIR", self.path("data"));
        command.env("BEHORIG_PASSPHRASE_FILE", self.path("passphrase"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program with this on its standard input: exit code and answers.
    async fn run(&self, arguments: &[&str], input: &str) -> (i32, Vec<Value>) {
        let (mut command, input) = (self.command(arguments), input.to_owned());
        let output = tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().unwrap();
            // one that ends before it has read all is no failure here
            let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
            child.wait_with_output().unwrap()
        });
        read(&output.await.unwrap())
    }

    async fn ok(&self, arguments: &[&str]) -> Vec<Value> {
        let (code, answers) = self.run(arguments, "").await;
        assert_eq!(code, 0, "{arguments:?}: {answers:?}");
        answers
    }

    /// Runs the program, which must fail: exit code and error code.
    async fn fails(&self, arguments: &[&str], input: &str) -> (i32, String) {
        let (code, answers) = self.run(arguments, input).await;
        (code, answers[0]["error"]["code"].as_str().unwrap_or_default().to_owned())
    }

    /// Signs in; the code is read from the telephone once it is there.
    async fn sign_in(&self, server: &TestServer, url: &str, person: DemoPerson) -> Value {
        let before = server.code(person.phone);
        let asked = ["sign-in", "--server", url, "--user-name", person.user_name];
        let mut child = self.command(&asked).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        writeln!(input, "{}", person.password).unwrap();
        let code = until("a code", async || {
            server.code(person.phone).filter(|code| Some(code) != before.as_ref())
        });
        writeln!(input, "{}", code.await).unwrap();
        let done = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap());
        let (code, answers) = read(&done.await.unwrap());
        assert_eq!((code, &answers[0]["state"]), (0, &json!("open")), "{answers:?}");
        answers[0].clone()
    }
}

fn read(output: &Output) -> (i32, Vec<Value>) {
    let lines = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let answers = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
    (output.status.code().unwrap(), answers)
}

async fn desk(server: &TestServer, folder: &Path) -> (Desk, String) {
    let officer = Desk::open(folder);
    officer.sign_in(server, &server.url(), OFFICER).await;
    let case = officer.case("F-gas, kategori I").await;
    (officer, case)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_seen_and_answered_from_a_script() {
    let server = TestServer::start().await;
    let computer = Computer::new();
    assert_eq!(computer.ok(&["status"]).await[0]["session"]["state"], "signed_out");
    let session = computer.sign_in(&server, &server.url(), TECHNICIAN).await;
    assert_eq!(session["name"], TECHNICIAN.name);
    let cases = computer.ok(&["list"]).await;
    assert_eq!(cases.len(), 2);
    let case = &computer.ok(&["show", CASE]).await[0];
    assert_eq!(case["holder"], TECHNICIAN.name);
    assert!(case["messages"]["threads"][0]["messages"][0]["text"].is_string());

    let queued =
        computer.ok(&["message", "send", CASE, "--text", "Betyget kommer i morgon."]).await;
    assert!(queued[0]["command"].is_string());
    let (code, _) = computer.run(&["message", "send", CASE, "-"], "Två rader:\nhär.").await;
    assert_eq!(code, 0);
    let synced = computer.ok(&["sync"]).await;
    assert_eq!((&synced[0]["waiting"], &synced[0]["line"]), (&json!(0), &json!("online")));
    assert_eq!(computer.ok(&["sync"]).await[0]["waiting"], 0, "again");
    let folder = tempfile::tempdir().unwrap();
    let (officer, id) = desk(&server, folder.path()).await;
    officer.sees(&id, "Betyget kommer i morgon.", "received").await;
    officer.sees(&id, "Två rader:\nhär.", "received").await;
    let sent = officer.messages(&id).await;
    assert_eq!(sent.iter().filter(|(text, _)| text.contains("i morgon")).count(), 1, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_without_a_line_waits_and_goes_with_the_next_sync() {
    let server = TestServer::start().await;
    let relay = Relay::to(server.address()).await;
    let computer = Computer::new();
    computer.sign_in(&server, &relay.url(), TECHNICIAN).await;
    relay.cut();
    computer.ok(&["message", "send", CASE, "--text", "Skrivet på tåget."]).await;
    let pdf = computer.path("betyg.pdf");
    fs::write(&pdf, samples::pdf("Avgångsbetyg", "Åsa")).unwrap();
    let submit = ["documents", "submit", "--checked", CASE, "Avgångsbetyg", pdf.to_str().unwrap()];
    computer.ok(&submit).await;
    // a copy is kept: the original may go
    fs::remove_file(&pdf).unwrap();
    assert_eq!(computer.fails(&["sync"], "").await, (3, "offline".into()));
    let status = &computer.ok(&["status"]).await[0];
    assert_eq!(
        (&status["sync"]["waiting"], status["outbox"].as_array().unwrap().len()),
        (&json!(2), 2)
    );
    relay.mend();
    assert_eq!(computer.ok(&["sync"]).await[0]["waiting"], 0);
    let folder = tempfile::tempdir().unwrap();
    let (officer, id) = desk(&server, folder.path()).await;
    officer.sees(&id, "Skrivet på tåget.", "received").await;
    let row = officer.row(&id, "Avgångsbetyg").await;
    assert_eq!(row["documents"][0]["name"], "betyg.pdf");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_with_a_code_and_leaves_nothing() {
    let server = TestServer::start().await;
    let computer = Computer::new();
    assert_eq!(computer.fails(&["list"], "").await, (4, "sign_in_needed".into()));
    let url = server.url();
    let asked = ["sign-in", "--server", &url, "--user-name", TECHNICIAN.user_name];
    let wrong = computer.fails(&asked, "inte lösenordet\n").await;
    assert_eq!(wrong, (1, "sign_in_refused".into()));
    let gone = ["sign-in", "--server", "http://127.0.0.1:9", "--user-name", "x"];
    assert_eq!(computer.fails(&gone, "lösenordet\n").await, (3, "offline".into()));
    computer.sign_in(&server, &url, TECHNICIAN).await;

    assert_eq!(computer.fails(&["show", "2026-1"], "").await, (1, "case_not_found".into()));
    let long = "x".repeat(2_001);
    let (code, answers) = computer.run(&["message", "send", CASE, "-"], &long).await;
    assert_eq!((code, &answers[0]["error"]["code"]), (1, &json!("rejected")));
    assert_eq!(answers[0]["error"]["params"]["rejection"]["code"], "message_too_long");
    let program = computer.path("betyg.pdf");
    fs::write(&program, samples::executable()).unwrap();
    let submit = |row| ["documents", "submit", CASE, row, program.to_str().unwrap()];
    let (code, answers) = computer.run(&submit("Avgångsbetyg"), "").await;
    assert_eq!((code, &answers[0]["refused"]["params"]["fault"]), (1, &json!("disguised")));
    assert_eq!(computer.fails(&submit("Körkort"), "").await, (1, "row_not_found".into()));
    let pdf = computer.path("intyg.pdf");
    fs::write(&pdf, samples::pdf("Avgångsbetyg", "Åsa")).unwrap();
    let unticked = ["documents", "submit", CASE, "Avgångsbetyg", pdf.to_str().unwrap()];
    assert_eq!(computer.fails(&unticked, "").await, (1, "rejected".into()));
    let status = &computer.ok(&["status"]).await[0];
    assert_eq!(status["outbox"], json!([]));
    let case = &computer.ok(&["show", CASE]).await[0];
    assert_eq!(case["documents"]["rows"][0]["picked"], json!([]));

    fs::write(computer.path("passphrase"), "en annan fras\n").unwrap();
    assert_eq!(computer.fails(&["list"], "").await, (1, "wrong_passphrase".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_taken_home_and_the_session_ended() {
    let server = TestServer::start().await;
    let computer = Computer::new();
    computer.sign_in(&server, &server.url(), TECHNICIAN).await;
    let pdf = computer.path("betyg.pdf");
    let bytes = samples::pdf("Avgångsbetyg", "Åsa");
    fs::write(&pdf, &bytes).unwrap();
    let submit = ["documents", "submit", CASE, "Avgångsbetyg", pdf.to_str().unwrap(), "--checked"];
    computer.ok(&submit).await;
    computer.ok(&["sync"]).await;
    let home = computer.path("hem");
    let export = ["export", home.to_str().unwrap()];
    let told = computer.ok(&export).await;
    assert_eq!(told, [json!({ "cases": 2, "files": 1, "missing": [] })]);
    let all: Value = serde_json::from_slice(&fs::read(home.join("export.json")).unwrap()).unwrap();
    let rows = all["cases"].as_array().unwrap().iter();
    let mut rows = rows.flat_map(|case| case["documents"]["rows"].as_array().unwrap());
    let saved = rows.find_map(|row| row["documents"][0]["saved_as"].as_str()).unwrap();
    assert_eq!(fs::read(home.join(saved)).unwrap(), bytes);
    assert_eq!(computer.fails(&export, "").await, (1, "not_empty".into()));

    computer.ok(&["message", "send", CASE, "--text", "Skrivet före utloggningen."]).await;
    assert_eq!(computer.ok(&["log-out"]).await[0]["state"], "locked");
    computer.sign_in(&server, &server.url(), TECHNICIAN).await;
    computer.ok(&["sync"]).await;
    let folder = tempfile::tempdir().unwrap();
    let (officer, id) = desk(&server, folder.path()).await;
    officer.sees(&id, "Skrivet före utloggningen.", "received").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_on_one_folder_never_meet() {
    let server = TestServer::start().await;
    let computer = Computer::new();
    let asked = ["sign-in", "--server", &server.url(), "--user-name", TECHNICIAN.user_name];
    let mut first = computer.command(&asked).spawn().unwrap();
    until("the first", async || computer.path("data/lock").exists().then_some(())).await;
    let second = computer.fails(&["status"], "").await;
    assert_eq!(second, (5, "folder_taken".into()));
    drop(first.stdin.take());
    let mut told = String::new();
    BufReader::new(first.stderr.take().unwrap()).read_line(&mut told).unwrap();
    assert!(told.contains("standard input has ended"), "{told}");
    first.wait().unwrap();
}
