//! What a replica does when reality breaks: a restored server, a scope that differs, a right that ends, a
//! damaged file.

use std::{collections::BTreeMap, fs, path::PathBuf};

use behorig_domain::{
    Command, CommandId, DeviceId, IssuerId, PersonId, RecordId, Scope, Timestamp,
    cases::{Case, Party, Stage},
    documents::{
        Document, DocumentOrigin, DocumentRow, FileRef, Format, Handling, RowState, SubmitDocument,
    },
    messages::{MarkRead, Message, Origin, SendMessage},
    services::{Named, Service, Support, Words},
};
use behorig_protocol::{Answer, Cursor, Digest, PullLine, ScopeState};
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::*;

mod left;

const ME: PersonId = PersonId(Uuid::from_u128(1));
const OFFICER: PersonId = PersonId(Uuid::from_u128(2));
const CASE: RecordId = RecordId(Uuid::from_u128(10));
const SERVICE: RecordId = RecordId(Uuid::from_u128(11));
const ROW: RecordId = RecordId(Uuid::from_u128(12));
const ISSUER: IssuerId = IssuerId(Uuid::from_u128(9));
const DAY: i64 = 24 * 3_600_000;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

fn command_id(n: u128) -> CommandId {
    CommandId(Uuid::from_u128(2_000 + n))
}

fn message_id(n: u128) -> RecordId {
    RecordId(Uuid::from_u128(1_000 + n))
}

fn case_scope() -> String {
    Scope::Case(ISSUER, CASE).to_string()
}

