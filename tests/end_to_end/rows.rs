//! The rows of a case: filled, explained, asked for anew, settled from the archive, and reported complete.

use std::path::Path;

use behorig_domain::{
    Command, IssuerId, PersonId, RecordId, cases::OpenCase, identity::AppointOfficer,
};
use behorig_files::samples;
use behorig_server::{
    demo::{DemoPerson, OFFICER, TECHNICIAN},
    packs,
};
use behorig_testkit::{Desk, Relay, TestServer, until};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::documents::{document, file, pick, submit};

const CASE: &str = "F-gas, kategori I";
const ENERGY: &str = "Energiexpert";
const ROWS: [&str; 3] = ["Avgångsbetyg", "Tjänstgöringsintyg", "Lämplighetsintyg"];

async fn desk(url: &str, data: &Path, who: DemoPerson, server: &TestServer) -> (Desk, String) {
    let desk = Desk::open(data);
    desk.sign_in(server, url, who).await;
    let case = desk.case(CASE).await;
    desk.row(&case, ROWS[0]).await;
    (desk, case)
}

async fn list(desk: &Desk, case: &str) -> Value {
    desk.call("documents.list", json!({ "case": case })).await
}

fn code(refused: Result<Value, Value>) -> String {
    let error = refused.unwrap_err();
    error["params"]["rejection"]["code"].as_str().unwrap_or_default().to_owned()
}

async fn explain(desk: &Desk, case: &str, row: &str, absence: &str, reason: &str) -> Value {
    let row = desk.row(case, row).await["id"].clone();
    let asked = json!({ "case": case, "row": row, "absence": absence, "reason": reason });
    desk.try_call("documents.explain", asked).await.unwrap_or_else(|error| error)
}

/// Waits until a row is as asked.
async fn until_row(desk: &Desk, case: &str, name: &str, is: impl Fn(&Value) -> bool) -> Value {
    until(name, async || {
        let row = desk.row(case, name).await;
        is(&row).then_some(row)
    })
    .await
}

/// The messages of a case, each as it is.
async fn messages(desk: &Desk, case: &str) -> Vec<Value> {
    let list = desk.call("messages.list", json!({ "case": case })).await;
    let threads = list["threads"].as_array().unwrap().iter();
    threads.flat_map(|thread| thread["messages"].as_array().unwrap().clone()).collect()
}

async fn until_message(desk: &Desk, case: &str, is: impl Fn(&Value) -> bool) -> Value {
    until("the message", async || messages(desk, case).await.into_iter().find(|it| is(it))).await
}

