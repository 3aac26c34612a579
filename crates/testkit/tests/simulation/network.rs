//! A line that loses, repeats, delays and cuts, and lets either side die at any packet.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use behorig_domain::Timestamp;
use behorig_server::Unplugged;
use behorig_sms::Kept;
use behorig_sync::{LineDown, Request, Response, Transport};
use futures_util::stream;
use tokio::sync::Notify;

/// The server's clock begins here and goes on by a second at each look.
const BEGIN: i64 = 1_800_000_000_000;

pub struct Network {
    data: PathBuf,
    clock: Arc<AtomicI64>,
    pub telephones: Arc<Kept>,
    state: Mutex<State>,
    /// The device whose request is under way has died.
    pub killed: Notify,
}

struct State {
    rng: fastrand::Rng,
    faults: bool,
    server: Arc<Unplugged>,
    /// Requests that are still somewhere on the way.
    late: Vec<Request>,
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
    pub fn new(data: PathBuf, seed: u64) -> Arc<Self> {
        let clock = Arc::new(AtomicI64::new(BEGIN));
        let telephones = Arc::new(Kept::default());
        let server = open(&data, &clock, &telephones);
        let rng = fastrand::Rng::with_seed(seed);
        let state = Mutex::new(State { rng, faults: false, server, late: Vec::new() });
        Arc::new(Self { data, clock, telephones, state, killed: Notify::new() })
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
        let server = open(&self.data, &self.clock, &self.telephones);
        self.state.lock().unwrap().server = server;
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

    async fn deliver(&self, request: &Request) -> Response {
        let answered = self.server();
        let token = request.token.as_deref();
        let (status, body) =
            answered.answer(request.path, token, request.body.clone()).await.unwrap();
        Response { status, body }
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

    pub fn has_late(&self) -> bool {
        !self.state.lock().unwrap().late.is_empty()
    }

    fn cut(&self, mut response: Response) -> Response {
        let at = self.state.lock().unwrap().rng.usize(0..=response.body.len());
        response.body.truncate(at);
        response
    }
}

fn open(data: &std::path::Path, clock: &Arc<AtomicI64>, telephones: &Arc<Kept>) -> Arc<Unplugged> {
    let clock = clock.clone();
    let clock =
        Arc::new(move || Timestamp::from_millis(clock.fetch_add(1_000, Ordering::SeqCst)).unwrap());
    Arc::new(Unplugged::open(data, clock, telephones.clone()).unwrap())
}

/// One device's end of the line.
pub struct Line(pub Arc<Network>);

impl Transport for Line {
    async fn post(&self, request: Request) -> Result<Response, LineDown> {
        let network = &self.0;
        match network.fate() {
            Fate::Fine => Ok(network.deliver(&request).await),
            Fate::NeverLeaves => Err(LineDown::BEFORE),
            Fate::LostOnTheWay => Err(LineDown::UNDERWAY),
            Fate::AnswerLost => {
                network.deliver(&request).await;
                Err(LineDown::UNDERWAY)
            }
            Fate::AnswerCut => {
                let answer = network.deliver(&request).await;
                Ok(network.cut(answer))
            }
            Fate::Twice => {
                network.deliver(&request).await;
                Ok(network.deliver(&request).await)
            }
            Fate::Late => {
                network.state.lock().unwrap().late.push(request);
                Err(LineDown::UNDERWAY)
            }
            Fate::DeviceDiesBefore => {
                network.killed.notify_one();
                std::future::pending().await
            }
            Fate::DeviceDiesAfter => {
                network.deliver(&request).await;
                network.killed.notify_one();
                std::future::pending().await
            }
            Fate::ServerDiesAfter => {
                network.deliver(&request).await;
                network.restart_server();
                Err(LineDown::UNDERWAY)
            }
        }
    }

    async fn pokes(
        &self,
        _: &str,
    ) -> Result<std::pin::Pin<Box<dyn futures_util::Stream<Item = ()> + Send>>, LineDown> {
        Ok(Box::pin(stream::pending()))
    }
}
