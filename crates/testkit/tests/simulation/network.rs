//! A line that loses, repeats, delays and cuts, and lets either side die at any packet.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use behorig_domain::{PersonId, Scope, Timestamp};
use behorig_protocol::{VERSION, VERSION_HEADER, path, tus};
use behorig_server::Unplugged;
use behorig_server_store::{Fault, Store};
use behorig_sms::Kept;
use behorig_sync::{FileAct, FileRequest, FileResponse, LineDown, Request, Response, Transport};
use futures_util::stream;
use tempfile::TempDir;
use tokio::sync::Notify;

use crate::device::folder;

/// The server's clock begins here.
const BEGIN: i64 = 1_800_000_000_000;
/// So far it goes on at each look: far enough that sessions are renewed all the time.
const LOOK: i64 = 2 * 60 * 1_000;

/// A copy of a server.
pub struct Backup {
    pub rest: TempDir,
    pub keys: TempDir,
}

pub struct Network {
    clock: Arc<AtomicI64>,
    pub telephones: Arc<Kept>,
    state: Mutex<State>,
    /// The device whose request is under way has died.
    pub killed: Notify,
}

struct State {
    /// The server's folder.
    data: TempDir,
    rng: fastrand::Rng,
    faults: bool,
    server: Arc<Unplugged>,
    /// Requests that are still somewhere on the way.
    late: Vec<Packet>,
    /// A refresh has been on the way for so long that it must look stolen when it comes.
    late_refresh: bool,
}

/// What travels.
#[derive(Clone)]
pub enum Packet {
    Post(Request),
    File(FileRequest),
}

/// What becomes of a request.
enum Fate {
    Fine,
    NeverLeaves,
    LostOnTheWay,
    AnswerLost,
    AnswerCut,
    Twice,
    Late,
    DeviceDiesBefore,
    DeviceDiesAfter,
    ServerDiesAfter,
}

impl Network {
    pub fn new(data: TempDir, seed: u64, now: Option<i64>) -> Arc<Self> {
        let clock = Arc::new(AtomicI64::new(now.unwrap_or(BEGIN)));
        let telephones = Arc::new(Kept::default());
        let server = open(data.path(), &clock, &telephones);
        let rng = fastrand::Rng::with_seed(seed);
        let state = Mutex::new(State {
            data,
            rng,
            faults: false,
            server,
            late: Vec::new(),
            late_refresh: false,
        });
        Arc::new(Self { clock, telephones, state, killed: Notify::new() })
    }

    pub fn faults(&self, on: bool) {
        self.state.lock().unwrap().faults = on;
    }

    pub fn server(&self) -> Arc<Unplugged> {
        self.state.lock().unwrap().server.clone()
    }

    /// What the server's clock says, without moving it.
    pub fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    fn restart_server(&self) {
        let state = &mut *self.state.lock().unwrap();
        state.server = open(state.data.path(), &self.clock, &self.telephones);
    }

