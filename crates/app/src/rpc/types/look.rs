//! The shapes of looking at a document within the program.

use serde::{Deserialize, Serialize};

use super::Progress;

shapes! {
    /// A document that somebody wants to look at.
    pub struct DocumentLook {
        /// What its sender called it.
        pub name: String,
        /// doc, docx, xls, xlsx or pdf.
        pub format: String,
        /// Its size.
        #[cfg_attr(test, ts(type = "number"))]
        pub bytes: i64,
        /// Whether its bytes are on this computer.
        pub here: bool,
        /// How much of it has been fetched, while it is.
        pub fetching: Option<Progress>,
    }

    /// A place in a document.
    pub struct DocumentPartOf {
        /// Its id.
        pub document: String,
        /// From which byte on.
        #[cfg_attr(test, ts(type = "number"))]
        pub offset: i64,
    }

    /// The bytes from a place on, at most 256 KiB.
    pub struct DocumentPart {
        /// In base64.
        pub base64: String,
    }

    /// The plain text of an Office document.
    pub struct DocumentText {
        /// The text; null if it cannot be read.
        pub text: Option<String>,
        /// Whether there is more than is given here.
        pub cut: bool,
    }
}
