use std::collections::BTreeMap;

use behorig_domain::{
    Command, FileId, IssuerId, PersonId, Scope,
    cases::{Party, Stage},
    contact::{Contact, Details},
    documents::{Document, DocumentOrigin, FileRef, Format, Handling},
    messages::{Message, Origin, SendMessage},
};
use behorig_protocol::{Cursor, Digest, PullLine, ScopeState};
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::*;
use crate::{ExamDraft, Identity, draft_place, key::tests::new_store};

pub(crate) const ME: PersonId = PersonId(Uuid::from_u128(1));
const OFFICER: PersonId = PersonId(Uuid::from_u128(2));
pub(crate) const ISSUER: IssuerId = IssuerId(Uuid::from_u128(9));
pub(crate) const CASE: RecordId = RecordId(Uuid::from_u128(10));

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

fn scope() -> String {
    Scope::Case(ISSUER, CASE).to_string()
}

pub(crate) fn case() -> Case {
    Case {
        renews: None,
        issuer: ISSUER,
        service: RecordId(Uuid::from_u128(11)),
        scheme: "f-gas-1".into(),
        number: "2026-10482".into(),
        title: "F-gas, kategori I".into(),
        holder: Party { person: ME, name: "Åsa Öberg".into() },
        identity_number: "198503122387".parse().unwrap(),
        officer: Some(Party { person: OFFICER, name: "Göran Wahl".into() }),
        stage: Stage::Application,
        opened_at: at(0),
        exams: Vec::new(),
        ready_at: None,
        events: 0,
    }
}

fn message(n: u128, text: &str, received: i64) -> (RecordId, Message) {
    let id = RecordId(Uuid::from_u128(1_000 + n));
    let message = Message {
        origin: Origin::Written,
        issuer: ISSUER,
        case: CASE,
        thread: id,
        message_type: "note".into(),
        author: OFFICER,
        author_name: "Göran Wahl".into(),
        text: text.into(),
        documents: Vec::new(),
        written_at: at(received),
        received_at: at(received),
    };
    (id, message)
}

pub(crate) fn put(kind: &str, id: RecordId, rev: i64, body: &impl Serialize) -> PullLine {
    let body = RawValue::from_string(serde_json::to_string(body).unwrap()).unwrap();
    PullLine::Put { scope: scope(), rev, kind: kind.into(), id, version: 1, body }
}

/// A whole page that leaves the scope at this revision.
pub(crate) fn page(mut lines: Vec<PullLine>, rev: i64) -> Vec<PullLine> {
    let cursor = Cursor { epoch: "one".into(), rev };
    let digest = lines.iter().fold(Digest::default(), |digest, line| match line {
        PullLine::Put { scope, rev, kind, id, .. } => digest.with(scope, kind, *id, *rev),
        _ => digest,
    });
    lines.push(PullLine::Scope { scope: scope(), state: ScopeState::Current, head: rev, digest });
    lines.push(PullLine::End { more: false, cursors: BTreeMap::from([(scope(), cursor)]) });
    lines
}

/// A replica with a case and a few messages.
fn replica() -> (tempfile::TempDir, Store) {
    let (folder, mut store) = new_store();
    let identity = Identity { server: "https://a.example".into(), person: ME };
    store.put_identity(&identity, behorig_domain::DeviceId(Uuid::from_u128(4))).unwrap();
    let mut lines = vec![put("case", CASE, 1, &case())];
    let texts = [
        "Årsrapporten är inne",
        "Skicka betyget senast på fredag",
        "Betyget är godkänt",
        "100 % av \"kraven\" AND (inte) OR NEAR",
    ];
    for (n, text) in (0..).zip(texts) {
        let (id, message) = message(n, text, 1_000 + i64::try_from(n).unwrap());
        lines.push(put("message", id, 2 + i64::try_from(n).unwrap(), &message));
    }
    store.apply(page(lines, 5), at(10_000)).unwrap();
    (folder, store)
}

