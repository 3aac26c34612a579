//! The operating system's keyring, which may ask the person something before it answers.

use std::{
    future::{Ready, ready},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use behorig_store::Secret;
use zeroize::Zeroizing;

use crate::{
    App,
    app::blocking,
    replicas::Place,
    rpc::{Answer, Code, Empty, KeyringState, Topic},
};

/// The window says that the keyring is awaited when it has not answered for so long.
const NOTICED: Duration = Duration::from_millis(300);
/// So long the system may ask the person before the window offers another way.
const PATIENCE: Duration = Duration::from_secs(120);
/// A name that nothing is kept under: asking for it shows whether the keyring answers.
const NOTHING: &str = "nothing";

/// The operating system's keyring. Each call may block for as long as the system asks the person.
pub trait Secrets: Send + Sync + 'static {
    /// What is kept under a name.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, SecretsFault>;
    /// Keeps a secret under a name.
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), SecretsFault>;
}

/// The keyring gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretsFault {
    /// It is locked, and nobody unlocked it.
    #[error("the keyring is locked")]
    Locked,
    /// There is none, or it does not work.
    #[error("there is no keyring")]
    Unavailable,
}

/// The keyring, asked by one at a time and never on a thread that anything else waits for.
pub(crate) struct Keyring {
    secrets: Arc<dyn Secrets>,
    /// `None` until it was first asked.
    state: Mutex<Option<KeyringState>>,
    turn: tokio::sync::Mutex<()>,
}

impl Keyring {
    pub(crate) fn new(secrets: Arc<dyn Secrets>) -> Self {
        Self { secrets, state: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    fn state(&self) -> Option<KeyringState> {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    pub(crate) fn keyring_state(&self, Empty {}: Empty) -> Ready<Answer<KeyringState>> {
        ready(Ok(self.keyring.state().unwrap_or_else(|| self.probe_keyring())))
    }

    pub(crate) fn keyring_again(&self, Empty {}: Empty) -> Ready<Answer<KeyringState>> {
        ready(Ok(self.probe_keyring()))
    }

    /// Asks the keyring for nothing; what comes of it is told by the state.
    fn probe_keyring(&self) -> KeyringState {
        self.tell_keyring(KeyringState::Waiting);
        if let Some(app) = self.me.upgrade() {
            tokio::spawn(async move { app.ask_keyring(|secrets| secrets.get(NOTHING)).await });
        }
        KeyringState::Waiting
    }

    fn tell_keyring(&self, state: KeyringState) {
        let mut told = self.keyring.state.lock().unwrap_or_else(PoisonError::into_inner);
        if told.replace(state) != Some(state) {
            drop(told);
            self.host.changed(&[Topic::Session]);
        }
    }

    async fn ask_keyring<R: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Secrets) -> Result<R, SecretsFault> + Send + 'static,
    ) -> Answer<R> {
        let _turn = self.keyring.turn.lock().await;
        let secrets = self.keyring.secrets.clone();
        let asked = blocking(move || ask(&*secrets));
        tokio::pin!(asked);
        let answer = match tokio::time::timeout(NOTICED, &mut asked).await {
            Ok(answer) => answer?,
            Err(_) => {
                self.tell_keyring(KeyringState::Waiting);
                // the thread goes on waiting for the person; nobody waits for the thread
                match tokio::time::timeout(PATIENCE, asked).await {
                    Ok(answer) => answer?,
                    Err(_) => Err(SecretsFault::Locked),
                }
            }
        };
        let (state, code) = match &answer {
            Ok(_) => (KeyringState::Ready, None),
            Err(SecretsFault::Locked) => (KeyringState::Locked, Some(Code::KeyringLocked)),
            Err(SecretsFault::Unavailable) => {
                (KeyringState::Unavailable, Some(Code::KeyringUnavailable))
            }
        };
        self.tell_keyring(state);
        answer.map_err(|_| code.unwrap_or(Code::Internal).into())
    }

    /// The secret of a replica that needs one.
    pub(crate) async fn secret_of(&self, place: &Place) -> Answer<Option<Secret>> {
        if !place.keyring {
            return Ok(None);
        }
        let name = place.device.to_string();
        let kept = self.ask_keyring(move |secrets| secrets.get(&name)).await?;
        let kept = kept.map(Zeroizing::new).and_then(|bytes| Secret::from_bytes(&bytes));
        // the replica stays as it is: the keyring may come back from a backup
        Ok(Some(kept.ok_or(Code::KeyringEmptied)?))
    }

    /// Puts a new replica's secret into the keyring.
    pub(crate) async fn keep_secret(&self, name: String, secret: Secret) -> Answer<()> {
        self.ask_keyring(move |secrets| secrets.set(&name, secret.bytes())).await
    }
}
