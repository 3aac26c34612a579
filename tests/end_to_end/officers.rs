//! The officers' own tools: notes that applicants never get, shared templates, and how much each has to do.

use std::path::Path;

use behorig_server::demo::{APPLICANT, COLLEAGUE, OFFICER, TECHNICIAN};
use behorig_testkit::{Desk, Relay, TestServer, until};
use serde_json::{Value, json};

use crate::cases::{desk, file};

const CASE: &str = "F-gas, kategori I";
const SECRET: &str = "Misstänkt förfalskat betyg, ring skolan";

async fn notes(desk: &Desk, case: &str) -> Vec<(String, String)> {
    let list = desk.call("notes.list", json!({ "case": case })).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let notes = list["notes"].as_array().unwrap().iter();
    notes.map(|note| (text(&note["text"]), text(&note["state"]))).collect()
}

async fn has_note(desk: &Desk, case: &str, text: &str, state: &str) {
    until(&format!("the note {text} {state}"), async || {
        let notes = notes(desk, case).await;
        notes.contains(&(text.to_owned(), state.to_owned())).then_some(())
    })
    .await;
}

async fn first_note(desk: &Desk, case: &str) -> Value {
    desk.call("notes.list", json!({ "case": case })).await["notes"][0].clone()
}

/// An officer without a line writes a note, changes it, and hands the case over: whoever takes it reads it and
/// cannot change it. The applicant gets nothing of it: not by pull, not by search, not by saving, not by asking.
#[tokio::test(flavor = "multi_thread")]
async fn officers_keep_notes_on_a_case_that_its_applicant_never_gets() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let holder = desk(&server, folders[0].path(), TECHNICIAN).await;
    let officer = Desk::open(folders[1].path());
    officer.sign_in(&server, &line.url(), OFFICER).await;
    let colleague = desk(&server, folders[2].path(), COLLEAGUE).await;
    let case = officer.case(CASE).await;
    file(&officer, &case, "the case", |_| true).await;

    line.cut();
    officer.line("offline").await;
    officer.call("notes.save", json!({ "case": case, "text": SECRET })).await;
    let list = officer.call("notes.list", json!({ "case": case })).await;
    assert_eq!(list["draft"], SECRET, "kept while it is written");
    officer.call("notes.write", json!({ "case": case, "text": SECRET })).await;
    assert_eq!(notes(&officer, &case).await, [(SECRET.to_owned(), "queued".to_owned())]);
    let list = officer.call("notes.list", json!({ "case": case })).await;
    assert_eq!(list["draft"], "");
    line.mend();
    has_note(&officer, &case, SECRET, "received").await;
    let note = first_note(&officer, &case).await;
    assert_eq!((&note["mine"], &note["author"]), (&json!(true), &json!(OFFICER.name)));

    let changed = format!("{SECRET} på tisdag");
    let change = json!({ "note": note["id"], "changes": 0, "text": changed });
    officer.call("notes.change", change).await;
    has_note(&officer, &case, &changed, "received").await;
    assert_ne!(first_note(&officer, &case).await["changed_at"], json!(null));
    assert_eq!(found(&officer, "forfalskat tisdag").await, ["note"]);

    // what comes after the note has come to the holder: so the note would have come too
    officer.send(&case, "Vi ses på tisdag.").await;
    holder.sees(&case, "Vi ses på tisdag.", "received").await;
    gets_nothing(&holder, folders[0].path(), &case, &note["id"]).await;

    let staff = file(&officer, &case, "the staff", |it| it["colleagues"] != json!([])).await;
    let to = staff["colleagues"].as_array().unwrap().iter().find(|it| it["name"] == COLLEAGUE.name);
    let assign = json!({ "case": case, "from": null, "to": to.unwrap()["person"] });
    officer.call("cases.assign", assign).await;
    file(&colleague, &case, "the case that was handed over", |it| it["mine_to_handle"] == true)
        .await;
    has_note(&colleague, &case, &changed, "received").await;
    let theirs = first_note(&colleague, &case).await;
    assert_eq!((&theirs["mine"], &theirs["author"]), (&json!(false), &json!(OFFICER.name)));
    let change = json!({ "note": theirs["id"], "changes": 1, "text": "Mitt" });
    let refused = colleague.try_call("notes.change", change).await.unwrap_err();
    assert_eq!(refused["params"]["rejection"]["code"], "note_of_another");
    until("the note to go with the case", async || {
        notes(&officer, &case).await.is_empty().then_some(())
    })
    .await;
    assert!(found(&officer, "forfalskat").await.is_empty(), "what has gone is not found");
    assert_eq!(found(&colleague, "forfalskat").await, ["note"]);
    gets_nothing(&holder, folders[0].path(), &case, &note["id"]).await;
}

