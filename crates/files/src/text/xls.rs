//! Excel from 97 to 2003: each sheet under its name, a row a line.
//!
//! A workbook is a list of records ([MS-XLS]): first what all sheets share, then sheet after sheet.

use std::{
    collections::BTreeMap,
    io::{self, BufReader, Read, Seek},
};

use cfb::CompoundFile;

use super::{
    Out, PART_MAX, TEXT_MAX,
    sheet::{Day, day_of_code, day_of_format, number_text},
    word97::western,
};
use crate::format::{broken, source::Source, u16_at, u32_at};

const BOF: u16 = 0x0809;
const CONTINUE: u16 = 0x003c;
const BOUNDSHEET: u16 = 0x0085;
const SST: u16 = 0x00fc;
const FORMAT: u16 = 0x041e;
const XF: u16 = 0x00e0;
const LABEL_SST: u16 = 0x00fd;
const LABEL: u16 = 0x0204;
const NUMBER: u16 = 0x0203;
const RK: u16 = 0x027e;
const MULRK: u16 = 0x00bd;
const FORMULA: u16 = 0x0006;
const STRING: u16 = 0x0207;

/// In a record that begins a part: the version, and whether it is a sheet.
const EXCEL_97: u16 = 0x0600;
const WORKSHEET: u16 = 0x0010;

pub(super) fn read<R: Read + Seek>(source: &mut Source<R>, out: &mut Out) -> io::Result<()> {
    let mut file = CompoundFile::open(source)?;
    let mut stream = BufReader::new(file.open_stream("/Workbook")?.take(PART_MAX));
    let mut book = Book::default();
    let done = records(&mut stream, &mut book, out);
    book.end_sheet(out);
    done
}

fn records(stream: &mut impl Read, book: &mut Book, out: &mut Out) -> io::Result<()> {
    let mut held = record(stream)?;
    while let Some(mut now) = held.take() {
        held = record(stream)?;
        // what is too long for one record goes on in the next
        while let Some(next) = held.take_if(|next| next.kind == CONTINUE) {
            now.parts.extend(next.parts);
            held = record(stream)?;
        }
        book.take(&now, out)?;
        // what is in the sheet so far is still written
        if out.is_full() || book.held > TEXT_MAX {
            out.cut = true;
            break;
        }
    }
    Ok(())
}

struct Record {
    kind: u16,
    /// Its bytes, and those of the records that it goes on in: text changes its width between them.
    parts: Vec<Vec<u8>>,
}

/// The next record; nothing at the end.
fn record(stream: &mut impl Read) -> io::Result<Option<Record>> {
    let mut head = Vec::new();
    stream.take(4).read_to_end(&mut head)?;
    // some programs fill the stream up
    let Some((kind, len)) = u16_at(&head, 0).zip(u16_at(&head, 2)) else { return Ok(None) };
    let mut body = Vec::new();
    stream.take(len.into()).read_to_end(&mut body)?;
    Ok(Some(Record { kind, parts: vec![body] }))
}

/// What stands in a cell.
enum Value {
    Own(String),
    /// One of the texts that cells have in common: each may stand in any number of them.
    Shared(usize),
}

#[derive(Default)]
struct Book {
    names: Vec<String>,
    strings: Vec<String>,
    formats: BTreeMap<u16, Option<Day>>,
    styles: Vec<u16>,
    /// How many sheets have begun.
    sheets: usize,
    in_sheet: bool,
    cells: BTreeMap<(u16, u16), Value>,
    /// How long the cells of all sheets so far are together.
    held: usize,
    /// The cell whose formula gives a text, which comes next.
    awaits_text: Option<(u16, u16)>,
}

