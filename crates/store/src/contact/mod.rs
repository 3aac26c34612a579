//! Queries for what a body holds on a person, and for the letters that are to be posted.

use std::collections::BTreeMap;

use behorig_domain::{
    Command, CommandId, Kind, RecordId, RecordRef, Timestamp,
    cases::Case,
    contact::{Contact, ContactProposal, Field, FieldChange, PostalTask, ProposeContactChange},
};
use behorig_protocol::Refusal;
use rusqlite::Connection;

use crate::{
    Fault, OutboxRow, OutboxState, Store, drafts,
    outbox::{from_json, json},
    uuid,
};

/// What a body holds on the person whose case it is, and what they propose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseContact {
    /// The case.
    pub case: Case,
    /// Where the details are.
    pub id: RecordId,
    /// The details, as confirmed: what is expected to change stands in the proposal.
    pub contact: Contact,
    /// The latest proposal, as confirmed or as expected.
    pub proposal: Option<ContactProposal>,
    /// Where a proposal that was written here stands, as long as the server has not received it.
    pub proposing: Option<Proposing>,
    /// Where this person's own decision on the proposal stands, and why it was refused.
    pub deciding: Option<(OutboxState, Option<Refusal>)>,
    /// The form as it is being filled in.
    pub draft: Option<String>,
    /// The reason for a refusal as it is being written.
    pub refusal_draft: Option<String>,
}

/// A proposal on its way, or one that the server did not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposing {
    /// Its command.
    pub command: CommandId,
    /// What it is to change.
    pub changes: Vec<FieldChange>,
    /// Where it stands.
    pub state: OutboxState,
    /// Why it was refused.
    pub refused: Option<Refusal>,
    /// Whether it is still here only.
    pub can_withdraw: bool,
    /// When it was written.
    pub written_at: Timestamp,
}

/// Where the form for a person's details is kept while it is being filled in.
pub fn contact_place(contact: RecordId) -> String {
    format!("contact/{contact}")
}

/// Where the reason for refusing a proposal is kept while it is being written.
pub fn contact_refusal_place(contact: RecordId) -> String {
    format!("contact-refusal/{contact}")
}

/// What was typed over some of the details, as the form is kept. Written by the window: what it does not
/// mean is not read.
pub fn typed_details(draft: &str) -> BTreeMap<Field, String> {
    let all: BTreeMap<String, String> = serde_json::from_str(draft).unwrap_or_default();
    let known = |field: &Field| Some((*field, all.get(field.name())?.clone()));
    Field::ALL.iter().filter_map(known).collect()
}

/// What was to change becomes part of the form again. What was typed there since stays.
pub(crate) fn draft_again(
    connection: &Connection,
    command: &ProposeContactChange,
    now: Timestamp,
) -> Result<(), Fault> {
    let place = contact_place(command.contact);
    let before = drafts::get(connection, &place)?.unwrap_or_default();
    let mut typed = typed_details(&before);
    for change in &command.changes {
        typed.entry(change.field).or_insert_with(|| change.to.clone());
    }
    let named: BTreeMap<&str, String> =
        typed.into_iter().map(|(field, text)| (field.name(), text)).collect();
    drafts::put(connection, &place, "", &json(&named)?, now)
}

impl Store {
    /// What a body holds on the person whose case it is; `None` if it is not in this replica.
    pub fn contact(&self, case: RecordId) -> Result<Option<CaseContact>, Fault> {
        let Some(case) = self.record::<Case>(Case::at(case))? else { return Ok(None) };
        let RecordRef { id, .. } = Contact::at(case.issuer, case.holder.person);
        let Some(contact) = self.confirmed_contact(id)? else { return Ok(None) };
        let proposal: Option<ContactProposal> = self.record(ContactProposal::at(id))?;
        let outbox = self.outbox_of(Some(&format!("contact/{id}")))?;
        let decides = |row: &&OutboxRow| {
            let decided = match &row.command {
                Command::AcceptContactChange(command) => command.proposal,
                Command::RefuseContactChange(command) => command.proposal,
                Command::WithdrawContactChange(command) => command.proposal,
                _ => return false,
            };
            proposal.as_ref().is_some_and(|proposal| proposal.id == decided)
        };
        let deciding = outbox.iter().find(decides).map(|row| (row.state, row.refused.clone()));
        Ok(Some(CaseContact {
            case,
            id,
            contact,
            deciding,
            proposing: proposing(&outbox, proposal.as_ref()),
            proposal,
            draft: drafts::get(&self.connection, &contact_place(id))?,
            refusal_draft: drafts::get(&self.connection, &contact_refusal_place(id))?,
        }))
    }

    /// The details as the server has them.
    fn confirmed_contact(&self, id: RecordId) -> Result<Option<Contact>, Fault> {
        let sql = "SELECT body FROM other WHERE kind = ?1 AND id = ?2 AND forecast = 0";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((Kind::Contact.name(), id.0.as_bytes()))?;
        rows.next()?.map(|row| from_json(&row.get::<_, String>(0)?)).transpose()
    }

    /// The letters that are to be posted and those that this person has just noted as posted, oldest first.
    pub fn postal_tasks(&self) -> Result<Vec<(RecordId, PostalTask)>, Fault> {
        let mut statement = self.connection.prepare_cached(include_str!("postal_tasks.sql"))?;
        let mut rows = statement.query([])?;
        let mut tasks = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            // what a newer version wrote is its own to show
            if let Ok(task) = from_json(&body) {
                tasks.push((RecordId(uuid(&id)?), task));
            }
        }
        Ok(tasks)
    }

    /// A letter; `None` if it is not in this replica.
    pub fn postal_task(&self, id: RecordId) -> Result<Option<PostalTask>, Fault> {
        self.record(RecordRef { kind: Kind::PostalTask, id })
    }

    /// Where noting that a letter is posted stands, if this person did.
    pub fn posting(&self, task: RecordId) -> Result<Option<OutboxState>, Fault> {
        let outbox = self.outbox_of(Some(&format!("post/{task}")))?;
        Ok(outbox.first().map(|row| row.state))
    }
}

/// The newest proposal in the outbox, unless the server has received it, or it was refused and another one
/// has come after it.
fn proposing(outbox: &[OutboxRow], latest: Option<&ContactProposal>) -> Option<Proposing> {
    let proposes = |row: &OutboxRow| match &row.command {
        Command::ProposeContactChange(command) => Some((row.clone(), command.clone())),
        _ => None,
    };
    let (row, command) = outbox.iter().find_map(proposes)?;
    let is_over = match row.state {
        OutboxState::Received => true,
        OutboxState::Refused => latest.is_some_and(|latest| latest.received_at > row.written_at),
        OutboxState::Queued | OutboxState::Sent | OutboxState::Stuck => false,
    };
    (!is_over).then_some(Proposing {
        command: row.id,
        changes: command.changes,
        state: row.state,
        refused: row.refused,
        can_withdraw: row.can_withdraw,
        written_at: row.written_at,
    })
}
