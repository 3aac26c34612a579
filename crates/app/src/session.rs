//! The session on this computer: its state, unlocking, locking, logging out.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use behorig_protocol::{Refresh, path};
use behorig_store::{Fault, KeyFault, ReplicaKey, Secret, Store, key::word_min};
use behorig_sync::{Doorbell, Driver, HttpTransport, Line, Request, Status, Transport as _};
use tokio::sync::watch;
use zeroize::Zeroizing;

use crate::{
    App, RpcError,
    account::erase_when_ordered,
    app::{Closing, Connection, Finishing, Locked, Open, blocking},
    replicas::{self, Place, io_error},
    rpc::{Answer, ChangePassphrase, Code, Empty, SessionView, Topic, Unlock},
    sync::tell,
    vigil::{self, Vigil},
};

/// What is being sent when the program is locked may take so long.
const FINISH: Duration = Duration::from_secs(10 * 60);
/// Telling the server of a log-out may take so long; else it is told at the next contact.
const TELL_END: Duration = Duration::from_secs(5);

impl App {
    pub(crate) async fn session_state(&self, Empty {}: Empty) -> Answer<SessionView> {
        let place = match &*self.connection() {
            Connection::SignedOut => {
                let waiting = self.signing_in();
                let asked = waiting.as_ref().map(|waiting| SessionView::CodeNeeded {
                    phone: waiting.phone.clone(),
                    factor: waiting.factor,
                });
                let erased = replicas::was_erased(&self.data);
                return Ok(asked.unwrap_or(SessionView::SignedOut { erased }));
            }
            Connection::Locked(locked) => Err(locked.place.clone()),
            Connection::Open(open) => Ok(open.place.clone()),
        };
        match place {
            Ok(Place { server, keyring, .. }) => {
                let known =
                    self.with_store(|store| Ok((store.own_name()?, !store.bodies()?.is_empty())));
                let (name, staff) = known.await?;
                let name = name.unwrap_or_default();
                Ok(SessionView::Open { server, name, keyring, staff })
            }
            Err(place) => {
                let key = place.key();
                let tries_left = blocking(move || ReplicaKey::tries_left(&key)).await?;
                let Place { server, keyring, .. } = place;
                Ok(SessionView::Locked { server, keyring, tries_left })
            }
        }
    }

    pub(crate) async fn unlock(&self, asked: Unlock) -> Answer<SessionView> {
        // one try at a time, or two could be counted as one
        let _turn = self.trying.lock().await;
        let place = match &*self.connection() {
            Connection::SignedOut => return Err(Code::Locked.into()),
            Connection::Locked(locked) => Some(locked.place.clone()),
            Connection::Open(_) => None,
        };
        if let Some(place) = place {
            let word = Arc::new(Zeroizing::new(asked.passphrase));
            let secret = self.secret_of(&place).await?;
            let (key_file, keyring) = (place.key(), place.keyring);
            let unwrap = {
                let (word, secret, key_file) = (word.clone(), secret.clone(), key_file.clone());
                move || ReplicaKey::unwrap(&key_file, secret.as_ref(), &word)
            };
            let key = blocking(unwrap.clone()).await?;
            self.open(place, key.map_err(|fault| key_error(fault, keyring))?).await?;
            self.keep_share(key_file, secret, unwrap).await;
        }
        self.session_state(Empty {}).await
    }

    /// Lets a recovery share that the server told at the last sign-in open the replica from now on. It needs
    /// the key, which is at hand only here. What fails is tried at the next unlocking.
    async fn keep_share(
        &self,
        key_file: PathBuf,
        secret: Option<Secret>,
        unwrap: impl FnOnce() -> Result<ReplicaKey, KeyFault> + Send + 'static,
    ) {
        let Ok(Some(share)) = self.with_store(|store| store.recovery_share()).await else { return };
        let Some(share) = Secret::from_hex(&share) else { return };
        let chosen =
            blocking(move || unwrap()?.choose_share(&key_file, secret.as_ref(), &share)).await;
        let kept = match chosen {
            Ok(Ok(())) => self.with_store(|store| store.forget_recovery_share()).await.is_ok(),
            _ => false,
        };
        if !kept {
            tracing::warn!("the server's recovery share is not kept yet");
        }
    }

