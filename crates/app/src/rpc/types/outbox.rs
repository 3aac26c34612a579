//! The shapes of the outbox.

use serde::{Deserialize, Serialize};

use super::{CommandState, Progress, Rejection};

shapes! {
    /// What a command does.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum OutboxKind {
        /// Sends a message.
        SendMessage,
        /// Sends a document in.
        SubmitDocument,
        /// Accepts a document.
        AcceptDocument,
        /// Refuses a document.
        RefuseDocument,
        /// Says why there is no document.
        ExplainAbsence,
        /// Accepts such a reason.
        AcceptExplanation,
        /// Refuses such a reason.
        RefuseExplanation,
        /// Takes a document of an earlier case.
        TakeFromArchive,
        /// Says that all is in.
        ReportReady,
        /// Asks for what is missing.
        RequestCompletion,
        /// Changes who handles a case.
        AssignCase,
        /// Records how an examination went.
        RecordExam,
        /// Grants a certificate.
        GrantCertificate,
        /// Refuses an application.
        RefuseApplication,
        /// Takes an application back.
        WithdrawApplication,
        /// Notes whether there is a card and whether the certificate is published.
        SetProofs,
        /// Applies for a certification.
        Apply,
        /// Proposes a change of contact details.
        ProposeContactChange,
        /// Takes such a proposal back.
        WithdrawContactChange,
        /// Puts such a proposal in force.
        AcceptContactChange,
        /// Refuses such a proposal.
        RefuseContactChange,
        /// Notes that a letter is posted.
        CompletePostalTask,
        /// Writes a note on a case.
        WriteNote,
        /// Changes or removes a note.
        ChangeNote,
        /// Keeps a new template.
        WriteTemplate,
        /// Changes or removes a template.
        ChangeTemplate,
    }

    /// What was written is in the outbox.
    pub struct QueuedCommand {
        /// The command's id there.
        pub command: String,
    }

    /// Something that was written here to be sent.
    pub struct OutboxEntry {
        /// The command's id.
        pub command: String,
        /// What it does.
        pub kind: OutboxKind,
        /// The case.
        pub case: String,
        /// The case's title.
        pub subject: String,
        /// Its registry number; null if it is not known.
        pub number: Option<String>,
        /// Whether the case is here.
        pub here: bool,
        /// What was written: the message, the note, or the reason.
        pub text: String,
        /// The file's name, if it is about one.
        pub file_name: Option<String>,
        /// How much of its file has been sent; null when nothing is left to send.
        pub sending: Option<Progress>,
        /// Where it stands.
        pub state: CommandState,
        /// Why it was refused.
        pub reason: Option<Rejection>,
        /// RFC 3339 UTC.
        pub written_at: String,
        /// When it left this computer; null while it is here only.
        pub sent_at: Option<String>,
        /// When the server's answer was applied here; null before.
        pub decided_at: Option<String>,
        /// Whether it can be taken back.
        pub can_withdraw: bool,
    }

    /// Which command.
    pub struct Withdraw {
        /// Its id.
        pub command: String,
    }

    /// What something was to be whose case is no longer here.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum LeftKind {
        /// A message.
        Message,
        /// The letter that decides a case.
        Decision,
        /// How an examination went.
        Exam,
        /// A request for completion.
        Completion,
        /// A note, or the change of one.
        Note,
        /// The reason for refusing a document, or a reason for lacking one.
        Refusal,
        /// The reason for lacking a document.
        Absence,
        /// Other contact details.
        Contact,
        /// The reason for refusing other contact details.
        ContactRefusal,
        /// A file that was picked.
        File,
    }

    /// Something that was begun in a case that is no longer here.
    pub struct LeftEntry {
        /// Its name here.
        pub place: String,
        /// What it was to be.
        pub kind: LeftKind,
        /// The case's title; empty if that is not known.
        pub subject: String,
        /// Its registry number; empty if that is not known.
        pub number: String,
        /// What was written; of a file, what was said of it.
        pub text: String,
        /// The file's name, if it is one.
        pub file_name: Option<String>,
        /// When the case left, RFC 3339 UTC.
        pub left_at: String,
        /// When it is erased.
        pub erased_at: String,
    }

    /// Removing something of that.
    pub struct RemoveLeft {
        /// Its name.
        pub place: String,
        /// False to have it back.
        pub removed: bool,
    }

    /// What of that to save.
    pub struct SaveLeft {
        /// Its name.
        pub place: String,
        /// What the file is to be called, if it is no file that has a name.
        pub name: String,
        /// What it is to say then: the window words it.
        pub text: String,
    }

    /// What of the outbox to save.
    pub struct SaveEntry {
        /// Its command.
        pub command: String,
        /// What the file is to be called, if the entry holds no file that has a name.
        pub name: String,
        /// What it is to say then: the window words it.
        pub text: String,
    }
}
