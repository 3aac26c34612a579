//! A person's own account: the password, and the devices that they are signed in on.

use std::fmt;

use behorig_domain::{DeviceId, Timestamp};
use serde::{Deserialize, Serialize};

/// Another password, for whoever knows the one that holds now.
#[derive(Clone, Serialize, Deserialize)]
pub struct ChangePassword {
    /// Exactly as the person typed it.
    pub current: String,
    /// Exactly as the person typed it.
    pub new: String,
}

impl fmt::Debug for ChangePassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChangePassword").finish_non_exhaustive()
    }
}

/// Somebody has forgotten their password.
#[derive(Clone, Serialize, Deserialize)]
pub struct Forgotten {
    /// Their user name, or the address that their mail goes to.
    pub name: String,
}

impl fmt::Debug for Forgotten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forgotten").finish_non_exhaustive()
    }
}

/// A person's account, for them alone.
#[derive(Clone, Serialize, Deserialize)]
pub struct AccountState {
    /// What they sign in with.
    pub user_name: String,
    /// The last digits of the number that codes go to.
    pub phone_ends: String,
    /// Where they are signed in, the device that was last seen first.
    pub devices: Vec<DeviceState>,
}

impl fmt::Debug for AccountState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountState").field("devices", &self.devices).finish_non_exhaustive()
    }
}

/// A device that a person is signed in on, or that is to be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceState {
    /// Which.
    pub device: DeviceId,
    /// Whether it is the one that asks.
    pub this: bool,
    /// What it calls its system; empty if it did not say.
    pub system: String,
    /// When the person last signed in on it.
    pub signed_in_at: Timestamp,
    /// When it was last heard of, give or take an hour.
    pub seen_at: Timestamp,
    /// Whether it erases what it holds at its next contact.
    pub erase: bool,
}

/// Ends the person's sessions elsewhere. The device that asks is never meant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EndDevices {
    /// On which device; `None`: on all others.
    pub device: Option<DeviceId>,
    /// Whether what they hold is erased there at the next contact.
    pub erase: bool,
}
