//! The documents of a case: shown, sent in, accepted and refused.

mod fetch;
mod pick;

use behorig_domain::{
    Command, FileId, RecordId,
    documents::{self, AcceptDocument, Document, DocumentRow, Format, NOTE_MAX, SubmitDocument},
    services::{RequiredDocument, Service, Words as BothWords},
};
use behorig_files::format::DEFAULT_MAX_BYTES;
use behorig_store::{CaseDocuments, Picked, StoredDocument, refusal_place};
use uuid::Uuid;

use crate::{
    App,
    messages::DRAFT_MAX,
    rpc::{
        Answer, Code, DocumentList, DocumentRef, DocumentView, Empty, Handling, OfCase, PickedFile,
        PickedNote, PickedRef, QueuedCommand, RefuseDocument, RowState, RowView,
    },
    shapes::{bytes, command_state, progress, record_id, rejection, words},
};

pub(crate) use fetch::{Fetching, Opened, copy_out};
pub(crate) use pick::Dropped;

impl App {
    pub(crate) async fn documents(&self, asked: OfCase) -> Answer<DocumentList> {
        let case = record_id(&asked.case)?;
        let (found, person) = self
            .with_store(move |store| Ok((store.documents(case)?, store.identity()?.person)))
            .await?;
        let CaseDocuments { case, service, rows, documents, picked } =
            found.ok_or(Code::BadRequest)?;
        let row_view = |(id, row): (RecordId, DocumentRow)| {
            let asked_for = required(service.as_ref(), &case.scheme, &row.code);
            RowView {
                id: id.to_string(),
                name: words(asked_for.map_or_else(|| same(&row.code), |it| it.name.clone())),
                help: words(asked_for.map_or_else(|| same(""), |it| it.help.clone())),
                required: row.required,
                state: match row.state {
                    documents::RowState::Open => RowState::Open,
                    documents::RowState::Submitted => RowState::Submitted,
                    documents::RowState::Accepted => RowState::Accepted,
                },
                picked: picked.iter().filter(|it| it.row == id).map(picked_view).collect(),
                documents: documents
                    .iter()
                    .filter(|stored| stored.document.row == id)
                    .map(|stored| self.document_view(stored, stored.document.author == person))
                    .collect(),
            }
        };
        let max = service.as_ref().map_or(DEFAULT_MAX_BYTES, |service| service.document_max);
        Ok(DocumentList {
            rows: rows.into_iter().map(row_view).collect(),
            mine_to_send: case.is_holder(person),
            mine_to_handle: case.is_officer(person),
            max_bytes: bytes(max),
            max_note: NOTE_MAX.try_into().unwrap_or(u32::MAX),
        })
    }

    fn document_view(&self, stored: &StoredDocument, mine: bool) -> DocumentView {
        let document = &stored.document;
        let (handling, by, at, why) = match &document.handling {
            documents::Handling::Waiting => (Handling::Waiting, "", None, ""),
            documents::Handling::Replaced { at } => (Handling::Replaced, "", Some(at), ""),
            documents::Handling::Accepted { by_name, at } => {
                (Handling::Accepted, by_name.as_str(), Some(at), "")
            }
            documents::Handling::Refused { by_name, at, reason } => {
                (Handling::Refused, by_name.as_str(), Some(at), reason.as_str())
            }
        };
        let (handling_state, handling_refused) = stored.handling.clone().unzip();
        let total = document.file.bytes;
        DocumentView {
            id: stored.id.to_string(),
            name: document.file.name.clone(),
            bytes: bytes(total),
            format: format_name(document.file.format),
            note: document.note.clone(),
            author: document.author_name.clone(),
            mine,
            at: document.received_at.to_string(),
            state: command_state(stored.state),
            reason: stored.refused.clone().map(rejection),
            sending: stored.at_server.map(|done| progress(done, total)),
            fetching: self.fetching.of(stored.id).map(|done| progress(done, total)),
            here: stored.here,
            handling,
            handled_by: by.to_owned(),
            handled_at: at.map(ToString::to_string),
            handled_why: why.to_owned(),
            handling_state: handling_state.map(command_state),
            handling_reason: handling_refused.flatten().map(rejection),
            refusal_draft: stored.refusal_draft.clone().unwrap_or_default(),
        }
    }

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

    pub(crate) async fn submit_document(&self, asked: PickedNote) -> Answer<QueuedCommand> {
        let id = file_id(&asked.file)?;
        let picked = self.with_store(move |store| store.picked(id)).await?;
        let Picked { case, row, file, .. } = picked.ok_or(Code::BadRequest)?;
        let command = SubmitDocument {
            id: RecordId(Uuid::now_v7()),
            case,
            row,
            file,
            note: asked.note,
            written_at: (self.clock)(),
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
        self.with_store(move |store| store.put_draft(&place, "", &asked.reason, now)).await?;
        Ok(Empty {})
    }

    pub(crate) async fn document(&self, id: &str) -> Answer<(RecordId, Document)> {
        let id = record_id(id)?;
        let document = self.with_store(move |store| store.document(id)).await?;
        Ok((id, document.ok_or(Code::BadRequest)?))
    }
}

fn required<'a>(
    service: Option<&'a Service>,
    scheme: &str,
    code: &str,
) -> Option<&'a RequiredDocument> {
    service?.scheme(scheme)?.documents.iter().find(|document| document.code == code)
}

/// What has no words yet is called by its code.
fn same(text: &str) -> BothWords {
    BothWords { sv: text.to_owned(), en: text.to_owned() }
}

fn file_id(text: &str) -> Answer<FileId> {
    text.parse().map_err(|_| Code::BadRequest.into())
}

fn format_name(format: Format) -> String {
    format.extension().to_owned()
}

fn picked_view(picked: &Picked) -> PickedFile {
    PickedFile {
        file: Some(picked.file.id.to_string()),
        name: picked.file.name.clone(),
        bytes: bytes(picked.file.bytes),
        format: Some(format_name(picked.file.format)),
        note: picked.note.clone(),
        refused: None,
    }
}
