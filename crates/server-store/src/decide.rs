//! One command: known already, out of turn, refused or done. Each in a savepoint of its own.

use behorig_domain::{
    Changes, Command, CommandId, Decision, DeviceId, FileId, FileRead, PersonId, Reads, Rejection,
    Scope, Timestamp, decide, files, identity::Actor, reads,
};
use behorig_protocol::{Answer, Frame, body_hash};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Fault, READ_ROUNDS, RESTORED_AT, Writing, accounts, files as stored_files, history, outgoing,
    records,
};

/// The answer to a command, and the scopes whose readers have something to fetch.
#[derive(Debug)]
pub struct Decided {
    /// What to tell the sender once the transaction is committed.
    pub answer: Answer,
    /// Where something changed.
    pub touched: Vec<Scope>,
    /// How many people are to be told by means outside the program.
    pub notices: usize,
    /// If it is not decided: whether what was written after it in its lane waits for it.
    pub holds_lane: bool,
}

const NOTHING: Decided =
    Decided { answer: Answer::Wait, touched: Vec::new(), notices: 0, holds_lane: true };

/// So long after a restore a command may wait for what another person's device has not sent again yet: 3
/// days in milliseconds.
const COMES_AGAIN_WITHIN: i64 = 3 * 24 * 3_600_000;

/// Whether what a command is refused for lacking can be what a restored server lost, and what another
/// person's device sends again.
fn may_come(rejection: &Rejection) -> bool {
    matches!(
        rejection,
        Rejection::ThreadNotFound
            | Rejection::DocumentNotFound
            | Rejection::ExplanationNotFound
            | Rejection::ProposalNotFound
            | Rejection::CaseNotFound
            | Rejection::CaseAssigned { .. }
            | Rejection::CertificateNotFound
            | Rejection::RowsOpen { .. }
            | Rejection::RowsAwaited { .. }
            | Rejection::RowAccepted
            | Rejection::AlreadyReady
            | Rejection::ExamMissing { .. }
    )
}

/// Whoever acts for the issuer's own systems has no person; their commands are kept under this id.
const OPERATOR: PersonId = PersonId(uuid::Uuid::nil());

struct Asked<'a> {
    person: PersonId,
    actor: Actor,
    id: CommandId,
    /// `None` for the issuer's own systems, and for what came without one.
    device: Option<(DeviceId, i64)>,
    bytes: &'a [u8],
    now: Timestamp,
}

impl Writing<'_> {
    /// Decides a person's command. A fault leaves no trace of it and does not spoil the transaction.
    pub fn decide(
        &mut self,
        person: PersonId,
        frame: &Frame,
        now: Timestamp,
    ) -> Result<Decided, Fault> {
        let savepoint = self.transaction.savepoint()?;
        let envelope = &frame.envelope;
        let asked = Asked {
            person,
            actor: Actor::Person(person),
            id: envelope.id,
            device: Some((envelope.device, envelope.seq)),
            bytes: &frame.bytes,
            now,
        };
        let decided = asked.decide(&savepoint, &envelope.after)?;
        savepoint.commit()?;
        Ok(decided)
    }

    /// Decides what a person wanted before they had an account and a device.
    pub fn decide_for(
        &mut self,
        person: PersonId,
        id: CommandId,
        command: &Command,
        now: Timestamp,
    ) -> Result<Decided, Fault> {
        let savepoint = self.transaction.savepoint()?;
        let (actor, bytes) = (Actor::Person(person), &command.to_bytes());
        let asked = Asked { person, actor, id, device: None, bytes, now };
        let decided = asked.decide(&savepoint, &[])?;
        savepoint.commit()?;
        Ok(decided)
    }

    /// Decides a command of the issuer's own systems.
    pub fn operate(&mut self, command: &Command, now: Timestamp) -> Result<Decided, Fault> {
        let savepoint = self.transaction.savepoint()?;
        let asked = Asked {
            person: OPERATOR,
            actor: Actor::Operator,
            id: CommandId(uuid::Uuid::now_v7()),
            device: None,
            bytes: &command.to_bytes(),
            now,
        };
        let decided = asked.decide(&savepoint, &[])?;
        savepoint.commit()?;
        Ok(decided)
    }
}

