//! What every request shares.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use behorig_domain::{PersonId, Scope, Timestamp};
use behorig_server_store::Store;
use behorig_sms::Sms;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{Notify, broadcast};

use crate::{
    Clock,
    fault::Fault,
    limits::{ApplicantLimits, SignInLimits},
    uploads::Uploads,
    writer::Writer,
};

/// Codes that one person may be sent at once, and how many come back each hour.
const CODES_SENT: std::num::NonZeroU32 = std::num::NonZeroU32::new(10).unwrap();
/// Refreshes of one session at once, and how many come back each minute. One an hour is needed.
const REFRESHES: std::num::NonZeroU32 = std::num::NonZeroU32::new(30).unwrap();
/// Pokes that a slow listener may fall behind before it is told to pull anyway.
const POKES_KEPT: usize = 1_024;

/// The database's file in the server's folder.
pub(crate) const DATABASE: &str = "behorig.db";

/// What every request shares.
pub(crate) struct State {
    path: PathBuf,
    clock: Clock,
    readers: Mutex<Vec<Store>>,
    pub(crate) writer: Writer,
    pub(crate) pokes: broadcast::Sender<Arc<[Scope]>>,
    pub(crate) sign_ins: SignInLimits,
    pub(crate) applicants: ApplicantLimits,
    pub(crate) codes: DefaultKeyedRateLimiter<PersonId>,
    pub(crate) refreshes: DefaultKeyedRateLimiter<String>,
    pub(crate) sms: Arc<dyn Sms>,
    pub(crate) uploads: Uploads,
    notices: Notify,
    public_url: OnceLock<String>,
}

impl State {
    pub(crate) fn open(data: &Path, clock: Clock, sms: Arc<dyn Sms>) -> anyhow::Result<Self> {
        let path = data.join(DATABASE);
        let writer = Writer::start(Store::open(&path)?);
        Ok(Self {
            path,
            clock,
            readers: Mutex::new(Vec::new()),
            writer,
            pokes: broadcast::Sender::new(POKES_KEPT),
            sign_ins: SignInLimits::new(),
            applicants: ApplicantLimits::new(),
            codes: RateLimiter::keyed(Quota::per_hour(CODES_SENT)),
            refreshes: RateLimiter::keyed(Quota::per_minute(REFRESHES)),
            sms,
            uploads: Uploads::open(data)?,
            notices: Notify::new(),
            public_url: OnceLock::new(),
        })
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The address that people reach the server at; `None` without a socket.
    pub(crate) fn public_url(&self) -> Option<String> {
        self.public_url.get().cloned()
    }

    /// Says at which address people reach the server. Once, before it serves.
    pub(crate) fn serves_at(&self, url: String) {
        // an error means that it was said before
        let _ = self.public_url.set(url);
    }

    /// Reads from a snapshot, off the async workers.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Store) -> Result<T, behorig_server_store::Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let state = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            let idle = state.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut reader = match idle {
                Some(reader) => reader,
                None => Store::open_reader(&state.path)?,
            };
            let done = work(&mut reader)?;
            state.readers.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            Ok(done)
        });
        match read.await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(fault)) => Err(Fault::Store(fault)),
            Err(_) => Err(Fault::Panicked),
        }
    }

    /// Tells everybody who listens that something changed in these scopes. Call after the commit.
    pub(crate) fn poke(&self, mut scopes: Vec<Scope>) {
        scopes.sort();
        scopes.dedup();
        if !scopes.is_empty() {
            // an error means that nobody listens
            let _ = self.pokes.send(scopes.into());
        }
    }

    /// Wakes whoever tells people outside the program, if there is anything new to tell. Call after the
    /// commit.
    pub(crate) fn notice(&self, notices: usize) {
        if notices > 0 {
            self.notices.notify_one();
        }
    }

    /// Waits until there is something new to tell, or there was since the last time.
    pub(crate) async fn noticed(&self) {
        self.notices.notified().await;
    }
}
