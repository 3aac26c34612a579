//! What was written here to be sent, as a window shows it.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use behorig_domain::{
    Command, CommandId, FileId, RecordId,
    applications::Apply,
    cases::Case,
    documents::{FileRef, SubmitDocument, usable_name},
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
    subject: Subject,
    text: String,
    /// The file that it sends.
    file: Option<FileRef>,
    /// The document that it is about.
    document: Option<RecordId>,
}

/// What an entry is in.
enum Subject {
    Case(RecordId),
    /// A letter that is to be posted.
    Letter(RecordId),
    /// No case yet.
    Application(Box<Apply>),
    /// A text that the officers share, and its title if the command says it.
    Template(RecordId, Option<String>),
}

impl About {
    fn new(kind: OutboxKind, subject: Subject) -> Self {
        Self { kind, subject, text: String::new(), file: None, document: None }
    }

    fn saying(self, text: &str) -> Self {
        Self { text: text.to_owned(), ..self }
    }

    fn on(self, document: RecordId) -> Self {
        Self { document: Some(document), ..self }
    }
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
                self.save_file(usable_name(&file.name, file.format), file.id).await
            }
            _ => self.save_text(asked.name, asked.text).await,
        }
    }

    pub(crate) async fn save_file(&self, name: String, file: FileId) -> Answer<Saved> {
        self.save_copy(name, async || {
            let sealed = self.with_store(move |store| store.sealed(file)).await?;
            let sealed = sealed.ok_or(Code::FileFailed)?;
            Ok(blocking(move || sealed.open()).await?.map_err(|_| Code::FileFailed)?)
        })
        .await
    }

    pub(crate) async fn save_text(&self, name: String, text: String) -> Answer<Saved> {
        self.save_copy(name, async || {
            // the program may have been locked while the dialog stood open
            self.transport()?;
            Ok(Cursor::new(text))
        })
        .await
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
    let Some(about) = about(&row.command) else { return Ok(None) };
    let (id, name, text) = match about.subject {
        Subject::Case(case) => (case, None, about.text),
        Subject::Application(apply) => {
            (apply.case, Some(scheme_name(store, &apply)?.sv), about.text)
        }
        Subject::Template(id, title) => {
            let title = match title {
                Some(title) => Some(title),
                None => store.template(id)?.map(|template| template.title),
            };
            (id, title, about.text)
        }
        Subject::Letter(task) => {
            let Some(task) = store.postal_task(task)? else { return Ok(None) };
            (task.case, None, task.number)
        }
    };
    let sending = match &about.file {
        Some(file) => store.sending(file.id)?.map(|(done, total)| progress(done, total)),
        None => None,
    };
    let document = match about.document {
        Some(document) => store.document(document)?.map(|document| document.file),
        None => about.file,
    };
    let case = cases.get(&id);
    let called = case.map(|case| case.title.clone()).or(row.title).or(name);
    Ok(Some(OutboxEntry {
        command: row.id.to_string(),
        kind: about.kind,
        case: id.to_string(),
        subject: called.unwrap_or_default(),
        number: case.map(|case| case.number.clone()).or(row.number),
        here: case.is_some(),
        text,
        file_name: document.map(|file| file.name),
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
    about(command).map(|about| about.kind)
}

/// What a command is about; `None` for one whose way is not shown.
fn about(command: &Command) -> Option<About> {
    use OutboxKind as Is;
    let of = |kind, case: RecordId| About::new(kind, Subject::Case(case));
    Some(match command {
        Command::SendMessage(it) => of(Is::SendMessage, it.case).saying(&it.text),
        Command::SubmitDocument(it) => About {
            file: Some(it.file.clone()),
            ..of(Is::SubmitDocument, it.case).saying(&it.note)
        },
        Command::AcceptDocument(it) => of(Is::AcceptDocument, it.case).on(it.document),
        Command::RefuseDocument(it) => {
            of(Is::RefuseDocument, it.case).on(it.document).saying(&it.reason)
        }
        Command::ExplainAbsence(it) => of(Is::ExplainAbsence, it.case).saying(&it.reason),
        Command::AcceptExplanation(it) => of(Is::AcceptExplanation, it.case),
        Command::RefuseExplanation(it) => of(Is::RefuseExplanation, it.case).saying(&it.reason),
        Command::TakeFromArchive(it) => of(Is::TakeFromArchive, it.case).on(it.document),
        Command::ReportReady(it) => of(Is::ReportReady, it.case),
        Command::RequestCompletion(it) => of(Is::RequestCompletion, it.case).saying(&it.text),
        Command::AssignCase(it) => of(Is::AssignCase, it.case),
        Command::RecordExam(it) => of(Is::RecordExam, it.case).saying(&it.mark),
        Command::GrantCertificate(it) => of(Is::GrantCertificate, it.case).saying(&it.text),
        Command::RefuseApplication(it) => of(Is::RefuseApplication, it.case).saying(&it.text),
        Command::WithdrawApplication(it) => of(Is::WithdrawApplication, it.case),
        Command::SetProofs(it) => of(Is::SetProofs, it.case),
        Command::Apply(it) => {
            About::new(Is::Apply, Subject::Application(Box::new(it.clone()))).saying(&it.text)
        }
        Command::ProposeContactChange(it) => {
            let new = it.changes.iter().map(|it| contact::change(it).to);
            let text = new.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
            of(Is::ProposeContactChange, it.case).saying(&text)
        }
        Command::WithdrawContactChange(it) => of(Is::WithdrawContactChange, it.case),
        Command::AcceptContactChange(it) => of(Is::AcceptContactChange, it.case),
        Command::RefuseContactChange(it) => of(Is::RefuseContactChange, it.case).saying(&it.reason),
        Command::CompletePostalTask(it) => {
            About::new(Is::CompletePostalTask, Subject::Letter(it.task))
        }
        Command::WriteNote(it) => of(Is::WriteNote, it.case).saying(&it.text),
        Command::ChangeNote(it) => {
            of(Is::ChangeNote, it.case).saying(it.text.as_deref().unwrap_or_default())
        }
        Command::WriteTemplate(it) => {
            About::new(Is::WriteTemplate, Subject::Template(it.id, Some(it.title.clone())))
                .saying(&it.text)
        }
        Command::ChangeTemplate(it) => {
            let title = it.to.as_ref().map(|to| to.title.clone());
            let text = it.to.as_ref().map(|to| to.text.as_str()).unwrap_or_default();
            About::new(Is::ChangeTemplate, Subject::Template(it.template, title)).saying(text)
        }
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
