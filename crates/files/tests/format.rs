//! What is taken and what is refused, and that no bytes whatever bring the check down.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use behorig_files::{Content, DEFAULT_MAX_BYTES, FileFault, Format, check, samples};
use proptest::prelude::*;

fn checked(name: &str, bytes: &[u8]) -> Result<Format, FileFault> {
    check(name, Cursor::new(bytes), bytes.len() as u64, DEFAULT_MAX_BYTES).unwrap()
}

/// Every sample that is taken, with its format.
fn whole() -> Vec<(Format, Vec<u8>)> {
    vec![
        (Format::Pdf, samples::pdf("Avgångsbetyg", "Åsa Lindqvist")),
        (Format::Pdf, samples::pdf_updated()),
        (Format::Pdf, samples::pdf_with_xref_stream(false)),
        (Format::Pdf, samples::pdf_about_encryption()),
        (Format::Docx, samples::docx("Tjänstgöringsintyg")),
        (Format::Docx, samples::docx_types_last("Tjänstgöringsintyg")),
        (Format::Xlsx, samples::xlsx("Timmar")),
        (Format::Xlsx, samples::xlsx_many_types("Timmar")),
        (Format::Doc, samples::doc()),
        (Format::Xls, samples::xls()),
        (Format::Xls, samples::xls_table_filled()),
        (Format::Xls, samples::xls95()),
    ]
}

/// Every sample that is one of the five and not taken.
fn unfit() -> Vec<(Format, FileFault, Vec<u8>)> {
    use FileFault::{Encrypted, Macros};
    vec![
        (Format::Pdf, Encrypted, samples::pdf_encrypted()),
        (Format::Pdf, Encrypted, samples::pdf_with_xref_stream(true)),
        (Format::Docx, Encrypted, samples::office_encrypted()),
        (Format::Xlsx, Encrypted, samples::office_encrypted()),
        (Format::Docx, Encrypted, samples::office_encrypted_table_filled()),
        (Format::Doc, Encrypted, samples::doc_encrypted()),
        (Format::Xls, Encrypted, samples::xls_encrypted()),
        (Format::Xls, Encrypted, samples::xls95_encrypted()),
        (Format::Docx, Macros, samples::docm()),
        (Format::Xlsx, Macros, samples::xlsm()),
        (Format::Xlsx, Macros, samples::xlsm_by_ending()),
        (Format::Doc, Macros, samples::doc_with_macros()),
        (Format::Xls, Macros, samples::xls_with_macros()),
        (Format::Xls, Macros, samples::xls_with_macro_sheet()),
    ]
}

fn named(format: Format) -> String {
    format!("Intyg.{}", format.extension().to_uppercase())
}

fn disguised(claimed: Format, found: Content) -> Result<Format, FileFault> {
    Err(FileFault::Disguised { claimed, found: Some(found) })
}

fn unknown(found: Content) -> Result<Format, FileFault> {
    Err(FileFault::UnknownFormat { found: Some(found) })
}

/// Covers KW-71
#[test]
fn the_five_formats_pass_and_a_picture_a_renamed_program_and_an_empty_file_do_not() {
    for (format, bytes) in whole() {
        assert_eq!(checked(&named(format), &bytes), Ok(format));
    }
    assert_eq!(checked("foto.jpg", &samples::jpeg()), unknown(Content::Jpeg));
    let program = samples::executable();
    assert_eq!(checked("betyg.pdf", &program), disguised(Format::Pdf, Content::Executable));
    assert_eq!(checked("betyg.pdf", b""), Err(FileFault::Empty));
}

#[test]
fn content_decides_the_format_where_the_name_claims_none() {
    for (format, bytes) in whole() {
        for name in ["intyg", "", "intyg.jpg", "pdf", "Åsas intyg.2026"] {
            assert_eq!(checked(name, &bytes), Ok(format), "{name}");
        }
    }
}

