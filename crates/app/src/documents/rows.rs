//! What is done with a row as a whole: explained, settled from the archive, asked for; and when all is in.

use behorig_domain::{
    Command, RecordId,
    documents::{AcceptExplanation, DocumentRow, ExplainAbsence, Format, ReportReady, usable_name},
};
use behorig_files::word;
use behorig_store::{absence_place, completion_place, refusal_place};
use uuid::Uuid;

use crate::{
    App,
    app::blocking,
    messages::DRAFT_MAX,
    rpc::{
        Answer, Code, Completion, Empty, Explain, ExplanationRef, OfCase, QueuedCommand,
        RefuseExplanation, Saved, TakeFromArchive, TemplateOf,
    },
    shapes::record_id,
};

impl App {
    pub(crate) async fn explain_absence(&self, asked: Explain) -> Answer<QueuedCommand> {
        let row = record_id(&asked.row)?;
        let command = Command::ExplainAbsence(ExplainAbsence {
            id: RecordId(Uuid::now_v7()),
            case: record_id(&asked.case)?,
            row,
            absence: asked.absence,
            reason: asked.reason,
            written_at: (self.clock)(),
        });
        self.queue(command, Some(absence_place(row))).await
    }

    pub(crate) async fn save_explanation(&self, asked: Explain) -> Answer<Empty> {
        let place = absence_place(record_id(&asked.row)?);
        self.save_typed(place, asked.absence, asked.reason).await
    }

    pub(crate) async fn accept_explanation(&self, asked: ExplanationRef) -> Answer<QueuedCommand> {
        let (case, row) = (record_id(&asked.case)?, record_id(&asked.row)?);
        let explanation = record_id(&asked.explanation)?;
        let command = AcceptExplanation { case, row, explanation };
        self.queue(Command::AcceptExplanation(command), None).await
    }

    pub(crate) async fn refuse_explanation(
        &self,
        asked: RefuseExplanation,
    ) -> Answer<QueuedCommand> {
        let (case, row) = (record_id(&asked.case)?, record_id(&asked.row)?);
        let explanation = record_id(&asked.explanation)?;
        let reason = asked.reason;
        let command =
            behorig_domain::documents::RefuseExplanation { case, row, explanation, reason };
        self.queue(Command::RefuseExplanation(command), Some(refusal_place(explanation))).await
    }

    pub(crate) async fn take_from_archive(&self, asked: TakeFromArchive) -> Answer<QueuedCommand> {
        let (case, row) = (record_id(&asked.case)?, record_id(&asked.row)?);
        let document = record_id(&asked.document)?;
        let command = behorig_domain::documents::TakeFromArchive { case, row, document };
        self.queue(Command::TakeFromArchive(command), None).await
    }

    pub(crate) async fn report_ready(&self, asked: OfCase) -> Answer<QueuedCommand> {
        let command = ReportReady {
            case: record_id(&asked.case)?,
            letter: RecordId(Uuid::now_v7()),
            written_at: (self.clock)(),
        };
        self.queue(Command::ReportReady(command), None).await
    }

    pub(crate) async fn request_completion(&self, asked: Completion) -> Answer<QueuedCommand> {
        let case = record_id(&asked.case)?;
        let rows = asked.rows.iter().map(|id| record_id(id)).collect::<Answer<_>>()?;
        let command = behorig_domain::documents::RequestCompletion {
            case,
            rows,
            letter: RecordId(Uuid::now_v7()),
            text: asked.text,
            written_at: (self.clock)(),
        };
        let place = completion_place(case);
        self.queue(Command::RequestCompletion(command), Some(place)).await
    }

    pub(crate) async fn save_completion(&self, asked: Completion) -> Answer<Empty> {
        let place = completion_place(record_id(&asked.case)?);
        for id in &asked.rows {
            record_id(id)?;
        }
        self.save_typed(place, asked.rows.join(","), asked.text).await
    }

    /// Keeps a text with what it is to be.
    async fn save_typed(&self, place: String, kind: String, text: String) -> Answer<Empty> {
        if kind.len() > DRAFT_MAX || text.len() > DRAFT_MAX {
            return Err(Code::BadRequest.into());
        }
        let now = (self.clock)();
        self.keep_draft(move |store| store.put_draft(&place, &kind, &text, now)).await
    }

    /// Makes a Word document of a row's template, where the person wants it. Needs no line.
    pub(crate) async fn save_template(&self, asked: TemplateOf) -> Answer<Saved> {
        let (case, row) = (record_id(&asked.case)?, record_id(&asked.row)?);
        let found = self.with_store(move |store| {
            let row: Option<DocumentRow> = store.document_row(row)?;
            let row = row.filter(|row| row.case == case);
            let Some(case) = store.case(case)? else { return Ok((row, None)) };
            Ok((row, store.scheme_of(&case)?))
        });
        let (Some(row), Some(scheme)) = found.await? else {
            return Err(Code::BadRequest.into());
        };
        let template = scheme.document(&row.code).and_then(|it| it.template.clone());
        let template = template.ok_or(Code::BadRequest)?;
        let (name, text) = if asked.english {
            (template.name.en, template.text.en)
        } else {
            (template.name.sv, template.text.sv)
        };
        let name = usable_name(&format!("{name}.docx"), Format::Docx);
        let Some(path) = self.host.save_as(name).await else {
            return Ok(Saved { saved: false });
        };
        // the program may have been locked while the dialog stood open
        self.transport()?;
        let written = path.clone();
        blocking(move || word::docx(&text).and_then(|bytes| std::fs::write(written, bytes)))
            .await?
            .map_err(|_| Code::FileFailed)?;
        self.saved_template.put(path);
        Ok(Saved { saved: true })
    }

    pub(crate) async fn open_template(&self, Empty {}: Empty) -> Answer<Empty> {
        let path = self.saved_template.get().ok_or(Code::BadRequest)?;
        self.host.open_outside(path).await.map_err(|_| Code::NoProgram)?;
        Ok(Empty {})
    }
}
