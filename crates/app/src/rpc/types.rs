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

shapes! {
    /// Nothing.
    pub struct Empty {}

    /// What the window shows before anything else.
    #[serde(tag = "state", rename_all = "snake_case")]
    pub enum SessionView {
        /// Nobody has signed in on this computer.
        SignedOut,
        /// The password was right; the code is awaited.
        CodeNeeded {
            /// Where the code went, masked.
            phone: String,
        },
        /// There is a replica; it is closed.
        Locked {
            /// The server's address.
            server: String,
        },
        /// The replica is open.
        Open {
            /// The server's address.
            server: String,
            /// The person's name; empty before the first pull.
            name: String,
        },
    }

    /// Signing in on this computer.
    pub struct SignIn {
        /// The server's address.
        pub server: String,
        /// As typed.
        pub user_name: String,
        /// Exactly as typed.
        pub password: String,
        /// Unlocks the replica from then on. Not looked at when the replica is open.
        pub passphrase: String,
    }

    /// The code that was sent.
    pub struct EnterCode {
        /// Six digits.
        pub code: String,
    }

    /// Opening the replica.
    pub struct Unlock {
        /// What was chosen at the first sign-in.
        pub passphrase: String,
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
        /// The officer's name.
        pub officer: String,
        /// Whether the person who is signed in is its officer.
        pub mine_to_handle: bool,
        /// RFC 3339 UTC.
        pub last_message_at: Option<String>,
        /// Messages written here that the server has not answered.
        pub waiting: i32,
    }

    /// Which case.
    pub struct MessagesOfCase {
        /// Its id.
        pub case: String,
    }

    /// The messages of a case.
    pub struct MessageList {
        /// Newest first.
        pub messages: Vec<MessageView>,
        /// Text being written in this case, sent nowhere; null if none.
        pub draft: Option<String>,
        /// Longest text that can be sent, in characters.
        pub max_length: u32,
    }

    /// A message.
    pub struct MessageView {
        /// Its id.
        pub id: String,
        /// Who wrote it.
        pub author: String,
        /// Whether the person who is signed in wrote it.
        pub mine: bool,
        /// Plain text.
        pub text: String,
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

    /// Send a message.
    pub struct SendMessage {
        /// In which case.
        pub case: String,
        /// Plain text, exactly as typed.
        pub text: String,
    }

    /// Keep the text being written.
    pub struct SaveDraft {
        /// In which case.
        pub case: String,
        /// Plain text, exactly as typed.
        pub text: String,
    }

    /// Throw the text being written away.
    pub struct DiscardDraft {
        /// In which case.
        pub case: String,
    }

    /// What a command does.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum OutboxKind {
        /// Sends a message.
        SendMessage,
    }

    /// Something that was written here to be sent.
    pub struct OutboxEntry {
        /// The command's id.
        pub command: String,
        /// What it does.
        pub kind: OutboxKind,
        /// The case's title.
        pub subject: String,
        /// What was written.
        pub text: String,
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
        /// The outbox.
        Outbox,
    }

    /// The payload of the event `changed`.
    pub struct Changed {
        /// What to ask for again.
        pub topics: Vec<Topic>,
    }
}
