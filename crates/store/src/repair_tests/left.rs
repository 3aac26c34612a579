//! What was begun in a case that leaves the replica.

use behorig_domain::{
    FileId,
    contact::{Contact, Details},
};

use super::*;

/// A replica in which something of every sort is begun in the case, and the server that takes the case away.
fn begun() -> (Replica, Server, Server, FileRef) {
    let (mut replica, mut server) = (Replica::new(), Server::new());
    let document = |n: u128| message_id(900 + n);
    for n in [1, 2] {
        let file = FileRef {
            id: FileId(Uuid::from_u128(n)),
            name: "betyg.pdf".into(),
            bytes: 4,
            sha256: "00".into(),
            format: Format::Pdf,
        };
        let sent = Document {
            issuer: ISSUER,
            case: if n == 1 { CASE } else { RecordId(Uuid::from_u128(13)) },
            row: ROW,
            author: ME,
            author_name: "Åsa".into(),
            file,
            note: String::new(),
            written_at: at(1),
            received_at: at(1),
            origin: DocumentOrigin::Sent,
            common: None,
            handling: Handling::Waiting,
        };
        let scope = if n == 1 { case_scope() } else { Scope::Service(SERVICE).to_string() };
        server.put(&scope, "document", document(n), &sent);
    }
    let client = Scope::Client(ISSUER, ME).to_string();
    let details =
        Contact { issuer: ISSUER, person: ME, protected: false, details: Details::of("Åsa") };
    server.scopes.push(client.clone());
    server.put(&client, "contact", contact(), &details);
    replica.pull(&server, 1, |_| {});
    let file = replica.pick();
    for (place, text) in [
        (draft_place(CASE, None), "Ett meddelande"),
        (draft_place(CASE, Some(message_id(1))), "Ett svar"),
        (decision_place(CASE), "Ett beslut"),
        (exam_place(CASE), "{}"),
        (completion_place(CASE), "En begäran"),
        (refusal_place(document(1)), "Ett skäl"),
        (refusal_place(document(2)), "Ett skäl i ett annat ärende"),
        (absence_place(ROW), "En förklaring"),
        (contact_refusal_place(contact()), "Ett svar om adressen"),
        ("application".to_owned(), "En ansökan"),
    ] {
        assert!(replica.store.put_draft(&place, "", text, at(50)).unwrap(), "{place}");
    }
    let mut taken = server.clone();
    taken.scopes.retain(|scope| *scope != case_scope() && *scope != client);
    taken.revoked.extend([case_scope(), client]);
    (replica, server, taken, file)
}

fn contact() -> RecordId {
    Contact::at(ISSUER, ME).id
}

#[test]
fn what_was_begun_in_a_case_that_leaves_is_put_aside_until_it_is_old_or_the_case_comes_back() {
    let (mut replica, server, taken, file) = begun();
    replica.pull(&taken, 1_000, |_| {});
    let expected: Vec<_> = [
        (LeftKind::Absence, "En förklaring"),
        (LeftKind::Message, "Ett meddelande"),
        (LeftKind::Message, "Ett svar"),
        (LeftKind::Completion, "En begäran"),
        (LeftKind::ContactRefusal, "Ett svar om adressen"),
        (LeftKind::Decision, "Ett beslut"),
        (LeftKind::Exam, "{}"),
        (LeftKind::File, "not"),
        (LeftKind::Refusal, "Ett skäl"),
    ]
    .map(|(kind, text)| (kind, "2026-1".to_owned(), text.to_owned()))
    .into();
    assert_eq!(left(&replica.store), expected);
    let kept = replica.store.left().unwrap().remove(7);
    assert_eq!(kept.file, Some((file.id, "betyg.pdf".into())));
    assert_eq!((kept.title.as_str(), kept.left_at), ("F-gas, kategori I", at(1_000)));
    assert_eq!(kept.erased_at(), Some(at(1_000 + 30 * DAY)));
    assert!(replica.store.picked_in(CASE).unwrap().is_empty());
    for place in [refusal_place(message_id(902)), "application".to_owned()] {
        assert!(replica.store.draft(&place).unwrap().is_some(), "{place} is of no case that left");
    }
    // what was said of the file is saved a moment too late
    assert!(replica.store.put_note(file.id, "en anteckning").unwrap());
    replica.reopen();
    assert_eq!(left(&replica.store)[7].2, "en anteckning", "a restart keeps it");

    // a repair keeps it too, with the file's bytes
    replica.store.suspect();
    let root = "SELECT rootpage FROM sqlite_master WHERE name = 'document'";
    let root: u32 = replica.store.connection.query_row(root, [], |row| row.get(0)).unwrap();
    let mut bytes = replica.close();
    bytes[(root as usize - 1) * 4_096..root as usize * 4_096].fill(0);
    fs::write(replica.path(), &bytes).unwrap();
    assert!(replica.salvage(0).unwrap().whole);
    assert_eq!(left(&replica.store).len(), expected.len());
    assert_eq!(replica.store.sealed(file.id).unwrap().unwrap().open().unwrap().len(), 4);

    // what is thrown away can be had back at once, and is erased soon
    assert!(replica.store.remove_left(&exam_place(CASE), Some(at(2_000))).unwrap());
    assert!(replica.store.remove_left(&decision_place(CASE), Some(at(2_000))).unwrap());
    assert_eq!(left(&replica.store).len(), expected.len() - 2);
    assert!(replica.store.remove_left(&decision_place(CASE), None).unwrap());
    replica.pull(&taken, 2_000 + 11 * 60_000, |_| {});
    assert!(!replica.store.remove_left(&exam_place(CASE), None).unwrap(), "erased");
    assert_eq!(left(&replica.store).len(), expected.len() - 1);

    // and what is begun goes on where it was when the case is back
    replica.pull(&server, 3_000_000, |_| {});
    assert_eq!(left(&replica.store), []);
    let draft = |place: String| replica.store.draft(&place).unwrap();
    assert_eq!(draft(decision_place(CASE)).as_deref(), Some("Ett beslut"));
    assert_eq!(draft(refusal_place(message_id(901))).as_deref(), Some("Ett skäl"));
    assert_eq!(replica.store.picked_in(CASE).unwrap()[0].note, "en anteckning");
    assert_eq!(replica.store.unsent_in(CASE).unwrap(), 7, "it does not leave again unseen");
}

