//! Commands on their way: written together with their forecast, sent in order, never forgotten.

use std::collections::{BTreeMap, BTreeSet};

use behorig_domain::{
    Command, CommandId, Decision, DeviceId, FileId, Reads, RecordRef, Rejection, Timestamp, decide,
    files as files_of, identity::Actor, is_typed, lane, messages::SendMessage, notes::ChangeNote,
    reads, templates::ChangeTemplate, writes,
};
use behorig_protocol::{
    Answer, Envelope, Frame, PUSH_BYTES_MAX, PUSH_COMMANDS_MAX, Refusal, write_frame,
};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use crate::{
    Fault, Store, applications, cases, contact, drafts, files, left,
    notes::{note_change_place, note_place},
    records::{self, Layer, time},
    settings,
    templates::{new_template_place, template_change_place},
    uuid,
};

/// Failures of the server after which a command waits for somebody to look at it.
const STUCK_AFTER: i64 = 8;
/// A rule's reads are loaded in at most so many rounds.
const READ_ROUNDS: usize = 4;

/// Where a command stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboxState {
    /// On this computer.
    Queued,
    /// All its bytes are at the server; what came of it has not been pulled.
    Sent,
    /// Done, and applied here by a pull.
    Received,
    /// Refused for good.
    Refused,
    /// The server failed at it again and again.
    Stuck,
}

impl OutboxState {
    fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Refused => "refused",
            Self::Stuck => "stuck",
        }
    }

    pub(crate) fn named(name: &str) -> Result<Self, Fault> {
        [Self::Queued, Self::Sent, Self::Received, Self::Refused, Self::Stuck]
            .into_iter()
            .find(|state| state.name() == name)
            .ok_or(Fault::Malformed("outbox state"))
    }
}

/// What was expected of a command when it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "forecast", rename_all = "snake_case")]
pub enum Forecast {
    /// It would be done.
    Done,
    /// Only the server can tell.
    ServerDecides,
    /// It would be refused, by what has come to be known since it was written.
    Refused(Rejection),
}

/// What came of writing a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Queued {
    /// It is in the outbox.
    Queued(Forecast),
    /// It would be refused, so nothing was written.
    Refused(Rejection),
}

/// A command in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its name.
    pub id: CommandId,
    /// What it wants.
    pub command: Command,
    /// Where it stands.
    pub state: OutboxState,
    /// Why it was refused.
    pub refused: Option<Refusal>,
    /// What to quote to whoever runs the server, if it failed there.
    pub fault: Option<String>,
    /// When it was written.
    pub written_at: Timestamp,
    /// When all its bytes were at the server.
    pub sent_at: Option<Timestamp>,
    /// When the server's answer was applied here.
    pub decided_at: Option<Timestamp>,
    /// Whether it is still here only.
    pub can_withdraw: bool,
    /// What its case was called, if the person may no longer see it.
    pub title: Option<String>,
    /// And its registry number.
    pub number: Option<String>,
}

