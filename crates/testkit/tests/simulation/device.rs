//! A person's replica and its driver, which can die and come back, and be copied.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, LazyLock, Mutex},
};

use behorig_domain::{
    Command, CommandId, DeviceId, PersonId, RecordId, Timestamp,
    documents::{
        AcceptDocument, Document, DocumentOrigin, DocumentRow, FileRef, Format, Handling,
        RefuseDocument, SubmitDocument,
    },
    messages::{MarkRead, SendMessage},
};
use behorig_files::samples;
use behorig_protocol::{CodeSent, EnterCode, SignIn, SignedIn, path};
use behorig_server::demo::DemoPerson;
use behorig_store::{
    Identity, OutboxState, Picked, Queued, ReplicaKey, Secret, Store, Wrapping, draft_place,
};
use behorig_sync::{
    Doorbell, Driver, FileAct, FileRequest, Line as SyncLine, Status, Transport as _,
};
use behorig_testkit::code_in;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    network::{Line, Network},
    world::never,
};

/// Every replica's: how a key is wrapped takes time on purpose, and is tried elsewhere.
static KEY: LazyLock<Arc<ReplicaKey>> = LazyLock::new(|| {
    let (folder, share) = (folder(), Secret::random().unwrap());
    let wrapping = Wrapping { keyring: None, word: "smörgåstårta", share: &share };
    Arc::new(ReplicaKey::create(&folder.path().join("key.json"), &wrapping).unwrap())
});

/// A case's rows and documents.
pub type Documents = (Vec<(RecordId, DocumentRow)>, Vec<(RecordId, OutboxState, Document)>);

pub struct Device {
    network: Arc<Network>,
    pub who: DemoPerson,
    folder: TempDir,
    key: Arc<ReplicaKey>,
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
    /// Every document that was sent in here and not taken back.
    pub submitted: Vec<RecordId>,
    /// How often its person had to sign in again.
    pub signed_in_again: usize,
}

/// A device whose program does not run.
pub struct Asleep {
    who: DemoPerson,
    folder: TempDir,
    key: Arc<ReplicaKey>,
    clock_off: i64,
    person: PersonId,
}

/// A folder of its own; in memory where that can be had, since no power is cut here.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.unwrap()
}

pub fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&to).unwrap();
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn database(folder: &Path) -> std::path::PathBuf {
    folder.join("replica.db")
}

fn line(network: &Arc<Network>, who: DemoPerson) -> Line {
    Line { network: network.clone(), never: never(who) }
}

fn driver(
    network: &Arc<Network>,
    who: DemoPerson,
    store: &Arc<Mutex<Store>>,
    clock_off: i64,
) -> (Driver<Line>, Doorbell, watch::Receiver<Status>) {
    let doorbell = Doorbell::default();
    let clock = {
        let network = network.clone();
        Arc::new(move || Timestamp::from_millis(network.now() + clock_off).unwrap())
    };
    let line = Arc::new(line(network, who));
    let (driver, status) = Driver::new(store.clone(), line, doorbell.clone(), clock);
    (driver, doorbell, status)
}

/// Both steps of a sign-in, over a line that holds.
async fn ask_in(network: &Arc<Network>, who: DemoPerson, device: DeviceId) -> SignedIn {
    let (user_name, password) = (who.user_name.to_owned(), who.password.to_owned());
    let body =
        serde_json::to_vec(&SignIn { user_name, password, device, system: String::new() }).unwrap();
    let ask = async |path, body| {
        let (status, body) = network.server().answer(path, None, body).await.unwrap();
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        body
    };
    let CodeSent { challenge, .. } =
        serde_json::from_slice(&ask(path::SIGN_IN, body).await).unwrap();
    let code = code_in(&network.telephones.newest_to(who.phone).unwrap()).unwrap();
    let body = serde_json::to_vec(&EnterCode { challenge, code }).unwrap();
    serde_json::from_slice(&ask(path::SESSION, body).await).unwrap()
}

