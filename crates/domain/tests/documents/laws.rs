//! Laws over any order of deeds.

use behorig_domain::{
    Command, FileId, Kind, PersonId, Record, RecordId, RecordRef, Rejection, Scope, audience,
    documents::{
        AcceptDocument, AcceptExplanation, Document, DocumentRow, ExplainAbsence, FileFault,
        Format, Handling, RefuseDocument, RefuseExplanation, ReportReady, RequestCompletion,
        RowState, SubmitDocument,
    },
    identity::Actor,
    messages::{MarkRead, Message, Origin, ReadMark, SendMessage, mark_ref},
};
use proptest::prelude::*;
use uuid::Uuid;

use crate::world::{CASE, HOLDER, ISSUER, MAX, OFFICER, SERVICE, STRANGER, World, at, submit};

#[derive(Debug, Clone)]
enum Deed {
    Submit { who: usize, row: usize },
    Accept { who: usize, which: usize, row: usize },
    Refuse { who: usize, which: usize, row: usize },
    Explain { who: usize, row: usize },
    AcceptReason { who: usize, row: usize },
    RefuseReason { who: usize, row: usize },
    Ready { who: usize },
    Complete { who: usize, row: usize },
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        (0..4_usize, 0..3_usize).prop_map(|(who, row)| Deed::Submit { who: who % 3, row }),
        (0..3_usize, 0..9_usize, 0..3_usize).prop_map(|(who, which, row)| Deed::Accept {
            who,
            which,
            row
        }),
        (0..3_usize, 0..9_usize, 0..3_usize).prop_map(|(who, which, row)| Deed::Refuse {
            who,
            which,
            row
        }),
        (0..3_usize, 0..3_usize).prop_map(|(who, row)| Deed::Explain { who, row }),
        (1..3_usize, 0..3_usize).prop_map(|(who, row)| Deed::AcceptReason { who, row }),
        (1..3_usize, 0..3_usize).prop_map(|(who, row)| Deed::RefuseReason { who, row }),
        (0..3_usize).prop_map(|who| Deed::Ready { who }),
        (0..3_usize, 0..3_usize).prop_map(|(who, row)| Deed::Complete { who, row }),
    ];
    proptest::collection::vec(deed, 0..40)
}

