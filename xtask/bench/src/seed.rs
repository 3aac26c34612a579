//! Servers and replicas to measure on, made through commands as real ones are, and kept between runs.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, ensure};
use behorig_domain::{
    Command, CommandId, DeviceId, FileId, IssuerId, Kind, PersonId, Record, RecordId, Scope,
    Timestamp,
    cases::{Case, OpenCase},
    documents::{Document, DocumentOrigin, FileRef, Format, Handling},
    identity::{AppointOfficer, IdentityNumber, RegisterPerson},
    messages::{MarkRead, Message, Origin, SendMessage},
};
use behorig_protocol::{Answer, Cursor, Envelope, Frame, PullLine, Tokens};
use behorig_server::{
    demo::{DemoPerson, OFFICER},
    packs, system_clock,
};
use behorig_server_store::{Level, Pair, Session, Store, Writing};
use behorig_store::{ReplicaKey, Store as Replica};
use behorig_testkit::{Desk, PASSPHRASE, code_in};
use clap::Args;
use fastrand::Rng;
use rusqlite::params;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    bare,
    client::{self, Client},
    server::{InProcess, copy},
};

/// Cases of the one officer.
pub const CASES: usize = 300;
const RECORDS: usize = 100_000;
/// Messages in one conversation, more or less.
const THREAD: usize = 8;
/// Between two messages.
const APART_MS: i64 = 25_000;
/// Commands in one transaction while a server is filled.
const BATCH: usize = 1_000;
const YEAR_MS: i64 = 365 * 24 * 3_600_000;
const WHO: &str = "who.json";

/// Where everything that is measured on lies.
#[derive(Args)]
pub struct Place {
    /// The folder that is kept between runs
    #[arg(long)]
    pub data: PathBuf,
}

/// A session that the bench may use.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignedIn {
    pub person: PersonId,
    pub device: DeviceId,
    pub tokens: Tokens,
}

/// Who is at a filled server.
#[derive(Serialize, Deserialize)]
pub struct Who {
    /// Handles every case.
    pub officer: SignedIn,
    /// Holds the first case.
    pub holder: SignedIn,
    pub cases: Vec<RecordId>,
}

/// What the messages are like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    /// Each of exactly so many bytes; nobody has read any.
    Bytes(usize),
    /// From a line to a page, most of them read.
    Realistic,
}

/// A folder that is whole or not there.
pub async fn kept(
    folder: PathBuf,
    make: impl AsyncFnOnce(&Path) -> anyhow::Result<()>,
) -> anyhow::Result<PathBuf> {
    if !folder.exists() {
        let unfinished = folder.with_extension("new");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished)?;
        }
        fs::create_dir_all(&unfinished)?;
        make(&unfinished).await?;
        fs::rename(&unfinished, &folder)?;
    }
    Ok(folder)
}

/// A server with 100,000 messages of 300 bytes.
pub async fn server_for_pull(place: &Place) -> anyhow::Result<PathBuf> {
    let fill = async |folder: &Path| fill(folder, RECORDS, Texts::Bytes(300)).await.map(drop);
    kept(place.data.join("server-for-pull"), fill).await
}

/// A server with the same people and a few messages.
pub async fn server_for_push(place: &Place) -> anyhow::Result<PathBuf> {
    let fill = async |folder: &Path| fill(folder, CASES, Texts::Bytes(300)).await.map(drop);
    kept(place.data.join("server-for-push"), fill).await
}

/// The program's data folder of an officer with 100,000 messages.
pub async fn replica(place: &Place) -> anyhow::Result<()> {
    let make = async |folder: &Path| {
        let scratch = tempfile::tempdir_in(&place.data)?;
        fill(scratch.path(), RECORDS, Texts::Realistic).await?;
        signed_in_desk(scratch.path(), folder).await
    };
    kept(place.data.join("desk"), make).await.map(drop)
}

