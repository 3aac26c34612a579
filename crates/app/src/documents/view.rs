//! The documents of a case as a window shows them.

use behorig_domain::{
    Command, RecordId, Timestamp,
    documents::{self, DocumentRow, Explanation, NOTE_MAX},
    messages::{LENGTH_CEILING, Message},
    services::{RequiredDocument, Scheme, Words as BothWords},
};
use behorig_files::format::DEFAULT_MAX_BYTES;
use behorig_store::{
    CaseDocuments, OutboxRow, OutboxState, Picked, Store, StoredDocument, absence_place,
    completion_place, refusal_place,
};

use crate::{
    App,
    documents::format_name,
    rpc::{
        AbsenceView, Answer, ArchivedView, AskedView, Code, CompletionDraft, DocumentList,
        DocumentOrigin, DocumentView, ExplanationDraft, ExplanationView, Handling, OfCase,
        PickedFile, ReadyView, RowState, RowView, TakenView, Words,
    },
    shapes::{bytes, command_state, progress, record_id, rejection, words},
};

/// What the rows of a case are shown by, besides its records.
struct Written {
    person: behorig_domain::PersonId,
    /// By row: the reason for lacking its document as it is being written.
    absences: Vec<(RecordId, Option<(String, String)>)>,
    /// By explanation: the reason for refusing it as it is being written.
    refusals: Vec<(RecordId, Option<String>)>,
    completion: Option<(String, String)>,
    /// What the messages say that ask for completion.
    letters: Vec<(RecordId, Option<Message>)>,
}

impl Written {
    fn load(
        store: &Store,
        case: RecordId,
        of: &CaseDocuments,
    ) -> Result<Self, behorig_store::Fault> {
        let mut written = Self {
            person: store.identity()?.person,
            absences: Vec::new(),
            refusals: Vec::new(),
            completion: store.typed_draft(&completion_place(case))?,
            letters: Vec::new(),
        };
        for (id, row) in &of.rows {
            written.absences.push((*id, store.typed_draft(&absence_place(*id))?));
            for explanation in &row.explanations {
                let draft = store.draft(&refusal_place(explanation.id))?;
                written.refusals.push((explanation.id, draft));
            }
            if let Some(asked) = &row.asked {
                written.letters.push((asked.letter, store.message(asked.letter)?));
            }
        }
        Ok(written)
    }
}

/// What was kept under an id.
fn kept<T>(pairs: &[(RecordId, Option<T>)], id: RecordId) -> Option<&T> {
    pairs.iter().find(|(of, _)| *of == id)?.1.as_ref()
}

/// Where the newest command here stands that `is` one of these; nothing once it is done.
fn stands(outbox: &[OutboxRow], is: impl Fn(&Command) -> bool) -> Option<&OutboxRow> {
    let newest = outbox.iter().find(|row| is(&row.command))?;
    (newest.state != OutboxState::Received).then_some(newest)
}

impl App {
    pub(crate) async fn documents(&self, asked: OfCase) -> Answer<DocumentList> {
        let case = record_id(&asked.case)?;
        let found = self.with_store(move |store| {
            let Some(found) = store.documents(case)? else { return Ok(None) };
            let written = Written::load(store, case, &found)?;
            Ok(Some((found, written)))
        });
        let (found, written) = found.await?.ok_or(Code::BadRequest)?;
        let CaseDocuments { case, service, rows, outbox, .. } = &found;
        let service = service.as_ref();
        let ready = stands(outbox, |command| matches!(command, Command::ReportReady(_)));
        let (rows_named, text) = written.completion.clone().unwrap_or_default();
        let absences = service.map(|service| service.absences.clone()).unwrap_or_default();
        let max = service.map_or(DEFAULT_MAX_BYTES, |service| service.document_max);
        let max_text = service.map_or(LENGTH_CEILING, |service| service.message_max);
        Ok(DocumentList {
            rows: rows.iter().map(|(id, row)| self.row_view(*id, row, &found, &written)).collect(),
            mine_to_send: case.is_holder(written.person),
            mine_to_handle: case.is_officer(written.person),
            max_bytes: bytes(max),
            max_note: NOTE_MAX.try_into().unwrap_or(u32::MAX),
            undecided: case.stage == behorig_domain::cases::Stage::Application,
            absences: absences
                .into_iter()
                .map(|it| AbsenceView { code: it.code, name: words(it.name) })
                .collect(),
            ready: ReadyView {
                at: case.ready_at.map(|at| at.to_string()),
                state: ready.map(|row| command_state(row.state)),
                reason: ready.and_then(|row| row.refused.clone()).map(rejection),
            },
            completion: CompletionDraft {
                rows: rows_named.split(',').filter(|it| !it.is_empty()).map(Into::into).collect(),
                text,
            },
            max_text: max_text.try_into().unwrap_or(u32::MAX),
        })
    }

