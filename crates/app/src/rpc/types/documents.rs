//! The shapes of documents and the rows that ask for them.

use serde::{Deserialize, Serialize};

use super::{CommandState, Progress, Rejection, Words};

shapes! {
    /// The documents of a case.
    pub struct DocumentList {
        /// In the order of the scheme.
        pub rows: Vec<RowView>,
        /// Whether the person who is signed in sends documents in.
        pub mine_to_send: bool,
        /// Whether the person who is signed in accepts or refuses them.
        pub mine_to_handle: bool,
        /// Largest file, in bytes.
        #[cfg_attr(test, ts(type = "number"))]
        pub max_bytes: i64,
        /// Longest note or reason, in characters.
        pub max_note: u32,
        /// Whether the application waits for a decision: only then is something explained or asked for.
        pub undecided: bool,
        /// Why somebody can lack a document.
        pub absences: Vec<AbsenceView>,
        /// Whether the applicant has said that all is in.
        pub ready: ReadyView,
        /// The request for completion as it is being written, sent nowhere.
        pub completion: CompletionDraft,
        /// Longest request for completion, in characters.
        pub max_text: u32,
    }

    /// A kind of reason for lacking a document.
    pub struct AbsenceView {
        /// Its stable name.
        pub code: String,
        /// What people call it.
        pub name: Words,
    }

    /// Whether the applicant has said that all is in.
    pub struct ReadyView {
        /// When, RFC 3339 UTC, with what is expected of a command on its way; null if they have not, or
        /// something was asked for since.
        pub at: Option<String>,
        /// Where this person's own saying so stands; null if it is done, or was never said here.
        pub state: Option<CommandState>,
        /// Why it was refused.
        pub reason: Option<Rejection>,
    }

    /// A request for completion as it is being written.
    pub struct CompletionDraft {
        /// The rows that it names.
        pub rows: Vec<String>,
        /// Plain text, exactly as typed.
        pub text: String,
    }

    /// Where a row stands, with what is expected of commands on their way.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum RowState {
        /// A document is awaited.
        Open,
        /// One is there and waits for the officer.
        Submitted,
        /// The applicant has said why there is none, and the officer has not answered.
        Explained,
        /// The officer has found one, or the reason for there being none, sufficient.
        Accepted,
    }

    /// A document that a case asks for.
    pub struct RowView {
        /// Its id.
        pub id: String,
        /// What people call it.
        pub name: Words,
        /// What the officer expects to find in it.
        pub help: Words,
        /// Whether the application needs it; one that is not needed takes any number of files.
        pub required: bool,
        /// Where it stands.
        pub state: RowState,
        /// Files that were picked and are not sent.
        pub picked: Vec<PickedFile>,
        /// What was sent in, newest first; one of an earlier case that stands in the row comes first.
        pub documents: Vec<DocumentView>,
        /// Whether something has to come before the application is complete.
        pub awaited: bool,
        /// What its sender must have seen to before it is sent.
        pub checklist: Vec<Words>,
        /// Reasons for a refusal that are often needed.
        pub refusal_reasons: Vec<Words>,
        /// What its template is called; null if there is none.
        pub template: Option<Words>,
        /// The request for completion that names it; null once something has come.
        pub asked: Option<AskedView>,
        /// Why there is no document, as it has been said, newest first.
        pub explanations: Vec<ExplanationView>,
        /// The reason for lacking it as it is being written, sent nowhere.
        pub explanation_draft: ExplanationDraft,
        /// How a document of an earlier case came to stand in it; null if none does.
        pub taken: Option<TakenView>,
        /// Accepted documents of the person's other cases that can be taken for it.
        pub archive: Vec<ArchivedView>,
    }

    /// The officer has asked for something in a row.
    pub struct AskedView {
        /// Who.
        pub by: String,
        /// When, RFC 3339 UTC.
        pub at: String,
        /// What the message says; empty if it is not here.
        pub text: String,
    }

    /// Why there is no document.
    pub struct ExplanationView {
        /// Its id.
        pub id: String,
        /// The kind of reason.
        pub absence: Words,
        /// The reason in the applicant's words.
        pub reason: String,
        /// Who wrote it.
        pub author: String,
        /// Whether the person who is signed in did.
        pub mine: bool,
        /// RFC 3339 UTC: received by the server, or written here while it has not answered.
        pub at: String,
        /// Where its sending stands.
        pub state: CommandState,
        /// Why its sending was refused.
        pub refused: Option<Rejection>,
        /// What became of it, with what is expected of commands on their way.
        pub handling: Handling,
        /// Who handled it; empty if nobody.
        pub handled_by: String,
        /// When, RFC 3339 UTC; null if nobody has.
        pub handled_at: Option<String>,
        /// Why it was found insufficient; empty if it was not.
        pub handled_why: String,
        /// Where this person's own accepting or refusing stands; null if they did neither here.
        pub handling_state: Option<CommandState>,
        /// Why that was refused by the server.
        pub handling_reason: Option<Rejection>,
        /// The reason for a refusal as it is being written, sent nowhere; empty if none.
        pub refusal_draft: String,
    }

    /// The reason for lacking a document as it is being written.
    pub struct ExplanationDraft {
        /// The kind of reason, a code; empty if none was picked.
        pub absence: String,
        /// Plain text, exactly as typed.
        pub reason: String,
    }

    /// A document of an earlier case stands in a row.
    pub struct TakenView {
        /// Who took it.
        pub by: String,
        /// When, RFC 3339 UTC.
        pub at: String,
        /// Where this person's own taking it stands.
        pub state: CommandState,
    }

    /// A document of another case that can be taken for a row.
    pub struct ArchivedView {
        /// Its id.
        pub document: String,
        /// What its sender called it.
        pub name: String,
        /// The registry number of its case.
        pub number: String,
        /// When it was received, RFC 3339 UTC.
        pub at: String,
        /// Who found it sufficient.
        pub accepted_by: String,
    }

    /// A file that was picked for a row and is kept on this computer, not sent.
    pub struct PickedFile {
        /// Its id; null if it was refused and is not kept.
        pub file: Option<String>,
        /// What it is called.
        pub name: String,
        /// Its size.
        #[cfg_attr(test, ts(type = "number"))]
        pub bytes: i64,
        /// doc, docx, xls, xlsx or pdf; null if it was refused.
        pub format: Option<String>,
        /// What the sender says of it so far.
        pub note: String,
        /// Why it cannot be sent.
        pub refused: Option<Rejection>,
    }

    /// What an officer made of a document.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum Handling {
        /// Nothing yet.
        Waiting,
        /// Another was sent in its place before anybody looked.
        Replaced,
        /// It is sufficient.
        Accepted,
        /// It is not.
        Refused,
    }

    /// How a document came.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum DocumentOrigin {
        /// The applicant sent it.
        Sent,
        /// It came on paper, and the officer added it.
        Post,
    }

    /// A file that was sent in.
    pub struct DocumentView {
        /// Its id.
        pub id: String,
        /// What its sender called it.
        pub name: String,
        /// Its size.
        #[cfg_attr(test, ts(type = "number"))]
        pub bytes: i64,
        /// doc, docx, xls, xlsx or pdf.
        pub format: String,
        /// What the sender says of it; may be empty.
        pub note: String,
        /// How it came.
        pub origin: DocumentOrigin,
        /// The registry number of the earlier case that it was taken from; null if it came in this one.
        pub from_case: Option<String>,
        /// Who sent it.
        pub author: String,
        /// Whether the person who is signed in did.
        pub mine: bool,
        /// RFC 3339 UTC: received by the server, or sent here while it has not answered.
        pub at: String,
        /// Where its sending stands.
        pub state: CommandState,
        /// Why its sending was refused.
        pub reason: Option<Rejection>,
        /// How much of the file has been sent; null when nothing is left to send.
        pub sending: Option<Progress>,
        /// How much of the file has been fetched; null when it is not being fetched.
        pub fetching: Option<Progress>,
        /// Whether its bytes are on this computer.
        pub here: bool,
        /// What became of it, with what is expected of commands on their way.
        pub handling: Handling,
        /// Who handled it; empty if nobody.
        pub handled_by: String,
        /// When, RFC 3339 UTC; null if nobody has.
        pub handled_at: Option<String>,
        /// Why it was found insufficient; empty if it was not.
        pub handled_why: String,
        /// Where this person's own accepting or refusing stands; null if they did neither here.
        pub handling_state: Option<CommandState>,
        /// Why that was refused by the server.
        pub handling_reason: Option<Rejection>,
        /// The reason for a refusal as it is being written, sent nowhere; empty if none.
        pub refusal_draft: String,
    }

    /// Which row of which case.
    pub struct RowOfCase {
        /// The case.
        pub case: String,
        /// The row.
        pub row: String,
    }

    /// A file that was dropped on the window, for a row.
    pub struct AddDropped {
        /// The case.
        pub case: String,
        /// The row.
        pub row: String,
        /// The handle that the event `files_dropped` gave.
        pub dropped: String,
    }

    /// A text that becomes a document.
    pub struct AddText {
        /// The case.
        pub case: String,
        /// The row.
        pub row: String,
        /// The conversation whose draft it is; null if it begins one. The draft ends.
        pub thread: Option<String>,
        /// What the file is called, without its ending.
        pub name: String,
        /// Plain text.
        pub text: String,
    }

    /// A picked file with what its sender says of it.
    pub struct PickedNote {
        /// The file.
        pub file: String,
        /// What it contains; may be empty.
        pub note: String,
    }

    /// Sending a picked file in.
    pub struct SubmitPicked {
        /// The file.
        pub file: String,
        /// What it contains; may be empty.
        pub note: String,
        /// Whether all that is to be seen to before it is sent has been ticked.
        pub checked: bool,
    }

    /// A picked file that belongs in another row of its case.
    pub struct MovePicked {
        /// The file.
        pub file: String,
        /// The row.
        pub row: String,
    }

    /// Why there is no document for a row: sent, or kept as a draft.
    pub struct Explain {
        /// The case.
        pub case: String,
        /// The row.
        pub row: String,
        /// The kind of reason, a code.
        pub absence: String,
        /// The reason.
        pub reason: String,
    }

    /// Which reason for lacking a document.
    pub struct ExplanationRef {
        /// The case.
        pub case: String,
        /// The row.
        pub row: String,
        /// Its id.
        pub explanation: String,
    }

    /// Finding such a reason insufficient.
    pub struct RefuseExplanation {
        /// The case.
        pub case: String,
        /// The row.
        pub row: String,
        /// Its id.
        pub explanation: String,
        /// Why, and what to do.
        pub reason: String,
    }

    /// Taking a document of an earlier case for a row.
    pub struct TakeFromArchive {
        /// The case.
        pub case: String,
        /// The row.
        pub row: String,
        /// The document.
        pub document: String,
    }

    /// A request for completion: sent, or kept as a draft.
    pub struct Completion {
        /// The case.
        pub case: String,
        /// The rows that it names.
        pub rows: Vec<String>,
        /// What is missing.
        pub text: String,
    }

    /// A row's template, in one of the two languages.
    pub struct TemplateOf {
        /// The case.
        pub case: String,
        /// The row.
        pub row: String,
        /// Whether in English; else in Swedish.
        pub english: bool,
    }

    /// Which picked file.
    pub struct PickedRef {
        /// The file.
        pub file: String,
    }

    /// Which document.
    pub struct DocumentRef {
        /// Its id.
        pub document: String,
    }

    /// Finding a document insufficient, or the reason as it is being written.
    pub struct RefuseDocument {
        /// Its id.
        pub document: String,
        /// Why, and what to do.
        pub reason: String,
    }

    /// What came of saving a copy.
    pub struct Saved {
        /// `false` if the person changed their mind.
        pub saved: bool,
    }
}
