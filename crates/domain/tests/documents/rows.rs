//! What is done with a row as a whole.

use behorig_domain::{
    Command, Kind, Notice, PersonId, RecordId, RecordRef, Rejection, Scope, audience,
    cases::{GrantCertificate, RefuseApplication, Stage},
    documents::{
        AcceptDocument, AcceptExplanation, Document, DocumentOrigin, DocumentRow, ExplainAbsence,
        Handling, RefuseDocument, RefuseExplanation, ReportReady, RequestCompletion, RowState,
        SubmitDocument, TakeFromArchive,
    },
    identity::Actor,
    lane,
    messages::{Message, Origin},
    services::{Template, publish_service::faults},
};
use uuid::Uuid;

use crate::world::{CASE, HOLDER, ISSUER, OFFICER, STRANGER, World, at, pack, submit, words};

const OTHER: RecordId = RecordId(Uuid::from_u128(13));

fn id(n: u128) -> RecordId {
    RecordId(Uuid::from_u128(n))
}

fn explain(n: u128, row: RecordId) -> ExplainAbsence {
    let (absence, reason) = ("lost".to_owned(), "Skolan är nedlagd.".to_owned());
    ExplainAbsence { id: id(5_000 + n), case: CASE, row, absence, reason, written_at: at(0) }
}

fn ready(n: u128) -> Command {
    Command::ReportReady(ReportReady { case: CASE, letter: id(6_000 + n), written_at: at(0) })
}

fn completion(n: u128, rows: &[RecordId]) -> RequestCompletion {
    RequestCompletion {
        case: CASE,
        rows: rows.to_vec(),
        letter: id(7_000 + n),
        text: "Sida 2 saknas.".into(),
        written_at: at(0),
    }
}

impl World {
    pub(super) fn by(&mut self, person: PersonId, command: Command) -> Result<(), Rejection> {
        self.ask(Actor::Person(person), &command).map(|_| ())
    }

    /// The holder sends a document in for a row.
    fn send(&mut self, n: u128, row: RecordId) -> RecordId {
        let submit = submit(n, row, self.file(n));
        let document = submit.id;
        self.by(HOLDER, Command::SubmitDocument(submit)).unwrap();
        document
    }

    fn accept(&mut self, row: RecordId, document: RecordId) {
        let accept = AcceptDocument { case: CASE, row, document };
        self.by(OFFICER, Command::AcceptDocument(accept)).unwrap();
    }

    fn refuse(&mut self, row: RecordId, document: RecordId) {
        let reason = "Sida 2 saknas.".into();
        let refuse = RefuseDocument { case: CASE, row, document, reason };
        self.by(OFFICER, Command::RefuseDocument(refuse)).unwrap();
    }

    fn grant(&mut self) -> Result<(), Rejection> {
        let grant = GrantCertificate {
            case: CASE,
            level: None,
            granted_on: "1970-01-01".parse().unwrap(),
            letter: id(8_000),
            text: "Du är certifierad.".into(),
            written_at: at(0),
        };
        self.by(OFFICER, Command::GrantCertificate(grant))
    }

    fn document(&self, id: RecordId) -> Document {
        self.records[&Document::at(id)].read().unwrap()
    }
}

/// Covers KW-63, KW-81
#[test]
fn all_is_in_only_when_every_row_has_a_document_or_a_reason_and_is_said_once() {
    let mut world = World::new();
    let (grades, work) = (world.row("betyg").0, world.row("intyg").0);
    assert_eq!(world.by(HOLDER, ready(1)), Err(Rejection::RowsAwaited { open: 2 }));
    world.send(1, grades);
    assert_eq!(world.by(HOLDER, ready(1)), Err(Rejection::RowsAwaited { open: 1 }));
    world.by(HOLDER, Command::ExplainAbsence(explain(1, work))).unwrap();
    assert_eq!(world.row("intyg").1.state, RowState::Explained);
    assert_eq!(world.by(OFFICER, ready(1)), Err(Rejection::HolderOnly));
    let done = world.ask(Actor::Person(HOLDER), &ready(1)).unwrap();
    let [letter] = done.create.as_slice() else { panic!("one message") };
    let message: Message = letter.read().unwrap();
    assert_eq!((message.origin, message.text.as_str()), (Origin::Ready, ""));
    assert_eq!(done.notices, [], "the officer has a desk that shows it");
    assert!(world.case(CASE).ready_at.is_some());
    assert_eq!(world.by(HOLDER, ready(2)), Err(Rejection::AlreadyReady));
}

