//! The operating system's keyring.

use behorig_app::{Secrets, SecretsFault};

/// What all of the program's secrets are filed under.
const SERVICE: &str = "se.behorig.desktop";

/// The keyring of whoever is at the computer.
pub struct SystemKeyring;

#[cfg(target_os = "linux")]
mod system {
    use std::collections::HashMap;

    use keyring_core::api::CredentialStoreApi as _;
    pub use keyring_core::{Entry, Error, Result};

    /// The name that a person sees in the system's list of secrets.
    const LABEL: &str = "Behörig";

    pub fn entry(name: &str) -> Result<Entry> {
        // connected anew each time: the keyring may have come since the last try
        let store = zbus_secret_service_keyring_store::Store::new()?;
        store.build(super::SERVICE, name, Some(&HashMap::from([("label", LABEL)])))
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    pub use keyring::{Entry, Error, Result};

    pub fn entry(name: &str) -> Result<Entry> {
        Entry::new(super::SERVICE, name)
    }
}

use system::{Error, entry};

/// The names of secrets are no secrets, but what the system says may hold more: only its kind is logged.
fn fault(error: &Error) -> SecretsFault {
    let (fault, kind) = match error {
        Error::NoStorageAccess(_) => (SecretsFault::Locked, "no access"),
        Error::PlatformFailure(_) => (SecretsFault::Unavailable, "failure"),
        _ => (SecretsFault::Unavailable, "other"),
    };
    tracing::warn!(kind, "the keyring gave no answer");
    fault
}

impl Secrets for SystemKeyring {
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, SecretsFault> {
        match entry(name).and_then(|entry| entry.get_secret()) {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(fault(&error)),
        }
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), SecretsFault> {
        entry(name).and_then(|entry| entry.set_secret(secret)).map_err(|error| fault(&error))
    }
}