/// Signs the officer of a filled server in, and fetches everything.
async fn signed_in_desk(server: &Path, folder: &Path) -> anyhow::Result<()> {
    let server = InProcess::start(server).await?;
    let desk = Desk::open(folder);
    let code = async || {
        let sent = server.telephones.newest_to(OFFICER.phone);
        sent.and_then(|text| code_in(&text)).unwrap_or_default()
    };
    desk.sign_in_with(&server.url(), OFFICER, code).await;
    desk.call("session.lock", serde_json::json!({})).await;
    // the program goes on from where the first sign-in left it; here we see when it has everything
    let mut client = Client::of_program(folder)?;
    client.catch_up().await?;
    drop((client, desk));
    server.stop().await
}

/// The program's data folder of an officer with 500 messages in each of two cases. One case alone would be
/// open from the start.
pub async fn long_case(place: &Place) -> anyhow::Result<PathBuf> {
    let make = async |folder: &Path| {
        let scratch = tempfile::tempdir_in(&place.data)?;
        fill_cases(scratch.path(), 2, 1_000, Texts::Realistic).await?;
        signed_in_desk(scratch.path(), folder).await
    };
    kept(place.data.join("long-case"), make).await
}

/// Cases in the queue.
pub const QUEUED: usize = 1_000_000;

/// Whose queue it is.
#[derive(Serialize, Deserialize)]
pub struct QueueOf {
    pub issuer: IssuerId,
    pub officer: SignedIn,
}

/// The registry number of a case in the queue.
pub fn queued_number(number: usize) -> String {
    format!("{}-{:05}", 2_014 + number / 100_000, number % 100_000)
}

/// A server with an officer of 300 cases and 1,000,000 cases in the queue of their body. The index is filled
/// as it is kept; the cases themselves are not looked at.
pub async fn server_for_queue(place: &Place) -> anyhow::Result<PathBuf> {
    let fill = async |folder: &Path| {
        let Who { officer, .. } = fill(folder, 0, Texts::Bytes(300)).await?;
        let issuer = fill_queue(folder, officer.person)?;
        fs::write(folder.join(WHO), serde_json::to_vec(&QueueOf { issuer, officer })?)?;
        Ok(())
    };
    kept(place.data.join("server-for-queue"), fill).await
}

/// Reads whose queue a filled server has.
pub fn queue_of(server: &Path) -> anyhow::Result<QueueOf> {
    read_json(&server.join(WHO))
}

fn fill_queue(folder: &Path, officer: PersonId) -> anyhow::Result<IssuerId> {
    let mut database = bare::open(&folder.join("behorig.db"), None)?;
    let transaction = database.transaction()?;
    let issuer: Vec<u8> =
        transaction.query_row("SELECT issuer FROM queue LIMIT 1", [], |row| row.get(0))?;
    let mut random = Rng::with_seed(11);
    let schemes = ["f-gas-1", "f-gas-2", "ovk", "energy-expert", "brandskydd"];
    {
        let mut case = transaction.prepare(
            "INSERT INTO queue (case_id, issuer, number, title, holder, scheme, officer,
                                officer_name, stage, opened_at, person)
             VALUES (?1, ?2, ?3, ?4, ?5, ?4, ?6, ?7, ?8, ?9, ?10)",
        )?;
        let mut words = transaction.prepare(
            "INSERT INTO queue_text (rowid, number, holder, title) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for number in 0..QUEUED {
            let name = [random.choice(FIRST), random.choice(LAST), random.choice(LAST)];
            let name = name.map(Option::unwrap_or_default).join(" ");
            let scheme = random.choice(schemes).unwrap_or_default();
            // most are decided, and most of the others are somebody's
            let stage = if random.u8(..20) == 0 { "application" } else { "granted" };
            let handled_by = match random.u16(..1_000) {
                0 => Some(officer),
                1..30 => None,
                other => Some(PersonId(Uuid::from_u128(other.into()))),
            };
            let opened_at = APART_MS.saturating_mul(i64::try_from(number)?);
            case.execute(params![
                Uuid::now_v7().as_bytes(),
                issuer,
                queued_number(number),
                scheme,
                name,
                handled_by.map(|person| person.0.into_bytes()),
                handled_by.map(|_| "Handläggare"),
                stage,
                opened_at,
                Uuid::now_v7().as_bytes(),
            ])?;
            let no = transaction.last_insert_rowid();
            words.execute(params![no, queued_number(number), name, scheme])?;
        }
    }
    transaction.commit()?;
    Ok(IssuerId(Uuid::from_slice(&issuer)?))
}

