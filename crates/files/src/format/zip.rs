//! The list of contents of a zip archive, and one small part of it.
//!
//! Written here because a general reader loads as many entries as the archive claims and forgives
//! much of what makes it incomplete.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;

use super::{broken, source::Source, u16_at, u32_at};

pub(crate) const SIGNATURE: &[u8] = b"PK\x03\x04";
const ENTRY: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";

const LOCAL_LEN: usize = 30;
const ENTRY_LEN: usize = 46;
const END_LEN: usize = 22;
const COMMENT_MAX: u64 = 0xffff;
/// The real size stands in an extra field.
const ELSEWHERE: u32 = 0xffff_ffff;

/// No document has more parts.
const ENTRIES_MAX: u16 = 20_000;
const LIST_MAX: u64 = 8 * 1024 * 1024;

pub(crate) struct Entry {
    pub(crate) name: String,
    method: u16,
    encrypted: bool,
    packed: u64,
    at: u64,
}

/// All entries of a whole archive; an error if it is cut off.
pub(crate) fn entries<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Vec<Entry>> {
    let tail_at = source.len().saturating_sub(END_LEN as u64 + COMMENT_MAX);
    let tail = source.window(tail_at, END_LEN as u64 + COMMENT_MAX)?;
    let mut rest = tail.as_slice();
    // the last end record whose list lies before it: an archive inside may have one of its own
    while let Some(at) = super::last_position(rest, END) {
        if let Some((list_at, list_len, count)) = end(&tail, at)
            && list_at + list_len <= tail_at + at as u64
        {
            if count > ENTRIES_MAX || list_len > LIST_MAX {
                return Err(broken());
            }
            let list = source.window(list_at, list_len)?;
            return list_of(&list, count, list_at).ok_or_else(broken);
        }
        rest = rest.get(..at).unwrap_or_default();
    }
    Err(broken())
}

fn end(tail: &[u8], at: usize) -> Option<(u64, u64, u16)> {
    let record = tail.get(at..at + END_LEN)?;
    Some((u32_at(record, 16)?.into(), u32_at(record, 12)?.into(), u16_at(record, 10)?))
}

fn list_of(list: &[u8], count: u16, list_at: u64) -> Option<Vec<Entry>> {
    let mut rest = list;
    let mut entries = Vec::new();
    for _ in 0..count {
        let record = rest.strip_prefix(ENTRY).and_then(|_| rest.get(..ENTRY_LEN))?;
        let name_len = usize::from(u16_at(record, 28)?);
        let more = usize::from(u16_at(record, 30)?) + usize::from(u16_at(record, 32)?);
        let name = rest.get(ENTRY_LEN..ENTRY_LEN + name_len)?;
        let packed = u32_at(record, 20)?;
        let entry = Entry {
            name: String::from_utf8_lossy(name).into_owned(),
            method: u16_at(record, 10)?,
            encrypted: u16_at(record, 8)? & 1 == 1,
            packed: if packed == ELSEWHERE { 0 } else { packed.into() },
            at: u32_at(record, 42)?.into(),
        };
        // bytes that are gone from the middle show as parts that reach into the list
        if entry.at + (LOCAL_LEN + name_len) as u64 + entry.packed > list_at {
            return None;
        }
        entries.push(entry);
        rest = rest.get(ENTRY_LEN + name_len + more..)?;
    }
    Some(entries)
}

impl Entry {
    /// The first `most` bytes of what the entry holds.
    pub(crate) fn read<R: Read + Seek>(
        &self,
        source: &mut Source<R>,
        most: u64,
    ) -> io::Result<Vec<u8>> {
        let local = source.window(self.at, LOCAL_LEN as u64)?;
        let names = || Some((u16_at(&local, 26)?, u16_at(&local, 28)?));
        let (Some((name, extra)), false) = (names(), self.encrypted) else { return Err(broken()) };
        if !local.starts_with(SIGNATURE) {
            return Err(broken());
        }
        source.seek(SeekFrom::Current(i64::from(name) + i64::from(extra)))?;
        let mut bytes = Vec::new();
        match self.method {
            0 => source.by_ref().take(self.packed.min(most)).read_to_end(&mut bytes)?,
            8 => DeflateDecoder::new(source.by_ref()).take(most).read_to_end(&mut bytes)?,
            _ => return Err(broken()),
        };
        Ok(bytes)
    }
}