    fn row_view(
        &self,
        id: RecordId,
        row: &DocumentRow,
        found: &CaseDocuments,
        written: &Written,
    ) -> RowView {
        let asked_for = found.scheme.as_ref().and_then(|scheme| scheme.document(&row.code));
        let person = written.person;
        let all = |list: fn(&RequiredDocument) -> &Vec<BothWords>| {
            asked_for.map(|it| list(it).iter().cloned().map(words).collect()).unwrap_or_default()
        };
        // one that something else has come for stands among nothing
        let taken = row
            .taken
            .as_ref()
            .filter(|taken| !row.required || row.document == Some(taken.document));
        let from_archive =
            taken.and_then(|taken| found.common.iter().find(|stored| stored.id == taken.document));
        let own = found.documents.iter().filter(|stored| stored.document.row == id);
        let draft = kept(&written.absences, id).cloned().unwrap_or_default();
        RowView {
            id: id.to_string(),
            name: document_name(found.scheme.as_ref(), &row.code),
            help: words(asked_for.map_or_else(|| same(""), |it| it.help.clone())),
            required: row.required,
            state: match row.state {
                documents::RowState::Open => RowState::Open,
                documents::RowState::Submitted => RowState::Submitted,
                documents::RowState::Explained => RowState::Explained,
                documents::RowState::Accepted => RowState::Accepted,
            },
            picked: found.picked.iter().filter(|it| it.row == id).map(picked_view).collect(),
            documents: from_archive
                .into_iter()
                .chain(own)
                .map(|stored| {
                    self.document_view(stored, stored.document.author == person, &found.case.number)
                })
                .collect(),
            awaited: row.is_awaited(),
            checklist: all(|it| &it.checklist),
            refusal_reasons: all(|it| &it.refusal_reasons),
            template: asked_for.and_then(|it| it.template.clone()).map(|it| words(it.name)),
            asked: row.asked.as_ref().map(|asked| AskedView {
                by: asked.by_name.clone(),
                at: asked.at.to_string(),
                text: kept(&written.letters, asked.letter)
                    .map(|it| it.text.clone())
                    .unwrap_or_default(),
            }),
            explanations: explanations(id, row, found, written),
            explanation_draft: ExplanationDraft { absence: draft.0, reason: draft.1 },
            taken: taken.map(|taken| TakenView {
                by: taken.by_name.clone(),
                at: taken.at.to_string(),
                state: stands(&found.outbox, |command| {
                    matches!(command, Command::TakeFromArchive(take)
                        if take.row == id && take.document == taken.document)
                })
                .map_or(crate::rpc::CommandState::Received, |row| command_state(row.state)),
            }),
            archive: archive(row, found),
        }
    }

    fn document_view(&self, stored: &StoredDocument, mine: bool, number: &str) -> DocumentView {
        let document = &stored.document;
        let (handling, by, at, why) = handled(&document.handling);
        let (handling_state, handling_refused) = stored.handling.clone().unzip();
        let total = document.file.bytes;
        let common = document.common.as_ref();
        DocumentView {
            id: stored.id.to_string(),
            name: document.file.name.clone(),
            bytes: bytes(total),
            format: format_name(document.file.format),
            note: document.note.clone(),
            origin: match document.origin {
                documents::DocumentOrigin::Sent => DocumentOrigin::Sent,
                documents::DocumentOrigin::Post => DocumentOrigin::Post,
            },
            from_case: common.map(|it| it.number.clone()).filter(|it| it != number),
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
            handled_at: at.map(|at| at.to_string()),
            handled_why: why.to_owned(),
            handling_state: handling_state.map(command_state),
            handling_reason: handling_refused.flatten().map(rejection),
            refusal_draft: stored.refusal_draft.clone().unwrap_or_default(),
        }
    }
}

