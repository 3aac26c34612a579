//! Queries for the messages of a case.

use std::{cmp::Reverse, collections::BTreeMap};

use behorig_domain::{
    Command, CommandId, Kind, RecordId, RecordRef,
    cases::Case,
    messages::{Message, Origin},
    writes,
};
use behorig_protocol::Refusal;
use rusqlite::params;

use crate::{Fault, OutboxRow, OutboxState, Store, outbox::from_json, settings, uuid};

/// A message in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Its id.
    pub id: RecordId,
    /// What it says, as confirmed or as expected.
    pub message: Message,
    /// The command that sends it, while it is on its way or was refused.
    pub command: Option<CommandId>,
    /// Where it stands.
    pub state: OutboxState,
    /// Whether it is the other party's and lies past the person's read mark.
    pub unread: bool,
    /// Why it was refused.
    pub refused: Option<Refusal>,
}

/// What a list is ordered by. No order is read from ids.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// When the server received it, and its revision among those of the same moment.
    Decided(i64, i64),
    /// Not decided yet: newer than all that is, in the order of writing.
    Pending(usize),
}

impl Store {
    /// The messages of a case, newest first; what was refused stays among them with its reason.
    pub fn messages(&self, case: RecordId) -> Result<Vec<MessageRow>, Fault> {
        let mut outbox = self.outbox_of(Some(&format!("case/{case}")))?;
        outbox.extend(self.outbox_of(Some(&format!("rows/{case}")))?);
        outbox.reverse();
        outbox.sort_by_key(|row| row.written_at);
        let mut placed = self.confirmed_and_expected(case, &outbox)?;
        placed.extend(self.refused(case, outbox)?);
        placed.sort_by(|(one, _), (two, _)| Reverse(one).cmp(&Reverse(two)));
        Ok(placed.into_iter().map(|(_, row)| row).collect())
    }

    /// `outbox` holds what makes messages in the case, oldest first.
    fn confirmed_and_expected(
        &self,
        case: RecordId,
        outbox: &[OutboxRow],
    ) -> Result<Vec<(Place, MessageRow)>, Fault> {
        let written: BTreeMap<RecordId, (usize, &OutboxRow)> = outbox
            .iter()
            .enumerate()
            .flat_map(|(position, row)| {
                let made = writes(&row.command).into_iter().filter(|at| at.kind == Kind::Message);
                made.map(move |at| (at.id, (position, row)))
            })
            .collect();
        let person = settings::person(&self.connection)?;
        let mut statement = self.connection.prepare_cached(include_str!("list.sql"))?;
        let mut rows = statement.query(params![case.0.as_bytes()])?;
        let mut messages = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            let expected: bool = row.get(2)?;
            let rev: Option<i64> = row.get(3)?;
            let read_to: Option<i64> = row.get(4)?;
            let id = RecordId(uuid(&id)?);
            let message: Message = from_json(&body)?;
            let unread = !expected
                && message.author != person
                && read_to.is_none_or(|read_to| read_to < message.received_at.millis());
            let (place, command, state) = match written.get(&id) {
                Some((position, row)) if expected => {
                    (Place::Pending(*position), Some(row.id), row.state)
                }
                _ => {
                    let at = message.received_at.millis();
                    (Place::Decided(at, rev.unwrap_or_default()), None, OutboxState::Received)
                }
            };
            let row = MessageRow { id, message, command, state, unread, refused: None };
            messages.push((place, row));
        }
        Ok(messages)
    }

    fn refused(
        &self,
        case: RecordId,
        outbox: Vec<OutboxRow>,
    ) -> Result<Vec<(Place, MessageRow)>, Fault> {
        let author = self.identity()?.person;
        let at = RecordRef { kind: Kind::Case, id: case };
        let Some(of_case) = self.record::<Case>(at)? else { return Ok(Vec::new()) };
        let name = of_case.party(author).map(|party| party.name.clone()).unwrap_or_default();
        let refused = outbox.into_iter().filter_map(|row| match row.command {
            Command::SendMessage(message) if row.state == OutboxState::Refused => {
                Some((row.id, message, row.refused, row.written_at))
            }
            _ => None,
        });
        Ok(refused
            .map(|(id, command, refused, written_at)| {
                let message = Message {
                    origin: Origin::Written,
                    issuer: of_case.issuer,
                    case,
                    thread: command.thread,
                    message_type: command.message_type,
                    author,
                    author_name: name.clone(),
                    text: command.text,
                    documents: Vec::new(),
                    written_at: command.written_at,
                    received_at: written_at,
                };
                let row = MessageRow {
                    id: command.id,
                    message,
                    command: Some(id),
                    state: OutboxState::Refused,
                    unread: false,
                    refused,
                };
                (Place::Decided(written_at.millis(), 0), row)
            })
            .collect())
    }
}