proptest! {
    #[test]
    fn rows_and_documents_agree_after_anything(deeds in deeds()) {
        let mut world = World::new();
        let people = [HOLDER, OFFICER, STRANGER];
        let rows = ["betyg", "intyg", "annat"].map(|code| world.row(code).0);
        for (n, deed) in (0..).zip(deeds) {
            let documents = world.bodies::<Document>(Kind::Document);
            let pick = |which: usize| documents.get(which).map(|(id, _)| *id);
            let (who, command) = match deed {
                Deed::Submit { who, row } => {
                    let file = world.file(n);
                    (who, Command::SubmitDocument(submit(n, rows[row], file)))
                }
                Deed::Accept { who, which, row } => {
                    let Some(document) = pick(which) else { continue };
                    let accept = AcceptDocument { case: CASE, row: rows[row], document };
                    (who, Command::AcceptDocument(accept))
                }
                Deed::Refuse { who, which, row } => {
                    let Some(document) = pick(which) else { continue };
                    let reason = "Sida 2 saknas.".into();
                    let refuse = RefuseDocument { case: CASE, row: rows[row], document, reason };
                    (who, Command::RefuseDocument(refuse))
                }
                Deed::Explain { who, row } => (who, Command::ExplainAbsence(ExplainAbsence {
                    id: RecordId(Uuid::from_u128(5_000 + n)),
                    case: CASE,
                    row: rows[row],
                    absence: "lost".into(),
                    reason: "Skolan är nedlagd.".into(),
                    written_at: at(0),
                })),
                Deed::AcceptReason { who, row } => {
                    let Some(explanation) = world.last_explanation(rows[row]) else { continue };
                    let accept = AcceptExplanation { case: CASE, row: rows[row], explanation };
                    (who, Command::AcceptExplanation(accept))
                }
                Deed::RefuseReason { who, row } => {
                    let Some(explanation) = world.last_explanation(rows[row]) else { continue };
                    let reason = "Be skolan om en kopia.".into();
                    let refuse = RefuseExplanation { case: CASE, row: rows[row], explanation, reason };
                    (who, Command::RefuseExplanation(refuse))
                }
                Deed::Ready { who } => {
                    let letter = RecordId(Uuid::from_u128(6_000 + n));
                    (who, Command::ReportReady(ReportReady { case: CASE, letter, written_at: at(0) }))
                }
                Deed::Complete { who, row } => (who, Command::RequestCompletion(RequestCompletion {
                    case: CASE,
                    rows: vec![rows[row]],
                    letter: RecordId(Uuid::from_u128(7_000 + n)),
                    text: "Skicka alla sidor.".into(),
                    written_at: at(0),
                })),
            };
            let by = people[who];
            let awaited = world.bodies::<DocumentRow>(Kind::DocumentRow).iter().any(|(_, row)| row.is_awaited());
            let was_ready = world.case(CASE).ready_at.is_some();
            let done = world.ask(Actor::Person(by), &command).is_ok();
            let allowed = match command {
                Command::SubmitDocument(_) | Command::ExplainAbsence(_) => by == HOLDER,
                Command::ReportReady(_) => {
                    prop_assert_eq!(done, by == HOLDER && !awaited && !was_ready);
                    by == HOLDER
                }
                _ => by == OFFICER,
            };
            let awaited = world.bodies::<DocumentRow>(Kind::DocumentRow).iter().any(|(_, row)| row.is_awaited());
            prop_assert!(!(awaited && world.case(CASE).ready_at.is_some()), "ready means that all is in");
            prop_assert!(allowed || !done, "{by} may not");
        }
        let documents = world.bodies::<Document>(Kind::Document);
        for (row, body) in world.bodies::<DocumentRow>(Kind::DocumentRow) {
            let of_row: Vec<_> = documents.iter().filter(|(_, it)| it.row == row).collect();
            let count = |is: fn(&Handling) -> bool| {
                of_row.iter().filter(|(_, it)| is(&it.handling)).count()
            };
            let waiting = count(|it| matches!(it, Handling::Waiting));
            let accepted = count(|it| matches!(it, Handling::Accepted { .. }));
            let mut unanswered = body.explanations.iter().rev().map(|it| it.handling == Handling::Waiting);
            let explained = unanswered.next() == Some(true);
            prop_assert!(unanswered.all(|waits| !waits), "only the last reason can wait");
            if body.required {
                // what is asked for anew may have a document that waits, or one that was accepted
                let open = body.state == RowState::Open && body.asked.is_some();
                prop_assert!(waiting == usize::from(body.state == RowState::Submitted) || (open && waiting == 1));
                prop_assert_eq!(explained, body.state == RowState::Explained);
                let accepted_reason = body.explanations.iter().any(|it| matches!(it.handling, Handling::Accepted { .. }));
                prop_assert!(body.state != RowState::Accepted || accepted > 0 || accepted_reason);
                prop_assert!(body.asked.is_none() || body.state != RowState::Accepted);
            } else if body.asked.is_some() {
                prop_assert_ne!(body.state, RowState::Accepted);
                prop_assert_eq!(explained, body.state == RowState::Explained);
                let waits = of_row.iter().any(|(id, it)| {
                    Some(*id) == body.document && it.handling == Handling::Waiting
                });
                prop_assert!(body.state != RowState::Submitted || waits);
            } else {
                prop_assert_eq!(body.state, RowState::Open);
                prop_assert_eq!(count(|it| matches!(it, Handling::Replaced { .. })), 0);
                prop_assert_eq!(body.document, None);
            }
        }
        let messages = world.bodies::<Message>(Kind::Message);
        prop_assert!(messages.iter().all(|(_, it)| it.origin != Origin::Written));
        for record in world.records.values() {
            let expected = match record.at.kind {
                Kind::Profile => vec![Scope::Person(PersonId(record.at.id.0))],
                Kind::Scheme | Kind::Service => vec![Scope::Service(SERVICE)],
                Kind::Number => Vec::new(),
                Kind::Applicant => vec![Scope::Person(HOLDER)],
                Kind::Contact => vec![Scope::Client(ISSUER, HOLDER)],
                // what is common to a person's cases is so once it is accepted
                Kind::Document if is_common(record, rows[0]) => {
                    vec![Scope::Case(ISSUER, CASE), Scope::Client(ISSUER, HOLDER)]
                }
                _ => vec![Scope::Case(ISSUER, CASE)],
            };
            prop_assert_eq!(audience(record), Ok(expected));
        }
    }

    #[test]
    fn a_read_mark_never_goes_back_and_is_its_readers_alone(moves in proptest::collection::vec(0..100_i64, 1..10)) {
        let mut world = World::new();
        let id = RecordId(Uuid::from_u128(50));
        let message = SendMessage {
            id,
            case: CASE,
            thread: id,
            message_type: "note".into(),
            text: "Hej!".into(),
            written_at: at(0),
        };
        world.ask(Actor::Person(OFFICER), &Command::SendMessage(message)).unwrap();
        for up_to in &moves {
            let mark = |person| Command::MarkRead(MarkRead { case: CASE, thread: id, person, up_to: at(*up_to) });
            world.ask(Actor::Person(HOLDER), &mark(HOLDER)).unwrap();
            prop_assert!(world.ask(Actor::Person(OFFICER), &mark(HOLDER)).is_err(), "another's");
            prop_assert!(world.ask(Actor::Person(STRANGER), &mark(STRANGER)).is_err());
        }
        let mark = &world.records[&mark_ref(id, HOLDER)];
        prop_assert_eq!(audience(mark), Ok(vec![Scope::Person(HOLDER)]));
        let mark: ReadMark = mark.read().unwrap();
        prop_assert_eq!(mark.up_to, at(*moves.iter().max().unwrap()));
    }
}

