//! The documents that a case asks for, the files that are sent in for them, and what the officer finds.

pub mod explain_absence;
mod file_name;
mod handle_document;
pub mod report_ready;
pub mod request_completion;
mod row;
pub mod submit_document;
pub mod take_from_archive;

use serde::{Deserialize, Serialize};

use crate::{FileId, IssuerId, Kind, PersonId, RecordId, RecordRef, Timestamp};

pub use explain_absence::{AcceptExplanation, ExplainAbsence, RefuseExplanation};
pub use file_name::usable_name;
pub use handle_document::{AcceptDocument, RefuseDocument, accept, reads, refuse};
pub use report_ready::ReportReady;
pub use request_completion::RequestCompletion;
pub use row::{Asked, DocumentRow, Explanation, RowState, Taken};
pub use submit_document::SubmitDocument;
pub use take_from_archive::TakeFromArchive;

/// The longest note or reason, in characters.
pub const NOTE_MAX: usize = 1_000;

/// The formats of a document (KW-71), told by content and not by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Word up to 2003.
    Doc,
    /// Word.
    Docx,
    /// Excel up to 2003.
    Xls,
    /// Excel.
    Xlsx,
    /// PDF.
    Pdf,
}

impl Format {
    /// All five.
    pub const ALL: [Self; 5] = [Self::Doc, Self::Docx, Self::Xls, Self::Xlsx, Self::Pdf];

    /// The media type, as in an HTTP header.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Doc => "application/msword",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xls => "application/vnd.ms-excel",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
        }
    }

    /// What such a file's name ends with, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Doc => "doc",
            Self::Docx => "docx",
            Self::Xls => "xls",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }

    /// The format that a name claims, if it claims one of the five.
    pub fn claimed_by(name: &str) -> Option<Self> {
        let (_, extension) = name.trim_end_matches([' ', '.']).rsplit_once('.')?;
        Self::ALL.into_iter().find(|format| extension.eq_ignore_ascii_case(format.extension()))
    }
}

/// What a refused file really is, as far as that can be told to the person who picked it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Word before 2007.
    Doc,
    /// Word.
    Docx,
    /// Excel before 2007.
    Xls,
    /// Excel.
    Xlsx,
    /// Portable document format.
    Pdf,
    /// A photograph or scan.
    Jpeg,
    /// A picture.
    Png,
    /// A picture.
    Gif,
    /// A scan.
    Tiff,
    /// A telephone's photograph.
    Heic,
    /// A program for Windows or Linux.
    Executable,
    /// Rich text, often named doc.
    Rtf,
    /// A web page, often named doc or xls by the site that made it.
    Html,
    /// LibreOffice's own formats.
    OpenDocument,
    /// An archive that is no document.
    Zip,
}

impl From<Format> for Content {
    fn from(format: Format) -> Self {
        match format {
            Format::Doc => Self::Doc,
            Format::Docx => Self::Docx,
            Format::Xls => Self::Xls,
            Format::Xlsx => Self::Xlsx,
            Format::Pdf => Self::Pdf,
        }
    }
}

/// Why a file cannot be a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum FileFault {
    /// No bytes.
    Empty,
    /// More bytes than are taken.
    TooLarge {
        /// How large the file is.
        bytes: u64,
        /// How large it may be.
        max: u64,
    },
    /// The content is none of the five formats.
    UnknownFormat {
        /// What it is instead, if known.
        found: Option<Content>,
    },
    /// The name claims one of the five formats and the content is something else.
    Disguised {
        /// What the name claims.
        claimed: Format,
        /// What the content is, if known.
        found: Option<Content>,
    },
    /// A password or rights management keeps the content from the officer who must read it.
    Encrypted,
    /// It carries macros.
    Macros,
    /// Cut off midway, or its structure does not hold together.
    Truncated,
}

/// A file as its sender described it. The server has checked each field against the bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Its bytes.
    pub id: FileId,
    /// What its sender called it.
    pub name: String,
    /// How many bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// What it is, by content.
    pub format: Format,
}

/// What an officer made of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Handling {
    /// Nothing yet.
    Waiting,
    /// Another was sent in its place before anybody looked.
    Replaced {
        /// When.
        at: Timestamp,
    },
    /// It is sufficient.
    Accepted {
        /// Who found so; `None` if another system did.
        by: Option<PersonId>,
        /// Their name then.
        by_name: String,
        /// When.
        at: Timestamp,
    },
    /// It is not.
    Refused {
        /// Who found so; `None` if another system did.
        by: Option<PersonId>,
        /// Their name then.
        by_name: String,
        /// When.
        at: Timestamp,
        /// Why, and what to do.
        reason: String,
    },
}

/// A file that was sent in for a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The body whose case it is.
    pub issuer: IssuerId,
    /// The case.
    pub case: RecordId,
    /// The row.
    pub row: RecordId,
    /// Who sent it.
    pub author: PersonId,
    /// Their name when they did.
    pub author_name: String,
    /// The file.
    pub file: FileRef,
    /// What the sender says of it; may be empty (KW-77).
    pub note: String,
    /// When it was sent, by the sender's clock. Told, never decisive.
    pub written_at: Timestamp,
    /// When the server received it; before that, when it was written.
    pub received_at: Timestamp,
    /// How it came.
    #[serde(default)]
    pub origin: DocumentOrigin,
    /// What makes it common to all of the person's cases at the body; nothing for one that is not (KW-52).
    #[serde(default)]
    pub common: Option<Common>,
    /// What became of it.
    pub handling: Handling,
}

/// How a document came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentOrigin {
    /// The applicant sent it.
    #[default]
    Sent,
    /// It came on paper, and the officer added it (KW-66).
    Post,
}

/// What a document that is common to a person's cases is known by in the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Common {
    /// Whose cases.
    pub holder: PersonId,
    /// What it is: the code of its row.
    pub code: String,
    /// The registry number of the case in which it came.
    pub number: String,
}

impl Document {
    /// Where a document is.
    pub fn at(id: RecordId) -> RecordRef {
        RecordRef { kind: Kind::Document, id }
    }
}