/// Messages to look for words in.
pub const MESSAGES: usize = 1_000_000;
pub const MESSAGES_SEED: u64 = 19;

/// A word that few messages have.
pub fn rare(number: usize) -> String {
    format!("x{:05}", number / 10)
}

/// The text of one of them.
pub fn message_text(random: &mut Rng, number: usize) -> String {
    let words = text(random, Texts::Bytes(240));
    format!("{} {words}", rare(number))
}

/// The program's data folder of an officer with 1,000,000 messages, as they come in by the pages of a pull.
pub async fn messages(place: &Place) -> anyhow::Result<PathBuf> {
    let make = async |folder: &Path| {
        let scratch = tempfile::tempdir_in(&place.data)?;
        let who = fill(scratch.path(), 0, Texts::Realistic).await?;
        signed_in_desk(scratch.path(), folder).await?;
        fill_messages(folder, &who.cases)
    };
    kept(place.data.join("messages"), make).await
}

fn fill_messages(folder: &Path, cases: &[RecordId]) -> anyhow::Result<()> {
    let mut store = opened(folder)?;
    let request = store.pull_request(1)?;
    let mut random = Rng::with_seed(MESSAGES_SEED);
    let mut in_cases = Vec::new();
    for id in cases {
        let case: Case = store.case(*id)?.context("a case")?;
        let scope = Scope::Case(case.issuer, *id).to_string();
        let cursor = request.cursors.get(&scope).context("the case's scope")?.clone();
        in_cases.push((*id, case, scope, cursor));
    }
    for begun in (0..MESSAGES).step_by(BATCH) {
        let at = begun / BATCH % in_cases.len();
        let (id, case, scope, cursor) = in_cases.get_mut(at).context("a case")?;
        let thread = RecordId(Uuid::now_v7());
        let mut page = Vec::new();
        for number in begun..begun.saturating_add(BATCH) {
            cursor.rev = cursor.rev.saturating_add(1);
            let at = i64::try_from(number)?.saturating_mul(APART_MS);
            let at = Timestamp::from_millis(at).context("a time")?;
            let message = Message {
                issuer: case.issuer,
                case: *id,
                thread,
                message_type: "note".into(),
                origin: Origin::Written,
                author: case.holder.person,
                author_name: case.holder.name.clone(),
                text: message_text(&mut random, number),
                documents: Vec::new(),
                written_at: at,
                received_at: at,
            };
            let new = RecordId(Uuid::now_v7());
            let record = Record::new(Kind::Message, new, &message);
            page.push(put(scope, cursor.rev, &record)?);
        }
        let cursors = [(scope.clone(), cursor.clone())].into();
        page.push(PullLine::End { more: false, cursors });
        store.apply(page, (system_clock())())?;
    }
    Ok(())
}

/// The replica in a program's data folder.
fn opened(folder: &Path) -> anyhow::Result<Replica> {
    let folder = client::of_program(folder)?;
    let key = ReplicaKey::unwrap(&folder.join("key.json"), None, PASSPHRASE)?;
    Ok(Replica::open(&folder.join("replica.db"), &key)?)
}

/// A record as a pull brings it.
fn put(scope: &str, rev: i64, record: &Record) -> anyhow::Result<PullLine> {
    Ok(PullLine::Put {
        scope: scope.to_owned(),
        rev,
        kind: record.at.kind.name().to_owned(),
        id: record.at.id,
        version: 1,
        body: RawValue::from_string(record.body.to_string())?,
    })
}

/// Documents in the long archive.
const ARCHIVED: usize = 100_000;