impl Store {
    /// Decides a command here, and writes it with its forecast in one transaction. `clears` names a draft
    /// that the command makes an end of.
    pub fn queue(
        &mut self,
        id: CommandId,
        command: &Command,
        now: Timestamp,
        clears: Option<&str>,
    ) -> Result<Queued, Fault> {
        self.transact(|connection| {
            // asked first: what is expected of a command is written as it is decided
            let file = files::submitted(command).map(|(file, _)| file);
            if let Some(file) = file
                && !files::is_picked(connection, file)?
            {
                return Ok(Queued::Refused(Rejection::FileMissing));
            }
            let (forecast, read) = match forecast(connection, command, now)? {
                (Forecast::Refused(rejection), _) => return Ok(Queued::Refused(rejection)),
                expected => expected,
            };
            if let Some(file) = file {
                files::sending(connection, file)?;
            }
            let seq = next_seq(connection)?;
            let after = pending_writers(connection, &read)?;
            connection
                .prepare_cached(
                    "INSERT INTO outbox (id, seq, after, lane, body, forecast, state, written_at,
                                         typed, needs_file)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'queued', ?7, ?8, ?9)",
                )?
                .execute(params![
                    id.0.as_bytes(),
                    seq,
                    json(&after)?,
                    lane(command),
                    command.to_bytes(),
                    json(&forecast)?,
                    now.millis(),
                    is_typed(command),
                    !files_of(command).is_empty(),
                ])?;
            put_writes(connection, id, command)?;
            if let Some(place) = clears {
                drafts::end(connection, place)?;
            }
            Ok(Queued::Queued(forecast))
        })
    }

    /// The next commands to send, oldest first, as one request holds them. Counts a try for each: from
    /// here on they may be at the server and cannot be taken back.
    ///
    /// At most `limit` bytes, but always one command if any is left.
    pub fn take_for_push(&mut self, limit: usize) -> Result<Vec<Frame>, Fault> {
        let device = self.device()?;
        self.transact(|connection| {
            let frames = next_frames(connection, device, limit)?;
            let mut mark = connection
                .prepare_cached("UPDATE outbox SET in_flight = in_flight + 1 WHERE id = ?1")?;
            for frame in &frames {
                mark.execute([frame.envelope.id.0.as_bytes()])?;
            }
            Ok(frames)
        })
    }

    /// Uncounts a try of which no byte has left this computer.
    pub fn not_pushed(&mut self, ids: &[CommandId]) -> Result<(), Fault> {
        self.transact(|connection| ids.iter().try_for_each(|id| uncount_try(connection, *id)))
    }

    /// Takes in the server's answers to pushed commands. None of them leaves the overlay by this:
    /// only the pull that brings the answer again does that.
    pub fn pushed(&mut self, answers: &[(CommandId, Answer)], now: Timestamp) -> Result<(), Fault> {
        self.transact(|connection| {
            let mut forked = false;
            for (command, answer) in answers {
                let id = command.0.as_bytes();
                match answer {
                    Answer::Done { .. } | Answer::Refused { .. } => {
                        connection
                            .prepare_cached(
                                "UPDATE outbox SET state = 'sent', sent_at = ?2, failures = 0
                                 WHERE id = ?1 AND state IN ('queued', 'stuck')",
                            )?
                            .execute(params![id, now.millis()])?;
                    }
                    Answer::Wait => {
                        uncount_try(connection, *command)?;
                        files::ask_again(connection, *command)?;
                    }
                    Answer::IdReused => {
                        connection
                            .prepare_cached("UPDATE outbox SET state = 'stuck' WHERE id = ?1")?
                            .execute([id])?;
                        uncount_try(connection, *command)?;
                    }
                    Answer::Internal { correlation_id } => {
                        connection
                            .prepare_cached(
                                "UPDATE outbox SET failures = failures + 1, fault = ?2,
                                   state = iif(failures + 1 >= ?3, 'stuck', state)
                                 WHERE id = ?1 AND state = 'queued'",
                            )?
                            .execute(params![id, correlation_id, STUCK_AFTER])?;
                        uncount_try(connection, *command)?;
                    }
                    Answer::DeviceForked => {
                        forked = true;
                        uncount_try(connection, *command)?;
                    }
                }
            }
            if forked { new_device(connection) } else { Ok(()) }
        })
    }

    /// Takes a command back that has not left this computer, or that was refused. What the person typed
    /// becomes a draft again, below what they may have written there since.
    pub fn withdraw(&mut self, id: CommandId, now: Timestamp) -> Result<(), Fault> {
        self.transact(|connection| {
            let body: Option<Vec<u8>> = connection
                .prepare_cached(
                    "DELETE FROM outbox WHERE id = ?1 AND (state = 'refused'
                       OR (in_flight = 0 AND state IN ('queued', 'stuck'))) RETURNING body",
                )?
                .query_row([id.0.as_bytes()], |row| row.get(0))
                .optional()?;
            let body = body.ok_or(Fault::TooLate)?;
            forget_dependency(connection, id)?;
            let command = Command::from_bytes(&body).map_err(|_| Fault::Malformed("command"))?;
            draft_again(connection, &command, now)?;
            left::put_aside_gone(connection, now)?;
            replay(connection)
        })
    }

    /// Everything in the outbox, newest first.
    pub fn outbox(&self) -> Result<Vec<OutboxRow>, Fault> {
        let mut outbox = self.outbox_of(None)?;
        outbox.retain(|row| is_typed(&row.command));
        Ok(outbox)
    }

    /// A command that was written here, as long as the outbox holds it.
    pub fn written(&self, id: CommandId) -> Result<Option<Command>, Fault> {
        let body: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT body FROM outbox WHERE id = ?1")?
            .query_row([id.0.as_bytes()], |row| row.get(0))
            .optional()?;
        let command = body.map(|body| Command::from_bytes(&body)).transpose();
        command.map_err(|_| Fault::Malformed("command"))
    }

    /// The outbox, or one lane of it, newest first.
    pub(crate) fn outbox_of(&self, lane: Option<&str>) -> Result<Vec<OutboxRow>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, body, state, refused, fault, written_at, sent_at, in_flight, decided_at,
                    title, number
             FROM outbox WHERE ?1 IS NULL OR lane = ?1 ORDER BY position DESC",
        )?;
        let mut rows = statement.query([lane])?;
        let mut outbox = Vec::new();
        while let Some(row) = rows.next()? {
            outbox.push(outbox_row(row)?);
        }
        Ok(outbox)
    }

    /// How many things that the person wrote the server has not decided, as far as this replica knows.
    pub fn waiting(&self) -> Result<i64, Fault> {
        let sql = "SELECT count(*) FROM outbox
                   WHERE typed = 1 AND state IN ('queued', 'sent', 'stuck')";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// Whether there is a command that could be sent now.
    pub fn has_unsent(&self) -> Result<bool, Fault> {
        Ok(!next_frames(&self.connection, self.device()?, 0)?.is_empty())
    }

    /// A file cannot be read on this computer: what waits for it is stuck, and keeps nothing else waiting.
    pub fn file_unreadable(&mut self, file: FileId) -> Result<(), Fault> {
        self.transact(|connection| {
            for (id, command) in queued_with_files(connection)? {
                if files_of(&command).contains(&file) {
                    connection
                        .prepare_cached("UPDATE outbox SET state = 'stuck' WHERE id = ?1")?
                        .execute([id.0.as_bytes()])?;
                }
            }
            Ok(())
        })
    }

    /// Lets what is stuck be sent again.
    pub fn send_stuck_again(&mut self) -> Result<(), Fault> {
        self.transact(|connection| {
            connection.execute(
                "UPDATE outbox SET state = 'queued', failures = 0 WHERE state = 'stuck'",
                [],
            )?;
            Ok(())
        })
    }
}

