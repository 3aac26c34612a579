//! What client and server say to each other. Shapes only: no I/O, and no rule about who may do what.
//!
//! Everything is JSON in UTF-8, one value a line where there are many. Numbers are `i64`, times RFC 3339
//! UTC with milliseconds, ids lower case with hyphens.

mod account;
mod applications;
mod digest;
mod pull;
mod push;
mod queue;
mod session;

use serde::{Deserialize, Serialize};

pub use account::{
    AccountState, BeginTotp, ChangePassword, ConfirmTotp, DeviceState, EndDevices, Forgotten,
    MakeRecoveryCodes, RecoveryCodes, RemoveTotp, TotpBegun,
};
pub use applications::{
    ActivateApplication, ApplicationAnswer, ApplicationHandled, ApplicationOutcome,
    ApplicationRefusal, ApplicationRequest, ApplicationShown, ApplicationsPage,
    ApplicationsRequest, KnownPerson, RefuseApplication, WaitingApplication,
};
pub use digest::{Digest, body_hash};
pub use pull::{Cursor, PullLine, PullRequest, ScopeState, read_page};
pub use push::{
    Answer, Envelope, Frame, PUSH_BYTES_MAX, PUSH_COMMANDS_MAX, Refusal, read_frames, write_frame,
};
pub use queue::{
    HandledBy, OfficerLoad, Purpose, QUEUE_COUNT_MAX, QUEUE_PAGE_MAX, QueuePage, QueueRequest,
    QueuedCase, WORKLOAD_AGES, Workload,
};
pub use session::{CodeSent, EnterCode, Factor, Refresh, SendAgain, SignIn, SignedIn, Tokens};

/// The version that this code speaks; sent in the header [`VERSION_HEADER`].
pub const VERSION: u32 = 1;
/// Names the protocol's version in each request.
pub const VERSION_HEADER: &str = "behorig-protocol";

/// Where things are.
pub mod path {
    /// Begin to sign in: POST [`crate::SignIn`], answers [`crate::CodeSent`].
    pub const SIGN_IN: &str = "/v1/sign-in";
    /// Have another code sent: POST [`crate::SendAgain`], answers [`crate::CodeSent`].
    pub const CODE_AGAIN: &str = "/v1/sign-in/code-again";
    /// Finish signing in: POST [`crate::EnterCode`], answers [`crate::SignedIn`].
    pub const SESSION: &str = "/v1/session";
    /// Renew a session: POST [`crate::Refresh`], answers [`crate::Tokens`].
    pub const REFRESH: &str = "/v1/session/refresh";
    /// End a session: POST [`crate::Refresh`], answers an empty object.
    pub const END: &str = "/v1/session/end";
    /// The device that was to be erased says that its replica is gone: POST [`crate::Refresh`], answers an
    /// empty object.
    pub const ERASED: &str = "/v1/session/erased";
    /// The person's own account: POST an empty object, answers [`crate::AccountState`].
    pub const ACCOUNT: &str = "/v1/account";
    /// Change the password: POST [`crate::ChangePassword`], answers an empty object.
    pub const PASSWORD: &str = "/v1/account/password";
    /// Begin to connect a code app: POST [`crate::BeginTotp`], answers [`crate::TotpBegun`].
    pub const TOTP: &str = "/v1/account/totp";
    /// Show that it works: POST [`crate::ConfirmTotp`], answers [`crate::AccountState`].
    pub const TOTP_CONFIRM: &str = "/v1/account/totp/confirm";
    /// Have codes sent to the telephone again: POST [`crate::RemoveTotp`], answers [`crate::AccountState`].
    pub const TOTP_REMOVE: &str = "/v1/account/totp/remove";
    /// Make recovery codes anew: POST [`crate::MakeRecoveryCodes`], answers [`crate::RecoveryCodes`].
    pub const RECOVERY_CODES: &str = "/v1/account/recovery-codes";
    /// End sessions on other devices: POST [`crate::EndDevices`], answers [`crate::AccountState`].
    pub const DEVICES: &str = "/v1/account/devices";
    /// Have a link sent to choose another password by: POST [`crate::Forgotten`], answers an empty object,
    /// whether there is such an account or not.
    pub const FORGOTTEN: &str = "/v1/password/forgotten";
    /// `LINK/{token}`: the page of such a link, for a browser; see the server's `controllers/links.rs`.
    pub const LINK: &str = "/link";
    /// Send commands: POST frames, answers one [`crate::Answer`] a line.
    pub const COMMANDS: &str = "/v1/commands";
    /// Fetch what is new: POST [`crate::PullRequest`], answers [`crate::PullLine`]s.
    pub const PULL: &str = "/v1/pull";
    /// Look for cases of the body that one works for: POST [`crate::QueueRequest`], answers
    /// [`crate::QueuePage`].
    pub const QUEUE: &str = "/v1/queue";
    /// The applications by people without an account that wait for an officer: POST
    /// [`crate::ApplicationsRequest`], answers [`crate::ApplicationsPage`].
    pub const APPLICATIONS: &str = "/v1/applications";
    /// One of them: POST [`crate::ApplicationRequest`], answers [`crate::ApplicationShown`].
    pub const APPLICATION: &str = "/v1/applications/show";
    /// Make a case of one: POST [`crate::ActivateApplication`], answers [`crate::ApplicationAnswer`].
    pub const ACTIVATE: &str = "/v1/applications/activate";
    /// Refuse one: POST [`crate::RefuseApplication`], answers [`crate::ApplicationAnswer`].
    pub const REFUSE: &str = "/v1/applications/refuse";
    /// The pages on which people without an account apply, for a browser; see the server's
    /// `controllers/apply`.
    pub const APPLY: &str = "/apply";
    /// How much each officer has to do.
    pub const WORKLOAD: &str = "/v1/workload";
    /// Server-sent events; each only says that a pull may find something.
    pub const CHANGES: &str = "/v1/changes";
    /// Files that commands need, by tus 1.0 with the extension `creation`; `FILES/{id}` is one of them. The
    /// sender makes the id and gives it in the metadata, so that a repeated beginning is known.
    pub const FILES: &str = "/v1/files";
    /// `DOCUMENTS/{id}/file`: the bytes of a document that the person may see, whole or a range of them.
    pub const DOCUMENTS: &str = "/v1/documents";
    /// What is here and how to ask for it: an OpenAPI document, for whoever writes another client.
    pub const OPENAPI: &str = "/openapi.json";
    /// Whether the server is up.
    pub const HEALTH: &str = "/healthz";
}