impl Book {
    fn take(&mut self, record: &Record, out: &mut Out) -> io::Result<()> {
        let Some(body) = record.parts.first() else { return Ok(()) };
        self.shared(record, body)?;
        match record.kind {
            BOF if u16_at(body, 0) != Some(EXCEL_97) => return Err(broken()),
            BOF if u16_at(body, 2) == Some(WORKSHEET) => {
                self.end_sheet(out);
                self.sheets = self.sheets.saturating_add(1);
                self.in_sheet = true;
            }
            _ if self.in_sheet => self.cell(record.kind, body).unwrap_or_default(),
            _ => {}
        }
        Ok(())
    }

    /// What all sheets have in common.
    fn shared(&mut self, record: &Record, body: &[u8]) -> io::Result<()> {
        match record.kind {
            // charts have no cells
            BOUNDSHEET if body.get(5) == Some(&0) => {
                let len = body.get(6).copied().map(usize::from);
                self.names.extend(text(body, 7, len.unwrap_or_default()));
            }
            FORMAT => {
                let (id, len) = u16_at(body, 0).zip(u16_at(body, 2)).ok_or_else(broken)?;
                let code = text(body, 4, len.into()).unwrap_or_default();
                self.formats.insert(id, day_of_code(&code));
            }
            XF => self.styles.push(u16_at(body, 2).ok_or_else(broken)?),
            SST => self.strings = Strings::of(&record.parts).ok_or_else(broken)?,
            _ => {}
        }
        Ok(())
    }

    fn cell(&mut self, kind: u16, body: &[u8]) -> Option<()> {
        if kind == STRING {
            let at = self.awaits_text.take()?;
            let value = text(body, 2, u16_at(body, 0)?.into())?;
            self.put(at, Value::Own(value));
            return Some(());
        }
        let (row, column) = (u16_at(body, 0)?, u16_at(body, 2)?);
        let value = match kind {
            LABEL_SST => {
                let index = usize::try_from(u32_at(body, 6)?).ok()?;
                self.put((row, column), Value::Shared(index));
                return Some(());
            }
            LABEL => text(body, 8, u16_at(body, 6)?.into())?,
            NUMBER => self.number(u16_at(body, 4)?, double(body, 6)?),
            RK => self.number(u16_at(body, 4)?, packed(u32_at(body, 6)?)),
            MULRK => {
                for (index, cell) in body.get(4..)?.as_chunks::<6>().0.iter().enumerate() {
                    let value = self.number(u16_at(cell, 0)?, packed(u32_at(cell, 2)?));
                    let column = column.checked_add(u16::try_from(index).ok()?)?;
                    self.put((row, column), Value::Own(value));
                }
                return Some(());
            }
            FORMULA if u16_at(body, 12)? == 0xffff => {
                if *body.get(6)? == 0 {
                    self.awaits_text = Some((row, column));
                }
                return Some(());
            }
            FORMULA => self.number(u16_at(body, 4)?, double(body, 6)?),
            _ => return Some(()),
        };
        self.put((row, column), Value::Own(value));
        Some(())
    }

    fn put(&mut self, at: (u16, u16), value: Value) {
        self.held = self.held.saturating_add(self.shown(&value).len()).saturating_add(1);
        self.cells.insert(at, value);
    }

    fn shown<'a>(&'a self, value: &'a Value) -> &'a str {
        match value {
            Value::Own(text) => text,
            Value::Shared(index) => {
                self.strings.get(*index).map(String::as_str).unwrap_or_default()
            }
        }
    }

    fn number(&self, style: u16, number: f64) -> String {
        let format = self.styles.get(usize::from(style)).copied().unwrap_or_default();
        let own = self.formats.get(&format).copied();
        number_text(number, own.unwrap_or_else(|| day_of_format(format)))
    }

    /// Writes the sheet that was read, if there is one.
    fn end_sheet(&mut self, out: &mut Out) {
        let Some(before) = self.sheets.checked_sub(1) else { return };
        if self.names.len() > 1
            && let Some(name) = self.names.get(before)
        {
            out.push(name);
            out.end_line();
        }
        let mut at = None;
        for ((row, column), value) in std::mem::take(&mut self.cells) {
            let from = match at {
                Some((last, next)) if last == row => next,
                Some(_) => {
                    out.end_line();
                    0
                }
                None => 0,
            };
            for _ in 0..column.saturating_sub(from).min(20) {
                out.push_char('\t');
            }
            out.push_cell(self.shown(&value));
            if out.is_full() {
                break;
            }
            at = Some((row, column));
        }
        out.end_line();
        out.end_line();
    }
}

