//! Does what the machine says: pushes, pulls, listens, waits.

use std::{
    collections::BTreeSet,
    io::{Read as _, Seek as _, SeekFrom},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use behorig_domain::{FileId, Timestamp};
use behorig_protocol::{
    Answer, PUSH_BYTES_MAX, Refresh, Tokens, path, read_lines, read_page, write_frame,
};
use behorig_store::{Applied, Fault, HeldSession, Store, ToSend};
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::{
    sync::{Notify, watch},
    time::Instant,
};

use crate::{
    Failure, FileAct, FileRequest, FileResponse, Line, LineDown, Request, Transport,
    machine::{Machine, Step},
    transport::{failure_at_session, failure_of, file_failure},
};

/// Records asked for in one page.
const PAGE: i64 = 2_000;
/// Bytes of a file in one request, and the fewest after failures.
const UPLOAD_BYTES: u64 = 1024 * 1024;
const UPLOAD_BYTES_MIN: u64 = 64 * 1024;
/// So long nobody has rung before there is time for what nobody waits for.
const QUIET: Duration = Duration::from_millis(200);
/// Before the second try to listen for pokes; doubled before each further one, up to the longest wait.
const LISTEN_AGAIN: Duration = Duration::from_secs(2);
const LISTEN_AGAIN_MAX: Duration = Duration::from_secs(60);

/// Rings when there is something to do.
pub type Doorbell = Arc<Notify>;

/// What the person is told of the sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// The line.
    pub line: Line,
    /// What stops it, if it is more than a missing line.
    pub failure: Option<Failure>,
    /// Counts up whenever the replica has changed.
    pub changes: u64,
    /// A scope does not hold what the server holds.
    pub differs: bool,
}

/// Keeps one replica and its server together until it is dropped.
pub struct Driver<T> {
    store: Arc<Mutex<Store>>,
    transport: Arc<T>,
    doorbell: Doorbell,
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    status: watch::Sender<Status>,
    machine: Machine,
    /// Most bytes in the next push: halved when one fails, so that a line that breaks often, or a proxy
    /// that takes little, lets something through.
    push_bytes: usize,
    /// The file that is being sent, and how many of its bytes the server has.
    uploading: Option<(FileId, u64)>,
    /// Most bytes of a file in the next request, halved likewise.
    upload_bytes: u64,
    /// The server wanted a sign-in and the session was renewed; nothing has succeeded since.
    renewed_in_vain: bool,
    /// Files that have failed by themselves since the last wait: others go first.
    skipped: BTreeSet<FileId>,
}

/// An exchange did not bring what it should.
enum Stopped {
    /// Nothing has left this computer.
    NotSent,
    Line(Failure),
    Replica(Fault),
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Replica(fault)
    }
}

impl<T: Transport> Driver<T> {
    /// A driver, and where to watch it.
    pub fn new(
        store: Arc<Mutex<Store>>,
        transport: Arc<T>,
        doorbell: Doorbell,
        clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    ) -> (Self, watch::Receiver<Status>) {
        let machine = Machine::new();
        let status = Status { line: machine.line(), failure: None, changes: 0, differs: false };
        let (status, watch) = watch::channel(status);
        let push_bytes = PUSH_BYTES_MAX;
        let renewed_in_vain = false;
        let driver = Self {
            store,
            transport,
            doorbell,
            clock,
            status,
            machine,
            push_bytes,
            uploading: None,
            upload_bytes: UPLOAD_BYTES,
            renewed_in_vain,
            skipped: BTreeSet::new(),
        };
        (driver, watch)
    }

    /// Runs until dropped.
    pub async fn run(mut self) {
        let (store, transport) = (self.store.clone(), self.transport.clone());
        let listening = listen(store, transport, self.doorbell.clone(), self.status.subscribe());
        tokio::pin!(listening);
        loop {
            tokio::select! {
                () = &mut listening => {}
                () = self.step() => {}
            }
        }
    }

