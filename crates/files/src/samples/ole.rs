//! Samples that are compound files.

use std::io::{Cursor, Write as _};

use cfb::{CompoundFile, Version};

/// A Word 97 document.
pub fn doc() -> Vec<u8> {
    word(0, &[])
}

/// A Word 97 document with macros.
pub fn doc_with_macros() -> Vec<u8> {
    word(0, &["/Macros", "/Macros/VBA"])
}

/// A Word 97 document that needs a password.
pub fn doc_encrypted() -> Vec<u8> {
    word(0x0100, &[])
}

/// An Excel 97 workbook.
pub fn xls() -> Vec<u8> {
    excel("/Workbook", &[sheet(0)], &[])
}

/// An Excel 97 workbook whose table marks the sectors that it does not have as used, as SheetJS does.
pub fn xls_table_filled() -> Vec<u8> {
    table_filled(xls())
}

/// A docx or an xlsx with a password, in a compound file of the same kind.
pub fn office_encrypted_table_filled() -> Vec<u8> {
    table_filled(office_encrypted())
}

/// An Excel 97 workbook with macros.
pub fn xls_with_macros() -> Vec<u8> {
    excel("/Workbook", &[sheet(0)], &["/_VBA_PROJECT_CUR", "/_VBA_PROJECT_CUR/VBA"])
}

/// An Excel 97 workbook with a sheet of Excel 4 macros.
pub fn xls_with_macro_sheet() -> Vec<u8> {
    excel("/Workbook", &[sheet(0), sheet(1)], &[])
}

/// An Excel 97 workbook that needs a password.
pub fn xls_encrypted() -> Vec<u8> {
    excel("/Workbook", &[record(0x002f, &[1, 0, 1, 0, 1, 0]), sheet(0)], &[])
}

/// An Excel 95 workbook.
pub fn xls95() -> Vec<u8> {
    excel("/Book", &[sheet(0)], &[])
}

/// An Excel 95 workbook that needs a password.
pub fn xls95_encrypted() -> Vec<u8> {
    excel("/Book", &[record(0x002f, &[1, 2, 3, 4]), sheet(0)], &[])
}

/// What a password makes of a docx or an xlsx.
pub fn office_encrypted() -> Vec<u8> {
    compound(&[("/EncryptionInfo", &[4; 100]), ("/EncryptedPackage", &[7; 9_000])], &[])
}

/// A Word document of before 2007 that says something: letters of one byte, then of two.
pub fn doc_saying(narrow: &str, wide: &str) -> Vec<u8> {
    const PIECES: usize = 0x01a2;
    const NARROW: u32 = 0x4000_0000;
    let (first, second) = (1_024_u32, 4_096_u32);
    let (narrow, wide): (Vec<u8>, Vec<u16>) =
        (narrow.chars().map(|c| c as u8).collect(), wide.encode_utf16().collect());
    let wide_bytes: Vec<u8> = wide.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let bounds = [0, narrow.len(), narrow.len() + wide.len()].map(|at| at as u32);
    let places = [NARROW | (first * 2), second];
    let mut list: Vec<u8> = bounds.into_iter().flat_map(u32::to_le_bytes).collect();
    for place in places {
        list.extend([[0; 2].as_slice(), &place.to_le_bytes(), &[0; 2]].concat());
    }
    // a change of form first, as Word writes when it saves fast
    let table =
        [&[1, 3, 0, 9, 9, 9, 2], (list.len() as u32).to_le_bytes().as_slice(), &list].concat();
    let mut text = vec![0; 8_192];
    text.splice(..4, [0xec, 0xa5, 0xc1, 0]);
    text.splice(10..12, 0x0200_u16.to_le_bytes());
    text.splice(PIECES + 4..PIECES + 8, (table.len() as u32).to_le_bytes());
    text.splice(first as usize..first as usize + narrow.len(), narrow);
    text.splice(second as usize..second as usize + wide_bytes.len(), wide_bytes);
    let mut whole = table;
    whole.resize(4_096, 0);
    compound(&[("/WordDocument", &text), ("/1Table", &whole)], &[])
}

/// A workbook of before 2007: texts of which one goes on in a second record, numbers and a day.
pub fn xls_saying(first: &str, second: &str) -> Vec<u8> {
    let begin = |kind: u8| record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0]);
    let end = || record(0x000a, &[]);
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let (len, half) = (second.encode_utf16().count(), second.chars().count() / 2);
    let before: String = second.chars().take(half).collect();
    let after: String = second.chars().skip(half).collect();
    let strings = [
        &[2, 0, 0, 0, 2, 0, 0, 0],
        (first.encode_utf16().count() as u16).to_le_bytes().as_slice(),
        &[1],
        &wide(first),
        &(len as u16).to_le_bytes(),
        &[1],
        &wide(&before),
    ]
    .concat();
    let goes_on = [&[1], wide(&after).as_slice()].concat();
    let style = |format: u16| record(0x00e0, &[[0; 2], format.to_le_bytes()].concat());
    let cell = |row: u16, column: u16, style: u16, rest: &[u8]| {
        [&row.to_le_bytes(), &column.to_le_bytes(), style.to_le_bytes().as_slice(), rest].concat()
    };
    let globals = [style(0), style(14), record(0x00fc, &strings), record(0x003c, &goes_on)];
    let cells = [
        record(0x00fd, &cell(0, 0, 0, &0_u32.to_le_bytes())),
        record(0x00fd, &cell(0, 2, 0, &1_u32.to_le_bytes())),
        record(0x0203, &cell(1, 0, 0, &82.5_f64.to_le_bytes())),
        record(0x0203, &cell(1, 1, 1, &46_348.0_f64.to_le_bytes())),
        record(0x027e, &cell(2, 0, 0, &((1_250_u32 << 2) | 3).to_le_bytes())),
    ];
    let book = [begin(5), globals.concat(), end(), begin(0x10), cells.concat(), end()].concat();
    let mut padded = book;
    padded.resize(5_000, 0);
    compound(&[("/Workbook", &padded)], &[])
}

