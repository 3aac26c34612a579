//! Queries for lists of cases.

use behorig_domain::{
    Command, IssuerId, Kind, Read, RecordId, RecordRef, Scope, Timestamp,
    cases::{Case, Certificate, Event, GrantCertificate, RecordExam},
    contact::Contact,
    identity::{Profile, Staff},
    is_typed, is_within,
    services::{Scheme, Service},
};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::{
    Fault, OutboxRow, OutboxState, Store,
    drafts::{self, decision_place, exam_place},
    left,
    outbox::{from_json, json},
    records::{self, time},
    settings, uuid,
};

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Its id.
    pub id: RecordId,
    /// What the server says of it.
    pub case: Case,
    /// When its newest message came, or was written here.
    pub last_message_at: Option<Timestamp>,
    /// Messages and documents sent from here that the server has not answered.
    pub waiting: i64,
    /// Messages of the other party that lie past the person's read marks.
    pub unread: i64,
    /// Documents that the application needs.
    pub needed: i64,
    /// How many of them the officer has accepted, as the server has it.
    pub accepted: i64,
    /// How many of them wait for the officer, as the server has it.
    pub submitted: i64,
    /// How many are awaited again, since the officer has found what came insufficient.
    pub refused: i64,
    /// Documents that wait for the officer, needed or not, as the server has it.
    pub to_handle: i64,
    /// Messages that are being written.
    pub drafts: i64,
    /// Files that are picked and not sent.
    pub unsent_files: i64,
    /// Changes of contact details that wait for the officer, as the server has it.
    pub contact_to_handle: i64,
    /// The certificate, once it is granted.
    pub certificate: Option<Certificate>,
}

/// A case with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// What the server says of it, with what is expected of commands on their way.
    pub case: Case,
    /// The settings that hold in it; `None` before they have come.
    pub service: Option<Service>,
    /// What is applied for; `None` before it has come.
    pub scheme: Option<Scheme>,
    /// The certificate, once it is granted.
    pub certificate: Option<Certificate>,
    /// What the body holds on the person, as confirmed; `None` before it has come.
    pub contact: Option<Contact>,
    /// What has happened in it, newest first.
    pub events: Vec<Event>,
    /// Everybody who handles cases for its body, in the order of their names; only officers know them.
    pub staff: Vec<Staff>,
    /// The letter that decides it, as it is being written; empty if it is not.
    pub letter: String,
    /// What is chosen beside it.
    pub choice: DecisionChoice,
    /// An examination's result as it is being filled in.
    pub exam: Option<ExamDraft>,
    /// Commands on this computer that act on the case as a whole and are not received.
    pub on_their_way: Vec<OutboxRow>,
}

/// What is chosen beside the letter that decides a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionChoice {
    /// The level of authority; `None` before one is chosen.
    pub level: Option<String>,
    /// The day of the decision, exactly as typed; empty if it was not touched.
    pub granted_on: String,
}

/// An examination's result as it is being filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExamDraft {
    /// Which part.
    pub part: String,
    /// The day, exactly as typed.
    pub held_on: String,
    /// The mark, exactly as typed.
    pub mark: String,
    /// Whether it is enough.
    pub passed: bool,
}

impl ExamDraft {
    /// Whether anything has been typed.
    pub fn is_blank(&self) -> bool {
        self.held_on.trim().is_empty() && self.mark.trim().is_empty()
    }
}

/// A decision was taken back: the letter is being written again, with what was chosen beside it.
pub(crate) fn grant_again(
    connection: &Connection,
    grant: &GrantCertificate,
    now: Timestamp,
) -> Result<(), Fault> {
    let (level, granted_on) = (grant.level.clone(), grant.granted_on.to_string());
    let choice = json(&DecisionChoice { level, granted_on })?;
    drafts::append(connection, &decision_place(grant.case), &choice, &grant.text, now)
}

/// An examination's result was taken back: it is being filled in again. What was typed there since stays.
pub(crate) fn exam_again(
    connection: &Connection,
    exam: &RecordExam,
    now: Timestamp,
) -> Result<(), Fault> {
    let place = exam_place(exam.case);
    let before = drafts::get(connection, &place)?.and_then(|text| from_json(&text).ok());
    let typed = before.filter(|typed: &ExamDraft| !typed.is_blank());
    let mut again = typed.unwrap_or(ExamDraft {
        part: exam.part.clone(),
        passed: exam.passed,
        ..ExamDraft::default()
    });
    for (field, text) in
        [(&mut again.held_on, exam.held_on.to_string()), (&mut again.mark, exam.mark.clone())]
    {
        if field.trim().is_empty() {
            *field = text;
        }
    }
    drafts::put(connection, &place, "", &json(&again)?, now)
}

impl Store {
    /// Keeps an examination's result as it is being filled in. `false` if its case is no longer here.
    pub fn put_exam(
        &mut self,
        case: RecordId,
        exam: &ExamDraft,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let text = if exam.is_blank() { String::new() } else { json(exam)? };
        self.put_draft(&exam_place(case), "", &text, now)
    }

    /// Keeps the letter that decides a case as it is being written. `false` if its case is no longer here.
    pub fn put_letter(
        &mut self,
        case: RecordId,
        choice: &DecisionChoice,
        text: &str,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        self.put_draft(&decision_place(case), &json(choice)?, text, now)
    }

    /// The name of the person whose replica this is; `None` before the first pull.
    pub fn own_name(&self) -> Result<Option<String>, Fault> {
        let at =
            RecordRef { kind: Kind::Profile, id: RecordId(settings::person(&self.connection)?.0) };
        let Read::Found(record) = records::read(&self.connection, at)? else { return Ok(None) };
        let profile: Profile = record.read().map_err(|_| Fault::Malformed("profile"))?;
        Ok(Some(profile.name))
    }

