//! The one question that client and server ask: what comes of this command?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Command, CommandId, FileId, Kind, PersonId, Record, RecordId, RecordRef, Scope, Timestamp,
    applications,
    cases::{
        self, AssignCase, Case, Certificate, GrantCertificate, OpenCase, RecordCertificate,
        RecordExam, RefuseApplication, SetProofs, Stage, WithdrawApplication,
    },
    contact::{
        self, AcceptContactChange, Contact, ContactProposal, Field, FieldFault,
        ProposeContactChange, RefuseContactChange, SetContact, WithdrawContactChange,
    },
    documents::{
        self, AcceptDocument, AcceptExplanation, ExplainAbsence, FileFault, Format, RefuseDocument,
        RefuseExplanation, ReportReady, RequestCompletion, SubmitDocument, TakeFromArchive,
        explain_absence, report_ready, request_completion, take_from_archive,
    },
    identity::{self, Actor, Grant},
    messages,
    notes::{self, ChangeNote, Note, WriteNote},
    record::Malformed,
    services,
    templates::{self, Template},
};

/// What a store knows of a record that a rule asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// It is this.
    Found(Record),
    /// There is none.
    Absent,
    /// Not in this replica; it may exist. Only a client ever says so.
    Unseen,
}

/// What a store knows of a file's bytes. It has looked at them itself, whatever anybody says of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileRead {
    /// Not all of them are here.
    Missing,
    /// They can be no document.
    Unusable(FileFault),
    /// They are this.
    Is {
        /// How many.
        bytes: u64,
        /// Their SHA-256, lower-case hexadecimal.
        sha256: String,
        /// What they are.
        format: Format,
    },
}

/// What has been loaded for one decision.
#[derive(Debug, Clone, Default)]
pub struct Reads {
    records: BTreeMap<RecordRef, Read>,
    files: BTreeMap<FileId, FileRead>,
}

impl Reads {
    /// Adds what was found for a name.
    pub fn insert(&mut self, at: RecordRef, read: Read) {
        self.records.insert(at, read);
    }

    /// Adds what was found for a file.
    pub fn insert_file(&mut self, id: FileId, read: FileRead) {
        self.files.insert(id, read);
    }

    /// Whether the name has been looked up.
    pub fn contains(&self, at: RecordRef) -> bool {
        self.records.contains_key(&at)
    }

    /// What is known of the name. What nobody loaded counts as unseen: a rule never guesses.
    pub fn get(&self, at: RecordRef) -> &Read {
        self.records.get(&at).unwrap_or(&Read::Unseen)
    }

    /// What is known of a file.
    pub fn file(&self, id: FileId) -> &FileRead {
        self.files.get(&id).unwrap_or(&FileRead::Missing)
    }

    /// A record's body, if the record has been found.
    pub(crate) fn found<B: serde::de::DeserializeOwned>(
        &self,
        at: RecordRef,
    ) -> Option<Result<B, Malformed>> {
        match self.get(at) {
            Read::Found(record) => Some(record.read()),
            Read::Absent | Read::Unseen => None,
        }
    }
}

/// What a command does, as data. No effect happens in the domain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Records that come into being. If one exists already, the command is refused as a whole.
    pub create: Vec<Record>,
    /// Records that were read and stand so from now on.
    pub update: Vec<Record>,
    /// Who may see and do what from now on.
    pub grants: Vec<Grant>,
    /// What the chained history of a scope says of it.
    pub history: Vec<HistoryEntry>,
    /// Who is told, by means outside the program, that there is something new.
    pub notices: Vec<Notice>,
}

/// Somebody is to be told that there is something new. What it says stays in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// Whom.
    pub person: PersonId,
    /// What is new.
    pub about: RecordRef,
}

/// A line of a scope's history: a name of what happened and to what, never its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Whose history.
    pub scope: Scope,
    /// What happened, as a stable code.
    pub event: &'static str,
    /// To what.
    pub about: RecordRef,
}

