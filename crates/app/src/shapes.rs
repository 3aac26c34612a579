//! From what the store knows to what crosses the border to a window.

use behorig_domain::{RecordId, Timestamp, documents, services};
use behorig_protocol::Refusal;
use behorig_store::OutboxState;

use crate::rpc::{Answer, Code, CommandState, Handling, Progress, Rejection, Words};

/// A stored time as the window reads it.
pub(crate) fn stamp(millis: i64) -> Option<String> {
    Timestamp::from_millis(millis).map(|time| time.to_string())
}

/// A number of things; beyond what the window can count there are simply many.
pub(crate) fn count(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

/// An id that the window passes.
pub(crate) fn record_id(text: &str) -> Answer<RecordId> {
    text.parse().map_err(|_| Code::BadRequest.into())
}

/// Bytes as the window counts them.
pub(crate) fn bytes(bytes: u64) -> i64 {
    bytes.try_into().unwrap_or(i64::MAX)
}

pub(crate) fn progress(done: u64, total: u64) -> Progress {
    Progress { done: bytes(done), total: bytes(total) }
}

/// What became of a document, without who and why.
pub(crate) fn handling(handling: &documents::Handling) -> Handling {
    match handling {
        documents::Handling::Waiting => Handling::Waiting,
        documents::Handling::Replaced { .. } => Handling::Replaced,
        documents::Handling::Accepted { .. } => Handling::Accepted,
        documents::Handling::Refused { .. } => Handling::Refused,
    }
}

pub(crate) fn words(words: services::Words) -> Words {
    Words { sv: words.sv, en: words.en }
}

pub(crate) fn command_state(state: OutboxState) -> CommandState {
    match state {
        OutboxState::Queued => CommandState::Queued,
        OutboxState::Sent => CommandState::Sent,
        OutboxState::Received => CommandState::Received,
        OutboxState::Refused => CommandState::Refused,
        OutboxState::Stuck => CommandState::Stuck,
    }
}

pub(crate) fn rejection(refusal: Refusal) -> Rejection {
    Rejection { code: refusal.code, params: refusal.params }
}