/// The kinds in which words are found.
async fn found(desk: &Desk, text: &str) -> Vec<String> {
    let asked = json!({ "text": text, "kind": null, "after": null });
    let groups = desk.call("search.find", asked).await;
    let kinds = groups["groups"].as_array().unwrap().iter();
    kinds.map(|group| group["kind"].as_str().unwrap().to_owned()).collect()
}

/// Whatever the holder's program can be asked, it has nothing of the note.
async fn gets_nothing(holder: &Desk, data: &Path, case: &str, note: &Value) {
    let list = holder.call("notes.list", json!({ "case": case })).await;
    assert_eq!((&list["notes"], &list["mine_to_write"]), (&json!([]), &json!(false)));
    let of_case = json!({ "case": case });
    let archive = json!({
        "case": case, "by": "name", "descending": false, "only": null, "language": "sv",
        "from": 0, "limit": 500,
    });
    let asked = [
        ("cases.show", of_case.clone()),
        ("messages.list", of_case.clone()),
        ("documents.list", of_case),
        ("archive.list", archive),
        ("cases.list", json!({})),
        ("outbox.list", json!({})),
        ("services.list", json!({})),
        ("overview.show", json!({})),
        ("search.find", json!({ "text": "förfalskat", "kind": null, "after": null })),
    ];
    for (method, params) in asked {
        let answer = holder.call(method, params).await.to_string();
        assert!(!answer.contains("förfalskat"), "{method}: {answer}");
    }
    let written = json!({ "case": case, "text": "Hej" });
    let refused = holder.try_call("notes.write", written).await.unwrap_err();
    assert_eq!(refused["params"]["rejection"]["code"], "officer_only");
    for (method, params) in [
        ("notes.change", json!({ "note": note, "changes": 0, "text": "Hej" })),
        ("notes.remove", json!({ "note": note })),
    ] {
        assert_eq!(holder.try_call(method, params).await.unwrap_err()["code"], "bad_request");
    }
    let search = json!({
        "purpose": "question", "text": "", "handled_by": "anybody", "stage": null, "after": null,
    });
    assert!(holder.try_call("queue.search", search).await.is_err(), "no queue to look into");
    // and nothing lies in the clear in its folder
    assert!(!holds(data, "förfalskat".as_bytes()));
}

fn holds(folder: &Path, needle: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, needle);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_removed_by_its_author_and_what_was_taken_back_is_a_draft_again() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let data = tempfile::tempdir().unwrap();
    let officer = Desk::open(data.path());
    officer.sign_in(&server, &line.url(), OFFICER).await;
    let case = officer.case(CASE).await;
    file(&officer, &case, "the case", |_| true).await;
    officer.call("notes.write", json!({ "case": case, "text": "Första" })).await;
    has_note(&officer, &case, "Första", "received").await;
    let note = first_note(&officer, &case).await;
    officer.call("notes.remove", json!({ "note": note["id"] })).await;
    assert!(notes(&officer, &case).await.is_empty(), "gone here at once");
    until("the server's answer", async || {
        let outbox = officer.call("outbox.list", json!({})).await;
        let mut entries = outbox.as_array()?.iter();
        entries.all(|entry| entry["state"] == "received").then_some(())
    })
    .await;
    assert!(notes(&officer, &case).await.is_empty());

    line.cut();
    officer.line("offline").await;
    let written = officer.call("notes.write", json!({ "case": case, "text": "Andra" })).await;
    // not while a try to send it is under way
    until("it is taken back", async || {
        officer.try_call("outbox.withdraw", json!({ "command": written["command"] })).await.ok()
    })
    .await;
    let list = officer.call("notes.list", json!({ "case": case })).await;
    assert_eq!((&list["draft"], &list["notes"]), (&json!("Andra"), &json!([])));
}

