//! Word documents that the program makes itself.

use std::{
    borrow::Cow,
    io::{self, Write as _},
};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"rels\" \
    ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
    <Override PartName=\"/word/document.xml\" ContentType=\"application/\
    vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
const RELATIONS: &str = "<Relationships \
    xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/\
    relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";

/// A Word document of plain text, a paragraph a line.
pub fn docx(text: &str) -> io::Result<Vec<u8>> {
    let mut body = String::from(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:body>",
    );
    for line in text.lines() {
        body.push_str("<w:p><w:r><w:t xml:space=\"preserve\">");
        body.extend(line.chars().filter(|c| is_xml(*c)).map(escaped));
        body.push_str("</w:t></w:r></w:p>");
    }
    body.push_str("</w:body></w:document>");
    let mut archive = ZipWriter::new(io::Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let parts =
        [("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", &body)];
    for (name, xml) in parts {
        archive.start_file(name, stored)?;
        archive.write_all(XML.as_bytes())?;
        archive.write_all(xml.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

/// XML 1.0 has no place for most control characters, not even escaped.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | ' '..='\u{fffd}' | '\u{10000}'..)
}

fn escaped(c: char) -> Cow<'static, str> {
    match c {
        '&' => "&amp;".into(),
        '<' => "&lt;".into(),
        '>' => "&gt;".into(),
        c => c.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use behorig_domain::documents::Format;

    use super::*;
    use crate::format::{DEFAULT_MAX_BYTES, check};

    #[test]
    fn any_text_becomes_a_document_that_is_taken() {
        for text in ["", "Hej!\n\nTvå & <en> till.", "\u{0}\u{b}\u{feff}\u{fffe}😀", "a\r\nb"] {
            let document = docx(text).unwrap();
            let len = document.len() as u64;
            let checked = check("x.docx", io::Cursor::new(document), len, DEFAULT_MAX_BYTES);
            assert_eq!(checked.unwrap(), Ok(Format::Docx), "{text:?}");
        }
    }
}
