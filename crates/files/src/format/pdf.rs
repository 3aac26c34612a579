//! PDF: whole from header to end mark, and not encrypted.
//!
//! Only the newest trailer is read, as viewers do: an update must repeat what the trailer before it
//! said. The page content is never looked at, so words in it decide nothing.

use std::{
    borrow::Cow,
    io::{self, Read, Seek},
};

use super::{FileFault, Format, Sight, last_position, position, source::Source};

pub(super) const HEADER: &[u8] = b"%PDF-";
const END: &[u8] = b"%%EOF";
const START: &[u8] = b"startxref";
const TRAILER: &[u8] = b"trailer";

/// Padding and what mail programs add after the end.
const TAIL: u64 = 64 * 1024;
/// How far from the end, padding apart, the end mark may stand.
const END_WITHIN: usize = 1024;
/// The longest trailer.
const DICTIONARY_MAX: u64 = 64 * 1024;
const BLOCK: u64 = 64 * 1024;

pub(super) fn look<R: Read + Seek>(source: &mut Source<R>, header_at: u64) -> Sight {
    match examine(source, header_at) {
        Ok(Some(trailer)) if trailer.encrypt => Sight::Unfit(&[Format::Pdf], FileFault::Encrypted),
        Ok(Some(trailer)) if trailer.root => Sight::Whole(Format::Pdf),
        _ => Sight::Unfit(&[Format::Pdf], FileFault::Truncated),
    }
}

/// The newest trailer, if the file reaches its end.
fn examine<R: Read + Seek>(
    source: &mut Source<R>,
    header_at: u64,
) -> io::Result<Option<Dictionary>> {
    let tail_at = source.len().saturating_sub(TAIL);
    let tail = source.window(tail_at, TAIL)?;
    let Some((start_at, table_at)) = start(&tail) else { return Ok(None) };
    // what lies after its own mention, or nowhere, has been cut away
    if table_at == 0 || table_at >= tail_at + start_at as u64 {
        return Ok(None);
    }
    // places are counted from the header by some writers, from the file's start by others
    for at in [Some(table_at), table_at.checked_add(header_at)].into_iter().flatten() {
        if let Some(trailer) = section(source, at)?.filter(|found| found.root) {
            return Ok(Some(trailer));
        }
    }
    repaired(source)
}

/// Where `startxref` stands in the tail, and the place that it names.
fn start(tail: &[u8]) -> Option<(usize, u64)> {
    let padding = |byte: &u8| matches!(byte, 0 | b'\t' | b'\n' | b'\r' | b' ');
    let len = tail.iter().rposition(|byte| !padding(byte))? + 1;
    let end = last_position(tail.get(..len)?, END)?;
    let after = tail.get(end..len)?;
    // an object after the end mark begins an update that was cut off
    if after.len() > END_WITHIN || position(after, b" obj").is_some() {
        return None;
    }
    let start = last_position(tail.get(..end)?, START)?;
    let mut rest = tail.get(start + START.len()..end)?;
    match token(&mut rest)? {
        Token::Word(digits) => Some((start, std::str::from_utf8(digits).ok()?.parse().ok()?)),
        _ => None,
    }
}

/// The trailer of the cross-reference table or stream at a place.
fn section<R: Read + Seek>(source: &mut Source<R>, at: u64) -> io::Result<Option<Dictionary>> {
    let window = source.window(at, DICTIONARY_MAX)?;
    let mut rest = window.as_slice();
    let mut words = || token(&mut rest);
    match (words(), words(), words()) {
        (Some(Token::Word(b"xref")), ..) => {
            let Some(trailer) = find(source, at, TRAILER)? else { return Ok(None) };
            trailer_at(source, trailer)
        }
        (Some(Token::Word(_)), Some(Token::Word(_)), Some(Token::Word(b"obj"))) => {
            Ok(dictionary(rest).filter(|found| found.cross_reference))
        }
        _ => Ok(None),
    }
}

/// For a file whose end names a wrong place, as careless programs write: the last trailer there is.
fn repaired<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<Dictionary>> {
    let (mut newest, mut from) = (None, 0);
    while let Some(at) = find(source, from, TRAILER)? {
        newest = trailer_at(source, at)?.filter(|found| found.root).or(newest);
        from = at + TRAILER.len() as u64;
    }
    Ok(newest)
}

fn trailer_at<R: Read + Seek>(source: &mut Source<R>, at: u64) -> io::Result<Option<Dictionary>> {
    Ok(dictionary(&source.window(at + TRAILER.len() as u64, DICTIONARY_MAX)?))
}