/// An expected "no": a stable code with parameters, never a sentence. The window makes the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Rejection {
    /// The text is empty, or nothing but blanks.
    MessageEmpty,
    /// The text is longer than a message may be; a longer text is sent as a document.
    MessageTooLong {
        /// Characters in the text.
        length: u64,
        /// Characters that are allowed.
        max: u64,
    },
    /// The message answers one that is not in this case.
    ThreadNotFound,
    /// The service has no such message type.
    MessageTypeUnknown,
    /// The case asks for no such document.
    RowNotFound,
    /// The row has a sufficient document already.
    RowAccepted,
    /// There is no such document in the row.
    DocumentNotFound,
    /// Another document was sent in its place.
    DocumentReplaced,
    /// The document has been accepted or refused already.
    DocumentHandled,
    /// The note or reason is too long.
    NoteTooLong {
        /// Characters in it.
        length: u64,
        /// Characters that are allowed.
        max: u64,
    },
    /// A refusal, or a document that is lacking, needs a reason.
    ReasonMissing,
    /// The row is not needed, so nothing is to be explained.
    RowNotNeeded,
    /// The service has no such kind of reason for lacking a document.
    AbsenceUnknown,
    /// There is no such reason in the row.
    ExplanationNotFound,
    /// The reason has been accepted or refused already, or something else came in its place.
    ExplanationHandled,
    /// Something that is to be seen to before a document is sent has not been ticked.
    ChecklistOpen,
    /// The document of the earlier case was not found sufficient there.
    DocumentNotAccepted,
    /// Rows still await a document or a reason for its absence.
    RowsAwaited {
        /// How many.
        open: u64,
    },
    /// The applicant has said already that all is in, and nothing was asked for since.
    AlreadyReady,
    /// A request for completion must name a row.
    RowsMissing,
    /// The file's name is empty, too long, says another format, or holds what a name may not.
    FileNameUnusable,
    /// The file can be no document.
    FileUnusable(FileFault),
    /// The file's bytes are not all there.
    FileMissing,
    /// The file's bytes are not what the command says of them.
    FileDiffers,
    /// Only the person whose case it is may do this.
    HolderOnly,
    /// Only the officer of the case may do this.
    OfficerOnly,
    /// The service offers no such certification.
    SchemeNotFound,
    /// The settings have a fault.
    ServiceUnusable,
    /// There is no such case, or none in which the person is holder or officer: nobody else is told that
    /// there is one.
    CaseNotFound,
    /// Nobody with this id is registered.
    PersonNotFound,
    /// A case's holder and officer are one person.
    PartiesMustDiffer,
    /// Nobody with this id handles cases for the body.
    OfficerNotFound,
    /// Somebody else has the case now, or nobody.
    CaseAssigned {
        /// Who has it; `None` if nobody.
        officer: Option<String>,
    },
    /// The application has been decided or taken back.
    CaseDecided {
        /// How.
        stage: Stage,
    },
    /// The service no longer offers the certification, or takes no applications in the program.
    SchemeClosed,
    /// The person has no such certificate of the certification that they apply for.
    NothingToRenew,
    /// The person has applied for the same, and it is not decided.
    AlreadyApplied {
        /// The registry number of that application.
        number: String,
    },
    /// The text is no identity number.
    IdentityNumberUnusable,
    /// The body knows the person by another identity number, or somebody else by this one.
    IdentityNumberDiffers,
    /// Something of this person's in the case has not been received, or is being written. Said by the
    /// replica: it would not come through once somebody else has the case.
    UnsentWork {
        /// How many things.
        count: u64,
    },
    /// The registry number is another case's.
    NumberTaken,
    /// There is no certificate in the case.
    CertificateNotFound,
    /// The scheme has no such level, or has levels and none was chosen.
    LevelUnknown,
    /// The scheme has no such part of an examination.
    ExamUnknown,
    /// A part of the examination is not passed.
    ExamMissing {
        /// Which: a code in the scheme.
        part: String,
    },
    /// Documents that the scheme needs are not accepted.
    RowsOpen {
        /// How many.
        open: u64,
    },
    /// The day has not come yet.
    DateInFuture,
    /// There are no such details, or not of the person whose case it is.
    ContactNotFound,
    /// A detail is no longer what it was when the change was written.
    ContactChanged {
        /// Which.
        field: Field,
    },
    /// A detail cannot be what it is to be.
    ContactFieldUnusable {
        /// Which.
        field: Field,
        /// What is wrong with it.
        #[serde(flatten)]
        fault: FieldFault,
    },
    /// Nothing is to change.
    NothingChanged,
    /// No change has been proposed.
    ProposalNotFound,
    /// Another change was proposed in its place.
    ProposalReplaced,
    /// The proposal has been accepted, refused or taken back already.
    ProposalHandled,
    /// There is no such letter to post, or the person does not work at the body.
    PostalTaskNotFound,
    /// The letter is posted already.
    PostalTaskDone {
        /// By whom.
        by_name: String,
    },
    /// A note says nothing.
    NoteEmpty,
    /// There is no such note, or it was removed.
    NoteNotFound,
    /// Only its author changes a note.
    NoteOfAnother {
        /// Who wrote it.
        by_name: String,
    },
    /// Its author has changed the note meanwhile, at another computer.
    NoteChanged,
    /// A template needs a title.
    TemplateUntitled,
    /// The title is too long.
    TemplateTitleTooLong {
        /// Characters in it.
        length: u64,
        /// Characters that are allowed.
        max: u64,
    },
    /// There is no such template, it was removed, or the person does not work at the body.
    TemplateNotFound,
    /// Somebody else has changed the template meanwhile.
    TemplateChanged {
        /// Who.
        by_name: String,
    },
    /// Only the issuer's own systems may do this.
    OperatorOnly,
    /// Something with this id exists already.
    IdTaken,
    /// The command waited for another, which was refused.
    DependencyRefused {
        /// The refused one.
        command: CommandId,
    },
    /// The command's bytes cannot be read by this server.
    CommandUnreadable,
    /// The person may no longer see what the command is about. Said by the replica, before the server has
    /// decided.
    AccessEnded,
}