/// Covers KW-81
#[test]
fn after_a_refusal_it_can_be_said_again_once_all_is_in_again() {
    let mut world = World::new();
    let (grades, work) = (world.row("betyg").0, world.row("intyg").0);
    let document = world.send(1, grades);
    world.by(HOLDER, Command::ExplainAbsence(explain(1, work))).unwrap();
    world.by(HOLDER, ready(1)).unwrap();
    let reason = "Underskriften saknas.".to_owned();
    let refuse = RefuseDocument { case: CASE, row: grades, document, reason };
    world.by(OFFICER, Command::RefuseDocument(refuse)).unwrap();
    assert_eq!(world.case(CASE).ready_at, None);
    assert_eq!(world.by(HOLDER, ready(2)), Err(Rejection::RowsAwaited { open: 1 }));
    world.send(2, grades);
    world.by(HOLDER, ready(2)).unwrap();

    let reason = "Be skolan om en kopia.".to_owned();
    let explanation = id(5_001);
    let refuse = RefuseExplanation { case: CASE, row: work, explanation, reason };
    world.by(OFFICER, Command::RefuseExplanation(refuse.clone())).unwrap();
    assert_eq!(world.row("intyg").1.state, RowState::Open);
    assert_eq!(world.case(CASE).ready_at, None);
    let again = world.by(OFFICER, Command::RefuseExplanation(refuse));
    assert_eq!(again, Err(Rejection::ExplanationHandled));
    world.by(HOLDER, Command::ExplainAbsence(explain(2, work))).unwrap();
    world.by(HOLDER, ready(3)).unwrap();
    let accept = AcceptExplanation { case: CASE, row: work, explanation: id(5_002) };
    world.by(OFFICER, Command::AcceptExplanation(accept)).unwrap();
    assert_eq!(world.row("intyg").1.state, RowState::Accepted);
    assert!(world.case(CASE).ready_at.is_some(), "nothing was asked for");
}

/// Covers KW-74
#[test]
fn a_reason_is_of_a_known_kind_and_says_something() {
    let mut world = World::new();
    let row = world.row("betyg").0;
    let mut ask = |change: &dyn Fn(&mut ExplainAbsence)| {
        let mut command = explain(1, row);
        change(&mut command);
        world.by(HOLDER, Command::ExplainAbsence(command)).unwrap_err()
    };
    assert_eq!(ask(&|it| it.reason = " \n".into()), Rejection::ReasonMissing);
    let long = Rejection::NoteTooLong { length: 1_001, max: 1_000 };
    assert_eq!(ask(&|it| it.reason = "å".repeat(1_001)), long);
    assert_eq!(ask(&|it| it.absence = "eaten".into()), Rejection::AbsenceUnknown);
    assert_eq!(ask(&|it| it.row = CASE), Rejection::RowNotFound);
    let optional = world.row("annat").0;
    let needless = world.by(HOLDER, Command::ExplainAbsence(explain(1, optional)));
    assert_eq!(needless, Err(Rejection::RowNotNeeded));
    let officers = world.by(OFFICER, Command::ExplainAbsence(explain(1, row)));
    assert_eq!(officers, Err(Rejection::HolderOnly));
}

/// Covers KW-74
#[test]
fn a_document_takes_the_place_of_a_reason_and_a_reason_that_of_a_document() {
    let mut world = World::new();
    let row = world.row("betyg").0;
    world.by(HOLDER, Command::ExplainAbsence(explain(1, row))).unwrap();
    let document = world.send(1, row);
    let stands = world.row("betyg").1;
    assert_eq!(stands.state, RowState::Submitted);
    assert!(matches!(stands.explanations[0].handling, Handling::Replaced { .. }));
    let accept = AcceptExplanation { case: CASE, row, explanation: id(5_001) };
    let late = world.by(OFFICER, Command::AcceptExplanation(accept));
    assert_eq!(late, Err(Rejection::ExplanationHandled));
    world.by(HOLDER, Command::ExplainAbsence(explain(2, row))).unwrap();
    assert!(matches!(world.document(document).handling, Handling::Replaced { .. }));
    assert_eq!(world.row("betyg").1.state, RowState::Explained);
}