#[test]
fn a_name_that_claims_another_of_the_five_is_refused_with_what_it_is() {
    for (format, bytes) in whole() {
        for claimed in Format::ALL.into_iter().filter(|claimed| *claimed != format) {
            assert_eq!(checked(&named(claimed), &bytes), disguised(claimed, format.into()));
        }
    }
}

#[test]
fn encryption_and_macros_are_refused_under_the_right_name_and_under_none() {
    for (format, refused, bytes) in unfit() {
        assert_eq!(checked(&named(format), &bytes), Err(refused), "{format:?}");
        assert_eq!(checked("intyg", &bytes), Err(refused), "{format:?}");
    }
    assert_eq!(
        checked("intyg.pdf", &samples::docm()),
        disguised(Format::Pdf, Content::Docx),
        "what it is comes before what is wrong with it"
    );
}

#[test]
fn other_content_is_told_where_it_is_known() {
    let types = br#"<Override ContentType="application/x.presentation.main+xml"/>"#;
    let slides = samples::zip(&[("[Content_Types].xml".into(), types.to_vec())]);
    let cases: &[(&[u8], Option<Content>)] = &[
        (&samples::opendocument(), Some(Content::OpenDocument)),
        (&samples::zip(&[("a.txt".into(), b"a".to_vec())]), Some(Content::Zip)),
        (&samples::zip(&[]), None),
        (&slides, None),
        (b"{\\rtf1 text}", Some(Content::Rtf)),
        (b"\xef\xbb\xbf \n<!DOCTYPE HTML><p>", Some(Content::Html)),
        (b"\0\0\0\x18ftypheic\0\0\0\0", Some(Content::Heic)),
        (b"Jag heter \xc3\x85sa", None),
        (b"%", None),
        (b"PK", None),
    ];
    for (bytes, found) in cases {
        let found = *found;
        assert_eq!(checked("intyg", bytes), Err(FileFault::UnknownFormat { found }));
        let claimed = Format::Docx;
        assert_eq!(checked("a.docx", bytes), Err(FileFault::Disguised { claimed, found }));
    }
}

#[test]
fn a_file_may_be_as_large_as_the_limit_and_no_larger() {
    let bytes = samples::pdf("", "");
    let len = bytes.len() as u64;
    let limited = |max| check("a.pdf", Cursor::new(&bytes), len, max).unwrap();
    assert_eq!(limited(len), Ok(Format::Pdf));
    assert_eq!(limited(len - 1), Err(FileFault::TooLarge { bytes: len, max: len - 1 }));
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let samples = whole();
    for (format, bytes) in &samples {
        // padding at the very end can go without loss
        let end = bytes.iter().rposition(|byte| !matches!(byte, 0 | b'\n')).unwrap() + 1;
        // an updated file cut right after its first end mark is the whole file before the update
        let first_end = bytes.windows(5).position(|window| window == b"%%EOF").unwrap_or(end);
        for len in (1..end).filter(|len| *format != Format::Pdf || *len < first_end + 5) {
            let cut = checked(&named(*format), &bytes[..len]);
            assert!(cut.is_err(), "{format:?} of {} cut at {len} passed", bytes.len());
            let early = len < 1_600;
            assert!(early || cut == Err(FileFault::Truncated), "{format:?} cut at {len}: {cut:?}");
        }
    }
}

#[test]
fn an_update_of_a_pdf_that_was_cut_off_is_refused() {
    let bytes = samples::pdf_updated();
    let end = bytes.windows(5).position(|window| window == b"%%EOF").unwrap() + 5;
    // shorter than `4 0 obj` it could be anything
    for len in end + 8..bytes.trim_ascii_end().len() {
        assert_eq!(checked("a.pdf", &bytes[..len]), Err(FileFault::Truncated), "cut at {len}");
    }
}

#[test]
fn bytes_gone_from_the_middle_are_noticed() {
    for (format, bytes) in whole() {
        let torn = [&bytes[..bytes.len() / 4], &bytes[bytes.len() / 4 * 3..]].concat();
        assert_eq!(checked(&named(format), &torn), Err(FileFault::Truncated), "{format:?}");
    }
}

