//! A document's whole way: picked, sent, interrupted, received, opened, accepted or refused.

use std::path::{Path, PathBuf};

use behorig_files::samples;
use behorig_server::demo::{OFFICER, TECHNICIAN};
use behorig_testkit::{Desk, Relay, TestServer, until};
use serde_json::{Value, json};

use crate::cases::decided;

const CASE: &str = "F-gas, kategori I";
const ROW: &str = "Avgångsbetyg";

/// A file on somebody's computer.
pub(crate) fn file(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// A desk whose person has the demo's case open.
async fn desk(
    server: &TestServer,
    url: &str,
    data: &Path,
    who: behorig_server::demo::DemoPerson,
) -> (Desk, String) {
    let desk = Desk::open(data);
    desk.sign_in(server, url, who).await;
    let case = desk.case(CASE).await;
    desk.row(&case, ROW).await;
    (desk, case)
}

/// Picks one file for a row.
pub(crate) async fn pick(desk: &Desk, case: &str, row: &str, path: PathBuf) -> Value {
    desk.will_pick(&[path]);
    let row = desk.row(case, row).await["id"].clone();
    let picked = desk.call("documents.pick", json!({ "case": case, "row": row })).await;
    picked[0].clone()
}

/// Picks a file and sends it in.
pub(crate) async fn submit(desk: &Desk, case: &str, row: &str, path: PathBuf, note: &str) {
    let unsent = async || {
        let cases = desk.call("cases.list", json!({})).await;
        let of_case = cases.as_array().unwrap().iter().find(|each| each["id"] == case);
        of_case.unwrap()["unsent_files"].as_i64().unwrap()
    };
    let before = unsent().await;
    let picked = pick(desk, case, row, path).await;
    assert_eq!(picked["refused"], json!(null));
    assert_eq!(unsent().await, before + 1, "the list says where something is not sent");
    desk.call("documents.submit", json!({ "file": picked["file"], "note": note, "checked": true }))
        .await;
    assert_eq!(unsent().await, before);
}

/// The newest document of a row, once it is as asked.
pub(crate) async fn document(
    desk: &Desk,
    case: &str,
    row: &str,
    is: impl Fn(&Value) -> bool,
) -> Value {
    until("the document", async || {
        let row = desk.row(case, row).await;
        row["documents"].as_array().unwrap().first().filter(|it| is(it)).cloned()
    })
    .await
}

/// Covers KW-71
#[tokio::test(flavor = "multi_thread")]
async fn the_five_formats_are_taken_and_everything_else_is_refused_with_its_reason() {
    let server = TestServer::start().await;
    let (data, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = desk(&server, &server.url(), data.path(), TECHNICIAN).await;
    let taken: [(&str, Vec<u8>); 5] = [
        ("betyg.pdf", samples::pdf("Avgångsbetyg", "Åsa Lindqvist")),
        ("betyg.docx", samples::docx("Betyg")),
        ("betyg.doc", samples::doc()),
        ("betyg.xlsx", samples::xlsx("Betyg")),
        ("betyg.xls", samples::xls()),
    ];
    for (name, bytes) in taken {
        let format = name.rsplit('.').next().unwrap();
        let picked = pick(&desk, &case, ROW, file(files.path(), name, &bytes)).await;
        assert_eq!(picked["format"], format, "{picked}");
        assert_eq!(picked["bytes"], bytes.len());
        desk.call("documents.discard", json!({ "file": picked["file"] })).await;
    }
    let pdf = samples::pdf("Avgångsbetyg", "Åsa Lindqvist");
    let refused: [(&str, Vec<u8>, Value); 8] = [
        ("foto.jpg", samples::jpeg(), json!({ "fault": "unknown_format", "found": "jpeg" })),
        (
            "betyg.pdf",
            samples::executable(),
            json!({ "fault": "disguised", "claimed": "pdf", "found": "executable" }),
        ),
        ("tom.pdf", Vec::new(), json!({ "fault": "empty" })),
        ("halv.pdf", pdf[..pdf.len() / 2].to_vec(), json!({ "fault": "truncated" })),
        ("låst.pdf", samples::pdf_encrypted(), json!({ "fault": "encrypted" })),
        ("låst.docx", samples::office_encrypted(), json!({ "fault": "encrypted" })),
        ("makro.docx", samples::docm(), json!({ "fault": "macros" })),
        (
            "stor.pdf",
            samples::pdf_of_size(50_000_001),
            json!({ "fault": "too_large", "max": 50_000_000 }),
        ),
    ];
    for (name, bytes, reason) in refused {
        let picked = pick(&desk, &case, ROW, file(files.path(), name, &bytes)).await;
        assert_eq!(picked["file"], json!(null), "{name} is not kept");
        assert_eq!(picked["refused"]["code"], "file_unusable", "{picked}");
        let params = picked["refused"]["params"].as_object().unwrap();
        for (field, expected) in reason.as_object().unwrap() {
            assert_eq!(&params[field], expected, "{name}: {params:?}");
        }
    }
    let row = desk.row(&case, ROW).await;
    assert_eq!(row["picked"], json!([]), "nothing that was refused or taken back is left");
    let left = std::fs::read_dir(files.path()).unwrap().count();
    assert_eq!(left, 12, "the person's own files are where they were");
}

/// Covers KW-76, KW-77, KW-79
#[tokio::test(flavor = "multi_thread")]
async fn a_file_picked_without_a_line_survives_the_programs_end_and_is_received_once_there_is_one()
{
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let (data, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &line.url(), data.path(), TECHNICIAN).await;
    line.cut();
    desk.line("offline").await;
    let bytes = samples::pdf("Avgångsbetyg", "Åsa Lindqvist");
    let path = file(files.path(), "Avgångsbetyg 2019.pdf", &bytes);
    let picked = pick(&desk, &case, ROW, path.clone()).await;
    let note = json!({ "file": picked["file"], "note": "Bägge sidorna", "checked": true });
    desk.call("documents.note_save", note.clone()).await;
    // the copy is the program's own from the moment of picking
    std::fs::remove_file(&path).unwrap();
    drop(desk);

    let desk = Desk::open(data.path());
    desk.unlock().await;
    let row = desk.row(&case, ROW).await;
    assert_eq!(row["state"], "open");
    assert_eq!(row["picked"][0]["name"], "Avgångsbetyg 2019.pdf");
    assert_eq!(row["picked"][0]["note"], "Bägge sidorna");
    desk.call("documents.submit", note).await;
    let queued = document(&desk, &case, ROW, |_| true).await;
    assert_eq!(queued["state"], "queued");
    assert_eq!(queued["sending"], json!({ "done": 0, "total": bytes.len() }));
    assert_eq!(desk.row(&case, ROW).await["state"], "submitted", "as it will be");
    let entry = desk.call("outbox.list", json!({})).await[0].clone();
    assert_eq!(entry["kind"], "submit_document");
    assert_eq!(entry["file_name"], "Avgångsbetyg 2019.pdf");

    // taken back it is picked again, note and all, and can be sent after all
    until("the document back", async || {
        let params = json!({ "command": entry["command"] });
        desk.try_call("outbox.withdraw", params).await.ok()
    })
    .await;
    let row = desk.row(&case, ROW).await;
    assert_eq!(row["picked"][0]["note"], "Bägge sidorna");
    assert_eq!(row["documents"], json!([]));
    let again = json!({ "file": row["picked"][0]["file"], "note": "", "checked": true });
    desk.call("documents.submit", again).await;

    line.mend();
    desk.call("sync.now", json!({})).await;
    let received = document(&desk, &case, ROW, |it| it["state"] == "received").await;
    assert_eq!(received["sending"], json!(null));
    assert_eq!(received["note"], "");
    assert_eq!(received["handling"], "waiting");
    assert_eq!(desk.call("sync.state", json!({})).await["waiting"], 0);
}

/// Covers KW-78
#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_that_breaks_goes_on_and_the_officer_gets_the_same_bytes() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let (data, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &line.url(), data.path(), TECHNICIAN).await;
    let bytes = samples::pdf_of_size(30 * 1024 * 1024);
    submit(&desk, &case, ROW, file(files.path(), "stort.pdf", &bytes), "").await;
    for _ in 0..3 {
        let before = document(&desk, &case, ROW, |it| it["sending"]["done"] != 0).await;
        line.cut();
        desk.line("offline").await;
        let done = |it: &Value| it["sending"]["done"].as_i64().unwrap_or(i64::MAX);
        line.mend();
        desk.call("sync.now", json!({})).await;
        let after = document(&desk, &case, ROW, |it| done(it) > done(&before)).await;
        assert!(done(&after) > done(&before), "it went on from there");
    }
    // a message does not wait for the rest of the file
    desk.send(&case, "Betyget är på väg.").await;
    desk.sees(&case, "Betyget är på väg.", "received").await;
    document(&desk, &case, ROW, |it| it["state"] == "received").await;

    let officers = tempfile::tempdir().unwrap();
    let (officer, _) = self::desk(&server, &server.url(), officers.path(), OFFICER).await;
    let there = document(&officer, &case, ROW, |it| it["state"] == "received").await;
    assert_eq!(there["here"], false);
    let copy = files.path().join("kopia.pdf");
    officer.will_save_to(&copy);
    let saved = officer.call("documents.save", json!({ "document": there["id"] })).await;
    assert_eq!(saved["saved"], true);
    assert!(std::fs::read(&copy).unwrap() == bytes, "byte for byte");
    assert_eq!(document(&officer, &case, ROW, |_| true).await["here"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_can_be_saved_outside() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let (data, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &line.url(), data.path(), TECHNICIAN).await;
    line.cut();
    desk.line("offline").await;
    let bytes = samples::pdf_of_size(4_096);
    let grades = file(files.path(), "betyg.pdf", &bytes);
    submit(&desk, &case, ROW, grades, "").await;
    desk.send(&case, "Betyget är på väg.").await;
    let outbox = desk.call("outbox.list", json!({})).await;
    let save = async |entry: &Value, name: &str| {
        let text = format!("Meddelande i {CASE}\n\n{}", entry["text"].as_str().unwrap());
        let asked = json!({ "command": entry["command"], "name": "Meddelande.txt", "text": text });
        let copy = files.path().join(name);
        desk.will_save_to(&copy);
        assert_eq!(desk.call("outbox.save", asked).await["saved"], true);
        std::fs::read(copy).unwrap()
    };
    assert_eq!(
        String::from_utf8(save(&outbox[0], "text").await).unwrap(),
        format!("Meddelande i {CASE}\n\nBetyget är på väg.")
    );
    assert!(save(&outbox[1], "file").await == bytes, "byte for byte");
    let unknown = json!({ "command": case, "name": "", "text": "" });
    assert_eq!(desk.try_call("outbox.save", unknown).await.unwrap_err()["code"], "bad_request");
}

/// The case in the list of cases.
async fn in_list(desk: &Desk) -> Value {
    let cases = desk.call("cases.list", json!({})).await;
    cases.as_array().unwrap().iter().find(|it| it["title"] == CASE).unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_officer_opens_accepts_and_refuses_and_the_holder_sees_it() {
    let server = TestServer::start().await;
    let files = tempfile::tempdir().unwrap();
    let (data, officers) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &server.url(), data.path(), TECHNICIAN).await;
    let (officer, _) = self::desk(&server, &server.url(), officers.path(), OFFICER).await;
    let bytes = samples::pdf("Avgångsbetyg", "Åsa Lindqvist");
    submit(&desk, &case, ROW, file(files.path(), "betyg.pdf", &bytes), "Sida 1 av 2").await;
    let there = document(&officer, &case, ROW, |_| true).await;
    assert_eq!(there["note"], "Sida 1 av 2");
    assert_eq!(there["author"], TECHNICIAN.name);

    officer.call("documents.open", json!({ "document": there["id"] })).await;
    let opened = officer.opened().pop().unwrap();
    assert_eq!(opened.file_name().unwrap(), "betyg.pdf");
    assert!(std::fs::read(&opened).unwrap() == bytes);
    assert!(std::fs::metadata(&opened).unwrap().permissions().readonly());
    officer.call("session.lock", json!({})).await;
    assert!(!opened.exists(), "a copy goes when the program locks");
    officer.unlock().await;

    // a refusal needs its reason, which is kept while it is being written
    let id = there["id"].clone();
    let empty =
        officer.try_call("documents.refuse", json!({ "document": id, "reason": " " })).await;
    assert_eq!(empty.unwrap_err()["params"]["rejection"]["code"], "reason_missing");
    let reason = "Sida 2 saknas.";
    officer.call("documents.refusal_save", json!({ "document": id, "reason": reason })).await;
    let kept = document(&officer, &case, ROW, |it| it["refusal_draft"] == reason).await;
    assert_eq!(kept["handling"], "waiting");
    officer.call("documents.refuse", json!({ "document": id, "reason": reason })).await;
    let refused = document(&desk, &case, ROW, |it| it["handling"] == "refused").await;
    assert_eq!(refused["handled_why"], reason);
    assert_eq!(refused["handled_by"], OFFICER.name);
    assert_eq!(desk.row(&case, ROW).await["state"], "open", "a new one is awaited");
    assert_eq!(in_list(&desk).await["documents_refused"], 1);

    // sent again, replaced before anybody looks, and accepted
    submit(&desk, &case, ROW, file(files.path(), "båda.pdf", &bytes), "").await;
    document(&officer, &case, ROW, |it| it["name"] == "båda.pdf").await;
    submit(&desk, &case, ROW, file(files.path(), "rätt.pdf", &bytes), "").await;
    let right = document(&officer, &case, ROW, |it| it["name"] == "rätt.pdf").await;
    let row = officer.row(&case, ROW).await;
    let replaced = &row["documents"][1];
    assert_eq!(replaced["handling"], "replaced");
    let late = officer.try_call("documents.accept", json!({ "document": replaced["id"] })).await;
    assert_eq!(late.unwrap_err()["params"]["rejection"]["code"], "document_replaced");
    officer.call("documents.accept", json!({ "document": right["id"] })).await;
    document(&desk, &case, ROW, |it| it["handling"] == "accepted").await;
    assert_eq!(desk.row(&case, ROW).await["state"], "accepted");
    let of_case = in_list(&desk).await;
    assert_eq!([&of_case["documents_accepted"], &of_case["documents_needed"]], [1, 3]);
    assert_eq!(of_case["documents_refused"], 0);

    // an accepted row takes no more; the holder accepts nothing themselves
    let picked = pick(&desk, &case, ROW, file(files.path(), "till.pdf", &bytes)).await;
    let params = json!({ "file": picked["file"], "note": "", "checked": true });
    let full = desk.try_call("documents.submit", params).await;
    assert_eq!(full.unwrap_err()["params"]["rejection"]["code"], "row_accepted");
    submit(&desk, &case, "Tjänstgöringsintyg", file(files.path(), "intyg.pdf", &bytes), "").await;
    let own = document(&desk, &case, "Tjänstgöringsintyg", |it| it["state"] == "received").await;
    let own = desk.try_call("documents.accept", json!({ "document": own["id"] })).await;
    assert_eq!(own.unwrap_err()["params"]["rejection"]["code"], "officer_only");
}

/// Two people write about the same thing without a line: the first that arrives holds, the other learns why.
#[tokio::test(flavor = "multi_thread")]
async fn an_acceptance_that_comes_too_late_is_refused_with_its_reason() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let files = tempfile::tempdir().unwrap();
    let (data, officers) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &server.url(), data.path(), TECHNICIAN).await;
    let (officer, _) = self::desk(&server, &line.url(), officers.path(), OFFICER).await;
    let bytes = samples::pdf("Avgångsbetyg", "Åsa Lindqvist");
    submit(&desk, &case, ROW, file(files.path(), "första.pdf", &bytes), "").await;
    let first = document(&officer, &case, ROW, |_| true).await;
    line.cut();
    officer.line("offline").await;
    officer.call("documents.accept", json!({ "document": first["id"] })).await;
    let expected = document(&officer, &case, ROW, |it| it["handling"] == "accepted").await;
    assert_eq!(expected["handling_state"], "queued", "expected, not in force");
    submit(&desk, &case, ROW, file(files.path(), "andra.pdf", &bytes), "").await;
    document(&desk, &case, ROW, |it| it["state"] == "received" && it["name"] == "andra.pdf").await;
    line.mend();
    officer.call("sync.now", json!({})).await;
    until("the answer", async || {
        let row = officer.row(&case, ROW).await;
        let first = row["documents"].as_array()?.iter().find(|it| it["name"] == "första.pdf")?;
        (first["handling_reason"]["code"] == "document_replaced").then_some(())
    })
    .await;
    let row = officer.row(&case, ROW).await;
    assert_eq!(row["state"], "submitted", "the newer one waits");
}

/// An officer's two computers judge one document in the same moment, one well and one badly: what came first holds
/// on both, and the reason that was typed is not lost.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_computers_that_judge_a_document_at_once_one_does() {
    let server = TestServer::start().await;
    let files = tempfile::tempdir().unwrap();
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &server.url(), folders[0].path(), TECHNICIAN).await;
    let (one, _) = self::desk(&server, &server.url(), folders[1].path(), OFFICER).await;
    let (other, _) = self::desk(&server, &server.url(), folders[2].path(), OFFICER).await;
    let bytes = samples::pdf("Avgångsbetyg", "Åsa Lindqvist");
    submit(&desk, &case, ROW, file(files.path(), "betyg.pdf", &bytes), "").await;
    let there = document(&one, &case, ROW, |_| true).await;
    document(&other, &case, ROW, |_| true).await;
    let accept = json!({ "document": there["id"] });
    let refuse = json!({ "document": there["id"], "reason": "Sida 2 saknas." });
    let (accepted, refused) =
        tokio::join!(one.call("documents.accept", accept), other.call("documents.refuse", refuse));
    let accepted = decided(&one, &accepted).await;
    let refused = decided(&other, &refused).await;
    assert_ne!(accepted["state"], refused["state"], "one of them: {accepted} {refused}");
    let is_accepted = accepted["state"] == "received";
    let late = if is_accepted { &refused } else { &accepted };
    assert_eq!(late["reason"]["code"], "document_handled");
    assert_eq!(refused["text"], "Sida 2 saknas.", "what was typed is still there");
    let stands = if is_accepted { "accepted" } else { "refused" };
    for desk in [&desk, &one, &other] {
        let is_so = |it: &Value| it["handling"] == stands && it["handling_state"] != "queued";
        document(desk, &case, ROW, is_so).await;
    }
}