/// The client cannot tell; it queues the command and says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerDecides {
    /// The record that this replica does not hold.
    pub unseen: RecordRef,
}

/// What comes of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is done by these changes.
    Changes(Changes),
    /// It is refused.
    Rejected(Rejection),
    /// Only the server can tell.
    ServerDecides(ServerDecides),
    /// A stored record cannot be read as its kind: a fault, not an answer.
    Fault(Malformed),
}

impl From<Rejection> for Decision {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

/// The records that a command needs beyond those loaded so far. Asked again until it answers none,
/// at most four times, so that any store, sync or async, can load first and decide afterwards.
pub fn reads(command: &Command, so_far: &Reads) -> Vec<RecordRef> {
    let mut wanted = match command {
        Command::SendMessage(command) => messages::send_message::reads(command, so_far),
        Command::MarkRead(command) => messages::mark_read::reads(command),
        Command::SubmitDocument(command) => documents::submit_document::reads(command, so_far),
        Command::AcceptDocument(command) => {
            documents::reads(command.case, command.row, command.document).to_vec()
        }
        Command::RefuseDocument(command) => {
            documents::reads(command.case, command.row, command.document).to_vec()
        }
        Command::ExplainAbsence(command) => explain_absence::reads(command, so_far),
        Command::AcceptExplanation(AcceptExplanation { case, row, .. })
        | Command::RefuseExplanation(RefuseExplanation { case, row, .. }) => {
            explain_absence::reads_to_handle(*case, *row).to_vec()
        }
        Command::TakeFromArchive(command) => take_from_archive::reads(command, so_far),
        Command::ReportReady(command) => report_ready::reads(command, so_far),
        Command::RequestCompletion(command) => request_completion::reads(command, so_far),
        Command::AssignCase(command) => cases::assign_case::reads(command, so_far),
        Command::RecordExam(command) => cases::record_exam::reads(command, so_far),
        Command::GrantCertificate(command) => cases::decide_case::reads_to_grant(command, so_far),
        Command::RefuseApplication(command) => {
            cases::decide_case::reads_to_refuse(command.case, so_far)
        }
        Command::Apply(command) => applications::apply::reads(command, so_far),
        Command::WithdrawApplication(command) => vec![Case::at(command.case)],
        Command::SetProofs(command) => cases::set_proofs::reads(command),
        Command::ProposeContactChange(command) => contact::propose_change::reads(command),
        Command::WithdrawContactChange(WithdrawContactChange { case, contact, .. })
        | Command::AcceptContactChange(AcceptContactChange { case, contact, .. })
        | Command::RefuseContactChange(RefuseContactChange { case, contact, .. }) => {
            contact::reads(*case, *contact).to_vec()
        }
        Command::CompletePostalTask(command) => contact::post::reads(command, so_far),
        Command::WriteNote(command) => notes::reads_to_write(command),
        Command::ChangeNote(command) => notes::reads_to_change(command),
        Command::WriteTemplate(command) => templates::reads_to_write(command),
        Command::ChangeTemplate(command) => templates::reads_to_change(command, so_far),
        Command::SetContact(command) => contact::set_contact::reads(command),
        Command::OpenCase(command) => cases::open_case::reads(command),
        Command::RecordCertificate(command) => cases::record_certificate::reads(command, so_far),
        Command::AppointOfficer(command) => identity::appoint_officer::reads(command),
        Command::RegisterPerson(_) => Vec::new(),
        Command::PublishService(command) => services::publish_service::reads(command),
    };
    wanted.retain(|at| !so_far.contains(*at));
    wanted
}

/// The files whose bytes a command needs. It waits for them.
pub fn files(command: &Command) -> Vec<FileId> {
    match command {
        Command::SubmitDocument(command) => vec![command.file.id],
        Command::RecordCertificate(command) => command.file.iter().map(|file| file.id).collect(),
        _ => Vec::new(),
    }
}

/// What comes of a command, given who asks, when, and what was read.
pub fn decide(command: &Command, actor: Actor, now: Timestamp, reads: &Reads) -> Decision {
    let decided = match command {
        Command::SendMessage(command) => messages::send_message::decide(command, actor, now, reads),
        Command::MarkRead(command) => messages::mark_read::decide(command, actor, reads),
        Command::SubmitDocument(command) => {
            documents::submit_document::decide(command, actor, now, reads)
        }
        Command::AcceptDocument(command) => documents::accept(command, actor, now, reads),
        Command::RefuseDocument(command) => documents::refuse(command, actor, now, reads),
        Command::ExplainAbsence(command) => explain_absence::decide(command, actor, now, reads),
        Command::AcceptExplanation(command) => explain_absence::accept(command, actor, now, reads),
        Command::RefuseExplanation(command) => explain_absence::refuse(command, actor, now, reads),
        Command::TakeFromArchive(command) => take_from_archive::decide(command, actor, now, reads),
        Command::ReportReady(command) => report_ready::decide(command, actor, now, reads),
        Command::RequestCompletion(command) => {
            request_completion::decide(command, actor, now, reads)
        }
        Command::AssignCase(command) => cases::assign_case::decide(command, actor, now, reads),
        Command::RecordExam(command) => cases::record_exam::decide(command, actor, now, reads),
        Command::GrantCertificate(command) => cases::decide_case::grant(command, actor, now, reads),
        Command::RefuseApplication(command) => {
            cases::decide_case::refuse(command, actor, now, reads)
        }
        Command::Apply(command) => applications::apply::decide(command, actor, now, reads),
        Command::WithdrawApplication(command) => {
            cases::withdraw_application::decide(command, actor, now, reads)
        }
        Command::SetProofs(command) => cases::set_proofs::decide(command, actor, now, reads),
        Command::ProposeContactChange(command) => {
            contact::propose_change::decide(command, actor, now, reads)
        }
        Command::WithdrawContactChange(command) => contact::withdraw(command, actor, now, reads),
        Command::AcceptContactChange(command) => contact::accept(command, actor, now, reads),
        Command::RefuseContactChange(command) => contact::refuse(command, actor, now, reads),
        Command::CompletePostalTask(command) => contact::post::decide(command, actor, now, reads),
        Command::WriteNote(command) => notes::write(command, actor, now, reads),
        Command::ChangeNote(command) => notes::change(command, actor, now, reads),
        Command::WriteTemplate(command) => templates::write(command, actor, now, reads),
        Command::ChangeTemplate(command) => templates::change(command, actor, now, reads),
        Command::SetContact(command) => contact::set_contact::decide(command, actor, reads),
        Command::OpenCase(command) => cases::open_case::decide(command, actor, now, reads),
        Command::RecordCertificate(command) => {
            cases::record_certificate::decide(command, actor, now, reads)
        }
        Command::AppointOfficer(command) => {
            identity::appoint_officer::decide(command, actor, now, reads)
        }
        Command::RegisterPerson(command) => identity::register_person::decide(command, actor, now),
        Command::PublishService(command) => {
            services::publish_service::decide(command, actor, reads)
        }
    };
    decided.map_or_else(|stopped| stopped, Decision::Changes)
}

/// The lane a command queues in: commands of one lane are decided in the order they were written.
pub fn lane(command: &Command) -> String {
    match command {
        Command::SendMessage(command) => format!("case/{}", command.case),
        Command::MarkRead(command) => format!("read/{}", command.thread),
        Command::SubmitDocument(SubmitDocument { row, .. })
        | Command::AcceptDocument(AcceptDocument { row, .. })
        | Command::RefuseDocument(RefuseDocument { row, .. })
        | Command::ExplainAbsence(ExplainAbsence { row, .. })
        | Command::AcceptExplanation(AcceptExplanation { row, .. })
        | Command::RefuseExplanation(RefuseExplanation { row, .. })
        | Command::TakeFromArchive(TakeFromArchive { row, .. }) => format!("row/{row}"),
        // they wait for the rows' files, and no message is to wait with them
        Command::ReportReady(ReportReady { case, .. })
        | Command::RequestCompletion(RequestCompletion { case, .. }) => format!("rows/{case}"),
        Command::AssignCase(AssignCase { case, .. })
        | Command::RecordExam(RecordExam { case, .. })
        | Command::RecordCertificate(RecordCertificate { case, .. })
        | Command::GrantCertificate(GrantCertificate { case, .. })
        | Command::RefuseApplication(RefuseApplication { case, .. })
        | Command::WithdrawApplication(WithdrawApplication { case })
        | Command::SetProofs(SetProofs { case, .. })
        | Command::OpenCase(OpenCase { id: case, .. }) => format!("case/{case}"),
        Command::Apply(command) => format!("apply/{}", command.service),
        Command::ProposeContactChange(ProposeContactChange { contact, .. })
        | Command::WithdrawContactChange(WithdrawContactChange { contact, .. })
        | Command::AcceptContactChange(AcceptContactChange { contact, .. })
        | Command::RefuseContactChange(RefuseContactChange { contact, .. }) => {
            format!("contact/{contact}")
        }
        Command::CompletePostalTask(command) => format!("post/{}", command.task),
        Command::WriteNote(WriteNote { case, .. })
        | Command::ChangeNote(ChangeNote { case, .. }) => format!("notes/{case}"),
        Command::WriteTemplate(command) => format!("template/{}", command.id),
        Command::ChangeTemplate(command) => format!("template/{}", command.template),
        Command::SetContact(SetContact { issuer, person, .. }) => {
            format!("contact/{}", Contact::at(*issuer, *person).id)
        }
        Command::AppointOfficer(command) => format!("person/{}", command.person),
        Command::RegisterPerson(command) => format!("person/{}", command.person),
        Command::PublishService(command) => format!("service/{}", command.id),
    }
}

/// The records that a command makes or replaces. Whoever reads one of them before the server has decided
/// depends on the command.
pub fn writes(command: &Command) -> Vec<RecordRef> {
    match command {
        Command::SendMessage(command) => vec![RecordRef { kind: Kind::Message, id: command.id }],
        Command::MarkRead(command) => vec![command.mark_ref()],
        Command::SubmitDocument(command) => command.writes(),
        Command::AcceptDocument(AcceptDocument { case, row, document })
        | Command::RefuseDocument(RefuseDocument { case, row, document, .. }) => {
            let [_, row, document] = documents::reads(*case, *row, *document);
            vec![row, document]
        }
        Command::ExplainAbsence(ExplainAbsence { row, .. })
        | Command::AcceptExplanation(AcceptExplanation { row, .. })
        | Command::RefuseExplanation(RefuseExplanation { row, .. })
        | Command::TakeFromArchive(TakeFromArchive { row, .. }) => {
            vec![RecordRef { kind: Kind::DocumentRow, id: *row }]
        }
        // each also notes in the case whether all is in; who reads the case does not depend on that, and
        // a message is not to fall with it
        Command::ReportReady(ReportReady { letter, .. }) => {
            vec![RecordRef { kind: Kind::Message, id: *letter }]
        }
        Command::RequestCompletion(command) => {
            let letter = RecordRef { kind: Kind::Message, id: command.letter };
            command.row_refs().chain([letter]).collect()
        }
        // who the parties are is what everything in a case depends on; how far it has come is not: a message
        // is not to fall with a decision, and the case's lane keeps the order of what does depend on it
        Command::AssignCase(AssignCase { case, .. }) => vec![Case::at(*case)],
        Command::RecordExam(_) | Command::WithdrawApplication(_) => Vec::new(),
        Command::GrantCertificate(GrantCertificate { case, letter, .. }) => {
            vec![Certificate::at(*case), RecordRef { kind: Kind::Message, id: *letter }]
        }
        Command::RefuseApplication(RefuseApplication { letter, .. }) => {
            vec![RecordRef { kind: Kind::Message, id: *letter }]
        }
        Command::Apply(command) => command.writes(),
        Command::SetProofs(SetProofs { case, .. }) => vec![Certificate::at(*case)],
        Command::ProposeContactChange(ProposeContactChange { contact, .. })
        | Command::WithdrawContactChange(WithdrawContactChange { contact, .. })
        | Command::RefuseContactChange(RefuseContactChange { contact, .. }) => {
            vec![ContactProposal::at(*contact)]
        }
        Command::AcceptContactChange(AcceptContactChange { case, contact, .. }) => {
            let [_, details, proposal] = contact::reads(*case, *contact);
            vec![details, proposal]
        }
        Command::CompletePostalTask(command) => vec![command.task_ref()],
        Command::WriteNote(command) => vec![Note::at(command.id)],
        Command::ChangeNote(command) => vec![Note::at(command.note)],
        Command::WriteTemplate(command) => vec![Template::at(command.id)],
        Command::ChangeTemplate(command) => vec![Template::at(command.template)],
        Command::SetContact(command) => vec![Contact::at(command.issuer, command.person)],
        Command::OpenCase(command) => vec![RecordRef { kind: Kind::Case, id: command.id }],
        Command::RecordCertificate(command) => {
            vec![Case::at(command.case), Certificate::at(command.case), command.document_ref()]
        }
        Command::AppointOfficer(command) => vec![command.staff_ref()],
        Command::RegisterPerson(command) => {
            vec![RecordRef { kind: Kind::Profile, id: RecordId(command.person.0) }]
        }
        Command::PublishService(command) => command.writes(),
    }
}

/// Whether a command acts on what a scope shows: it ends with the right to see it.
pub fn is_within(command: &Command, scope: &Scope) -> bool {
    let within = match command {
        Command::SendMessage(command) => command.case,
        Command::MarkRead(command) => command.case,
        Command::SubmitDocument(command) => command.case,
        Command::AcceptDocument(command) => command.case,
        Command::RefuseDocument(command) => command.case,
        Command::ExplainAbsence(command) => command.case,
        Command::AcceptExplanation(command) => command.case,
        Command::RefuseExplanation(command) => command.case,
        Command::TakeFromArchive(command) => command.case,
        Command::ReportReady(command) => command.case,
        Command::RequestCompletion(command) => command.case,
        Command::RecordExam(command) => command.case,
        Command::GrantCertificate(command) => command.case,
        Command::RefuseApplication(command) => command.case,
        Command::WithdrawApplication(command) => command.case,
        Command::SetProofs(command) => command.case,
        Command::ProposeContactChange(command) => command.case,
        Command::WithdrawContactChange(command) => command.case,
        Command::AcceptContactChange(command) => command.case,
        Command::RefuseContactChange(command) => command.case,
        Command::WriteNote(command) => command.case,
        Command::ChangeNote(command) => command.case,
        // whoever takes a case does not see it yet, and giving it away ends what one sees
        Command::AssignCase(_)
        // the case is not there yet
        | Command::Apply(_)
        // no case's
        | Command::CompletePostalTask(_)
        | Command::WriteTemplate(_)
        | Command::ChangeTemplate(_)
        // the issuer's own systems'
        | Command::SetContact(_)
        | Command::OpenCase(_)
        | Command::RecordCertificate(_)
        | Command::RegisterPerson(_)
        | Command::AppointOfficer(_)
        | Command::PublishService(_) => return false,
    };
    matches!(scope, Scope::Case(_, case) if *case == within)
}

/// Whether a person wrote the command, rather than the program on their behalf: then its way is shown.
pub fn is_typed(command: &Command) -> bool {
    !matches!(command, Command::MarkRead(_))
}

/// A record that must be there, or why the rule cannot go on.
pub(crate) fn record(reads: &Reads, at: RecordRef, absent: Rejection) -> Result<&Record, Decision> {
    match reads.get(at) {
        Read::Found(record) => Ok(record),
        Read::Absent => Err(absent.into()),
        Read::Unseen => Err(Decision::ServerDecides(ServerDecides { unseen: at })),
    }
}

/// Reads one record as its type, or says why the rule cannot go on.
pub(crate) fn found<B: serde::de::DeserializeOwned>(
    reads: &Reads,
    at: RecordRef,
    absent: Rejection,
) -> Result<B, Decision> {
    record(reads, at, absent)?.read().map_err(Decision::Fault)
}