    /// The bodies whose cases the person handles.
    pub fn bodies(&self) -> Result<Vec<IssuerId>, Fault> {
        let person = settings::person(&self.connection)?.to_string();
        let sql = "SELECT json_extract(body, '$.issuer') FROM other
                   WHERE kind = 'staff' AND json_extract(body, '$.person') = ?1 ORDER BY 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let bodies = statement.query_map([person], |row| row.get::<_, String>(0))?;
        bodies.map(|issuer| issuer?.parse().map_err(|_| Fault::Malformed("body"))).collect()
    }

    /// The settings of every service that the person has to do with, by its id. Those that this version cannot read
    /// are left out: a newer server wrote them.
    pub fn services(&self) -> Result<Vec<(RecordId, Service)>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, body FROM other WHERE kind = 'service'
             ORDER BY json_extract(body, '$.name.sv')",
        )?;
        let mut rows = statement.query([])?;
        let mut services = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            let id = RecordId(uuid(&id)?);
            services.extend(from_json(&body).ok().map(|service| (id, service)));
        }
        Ok(services)
    }

    /// The schemes of a service, in its order.
    pub fn schemes(&self, id: RecordId, service: &Service) -> Result<Vec<Scheme>, Fault> {
        let mut schemes = Vec::new();
        for code in &service.schemes {
            schemes.extend(self.scheme(id, code)?);
        }
        Ok(schemes)
    }

    /// A case with what belongs to it; `None` if it is not in this replica.
    pub fn case_file(&self, id: RecordId) -> Result<Option<CaseFile>, Fault> {
        let Some(case) = self.record::<Case>(Case::at(id))? else { return Ok(None) };
        let pending = |row: &OutboxRow| {
            row.state != OutboxState::Received && !matches!(row.command, Command::SendMessage(_))
        };
        let mut on_their_way = self.outbox_of(Some(&format!("case/{id}")))?;
        on_their_way.retain(pending);
        let (choice, letter) = self.typed_draft(&decision_place(id))?.unwrap_or_default();
        Ok(Some(CaseFile {
            service: self.settings_of(&case)?,
            scheme: self.scheme_of(&case)?,
            certificate: self.record(Certificate::at(id))?,
            contact: self.record(Contact::at(case.issuer, case.holder.person))?,
            events: self.events(id)?,
            staff: self.staff(case.issuer)?,
            letter,
            // written by the window: what it does not mean is not read
            choice: from_json(&choice).unwrap_or_default(),
            exam: self.draft(&exam_place(id))?.and_then(|text| from_json(&text).ok()),
            on_their_way,
            case,
        }))
    }

    /// How much of a case is here only: commands that are not decided, texts that are being written, and
    /// files that are picked. None of it would come through once somebody else has the case.
    pub fn unsent_in(&self, id: RecordId) -> Result<u64, Fault> {
        let Some(case) = self.record::<Case>(Case::at(id))? else { return Ok(0) };
        let scope = Scope::Case(case.issuer, id);
        let undecided = |row: &OutboxRow| {
            let open =
                matches!(row.state, OutboxState::Queued | OutboxState::Sent | OutboxState::Stuck);
            open && is_typed(&row.command) && is_within(&row.command, &scope)
        };
        let commands = self.outbox_of(None)?.iter().filter(|row| undecided(row)).count();
        let written = left::texts_in(&self.connection, &scope)?.len();
        let picked = self.picked_in(id)?.len();
        Ok(commands.saturating_add(written).saturating_add(picked) as u64)
    }

    fn events(&self, case: RecordId) -> Result<Vec<Event>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT body FROM event e WHERE case_id = ?1 AND (forecast = 1 OR NOT EXISTS (
               SELECT 1 FROM event o WHERE o.id = e.id AND o.forecast = 1))
             ORDER BY json_extract(body, '$.no') DESC, at DESC",
        )?;
        let bodies = statement.query_map([case.0.as_bytes()], |row| row.get::<_, String>(0))?;
        bodies.map(|body| from_json(&body?)).collect()
    }

    fn staff(&self, issuer: IssuerId) -> Result<Vec<Staff>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT body FROM other WHERE kind = 'staff' AND json_extract(body, '$.issuer') = ?1
             ORDER BY json_extract(body, '$.name')",
        )?;
        let bodies = statement.query_map([issuer.to_string()], |row| row.get::<_, String>(0))?;
        bodies.map(|body| from_json(&body?)).collect()
    }

    /// Every case, the one with the newest message first.
    pub fn cases(&self) -> Result<Vec<CaseRow>, Fault> {
        let mut statement = self.connection.prepare_cached(include_str!("list.sql"))?;
        let mut rows = statement.query([])?;
        let mut cases = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            let last: Option<i64> = row.get(2)?;
            let certificate: Option<String> = row.get(12)?;
            let id = RecordId(uuid(&id)?);
            cases.push(CaseRow {
                id,
                case: from_json(&body)?,
                last_message_at: last.map(time).transpose()?,
                waiting: row.get(3)?,
                unread: row.get(4)?,
                needed: row.get(5)?,
                accepted: row.get(6)?,
                submitted: row.get(7)?,
                refused: row.get(8)?,
                to_handle: row.get(9)?,
                drafts: row.get(10)?,
                unsent_files: row.get(11)?,
                contact_to_handle: row.get(13)?,
                certificate: certificate.as_deref().map(from_json).transpose()?,
            });
        }
        Ok(cases)
    }
}