#[test]
fn a_pdf_may_have_junk_before_its_header_and_after_its_end() {
    let pdf = samples::pdf("Avgångsbetyg", "Åsa Lindqvist");
    let header = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n";
    for junk in [&header[..], &[b' '; 1_024]] {
        assert_eq!(checked("a.pdf", &[junk, &pdf].concat()), Ok(Format::Pdf));
    }
    let far = [&[b' '; 1_025][..], &pdf].concat();
    assert_eq!(
        checked("a.pdf", &far),
        Err(FileFault::Disguised { claimed: Format::Pdf, found: None })
    );
    for junk in [&[0; 40_000][..], b"\r\n-- \r\nAntivirus: clean\r\n", &[b'x'; 1_000]] {
        assert_eq!(checked("a.pdf", &[&pdf, junk].concat()), Ok(Format::Pdf));
    }
}

#[test]
fn a_pdf_whose_end_names_a_wrong_place_is_read_as_viewers_do() {
    let moved = |pdf: Vec<u8>| {
        let text = pdf.windows(9).rposition(|window| window == b"startxref").unwrap();
        [&pdf[..text], b"startxref\n17\n%%EOF\n"].concat()
    };
    assert_eq!(checked("a.pdf", &moved(samples::pdf("", ""))), Ok(Format::Pdf));
    assert_eq!(checked("a.pdf", &moved(samples::pdf_encrypted())), Err(FileFault::Encrypted));
}

#[test]
fn an_encrypted_pdf_cannot_hide_behind_spelling() {
    for entry in ["/Encr#79pt 6 0 R", "/X<</Y[(\\))]>>/Encrypt<</V 1>>", "/A/B/Encrypt 6 0 R"] {
        let pdf = samples::pdf("", "");
        let at = pdf.windows(7).rposition(|window| window == b"trailer").unwrap() + 11;
        let pdf = [&pdf[..at], entry.as_bytes(), &pdf[at..]].concat();
        assert_eq!(checked("a.pdf", &pdf), Err(FileFault::Encrypted), "{entry}");
    }
    for entry in ["/Encrypt null", "/X<</Encrypt 1 0 R>>", "/X/Encrypt", "/X(/Encrypt 1 0 R)"] {
        let pdf = samples::pdf("", "");
        let at = pdf.windows(7).rposition(|window| window == b"trailer").unwrap() + 11;
        let pdf = [&pdf[..at], entry.as_bytes(), &pdf[at..]].concat();
        assert_eq!(checked("a.pdf", &pdf), Ok(Format::Pdf), "{entry}");
    }
}

/// Counts what is read.
struct Counted<'a>(Cursor<&'a [u8]>, u64);

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        self.1 += read as u64;
        Ok(read)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

/// An archive that lists one entry over and over.
fn crowd(count: u16) -> Vec<u8> {
    let one = samples::zip(&[("a".into(), Vec::new())]);
    let place = |sign: &[u8]| one.windows(4).position(|window| window == sign).unwrap();
    let (list_at, end_at) = (place(b"PK\x01\x02"), place(b"PK\x05\x06"));
    let list = one[list_at..end_at].repeat(count.into());
    let mut end = one[end_at..].to_vec();
    end[10..12].copy_from_slice(&count.to_le_bytes());
    end[12..16].copy_from_slice(&(list.len() as u32).to_le_bytes());
    [&one[..list_at], &list, &end].concat()
}

/// A compound file whose allocation table is one sector, listed half a million times.
fn endless_table() -> Vec<u8> {
    let mut bytes = samples::doc();
    bytes.truncate(512);
    let sector =
        |next: u32| [0_u32.to_le_bytes().repeat(127), next.to_le_bytes().to_vec()].concat();
    bytes.extend([0xff; 512]);
    bytes.extend((2..4_000).flat_map(sector));
    bytes.extend(sector(0xffff_fffe));
    bytes[0x44..0x48].copy_from_slice(&1_u32.to_le_bytes());
    bytes
}

