//! Excel since 2007: each sheet under its name, a row a line.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    io::{self, Read, Seek},
};

use super::{
    Out, UNPACKED_MAX,
    xml::{Piece, walk},
};
use crate::format::{
    broken,
    source::Source,
    zip::{self, Entry},
};

/// No workbook that people read has more sheets.
const SHEETS_MAX: usize = 1_000;

/// What repeats in many cells, and how numbers are to be read.
#[derive(Default)]
struct Shared {
    strings: Vec<String>,
    /// By style: whether its numbers are days.
    dates: Vec<Option<Day>>,
}

/// What a number in a cell says of a day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    Date,
    Time,
    Both,
}

pub(super) fn read<R: Read + Seek>(source: &mut Source<R>, out: &mut Out) -> io::Result<()> {
    let entries = zip::entries(source)?;
    let named = |name: &str| entries.iter().find(|it| it.name.eq_ignore_ascii_case(name));
    let mut part = |out: &mut Out, entry: Option<&Entry>| -> io::Result<Vec<u8>> {
        entry.map_or(Ok(Vec::new()), |entry| out.part(source, entry))
    };
    let sheets = sheets(&part(out, named("xl/workbook.xml"))?)?;
    let targets = targets(&part(out, named("xl/_rels/workbook.xml.rels"))?)?;
    let shared = Shared {
        strings: strings(&part(out, named("xl/sharedStrings.xml"))?)?,
        dates: dates(&part(out, named("xl/styles.xml"))?)?,
    };
    let several = sheets.len() > 1;
    let (mut seen, mut unpacked) = (BTreeSet::new(), 0_usize);
    for (index, (name, relation)) in sheets.into_iter().enumerate() {
        if out.is_full() || index >= SHEETS_MAX || unpacked > UNPACKED_MAX {
            out.fill();
            break;
        }
        let target = targets.get(&relation).ok_or_else(broken)?;
        let path = match target.strip_prefix('/') {
            Some(whole) => whole.to_owned(),
            None => format!("xl/{target}"),
        };
        let Some(entry) = named(&path) else { continue };
        if !seen.insert(path) {
            continue;
        }
        let sheet = part(out, Some(entry))?;
        unpacked = unpacked.saturating_add(sheet.len());
        if several {
            out.push(&name);
            out.end_line();
        }
        rows(&sheet, &shared, out)?;
        out.end_line();
    }
    Ok(())
}

/// Names of the sheets, in their order, and what each is called in the list of parts.
fn sheets(part: &[u8]) -> io::Result<Vec<(String, String)>> {
    let mut sheets = Vec::new();
    walk(part, |piece| {
        if let Piece::Start("sheet", attributes) = piece
            && let (Some(name), Some(id)) = (attributes.get("name"), attributes.get("id"))
        {
            sheets.push((name, id));
        }
        // one more, so that it shows that there are more
        Ok(sheets.len() <= SHEETS_MAX)
    })?;
    if sheets.is_empty() { Err(broken()) } else { Ok(sheets) }
}

fn targets(part: &[u8]) -> io::Result<BTreeMap<String, String>> {
    let mut targets = BTreeMap::new();
    walk(part, |piece| {
        if let Piece::Start("Relationship", attributes) = piece
            && let (Some(id), Some(target)) = (attributes.get("Id"), attributes.get("Target"))
        {
            targets.insert(id, target);
        }
        Ok(true)
    })?;
    Ok(targets)
}

fn strings(part: &[u8]) -> io::Result<Vec<String>> {
    let mut strings = Vec::new();
    let (mut text, mut in_text, mut spoken) = (String::new(), false, false);
    walk(part, |piece| {
        match piece {
            Piece::Start("si", _) => text = String::new(),
            Piece::End("si") => strings.push(std::mem::take(&mut text)),
            // how it is pronounced
            Piece::Start("rPh", _) => spoken = true,
            Piece::End("rPh") => spoken = false,
            Piece::Start("t", _) => in_text = !spoken,
            Piece::End("t") => in_text = false,
            Piece::Text(more) if in_text => text.push_str(more),
            _ => {}
        }
        Ok(true)
    })?;
    Ok(strings)
}