/// A try is over and the server has not decided the command by it. Tries that were lost on the way stay
/// counted: what became of them is not known.
fn uncount_try(connection: &Connection, id: CommandId) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE outbox SET in_flight = max(in_flight - 1, 0) WHERE id = ?1")?
        .execute([id.0.as_bytes()])?;
    Ok(())
}

fn outbox_row(row: &Row<'_>) -> Result<OutboxRow, Fault> {
    let (id, body): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
    let state: String = row.get(2)?;
    let state = OutboxState::named(&state)?;
    let refused: Option<String> = row.get(3)?;
    let (sent_at, decided_at): (Option<i64>, Option<i64>) = (row.get(6)?, row.get(8)?);
    let in_flight: i64 = row.get(7)?;
    Ok(OutboxRow {
        id: CommandId(uuid(&id)?),
        command: Command::from_bytes(&body).map_err(|_| Fault::Malformed("command"))?,
        state,
        refused: refused.map(|text| from_json(&text)).transpose()?,
        fault: row.get(4)?,
        written_at: time(row.get(5)?)?,
        sent_at: sent_at.map(time).transpose()?,
        decided_at: decided_at.map(time).transpose()?,
        can_withdraw: in_flight == 0 && matches!(state, OutboxState::Queued | OutboxState::Stuck),
        title: row.get(9)?,
        number: row.get(10)?,
    })
}

/// Empties the overlay and writes it anew from every command that no pull has answered, in order.
pub(crate) fn replay(connection: &Connection) -> Result<(), Fault> {
    records::clear_forecasts(connection)?;
    let mut statement = connection.prepare_cached(
        "SELECT body, written_at FROM outbox WHERE state IN ('queued', 'sent', 'stuck')
         ORDER BY position",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let body: Vec<u8> = row.get(0)?;
        let command = Command::from_bytes(&body).map_err(|_| Fault::Malformed("command"))?;
        forecast(connection, &command, time(row.get(1)?)?)?;
    }
    Ok(())
}

/// Decides a command on what this replica holds and writes what it would make into the overlay.
fn forecast(
    connection: &Connection,
    command: &Command,
    now: Timestamp,
) -> Result<(Forecast, Vec<RecordRef>), Fault> {
    let mut loaded = Reads::default();
    let mut read = Vec::new();
    for _ in 0..READ_ROUNDS {
        for at in reads(command, &loaded) {
            loaded.insert(at, records::read(connection, at)?);
            read.push(at);
        }
    }
    for id in files_of(command) {
        loaded.insert_file(id, files::read(connection, id)?);
    }
    let actor = Actor::Person(settings::person(connection)?);
    let forecast = match decide(command, actor, now, &loaded) {
        Decision::Changes(changes) => {
            for record in changes.create.iter().chain(&changes.update) {
                let body = record.body.to_string();
                let kind = record.at.kind.name();
                records::put(connection, Layer::Forecast, kind, record.at.id, 0, &body)?;
            }
            Forecast::Done
        }
        Decision::Rejected(rejection) => Forecast::Refused(rejection),
        // what this version cannot read, a newer server can
        Decision::ServerDecides(_) | Decision::Fault(_) => Forecast::ServerDecides,
    };
    Ok((forecast, read))
}

