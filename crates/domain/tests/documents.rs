//! Laws of documents and rows, whatever people do in whatever order.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;

use behorig_domain::{
    Command, Decision, FileId, FileRead, IssuerId, Kind, PersonId, Read, Reads, Record, RecordId,
    RecordRef, Rejection, Scope, Timestamp, audience,
    cases::OpenCase,
    decide,
    documents::{
        AcceptDocument, Document, DocumentRow, FileFault, FileRef, Format, Handling,
        RefuseDocument, RowState, SubmitDocument,
    },
    files,
    identity::{Actor, RegisterPerson},
    messages::{MarkRead, ReadMark, SendMessage, mark_ref},
    reads,
    services::{Named, PublishService, RequiredDocument, Scheme, Service, Support, Words},
    writes,
};
use proptest::prelude::*;
use uuid::Uuid;

const HOLDER: PersonId = PersonId(Uuid::from_u128(1));
const OFFICER: PersonId = PersonId(Uuid::from_u128(2));
const STRANGER: PersonId = PersonId(Uuid::from_u128(3));
const CASE: RecordId = RecordId(Uuid::from_u128(10));
const SERVICE: RecordId = RecordId(Uuid::from_u128(11));
const ISSUER: IssuerId = IssuerId(Uuid::from_u128(12));
const MAX: u64 = 1_000;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

/// A store of the simplest kind.
#[derive(Default)]
struct World {
    records: BTreeMap<RecordRef, Record>,
    files: BTreeMap<FileId, FileRead>,
    now: i64,
}

impl World {
    fn new() -> Self {
        let mut world = Self::default();
        for (person, name) in [(HOLDER, "Åsa"), (OFFICER, "Göran"), (STRANGER, "Örjan")] {
            let register = RegisterPerson { person, name: name.into() };
            world.operate(Command::RegisterPerson(register));
        }
        world.operate(Command::PublishService(PublishService { id: SERVICE, service: service() }));
        world.operate(Command::OpenCase(OpenCase {
            id: CASE,
            issuer: ISSUER,
            service: SERVICE,
            scheme: "f-gas-1".into(),
            number: "2026-1".into(),
            title: "F-gas, kategori I".into(),
            holder: HOLDER,
            identity_number: "198503122387".parse().unwrap(),
            officer: Some(OFFICER),
        }));
        world
    }

    fn operate(&mut self, command: Command) {
        self.ask(Actor::Operator, &command).unwrap();
    }

    /// Decides a command and does what comes of it.
    fn ask(&mut self, actor: Actor, command: &Command) -> Result<(), Rejection> {
        self.now += 1;
        let mut loaded = Reads::default();
        for _ in 0..4 {
            for at in reads(command, &loaded) {
                let read = self.records.get(&at).cloned().map_or(Read::Absent, Read::Found);
                loaded.insert(at, read);
            }
        }
        assert!(reads(command, &loaded).is_empty(), "at most four rounds");
        for id in files(command) {
            loaded.insert_file(id, self.files.get(&id).cloned().unwrap_or(FileRead::Missing));
        }
        match decide(command, actor, at(self.now), &loaded) {
            Decision::Changes(changes) => {
                for record in &changes.create {
                    assert!(!self.records.contains_key(&record.at), "created over something");
                }
                let named = writes(command);
                for record in changes.create.into_iter().chain(changes.update) {
                    // what depends on a command is found by what it says that it writes
                    let told = named.contains(&record.at) || actor == Actor::Operator;
                    let replaced = record.at.kind == Kind::Document;
                    assert!(told || replaced, "{:?} is not told", record.at);
                    self.records.insert(record.at, record);
                }
                Ok(())
            }
            Decision::Rejected(rejection) => Err(rejection),
            other => panic!("{other:?}"),
        }
    }

    fn bodies<B: serde::de::DeserializeOwned>(&self, kind: Kind) -> Vec<(RecordId, B)> {
        let of_kind = self.records.values().filter(|record| record.at.kind == kind);
        of_kind.map(|record| (record.at.id, record.read().unwrap())).collect()
    }

    fn row(&self, code: &str) -> (RecordId, DocumentRow) {
        let rows = self.bodies::<DocumentRow>(Kind::DocumentRow);
        rows.into_iter().find(|(_, row)| row.code == code).unwrap()
    }

    /// A file of which the store has the bytes.
    fn file(&mut self, n: u128) -> FileRef {
        let id = FileId(Uuid::from_u128(n));
        let (bytes, sha256, format) = (100, format!("{n:064x}"), Format::Pdf);
        self.files.insert(id, FileRead::Is { bytes, sha256: sha256.clone(), format });
        FileRef { id, name: format!("betyg {n}.pdf"), bytes, sha256, format }
    }
}

fn words(text: &str) -> Words {
    Words { sv: text.into(), en: text.into() }
}