/// The program's data folder of an officer with 100,000 documents in the archive of one case, as they come in
/// by the pages of a pull.
pub async fn archive(place: &Place) -> anyhow::Result<PathBuf> {
    let make = async |folder: &Path| {
        let scratch = tempfile::tempdir_in(&place.data)?;
        let who = fill(scratch.path(), 0, Texts::Realistic).await?;
        let case = *who.cases.first().context("a case")?;
        signed_in_desk(scratch.path(), folder).await?;
        fill_archive(folder, case)?;
        fs::write(folder.join(WHO), serde_json::to_vec(&case)?)?;
        Ok(())
    };
    kept(place.data.join("archive"), make).await
}

/// Reads the case that has the long archive.
pub fn case_of_archive(folder: &Path) -> anyhow::Result<RecordId> {
    read_json(&folder.join(WHO))
}

fn fill_archive(folder: &Path, id: RecordId) -> anyhow::Result<()> {
    let mut store = opened(folder)?;
    let case: Case = store.case(id)?.context("the case")?;
    let scope = Scope::Case(case.issuer, id).to_string();
    let cursor = store.pull_request(1)?.cursors.remove(&scope).context("the case's scope")?;
    let rows: Vec<RecordId> =
        store.documents(id)?.context("rows")?.rows.into_iter().map(|(row, _)| row).collect();
    let mut random = Rng::with_seed(17);
    let (mut rev, mut left) = (cursor.rev, ARCHIVED);
    while left > 0 {
        let batch = left.min(BATCH);
        left = left.saturating_sub(batch);
        let mut page = Vec::new();
        for _ in 0..batch {
            rev = rev.saturating_add(1);
            let row = random.choice(&rows).copied().context("a row")?;
            let document = archived(&mut random, &case, (id, row), rev)?;
            let record = Record::new(Kind::Document, RecordId(Uuid::now_v7()), &document);
            page.push(put(&scope, rev, &record)?);
        }
        let end = Cursor { epoch: cursor.epoch.clone(), rev };
        let cursors = [(scope.clone(), end)].into();
        page.push(PullLine::End { more: false, cursors });
        store.apply(page, (system_clock())())?;
    }
    Ok(())
}

fn archived(
    random: &mut Rng,
    of: &Case,
    (case, row): (RecordId, RecordId),
    number: i64,
) -> anyhow::Result<Document> {
    let at = Timestamp::from_millis(number.saturating_mul(APART_MS)).context("a time")?;
    let words = text(random, Texts::Bytes(24));
    Ok(Document {
        issuer: of.issuer,
        case,
        row,
        author: of.holder.person,
        author_name: of.holder.name.clone(),
        file: FileRef {
            id: FileId(Uuid::now_v7()),
            name: format!("{words}.pdf"),
            bytes: random.u64(1_000..5_000_000),
            format: Format::Pdf,
            sha256: "0".repeat(64),
        },
        note: String::new(),
        written_at: at,
        received_at: at,
        origin: DocumentOrigin::Sent,
        common: None,
        handling: Handling::Waiting,
    })
}

/// Reads who is at a filled server.
pub fn who(server: &Path) -> anyhow::Result<Who> {
    read_json(&server.join(WHO))
}

fn read_json<T: DeserializeOwned>(file: &Path) -> anyhow::Result<T> {
    Ok(serde_json::from_slice(&fs::read(file).with_context(|| file.display().to_string())?)?)
}

/// A copy of a folder to measure on, so that what is kept stays as it is.
pub fn copied(place: &Place, folder: &Path) -> anyhow::Result<tempfile::TempDir> {
    let scratch = tempfile::tempdir_in(&place.data)?;
    copy(folder, scratch.path())?;
    Ok(scratch)
}

/// Fills a server: one officer, a holder for each case, and messages in turn.
async fn fill(folder: &Path, messages: usize, texts: Texts) -> anyhow::Result<Who> {
    fill_cases(folder, CASES, messages, texts).await
}