#[test]
fn what_was_put_aside_is_erased_with_its_file_after_thirty_days() {
    let (mut replica, _, taken, file) = begun();
    replica.pull(&taken, 1_000, |_| {});
    replica.pull(&taken, 1_000 + 30 * DAY, |_| {});
    assert_eq!(left(&replica.store).len(), 9, "thirty days");
    replica.pull(&taken, 1_001 + 30 * DAY, |_| {});
    assert_eq!(left(&replica.store), []);
    assert!(replica.store.sealed(file.id).unwrap().is_none());
}

#[test]
fn what_is_put_aside_takes_nothing_from_what_was_there() {
    let (mut replica, server, taken, _) = begun();
    replica.send(1);
    replica.pull(&taken, 1_000, |_| {});
    let place = draft_place(CASE, None);
    let messages = |replica: &Replica| -> Vec<(String, i64)> {
        let left = replica.store.left().unwrap().into_iter();
        let new = left.filter(|it| it.place.starts_with(&place) && !it.place.contains("/thread/"));
        new.map(|it| (it.text, it.left_at.millis())).collect()
    };
    // what had been sent too late is taken back out of the outbox
    replica.store.withdraw(command_id(1), at(2_000)).unwrap();
    let both = [("text 1".to_owned(), 2_000), ("Ett meddelande".to_owned(), 1_000)];
    assert_eq!(messages(&replica), both);
    // a window that is still open goes on with it
    assert!(!replica.store.put_draft(&place, "", "text 12", at(3_000)).unwrap());
    assert!(!replica.store.put_draft(&place, "", "text 123", at(4_000)).unwrap());
    let goes_on = [("text 123".to_owned(), 4_000), both[1].clone()];
    assert_eq!(messages(&replica), goes_on);
    assert!(!replica.store.put_draft(&place, "", "Något helt annat", at(5_000)).unwrap());
    assert_eq!(messages(&replica).len(), 3);

    replica.pull(&server, 3_000_000, |_| {});
    assert_eq!(left(&replica.store), []);
    assert_eq!(replica.store.draft(&place).unwrap().as_deref(), Some("Något helt annat"));
    let earlier = replica.store.draft_versions(&place).unwrap();
    let earlier: Vec<_> = earlier.iter().map(|it| it.text.as_str()).collect();
    assert!(earlier.contains(&"Ett meddelande") && earlier.contains(&"text 123"), "{earlier:?}");
}

#[test]
fn a_file_taken_back_from_a_case_that_is_gone_is_put_aside_and_comes_back_with_the_case() {
    let (mut replica, server, taken, _) = begun();
    let file = replica.submit(1);
    replica.pull(&taken, 1_000, |_| {});
    replica.store.withdraw(command_id(1), at(2_000)).unwrap();
    assert!(replica.store.picked_in(CASE).unwrap().is_empty(), "nobody would find it there");
    let left = replica.store.left().unwrap();
    let kept = left.iter().find(|it| it.file.as_ref().is_some_and(|(id, _)| *id == file.id));
    assert_eq!(kept.unwrap().number, "2026-1");
    replica.pull(&server, 3_000, |_| {});
    assert_eq!(replica.store.picked_in(CASE).unwrap().len(), 2);
}
