//! The line to a server: what the driver needs of it, so that a simulated network can stand in.

use std::{future::Future, pin::Pin};

use behorig_domain::{FileId, RecordId};
use behorig_protocol::{ErrorBody, ErrorCode};
use futures_util::Stream;

use crate::Failure;

/// A POST.
#[derive(Debug, Clone)]
pub struct Request {
    /// One of [`behorig_protocol::path`].
    pub path: &'static str,
    /// The session's token.
    pub token: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// An answer, whole.
#[derive(Debug, Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// A request about one file's bytes.
#[derive(Debug, Clone)]
pub struct FileRequest {
    /// The session's token.
    pub token: Option<String>,
    /// What to do.
    pub act: FileAct,
}

/// What to do with one file's bytes.
#[derive(Debug, Clone)]
pub enum FileAct {
    /// Begin to send a file.
    Begin {
        /// Which.
        file: FileId,
        /// What it is called.
        name: String,
        /// How many bytes it has.
        bytes: u64,
    },
    /// Ask how many bytes the server has.
    Ask {
        /// Of which file.
        file: FileId,
    },
    /// Send more of them.
    Append {
        /// Of which file.
        file: FileId,
        /// From where on.
        offset: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// Fetch some of a document's.
    Read {
        /// Which document.
        document: RecordId,
        /// From where on.
        offset: u64,
        /// How many; more than 0.
        bytes: u64,
    },
}

/// An answer about a file's bytes.
#[derive(Debug, Clone)]
pub struct FileResponse {
    /// The HTTP status.
    pub status: u16,
    /// How many bytes the server has, if it says so.
    pub offset: Option<u64>,
    /// The body.
    pub body: Vec<u8>,
}

/// No answer came, or only a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no line")]
pub struct LineDown {
    /// Whether any of the request may have reached the server.
    pub may_have_left: bool,
}

impl LineDown {
    /// Nothing has left this computer.
    pub const BEFORE: Self = Self { may_have_left: false };
    /// Broken off; the server may have it.
    pub const UNDERWAY: Self = Self { may_have_left: true };
}

/// Ends when the line does. Each item says that a pull may find something.
pub type Pokes = Pin<Box<dyn Stream<Item = ()> + Send>>;

/// The line to a server.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request and waits for the whole answer.
    fn post(&self, request: Request) -> impl Future<Output = Result<Response, LineDown>> + Send;

    /// Sends or fetches some of a file.
    fn file(
        &self,
        request: FileRequest,
    ) -> impl Future<Output = Result<FileResponse, LineDown>> + Send;

    /// Listens for pokes.
    fn pokes(&self, token: &str) -> impl Future<Output = Result<Pokes, LineDown>> + Send;
}

/// What an answer about a file that is no success means. An answer to a question without a body has none
/// either, so its status must do.
pub fn file_failure(response: &FileResponse) -> Failure {
    match (response.status, response.body.is_empty()) {
        (401, _) => Failure::SignInNeeded,
        (426, _) => Failure::UpgradeNeeded,
        (404 | 409 | 413 | 423 | 429 | 500.., true) => Failure::Server,
        _ => failure_of(&response.body),
    }
}

/// What an answer that is no success means, where the session's own refresh token was shown: the only place
/// where the server may order to erase.
pub fn failure_at_session(body: &[u8]) -> Failure {
    let told: Option<ErrorBody> = serde_json::from_slice(body).ok();
    match told.map(|body| body.code) {
        Some(ErrorCode::EraseOrdered) => Failure::EraseOrdered,
        _ => failure_of(body),
    }
}

/// What an answer that is no success means.
pub fn failure_of(body: &[u8]) -> Failure {
    let body: Option<ErrorBody> = serde_json::from_slice(body).ok();
    match body.map(|body| body.code) {
        Some(ErrorCode::SignInNeeded | ErrorCode::SignInRefused) => Failure::SignInNeeded,
        Some(ErrorCode::UpgradeNeeded) => Failure::UpgradeNeeded,
        // not our server: a proxy or a login page of some network stands between
        None => Failure::NoLine,
        Some(_) => Failure::Server,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_where_the_refresh_token_is_shown_can_the_server_order_to_erase() {
        let body = ErrorBody { code: ErrorCode::EraseOrdered, correlation_id: String::new() };
        let ordered = serde_json::to_vec(&body).unwrap();
        assert_eq!(failure_at_session(&ordered), Failure::EraseOrdered);
        assert_eq!(failure_of(&ordered), Failure::Server);
        let answer = FileResponse { status: 401, offset: None, body: ordered };
        assert_ne!(file_failure(&answer), Failure::EraseOrdered);
        for other in [b"<html>erase_ordered</html>".as_slice(), b"{\"code\":\"erase\"}", b""] {
            assert_eq!(failure_at_session(other), Failure::NoLine);
        }
        let ended = ErrorBody { code: ErrorCode::SignInNeeded, correlation_id: String::new() };
        let ended = serde_json::to_vec(&ended).unwrap();
        assert_eq!(failure_at_session(&ended), Failure::SignInNeeded);
    }
}
