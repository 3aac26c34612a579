//! The shapes of the archive.

use serde::{Deserialize, Serialize};

use super::{Handling, Progress, Words};

shapes! {
    /// What the archive is sorted by.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum SortedBy {
        /// What the file is called.
        Name,
        /// What sort of document it is.
        Type,
        /// When it was received.
        Received,
        /// How large it is.
        Size,
        /// What became of it.
        State,
        /// Who sent it.
        Origin,
    }

    /// How the archive of a case is to be shown.
    pub struct ArchiveAsked {
        /// The case.
        pub case: String,
        /// What it is sorted by.
        pub by: SortedBy,
        /// Whether the last comes first.
        pub descending: bool,
        /// Only documents of this type; null for all.
        pub only: Option<String>,
        /// The language that types are sorted in: sv or en.
        pub language: String,
        /// How many documents to pass over.
        pub from: u32,
        /// Most documents to tell of; never more than 500.
        pub limit: u32,
    }

    /// A page of the archive of a case.
    pub struct ArchiveView {
        /// How many documents there are in all; 0 on a page past the end.
        pub total: u32,
        /// In the order that was asked for.
        pub rows: Vec<ArchiveRow>,
        /// The types that it has, whatever is shown; told with the first page only.
        pub types: Vec<ArchiveType>,
    }

    /// A document that was received.
    pub struct ArchiveRow {
        /// Its id.
        pub document: String,
        /// What its sender called it.
        pub name: String,
        /// doc, docx, xls, xlsx or pdf.
        pub format: String,
        /// Its size.
        #[cfg_attr(test, ts(type = "number"))]
        pub bytes: i64,
        /// What sort of document it is.
        pub type_name: Words,
        /// When it was received, RFC 3339 UTC.
        pub at: String,
        /// What became of it, as the server has it.
        pub handling: Handling,
        /// Who sent it, or added it.
        pub origin: String,
        /// Whether it came on paper.
        pub by_post: bool,
        /// The registry number of the other case in which it came; null if it is this one's.
        pub from_case: Option<String>,
        /// Whether its bytes are on this computer.
        pub here: bool,
        /// How much of it has been fetched; null when it is not being fetched.
        pub fetching: Option<Progress>,
    }

    /// A sort of document.
    pub struct ArchiveType {
        /// Its stable name.
        pub code: String,
        /// What people call it.
        pub name: Words,
    }
}