/// A server of the kind that can be restored: what it holds, as pages.
#[derive(Clone)]
struct Server {
    epoch: &'static str,
    /// Scope, kind, id, body, in the order of revisions; one revision each, counted over all scopes.
    records: Vec<(String, &'static str, RecordId, String)>,
    answers: Vec<CommandId>,
    scopes: Vec<String>,
    revoked: Vec<String>,
}

fn words(text: &str) -> Words {
    Words { sv: text.into(), en: text.into() }
}

impl Server {
    fn new() -> Self {
        let service_scope = Scope::Service(SERVICE).to_string();
        let mut server = Self {
            epoch: "one",
            records: Vec::new(),
            answers: Vec::new(),
            scopes: vec![case_scope(), service_scope.clone()],
            revoked: Vec::new(),
        };
        let party = |person, name: &str| Party { person, name: name.into() };
        let case = Case {
            renews: None,
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
        let service = Service {
            issuer: None,
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
        let row = DocumentRow {
            issuer: ISSUER,
            case: CASE,
            code: "betyg".into(),
            place: 1,
            required: true,
            state: RowState::Open,
            document: None,
            asked: None,
            explanations: Vec::new(),
            taken: None,
        };
        server.put(&service_scope, "service", SERVICE, &service);
        server.put(&case_scope(), "case", CASE, &case);
        server.put(&case_scope(), "document_row", ROW, &row);
        server
    }

    fn put<B: Serialize>(&mut self, scope: &str, kind: &'static str, id: RecordId, body: &B) {
        let body = serde_json::to_string(body).unwrap();
        self.records.push((scope.into(), kind, id, body));
    }

    fn message(&mut self, n: u128, author: PersonId) {
        let message = Message {
            origin: Origin::Written,
            issuer: ISSUER,
            case: CASE,
            thread: message_id(n),
            message_type: "note".into(),
            author,
            author_name: "Någon".into(),
            text: format!("text {n}"),
            documents: Vec::new(),
            written_at: at(100),
            received_at: at(1_000 + i64::try_from(n).unwrap()),
        };
        self.put(&case_scope(), "message", message_id(n), &message);
        if author == ME {
            self.answers.push(command_id(n));
        }
    }

    /// The page that answers a request.
    fn page(&self, store: &Store, limit: usize) -> Vec<PullLine> {
        let request = store.pull_request(1_000).unwrap();
        let mut page = Vec::new();
        let (mut cursors, mut left) = (BTreeMap::new(), limit);
        let mut more = false;
        for scope in &self.scopes {
            let cursor = request.cursors.get(scope).filter(|cursor| cursor.epoch == self.epoch);
            let from = cursor.map_or(0, |cursor| cursor.rev);
            let mut reached = from;
            for (rev, (_, kind, id, body)) in
                (1..).zip(&self.records).filter(|(rev, line)| line.0 == *scope && *rev > from)
            {
                if left == 0 {
                    more = true;
                    break;
                }
                left -= 1;
                reached = rev;
                let body = RawValue::from_string(body.clone()).unwrap();
                let (kind, scope) = ((*kind).to_owned(), scope.clone());
                page.push(PullLine::Put { scope, rev, kind, id: *id, version: 1, body });
            }
            cursors.insert(scope.clone(), Cursor { epoch: self.epoch.into(), rev: reached });
        }
        if !more {
            let told = |scope: &String, state, digest| {
                page_scope(scope, state, self.records.len(), digest)
            };
            // as the server does: what has not moved is told only if asked
            let current = self.scopes.iter().filter(|scope| {
                let cursor = request.cursors.get(*scope);
                let cursor = cursor.filter(|cursor| cursor.epoch == self.epoch);
                request.all_scopes
                    || cursor.is_none_or(|cursor| {
                        (1..)
                            .zip(&self.records)
                            .any(|(rev, line)| line.0 == **scope && rev > cursor.rev)
                    })
            });
            page.extend(current.map(|scope| told(scope, ScopeState::Current, self.digest(scope))));
            let revoked = self.revoked.iter();
            page.extend(revoked.map(|scope| told(scope, ScopeState::Revoked, Digest::default())));
            let answers = (1..).zip(&self.answers).filter(|(no, _)| *no > request.answers_after);
            page.extend(answers.map(|(no, id)| PullLine::Answer {
                no,
                command: *id,
                refused: None,
            }));
        }
        page.push(PullLine::End { more, cursors });
        page
    }

    fn digest(&self, scope: &str) -> Digest {
        let here = (1..).zip(&self.records).filter(|(_, line)| line.0 == scope);
        here.fold(Digest::default(), |digest, (rev, (scope, kind, id, _))| {
            digest.with(scope, kind, *id, rev)
        })
    }
}

fn page_scope(scope: &str, state: ScopeState, head: usize, digest: Digest) -> PullLine {
    let head = i64::try_from(head).unwrap();
    PullLine::Scope { scope: scope.to_owned(), state, head, digest }
}

struct Replica {
    folder: tempfile::TempDir,
    key: ReplicaKey,
    store: Store,
}

fn identity() -> Identity {
    Identity { server: "https://intyg.example".into(), person: ME }
}

impl Replica {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = crate::key::tests::new_key(folder.path());
        let mut store = Store::open(&folder.path().join("replica.db"), &key).unwrap();
        store.put_identity(&identity(), DeviceId(Uuid::from_u128(4))).unwrap();
        Self { folder, key, store }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("replica.db")
    }

    fn reopen(&mut self) {
        self.store = Store::open(&self.path(), &self.key).unwrap();
    }

    /// Pulls until there is no more, looking at what the window shows after each page.
    fn pull(&mut self, server: &Server, now: i64, mut look: impl FnMut(&Store)) -> Applied {
        for _ in 0..50 {
            let page = server.page(&self.store, 2);
            let applied = self.store.apply(page, at(now)).unwrap();
            look(&self.store);
            if !applied.more {
                return applied;
            }
        }
        panic!("the pull never ends");
    }

    fn send(&mut self, n: u128) {
        let command = Command::SendMessage(SendMessage {
            id: message_id(n),
            case: CASE,
            thread: message_id(n),
            message_type: "note".into(),
            text: format!("text {n}"),
            written_at: at(100),
        });
        let queued = self.store.queue(command_id(n), &command, at(100), None).unwrap();
        assert!(matches!(queued, Queued::Queued(_)), "{queued:?}");
    }

    /// Sends a message and lets the server have it.
    fn send_to(&mut self, server: &mut Server, n: u128) {
        self.send(n);
        let ids = self.next_ids();
        assert_eq!(ids, [command_id(n)]);
        self.store.pushed(&[(command_id(n), Answer::Done { no: 1 })], at(200)).unwrap();
        server.message(n, ME);
    }

    fn next_ids(&mut self) -> Vec<CommandId> {
        let frames = self.store.take_for_push(usize::MAX).unwrap();
        frames.into_iter().map(|frame| frame.envelope.id).collect()
    }

    fn texts(&self) -> Vec<(String, OutboxState)> {
        texts(&self.store)
    }

    fn pick(&mut self) -> FileRef {
        let (id, sealed) = self.store.new_file().unwrap();
        let mut writer = sealed.create().unwrap();
        writer.append(b"%PDF").unwrap();
        writer.finish().unwrap();
        let file = FileRef {
            id,
            name: "betyg.pdf".into(),
            bytes: 4,
            sha256: "00".into(),
            format: Format::Pdf,
        };
        let picked = Picked { case: CASE, row: ROW, file: file.clone(), note: "not".into() };
        self.store.put_picked(&picked, &sealed, at(100)).unwrap();
        file
    }

    fn submit(&mut self, n: u128) -> FileRef {
        let file = self.pick();
        let command = Command::SubmitDocument(SubmitDocument {
            id: message_id(n),
            case: CASE,
            row: ROW,
            file: file.clone(),
            note: "not".into(),
            written_at: at(100),
            origin: DocumentOrigin::Sent,
            checked: true,
        });
        let queued = self.store.queue(command_id(n), &command, at(100), None).unwrap();
        assert!(matches!(queued, Queued::Queued(_)), "{queued:?}");
        file
    }

    /// Closes the replica, so that it has no log, and gives the bytes of its file.
    fn close(&mut self) -> Vec<u8> {
        let aside = self.folder.path().join("aside.db");
        self.store = Store::open(&aside, &self.key).unwrap();
        fs::read(self.path()).unwrap()
    }

    fn salvage(&mut self, now: i64) -> Option<Salvaged> {
        let path = self.path();
        let opened = Store::open_or_salvage(&path, &self.key, &identity(), at(now));
        let (store, salvaged) = opened.unwrap();
        self.store = store;
        salvaged
    }
}

fn texts(store: &Store) -> Vec<(String, OutboxState)> {
    let rows = store.messages(CASE).unwrap();
    rows.into_iter().map(|row| (row.message.text, row.state)).collect()
}

#[test]
fn a_restored_server_gets_back_what_it_lost_and_nothing_vanishes_meanwhile() {
    let (mut replica, mut server) = (Replica::new(), Server::new());
    replica.pull(&server, 1, |_| {});
    replica.send_to(&mut server, 1);
    server.message(2, OFFICER);
    let mut restored = Server { epoch: "two", ..server.clone() };
    replica.send_to(&mut server, 3);
    server.message(4, OFFICER);
    replica.pull(&server, 300, |_| {});
    assert_eq!(replica.texts().len(), 4);
    replica.send(5);

    // another device has been faster: numbers of answers begin anew and mean other commands
    for n in 900..920 {
        restored.answers.push(command_id(n));
    }
    let applied = replica.pull(&restored, 400, |store| {
        let shown = texts(store);
        for text in ["text 1", "text 2", "text 3", "text 5"] {
            assert!(shown.iter().any(|(shown, _)| shown == text), "{text} vanished: {shown:?}");
        }
    });
    assert!(applied.differing.is_empty());
    let expected = [
        ("text 5", OutboxState::Queued),
        ("text 3", OutboxState::Queued),
        ("text 2", OutboxState::Received),
        ("text 1", OutboxState::Received),
    ];
    assert_eq!(replica.texts(), expected.map(|(text, state)| (text.to_owned(), state)));
    assert_eq!(replica.next_ids(), [command_id(3), command_id(5)], "in the order of writing");
    assert_eq!(replica.store.pull_request(1).unwrap().answers_after, 21);
    restored.message(3, ME);
    replica.pull(&restored, 500, |_| {});
    assert_eq!(replica.texts()[0].0, "text 5");
    assert!(replica.texts().contains(&("text 3".into(), OutboxState::Received)));
}

#[test]
fn a_server_restored_twice_in_the_middle_of_a_pull_is_no_trouble() {
    let (mut replica, mut server) = (Replica::new(), Server::new());
    replica.pull(&server, 1, |_| {});
    let before = server.clone();
    for n in 1..6 {
        replica.send_to(&mut server, n);
    }
    replica.pull(&server, 300, |_| {});
    let second = Server { epoch: "two", ..server.clone() };
    let page = second.page(&replica.store, 2);
    assert!(replica.store.apply(page, at(400)).unwrap().more);
    let third = Server { epoch: "three", ..before };
    replica.reopen();
    replica.pull(&third, 500, |store| assert_eq!(texts(store).len(), 5));
    assert_eq!(replica.next_ids().len(), 5);
}

#[test]
fn what_a_restored_server_lost_is_sent_again_with_its_file_and_what_nobody_has_is_not_waited_for() {
    let (mut replica, mut server) = (Replica::new(), Server::new());
    replica.pull(&server, 1, |_| {});
    let before = Server { epoch: "two", ..server.clone() };
    let file = replica.submit(1);
    replica.store.put_at_server(file.id, 4).unwrap();
    replica.next_ids();
    let document = Document {
        issuer: ISSUER,
        case: CASE,
        row: ROW,
        author: ME,
        author_name: "Åsa".into(),
        file: file.clone(),
        note: "not".into(),
        written_at: at(100),
        received_at: at(200),
        origin: DocumentOrigin::Sent,
        common: None,
        handling: Handling::Waiting,
    };
    server.put(&case_scope(), "document", message_id(1), &document);
    server.answers.push(command_id(1));
    // what the program wrote by itself is kept for this too, the newest of it
    let mark = |n, up_to| {
        (
            command_id(n),
            Command::MarkRead(MarkRead {
                case: CASE,
                thread: message_id(7),
                person: ME,
                up_to: at(up_to),
            }),
        )
    };
    for (id, command) in [mark(2, 10), mark(3, 20)] {
        replica.store.queue(id, &command, at(100), None).unwrap();
        replica.next_ids();
        server.answers.push(id);
    }
    replica.pull(&server, 300, |_| {});
    assert!(replica.store.next_to_send(&Default::default()).unwrap().is_none());
    assert_eq!(replica.store.outbox().unwrap().len(), 1);

    replica.pull(&before, 400, |_| {});
    replica.reopen();
    let to_send = replica.store.next_to_send(&Default::default()).unwrap().unwrap();
    assert_eq!(to_send.id, file.id);
    assert_eq!(replica.next_ids(), [command_id(3)], "the document waits for its file");
    replica.store.put_at_server(file.id, 4).unwrap();
    assert_eq!(replica.next_ids(), [command_id(1), command_id(3)]);
}

#[test]
fn what_was_refused_stays_refused_when_the_server_forgets_it() {
    let (mut replica, server) = (Replica::new(), Server::new());
    replica.pull(&server, 1, |_| {});
    replica.send(1);
    replica.next_ids();
    let mut page = server.page(&replica.store, 99);
    let refused = Some((&behorig_domain::Rejection::CaseNotFound).into());
    page.insert(0, PullLine::Answer { no: 1, command: command_id(1), refused });
    replica.store.apply(page, at(300)).unwrap();
    replica.pull(&Server { epoch: "two", ..server }, 400, |_| {});
    assert_eq!(replica.texts(), [("text 1".into(), OutboxState::Refused)]);
    assert!(replica.next_ids().is_empty());
}

#[test]
fn a_scope_that_differs_is_pulled_afresh_beside_the_old_and_then_agrees() {
    for damage in [
        "DELETE FROM membership WHERE kind = 'message'",
        "DELETE FROM message",
        "UPDATE membership SET rev = rev + 40 WHERE kind = 'case'",
    ] {
        let (mut replica, mut server) = (Replica::new(), Server::new());
        replica.pull(&server, 1, |_| {});
        for n in 1..4 {
            server.message(n, OFFICER);
        }
        replica.pull(&server, 2, |_| {});
        let whole = replica.texts();
        replica.store.connection.execute(damage, []).unwrap();
        replica.reopen();
        let shown = replica.texts().len();
        replica.send(9);
        let mut mended = Vec::new();
        for _ in 0..20 {
            let page = server.page(&replica.store, 2);
            let applied = replica.store.apply(page, at(3)).unwrap();
            assert!(replica.texts().len() > shown, "{damage}: nothing vanishes");
            assert!(applied.differing.is_empty(), "{damage}");
            mended.extend(applied.mending);
            if !applied.more {
                break;
            }
        }
        assert!(mended.contains(&case_scope()), "{damage}: {mended:?}");
        assert_eq!(replica.texts()[1..], whole, "{damage}");
        let again = replica.pull(&server, 4, |_| {});
        assert!(again.mending.is_empty() && !again.changed, "{damage}: it is over");
    }
}

#[test]
fn a_server_whose_digest_is_wrong_is_asked_once_and_then_told_of() {
    let (mut replica, mut server) = (Replica::new(), Server::new());
    replica.pull(&server, 1, |_| {});
    server.message(1, OFFICER);
    let wrong = |server: &Server, store: &Store| {
        let mut page = server.page(store, 99);
        for line in &mut page {
            if let PullLine::Scope { scope, digest, .. } = line
                && *scope == case_scope()
            {
                *digest = digest.with("of", "nothing", CASE, 1);
            }
        }
        page
    };
    let page = wrong(&server, &replica.store);
    let first = replica.store.apply(page, at(2)).unwrap();
    assert_eq!((first.mending, first.more), (vec![case_scope()], true));
    let request = replica.store.pull_request(1).unwrap();
    assert_eq!(request.cursors[&case_scope()].rev, 0, "from the start");
    for _ in 0..3 {
        let page = wrong(&server, &replica.store);
        let again = replica.store.apply(page, at(3)).unwrap();
        assert_eq!((again.differing, again.more), (vec![case_scope()], false), "told, not tried");
    }
    assert_eq!(replica.texts().len(), 1, "what there is stays");
    assert!(replica.pull(&server, 4, |_| {}).differing.is_empty(), "a server that is mended");
}

#[test]
fn a_right_that_ends_refuses_what_waits_and_keeps_what_was_typed_for_thirty_days() {
    let (mut replica, mut server) = (Replica::new(), Server::new());
    replica.pull(&server, 1, |_| {});
    replica.send_to(&mut server, 1);
    replica.pull(&server, 2, |_| {});
    replica.send(2);
    replica.next_ids();
    replica.send(3);
    let file = replica.submit(4);
    let place = draft_place(CASE, None);
    replica.store.put_draft(&place, "note", "Halvfärdigt", at(100)).unwrap();
    let current = server.clone();
    server.scopes.retain(|scope| *scope != case_scope());
    server.revoked.push(case_scope());
    // one of them had been decided before the right ended
    server.answers.push(command_id(2));
    replica.pull(&server, 1_000, |_| {});

    assert!(replica.store.cases().unwrap().is_empty() && replica.texts().is_empty());
    let shown = |replica: &Replica| -> Vec<(OutboxState, Option<String>)> {
        let rows = replica.store.outbox().unwrap().into_iter();
        rows.map(|row| {
            assert_eq!(row.title.as_deref(), Some("F-gas, kategori I"));
            (row.state, row.refused.map(|refusal| refusal.code))
        })
        .collect()
    };
    let ended = (OutboxState::Refused, Some("access_ended".to_owned()));
    let received = (OutboxState::Received, None);
    let all = [ended.clone(), ended, received.clone(), received];
    assert_eq!(shown(&replica), all);
    assert!(
        replica.next_ids().is_empty()
            && replica.store.next_to_send(&Default::default()).unwrap().is_none()
    );
    assert_eq!(replica.store.draft(&place).unwrap(), None, "nobody would find it there");
    assert_eq!(left(&replica.store), [(LeftKind::Message, "2026-1".into(), "Halvfärdigt".into())]);
    // what is written into an old window meanwhile is refused likewise
    replica.send(5);
    replica.pull(&server, 1_000, |_| {});
    assert_eq!(replica.store.outbox().unwrap()[0].state, OutboxState::Refused);
    replica.store.withdraw(command_id(5), at(1_000)).unwrap();
    assert_eq!(left(&replica.store)[0].2, "text 5");
    replica.store.put_draft(&place, "note", "Halvfärdigt till slut", at(1_000)).unwrap();
    let kept = ["Halvfärdigt till slut", "Halvfärdigt", "text 5"]
        .map(|text| (LeftKind::Message, "2026-1".to_owned(), text.to_owned()));
    assert_eq!(left(&replica.store), kept, "a window that is still open saves beside them");

    replica.pull(&server, 1_000 + 30 * DAY, |_| {});
    // the first had been decided long before
    assert_eq!(shown(&replica), all[..3], "thirty days");
    assert_eq!(left(&replica.store), kept);
    replica.pull(&server, 1_001 + 30 * DAY, |_| {});
    assert_eq!(shown(&replica), [], "then all of it is removed");
    assert!(replica.store.sealed(file.id).unwrap().is_none(), "and its file");
    assert_eq!(left(&replica.store), [], "and what was being written");
    assert!(replica.store.draft_versions(&place).unwrap().is_empty(), "and what that once was");

    // a right that comes back works again
    replica.pull(&current, 2_000, |_| {});
    assert_eq!(replica.texts(), [("text 1".into(), OutboxState::Received)]);
    replica.send(6);
    assert_eq!(replica.next_ids(), [command_id(6)]);
}

#[test]
fn decided_commands_are_forgotten_after_ninety_days_and_nothing_waits_for_them() {
    let (mut replica, mut server) = (Replica::new(), Server::new());
    replica.pull(&server, 1, |_| {});
    replica.send_to(&mut server, 1);
    replica.pull(&server, 1_000, |_| {});
    replica.pull(&server, 1_000 + 90 * DAY, |_| {});
    assert_eq!(replica.store.outbox().unwrap().len(), 1);
    replica.pull(&server, 1_001 + 90 * DAY, |_| {});
    assert!(replica.store.outbox().unwrap().is_empty());
    assert_eq!(replica.texts(), [("text 1".into(), OutboxState::Received)], "the record stays");
    replica.send(2);
    let frames = replica.store.take_for_push(usize::MAX).unwrap();
    assert_eq!(frames[0].envelope.seq, 2, "no number is used twice");
}

fn left(store: &Store) -> Vec<(LeftKind, String, String)> {
    store.left().unwrap().into_iter().map(|it| (it.kind, it.number, it.text)).collect()
}

/// One of everything that must survive.
fn written() -> Replica {
    let (mut replica, server) = (Replica::new(), Server::new());
    replica.pull(&server, 1, |_| {});
    for n in 1..400 {
        replica.send(n);
    }
    replica.submit(500);
    let place = draft_place(CASE, None);
    replica.store.put_draft(&place, "note", "Först", at(0)).unwrap();
    replica.store.put_draft(&place, "note", "Sedan", at(DAY)).unwrap();
    replica
}

#[test]
fn a_damaged_replica_is_put_aside_and_what_can_be_read_of_it_goes_on() {
    const PAGE: usize = 4_096;
    let mut replica = written();
    let whole = replica.close();
    let pages = whole.len() / PAGE;
    let mut broken = vec![
        ("another header".to_owned(), [&vec![7; PAGE], &whole[PAGE..]].concat(), 0),
        ("nothing".to_owned(), Vec::new(), 0),
        ("cut in half".to_owned(), whole[..whole.len() / 2].to_vec(), 100),
        ("no database".to_owned(), vec![7; 2 * PAGE], 0),
    ];
    for n in (1..pages).step_by(5) {
        let mut bytes = whole.clone();
        bytes[n * PAGE..(n + 1) * PAGE].fill(0);
        broken.push((format!("page {n}"), bytes, 0));
    }
    let (mut noticed, mut hopeless) = (0, 0);
    for (n, (what, bytes, least)) in (0..).zip(broken) {
        replica.close();
        fs::write(replica.path(), &bytes).unwrap();
        let salvaged = replica.salvage(n);
        let Some(salvaged) = salvaged else {
            assert!(what.starts_with("page"), "{what}: not noticed");
            assert_eq!(replica.store.outbox().unwrap().len(), 400, "{what}");
            continue;
        };
        noticed += 1;
        let aside = fs::read(&salvaged.aside).unwrap();
        assert!(aside == bytes, "{what}: the damaged file is kept as it is");
        let saved = replica.store.outbox().unwrap().len();
        assert!(saved >= least, "{what}: {saved} of 400");
        hopeless += usize::from(what.starts_with("page") && saved < 380);
        assert!(!salvaged.whole || saved == 400, "{what}");
        assert_eq!(replica.store.identity().unwrap(), identity(), "{what}");
        assert!(replica.salvage(n).is_none(), "{what}: once");
    }
    // a few pages hold the places of all the others
    assert!(noticed > pages / 20 && hopeless <= 3, "{noticed}, {hopeless} of {pages}");
}

#[test]
fn a_salvage_that_is_interrupted_goes_on_where_it_was() {
    let mut replica = written();
    let whole = replica.close();
    let broken = whole[..whole.len() / 2].to_vec();
    fs::write(replica.path(), &broken).unwrap();
    let aside = salvage::rescue(&replica.path(), &replica.key, &identity(), at(0)).unwrap().aside;
    // it died between the two renamings, and again before the first
    for n in 0..2 {
        if n == 0 {
            fs::rename(replica.path(), &aside).unwrap();
        }
        assert_eq!(replica.salvage(0), None);
        assert!(!replica.store.outbox().unwrap().is_empty());
        assert!(fs::read(&aside).unwrap() == broken);
        if n == 0 {
            replica.close();
            fs::remove_file(&aside).unwrap();
            fs::write(replica.path(), &broken).unwrap();
            salvage::rescue(&replica.path(), &replica.key, &identity(), at(0)).unwrap();
        }
    }
}

#[test]
fn what_is_picked_and_drafted_survives_with_its_bytes_and_the_pull_brings_the_rest_again() {
    let mut replica = written();
    let file = replica.submit(600);
    replica.close();
    let suspect = Store::open(&replica.path(), &replica.key).unwrap();
    // a fault that is met while the program runs: the next opening looks at everything
    suspect.suspect();
    drop(suspect);
    assert!(
        replica.salvage(0).is_none() && !replica.folder.path().join("replica.suspect").exists()
    );
    replica.close();
    replica.reopen();
    replica.store.suspect();
    let root = "SELECT rootpage FROM sqlite_master WHERE name = 'case'";
    let root: u32 = replica.store.connection.query_row(root, [], |row| row.get(0)).unwrap();
    let root = root as usize;
    let mut bytes = replica.close();
    bytes[(root - 1) * 4_096..root * 4_096].fill(0);
    fs::write(replica.path(), &bytes).unwrap();
    let salvaged = replica.salvage(0).unwrap();
    assert!(salvaged.whole, "all that was written could be read");
    assert_eq!(replica.store.outbox().unwrap().len(), 401);
    let place = draft_place(CASE, None);
    assert_eq!(replica.store.draft(&place).unwrap().as_deref(), Some("Sedan"));
    assert_eq!(replica.store.draft_versions(&place).unwrap()[0].text, "Först");
    assert_eq!(replica.store.last_contact().unwrap(), Some(1));
    let sealed = replica.store.sealed(file.id).unwrap().unwrap();
    assert_eq!(sealed.open().unwrap().len(), 4);
    replica.pull(&Server::new(), 3, |_| {});
    assert_eq!(replica.texts().len(), 399);
    assert_eq!(replica.next_ids().len(), 399, "and all of it goes out, files first");
}
