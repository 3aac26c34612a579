//! The program is killed while somebody writes, and its file is damaged while it does not run.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use behorig_server::demo::TECHNICIAN;
use behorig_testkit::{Desk, PASSPHRASE, TestServer, until};
use serde_json::json;

const CASE: &str = "F-gas, kategori I";
const KILLS: usize = 8;
/// Tells the child where to write, in which case, and from which number on.
const WRITE: [&str; 3] = ["BEHORIG_WRITE_IN", "BEHORIG_WRITE_CASE", "BEHORIG_WRITE_FROM"];

fn text(n: usize) -> String {
    format!("Text nummer {n}, som inte får försvinna.")
}

/// Not a test by itself: the program in a process of its own, writing until it is killed.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "the other test runs it in a process of its own"]
async fn writes_until_it_is_killed() {
    let [data, case, from] = WRITE.map(|name| std::env::var(name).unwrap());
    let desk = Desk::open(Path::new(&data));
    desk.unlock().await;
    for n in from.parse::<usize>().unwrap().. {
        desk.save_draft(&case, &text(n)).await;
        println!("draft {n}");
        desk.send(&case, &text(n)).await;
        println!("sent {n}");
    }
}

/// What the child said was kept: the last of its drafts and all of what it sent.
fn write_and_kill(data: &Path, case: &str, from: usize) -> (Option<usize>, Vec<usize>) {
    let from = from.to_string();
    let values = [data.to_str().unwrap(), case, &from];
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writes_until_it_is_killed", "--ignored", "--nocapture"])
        .envs(WRITE.into_iter().zip(values))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let first = said.find(|line| line.starts_with("draft ")).unwrap();
    let killer = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(fastrand::u64(0..300)));
        // SIGKILL: no instruction of the program runs any more
        child.kill().unwrap();
        child.wait().unwrap();
    });
    let (mut draft, mut sent) = (None, Vec::new());
    // what was said before the kill is still in the pipe after it
    for line in [first].into_iter().chain(said) {
        match line.split_once(' ').map(|(what, n)| (what, n.parse().ok())) {
            Some(("draft", n)) => draft = n,
            Some(("sent", Some(n))) => sent.push(n),
            _ => {}
        }
    }
    killer.join().unwrap();
    (draft, sent)
}

fn replica(data: &Path) -> PathBuf {
    let inside = |folder: &Path| fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    inside(&inside(&data.join("replicas"))).join("replica.db")
}

async fn signed_in(server: &TestServer, data: &Path) -> String {
    let desk = Desk::open(data);
    desk.sign_in(server, &server.url(), TECHNICIAN).await;
    desk.case(CASE).await
}

/// Covers KW-45
#[tokio::test(flavor = "multi_thread")]
async fn what_the_program_said_is_kept_survives_its_death_at_any_instruction() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let case = signed_in(&server, data.path()).await;
    let (mut next, mut all) = (0, Vec::new());
    for kill in 0..KILLS {
        let (draft, sent) = write_and_kill(data.path(), &case, next);
        all.extend(sent);
        // all of the file is looked at, not only what happens to be needed
        fs::write(replica(data.path()).with_extension("suspect"), []).unwrap();
        let desk = Desk::open(data.path());
        desk.unlock().await;
        let outbox = desk.call("outbox.list", json!({})).await;
        let outbox = outbox.as_array().unwrap();
        let there = |n: usize| outbox.iter().filter(|entry| entry["text"] == text(n)).count();
        for n in &all {
            assert_eq!(there(*n), 1, "kill {kill}: {n} was sent");
        }
        let draft = draft.unwrap();
        let kept = desk.draft(&case).await;
        assert!(there(draft) == 1 || kept == Some(text(draft)), "kill {kill}: {draft}: {kept:?}");
        // the one that was on its way when it died may be there as well
        next = draft + 2;
    }
    println!("{} messages in {KILLS} lives", all.len());
    assert!(all.len() > KILLS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_told_put_aside_and_does_not_keep_the_person_out() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let case = signed_in(&server, data.path()).await;
    let desk = Desk::open(data.path());
    desk.unlock().await;
    desk.send(&case, "Före olyckan").await;
    desk.sees(&case, "Före olyckan", "received").await;
    drop(desk);
    let file = replica(data.path());
    // its log goes with the last of its connections
    let log = file.with_extension("db-wal");
    until("the closed file", async || (!log.exists()).then_some(())).await;
    let mut bytes = fs::read(&file).unwrap();
    bytes[..4_096].fill(0);
    fs::write(&file, &bytes).unwrap();

    let desk = Desk::open(data.path());
    let unlock =
        async || desk.try_call("session.unlock", json!({ "passphrase": PASSPHRASE })).await;
    let told = unlock().await.unwrap_err();
    assert_eq!(told["code"], "replica_damaged");
    assert_eq!(told["params"], json!({ "salvaged": true, "whole": false }));
    let aside = fs::read_dir(file.parent().unwrap()).unwrap().flatten().find(|entry| {
        entry.file_name().to_str().is_some_and(|name| name.starts_with("replica.damaged-"))
    });
    assert!(fs::read(aside.unwrap().path()).unwrap() == bytes, "kept as it is");

    assert_eq!(unlock().await.unwrap()["state"], "open");
    desk.line("sign_in_needed").await;
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    desk.sees(&case, "Före olyckan", "received").await;
    desk.send(&case, "Efter olyckan").await;
    desk.sees(&case, "Efter olyckan", "received").await;
}