/// Names of tus 1.0, <https://tus.io/protocols/resumable-upload>.
pub mod tus {
    /// The version that we speak, in the header [`RESUMABLE`].
    pub const VERSION: &str = "1.0.0";
    /// Names tus' version in each request and answer.
    pub const RESUMABLE: &str = "tus-resumable";
    /// Bytes that a file is to have.
    pub const LENGTH: &str = "upload-length";
    /// Bytes that the server has.
    pub const OFFSET: &str = "upload-offset";
    /// What the sender says of a file: `id` and `filename`, each in base64.
    pub const METADATA: &str = "upload-metadata";
    /// The type of a body that carries on with a file.
    pub const CONTENT_TYPE: &str = "application/offset+octet-stream";
}

/// Why a request failed as a whole. A closed list: the client acts on each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request is not what this path takes.
    BadRequest,
    /// User name or password is wrong. Never says which.
    SignInRefused,
    /// The code is not the one that was sent.
    WrongCode,
    /// The code is too old. Another can be had.
    CodeExpired,
    /// The code could not be sent.
    SmsFailed,
    /// No session, or one that has ended.
    SignInNeeded,
    /// The session has ended, and the person wants what this device holds erased. Said only to the session's
    /// own refresh token, at [`path::REFRESH`] and [`path::END`].
    EraseOrdered,
    /// The current password is not the right one.
    WrongPassword,
    /// The new password does not keep the rules, which both sides know: `domain::identity::password_fault`.
    PasswordUnfit,
    /// Too many tries; wait.
    TooManyTries,
    /// The client speaks another version.
    UpgradeNeeded,
    /// More than a request may hold.
    TooLarge,
    /// There is nothing here that this person may see.
    NotFound,
    /// The person has too many files or bytes here that no document names.
    QuotaExceeded,
    /// The bytes do not go on from where the server's end.
    OffsetDiffers,
    /// Another request is at it; come back soon.
    Busy,
    /// A fault of the server. The correlation id finds it in its log.
    Internal,
}

/// The body of every answer that is no success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What went wrong.
    pub code: ErrorCode,
    /// What to quote to whoever runs the server.
    pub correlation_id: String,
}

/// Bytes from the other side are not what they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// A line is not JSON of the expected shape.
    #[error("line {line} is not of the expected shape")]
    Line {
        /// Counted from 1.
        line: usize,
    },
    /// The bytes end before the message does.
    #[error("cut off")]
    CutOff,
    /// More than is allowed at once.
    #[error("too large")]
    TooLarge,
}

/// Writes one value as a line.
pub fn write_line<T: Serialize>(out: &mut Vec<u8>, value: &T) {
    // the protocol's types are plain structs with string keys: they always become JSON
    if let Ok(json) = serde_json::to_vec(value) {
        out.extend_from_slice(&json);
        out.push(b'\n');
    }
}

/// Reads lines of one type.
pub fn read_lines<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>, ReadError> {
    bytes
        .split(|byte| *byte == b'\n')
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
        .map(|(at, line)| {
            serde_json::from_slice(line).map_err(|_| ReadError::Line { line: at.saturating_add(1) })
        })
        .collect()
}
