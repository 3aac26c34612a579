//! The outbox and the overlay of one replica, without a line.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::collections::BTreeMap;

use behorig_domain::{
    Command, CommandId, DeviceId, IssuerId, PersonId, RecordId, Scope, Timestamp,
    cases::{Case, Party, Stage},
    messages::{Message, Origin, SendMessage},
    services::{Named, Service, Support, Words},
};
use behorig_protocol::{Answer, Cursor, Digest, PullLine, Refusal, ScopeState};
use behorig_store::{
    Fault, Identity, OutboxState, Queued, ReplicaKey, Secret, Store, Wrapping, draft_place,
};
use serde_json::value::RawValue;
use uuid::Uuid;

const ME: PersonId = PersonId(Uuid::from_u128(1));
const OFFICER: PersonId = PersonId(Uuid::from_u128(2));
const CASE: RecordId = RecordId(Uuid::from_u128(10));
const SERVICE: RecordId = RecordId(Uuid::from_u128(11));
const ISSUER: IssuerId = IssuerId(Uuid::from_u128(9));

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

fn command_id(n: u128) -> CommandId {
    CommandId(Uuid::from_u128(2_000 + n))
}

fn scope() -> String {
    Scope::Case(ISSUER, CASE).to_string()
}

struct Replica {
    folder: tempfile::TempDir,
    key: ReplicaKey,
    store: Store,
}

impl Replica {
    fn with_a_case() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let share = Secret::random().unwrap();
        let wrapping = Wrapping { keyring: None, word: "smörgåstårta", share: &share };
        let key = ReplicaKey::create(&folder.path().join("key.json"), &wrapping).unwrap();
        let mut store = Store::open(&folder.path().join("replica.db"), &key).unwrap();
        let identity = Identity { server: "https://intyg.example".into(), person: ME };
        store.put_identity(&identity, DeviceId(Uuid::from_u128(4))).unwrap();
        let party = |person, name: &str| Party { person, name: name.into() };
        let case = Case {
            issuer: ISSUER,
            service: SERVICE,
            scheme: "f-gas-1".into(),
            number: "2026-1".into(),
            title: "F-gas, kategori I".into(),
            holder: party(ME, "Åsa"),
            identity_number: "198503122387".parse().unwrap(),
            officer: Some(party(OFFICER, "Göran")),
            stage: Stage::Application,
            opened_at: Timestamp::from_millis(0).unwrap(),
            exams: Vec::new(),
            ready_at: None,
            events: 0,
        };
        let words = |text: &str| Words { sv: text.into(), en: text.into() };
        let service = Service {
            name: words("Personcertifiering"),
            message_max: 2_000,
            document_max: 1_000,
            message_types: vec![Named { code: "note".into(), name: words("Notering") }],
            absences: Vec::new(),
            page: words("Välkommen"),
            support: Support {
                email: "support@issuer.example".into(),
                phone: "010-516 63 03".into(),
                hours: words("Vardagar"),
            },
            news: Vec::new(),
            schemes: Vec::new(),
        };
        let of_service = PullLine::Put {
            scope: Scope::Service(SERVICE).to_string(),
            rev: 1,
            kind: "service".into(),
            id: SERVICE,
            version: 1,
            body: RawValue::from_string(serde_json::to_string(&service).unwrap()).unwrap(),
        };
        let page = vec![of_service, put(1, "case", CASE, &case), end(1)];
        assert!(store.apply(page, at(1)).unwrap().changed);
        Self { folder, key, store }
    }

    fn reopen(self) -> Self {
        drop(self.store);
        let store = Store::open(&self.folder.path().join("replica.db"), &self.key).unwrap();
        Self { folder: self.folder, key: self.key, store }
    }

    fn send(&mut self, n: u128, text: &str) {
        let queued = self.store.queue(command_id(n), &message(n, text), at(100), None).unwrap();
        assert!(matches!(queued, Queued::Queued(_)), "{queued:?}");
    }

    fn texts(&self) -> Vec<(String, OutboxState)> {
        let rows = self.store.messages(CASE).unwrap();
        rows.into_iter().map(|row| (row.message.text, row.state)).collect()
    }

    fn next_ids(&mut self) -> Vec<CommandId> {
        let frames = self.store.take_for_push(usize::MAX).unwrap();
        frames.into_iter().map(|frame| frame.envelope.id).collect()
    }
}