    /// One exchange or one wait. [`Driver::run`] does nothing else; a simulation decides itself whose step
    /// is next.
    pub async fn step(&mut self) {
        if self.machine.failure() == Some(Failure::EraseOrdered) {
            // nothing may be written or sent any more: whoever watches the status erases the replica
            return std::future::pending().await;
        }
        let skipped = self.skipped.clone();
        let (unsent, to_send, held) = self
            .with_store(move |store| {
                Ok((store.has_unsent()?, store.next_to_send(&skipped)?, store.session()?))
            })
            .await
            .unwrap_or_default();
        let next = self.machine.next(unsent, to_send.is_some());
        if let Step::Wait(wait) = next {
            self.wait(wait).await;
            self.machine.rung();
            if to_send.is_none() {
                // all have had their turn
                self.skipped.clear();
            }
            return;
        }
        let (done, tried) = match self.keep_session(held).await {
            Err(stopped) => (Err(stopped), false),
            Ok(()) => match next {
                Step::Upload => (self.upload(to_send).await, true),
                Step::Push => (self.push().await, true),
                Step::Pull | Step::Wait(_) => (self.pull().await, true),
            },
        };
        let done = match done {
            Err(Stopped::Line(Failure::SignInNeeded)) => match self.renewed().await {
                // the same again, with a token that holds
                Ok(true) => return,
                Ok(false) => Err(Stopped::Line(Failure::SignInNeeded)),
                Err(ordered) => Err(ordered),
            },
            done => done,
        };
        let changed = match done {
            Ok(changed) => changed,
            Err(stopped) => {
                let failure = match stopped {
                    Stopped::NotSent => Failure::NoLine,
                    Stopped::Line(failure) => failure,
                    Stopped::Replica(fault) => {
                        tracing::error!(%fault, "the replica failed");
                        Failure::Server
                    }
                };
                match next {
                    Step::Push if tried => {
                        self.push_bytes = (self.push_bytes / 2).max(1);
                        self.machine.push_failed(failure);
                    }
                    Step::Upload if tried => {
                        // how much has arrived is not known any more
                        self.uploading = None;
                        self.upload_bytes = (self.upload_bytes / 2).max(UPLOAD_BYTES_MIN);
                        self.machine.failed(failure);
                    }
                    _ => self.machine.failed(failure),
                }
                false
            }
        };
        let (line, failure) = (self.machine.line(), self.machine.failure());
        self.status.send_if_modified(|status| {
            let before = *status;
            status.line = line;
            status.failure = failure;
            status.changes = status.changes.wrapping_add(u64::from(changed));
            *status != before
        });
    }

    async fn push(&mut self) -> Result<bool, Stopped> {
        let limit = self.push_bytes;
        let (frames, token) = self
            .with_store(move |store| {
                let token = store.token()?;
                Ok((store.take_for_push(limit)?, token))
            })
            .await?;
        let mut body = Vec::new();
        for frame in &frames {
            write_frame(&mut body, frame);
        }
        let ids: Vec<_> = frames.iter().map(|frame| frame.envelope.id).collect();
        let body = match self.exchange(path::COMMANDS, token, body).await {
            // neither try can have decided anything
            Err(
                stopped @ (Stopped::NotSent
                | Stopped::Line(Failure::SignInNeeded | Failure::UpgradeNeeded)),
            ) => {
                self.with_store(move |store| store.not_pushed(&ids)).await?;
                return Err(stopped);
            }
            exchanged => exchanged?,
        };
        let answers: Vec<Answer> = read_lines(&body).map_err(|_| Stopped::Line(Failure::NoLine))?;
        if answers.len() != ids.len() {
            return Err(Stopped::Line(Failure::NoLine));
        }
        let failed = answers.iter().any(|answer| matches!(answer, Answer::Internal { .. }));
        let moved =
            answers.iter().any(|answer| !matches!(answer, Answer::Wait | Answer::Internal { .. }));
        let answers: Vec<_> = ids.into_iter().zip(answers).collect();
        let now = (self.clock)();
        self.with_store(move |store| store.pushed(&answers, now)).await?;
        self.push_bytes = PUSH_BYTES_MAX;
        self.machine.pushed(moved);
        if failed && !moved {
            // the server is not well: back off instead of asking every second
            self.machine.failed(Failure::Server);
        }
        Ok(true)
    }

    /// Sends one part of a file, or finds out where to go on.
    async fn upload(&mut self, to_send: Option<ToSend>) -> Result<bool, Stopped> {
        let Some(ToSend { id, name, bytes, .. }) = to_send else { return Ok(false) };
        let act = match self.uploading {
            Some((uploading, offset)) if uploading == id => {
                let most = self.upload_bytes.min(bytes.saturating_sub(offset));
                let part =
                    self.with_store(move |store| Ok(read_part(store, id, offset, most))).await?;
                let bytes = match part {
                    Ok(bytes) => bytes,
                    Err(fault) => {
                        tracing::error!(%fault, "a file on this computer cannot be read");
                        self.uploading = None;
                        self.with_store(move |store| store.file_unreadable(id)).await?;
                        return Ok(true);
                    }
                };
                FileAct::Append { file: id, offset, bytes }
            }
            _ => FileAct::Ask { file: id },
        };
        let asked = matches!(act, FileAct::Ask { .. });
        let mut answer = self.file(act).await?;
        let begun = asked && answer.status == 404;
        if begun {
            answer = self.file(FileAct::Begin { file: id, name, bytes }).await?;
        }
        let offset = match (answer.status, answer.offset) {
            (200 | 201 | 204, Some(offset)) => offset,
            // it takes no more of this file; the command's answer will say why
            (413, _) if begun => bytes,
            // not what we thought: ask again
            (404 | 409, _) if !asked => {
                self.uploading = None;
                return Ok(false);
            }
            _ => {
                let failure = file_failure(&answer);
                if failure == Failure::Server {
                    self.skipped.insert(id);
                }
                return Err(Stopped::Line(failure));
            }
        };
        self.renewed_in_vain = false;
        if !asked {
            self.upload_bytes = UPLOAD_BYTES;
        }
        self.uploading = (offset < bytes).then_some((id, offset));
        self.with_store(move |store| store.put_at_server(id, offset)).await?;
        self.machine.uploaded(offset >= bytes);
        Ok(true)
    }

