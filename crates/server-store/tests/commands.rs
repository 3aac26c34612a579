//! One command at a time against the server's own database: repeats, order, copies of a device, history.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::collections::BTreeMap;

use behorig_domain::{
    Command, CommandId, DeviceId, IssuerId, PersonId, RecordId, Timestamp,
    cases::OpenCase,
    contact::{Details, SetContact},
    identity::{AppointOfficer, RegisterPerson},
    messages::SendMessage,
    services::{Named, PublishService, RequiredDocument, Scheme, Service, Support, Words},
};
use behorig_protocol::{
    Answer, Cursor, Envelope, Frame, HandledBy, PullLine, PullRequest, Purpose, QueueRequest,
    ScopeState, read_page,
};
use behorig_server_store::{Fault, Store};
use uuid::Uuid;

const HOLDER: PersonId = PersonId(Uuid::from_u128(1));
const OFFICER: PersonId = PersonId(Uuid::from_u128(2));
const STRANGER: PersonId = PersonId(Uuid::from_u128(3));
const CASE: RecordId = RecordId(Uuid::from_u128(10));
const SERVICE: RecordId = RecordId(Uuid::from_u128(11));
const ISSUER: IssuerId = IssuerId(Uuid::from_u128(9));

fn now() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000).unwrap()
}

fn pack() -> PublishService {
    let words = |text: &str| Words { sv: text.into(), en: text.into() };
    let service = Service {
        issuer: None,
        name: words("Personcertifiering"),
        message_max: 2_000,
        document_max: 1_000,
        message_types: vec![Named { code: "note".into(), name: words("Notering") }],
        absences: vec![Named { code: "lost".into(), name: words("Borta") }],
        page: words("Välkommen"),
        support: Support {
            email: "support@issuer.example".into(),
            phone: "010-516 63 03".into(),
            hours: words("Vardagar"),
        },
        news: Vec::new(),
        schemes: Vec::new(),
    };
    let scheme = Scheme {
        closed: false,
        code: "f-gas-1".into(),
        name: words("F-gas, kategori I"),
        certificate_prefix: "FG".into(),
        validity_months: 60,
        successor: None,
        levels: Vec::new(),
        exams: Vec::new(),
        documents: vec![RequiredDocument {
            code: "avgangsbetyg".into(),
            name: words("Avgångsbetyg"),
            help: words(""),
            required: true,
            ..RequiredDocument::default()
        }],
    };
    PublishService { id: SERVICE, service, schemes: vec![scheme] }
}

struct Server {
    _folder: tempfile::TempDir,
    store: Store,
}

impl Server {
    fn with_a_case() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("behorig.db")).unwrap();
        let register = |person, name: &str| {
            Command::RegisterPerson(RegisterPerson {
                person,
                name: name.into(),
                services: Vec::new(),
            })
        };
        let commands = [
            register(HOLDER, "Åsa"),
            register(OFFICER, "Göran"),
            register(STRANGER, "Örjan"),
            Command::PublishService(pack()),
            Command::OpenCase(OpenCase {
                id: CASE,
                issuer: ISSUER,
                service: SERVICE,
                scheme: "f-gas-1".into(),
                number: "2026-1".into(),
                title: "F-gas, kategori I".into(),
                holder: HOLDER,
                identity_number: "198503122387".parse().unwrap(),
                officer: Some(OFFICER),
            }),
        ];
        for command in commands {
            let decided = store.write::<_, Fault>(|w| w.operate(&command, now())).unwrap();
            assert!(matches!(decided.answer, Answer::Done { .. }), "{decided:?}");
        }
        Self { _folder: folder, store }
    }

    fn ask(&mut self, person: PersonId, frame: &Frame) -> Answer {
        self.store.write::<_, Fault>(|w| w.decide(person, frame, now())).unwrap().answer
    }

    fn pull(&mut self, person: PersonId, request: &PullRequest) -> Vec<PullLine> {
        read_page(&self.store.pull(person, request, now()).unwrap()).unwrap()
    }
}

fn message(n: u128, text: &str) -> Frame {
    let id = RecordId(Uuid::from_u128(1_000 + n));
    let command = Command::SendMessage(SendMessage {
        id,
        case: CASE,
        thread: id,
        message_type: "note".into(),
        text: text.into(),
        written_at: now(),
    });
    frame(n, command.to_bytes())
}

fn frame(n: u128, bytes: Vec<u8>) -> Frame {
    let envelope = Envelope {
        id: CommandId(Uuid::from_u128(2_000 + n)),
        device: DeviceId(Uuid::from_u128(4)),
        seq: n.try_into().unwrap(),
        after: Vec::new(),
        len: bytes.len(),
    };
    Frame { envelope, bytes }
}

