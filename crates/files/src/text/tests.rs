use std::io::Cursor;

use proptest::prelude::*;

use super::{PART_MAX, PlainText, TEXT_MAX, plain_text};
use crate::{Format, samples};

fn read(format: Format, bytes: &[u8]) -> Option<PlainText> {
    plain_text(format, Cursor::new(bytes), bytes.len() as u64).unwrap()
}

fn text(format: Format, bytes: &[u8]) -> String {
    let read = read(format, bytes).unwrap();
    assert!(!read.cut, "{}", read.text);
    read.text
}

fn word(body: &str) -> Vec<u8> {
    let parts = [
        ("[Content_Types].xml", "<Types/>".to_owned()),
        (
            "word/document.xml",
            format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>"),
        ),
        (
            "word/footnotes.xml",
            "<w:footnotes xmlns:w=\"w\"><w:p><w:r><w:t>En not</w:t></w:r></w:p></w:footnotes>"
                .into(),
        ),
    ];
    samples::zip(&parts.map(|(name, xml)| (name.to_owned(), xml.into_bytes())))
}

#[test]
fn a_word_document_gives_its_paragraphs_tables_and_notes() {
    let bytes = word(
        "<w:p><w:r><w:t>Intyg f&#246;r</w:t></w:r><w:r><w:t xml:space=\"preserve\"> Å &amp; B</w:t></w:r></w:p>\
         <w:p><w:r><w:delText>Struket</w:delText><w:instrText>PAGE</w:instrText></w:r></w:p>\
         <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Del</w:t></w:r></w:p></w:tc>\
         <w:tc><w:p><w:r><w:t>Resultat</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
         <mc:AlternateContent><mc:Choice><w:p><w:r><w:t>Ruta</w:t></w:r></w:p></mc:Choice>\
         <mc:Fallback><w:p><w:r><w:t>Ruta</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>",
    );
    assert_eq!(text(Format::Docx, &bytes), "Intyg för Å & B\n\nDel \tResultat\nRuta\nEn not");
    assert_eq!(text(Format::Docx, &samples::docx("Hej då")), "Hej då");
    let made_here = crate::word::docx("Första\nandra").unwrap();
    assert_eq!(text(Format::Docx, &made_here), "Första\nandra");
}

#[test]
fn a_workbook_gives_rows_and_its_days_as_dates() {
    let sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>\
        <c r=\"C1\" t=\"inlineStr\"><is><t>Poäng</t></is></c></row>\
        <row r=\"2\"><c r=\"A2\" s=\"1\"><v>46348</v></c><c r=\"B2\" s=\"2\"><v>46348.5</v></c>\
        <c r=\"C2\"><v>0.30000000000000004</v></c><c r=\"D2\" t=\"b\"><v>1</v></c></row></sheetData></worksheet>";
    let parts = [
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"Prov\" r:id=\"a\"/><sheet name=\"Tomt\" r:id=\"b\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"a\" Target=\"worksheets/s1.xml\"/><Relationship Id=\"b\" Target=\"/xl/worksheets/s2.xml\"/></Relationships>",
        ),
        ("xl/sharedStrings.xml", "<sst><si><r><t>Da</t></r><r><t>tum</t></r></si></sst>"),
        (
            "xl/styles.xml",
            "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd hh:mm\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>",
        ),
        ("xl/worksheets/s1.xml", sheet),
        ("xl/worksheets/s2.xml", "<worksheet><sheetData/></worksheet>"),
    ];
    let bytes = samples::zip(&parts.map(|(name, xml)| (name.to_owned(), xml.as_bytes().to_vec())));
    let expected = "Prov\nDatum\t\tPoäng\n2026-11-22\t2026-11-22 12.00\t0.3\tTRUE\n\nTomt";
    assert_eq!(text(Format::Xlsx, &bytes), expected);
    assert_eq!(text(Format::Xlsx, &samples::xlsx("Cell")), "Cell");
}

#[test]
fn a_word_document_of_before_2007_gives_its_text_and_no_field_codes() {
    let bytes = samples::doc_saying(
        "Intyg\rDatum: \u{13}DATE\u{14}i dag\u{15}\rA\u{7}B\u{7}\u{7}\r",
        "Łukasz Ångström\r",
    );
    assert_eq!(text(Format::Doc, &bytes), "Intyg\nDatum: i dag\nA\tB\nŁukasz Ångström");
}

#[test]
fn a_workbook_of_before_2007_gives_rows_and_a_text_that_goes_on_in_another_record() {
    let bytes = samples::xls_saying("Namn", "Åsa Lindqvist från Växjö");
    let expected = "Namn\t\tÅsa Lindqvist från Växjö\n82.5\t2026-11-22\n12.5";
    assert_eq!(text(Format::Xls, &bytes), expected);
}

#[test]
fn a_bomb_gives_no_more_than_the_limit_and_says_so() {
    let paragraph = "<w:p><w:r><w:t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</w:t></w:r></w:p>";
    let bytes = word(&paragraph.repeat(60_000));
    let read = read(Format::Docx, &bytes).unwrap();
    assert!(read.cut && read.text.len() <= TEXT_MAX, "{} bytes", read.text.len());
}