/// Covers KW-39
#[test]
fn a_request_for_completion_opens_its_rows_until_something_comes() {
    let mut world = World::new();
    let (grades, work, more) = (world.row("betyg").0, world.row("intyg").0, world.row("annat").0);
    let document = world.send(1, grades);
    world.accept(grades, document);
    world.by(HOLDER, Command::ExplainAbsence(explain(1, work))).unwrap();
    world.by(HOLDER, ready(1)).unwrap();
    let request = Command::RequestCompletion(completion(1, &[grades, more]));
    assert_eq!(world.by(HOLDER, request.clone()), Err(Rejection::OfficerOnly));
    let done = world.ask(Actor::Person(OFFICER), &request).unwrap();
    let about = RecordRef { kind: Kind::Message, id: id(7_001) };
    assert_eq!(done.notices, [Notice { person: HOLDER, about }]);
    let message: Message = world.records[&about].read().unwrap();
    assert_eq!(message.origin, Origin::Completion);
    assert_eq!(message.documents, ["betyg", "annat"]);
    assert_eq!(world.row("betyg").1.state, RowState::Open, "accepted or not");
    assert_eq!(world.by(HOLDER, ready(2)), Err(Rejection::RowsAwaited { open: 2 }));
    world.send(2, grades);
    world.send(3, more);
    assert!(world.bodies::<DocumentRow>(Kind::DocumentRow).iter().all(|(_, it)| !it.is_awaited()));
    world.by(HOLDER, ready(2)).unwrap();

    let mut ask = |rows: &[RecordId], text: &str| {
        let request = RequestCompletion { text: text.into(), ..completion(2, rows) };
        world.by(OFFICER, Command::RequestCompletion(request)).unwrap_err()
    };
    assert_eq!(ask(&[], "Mer."), Rejection::RowsMissing);
    assert_eq!(ask(&[grades, grades], "Mer."), Rejection::RowNotFound);
    assert_eq!(ask(&[CASE], "Mer."), Rejection::RowNotFound);
    assert_eq!(ask(&[grades], " "), Rejection::MessageEmpty);
    let long = Rejection::MessageTooLong { length: 101, max: 100 };
    assert_eq!(ask(&[grades], &"å".repeat(101)), long);
}

/// Covers KW-39
#[test]
fn what_is_asked_for_beyond_the_needed_can_be_explained_too() {
    let mut world = World::new();
    let more = world.row("annat").0;
    let ask = Command::RequestCompletion(completion(1, &[more]));
    world.by(OFFICER, ask).unwrap();
    assert!(world.row("annat").1.is_awaited());
    world.by(HOLDER, Command::ExplainAbsence(explain(1, more))).unwrap();
    let row = world.row("annat").1;
    assert!(!row.is_awaited());
    assert_eq!(row.state, RowState::Explained);
    let accept = AcceptExplanation { case: CASE, row: more, explanation: id(5_001) };
    world.by(OFFICER, Command::AcceptExplanation(accept)).unwrap();
    assert_eq!(world.row("annat").1.state, RowState::Open, "it still takes files");
    world.send(1, more);
}

