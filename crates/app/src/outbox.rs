//! What was written here to be sent, as a window shows it.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use behorig_domain::{
    Command, CommandId, RecordId,
    cases::Case,
    documents::{SubmitDocument, usable_name},
};
use behorig_store::{OutboxRow, OutboxState, Queued, Store};
use uuid::Uuid;

use crate::{
    App,
    app::blocking,
    applications::scheme_name,
    contact,
    documents::copy_out,
    rpc::{
        Answer, Code, Empty, OutboxEntry, OutboxKind, QueuedCommand, SaveEntry, Saved, Withdraw,
    },
    shapes::{command_state, progress, rejection},
};

/// What was received is shown so long, in milliseconds. The replica keeps it longer, for a server that loses it.
const SHOWN_FOR: i64 = 30 * 24 * 3_600_000;

/// What an entry says besides where it stands.
struct About {
    kind: OutboxKind,
    case: RecordId,
    /// What it is called, where it is no case yet.
    name: Option<String>,
    text: String,
    file_name: Option<String>,
}

impl App {
    /// Writes a command into the outbox. `clears` names a draft that it makes an end of.
    pub(crate) async fn queue(
        &self,
        command: Command,
        clears: Option<String>,
    ) -> Answer<QueuedCommand> {
        let now = (self.clock)();
        let id = CommandId(Uuid::now_v7());
        let queued =
            self.with_store(move |store| store.queue(id, &command, now, clears.as_deref()));
        match queued.await? {
            Queued::Queued(_) => {
                self.wrote();
                Ok(QueuedCommand { command: id.to_string() })
            }
            Queued::Refused(rejection) => Err(rejection.into()),
        }
    }

    pub(crate) async fn outbox(&self, Empty {}: Empty) -> Answer<Vec<OutboxEntry>> {
        let lately = (self.clock)().millis().saturating_sub(SHOWN_FOR);
        self.with_store(move |store| {
            let cases: BTreeMap<RecordId, Case> =
                store.cases()?.into_iter().map(|row| (row.id, row.case)).collect();
            let mut entries = Vec::new();
            for row in store.outbox()? {
                let is_old = row.state == OutboxState::Received
                    && row.decided_at.is_some_and(|at| at.millis() < lately);
                if is_old {
                    continue;
                }
                if let Some(entry) = entry(store, row, &cases)? {
                    entries.push(entry);
                }
            }
            Ok(entries)
        })
        .await
    }

    /// Takes back what has not left, or was refused; what was typed or picked becomes a draft again.
    pub(crate) async fn withdraw(&self, asked: Withdraw) -> Answer<Empty> {
        let id: CommandId = asked.command.parse().map_err(|_| Code::BadRequest)?;
        let now = (self.clock)();
        self.with_store(move |store| store.withdraw(id, now)).await?;
        self.wrote();
        Ok(Empty {})
    }

    /// Saves what an entry holds where the person wants it, whatever becomes of the entry.
    pub(crate) async fn save_entry(&self, asked: SaveEntry) -> Answer<Saved> {
        let id: CommandId = asked.command.parse().map_err(|_| Code::BadRequest)?;
        let command = self.with_store(move |store| store.written(id)).await?;
        match command.ok_or(Code::BadRequest)? {
            Command::SubmitDocument(SubmitDocument { file, .. }) => {
                let name = usable_name(&file.name, file.format);
                self.save_copy(name, async || {
                    let sealed = self.with_store(move |store| store.sealed(file.id)).await?;
                    let sealed = sealed.ok_or(Code::FileFailed)?;
                    Ok(blocking(move || sealed.open()).await?.map_err(|_| Code::FileFailed)?)
                })
                .await
            }
            _ => {
                let text = asked.text;
                self.save_copy(asked.name, async || {
                    // the program may have been locked while the dialog stood open
                    self.transport()?;
                    Ok(Cursor::new(text))
                })
                .await
            }
        }
    }