    /// Time goes by.
    pub fn pass(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::SeqCst);
    }

    /// Copies the server while it runs.
    pub fn back_up(&self) -> Backup {
        let backup = Backup { rest: folder(), keys: folder() };
        let state = self.state.lock().unwrap();
        let now = Timestamp::from_millis(self.now()).unwrap();
        let (rest, keys) = (backup.rest.path(), backup.keys.path());
        behorig_server::backup::back_up(state.data.path(), rest, keys, now).unwrap();
        backup
    }

    /// The server is lost, and a new one made of a backup.
    pub fn restore(&self, backup: &Backup) {
        let data = folder();
        let now = Timestamp::from_millis(self.now()).unwrap();
        let (rest, keys) = (backup.rest.path(), backup.keys.path());
        behorig_server::backup::restore(rest, keys, data.path(), now).unwrap();
        let state = &mut *self.state.lock().unwrap();
        state.server = open(data.path(), &self.clock, &self.telephones);
        state.data = data;
    }

    /// What the server says a person may see now.
    pub fn scopes(&self, person: PersonId) -> Vec<String> {
        let state = self.state.lock().unwrap();
        let store = Store::open_reader(&state.data.path().join("behorig.db")).unwrap();
        let now = Timestamp::from_millis(self.now()).unwrap();
        let mut scopes = store.scopes(person, now).unwrap();
        // of a scope in which nothing has ever been nobody is told
        scopes.retain(|scope| store.has_been_used(scope).unwrap());
        scopes.sort();
        scopes
    }

    /// From now on a person may not see a scope any more.
    pub fn end_access(&self, person: PersonId, scope: &Scope) {
        let state = self.state.lock().unwrap();
        let mut store = Store::open(&state.data.path().join("behorig.db")).unwrap();
        let now = Timestamp::from_millis(self.now()).unwrap();
        store.write::<_, Fault>(|writing| writing.end_grants(person, scope, now)).unwrap();
    }

    fn fate(&self) -> Fate {
        let state = &mut *self.state.lock().unwrap();
        if !state.faults {
            return Fate::Fine;
        }
        match state.rng.u8(0..20) {
            0 | 1 => Fate::NeverLeaves,
            2 => Fate::LostOnTheWay,
            3 | 4 => Fate::AnswerLost,
            5 => Fate::AnswerCut,
            6 => Fate::Twice,
            7 => Fate::Late,
            8 => Fate::DeviceDiesBefore,
            9 => Fate::DeviceDiesAfter,
            10 => Fate::ServerDiesAfter,
            _ => Fate::Fine,
        }
    }

    async fn deliver(&self, packet: &Packet) -> FileResponse {
        let server = self.server();
        match packet {
            Packet::Post(request) => {
                let token = request.token.as_deref();
                let body = request.body.clone();
                let (status, body) = server.answer(request.path, token, body).await.unwrap();
                FileResponse { status, offset: None, body }
            }
            Packet::File(request) => {
                let answer = server.ask(file_request(request.clone())).await.unwrap();
                let offset = answer.headers().get(tus::OFFSET);
                let offset = offset.map(|value| value.to_str().unwrap().parse().unwrap());
                FileResponse { status: answer.status().as_u16(), offset, body: answer.into_body() }
            }
        }
    }

    async fn carry(&self, packet: Packet) -> Result<FileResponse, LineDown> {
        match self.fate() {
            Fate::Fine => Ok(self.deliver(&packet).await),
            Fate::NeverLeaves => Err(LineDown::BEFORE),
            Fate::LostOnTheWay => Err(LineDown::UNDERWAY),
            Fate::AnswerLost => {
                self.deliver(&packet).await;
                Err(LineDown::UNDERWAY)
            }
            Fate::AnswerCut => {
                let answer = self.deliver(&packet).await;
                Ok(self.cut(answer))
            }
            Fate::Twice => {
                self.deliver(&packet).await;
                Ok(self.deliver(&packet).await)
            }
            Fate::Late => {
                let state = &mut *self.state.lock().unwrap();
                let refresh = |packet: &Packet| matches!(packet, Packet::Post(post) if post.path == path::REFRESH);
                state.late_refresh |= refresh(&packet);
                state.late.push(packet);
                Err(LineDown::UNDERWAY)
            }
            Fate::DeviceDiesBefore => {
                self.killed.notify_one();
                std::future::pending().await
            }
            Fate::DeviceDiesAfter => {
                self.deliver(&packet).await;
                self.killed.notify_one();
                std::future::pending().await
            }
            Fate::ServerDiesAfter => {
                self.deliver(&packet).await;
                self.restart_server();
                Err(LineDown::UNDERWAY)
            }
        }
    }

    /// Lets some request that is late arrive now, out of its order; nobody waits for its answer.
    pub async fn deliver_late(&self) {
        let late = {
            let state = &mut *self.state.lock().unwrap();
            let at = state.rng.usize(0..state.late.len().max(1));
            (at < state.late.len()).then(|| state.late.remove(at))
        };
        if let Some(request) = late {
            self.deliver(&request).await;
        }
    }

    pub fn had_late_refresh(&self) -> bool {
        self.state.lock().unwrap().late_refresh
    }

    pub fn has_late(&self) -> bool {
        !self.state.lock().unwrap().late.is_empty()
    }

    fn cut(&self, mut response: FileResponse) -> FileResponse {
        let at = self.state.lock().unwrap().rng.usize(0..=response.body.len());
        response.body.truncate(at);
        response
    }
}

fn open(data: &Path, clock: &Arc<AtomicI64>, telephones: &Arc<Kept>) -> Arc<Unplugged> {
    let clock = clock.clone();
    let clock =
        Arc::new(move || Timestamp::from_millis(clock.fetch_add(LOOK, Ordering::SeqCst)).unwrap());
    Arc::new(Unplugged::open(data, clock, telephones.clone()).unwrap())
}

/// One device's end of the line.
pub struct Line {
    pub network: Arc<Network>,
    /// How the texts begin of which its person may never be told anything.
    pub never: &'static str,
}

impl Transport for Line {
    async fn post(&self, request: Request) -> Result<Response, LineDown> {
        let answer = self.network.carry(Packet::Post(request)).await?;
        let text = String::from_utf8_lossy(&answer.body);
        assert!(!text.contains(self.never), "somebody else's text: {text}");
        Ok(Response { status: answer.status, body: answer.body })
    }

    async fn file(&self, request: FileRequest) -> Result<FileResponse, LineDown> {
        self.network.carry(Packet::File(request)).await
    }

    async fn pokes(
        &self,
        _: &str,
    ) -> Result<std::pin::Pin<Box<dyn futures_util::Stream<Item = ()> + Send>>, LineDown> {
        Ok(Box::pin(stream::pending()))
    }
}

/// The request as HTTP carries it.
fn file_request(request: FileRequest) -> http::Request<Vec<u8>> {
    let asked = http::Request::builder()
        .header(VERSION_HEADER, VERSION)
        .header(tus::RESUMABLE, tus::VERSION);
    let asked = match &request.token {
        Some(token) => asked.header("authorization", format!("Bearer {token}")),
        None => asked,
    };
    let of_file = |file| format!("{}/{file}", path::FILES);
    let (asked, body) = match request.act {
        FileAct::Begin { file, name, bytes } => {
            let [id, name] = [file.to_string(), name].map(|text| BASE64.encode(text));
            let asked = asked.header(tus::LENGTH, bytes);
            let asked = asked.header(tus::METADATA, format!("id {id},filename {name}"));
            (asked.method("POST").uri(path::FILES), Vec::new())
        }
        FileAct::Ask { file } => (asked.method("HEAD").uri(of_file(file)), Vec::new()),
        FileAct::Append { file, offset, bytes } => {
            let asked = asked.header("content-type", tus::CONTENT_TYPE);
            (asked.method("PATCH").uri(of_file(file)).header(tus::OFFSET, offset), bytes)
        }
        FileAct::Read { document, offset, bytes } => {
            let range = format!("bytes={offset}-{}", offset + bytes - 1);
            let uri = format!("{}/{document}/file", path::DOCUMENTS);
            (asked.method("GET").uri(uri).header("range", range), Vec::new())
        }
    };
    asked.body(body).unwrap()
}
