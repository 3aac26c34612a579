//! Beginning a case for a person whom the server knows.

use serde::{Deserialize, Serialize};

use super::{Case, Happening, Party, Stage, assign_case::officer_grants, log};
use crate::{
    Changes, Decision, IssuerId, Kind, PersonId, Read, Reads, Record, RecordId, RecordRef,
    Rejection, Scope, ServerDecides, Timestamp,
    applications::{Applicant, Claimed, Series},
    contact::{Contact, Details},
    decision::found,
    documents::{DocumentRow, RowState},
    identity::{Actor, Grant, IdentityNumber, Profile, Role},
    services::Scheme,
};

/// Begin a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCase {
    /// The new case's id.
    pub id: RecordId,
    /// The body that handles it.
    pub issuer: IssuerId,
    /// The service that it belongs to.
    pub service: RecordId,
    /// What is applied for, by its name in the service's settings.
    pub scheme: String,
    /// Registry number.
    pub number: String,
    /// What is applied for.
    pub title: String,
    /// Whose certification it is.
    pub holder: PersonId,
    /// The number that they gave.
    pub identity_number: IdentityNumber,
    /// Who handles it; `None` lets it wait for an officer.
    pub officer: Option<PersonId>,
}

/// Where it says that a registry number of a body is taken.
pub fn number_ref(issuer: IssuerId, number: &str) -> RecordRef {
    RecordRef { kind: Kind::Number, id: RecordId::within(RecordId(issuer.0), number.as_bytes()) }
}

fn scheme(command: &OpenCase) -> RecordRef {
    Scheme::at(command.service, &command.scheme)
}

/// What the rule needs to see.
pub fn reads(command: &OpenCase) -> Vec<RecordRef> {
    let issuer = command.issuer;
    let people = std::iter::once(command.holder).chain(command.officer);
    let mut wanted: Vec<RecordRef> = people.map(Profile::at).collect();
    wanted.extend([
        scheme(command),
        number_ref(issuer, &command.number),
        Series::at(issuer),
        Applicant::at(issuer, command.holder),
        Contact::at(issuer, command.holder),
        Claimed::at(issuer, &command.identity_number),
    ]);
    wanted
}

/// Only the issuer's own systems open cases; the parties must be registered and not the same person. The case
/// has a row for each document that its scheme asks for.
pub fn decide(
    command: &OpenCase,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    if actor != Actor::Operator {
        return Err(Rejection::OperatorOnly.into());
    }
    if command.officer == Some(command.holder) {
        return Err(Rejection::PartiesMustDiffer.into());
    }
    if matches!(reads.get(number_ref(command.issuer, &command.number)), Read::Found(_)) {
        return Err(Rejection::NumberTaken.into());
    }
    let party = |person| {
        let profile: Profile = found(reads, Profile::at(person), Rejection::PersonNotFound)?;
        Ok::<_, Decision>(Party { person, name: profile.name })
    };
    let scheme: Scheme = found(reads, scheme(command), Rejection::SchemeNotFound)?;
    let opening = Opening {
        id: command.id,
        issuer: command.issuer,
        service: command.service,
        scheme: &scheme,
        number: command.number.clone(),
        title: command.title.clone(),
        holder: party(command.holder)?,
        identity_number: command.identity_number.clone(),
        officer: command.officer.map(party).transpose()?,
        renews: None,
    };
    opening.changes(None, now, reads)
}

/// A case that begins, whoever begins it.
pub(crate) struct Opening<'a> {
    pub(crate) id: RecordId,
    pub(crate) issuer: IssuerId,
    pub(crate) service: RecordId,
    pub(crate) scheme: &'a Scheme,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) holder: Party,
    pub(crate) identity_number: IdentityNumber,
    pub(crate) officer: Option<Party>,
    pub(crate) renews: Option<String>,
}

