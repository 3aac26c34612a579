//! Beginning a case for a person whom the server knows.

use serde::{Deserialize, Serialize};

use super::{Case, Happening, Party, Stage, assign_case::officer_grants, log};
use crate::{
    Changes, Decision, IssuerId, Kind, PersonId, Read, Reads, Record, RecordId, RecordRef,
    Rejection, Scope, Timestamp,
    contact::{Contact, Details},
    decision::found,
    documents::{DocumentRow, RowState},
    identity::{Actor, Grant, IdentityNumber, Profile, Role},
    services::{Scheme, Service},
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

fn service(command: &OpenCase) -> RecordRef {
    RecordRef { kind: Kind::Service, id: command.service }
}

/// What the rule needs to see.
pub fn reads(command: &OpenCase) -> Vec<RecordRef> {
    let people = std::iter::once(command.holder).chain(command.officer);
    let contact = Contact::at(command.issuer, command.holder);
    let number = number_ref(command.issuer, &command.number);
    people.map(Profile::at).chain([service(command), number, contact]).collect()
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
    let taken = number_ref(command.issuer, &command.number);
    if matches!(reads.get(taken), Read::Found(_)) {
        return Err(Rejection::NumberTaken.into());
    }
    let party = |person| {
        let profile: Profile = found(reads, Profile::at(person), Rejection::PersonNotFound)?;
        Ok::<_, Decision>(Party { person, name: profile.name })
    };
    let settings: Service = found(reads, service(command), Rejection::SchemeNotFound)?;
    let Some(scheme) = settings.scheme(&command.scheme) else {
        return Err(Rejection::SchemeNotFound.into());
    };
    let mut case = Case {
        issuer: command.issuer,
        service: command.service,
        scheme: command.scheme.clone(),
        number: command.number.clone(),
        title: command.title.clone(),
        holder: party(command.holder)?,
        identity_number: command.identity_number.clone(),
        officer: command.officer.map(party).transpose()?,
        stage: Stage::Application,
        opened_at: now,
        exams: Vec::new(),
        ready_at: None,
        events: 0,
    };
    let grant = |role, scope| Grant {
        person: command.holder,
        role,
        scope,
        basis: command.id,
        from: now,
        to: None,
    };
    let mut grants = vec![
        grant(Role::CaseHolder, Scope::Case(command.issuer, command.id)),
        grant(Role::CaseHolder, Scope::Client(command.issuer, command.holder)),
        grant(Role::ServiceReader, Scope::Service(command.service)),
    ];
    if let Some(officer) = command.officer {
        grants.extend(officer_grants(&case, command.id, officer, now, None));
    }
    let (event, entry) = log(&mut case, command.id, "", now, Happening::Opened);
    let mut create = vec![
        Record::new(Kind::Case, command.id, &case),
        Record::new(taken.kind, taken.id, &Taken { case: command.id }),
        event,
    ];
    create.extend(first_contact(&case, reads));
    create.extend(rows(command, scheme));
    Ok(Changes { create, grants, history: vec![entry], ..Changes::default() })
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

fn rows<'a>(command: &'a OpenCase, scheme: &'a Scheme) -> impl Iterator<Item = Record> + 'a {
    scheme.documents.iter().zip(0..).map(|(document, place)| {
        let row = DocumentRow {
            issuer: command.issuer,
            case: command.id,
            code: document.code.clone(),
            place,
            required: document.required,
            state: RowState::Open,
            document: None,
            asked: None,
            explanations: Vec::new(),
            taken: None,
        };
        let at = DocumentRow::at(command.id, &document.code);
        Record::new(at.kind, at.id, &row)
    })
}
