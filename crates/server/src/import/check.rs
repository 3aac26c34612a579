//! Whether a row can be taken in: against the other rows, and against what the server has.

use std::{
    collections::{HashMap, hash_map::Entry},
    fs::File,
    io::{self, Seek as _, SeekFrom},
    path::{Component, Path, PathBuf},
};

use anyhow::{Context as _, anyhow};
use behorig_domain::{
    IssuerId, PersonId, Read, Record, RecordId, RecordRef, Timestamp,
    cases::{
        Case, Certificate, OpenCase, RecordCertificate, Stage, open_case,
        record_certificate::{self, archived},
    },
    documents::Document,
    identity::Profile,
    services::{Scheme, Service},
};
use behorig_server_store::Store;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    fault::{Expected, Fault},
    rows::{Account, CaseRow, CertificateRow, Known, PersonRow, Reading},
    source::{Row, Source},
};

/// Whose cases they are, and by which settings.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) issuer: IssuerId,
    pub(super) service: RecordId,
    pub(super) settings: Service,
    pub(super) schemes: Vec<Scheme>,
}

/// What is to be done for a row.
pub(super) enum Act {
    Person { person: PersonId, name: String, registered: bool, account: Option<Account> },
    Case(OpenCase),
    Certificate { certificate: RecordCertificate, file: Option<PathBuf> },
}

/// What comes of a row.
pub(super) enum Verdict {
    New(Act),
    Unchanged,
    Faulty(Vec<Fault>),
}

/// Remembers what the rows so far have named: a few bytes a row.
pub(super) struct Checker<'a> {
    body: &'a Body,
    now: Timestamp,
    /// Ids of everything that may stand once, and on which line it does.
    seen: HashMap<Uuid, u64>,
    /// The cases of the files, and the place of each one's scheme.
    cases: HashMap<RecordId, usize>,
}

/// One row being checked.
struct At<'a> {
    store: &'a Store,
    source: &'a Source,
    row: &'a Row,
    faults: Vec<Fault>,
}

impl At<'_> {
    fn fault(&mut self, column: &'static str, expected: Expected) {
        let found = self.row.get(column).unwrap_or_default();
        let fault = Fault::at_line(&self.source.path, self.row.line, expected);
        self.faults.push(fault.column(column).found(found));
    }

    /// Tells of a value that is not the one that was taken in before.
    fn same(&mut self, column: &'static str, before: &str, now: &str) {
        if before != now {
            self.fault(column, Expected::AsBefore(before.to_owned()));
        }
    }

    fn record<B: DeserializeOwned>(&self, at: RecordRef) -> anyhow::Result<Option<B>> {
        match self.store.record(at)? {
            Read::Found(record) => Ok(Some(body(&record)?)),
            Read::Absent | Read::Unseen => Ok(None),
        }
    }

    fn is_taken(&self, at: RecordRef) -> anyhow::Result<bool> {
        Ok(self.store.record(at)? != Read::Absent)
    }
}

pub(super) fn body<B: DeserializeOwned>(record: &Record) -> anyhow::Result<B> {
    record.read().map_err(|_| anyhow!("the record {} cannot be read", record.at.id))
}

impl<'a> Checker<'a> {
    pub(super) fn new(body: &'a Body, now: Timestamp) -> Self {
        Self { body, now, seen: HashMap::new(), cases: HashMap::new() }
    }

    /// Whatever bears this key in the system that the rows come from: the same id whenever they come.
    fn id(&self, kind: &str, key: &str) -> RecordId {
        let name = format!("import/{kind}/{key}");
        RecordId::within(RecordId(self.body.issuer.0), name.as_bytes())
    }

    fn person(&self, key: &str) -> PersonId {
        PersonId(self.id("person", key).0)
    }

