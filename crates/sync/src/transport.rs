//! The line to a server: what the driver needs of it, so that a simulated network can stand in.

use std::{future::Future, pin::Pin};

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

    /// Listens for pokes.
    fn pokes(&self, token: &str) -> impl Future<Output = Result<Pokes, LineDown>> + Send;
}

/// What an answer that is no success means.
pub fn failure_of(response: &Response) -> Failure {
    let body: Option<ErrorBody> = serde_json::from_slice(&response.body).ok();
    match body.map(|body| body.code) {
        Some(ErrorCode::SignInNeeded | ErrorCode::SignInRefused) => Failure::SignInNeeded,
        Some(ErrorCode::UpgradeNeeded) => Failure::UpgradeNeeded,
        // not our server: a proxy or a login page of some network stands between
        None => Failure::NoLine,
        Some(_) => Failure::Server,
    }
}