impl Asked<'_> {
    fn decide(&self, connection: &Connection, after: &[CommandId]) -> Result<Decided, Fault> {
        let quiet = |answer| Ok(Decided { answer, ..NOTHING });
        if let Some(answer) = self.known(connection)? {
            return quiet(answer);
        }
        if self.device_number_taken(connection)? {
            return quiet(Answer::DeviceForked);
        }
        for dependency in after {
            match answer_to(connection, self.person, *dependency)? {
                None => return quiet(Answer::Wait),
                Some(Answer::Refused { .. }) => {
                    let rejection = Rejection::DependencyRefused { command: *dependency };
                    return quiet(self.refuse(connection, rejection)?);
                }
                Some(_) => {}
            }
        }
        let Ok(command) = Command::from_bytes(self.bytes) else {
            return quiet(self.refuse(connection, Rejection::CommandUnreadable)?);
        };
        let Some(files) = self.files(connection, &command)? else {
            return quiet(Answer::Wait);
        };
        let mut loaded = load(connection, &command)?;
        for (id, read) in files {
            loaded.insert_file(id, read);
        }
        match decide(&command, self.actor, self.now, &loaded) {
            Decision::Changes(changes) => self.apply(connection, &command, &changes),
            Decision::Rejected(rejection) => {
                if may_come(&rejection) && self.is_restored_lately(connection)? {
                    let waits = Decided { answer: Answer::Wait, holds_lane: false, ..NOTHING };
                    return Ok(waits);
                }
                quiet(self.refuse(connection, rejection)?)
            }
            Decision::ServerDecides(_) => Err(Fault::ReadsWithoutEnd),
            Decision::Fault(_) => Err(Fault::Malformed("record")),
        }
    }

    /// The answer given before, if this id came before.
    fn known(&self, connection: &Connection) -> Result<Option<Answer>, Fault> {
        let hash: Option<Vec<u8>> = connection
            .prepare_cached("SELECT body_hash FROM command WHERE person = ?1 AND id = ?2")?
            .query_row(params![self.person.0.as_bytes(), self.id.0.as_bytes()], |row| row.get(0))
            .optional()?;
        match hash {
            None => Ok(None),
            Some(hash) if hash == body_hash(self.bytes) => {
                answer_to(connection, self.person, self.id)
            }
            Some(_) => Ok(Some(Answer::IdReused)),
        }
    }

    /// What is known of the files that the command needs; `None` while one of them is on its way.
    fn files(
        &self,
        connection: &Connection,
        command: &Command,
    ) -> Result<Option<Vec<(FileId, FileRead)>>, Fault> {
        let mut known = Vec::new();
        for id in files(command) {
            let owner = match self.actor {
                Actor::Person(person) => person,
                // the issuer's own systems take up what is somebody's
                Actor::Operator => match stored_files::upload(connection, id)? {
                    Some(upload) => upload.person,
                    None => return Ok(None),
                },
            };
            match stored_files::read(connection, owner, id, self.now)? {
                FileRead::Missing => return Ok(None),
                read => known.push((id, read)),
            }
        }
        Ok(Some(known))
    }

    fn is_restored_lately(&self, connection: &Connection) -> Result<bool, Fault> {
        let at: Option<String> = connection
            .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
            .query_row([RESTORED_AT], |row| row.get(0))
            .optional()?;
        let at: Option<i64> = at.and_then(|at| at.parse().ok());
        Ok(at.is_some_and(|at| self.now.millis().saturating_sub(at) < COMES_AGAIN_WITHIN))
    }

    fn device_number_taken(&self, connection: &Connection) -> Result<bool, Fault> {
        let Some((device, seq)) = self.device else { return Ok(false) };
        Ok(connection
            .prepare_cached("SELECT 1 FROM command WHERE device = ?1 AND seq = ?2")?
            .exists(params![device.0.as_bytes(), seq])?)
    }

    fn apply(
        &self,
        connection: &Connection,
        command: &Command,
        changes: &Changes,
    ) -> Result<Decided, Fault> {
        let mut touched = Vec::new();
        for record in &changes.create {
            // ids are checked before anything is written: a refusal leaves nothing behind
            if records::read(connection, record.at)? != behorig_domain::Read::Absent {
                let answer = self.refuse(connection, Rejection::IdTaken)?;
                return Ok(Decided { answer, ..NOTHING });
            }
        }
        for record in changes.create.iter().chain(&changes.update) {
            records::put(connection, record, &mut touched)?;
        }
        for id in files(command) {
            stored_files::used(connection, id)?;
        }
        for grant in &changes.grants {
            accounts::grant(connection, grant)?;
            touched.push(grant.scope.clone());
        }
        let (no, commitment) = self.record(connection, None)?;
        for entry in &changes.history {
            history::append(connection, entry, self.person, self.id, &commitment, self.now)?;
        }
        let mut notices: usize = 0;
        for notice in &changes.notices {
            let by_mail = outgoing::tell(connection, notice, self.now, &mut touched)?;
            notices = notices.saturating_add(by_mail.into());
        }
        Ok(Decided { answer: Answer::Done { no }, touched, notices, ..NOTHING })
    }

    fn refuse(&self, connection: &Connection, rejection: Rejection) -> Result<Answer, Fault> {
        let (no, _) = self.record(connection, Some(&rejection))?;
        Ok(Answer::Refused { no, refusal: (&rejection).into() })
    }

    /// Stores the command with its answer. Gives the answer's number and the command's commitment.
    fn record(
        &self,
        connection: &Connection,
        refused: Option<&Rejection>,
    ) -> Result<(i64, [u8; 32]), Fault> {
        let person = self.person.0.as_bytes();
        let no: i64 = connection
            .prepare_cached(
                "SELECT coalesce(max(answer_no), 0) + 1 FROM command WHERE person = ?1",
            )?
            .query_row([person], |row| row.get(0))?;
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| Fault::Randomness)?;
        let refused = refused
            .map(serde_json::to_string)
            .transpose()
            .map_err(|_| Fault::Malformed("rejection"))?;
        connection
            .prepare_cached(
                "INSERT INTO command (person, id, device, seq, body_hash, body, salt, at, answer_no,
                                      refused)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                person,
                self.id.0.as_bytes(),
                self.device.map(|(device, _)| device.0.into_bytes()),
                self.device.map(|(_, seq)| seq),
                body_hash(self.bytes),
                self.bytes,
                salt,
                self.now.millis(),
                no,
                refused,
            ])?;
        Ok((no, history::commitment(&salt, self.bytes)))
    }
}

/// The recorded answer to a command, if it is decided.
fn answer_to(
    connection: &Connection,
    person: PersonId,
    id: CommandId,
) -> Result<Option<Answer>, Fault> {
    let row: Option<(i64, Option<String>)> = connection
        .prepare_cached("SELECT answer_no, refused FROM command WHERE person = ?1 AND id = ?2")?
        .query_row(params![person.0.as_bytes(), id.0.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    row.map(|(no, refused)| match refused {
        None => Ok(Answer::Done { no }),
        Some(refused) => serde_json::from_str(&refused)
            .map(|refusal| Answer::Refused { no, refusal })
            .map_err(|_| Fault::Malformed("rejection")),
    })
    .transpose()
}

/// Loads what a rule asks for, round by round.
fn load(connection: &Connection, command: &Command) -> Result<Reads, Fault> {
    let mut loaded = Reads::default();
    for _ in 0..READ_ROUNDS {
        let wanted = reads(command, &loaded);
        if wanted.is_empty() {
            return Ok(loaded);
        }
        for at in wanted {
            loaded.insert(at, records::read(connection, at)?);
        }
    }
    if reads(command, &loaded).is_empty() { Ok(loaded) } else { Err(Fault::ReadsWithoutEnd) }
}
