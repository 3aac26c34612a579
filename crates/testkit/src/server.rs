//! A real server on loopback with the demo's people.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use behorig_domain::Timestamp;
use behorig_mail::Email;
use behorig_server::{Config, Server, backup, system_clock};
use behorig_sms::Kept;
use tempfile::TempDir;

/// A server that can be stopped and started again on the same data.
pub struct TestServer {
    data: TempDir,
    address: SocketAddr,
    running: Option<Server>,
    telephones: Arc<Kept>,
    mails: Arc<behorig_mail::Kept>,
    /// How far its clock is ahead, in milliseconds.
    ahead: Arc<AtomicI64>,
}

impl TestServer {
    /// Starts a server filled with the demo.
    pub async fn start() -> Self {
        let mut server = Self {
            data: tempfile::tempdir().unwrap(),
            address: ([127, 0, 0, 1], 0).into(),
            running: None,
            telephones: Arc::default(),
            mails: Arc::default(),
            ahead: Arc::default(),
        };
        server.start_again().await;
        server.running().operator().fill_with_demo().await.unwrap();
        server
    }

    /// Starts it on the same data and at the same address.
    pub async fn start_again(&mut self) {
        let (system, ahead) = (system_clock(), self.ahead.clone());
        let clock = Arc::new(move || {
            let millis = system().millis() + ahead.load(Ordering::SeqCst);
            Timestamp::from_millis(millis).unwrap()
        });
        let config = Config {
            data: self.data.path().to_owned(),
            listen: self.address,
            clock,
            sms: self.telephones.clone(),
            mail: Some(self.mails.clone()),
            public_url: None,
        };
        let server = Server::start(config).await.unwrap();
        self.address = server.address();
        self.running = Some(server);
    }

    /// Stops it when what is under way is answered.
    pub async fn stop(&mut self) {
        self.running.take().unwrap().stop().await.unwrap();
    }

    /// A backup of all that it holds now: the data, and its keys apart.
    pub fn back_up(&self) -> [TempDir; 2] {
        let made = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let [to, keys_to] = &made;
        let now = (system_clock())();
        backup::back_up(self.data.path(), to.path(), keys_to.path(), now).unwrap();
        made
    }

    /// Stops it, and starts what was made of a backup at the same address.
    pub async fn restore(&mut self, [from, keys_from]: &[TempDir; 2]) {
        self.stop().await;
        self.data = tempfile::tempdir().unwrap();
        let now = (system_clock())();
        backup::restore(from.path(), keys_from.path(), self.data.path(), now).unwrap();
        self.start_again().await;
    }

    /// Lets time pass at the server.
    pub fn pass(&self, time: Duration) {
        self.ahead.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// What time it is at the server, in milliseconds since 1970.
    pub fn millis(&self) -> i64 {
        (system_clock())().millis() + self.ahead.load(Ordering::SeqCst)
    }

    /// The code that was last sent to a number, if any was.
    pub fn code(&self, phone: &str) -> Option<String> {
        code_in(&self.telephones.newest_to(phone)?)
    }

    /// The mails to an address, oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<Email> {
        self.mails.all_to(address)
    }

    /// The folder of its data.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as a person types it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The running server.
    pub fn running(&self) -> &Server {
        self.running.as_ref().unwrap()
    }
}

/// The six digits in a text message.
pub fn code_in(text: &str) -> Option<String> {
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|digit| digit.is_ascii_digit());
    text.split_whitespace().find(is_code).map(str::to_owned)
}
