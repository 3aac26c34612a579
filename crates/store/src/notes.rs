//! The notes on a case, and those that are being written.

use behorig_domain::{
    Command, RecordId,
    notes::{ChangeNote, Note, WriteNote},
};
use behorig_protocol::Refusal;

use crate::{Fault, OutboxState, Store, outbox::from_json, uuid};

/// A note as it stands here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRow {
    /// Its id.
    pub id: RecordId,
    /// What it says, as confirmed or as expected.
    pub note: Note,
    /// Where the newest command about it stands; `None` for one that came from the server as it is.
    pub state: Option<OutboxState>,
    /// Why that was refused.
    pub refused: Option<Refusal>,
    /// The change of it that is being written.
    pub draft: Option<String>,
    /// How often it had been changed when that was begun; `None` if none is being written.
    pub begun_from: Option<u32>,
}

/// Where a new note on a case is kept while it is being written.
pub fn note_place(case: RecordId) -> String {
    format!("note/{case}")
}

/// Where the change of a note is kept while it is being written.
pub fn note_change_place(note: RecordId) -> String {
    format!("note-change/{note}")
}

impl Store {
    /// The notes on a case, newest first, without those that were removed.
    pub fn notes(&self, case: RecordId) -> Result<Vec<NoteRow>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT n.id, n.body FROM other n
             WHERE n.kind = 'note' AND json_extract(n.body, '$.case') = ?1
               AND json_extract(n.body, '$.removed') = 0
               AND (n.forecast = 1 OR NOT EXISTS (
                 SELECT 1 FROM other o WHERE o.kind = n.kind AND o.id = n.id AND o.forecast = 1))
             ORDER BY json_extract(n.body, '$.at') DESC, n.id DESC",
        )?;
        let mut rows = statement.query([case.to_string()])?;
        let outbox = self.outbox_of(Some(&format!("notes/{case}")))?;
        let mut notes = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            let id = RecordId(uuid(&id)?);
            // what a newer version wrote is its own to show
            let Ok(note) = from_json(&body) else { continue };
            let newest = outbox.iter().find(|row| match &row.command {
                Command::WriteNote(WriteNote { id: note, .. })
                | Command::ChangeNote(ChangeNote { note, .. }) => *note == id,
                _ => false,
            });
            notes.push(NoteRow {
                id,
                note,
                state: newest.map(|row| row.state),
                refused: newest.and_then(|row| row.refused.clone()),
                draft: self.draft(&note_change_place(id))?,
                begun_from: self.begun_from(&note_change_place(id))?,
            });
        }
        Ok(notes)
    }

    /// A note; `None` if it is not in this replica.
    pub fn note(&self, id: RecordId) -> Result<Option<Note>, Fault> {
        self.record(Note::at(id))
    }
}