fn message(n: u128, text: &str) -> Command {
    let id = RecordId(Uuid::from_u128(1_000 + n));
    Command::SendMessage(SendMessage {
        id,
        case: CASE,
        thread: id,
        message_type: "note".into(),
        text: text.into(),
        written_at: at(100),
    })
}

fn put<B: serde::Serialize>(rev: i64, kind: &str, id: RecordId, body: &B) -> PullLine {
    let body = RawValue::from_string(serde_json::to_string(body).unwrap()).unwrap();
    PullLine::Put { scope: scope(), rev, kind: kind.into(), id, version: 1, body }
}

/// The server's copy of a message, received at `millis`.
fn received(rev: i64, n: u128, text: &str, millis: i64) -> PullLine {
    let id = RecordId(Uuid::from_u128(1_000 + n));
    let message = Message {
        origin: Origin::Written,
        issuer: ISSUER,
        case: CASE,
        thread: id,
        message_type: "note".into(),
        author: ME,
        author_name: "Åsa".into(),
        text: text.into(),
        documents: Vec::new(),
        written_at: at(100),
        received_at: at(millis),
    };
    put(rev, "message", id, &message)
}

fn end(rev: i64) -> PullLine {
    let cursor = Cursor { epoch: "one".into(), rev };
    PullLine::End { more: false, cursors: BTreeMap::from([(scope(), cursor)]) }
}

fn done(no: i64, n: u128) -> PullLine {
    PullLine::Answer { no, command: command_id(n), refused: None }
}

#[test]
fn a_command_leaves_the_overlay_only_by_the_pull_that_holds_its_answer() {
    let mut replica = Replica::with_a_case();
    replica.send(1, "Hej");
    assert_eq!(replica.next_ids(), [command_id(1)]);
    let answer = [(command_id(1), Answer::Done { no: 1 })];
    replica.store.pushed(&answer, at(200)).unwrap();
    assert_eq!(replica.texts(), [("Hej".into(), OutboxState::Sent)], "sent, and still shown");
    let mut replica = replica.reopen();
    assert_eq!(replica.texts(), [("Hej".into(), OutboxState::Sent)]);
    let page = vec![received(2, 1, "Hej", 150), done(1, 1), end(2)];
    replica.store.apply(page, at(300)).unwrap();
    assert_eq!(replica.texts(), [("Hej".into(), OutboxState::Received)]);
    assert_eq!(replica.store.pull_request(10).unwrap().answers_after, 1);
}

#[test]
fn taking_one_back_lets_the_others_go() {
    let mut replica = Replica::with_a_case();
    replica.send(1, "ett");
    // an answer to a message that is pending falls with it; a mere neighbour does not
    let reply = Command::SendMessage(SendMessage {
        id: RecordId(Uuid::from_u128(1_002)),
        case: CASE,
        thread: RecordId(Uuid::from_u128(1_001)),
        message_type: "note".into(),
        text: "svar".into(),
        written_at: at(100),
    });
    replica.store.queue(command_id(2), &reply, at(100), None).unwrap();
    replica.send(3, "granne");
    let frames = replica.store.take_for_push(usize::MAX).unwrap();
    let after: Vec<_> = frames.iter().map(|frame| frame.envelope.after.clone()).collect();
    assert_eq!(after, [vec![], vec![command_id(1)], vec![]]);
    let ids: Vec<_> = frames.iter().map(|frame| frame.envelope.id).collect();
    replica.store.not_pushed(&ids).unwrap();

    replica.store.withdraw(command_id(1), at(200)).unwrap();
    let frames = replica.store.take_for_push(usize::MAX).unwrap();
    let after: Vec<_> = frames.iter().map(|frame| frame.envelope.after.clone()).collect();
    assert_eq!(after, [vec![], vec![]], "nothing waits for what is gone");
}