impl Opening<'_> {
    /// The case with all that belongs to it from its first moment on.
    pub(crate) fn changes(
        self,
        by: Option<&Party>,
        now: Timestamp,
        reads: &Reads,
    ) -> Result<Changes, Decision> {
        let mut changes = Changes { grants: self.grants(now), ..Changes::default() };
        self.note_number(&mut changes, reads)?;
        self.note_applicant(&mut changes, reads)?;
        changes.create.extend(self.rows());
        let id = self.id;
        let mut case = Case {
            issuer: self.issuer,
            service: self.service,
            scheme: self.scheme.code.clone(),
            renews: self.renews,
            number: self.number,
            title: self.title,
            holder: self.holder,
            identity_number: self.identity_number,
            officer: self.officer,
            stage: Stage::Application,
            opened_at: now,
            exams: Vec::new(),
            ready_at: None,
            events: 0,
        };
        if let Some(officer) = case.officer.as_ref().map(|officer| officer.person) {
            changes.grants.extend(officer_grants(&case, id, officer, now, None));
        }
        let (event, entry) = log(&mut case, id, by, now, Happening::Opened);
        changes.create.extend([Record::new(Kind::Case, id, &case), event]);
        changes.create.extend(first_contact(&case, reads));
        changes.history.push(entry);
        Ok(changes)
    }

    /// What its holder may see.
    fn grants(&self, now: Timestamp) -> Vec<Grant> {
        let person = self.holder.person;
        let grant =
            |role, scope| Grant { person, role, scope, basis: self.id, from: now, to: None };
        vec![
            grant(Role::CaseHolder, Scope::Case(self.issuer, self.id)),
            grant(Role::CaseHolder, Scope::Client(self.issuer, person)),
            grant(Role::ServiceReader, Scope::Service(self.service)),
        ]
    }

    /// The number is taken from now on, and the body's next one comes after it.
    fn note_number(&self, changes: &mut Changes, reads: &Reads) -> Result<(), Decision> {
        let at = number_ref(self.issuer, &self.number);
        changes.create.push(Record::new(at.kind, at.id, &Taken { case: self.id }));
        let mut series = series(self.issuer, reads)?;
        series.note(&self.number);
        put(changes, reads, Series::at(self.issuer), &series);
        Ok(())
    }

    /// The body knows the applicant, their number and their newest case from now on. What it knows of them
    /// already stands.
    fn note_applicant(&self, changes: &mut Changes, reads: &Reads) -> Result<(), Decision> {
        let person = self.holder.person;
        let at = Applicant::at(self.issuer, person);
        let known: Option<Applicant> = reads.found(at).transpose().map_err(Decision::Fault)?;
        let mut applicant = known.unwrap_or_else(|| Applicant {
            issuer: self.issuer,
            person,
            identity_number: self.identity_number.clone(),
            cases: std::collections::BTreeMap::new(),
        });
        applicant.cases.insert(self.scheme.code.clone(), self.id);
        put(changes, reads, at, &applicant);
        let claimed = Claimed::at(self.issuer, &self.identity_number);
        if !matches!(reads.get(claimed), Read::Found(_)) {
            put(changes, reads, claimed, &Claimed { person });
        }
        Ok(())
    }

    fn rows(&self) -> impl Iterator<Item = Record> {
        self.scheme.documents.iter().zip(0..).map(|(document, place)| {
            let row = DocumentRow {
                issuer: self.issuer,
                case: self.id,
                code: document.code.clone(),
                place,
                required: document.required,
                state: RowState::Open,
                document: None,
                asked: None,
                explanations: Vec::new(),
                taken: None,
            };
            let at = DocumentRow::at(self.id, &document.code);
            Record::new(at.kind, at.id, &row)
        })
    }
}

/// How far a body's numbers have come. Only the server can tell.
pub(crate) fn series(issuer: IssuerId, reads: &Reads) -> Result<Series, Decision> {
    let at = Series::at(issuer);
    match reads.get(at) {
        Read::Found(record) => record.read().map_err(Decision::Fault),
        Read::Absent => Ok(Series::default()),
        Read::Unseen => Err(Decision::ServerDecides(ServerDecides { unseen: at })),
    }
}

/// A record that has been read, as it stands from now on: new, or in the place of what it was.
fn put<B: Serialize>(changes: &mut Changes, reads: &Reads, at: RecordRef, body: &B) {
    match reads.get(at) {
        Read::Found(old) => changes.update.push(old.with(body)),
        Read::Absent | Read::Unseen => changes.create.push(Record::new(at.kind, at.id, body)),
    }
}

/// What the body holds on somebody begins with their first case: nothing but the name that they gave.
fn first_contact(case: &Case, reads: &Reads) -> Option<Record> {
    let (issuer, Party { person, name }) = (case.issuer, &case.holder);
    let at = Contact::at(issuer, *person);
    let details = Details::of(name);
    let contact = Contact { issuer, person: *person, protected: false, details };
    match reads.get(at) {
        Read::Found(_) => None,
        Read::Absent | Read::Unseen => Some(Record::new(at.kind, at.id, &contact)),
    }
}

/// What a taken number says: by which case.
#[derive(Serialize)]
struct Taken {
    case: RecordId,
}