async fn fill_cases(
    folder: &Path,
    cases: usize,
    messages: usize,
    texts: Texts,
) -> anyhow::Result<Who> {
    let server = InProcess::start(folder).await?;
    let DemoPerson { name, user_name, password, phone, .. } = OFFICER;
    let officer = server.operator().register(name, user_name, password, phone, None).await?;
    server.stop().await?;
    let mut store = Store::open(&folder.join("behorig.db"))?;
    let span = APART_MS.saturating_mul(i64::try_from(messages)?);
    let mut filling = Filling {
        now: (system_clock())().millis().saturating_sub(span),
        seq: 0,
        // the same every time
        random: Rng::with_seed(7),
        officer,
    };
    let cases = store.write(|writing| filling.cases(writing, cases))?;
    filling.messages(&mut store, &cases, messages, texts)?;
    let first = cases.first().context("a case")?;
    let who = store.write(|writing| {
        Ok::<_, anyhow::Error>(Who {
            officer: filling.session(writing, officer)?,
            holder: filling.session(writing, first.holder)?,
            cases: cases.iter().map(|case| case.id).collect(),
        })
    })?;
    fs::write(folder.join(WHO), serde_json::to_vec(&who)?)?;
    Ok(who)
}

struct Filling {
    now: i64,
    seq: i64,
    random: Rng,
    officer: PersonId,
}

/// A case while messages are written in it.
struct Open {
    id: RecordId,
    holder: PersonId,
    thread: Option<RecordId>,
}

impl Filling {
    fn now(&self) -> anyhow::Result<Timestamp> {
        Timestamp::from_millis(self.now).context("a time")
    }

    fn cases(&mut self, writing: &mut Writing<'_>, count: usize) -> anyhow::Result<Vec<Open>> {
        let now = self.now()?;
        let mut operate = |command: Command| {
            let decided = writing.operate(&command, now)?;
            ensure!(matches!(decided.answer, Answer::Done { .. }), "{:?}", decided.answer);
            Ok(())
        };
        let pack = packs::read(packs::CERTIFICATION)?;
        let service = pack.id;
        operate(Command::PublishService(pack))?;
        let issuer = IssuerId(Uuid::now_v7());
        operate(Command::AppointOfficer(AppointOfficer { issuer, service, person: self.officer }))?;
        let identity_number: IdentityNumber =
            "198503122387".parse().map_err(|_| anyhow!("an identity number"))?;
        let mut cases = Vec::new();
        for number in 0..count {
            let (id, holder) = (RecordId(Uuid::now_v7()), PersonId(Uuid::now_v7()));
            let name = format!("Sökande {number:03}");
            operate(Command::RegisterPerson(RegisterPerson {
                person: holder,
                name,
                services: Vec::new(),
            }))?;
            operate(Command::OpenCase(OpenCase {
                id,
                issuer,
                service,
                scheme: "f-gas-1".into(),
                number: format!("2026-{number:05}"),
                title: "F-gas, kategori I".into(),
                holder,
                identity_number: identity_number.clone(),
                officer: Some(self.officer),
            }))?;
            cases.push(Open { id, holder, thread: None });
        }
        Ok(cases)
    }

    fn messages(
        &mut self,
        store: &mut Store,
        cases: &[Open],
        messages: usize,
        texts: Texts,
    ) -> anyhow::Result<()> {
        let mut open: Vec<Open> = cases.iter().map(|case| Open { thread: None, ..*case }).collect();
        let mut left = messages;
        let mut threads = Vec::new();
        while left > 0 {
            let batch = left.min(BATCH);
            left = left.saturating_sub(batch);
            store.write(|writing| {
                for _ in 0..batch {
                    let at = self.random.usize(..open.len());
                    let case = open.get_mut(at).context("a case")?;
                    let begun = self.message(writing, case, texts)?;
                    threads.extend(begun.map(|thread| (case.id, thread)));
                }
                Ok::<_, anyhow::Error>(())
            })?;
        }
        if texts == Texts::Realistic {
            // the newest conversations are not read yet
            let read = threads.len() - threads.len() / 20;
            let up_to = self.now()?;
            store.write(|writing| {
                for (case, thread) in threads.iter().take(read).copied() {
                    let mark = MarkRead { case, thread, person: self.officer, up_to };
                    self.decide(writing, self.officer, &Command::MarkRead(mark))?;
                }
                Ok::<_, anyhow::Error>(())
            })?;
        }
        Ok(())
    }

