//! Signing in.

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
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").field("device", &self.device).finish_non_exhaustive()
    }
}

/// A session.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignedIn {
    /// Who it is.
    pub person: PersonId,
    /// What to send as `Authorization: Bearer`.
    pub token: String,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn").field("person", &self.person).finish_non_exhaustive()
    }
}