/// One officer changes a note at two computers, one of them without a line. What came last is refused and comes
/// back as a draft beside the other; what they have read, they write over.
#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_was_changed_at_another_computer_is_not_written_over_unread() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let away = Desk::open(folders[0].path());
    away.sign_in(&server, &line.url(), OFFICER).await;
    let case = away.case(CASE).await;
    file(&away, &case, "the case", |_| true).await;
    away.call("notes.write", json!({ "case": case, "text": "Ring" })).await;
    has_note(&away, &case, "Ring", "received").await;
    let office = desk(&server, folders[1].path(), OFFICER).await;
    has_note(&office, &case, "Ring", "received").await;
    let note = first_note(&away, &case).await["id"].clone();
    let change =
        |changes: u32, text: &str| json!({ "note": note, "changes": changes, "text": text });

    line.cut();
    away.line("offline").await;
    away.call("notes.change_save", change(0, "Ring på onsdag")).await;
    away.call("notes.change", change(0, "Ring på onsdag")).await;
    office.call("notes.change", change(0, "Ring på tisdag")).await;
    has_note(&office, &case, "Ring på tisdag", "received").await;
    line.mend();
    let refused = until("the refusal", async || {
        let outbox = away.call("outbox.list", json!({})).await;
        let mut entries = outbox.as_array()?.iter();
        entries.find(|entry| entry["state"] == "refused").cloned()
    })
    .await;
    assert_eq!(refused["reason"]["code"], "note_changed");
    assert_eq!(refused["text"], "Ring på onsdag", "what was written is not lost");
    away.call("outbox.write_again", json!({ "command": refused["command"] })).await;
    let both = first_note(&away, &case).await;
    assert_eq!(
        (&both["text"], &both["draft"]),
        (&json!("Ring på tisdag"), &json!("Ring på onsdag"))
    );
    assert_eq!((&both["begun_from"], &both["changes"]), (&json!(0), &json!(1)), "still to be read");
    let unread = away.try_call("notes.change", change(0, "Ring på onsdag")).await.unwrap_err();
    assert_eq!(unread["params"]["rejection"]["code"], "note_changed");

    away.call("notes.change", change(1, "Ring på onsdag")).await;
    has_note(&office, &case, "Ring på onsdag", "received").await;
    assert_eq!(first_note(&away, &case).await["draft"], json!(null));
}

async fn template(desk: &Desk, title: &str) -> Value {
    until(title, async || {
        let list = desk.call("templates.list", json!({})).await;
        let templates = list["templates"].as_array().unwrap();
        templates.iter().find(|it| it["title"] == title && it["state"] == "received").cloned()
    })
    .await
}

