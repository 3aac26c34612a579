//! Word and Excel since 2007: an archive whose list of content types says what it is.

use std::{
    collections::BTreeSet,
    io::{self, Read, Seek},
};

use super::{Content, FileFault, Format, Sight, source::Source, zip};

const TYPES: &str = "[Content_Types].xml";
const TYPES_MAX: u64 = 1024 * 1024;

/// Main parts, and whether macros belong to them.
const MAINS: &[(&str, Format)] = &[
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        Format::Docx,
    ),
    ("application/vnd.ms-word.document.macroenabled.main+xml", Format::Docx),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", Format::Xlsx),
    ("application/vnd.ms-excel.sheet.macroenabled.main+xml", Format::Xlsx),
];

/// In a content type's name: macros of Word and Excel, of a document inside, and Excel's old kind.
const MACROS: &[&str] = &["macroenabled", "vbaproject", "macrosheet"];

pub(super) fn look<R: Read + Seek>(source: &mut Source<R>) -> Sight {
    examine(source).unwrap_or(Sight::Unfit(&[Format::Docx, Format::Xlsx], FileFault::Truncated))
}

fn examine<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Sight> {
    let entries = zip::entries(source)?;
    let holds = |name: &str| entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name));
    let Some(types) = entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(TYPES)) else {
        let open_document = holds("mimetype") && holds("META-INF/manifest.xml");
        let content = if open_document { Content::OpenDocument } else { Content::Zip };
        return Ok(Sight::Other(Some(content)));
    };
    let types = types.read(source, TYPES_MAX)?;
    let types = String::from_utf8_lossy(&types);
    let endings: BTreeSet<String> = entries
        .iter()
        .filter_map(|entry| Some(entry.name.rsplit_once('.')?.1.to_ascii_lowercase()))
        .collect();
    // a type for an ending that no part has declares nothing: some programs (SheetJS) list more than they use
    let is_used =
        |ending: &str| ending.contains('&') || endings.contains(&ending.to_ascii_lowercase());
    let declared: Vec<(String, Option<&str>)> = types
        .split('<')
        .filter(|element| attribute(element, "Extension").is_none_or(is_used))
        .filter_map(|element| {
            let content_type = attribute(element, "ContentType")?.to_ascii_lowercase();
            Some((content_type, attribute(element, "PartName")))
        })
        .collect();
    let mut found = None;
    let mut complete = true;
    for (content_type, part) in &declared {
        let Some((_, format)) = MAINS.iter().find(|(main, _)| main == content_type) else {
            continue;
        };
        if found.is_some_and(|found| found != *format) {
            return Ok(Sight::Other(None));
        }
        found = Some(*format);
        complete &= part.is_none_or(|part| holds(part.trim_start_matches('/')));
    }
    let formats: &'static [Format] = match found {
        Some(Format::Docx) => &[Format::Docx],
        Some(Format::Xlsx) => &[Format::Xlsx],
        // PowerPoint, a template, Excel's binary kind
        _ => return Ok(Sight::Other(None)),
    };
    let macros = declared.iter().any(|(name, _)| MACROS.iter().any(|sign| name.contains(sign)))
        || entries.iter().any(|entry| entry.name.to_ascii_lowercase().ends_with("vbaproject.bin"));
    Ok(match formats {
        _ if macros => Sight::Unfit(formats, FileFault::Macros),
        [format] if complete => Sight::Whole(*format),
        _ => Sight::Unfit(formats, FileFault::Truncated),
    })
}

/// An attribute's value, as machines write them: the list has no entities in what is asked for here.
fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = element.split_once(name)?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    rest.strip_prefix(quote)?.split(quote).next()
}
