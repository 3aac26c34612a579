//! The program's state: nobody signed in, locked, or open.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak, atomic::AtomicU64},
};

use behorig_domain::DeviceId;
use behorig_store::{Fault, Secret, Store};
use behorig_sync::{Doorbell, HttpTransport, Status};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    Clock, Host, Secrets,
    documents::{Dropped, Fetching, Opened, SavedTemplate},
    export::Exporting,
    replicas::{self, Place},
    rpc::{self, Answer, Code, Empty, Topic},
    secrets::Keyring,
    sign_in::SigningIn,
    vigil::Vigil,
};

/// What only keeps a text that somebody is writing.
const KEEPS: [&str; 15] = [
    "applications.save",
    "cases.exam_save",
    "cases.letter_save",
    "messages.draft_save",
    "documents.completion_save",
    "documents.explain_save",
    "documents.note_save",
    "documents.refusal_save",
    "contact.draft_save",
    "contact.refusal_save",
    "notes.save",
    "notes.change_save",
    "templates.save",
    "templates.change_save",
    "services.feedback_save",
];

/// The program without a window.
pub struct App {
    pub(crate) data: PathBuf,
    pub(crate) clock: Clock,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) keyring: Keyring,
    /// Held while a PIN or passphrase is tried.
    pub(crate) trying: tokio::sync::Mutex<()>,
    pub(crate) me: Weak<Self>,
    connection: Mutex<Connection>,
    signing_in: Mutex<Option<SigningIn>>,
    pub(crate) dropped: Dropped,
    /// The template that was saved last.
    pub(crate) saved_template: SavedTemplate,
    pub(crate) fetching: Fetching,
    pub(crate) opened: Opened,
    pub(crate) exporting: Exporting,
    /// Counts sign-ins, so that one that the person has given up does nothing when the keyring answers.
    pub(crate) attempts: AtomicU64,
    /// What the first sign-in has made before it succeeded.
    made: Mutex<Option<(DeviceId, Secret)>>,
}

/// The connection to a server.
pub(crate) enum Connection {
    SignedOut,
    Locked(Locked),
    Open(Open),
}

/// A replica that the window does not see.
pub(crate) struct Locked {
    pub(crate) place: Place,
    /// What was being sent when it was locked.
    pub(crate) finishing: Option<Finishing>,
}

/// A locked replica that is still being sent from.
pub(crate) struct Finishing {
    pub(crate) open: Open,
    /// Closes it; ended when the replica is opened again or dropped.
    #[expect(dead_code, reason = "held so that it ends with it")]
    pub(crate) task: AbortOnDrop,
}

/// How to close a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    /// When what is being sent is sent.
    WhenSent,
    /// Without waiting for anything.
    AtOnce,
}

/// A task that ends with whatever holds it.
pub(crate) struct AbortOnDrop(JoinHandle<()>);

impl From<JoinHandle<()>> for AbortOnDrop {
    fn from(task: JoinHandle<()>) -> Self {
        Self(task)
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// An open replica, and what keeps it together with its server.
pub(crate) struct Open {
    pub(crate) place: Place,
    pub(crate) store: Arc<Mutex<Store>>,
    pub(crate) status: watch::Receiver<Status>,
    pub(crate) doorbell: Doorbell,
    pub(crate) transport: Arc<HttpTransport>,
    #[expect(dead_code, reason = "held so that they end with it")]
    pub(crate) tasks: Vec<AbortOnDrop>,
    pub(crate) vigil: Vigil,
}

impl App {
    /// The program on the data in a folder. Opens nothing yet.
    pub fn new(
        data: &Path,
        clock: Clock,
        host: Arc<dyn Host>,
        secrets: Arc<dyn Secrets>,
    ) -> Arc<Self> {
        let locked = |place| Connection::Locked(Locked { place, finishing: None });
        replicas::sweep_erased(data);
        let connection = replicas::existing(data).map_or(Connection::SignedOut, locked);
        Arc::new_cyclic(|me| Self {
            data: data.to_owned(),
            clock,
            host,
            keyring: Keyring::new(secrets),
            trying: tokio::sync::Mutex::default(),
            me: me.clone(),
            connection: Mutex::new(connection),
            signing_in: Mutex::default(),
            dropped: Dropped::default(),
            saved_template: SavedTemplate::default(),
            fetching: Fetching::default(),
            opened: Opened::new(data),
            exporting: Exporting::default(),
            attempts: AtomicU64::new(0),
            made: Mutex::default(),
        })
    }

    /// Calls a method by its name, as a window does.
    pub async fn call(
        self: &Arc<Self>,
        method: &str,
        params: serde_json::Value,
    ) -> Answer<serde_json::Value> {
        // after sleep, or too long without a touch, no call is answered as if the program were open; but
        // what was typed in the last moment before is kept
        if !KEEPS.contains(&method) {
            self.look();
        }
        rpc::call(self, method, params).await
    }

    pub(crate) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn signing_in(&self) -> MutexGuard<'_, Option<SigningIn>> {
        self.signing_in.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn made(&self) -> MutexGuard<'_, Option<(DeviceId, Secret)>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on the open replica, off the async workers.
    pub(crate) async fn with_store<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<R, Fault> + Send + 'static,
    ) -> Answer<R> {
        let store = match &*self.connection() {
            Connection::Open(open) => open.store.clone(),
            Connection::SignedOut | Connection::Locked(_) => return Err(Code::Locked.into()),
        };
        let done =
            blocking(move || store.lock().unwrap_or_else(PoisonError::into_inner).watch(work));
        Ok(done.await??)
    }

    /// Keeps what is being written. The window may not know yet that its case is no longer here: then it is told
    /// where the text lies.
    pub(crate) async fn keep_draft(
        &self,
        put: impl FnOnce(&mut Store) -> Result<bool, Fault> + Send + 'static,
    ) -> Answer<Empty> {
        if !self.with_store(put).await? {
            self.host.changed(&[Topic::Outbox]);
        }
        Ok(Empty {})
    }

    /// The line to the server of the open replica.
    pub(crate) fn transport(&self) -> Answer<Arc<HttpTransport>> {
        match &*self.connection() {
            Connection::Open(open) => Ok(open.transport.clone()),
            Connection::SignedOut | Connection::Locked(_) => Err(Code::Locked.into()),
        }
    }

    /// The program ends: nothing that was opened outside stays behind.
    pub fn end(&self) {
        self.opened.clear();
    }

    /// Lets the driver look at once.
    pub(crate) fn ring(&self) {
        if let Connection::Open(open) = &*self.connection() {
            open.doorbell.notify_one();
        }
    }

    /// A command was written or taken back: the window shows it and the driver sends it.
    pub(crate) fn wrote(&self) {
        self.ring();
        self.host.changed(&[
            Topic::Messages,
            Topic::Documents,
            Topic::Contact,
            Topic::Cases,
            Topic::Outbox,
            Topic::Sync,
        ]);
    }
}

/// Runs what takes time off the async workers.
pub(crate) async fn blocking<R: Send + 'static>(
    work: impl FnOnce() -> R + Send + 'static,
) -> Answer<R> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Code::Internal.into())
}