/// Covers KW-39
#[test]
fn what_was_asked_for_is_asked_for_until_something_that_came_for_it_is_accepted() {
    let mut world = World::new();
    for code in ["betyg", "intyg"] {
        let row = world.row(code).0;
        let document = world.send(if code == "betyg" { 1 } else { 2 }, row);
        world.accept(row, document);
    }
    let more = world.row("annat").0;
    let asked =
        |world: &World| (world.row("annat").1.asked.is_some(), world.row("annat").1.is_awaited());
    world.by(OFFICER, Command::RequestCompletion(completion(1, &[more]))).unwrap();
    assert_eq!(asked(&world), (true, true));
    let first = world.send(3, more);
    assert_eq!(asked(&world), (true, false), "something has come");
    world.by(HOLDER, ready(1)).unwrap();
    assert_eq!(world.grant(), Err(Rejection::RowsOpen { open: 1 }), "and nobody has accepted it");
    world.refuse(more, first);
    assert_eq!(asked(&world), (true, true), "what came was not enough");
    assert_eq!(world.case(CASE).ready_at, None);
    assert_eq!(world.by(HOLDER, ready(2)), Err(Rejection::RowsAwaited { open: 1 }));

    world.by(HOLDER, Command::ExplainAbsence(explain(1, more))).unwrap();
    world.by(HOLDER, ready(3)).unwrap();
    let refuse = RefuseExplanation {
        case: CASE,
        row: more,
        explanation: id(5_001),
        reason: "Det går att få en kopia.".into(),
    };
    world.by(OFFICER, Command::RefuseExplanation(refuse)).unwrap();
    assert_eq!(asked(&world), (true, true), "nor was the reason");
    assert_eq!(world.case(CASE).ready_at, None);

    // it takes any number of files: that an earlier one is refused does not open it while a later one waits
    let (second, third) = (world.send(4, more), world.send(5, more));
    world.refuse(more, second);
    assert_eq!(asked(&world), (true, false));
    world.accept(more, third);
    assert_eq!(asked(&world), (false, false));
    world.grant().unwrap();
}

#[test]
fn a_reason_under_an_id_that_one_in_the_row_has_is_refused() {
    let mut world = World::new();
    let row = world.row("intyg").0;
    world.by(HOLDER, Command::ExplainAbsence(explain(1, row))).unwrap();
    let other = ExplainAbsence { reason: "Hunden åt upp det.".into(), ..explain(1, row) };
    let again = world.by(HOLDER, Command::ExplainAbsence(other));
    assert_eq!(again, Err(Rejection::IdTaken), "the officer may have read the first one");
    world.by(HOLDER, Command::ExplainAbsence(explain(2, row))).unwrap();
    let stands = world.row("intyg").1.explanations;
    assert_eq!(stands[0].reason, "Skolan är nedlagd.");
    assert!(matches!(stands[0].handling, Handling::Replaced { .. }));
}

/// Covers KW-68
#[test]
fn a_checklist_is_ticked_before_anything_is_sent() {
    let mut world = World::new();
    let (with, without) = (world.row("betyg").0, world.row("intyg").0);
    let unchecked = |row, file| SubmitDocument { checked: false, ..submit(1, row, file) };
    let file = world.file(1);
    let answer = world.by(HOLDER, Command::SubmitDocument(unchecked(with, file.clone())));
    assert_eq!(answer, Err(Rejection::ChecklistOpen));
    world.by(HOLDER, Command::SubmitDocument(unchecked(without, file))).unwrap();
}

/// Covers KW-66
#[test]
fn what_came_by_post_is_added_by_the_officer_alone_and_the_holder_is_told() {
    let mut world = World::new();
    let row = world.row("betyg").0;
    let file = world.file(1);
    let post =
        SubmitDocument { origin: DocumentOrigin::Post, checked: false, ..submit(1, row, file) };
    let post = Command::SubmitDocument(post);
    assert_eq!(world.by(HOLDER, post.clone()), Err(Rejection::OfficerOnly));
    assert_eq!(world.by(STRANGER, post.clone()), Err(Rejection::CaseNotFound));
    let done = world.ask(Actor::Person(OFFICER), &post).unwrap();
    let about = Document::at(id(1_001));
    assert_eq!(done.notices, [Notice { person: HOLDER, about }]);
    assert_eq!(world.document(id(1_001)).origin, DocumentOrigin::Post);
    assert_eq!(world.row("betyg").1.state, RowState::Submitted);
    let file = world.file(2);
    let sent = Command::SubmitDocument(submit(2, row, file));
    assert_eq!(world.by(OFFICER, sent), Err(Rejection::HolderOnly));
}

