//! The plain text of an Office document, for whoever reads it without the program that made it.
//!
//! Text alone: no pictures, no formulas, no links that are followed, nothing that a document embeds. What is
//! read and what comes of it are both bounded, whatever an archive claims to hold.

mod sheet;
mod word;
mod word97;
mod xls;
mod xml;

use std::io::{self, Read, Seek};

use behorig_domain::documents::Format;

use crate::format::{source::Source, zip::Entry};

/// The longest text that is given, in bytes.
const TEXT_MAX: usize = 2_000_000;
/// The most characters that are looked at for it: those that are not kept take their time too.
const OFFERED_MAX: usize = 8_000_000;
/// The largest part of an archive that is unpacked, in bytes. Tests reach it without waiting.
const PART_MAX: u64 = if cfg!(test) { 4 } else { 32 } * 1024 * 1024;
/// The most bytes that the sheets of a workbook unpack to.
const UNPACKED_MAX: usize = 128 * 1024 * 1024;

/// What stands in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainText {
    /// Its paragraphs or rows, one a line; cells stand between tabs.
    pub text: String,
    /// Whether there is more than is given here.
    pub cut: bool,
}

/// Reads the text of a file of `len` bytes. `None` if it is no Office document that can be read, or a PDF,
/// which is drawn; the error is that of `bytes` alone.
pub fn plain_text(
    format: Format,
    bytes: impl Read + Seek,
    len: u64,
) -> io::Result<Option<PlainText>> {
    let mut source = Source::new(bytes, len);
    let mut out = Out::default();
    let read = match format {
        Format::Docx => word::read(&mut source, &mut out),
        Format::Xlsx => sheet::read(&mut source, &mut out),
        Format::Doc => word97::read(&mut source, &mut out),
        Format::Xls => xls::read(&mut source, &mut out),
        Format::Pdf => return Ok(None),
    };
    source.fault()?;
    // what was read before the damage is better than nothing, if it says that it is not all
    out.cut |= read.is_err();
    Ok((read.is_ok() || !out.text.trim().is_empty()).then(|| out.finish()))
}

/// The text as it grows, up to its limit.
#[derive(Default)]
struct Out {
    text: String,
    /// How many characters have been offered, kept or not.
    offered: usize,
    /// Nothing more is taken.
    full: bool,
    cut: bool,
}

impl Out {
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if self.full {
                break;
            }
            self.push_char(c);
        }
    }

    /// What stands in a cell: on one line.
    fn push_cell(&mut self, text: &str) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.push_char(' ');
            }
            self.push(line);
            if self.full {
                break;
            }
        }
    }

    fn push_char(&mut self, c: char) {
        self.offer(1);
        if self.full || self.text.len().saturating_add(c.len_utf8()) > TEXT_MAX {
            self.fill();
        } else if matches!(c, '\t' | '\n') || !c.is_control() {
            self.text.push(c);
        }
    }

    fn end_line(&mut self) {
        let kept = self.text.trim_end_matches([' ', '\t']).len();
        self.text.truncate(kept);
        self.push_char('\n');
    }

    /// So much has been looked at, whatever came of it.
    fn offer(&mut self, characters: usize) {
        self.offered = self.offered.saturating_add(characters);
        if self.offered > OFFERED_MAX {
            self.fill();
        }
    }

    /// Takes nothing more, though there is more.
    fn fill(&mut self) {
        (self.full, self.cut) = (true, true);
    }

    /// Whether nothing more is taken.
    fn is_full(&self) -> bool {
        self.full
    }

    /// A part of an archive. If it is too large it ends after one of its elements, so that it can be read.
    fn part<R: Read + Seek>(
        &mut self,
        source: &mut Source<R>,
        entry: &Entry,
    ) -> io::Result<Vec<u8>> {
        let mut part = entry.read(source, PART_MAX)?;
        if part.len() as u64 == PART_MAX {
            self.cut = true;
            let whole = part.iter().rposition(|byte| *byte == b'>');
            part.truncate(whole.map_or(0, |at| at.saturating_add(1)));
        }
        Ok(part)
    }

    fn finish(self) -> PlainText {
        let mut text = String::new();
        let mut empty = 0_u32;
        for line in self.text.lines() {
            let line = line.trim_end();
            empty = if line.is_empty() { empty.saturating_add(1) } else { 0 };
            // pages of nothing say nothing
            if empty < 3 && !(line.is_empty() && text.is_empty()) {
                text.push_str(line);
                text.push('\n');
            }
        }
        text.truncate(text.trim_end().len());
        PlainText { text, cut: self.cut }
    }
}

#[cfg(test)]
mod tests;
