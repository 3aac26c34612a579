//! Samples that are zip archives.

use std::io::Write as _;

use flate2::{Compression, Crc, write::DeflateEncoder};

const WORD: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const WORD_MACROS: &str = "application/vnd.ms-word.document.macroEnabled.main+xml";
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
const EXCEL_MACROS: &str = "application/vnd.ms-excel.sheet.macroEnabled.main+xml";
const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// A Word document with one paragraph.
pub fn docx(text: &str) -> Vec<u8> {
    zip(&word(WORD, text))
}

/// The same, with the list of content types last, as some programs write.
pub fn docx_types_last(text: &str) -> Vec<u8> {
    let mut parts = word(WORD, text);
    parts.rotate_left(1);
    zip(&parts)
}

/// A Word document with macros.
pub fn docm() -> Vec<u8> {
    let mut parts = word(WORD_MACROS, "Makron");
    parts.push(("word/vbaProject.bin".into(), vec![0; 64]));
    zip(&parts)
}

/// A workbook with one sheet and text in its first cell.
pub fn xlsx(text: &str) -> Vec<u8> {
    zip(&excel(EXCEL, text))
}

/// A workbook with macros.
pub fn xlsm() -> Vec<u8> {
    let mut parts = excel(EXCEL_MACROS, "Makron");
    parts.push(("xl/vbaProject.bin".into(), vec![0; 64]));
    zip(&parts)
}

/// A workbook that names types for endings which it does not use, among them one of macros, as SheetJS does.
pub fn xlsx_many_types(text: &str) -> Vec<u8> {
    zip(&with_binary_type(excel(EXCEL, text)))
}

/// The same, with a part of that ending.
pub fn xlsm_by_ending() -> Vec<u8> {
    let mut parts = with_binary_type(excel(EXCEL, "Makron"));
    parts.push(("xl/code.BIN".into(), vec![0; 64]));
    zip(&parts)
}

fn with_binary_type(mut parts: Vec<Part>) -> Vec<Part> {
    let binary = r#"<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/><Override"#;
    for (_, types) in parts.iter_mut().filter(|(name, _)| name == "[Content_Types].xml") {
        *types = String::from_utf8_lossy(types).replacen("<Override", binary, 1).into_bytes();
    }
    parts
}

/// A LibreOffice document.
pub fn opendocument() -> Vec<u8> {
    zip(&[
        ("mimetype".into(), b"application/vnd.oasis.opendocument.text".to_vec()),
        ("content.xml".into(), b"<x/>".to_vec()),
        ("META-INF/manifest.xml".into(), b"<x/>".to_vec()),
    ])
}

type Part = (String, Vec<u8>);

fn part(name: &str, xml: &str) -> Part {
    (name.to_owned(), format!("{XML}{xml}").into_bytes())
}

fn types(parts: &[(&str, &str)]) -> Part {
    let parts: String = parts
        .iter()
        .map(|(name, kind)| format!(r#"<Override PartName="/{name}" ContentType="{kind}"/>"#))
        .collect();
    let xml = format!(
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{parts}</Types>"#
    );
    part("[Content_Types].xml", &xml)
}

fn related(name: &str, kind: &str, target: &str) -> Part {
    let xml = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{RELATED}/{kind}" Target="{target}"/></Relationships>"#
    );
    part(name, &xml)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn word(main: &str, text: &str) -> Vec<Part> {
    let text = escaped(text);
    let document = format!(
        r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"#
    );
    vec![
        types(&[("word/document.xml", main)]),
        related("_rels/.rels", "officeDocument", "word/document.xml"),
        part("word/document.xml", &document),
    ]
}

fn excel(main: &str, text: &str) -> Vec<Part> {
    let text = escaped(text);
    let space = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#;
    let workbook = format!(
        r#"<workbook {space} xmlns:r="{RELATED}"><sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let sheet = format!(
        r#"<worksheet {space}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData></worksheet>"#
    );
    vec![
        types(&[("xl/workbook.xml", main), ("xl/worksheets/sheet1.xml", SHEET)]),
        related("_rels/.rels", "officeDocument", "xl/workbook.xml"),
        part("xl/workbook.xml", &workbook),
        related("xl/_rels/workbook.xml.rels", "worksheet", "worksheets/sheet1.xml"),
        part("xl/worksheets/sheet1.xml", &sheet),
    ]
}

/// An archive of these names and contents, in this order.
pub fn zip(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
        deflated.write_all(content).unwrap();
        let deflated = deflated.finish().unwrap();
        let mut sum = Crc::new();
        sum.update(content);
        // what the local header and the list have in common: version, UTF-8, deflate, 1 January 1980
        let mut common = Vec::new();
        for field in [20_u16, 1 << 11, 8, 0, (1 << 5) | 1] {
            common.extend(field.to_le_bytes());
        }
        for field in [sum.sum(), size(&deflated), size(content), size(name.as_bytes())] {
            common.extend(field.to_le_bytes());
        }
        let at = size(&bytes);
        bytes.extend([b"PK\x03\x04", &common[..], name.as_bytes(), &deflated].concat());
        list.extend([b"PK\x01\x02\x14\0", &common[..], &[0; 10], &at.to_le_bytes()].concat());
        list.extend(name.bytes());
    }
    let (count, at) = (u16::try_from(parts.len()).unwrap().to_le_bytes(), size(&bytes));
    bytes.extend(&list);
    bytes.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count].concat());
    bytes.extend([&size(&list).to_le_bytes()[..], &at.to_le_bytes(), &[0; 2]].concat());
    bytes
}

fn size(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap()
}
