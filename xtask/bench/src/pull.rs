//! 100,000 records into an empty replica, and the client's memory meanwhile.
//!
//! Baseline: the same messages over a loopback line into SQLCipher, all in one transaction, with the
//! columns of the replica's table, its index, and a full-text index that the product does not have yet.
//! Beside it the same without encryption.

use std::{
    fs,
    io::{BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::Instant,
};

use anyhow::{Context as _, ensure};
use behorig_domain::messages::Message;
use clap::Args;
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::{
    Measured, bare,
    client::Client,
    median, millis,
    seed::{self, Place},
    server::{Running, Served},
};

/// Most memory that a client may take for it.
const MEMORY_MIB: f64 = 32.0;

const TABLE: &str = "
    CREATE TABLE message (
        id       BLOB    NOT NULL,
        forecast INTEGER NOT NULL,
        version  INTEGER NOT NULL,
        case_id  BLOB    NOT NULL,
        thread   BLOB    NOT NULL,
        author   BLOB    NOT NULL,
        at       INTEGER NOT NULL,
        body     TEXT    NOT NULL,
        PRIMARY KEY (id, forecast)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX message_case ON message (case_id, at, thread, author, forecast);
    CREATE VIRTUAL TABLE found USING fts5 (text, content = '');";

/// One pull in a process of its own.
#[derive(Args)]
pub struct Once {
    #[arg(long)]
    url: String,
    /// The server's folder, for the session
    #[arg(long)]
    served: PathBuf,
    /// Where the replica is to lie
    #[arg(long)]
    into: PathBuf,
}

#[derive(Serialize, Deserialize)]
pub struct Pulled {
    ms: f64,
    grown_mib: f64,
    highest_mib: f64,
}

/// Ours, the baseline and plain SQLite, in turn.
pub async fn measure(served: &Served) -> anyhow::Result<Measured> {
    let place = &served.place;
    let kept = seed::server_for_pull(place).await?;
    let server = Running::start(&served.server, &kept)?;
    let records = Arc::new(Records::of_server(&kept)?);
    let (mut ours, mut baseline, mut plain) = (Vec::new(), Vec::new(), Vec::new());
    let (mut grown, mut highest) = (0.0, 0.0);
    for _ in 0..served.rounds {
        let pulled = pull_in_a_process(place, &server.url(), &kept)?;
        ours.push(pulled.ms);
        grown = pulled.grown_mib.max(grown);
        highest = pulled.highest_mib.max(highest);
        baseline.push(records.transfer(place, Some(bare::SOME_KEY))?);
        plain.push(records.transfer(place, None)?);
    }
    let to_plain = median(ours.clone()) / median(plain.clone());
    let also = vec![
        format!("{to_plain:.2} x plain SQLite ({:.0} ms)", median(plain)),
        format!(
            "client memory grew by at most {grown:.1} MiB, {MEMORY_MIB} allowed; \
             the process held {highest:.1} MiB at most"
        ),
    ];
    Ok(Measured { ours, baseline, also, within: grown <= MEMORY_MIB })
}

fn pull_in_a_process(place: &Place, url: &str, served: &Path) -> anyhow::Result<Pulled> {
    let into = tempfile::tempdir_in(&place.data)?;
    let done = Command::new(std::env::current_exe()?)
        .args(["pull-once", "--url", url, "--served"])
        .arg(served)
        .arg("--into")
        .arg(into.path())
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(done.status.success(), "the pull failed");
    Ok(serde_json::from_slice(&done.stdout)?)
}

/// Pulls everything into a new replica.
pub async fn once(asked: &Once) -> anyhow::Result<Pulled> {
    let officer = seed::who(&asked.served)?.officer;
    let mut client = Client::new(&asked.into, &asked.url, &officer)?;
    // making the key takes memory on purpose, and only once
    fs::write("/proc/self/clear_refs", "5").context("reset the highest memory (Linux only)")?;
    let before = memory_mib("VmRSS:")?;
    let begun = Instant::now();
    client.catch_up().await?;
    let ms = millis(begun);
    let highest_mib = memory_mib("VmHWM:")?;
    let cases = client.store().cases()?;
    ensure!(cases.len() == seed::CASES, "{} cases came", cases.len());
    Ok(Pulled { ms, grown_mib: highest_mib - before, highest_mib })
}

fn memory_mib(line: &str) -> anyhow::Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let value = status.lines().find_map(|each| each.strip_prefix(line)?.strip_suffix("kB"));
    Ok(value.context("a line of the process's status")?.trim().parse::<f64>()? / 1024.0)
}

/// Every message, ready to be sent: its columns in the table's order, its body and its text.
struct Records {
    count: usize,
    bytes: Vec<u8>,
}

impl Records {
    fn of_server(folder: &Path) -> anyhow::Result<Self> {
        let server = bare::open(&folder.join("behorig.db"), None)?;
        let mut messages =
            server.prepare("SELECT id, body FROM record WHERE kind = 'message' ORDER BY id")?;
        let mut rows = messages.query([])?;
        let (mut count, mut bytes) = (0, Vec::new());
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            let message: Message = serde_json::from_str(&body)?;
            bare::put(&mut bytes, &id)?;
            bare::put(&mut bytes, message.case.0.as_bytes())?;
            bare::put(&mut bytes, message.thread.0.as_bytes())?;
            bare::put(&mut bytes, message.author.0.as_bytes())?;
            bare::put(&mut bytes, &message.received_at.millis().to_be_bytes())?;
            bare::put(&mut bytes, body.as_bytes())?;
            bare::put(&mut bytes, message.text.as_bytes())?;
            count += 1;
        }
        Ok(Self { count, bytes })
    }

    /// Milliseconds from the asking to the commit.
    fn transfer(self: &Arc<Self>, place: &Place, key: Option<&str>) -> anyhow::Result<f64> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let records = self.clone();
        let sender = std::thread::spawn(move || {
            let (mut line, _) = listener.accept()?;
            line.write_all(&records.bytes)?;
            Ok(())
        });
        let folder = tempfile::tempdir_in(&place.data)?;
        let mut replica = bare::open(&folder.path().join("bare.db"), key)?;
        replica.execute_batch(TABLE)?;
        let begun = Instant::now();
        let mut line = BufReader::with_capacity(1 << 16, TcpStream::connect(address)?);
        let transaction = replica.transaction()?;
        {
            let mut insert = transaction.prepare(
                "INSERT INTO message (id, forecast, version, case_id, thread, author, at, body)
                 VALUES (?1, 0, 1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            let mut index =
                transaction.prepare("INSERT INTO found (rowid, text) VALUES (?1, ?2)")?;
            let [mut id, mut case, mut thread, mut author, mut at, mut body, mut text] =
                [const { Vec::new() }; 7];
            for number in 1..=i64::try_from(self.count)? {
                for field in
                    [&mut id, &mut case, &mut thread, &mut author, &mut at, &mut body, &mut text]
                {
                    bare::get(&mut line, field)?;
                }
                let at = i64::from_be_bytes(at.as_slice().try_into()?);
                let body = std::str::from_utf8(&body)?;
                insert.execute(params![id, case, thread, author, at, body])?;
                index.execute(params![number, std::str::from_utf8(&text)?])?;
            }
        }
        transaction.commit()?;
        let ms = millis(begun);
        bare::joined(sender)?;
        Ok(ms)
    }
}
