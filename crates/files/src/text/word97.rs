//! Word before 2007: the main text, put together from its pieces.
//!
//! Offsets are those of the [MS-DOC] description: the header (FIB) names where the table of pieces lies in the
//! table stream; each piece is a run of characters, of one or two bytes, in the main stream.

use std::io::{self, Read, Seek, SeekFrom};

use cfb::CompoundFile;

use super::{Out, PART_MAX};
use crate::format::{broken, source::Source, u16_at, u32_at};

/// In the header: flags, where the lengths begin, and in the list of places the one of the pieces.
const FLAGS: usize = 10;
const SECOND_TABLE: u16 = 0x0200;
const PIECES: usize = 0x01a2;
/// Before the pieces stand changes of form, each with this mark; the pieces have the other.
const CHANGE: u8 = 1;
const TABLE: u8 = 2;
/// Characters of one byte; their place is told twice over.
const NARROW: u32 = 0x4000_0000;

pub(super) fn read<R: Read + Seek>(source: &mut Source<R>, out: &mut Out) -> io::Result<()> {
    let mut file = CompoundFile::open(source)?;
    let mut head = vec![0; PIECES + 8];
    let mut main = file.open_stream("/WordDocument")?;
    main.read_exact(&mut head)?;
    drop(main);
    let flags = u16_at(&head, FLAGS).ok_or_else(broken)?;
    let name = if flags & SECOND_TABLE == 0 { "/0Table" } else { "/1Table" };
    let (at, len) = u32_at(&head, PIECES).zip(u32_at(&head, PIECES + 4)).ok_or_else(broken)?;
    let mut table = Vec::new();
    let mut stream = file.open_stream(name)?;
    stream.seek(SeekFrom::Start(at.into()))?;
    stream.take(u64::from(len).min(PART_MAX)).read_to_end(&mut table)?;
    let mut main = file.open_stream("/WordDocument")?;
    let mut reading = Reading::default();
    for piece in pieces(&table).ok_or_else(broken)? {
        let mut bytes = Vec::new();
        main.seek(SeekFrom::Start(piece.at))?;
        main.by_ref().take(piece.bytes()).read_to_end(&mut bytes)?;
        piece.characters(&bytes, |c| reading.take(c, out));
        // many pieces may say that they are the same run, or hold nothing that is kept
        out.offer(bytes.len().max(1));
        if out.is_full() {
            break;
        }
    }
    Ok(())
}

struct Piece {
    at: u64,
    characters: u64,
    narrow: bool,
}

/// The pieces of a table: their bounds in characters, one more than there are, then eight bytes each.
fn pieces(table: &[u8]) -> Option<Vec<Piece>> {
    let mut rest = table;
    while *rest.first()? == CHANGE {
        let len = usize::from(u16_at(rest, 1)?);
        rest = rest.get(3_usize.checked_add(len)?..)?;
    }
    let len = usize::try_from(u32_at(rest, 1)?).ok()?;
    if *rest.first()? != TABLE {
        return None;
    }
    let list = rest.get(5..5_usize.checked_add(len)?)?;
    let count = list.len().checked_sub(4)? / 12;
    let bound = |index: usize| u32_at(list, index.checked_mul(4)?);
    let described = count.checked_add(1)?.checked_mul(4)?;
    (0..count)
        .map(|index| {
            let place =
                u32_at(list, described.checked_add(index.checked_mul(8)?)?.checked_add(2)?)?;
            let narrow = place & NARROW != 0;
            let at = u64::from(place & !NARROW);
            let characters = bound(index.checked_add(1)?)?.checked_sub(bound(index)?)?;
            Some(Piece {
                at: if narrow { at / 2 } else { at },
                characters: characters.into(),
                narrow,
            })
        })
        .collect()
}

impl Piece {
    fn bytes(&self) -> u64 {
        self.characters.saturating_mul(if self.narrow { 1 } else { 2 }).min(PART_MAX)
    }

    fn characters(&self, bytes: &[u8], mut each: impl FnMut(char)) {
        if self.narrow {
            bytes.iter().copied().map(western).for_each(each);
        } else {
            let pairs = bytes.as_chunks::<2>().0.iter().copied().map(u16::from_le_bytes);
            for c in char::decode_utf16(pairs) {
                each(c.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
    }
}

/// What Word's marks mean. What a field was made of is not its text.
#[derive(Default)]
struct Reading {
    /// Fields that stand in each other, a bit each and the innermost last; set until its text has begun.
    /// Of more than 64 the outermost are forgotten.
    fields: u64,
}

impl Reading {
    fn take(&mut self, c: char, out: &mut Out) {
        match c {
            '\u{13}' => self.fields = (self.fields << 1) | 1,
            '\u{14}' => self.fields &= !1,
            '\u{15}' => self.fields >>= 1,
            _ if self.fields != 0 => {}
            '\r' | '\u{b}' | '\u{c}' => out.end_line(),
            // the end of a cell, and of a row
            '\u{7}' => out.push_char('\t'),
            '\u{1e}' => out.push_char('-'),
            _ => out.push_char(c),
        }
    }
}

/// A character of Windows' western table.
pub(super) fn western(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    let high = byte.checked_sub(0x80).and_then(|at| HIGH.get(usize::from(at)));
    high.copied().unwrap_or(char::from(byte))
}
