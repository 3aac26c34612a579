//! What the parties of a case write to each other.

pub mod mark_read;
pub mod send_message;

use serde::{Deserialize, Serialize};

use crate::{
    IssuerId, Kind, PersonId, Record, RecordId, Timestamp,
    cases::{Acting, Party},
};

pub use mark_read::{MarkRead, mark_ref};
pub use send_message::SendMessage;

/// The longest text that any service may allow in a message, in characters.
pub const LENGTH_CEILING: u64 = 4_000;

/// How a message came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Somebody wrote it.
    Written,
    /// The officer decided the case (KW-39). It has no message type.
    Decision,
    /// The officer asks for something that is missing (KW-39). It has no message type.
    Completion,
    /// The applicant says that all is in (KW-81). It has no message type, and no text.
    Ready,
    /// The system made it (KW-38). It has no message type.
    Automatic,
}

/// A message as everybody in the case sees it. Never changed once sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The body whose case it is.
    pub issuer: IssuerId,
    /// The case it belongs to.
    pub case: RecordId,
    /// The message that began the conversation; its own id if it begins one.
    pub thread: RecordId,
    /// What it is, by a name that the service's settings have words for (KW-48).
    pub message_type: String,
    /// How it came about.
    pub origin: Origin,
    /// Who wrote it.
    pub author: PersonId,
    /// The author's name when it was written.
    pub author_name: String,
    /// Plain text, exactly as typed.
    pub text: String,
    /// The documents that it asks for, by their codes in the scheme; of a request for completion.
    #[serde(default)]
    pub documents: Vec<String>,
    /// When it was written, by the writer's clock. Told, never decisive.
    pub written_at: Timestamp,
    /// When the server received it; before that, when it was written.
    pub received_at: Timestamp,
}

/// How far a person has read a conversation. Only they see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMark {
    /// Who has read.
    pub person: PersonId,
    /// The case.
    pub case: RecordId,
    /// The message that began the conversation.
    pub thread: RecordId,
    /// When the newest message that was read had been received.
    pub up_to: Timestamp,
}

/// A message that comes of something else than writing one. It begins a conversation.
pub(crate) struct Letter<'a> {
    pub(crate) id: RecordId,
    pub(crate) origin: Origin,
    pub(crate) text: &'a str,
    pub(crate) documents: Vec<String>,
    pub(crate) written_at: Timestamp,
}

impl Letter<'_> {
    /// Its record, from this party of a case.
    pub(crate) fn record(self, acting: &Acting<'_>, author: &Party, now: Timestamp) -> Record {
        let message = Message {
            issuer: acting.case.issuer,
            case: acting.at.id,
            thread: self.id,
            message_type: String::new(),
            origin: self.origin,
            author: author.person,
            author_name: author.name.clone(),
            text: self.text.to_owned(),
            documents: self.documents,
            written_at: self.written_at,
            received_at: now,
        };
        Record::new(Kind::Message, self.id, &message)
    }
}