fn service() -> Service {
    let document = |code: &str, required| RequiredDocument {
        code: code.into(),
        name: words(code),
        help: words(""),
        required,
    };
    Service {
        issuer: None,
        name: words("Personcertifiering"),
        message_max: 100,
        document_max: MAX,
        message_types: vec![Named { code: "note".into(), name: words("Notering") }],
        page: words("Välkommen"),
        support: Support {
            email: "support@issuer.example".into(),
            phone: "010-516 63 03".into(),
            hours: words("Vardagar"),
        },
        news: Vec::new(),
        schemes: vec![Scheme {
            closed: false,
            code: "f-gas-1".into(),
            name: words("F-gas, kategori I"),
            certificate_prefix: "FG".into(),
            validity_months: 60,
            levels: Vec::new(),
            exams: Vec::new(),
            documents: vec![
                document("betyg", true),
                document("intyg", true),
                document("annat", false),
            ],
        }],
    }
}

fn submit(n: u128, row: RecordId, file: FileRef) -> SubmitDocument {
    let id = RecordId(Uuid::from_u128(1_000 + n));
    SubmitDocument { id, case: CASE, row, file, note: String::new(), written_at: at(0) }
}

#[derive(Debug, Clone)]
enum Deed {
    Submit { who: usize, row: usize },
    Accept { who: usize, which: usize, row: usize },
    Refuse { who: usize, which: usize, row: usize },
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        (0..4_usize, 0..3_usize).prop_map(|(who, row)| Deed::Submit { who: who % 3, row }),
        (0..3_usize, 0..9_usize, 0..3_usize).prop_map(|(who, which, row)| Deed::Accept {
            who,
            which,
            row
        }),
        (0..3_usize, 0..9_usize, 0..3_usize).prop_map(|(who, which, row)| Deed::Refuse {
            who,
            which,
            row
        }),
    ];
    proptest::collection::vec(deed, 0..40)
}

proptest! {
    #[test]
    fn rows_and_documents_agree_after_anything(deeds in deeds()) {
        let mut world = World::new();
        let people = [HOLDER, OFFICER, STRANGER];
        let rows = ["betyg", "intyg", "annat"].map(|code| world.row(code).0);
        for (n, deed) in (0..).zip(deeds) {
            let documents = world.bodies::<Document>(Kind::Document);
            let pick = |which: usize| documents.get(which).map(|(id, _)| *id);
            let (who, command) = match deed {
                Deed::Submit { who, row } => {
                    let file = world.file(n);
                    (who, Command::SubmitDocument(submit(n, rows[row], file)))
                }
                Deed::Accept { who, which, row } => {
                    let Some(document) = pick(which) else { continue };
                    let accept = AcceptDocument { case: CASE, row: rows[row], document };
                    (who, Command::AcceptDocument(accept))
                }
                Deed::Refuse { who, which, row } => {
                    let Some(document) = pick(which) else { continue };
                    let reason = "Sida 2 saknas.".into();
                    let refuse = RefuseDocument { case: CASE, row: rows[row], document, reason };
                    (who, Command::RefuseDocument(refuse))
                }
            };
            let by = people[who];
            let done = world.ask(Actor::Person(by), &command).is_ok();
            let allowed = match command {
                Command::SubmitDocument(_) => by == HOLDER,
                _ => by == OFFICER,
            };
            prop_assert!(allowed || !done, "{by} may not");
        }
        let documents = world.bodies::<Document>(Kind::Document);
        for (row, body) in world.bodies::<DocumentRow>(Kind::DocumentRow) {
            let of_row: Vec<_> = documents.iter().filter(|(_, it)| it.row == row).collect();
            let count = |is: fn(&Handling) -> bool| {
                of_row.iter().filter(|(_, it)| is(&it.handling)).count()
            };
            let waiting = count(|it| matches!(it, Handling::Waiting));
            let accepted = count(|it| matches!(it, Handling::Accepted { .. }));
            if body.required {
                prop_assert_eq!(waiting, usize::from(body.state == RowState::Submitted));
                prop_assert_eq!(accepted, usize::from(body.state == RowState::Accepted));
            } else {
                prop_assert_eq!(body.state, RowState::Open);
                prop_assert_eq!(count(|it| matches!(it, Handling::Replaced { .. })), 0);
            }
        }
        for record in world.records.values() {
            let expected = match record.at.kind {
                Kind::Profile => vec![Scope::Person(PersonId(record.at.id.0))],
                Kind::Service => vec![Scope::Service(SERVICE)],
                Kind::Number => Vec::new(),
                Kind::Applicant => vec![Scope::Person(HOLDER)],
                Kind::Contact => vec![Scope::Client(ISSUER, HOLDER)],
                _ => vec![Scope::Case(ISSUER, CASE)],
            };
            prop_assert_eq!(audience(record), Ok(expected));
        }
    }

    #[test]
    fn a_read_mark_never_goes_back_and_is_its_readers_alone(moves in proptest::collection::vec(0..100_i64, 1..10)) {
        let mut world = World::new();
        let id = RecordId(Uuid::from_u128(50));
        let message = SendMessage {
            id,
            case: CASE,
            thread: id,
            message_type: "note".into(),
            text: "Hej!".into(),
            written_at: at(0),
        };
        world.ask(Actor::Person(OFFICER), &Command::SendMessage(message)).unwrap();
        for up_to in &moves {
            let mark = |person| Command::MarkRead(MarkRead { case: CASE, thread: id, person, up_to: at(*up_to) });
            world.ask(Actor::Person(HOLDER), &mark(HOLDER)).unwrap();
            prop_assert!(world.ask(Actor::Person(OFFICER), &mark(HOLDER)).is_err(), "another's");
            prop_assert!(world.ask(Actor::Person(STRANGER), &mark(STRANGER)).is_err());
        }
        let mark = &world.records[&mark_ref(id, HOLDER)];
        prop_assert_eq!(audience(mark), Ok(vec![Scope::Person(HOLDER)]));
        let mark: ReadMark = mark.read().unwrap();
        prop_assert_eq!(mark.up_to, at(*moves.iter().max().unwrap()));
    }
}

