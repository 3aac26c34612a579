//! Queries for lists of cases.

use behorig_domain::{Kind, Read, RecordId, RecordRef, Timestamp, cases::Case, identity::Profile};

use crate::{
    Fault, Store,
    outbox::from_json,
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
}

impl Store {
    /// The name of the person whose replica this is; `None` before the first pull.
    pub fn own_name(&self) -> Result<Option<String>, Fault> {
        let at =
            RecordRef { kind: Kind::Profile, id: RecordId(settings::person(&self.connection)?.0) };
        let Read::Found(record) = records::read(&self.connection, at)? else { return Ok(None) };
        let profile: Profile = record.read().map_err(|_| Fault::Malformed("profile"))?;
        Ok(Some(profile.name))
    }

    /// Every case, the one with the newest message first.
    pub fn cases(&self) -> Result<Vec<CaseRow>, Fault> {
        let mut statement = self.connection.prepare_cached(include_str!("list.sql"))?;
        let mut rows = statement.query([])?;
        let mut cases = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            let last: Option<i64> = row.get(2)?;
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
                contact_to_handle: row.get(12)?,
            });
        }
        Ok(cases)
    }
}
