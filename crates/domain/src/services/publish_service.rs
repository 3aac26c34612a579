//! Putting a service's settings in force.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{RequiredDocument, Service, Words};
use crate::{
    Changes, Decision, HistoryEntry, Kind, Read, Reads, Record, RecordId, RecordRef, Rejection,
    Scope,
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
}

impl PublishService {
    /// The record that it makes or replaces.
    pub fn service_ref(&self) -> RecordRef {
        RecordRef { kind: Kind::Service, id: self.id }
    }
}

/// What the rule needs to see.
pub fn reads(command: &PublishService) -> Vec<RecordRef> {
    vec![command.service_ref()]
}

/// Why settings cannot be in force: the place in them and what is wrong there.
pub fn check(service: &Service) -> Result<(), (String, &'static str)> {
    let bad = |place: String, what| Err((place, what));
    if service.message_types.is_empty() {
        return bad("message_types".into(), "there must be at least one");
    }
    if !(1..=messages::LENGTH_CEILING).contains(&service.message_max) {
        return bad("message_max".into(), "must be between 1 and 4000");
    }
    if service.document_max == 0 {
        return bad("document_max".into(), "must be more than 0");
    }
    if service.page.sv.trim().is_empty() || service.page.en.trim().is_empty() {
        return bad("page".into(), "must say something in both languages");
    }
    if !service.support.email.contains('@') {
        return bad("support.email".into(), "must be an address for mail");
    }
    if service.support.phone.trim().is_empty() {
        return bad("support.phone".into(), "must be a telephone number");
    }
    let unique = |place: &str, codes: Vec<&String>| {
        let mut seen = BTreeSet::new();
        for code in codes {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if code.is_empty() || !code.chars().all(plain) {
                return bad(format!("{place} “{code}”"), "a code is a-z, 0-9 and hyphens");
            }
            if !seen.insert(code) {
                return bad(format!("{place} “{code}”"), "the code stands twice");
            }
        }
        Ok(())
    };
    unique("message_types", service.message_types.iter().map(|it| &it.code).collect())?;
    unique("absences", service.absences.iter().map(|it| &it.code).collect())?;
    unique("schemes", service.schemes.iter().map(|it| &it.code).collect())?;
    for scheme in &service.schemes {
        let place = |part: &str| format!("scheme “{}”, {part}", scheme.code);
        unique(&place("documents"), scheme.documents.iter().map(|it| &it.code).collect())?;
        unique(&place("levels"), scheme.levels.iter().map(|it| &it.code).collect())?;
        unique(&place("exams"), scheme.exams.iter().map(|it| &it.code).collect())?;
        if !(1..=240).contains(&scheme.validity_months) {
            return bad(place("validity_months"), "must be between 1 and 240");
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let prefix = &scheme.certificate_prefix;
        if prefix.is_empty() || !prefix.chars().all(plain) {
            return bad(place("certificate_prefix"), "must be letters, digits and hyphens");
        }
        for document in &scheme.documents {
            check_document(document).map_err(|(part, what)| {
                (place(&format!("document “{}”, {part}", document.code)), what)
            })?;
        }
        // whoever lacks what is needed must be able to say so
        if service.absences.is_empty() && scheme.documents.iter().any(|it| it.required) {
            return bad("absences".into(), "there must be at least one");
        }
    }
    Ok(())
}

fn check_document(document: &RequiredDocument) -> Result<(), (&'static str, &'static str)> {
    let blank = |words: &Words| words.sv.trim().is_empty() || words.en.trim().is_empty();
    if document.checklist.iter().any(blank) {
        return Err(("checklist", "both languages must say something"));
    }
    if document.refusal_reasons.iter().any(blank) {
        return Err(("refusal_reasons", "both languages must say something"));
    }
    if document.refusal_reasons.iter().any(|it| it.sv.len().max(it.en.len()) > NOTE_MAX) {
        return Err(("refusal_reasons", "must be at most 1000 bytes"));
    }
    let Some(template) = &document.template else { return Ok(()) };
    if blank(&template.text) {
        return Err(("template.text", "both languages must say something"));
    }
    let usable = |name: &String| {
        let file = format!("{name}.docx");
        usable_name(&file, Format::Docx) == file
    };
    if blank(&template.name) || !usable(&template.name.sv) || !usable(&template.name.en) {
        return Err(("template.name", "must be a name that every computer can store"));
    }
    Ok(())
}

/// Only the issuer's own systems publish settings, and only settings that can be in force.
pub fn decide(command: &PublishService, actor: Actor, reads: &Reads) -> Result<Changes, Decision> {
    if actor != Actor::Operator {
        return Err(Rejection::OperatorOnly.into());
    }
    if check(&command.service).is_err() {
        return Err(Rejection::ServiceUnusable.into());
    }
    let at = command.service_ref();
    let mut changes = Changes {
        history: vec![HistoryEntry {
            scope: Scope::Service(command.id),
            event: "service_published",
            about: at,
        }],
        ..Changes::default()
    };
    match reads.get(at) {
        Read::Found(old) => changes.update.push(old.with(&command.service)),
        _ => changes.create.push(Record::new(Kind::Service, command.id, &command.service)),
    }
    Ok(changes)
}
