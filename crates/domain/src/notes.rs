//! What the officers of a case write down for each other. The applicant never gets it.

use serde::{Deserialize, Serialize};

use crate::{
    Changes, Decision, HistoryEntry, IssuerId, Kind, PersonId, Reads, Record, RecordId, RecordRef,
    Rejection, Scope, Timestamp,
    cases::{Acting, Case},
    decision::record,
    identity::Actor,
};

/// The longest note, in characters.
pub const NOTE_MAX: u64 = 4_000;

/// A note on a case, for those who handle it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The body whose case it is.
    pub issuer: IssuerId,
    /// The case.
    pub case: RecordId,
    /// Who wrote it.
    pub author: PersonId,
    /// The author's name when it was written.
    pub author_name: String,
    /// Plain text, exactly as typed; empty once it is removed.
    pub text: String,
    /// When the server received it; before that, when it was written.
    pub at: Timestamp,
    /// When its author last changed it.
    pub changed_at: Option<Timestamp>,
    /// How often.
    pub changes: u32,
    /// Whether its author has removed it. Then nothing of its text is kept.
    pub removed: bool,
}

impl Note {
    /// Where a note is.
    pub fn at(note: RecordId) -> RecordRef {
        RecordRef { kind: Kind::Note, id: note }
    }
}

/// Write a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteNote {
    /// The new note's id.
    pub id: RecordId,
    /// The case.
    pub case: RecordId,
    /// Plain text, exactly as typed.
    pub text: String,
    /// When it was written, by the writer's clock.
    pub written_at: Timestamp,
}

/// Change one's own note, or remove it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeNote {
    /// Which.
    pub note: RecordId,
    /// Its case.
    pub case: RecordId,
    /// How often it had been changed when this was written: its author may have another computer.
    pub changes: u32,
    /// What it says from now on; `None` removes it.
    pub text: Option<String>,
}

/// What writing needs to see.
pub fn reads_to_write(command: &WriteNote) -> Vec<RecordRef> {
    vec![Case::at(command.case)]
}

/// What changing needs to see.
pub fn reads_to_change(command: &ChangeNote) -> Vec<RecordRef> {
    vec![Case::at(command.case), Note::at(command.note)]
}

/// Whether a text can be a note.
pub fn check_text(text: &str) -> Result<(), Rejection> {
    if text.trim().is_empty() {
        return Err(Rejection::NoteEmpty);
    }
    let length = text.chars().count() as u64;
    if length > NOTE_MAX { Err(Rejection::NoteTooLong { length, max: NOTE_MAX }) } else { Ok(()) }
}

/// The officer of a case may write, whatever its stage.
pub fn write(
    command: &WriteNote,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let acting = Acting::on(reads, command.case)?;
    let author = acting.officer(actor)?;
    check_text(&command.text)?;
    let note = Note {
        issuer: acting.case.issuer,
        case: command.case,
        author: author.person,
        author_name: author.name.clone(),
        text: command.text.clone(),
        at: now,
        changed_at: None,
        changes: 0,
        removed: false,
    };
    let record = Record::new(Kind::Note, command.id, &note);
    let history = vec![entry(&note, "note_written", record.at)];
    Ok(Changes { create: vec![record], history, ..Changes::default() })
}

/// Only its author changes a note, while they handle the case, and not what they have changed elsewhere meanwhile.
pub fn change(
    command: &ChangeNote,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let acting = Acting::on(reads, command.case)?;
    let author = acting.officer(actor)?;
    let at = Note::at(command.note);
    let old = record(reads, at, Rejection::NoteNotFound)?;
    let note: Note = old.read().map_err(Decision::Fault)?;
    if note.case != command.case || note.removed {
        return Err(Rejection::NoteNotFound.into());
    }
    if note.author != author.person {
        return Err(Rejection::NoteOfAnother { by_name: note.author_name }.into());
    }
    if note.changes != command.changes {
        return Err(Rejection::NoteChanged.into());
    }
    let event = if command.text.is_some() { "note_changed" } else { "note_removed" };
    if let Some(text) = &command.text {
        check_text(text)?;
    }
    let history = vec![entry(&note, event, at)];
    let new = Note {
        removed: command.text.is_none(),
        text: command.text.clone().unwrap_or_default(),
        changed_at: Some(now),
        changes: note.changes.saturating_add(1),
        ..note
    };
    Ok(Changes { update: vec![old.with(&new)], history, ..Changes::default() })
}