/// Covers KW-52, KW-53, KW-82
#[test]
fn only_an_accepted_common_document_of_the_same_name_and_person_is_taken_from_an_earlier_case() {
    let mut world = World::new();
    world.open(OTHER, "2026-2", STRANGER);
    let (grades, work) = (world.row("betyg").0, world.row("intyg").0);
    let (common, own) = (world.send(1, grades), world.send(2, work));
    let to = world.row_of(OTHER, "betyg").0;
    let take =
        |row, document| Command::TakeFromArchive(TakeFromArchive { case: OTHER, row, document });
    assert_eq!(world.by(STRANGER, take(to, common)), Err(Rejection::DocumentNotAccepted));
    world.accept(grades, common);
    world.accept(work, own);
    assert_eq!(world.by(OFFICER, take(to, common)), Err(Rejection::CaseNotFound));
    assert_eq!(world.by(HOLDER, take(to, common)), Err(Rejection::OfficerOnly));
    assert_eq!(world.by(STRANGER, take(grades, common)), Err(Rejection::RowNotFound));
    let other_row = world.row_of(OTHER, "intyg").0;
    for (row, document) in [(other_row, own), (other_row, common), (to, own), (to, id(99))] {
        let answer = world.by(STRANGER, take(row, document));
        assert_eq!(answer, Err(Rejection::DocumentNotFound), "nobody is told that there is one");
    }
    world.by(STRANGER, take(to, common)).unwrap();
    let row = world.row_of(OTHER, "betyg").1;
    assert_eq!((row.state, row.document), (RowState::Accepted, Some(common)));
    assert_eq!(row.taken.unwrap().by_name, "Örjan");
    assert_eq!(world.by(STRANGER, take(to, common)), Err(Rejection::RowAccepted));
    let of = |id| audience(&world.records[&Document::at(id)]).unwrap();
    assert_eq!(of(common), [Scope::Case(ISSUER, CASE), Scope::Client(ISSUER, HOLDER)]);
    assert_eq!(of(own), [Scope::Case(ISSUER, CASE)]);
}

#[test]
fn nothing_is_asked_for_or_explained_in_a_case_that_is_decided() {
    let mut world = World::new();
    let row = world.row("betyg").0;
    let text = "Du saknar yrkesår.".to_owned();
    let refuse = RefuseApplication { case: CASE, letter: id(1), text, written_at: at(0) };
    world.by(OFFICER, Command::RefuseApplication(refuse)).unwrap();
    let decided = Err(Rejection::CaseDecided { stage: Stage::Refused });
    assert_eq!(world.by(HOLDER, ready(1)), decided);
    assert_eq!(world.by(HOLDER, Command::ExplainAbsence(explain(1, row))), decided);
    assert_eq!(world.by(OFFICER, Command::RequestCompletion(completion(1, &[row]))), decided);
}

#[test]
fn no_message_waits_for_a_row() {
    let [ready, completion] = [ready(1), Command::RequestCompletion(completion(1, &[]))];
    assert_eq!(lane(&ready), lane(&completion));
    assert_ne!(lane(&ready), format!("case/{CASE}"));
}

#[test]
fn a_pack_with_a_blank_or_unusable_word_is_told_where() {
    let fault = |change: &dyn Fn(&mut behorig_domain::services::PublishService)| {
        let mut pack = pack();
        change(&mut pack);
        faults(&pack).remove(0).0
    };
    assert_eq!(faults(&pack()), []);
    assert_eq!(fault(&|it| it.service.absences.clear()), "absences");
    assert_eq!(fault(&|it| it.service.absences[0].code = "Å".into()), "absences[0].code");
    let at = |part| format!("schemes[0].documents[0].{part}");
    assert_eq!(
        fault(&|it| it.schemes[0].documents[0].checklist = vec![words(" ")]),
        at("checklist")
    );
    assert_eq!(
        fault(&|it| it.schemes[0].documents[0].refusal_reasons = vec![words("")]),
        at("refusal_reasons")
    );
    let template = |name: &str, text: &str| Some(Template { name: words(name), text: words(text) });
    let with =
        |name, text| fault(&move |it| it.schemes[0].documents[0].template = template(name, text));
    assert_eq!(with("Intyg", " "), at("template.text"));
    for name in ["", "a/b", "con", "a\u{202e}b"] {
        assert_eq!(with(name, "Fyll i."), at("template.name"), "{name}");
    }
}