/// The pending commands whose expected records a new one read: it falls with them.
fn pending_writers(connection: &Connection, read: &[RecordRef]) -> Result<Vec<CommandId>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT o.position, o.id FROM outbox_write w JOIN outbox o ON o.id = w.command
         WHERE w.kind = ?1 AND w.id = ?2 AND o.state IN ('queued', 'sent', 'stuck')",
    )?;
    let mut after = BTreeMap::new();
    for at in read {
        let mut rows = statement.query(params![at.kind.name(), at.id.0.as_bytes()])?;
        while let Some(row) = rows.next()? {
            let (position, id): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
            after.insert(position, CommandId(uuid(&id)?));
        }
    }
    Ok(after.into_values().collect())
}

/// Notes what a command makes or replaces.
fn put_writes(connection: &Connection, id: CommandId, command: &Command) -> Result<(), Fault> {
    let mut statement = connection
        .prepare_cached("INSERT INTO outbox_write (kind, id, command) VALUES (?1, ?2, ?3)")?;
    for at in writes(command) {
        statement.execute(params![at.kind.name(), at.id.0.as_bytes(), id.0.as_bytes()])?;
    }
    Ok(())
}

/// Notes what every command makes or replaces: the outbox comes from elsewhere.
pub(crate) fn note_writes_anew(connection: &Connection) -> Result<(), Fault> {
    connection.execute("DELETE FROM outbox_write", [])?;
    let mut statement = connection.prepare_cached("SELECT id, body FROM outbox")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, body): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        if let Ok(command) = Command::from_bytes(&body) {
            put_writes(connection, CommandId(uuid(&id)?), &command)?;
        }
    }
    Ok(())
}

/// A command is gone before the server saw it: nobody can wait for it any more.
pub(crate) fn forget_dependency(connection: &Connection, gone: CommandId) -> Result<(), Fault> {
    let mut statement =
        connection.prepare_cached("SELECT id, after FROM outbox WHERE instr(after, ?1) > 0")?;
    let waiting = statement
        .query_map([gone.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(Vec<u8>, String)>, _>>()?;
    for (id, after) in waiting {
        let mut after: Vec<CommandId> = from_json(&after)?;
        after.retain(|command| *command != gone);
        put_after(connection, &id, &after)?;
    }
    Ok(())
}

pub(crate) fn put_after(
    connection: &Connection,
    id: &[u8],
    after: &[CommandId],
) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE outbox SET after = ?2 WHERE id = ?1")?
        .execute(params![id, json(&after)?])?;
    Ok(())
}

fn next_seq(connection: &Connection) -> Result<i64, Fault> {
    // AUTOINCREMENT's own memory, so that a withdrawn command's number is never used again
    let sql = "SELECT coalesce(max(seq), 0) + 1 FROM
               (SELECT seq FROM sqlite_sequence WHERE name = 'outbox'
                UNION ALL SELECT seq FROM outbox)";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// What the person typed, or picked, becomes a draft again, below what they may have written there since.
fn draft_again(connection: &Connection, command: &Command, now: Timestamp) -> Result<(), Fault> {
    match command {
        Command::SendMessage(SendMessage { id, case, thread, message_type, text, .. }) => {
            let place = drafts::draft_place(*case, (thread != id).then_some(*thread));
            drafts::append(connection, &place, message_type, text, now)
        }
        Command::RefuseDocument(command) => {
            let place = drafts::refusal_place(command.document);
            drafts::append(connection, &place, "", &command.reason, now)
        }
        Command::ProposeContactChange(command) => contact::draft_again(connection, command, now),
        Command::RefuseContactChange(command) => {
            let place = contact::contact_refusal_place(command.contact);
            drafts::append(connection, &place, "", &command.reason, now)
        }
        Command::RefuseExplanation(command) => {
            let place = drafts::refusal_place(command.explanation);
            drafts::append(connection, &place, "", &command.reason, now)
        }
        Command::ExplainAbsence(command) => {
            let place = drafts::absence_place(command.row);
            drafts::append(connection, &place, &command.absence, &command.reason, now)
        }
        Command::RequestCompletion(command) => {
            let place = drafts::completion_place(command.case);
            let rows: Vec<_> = command.rows.iter().map(ToString::to_string).collect();
            drafts::append(connection, &place, &rows.join(","), &command.text, now)
        }
        Command::RecordExam(command) => cases::exam_again(connection, command, now),
        Command::GrantCertificate(command) => cases::grant_again(connection, command, now),
        Command::RefuseApplication(command) => drafts::append(
            connection,
            &drafts::decision_place(command.case),
            "",
            &command.text,
            now,
        ),
        Command::Apply(command) => applications::write_again(connection, command, now),
        Command::WriteNote(command) => {
            drafts::append(connection, &note_place(command.case), "", &command.text, now)
        }
        Command::ChangeNote(ChangeNote { note, changes, text: Some(text), .. }) => {
            let place = note_change_place(*note);
            drafts::append_change(connection, &place, *changes, ("", text), now)
        }
        Command::WriteTemplate(command) => {
            let place = new_template_place(command.issuer);
            drafts::append(connection, &place, &command.title, &command.text, now)
        }
        Command::ChangeTemplate(ChangeTemplate { template, changes, to: Some(to), .. }) => {
            let place = template_change_place(*template);
            drafts::append_change(connection, &place, *changes, (&to.title, &to.text), now)
        }
        Command::SubmitDocument(command) => {
            files::picked_again(connection, command.file.id, &command.note)
        }
        _ => Ok(()),
    }
}

/// The files that queued commands wait for, in the order of the commands.
pub(crate) fn files_waited_for(connection: &Connection) -> Result<Vec<FileId>, Fault> {
    let queued = queued_with_files(connection)?;
    Ok(queued.iter().flat_map(|(_, command)| files_of(command)).collect())
}

fn queued_with_files(connection: &Connection) -> Result<Vec<(CommandId, Command)>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT id, body FROM outbox WHERE state = 'queued' AND needs_file = 1 ORDER BY position",
    )?;
    let mut rows = statement.query([])?;
    let mut queued = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, body): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let command = Command::from_bytes(&body).map_err(|_| Fault::Malformed("command"))?;
        queued.push((CommandId(uuid(&id)?), command));
    }
    Ok(queued)
}