    /// Opens what is to be saved when the person has said where.
    async fn save_copy<R: Read + Send + 'static>(
        &self,
        name: String,
        open: impl AsyncFnOnce() -> Answer<R>,
    ) -> Answer<Saved> {
        let Some(path) = self.host.save_as(name).await else {
            return Ok(Saved { saved: false });
        };
        let reader = open().await?;
        blocking(move || copy_out(reader, &path, false)).await?.map_err(|_| Code::FileFailed)?;
        Ok(Saved { saved: true })
    }
}

fn entry(
    store: &Store,
    row: OutboxRow,
    cases: &BTreeMap<RecordId, Case>,
) -> Result<Option<OutboxEntry>, behorig_store::Fault> {
    let Some((about, file)) = about(store, row.command)? else { return Ok(None) };
    let sending = match file {
        Some(file) => store.sending(file)?.map(|(done, total)| progress(done, total)),
        None => None,
    };
    let case = cases.get(&about.case);
    Ok(Some(OutboxEntry {
        command: row.id.to_string(),
        kind: about.kind,
        case: about.case.to_string(),
        subject: case
            .map(|case| case.title.clone())
            .or(row.title)
            .or(about.name)
            .unwrap_or_default(),
        number: case.map(|case| case.number.clone()),
        text: about.text,
        file_name: about.file_name,
        sending,
        state: command_state(row.state),
        reason: row.refused.map(rejection),
        written_at: row.written_at.to_string(),
        sent_at: row.sent_at.map(|at| at.to_string()),
        decided_at: row.decided_at.map(|at| at.to_string()),
        can_withdraw: row.can_withdraw,
    }))
}

/// What a command does, as the outbox calls it; `None` for one whose way is not shown.
pub(crate) fn kind_of(command: &Command) -> Option<OutboxKind> {
    Some(match command {
        Command::SendMessage(_) => OutboxKind::SendMessage,
        Command::SubmitDocument(_) => OutboxKind::SubmitDocument,
        Command::AcceptDocument(_) => OutboxKind::AcceptDocument,
        Command::RefuseDocument(_) => OutboxKind::RefuseDocument,
        Command::ExplainAbsence(_) => OutboxKind::ExplainAbsence,
        Command::AcceptExplanation(_) => OutboxKind::AcceptExplanation,
        Command::RefuseExplanation(_) => OutboxKind::RefuseExplanation,
        Command::TakeFromArchive(_) => OutboxKind::TakeFromArchive,
        Command::ReportReady(_) => OutboxKind::ReportReady,
        Command::RequestCompletion(_) => OutboxKind::RequestCompletion,
        Command::AssignCase(_) => OutboxKind::AssignCase,
        Command::RecordExam(_) => OutboxKind::RecordExam,
        Command::GrantCertificate(_) => OutboxKind::GrantCertificate,
        Command::RefuseApplication(_) => OutboxKind::RefuseApplication,
        Command::WithdrawApplication(_) => OutboxKind::WithdrawApplication,
        Command::SetProofs(_) => OutboxKind::SetProofs,
        Command::Apply(_) => OutboxKind::Apply,
        Command::ProposeContactChange(_) => OutboxKind::ProposeContactChange,
        Command::WithdrawContactChange(_) => OutboxKind::WithdrawContactChange,
        Command::AcceptContactChange(_) => OutboxKind::AcceptContactChange,
        Command::RefuseContactChange(_) => OutboxKind::RefuseContactChange,
        Command::CompletePostalTask(_) => OutboxKind::CompletePostalTask,
        Command::WriteNote(_) => OutboxKind::WriteNote,
        Command::ChangeNote(_) => OutboxKind::ChangeNote,
        Command::WriteTemplate(_) => OutboxKind::WriteTemplate,
        Command::ChangeTemplate(_) => OutboxKind::ChangeTemplate,
        // the program's own, and the issuer's own systems', which are never written here
        Command::MarkRead(_)
        | Command::OpenCase(_)
        | Command::RecordCertificate(_)
        | Command::RegisterPerson(_)
        | Command::AppointOfficer(_)
        | Command::SetContact(_)
        | Command::PublishService(_) => return None,
    })
}

