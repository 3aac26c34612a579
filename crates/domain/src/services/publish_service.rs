//! Putting a service's settings in force.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{RequiredDocument, Scheme, Service, Words};
use crate::{
    Changes, Decision, HistoryEntry, Read, Reads, Record, RecordId, RecordRef, Rejection, Scope,
    documents::{Format, NOTE_MAX, usable_name},
    identity::Actor,
    messages,
};

/// Put a service's settings in force, new or in the place of older ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishService {
    /// The service.
    pub id: RecordId,
    /// Its settings.
    pub service: Service,
    /// The certifications that it offers, in the order shown.
    pub schemes: Vec<Scheme>,
}

impl PublishService {
    /// The scheme of this code.
    pub fn scheme(&self, code: &str) -> Option<&Scheme> {
        self.schemes.iter().find(|scheme| scheme.code == code)
    }

    /// The records that it makes or replaces: the settings first.
    pub fn writes(&self) -> Vec<RecordRef> {
        let schemes = self.schemes.iter().map(|scheme| Scheme::at(self.id, &scheme.code));
        std::iter::once(Service::at(self.id)).chain(schemes).collect()
    }
}

/// What the rule needs to see.
pub fn reads(command: &PublishService) -> Vec<RecordRef> {
    command.writes()
}

/// Everything for which settings cannot be in force: the place in them, such as `schemes[0].levels[1].code`, and
/// what is wrong there.
pub fn faults(pack: &PublishService) -> Vec<(String, &'static str)> {
    let service = &pack.service;
    let mut faults: Vec<(String, &'static str)> = Vec::new();
    let mut bad = |is_bad: bool, place: &str, what| {
        if is_bad {
            faults.push((place.to_owned(), what));
        }
    };
    bad(service.message_types.is_empty(), "message_types", "there must be at least one");
    let is_long = (1..=messages::LENGTH_CEILING).contains(&service.message_max);
    bad(!is_long, "message_max", "must be between 1 and 4000");
    bad(service.document_max == 0, "document_max", "must be more than 0");
    bad(is_blank(&service.page), "page", "must say something in both languages");
    bad(!service.support.email.contains('@'), "support.email", "must be an address for mail");
    let phone = service.support.phone.trim();
    bad(phone.is_empty(), "support.phone", "must be a telephone number");
    // whoever lacks what is needed must be able to say so
    let mut documents = pack.schemes.iter().flat_map(|scheme| &scheme.documents);
    let is_lacking = service.absences.is_empty() && documents.any(|it| it.required);
    bad(is_lacking, "absences", "there must be at least one");
    codes("message_types", service.message_types.iter().map(|it| &it.code), &mut faults);
    codes("absences", service.absences.iter().map(|it| &it.code), &mut faults);
    codes("schemes", pack.schemes.iter().map(|it| &it.code), &mut faults);
    for (number, scheme) in pack.schemes.iter().enumerate() {
        check_scheme(pack, scheme, &format!("schemes[{number}]"), &mut faults);
    }
    faults
}

fn is_blank(words: &Words) -> bool {
    words.sv.trim().is_empty() || words.en.trim().is_empty()
}

/// Tells of codes that are none, or that stand twice.
fn codes<'a>(
    place: &str,
    codes: impl Iterator<Item = &'a String>,
    faults: &mut Vec<(String, &'static str)>,
) {
    let mut seen = BTreeSet::new();
    for (number, code) in codes.enumerate() {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if code.is_empty() || !code.chars().all(plain) {
            faults.push((format!("{place}[{number}].code"), "a code is a-z, 0-9 and hyphens"));
        } else if !seen.insert(code) {
            faults.push((format!("{place}[{number}].code"), "the code stands twice"));
        }
    }
}

fn check_scheme(
    pack: &PublishService,
    scheme: &Scheme,
    at: &str,
    faults: &mut Vec<(String, &'static str)>,
) {
    let place = |part: &str| format!("{at}.{part}");
    codes(&place("documents"), scheme.documents.iter().map(|it| &it.code), faults);
    codes(&place("levels"), scheme.levels.iter().map(|it| &it.code), faults);
    codes(&place("exams"), scheme.exams.iter().map(|it| &it.code), faults);
    if !(1..=240).contains(&scheme.validity_months) {
        faults.push((place("validity_months"), "must be between 1 and 240"));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let prefix = &scheme.certificate_prefix;
    if prefix.is_empty() || !prefix.chars().all(plain) {
        faults.push((place("certificate_prefix"), "must be letters, digits and hyphens"));
    }
    if let Some(successor) = &scheme.successor
        && (*successor == scheme.code || pack.scheme(successor).is_none())
    {
        faults.push((place("successor"), "must be another scheme of the service"));
    }
    for (number, document) in scheme.documents.iter().enumerate() {
        let found = check_document(document);
        faults.extend(
            found.map(|(part, what)| (place(&format!("documents[{number}].{part}")), what)),
        );
    }
}

fn check_document(
    document: &RequiredDocument,
) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
    let both = "both languages must say something";
    let usable = |name: &String| {
        let file = format!("{name}.docx");
        usable_name(&file, Format::Docx) == file
    };
    let template = document.template.as_ref();
    let is_name = |words: &Words| !is_blank(words) && usable(&words.sv) && usable(&words.en);
    let reasons = &document.refusal_reasons;
    [
        (document.checklist.iter().any(is_blank), "checklist", both),
        (reasons.iter().any(is_blank), "refusal_reasons", both),
        (
            reasons.iter().any(|it| it.sv.len().max(it.en.len()) > NOTE_MAX),
            "refusal_reasons",
            "must be at most 1000 bytes",
        ),
        (template.is_some_and(|it| is_blank(&it.text)), "template.text", both),
        (
            template.is_some_and(|it| !is_name(&it.name)),
            "template.name",
            "must be a name that every computer can store",
        ),
    ]
    .into_iter()
    .filter(|(is_bad, ..)| *is_bad)
    .map(|(_, part, what)| (part, what))
}

/// Only the issuer's own systems publish settings, and only settings that can be in force.
pub fn decide(command: &PublishService, actor: Actor, reads: &Reads) -> Result<Changes, Decision> {
    if actor != Actor::Operator {
        return Err(Rejection::OperatorOnly.into());
    }
    if !faults(command).is_empty() {
        return Err(Rejection::ServiceUnusable.into());
    }
    let service = Service {
        schemes: command.schemes.iter().map(|scheme| scheme.code.clone()).collect(),
        ..command.service.clone()
    };
    let at = Service::at(command.id);
    let settings = Record::new(at.kind, at.id, &service);
    let entry =
        HistoryEntry { scope: Scope::Service(command.id), event: "service_published", about: at };
    let mut changes = Changes { history: vec![entry], ..Changes::default() };
    let schemes = command.schemes.iter().map(|scheme| scheme.record(command.id));
    for record in std::iter::once(settings).chain(schemes) {
        match reads.get(record.at) {
            // what stands as it was is sent to nobody again
            Read::Found(old) if old.with(&record.body) == *old => {}
            Read::Found(old) => changes.update.push(old.with(&record.body)),
            Read::Absent | Read::Unseen => changes.create.push(record),
        }
    }
    Ok(changes)
}
