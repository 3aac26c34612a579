//! What goes wrong in a request, and how it is told: a code and a correlation id, nothing else.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use behorig_protocol::{ErrorBody, ErrorCode};

/// A request that fails as a whole.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// Told to the client as it is.
    #[error("answered {0:?}")]
    Told(ErrorCode),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] behorig_server_store::Fault),
    /// The transaction was not committed.
    #[error("not committed")]
    NotCommitted,
    /// A worker ended before it answered.
    #[error("a worker ended early")]
    Panicked,
    /// A code could not be sent.
    #[error("sms: {0}")]
    Sms(behorig_sms::SmsFault),
    /// A password hash cannot be made or read.
    #[error("password hash")]
    PasswordHash,
    /// Something that was sealed cannot be opened.
    #[error("what was sealed cannot be opened")]
    Sealed,
    /// A file could not be read or written.
    #[error("file: {0}")]
    File(#[from] std::io::Error),
    /// The operating system gave no random bytes.
    #[error("no randomness")]
    Randomness,
}

impl From<ErrorCode> for Fault {
    fn from(code: ErrorCode) -> Self {
        Self::Told(code)
    }
}

/// A new name for one failure, told to the client and written in the log.
pub(crate) fn correlation_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let correlation_id = correlation_id();
        let code = match self {
            Self::Told(code) => code,
            fault => {
                // the one place that logs a failed request
                tracing::error!(%fault, correlation_id, "request failed");
                match fault {
                    Self::Sms(_) => ErrorCode::SmsFailed,
                    _ => ErrorCode::Internal,
                }
            }
        };
        let status = match code {
            ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
            ErrorCode::SignInRefused
            | ErrorCode::SignInNeeded
            | ErrorCode::EraseOrdered
            | ErrorCode::WrongCode
            | ErrorCode::CodeExpired => StatusCode::UNAUTHORIZED,
            ErrorCode::WrongPassword => StatusCode::FORBIDDEN,
            ErrorCode::PasswordUnfit => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::SmsFailed => StatusCode::BAD_GATEWAY,
            ErrorCode::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::NotFound => StatusCode::NOT_FOUND,
            ErrorCode::OffsetDiffers => StatusCode::CONFLICT,
            ErrorCode::Busy => StatusCode::LOCKED,
            ErrorCode::UpgradeNeeded => StatusCode::UPGRADE_REQUIRED,
            ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::QuotaExceeded => StatusCode::INSUFFICIENT_STORAGE,
            ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let no_store = [(header::CACHE_CONTROL, "no-store")];
        (status, no_store, Json(ErrorBody { code, correlation_id })).into_response()
    }
}
