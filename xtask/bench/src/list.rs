//! A page of an archive of 100,000 documents, sorted and narrowed in every way: the 99th of a hundred.
//!
//! Ours: the program's core, from the window's call to its answer. Baseline: the bare SQL of the same pages on
//! the same encrypted file, every column read.

use std::time::Instant;

use anyhow::{Context as _, ensure};
use behorig_testkit::Desk;
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::{
    Measured, bare, client, millis, p99,
    seed::{self, Place},
};

const ROUNDS: usize = 3;
/// Pages in a round.
const PAGES: usize = 60;
/// Rows of a page, as the window asks for them.
const PAGE: u32 = 200;
const LIST: &str = include_str!("../../../crates/store/src/archive/list.sql");

/// What is asked for: the column, in our words and in SQL, whether it goes down, and how far in.
struct Asked {
    by: &'static str,
    key: &'static str,
    descending: bool,
    only: Option<&'static str>,
    from: u32,
}

fn asked(number: usize) -> Asked {
    const COLUMNS: [(&str, &str); 4] = [
        ("received", "d.at"),
        ("name", "json_extract(d.body, '$.file.name')"),
        ("size", "json_extract(d.body, '$.file.bytes')"),
        ("origin", "json_extract(d.body, '$.author_name')"),
    ];
    let (by, key) = COLUMNS.get(number % COLUMNS.len()).copied().unwrap_or_default();
    Asked {
        by,
        key,
        descending: number.is_multiple_of(3),
        only: number.is_multiple_of(5).then_some("avgangsbetyg"),
        from: if number.is_multiple_of(2) { 0 } else { 9_800 },
    }
}

/// Ours and the bare SQL, page by page in turn.
pub async fn measure(place: &Place) -> anyhow::Result<Measured> {
    let kept = seed::archive(place).await?;
    let folder = seed::copied(place, &kept)?;
    let case = seed::case_of_archive(folder.path())?;
    let replica = client::of_program(folder.path())?;
    let database = bare::open(&replica.join("replica.db"), Some(&bare::key_of(&replica)?))?;
    // the simplest order that there is
    database.create_collation("swedish", str::cmp)?;
    let (holder, issuer): (String, String) = database.query_row(
        "SELECT json_extract(body, '$.holder.person'), json_extract(body, '$.issuer') FROM \"case\"
         WHERE id = ?1",
        [case.0.as_bytes()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let holder: uuid::Uuid = holder.parse()?;
    let desk = Desk::open(folder.path());
    desk.unlock().await;
    let (mut ours, mut baseline) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (mut times, mut bare_times) = (Vec::new(), Vec::new());
        for number in 0..PAGES {
            let Asked { by, descending, only, from, .. } = asked(number);
            let call = json!({ "case": case.to_string(), "by": by, "descending": descending,
                "only": only, "language": "sv", "from": from, "limit": PAGE });
            let begun = Instant::now();
            let page = desk.call("archive.list", call).await;
            times.push(millis(begun));
            let begun = Instant::now();
            let values =
                params![case.0.as_bytes(), only, "{}", holder.as_bytes(), issuer, PAGE, from];
            let (rows, total) = bare_page(&database, &asked(number), values)?;
            bare_times.push(millis(begun));
            let shown = page.get("rows").and_then(Value::as_array).context("rows")?.len();
            let of = page.get("total").and_then(Value::as_u64).context("a total")?;
            ensure!(shown == rows && of == u64::from(total), "page {number}: {rows} of {total}");
        }
        ours.push(p99(times));
        baseline.push(p99(bare_times));
    }
    Ok(Measured { ours, baseline, also: Vec::new(), within: true })
}

/// Reads a page; gives how many rows it has, and how many there are.
fn bare_page(
    database: &Connection,
    asked: &Asked,
    values: &[&dyn rusqlite::ToSql],
) -> anyhow::Result<(usize, u32)> {
    let direction = if asked.descending { "DESC" } else { "ASC" };
    let sql = LIST.replace("{key}", asked.key).replace("{direction}", direction);
    let mut statement = database.prepare_cached(&sql)?;
    let mut rows = statement.query(values)?;
    let (mut count, mut total) = (0_usize, 0);
    while let Some(row) = rows.next()? {
        let _: (Vec<u8>, String, String, bool) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        total = row.get(4)?;
        count = count.saturating_add(1);
    }
    Ok((count, total))
}
