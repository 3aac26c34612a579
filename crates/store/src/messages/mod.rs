//! Queries for the messages of a case.

use std::collections::BTreeMap;

use behorig_domain::{Command, RecordId, Rejection, messages::Message};
use rusqlite::params;

use crate::{Fault, OutboxRow, OutboxState, Store, outbox::from_json, uuid};

/// A message in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Its id.
    pub id: RecordId,
    /// What it says, as confirmed or as expected.
    pub message: Message,
    /// Where it stands.
    pub state: OutboxState,
    /// Why it was refused.
    pub refused: Option<Rejection>,
}

impl Store {
    /// The messages of a case, newest first; what was refused stays among them with its reason.
    pub fn messages(&self, case: RecordId) -> Result<Vec<MessageRow>, Fault> {
        let outbox = self.outbox_of(Some(&format!("case/{case}")))?;
        let mut messages = self.confirmed_and_expected(case, &outbox)?;
        messages.extend(self.refused(case, outbox)?);
        messages.sort_by(|one, two| {
            let key = |row: &MessageRow| (row.message.received_at, row.id);
            key(two).cmp(&key(one))
        });
        Ok(messages)
    }

    fn confirmed_and_expected(
        &self,
        case: RecordId,
        outbox: &[OutboxRow],
    ) -> Result<Vec<MessageRow>, Fault> {
        let states: BTreeMap<RecordId, OutboxState> = outbox
            .iter()
            .filter_map(|row| match &row.command {
                Command::SendMessage(message) => Some((message.id, row.state)),
                _ => None,
            })
            .collect();
        let mut statement = self.connection.prepare_cached(include_str!("list.sql"))?;
        let mut rows = statement.query(params![case.0.as_bytes()])?;
        let mut messages = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            let expected: bool = row.get(2)?;
            let id = RecordId(uuid(&id)?);
            let state = match states.get(&id) {
                Some(state) if expected => *state,
                _ => OutboxState::Received,
            };
            messages.push(MessageRow { id, message: from_json(&body)?, state, refused: None });
        }
        Ok(messages)
    }

    fn refused(&self, case: RecordId, outbox: Vec<OutboxRow>) -> Result<Vec<MessageRow>, Fault> {
        let identity = self.identity()?;
        let Some(row) = self.cases()?.into_iter().find(|row| row.id == case) else {
            return Ok(Vec::new());
        };
        let name = row.case.party(identity.person).map(|party| party.name.clone());
        let refused = outbox.into_iter().filter_map(|row| match row.command {
            Command::SendMessage(message) if row.state == OutboxState::Refused => {
                Some((message, row.refused, row.written_at))
            }
            _ => None,
        });
        Ok(refused
            .map(|(command, refused, written_at)| MessageRow {
                id: command.id,
                message: Message {
                    issuer: row.case.issuer,
                    case,
                    thread: command.thread,
                    author: identity.person,
                    author_name: name.clone().unwrap_or_default(),
                    text: command.text,
                    written_at: command.written_at,
                    received_at: written_at,
                },
                state: OutboxState::Refused,
                refused,
            })
            .collect())
    }
}