/// A Word document of before 2007 whose pieces are all the same run.
pub fn doc_repeating(run: &[u8], pieces: u32) -> Vec<u8> {
    const PIECES: usize = 0x01a2;
    const NARROW: u32 = 0x4000_0000;
    let first = 1_024_u32;
    let bounds = (0..=pieces).map(|at| at * run.len() as u32);
    let mut list: Vec<u8> = bounds.flat_map(u32::to_le_bytes).collect();
    for _ in 0..pieces {
        list.extend([[0; 2].as_slice(), &(NARROW | (first * 2)).to_le_bytes(), &[0; 2]].concat());
    }
    let mut table = [&[2], (list.len() as u32).to_le_bytes().as_slice(), &list].concat();
    let mut text = vec![0; first as usize];
    text.splice(..4, [0xec, 0xa5, 0xc1, 0]);
    text.splice(10..12, 0x0200_u16.to_le_bytes());
    text.splice(PIECES + 4..PIECES + 8, (table.len() as u32).to_le_bytes());
    text.extend(run);
    text.resize(text.len().max(8_192), 0);
    table.resize(table.len().max(4_096), 0);
    compound(&[("/WordDocument", &text), ("/1Table", &table)], &[])
}

/// A workbook of before 2007 whose cells, one a row, all have the same text of letters of one byte.
pub fn xls_repeating(text: &str, cells: u16) -> Vec<u8> {
    let begin = |kind: u8| record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0]);
    let end = || record(0x000a, &[]);
    let len = u16::try_from(text.len()).unwrap().to_le_bytes();
    let strings = [&[1, 0, 0, 0, 1, 0, 0, 0], len.as_slice(), &[0], text.as_bytes()].concat();
    let cells =
        (0..cells).flat_map(|row| record(0x00fd, &[&row.to_le_bytes()[..], &[0; 8]].concat()));
    let cells: Vec<u8> = cells.collect();
    let mut book = [begin(5), record(0x00fc, &strings), end(), begin(0x10), cells, end()].concat();
    book.resize(book.len().max(5_000), 0);
    compound(&[("/Workbook", &book)], &[])
}

fn table_filled(mut file: Vec<u8>) -> Vec<u8> {
    const SECTOR: usize = 512;
    const USED: u32 = 0xffff_fffe;
    let sectors = file.len() / SECTOR - 1;
    // the header names the first table; the file is too small for a second
    let table = file.get(76..80).and_then(|at| at.try_into().ok()).map(u32::from_le_bytes).unwrap();
    let table = file.chunks_exact_mut(SECTOR).nth(table as usize + 1).unwrap();
    for entry in table.chunks_exact_mut(4).skip(sectors) {
        entry.copy_from_slice(&USED.to_le_bytes());
    }
    file
}

fn word(flags: u16, storages: &[&str]) -> Vec<u8> {
    const SECOND_TABLE: u16 = 0x0200;
    let mut text = vec![0; 8_192];
    text.splice(..4, [0xec, 0xa5, 0xc1, 0]);
    text.splice(10..12, (flags | SECOND_TABLE).to_le_bytes());
    compound(&[("/WordDocument", &text), ("/1Table", &[0; 4_096])], storages)
}

fn excel(stream: &str, globals: &[Vec<u8>], storages: &[&str]) -> Vec<u8> {
    let begin = |kind: u8| record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0]);
    let end = || record(0x000a, &[]);
    let mut records = [begin(5), globals.concat(), end(), begin(0x10), end()].concat();
    records.resize(5_000, 0);
    compound(&[(stream, &records)], storages)
}

fn sheet(kind: u8) -> Vec<u8> {
    record(0x0085, &[&[0, 0, 0, 0, 0, kind, 5, 0], &b"Blad1"[..]].concat())
}

fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    let len = u16::try_from(body.len()).unwrap();
    [&kind.to_le_bytes(), &len.to_le_bytes(), body].concat()
}

fn compound(streams: &[(&str, &[u8])], storages: &[&str]) -> Vec<u8> {
    let memory = Cursor::new(Vec::new());
    let mut file = CompoundFile::create_with_version(Version::V3, memory).unwrap();
    for storage in storages {
        file.create_storage(storage).unwrap();
    }
    // small enough to lie in the part for small streams, which the others do not use
    let summary = ("/\u{5}SummaryInformation", &[1; 300][..]);
    for (name, bytes) in streams.iter().chain([&summary]) {
        file.create_stream(name).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}
