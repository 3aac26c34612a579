//! A person's replica and its driver, which can die and come back, and be copied.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
};

use behorig_domain::{
    Command, CommandId, DeviceId, PersonId, RecordId, Timestamp, messages::SendMessage,
};
use behorig_protocol::{CodeSent, EnterCode, SignIn, SignedIn, path};
use behorig_server::demo::DemoPerson;
use behorig_store::{Identity, OutboxState, Queued, ReplicaKey, Store, draft_place};
use behorig_sync::{Doorbell, Driver, Status};
use behorig_testkit::code_in;
use tempfile::TempDir;
use tokio::sync::watch;
use uuid::Uuid;

use crate::network::{Line, Network};

const PASSPHRASE: &str = "smörgåstårta";

pub struct Device {
    network: Arc<Network>,
    folder: TempDir,
    key: ReplicaKey,
    /// How far its clock is off, in milliseconds.
    clock_off: i64,
    pub person: PersonId,
    pub store: Arc<Mutex<Store>>,
    driver: Driver<Line>,
    doorbell: Doorbell,
    status: watch::Receiver<Status>,
    /// Every text that was queued here and not taken back, in the order of writing.
    pub typed: Vec<(CommandId, String)>,
    /// Every text that was taken back here.
    pub taken_back: Vec<String>,
}

fn database(folder: &Path) -> std::path::PathBuf {
    folder.join("replica.db")
}

fn driver(
    network: &Arc<Network>,
    store: &Arc<Mutex<Store>>,
    clock_off: i64,
) -> (Driver<Line>, Doorbell, watch::Receiver<Status>) {
    let doorbell = Doorbell::default();
    let clock = {
        let network = network.clone();
        Arc::new(move || Timestamp::from_millis(network.now() + clock_off).unwrap())
    };
    let line = Arc::new(Line(network.clone()));
    let (driver, status) = Driver::new(store.clone(), line, doorbell.clone(), clock);
    (driver, doorbell, status)
}

impl Device {
    pub async fn sign_in(network: &Arc<Network>, who: DemoPerson, clock_off: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let device = DeviceId(Uuid::now_v7());
        let (user_name, password) = (who.user_name.to_owned(), who.password.to_owned());
        let body = serde_json::to_vec(&SignIn { user_name, password, device }).unwrap();
        let ask = async |path, body| {
            let (status, body) = network.server().answer(path, None, body).await.unwrap();
            assert_eq!(status, 200);
            body
        };
        let CodeSent { challenge, .. } =
            serde_json::from_slice(&ask(path::SIGN_IN, body).await).unwrap();
        let code = code_in(&network.telephones.newest_to(who.phone).unwrap()).unwrap();
        let body = serde_json::to_vec(&EnterCode { challenge, code }).unwrap();
        let SignedIn { person, token } =
            serde_json::from_slice(&ask(path::SESSION, body).await).unwrap();
        let key = ReplicaKey::create(&folder.path().join("key.json"), PASSPHRASE).unwrap();
        let mut store = Store::open(&database(folder.path()), &key).unwrap();
        let identity = Identity { server: "https://simulated.example".into(), person };
        store.put_identity(&identity, device).unwrap();
        store.put_token(&token).unwrap();
        let store = Arc::new(Mutex::new(store));
        let (driver, doorbell, status) = driver(network, &store, clock_off);
        Self {
            network: network.clone(),
            folder,
            key,
            clock_off,
            person,
            store,
            driver,
            doorbell,
            status,
            typed: Vec::new(),
            taken_back: Vec::new(),
        }
    }

    /// The program dies and is started again.
    pub fn restart(&mut self) {
        let store = Store::open(&database(self.folder.path()), &self.key).unwrap();
        self.store = Arc::new(Mutex::new(store));
        let (driver, doorbell, status) = driver(&self.network, &self.store, self.clock_off);
        (self.driver, self.doorbell, self.status) = (driver, doorbell, status);
    }

    /// A copy of the whole folder on another computer, as a backup tool makes one.
    pub fn copy(&mut self) -> Self {
        self.restart();
        let folder = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(self.folder.path()).unwrap().flatten() {
            std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
        let key = ReplicaKey::unwrap(&folder.path().join("key.json"), PASSPHRASE).unwrap();
        let store = Arc::new(Mutex::new(Store::open(&database(folder.path()), &key).unwrap()));
        let (driver, doorbell, status) = driver(&self.network, &store, self.clock_off);
        Self {
            network: self.network.clone(),
            folder,
            key,
            clock_off: self.clock_off,
            person: self.person,
            store,
            driver,
            doorbell,
            status,
            typed: self.typed.clone(),
            taken_back: Vec::new(),
        }
    }

    /// One exchange, unless the device dies in it.
    pub async fn step(&mut self) {
        // a wait ends at once: the simulation decides who is next
        self.doorbell.notify_one();
        let network = self.network.clone();
        let died = tokio::select! {
            () = self.driver.step() => false,
            () = network.killed.notified() => true,
        };
        if died {
            self.restart();
        }
    }

    pub fn write(&mut self, case: RecordId, text: String) {
        let now = Timestamp::from_millis(self.network.now() + self.clock_off).unwrap();
        let (id, thread) = (CommandId(Uuid::now_v7()), RecordId(Uuid::now_v7()));
        let message = SendMessage { id: thread, case, thread, text: text.clone(), written_at: now };
        let command = Command::SendMessage(message);
        let queued = self.store.lock().unwrap().queue(id, &command, now, None).unwrap();
        assert!(matches!(queued, Queued::Queued(_)), "{queued:?}");
        self.typed.push((id, text));
    }

    /// Takes back the newest that can be; its text must be in the draft then.
    pub fn take_back(&mut self, case: RecordId) {
        let now = Timestamp::from_millis(self.network.now()).unwrap();
        let mut store = self.store.lock().unwrap();
        let outbox = store.outbox().unwrap();
        let Some(row) = outbox.into_iter().find(|row| row.can_withdraw) else { return };
        store.withdraw(row.id, now).unwrap();
        let Command::SendMessage(message) = row.command else { panic!("a message") };
        let draft = store.draft(&draft_place(case)).unwrap().unwrap();
        assert!(draft.contains(&message.text), "what was typed is lost");
        self.typed.retain(|(id, _)| *id != row.id);
        self.taken_back.push(message.text);
    }

    /// What stands in a case here: text and state, newest first.
    pub fn messages(&self, case: RecordId) -> Vec<(String, OutboxState)> {
        let rows = self.store.lock().unwrap().messages(case).unwrap();
        rows.into_iter().map(|row| (row.message.text, row.state)).collect()
    }

    pub fn case(&self) -> Option<RecordId> {
        let cases = self.store.lock().unwrap().cases().unwrap();
        cases
            .into_iter()
            .map(|row| (row.case.number, row.id))
            .collect::<BTreeMap<_, _>>()
            .into_values()
            .next()
    }

    pub fn is_quiet(&self) -> bool {
        self.store.lock().unwrap().waiting().unwrap() == 0
    }

    pub fn differs(&self) -> bool {
        self.status.borrow().differs
    }
}
