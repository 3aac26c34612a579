//! The documents of a case: shown, sent in, accepted and refused.

mod fetch;
mod look;
mod pick;
mod rows;
mod view;

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use behorig_domain::{
    Command, FileId, RecordId,
    documents::{self, AcceptDocument, Document, DocumentOrigin, Format, SubmitDocument},
};
use behorig_store::{Picked, refusal_place};
use uuid::Uuid;

use crate::{
    App,
    messages::DRAFT_MAX,
    rpc::{
        Answer, Code, DocumentRef, Empty, MovePicked, PickedNote, PickedRef, QueuedCommand,
        RefuseDocument, SubmitPicked,
    },
    shapes::record_id,
};

pub(crate) use fetch::{Fetching, Opened, copy_out};
pub(crate) use pick::Dropped;
pub(crate) use view::document_name;
use view::picked_view;

/// Where the template lies that the person saved last. The page never holds a path.
#[derive(Default)]
pub(crate) struct SavedTemplate(Mutex<Option<PathBuf>>);

impl SavedTemplate {
    fn put(&self, path: PathBuf) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(path);
    }

    fn get(&self) -> Option<PathBuf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl App {
    pub(crate) async fn save_note(&self, asked: PickedNote) -> Answer<Empty> {
        let file = file_id(&asked.file)?;
        // longer than may be sent is kept all the same: it is being written
        if asked.note.len() > DRAFT_MAX {
            return Err(Code::BadRequest.into());
        }
        let kept = self.with_store(move |store| store.put_note(file, &asked.note)).await?;
        if kept { Ok(Empty {}) } else { Err(Code::BadRequest.into()) }
    }

    pub(crate) async fn discard_picked(&self, asked: PickedRef) -> Answer<Empty> {
        let file = file_id(&asked.file)?;
        self.with_store(move |store| store.discard_picked(file)).await?;
        self.wrote();
        Ok(Empty {})
    }

    pub(crate) async fn move_picked(&self, asked: MovePicked) -> Answer<Empty> {
        let (file, row) = (file_id(&asked.file)?, record_id(&asked.row)?);
        let moved = self.with_store(move |store| store.move_picked(file, row)).await?;
        self.wrote();
        if moved { Ok(Empty {}) } else { Err(Code::BadRequest.into()) }
    }

    /// What the officer of a case adds came by post.
    pub(crate) async fn submit_document(&self, asked: SubmitPicked) -> Answer<QueuedCommand> {
        let id = file_id(&asked.file)?;
        let found = self.with_store(move |store| {
            let Some(picked) = store.picked(id)? else { return Ok(None) };
            let person = store.identity()?.person;
            let case = store.case(picked.case)?;
            Ok(Some((picked, case.is_some_and(|case| case.is_officer(person)))))
        });
        let (picked, by_officer) = found.await?.ok_or(Code::BadRequest)?;
        let Picked { case, row, file, .. } = picked;
        let command = SubmitDocument {
            id: RecordId(Uuid::now_v7()),
            case,
            row,
            file,
            note: asked.note,
            written_at: (self.clock)(),
            origin: if by_officer { DocumentOrigin::Post } else { DocumentOrigin::Sent },
            checked: asked.checked,
        };
        self.queue(Command::SubmitDocument(command), None).await
    }

    pub(crate) async fn accept_document(&self, asked: DocumentRef) -> Answer<QueuedCommand> {
        let (document, Document { case, row, .. }) = self.document(&asked.document).await?;
        self.queue(Command::AcceptDocument(AcceptDocument { case, row, document }), None).await
    }

    pub(crate) async fn refuse_document(&self, asked: RefuseDocument) -> Answer<QueuedCommand> {
        let (document, Document { case, row, .. }) = self.document(&asked.document).await?;
        let reason = asked.reason;
        let command = documents::RefuseDocument { case, row, document, reason };
        self.queue(Command::RefuseDocument(command), Some(refusal_place(document))).await
    }

    pub(crate) async fn save_refusal(&self, asked: RefuseDocument) -> Answer<Empty> {
        let place = refusal_place(record_id(&asked.document)?);
        if asked.reason.len() > DRAFT_MAX {
            return Err(Code::BadRequest.into());
        }
        let now = (self.clock)();
        self.keep_draft(move |store| store.put_draft(&place, "", &asked.reason, now)).await
    }

    pub(crate) async fn document(&self, id: &str) -> Answer<(RecordId, Document)> {
        let id = record_id(id)?;
        let document = self.with_store(move |store| store.document(id)).await?;
        Ok((id, document.ok_or(Code::BadRequest)?))
    }
}

fn file_id(text: &str) -> Answer<FileId> {
    text.parse().map_err(|_| Code::BadRequest.into())
}

fn format_name(format: Format) -> String {
    format.extension().to_owned()
}