#[test]
fn what_is_made_to_exhaust_is_refused_in_little_time() {
    let types = |filling: &str| {
        let xml = format!("<Types>{filling}</Types>");
        samples::zip(&[("[Content_Types].xml".into(), xml.into_bytes())])
    };
    let bomb = types(&" ".repeat(3_000_000));
    assert!(bomb.len() < 100_000);
    assert_eq!(
        checked("a.docx", &bomb),
        Err(FileFault::Disguised { claimed: Format::Docx, found: None })
    );
    assert_eq!(checked("a.docx", &crowd(20_000)), disguised(Format::Docx, Content::Zip));
    assert_eq!(checked("a.docx", &crowd(20_001)), Err(FileFault::Truncated));
    let table = endless_table();
    assert_eq!(checked("a.doc", &table), Err(FileFault::Truncated));
    let mut trailers = samples::pdf("", "");
    trailers.splice(9..9, b"trailer<<".repeat(400_000));
    assert_eq!(checked("a.pdf", &trailers), Err(FileFault::Truncated));
    let deep = [&b"%PDF-1.7\ntrailer "[..], &b"<<".repeat(500_000), b"startxref 9 %%EOF"].concat();
    assert_eq!(checked("a.pdf", &deep), Err(FileFault::Truncated));
    for bytes in [bomb, crowd(20_000), table, trailers, deep] {
        let mut counted = Counted(Cursor::new(&bytes), 0);
        let _ = check("a", &mut counted, bytes.len() as u64, u64::MAX).unwrap();
        assert!(counted.1 <= 4 * bytes.len() as u64 + 1024 * 1024, "{} read", counted.1);
    }
}

/// Fails in the reader itself from a place on.
struct Failing<'a>(Cursor<&'a [u8]>, u64);

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.position() >= self.1 {
            return Err(io::Error::other("the disk"));
        }
        let room = buffer.len().min((self.1 - self.0.position()) as usize);
        self.0.read(&mut buffer[..room])
    }
}

impl Seek for Failing<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn a_disk_that_fails_is_an_error_and_no_refusal() {
    for (format, bytes) in whole() {
        for part in 0..10 {
            let from = bytes.len() as u64 * part / 10;
            let reader = Failing(Cursor::new(&bytes), from);
            let fault = check(&named(format), reader, bytes.len() as u64, u64::MAX).unwrap_err();
            assert_eq!(fault.to_string(), "the disk");
        }
    }
}

fn all() -> Vec<Vec<u8>> {
    let whole = whole().into_iter().map(|(_, bytes)| bytes);
    whole.chain(unfit().into_iter().map(|(.., bytes)| bytes)).collect()
}

proptest! {
    #[test]
    fn no_bytes_bring_the_check_down(
        signature in prop::sample::select(vec![
            &b""[..], b"PK\x03\x04", b"%PDF-1.4\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        ]),
        bytes in prop::collection::vec(any::<u8>(), 0..4_096),
    ) {
        let bytes = [signature, &bytes].concat();
        prop_assert!(checked("a.pdf", &bytes).is_err());
    }

    #[test]
    fn no_change_to_a_document_brings_the_check_down(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let samples = all();
        let mut bytes = which.get(&samples).clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = checked("intyg", &bytes);
    }

    #[test]
    fn no_change_to_a_structure_brings_the_check_down(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(
            (0..2_048_usize, any::<bool>(), prop::sample::select(vec![0, 1, 2, 0x7f, 0xfe, 0xff])),
            1..8,
        ),
    ) {
        let samples = all();
        let mut bytes = which.get(&samples).clone();
        for (from_end, end, byte) in changes {
            let at = from_end % bytes.len();
            let at = if end { bytes.len() - 1 - at } else { at };
            bytes[at] = byte;
        }
        let _ = checked("intyg", &bytes);
    }
}
