//! The shapes that cross the border to a window. Ids and times are text; words are made in the window.

use serde::{Deserialize, Serialize};

mod applicants;
mod applications;
mod archive;
mod cases;
mod contact;
mod documents;
mod look;
mod notes;
mod outbox;
mod queue;
mod search;
mod services;
mod settings;

pub use applicants::*;
pub use applications::*;
pub use archive::*;
pub use cases::*;
pub use contact::*;
pub use documents::*;
pub use look::*;
pub use notes::*;
pub use outbox::*;
pub use queue::*;
pub use search::*;
pub use services::*;
pub use settings::*;

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
            /// Where codes go, masked.
            phone: String,
            /// Where this one comes from.
            factor: Factor,
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

    /// Where the code of a sign-in comes from.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum Factor {
        /// A text message.
        Sms,
        /// The person's code app.
        Totp,
    }

    /// The code that was sent.
    pub struct EnterCode {
        /// Six digits, or a recovery code.
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
        /// Whether codes come from a code app instead.
        pub totp: bool,
        /// How many recovery codes are left; null if none were ever made.
        pub recovery_codes: Option<u32>,
        /// Where they are signed in, the device that was last seen first.
        pub devices: Vec<DeviceView>,
    }

    /// A change of the second factor, which takes the password.
    pub struct WithPassword {
        /// Exactly as typed.
        pub password: String,
    }

    /// What a code app needs to be connected. Shown this once.
    pub struct TotpView {
        /// The secret, in groups that people can type.
        pub secret: String,
        /// The picture that an app reads: a row each, `1` for what is dark.
        pub picture: Vec<String>,
    }

    /// Has codes sent to the telephone again.
    pub struct RemoveTotp {
        /// Exactly as typed.
        pub password: String,
        /// A code of the app, or a recovery code.
        pub code: String,
    }

    /// Recovery codes, shown this once.
    pub struct RecoveryCodes {
        /// The codes.
        pub codes: Vec<String>,
    }

    /// A page of text that the person saves outside the program.
    pub struct SaveText {
        /// What it says.
        pub text: String,
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

    /// How a message came about.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum MessageOrigin {
        /// Somebody wrote it.
        Written,
        /// The officer decided the case.
        Decision,
        /// The officer asks for something that is missing.
        Completion,
        /// The applicant says that all is in; it has no text.
        Ready,
        /// The system made it.
        Automatic,
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
        /// How it came about.
        pub origin: MessageOrigin,
        /// The documents that it asks for.
        pub documents: Vec<Words>,
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
        /// What is kept on this computer, and an export that is running.
        Settings,
    }

    /// The payload of the event `changed`.
    pub struct Changed {
        /// What to ask for again.
        pub topics: Vec<Topic>,
    }
}