fn double(body: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(*body.get(at..)?.first_chunk()?))
}

/// A number in four bytes: whole, or the upper half of a double; perhaps a hundredth of it.
fn packed(bits: u32) -> f64 {
    let number = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from(bits.cast_signed() >> 2)
    };
    if bits & 1 == 0 { number } else { number / 100.0 }
}

/// Text whose width stands in the byte before it.
fn text(body: &[u8], at: usize, len: usize) -> Option<String> {
    let wide = body.get(at)? & 1 == 1;
    let from = at.checked_add(1)?;
    let mut text = String::new();
    letters(body.get(from..)?, wide, len, &mut text);
    Some(text)
}

/// Adds at most so many letters of the bytes, and tells how many there were and how many bytes they took.
fn letters(bytes: &[u8], wide: bool, most: usize, text: &mut String) -> (usize, usize) {
    if wide {
        let pairs = bytes.as_chunks::<2>().0;
        let pairs = pairs.get(..most).unwrap_or(pairs);
        let units = pairs.iter().copied().map(u16::from_le_bytes);
        let decoded = char::decode_utf16(units);
        text.extend(decoded.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        (pairs.len(), pairs.len().saturating_mul(2))
    } else {
        let bytes = bytes.get(..most).unwrap_or(bytes);
        text.extend(bytes.iter().copied().map(western));
        (bytes.len(), bytes.len())
    }
}

/// The table of texts, which goes on over several records.
struct Strings<'a> {
    parts: std::slice::Iter<'a, Vec<u8>>,
    rest: &'a [u8],
}

impl<'a> Strings<'a> {
    fn of(parts: &'a [Vec<u8>]) -> Option<Vec<String>> {
        let mut all = Self { parts: parts.iter(), rest: &[] };
        all.next_part()?;
        let count = u32_at(all.bytes(8)?, 4)?;
        let mut strings = Vec::new();
        for _ in 0..count {
            // what there is, is better than nothing
            let Some(string) = all.string() else { break };
            strings.push(string);
        }
        Some(strings)
    }

    fn next_part(&mut self) -> Option<()> {
        self.rest = self.parts.next()?;
        Some(())
    }

    /// So many bytes that do not lie across two records.
    fn bytes(&mut self, len: usize) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            self.next_part()?;
        }
        let (now, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(now)
    }

    fn skip(&mut self, mut len: usize) -> Option<()> {
        while len > self.rest.len() {
            len = len.checked_sub(self.rest.len())?;
            self.next_part()?;
        }
        self.rest = self.rest.get(len..)?;
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        let head = self.bytes(3)?;
        let (mut left, flags) = (usize::from(u16_at(head, 0)?), *head.get(2)?);
        let (rich, spoken) = (flags & 8 != 0, flags & 4 != 0);
        let runs = if rich { usize::from(u16_at(self.bytes(2)?, 0)?) } else { 0 };
        let extra = if spoken { usize::try_from(u32_at(self.bytes(4)?, 0)?).ok()? } else { 0 };
        let (mut text, mut wide) = (String::new(), flags & 1 == 1);
        loop {
            let (read, bytes) = letters(self.rest, wide, left, &mut text);
            left = left.checked_sub(read)?;
            self.rest = self.rest.get(bytes..)?;
            if left == 0 {
                break;
            }
            // goes on in the next record, which says anew how wide its letters are
            self.next_part()?;
            wide = self.bytes(1)?.first()? & 1 == 1;
        }
        self.skip(runs.checked_mul(4)?.checked_add(extra)?)?;
        Some(text)
    }
}
