//! A store of the simplest kind, and who acts in it.

use std::collections::BTreeMap;

use behorig_domain::{
    Changes, Command, Decision, FileId, FileRead, IssuerId, Kind, PersonId, Read, Reads, Record,
    RecordId, RecordRef, Rejection, Timestamp,
    cases::{Case, OpenCase},
    decide,
    documents::{DocumentOrigin, DocumentRow, FileRef, Format, SubmitDocument},
    files,
    identity::{Actor, RegisterPerson},
    reads,
    services::{Named, PublishService, RequiredDocument, Scheme, Service, Support, Words},
    writes,
};
use uuid::Uuid;

pub(crate) const HOLDER: PersonId = PersonId(Uuid::from_u128(1));
pub(crate) const OFFICER: PersonId = PersonId(Uuid::from_u128(2));
pub(crate) const STRANGER: PersonId = PersonId(Uuid::from_u128(3));
pub(crate) const CASE: RecordId = RecordId(Uuid::from_u128(10));
pub(crate) const SERVICE: RecordId = RecordId(Uuid::from_u128(11));
pub(crate) const ISSUER: IssuerId = IssuerId(Uuid::from_u128(12));
pub(crate) const MAX: u64 = 1_000;

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

/// A store of the simplest kind.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) records: BTreeMap<RecordRef, Record>,
    pub(crate) files: BTreeMap<FileId, FileRead>,
    pub(crate) now: i64,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut world = Self::default();
        for (person, name) in [(HOLDER, "Åsa"), (OFFICER, "Göran"), (STRANGER, "Örjan")] {
            let register = RegisterPerson { person, name: name.into(), services: Vec::new() };
            world.operate(Command::RegisterPerson(register));
        }
        world.operate(Command::PublishService(pack()));
        world.open(CASE, "2026-1", OFFICER);
        world
    }

    /// Opens a case for the holder.
    pub(crate) fn open(&mut self, id: RecordId, number: &str, officer: PersonId) {
        self.operate(Command::OpenCase(OpenCase {
            id,
            issuer: ISSUER,
            service: SERVICE,
            scheme: "f-gas-1".into(),
            number: number.into(),
            title: "F-gas, kategori I".into(),
            holder: HOLDER,
            identity_number: "198503122387".parse().unwrap(),
            officer: Some(officer),
        }));
    }

    pub(crate) fn operate(&mut self, command: Command) {
        self.ask(Actor::Operator, &command).unwrap();
    }

    /// Decides a command and does what comes of it.
    pub(crate) fn ask(&mut self, actor: Actor, command: &Command) -> Result<Changes, Rejection> {
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
                let done = changes.clone();
                for record in &changes.create {
                    assert!(!self.records.contains_key(&record.at), "created over something");
                }
                let named = writes(command);
                for record in changes.create.into_iter().chain(changes.update) {
                    // what depends on a command is found by what it says that it writes
                    let told = named.contains(&record.at) || actor == Actor::Operator;
                    // and who reads these depends on nothing that is noted in them beside it
                    let replaced =
                        matches!(record.at.kind, Kind::Document | Kind::Case | Kind::Event);
                    assert!(told || replaced, "{:?} is not told", record.at);
                    self.records.insert(record.at, record);
                }
                Ok(done)
            }
            Decision::Rejected(rejection) => Err(rejection),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn bodies<B: serde::de::DeserializeOwned>(&self, kind: Kind) -> Vec<(RecordId, B)> {
        let of_kind = self.records.values().filter(|record| record.at.kind == kind);
        of_kind.map(|record| (record.at.id, record.read().unwrap())).collect()
    }

    pub(crate) fn row(&self, code: &str) -> (RecordId, DocumentRow) {
        self.row_of(CASE, code)
    }

    pub(crate) fn row_of(&self, case: RecordId, code: &str) -> (RecordId, DocumentRow) {
        let rows = self.bodies::<DocumentRow>(Kind::DocumentRow);
        rows.into_iter().find(|(_, row)| row.case == case && row.code == code).unwrap()
    }

    pub(crate) fn case(&self, id: RecordId) -> Case {
        self.records[&Case::at(id)].read().unwrap()
    }

    /// The reason that was given last in a row.
    pub(crate) fn last_explanation(&self, row: RecordId) -> Option<RecordId> {
        let rows = self.bodies::<DocumentRow>(Kind::DocumentRow);
        let (_, row) = rows.into_iter().find(|(id, _)| *id == row)?;
        row.explanations.last().map(|it| it.id)
    }

    /// A file of which the store has the bytes.
    pub(crate) fn file(&mut self, n: u128) -> FileRef {
        let id = FileId(Uuid::from_u128(n));
        let (bytes, sha256, format) = (100, format!("{n:064x}"), Format::Pdf);
        self.files.insert(id, FileRead::Is { bytes, sha256: sha256.clone(), format });
        FileRef { id, name: format!("betyg {n}.pdf"), bytes, sha256, format }
    }
}

pub(crate) fn words(text: &str) -> Words {
    Words { sv: text.into(), en: text.into() }
}

pub(crate) fn pack() -> PublishService {
    let document = |code: &str, required| RequiredDocument {
        code: code.into(),
        name: words(code),
        required,
        checklist: if code == "betyg" { vec![words("undertecknat")] } else { Vec::new() },
        shared: code == "betyg",
        ..RequiredDocument::default()
    };
    let service = Service {
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
        absences: vec![Named { code: "lost".into(), name: words("Borta") }],
        schemes: Vec::new(),
    };
    let scheme = Scheme {
        closed: false,
        code: "f-gas-1".into(),
        name: words("F-gas, kategori I"),
        certificate_prefix: "FG".into(),
        validity_months: 60,
        successor: None,
        levels: Vec::new(),
        exams: Vec::new(),
        documents: vec![document("betyg", true), document("intyg", true), document("annat", false)],
    };
    PublishService { id: SERVICE, service, schemes: vec![scheme] }
}

pub(crate) fn submit(n: u128, row: RecordId, file: FileRef) -> SubmitDocument {
    let id = RecordId(Uuid::from_u128(1_000 + n));
    SubmitDocument {
        id,
        case: CASE,
        row,
        file,
        note: String::new(),
        written_at: at(0),
        origin: DocumentOrigin::Sent,
        checked: true,
    }
}