pub(crate) fn document(n: u128, received: i64, handling: Handling) -> (RecordId, Document) {
    let file = FileRef {
        id: FileId(Uuid::from_u128(20_000 + n)),
        name: "betyg.pdf".into(),
        bytes: 4,
        sha256: "00".into(),
        format: Format::Pdf,
    };
    let document = Document {
        issuer: ISSUER,
        case: CASE,
        row: RecordId(Uuid::from_u128(12)),
        author: ME,
        author_name: "Åsa Öberg".into(),
        file,
        note: String::new(),
        written_at: at(received),
        received_at: at(received),
        origin: DocumentOrigin::Sent,
        common: None,
        handling,
    };
    (RecordId(Uuid::from_u128(30_000 + n)), document)
}

/// What an officer has of somebody's case.
fn of_officer(protected: bool) -> (tempfile::TempDir, Store) {
    let (folder, mut store) = new_store();
    let identity = Identity { server: "https://a.example".into(), person: OFFICER };
    store.put_identity(&identity, behorig_domain::DeviceId(Uuid::from_u128(4))).unwrap();
    let details = Details::of("Åsa Öberg");
    let contact = Contact { issuer: ISSUER, person: ME, protected, details };
    let (letter, mut written) = message(1, "Giraff 850312-2387, hälsar Åsa Öberg", 2_000);
    written.author = ME;
    written.author_name = "Åsa Öberg".into();
    let (file, sent) = document(1, 3_000, Handling::Waiting);
    let lines = vec![
        put("case", CASE, 1, &case()),
        put("contact", Contact::at(ISSUER, ME).id, 2, &contact),
        put("message", letter, 3, &written),
        put("document", file, 4, &sent),
    ];
    store.apply(page(lines, 4), at(10_000)).unwrap();
    (folder, store)
}

/// A page that takes the scope away.
fn revoked() -> Vec<PullLine> {
    let revoked = PullLine::Scope {
        scope: scope(),
        state: ScopeState::Revoked,
        head: 0,
        digest: Digest::default(),
    };
    vec![revoked, PullLine::End { more: false, cursors: BTreeMap::new() }]
}

/// The replica when all that has come can be found.
fn indexed(store: &Store) -> &Store {
    while store.index_some().unwrap() > 0 {}
    store
}

fn texts(store: &Store, text: &str) -> Vec<String> {
    let groups = indexed(store).find(text, 5).unwrap();
    groups.into_iter().flat_map(|group| group.hits).map(|hit| hit.text).collect()
}

fn kinds(store: &Store, text: &str) -> Vec<FoundKind> {
    indexed(store).find(text, 5).unwrap().into_iter().map(|group| group.kind).collect()
}

#[test]
fn words_are_found_by_their_beginnings_and_without_their_marks_the_newest_first() {
    let (_folder, store) = replica();
    assert_eq!(texts(&store, "arsrap"), ["Årsrapporten är inne"]);
    assert_eq!(texts(&store, "ÅRSRAPPORT inne"), ["Årsrapporten är inne"]);
    assert_eq!(texts(&store, "a\u{30a}rs"), ["Årsrapporten är inne"], "a mark of its own");
    let both = ["Betyget är godkänt", "Skicka betyget senast på fredag"];
    assert_eq!(texts(&store, "betyg"), both);
    assert_eq!(texts(&store, "betyg fre"), [both[1]]);
    assert!(texts(&store, "etyget").is_empty(), "not by their ends");
}

#[test]
fn a_case_is_found_by_its_number_its_people_and_the_identity_number() {
    let (_folder, store) = replica();
    for text in ["2026-10482", "10482", "öberg", "oberg asa", "f-gas", "198503122387", "2387"] {
        assert!(kinds(&store, text).contains(&FoundKind::Case), "{text}");
    }
    assert!(!kinds(&store, "10483").contains(&FoundKind::Case));
}