#[test]
fn what_a_newer_version_wrote_in_a_record_survives_an_older_ones_change() {
    let mut world = World::new();
    let (row, _) = world.row("betyg");
    let at_row = RecordRef { kind: Kind::DocumentRow, id: row };
    let stored = world.records.get_mut(&at_row).unwrap();
    stored.body["of_a_newer_version"] = serde_json::json!([1, 2]);
    let file = world.file(1);
    world.ask(Actor::Person(HOLDER), &Command::SubmitDocument(submit(1, row, file))).unwrap();
    let stored = &world.records[&at_row];
    assert_eq!(stored.body["state"], "submitted");
    assert_eq!(stored.body["of_a_newer_version"], serde_json::json!([1, 2]));
}

#[test]
fn each_fault_of_a_submission_has_its_own_answer() {
    let mut world = World::new();
    let (row, _) = world.row("betyg");
    let good = world.file(1);
    let mut ask = |change: &dyn Fn(&mut SubmitDocument)| {
        let mut command = submit(1, row, good.clone());
        change(&mut command);
        world.ask(Actor::Person(HOLDER), &Command::SubmitDocument(command)).unwrap_err()
    };
    let note = ask(&|it| it.note = "å".repeat(1_001));
    assert_eq!(note, Rejection::NoteTooLong { length: 1_001, max: 1_000 });
    let long = format!("{}.pdf", "å".repeat(200));
    let bad = ["", "  ", "a/b.pdf", "a\\b.pdf", "a\n.pdf", "betyg.bat", "betyg", "con.pdf", &long];
    for name in bad {
        assert_eq!(ask(&|it| it.file.name = name.into()), Rejection::FileNameUnusable, "{name}");
    }
    assert_eq!(ask(&|it| it.row = CASE), Rejection::RowNotFound);
    assert_eq!(ask(&|it| it.case = row), Rejection::CaseNotFound);
    let large = FileFault::TooLarge { bytes: MAX + 1, max: MAX };
    assert_eq!(ask(&|it| it.file.bytes = MAX + 1), Rejection::FileUnusable(large));
    assert_eq!(ask(&|it| it.file.bytes = 0), Rejection::FileUnusable(FileFault::Empty));
    assert_eq!(ask(&|it| it.file.bytes = 99), Rejection::FileDiffers);
    assert_eq!(ask(&|it| it.file.sha256 = "0".repeat(64)), Rejection::FileDiffers);
    let as_doc = |it: &mut SubmitDocument| {
        it.file.format = Format::Doc;
        it.file.name = "betyg.doc".into();
    };
    assert_eq!(ask(&as_doc), Rejection::FileDiffers);
    assert_eq!(ask(&|it| it.file.id = FileId(Uuid::nil())), Rejection::FileMissing);
}

#[test]
fn a_stranger_is_not_told_that_there_is_a_case() {
    let mut world = World::new();
    let (row, _) = world.row("betyg");
    let file = world.file(1);
    let submitted = submit(1, row, file);
    let document = submitted.id;
    world.ask(Actor::Person(HOLDER), &Command::SubmitDocument(submitted)).unwrap();
    let nowhere = RecordId(Uuid::from_u128(77));
    for case in [CASE, nowhere] {
        let id = RecordId(Uuid::from_u128(20));
        let (written_at, text) = (at(0), "Hej!".to_owned());
        let note = "note".to_owned();
        let send = SendMessage { id, case, thread: id, message_type: note, text, written_at };
        let mark = |person| MarkRead { case, thread: id, person, up_to: at(0) };
        let reason = "Underskriften saknas.".to_owned();
        let file = world.file(2);
        for command in [
            Command::SendMessage(send),
            Command::MarkRead(mark(STRANGER)),
            Command::MarkRead(mark(HOLDER)),
            Command::SubmitDocument(SubmitDocument { case, ..submit(2, row, file) }),
            Command::AcceptDocument(AcceptDocument { case, row, document }),
            Command::RefuseDocument(RefuseDocument { case, row, document, reason }),
        ] {
            let refused = world.ask(Actor::Person(STRANGER), &command);
            assert_eq!(refused, Err(Rejection::CaseNotFound), "{command:?}");
        }
    }
}