#[test]
fn a_try_whose_fate_is_unknown_cannot_be_taken_back_and_one_that_never_left_can() {
    let mut replica = Replica::with_a_case();
    replica.send(1, "ett");
    let can = |replica: &Replica| replica.store.outbox().unwrap()[0].can_withdraw;
    assert!(can(&replica));
    let ids = replica.next_ids();
    assert!(!can(&replica), "it may be at the server");
    replica.store.not_pushed(&ids).unwrap();
    assert!(can(&replica), "no byte has left");
    replica.next_ids();
    let replica = replica.reopen();
    assert!(!can(&replica), "a crash under way leaves it unknown");
}

#[test]
fn what_the_server_cannot_handle_gets_stuck_holds_only_its_lane_and_goes_when_asked() {
    let mut replica = Replica::with_a_case();
    replica.send(1, "ett");
    replica.send(2, "två");
    for _ in 0..8 {
        assert_eq!(replica.next_ids(), [command_id(1), command_id(2)]);
        let internal = Answer::Internal { correlation_id: "x".into() };
        let answers = [(command_id(1), internal), (command_id(2), Answer::Wait)];
        replica.store.pushed(&answers, at(200)).unwrap();
    }
    assert_eq!(replica.store.outbox().unwrap()[1].state, OutboxState::Stuck);
    assert!(!replica.store.has_unsent().unwrap(), "its lane waits behind it");
    assert!(replica.next_ids().is_empty());
    replica.store.send_stuck_again().unwrap();
    assert_eq!(replica.next_ids(), [command_id(1), command_id(2)]);
}

#[test]
fn a_push_keeps_to_its_limit_and_always_takes_one() {
    let mut replica = Replica::with_a_case();
    for n in 1..=4 {
        replica.send(n, "en text");
    }
    let taken = |replica: &mut Replica, limit| replica.store.take_for_push(limit).unwrap().len();
    assert_eq!(taken(&mut replica, usize::MAX), 4);
    assert_eq!(taken(&mut replica, 1), 1);
    assert_eq!(taken(&mut replica, 0), 1);
}

#[test]
fn a_copied_device_takes_a_new_name_and_keeps_ids_and_bytes() {
    let mut replica = Replica::with_a_case();
    replica.send(1, "ett");
    replica.send(2, "två");
    let before = replica.store.take_for_push(usize::MAX).unwrap();
    let forked = [(command_id(1), Answer::DeviceForked), (command_id(2), Answer::DeviceForked)];
    replica.store.pushed(&forked, at(200)).unwrap();
    let after = replica.store.take_for_push(usize::MAX).unwrap();
    for (one, two) in before.iter().zip(&after) {
        assert_ne!(one.envelope.device, two.envelope.device);
        assert_eq!((one.envelope.id, &one.bytes), (two.envelope.id, &two.bytes));
    }
    assert_eq!(after.len(), 2);
}

#[test]
fn a_refusal_keeps_what_was_written_with_its_reason_even_one_of_a_newer_server() {
    let mut replica = Replica::with_a_case();
    replica.send(1, "Hej");
    let refused = Refusal { code: "of_next_year".into(), params: None };
    let answer = PullLine::Answer { no: 1, command: command_id(1), refused: Some(refused.clone()) };
    replica.store.apply(vec![answer, end(1)], at(300)).unwrap();
    let rows = replica.store.messages(CASE).unwrap();
    assert_eq!((rows[0].message.text.as_str(), rows[0].state), ("Hej", OutboxState::Refused));
    assert_eq!(rows[0].refused, Some(refused));

    replica.store.withdraw(command_id(1), at(400)).unwrap();
    assert_eq!(replica.store.draft(&draft_place(CASE, None)).unwrap().as_deref(), Some("Hej"));
    assert!(replica.texts().is_empty() && replica.store.outbox().unwrap().is_empty());
    let twice = replica.store.withdraw(command_id(1), at(400));
    assert!(matches!(twice, Err(Fault::TooLate)), "a second press repeats nothing");
}

