//! What a window can ask, declared once: the router and the TypeScript contract come from here.

/// Shapes that cross the border: as JSON, and in tests as TypeScript.
macro_rules! shapes {
    ($($(#[$meta:meta])* $vis:vis $what:ident $name:ident $body:tt)*) => {$(
        #[derive(Debug, Clone, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        $(#[$meta])*
        $vis $what $name $body
    )*};
}

mod types;

use std::sync::Arc;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::App;
pub use types::*;

/// Every fault that can cross the border to a window. The window makes the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Code {
    /// The parameters are not what the method takes.
    BadRequest,
    /// There is no such method.
    UnknownMethod,
    /// The program is locked, or nobody has signed in.
    Locked,
    /// The passphrase is not the right one; `params.tries_left` says how many tries are left.
    WrongPassphrase,
    /// The passphrase is too short.
    PassphraseTooShort,
    /// The PIN is not the right one; `params.tries_left` says how many tries are left.
    WrongPin,
    /// The PIN is too short.
    PinTooShort,
    /// No try is left: only a full sign-in opens the replica.
    NoTriesLeft,
    /// The keyring is locked, and nobody unlocked it.
    KeyringLocked,
    /// There is no keyring, or it does not work.
    KeyringUnavailable,
    /// The keyring no longer holds the secret of this replica.
    KeyringEmptied,
    /// What the server keeps does not open this replica.
    CannotRecover,
    /// The replica on this computer cannot be read. With `params.salvaged` it has been put aside, and what
    /// could be saved of it opens at the next try; `params.whole` says whether that is all that was written.
    ReplicaDamaged,
    /// A newer version of the program wrote the replica.
    ReplicaNewer,
    /// The disk is full; nothing was written.
    DiskFull,
    /// A file could not be read or written.
    FileFailed,
    /// The document is being fetched already.
    AlreadyFetching,
    /// This computer has no program for the file, or it did not start.
    NoProgram,
    /// The server's address cannot be used.
    ServerAddress,
    /// No line to the server.
    Offline,
    /// User name or password is wrong.
    SignInRefused,
    /// Both factors are right, and another person's than the replica is for.
    OtherPerson,
    /// The session has ended.
    SignInNeeded,
    /// The current password is not the right one.
    WrongPassword,
    /// The new password does not keep the rules.
    PasswordUnfit,
    /// The code is not the one that was sent.
    WrongCode,
    /// The code is too old; another can be had.
    CodeExpired,
    /// The code could not be sent.
    SmsFailed,
    /// Too many tries; wait.
    TooManyTries,
    /// The server speaks a newer version.
    UpgradeNeeded,
    /// Another program holds the replica's file.
    ReplicaBusy,
    /// The replica does not hold what the server holds.
    ReplicaDiffers,
    /// A rule says no; `params.rejection` says which.
    Rejected,
    /// The command has left this computer.
    CannotWithdraw,
    /// A fault of the program or the server.
    Internal,
}

/// A call that failed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RpcError {
    /// What went wrong.
    pub code: Code,
    /// What the words are made with.
    #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
    pub params: Map<String, Value>,
    /// What to quote to support.
    pub correlation_id: String,
}

impl From<Code> for RpcError {
    fn from(code: Code) -> Self {
        let correlation_id = uuid::Uuid::now_v7().to_string();
        Self { code, params: Map::new(), correlation_id }
    }
}

impl From<behorig_domain::Rejection> for RpcError {
    fn from(rejection: behorig_domain::Rejection) -> Self {
        let mut error = Self::from(Code::Rejected);
        if let Ok(rejection) = serde_json::to_value(rejection) {
            error.params.insert("rejection".into(), rejection);
        }
        error
    }
}

impl From<behorig_store::Fault> for RpcError {
    fn from(fault: behorig_store::Fault) -> Self {
        use behorig_store::Fault;
        let error = Self::from(match &fault {
            fault if fault.is_disk_full() => Code::DiskFull,
            fault if fault.is_busy() => Code::ReplicaBusy,
            fault if fault.is_damaged() => Code::ReplicaDamaged,
            Fault::Newer => Code::ReplicaNewer,
            Fault::TooLate => Code::CannotWithdraw,
            Fault::Database(_)
            | Fault::Unreadable
            | Fault::Migration(_)
            | Fault::Malformed(_)
            | Fault::Files(_)
            | Fault::Randomness => Code::Internal,
        });
        if error.code == Code::Internal {
            // the border: logged once, with what the person can quote
            tracing::error!(%fault, correlation_id = error.correlation_id, "a call failed");
        }
        error
    }
}