#[test]
fn no_query_is_a_fault() {
    let (_folder, store) = replica();
    assert_eq!(texts(&store, "\"kraven\" AND (inte"), ["100 % av \"kraven\" AND (inte) OR NEAR"]);
    for text in [
        "",
        " ",
        "\"",
        "'",
        "*",
        "a*",
        "AND",
        "OR OR",
        "NOT x",
        "NEAR(a b, 2)",
        "kind:case",
        "{",
        "^a",
        "text : \"",
        "--",
        ";DROP TABLE found",
        "\0",
        "a\0b",
        "%",
        "_",
        "Ⓐ",
        "कि",
        "😀",
        "-",
        "a -b",
        "+",
        "\\",
        "\u{30a}",
        "(((((",
        "\u{202e}abc",
    ] {
        indexed(&store).find(text, 5).unwrap();
        for kind in FoundKind::ALL {
            indexed(&store).find_of(kind, text, None, 5).unwrap();
        }
    }
    indexed(&store).find(&"ord ".repeat(10_000), 5).unwrap();
    indexed(&store).find(&"å".repeat(100_000), 5).unwrap();
}

#[test]
fn of_one_kind_all_can_be_seen_a_page_at_a_time() {
    let (_folder, mut store) = new_store();
    let identity = Identity { server: "https://a.example".into(), person: ME };
    store.put_identity(&identity, behorig_domain::DeviceId(Uuid::from_u128(4))).unwrap();
    let mut lines = vec![put("case", CASE, 1, &case())];
    // many of the same moment, as an import leaves them
    for n in 0..5_000_i64 {
        let (id, message) = message(u128::try_from(n).unwrap(), &format!("Rad {n}"), 1_000);
        lines.push(put("message", id, 2 + n, &message));
    }
    store.apply(page(lines, 5_001), at(10_000)).unwrap();
    let (mut before, mut seen) = (None, std::collections::BTreeSet::new());
    loop {
        let group = indexed(&store).find_of(FoundKind::Message, "rad", before, 700).unwrap();
        let last = group.hits.last().unwrap().no;
        assert!(before.is_none_or(|before| last < before));
        seen.extend(group.hits.into_iter().map(|hit| hit.text));
        before = Some(last);
        if !group.more {
            break;
        }
    }
    assert_eq!(seen.len(), 5_000);
}