/// What each style of a cell makes of a number.
fn dates(part: &[u8]) -> io::Result<Vec<Option<Day>>> {
    let mut own: BTreeMap<u16, Option<Day>> = BTreeMap::new();
    let (mut styles, mut in_cells) = (Vec::new(), false);
    walk(part, |piece| {
        match piece {
            Piece::Start("numFmt", attributes) => {
                let id = attributes.get("numFmtId").and_then(|id| id.parse().ok());
                if let (Some(id), Some(code)) = (id, attributes.get("formatCode")) {
                    own.insert(id, day_of_code(&code));
                }
            }
            Piece::Start("cellXfs", _) => in_cells = true,
            Piece::End("cellXfs") => in_cells = false,
            Piece::Start("xf", attributes) if in_cells => {
                let id = attributes.get("numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                styles.push(own.get(&id).copied().unwrap_or_else(|| day_of_format(id)));
            }
            _ => {}
        }
        Ok(true)
    })?;
    Ok(styles)
}

/// The formats that every program knows by number.
pub(super) fn day_of_format(id: u16) -> Option<Day> {
    match id {
        14..=17 => Some(Day::Date),
        18..=21 | 45..=47 => Some(Day::Time),
        22 => Some(Day::Both),
        _ => None,
    }
}

/// What a format made by hand shows of a day.
pub(super) fn day_of_code(code: &str) -> Option<Day> {
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    let (mut date, mut time) = (false, false);
    for c in code.chars() {
        match c {
            _ if std::mem::take(&mut escaped) => {}
            '\\' | '_' => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ if bracketed => {}
            'y' | 'Y' | 'd' | 'D' => date = true,
            'h' | 'H' | 's' | 'S' => time = true,
            _ => {}
        }
    }
    match (date, time) {
        (true, true) => Some(Day::Both),
        (true, false) => Some(Day::Date),
        (false, true) => Some(Day::Time),
        (false, false) => None,
    }
}

fn rows(part: &[u8], shared: &Shared, out: &mut Out) -> io::Result<()> {
    let mut cell = Cell::default();
    let (mut column, mut filled) = (0_usize, false);
    walk(part, |piece| {
        match piece {
            Piece::Start("row", _) => (column, filled) = (0, false),
            Piece::End("row") if filled => out.end_line(),
            Piece::Start("c", attributes) => {
                let at = attributes.get("r").and_then(|at| column_of(&at));
                cell = Cell {
                    kind: attributes.get("t").unwrap_or_default(),
                    style: attributes.get("s").and_then(|style| style.parse().ok()),
                    ..Cell::default()
                };
                let at = at.unwrap_or(column);
                // a gap wider than a page says nothing more by being wider
                for _ in 0..at.saturating_sub(column).min(20) {
                    out.push_char('\t');
                }
                column = at;
            }
            Piece::Start("v" | "t", _) => cell.reading = true,
            Piece::End("v" | "t") => cell.reading = false,
            Piece::Text(text) if cell.reading => cell.value.push_str(text),
            Piece::End("c") => {
                let text = cell.shown(shared);
                filled |= !text.is_empty();
                out.push_cell(&text);
                out.push_char('\t');
                column = column.saturating_add(1);
            }
            _ => {}
        }
        Ok(!out.is_full())
    })
}

#[derive(Default)]
struct Cell {
    kind: String,
    style: Option<usize>,
    reading: bool,
    value: String,
}

impl Cell {
    fn shown<'a>(&'a self, shared: &'a Shared) -> Cow<'a, str> {
        match self.kind.as_str() {
            "s" => {
                let index = self.value.trim().parse::<usize>().ok();
                let string = index.and_then(|index| shared.strings.get(index));
                string.map(String::as_str).unwrap_or_default().into()
            }
            "b" => (if self.value.trim() == "1" { "TRUE" } else { "FALSE" }).into(),
            "" | "n" => {
                let day = self.style.and_then(|style| *shared.dates.get(style)?);
                match (self.value.trim().parse::<f64>(), day) {
                    (Ok(number), day) => number_text(number, day).into(),
                    (Err(_), _) => self.value.as_str().into(),
                }
            }
            _ => self.value.as_str().into(),
        }
    }
}

/// "C" of "C12", counted from nought.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.fold(0_usize, |number, letter| {
        let digit = usize::from(letter.to_ascii_uppercase().saturating_sub(b'A')).saturating_add(1);
        number.saturating_mul(26).saturating_add(digit)
    });
    number.checked_sub(1)
}

/// A number as a reader writes it: days as dates, and no more decimals than the cell was given.
pub(super) fn number_text(number: f64, day: Option<Day>) -> String {
    let Some(day) = day.filter(|_| (0.0..2_958_466.0).contains(&number)) else {
        // 0.1 + 0.2 is kept as 0.30000000000000004
        let rounded = format!("{number:.10}");
        return rounded.trim_end_matches('0').trim_end_matches('.').to_owned();
    };
    let seconds = (number * 86_400.0).round();
    let (days, of_day) = ((seconds / 86_400.0).floor(), seconds.rem_euclid(86_400.0));
    let time =
        format!("{:02}.{:02}", (of_day / 3_600.0).floor(), (of_day % 3_600.0 / 60.0).floor());
    let date = || {
        let (year, month, day) = civil(days);
        format!("{year:04}-{month:02}-{day:02}")
    };
    match day {
        Day::Date => date(),
        Day::Time => time,
        Day::Both => format!("{} {time}", date()),
    }
}

/// Year, month and day of a day counted from the last of 1899, as from March 1900 on.
fn civil(days: f64) -> (f64, f64, f64) {
    // days since 0000-03-01, in eras of 400 years
    let days = days - 25_569.0 + 719_468.0;
    let era = (days / 146_097.0).floor();
    let of_era = days - era * 146_097.0;
    let leaps =
        (of_era / 1_460.0).floor() - (of_era / 36_524.0).floor() + (of_era / 146_096.0).floor();
    let year = ((of_era - leaps) / 365.0).floor();
    let of_year = of_era - (365.0 * year + (year / 4.0).floor() - (year / 100.0).floor());
    let shifted = ((5.0 * of_year + 2.0) / 153.0).floor();
    let day = of_year - ((153.0 * shifted + 2.0) / 5.0).floor() + 1.0;
    let month = if shifted < 10.0 { shifted + 3.0 } else { shifted - 9.0 };
    let year = year + era * 400.0 + if month <= 2.0 { 1.0 } else { 0.0 };
    (year, month, day)
}