/// What a command is about, and the file that it sends.
fn about(
    store: &Store,
    command: Command,
) -> Result<Option<(About, Option<behorig_domain::FileId>)>, behorig_store::Fault> {
    let name_of = |document| -> Result<_, behorig_store::Fault> {
        Ok(store.document(document)?.map(|document| document.file.name))
    };
    let Some(kind) = kind_of(&command) else { return Ok(None) };
    let plain = |case, text| (About { kind, case, name: None, text, file_name: None }, None);
    Ok(Some(match command {
        Command::SendMessage(message) => plain(message.case, message.text),
        Command::SubmitDocument(submit) => {
            let file_name = Some(submit.file.name);
            (About { file_name, ..plain(submit.case, submit.note).0 }, Some(submit.file.id))
        }
        Command::AcceptDocument(accept) => {
            let file_name = name_of(accept.document)?;
            (About { file_name, ..plain(accept.case, String::new()).0 }, None)
        }
        Command::RefuseDocument(refuse) => {
            let file_name = name_of(refuse.document)?;
            (About { file_name, ..plain(refuse.case, refuse.reason).0 }, None)
        }
        Command::ExplainAbsence(explain) => plain(explain.case, explain.reason),
        Command::AcceptExplanation(accept) => plain(accept.case, String::new()),
        Command::RefuseExplanation(refuse) => plain(refuse.case, refuse.reason),
        Command::TakeFromArchive(take) => {
            let file_name = name_of(take.document)?;
            (About { file_name, ..plain(take.case, String::new()).0 }, None)
        }
        Command::ReportReady(ready) => plain(ready.case, String::new()),
        Command::RequestCompletion(request) => plain(request.case, request.text),
        Command::AssignCase(assign) => plain(assign.case, String::new()),
        Command::RecordExam(exam) => plain(exam.case, exam.mark),
        Command::GrantCertificate(grant) => plain(grant.case, grant.text),
        Command::RefuseApplication(refuse) => plain(refuse.case, refuse.text),
        Command::WithdrawApplication(withdraw) => plain(withdraw.case, String::new()),
        Command::SetProofs(proofs) => plain(proofs.case, String::new()),
        Command::Apply(apply) => {
            let name = Some(scheme_name(store, &apply)?.sv);
            (About { name, ..plain(apply.case, apply.text).0 }, None)
        }
        Command::ProposeContactChange(propose) => {
            let new = propose.changes.iter().map(|it| contact::change(it).to);
            let text = new.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
            plain(propose.case, text)
        }
        Command::WithdrawContactChange(withdraw) => plain(withdraw.case, String::new()),
        Command::AcceptContactChange(accept) => plain(accept.case, String::new()),
        Command::RefuseContactChange(refuse) => plain(refuse.case, refuse.reason),
        Command::CompletePostalTask(done) => {
            let Some(task) = store.postal_task(done.task)? else { return Ok(None) };
            plain(task.case, task.number)
        }
        Command::WriteNote(write) => plain(write.case, write.text),
        Command::ChangeNote(change) => plain(change.case, change.text.unwrap_or_default()),
        // no case's: the template's title is what it is called
        Command::WriteTemplate(write) => {
            let name = Some(write.title);
            (About { name, ..plain(write.id, write.text).0 }, None)
        }
        Command::ChangeTemplate(change) => {
            let known = store.template(change.template)?.map(|template| template.title);
            let (title, text) = match change.to {
                Some(to) => (Some(to.title), to.text),
                None => (known, String::new()),
            };
            (About { name: title, ..plain(change.template, text).0 }, None)
        }
        Command::MarkRead(_)
        | Command::OpenCase(_)
        | Command::RecordCertificate(_)
        | Command::RegisterPerson(_)
        | Command::AppointOfficer(_)
        | Command::SetContact(_)
        | Command::PublishService(_) => return Ok(None),
    }))
}