fn explanations(
    id: RecordId,
    row: &DocumentRow,
    found: &CaseDocuments,
    written: &Written,
) -> Vec<ExplanationView> {
    let absence = |code: &str| {
        let known = found.service.iter().flat_map(|service| &service.absences);
        let name = known.clone().find(|it| it.code == code).map(|it| it.name.clone());
        words(name.unwrap_or_else(|| same(code)))
    };
    let view = |explanation: &Explanation| {
        let is_this = |command: &Command| matches!(command, Command::ExplainAbsence(it) if it.id == explanation.id);
        let sending = stands(&found.outbox, is_this);
        let deciding = found.outbox.iter().find(|row| match &row.command {
            Command::AcceptExplanation(it) => it.explanation == explanation.id,
            Command::RefuseExplanation(it) => it.explanation == explanation.id,
            _ => false,
        });
        let (handling, by, at, why) = handled(&explanation.handling);
        ExplanationView {
            id: explanation.id.to_string(),
            absence: absence(&explanation.absence),
            reason: explanation.reason.clone(),
            author: explanation.author_name.clone(),
            mine: found.case.is_holder(written.person),
            at: explanation.received_at.to_string(),
            state: command_state(sending.map_or(OutboxState::Received, |row| row.state)),
            refused: sending.and_then(|row| row.refused.clone()).map(rejection),
            handling,
            handled_by: by.to_owned(),
            handled_at: at.map(|at| at.to_string()),
            handled_why: why.to_owned(),
            handling_state: deciding.map(|row| command_state(row.state)),
            handling_reason: deciding.and_then(|row| row.refused.clone()).map(rejection),
            refusal_draft: kept(&written.refusals, explanation.id).cloned().unwrap_or_default(),
        }
    };
    // what was refused as it stood is in no record; the outbox still has it
    let refused = found.outbox.iter().filter_map(|it| match &it.command {
        Command::ExplainAbsence(command)
            if command.row == id && it.state == OutboxState::Refused =>
        {
            Some(Explanation {
                id: command.id,
                absence: command.absence.clone(),
                reason: command.reason.clone(),
                author_name: found.case.holder.name.clone(),
                written_at: command.written_at,
                received_at: it.written_at,
                handling: documents::Handling::Waiting,
            })
        }
        _ => None,
    });
    let mut views: Vec<_> =
        row.explanations.iter().rev().cloned().chain(refused).map(|it| view(&it)).collect();
    views.sort_by(|one, two| two.at.cmp(&one.at));
    views
}

/// What of the person's other cases can be taken for a row.
fn archive(row: &DocumentRow, found: &CaseDocuments) -> Vec<ArchivedView> {
    let usable = found.common.iter().filter_map(|stored| {
        let common = stored.document.common.as_ref().filter(|it| it.code == row.code)?;
        let documents::Handling::Accepted { by_name, .. } = &stored.document.handling else {
            return None;
        };
        Some(ArchivedView {
            document: stored.id.to_string(),
            name: stored.document.file.name.clone(),
            number: common.number.clone(),
            at: stored.document.received_at.to_string(),
            accepted_by: by_name.clone(),
        })
    });
    usable.collect()
}

fn handled(handling: &documents::Handling) -> (Handling, &str, Option<Timestamp>, &str) {
    match handling {
        documents::Handling::Waiting => (Handling::Waiting, "", None, ""),
        documents::Handling::Replaced { at } => (Handling::Replaced, "", Some(*at), ""),
        documents::Handling::Accepted { by_name, at, .. } => {
            (Handling::Accepted, by_name.as_str(), Some(*at), "")
        }
        documents::Handling::Refused { by_name, at, reason, .. } => {
            (Handling::Refused, by_name.as_str(), Some(*at), reason.as_str())
        }
    }
}

/// What a document that a scheme asks for is called. What has no words yet is called by its code.
pub(crate) fn document_name(scheme: Option<&Scheme>, code: &str) -> Words {
    let known = scheme.and_then(|scheme| scheme.document(code));
    words(known.map_or_else(|| same(code), |it| it.name.clone()))
}

fn same(text: &str) -> BothWords {
    BothWords { sv: text.to_owned(), en: text.to_owned() }
}

pub(super) fn picked_view(picked: &Picked) -> PickedFile {
    PickedFile {
        file: Some(picked.file.id.to_string()),
        name: picked.file.name.clone(),
        bytes: bytes(picked.file.bytes),
        format: Some(format_name(picked.file.format)),
        note: picked.note.clone(),
        refused: None,
    }
}