/// Covers KW-72
#[tokio::test(flavor = "multi_thread")]
async fn several_scanned_pages_in_one_pdf_come_to_the_officer_whole() {
    let server = TestServer::start().await;
    let files = tempfile::tempdir().unwrap();
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &server.url(), folders[0].path(), TECHNICIAN).await;
    let (officer, _) = self::desk(&server, &server.url(), folders[1].path(), OFFICER).await;
    let bytes = samples::pdf_of_pages(12);
    submit(&desk, &case, ROW, file(files.path(), "skannat.pdf", &bytes), "12 sidor").await;
    let there = document(&officer, &case, ROW, |_| true).await;
    assert_eq!((&there["name"], &there["note"]), (&json!("skannat.pdf"), &json!("12 sidor")));
    officer.call("documents.open", json!({ "document": there["id"] })).await;
    let opened = std::fs::read(officer.opened().pop().unwrap()).unwrap();
    assert!(opened == bytes, "every page");
    officer.call("documents.accept", json!({ "document": there["id"] })).await;
    document(&desk, &case, ROW, |it| it["handling"] == "accepted").await;
}

/// Covers KW-50
#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_too_long_becomes_a_document() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let (desk, case) = self::desk(&server, &server.url(), data.path(), TECHNICIAN).await;
    let text = "En lång berättelse om min praktik. ".repeat(100);
    desk.save_draft(&case, &text).await;
    let params = behorig_testkit::written(&case, None, &text);
    let refused = desk.try_call("messages.send", params).await.unwrap_err();
    assert_eq!(refused["params"]["rejection"]["code"], "message_too_long");
    assert_eq!(refused["params"]["rejection"]["params"]["max"], 2_000);
    assert_eq!(desk.draft(&case).await.as_deref(), Some(text.as_str()), "nothing is lost");
    let row = desk.row(&case, "Övriga handlingar").await;
    let params = json!({
        "case": case, "row": row["id"], "thread": null, "name": "Min praktik", "text": text,
    });
    let picked = desk.call("documents.add_text", params).await;
    assert_eq!(picked["name"], "Min praktik.docx");
    assert_eq!(picked["format"], "docx");
    assert_eq!(desk.draft(&case).await, None, "the text is in the document now");
    let history = json!({ "case": case, "thread": null });
    let history = desk.call("messages.draft_history", history).await;
    assert_eq!(history[0]["text"], text, "and can be had back");
    desk.call("documents.submit", json!({ "file": picked["file"], "note": "", "checked": true }))
        .await;
    document(&desk, &case, "Övriga handlingar", |it| it["state"] == "received").await;
    assert_eq!(desk.row(&case, "Övriga handlingar").await["state"], "open", "it takes more");
    let counts = |it: Value| [it["documents_to_handle"].clone(), it["documents_refused"].clone()];
    assert_eq!(counts(in_list(&desk).await), [1, 0], "the officer is told, and nothing is refused");
    let officers = tempfile::tempdir().unwrap();
    let (officer, _) = self::desk(&server, &server.url(), officers.path(), OFFICER).await;
    let there = document(&officer, &case, "Övriga handlingar", |_| true).await;
    officer.call("documents.accept", json!({ "document": there["id"] })).await;
    document(&desk, &case, "Övriga handlingar", |it| it["handling"] == "accepted").await;
    assert_eq!(counts(in_list(&desk).await), [0, 0]);
}

