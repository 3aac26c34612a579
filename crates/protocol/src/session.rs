//! Signing in: a password, then a code sent to the person's own number.

use std::fmt;

use behorig_domain::{DeviceId, PersonId};
use serde::{Deserialize, Serialize};

/// User name and password.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// As the person typed it.
    pub user_name: String,
    /// Exactly as the person typed it.
    pub password: String,
    /// The installation that asks.
    pub device: DeviceId,
    /// What the device calls its system, such as `linux`: shown to the person in the list of their devices.
    #[serde(default)]
    pub system: String,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").field("device", &self.device).finish_non_exhaustive()
    }
}

/// The password was right; a code is on its way.
#[derive(Clone, Serialize, Deserialize)]
pub struct CodeSent {
    /// Names this sign-in; secret, and good for nothing without the code.
    pub challenge: String,
    /// The last digits of the number, so that the person knows which telephone to look at.
    pub phone_ends: String,
    /// Where the code comes from.
    #[serde(default)]
    pub factor: Factor,
}

/// Where the code of a sign-in comes from. A recovery code is good in the place of either.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// A text message has been sent.
    #[default]
    Sms,
    /// The person's code app: nothing is sent.
    Totp,
}

impl fmt::Debug for CodeSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeSent").finish_non_exhaustive()
    }
}

/// Asks for another code in the same sign-in.
#[derive(Clone, Serialize, Deserialize)]
pub struct SendAgain {
    /// From [`CodeSent`].
    pub challenge: String,
}

/// The code.
#[derive(Clone, Serialize, Deserialize)]
pub struct EnterCode {
    /// From [`CodeSent`].
    pub challenge: String,
    /// Six digits, or a recovery code.
    pub code: String,
}

/// A session begins.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignedIn {
    /// Who it is.
    pub person: PersonId,
    /// The session's first pair.
    pub tokens: Tokens,
    /// 256 bits, hexadecimal, which the server keeps for this person and device: a half of what opens a
    /// replica whose PIN is forgotten. Given by both factors only, never by a refresh.
    pub recovery_share: String,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn").field("person", &self.person).finish_non_exhaustive()
    }
}

/// What a session is known by until the next pair.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// What to send as `Authorization: Bearer`.
    pub access: String,
    /// How long `access` holds. Not a time: the two clocks may differ.
    pub access_seconds: i64,
    /// Brings the next pair, once.
    pub refresh: String,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

/// Asks for the next pair, or ends the session.
#[derive(Clone, Serialize, Deserialize)]
pub struct Refresh {
    /// From [`Tokens`].
    pub refresh: String,
}