#[test]
fn what_has_come_is_read_into_the_index_some_at_a_time_and_what_went_before_that_never() {
    let (_folder, mut store) = replica();
    indexed(&store);
    let mut lines = Vec::new();
    for n in 0..1_200_i64 {
        let (id, message) = message(u128::try_from(n).unwrap(), "Zebra", 2_000 - n);
        lines.push(put("message", id, 2 + n, &message));
    }
    store.apply(page(lines, 5_001), at(10_000)).unwrap();
    assert!(store.find("zebra", 5).unwrap().is_empty());
    let left = store.index_some().unwrap();
    assert!(left >= 700, "{left}");
    let first = store.find("zebra", 5).unwrap();
    assert_eq!(first[0].hits.len(), 5);
    store.apply(revoked(), at(20_000)).unwrap();
    assert!(store.find("zebra", 5).unwrap().is_empty());
    assert!(texts(&store, "zebra").is_empty());
    let left: i64 =
        store.connection.query_row("SELECT count(*) FROM found_text", [], |it| it.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn what_is_written_here_is_found_while_it_is_written_and_on_its_way() {
    let (_folder, mut store) = replica();
    let place = draft_place(CASE, None);
    store.put_draft(&place, "note", "Hittar du min zebra", at(11_000)).unwrap();
    assert_eq!(kinds(&store, "zebra"), [FoundKind::Draft]);
    store.put_draft(&place, "note", "Hittar du min giraff", at(11_500)).unwrap();
    assert!(kinds(&store, "zebra").is_empty());
    let id = RecordId(Uuid::from_u128(77));
    let command = Command::SendMessage(SendMessage {
        id,
        case: CASE,
        thread: id,
        message_type: "note".into(),
        text: "Hittar du min giraff".into(),
        written_at: at(12_000),
    });
    let name = CommandId(Uuid::from_u128(2_000));
    store.queue(name, &command, at(12_000), Some(&place)).unwrap();
    assert_eq!(kinds(&store, "giraff").last(), Some(&FoundKind::Outbox));
    store.withdraw(name, at(13_000)).unwrap();
    assert_eq!(kinds(&store, "giraff"), [FoundKind::Draft]);
    store.discard_draft(&place, at(14_000)).unwrap();
    assert!(kinds(&store, "giraff").is_empty());
}

#[test]
fn nothing_of_a_scope_that_has_left_can_be_found() {
    let (_folder, mut store) = replica();
    store.put_draft(&draft_place(CASE, None), "note", "Betyget, igen", at(11_000)).unwrap();
    let id = RecordId(Uuid::from_u128(77));
    let command = Command::SendMessage(SendMessage {
        id,
        case: CASE,
        thread: id,
        message_type: "note".into(),
        text: "Betyget kommer".into(),
        written_at: at(12_000),
    });
    store.queue(CommandId(Uuid::from_u128(2_000)), &command, at(12_000), None).unwrap();
    assert!(!kinds(&store, "betyget").is_empty() && !kinds(&store, "öberg").is_empty());
    // the index keeps what a word does not share with the one before it
    let words = "SELECT count(*) FROM found_text_data WHERE instr(block, CAST(?1 AS BLOB)) > 0";
    let words = |store: &Store, word: &str| -> i64 {
        store.connection.query_row(words, [word], |row| row.get(0)).unwrap()
    };
    assert!(words(&store, "rapporten") > 0);
    store.apply(revoked(), at(20_000)).unwrap();
    for text in ["betyget", "oberg", "10482", "goran", "arsrapport"] {
        assert_eq!(kinds(&store, text), [], "{text}");
    }
    while store.leave_words_out().unwrap() {}
    assert_eq!(words(&store, "rapporten"), 0, "nor read in the index's own bytes");
    // of the records there is nothing in the index either: only of what was typed here
    let left = "SELECT count(*) FROM found WHERE kind NOT IN ('draft', 'outbox')";
    let left: i64 = store.connection.query_row(left, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn words_of_what_has_gone_leave_a_large_index_a_little_at_a_time() {
    let (_folder, mut store) = new_store();
    let identity = Identity { server: "https://a.example".into(), person: ME };
    store.put_identity(&identity, behorig_domain::DeviceId(Uuid::from_u128(4))).unwrap();
    let mut lines = vec![put("case", CASE, 1, &case())];
    for n in 0..3_000_u32 {
        // no word of one is a word of another
        let mixed = |nth: u32| (n * 12 + nth).wrapping_mul(2_654_435_761);
        let mut text: Vec<_> = (0..12).map(|nth| format!("ord{:x}{nth}", mixed(nth))).collect();
        if n == 1_500 {
            text.push("hemligt".into());
        }
        let (id, message) = message(u128::from(n), &text.join(" "), 1_000 + i64::from(n));
        lines.push(put("message", id, 2 + i64::from(n), &message));
    }
    store.apply(page(lines, 3_001), at(10_000)).unwrap();
    indexed(&store);
    let bytes =
        "SELECT count(*) FROM found_text_data WHERE instr(block, CAST('emlig' AS BLOB)) > 0";
    let bytes =
        |store: &Store| -> i64 { store.connection.query_row(bytes, [], |row| row.get(0)).unwrap() };
    assert!(!store.leave_words_out().unwrap(), "nothing has gone");
    let gone = store.transact(|connection| {
        connection.execute("DELETE FROM message WHERE instr(body, 'hemlig') > 0", [])?;
        words_have_gone(connection)
    });
    gone.unwrap();
    assert!(texts(&store, "hemlig").is_empty(), "not found a moment longer");
    assert!(bytes(&store) > 0, "but there");
    let mut steps = 0;
    while store.leave_words_out().unwrap() {
        // what is written meanwhile is found all the same
        let place = draft_place(CASE, None);
        store.put_draft(&place, "note", &format!("Giraff {steps}"), at(21_000)).unwrap();
        steps += 1;
    }
    assert!(steps > 3, "{steps}");
    assert_eq!(bytes(&store), 0);
    assert_eq!(texts(&store, "giraff"), [format!("Giraff {}", steps - 1)]);
    assert!(!store.leave_words_out().unwrap(), "and that is all");
}

#[test]
fn a_record_of_another_shape_keeps_nothing_else_from_being_found() {
    let (_folder, mut store) = replica();
    let odd = [
        serde_json::json!({ "at": "i går", "author_name": "Göran", "text": "Giraff" }),
        serde_json::json!({ "at": null, "author_name": 7, "text": 8, "removed": false }),
        serde_json::json!({}),
        serde_json::json!([1, 2]),
    ];
    let mut lines = Vec::new();
    for (n, body) in (0..).zip(&odd) {
        for (m, kind) in
            (0..).zip(["note", "template", "contact", "contact_proposal", "postal_task"])
        {
            let id = RecordId(Uuid::from_u128(9_000 + n * 10 + m));
            lines.push(put(kind, id, 20 + i64::try_from(n * 10 + m).unwrap(), body));
        }
    }
    let (id, message) = message(7, "Zebra", 3_000);
    lines.push(put("message", id, 90, &message));
    store.apply(page(lines, 90), at(10_000)).unwrap();
    assert_eq!(texts(&store, "zebra"), ["Zebra"]);
}

#[test]
fn the_index_holds_what_the_tables_hold() {
    let (_folder, store) = replica();
    indexed(&store);
    let sql = "SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM \"case\"),
                      (SELECT count(*) FROM found), (SELECT count(*) FROM found_text)";
    let counts = store.connection.query_row(sql, [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
    });
    let (records, found, texts) = counts.unwrap();
    assert!(records == found && found == texts, "{records} {found} {texts}");
}

#[test]
fn an_identity_number_is_not_shown_by_what_it_finds() {
    let (_folder, store) = of_officer(false);
    let shown = format!("{:?}", texts(&store, "198503122387"));
    assert!(shown.contains("2026-10482") && shown.contains("Åsa Öberg"), "{shown}");
    assert!(!shown.contains("2387"), "{shown}");
}

#[test]
fn of_whose_identity_is_protected_no_hit_shows_name_or_number() {
    let (_folder, mut store) = of_officer(true);
    let place = draft_place(CASE, None);
    store.put_draft(&place, "note", "Giraff till Åsa Öberg", at(11_000)).unwrap();
    let mut found = Vec::new();
    for text in ["2026-10482", "giraff", "betyg"] {
        found.extend(
            indexed(&store).find(text, 5).unwrap().into_iter().flat_map(|group| group.hits),
        );
    }
    let kinds: Vec<_> = found.iter().map(|hit| hit.kind).collect();
    let expected = [FoundKind::Case, FoundKind::Message, FoundKind::Draft, FoundKind::Document];
    assert_eq!(kinds, expected);
    for hit in found {
        let (_, of) = hit.case.unwrap();
        let shown = format!("{} {} {}", hit.title, hit.text, of.holder.name);
        assert!(!shown.contains("Öberg") && !shown.contains("2387"), "{shown}");
    }
    // in their own replica it is theirs
    let (_folder, store) = replica();
    assert!(texts(&store, "2026-10482")[0].contains("Åsa Öberg"));
}

#[test]
fn much_that_is_newer_hides_no_other_kind() {
    let (_folder, mut store) = new_store();
    let identity = Identity { server: "https://a.example".into(), person: ME };
    store.put_identity(&identity, behorig_domain::DeviceId(Uuid::from_u128(4))).unwrap();
    let mut lines = vec![put("case", CASE, 1, &case())];
    for n in 0..2_500 {
        let (id, document) = document(n, 5_000, Handling::Waiting);
        lines.push(put("document", id, 2 + i64::try_from(n).unwrap(), &document));
    }
    store.apply(page(lines, 2_501), at(10_000)).unwrap();
    assert_eq!(kinds(&store, "öberg"), [FoundKind::Case, FoundKind::Document]);
}

#[test]
fn a_result_that_is_being_filled_in_is_found_by_what_was_typed() {
    let (_folder, mut store) = replica();
    let exam = ExamDraft {
        part: "theory".into(),
        held_on: "2026-1".into(),
        mark: "82 poäng".into(),
        passed: true,
    };
    store.put_exam(CASE, &exam, at(11_000)).unwrap();
    assert_eq!(texts(&store, "poang"), ["2026-1\n82 poäng"]);
    assert!(texts(&store, "theory").is_empty() && texts(&store, "held").is_empty());
    let (_, DraftAt { at, .. }) = store.all_drafts().unwrap().remove(0);
    assert_eq!(at, FoundAt::Decision);
}
