//! The shapes of the settings of this computer, and of taking everything home.

use serde::{Deserialize, Serialize};

use super::Progress;

shapes! {
    /// What is kept on this computer, and how.
    pub struct SettingsView {
        /// The folder in which it lies.
        pub folder: String,
        /// How large it is.
        #[cfg_attr(test, ts(type = "number"))]
        pub bytes: i64,
        /// Documents that are here only to be opened without a line.
        pub kept_files: i32,
        /// How large they are.
        #[cfg_attr(test, ts(type = "number"))]
        pub kept_bytes: i64,
        /// Minutes without a touch after which the program locks.
        pub lock_after: u32,
    }

    /// When the program is to lock.
    pub struct LockAfter {
        /// Minutes without a touch.
        pub minutes: u32,
    }

    /// How far an export has come.
    pub struct ExportState {
        /// Documents that are written, and of how many; null while none is running.
        pub running: Option<Progress>,
    }

    /// What came of an export.
    pub struct ExportDone {
        /// Whether it was written: `false` if the person has changed their mind.
        pub saved: bool,
        /// Cases in it.
        pub cases: i32,
        /// Files in it.
        pub files: i32,
        /// What the documents are called that could not be had.
        pub missing: Vec<String>,
    }

    /// What somebody wants to tell those who help.
    pub struct Feedback {
        /// The address, one of those that the services name.
        pub to: String,
        /// What it is about.
        pub subject: String,
        /// What it says, as the person has seen it.
        pub text: String,
    }
}
