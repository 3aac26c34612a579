//! 10,000 queued commands, decided, durable when acknowledged.
//!
//! Baseline: bare code that makes the same row writes in the same two databases, in requests of the same
//! size, and decides, hashes and checks nothing. Beside it a bare insert of 10,000 rows.

use std::{
    io::{BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context as _, ensure};
use behorig_domain::{Command, CommandId, RecordId, messages::SendMessage};
use behorig_protocol::PUSH_COMMANDS_MAX;
use behorig_server::system_clock;
use behorig_store::{Forecast, Queued};
use fastrand::Rng;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::{
    Measured, bare,
    client::Client,
    median, millis,
    seed::{self, Texts, Who},
    server::{Running, Served},
};

const COMMANDS: usize = 10_000;
/// What the server puts around a message's text: people, times and so on.
const AROUND: usize = 350;

/// Ours, the baseline and the bare insert, in turn.
pub async fn measure(served: &Served) -> anyhow::Result<Measured> {
    let place = &served.place;
    let server = seed::server_for_push(place).await?;
    let outbox = outbox(served, &server).await?;
    let who = seed::who(&server)?;
    let (mut ours, mut baseline, mut insert) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..served.rounds {
        let (there, here) = (seed::copied(place, &server)?, seed::copied(place, &outbox)?);
        ours.push(push(&served.server, there.path(), here.path()).await?);
        let (there, here) = (seed::copied(place, &server)?, seed::copied(place, &outbox)?);
        baseline.push(push_bare(there.path(), here.path(), &who)?);
        insert.push(insert_bare(here.path())?);
    }
    let to_insert = median(ours.clone()) / median(insert.clone());
    let also = vec![format!("{to_insert:.1} x a bare insert ({:.0} ms)", median(insert))];
    Ok(Measured { ours, baseline, also, within: true })
}

/// A replica with 10,000 messages in its outbox, kept between runs.
async fn outbox(served: &Served, server: &Path) -> anyhow::Result<PathBuf> {
    let make = async |folder: &Path| {
        let there = seed::copied(&served.place, server)?;
        let running = Running::start(&served.server, there.path())?;
        let who = seed::who(server)?;
        let mut client = Client::new(folder, &running.url(), &who.officer)?;
        client.catch_up().await?;
        let (mut store, mut random) = (client.store(), Rng::with_seed(11));
        for number in 0..COMMANDS {
            let id = RecordId(Uuid::now_v7());
            let now = (system_clock())();
            let command = Command::SendMessage(SendMessage {
                id,
                case: *who.cases.get(number % who.cases.len()).context("a case")?,
                thread: id,
                message_type: "note".into(),
                text: seed::text(&mut random, Texts::Bytes(300)),
                written_at: now,
            });
            let queued = store.queue(CommandId(Uuid::now_v7()), &command, now, None)?;
            ensure!(queued == Queued::Queued(Forecast::Done), "{queued:?}");
        }
        Ok(())
    };
    seed::kept(served.place.data.join("outbox"), make).await
}

/// Milliseconds until the last command has its answer and the outbox knows it.
async fn push(program: &Path, there: &Path, here: &Path) -> anyhow::Result<f64> {
    let server = Running::start(program, there)?;
    let mut client = Client::existing(here, &server.url())?;
    let begun = Instant::now();
    client.push_all().await?;
    let ms = millis(begun);
    drop((client, server));
    let decided = bare::open(&there.join("behorig.db"), None)?.query_row(
        "SELECT count(*) FROM command WHERE refused IS NULL AND device IN
           (SELECT device FROM session)",
        [],
        |row| row.get::<_, i64>(0),
    )?;
    ensure!(usize::try_from(decided)? == COMMANDS, "{decided} commands were decided");
    Ok(ms)
}

/// The same with bare code.
fn push_bare(there: &Path, here: &Path, who: &Who) -> anyhow::Result<f64> {
    let mut replica = bare::open(&here.join("replica.db"), Some(&bare::key_of(here)?))?;
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    let server = bare::open(&there.join("behorig.db"), None)?;
    let ids = Ids {
        person: who.officer.person.0.into_bytes(),
        device: who.officer.device.0.into_bytes(),
        scopes: (0..who.cases.len())
            .map(|case| format!("bare/{case:036}/case/{case:036}"))
            .collect(),
    };
    let receiver = std::thread::spawn(move || receive(&listener, server, &ids));
    let begun = Instant::now();
    let mut line = TcpStream::connect(address)?;
    line.set_nodelay(true)?;
    for _ in 0..COMMANDS / PUSH_COMMANDS_MAX {
        let frames: Vec<(Vec<u8>, Vec<u8>)> = replica
            .prepare_cached(
                "SELECT id, body FROM outbox WHERE state = 'queued' ORDER BY position LIMIT ?1",
            )?
            .query_map([i64::try_from(PUSH_COMMANDS_MAX)?], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        each(&mut replica, &frames, "UPDATE outbox SET in_flight = in_flight + 1 WHERE id = ?1")?;
        let mut request = Vec::new();
        for (id, body) in &frames {
            bare::put(&mut request, id)?;
            bare::put(&mut request, body)?;
        }
        line.write_all(&request)?;
        line.read_exact(&mut [0; 1])?;
        each(
            &mut replica,
            &frames,
            "UPDATE outbox SET state = 'sent', sent_at = 1, failures = 0 WHERE id = ?1",
        )?;
    }
    let ms = millis(begun);
    bare::joined(receiver)?;
    Ok(ms)
}

fn each(replica: &mut Connection, frames: &[(Vec<u8>, Vec<u8>)], sql: &str) -> anyhow::Result<()> {
    let transaction = replica.transaction()?;
    for (id, _) in frames {
        transaction.prepare_cached(sql)?.execute([id])?;
    }
    Ok(transaction.commit()?)
}

/// Whose commands they are and where they are seen.
struct Ids {
    person: [u8; 16],
    device: [u8; 16],
    scopes: Vec<String>,
}

/// The server's side: one transaction a request, one byte back when it is durable.
fn receive(listener: &TcpListener, mut server: Connection, ids: &Ids) -> anyhow::Result<()> {
    let (line, _) = listener.accept()?;
    line.set_nodelay(true)?;
    let mut answers = line.try_clone()?;
    let mut line = BufReader::with_capacity(1 << 16, line);
    let mut number = 0;
    for _ in 0..COMMANDS / PUSH_COMMANDS_MAX {
        let (mut id, mut body) = (Vec::new(), Vec::new());
        let transaction = server.transaction()?;
        for _ in 0..PUSH_COMMANDS_MAX {
            bare::get(&mut line, &mut id)?;
            bare::get(&mut line, &mut body)?;
            write_rows(&transaction, ids, number, &id, &body)?;
            number += 1;
        }
        transaction.commit()?;
        answers.write_all(&[1])?;
    }
    Ok(())
}

/// What the server writes for one message: the record, where it is seen, the scope's head, a line of
/// history, who is to be told, and the command with its answer.
fn write_rows(
    server: &Connection,
    ids: &Ids,
    number: usize,
    id: &[u8],
    body: &[u8],
) -> anyhow::Result<()> {
    let scope = ids.scopes.get(number % ids.scopes.len()).context("a scope")?;
    let rev = i64::try_from(number / ids.scopes.len())?.saturating_add(1);
    // numbers that the seeded officer has not used
    let answer_no = i64::try_from(number)?.saturating_add(1_000_000_000);
    let (hash, salt) = ([7u8; 32], [7u8; 16]);
    let record = format!("{}{:>2$}", std::str::from_utf8(body)?, "", AROUND.saturating_sub(200));
    server
        .prepare_cached(
            "INSERT INTO record (kind, id, version, body) VALUES ('message', ?1, 1, ?2)",
        )?
        .execute(params![id, record])?;
    server
        .prepare_cached(
            "INSERT INTO visibility (scope, rev, kind, id, gone) VALUES (?1, ?2, 'message', ?3, 0)",
        )?
        .execute(params![scope, rev, id])?;
    server
        .prepare_cached(
            "INSERT INTO scope (name, head, digest) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET head = excluded.head, digest = excluded.digest",
        )?
        .execute(params![scope, rev, salt])?;
    server
        .prepare_cached(
            "INSERT INTO history (scope, seq, at, event, kind, id, person, command, commitment,
                                  previous_hash, hash)
             VALUES (?1, ?2, 1, 'message_sent', 'message', ?3, ?4, ?3, ?5, ?5, ?5)",
        )?
        .execute(params![scope, rev, id, ids.person, hash])?;
    server
        .prepare_cached(
            "INSERT INTO outgoing (person, kind, id, at, next_at) VALUES (?1, 'message', ?2, 1, 1)",
        )?
        .execute(params![ids.person, id])?;
    server
        .prepare_cached(
            "INSERT INTO command (person, id, device, seq, body_hash, body, salt, at, answer_no)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?4)",
        )?
        .execute(params![ids.person, id, ids.device, answer_no, hash, body, salt])?;
    Ok(())
}

/// 10,000 rows with the commands' bytes into one table, a thousand in a transaction.
fn insert_bare(folder: &Path) -> anyhow::Result<f64> {
    let mut database = bare::open(&folder.join("insert.db"), None)?;
    database.execute_batch(
        "CREATE TABLE command (id BLOB NOT NULL PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID",
    )?;
    let body = [b'x'; 600];
    let begun = Instant::now();
    for _ in 0..COMMANDS / PUSH_COMMANDS_MAX {
        let transaction = database.transaction()?;
        for _ in 0..PUSH_COMMANDS_MAX {
            transaction
                .prepare_cached("INSERT INTO command (id, body) VALUES (?1, ?2)")?
                .execute(params![Uuid::now_v7().as_bytes(), body])?;
        }
        transaction.commit()?;
    }
    Ok(millis(begun))
}
