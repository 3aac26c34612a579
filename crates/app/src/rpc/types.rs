//! The shapes that cross the border to a window. Ids and times are text; words are made in the window.

use serde::{Deserialize, Serialize};

macro_rules! shapes {
    ($($(#[$meta:meta])* $vis:vis $what:ident $name:ident $body:tt)*) => {$(
        #[derive(Debug, Clone, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        $(#[$meta])*
        $vis $what $name $body
    )*};
}

mod archive;
mod contact;

pub use archive::*;
pub use contact::*;

shapes! {
    /// Nothing.
    pub struct Empty {}

    /// What the window shows before anything else.
    #[serde(tag = "state", rename_all = "snake_case")]
    pub enum SessionView {
        /// Nobody has signed in on this computer.
        SignedOut {
            /// Whether the replica that was here was erased, as its owner had ordered elsewhere.
            erased: bool,
        },
        /// The password was right; the code is awaited.
        CodeNeeded {
            /// Where the code went, masked.
            phone: String,
        },
        /// There is a replica; it is closed.
        Locked {
            /// The server's address.
            server: String,
            /// Whether the keyring holds a half of the key: then a PIN unlocks, else a passphrase.
            keyring: bool,
            /// Wrong tries that are left; without any only a full sign-in opens the replica.
            tries_left: u32,
        },
        /// The replica is open.
        Open {
            /// The server's address.
            server: String,
            /// The person's name; empty before the first pull.
            name: String,
            /// Whether a PIN unlocks, or a passphrase.
            keyring: bool,
            /// Whether the person handles cases for a body.
            staff: bool,
        },
    }

    /// Signing in on this computer, at any time. While it is locked the passphrase is a new one.
    pub struct SignIn {
        /// The server's address.
        pub server: String,
        /// As typed.
        pub user_name: String,
        /// Exactly as typed.
        pub password: String,
        /// PIN or passphrase: unlocks the replica from then on. Not looked at when the replica is open.
        pub passphrase: String,
        /// Whether the keyring is to hold a half of the key. Looked at when there is no replica yet.
        pub keyring: bool,
    }

    /// The code that was sent.
    pub struct EnterCode {
        /// Six digits.
        pub code: String,
    }

    /// Opening the replica.
    pub struct Unlock {
        /// The PIN or passphrase.
        pub passphrase: String,
    }

    /// Choosing another PIN or passphrase.
    pub struct ChangePassphrase {
        /// What unlocks now.
        pub current: String,
        /// What is to unlock from then on.
        pub new: String,
    }

    /// Who has forgotten their password.
    pub struct ForgottenPassword {
        /// The server's address.
        pub server: String,
        /// User name or mail address, as typed.
        pub name: String,
    }

    /// The person's account at the server.
    pub struct AccountView {
        /// What they sign in with.
        pub user_name: String,
        /// Where codes go, masked.
        pub phone: String,
        /// Where they are signed in, the device that was last seen first.
        pub devices: Vec<DeviceView>,
    }

    /// A device that the person is signed in on, or that is to be erased.
    pub struct DeviceView {
        /// Its id.
        pub id: String,
        /// Whether it is this one.
        pub this: bool,
        /// What it calls its system, such as `linux`; empty if it did not say.
        pub system: String,
        /// When the person last signed in on it, RFC 3339 UTC.
        pub signed_in_at: String,
        /// When the server last heard of it, give or take an hour, RFC 3339 UTC.
        pub seen_at: String,
        /// Whether it erases what it holds at its next contact.
        pub erase: bool,
    }

    /// A password that somebody would choose.
    pub struct NewPassword {
        /// Whose; empty if that is not known.
        pub user_name: String,
        /// Exactly as typed.
        pub password: String,
    }

    /// Why a password cannot be chosen.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum PasswordFault {
        /// Fewer than 12 characters.
        TooShort,
        /// More than 200 characters.
        TooLong,
        /// It is the user name.
        UserName,
        /// It is among the first that anybody tries.
        WellKnown,
    }

    /// Changing the password.
    pub struct ChangePassword {
        /// The one that holds now.
        pub current: String,
        /// The one that is to hold.
        pub new: String,
    }

    /// Which of the person's other devices to end.
    pub struct EndDevices {
        /// One of them; null for all.
        pub device: Option<String>,
        /// Whether they erase what they hold at their next contact.
        pub erase: bool,
    }

    /// The operating system's keyring.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum KeyringState {
        /// It has not answered yet; perhaps it asks the person something.
        Waiting,
        /// It answers.
        Ready,
        /// It is locked, and nobody unlocked it.
        Locked,
        /// There is none, or it does not work.
        Unavailable,
    }

    /// The line to the server.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum LineView {
        /// The server has answered.
        Online,
        /// It has not.
        Offline,
        /// Not known yet.
        Connecting,
        /// It answers, but the session has ended.
        SignInNeeded,
    }

    /// The line to the server and what has not left this computer.
    pub struct SyncView {
        /// The line.
        pub line: LineView,
        /// Commands that the server has not answered.
        pub waiting: i32,
        /// When the server last answered, RFC 3339 UTC; null before the first time.
        pub last_contact: Option<String>,
        /// What stops the sync, if it is more than a missing line.
        pub fault: Option<super::Code>,
    }

    /// The same words in both languages.
    pub struct Words {
        /// Swedish.
        pub sv: String,
        /// English.
        pub en: String,
    }

    /// How much of a file has been sent or fetched.
    pub struct Progress {
        /// Bytes done.
        #[cfg_attr(test, ts(type = "number"))]
        pub done: i64,
        /// Bytes in all.
        #[cfg_attr(test, ts(type = "number"))]
        pub total: i64,
    }

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
        /// The letter that decides it, as it is being written; empty if it is not.
        pub letter: String,
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

    /// The letter that refuses an application, or that decides it, as it is being written.
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

    /// What can be applied for, and what has been.
    pub struct ApplicationForm {
        /// What can be applied for here.
        pub offers: Vec<Offer>,
        /// The application that is being written; null if none is.
        pub draft: Option<Application>,
        /// Applications that were sent from this computer and are no cases yet, newest first.
        pub under_way: Vec<ApplicationUnderWay>,
    }

    /// A certification that can be applied for.
    pub struct Offer {
        /// The service that offers it.
        pub service: String,
        /// What people call the service.
        pub service_name: Words,
        /// A code among its schemes.
        pub scheme: String,
        /// What people call it.
        pub name: Words,
        /// The identity number that the service's body knows the person by; null if it knows none.
        pub identity_number: Option<String>,
        /// The registry number of the person's own application for it that is not decided; null if none.
        pub undecided: Option<String>,
        /// The person's certificates of it: each can be renewed.
        pub certificates: Vec<RenewableCertificate>,
        /// Longest text that goes with it, in characters.
        pub max_text: u32,
    }

    /// A certificate that can be renewed.
    pub struct RenewableCertificate {
        /// The case in which it was granted.
        pub case: String,
        /// Its number.
        pub number: String,
        /// The last day of validity, such as 2026-11-22.
        pub valid_to: String,
    }

    /// An application as it is being written: sent, or kept as a draft.
    pub struct Application {
        /// The service; null before anything is chosen.
        pub service: Option<String>,
        /// A code among its schemes; empty before anything is chosen.
        pub scheme: String,
        /// The case whose certificate is to be renewed; null for a new certification.
        pub renews: Option<String>,
        /// Exactly as typed.
        pub identity_number: String,
        /// What the applicant wants the body to know; may be empty.
        pub text: String,
    }

    /// An application that was sent and is no case yet.
    pub struct ApplicationUnderWay {
        /// The command's id.
        pub command: String,
        /// What is applied for.
        pub name: Words,
        /// Whether it renews a certificate.
        pub renews: bool,
        /// When it was written, RFC 3339 UTC.
        pub written_at: String,
        /// Where it stands.
        pub state: CommandState,
        /// Why it was refused.
        pub reason: Option<Rejection>,
    }

    /// The services that the person has to do with.
    pub struct ServiceList {
        /// In the order of their Swedish names.
        pub services: Vec<ServiceView>,
        /// The version of this program, to quote to support.
        pub version: String,
    }

    /// A service, as its body presents it.
    pub struct ServiceView {
        /// What people call it.
        pub name: Words,
        /// What to read first: paragraphs, parted by empty lines.
        pub page: Words,
        /// What is new, the latest first.
        pub news: Vec<NewsView>,
        /// Where help is to be had by mail.
        pub support_email: String,
        /// And by telephone.
        pub support_phone: String,
        /// When somebody answers.
        pub support_hours: Words,
    }

    /// Something that a body wants people to know.
    pub struct NewsView {
        /// The day from which it counts, such as 2026-11-22.
        pub date: String,
        /// What it is about.
        pub title: Words,
        /// The rest: paragraphs, parted by empty lines.
        pub text: Words,
    }

    /// Why somebody looks at cases that are not theirs.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum Purpose {
        /// To handle them.
        Handling,
        /// To answer somebody who asks about theirs.
        Question,
        /// To check how cases are handled.
        Review,
    }

    /// Whose cases.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum HandledBy {
        /// Nobody's: they wait for an officer.
        Nobody,
        /// The person's who asks.
        Me,
        /// Everybody's.
        Anybody,
    }

    /// Looking for cases at the server.
    pub struct QueueSearch {
        /// Why.
        pub purpose: Purpose,
        /// Beginnings of words in the registry number, the name or the title; may be empty.
        pub text: String,
        /// Whose.
        pub handled_by: HandledBy,
        /// Only those that have come so far; null for all.
        pub stage: Option<Stage>,
        /// Goes on after this case; null for the first page.
        pub after: Option<String>,
    }

    /// A page of cases, the one that was opened first on top.
    pub struct QueuePage {
        /// The cases.
        pub cases: Vec<QueuedCase>,
        /// Whether there are more after them.
        pub more: bool,
        /// How many fit in all, counted no further than 10,000.
        pub total: u32,
    }

    /// A case in the queue.
    pub struct QueuedCase {
        /// Its id.
        pub id: String,
        /// Registry number.
        pub number: String,
        /// What is applied for.
        pub title: String,
        /// The applicant's name.
        pub holder: String,
        /// Who handles it: an id; null if nobody.
        pub officer: Option<String>,
        /// Their name.
        pub officer_name: Option<String>,
        /// How far it has come.
        pub stage: Stage,
        /// When it was opened, RFC 3339 UTC.
        pub opened_at: String,
        /// Whether it is among the person's own cases on this computer.
        pub here: bool,
    }

    /// Which case.
    pub struct OfCase {
        /// Its id.
        pub case: String,
    }

    /// The messages of a case.
    pub struct MessageList {
        /// The conversations, the one with the newest message first.
        pub threads: Vec<ThreadView>,
        /// Texts being written in this case, sent nowhere.
        pub drafts: Vec<DraftView>,
        /// What a new message can be, the usual one first; empty before the service's settings have come.
        pub message_types: Vec<MessageTypeView>,
        /// Longest text that can be sent, in characters.
        pub max_length: u32,
    }

    /// What a message can be.
    pub struct MessageTypeView {
        /// Its stable name.
        pub code: String,
        /// What people call it.
        pub name: Words,
    }

    /// A message and what was answered to it.
    pub struct ThreadView {
        /// The id of the message that began it.
        pub id: String,
        /// What it is: a code among the message types.
        pub message_type: String,
        /// Newest first; never empty.
        pub messages: Vec<MessageView>,
        /// Messages of the other party that have not been read.
        pub unread: i32,
    }

    /// A text being written.
    pub struct DraftView {
        /// The conversation that it answers; null if it begins one.
        pub thread: Option<String>,
        /// A code among the message types; empty if none was picked.
        pub message_type: String,
        /// Plain text, exactly as typed.
        pub text: String,
        /// RFC 3339 UTC.
        pub saved_at: String,
    }

    /// What a text that was being written once was.
    pub struct DraftVersion {
        /// Its id.
        pub version: String,
        /// Plain text, exactly as typed.
        pub text: String,
        /// When it was written so, RFC 3339 UTC.
        pub saved_at: String,
        /// Whether it was thrown away, rather than written over.
        pub discarded: bool,
    }

    /// A message.
    pub struct MessageView {
        /// Its id.
        pub id: String,
        /// Who wrote it.
        pub author: String,
        /// Whether the person who is signed in wrote it.
        pub mine: bool,
        /// The command that sends it, while it is on its way or was refused; null once it is received.
        pub command: Option<String>,
        /// Plain text.
        pub text: String,
        /// Whether it is the other party's and has not been read.
        pub unread: bool,
        /// RFC 3339 UTC: received by the server, or written here while it has not answered.
        pub at: String,
        /// Where it stands.
        pub state: CommandState,
        /// Why it was refused.
        pub reason: Option<Rejection>,
    }

    /// Where something that was written here stands.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum CommandState {
        /// On this computer.
        Queued,
        /// All its bytes are at the server; its answer has not come.
        Sent,
        /// The server has it.
        Received,
        /// Refused for good.
        Refused,
        /// The server failed at it again and again.
        Stuck,
    }

    /// A message as it is being written: sent, or kept as a draft.
    pub struct Written {
        /// In which case.
        pub case: String,
        /// The conversation that it answers; null if it begins one.
        pub thread: Option<String>,
        /// A code among the message types.
        pub message_type: String,
        /// Plain text, exactly as typed.
        pub text: String,
    }

    /// Where something is being written.
    pub struct DraftPlace {
        /// In which case.
        pub case: String,
        /// The conversation that it answers; null if it begins one.
        pub thread: Option<String>,
    }

    /// Bring an earlier text back; what stands there now joins the earlier ones.
    pub struct RestoreDraft {
        /// In which case.
        pub case: String,
        /// The conversation that it answers; null if it begins one.
        pub thread: Option<String>,
        /// Which one.
        pub version: String,
    }

    /// What of a conversation the person has seen.
    pub struct Shown {
        /// Its case.
        pub case: String,
        /// The message that began it.
        pub thread: String,
        /// When the newest message that was shown was received, RFC 3339: one that has come meanwhile has not
        /// been read.
        pub up_to: String,
    }

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
    }

    /// Where a row stands, with what is expected of commands on their way.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum RowState {
        /// A document is awaited.
        Open,
        /// One is there and waits for the officer.
        Submitted,
        /// The officer has found one sufficient.
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
        /// What was sent in, newest first.
        pub documents: Vec<DocumentView>,
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

    /// The payload of the event `files_dropped`.
    pub struct FilesDropped {
        /// A handle for each file.
        pub dropped: Vec<String>,
        /// Where, in CSS pixels of the page.
        pub x: f64,
        /// Where, in CSS pixels of the page.
        pub y: f64,
    }

    /// The payload of the event `files_over`: files are being dragged over the window.
    pub struct FilesOver {
        /// `false` once they have left it.
        pub over: bool,
        /// Where, in CSS pixels of the page.
        pub x: f64,
        /// Where, in CSS pixels of the page.
        pub y: f64,
    }

    /// A desktop notification. It never says what a message or document says.
    pub struct Notification {
        /// Its first line.
        pub title: String,
        /// The rest.
        pub body: String,
    }

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
        /// Its registry number; null if the person may no longer see the case.
        pub number: Option<String>,
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

    /// What of the outbox to save.
    pub struct SaveEntry {
        /// Its command.
        pub command: String,
        /// What the file is to be called, if the entry holds no file that has a name.
        pub name: String,
        /// What it is to say then: the window words it.
        pub text: String,
    }

    /// Why a rule says no: a stable code with its parameters.
    pub struct Rejection {
        /// The code.
        pub code: String,
        /// What the words are made with.
        #[cfg_attr(test, ts(optional, type = "Record<string, unknown>"))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub params: Option<serde_json::Value>,
    }

    /// What may have changed.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum Topic {
        /// Signed in, locked, the person's name.
        Session,
        /// The line and what waits.
        Sync,
        /// The list of cases.
        Cases,
        /// Messages of any case.
        Messages,
        /// Documents of any case.
        Documents,
        /// What bodies hold on people, and letters to post.
        Contact,
        /// The outbox.
        Outbox,
        /// The person's account at the server.
        Account,
    }

    /// The payload of the event `changed`.
    pub struct Changed {
        /// What to ask for again.
        pub topics: Vec<Topic>,
    }
}
