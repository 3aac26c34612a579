//! What the parties of a case write to each other.

pub mod send_message;

use serde::{Deserialize, Serialize};

use crate::{IssuerId, PersonId, RecordId, Timestamp};

pub use send_message::SendMessage;

/// The longest text of a message, in characters. A longer text is sent as a document (KW-50).
pub const MAX_LENGTH: usize = 4_000;

/// A message as everybody in the case sees it. Never changed once sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The body whose case it is.
    pub issuer: IssuerId,
    /// The case it belongs to.
    pub case: RecordId,
    /// The message that began the conversation; its own id if it begins one.
    pub thread: RecordId,
    /// Who wrote it.
    pub author: PersonId,
    /// The author's name when it was written.
    pub author_name: String,
    /// Plain text, exactly as typed.
    pub text: String,
    /// When it was written, by the writer's clock. Told, never decisive.
    pub written_at: Timestamp,
    /// When the server received it; before that, when it was written.
    pub received_at: Timestamp,
}
