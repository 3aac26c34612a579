//! Whether a file is one of the five formats that are taken, judged by its content.
//!
//! The name is only held against the content: it never makes a file into something. A refusal is an
//! answer; the only error is that the bytes could not be read.

mod ole;
mod ooxml;
mod pdf;
pub(crate) mod source;
pub(crate) mod zip;

use std::io::{self, Read, Seek};

use behorig_domain::documents::{Content, FileFault, Format};

use source::Source;

/// The largest file that is taken unless a service says otherwise, in bytes.
pub const DEFAULT_MAX_BYTES: u64 = 50_000_000;

/// A PDF may have this much before its header, as mail programs and web servers put there.
const PDF_JUNK_MAX: usize = 1024;

/// What the content alone tells.
enum Sight {
    Whole(Format),
    /// One of these formats, but not to be taken.
    Unfit(&'static [Format], FileFault),
    Other(Option<Content>),
}

/// Judges a file of `len` bytes by its content.
///
/// Little of it is held in memory at a time, archives are never unpacked, and the reading is bounded
/// by a small multiple of `len` however the bytes lie. The outer error is that of `bytes` alone.
pub fn check(
    name: &str,
    bytes: impl Read + Seek,
    len: u64,
    max: u64,
) -> io::Result<Result<Format, FileFault>> {
    if len == 0 {
        return Ok(Err(FileFault::Empty));
    }
    if len > max {
        return Ok(Err(FileFault::TooLarge { bytes: len, max }));
    }
    let mut source = Source::new(bytes, len);
    let sight = look(&mut source);
    source.fault()?;
    Ok(judge(Format::claimed_by(name), sight))
}

fn judge(claimed: Option<Format>, sight: Sight) -> Result<Format, FileFault> {
    let found = match (sight, claimed) {
        (Sight::Whole(format), None) => return Ok(format),
        (Sight::Whole(format), Some(claimed)) if format == claimed => return Ok(format),
        (Sight::Whole(format), _) => Some(format.into()),
        (Sight::Unfit(formats, refused), Some(claimed)) if formats.contains(&claimed) => {
            return Err(refused);
        }
        // what is damaged beyond telling may be anything, so only its name makes it one of ours
        (Sight::Unfit([_, _, ..], FileFault::Truncated), None) => None,
        (Sight::Unfit(_, refused), None) => return Err(refused),
        (Sight::Unfit([format], _), _) => Some((*format).into()),
        (Sight::Unfit(..), _) => None,
        (Sight::Other(found), _) => found,
    };
    Err(match claimed {
        Some(claimed) => FileFault::Disguised { claimed, found },
        None => FileFault::UnknownFormat { found },
    })
}

fn look<R: Read + Seek>(source: &mut Source<R>) -> Sight {
    // only the reader itself can fail here, and then nobody asks what was seen
    let head = source.window(0, (PDF_JUNK_MAX + pdf::HEADER.len()) as u64).unwrap_or_default();
    if head.starts_with(zip::SIGNATURE) {
        ooxml::look(source)
    } else if head.starts_with(ole::SIGNATURE) {
        ole::look(source)
    } else if let Some(other) = other(&head) {
        // before PDF, since a program or picture may hold that header a little way in
        Sight::Other(Some(other))
    } else if let Some(at) = position(&head, pdf::HEADER) {
        pdf::look(source, at as u64)
    } else {
        Sight::Other(None)
    }
}

/// What people pick by mistake, known by how it begins.
fn other(head: &[u8]) -> Option<Content> {
    const SIGNATURES: &[(&[u8], Content)] = &[
        (b"\xff\xd8\xff", Content::Jpeg),
        (b"\x89PNG\r\n\x1a\n", Content::Png),
        (b"GIF8", Content::Gif),
        (b"II*\0", Content::Tiff),
        (b"MM\0*", Content::Tiff),
        (b"MZ", Content::Executable),
        (b"\x7fELF", Content::Executable),
        (b"{\\rtf", Content::Rtf),
    ];
    let known = SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature));
    if let Some((_, content)) = known {
        return Some(*content);
    }
    if matches!(head.get(4..12), Some(b"ftypheic" | b"ftypheix" | b"ftypmif1" | b"ftypmsf1")) {
        return Some(Content::Heic);
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let html = [&b"<!doctype html"[..], b"<html"].into_iter().any(|start| {
        text.get(..start.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(start))
    });
    html.then_some(Content::Html)
}

/// Where `needle` first stands.
fn position(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

/// Where `needle` last stands.
fn last_position(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).rposition(|window| window == needle)
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The error of a structure that does not hold together; it never leaves this crate.
pub(crate) fn broken() -> io::Error {
    io::ErrorKind::InvalidData.into()
}