impl Device {
    pub async fn sign_in(network: &Arc<Network>, who: DemoPerson, clock_off: i64) -> Self {
        let folder = folder();
        let device = DeviceId(Uuid::now_v7());
        let SignedIn { person, tokens, .. } = ask_in(network, who, device).await;
        let key = KEY.clone();
        let mut store = Store::open(&database(folder.path()), &key).unwrap();
        let identity = Identity { server: "https://simulated.example".into(), person };
        store.put_identity(&identity, device).unwrap();
        let now = Timestamp::from_millis(network.now() + clock_off).unwrap();
        store.put_tokens(&tokens, now).unwrap();
        drop(store);
        Self::start(network, Asleep { who, folder, key, clock_off, person })
    }

    fn start(network: &Arc<Network>, asleep: Asleep) -> Self {
        let Asleep { who, folder, key, clock_off, person } = asleep;
        let store = Store::open(&database(folder.path()), &key).unwrap();
        let store = Arc::new(Mutex::new(store));
        let (driver, doorbell, status) = driver(network, who, &store, clock_off);
        Self {
            network: network.clone(),
            who,
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
            submitted: Vec::new(),
            signed_in_again: 0,
        }
    }

    /// Ends the program.
    pub fn sleep(self) -> Asleep {
        let Self { who, folder, key, clock_off, person, .. } = self;
        Asleep { who, folder, key, clock_off, person }
    }

    /// Starts the program on a copy of such a device.
    pub fn wake(network: &Arc<Network>, asleep: &Asleep) -> Self {
        let new = folder();
        copy_folder(asleep.folder.path(), new.path());
        let Asleep { who, key, clock_off, person, .. } = asleep;
        let (clock_off, person) = (*clock_off, *person);
        Self::start(network, Asleep { who: *who, folder: new, key: key.clone(), clock_off, person })
    }

    /// The program dies and is started again.
    pub fn restart(&mut self) {
        let store = Store::open(&database(self.folder.path()), &self.key).unwrap();
        self.store = Arc::new(Mutex::new(store));
        let (driver, doorbell, status) =
            driver(&self.network, self.who, &self.store, self.clock_off);
        (self.driver, self.doorbell, self.status) = (driver, doorbell, status);
    }

    /// A copy of the whole folder on another computer, as a backup tool makes one.
    pub fn copy(&mut self) -> Self {
        self.restart();
        let new = folder();
        copy_folder(self.folder.path(), new.path());
        let (who, key, clock_off) = (self.who, self.key.clone(), self.clock_off);
        let asleep = Asleep { who, folder: new, key, clock_off, person: self.person };
        let mut copy = Self::start(&self.network, asleep);
        copy.typed = self.typed.clone();
        copy.submitted = self.submitted.clone();
        copy
    }

