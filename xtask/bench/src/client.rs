//! The product's client without a window: replica, driver and line, as the program puts them together.

use std::{
    fs,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context as _, ensure};
use behorig_server::system_clock;
use behorig_store::{Identity, ReplicaKey, Secret, Store, Wrapping};
use behorig_sync::{
    Doorbell, Driver, FileRequest, FileResponse, HttpTransport, LineDown, Request, Response,
    Status, Transport,
};
use behorig_testkit::PASSPHRASE;
use futures_util::Stream;
use tokio::sync::watch;

use crate::seed::SignedIn;

/// The real line; it also notes when an answer says that there is no more.
pub struct Watched {
    line: HttpTransport,
    caught_up: AtomicBool,
}

impl Transport for Watched {
    async fn post(&self, request: Request) -> Result<Response, LineDown> {
        let response = self.line.post(request).await?;
        let last = response.body.trim_ascii_end().rsplit(|byte| *byte == b'\n').next();
        let end = br#"{"end":{"more":false"#;
        self.caught_up.store(last.is_some_and(|line| line.starts_with(end)), Ordering::Release);
        Ok(response)
    }

    async fn file(&self, request: FileRequest) -> Result<FileResponse, LineDown> {
        self.line.file(request).await
    }

    async fn pokes(&self, token: &str) -> Result<Pin<Box<dyn Stream<Item = ()> + Send>>, LineDown> {
        self.line.pokes(token).await
    }
}

/// A replica and its driver.
pub struct Client {
    store: Arc<Mutex<Store>>,
    transport: Arc<Watched>,
    pub driver: Driver<Watched>,
    pub status: watch::Receiver<Status>,
    pub doorbell: Doorbell,
}

impl Client {
    /// An empty replica in a folder.
    pub fn new(folder: &Path, url: &str, who: &SignedIn) -> anyhow::Result<Self> {
        let share = Secret::random()?;
        let wrapping = Wrapping { keyring: None, word: PASSPHRASE, share: &share };
        let key = ReplicaKey::create(&folder.join("key.json"), &wrapping)?;
        let mut store = Store::open(&folder.join("replica.db"), &key)?;
        let SignedIn { person, device, tokens } = who;
        store.put_identity(&Identity { server: url.into(), person: *person }, *device)?;
        store.put_tokens(tokens, (system_clock())())?;
        Self::open(store, url)
    }

    /// A replica that lies in a folder, with a server that may have another address by now.
    pub fn existing(folder: &Path, url: &str) -> anyhow::Result<Self> {
        let key = ReplicaKey::unwrap(&folder.join("key.json"), None, PASSPHRASE)?;
        Self::open(Store::open(&folder.join("replica.db"), &key)?, url)
    }

    /// The replica that the program has made in its data folder.
    pub fn of_program(data: &Path) -> anyhow::Result<Self> {
        let folder = of_program(data)?;
        let key = ReplicaKey::unwrap(&folder.join("key.json"), None, PASSPHRASE)?;
        let store = Store::open(&folder.join("replica.db"), &key)?;
        let server = store.identity()?.server;
        Self::open(store, &server)
    }

    fn open(store: Store, url: &str) -> anyhow::Result<Self> {
        let store = Arc::new(Mutex::new(store));
        let line = HttpTransport::new(url)?;
        let transport = Arc::new(Watched { line, caught_up: AtomicBool::new(false) });
        let doorbell = Doorbell::default();
        let (driver, status) =
            Driver::new(store.clone(), transport.clone(), doorbell.clone(), system_clock());
        Ok(Self { store, transport, driver, status, doorbell })
    }

    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The replica, for whoever gives the driver away.
    pub fn shared(&self) -> Arc<Mutex<Store>> {
        self.store.clone()
    }

    /// Pulls until there is no more, and makes sure that both sides hold the same.
    pub async fn catch_up(&mut self) -> anyhow::Result<()> {
        self.transport.caught_up.store(false, Ordering::Release);
        while !self.transport.caught_up.load(Ordering::Acquire) {
            self.driver.step().await;
            self.is_well()?;
        }
        Ok(())
    }

    /// Pushes until everything that is queued has its answer.
    pub async fn push_all(&mut self) -> anyhow::Result<()> {
        while self.store().has_unsent()? {
            self.driver.step().await;
            self.is_well()?;
        }
        Ok(())
    }

    fn is_well(&self) -> anyhow::Result<()> {
        let status = *self.status.borrow();
        ensure!(status.failure.is_none() && !status.differs, "the sync failed: {status:?}");
        Ok(())
    }
}

/// The folder of the one replica in a program's data folder.
pub fn of_program(data: &Path) -> anyhow::Result<PathBuf> {
    let within = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    let people = within(&data.join("replicas")).flat_map(|server| within(&server.path()));
    let mut folders = people.map(|person| person.path());
    folders.find(|folder| folder.join("replica.db").exists()).context("no replica")
}