/// One officer writes a template without a line, another changes it; both at once does not overwrite; applicants
/// see none.
#[tokio::test(flavor = "multi_thread")]
async fn a_bodys_officers_share_their_templates() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let officer = Desk::open(folders[0].path());
    officer.sign_in(&server, &line.url(), OFFICER).await;
    let colleague = desk(&server, folders[1].path(), COLLEAGUE).await;
    let applicant = desk(&server, folders[2].path(), TECHNICIAN).await;
    officer.case(CASE).await;
    line.cut();
    officer.line("offline").await;
    let text = "Hej {namn}, ärende {ärende} är komplett.";
    let list = officer.call("templates.list", json!({})).await;
    let new = json!({ "body": list["bodies"][0]["id"], "title": "Komplett", "text": text });
    officer.call("templates.save", new.clone()).await;
    let list = officer.call("templates.list", json!({})).await;
    let draft = &list["bodies"][0]["draft"];
    assert_eq!((&draft["title"], &draft["text"]), (&new["title"], &new["text"]));
    officer.call("templates.write", new).await;
    let list = officer.call("templates.list", json!({})).await;
    assert_eq!(
        (&list["bodies"][0]["draft"], &list["templates"][0]["state"]),
        (&json!(null), &json!("queued"))
    );
    line.mend();
    let there = template(&colleague, "Komplett").await;
    assert_eq!((&there["text"], &there["by"]), (&json!(text), &json!(OFFICER.name)));

    template(&officer, "Komplett").await;
    line.cut();
    officer.line("offline").await;
    let change = |text: &str| {
        let (id, title) = (&there["id"], "Komplett");
        json!({ "template": id, "changes": there["changes"], "title": title, "text": text })
    };
    officer.call("templates.change", change("Mitt")).await;
    colleague.call("templates.change", change("Deras")).await;
    until("the colleague's change", async || {
        (template(&colleague, "Komplett").await["text"] == "Deras").then_some(())
    })
    .await;
    line.mend();
    let refused = until("the refusal", async || {
        let outbox = officer.call("outbox.list", json!({})).await;
        let refused = outbox.as_array()?.iter().find(|entry| entry["state"] == "refused")?.clone();
        Some(refused)
    })
    .await;
    assert_eq!(refused["reason"]["code"], "template_changed");
    assert_eq!(refused["text"], "Mitt", "what was written is not lost");
    officer.call("outbox.write_again", json!({ "command": refused["command"] })).await;
    let list = officer.call("templates.list", json!({})).await;
    assert_eq!(list["templates"][0]["text"], "Deras");
    assert_eq!(list["templates"][0]["draft"]["text"], "Mitt");
    let begun_from = (&list["templates"][0]["begun_from"], &list["templates"][0]["changes"]);
    assert_eq!(begun_from, (&json!(0), &json!(1)), "theirs is to be read first");

    // and what was begun before the colleague's change came is not written over it either
    let refused = officer.try_call("templates.change", change("Mitt igen")).await.unwrap_err();
    assert_eq!(refused["params"]["rejection"]["code"], "template_changed");

    colleague.call("templates.remove", json!({ "template": there["id"] })).await;
    until("no template", async || {
        let list = officer.call("templates.list", json!({})).await;
        (list["templates"] == json!([])).then_some(())
    })
    .await;
    assert_eq!(applicant.call("templates.list", json!({})).await["templates"], json!([]));
    let new = json!({ "body": list["bodies"][0]["id"], "title": "Min", "text": "Text" });
    assert!(applicant.try_call("templates.write", new).await.is_err());
}

fn counts(row: &Value, of: &str) -> u64 {
    row[of].as_array().unwrap().iter().map(|count| count.as_u64().unwrap()).sum()
}

/// Counts of undecided cases, by officer, and no applicant's name; what is taken moves; applicants get none.
#[tokio::test(flavor = "multi_thread")]
async fn officers_see_how_much_each_of_them_has_to_do_and_no_names_of_applicants() {
    let server = TestServer::start().await;
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let officer = desk(&server, folders[0].path(), OFFICER).await;
    let applicant = desk(&server, folders[1].path(), APPLICANT).await;
    let case = applicant.case(CASE).await;
    officer.case(CASE).await;
    let before = officer.call("queue.workload", json!({})).await;
    let rows = before["rows"].as_array().unwrap();
    assert_eq!(rows[0]["officer"], json!(null), "what nobody has comes first: {before}");
    let nobody = counts(&rows[0], "awaited");
    let mine = |all: &Value| {
        let rows = all["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["mine"] == true).cloned();
        row.map_or(0, |row| counts(&row, "awaited"))
    };
    let said = before.to_string();
    for name in [TECHNICIAN.name, APPLICANT.name, "2026-12044"] {
        assert!(!said.contains(name), "{said}");
    }
    officer.call("cases.assign", json!({ "case": case, "from": null, "to": "me" })).await;
    file(&officer, &case, "the case that was taken", |_| true).await;
    let after = officer.call("queue.workload", json!({})).await;
    assert_eq!(mine(&after), mine(&before) + 1, "{after}");
    let left = after["rows"].as_array().unwrap().iter().find(|row| row["officer"] == json!(null));
    assert_eq!(left.map_or(0, |row| counts(row, "awaited")), nobody - 1);
    assert!(applicant.try_call("queue.workload", json!({})).await.is_err());
}