fn workbook(sheets: &str, shared: Vec<u8>, first: Vec<u8>) -> Vec<u8> {
    let second = "<worksheet><row><c t=\"inlineStr\"><is><t>Andra</t></is></c></row></worksheet>";
    let parts = [
        ("xl/workbook.xml", format!("<workbook><sheets>{sheets}</sheets></workbook>").into()),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"a\" Target=\"worksheets/s1.xml\"/>\
             <Relationship Id=\"b\" Target=\"worksheets/s2.xml\"/></Relationships>"
                .into(),
        ),
        ("xl/sharedStrings.xml", shared),
        ("xl/worksheets/s1.xml", first),
        ("xl/worksheets/s2.xml", second.into()),
    ];
    samples::zip(&parts.map(|(name, xml)| (name.to_owned(), xml)))
}

/// A cell with the first of the texts that cells have in common.
const SHARED: &str = "<row><c t=\"s\"><v>0</v></c></row>";

#[test]
fn a_text_that_stands_in_many_cells_is_bounded_also_if_nothing_of_it_is_kept() {
    let blanks = read(Format::Xls, &samples::xls_repeating(&" ".repeat(60_000), 100)).unwrap();
    assert_eq!((blanks.text.as_str(), blanks.cut), ("", true));
    let few = samples::xls_repeating("Hej", 3);
    assert_eq!(text(Format::Xls, &few), "Hej\nHej\nHej");
    for repeated in [" ", "&#1;"] {
        let shared = format!("<sst><si><t>{}</t></si></sst>", repeated.repeat(100_000));
        let sheet = format!("<worksheet>{}</worksheet>", SHARED.repeat(200));
        let bytes = workbook("<sheet name=\"S\" id=\"a\"/>", shared.into(), sheet.into());
        let read = read(Format::Xlsx, &bytes).unwrap();
        assert_eq!((read.text.as_str(), read.cut), ("", true), "{repeated:?}");
    }
}

#[test]
fn pieces_that_are_one_run_are_bounded_and_fields_may_stand_in_each_other_without_end() {
    let run = [b"Hej\r", vec![0x13; 1_000_000].as_slice()].concat();
    let many = read(Format::Doc, &samples::doc_repeating(&run, 128)).unwrap();
    assert_eq!((many.text.as_str(), many.cut), ("Hej", true));
    let nested = [[0x13, 0x14].repeat(100_000), vec![0x15; 100_000], b"Hej\r".to_vec()].concat();
    assert_eq!(text(Format::Doc, &samples::doc_repeating(&nested, 1)), "Hej");
}

#[test]
fn a_sheet_is_read_once_however_often_a_workbook_names_it() {
    let sheet = "<sheet name=\"S\" id=\"a\"/>";
    let shared = || "<sst><si><t>Hej</t></si></sst>".into();
    let first = || format!("<worksheet>{SHARED}</worksheet>").into_bytes();
    let twice = workbook(&sheet.repeat(2), shared(), first());
    assert_eq!(text(Format::Xlsx, &twice), "S\nHej");
    let many = read(Format::Xlsx, &workbook(&sheet.repeat(5_000), shared(), first())).unwrap();
    assert_eq!((many.text.as_str(), many.cut), ("S\nHej", true));
}

#[test]
fn of_a_part_that_is_too_large_its_beginning_is_shown() {
    let filler = format!("<!-- {} -->", "x".repeat(usize::try_from(PART_MAX).unwrap()));
    let shared = format!("<sst><si><t>Hej</t></si>{filler}</sst>");
    let sheet = format!("<worksheet>{SHARED}{filler}</worksheet>");
    let sheets = "<sheet name=\"S\" id=\"a\"/><sheet name=\"T\" id=\"b\"/>";
    let book = read(Format::Xlsx, &workbook(sheets, shared.into(), sheet.into())).unwrap();
    assert_eq!((book.text.as_str(), book.cut), ("S\nHej\n\nT\nAndra", true));
    let text = read(Format::Docx, &word(&format!("<w:p><w:t>Hej</w:t></w:p>{filler}"))).unwrap();
    assert_eq!((text.text.as_str(), text.cut), ("Hej\nEn not", true));
}

#[test]
fn an_entity_of_the_documents_own_is_not_looked_up() {
    let xml = "<!DOCTYPE d [<!ENTITY lol \"lollollol\"><!ENTITY file SYSTEM \"file:///etc/passwd\">]>\
        <w:document><w:p><w:t>a&lol;&file;b</w:t></w:p></w:document>";
    let bytes = samples::zip(&[("word/document.xml".into(), xml.as_bytes().to_vec())]);
    assert_eq!(text(Format::Docx, &bytes), "ab");
}

#[test]
fn what_is_damaged_or_empty_gives_nothing_and_what_is_cut_says_so() {
    for format in [Format::Doc, Format::Docx, Format::Xls, Format::Xlsx, Format::Pdf] {
        assert_eq!(read(format, b"PK\x03\x04 nothing"), None, "{format:?}");
    }
    assert_eq!(read(Format::Doc, &samples::doc()), None, "it names no pieces");
    let xml = "<w:document><w:p><w:t>Början</w:t></w:p><w:p></w:wrong>".as_bytes().to_vec();
    let cut = read(Format::Docx, &samples::zip(&[("word/document.xml".into(), xml)])).unwrap();
    assert_eq!((cut.text.as_str(), cut.cut), ("Början", true));
}

proptest! {
    #[test]
    fn no_damage_makes_the_reader_fall(at in 0_usize..9_000, byte in any::<u8>(), kind in 0..4) {
        let (format, mut bytes) = match kind {
            0 => (Format::Docx, samples::docx("Hej")),
            1 => (Format::Xlsx, samples::xlsx("Hej")),
            2 => (Format::Doc, samples::doc_saying("Hej\r", "då\r")),
            _ => (Format::Xls, samples::xls_saying("Hej", "då")),
        };
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read(format, &bytes);
    }
}
