//! A page of an officer's queue in a body with 1,000,000 cases, as officers look into it: the 99th of a hundred.
//!
//! Ours: the release server, from the request to the answer, each look written down before it is answered.
//! Baseline: the bare SQL of the same looks on the same file, in this process.

use std::time::Instant;

use anyhow::{Context as _, ensure};
use behorig_domain::cases::Stage;
use behorig_protocol::{HandledBy, Purpose, QueuePage, QueueRequest, path};
use behorig_sync::{HttpTransport, Request, Transport as _};
use rusqlite::{Connection, params_from_iter, types::Value};

use crate::{
    Measured, bare, millis, p99,
    seed::{self, QueueOf},
    server::{Running, Served},
};

/// Looks in a round.
const LOOKS: usize = 200;
/// Rows of a page, as the window asks for them.
const PAGE: u32 = 100;

/// What an officer looks for.
#[derive(Clone, Copy)]
enum Look {
    /// Whatever nobody handles, the oldest first.
    Nobody,
    /// Their own.
    Mine,
    /// One scheme and stage.
    Scheme,
    /// The beginning of a name.
    Name(&'static str),
    /// A registry number.
    Number(usize),
}

fn look(number: usize) -> Look {
    const NAMES: [&str; 5] = ["lindq", "åsa berg", "ostl", "bjorn", "ek"];
    match number % 5 {
        0 => Look::Nobody,
        1 => Look::Mine,
        2 => Look::Scheme,
        3 => Look::Name(NAMES.get(number / 5 % NAMES.len()).copied().unwrap_or_default()),
        _ => Look::Number(number.wrapping_mul(7_919) % seed::QUEUED),
    }
}

/// Ours and the bare SQL, look by look in turn.
pub async fn measure(served: &Served) -> anyhow::Result<Measured> {
    let place = &served.place;
    let kept = seed::server_for_queue(place).await?;
    let of = seed::queue_of(&kept)?;
    let there = seed::copied(place, &kept)?;
    let server = Running::start(&served.server, there.path())?;
    let line = HttpTransport::new(&server.url())?;
    let database = bare::open(&there.path().join("behorig.db"), None)?;
    let (mut ours, mut baseline) = (Vec::new(), Vec::new());
    for _ in 0..served.rounds {
        let (mut times, mut bare_times) = (Vec::new(), Vec::new());
        for number in 0..LOOKS {
            let begun = Instant::now();
            let page = asked(&line, &of, look(number)).await?;
            times.push(millis(begun));
            let begun = Instant::now();
            let bare = bare_page(&database, &of, look(number))?;
            bare_times.push(millis(begun));
            ensure!(page == bare, "look {number}: {page:?} and {bare:?}");
        }
        ours.push(p99(times));
        baseline.push(p99(bare_times));
    }
    Ok(Measured { ours, baseline, also: Vec::new(), within: true })
}

/// The rows of a page, and how many fit in all.
type Found = (Vec<String>, u32);

async fn asked(line: &HttpTransport, of: &QueueOf, look: Look) -> anyhow::Result<Found> {
    let (mut text, mut handled_by) = (String::new(), HandledBy::Anybody);
    let (mut stage, mut scheme) = (None, None);
    match look {
        Look::Nobody => handled_by = HandledBy::Nobody,
        Look::Mine => handled_by = HandledBy::Me,
        Look::Scheme => {
            (stage, scheme) = (Some(Stage::Application), Some("ovk".to_owned()));
        }
        Look::Name(name) => text = name.to_owned(),
        Look::Number(number) => text = seed::queued_number(number),
    }
    let purpose = Purpose::Handling;
    let request =
        QueueRequest { purpose, text, handled_by, stage, scheme, after: None, limit: PAGE };
    let token = Some(of.officer.tokens.access.clone());
    let body = serde_json::to_vec(&request)?;
    let response = line.post(Request { path: path::QUEUE, token, body }).await;
    let response = response.ok().context("no answer")?;
    ensure!(response.status == 200, "status {}", response.status);
    let page: QueuePage = serde_json::from_slice(&response.body)?;
    Ok((page.cases.into_iter().map(|case| case.number).collect(), page.total))
}

fn bare_page(database: &Connection, of: &QueueOf, look: Look) -> anyhow::Result<Found> {
    let issuer = Value::Blob(of.issuer.0.as_bytes().to_vec());
    let words = "queue_text t CROSS JOIN queue q ON q.no = t.rowid";
    let matches = "queue_text MATCH ? AND q.issuer = ?";
    let (from, fits, values) = match look {
        Look::Nobody => ("queue q", "q.issuer = ? AND q.officer IS NULL", vec![issuer]),
        Look::Mine => {
            let me = Value::Blob(of.officer.person.0.as_bytes().to_vec());
            ("queue q", "q.issuer = ? AND q.officer = ?", vec![issuer, me])
        }
        Look::Scheme => (
            "queue q",
            "q.issuer = ? AND q.stage = 'application' AND q.scheme = 'ovk'",
            vec![issuer],
        ),
        Look::Name(name) => {
            let beginnings: Vec<_> = name.split(' ').map(|word| format!("\"{word}\"*")).collect();
            (words, matches, vec![Value::Text(beginnings.join(" ")), issuer])
        }
        Look::Number(number) => {
            let number = seed::queued_number(number);
            let parts: Vec<_> = number.split('-').map(|part| format!("\"{part}\"*")).collect();
            (words, matches, vec![Value::Text(parts.join(" ")), issuer])
        }
    };
    let count = format!("SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {fits} LIMIT 10000)");
    let total =
        database.prepare_cached(&count)?.query_row(params_from_iter(&values), |row| row.get(0))?;
    let page = format!(
        "SELECT q.number, q.title, q.holder, q.officer, q.officer_name, q.stage, q.opened_at
         FROM {from} WHERE {fits} ORDER BY q.opened_at, q.no LIMIT {PAGE}"
    );
    let mut statement = database.prepare_cached(&page)?;
    let numbers = statement.query_map(params_from_iter(&values), |row| row.get(0))?;
    Ok((numbers.collect::<Result<_, _>>()?, total))
}
