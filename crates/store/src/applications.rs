//! The application that is being written. There is one at a time.

use behorig_domain::{Command, RecordId, Timestamp, applications::Apply};
use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};

use crate::{
    Fault, OutboxRow, OutboxState, Store, drafts,
    outbox::{from_json, json},
};

/// Where it is kept.
pub const APPLICATION_PLACE: &str = "application";

/// What is chosen and filled in beside the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationChoice {
    /// The service; `None` before anything is chosen.
    pub service: Option<RecordId>,
    /// What is applied for; empty before anything is chosen.
    pub scheme: String,
    /// The case whose certificate is to be renewed.
    pub renews: Option<RecordId>,
    /// Exactly as typed.
    pub identity_number: String,
}

impl Store {
    /// The application that is being written: what is chosen, and the text.
    pub fn application_draft(&self) -> Result<Option<(ApplicationChoice, String)>, Fault> {
        let row: Option<(String, String)> = self
            .connection
            .prepare_cached("SELECT message_type, text FROM draft WHERE place = ?1")?
            .query_row([APPLICATION_PLACE], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        row.map(|(choice, text)| Ok((from_json(&choice)?, text))).transpose()
    }

    /// Keeps the application that is being written.
    pub fn put_application_draft(
        &mut self,
        choice: &ApplicationChoice,
        text: &str,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let choice = json(choice)?;
        self.transact(|connection| drafts::put(connection, APPLICATION_PLACE, &choice, text, now))
    }

    /// The applications that were sent from here and are not cases yet, newest first.
    pub fn applications_under_way(&self) -> Result<Vec<(Apply, OutboxRow)>, Fault> {
        let rows = self.outbox()?.into_iter().filter(|row| row.state != OutboxState::Received);
        let apply = |row: OutboxRow| match &row.command {
            Command::Apply(apply) => Some((apply.clone(), row)),
            _ => None,
        };
        Ok(rows.filter_map(apply).collect())
    }
}

/// An application that was taken back or refused is being written again, below what may stand there now.
pub(crate) fn write_again(
    connection: &Connection,
    apply: &Apply,
    now: Timestamp,
) -> Result<(), Fault> {
    let choice = json(&ApplicationChoice {
        service: Some(apply.service),
        scheme: apply.scheme.clone(),
        renews: apply.renews,
        identity_number: apply.identity_number.spelt(),
    })?;
    if apply.text.trim().is_empty() {
        let before = drafts::get(connection, APPLICATION_PLACE)?.unwrap_or_default();
        return drafts::put(connection, APPLICATION_PLACE, &choice, &before, now);
    }
    drafts::append(connection, APPLICATION_PLACE, &choice, &apply.text, now)
}
