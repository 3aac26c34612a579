//! What a hit is shown by, and where it leads.

use behorig_domain::{
    Command, CommandId, Kind, RecordId, Timestamp,
    cases::{Case, Certificate},
    contact::{Contact, ContactProposal, Field, PostalTask},
    documents::Document,
    messages::{Message, Origin},
};
use rusqlite::OptionalExtension as _;

use super::{DraftAt, Entry, Found, FoundAt, FoundKind};
use crate::{
    ExamDraft, Fault, Store,
    left::{LeftKind, parts},
    outbox::from_json,
    records::time,
    settings, uuid,
};

impl Store {
    /// What an entry leads to; `None` if the person can see nothing of it, such as a draft in a case that has
    /// left.
    pub(super) fn found(&self, Entry { no, kind, id }: Entry) -> Result<Option<Found>, Fault> {
        let hit = match kind {
            FoundKind::Draft => {
                let place = String::from_utf8(id).map_err(|_| Fault::Malformed("draft"))?;
                self.draft_found(&place)?
            }
            FoundKind::Outbox => self.outbox_found(CommandId(uuid(&id)?))?,
            FoundKind::Letter => self.letter_found(RecordId(uuid(&id)?))?,
            FoundKind::Template => self.template_found(RecordId(uuid(&id)?))?,
            _ => self.record_found(kind, RecordId(uuid(&id)?))?,
        };
        let Some(Hit { case, at, title, text, when }) = hit else { return Ok(None) };
        self.unnamed(Found { no, kind, case, at, title, text, when }).map(Some)
    }

    /// A hit as it may stand in a list: of somebody else whose identity is protected without their name and
    /// identity number.
    pub(super) fn unnamed(&self, mut found: Found) -> Result<Found, Fault> {
        let Some((_, case)) = &mut found.case else { return Ok(found) };
        if case.is_holder(settings::person(&self.connection)?) {
            return Ok(found);
        }
        let about = Contact::at(case.issuer, case.holder.person);
        if !self.record::<Contact>(about)?.is_some_and(|contact| contact.protected) {
            return Ok(found);
        }
        let name = std::mem::take(&mut case.holder.name);
        let number = case.identity_number.spelt();
        // with and without its century
        let short = number.get(2..).unwrap_or_default();
        let secrets = [name.as_str(), &number, short].into_iter().filter(|it| !it.is_empty());
        let hidden = |text: &str| {
            let lines = text.split('\n').filter(|line| *line != name);
            let text = lines.collect::<Vec<_>>().join("\n");
            secrets.clone().fold(text, |text, secret| text.replace(secret, "…"))
        };
        (found.title, found.text) = (hidden(&found.title), hidden(&found.text));
        Ok(found)
    }

    fn record_found(&self, kind: FoundKind, id: RecordId) -> Result<Option<Hit>, Fault> {
        let at = |kind| behorig_domain::RecordRef { kind, id };
        let (case, at, title, text, when) = match kind {
            FoundKind::Message => {
                let Some(it) = self.record::<Message>(at(Kind::Message))? else { return Ok(None) };
                let when = Some(it.received_at);
                // what the program words has nothing to be read here
                let text = if it.origin == Origin::Ready { String::new() } else { it.text };
                (it.case, FoundAt::Thread(Some(it.thread)), it.author_name, text, when)
            }
            FoundKind::Document => {
                let Some(it) = self.record::<Document>(at(Kind::Document))? else {
                    return Ok(None);
                };
                let text = [it.note, it.author_name].join("\n");
                (it.case, FoundAt::Row(it.row), it.file.name, text, Some(it.received_at))
            }
            FoundKind::Note => {
                let note = self.note(id)?.filter(|note| !note.removed);
                let Some(it) = note else { return Ok(None) };
                (it.case, FoundAt::Notes, it.author_name, it.text, Some(it.at))
            }
            FoundKind::Certificate => {
                let Some(it) = self.record::<Certificate>(at(Kind::Certificate))? else {
                    return Ok(None);
                };
                (it.case, FoundAt::Case, it.number, String::new(), None)
            }
            FoundKind::Person => {
                let contact = self.record::<Contact>(at(Kind::Contact))?;
                // whose identity is protected is in no list of hits
                let Some(it) = contact.filter(|it| !it.protected) else { return Ok(None) };
                let Some(case) = self.case_of_contact(id)? else { return Ok(None) };
                let details = Field::ALL.iter().filter(|field| **field != Field::Name);
                let text: Vec<_> = details.map(|field| it.details.get(*field)).collect();
                let text = text.into_iter().filter(|text| !text.is_empty());
                let text = text.collect::<Vec<_>>().join("\n");
                (case, FoundAt::Contact, it.details.get(Field::Name).to_owned(), text, None)
            }
            FoundKind::Proposal => {
                let Some(it) = self.record::<ContactProposal>(at(Kind::ContactProposal))? else {
                    return Ok(None);
                };
                let about = Contact::at(it.issuer, it.person);
                if self.record::<Contact>(about)?.is_some_and(|contact| contact.protected) {
                    return Ok(None);
                }
                let Some(case) = self.case_of_proposal(&it)? else { return Ok(None) };
                let text: Vec<_> = it.changes.iter().map(|it| it.to.as_str()).collect();
                let text = text.join("\n");
                (case, FoundAt::Contact, String::new(), text, Some(it.received_at))
            }
            _ => (id, FoundAt::Case, String::new(), String::new(), None),
        };
        let Some(of) = self.case(case)? else { return Ok(None) };
        let (title, text, when) = match kind {
            FoundKind::Case => {
                // found by the identity number too, which is not shown before somebody asks for it
                let text = [&*of.number, &*of.holder.name].join("\n");
                (of.title.clone(), text, Some(of.opened_at))
            }
            _ => (title, text, when),
        };
        Ok(Some(Hit { case: Some((case, of)), at, title, text, when }))
    }

