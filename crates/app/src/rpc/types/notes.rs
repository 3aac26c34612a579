//! The shapes of the officers' notes, templates and workload.

use serde::{Deserialize, Serialize};

use super::{CommandState, Rejection, Words};

shapes! {
    /// The notes on a case. Only its officers have any.
    pub struct NoteList {
        /// Newest first.
        pub notes: Vec<NoteView>,
        /// The note that is being written; empty if none is.
        pub draft: String,
        /// Longest note, in characters.
        pub max: u32,
        /// Whether the person may write.
        pub mine_to_write: bool,
    }

    /// A note on a case.
    pub struct NoteView {
        /// Its id.
        pub id: String,
        /// Whether the person wrote it: only then it can be changed.
        pub mine: bool,
        /// Who wrote it.
        pub author: String,
        /// Plain text.
        pub text: String,
        /// When it was written, RFC 3339 UTC.
        pub at: String,
        /// When it was last changed.
        pub changed_at: Option<String>,
        /// How often it has been changed.
        pub changes: u32,
        /// How often it had been when the change was begun that is being written.
        pub begun_from: u32,
        /// Where it, or the newest change of it, stands.
        pub state: CommandState,
        /// Why that was refused.
        pub reason: Option<Rejection>,
        /// The change of it that is being written.
        pub draft: Option<String>,
    }

    /// A new note: sent, or kept as a draft.
    pub struct NoteText {
        /// The case.
        pub case: String,
        /// Plain text.
        pub text: String,
    }

    /// A change of a note: sent, or kept as a draft.
    pub struct NoteChange {
        /// The note.
        pub note: String,
        /// How often it had been changed when this was begun.
        pub changes: u32,
        /// Plain text.
        pub text: String,
    }

    /// Which note.
    pub struct NoteRef {
        /// Its id.
        pub note: String,
    }

    /// Which templates.
    pub struct TemplatesOf {
        /// Those of this case's body alone; null for all that the person may use.
        pub case: Option<String>,
    }

    /// The texts that officers keep.
    pub struct TemplateList {
        /// In the order of their titles.
        pub templates: Vec<TemplateView>,
        /// The bodies whose cases the person handles.
        pub bodies: Vec<TemplateBody>,
        /// Longest title, in characters.
        pub max_title: u32,
        /// Longest text, in characters.
        pub max_text: u32,
    }

    /// A body that has templates.
    pub struct TemplateBody {
        /// Its id.
        pub id: String,
        /// What its service is called; null before that is here.
        pub name: Option<Words>,
        /// The new template that is being written for it.
        pub draft: Option<TemplateText>,
    }

    /// A text that a body's officers keep.
    pub struct TemplateView {
        /// Its id.
        pub id: String,
        /// Whose it is.
        pub body: String,
        /// What it is called.
        pub title: String,
        /// Plain text; what stands in braces is filled in where it is used.
        pub text: String,
        /// Who wrote or changed it last.
        pub by: String,
        /// When, RFC 3339 UTC.
        pub at: String,
        /// Where it, or the newest change of it, stands.
        pub state: CommandState,
        /// Why that was refused.
        pub reason: Option<Rejection>,
        /// How often it has been changed.
        pub changes: u32,
        /// How often it had been when the change was begun that is being written.
        pub begun_from: u32,
        /// The change of it that is being written.
        pub draft: Option<TemplateText>,
    }

    /// A new template: sent, or kept as a draft.
    pub struct NewTemplate {
        /// Whose it is to be.
        pub body: String,
        /// What it is called.
        pub title: String,
        /// What it says.
        pub text: String,
    }

    /// The words of a template.
    pub struct TemplateText {
        /// What it is called.
        pub title: String,
        /// What it says.
        pub text: String,
    }

    /// A change of a template: sent, or kept as a draft.
    pub struct TemplateChange {
        /// The template.
        pub template: String,
        /// How often it had been changed when this was begun.
        pub changes: u32,
        /// What it is called.
        pub title: String,
        /// What it says.
        pub text: String,
    }

    /// Which template.
    pub struct TemplateRef {
        /// Its id; for the new one that is being written, its body's.
        pub template: String,
    }

    /// How much each officer of the body has to do, as the server knows it now.
    pub struct WorkloadView {
        /// Who has most on top; first of all what nobody has.
        pub rows: Vec<WorkloadRow>,
        /// When it was asked for, RFC 3339 UTC.
        pub at: String,
    }

    /// The undecided cases of one officer. Counts alone.
    pub struct WorkloadRow {
        /// Their name; null for cases that nobody has.
        pub officer: Option<String>,
        /// Whether it is the person who asks.
        pub mine: bool,
        /// Cases that wait for the applicant, by age: under 30 days, under 90, under 180, older.
        pub awaited: Vec<u32>,
        /// Cases where the applicant has said that all is in, by age.
        pub ready: Vec<u32>,
        /// How many days ago the oldest was opened.
        pub oldest_days: u32,
    }
}