/// What goes in one request. A lane waits behind what is stuck in it, or whose file the server has not
/// yet; other lanes go on.
fn next_frames(
    connection: &Connection,
    device: DeviceId,
    limit: usize,
) -> Result<Vec<Frame>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT id, seq, after, body, lane, needs_file FROM outbox o
         WHERE state = 'queued' AND NOT EXISTS (
           SELECT 1 FROM outbox s
           WHERE s.state = 'stuck' AND s.lane = o.lane AND s.position < o.position)
         ORDER BY position",
    )?;
    let mut rows = statement.query([])?;
    let mut frames: Vec<Frame> = Vec::new();
    let (mut held, mut held_lanes) = (BTreeSet::new(), BTreeSet::new());
    let mut room = limit.min(PUSH_BYTES_MAX);
    while let Some(row) = rows.next()? {
        let id: Vec<u8> = row.get(0)?;
        let after: String = row.get(2)?;
        let bytes: Vec<u8> = row.get(3)?;
        let lane: String = row.get(4)?;
        let id = CommandId(uuid(&id)?);
        let after: Vec<CommandId> = from_json(&after)?;
        let waits_for_file = row.get(5)? && waits_for_file(connection, &bytes)?;
        if waits_for_file
            || held_lanes.contains(&lane)
            || after.iter().any(|other| held.contains(other))
        {
            held.insert(id);
            held_lanes.insert(lane);
            continue;
        }
        let envelope = Envelope { id, device, seq: row.get(1)?, after, len: bytes.len() };
        let frame = Frame { envelope, bytes };
        let mut written = Vec::new();
        write_frame(&mut written, &frame);
        let full = frames.len() == PUSH_COMMANDS_MAX || written.len() > room;
        if full && !frames.is_empty() {
            break;
        }
        room = room.saturating_sub(written.len());
        frames.push(frame);
    }
    Ok(frames)
}

fn waits_for_file(connection: &Connection, body: &[u8]) -> Result<bool, Fault> {
    let command = Command::from_bytes(body).map_err(|_| Fault::Malformed("command"))?;
    for id in files_of(&command) {
        if !files::is_at_server(connection, id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// This replica is a copy of one that has sent under the same name: take a new name. Numbers count within
/// a name, so they stay; ids and bytes stay too, so that what did arrive is recognised.
fn new_device(connection: &Connection) -> Result<(), Fault> {
    settings::put_device(connection, DeviceId(uuid::Uuid::now_v7()))
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|_| Fault::Malformed("value"))
}

pub(crate) fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::Malformed("value"))
}