/// Where `needle` next stands.
fn find<R: Read + Seek>(
    source: &mut Source<R>,
    from: u64,
    needle: &[u8],
) -> io::Result<Option<u64>> {
    let mut at = from;
    loop {
        let block = source.window(at, BLOCK)?;
        if let Some(found) = position(&block, needle) {
            return Ok(Some(at + found as u64));
        }
        if (block.len() as u64) < BLOCK {
            return Ok(None);
        }
        // a needle may lie across two blocks
        at += BLOCK - needle.len() as u64;
    }
}

/// What matters here of a trailer.
#[derive(Default, Clone, Copy)]
struct Dictionary {
    encrypt: bool,
    root: bool,
    cross_reference: bool,
}

enum Token<'a> {
    Open,
    Close,
    Name(Cow<'a, [u8]>),
    Word(&'a [u8]),
    Text,
}

/// Reads one whole dictionary; its entries count only at the outermost depth.
fn dictionary(bytes: &[u8]) -> Option<Dictionary> {
    let mut rest = bytes;
    let Some(Token::Open) = token(&mut rest) else { return None };
    let mut found = Dictionary::default();
    let mut depth = 1_u32;
    let mut key: Option<Cow<'_, [u8]>> = None;
    while depth > 0 {
        let next = token(&mut rest)?;
        if depth == 1 {
            match (key.take(), &next) {
                (None, Token::Name(name)) => key = Some(name.clone()),
                (None, _) | (Some(_), Token::Close) => {}
                (Some(name), value) => {
                    let null = matches!(value, Token::Word(b"null"));
                    match name.as_ref() {
                        b"Encrypt" => found.encrypt |= !null,
                        b"Root" => found.root |= !null,
                        b"Type" => {
                            let kind = matches!(value, Token::Name(kind) if **kind == *b"XRef");
                            found.cross_reference |= kind;
                        }
                        _ => {}
                    }
                }
            }
        }
        match next {
            Token::Open => depth += 1,
            Token::Close => depth -= 1,
            _ => {}
        }
    }
    Some(found)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    b"()<>[]{}/%".contains(&byte)
}

/// Takes the next token off the front. Arrays open and close as dictionaries do: only depth counts.
fn token<'a>(rest: &mut &'a [u8]) -> Option<Token<'a>> {
    loop {
        let (&first, after) = rest.split_first()?;
        match first {
            b'%' => {
                let line = after.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
                *rest = after.get(line..)?;
            }
            b'<' | b'>' if after.first() == Some(&first) => {
                *rest = after.get(1..)?;
                return Some(if first == b'<' { Token::Open } else { Token::Close });
            }
            b'<' => {
                let end = after.iter().position(|byte| *byte == b'>')?;
                *rest = after.get(end + 1..)?;
                return Some(Token::Text);
            }
            b'(' => {
                *rest = after_text(after)?;
                return Some(Token::Text);
            }
            b'[' | b'{' => {
                *rest = after;
                return Some(Token::Open);
            }
            b']' | b'}' => {
                *rest = after;
                return Some(Token::Close);
            }
            b'/' => return Some(Token::Name(unescaped(word(rest, after)))),
            byte if is_space(byte) || is_delimiter(byte) => *rest = after,
            _ => return Some(Token::Word(word(rest, rest))),
        }
    }
}

/// Takes a run of regular characters.
fn word<'a>(rest: &mut &'a [u8], from: &'a [u8]) -> &'a [u8] {
    let end = from.iter().position(|byte| is_space(*byte) || is_delimiter(*byte));
    let (word, after) = from.split_at_checked(end.unwrap_or(from.len())).unwrap_or((from, &[]));
    *rest = after;
    word
}

/// What follows a string in parentheses, which may hold others.
fn after_text(mut rest: &[u8]) -> Option<&[u8]> {
    let mut depth = 1_u32;
    while depth > 0 {
        let (first, after) = rest.split_first()?;
        rest = after;
        match first {
            b'\\' => rest = rest.get(1..)?,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
    }
    Some(rest)
}

/// A name with `#41` read as `A`: an encrypted file must not pass for its spelling.
fn unescaped(name: &[u8]) -> Cow<'_, [u8]> {
    if !name.contains(&b'#') {
        return Cow::Borrowed(name);
    }
    let mut plain = Vec::new();
    let mut rest = name;
    while let Some((&first, after)) = rest.split_first() {
        let code = (first == b'#')
            .then(|| std::str::from_utf8(after.get(..2)?).ok())
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        plain.push(code.unwrap_or(first));
        rest = if code.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    Cow::Owned(plain)
}