/// Covers KW-62, KW-67, KW-69, KW-70
#[tokio::test(flavor = "multi_thread")]
async fn each_certification_has_its_own_rows_with_help_and_checklist_without_a_line() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let data = tempfile::tempdir().unwrap();
    let (desk, case) = desk(&line.url(), data.path(), TECHNICIAN, &server).await;
    let energy = desk.case(ENERGY).await;
    desk.row(&energy, "Projektlista").await;
    line.cut();
    desk.line("offline").await;
    let rows = async |case: &str| {
        let list = list(&desk, case).await;
        let names = list["rows"].as_array().unwrap().iter();
        names.map(|row| row["name"]["sv"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let [grades, work, suitable] = ROWS;
    assert_eq!(rows(&case).await, [grades, work, suitable, "Övriga handlingar"]);
    assert_eq!(rows(&energy).await, [grades, work, "Projektlista", "Övriga handlingar"]);
    let row = desk.row(&case, work).await;
    let help = row["help"]["sv"].as_str().unwrap();
    assert!(help.contains("chefen") && help.contains("anställningsbevis räcker inte"), "{help}");
    let said = |list: &Value| list.to_string().to_lowercase();
    let checklist = said(&row["checklist"]);
    assert!(checklist.contains("undertecknat av chefen"), "{checklist}");
    assert!(checklist.contains("chefens telefonnummer"), "{checklist}");
    let reasons = said(&row["refusal_reasons"]);
    assert!(reasons.contains("anställningsbevis") && reasons.contains("underskriften saknas"));
    assert!(reasons.contains("contract of employment"), "in both languages");
}

/// Covers KW-68
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_before_its_checklist_is_ticked() {
    let server = TestServer::start().await;
    let (data, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = desk(&server.url(), data.path(), TECHNICIAN, &server).await;
    let bytes = samples::pdf("Avgångsbetyg", TECHNICIAN.name);
    let picked = pick(&desk, &case, ROWS[0], file(files.path(), "betyg.pdf", &bytes)).await;
    let ask = |checked| json!({ "file": picked["file"], "note": "", "checked": checked });
    assert_eq!(code(desk.try_call("documents.submit", ask(false)).await), "checklist_open");
    assert_eq!(desk.row(&case, ROWS[0]).await["picked"][0]["name"], "betyg.pdf", "still here");
    desk.call("documents.submit", ask(true)).await;
    document(&desk, &case, ROWS[0], |it| it["state"] == "received").await;
}

/// Covers KW-64, KW-65
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_moved_to_its_right_row_with_its_note_and_never_out_of_the_rows() {
    let server = TestServer::start().await;
    let (data, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = desk(&server.url(), data.path(), TECHNICIAN, &server).await;
    let bytes = samples::pdf("Intyg", TECHNICIAN.name);
    let picked = pick(&desk, &case, ROWS[0], file(files.path(), "intyg.pdf", &bytes)).await;
    let note = json!({ "file": picked["file"], "note": "Från Kylteknik AB" });
    desk.call("documents.note_save", note).await;
    let to = async |row: Value| {
        desk.try_call("documents.move", json!({ "file": picked["file"], "row": row })).await
    };
    let right = desk.row(&case, ROWS[1]).await["id"].clone();
    to(right).await.unwrap();
    assert_eq!(desk.row(&case, ROWS[0]).await["picked"], json!([]));
    let moved = desk.row(&case, ROWS[1]).await["picked"][0].clone();
    assert_eq!(moved["note"], "Från Kylteknik AB");
    // a row of another case, and no row at all
    let energy = desk.case(ENERGY).await;
    let foreign = desk.row(&energy, "Projektlista").await["id"].clone();
    for row in [foreign, json!(case)] {
        assert_eq!(to(row).await.unwrap_err()["code"], "bad_request");
    }
    let nowhere = json!({ "case": case, "row": Uuid::now_v7().to_string() });
    desk.will_pick(&[file(files.path(), "fritt.pdf", &bytes)]);
    let free = desk.call("documents.pick", nowhere).await[0].clone();
    let send = json!({ "file": free["file"], "note": "", "checked": true });
    let free = desk.try_call("documents.submit", send).await;
    let refused = free.is_err() || {
        let entry = until("an answer", async || {
            let outbox = desk.call("outbox.list", json!({})).await;
            outbox.as_array().unwrap().iter().find(|it| it["state"] == "refused").cloned()
        });
        entry.await["reason"]["code"] == "row_not_found"
    };
    assert!(refused, "no document lies outside the rows");
}

/// Covers KW-73, KW-74, KW-80
#[tokio::test(flavor = "multi_thread")]
async fn a_reason_settles_a_row_without_a_file_and_the_officer_accepts_or_refuses_it() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let (data, officers) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = desk(&line.url(), data.path(), TECHNICIAN, &server).await;
    let (officer, _) = self::desk(&server.url(), officers.path(), OFFICER, &server).await;
    line.cut();
    desk.line("offline").await;
    let absences = list(&desk, &case).await["absences"].clone();
    assert_eq!(absences.as_array().unwrap().len(), 2, "the dialog's two upper choices");
    let absence = absences[0]["code"].as_str().unwrap();

    // kept as it is being written, then written for good
    let id = desk.row(&case, ROWS[0]).await["id"].clone();
    let draft = json!({ "case": case, "row": id, "absence": absence, "reason": "Skolan" });
    desk.call("documents.explain_save", draft).await;
    let kept = desk.row(&case, ROWS[0]).await["explanation_draft"].clone();
    assert_eq!(kept, json!({ "absence": absence, "reason": "Skolan" }));
    let blank = explain(&desk, &case, ROWS[0], absence, "  ").await;
    assert_eq!(blank["params"]["rejection"]["code"], "reason_missing");
    explain(&desk, &case, ROWS[0], absence, "Skolan är <b>nedlagd</b>.").await;
    let row = desk.row(&case, ROWS[0]).await;
    assert_eq!(row["explanation_draft"]["reason"], "");
    assert_eq!((&row["state"], &row["awaited"]), (&json!("explained"), &json!(false)));
    assert_eq!(row["explanations"][0]["state"], "queued");

    // taken back it is a draft again
    let entry = desk.call("outbox.list", json!({})).await[0].clone();
    assert_eq!(entry["kind"], "explain_absence");
    until("the reason back", async || {
        let params = json!({ "command": entry["command"] });
        desk.try_call("outbox.withdraw", params).await.ok()
    })
    .await;
    let row = desk.row(&case, ROWS[0]).await;
    let kept = json!({ "absence": absence, "reason": "Skolan är <b>nedlagd</b>." });
    assert_eq!((&row["explanation_draft"], &row["explanations"]), (&kept, &json!([])));
    explain(&desk, &case, ROWS[0], absence, "Skolan är <b>nedlagd</b>.").await;
    line.mend();
    desk.call("sync.now", json!({})).await;

    let there = until_row(&officer, &case, ROWS[0], |row| row["state"] == "explained").await;
    let explanation = &there["explanations"][0];
    assert_eq!(explanation["reason"], "Skolan är <b>nedlagd</b>.", "as text");
    let of = json!({ "case": case, "row": there["id"], "explanation": explanation["id"] });
    let own = desk.try_call("documents.explanation_accept", of.clone()).await;
    assert_eq!(code(own), "officer_only");
    let mut refuse = of.clone();
    refuse["reason"] = json!("Be kommunens arkiv om en kopia.");
    officer.call("documents.explanation_refuse", refuse).await;
    let row = until_row(&desk, &case, ROWS[0], |row| row["state"] == "open").await;
    assert_eq!(row["explanations"][0]["handled_why"], "Be kommunens arkiv om en kopia.");
    assert_eq!(row["awaited"], true);

    explain(&desk, &case, ROWS[0], absence, "Arkivet har det inte.").await;
    let there = until_row(&officer, &case, ROWS[0], |row| row["state"] == "explained").await;
    assert_eq!(there["explanations"].as_array().unwrap().len(), 2, "nothing said is lost");
    let mut accept = of;
    accept["explanation"] = there["explanations"][0]["id"].clone();
    officer.call("documents.explanation_accept", accept).await;
    until_row(&desk, &case, ROWS[0], |row| row["state"] == "accepted").await;
}

/// Fills two rows and explains the third, without waiting for anything.
async fn fill(desk: &Desk, case: &str, files: &Path) {
    let bytes = samples::pdf_of_size(300_000);
    submit(desk, case, ROWS[0], file(files, "betyg.pdf", &bytes), "").await;
    submit(desk, case, ROWS[1], file(files, "intyg.pdf", &bytes), "").await;
    explain(desk, case, ROWS[2], "does-not-apply", "Jag har ett från i fjol hos er.").await;
}

async fn report_ready(desk: &Desk, case: &str) -> Result<Value, Value> {
    desk.try_call("documents.ready", json!({ "case": case })).await
}

/// Covers KW-63, KW-81
#[tokio::test(flavor = "multi_thread")]
async fn that_all_is_in_is_said_without_a_line_after_its_files_and_in_one_message() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let (data, files, officers) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = desk(&line.url(), data.path(), TECHNICIAN, &server).await;
    line.cut();
    desk.line("offline").await;
    assert_eq!(code(report_ready(&desk, &case).await), "rows_awaited");
    fill(&desk, &case, files.path()).await;
    report_ready(&desk, &case).await.unwrap();
    let ready = list(&desk, &case).await["ready"].clone();
    assert_eq!(ready["state"], "queued");
    assert_eq!(code(report_ready(&desk, &case).await), "already_ready");
    let said = until_message(&desk, &case, |it| it["origin"] == "ready").await;
    assert_eq!((&said["state"], &said["text"]), (&json!("queued"), &json!("")));
    // a message written after it does not wait for the files, nor fall with it
    desk.send(&case, "Jag har skickat allt.").await;

    line.mend();
    desk.call("sync.now", json!({})).await;
    until_message(&desk, &case, |it| it["origin"] == "ready" && it["state"] == "received").await;
    for row in &ROWS[..2] {
        let sent = document(&desk, &case, row, |_| true).await;
        assert_eq!(sent["state"], "received", "its files came before it");
    }
    let (officer, _) = self::desk(&server.url(), officers.path(), OFFICER, &server).await;
    let seen = until_message(&officer, &case, |it| it["origin"] == "ready").await;
    assert_eq!(seen["author"], TECHNICIAN.name);
    assert!(list(&officer, &case).await["ready"]["at"].is_string());
    let count = messages(&officer, &case).await;
    assert_eq!(count.iter().filter(|it| it["origin"] == "ready").count(), 1);
}

/// Covers KW-39, KW-81
#[tokio::test(flavor = "multi_thread")]
async fn a_request_for_completion_is_a_message_that_opens_its_rows_and_all_is_said_again() {
    let server = TestServer::start().await;
    let (data, files, officers) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = desk(&server.url(), data.path(), TECHNICIAN, &server).await;
    let (officer, _) = self::desk(&server.url(), officers.path(), OFFICER, &server).await;
    fill(&desk, &case, files.path()).await;
    report_ready(&desk, &case).await.unwrap();
    until("it is ready", async || list(&officer, &case).await["ready"]["at"].as_str().map(drop))
        .await;
    let mails = server.mails_to(TECHNICIAN.email).len();

    let row = desk.row(&case, ROWS[1]).await["id"].clone();
    let request = json!({ "case": case, "rows": [row], "text": "Sida 2 saknas." });
    officer.call("documents.completion_save", request.clone()).await;
    let draft = list(&officer, &case).await["completion"].clone();
    assert_eq!(draft, json!({ "rows": [row], "text": "Sida 2 saknas." }));
    assert_eq!(code(desk.try_call("documents.completion", request.clone()).await), "officer_only");
    let none = json!({ "case": case, "rows": [], "text": "Sida 2 saknas." });
    assert_eq!(code(officer.try_call("documents.completion", none).await), "rows_missing");
    officer.call("documents.completion", request).await;
    assert_eq!(list(&officer, &case).await["completion"]["text"], "", "no draft any more");

    let letter = until_message(&desk, &case, |it| it["origin"] == "completion").await;
    assert_eq!(letter["text"], "Sida 2 saknas.");
    assert_eq!(letter["documents"][0]["sv"], ROWS[1]);
    let open = until_row(&desk, &case, ROWS[1], |row| row["awaited"] == true).await;
    assert_eq!(open["asked"]["by"], OFFICER.name);
    assert_eq!(open["asked"]["text"], "Sida 2 saknas.");
    assert_eq!(list(&desk, &case).await["ready"]["at"], json!(null));
    until("a mail", async || (server.mails_to(TECHNICIAN.email).len() == mails + 1).then_some(()))
        .await;
    assert_eq!(code(report_ready(&desk, &case).await), "rows_awaited");
    let bytes = samples::pdf("Intyg", TECHNICIAN.name);
    submit(&desk, &case, ROWS[1], file(files.path(), "sida 2.pdf", &bytes), "").await;
    report_ready(&desk, &case).await.unwrap();
    until("it is ready again", async || {
        list(&officer, &case).await["ready"]["at"].as_str().map(drop)
    })
    .await;
    let said = messages(&officer, &case).await;
    assert_eq!(said.iter().filter(|it| it["origin"] == "ready").count(), 2);
    let letter = said.iter().find(|it| it["origin"] == "completion").unwrap();
    assert_eq!(letter["text"], "Sida 2 saknas.", "nobody changes it");
}

/// A row that the certification does not need is needed once something is asked for in it.
///
/// Covers KW-39
#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_for_beyond_the_needed_is_asked_for_until_the_officer_accepts_it() {
    let server = TestServer::start().await;
    let (data, files, officers) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = desk(&server.url(), data.path(), TECHNICIAN, &server).await;
    let (officer, _) = self::desk(&server.url(), officers.path(), OFFICER, &server).await;
    let other = "Övriga handlingar";
    let row = officer.row(&case, other).await["id"].clone();
    let request = json!({ "case": case, "rows": [row], "text": "Skicka kursplanen." });
    officer.call("documents.completion", request).await;
    let awaited =
        |row: &Value| row["awaited"] == true && row["asked"]["text"] == "Skicka kursplanen.";
    until_row(&desk, &case, other, awaited).await;
    let listed = async || {
        let cases = desk.call("cases.list", json!({})).await;
        let listed =
            cases.as_array().unwrap().iter().find(|it| it["id"] == case.as_str()).unwrap().clone();
        (listed["documents_needed"].clone(), listed["documents_refused"].clone())
    };
    assert_eq!(listed().await, (json!(4), json!(1)), "three that are needed, and this one");

    let bytes = samples::pdf("Kursplan", TECHNICIAN.name);
    submit(&desk, &case, other, file(files.path(), "kursplan.pdf", &bytes), "").await;
    let sent = document(&officer, &case, other, |it| it["state"] == "received").await;
    until_row(&desk, &case, other, |row| row["awaited"] == false).await;
    let refuse = json!({ "document": sent["id"], "reason": "Det är en annan kurs." });
    officer.call("documents.refuse", refuse).await;
    until_row(&desk, &case, other, awaited).await;
    assert_eq!(listed().await, (json!(4), json!(1)), "it is still asked for");
    submit(&desk, &case, other, file(files.path(), "rätt kursplan.pdf", &bytes), "").await;
    let right = document(&officer, &case, other, |it| {
        it["state"] == "received" && it["handling"] == "waiting"
    });
    officer.call("documents.accept", json!({ "document": right.await["id"] })).await;
    until_row(&desk, &case, other, |row| row["asked"].is_null() && row["state"] == "open").await;
    assert_eq!(listed().await.0, json!(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_asks_for_counts_neither_as_needed_nor_as_sent_in() {
    let server = TestServer::start().await;
    let (data, files, officers) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = desk(&server.url(), data.path(), TECHNICIAN, &server).await;
    let (officer, _) = self::desk(&server.url(), officers.path(), OFFICER, &server).await;
    let bytes = samples::pdf("Kursplan", TECHNICIAN.name);
    submit(&desk, &case, "Övriga handlingar", file(files.path(), "kurs.pdf", &bytes), "").await;
    document(&officer, &case, "Övriga handlingar", |it| it["state"] == "received").await;
    document(&desk, &case, "Övriga handlingar", |it| it["state"] == "received").await;
    let cases = desk.call("cases.list", json!({})).await;
    let listed = cases.as_array().unwrap().iter().find(|it| it["id"] == case.as_str()).unwrap();
    assert_eq!(listed["documents_needed"], 3);
    assert_eq!(listed["documents_submitted"], 0, "{listed}");
}

/// Covers KW-66
#[tokio::test(flavor = "multi_thread")]
async fn what_came_by_post_is_added_by_the_officer_and_the_holder_sees_whence_it_came() {
    let server = TestServer::start().await;
    let (data, files, officers) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = desk(&server.url(), data.path(), TECHNICIAN, &server).await;
    let (officer, _) = self::desk(&server.url(), officers.path(), OFFICER, &server).await;
    let bytes = samples::pdf("Avgångsbetyg", TECHNICIAN.name);
    let png = pick(&officer, &case, ROWS[0], file(files.path(), "betyg.pdf", b"\x89PNG")).await;
    assert_eq!(png["file"], json!(null), "the same checks");
    submit(&officer, &case, ROWS[0], file(files.path(), "skannat.pdf", &bytes), "Brev").await;
    let there = document(&desk, &case, ROWS[0], |it| it["state"] == "received").await;
    assert_eq!((&there["origin"], &there["mine"]), (&json!("post"), &json!(false)));
    assert_eq!(there["author"], OFFICER.name);
    let copy = files.path().join("kopia.pdf");
    desk.will_save_to(&copy);
    desk.call("documents.save", json!({ "document": there["id"] })).await;
    assert!(std::fs::read(&copy).unwrap() == bytes, "byte for byte");
    officer.call("documents.accept", json!({ "document": there["id"] })).await;
    until_row(&desk, &case, ROWS[0], |row| row["state"] == "accepted").await;
}

/// Covers KW-85
#[tokio::test(flavor = "multi_thread")]
async fn a_rows_template_is_saved_and_opened_without_a_line() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let (data, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = desk(&line.url(), data.path(), TECHNICIAN, &server).await;
    line.cut();
    desk.line("offline").await;
    let none = desk.row(&case, ROWS[0]).await;
    assert_eq!(none["template"], json!(null), "not every row has one");
    let row = desk.row(&case, ROWS[1]).await;
    assert_eq!(row["template"]["sv"], "Tjänstgöringsintyg");
    let of = |id: &Value| json!({ "case": case, "row": id, "english": false });
    let absent = desk.try_call("documents.template_save", of(&none["id"])).await;
    assert_eq!(absent.unwrap_err()["code"], "bad_request");
    assert_eq!(desk.call("documents.template_save", of(&row["id"])).await["saved"], false);
    let path = files.path().join("Mitt intyg.docx");
    desk.will_save_to(&path);
    assert_eq!(desk.call("documents.template_save", of(&row["id"])).await["saved"], true);
    desk.call("documents.template_open", json!({})).await;
    assert_eq!(desk.opened(), std::slice::from_ref(&path));
    // filled in, it can be sent: it is a document of one of the five formats
    let picked = pick(&desk, &case, ROWS[1], path).await;
    assert_eq!(picked["format"], "docx", "{picked}");
}

const HOLDER: DemoPerson = DemoPerson {
    name: "Örjan Ek",
    user_name: "orjan.ek",
    password: "brand och vatten",
    phone: "+46701740607",
    email: "orjan.ek@example.com",
};
const FIRST: DemoPerson = DemoPerson {
    name: "Ylva Norén",
    user_name: "ylva.noren",
    password: "papper i pärm",
    phone: "+46701740608",
    email: "ylva.noren@issuer.example",
};
const SECOND: DemoPerson = DemoPerson {
    name: "Mats Åberg",
    user_name: "mats.aberg",
    password: "stämpel och bläck",
    phone: "+46701740609",
    email: "mats.aberg@issuer.example",
};

/// A person with two cases, each with an officer of its own.
async fn two_cases(server: &TestServer) {
    let operator = server.running().operator();
    let service = packs::read(packs::CERTIFICATION).unwrap().id;
    let issuer = IssuerId(Uuid::now_v7());
    let mut people = Vec::new();
    for who in [HOLDER, FIRST, SECOND] {
        let DemoPerson { name, user_name, password, phone, email } = who;
        people
            .push(operator.register(name, user_name, password, phone, Some(email)).await.unwrap());
    }
    let cases = [("f-gas-1", CASE, people[1]), ("energy-expert", ENERGY, people[2])];
    for (number, (scheme, title, officer)) in (1..).zip(cases) {
        let person: PersonId = officer;
        let appoint = AppointOfficer { issuer, service, person };
        operator.command(Command::AppointOfficer(appoint)).await.unwrap();
        let open = OpenCase {
            id: RecordId(Uuid::now_v7()),
            issuer,
            service,
            scheme: scheme.into(),
            number: format!("2026-{number}"),
            title: title.into(),
            holder: people[0],
            identity_number: "198112189876".parse().unwrap(),
            officer: Some(officer),
        };
        operator.command(Command::OpenCase(open)).await.unwrap();
    }
}

/// Covers KW-52, KW-53, KW-82
#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_case_has_is_taken_from_the_archive_and_nothing_else_is_seen_from_there() {
    let server = TestServer::start().await;
    two_cases(&server).await;
    let folders: Vec<_> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
    let (desk, case) = desk(&server.url(), folders[0].path(), HOLDER, &server).await;
    let (first, _) = self::desk(&server.url(), folders[1].path(), FIRST, &server).await;
    let second = Desk::open(folders[2].path());
    second.sign_in(&server, &server.url(), SECOND).await;
    let energy = second.case(ENERGY).await;
    let bytes = samples::pdf("Avgångsbetyg", HOLDER.name);
    for (row, name) in [(ROWS[0], "betyg.pdf"), (ROWS[2], "lämplig.pdf")] {
        submit(&desk, &case, row, file(folders[3].path(), name, &bytes), "").await;
        let there = document(&first, &case, row, |it| it["state"] == "received").await;
        first.call("documents.accept", json!({ "document": there["id"] })).await;
    }
    let open = until_row(&second, &energy, ROWS[0], |row| row["archive"] != json!([])).await;
    let there = open["archive"][0].clone();
    assert_eq!((&there["name"], &there["number"]), (&json!("betyg.pdf"), &json!("2026-1")));
    assert_eq!(there["accepted_by"], FIRST.name);

    // the certificate of suitability belongs to the other case: neither it nor that case is seen
    let suitable = document(&first, &case, ROWS[2], |it| it["handling"] == "accepted").await;
    let suitable = json!({ "document": suitable["id"] });
    assert_eq!(
        second.try_call("documents.save", suitable).await.unwrap_err()["code"],
        "bad_request"
    );
    let cases = second.call("cases.list", json!({})).await;
    assert_eq!(cases.as_array().unwrap().len(), 1);
    assert!(second.try_call("documents.list", json!({ "case": case })).await.is_err());
    assert!(!list(&second, &energy).await.to_string().contains("lämplig.pdf"));

    let take = json!({ "case": energy, "row": open["id"], "document": there["document"] });
    let own = desk.try_call("documents.take", take.clone()).await;
    assert_eq!(code(own), "officer_only");
    second.call("documents.take", take).await;
    let row = until_row(&desk, &energy, ROWS[0], |row| row["state"] == "accepted").await;
    assert_eq!(row["documents"][0]["id"], there["document"], "one stored document");
    assert_eq!(row["documents"][0]["from_case"], "2026-1");
    assert_eq!(row["taken"]["by"], SECOND.name);
    assert_eq!(row["awaited"], false);
    // the officer of the new case reads it
    let copy = folders[3].path().join("kopia.pdf");
    second.will_save_to(&copy);
    second.call("documents.save", json!({ "document": there["document"] })).await;
    assert!(std::fs::read(&copy).unwrap() == bytes, "byte for byte");
}