#[test]
fn what_a_newer_version_wrote_in_a_record_survives_an_older_ones_change() {
    let mut world = World::new();
    let (row, _) = world.row("betyg");
    let at_row = RecordRef { kind: Kind::DocumentRow, id: row };
    let stored = world.records.get_mut(&at_row).unwrap();
    stored.body["of_a_newer_version"] = serde_json::json!([1, 2]);
    let file = world.file(1);
    world.ask(Actor::Person(HOLDER), &Command::SubmitDocument(submit(1, row, file))).unwrap();
    let stored = &world.records[&at_row];
    assert_eq!(stored.body["state"], "submitted");
    assert_eq!(stored.body["of_a_newer_version"], serde_json::json!([1, 2]));
}

#[test]
fn each_fault_of_a_submission_has_its_own_answer() {
    let mut world = World::new();
    let (row, _) = world.row("betyg");
    let good = world.file(1);
    let mut ask = |change: &dyn Fn(&mut SubmitDocument)| {
        let mut command = submit(1, row, good.clone());
        change(&mut command);
        world.ask(Actor::Person(HOLDER), &Command::SubmitDocument(command)).unwrap_err()
    };
    let note = ask(&|it| it.note = "å".repeat(1_001));
    assert_eq!(note, Rejection::NoteTooLong { length: 1_001, max: 1_000 });
    let long = format!("{}.pdf", "å".repeat(200));
    let bad = ["", "  ", "a/b.pdf", "a\\b.pdf", "a\n.pdf", "betyg.bat", "betyg", "con.pdf", &long];
    for name in bad {
        assert_eq!(ask(&|it| it.file.name = name.into()), Rejection::FileNameUnusable, "{name}");
    }
    assert_eq!(ask(&|it| it.row = CASE), Rejection::RowNotFound);
    assert_eq!(ask(&|it| it.case = row), Rejection::CaseNotFound);
    let large = FileFault::TooLarge { bytes: MAX + 1, max: MAX };
    assert_eq!(ask(&|it| it.file.bytes = MAX + 1), Rejection::FileUnusable(large));
    assert_eq!(ask(&|it| it.file.bytes = 0), Rejection::FileUnusable(FileFault::Empty));
    assert_eq!(ask(&|it| it.file.bytes = 99), Rejection::FileDiffers);
    assert_eq!(ask(&|it| it.file.sha256 = "0".repeat(64)), Rejection::FileDiffers);
    let as_doc = |it: &mut SubmitDocument| {
        it.file.format = Format::Doc;
        it.file.name = "betyg.doc".into();
    };
    assert_eq!(ask(&as_doc), Rejection::FileDiffers);
    assert_eq!(ask(&|it| it.file.id = FileId(Uuid::nil())), Rejection::FileMissing);
}

#[test]
fn a_stranger_is_not_told_that_there_is_a_case() {
    let mut world = World::new();
    let (row, _) = world.row("betyg");
    let file = world.file(1);
    let submitted = submit(1, row, file);
    let document = submitted.id;
    world.ask(Actor::Person(HOLDER), &Command::SubmitDocument(submitted)).unwrap();
    let nowhere = RecordId(Uuid::from_u128(77));
    for case in [CASE, nowhere] {
        let id = RecordId(Uuid::from_u128(20));
        let (written_at, text) = (at(0), "Hej!".to_owned());
        let note = "note".to_owned();
        let send = SendMessage { id, case, thread: id, message_type: note, text, written_at };
        let mark = |person| MarkRead { case, thread: id, person, up_to: at(0) };
        let reason = "Underskriften saknas.".to_owned();
        let file = world.file(2);
        for command in [
            Command::SendMessage(send),
            Command::MarkRead(mark(STRANGER)),
            Command::MarkRead(mark(HOLDER)),
            Command::SubmitDocument(SubmitDocument { case, ..submit(2, row, file) }),
            Command::AcceptDocument(AcceptDocument { case, row, document }),
            Command::RefuseDocument(RefuseDocument { case, row, document, reason }),
        ] {
            let refused = world.ask(Actor::Person(STRANGER), &command);
            assert_eq!(refused, Err(Rejection::CaseNotFound), "{command:?}");
        }
    }
}

fn is_common(record: &Record, row: RecordId) -> bool {
    let document: Document = record.read().unwrap();
    document.row == row && matches!(document.handling, Handling::Accepted { .. })
}