    fn letter_found(&self, id: RecordId) -> Result<Option<Hit>, Fault> {
        let task: Option<PostalTask> = self.postal_task(id)?;
        Ok(task.filter(|task| task.done.is_none()).map(|task| Hit {
            case: None,
            at: FoundAt::Post,
            title: task.number,
            text: String::new(),
            when: Some(task.made_at),
        }))
    }

    fn template_found(&self, id: RecordId) -> Result<Option<Hit>, Fault> {
        let template = self.template(id)?.filter(|template| !template.removed);
        Ok(template.map(|template| Hit {
            case: None,
            at: FoundAt::Templates,
            title: template.title,
            text: template.text,
            when: Some(template.at),
        }))
    }

    fn outbox_found(&self, id: CommandId) -> Result<Option<Hit>, Fault> {
        let row: Option<(Vec<u8>, i64)> = self
            .connection
            .prepare_cached("SELECT body, written_at FROM outbox WHERE id = ?1")?
            .query_row([id.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((body, written_at)) = row else { return Ok(None) };
        let Ok(command) = Command::from_bytes(&body) else { return Ok(None) };
        let Some((case, text)) = typed_in(&command) else { return Ok(None) };
        let case = match case {
            Some(case) => self.case(case)?.map(|of| (case, of)),
            None => None,
        };
        let (at, when) = (FoundAt::Outbox(id), Some(time(written_at)?));
        Ok(Some(Hit { case, at, title: String::new(), text, when }))
    }

    fn draft_found(&self, place: &str) -> Result<Option<Hit>, Fault> {
        let Some(DraftAt { case, at }) = self.draft_at(place)? else { return Ok(None) };
        let draft: Option<(String, i64)> = self
            .connection
            .prepare_cached("SELECT text, saved_at FROM draft WHERE place = ?1")?
            .query_row([place], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((text, saved_at)) = draft else { return Ok(None) };
        // of a form what was typed into it
        let text = match parts(place) {
            Some((LeftKind::Contact, _)) => {
                crate::typed_details(&text).into_values().collect::<Vec<_>>().join("\n")
            }
            Some((LeftKind::Exam, _)) => match from_json(&text) {
                Ok(ExamDraft { held_on, mark, .. }) => [held_on, mark].join("\n"),
                Err(_) => text,
            },
            _ => text,
        };
        let when = Some(time(saved_at)?);
        Ok(Some(Hit { case, at, title: String::new(), text, when }))
    }

    /// Where a text that is being written belongs; `None` if its case is no longer here.
    pub(crate) fn draft_at(&self, place: &str) -> Result<Option<DraftAt>, Fault> {
        let Some((kind, id)) = parts(place) else {
            let at = match place.split('/').next() {
                Some(crate::APPLICATION_PLACE) => FoundAt::Application,
                Some(crate::templates::TEMPLATE) => FoundAt::Templates,
                _ => return Ok(None),
            };
            return Ok(Some(DraftAt { case: None, at }));
        };
        let (case, at) = match kind {
            LeftKind::Message => {
                let thread = place.split_once("/thread/").and_then(|(_, it)| it.parse().ok());
                (Some(id), FoundAt::Thread(thread))
            }
            LeftKind::Completion => (Some(id), FoundAt::Row(id)),
            LeftKind::Decision | LeftKind::Exam => (Some(id), FoundAt::Decision),
            LeftKind::Note => (Some(id), FoundAt::Notes),
            LeftKind::NoteChange => (self.note(id)?.map(|note| note.case), FoundAt::Notes),
            LeftKind::Absence => (self.document_row(id)?.map(|row| row.case), FoundAt::Row(id)),
            LeftKind::Refusal => match self.document(id)? {
                Some(document) => (Some(document.case), FoundAt::Row(document.row)),
                None => match self.row_of_explanation(id)? {
                    Some((row, case)) => (Some(case), FoundAt::Row(row)),
                    None => (None, FoundAt::Case),
                },
            },
            LeftKind::Contact | LeftKind::ContactRefusal => {
                (self.case_of_contact(id)?, FoundAt::Contact)
            }
            // what is said of a file is kept with it
            LeftKind::File => (None, FoundAt::Case),
        };
        let Some(case) = case else { return Ok(None) };
        let Some(of) = self.case(case)? else { return Ok(None) };
        Ok(Some(DraftAt { case: Some((case, of)), at }))
    }

    fn row_of_explanation(&self, id: RecordId) -> Result<Option<(RecordId, RecordId)>, Fault> {
        let ids: Option<(Vec<u8>, Vec<u8>)> = self
            .connection
            .prepare_cached(
                "SELECT r.id, r.case_id FROM document_row r, json_each(r.body, '$.explanations') e
                 WHERE json_extract(e.value, '$.id') = ?1 LIMIT 1",
            )?
            .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let ids = ids.map(|(row, case)| Ok::<_, Fault>((uuid(&row)?, uuid(&case)?))).transpose()?;
        Ok(ids.map(|(row, case)| (RecordId(row), RecordId(case))))
    }

    /// One of the cases of whoever these details are about.
    fn case_of_contact(&self, contact: RecordId) -> Result<Option<RecordId>, Fault> {
        let at = behorig_domain::RecordRef { kind: Kind::Contact, id: contact };
        let Some(it) = self.record::<Contact>(at)? else { return Ok(None) };
        self.case_of(it.issuer.to_string(), it.person.to_string())
    }

    fn case_of_proposal(&self, it: &ContactProposal) -> Result<Option<RecordId>, Fault> {
        self.case_of(it.issuer.to_string(), it.person.to_string())
    }

    fn case_of(&self, issuer: String, person: String) -> Result<Option<RecordId>, Fault> {
        let id: Option<Vec<u8>> = self
            .connection
            .prepare_cached(
                "SELECT id FROM \"case\" WHERE json_extract(body, '$.issuer') = ?1
                   AND json_extract(body, '$.holder.person') = ?2
                 ORDER BY number DESC LIMIT 1",
            )?
            .query_row([issuer, person], |row| row.get(0))
            .optional()?;
        id.map(|id| Ok(RecordId(uuid(&id)?))).transpose()
    }

    /// Every text that is being written, the newest first, with where it belongs.
    pub(crate) fn all_drafts(&self) -> Result<Vec<(String, DraftAt)>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT place FROM draft WHERE trim(text) <> '' ORDER BY saved_at DESC",
        )?;
        let places = statement.query_map([], |row| row.get(0))?;
        let mut drafts = Vec::new();
        for place in places.collect::<Result<Vec<String>, _>>()? {
            if let Some(at) = self.draft_at(&place)? {
                drafts.push((place, at));
            }
        }
        Ok(drafts)
    }
}

/// What a hit is shown by.
struct Hit {
    case: Option<(RecordId, Case)>,
    at: FoundAt,
    title: String,
    text: String,
    when: Option<Timestamp>,
}

/// The case of a command that a person wrote, and what they typed.
fn typed_in(command: &Command) -> Option<(Option<RecordId>, String)> {
    let (case, text) = match command {
        Command::SendMessage(it) => (Some(it.case), it.text.clone()),
        Command::SubmitDocument(it) => (Some(it.case), [&*it.file.name, &*it.note].join("\n")),
        Command::RefuseDocument(it) => (Some(it.case), it.reason.clone()),
        Command::ExplainAbsence(it) => (Some(it.case), it.reason.clone()),
        Command::RefuseExplanation(it) => (Some(it.case), it.reason.clone()),
        Command::RequestCompletion(it) => (Some(it.case), it.text.clone()),
        Command::RecordExam(it) => (Some(it.case), it.mark.clone()),
        Command::GrantCertificate(it) => (Some(it.case), it.text.clone()),
        Command::RefuseApplication(it) => (Some(it.case), it.text.clone()),
        Command::Apply(it) => (Some(it.case), it.text.clone()),
        Command::ProposeContactChange(it) => {
            let new: Vec<_> = it.changes.iter().map(|change| change.to.as_str()).collect();
            (Some(it.case), new.join("\n"))
        }
        Command::RefuseContactChange(it) => (Some(it.case), it.reason.clone()),
        Command::WriteNote(it) => (Some(it.case), it.text.clone()),
        Command::ChangeNote(it) => (Some(it.case), it.text.clone().unwrap_or_default()),
        Command::WriteTemplate(it) => (None, [&*it.title, &*it.text].join("\n")),
        Command::ChangeTemplate(it) => {
            let to = it.to.as_ref();
            (None, to.map(|to| [&*to.title, &*to.text].join("\n")).unwrap_or_default())
        }
        _ => return None,
    };
    Some((case, text))
}