    async fn file(&self, act: FileAct) -> Result<FileResponse, Stopped> {
        let token = self.with_store(|store| store.token()).await?;
        let answer = self.transport.file(FileRequest { token, act }).await;
        answer.map_err(|_| Stopped::Line(Failure::NoLine))
    }

    async fn pull(&mut self) -> Result<bool, Stopped> {
        if self.doorbell.notified().now_or_never().is_some() {
            // a poke that came before the question is answered by it; whatever else rang is not forgotten
            self.machine.rung();
        }
        let (request, token) =
            self.with_store(|store| Ok((store.pull_request(PAGE)?, store.token()?))).await?;
        let body = serde_json::to_vec(&request)
            .map_err(|_| Stopped::Replica(Fault::Malformed("pull request")))?;
        let body = self.exchange(path::PULL, token, body).await?;
        let now = (self.clock)();
        // a page that is cut off or unreadable is thrown away whole
        let page = read_page(&body).map_err(|_| Stopped::Line(Failure::NoLine))?;
        let applied: Applied = self.with_store(move |store| store.apply(page, now)).await?;
        for scope in &applied.mending {
            tracing::warn!(scope, "not what the server holds: pulled afresh");
        }
        for scope in &applied.differing {
            tracing::error!(scope, "not what the server holds, even pulled afresh");
        }
        if !applied.more {
            // only the last page says how the scopes stand
            let differs = !applied.differing.is_empty();
            self.status.send_if_modified(|status| {
                std::mem::replace(&mut status.differs, differs) != differs
            });
        }
        self.machine.pulled(applied.more);
        Ok(applied.changed)
    }

    async fn exchange(
        &mut self,
        path: &'static str,
        token: Option<String>,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, Stopped> {
        let body = self.post(Request { path, token, body }).await?;
        self.renewed_in_vain = false;
        Ok(body)
    }

    async fn post(&self, request: Request) -> Result<Vec<u8>, Stopped> {
        let at_session = matches!(request.path, path::REFRESH | path::END);
        let response = self.transport.post(request).await.map_err(|down| match down {
            LineDown::BEFORE => Stopped::NotSent,
            LineDown::UNDERWAY => Stopped::Line(Failure::NoLine),
        })?;
        if response.status == 200 {
            Ok(response.body)
        } else if at_session {
            Err(Stopped::Line(failure_at_session(&response.body)))
        } else {
            Err(Stopped::Line(failure_of(&response.body)))
        }
    }

    /// Tells the server of a session that the person has ended, and renews the one that is due.
    async fn keep_session(&mut self, held: HeldSession) -> Result<(), Stopped> {
        if let Some(refresh) = held.ending {
            match self.post(refresh_request(path::END, &refresh)).await {
                // it was never a session, or is none any more
                Ok(_) | Err(Stopped::Line(Failure::SignInNeeded)) => {
                    self.with_store(move |store| store.end_was_told(&refresh)).await?;
                }
                Err(Stopped::Line(Failure::Server)) => {}
                Err(stopped) => return Err(stopped),
            }
        }
        match held.tokens {
            Some(tokens) if (self.clock)().millis() >= held.renew_at => {
                match self.renew(tokens.refresh).await {
                    // the access token may hold for a while yet
                    Err(Stopped::Line(Failure::Server)) => Ok(()),
                    renewed => renewed,
                }
            }
            _ => Ok(()),
        }
    }

    /// Until somebody rings, or it is over; the end is as good. Once it is quiet there is time for what nobody
    /// waits for, and a ring waits for a little of that at most.
    async fn wait(&self, wait: Duration) {
        let over = Instant::now() + wait;
        let mut is_more = true;
        loop {
            let next = if is_more { over.min(Instant::now() + QUIET) } else { over };
            let rang = tokio::time::timeout_at(next, self.doorbell.notified()).await.is_ok();
            if rang || Instant::now() >= over {
                return;
            }
            let tidied =
                self.with_store(|store| Ok(store.index_some()? > 0 || store.leave_words_out()?));
            // a replica that fails at it is told by the next exchange
            is_more = tidied.await.unwrap_or_default();
        }
    }

    /// After the server wanted a sign-in: whether the session was renewed. Once, until something succeeds.
    /// An error is the order to erase.
    async fn renewed(&mut self) -> Result<bool, Stopped> {
        if self.renewed_in_vain {
            return Ok(false);
        }
        let Ok(HeldSession { tokens: Some(tokens), .. }) =
            self.with_store(|store| store.session()).await
        else {
            return Ok(false);
        };
        let renewed = self.renew(tokens.refresh).await;
        // a try that was lost on the way says nothing
        self.renewed_in_vain =
            !matches!(renewed, Err(Stopped::NotSent | Stopped::Line(Failure::NoLine)));
        match renewed {
            Err(ordered @ Stopped::Line(Failure::EraseOrdered)) => Err(ordered),
            renewed => Ok(renewed.is_ok()),
        }
    }

    /// Exchanges a refresh token. The new pair is on the disk before it is used: were it lost after its
    /// first use, the old one would look stolen.
    async fn renew(&self, refresh: String) -> Result<(), Stopped> {
        let body = self.post(refresh_request(path::REFRESH, &refresh)).await?;
        let tokens: Tokens =
            serde_json::from_slice(&body).map_err(|_| Stopped::Line(Failure::NoLine))?;
        let now = (self.clock)();
        self.with_store(move |store| store.renew_tokens(&refresh, &tokens, now)).await?;
        Ok(())
    }

    async fn with_store<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        with_store(&self.store, work).await
    }
}

