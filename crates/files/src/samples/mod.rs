//! Small documents made by code: real ones, and each kind of unfit one. For tests and the demo.
//!
//! A viewer opens the PDFs and the Office files of 2007 and later that are neither encrypted nor bear
//! macros. The others have the structure that tells what they are, and no content to show.

#![expect(clippy::unwrap_used, reason = "built in memory, where writing cannot fail")]

mod ole;
mod ooxml;
mod pdf;

pub use ole::{
    doc, doc_encrypted, doc_repeating, doc_saying, doc_with_macros, office_encrypted,
    office_encrypted_table_filled, xls, xls_encrypted, xls_repeating, xls_saying, xls_table_filled,
    xls_with_macro_sheet, xls_with_macros, xls95, xls95_encrypted,
};
pub use ooxml::{
    docm, docx, docx_types_last, opendocument, xlsm, xlsm_by_ending, xlsx, xlsx_many_types, zip,
};
pub use pdf::{
    pdf, pdf_about_encryption, pdf_encrypted, pdf_of_pages, pdf_of_size, pdf_updated,
    pdf_with_xref_stream,
};

/// The beginning of a photograph.
pub fn jpeg() -> Vec<u8> {
    [&b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01"[..], &[0; 200], b"\xff\xd9"].concat()
}

/// The beginning of a Windows program, with the header of a PDF inside to mislead.
pub fn executable() -> Vec<u8> {
    [&b"MZ\x90\0"[..], &[0; 60], b"%PDF-1.7\n", &[0; 200], b"startxref\n5\n%%EOF\n"].concat()
}