/// The program has stood still, without a line, for longer than its token holds.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_fetched_though_the_token_has_run_out() {
    let server = TestServer::start().await;
    let files = tempfile::tempdir().unwrap();
    let (data, officers) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &server.url(), data.path(), TECHNICIAN).await;
    let (officer, _) = self::desk(&server, &server.url(), officers.path(), OFFICER).await;
    let bytes = samples::pdf("Avgångsbetyg", "Åsa Lindqvist");
    submit(&desk, &case, ROW, file(files.path(), "betyg.pdf", &bytes), "").await;
    let there = document(&officer, &case, ROW, |it| it["state"] == "received").await;
    server.pass(std::time::Duration::from_secs(2 * 3600));
    officer.call("documents.open", json!({ "document": there["id"] })).await;
    assert!(std::fs::read(officer.opened().pop().unwrap()).unwrap() == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_saved_outside_once_the_program_is_locked() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let (data, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &line.url(), data.path(), TECHNICIAN).await;
    line.cut();
    desk.line("offline").await;
    submit(&desk, &case, ROW, file(files.path(), "betyg.pdf", &samples::pdf("B", "Å")), "").await;
    desk.send(&case, "Betyget är på väg.").await;
    let outbox = desk.call("outbox.list", json!({})).await;
    for entry in outbox.as_array().unwrap() {
        let copy = files.path().join("kopia");
        desk.will_save_to(&copy);
        let dialog = desk.keep_dialogs_open().await;
        let asked = json!({ "command": entry["command"], "name": "a.txt", "text": "Betyget" });
        let (saved, ()) = tokio::join!(desk.try_call("outbox.save", asked), async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            desk.call("session.lock", json!({})).await;
            drop(dialog);
        });
        assert_eq!(saved.unwrap_err()["code"], "locked");
        assert!(!copy.exists());
        desk.unlock().await;
    }
}

/// Files that were dropped on the window come by handles; a path never crosses.
#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_file_is_taken_by_its_handle() {
    let server = TestServer::start().await;
    let (data, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &server.url(), data.path(), TECHNICIAN).await;
    let path = file(files.path(), "betyg.pdf", &samples::pdf("Betyg", "Åsa"));
    let handles = desk.app().dropped(&[path.clone(), files.path().to_owned()]);
    assert!(!handles[0].contains("betyg"));
    let row = desk.row(&case, ROW).await["id"].clone();
    let add = async |handle: &str| {
        let params = json!({ "case": case, "row": row, "dropped": handle });
        desk.try_call("documents.add_dropped", params).await
    };
    // the next comes while this one is being taken in
    desk.app().dropped(&[files.path().join("annan.pdf")]);
    assert_eq!(add(&handles[0]).await.unwrap()["name"], "betyg.pdf");
    assert_eq!(add(&handles[1]).await.unwrap_err()["code"], "file_failed", "a folder");
    assert_eq!(add(path.to_str().unwrap()).await.unwrap_err()["code"], "bad_request");
}