    pub(crate) async fn change_passphrase(&self, asked: ChangePassphrase) -> Answer<Empty> {
        let (current, new) = (Zeroizing::new(asked.current), Zeroizing::new(asked.new));
        let _turn = self.trying.lock().await;
        let place = match &*self.connection() {
            Connection::Open(open) => open.place.clone(),
            Connection::SignedOut | Connection::Locked(_) => return Err(Code::Locked.into()),
        };
        check_length(&new, place.keyring)?;
        let secret = self.secret_of(&place).await?;
        let keyring = place.keyring;
        let changed = blocking(move || {
            let key = ReplicaKey::unwrap(&place.key(), secret.as_ref(), &current)?;
            key.choose_word(&place.key(), secret.as_ref(), &new)
        });
        changed.await?.map_err(|fault| key_error(fault, keyring))?;
        Ok(Empty {})
    }

    pub(crate) async fn lock(&self, Empty {}: Empty) -> Answer<SessionView> {
        drop(self.close(Closing::WhenSent));
        self.session_state(Empty {}).await
    }

    pub(crate) async fn log_out(&self, Empty {}: Empty) -> Answer<SessionView> {
        // noted before the replica closes, so that no power cut keeps the session alive
        match self.with_store(|store| store.end_session()).await {
            Ok(ending) => {
                let closed = self.close(Closing::AtOnce);
                if let Some((open, refresh)) = closed.zip(ending) {
                    let store = open.store.clone();
                    let server = open.place.server.clone();
                    drop(open);
                    tokio::spawn(async move {
                        if end_at_server(&server, &refresh).await {
                            let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
                            // else it is told once more
                            let _ = store.end_was_told(&refresh);
                        }
                    });
                }
            }
            // there is nothing to end but what is still being sent
            Err(error) if error.code == Code::Locked => drop(self.close(Closing::AtOnce)),
            Err(error) => return Err(error),
        }
        self.session_state(Empty {}).await
    }

    /// Takes the replica away from the window. Gives it back if it is to be closed at once: that happens
    /// when the caller drops it.
    pub(crate) fn close(&self, how: Closing) -> Option<Open> {
        // a sign-in that waits for its code belongs to what is being locked
        self.signing_in().take();
        let mut connection = self.connection();
        let (place, open) = match std::mem::replace(&mut *connection, Connection::SignedOut) {
            Connection::SignedOut => return None,
            Connection::Open(open) => (open.place.clone(), Some(open)),
            Connection::Locked(Locked { place, finishing }) => {
                (place, finishing.map(|finishing| finishing.open))
            }
        };
        let (finishing, closed) = match (how, open) {
            (Closing::WhenSent, Some(open)) => {
                let task =
                    tokio::spawn(finish(self.me.clone(), open.store.clone(), open.status.clone()));
                (Some(Finishing { open, task: task.into() }), None)
            }
            (_, open) => (None, open),
        };
        *connection = Connection::Locked(Locked { place, finishing });
        drop(connection);
        self.opened.clear();
        self.host.changed(&[Topic::Session]);
        closed
    }

    /// Opens the replica to the window: the one that is still sending, or anew.
    pub(crate) async fn open(&self, place: Place, key: ReplicaKey) -> Answer<()> {
        let finishing = match &mut *self.connection() {
            Connection::Locked(locked) => locked.finishing.take(),
            Connection::SignedOut | Connection::Open(_) => None,
        };
        let mut open = match finishing {
            Some(finishing) => finishing.open,
            None => {
                let (replica, now) = (place.clone(), (self.clock)());
                let store = blocking(move || replicas::open(&replica, &key, now)).await??;
                self.begin(place, store)?
            }
        };
        open.vigil = Vigil::begin((self.clock)().millis(), self.host.awake_for());
        let store = open.store.clone();
        let chosen = move || store.lock().unwrap_or_else(PoisonError::into_inner).lock_after();
        if let Some(minutes) = blocking(chosen).await?? {
            open.vigil.lock_after(Duration::from_secs(u64::from(minutes) * 60));
        }
        open.doorbell.notify_one();
        replicas::forget_erased(&self.data);
        *self.connection() = Connection::Open(open);
        self.host.changed(&[Topic::Session]);
        Ok(())
    }

