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
    /// Whether codes come from a code app.
    #[serde(default)]
    pub totp: bool,
    /// How many recovery codes are left; `None` if none were ever made.
    #[serde(default)]
    pub recovery_codes: Option<u32>,
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

macro_rules! secrets {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $of:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Serialize, Deserialize)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $of,)*
        }

        impl fmt::Debug for $name {
            /// Hides all of it, so that no log has it.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

secrets! {
    /// Begins to connect a code app.
    BeginTotp {
        /// The account's, exactly as typed.
        password: String,
    }
    /// What the app needs. Told this once.
    TotpBegun {
        /// The secret in base 32, for an app that cannot see.
        secret: String,
        /// The same as an address, for the picture that an app reads.
        address: String,
    }
    /// Shows that the app works: from now on it is the second factor.
    ConfirmTotp {
        /// Six digits.
        code: String,
    }
    /// Has codes sent to the telephone again.
    RemoveTotp {
        /// The account's, exactly as typed.
        password: String,
        /// A code of the app, or a recovery code.
        code: String,
    }
    /// Asks for recovery codes; the former ones are void.
    MakeRecoveryCodes {
        /// The account's, exactly as typed.
        password: String,
    }
    /// Recovery codes, told this once. Each is good once, in the place of the second factor.
    RecoveryCodes {
        /// The codes.
        codes: Vec<String>,
    }
}
