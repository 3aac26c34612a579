//! From a commit at A until the record is in B's replica: the 99th of a hundred.
//!
//! Ours: two programs without windows and the release server between them; every other message goes the
//! other way. Baseline: two SQLite databases with the same durability and a loopback line, no server.
//! Both clocks begin with the call that commits at A.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use behorig_domain::{Command, CommandId, RecordId, messages::SendMessage};
use behorig_server::system_clock;
use behorig_store::{Queued, Store};
use behorig_sync::{Doorbell, Status};
use fastrand::Rng;
use rusqlite::{Connection, params};
use tokio::{sync::watch, task::JoinHandle};
use uuid::Uuid;

use crate::{
    Measured, bare,
    client::Client,
    median, millis, p99,
    seed::{self, Texts},
    server::{Running, Served},
};

/// Messages in a round.
const MESSAGES: usize = 200;
/// Between two messages, so that each is alone.
const APART: Duration = Duration::from_millis(60);
const PATIENCE: Duration = Duration::from_secs(10);

/// Ours and the bare pair, message by message in turn.
pub async fn measure(served: &Served) -> anyhow::Result<Measured> {
    let place = &served.place;
    let kept = seed::server_for_push(place).await?;
    let who = seed::who(&kept)?;
    let case = *who.cases.first().context("a case")?;
    let (mut ours, mut baseline) = (Vec::new(), Vec::new());
    let (mut after_commit, mut middle) = (Vec::new(), Vec::new());
    for _ in 0..served.rounds {
        let there = seed::copied(place, &kept)?;
        let server = Running::start(&served.server, there.path())?;
        let (one, two) = (tempfile::tempdir_in(&place.data)?, tempfile::tempdir_in(&place.data)?);
        let holder = Side::start(Client::new(one.path(), &server.url(), &who.holder)?).await?;
        let officer = Side::start(Client::new(two.path(), &server.url(), &who.officer)?).await?;
        let pair = Pair::start(place)?;
        let (mut times, mut since_commit, mut bare_times) = (Vec::new(), Vec::new(), Vec::new());
        let mut random = Rng::with_seed(13);
        for number in 0..MESSAGES {
            let text = seed::text(&mut random, Texts::Bytes(300));
            let (a, b) = if number % 2 == 0 { (&holder, &officer) } else { (&officer, &holder) };
            let (all, since) = a.send_to(b, case, text.clone()).await?;
            times.push(all);
            since_commit.push(since);
            tokio::time::sleep(APART).await;
            bare_times.push(pair.send(text.as_bytes())?);
        }
        middle.push(median(times.clone()) / median(bare_times.clone()));
        ours.push(p99(times));
        baseline.push(p99(bare_times));
        after_commit.push(p99(since_commit));
    }
    let also = vec![
        format!("{:.1} ms when the clock begins after A's commit", median(after_commit)),
        format!("the middle one of a round is {:.2} x the bare pair's", median(middle)),
    ];
    Ok(Measured { ours, baseline, also, within: true })
}

/// A program without a window.
struct Side {
    store: Arc<Mutex<Store>>,
    doorbell: Doorbell,
    status: watch::Receiver<Status>,
    task: JoinHandle<()>,
}

impl Drop for Side {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Side {
    async fn start(mut client: Client) -> anyhow::Result<Self> {
        client.catch_up().await?;
        let (store, doorbell) = (client.shared(), client.doorbell.clone());
        let status = client.status.clone();
        let task = tokio::spawn(client.driver.run());
        // until it listens and has asked once more
        tokio::time::sleep(Duration::from_millis(500)).await;
        Ok(Self { store, doorbell, status, task })
    }

    /// Milliseconds from the call that commits here, and from its return, until the message is there.
    async fn send_to(&self, to: &Self, case: RecordId, text: String) -> anyhow::Result<(f64, f64)> {
        let id = RecordId(Uuid::now_v7());
        let now = (system_clock())();
        let command = Command::SendMessage(SendMessage {
            id,
            case,
            thread: id,
            message_type: "note".into(),
            text,
            written_at: now,
        });
        let mut status = to.status.clone();
        let mut seen = status.borrow_and_update().changes;
        let (store, doorbell) = (self.store.clone(), self.doorbell.clone());
        let begun = Instant::now();
        let queue = tokio::task::spawn_blocking(move || {
            let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
            let queued = store.queue(CommandId(Uuid::now_v7()), &command, now, None);
            doorbell.notify_one();
            (queued, Instant::now())
        });
        let (queued, committed) = queue.await?;
        ensure!(matches!(queued?, Queued::Queued(_)), "the message was refused");
        loop {
            tokio::time::timeout(PATIENCE, status.changed()).await.context("no change came")??;
            let changes = status.borrow_and_update().changes;
            if changes == seen {
                continue;
            }
            seen = changes;
            let (all, since) = (millis(begun), millis(committed));
            let store = to.store.lock().unwrap_or_else(PoisonError::into_inner);
            if store.messages(case)?.iter().any(|row| row.id == id) {
                return Ok((all, since));
            }
        }
    }
}

/// The bare pair: A here, B in a thread.
struct Pair {
    here: Connection,
    line: Mutex<TcpStream>,
    arrived: mpsc::Receiver<Instant>,
    _folder: tempfile::TempDir,
}

impl Pair {
    fn start(place: &seed::Place) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir_in(&place.data)?;
        let (here, there) =
            (database(&folder.path().join("a.db"))?, database(&folder.path().join("b.db"))?);
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let line = TcpStream::connect(listener.local_addr()?)?;
        line.set_nodelay(true)?;
        let (sender, arrived) = mpsc::channel();
        // ends with the line
        std::thread::spawn(move || {
            let (mut line, _) = listener.accept()?;
            let (mut id, mut text) = ([0; 16], Vec::new());
            loop {
                line.read_exact(&mut id)?;
                bare::get(&mut line, &mut text)?;
                insert(&there, &id, &text)?;
                sender.send(Instant::now())?;
            }
            #[expect(unreachable_code, reason = "names the closure's error")]
            Ok::<_, anyhow::Error>(())
        });
        Ok(Self { here, line: Mutex::new(line), arrived, _folder: folder })
    }

    fn send(&self, text: &[u8]) -> anyhow::Result<f64> {
        let id = Uuid::now_v7().into_bytes();
        let mut request = id.to_vec();
        bare::put(&mut request, text)?;
        let begun = Instant::now();
        insert(&self.here, &id, text)?;
        self.line.lock().unwrap_or_else(PoisonError::into_inner).write_all(&request)?;
        let arrived = self.arrived.recv()?;
        Ok(arrived.duration_since(begun).as_secs_f64() * 1e3)
    }
}

fn database(path: &std::path::Path) -> anyhow::Result<Connection> {
    let database = bare::open(path, None)?;
    database.execute_batch(
        "CREATE TABLE message (id BLOB NOT NULL PRIMARY KEY, text BLOB NOT NULL) STRICT, WITHOUT ROWID",
    )?;
    Ok(database)
}

fn insert(database: &Connection, id: &[u8], text: &[u8]) -> anyhow::Result<()> {
    let sql = "INSERT INTO message (id, text) VALUES (?1, ?2)";
    database.prepare_cached(sql)?.execute(params![id, text])?;
    Ok(())
}
