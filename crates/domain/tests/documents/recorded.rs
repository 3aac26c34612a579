//! A certificate that was granted before.

use behorig_domain::{
    Command, Kind, RecordId, Rejection,
    cases::{Certificate, RecordCertificate, Stage},
    documents::{Document, FileRef, Handling, RowState},
    identity::Actor,
};
use uuid::Uuid;

use crate::world::{CASE, HOLDER, OFFICER, World};

fn recorded(number: &str, file: Option<FileRef>) -> RecordCertificate {
    RecordCertificate {
        case: CASE,
        number: number.into(),
        level: None,
        granted_on: "1969-12-31".parse().unwrap(),
        valid_to: "1974-12-31".parse().unwrap(),
        card: true,
        published: false,
        file,
    }
}

#[test]
fn a_certificate_granted_before_settles_its_case_and_keeps_its_paper() {
    let mut world = World::new();
    let file = world.file(1);
    let command = Command::RecordCertificate(recorded("FG-1", Some(file.clone())));
    for person in [HOLDER, OFFICER] {
        assert_eq!(world.by(person, command.clone()), Err(Rejection::OperatorOnly));
    }
    let done = world.ask(Actor::Operator, &command).unwrap();
    assert_eq!(done.notices, [], "nobody is told of what they have had for long");
    assert_eq!(world.case(CASE).stage, Stage::Granted);
    let [(_, certificate)] = &world.bodies::<Certificate>(Kind::Certificate)[..] else { panic!() };
    assert_eq!((certificate.number.as_str(), certificate.card), ("FG-1", true));
    assert_eq!(certificate.valid_to.to_string(), "1974-12-31");
    let (_, row) = world.row("betyg");
    assert_eq!((row.state, row.is_awaited()), (RowState::Accepted, false));
    let [(_, document)] = &world.bodies::<Document>(Kind::Document)[..] else { panic!() };
    assert_eq!((&document.file, document.author), (&file, HOLDER));
    assert!(matches!(document.handling, Handling::Accepted { .. }));
    let again = Command::RecordCertificate(recorded("FG-2", None));
    let decided = Rejection::CaseDecided { stage: Stage::Granted };
    assert_eq!(world.ask(Actor::Operator, &again), Err(decided));
}

#[test]
fn what_cannot_have_been_granted_is_refused() {
    let mut world = World::new();
    let mut refused =
        |command| world.ask(Actor::Operator, &Command::RecordCertificate(command)).unwrap_err();
    let nowhere = RecordId(Uuid::from_u128(99));
    let absent = RecordCertificate { case: nowhere, ..recorded("1", None) };
    assert_eq!(refused(absent), Rejection::CaseNotFound);
    let level = RecordCertificate { level: Some("k".into()), ..recorded("1", None) };
    assert_eq!(refused(level), Rejection::LevelUnknown);
    let future = "2100-01-01".parse().unwrap();
    let early = RecordCertificate { granted_on: future, ..recorded("1", None) };
    assert_eq!(refused(early), Rejection::DateInFuture);
    let file = world.file(1);
    world.files.clear();
    let missing = Command::RecordCertificate(recorded("1", Some(file)));
    assert_eq!(world.ask(Actor::Operator, &missing), Err(Rejection::FileMissing));
    let file = FileRef { bytes: 7, ..world.file(2) };
    let other = Command::RecordCertificate(recorded("1", Some(file)));
    assert_eq!(world.ask(Actor::Operator, &other), Err(Rejection::FileDiffers));

    world.operate(Command::RecordCertificate(recorded("1", None)));
    let second = RecordId(Uuid::from_u128(13));
    world.open(second, "2026-2", OFFICER);
    let same = RecordCertificate { case: second, ..recorded("1", None) };
    let same = world.ask(Actor::Operator, &Command::RecordCertificate(same));
    assert_eq!(same, Err(Rejection::NumberTaken));
}
