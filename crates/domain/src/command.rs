//! What somebody can want, and how it is written down.

use serde::{Deserialize, Serialize};

use crate::{
    applications::Apply,
    cases::{
        AssignCase, GrantCertificate, OpenCase, RecordCertificate, RecordExam, RefuseApplication,
        SetProofs, WithdrawApplication,
    },
    contact::{
        AcceptContactChange, CompletePostalTask, ProposeContactChange, RefuseContactChange,
        SetContact, WithdrawContactChange,
    },
    documents::{
        AcceptDocument, AcceptExplanation, ExplainAbsence, RefuseDocument, RefuseExplanation,
        ReportReady, RequestCompletion, SubmitDocument, TakeFromArchive,
    },
    identity::{AppointOfficer, RegisterPerson},
    messages::{MarkRead, SendMessage},
    notes::{ChangeNote, WriteNote},
    services::PublishService,
    templates::{ChangeTemplate, WriteTemplate},
};

/// The format that this version writes. A server refuses a format that it does not know.
const FORMAT: u16 = 1;

/// What somebody wants done. It carries all it needs, ids included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Write to the other party of a case.
    SendMessage(SendMessage),
    /// Note how far a conversation has been read.
    MarkRead(MarkRead),
    /// Send a file in for a row.
    SubmitDocument(SubmitDocument),
    /// Find a document sufficient.
    AcceptDocument(AcceptDocument),
    /// Find a document insufficient.
    RefuseDocument(RefuseDocument),
    /// Say why there is no document for a row.
    ExplainAbsence(ExplainAbsence),
    /// Find such a reason sufficient.
    AcceptExplanation(AcceptExplanation),
    /// Find such a reason insufficient.
    RefuseExplanation(RefuseExplanation),
    /// Take a document of an earlier case for a row.
    TakeFromArchive(TakeFromArchive),
    /// Say that all that is asked for is in.
    ReportReady(ReportReady),
    /// Ask for what is missing.
    RequestCompletion(RequestCompletion),
    /// Change who handles a case.
    AssignCase(AssignCase),
    /// Record how a part of an examination went.
    RecordExam(RecordExam),
    /// Grant the certificate that is applied for.
    GrantCertificate(GrantCertificate),
    /// Refuse an application.
    RefuseApplication(RefuseApplication),
    /// Apply for a certification.
    Apply(Apply),
    /// Take an application back.
    WithdrawApplication(WithdrawApplication),
    /// Note whether there is a card and whether the certificate is published.
    SetProofs(SetProofs),
    /// Propose a change of one's details.
    ProposeContactChange(ProposeContactChange),
    /// Take a proposed change back.
    WithdrawContactChange(WithdrawContactChange),
    /// Put a proposed change in force.
    AcceptContactChange(AcceptContactChange),
    /// Refuse a proposed change.
    RefuseContactChange(RefuseContactChange),
    /// Note that a letter is posted.
    CompletePostalTask(CompletePostalTask),
    /// Write a note for those who handle a case.
    WriteNote(WriteNote),
    /// Change one's own note, or remove it.
    ChangeNote(ChangeNote),
    /// Keep a text for the messages of a body's officers.
    WriteTemplate(WriteTemplate),
    /// Change such a text, or remove it.
    ChangeTemplate(ChangeTemplate),
    /// Put a person's details in the place of those that are there. For the issuer's own systems.
    SetContact(SetContact),
    /// Begin a case for a person. For the issuer's own systems.
    OpenCase(OpenCase),
    /// Take up a certificate that was granted before. For the issuer's own systems.
    RecordCertificate(RecordCertificate),
    /// Let a person handle cases. For the issuer's own systems.
    AppointOfficer(AppointOfficer),
    /// Let a person in. For the issuer's own systems.
    RegisterPerson(RegisterPerson),
    /// Put a service's settings in force. For the issuer's own systems.
    PublishService(PublishService),
}

#[derive(Serialize)]
struct Written<'a> {
    format: u16,
    #[serde(flatten)]
    command: &'a Command,
}

#[derive(Deserialize)]
struct ReadBack {
    format: u16,
    #[serde(flatten)]
    command: Command,
}

/// The bytes are no command that this version can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable;

impl Command {
    /// The exact bytes that are hashed, stored, sent and, if need be, signed. Made once, then never again.
    pub fn to_bytes(&self) -> Vec<u8> {
        // plain structs with string keys: they always become JSON
        serde_json::to_vec(&Written { format: FORMAT, command: self }).unwrap_or_default()
    }

    /// Reads what [`Command::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let read: ReadBack = serde_json::from_slice(bytes).map_err(|_| Unreadable)?;
        if read.format == FORMAT { Ok(read.command) } else { Err(Unreadable) }
    }
}