    /// Writes a message; gives the conversation that it began, if it did.
    fn message(
        &mut self,
        writing: &mut Writing<'_>,
        case: &mut Open,
        texts: Texts,
    ) -> anyhow::Result<Option<RecordId>> {
        let id = RecordId(Uuid::now_v7());
        let begins = case.thread.is_none() || self.random.usize(..THREAD) == 0;
        let thread = case.thread.filter(|_| !begins).unwrap_or(id);
        case.thread = Some(thread);
        self.now = self.now.saturating_add(APART_MS);
        let message = SendMessage {
            id,
            case: case.id,
            thread,
            message_type: "note".into(),
            text: text(&mut self.random, texts),
            written_at: self.now()?,
        };
        let author = if self.random.u8(..10) < 4 { self.officer } else { case.holder };
        self.decide(writing, author, &Command::SendMessage(message))?;
        Ok(begins.then_some(id))
    }

    fn decide(
        &mut self,
        writing: &mut Writing<'_>,
        person: PersonId,
        command: &Command,
    ) -> anyhow::Result<()> {
        self.seq = self.seq.saturating_add(1);
        let bytes = command.to_bytes();
        let envelope = Envelope {
            id: CommandId(Uuid::now_v7()),
            device: DeviceId(person.0),
            seq: self.seq,
            after: Vec::new(),
            len: bytes.len(),
        };
        let decided = writing.decide(person, &Frame { envelope, bytes }, self.now()?)?;
        ensure!(matches!(decided.answer, Answer::Done { .. }), "{:?}", decided.answer);
        Ok(())
    }

    /// A session that outlives the kept data.
    fn session(&self, writing: &mut Writing<'_>, person: PersonId) -> anyhow::Result<SignedIn> {
        let device = DeviceId(Uuid::now_v7());
        let ends = Timestamp::from_millis(self.now.saturating_add(YEAR_MS)).context("a time")?;
        let tokens = Tokens {
            access: Uuid::now_v7().to_string(),
            access_seconds: YEAR_MS / 1_000,
            refresh: Uuid::now_v7().to_string(),
        };
        let pair = Pair {
            access_hash: Sha256::digest(&tokens.access).into(),
            access_ends_at: ends,
            refresh_hash: Sha256::digest(&tokens.refresh).into(),
        };
        let session = Session { person, device, level: Level::L2 };
        writing.begin_session(&device.to_string(), session, "", &pair, self.now()?, ends)?;
        Ok(SignedIn { person, device, tokens })
    }
}

const FIRST: [&str; 8] = ["Åsa", "Göran", "Björn", "Siri", "Örjan", "Märta", "Élise", "Ali"];
const LAST: [&str; 12] = [
    "Lindqvist",
    "Hägglund",
    "Östlund",
    "Sjöberg",
    "Ek",
    "Åberg",
    "Nyström",
    "Bergström",
    "Öhman",
    "Karlsson",
    "Äng",
    "Lind",
];
const WORDS: [&str; 20] = [
    "ansökan",
    "intyget",
    "är",
    "registrerad",
    "och",
    "vi",
    "saknar",
    "ditt",
    "betyg",
    "från",
    "utbildningen",
    "har",
    "du",
    "frågor",
    "hör",
    "av",
    "dig",
    "till",
    "handläggaren",
    "åter",
];

/// A text out of words, so that an index of words has something to do.
pub fn text(random: &mut Rng, texts: Texts) -> String {
    let bytes = match texts {
        Texts::Bytes(bytes) => bytes,
        // most are a few lines, some a page
        Texts::Realistic => 30 + random.usize(..350) + random.usize(..10) / 9 * random.usize(..900),
    };
    let mut text = String::new();
    while text.len() < bytes {
        text.push_str(random.choice(WORDS).unwrap_or_default());
        text.push(' ');
    }
    // the last word is cut, never within a letter
    while text.len() > bytes {
        text.pop();
    }
    while text.len() < bytes {
        text.push('.');
    }
    text
}
