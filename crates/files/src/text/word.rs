//! Word since 2007: the main text, then its notes.

use std::io::{self, Read, Seek};

use super::{
    Out,
    xml::{Piece, walk},
};
use crate::format::{broken, source::Source, zip};

const MAIN: &str = "word/document.xml";
/// Below the main text, as on the printed page.
const NOTES: [&str; 2] = ["word/footnotes.xml", "word/endnotes.xml"];

pub(super) fn read<R: Read + Seek>(source: &mut Source<R>, out: &mut Out) -> io::Result<()> {
    let entries = zip::entries(source)?;
    let named = |name: &str| entries.iter().find(|it| it.name.eq_ignore_ascii_case(name));
    // some programs number the main part
    let numbered =
        || entries.iter().find(|it| it.name.starts_with("word/document") && is_xml(&it.name));
    let main = named(MAIN).or_else(numbered).ok_or_else(broken)?;
    for entry in std::iter::once(main).chain(NOTES.into_iter().filter_map(named)) {
        let part = out.part(source, entry)?;
        paragraphs(&part, out)?;
        if out.is_full() {
            break;
        }
    }
    Ok(())
}

fn is_xml(name: &str) -> bool {
    name.ends_with(".xml")
}

fn paragraphs(part: &[u8], out: &mut Out) -> io::Result<()> {
    let (mut in_text, mut fallback, mut cells) = (false, 0_u32, 0_u32);
    walk(part, |piece| {
        match piece {
            // the same once more, for programs that do not know what stands before it
            Piece::Start("Fallback", _) => fallback = fallback.saturating_add(1),
            Piece::End("Fallback") => fallback = fallback.saturating_sub(1),
            _ if fallback > 0 => {}
            Piece::Start("t", _) => in_text = true,
            Piece::End("t") => in_text = false,
            Piece::Text(text) if in_text => out.push(text),
            Piece::Start("tab", _) => out.push_char('\t'),
            Piece::Start("br" | "cr", _) => out.push_char('\n'),
            Piece::Start("noBreakHyphen", _) => out.push_char('-'),
            Piece::Start("tc", _) => cells = cells.saturating_add(1),
            Piece::End("tc") => {
                cells = cells.saturating_sub(1);
                out.push_char('\t');
            }
            Piece::End("tr") => out.end_line(),
            // the paragraphs of a cell stay on its line
            Piece::End("p") if cells > 0 => out.push_char(' '),
            Piece::End("p") => out.end_line(),
            _ => {}
        }
        Ok(!out.is_full())
    })
}
