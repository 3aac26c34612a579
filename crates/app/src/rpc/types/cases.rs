//! The shapes of cases: in the list, with all that stands above their work, and what is done to them.

use serde::{Deserialize, Serialize};

use super::{CommandState, OutboxKind, Rejection, Words};

shapes! {
    /// A case in the list.
    pub struct CaseView {
        /// Its id.
        pub id: String,
        /// What is applied for.
        pub title: String,
        /// Registry number.
        pub number: String,
        /// The certified person's name.
        pub holder: String,
        /// The officer's name; null while the case waits for one.
        pub officer: Option<String>,
        /// Whether the person who is signed in is its officer.
        pub mine_to_handle: bool,
        /// How far it has come.
        pub stage: Stage,
        /// The certificate's number, once it is granted.
        pub certificate: Option<String>,
        /// RFC 3339 UTC.
        pub last_message_at: Option<String>,
        /// Messages of the other party that have not been read.
        pub unread: i32,
        /// Documents that the application needs.
        pub documents_needed: i32,
        /// How many of them are accepted, as the server has it.
        pub documents_accepted: i32,
        /// How many of them wait for the officer, as the server has it.
        pub documents_submitted: i32,
        /// How many are awaited again, since what came was found insufficient.
        pub documents_refused: i32,
        /// Documents that wait for the officer, needed or not, as the server has it.
        pub documents_to_handle: i32,
        /// Messages and documents sent from here that the server has not answered.
        pub waiting: i32,
        /// Messages that are being written.
        pub drafts: i32,
        /// Files that are picked and not sent.
        pub unsent_files: i32,
        /// Changes of contact details that wait for the officer, as the server has it.
        pub contact_to_handle: i32,
    }

    /// How far a case has come.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum Stage {
        /// Applied for and not decided.
        Application,
        /// Granted: there is a certificate.
        Granted,
        /// Refused by the body.
        Refused,
        /// Taken back by the applicant.
        Withdrawn,
    }

    /// Something that is chosen by its name.
    pub struct Choice {
        /// Its stable name.
        pub code: String,
        /// What people call it.
        pub name: Words,
    }

    /// Everything about a case that stands above what is done in it.
    pub struct CaseFile {
        /// Its id.
        pub id: String,
        /// What is applied for, in the service's words.
        pub scheme: Words,
        /// The number of the certificate that it is to renew, if it renews one.
        pub renews: Option<String>,
        /// Registry number.
        pub number: String,
        /// The name as the person gave it.
        pub holder: String,
        /// Their identity number, as people write it.
        pub identity_number: String,
        /// The officer's name; null while the case waits for one.
        pub officer: Option<String>,
        /// How far it has come.
        pub stage: Stage,
        /// When it was opened, RFC 3339 UTC.
        pub opened_at: String,
        /// Whether the body reaches the person by mail; null before that is known here.
        pub digital: Option<bool>,
        /// The certificate, once it is granted.
        pub certificate: Option<CertificateView>,
        /// Examinations, the one that was recorded last on top.
        pub exams: Vec<ExamView>,
        /// What has happened, newest first.
        pub events: Vec<EventView>,
        /// Whether the person who is signed in is its officer.
        pub mine_to_handle: bool,
        /// Whether it is their own.
        pub mine: bool,
        /// The parts of the scheme's examination.
        pub exam_parts: Vec<Choice>,
        /// The scheme's levels of authority; empty if it has none.
        pub levels: Vec<Choice>,
        /// The others who handle cases for the body; empty for who does not.
        pub colleagues: Vec<Colleague>,
        /// The letter that decides it, as it is being written.
        pub letter: LetterDraft,
        /// An examination's result as it is being filled in.
        pub exam: Option<ExamDraft>,
        /// Longest letter, in characters.
        pub max_letter: u32,
        /// What was done here to the case as a whole and is not received.
        pub on_their_way: Vec<OnItsWay>,
    }

    /// A certificate.
    pub struct CertificateView {
        /// Its number.
        pub number: String,
        /// The level of authority; null where there are none.
        pub level: Option<Words>,
        /// The day of the decision, such as 2026-11-22.
        pub granted_on: String,
        /// The last day of validity.
        pub valid_to: String,
        /// Whether there is a proof the size of a credit card.
        pub card: bool,
        /// Whether it stands in the public register.
        pub published: bool,
    }

    /// How a part of an examination went.
    pub struct ExamView {
        /// Which part.
        pub part: Words,
        /// The day of the examination, such as 2026-11-22.
        pub held_on: String,
        /// The mark; may be empty.
        pub mark: String,
        /// Whether it is enough.
        pub passed: bool,
    }

    /// Something that happened in a case.
    pub struct EventView {
        /// RFC 3339 UTC.
        pub at: String,
        /// Who did it; empty for the body's own systems.
        pub by: String,
        /// What: a stable code. The list is open.
        pub happening: String,
        /// What the words are made with.
        #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
        pub params: serde_json::Value,
    }

    /// Somebody who handles cases for the same body.
    pub struct Colleague {
        /// Their id.
        pub person: String,
        /// Their name.
        pub name: String,
    }

    /// Something done to a case as a whole that the server has not taken.
    pub struct OnItsWay {
        /// The command's id.
        pub command: String,
        /// What it does.
        pub kind: OutboxKind,
        /// Where it stands.
        pub state: CommandState,
        /// Why it was refused.
        pub reason: Option<Rejection>,
    }

    /// Changing who handles a case.
    pub struct AssignCase {
        /// The case.
        pub case: String,
        /// Who has it, as far as is known here; null if nobody.
        pub from: Option<String>,
        /// To whom: an id, "me", or null for nobody.
        pub to: Option<String>,
    }

    /// How a part of an examination went.
    pub struct RecordExam {
        /// The case.
        pub case: String,
        /// Which part.
        pub part: String,
        /// The day of the examination, such as 2026-11-22.
        pub held_on: String,
        /// The mark; may be empty.
        pub mark: String,
        /// Whether it is enough.
        pub passed: bool,
    }

    /// Granting a certificate.
    pub struct GrantCertificate {
        /// The case.
        pub case: String,
        /// The level; null where the scheme has none.
        pub level: Option<String>,
        /// The day of the decision, such as 2026-11-22.
        pub granted_on: String,
        /// The letter.
        pub text: String,
    }

    /// The letter that decides a case, as it is being written.
    pub struct LetterDraft {
        /// The case.
        pub case: String,
        /// What it says; empty if it is not being written.
        pub text: String,
        /// The level; null before one is chosen.
        pub level: Option<String>,
        /// The day of the decision, exactly as typed; empty if it was not touched.
        pub granted_on: String,
    }

    /// An examination's result as it is being filled in.
    pub struct ExamDraft {
        /// Which part.
        pub part: String,
        /// The day, exactly as typed.
        pub held_on: String,
        /// The mark, exactly as typed.
        pub mark: String,
        /// Whether it is enough.
        pub passed: bool,
    }

    /// The letter that refuses an application.
    pub struct Letter {
        /// The case.
        pub case: String,
        /// What it says.
        pub text: String,
    }

    /// Whether there is a card and whether the certificate is published.
    pub struct Proofs {
        /// The case.
        pub case: String,
        /// Whether there is a proof the size of a credit card.
        pub card: bool,
        /// Whether it stands in the public register.
        pub published: bool,
    }
}