fn entry(note: &Note, event: &'static str, about: RecordRef) -> HistoryEntry {
    HistoryEntry { scope: Scope::CaseStaff(note.issuer, note.case), event, about }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Command, Read, audience,
        cases::{Party, Stage},
        decide, is_within,
    };

    const HOLDER: u128 = 1;
    const OFFICER: u128 = 2;
    const COLLEAGUE: u128 = 3;

    fn id(n: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(n)
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis).unwrap()
    }

    fn case(officer: u128) -> Record {
        let party = |n| Party { person: PersonId(id(n)), name: format!("Person {n}") };
        Record::new(
            Kind::Case,
            RecordId(id(10)),
            &Case {
                renews: None,
                issuer: IssuerId(id(9)),
                service: RecordId(id(11)),
                scheme: "f-gas-1".into(),
                number: "2026-10482".into(),
                title: "F-gas, kategori I".into(),
                holder: party(HOLDER),
                identity_number: "198112189876".parse().unwrap(),
                officer: Some(party(officer)),
                stage: Stage::Granted,
                opened_at: at(0),
                exams: Vec::new(),
                ready_at: None,
                events: 0,
            },
        )
    }

    fn writing(text: &str) -> Command {
        Command::WriteNote(WriteNote {
            id: RecordId(id(20)),
            case: RecordId(id(10)),
            text: text.into(),
            written_at: at(5),
        })
    }

    fn changing(text: Option<&str>) -> Command {
        changing_from(0, text)
    }

    fn changing_from(changes: u32, text: Option<&str>) -> Command {
        Command::ChangeNote(ChangeNote {
            changes,
            note: RecordId(id(20)),
            case: RecordId(id(10)),
            text: text.map(Into::into),
        })
    }

    fn ask(command: &Command, person: u128, records: &[Record]) -> Decision {
        let mut reads = Reads::default();
        reads.insert(Note::at(RecordId(id(20))), Read::Absent);
        for record in records {
            reads.insert(record.at, Read::Found(record.clone()));
        }
        decide(command, Actor::Person(PersonId(id(person))), at(7), &reads)
    }

    fn written() -> Record {
        match ask(&writing("Ring på måndag"), OFFICER, &[case(OFFICER)]) {
            Decision::Changes(changes) => changes.create[0].clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_note_is_seen_by_those_who_handle_the_case_and_nobody_else() {
        let note = written();
        let staff = Scope::CaseStaff(IssuerId(id(9)), RecordId(id(10)));
        assert_eq!(audience(&note), Ok(vec![staff.clone()]));
        assert_eq!(staff.to_string().parse(), Ok(staff));
        // it ends with the right to see the case
        let of_case = Scope::Case(IssuerId(id(9)), RecordId(id(10)));
        assert!(is_within(&writing("Hej"), &of_case) && is_within(&changing(None), &of_case));
    }

    #[test]
    fn the_holder_and_a_colleague_cannot_write_or_change_a_note() {
        let records = [case(OFFICER), written()];
        for command in [writing("Hej"), changing(Some("Hej")), changing(None)] {
            let answer = ask(&command, HOLDER, &records);
            assert_eq!(answer, Rejection::OfficerOnly.into());
            assert_eq!(ask(&command, COLLEAGUE, &records), Rejection::CaseNotFound.into());
        }
    }

    #[test]
    fn its_author_changes_and_removes_a_note_and_who_has_the_case_after_them_does_not() {
        let records = [case(OFFICER), written()];
        let Decision::Changes(changes) = ask(&changing(Some("Ring på tisdag")), OFFICER, &records)
        else {
            panic!("own note");
        };
        let note: Note = changes.update[0].read().unwrap();
        assert_eq!(
            (note.text.as_str(), note.at, note.changed_at),
            ("Ring på tisdag", at(7), Some(at(7)))
        );
        let Decision::Changes(changes) = ask(&changing(None), OFFICER, &records) else {
            panic!("own note");
        };
        let removed = changes.update[0].clone();
        let note: Note = removed.read().unwrap();
        assert_eq!((note.text.as_str(), note.removed), ("", true), "nothing of it stays");
        let again = ask(&changing(Some("Ändå")), OFFICER, &[case(OFFICER), removed]);
        assert_eq!(again, Rejection::NoteNotFound.into());
        let by_name = "Person 2".to_owned();
        let next = ask(&changing(None), COLLEAGUE, &[case(COLLEAGUE), written()]);
        assert_eq!(next, Rejection::NoteOfAnother { by_name }.into());
        assert_eq!(ask(&changing(None), OFFICER, &[case(OFFICER)]), Rejection::NoteNotFound.into());
    }

    #[test]
    fn what_its_author_has_changed_at_another_computer_is_not_written_over() {
        let change =
            |command: &Command, note: Record| ask(command, OFFICER, &[case(OFFICER), note]);
        let Decision::Changes(changes) = change(&changing(Some("Ring på tisdag")), written())
        else {
            panic!("own note");
        };
        let changed = changes.update[0].clone();
        for late in [changing(Some("Ring på onsdag")), changing(None)] {
            assert_eq!(change(&late, changed.clone()), Rejection::NoteChanged.into());
        }
        let read = changing_from(1, Some("Ring på onsdag"));
        assert!(matches!(change(&read, changed), Decision::Changes(_)));
    }

    #[test]
    fn a_note_says_something_and_not_too_much() {
        let ask = |text: &str| ask(&writing(text), OFFICER, &[case(OFFICER)]);
        assert_eq!(ask(" \n"), Rejection::NoteEmpty.into());
        let long = Rejection::NoteTooLong { length: NOTE_MAX + 1, max: NOTE_MAX };
        assert_eq!(ask(&"å".repeat(NOTE_MAX as usize + 1)), long.into());
    }
}