#[test]
fn order_is_the_servers_and_pending_is_newest_whatever_this_clock_says() {
    let mut replica = Replica::with_a_case();
    // ids that rise while revisions fall: no order may be read from ids
    let page = vec![received(3, 1, "senare", 500), received(2, 2, "tidigare", 500), end(3)];
    replica.store.apply(page, at(300)).unwrap();
    replica.send(4, "skrivet först, med klockan ett år bak");
    replica.send(3, "skrivet sist");
    let texts: Vec<_> = replica.texts().into_iter().map(|(text, _)| text).collect();
    let expected = ["skrivet sist", "skrivet först, med klockan ett år bak", "senare", "tidigare"];
    assert_eq!(texts, expected);
}

#[test]
fn a_revoked_scope_is_erased_and_what_the_person_typed_stays() {
    let mut replica = Replica::with_a_case();
    replica.send(1, "Hej");
    let line = PullLine::Scope {
        scope: scope(),
        state: ScopeState::Revoked,
        head: 0,
        digest: Digest::default(),
    };
    let end = PullLine::End { more: false, cursors: BTreeMap::new() };
    replica.store.apply(vec![line, end], at(300)).unwrap();
    assert!(replica.store.cases().unwrap().is_empty());
    assert_eq!(replica.store.outbox().unwrap().len(), 1);
}

#[test]
fn unknown_kinds_and_fields_pass_through_untouched() {
    let mut replica = Replica::with_a_case();
    let id = RecordId(Uuid::from_u128(42));
    let body = serde_json::json!({ "of": { "next": "year" } });
    // and a known kind whose body only a newer version can read keeps nothing else away
    let page = vec![put(2, "hologram", id, &body), put(3, "message", id, &body), end(3)];
    assert!(replica.store.apply(page, at(2)).unwrap().changed);
}

#[test]
fn what_a_draft_was_is_kept_when_it_is_set_aside_however_old_it_is() {
    let mut replica = Replica::with_a_case();
    let place = draft_place(CASE, None);
    let (day, month) = (24 * 3_600_000, 31 * 24 * 3_600_000);
    let mut put =
        |text: &str, now: i64| replica.store.put_draft(&place, "note", text, at(now)).unwrap();
    put("Det som jag skrev för länge sedan och aldrig skickade", day);
    put("Nytt", day + month);
    let texts = |replica: &Replica| -> Vec<String> {
        let versions = replica.store.draft_versions(&place).unwrap();
        versions.into_iter().map(|version| version.text).collect()
    };
    assert_eq!(texts(&replica), ["Det som jag skrev för länge sedan och aldrig skickade"]);

    // what is written over within the minute is kept too, if most of it goes
    let mut put =
        |text: &str, now: i64| replica.store.put_draft(&place, "note", text, at(now)).unwrap();
    let now = day + month + 1_000;
    put("Nytt, och så tretusen tecken som klistrades in", now);
    put("Hoppsan", now + 2_000);
    assert_eq!(texts(&replica)[0], "Nytt, och så tretusen tecken som klistrades in");
    // but not every key
    let mut put =
        |text: &str, now: i64| replica.store.put_draft(&place, "note", text, at(now)).unwrap();
    let before = 2;
    for (n, text) in ["Hoppsan h", "Hoppsan he", "Hoppsan hej"].into_iter().enumerate() {
        put(text, now + 3_000 + n as i64);
    }
    assert_eq!(texts(&replica).len(), before);
}

#[test]
fn a_command_depends_on_those_that_write_what_it_reads_and_on_no_others() {
    let mut replica = Replica::with_a_case();
    replica.send(1, "ett");
    replica.send(2, "två");
    let Command::SendMessage(mut reply) = message(3, "svar") else { panic!("a message") };
    reply.thread = RecordId(Uuid::from_u128(1_001));
    let reply = Command::SendMessage(reply);
    replica.store.queue(command_id(3), &reply, at(100), None).unwrap();
    let frames = replica.store.take_for_push(usize::MAX).unwrap();
    let after: Vec<_> = frames.into_iter().map(|frame| frame.envelope.after).collect();
    assert_eq!(after, [vec![], vec![], vec![command_id(1)]]);
}