fn from_the_start(limit: i64) -> PullRequest {
    let device = DeviceId(Uuid::from_u128(5));
    PullRequest { device, answers_after: 0, cursors: BTreeMap::new(), all_scopes: true, limit }
}

fn records(lines: &[PullLine], wanted: &str) -> usize {
    let of_kind = |line: &&PullLine| matches!(line, PullLine::Put { kind, .. } if kind == wanted);
    lines.iter().filter(of_kind).count()
}

#[test]
fn a_repeat_gets_the_first_answer_and_has_no_effect_whatever_the_device() {
    let mut server = Server::with_a_case();
    let first = message(1, "Hej");
    let answer = server.ask(HOLDER, &first);
    assert!(matches!(answer, Answer::Done { .. }));
    let mut from_another_device = first.clone();
    from_another_device.envelope.device = DeviceId(Uuid::from_u128(77));
    from_another_device.envelope.seq = 99;
    for repeat in [&first, &from_another_device] {
        assert_eq!(server.ask(HOLDER, repeat), answer);
    }
    assert_eq!(records(&server.pull(OFFICER, &from_the_start(100)), "message"), 1);
}

#[test]
fn the_same_id_with_other_bytes_is_a_misuse_and_a_taken_number_a_copied_device() {
    let mut server = Server::with_a_case();
    server.ask(HOLDER, &message(1, "Hej"));
    assert_eq!(server.ask(HOLDER, &message(1, "Hej då")), Answer::IdReused);
    let mut copy = message(2, "Från en kopia");
    copy.envelope.seq = 1;
    assert_eq!(server.ask(HOLDER, &copy), Answer::DeviceForked);
    copy.envelope.device = DeviceId(Uuid::from_u128(6));
    assert!(matches!(server.ask(HOLDER, &copy), Answer::Done { .. }), "with a new name it goes");
}

#[test]
fn a_command_waits_for_the_one_it_follows_and_falls_with_it() {
    let mut server = Server::with_a_case();
    let refused = message(1, "   ");
    let mut follower = message(2, "Svar");
    follower.envelope.after = vec![refused.envelope.id];
    assert_eq!(server.ask(HOLDER, &follower), Answer::Wait);
    assert!(matches!(server.ask(HOLDER, &refused), Answer::Refused { .. }));
    let Answer::Refused { refusal, .. } = server.ask(HOLDER, &follower) else {
        panic!("it falls with the one that it follows");
    };
    assert_eq!(refusal.code, "dependency_refused");
}