    fn scheme(&self, place: usize) -> anyhow::Result<&'a Scheme> {
        self.body.schemes.get(place).context("a scheme")
    }

    /// Notes what may stand once.
    fn once(&mut self, at: &mut At<'_>, column: &'static str, id: Uuid) {
        match self.seen.entry(id) {
            Entry::Occupied(seen) => at.fault(column, Expected::NotOnLine(*seen.get())),
            Entry::Vacant(free) => {
                free.insert(at.row.line);
            }
        }
    }

    pub(super) fn check(
        &mut self,
        store: &Store,
        source: &Source,
        row: &Row,
    ) -> anyhow::Result<Verdict> {
        let known = match Reading::read(source, row) {
            Ok(known) => known,
            Err(faults) => {
                self.keep_key(source, row);
                return Ok(Verdict::Faulty(faults));
            }
        };
        let mut at = At { store, source, row, faults: Vec::new() };
        let act = match known {
            Known::Person(person) => self.check_person(&mut at, person)?,
            Known::Case(case) => self.check_case(&mut at, case)?,
            Known::Certificate(certificate) => self.check_certificate(&mut at, certificate)?,
        };
        Ok(match act {
            _ if !at.faults.is_empty() => Verdict::Faulty(at.faults),
            Some(act) => Verdict::New(act),
            None => Verdict::Unchanged,
        })
    }

    /// Keeps what a faulty row would have been, so that those who name it are not told of as well.
    fn keep_key(&mut self, source: &Source, row: &Row) {
        let Some(key) = row.get("key") else { return };
        match source.kind {
            super::rows::Kind::People => {
                let person = self.person(key);
                self.seen.entry(person.0).or_insert(row.line);
            }
            super::rows::Kind::Cases => {
                let scheme = row.get("scheme").and_then(|code| self.place(code));
                let id = self.id("case", key);
                self.cases.entry(id).or_insert(scheme.unwrap_or(usize::MAX));
            }
            super::rows::Kind::Certificates => {}
        }
    }

    fn place(&self, scheme: &str) -> Option<usize> {
        self.body.schemes.iter().position(|known| known.code == scheme)
    }

    fn check_person(&mut self, at: &mut At<'_>, row: PersonRow) -> anyhow::Result<Option<Act>> {
        let person = self.person(&row.key);
        self.once(at, "key", person.0);
        if let Some(account) = &row.account {
            let id = self.id("user name", &account.user_name.to_lowercase());
            self.once(at, "user_name", id.0);
        }
        let profile: Option<Profile> = at.record(Profile::at(person))?;
        if let Some(profile) = &profile {
            at.same("name", &profile.name, &row.name);
        }
        let account = match row.account {
            None => None,
            Some(account) => match at.store.account(&account.user_name)? {
                Some(known) if known.person == person => None,
                Some(_) => {
                    at.fault("user_name", Expected::Free);
                    None
                }
                None => {
                    if let Some(other) = at.store.account_of(person)? {
                        at.same("user_name", &other.user_name, &account.user_name);
                    }
                    Some(account)
                }
            },
        };
        let registered = profile.is_some();
        if registered && account.is_none() {
            return Ok(None);
        }
        Ok(Some(Act::Person { person, name: row.name, registered, account }))
    }

    fn check_case(&mut self, at: &mut At<'_>, row: CaseRow) -> anyhow::Result<Option<Act>> {
        let id = self.id("case", &row.key);
        self.once(at, "key", id.0);
        let number = open_case::number_ref(self.body.issuer, &row.number);
        self.once(at, "number", number.id.0);
        let holder = self.person(&row.holder);
        if !self.seen.contains_key(&holder.0) && !at.is_taken(Profile::at(holder))? {
            at.fault("holder", Expected::Person);
        }
        let place = self.place(&row.scheme);
        self.cases.entry(id).or_insert(place.unwrap_or(usize::MAX));
        let Some(place) = place else {
            let known = self.body.schemes.iter().map(|scheme| scheme.code.clone());
            at.fault("scheme", Expected::OneOf(known.collect()));
            return Ok(None);
        };
        if let Some(before) = at.record::<Case>(Case::at(id))? {
            if before.holder.person != holder {
                at.fault("holder", Expected::AsBefore(before.holder.name.clone()));
            }
            at.same(
                "identity_number",
                &before.identity_number.spelt(),
                &row.identity_number.spelt(),
            );
            at.same("scheme", &before.scheme, &row.scheme);
            at.same("number", &before.number, &row.number);
            if let Some(title) = &row.title {
                at.same("title", &before.title, title);
            }
            return Ok(None);
        }
        if at.is_taken(number)? {
            at.fault("number", Expected::Free);
        }
        Ok(Some(Act::Case(OpenCase {
            id,
            issuer: self.body.issuer,
            service: self.body.service,
            title: row.title.unwrap_or_else(|| self.title(place)),
            scheme: row.scheme,
            number: row.number,
            holder,
            identity_number: row.identity_number,
            officer: None,
        })))
    }

    fn title(&self, place: usize) -> String {
        self.scheme(place).map(|scheme| scheme.name.sv.clone()).unwrap_or_default()
    }

    fn check_certificate(
        &mut self,
        at: &mut At<'_>,
        row: CertificateRow,
    ) -> anyhow::Result<Option<Act>> {
        let case = self.id("case", &row.case);
        let certificate = Certificate::at(case);
        self.once(at, "case", certificate.id.0);
        let number = record_certificate::number_ref(self.body.issuer, &row.number);
        self.once(at, "number", number.id.0);
        if row.granted_on > self.now.swedish_date() {
            at.fault("granted_on", Expected::NotInFuture);
        }
        let known: Option<Case> = at.record(Case::at(case))?;
        let place = match (self.cases.get(&case), &known) {
            (Some(place), _) => Some(*place),
            (None, Some(known)) => self.place(&known.scheme),
            (None, None) => {
                at.fault("case", Expected::Case);
                None
            }
        };
        let scheme = place.and_then(|place| self.body.schemes.get(place));
        if let Some(scheme) = scheme {
            check_level(at, &row, scheme);
        }
        let file = match &row.file {
            Some(file) => self.check_file(at, file, scheme)?,
            None => None,
        };
        if let Some(before) = at.record::<Certificate>(certificate)? {
            at.same("number", &before.number, &row.number);
            at.same("granted_on", &before.granted_on.to_string(), &row.granted_on.to_string());
            at.same("valid_to", &before.valid_to.to_string(), &row.valid_to.to_string());
            let level = |level: &Option<String>| level.clone().unwrap_or_default();
            at.same("level", &level(&before.level), &level(&row.level));
            if let Some(file) = file {
                let kept: Option<Document> = at.record(archived(case))?;
                if kept.is_none_or(|kept| sum(&file).ok().as_ref() != Some(&kept.file.sha256)) {
                    at.fault("file", Expected::AsBefore(String::new()));
                }
            }
            return Ok(None);
        }
        if known.is_some_and(|known| known.stage != Stage::Application) {
            at.fault("case", Expected::OpenCase);
        }
        if at.is_taken(number)? {
            at.fault("number", Expected::Free);
        }
        let certificate = RecordCertificate {
            case,
            number: row.number,
            level: row.level,
            granted_on: row.granted_on,
            valid_to: row.valid_to,
            card: row.card,
            published: row.published,
            file: None,
        };
        Ok(Some(Act::Certificate { certificate, file }))
    }

    /// A file that can be a document; `None`, and its fault told, for any other.
    fn check_file(
        &self,
        at: &mut At<'_>,
        file: &str,
        scheme: Option<&Scheme>,
    ) -> anyhow::Result<Option<PathBuf>> {
        if scheme.is_some_and(|scheme| scheme.documents.iter().all(|document| document.required)) {
            at.fault("file", Expected::OpenRow);
        }
        let folder = at.source.path.parent().unwrap_or(Path::new("."));
        let file = Path::new(file);
        let plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        let path = folder.join(file);
        let judged = match (
            path.canonicalize(),
            folder.canonicalize().or_else(|_| Path::new(".").canonicalize()),
        ) {
            _ if !file.components().all(plain) => Err(Expected::Inside),
            (Ok(path), Ok(folder)) if !path.starts_with(&folder) => Err(Expected::Inside),
            (Ok(path), _) => match judge(&path, self.body.settings.document_max) {
                Ok(Ok(_)) => Ok(path),
                Ok(Err(fault)) => Err(Expected::Document(fault)),
                Err(_) => Err(Expected::Readable),
            },
            (Err(_), _) => Err(Expected::Readable),
        };
        match judged {
            Ok(path) => Ok(Some(path)),
            Err(expected) => {
                at.fault("file", expected);
                Ok(None)
            }
        }
    }
}

fn check_level(at: &mut At<'_>, row: &CertificateRow, scheme: &Scheme) {
    let known: Vec<String> = scheme.levels.iter().map(|level| level.code.clone()).collect();
    match &row.level {
        Some(_) if known.is_empty() => at.fault("level", Expected::Nothing),
        Some(level) if known.contains(level) => {}
        None if known.is_empty() => {}
        _ => at.fault("level", Expected::OneOf(known)),
    }
}

/// Judges a file by its content, as one that is sent in.
fn judge(
    path: &Path,
    max: u64,
) -> io::Result<Result<behorig_files::Format, behorig_files::FileFault>> {
    if !path.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let file = File::open(path)?;
    let len = file.metadata()?.len();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    behorig_files::check(&name, file, len, max)
}

fn sum(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    io::copy(&mut file, &mut hash)?;
    Ok(hex::encode(hash.finalize()))
}
