//! What the program needs of whatever shows it, where nothing is shown.

use std::{future::ready, io, path::PathBuf};

use behorig_app::{Host, Secrets, SecretsFault, Topic};
use futures_util::future::BoxFuture;

/// Nobody looks, and nobody is asked.
#[derive(Default)]
pub struct Quiet;

impl Host for Quiet {
    fn changed(&self, _: &[Topic]) {}

    fn pick_files(&self) -> BoxFuture<'_, Vec<PathBuf>> {
        Box::pin(ready(Vec::new()))
    }

    fn save_as(&self, _: String) -> BoxFuture<'_, Option<PathBuf>> {
        Box::pin(ready(None))
    }

    fn open_outside(&self, _: PathBuf) -> BoxFuture<'_, io::Result<()>> {
        Box::pin(ready(Err(io::ErrorKind::Unsupported.into())))
    }

    fn notify(&self, _: String, _: String) -> BoxFuture<'_, ()> {
        Box::pin(ready(()))
    }

    fn stay_open(&self) {}

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(ready(()))
    }
}

/// A script has no keyring that somebody could open: a passphrase alone unlocks.
pub struct NoKeyring;

impl Secrets for NoKeyring {
    fn get(&self, _: &str) -> Result<Option<Vec<u8>>, SecretsFault> {
        Err(SecretsFault::Unavailable)
    }

    fn set(&self, _: &str, _: &[u8]) -> Result<(), SecretsFault> {
        Err(SecretsFault::Unavailable)
    }
}