#[test]
fn unreadable_bytes_are_refused_for_good_and_write_nothing() {
    let mut server = Server::with_a_case();
    for (n, bytes) in [(1, &b""[..]), (2, b"{}"), (3, b"\xff\x00"), (4, br#"{"format":9}"#)] {
        let Answer::Refused { refusal, .. } = server.ask(HOLDER, &frame(n, bytes.to_vec())) else {
            panic!("refused");
        };
        assert_eq!(refusal.code, "command_unreadable");
    }
    assert_eq!(records(&server.pull(HOLDER, &from_the_start(100)), "message"), 0);
}

#[test]
fn an_operators_command_does_nothing_over_the_wire() {
    let mut server = Server::with_a_case();
    let person = PersonId(Uuid::from_u128(50));
    let command = Command::RegisterPerson(RegisterPerson {
        person,
        name: "Mallory".into(),
        services: Vec::new(),
    });
    let Answer::Refused { refusal, .. } = server.ask(STRANGER, &frame(1, command.to_bytes()))
    else {
        panic!("refused");
    };
    assert_eq!(refusal.code, "operator_only");
}

#[test]
fn nobody_outside_a_case_sees_anything_of_it() {
    let mut server = Server::with_a_case();
    server.ask(HOLDER, &message(1, "Hemligt"));
    let lines = server.pull(STRANGER, &from_the_start(100));
    let own = format!("person/{STRANGER}");
    for line in &lines {
        match line {
            PullLine::Put { scope, kind, .. } => {
                assert_eq!((scope, kind.as_str()), (&own, "profile"))
            }
            PullLine::Scope { scope, .. } => assert_eq!(scope, &own),
            PullLine::End { cursors, .. } => assert_eq!(cursors.keys().collect::<Vec<_>>(), [&own]),
            PullLine::Gone { .. } | PullLine::Answer { .. } => panic!("{line:?}"),
        }
    }
}

#[test]
fn small_pages_bring_the_same_as_one_large_page() {
    let mut server = Server::with_a_case();
    for n in 1..=7 {
        server.ask(HOLDER, &message(n, "Hej"));
    }
    let whole = server.pull(HOLDER, &from_the_start(100));
    let mut request = from_the_start(3);
    let (mut messages, mut pages) = (0, 0);
    loop {
        let page = server.pull(HOLDER, &request);
        pages += 1;
        messages += records(&page, "message");
        let Some(PullLine::End { more, cursors }) = page.last() else { panic!("an end") };
        let answers = page.iter().filter(|line| matches!(line, PullLine::Answer { .. })).count();
        if !more {
            assert_eq!(answers, 7, "the last page tells every answer");
            break;
        }
        assert_eq!(answers, 0, "only the last page tells answers");
        request.cursors.clone_from(cursors);
    }
    assert_eq!((messages, pages), (records(&whole, "message"), 7));
}

#[test]
fn a_page_ends_by_its_bytes_too_and_nothing_is_lost_by_it() {
    let mut server = Server::with_a_case();
    // the longest in JSON that a text of its length can be: six bytes a character
    let text = "\u{1}".repeat(2_000);
    let messages = 1_000;
    for n in 1..=messages {
        let answer = server.ask(HOLDER, &message(n, &text));
        assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
    }
    let (mut request, mut pages, mut brought) = (from_the_start(2_000), 0, 0);
    loop {
        let page = server.store.pull(HOLDER, &request, now()).unwrap();
        assert!(page.len() < 5 * 1024 * 1024, "{} bytes", page.len());
        let lines = read_page(&page).unwrap();
        let here = records(&lines, "message");
        (pages, brought) = (pages + 1, brought + here);
        let Some(PullLine::End { more, cursors }) = lines.last() else { panic!("no end") };
        request.cursors.extend(cursors.clone());
        if !more {
            break;
        }
        assert!(here > 0, "each page goes on");
    }
    assert_eq!((pages, brought), (3, 1_000));
}

#[test]
fn a_scope_that_has_not_moved_is_told_only_if_asked() {
    fn told(lines: &[PullLine]) -> usize {
        lines.iter().filter(|line| matches!(line, PullLine::Scope { .. })).count()
    }
    let mut server = Server::with_a_case();
    server.ask(HOLDER, &message(1, "Hej"));
    let mut request = from_the_start(100);
    let lines = server.pull(HOLDER, &request);
    let Some(PullLine::End { cursors, .. }) = lines.last() else { panic!("an end") };
    let all = told(&lines);
    assert_eq!(cursors.len(), all);
    assert!(all > 1, "the case's and the person's own");

    request.cursors.clone_from(cursors);
    request.all_scopes = false;
    let lines = server.pull(HOLDER, &request);
    let Some(PullLine::End { cursors, .. }) = lines.last() else { panic!("an end") };
    assert_eq!((told(&lines), cursors.len()), (0, 0));
    request.all_scopes = true;
    assert_eq!(told(&server.pull(HOLDER, &request)), all);

    server.ask(HOLDER, &message(2, "Hej igen"));
    request.all_scopes = false;
    let lines = server.pull(HOLDER, &request);
    let Some(PullLine::End { cursors, .. }) = lines.last() else { panic!("an end") };
    assert_eq!((told(&lines), cursors.len(), records(&lines, "message")), (1, 1, 1));

    let scope = format!("issuer/{ISSUER}/case/{CASE}");
    request.cursors.get_mut(&scope).unwrap().rev = 1_000;
    assert_eq!(told(&server.pull(HOLDER, &request)), 1, "a cursor that cannot be is told of");
}

#[test]
fn a_cursor_of_another_epoch_counts_for_nothing() {
    let mut server = Server::with_a_case();
    server.ask(HOLDER, &message(1, "Hej"));
    let mut request = from_the_start(100);
    let scope = format!("issuer/{ISSUER}/case/{CASE}");
    request.cursors.insert(scope.clone(), Cursor { epoch: "another".into(), rev: 1_000 });
    assert_eq!(records(&server.pull(HOLDER, &request), "message"), 1);
    let epoch = server.store.epoch().unwrap();
    request.cursors.insert(scope, Cursor { epoch, rev: 1_000 });
    let lines = server.pull(HOLDER, &request);
    assert_eq!(records(&lines, "message"), 0);
    let current = |line: &&PullLine| {
        matches!(line, PullLine::Scope { state: ScopeState::Current, head: 4, .. })
    };
    assert_eq!(lines.iter().filter(current).count(), 1, "the digest tells on a wrong cursor");
}

#[test]
fn a_restored_server_waits_a_while_for_what_another_device_sends_again() {
    let mut server = Server::with_a_case();
    let answer = SendMessage {
        id: RecordId(Uuid::from_u128(1_002)),
        case: CASE,
        thread: RecordId(Uuid::from_u128(1_001)),
        message_type: "note".into(),
        text: "Svar".into(),
        written_at: now(),
    };
    let answer = |n| frame(n, Command::SendMessage(answer.clone()).to_bytes());
    assert!(matches!(server.ask(OFFICER, &answer(2)), Answer::Refused { .. }), "never restored");
    let epoch = server.store.epoch().unwrap();
    server.store.begin_anew(now()).unwrap();
    assert_ne!(server.store.epoch().unwrap(), epoch);
    let waits = server.store.write::<_, Fault>(|w| w.decide(OFFICER, &answer(3), now())).unwrap();
    assert_eq!((waits.answer, waits.holds_lane), (Answer::Wait, false));
    assert!(matches!(server.ask(HOLDER, &message(1, "Fråga")), Answer::Done { .. }));
    assert!(matches!(server.ask(OFFICER, &answer(3)), Answer::Done { .. }));

    let mut server = Server::with_a_case();
    let days = |days: i64| Timestamp::from_millis(now().millis() - days * 24 * 3_600_000).unwrap();
    server.store.begin_anew(days(3)).unwrap();
    assert!(matches!(server.ask(OFFICER, &answer(3)), Answer::Refused { .. }), "not for ever");
}

#[test]
fn history_is_a_chain_and_names_no_content() {
    let mut server = Server::with_a_case();
    server.ask(HOLDER, &message(1, "Hej"));
    server.ask(OFFICER, &message(2, "Hej själv"));
    let history = server.store.history(&format!("issuer/{ISSUER}/case/{CASE}")).unwrap();
    let events: Vec<_> = history.iter().map(|line| (line.seq, line.event.as_str())).collect();
    assert_eq!(events, [(1, "case_opened"), (2, "message_sent"), (3, "message_sent")]);
}

#[test]
fn a_user_name_stays_its_owners() {
    let mut server = Server::with_a_case();
    let put = |server: &mut Server, person| {
        server
            .store
            .write::<_, Fault>(|w| w.put_account("Asa", person, Some("hash"), "+46701740605"))
    };
    put(&mut server, HOLDER).unwrap();
    assert!(matches!(put(&mut server, STRANGER), Err(Fault::UserNameTaken)));
    assert_eq!(server.store.account(" ASA ").unwrap().unwrap().person, HOLDER);
}

#[test]
fn whose_identity_is_protected_stands_in_the_queue_without_a_name() {
    let mut server = Server::with_a_case();
    let operate = |server: &mut Server, command: Command| {
        let decided = server.store.write::<_, Fault>(|w| w.operate(&command, now())).unwrap();
        assert!(matches!(decided.answer, Answer::Done { .. }), "{decided:?}");
    };
    let appoint = AppointOfficer { issuer: ISSUER, service: SERVICE, person: STRANGER };
    operate(&mut server, Command::AppointOfficer(appoint));
    let history = server.store.history(&format!("issuer/{ISSUER}/internal")).unwrap();
    assert_eq!(history.last().unwrap().event, "officer_appointed");
    let find = |server: &Server, person, text: &str| {
        let request = QueueRequest {
            purpose: Purpose::Question,
            text: text.into(),
            handled_by: HandledBy::Anybody,
            stage: None,
            scheme: None,
            after: None,
            limit: 10,
        };
        server.store.queue(person, &request, now()).unwrap()
    };
    assert_eq!(find(&server, HOLDER, ""), None, "who handles no cases has no queue");
    assert_eq!(find(&server, STRANGER, "ås").unwrap().cases[0].holder, "Åsa");
    for protected in [true, false] {
        let details = Details { name: "Åsa".into(), ..Details::default() };
        let (person, details) = (HOLDER, Box::new(details));
        let set = SetContact { issuer: ISSUER, person, protected, details };
        operate(&mut server, Command::SetContact(set));
        let hits = find(&server, STRANGER, "ås").unwrap().total;
        assert_eq!(hits, u32::from(!protected), "no search finds them by their name");
        let by_number = find(&server, STRANGER, "2026").unwrap();
        assert_eq!(by_number.cases[0].holder.is_empty(), protected);
    }
}