    fn begin(&self, place: Place, store: Store) -> Answer<Open> {
        // the replica says where its token goes; the label beside it is for the eye only
        let server = store.identity()?.server;
        let transport = Arc::new(HttpTransport::new(&server).map_err(|_| Code::ServerAddress)?);
        let store = Arc::new(Mutex::new(store));
        let doorbell = Doorbell::default();
        let (driver, status) =
            Driver::new(store.clone(), transport.clone(), doorbell.clone(), self.clock.clone());
        let tasks = vec![
            tokio::spawn(driver.run()).into(),
            tokio::spawn(tell(self.host.clone(), status.clone())).into(),
            tokio::spawn(vigil::keep(self.me.clone())).into(),
            tokio::spawn(erase_when_ordered(
                self.me.clone(),
                Arc::downgrade(&store),
                status.clone(),
            ))
            .into(),
        ];
        let vigil = Vigil::begin((self.clock)().millis(), self.host.awake_for());
        Ok(Open { place, store, status, doorbell, transport, tasks, vigil })
    }
}

/// Waits until all is sent, nothing can be sent, or it has taken too long; then the replica is closed.
async fn finish(
    app: std::sync::Weak<App>,
    store: Arc<Mutex<Store>>,
    mut status: watch::Receiver<Status>,
) {
    let sent = async {
        while status.borrow_and_update().line == Line::Online {
            let store = store.clone();
            let unsent = blocking(move || {
                let store = store.lock().unwrap_or_else(PoisonError::into_inner);
                Ok::<_, Fault>(
                    store.has_unsent()? || store.next_to_send(&Default::default())?.is_some(),
                )
            });
            if !matches!(unsent.await, Ok(Ok(true))) || status.changed().await.is_err() {
                return;
            }
        }
    };
    // too long is as good as done: what has not gone waits in the outbox
    let _ = tokio::time::timeout(FINISH, sent).await;
    drop(store);
    let Some(app) = app.upgrade() else { return };
    let finished = match &mut *app.connection() {
        Connection::Locked(locked) => locked.finishing.take(),
        Connection::SignedOut | Connection::Open(_) => None,
    };
    drop(finished);
}

/// Whether the server knows that a session has ended.
pub(crate) async fn end_at_server(server: &str, refresh: &str) -> bool {
    let (Ok(transport), Ok(body)) =
        (HttpTransport::new(server), serde_json::to_vec(&Refresh { refresh: refresh.to_owned() }))
    else {
        return false;
    };
    let end = transport.post(Request { path: path::END, token: None, body });
    let ended = tokio::time::timeout(TELL_END, end).await;
    matches!(ended, Ok(Ok(answer)) if answer.status == 200)
}

/// Told before anything else is tried.
pub(crate) fn check_length(word: &str, keyring: bool) -> Answer<()> {
    if word.chars().count() < word_min(keyring) {
        return Err(key_error(KeyFault::TooShort, keyring));
    }
    Ok(())
}

/// A key that cannot be had, in the words for a PIN or for a passphrase.
pub(crate) fn key_error(fault: KeyFault, keyring: bool) -> RpcError {
    match fault {
        KeyFault::WrongWord { tries_left } => {
            let mut error =
                RpcError::from(if keyring { Code::WrongPin } else { Code::WrongPassphrase });
            error.params.insert("tries_left".into(), tries_left.into());
            error
        }
        KeyFault::NoTriesLeft => Code::NoTriesLeft.into(),
        KeyFault::TooShort if keyring => Code::PinTooShort.into(),
        KeyFault::TooShort => Code::PassphraseTooShort.into(),
        KeyFault::SecretMissing => Code::KeyringEmptied.into(),
        KeyFault::WrongShare => Code::CannotRecover.into(),
        KeyFault::Unreadable => Code::ReplicaDamaged.into(),
        KeyFault::Io(error) => io_error(error),
        KeyFault::Randomness => Code::Internal.into(),
    }
}