    /// The disk loses something of what the server has confirmed, and the program is started again.
    pub fn damage(&mut self, which: usize) {
        let table = ["membership", "message", "document", "document_row", "read_mark"][which % 5];
        let confirmed = if table == "membership" { "1" } else { "forecast = 0" };
        let sql = format!(
            "DELETE FROM {table} WHERE id IN (
               SELECT id FROM {table} WHERE {confirmed} ORDER BY id LIMIT 1 OFFSET {})",
            which % 7
        );
        self.store.lock().unwrap().damage(&sql).unwrap();
        self.restart();
    }

    /// All that the server has confirmed to this device, and the scopes that it came in.
    pub fn confirmed(&self) -> (Vec<(String, RecordId, String)>, Vec<String>) {
        let store = self.store.lock().unwrap();
        let scopes = store.pull_request(1).unwrap().cursors.into_keys().collect();
        (store.confirmed().unwrap(), scopes)
    }

    /// The server wants a sign-in, as it must when two copies have shown the same refresh token: the
    /// person signs in again.
    pub async fn sign_in_again(&mut self) {
        if self.status.borrow().line != SyncLine::SignInNeeded {
            return;
        }
        self.signed_in_again += 1;
        let device = self.store.lock().unwrap().device().unwrap();
        let SignedIn { tokens, .. } = ask_in(&self.network, self.who, device).await;
        let now = Timestamp::from_millis(self.network.now() + self.clock_off).unwrap();
        self.store.lock().unwrap().put_tokens(&tokens, now).unwrap();
        self.doorbell.notify_one();
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

    /// Writes something new, or an answer to some conversation that the server has.
    pub fn write(&mut self, case: RecordId, text: String, answers: Option<usize>) {
        let now = Timestamp::from_millis(self.network.now() + self.clock_off).unwrap();
        let (id, message) = (CommandId(Uuid::now_v7()), RecordId(Uuid::now_v7()));
        let there = self.store.lock().unwrap().messages(case).unwrap().into_iter();
        let there: Vec<_> = there.filter(|row| row.state == OutboxState::Received).collect();
        let answered = answers.filter(|_| !there.is_empty()).map(|which| which % there.len());
        let command = Command::SendMessage(SendMessage {
            id: message,
            case,
            thread: answered.map_or(message, |at| there[at].message.thread),
            message_type: "note".into(),
            text: text.clone(),
            written_at: now,
        });
        let queued = self.store.lock().unwrap().queue(id, &command, now, None).unwrap();
        assert!(matches!(queued, Queued::Queued(_)), "{queued:?}");
        self.typed.push((id, text));
    }

    /// Picks a file of so many bytes, at least, and sends it in for some row; not if no row takes one.
    pub fn submit(&mut self, case: RecordId, row: usize, bytes: usize) {
        let now = Timestamp::from_millis(self.network.now() + self.clock_off).unwrap();
        let mut store = self.store.lock().unwrap();
        let Some(of_case) = store.documents(case).unwrap() else { return };
        let rows = of_case.rows;
        if rows.is_empty() {
            return;
        }
        let row = rows[row % rows.len()].0;
        let content = samples::pdf_of_size(bytes);
        let (id, sealed) = store.new_file().unwrap();
        let mut writer = sealed.create().unwrap();
        writer.append(&content).unwrap();
        writer.finish().unwrap();
        let file = FileRef {
            id,
            name: format!("{id}.pdf"),
            bytes: content.len() as u64,
            sha256: hex::encode(Sha256::digest(&content)),
            format: Format::Pdf,
        };
        let picked = Picked { case, row, file: file.clone(), note: String::new() };
        store.put_picked(&picked, &sealed, now).unwrap();
        let document = RecordId(Uuid::now_v7());
        let note = "en anteckning".to_owned();
        let command = Command::SubmitDocument(SubmitDocument {
            id: document,
            case,
            row,
            file,
            note,
            written_at: now,
            origin: DocumentOrigin::Sent,
            checked: true,
        });
        let queued = store.queue(CommandId(Uuid::now_v7()), &command, now, None).unwrap();
        // a row that is accepted takes no more; the file stays picked
        if let Queued::Queued(_) = queued {
            self.submitted.push(document);
        }
    }

    /// Accepts or refuses some document that waits, as far as can be seen here.
    pub fn handle(&mut self, case: RecordId, which: usize, accept: bool) {
        let now = Timestamp::from_millis(self.network.now() + self.clock_off).unwrap();
        let mut store = self.store.lock().unwrap();
        let Some(of_case) = store.documents(case).unwrap() else { return };
        let waiting = of_case.documents.iter().filter(|stored| {
            stored.document.handling == Handling::Waiting && stored.state != OutboxState::Refused
        });
        let waiting: Vec<_> = waiting.map(|stored| (stored.id, stored.document.row)).collect();
        if waiting.is_empty() {
            return;
        }
        let (document, row) = waiting[which % waiting.len()];
        let command = if accept {
            Command::AcceptDocument(AcceptDocument { case, row, document })
        } else {
            let reason = "Underskriften saknas.".to_owned();
            Command::RefuseDocument(RefuseDocument { case, row, document, reason })
        };
        // refused here at once for all but the officer
        let _ = store.queue(CommandId(Uuid::now_v7()), &command, now, None).unwrap();
    }

    /// Reads everything.
    pub fn read_all(&mut self, case: RecordId) {
        let now = Timestamp::from_millis(self.network.now() + self.clock_off).unwrap();
        let mut store = self.store.lock().unwrap();
        let unread = store.messages(case).unwrap().into_iter().filter(|row| row.unread);
        for row in unread.collect::<Vec<_>>() {
            let command = Command::MarkRead(MarkRead {
                case,
                thread: row.message.thread,
                person: self.person,
                up_to: row.message.received_at,
            });
            let queued = store.queue(CommandId(Uuid::now_v7()), &command, now, None).unwrap();
            assert!(matches!(queued, Queued::Queued(_)), "{queued:?}");
        }
    }

    /// Takes back the newest that can be; its text must be in the draft then.
    pub fn take_back(&mut self) {
        let now = Timestamp::from_millis(self.network.now()).unwrap();
        let mut store = self.store.lock().unwrap();
        let outbox = store.outbox().unwrap();
        let Some(row) = outbox.into_iter().find(|row| row.can_withdraw) else { return };
        store.withdraw(row.id, now).unwrap();
        let message = match row.command {
            Command::SendMessage(message) => message,
            Command::SubmitDocument(submit) => {
                let picked = store.picked(submit.file.id).unwrap();
                assert!(picked.is_some_and(|it| it.note == submit.note), "what was picked is lost");
                self.submitted.retain(|id| *id != submit.id);
                return;
            }
            _ => return,
        };
        let thread = (message.thread != message.id).then_some(message.thread);
        let draft = store.draft(&draft_place(message.case, thread)).unwrap().unwrap();
        assert!(draft.contains(&message.text), "what was typed is lost");
        self.typed.retain(|(id, _)| *id != row.id);
        self.taken_back.push(message.text);
    }

    /// What stands in a case here: text and state, newest first.
    pub fn messages(&self, case: RecordId) -> Vec<(String, OutboxState)> {
        let rows = self.store.lock().unwrap().messages(case).unwrap();
        rows.into_iter().map(|row| (row.message.text, row.state)).collect()
    }

    /// The documents of a case here, in a fixed order, with their fate and that of the rows.
    pub fn documents(&self, case: RecordId) -> Documents {
        let of_case = self.store.lock().unwrap().documents(case).unwrap().unwrap();
        let mut documents: Vec<_> = of_case
            .documents
            .into_iter()
            .map(|stored| (stored.id, stored.state, stored.document))
            .filter(|(_, state, _)| *state != OutboxState::Refused)
            .collect();
        documents.sort_by_key(|(id, ..)| *id);
        (of_case.rows, documents)
    }

    /// How many messages are unread here.
    pub fn unread(&self, case: RecordId) -> usize {
        let messages = self.store.lock().unwrap().messages(case).unwrap();
        messages.into_iter().filter(|row| row.unread).count()
    }

    /// Whether a case is there.
    pub fn sees(&self, case: RecordId) -> bool {
        self.store.lock().unwrap().cases().unwrap().iter().any(|row| row.id == case)
    }

    /// Whether what was written here was refused since its person may not see the case any more.
    pub fn access_ended(&self, command: CommandId) -> bool {
        let outbox = self.store.lock().unwrap().outbox().unwrap();
        outbox.into_iter().any(|row| {
            row.id == command && row.refused.is_some_and(|refusal| refusal.code == "access_ended")
        })
    }

    /// Why a document that was sent in here was refused, if it was.
    pub fn refusal(&self, document: RecordId) -> Option<String> {
        let outbox = self.store.lock().unwrap().outbox().unwrap();
        let row = outbox.into_iter().find(
            |row| matches!(&row.command, Command::SubmitDocument(submit) if submit.id == document),
        );
        row?.refused.map(|refusal| refusal.code)
    }

    /// Fetches a document's bytes over the line and gives their hash.
    pub async fn fetch(&self, document: RecordId, bytes: u64) -> String {
        let token = self.store.lock().unwrap().token().unwrap();
        let act = FileAct::Read { document, offset: 0, bytes };
        let line = line(&self.network, self.who);
        let answer = line.file(FileRequest { token, act }).await.unwrap();
        assert_eq!(answer.status, 206);
        hex::encode(Sha256::digest(&answer.body))
    }

    /// The documents that an officer's command here was told do not exist.
    pub fn told_missing(&self) -> Vec<RecordId> {
        let outbox = self.store.lock().unwrap().outbox().unwrap().into_iter();
        let missing = outbox.filter(|row| {
            row.refused.as_ref().is_some_and(|refusal| refusal.code == "document_not_found")
        });
        let document = |command| match command {
            Command::AcceptDocument(accept) => Some(accept.document),
            Command::RefuseDocument(refuse) => Some(refuse.document),
            _ => None,
        };
        missing.filter_map(|row| document(row.command)).collect()
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
