//! The program's state: nobody signed in, locked, or open.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use behorig_store::{Fault, Store};
use behorig_sync::{Doorbell, HttpTransport, Status};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    Clock, Host,
    documents::{Dropped, Fetching, Opened},
    replicas::{self, Place},
    rpc::{self, Answer, Code, Topic},
    session::SigningIn,
};

/// The program without a window.
pub struct App {
    pub(crate) data: PathBuf,
    pub(crate) clock: Clock,
    pub(crate) host: Arc<dyn Host>,
    connection: Mutex<Connection>,
    signing_in: Mutex<Option<SigningIn>>,
    pub(crate) dropped: Dropped,
    pub(crate) fetching: Fetching,
    pub(crate) opened: Opened,
}

/// The connection to a server.
pub(crate) enum Connection {
    SignedOut,
    Locked(Place),
    Open(Open),
}

/// An open replica, and what keeps it together with its server.
pub(crate) struct Open {
    pub(crate) place: Place,
    pub(crate) store: Arc<Mutex<Store>>,
    pub(crate) status: watch::Receiver<Status>,
    pub(crate) doorbell: Doorbell,
    pub(crate) transport: Arc<HttpTransport>,
    pub(crate) tasks: Vec<JoinHandle<()>>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl App {
    /// The program on the data in a folder. Opens nothing yet.
    pub fn new(data: &Path, clock: Clock, host: Arc<dyn Host>) -> Arc<Self> {
        let connection = replicas::existing(data).map_or(Connection::SignedOut, Connection::Locked);
        Arc::new(Self {
            data: data.to_owned(),
            clock,
            host,
            connection: Mutex::new(connection),
            signing_in: Mutex::default(),
            dropped: Dropped::default(),
            fetching: Fetching::default(),
            opened: Opened::new(data),
        })
    }

    /// Calls a method by its name, as a window does.
    pub async fn call(
        self: &Arc<Self>,
        method: &str,
        params: serde_json::Value,
    ) -> Answer<serde_json::Value> {
        rpc::call(self, method, params).await
    }

    pub(crate) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn signing_in(&self) -> MutexGuard<'_, Option<SigningIn>> {
        self.signing_in.lock().unwrap_or_else(PoisonError::into_inner)
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
            blocking(move || work(&mut store.lock().unwrap_or_else(PoisonError::into_inner)));
        Ok(done.await??)
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

    /// A command was written or taken back: the window shows it and the driver sends it.
    pub(crate) fn wrote(&self) {
        if let Connection::Open(open) = &*self.connection() {
            open.doorbell.notify_one();
        }
        self.host.changed(&[
            Topic::Messages,
            Topic::Documents,
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
