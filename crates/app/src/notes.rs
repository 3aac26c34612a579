//! The notes that officers keep on a case, as a window shows them.

use behorig_domain::{
    Command, RecordId,
    notes::{self, ChangeNote, NOTE_MAX, WriteNote},
};
use behorig_store::{NoteRow, OutboxState, Store, note_change_place, note_place};
use uuid::Uuid;

use crate::{
    App,
    messages::DRAFT_MAX,
    rpc::{
        Answer, Code, Empty, NoteChange, NoteList, NoteRef, NoteText, NoteView, OfCase,
        QueuedCommand,
    },
    shapes::{command_state, record_id, rejection},
};

impl App {
    pub(crate) async fn notes(&self, asked: OfCase) -> Answer<NoteList> {
        let case = record_id(&asked.case)?;
        self.with_store(move |store| {
            let me = store.identity()?.person;
            let is_mine = store.case(case)?.is_some_and(|case| case.is_officer(me));
            let view = |row: NoteRow| NoteView {
                id: row.id.to_string(),
                mine: row.note.author == me,
                changes: row.note.changes,
                begun_from: row.begun_from.unwrap_or(row.note.changes),
                author: row.note.author_name,
                text: row.note.text,
                at: row.note.at.to_string(),
                changed_at: row.note.changed_at.map(|at| at.to_string()),
                state: command_state(row.state.unwrap_or(OutboxState::Received)),
                reason: row.refused.map(rejection),
                draft: row.draft,
            };
            Ok(NoteList {
                notes: store.notes(case)?.into_iter().map(view).collect(),
                draft: store.draft(&note_place(case))?.unwrap_or_default(),
                max: NOTE_MAX.try_into().unwrap_or(u32::MAX),
                mine_to_write: is_mine,
            })
        })
        .await
    }

    pub(crate) async fn write_note(&self, asked: NoteText) -> Answer<QueuedCommand> {
        let case = record_id(&asked.case)?;
        let id = RecordId(Uuid::now_v7());
        let command = WriteNote { id, case, text: asked.text, written_at: (self.clock)() };
        self.queue(Command::WriteNote(command), Some(note_place(case))).await
    }

    pub(crate) async fn save_note_draft(&self, asked: NoteText) -> Answer<Empty> {
        let place = note_place(record_id(&asked.case)?);
        self.save_writing(place, String::new(), asked.text).await
    }

    pub(crate) async fn change_note(&self, asked: NoteChange) -> Answer<QueuedCommand> {
        let (note, changes, text) = (record_id(&asked.note)?, asked.changes, Some(asked.text));
        let case = self.known_note(note).await?.case;
        let command = ChangeNote { note, case, changes, text };
        self.queue(Command::ChangeNote(command), Some(note_change_place(note))).await
    }

    pub(crate) async fn save_note_change(&self, asked: NoteChange) -> Answer<Empty> {
        let place = note_change_place(record_id(&asked.note)?);
        self.save_change(place, asked.changes, String::new(), asked.text).await
    }

    /// Throws the change that is being written away; it stays among the earlier texts for 30 days.
    pub(crate) async fn discard_note_change(&self, asked: NoteRef) -> Answer<Empty> {
        let (place, now) = (note_change_place(record_id(&asked.note)?), (self.clock)());
        self.with_store(move |store| store.discard_draft(&place, now)).await?;
        self.wrote();
        Ok(Empty {})
    }

    pub(crate) async fn remove_note(&self, asked: NoteRef) -> Answer<QueuedCommand> {
        let note = record_id(&asked.note)?;
        let notes::Note { case, changes, .. } = self.known_note(note).await?;
        let command = ChangeNote { note, case, changes, text: None };
        self.queue(Command::ChangeNote(command), None).await
    }

    async fn known_note(&self, note: RecordId) -> Answer<notes::Note> {
        let found = self.with_store(move |store| store.note(note)).await?;
        Ok(found.ok_or(Code::BadRequest)?)
    }

    /// Keeps a text that is being written.
    pub(crate) async fn save_writing(
        &self,
        place: String,
        title: String,
        text: String,
    ) -> Answer<Empty> {
        check_draft(&title, &text)?;
        let now = (self.clock)();
        self.keep_draft(move |store| store.put_draft(&place, &title, &text, now)).await
    }

    /// Keeps the change of a text that is being written, and from which state of that it was begun.
    pub(crate) async fn save_change(
        &self,
        place: String,
        begun_from: u32,
        title: String,
        text: String,
    ) -> Answer<Empty> {
        check_draft(&title, &text)?;
        let now = (self.clock)();
        let put =
            move |store: &mut Store| store.put_change(&place, begun_from, (&title, &text), now);
        self.keep_draft(put).await
    }
}

fn check_draft(title: &str, text: &str) -> Answer<()> {
    let is_short = title.len().saturating_add(text.len()) <= DRAFT_MAX;
    is_short.then_some(()).ok_or_else(|| Code::BadRequest.into())
}