/// A method's answer.
pub type Answer<T> = Result<T, RpcError>;

macro_rules! define_rpc {
    ($($(#[$doc:meta])* $name:literal => $method:ident($params:ty) -> $result:ty;)*) => {
        /// Calls the method of this name.
        pub async fn call(app: &Arc<App>, method: &str, params: Value) -> Answer<Value> {
            match method {
                $($name => answer(app.$method(parameters::<$params>(params)?).await),)*
                _ => Err(Code::UnknownMethod.into()),
            }
        }

        /// The methods' names with the TypeScript names of what they take and give.
        #[cfg(test)]
        fn methods() -> Vec<(&'static str, String, String)> {
            use ts_rs::{Config, TS};
            let config = Config::default();
            vec![$(($name, <$params>::name(&config), <$result>::name(&config)),)*]
        }
    };
}

define_rpc! {
    /// Whether somebody is signed in, and the program locked.
    "session.state" => session_state(Empty) -> SessionView;
    /// Sign in for the first time on this computer, or again.
    "session.sign_in" => sign_in(SignIn) -> SessionView;
    /// Finish signing in with the code.
    "session.code" => enter_code(EnterCode) -> SessionView;
    /// Have another code sent.
    "session.code_again" => code_again(Empty) -> SessionView;
    /// Give the sign-in up.
    "session.sign_in_cancel" => sign_in_cancel(Empty) -> SessionView;
    /// Open the replica, without a line.
    "session.unlock" => unlock(Unlock) -> SessionView;
    /// Close the replica once what is being sent is sent.
    "session.lock" => lock(Empty) -> SessionView;
    /// End the session at the server and close the replica at once.
    "session.log_out" => log_out(Empty) -> SessionView;
    /// Choose another PIN or passphrase.
    "session.change_passphrase" => change_passphrase(ChangePassphrase) -> Empty;
    /// Have a link mailed to choose another password by.
    "session.forgotten" => forgotten_password(ForgottenPassword) -> Empty;
    /// The person's account at the server. Needs the line.
    "account.state" => account(Empty) -> AccountView;
    /// Why a password cannot be chosen; null if it can.
    "account.password_fault" => password_fault(NewPassword) -> Option<PasswordFault>;
    /// Change the password. Needs the line; ends the person's sessions elsewhere.
    "account.change_password" => change_password(ChangePassword) -> Empty;
    /// End the person's sessions on one other device or on all of them.
    "account.end_devices" => end_devices(EndDevices) -> AccountView;
    /// Begin to connect a code app. Needs the line.
    "account.totp_begin" => begin_totp(WithPassword) -> TotpView;
    /// Show that it works: from now on codes come from it.
    "account.totp_confirm" => confirm_totp(EnterCode) -> AccountView;
    /// Have codes sent to the telephone again.
    "account.totp_remove" => remove_totp(RemoveTotp) -> AccountView;
    /// Make recovery codes anew; the former ones are void.
    "account.recovery_codes" => recovery_codes(WithPassword) -> RecoveryCodes;
    /// Save them where the person wants.
    "account.recovery_save" => save_recovery_codes(SaveText) -> Saved;
    /// Somebody touched the window.
    "session.activity" => activity(Empty) -> Empty;
    /// Whether the operating system's keyring answers.
    "session.keyring" => keyring_state(Empty) -> KeyringState;
    /// Ask the keyring again.
    "session.keyring_again" => keyring_again(Empty) -> KeyringState;
    /// The line, and what has not left.
    "sync.state" => sync_state(Empty) -> SyncView;
    /// Try now.
    "sync.now" => sync_now(Empty) -> SyncView;
    /// Every case that the person takes part in.
    "cases.list" => cases(Empty) -> Vec<CaseView>;
    /// A case with everything that stands above what is done in it.
    "cases.show" => case_file(OfCase) -> CaseFile;
    /// Take a case, pass it on, or let it wait for an officer.
    "cases.assign" => assign_case(AssignCase) -> QueuedCommand;
    /// Record how an examination went.
    "cases.record_exam" => record_exam(RecordExam) -> QueuedCommand;
    /// Grant the certificate.
    "cases.grant" => grant_certificate(GrantCertificate) -> QueuedCommand;
    /// Refuse the application.
    "cases.refuse" => refuse_application(Letter) -> QueuedCommand;
    /// Keep the letter that decides a case as it is being written.
    "cases.letter_save" => save_letter(LetterDraft) -> Empty;
    /// Keep an examination's result as it is being filled in.
    "cases.exam_save" => save_exam(RecordExam) -> Empty;
    /// Take the application back.
    "cases.withdraw" => withdraw_application(OfCase) -> QueuedCommand;
    /// Note whether there is a card and whether the certificate is published.
    "cases.set_proofs" => set_proofs(Proofs) -> QueuedCommand;
    /// What can be applied for, the application that is being written, and those on their way.
    "applications.form" => application_form(Empty) -> ApplicationForm;
    /// Keep the application as it is being written.
    "applications.save" => save_application(Application) -> Empty;
    /// Apply.
    "applications.send" => apply(Application) -> QueuedCommand;
    /// What needs the person, what is new, and what has not gone.
    "overview.show" => overview(Empty) -> OverviewView;
    /// Note that the person has seen what is new.
    "overview.seen" => news_seen(Seen) -> Empty;
    /// Look for words in everything that is here.
    "search.find" => search(SearchAsked) -> SearchAnswer;
    /// What is kept on this computer, and how.
    "settings.show" => settings(Empty) -> SettingsView;
    /// Choose when the program locks.
    "settings.lock_after" => lock_after(LockAfter) -> Empty;
    /// Let go of the documents that are here only to be opened without a line.
    "settings.clear_kept" => clear_kept_files(Empty) -> Empty;
    /// Show the folder in which all of it lies.
    "settings.open_folder" => open_folder(Empty) -> Empty;
    /// Write everything that is the person's to one file, where they want it.
    "export.start" => export(Empty) -> ExportDone;
    /// How far that has come.
    "export.state" => export_state(Empty) -> ExportState;
    /// Give it up.
    "export.cancel" => export_cancel(Empty) -> Empty;
    /// The services that the person has to do with, and what they want people to know.
    "services.list" => services(Empty) -> ServiceList;
    /// Open the person's mail program with what they want to tell those who help.
    "services.feedback" => feedback(Feedback) -> Empty;
    /// Keep that while it is being written, and after: whether it was sent is not known here.
    "services.feedback_save" => save_feedback(FeedbackText) -> Empty;
    /// Look for cases of the body at the server.
    "queue.search" => search_queue(QueueSearch) -> QueuePage;
    /// The applications by people without an account that wait at the server.
    "applicants.list" => applicants(ApplicantsAsked) -> ApplicantPage;
    /// One of them.
    "applicants.show" => applicant(ApplicantAsked) -> ApplicantView;
    /// Make a case of one, and an account for whoever has none.
    "applicants.activate" => activate_applicant(ActivateApplicant) -> ApplicantHandled;
    /// Refuse one; what was filled in is erased.
    "applicants.refuse" => refuse_applicant(RefuseApplicant) -> ApplicantHandled;
    /// How much each officer of the body has to do. Needs the line.
    "queue.workload" => workload(Empty) -> WorkloadView;
    /// The notes that officers keep on a case.
    "notes.list" => notes(OfCase) -> NoteList;
    /// Write a note.
    "notes.write" => write_note(NoteText) -> QueuedCommand;
    /// Keep the note that is being written.
    "notes.save" => save_note_draft(NoteText) -> Empty;
    /// Change one's own note.
    "notes.change" => change_note(NoteChange) -> QueuedCommand;
    /// Keep the change that is being written.
    "notes.change_save" => save_note_change(NoteChange) -> Empty;
    /// Throw the change that is being written away.
    "notes.change_discard" => discard_note_change(NoteRef) -> Empty;
    /// Remove one's own note.
    "notes.remove" => remove_note(NoteRef) -> QueuedCommand;
    /// The texts that the body's officers keep.
    "templates.list" => templates(TemplatesOf) -> TemplateList;
    /// Keep a new text for all officers.
    "templates.write" => write_template(NewTemplate) -> QueuedCommand;
    /// Keep the new text that is being written, here only.
    "templates.save" => save_template_draft(NewTemplate) -> Empty;
    /// Change a text.
    "templates.change" => change_template(TemplateChange) -> QueuedCommand;
    /// Keep the change that is being written, here only.
    "templates.change_save" => save_template_change(TemplateChange) -> Empty;
    /// Throw what is being written away.
    "templates.discard" => discard_template(TemplateRef) -> Empty;
    /// Remove a text.
    "templates.remove" => remove_template(TemplateRef) -> QueuedCommand;
    /// The messages of a case, and the text being written in it.
    "messages.list" => messages(OfCase) -> MessageList;
    /// Send a message.
    "messages.send" => send_message(Written) -> QueuedCommand;
    /// Note that a conversation has been read to its end.
    "messages.mark_read" => mark_read(Shown) -> Empty;
    /// Keep the text being written.
    "messages.draft_save" => save_draft(Written) -> Empty;
    /// Throw the text being written away; it stays among the earlier ones for 30 days.
    "messages.draft_discard" => discard_draft(DraftPlace) -> Empty;
    /// What the text being written once was, newest first.
    "messages.draft_history" => draft_history(DraftPlace) -> Vec<DraftVersion>;
    /// Bring an earlier text back.
    "messages.draft_restore" => restore_draft(RestoreDraft) -> Empty;
    /// The documents that a case asks for and what was sent in.
    "documents.list" => documents(OfCase) -> DocumentList;
    /// Let the person pick files for a row; each is checked and kept. Empty if they change their mind.
    "documents.pick" => pick_files(RowOfCase) -> Vec<PickedFile>;
    /// Check and keep a file that was dropped.
    "documents.add_dropped" => add_dropped(AddDropped) -> PickedFile;
    /// Make a Word document of a text and keep it.
    "documents.add_text" => add_text(AddText) -> PickedFile;
    /// Keep what the sender says of a picked file.
    "documents.note_save" => save_note(PickedNote) -> Empty;
    /// Send a picked file in.
    "documents.submit" => submit_document(SubmitPicked) -> QueuedCommand;
    /// Put a picked file into another row of its case.
    "documents.move" => move_picked(MovePicked) -> Empty;
    /// Say why there is no document for a row.
    "documents.explain" => explain_absence(Explain) -> QueuedCommand;
    /// Keep that reason as it is being written.
    "documents.explain_save" => save_explanation(Explain) -> Empty;
    /// Find such a reason sufficient.
    "documents.explanation_accept" => accept_explanation(ExplanationRef) -> QueuedCommand;
    /// Find such a reason insufficient.
    "documents.explanation_refuse" => refuse_explanation(RefuseExplanation) -> QueuedCommand;
    /// Take a document of an earlier case for a row.
    "documents.take" => take_from_archive(TakeFromArchive) -> QueuedCommand;
    /// Say that all is in.
    "documents.ready" => report_ready(OfCase) -> QueuedCommand;
    /// Ask for what is missing.
    "documents.completion" => request_completion(Completion) -> QueuedCommand;
    /// Keep the request for completion as it is being written.
    "documents.completion_save" => save_completion(Completion) -> Empty;
    /// Save a row's template where the person wants it.
    "documents.template_save" => save_template(TemplateOf) -> Saved;
    /// Open the template that was saved last.
    "documents.template_open" => open_template(Empty) -> Empty;
    /// Forget a picked file. The file that it was copied from stays where it is.
    "documents.discard" => discard_picked(PickedRef) -> Empty;
    /// What a document is, before it is looked at within the program.
    "documents.look" => look_at_document(DocumentRef) -> DocumentLook;
    /// The bytes of a document from a place on.
    "documents.part" => document_part(DocumentPartOf) -> DocumentPart;
    /// The plain text of an Office document.
    "documents.text" => document_text(DocumentRef) -> DocumentText;
    /// Open a document in the program that this computer has for it; fetches it first.
    "documents.open" => open_document(DocumentRef) -> Empty;
    /// Save a copy of a document; fetches it first.
    "documents.save" => save_document(DocumentRef) -> Saved;
    /// Find a document sufficient.
    "documents.accept" => accept_document(DocumentRef) -> QueuedCommand;
    /// Find a document insufficient.
    "documents.refuse" => refuse_document(RefuseDocument) -> QueuedCommand;
    /// Keep the reason for refusing a document, or an explanation, as it is being written.
    "documents.refusal_save" => save_refusal(RefuseDocument) -> Empty;
    /// The documents of a case that were received, sorted and narrowed.
    "archive.list" => archive(ArchiveAsked) -> ArchiveView;
    /// Bring a document here, so that it opens without a line.
    "archive.keep" => keep_document(DocumentRef) -> Empty;
    /// What the body holds on the person whose case it is; null before it has come.
    "contact.show" => contact(OfCase) -> Option<ContactView>;
    /// Keep what is being typed over the details.
    "contact.draft_save" => save_contact_draft(ContactDraft) -> Empty;
    /// Throw what is being typed away; it stays among the earlier texts for 30 days.
    "contact.draft_discard" => discard_contact_draft(OfCase) -> Empty;
    /// What would change, and what cannot be sent. Sends nothing.
    "contact.check" => check_contact(ContactDraft) -> ContactPreview;
    /// Propose the change.
    "contact.propose" => propose_contact_change(ContactDraft) -> QueuedCommand;
    /// Take back a proposal that the server has.
    "contact.withdraw" => withdraw_contact_change(ProposalRef) -> QueuedCommand;
    /// Put a proposal in force.
    "contact.accept" => accept_contact_change(AcceptProposal) -> QueuedCommand;
    /// Refuse a proposal.
    "contact.refuse" => refuse_contact_change(RefuseProposal) -> QueuedCommand;
    /// Keep the reason for a refusal as it is being written.
    "contact.refusal_save" => save_contact_refusal(ContactRefusal) -> Empty;
    /// The letters that are to be posted.
    "contact.post" => post(Empty) -> PostView;
    /// Note that a letter is posted.
    "contact.posted" => posted(LetterRef) -> QueuedCommand;
    /// Show a desktop notification.
    "shell.notify" => notify(Notification) -> Empty;
    /// Keep the closing program open until the page has asked: something that was being written is not saved.
    "shell.stay" => stay_open(Empty) -> Empty;
    /// Close the program: everything that was being written is saved.
    "shell.close" => close_program(Empty) -> Empty;
    /// Everything that was written here to be sent.
    "outbox.list" => outbox(Empty) -> Vec<OutboxEntry>;
    /// Take a command back that has not left.
    "outbox.withdraw" => withdraw(Withdraw) -> Empty;
    /// Make what was refused a draft again.
    "outbox.write_again" => withdraw(Withdraw) -> Empty;
    /// Save what an entry holds outside the program: its file, or else its text.
    "outbox.save" => save_entry(SaveEntry) -> Saved;
    /// What was begun in cases that are no longer here.
    "outbox.left" => left(Empty) -> Vec<LeftEntry>;
    /// Remove something of that, or have it back a moment later.
    "outbox.left_remove" => remove_left(RemoveLeft) -> Empty;
    /// Save something of that outside the program: its file, or else its text.
    "outbox.left_save" => save_left(SaveLeft) -> Saved;
}

fn parameters<P: DeserializeOwned>(params: Value) -> Answer<P> {
    serde_json::from_value(params).map_err(|_| Code::BadRequest.into())
}

fn answer<R: Serialize>(result: Answer<R>) -> Answer<Value> {
    serde_json::to_value(result?).map_err(|_| Code::Internal.into())
}

#[cfg(test)]
mod tests {
    use ts_rs::{Config, TS};

    use super::*;

    /// The contract as TypeScript, every type in it once.
    fn typescript() -> String {
        let config = Config::default();
        let mut out = String::from(
            "// Generated by `cargo xtask generate` from crates/app/src/rpc. Do not edit.\n\n",
        );
        out.push_str("export type RpcSchema = {\n");
        for (name, params, result) in methods() {
            out.push_str(&format!("  '{name}': [{params}, {result}];\n"));
        }
        out.push_str("};\n");
        macro_rules! declare {
            ($($ty:ty),* $(,)?) => {$(
                if let Some(docs) = <$ty>::docs() {
                    out.push_str(&docs);
                }
                out.push_str(&format!("export {}\n", <$ty>::decl(&config)));
            )*};
        }
        declare!(
            Empty,
            SessionView,
            SignIn,
            EnterCode,
            Unlock,
            ChangePassphrase,
            KeyringState,
            ForgottenPassword,
            AccountView,
            DeviceView,
            Factor,
            WithPassword,
            TotpView,
            RemoveTotp,
            RecoveryCodes,
            SaveText,
            NewPassword,
            PasswordFault,
            ChangePassword,
            EndDevices,
            LineView,
            SyncView,
            Words,
            Progress,
            CaseView,
            Stage,
            Choice,
            CaseFile,
            CertificateView,
            ExamView,
            EventView,
            Colleague,
            OnItsWay,
            AssignCase,
            RecordExam,
            GrantCertificate,
            Letter,
            LetterDraft,
            ExamDraft,
            Proofs,
            Purpose,
            HandledBy,
            ApplicationForm,
            Offer,
            RenewableCertificate,
            Application,
            ApplicationUnderWay,
            ServiceList,
            ServiceView,
            FeedbackText,
            NewsView,
            PlaceView,
            CaseRef,
            NeedKind,
            Need,
            NewsKind,
            NewsLine,
            OverviewView,
            Seen,
            FoundKind,
            SearchAsked,
            TextPart,
            FoundView,
            FoundGroup,
            SearchAnswer,
            SettingsView,
            LockAfter,
            ExportState,
            ExportDone,
            Feedback,
            QueueSearch,
            QueuePage,
            QueuedCase,
            ApplicantsAsked,
            ApplicantPage,
            ApplicantLine,
            ApplicantAsked,
            ApplicantView,
            ApplicantDetail,
            KnownView,
            ActivateApplicant,
            RefuseApplicant,
            ApplicantRefusal,
            ApplicantHandled,
            WorkloadView,
            WorkloadRow,
            NoteList,
            NoteView,
            NoteText,
            NoteChange,
            NoteRef,
            TemplatesOf,
            TemplateList,
            TemplateBody,
            NewTemplate,
            TemplateView,
            TemplateText,
            TemplateChange,
            TemplateRef,
            OfCase,
            MessageList,
            MessageTypeView,
            ThreadView,
            DraftView,
            DraftVersion,
            MessageOrigin,
            MessageView,
            CommandState,
            Written,
            DraftPlace,
            RestoreDraft,
            Shown,
            DocumentList,
            AbsenceView,
            ReadyView,
            CompletionDraft,
            RowState,
            RowView,
            AskedView,
            ExplanationView,
            ExplanationDraft,
            TakenView,
            ArchivedView,
            PickedFile,
            Handling,
            DocumentOrigin,
            DocumentView,
            RowOfCase,
            AddDropped,
            AddText,
            PickedNote,
            SubmitPicked,
            MovePicked,
            Explain,
            ExplanationRef,
            RefuseExplanation,
            TakeFromArchive,
            Completion,
            TemplateOf,
            PickedRef,
            DocumentRef,
            DocumentLook,
            DocumentPartOf,
            DocumentPart,
            DocumentText,
            RefuseDocument,
            Saved,
            SortedBy,
            ArchiveAsked,
            ArchiveView,
            ArchiveRow,
            ArchiveType,
            ContactView,
            Detail,
            ChangeView,
            ProposalState,
            ProposalView,
            NotTaken,
            ContactDraft,
            ContactPreview,
            ContactFault,
            ProposalRef,
            AcceptProposal,
            ContactRefusal,
            RefuseProposal,
            PostView,
            LetterView,
            LetterRef,
            FilesDropped,
            FilesOver,
            Notification,
            QueuedCommand,
            OutboxEntry,
            OutboxKind,
            Withdraw,
            SaveEntry,
            LeftKind,
            LeftEntry,
            RemoveLeft,
            SaveLeft,
            Rejection,
            Topic,
            Changed,
            Code,
            RpcError,
        );
        out
    }

    #[test]
    fn the_typescript_contract_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/generated/rpc.ts");
        let expected = typescript();
        if std::env::var_os("BEHORIG_GENERATE").is_some() {
            std::fs::write(path, &expected).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap();
        assert!(written == expected, "run `cargo xtask generate`");
    }
}