/// Reads a part of a file on this computer.
fn read_part(store: &Store, id: FileId, offset: u64, most: u64) -> std::io::Result<Vec<u8>> {
    let sealed = store.sealed(id).map_err(std::io::Error::other)?;
    let mut reader = sealed.ok_or(std::io::ErrorKind::NotFound)?.open()?;
    reader.seek(SeekFrom::Start(offset))?;
    let mut part = Vec::new();
    reader.take(most).read_to_end(&mut part)?;
    Ok(part)
}

fn refresh_request(path: &'static str, refresh: &str) -> Request {
    // a plain struct: it always becomes JSON
    let body = serde_json::to_vec(&Refresh { refresh: refresh.to_owned() }).unwrap_or_default();
    Request { path, token: None, body }
}

/// Works on the replica off the async workers.
async fn with_store<R: Send + 'static>(
    store: &Arc<Mutex<Store>>,
    work: impl FnOnce(&mut Store) -> Result<R, Fault> + Send + 'static,
) -> Result<R, Fault> {
    let store = store.clone();
    let work = tokio::task::spawn_blocking(move || {
        store.lock().unwrap_or_else(PoisonError::into_inner).watch(work)
    });
    work.await.unwrap_or(Err(Fault::Malformed("replica after a panic")))
}

/// Rings at each poke, and when the line breaks: then it is known at once. Without a line, or a session, it
/// tries ever more rarely until the server answers the driver again.
async fn listen<T: Transport>(
    store: Arc<Mutex<Store>>,
    transport: Arc<T>,
    doorbell: Doorbell,
    mut status: watch::Receiver<Status>,
) {
    let mut wait = LISTEN_AGAIN;
    loop {
        let token = with_store(&store, |store| store.token()).await.ok().flatten();
        if let Some(token) = token
            && let Ok(mut pokes) = transport.pokes(&token).await
        {
            while pokes.next().await.is_some() {
                doorbell.notify_one();
            }
            doorbell.notify_one();
        }
        if status.borrow().line == Line::Online {
            wait = LISTEN_AGAIN;
        }
        match tokio::time::timeout(wait, online_again(&mut status)).await {
            Ok(()) => wait = LISTEN_AGAIN,
            Err(_) => wait = wait.saturating_mul(2).min(LISTEN_AGAIN_MAX),
        }
    }
}

/// Waits until the server answers that did not.
async fn online_again(status: &mut watch::Receiver<Status>) {
    let mut before = status.borrow_and_update().line;
    while status.changed().await.is_ok() {
        let line = status.borrow_and_update().line;
        if line == Line::Online && before != Line::Online {
            return;
        }
        before = line;
    }
    std::future::pending().await
}
