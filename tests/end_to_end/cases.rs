//! A case's whole way: it waits, is taken, is examined, and is granted, refused or taken back.

use std::{io::Read as _, path::Path};

use behorig_domain::{
    Command, IssuerId, RecordId, cases::OpenCase, identity::AppointOfficer,
    services::PublishService,
};
use behorig_files::samples;
use behorig_server::{
    demo::{APPLICANT, COLLEAGUE, DemoPerson, OFFICER, TECHNICIAN},
    packs,
};
use behorig_testkit::{Desk, Relay, TestServer, until};
use serde_json::{Value, json};
use uuid::Uuid;

const BOTH: DemoPerson = DemoPerson {
    name: "Ingrid Sand",
    user_name: "ingrid.sand",
    password: "två skrivbord",
    phone: "+46701740610",
    email: "ingrid.sand@issuer.example",
};
const F_GAS: &str = "F-gas, kategori I";
const ENERGY: &str = "Energiexpert";
const WAITING: &str = "2026-12044";

pub(crate) async fn desk(server: &TestServer, data: &Path, who: DemoPerson) -> Desk {
    let desk = Desk::open(data);
    desk.sign_in(server, &server.url(), who).await;
    desk
}

/// What stands above the case's work, once it is as asked.
pub(crate) async fn file(
    desk: &Desk,
    case: &str,
    what: &str,
    is: impl Fn(&Value) -> bool,
) -> Value {
    until(what, async || {
        let file = desk.try_call("cases.show", json!({ "case": case })).await.ok()?;
        is(&file).then_some(file)
    })
    .await
}

/// The queue as an officer looks at it for work.
pub(crate) async fn queue(desk: &Desk, handled_by: &str, text: &str) -> Value {
    let asked = json!({
        "purpose": "handling", "text": text, "handled_by": handled_by, "stage": null, "after": null,
    });
    desk.call("queue.search", asked).await
}

/// The one case in a page of the queue.
pub(crate) fn only(page: &Value) -> &Value {
    assert_eq!(page["total"], 1, "{page}");
    &page["cases"][0]
}

/// Sends every needed document in, and has the officer accept each.
pub(crate) async fn bring_in_all(holder: &Desk, officer: &Desk, case: &str, files: &Path) {
    let path = files.join("intyg.pdf");
    std::fs::write(&path, samples::pdf("Intyg", "Åsa Lindqvist")).unwrap();
    let list = until("the rows", async || {
        let list = holder.try_call("documents.list", json!({ "case": case })).await.ok()?;
        list["rows"].as_array().filter(|rows| !rows.is_empty()).cloned()
    })
    .await;
    for row in list.iter().filter(|row| row["required"] == true) {
        holder.will_pick(std::slice::from_ref(&path));
        let asked = json!({ "case": case, "row": row["id"] });
        let picked = holder.call("documents.pick", asked).await[0].clone();
        let file = picked["file"].clone();
        holder.call("documents.submit", json!({ "file": file, "note": "", "checked": true })).await;
        let sent = until("the document at the officer's", async || {
            // the case itself may be on its way
            let list = officer.try_call("documents.list", json!({ "case": case })).await.ok()?;
            let rows = list["rows"].as_array()?;
            let of_row = rows.iter().find(|each| each["id"] == row["id"])?;
            of_row["documents"].as_array()?.first().cloned()
        })
        .await;
        officer.call("documents.accept", json!({ "document": sent["id"] })).await;
    }
}

pub(crate) async fn pass_exam(officer: &Desk, case: &str, part: &str) {
    let exam = json!({
        "case": case, "part": part, "held_on": "2026-10-01", "mark": "82 %", "passed": true,
    });
    officer.call("cases.record_exam", exam).await;
}

pub(crate) fn grant(case: &str, level: Option<&str>) -> Value {
    let text = "Du är certifierad.";
    json!({ "case": case, "level": level, "granted_on": "2026-11-20", "text": text })
}

/// A letter as it is being written, with what is chosen beside it.
fn letter(case: &str, text: &str, level: Option<&str>) -> Value {
    json!({ "case": case, "text": text, "level": level, "granted_on": "2026-11-20" })
}

/// An empty field means that nobody has taken the case yet; it is told apart from one being handled.
///
/// Covers KW-23, KW-24, KW-30
#[tokio::test(flavor = "multi_thread")]
async fn a_case_waits_until_an_officer_takes_it_and_both_see_who_has_it() {
    let server = TestServer::start().await;
    let [one, two] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let holder = desk(&server, one.path(), APPLICANT).await;
    let officer = desk(&server, two.path(), OFFICER).await;
    let case = holder.case(F_GAS).await;
    let file_of = file(&holder, &case, "the case", |_| true).await;
    assert_eq!(file_of["officer"], json!(null));
    assert_eq!(file_of["identity_number"], "19790824-2394");
    assert_eq!(file_of["holder"], "Björn Östlund");
    assert_eq!(file_of["number"], WAITING);

    // found by what people know of it, with or without its dots
    for text in ["", WAITING, "östlund", "OSTL björn", "f-gas 12044"] {
        assert_eq!(only(&queue(&officer, "nobody", text).await)["number"], WAITING, "{text}");
    }
    for text in ["örnberg", "\"; DROP TABLE queue; --", "* OR *", "<script>"] {
        assert_eq!(queue(&officer, "nobody", text).await["total"], 0, "{text}");
    }
    let found = queue(&officer, "nobody", "").await;
    assert_eq!(only(&found)["here"], false, "the officer has nothing of it yet");

    let take = json!({ "case": case, "from": null, "to": "me" });
    officer.call("cases.assign", take).await;
    let taken = file(&officer, &case, "the case that was taken", |_| true).await;
    assert_eq!(taken["mine_to_handle"], true);
    let seen = file(&holder, &case, "the officer's name", |it| it["officer"] != json!(null)).await;
    assert_eq!(seen["officer"], OFFICER.name);
    assert_eq!(seen["events"][0]["happening"], "assigned");
    assert_eq!(queue(&officer, "nobody", "").await["total"], 0);
    assert_eq!(queue(&officer, "me", WAITING).await["cases"][0]["here"], true);

    // who writes in it from now on is answered by that officer
    holder.send(&case, "Hej!").await;
    officer.sees(&case, "Hej!", "received").await;
}

/// Whoever works for two bodies has the cases of both before them, and sees whose each is.
#[tokio::test(flavor = "multi_thread")]
async fn an_officer_of_two_bodies_sees_the_cases_of_both() {
    let server = TestServer::start().await;
    let operator = server.running().operator();
    let (service, issuer) = (RecordId(Uuid::now_v7()), IssuerId(Uuid::now_v7()));
    let mut settings = packs::read(packs::CERTIFICATION).unwrap();
    settings.service.issuer = Some(issuer);
    settings.service.name.sv = "Ett annat organ".into();
    operator
        .command(Command::PublishService(PublishService { id: service, ..settings }))
        .await
        .unwrap();
    let DemoPerson { name, user_name, password, phone, email } = BOTH;
    let both = operator.register(name, user_name, password, phone, Some(email)).await.unwrap();
    let holder = operator.register("Vera Ek", "vera.ek", "björk och sälg", "+46701740611", None);
    let first = packs::read(packs::CERTIFICATION).unwrap();
    let bodies = [(first.service.issuer.unwrap(), first.id), (issuer, service)];
    for (issuer, service) in bodies {
        let appoint = AppointOfficer { issuer, service, person: both };
        operator.command(Command::AppointOfficer(appoint)).await.unwrap();
    }
    let open = OpenCase {
        id: RecordId(Uuid::now_v7()),
        issuer,
        service,
        scheme: "f-gas-1".into(),
        number: "2026-7".into(),
        title: F_GAS.into(),
        holder: holder.await.unwrap(),
        identity_number: "198112189876".parse().unwrap(),
        officer: None,
    };
    operator.command(Command::OpenCase(open)).await.unwrap();
    let data = tempfile::tempdir().unwrap();
    let officer = desk(&server, data.path(), BOTH).await;
    let listed = until("both services", async || {
        let page = queue(&officer, "nobody", "").await;
        let cases = page["cases"].as_array().unwrap().clone();
        let named = cases.iter().all(|case| !case["body"].is_null());
        (cases.len() == 2 && named).then_some(cases)
    })
    .await;
    assert_eq!((&listed[0]["number"], &listed[1]["number"]), (&json!(WAITING), &json!("2026-7")));
    assert_eq!(listed[1]["body"]["sv"], "Ett annat organ");
    assert_ne!(listed[0]["body"], listed[1]["body"]);
    let load = officer.call("queue.workload", json!({})).await;
    assert_eq!(unassigned(&load), 2, "of both bodies: {load}");
    // who works for one is told nothing of the other
    let other = tempfile::tempdir().unwrap();
    let one = desk(&server, other.path(), OFFICER).await;
    let seen = queue(&one, "nobody", "").await;
    assert_eq!((&only(&seen)["number"], &only(&seen)["body"]), (&json!(WAITING), &json!(null)));
    let load = one.call("queue.workload", json!({})).await;
    assert_eq!(unassigned(&load), 1, "of one: {load}");
    has_templates_of_both(&officer, &listed[1]["id"]).await;
}

/// Writes a template for each body; the case of the other body is offered that body's alone.
async fn has_templates_of_both(officer: &Desk, case: &Value) {
    let listed = officer.call("templates.list", json!({})).await;
    let bodies: Vec<_> = listed["bodies"].as_array().unwrap().clone();
    let other = bodies.iter().find(|it| it["name"]["sv"] == "Ett annat organ").unwrap();
    assert_eq!(bodies.len(), 2);
    for body in &bodies {
        let title = &body["name"]["sv"];
        let new = json!({ "body": body["id"], "title": title, "text": "Hej" });
        officer.call("templates.save", new.clone()).await;
        officer.call("templates.write", new).await;
    }
    officer.call("cases.assign", json!({ "case": case, "from": null, "to": "me" })).await;
    file(officer, case.as_str().unwrap(), "the other body's case", |_| true).await;
    until("both templates", async || {
        let all = officer.call("templates.list", json!({ "case": null })).await;
        let all = all["templates"].as_array()?.clone();
        (all.len() == 2 && all.iter().all(|it| it["state"] == "received")).then_some(())
    })
    .await;
    let in_case = officer.call("templates.list", json!({ "case": case })).await;
    let titles: Vec<_> = in_case["templates"].as_array().unwrap().iter().collect();
    assert_eq!((titles.len(), &titles[0]["title"]), (1, &json!("Ett annat organ")));
    assert_eq!(titles[0]["body"], other["id"]);
}

/// How many cases of a workload nobody has taken.
fn unassigned(load: &Value) -> u64 {
    let rows = load["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["officer"].is_null()).unwrap();
    let counts = ["awaited", "ready"].map(|of| row[of].as_array().unwrap().clone());
    counts.iter().flatten().map(|count| count.as_u64().unwrap()).sum()
}

/// Two officers take one case: one gets it, the other is told who did.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_officers_who_take_a_case_offline_one_gets_it_and_the_other_is_told() {
    let server = TestServer::start().await;
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let holder = desk(&server, folders[0].path(), APPLICANT).await;
    let case = holder.case(F_GAS).await;
    let relay = Relay::to(server.address()).await;
    let slow = Desk::open(folders[1].path());
    slow.sign_in(&server, &relay.url(), COLLEAGUE).await;
    assert_eq!(queue(&slow, "nobody", "").await["total"], 1);
    relay.cut();
    slow.line("offline").await;
    let take = json!({ "case": case, "from": null, "to": "me" });
    let queued = slow.call("cases.assign", take.clone()).await;
    let quick = desk(&server, folders[2].path(), OFFICER).await;
    quick.call("cases.assign", take).await;
    file(&quick, &case, "the case", |_| true).await;
    relay.mend();
    slow.call("sync.now", json!({})).await;
    let refused = until("the refusal", async || {
        let outbox = slow.call("outbox.list", json!({})).await;
        let entries = outbox.as_array().unwrap().clone();
        let entry = entries.into_iter().find(|it| it["command"] == queued["command"]).unwrap();
        (entry["state"] == "refused").then_some(entry)
    })
    .await;
    assert_eq!(refused["reason"]["code"], "case_assigned");
    assert_eq!(refused["reason"]["params"]["officer"], OFFICER.name);
    assert!(slow.try_call("cases.show", json!({ "case": case })).await.is_err());
}

/// What became of a command, once the server has answered.
pub(crate) async fn decided(desk: &Desk, queued: &Value) -> Value {
    until("the answer", async || {
        let outbox = desk.call("outbox.list", json!({})).await;
        let mut entries = outbox.as_array()?.iter();
        let entry = entries.find(|it| it["command"] == queued["command"])?.clone();
        ["received", "refused"].contains(&entry["state"].as_str()?).then_some(entry)
    })
    .await
}

/// Two officers with a line ask for one case in the same moment: one has it, and both are told who.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_officers_who_take_a_case_at_once_one_gets_it() {
    let server = TestServer::start().await;
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let holder = desk(&server, folders[0].path(), APPLICANT).await;
    let case = holder.case(F_GAS).await;
    let one = desk(&server, folders[1].path(), OFFICER).await;
    let other = desk(&server, folders[2].path(), COLLEAGUE).await;
    let take = json!({ "case": case, "from": null, "to": "me" });
    let (first, second) =
        tokio::join!(one.call("cases.assign", take.clone()), other.call("cases.assign", take));
    let answers = [decided(&one, &first).await, decided(&other, &second).await];
    let has_it = answers.iter().position(|it| it["state"] == "received").unwrap();
    let refused = &answers[1 - has_it];
    let (desks, names) = ([&one, &other], [OFFICER.name, COLLEAGUE.name]);
    assert_eq!(refused["reason"]["code"], "case_assigned", "{answers:?}");
    assert_eq!(refused["reason"]["params"]["officer"], names[has_it]);
    file(desks[has_it], &case, "the case", |it| it["mine_to_handle"] == true).await;
    let shown = file(&holder, &case, "its officer", |it| !it["officer"].is_null()).await;
    assert_eq!(shown["officer"], names[has_it]);
    let late = desks[1 - has_it].try_call("cases.show", json!({ "case": case })).await;
    assert!(late.is_err(), "{late:?}");
}

/// A case that is handed over leaves the one officer's computer and comes to the other's, with all of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_handed_over_goes_from_one_officer_to_the_other() {
    let server = TestServer::start().await;
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let holder = desk(&server, folders[0].path(), TECHNICIAN).await;
    let from = desk(&server, folders[1].path(), OFFICER).await;
    let to = desk(&server, folders[2].path(), COLLEAGUE).await;
    let case = from.case(F_GAS).await;
    holder.case(F_GAS).await;
    holder.send(&case, "Jag är på resa till fredag.").await;
    from.sees(&case, "Jag är på resa till fredag.", "received").await;
    let known = file(&from, &case, "the colleagues", |it| it["colleagues"] != json!([])).await;
    assert_eq!(known["colleagues"][0]["name"], COLLEAGUE.name);
    let hand = json!({ "case": case, "from": null, "to": known["colleagues"][0]["person"] });
    from.call("cases.assign", hand).await;
    to.sees(&case, "Jag är på resa till fredag.", "received").await;
    until("the case to leave", async || {
        from.try_call("cases.show", json!({ "case": case })).await.err()
    })
    .await;
    let outbox = from.call("outbox.list", json!({})).await;
    let entry = &outbox[0];
    assert_eq!(entry["kind"], "assign_case");
    assert_eq!((&entry["subject"], &entry["number"]), (&json!(F_GAS), &json!("2026-10482")));
    assert_eq!(entry["here"], false, "and it leads nowhere");
    // the other case of the same person stays with its officer
    assert_eq!(from.call("cases.list", json!({})).await.as_array().unwrap().len(), 1);
    let seen = file(&holder, &case, "the new officer", |it| it["officer"] == COLLEAGUE.name).await;
    assert_eq!(seen["mine"], true);
    assert_eq!(seen["colleagues"], json!([]), "who works there is not the applicant's business");
}

/// What has not left is nobody's but the one's who wrote it: it is not lost when a colleague is quicker.
#[tokio::test(flavor = "multi_thread")]
async fn what_an_officer_had_begun_can_be_read_and_copied_after_a_colleague_has_taken_the_case() {
    let server = TestServer::start().await;
    let folders: Vec<_> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
    let holder = desk(&server, folders[0].path(), TECHNICIAN).await;
    let first = desk(&server, folders[1].path(), OFFICER).await;
    let second = desk(&server, folders[2].path(), COLLEAGUE).await;
    let case = first.case(F_GAS).await;
    holder.case(F_GAS).await;
    // something to refuse, and a file that came by post
    let path = folders[3].path().join("intyg.pdf");
    let bytes = samples::pdf("Intyg", "Åsa Lindqvist");
    std::fs::write(&path, &bytes).unwrap();
    let row = holder.row(&case, "Avgångsbetyg").await["id"].clone();
    holder.will_pick(std::slice::from_ref(&path));
    let picked = holder.call("documents.pick", json!({ "case": case, "row": row })).await;
    let submit = json!({ "file": picked[0]["file"], "note": "", "checked": true });
    holder.call("documents.submit", submit).await;
    let sent = until("the document", async || {
        let row = first.row(&case, "Avgångsbetyg").await;
        row["documents"].as_array()?.first().map(|it| it["id"].clone())
    })
    .await;
    first.will_pick(std::slice::from_ref(&path));
    let other = first.row(&case, "Tjänstgöringsintyg").await["id"].clone();
    let by_post = first.call("documents.pick", json!({ "case": case, "row": other })).await;
    let note = json!({ "file": by_post[0]["file"], "note": "Kom med posten" });
    first.call("documents.note_save", note).await;
    first.save_draft(&case, "Hej! Jag har").await;
    first.call("cases.letter_save", letter(&case, "Du är", None)).await;
    let exam =
        json!({ "case": case, "part": "teori", "held_on": "2026-1", "mark": "82", "passed": true });
    first.call("cases.exam_save", exam).await;
    let completion = json!({ "case": case, "rows": [other], "text": "Skicka sidan 2" });
    first.call("documents.completion_save", completion).await;
    let reason = json!({ "document": sent, "reason": "Stämpeln saknas" });
    first.call("documents.refusal_save", reason.clone()).await;

    let found = queue(&second, "anybody", "2026-10482").await;
    let take = json!({ "case": case, "from": only(&found)["officer"], "to": "me" });
    second.call("cases.assign", take).await;
    let left = async |desk: &Desk, count: usize| {
        until("what was begun", async || {
            let left = desk.try_call("outbox.left", json!({})).await.ok()?;
            (left.as_array()?.len() == count).then_some(left)
        })
        .await
    };
    let expected = [
        ("message", "Hej! Jag har"),
        ("completion", "Skicka sidan 2"),
        ("decision", "Du är"),
        ("exam", "2026-1\n82"),
        ("file", "Kom med posten"),
        ("refusal", "Stämpeln saknas"),
    ];
    for entry in left(&first, expected.len()).await.as_array().unwrap() {
        let of_kind = expected.iter().find(|(kind, _)| entry["kind"] == *kind);
        assert_eq!(entry["text"], of_kind.unwrap().1, "{entry}");
        assert_eq!((&entry["number"], &entry["subject"]), (&json!("2026-10482"), &json!(F_GAS)));
    }
    assert!(first.try_call("cases.show", json!({ "case": case })).await.is_err());
    // the window that stood open saves what was typed last
    first
        .call(
            "documents.refusal_save",
            json!({ "document": sent, "reason": "Stämpeln saknas helt" }),
        )
        .await;
    drop(first);

    let first = Desk::open(folders[1].path());
    first.unlock().await;
    let kept = left(&first, expected.len()).await;
    let of = |kind: &str| {
        let entries = kept.as_array().unwrap().iter();
        entries.clone().find(|it| it["kind"] == kind).unwrap().clone()
    };
    assert_eq!(of("refusal")["text"], "Stämpeln saknas helt", "a restart keeps them");
    let copy = folders[3].path().join("kopia.pdf");
    first.will_save_to(&copy);
    let file = json!({ "place": of("file")["place"], "name": "", "text": "" });
    assert_eq!(first.call("outbox.left_save", file).await["saved"], true);
    assert_eq!(std::fs::read(&copy).unwrap(), bytes);
    first.will_save_to(&copy);
    let place = of("decision")["place"].clone();
    let text = json!({ "place": place, "name": "beslut.txt", "text": "Du är" });
    first.call("outbox.left_save", text).await;
    assert_eq!(std::fs::read_to_string(&copy).unwrap(), "Du är");
    taken_home(&first, &folders[3].path().join("allt.zip"), expected.len(), &bytes).await;
    let remove = |removed| json!({ "place": of("exam")["place"], "removed": removed });
    first.call("outbox.left_remove", remove(true)).await;
    left(&first, expected.len() - 1).await;
    first.call("outbox.left_remove", remove(false)).await;
    left(&first, expected.len()).await;
    first.call("outbox.left_remove", remove(true)).await;
    let nothing = json!({ "place": "decision/of-nobody", "removed": true });
    assert!(first.try_call("outbox.left_remove", nothing).await.is_err());

    // the colleague gives it back, and it is where it was
    let known = file_with_colleagues(&second, &case).await;
    let back = json!({ "case": case, "from": null, "to": known });
    second.call("cases.assign", back).await;
    left(&first, 0).await;
    let again = self::file(&first, &case, "the case again", |_| true).await;
    assert_eq!(again["letter"]["text"], "Du är");
    assert_eq!(again["exam"], json!(null), "what was removed stays so");
    assert_eq!(first.draft(&case).await.as_deref(), Some("Hej! Jag har"));
    let row = first.row(&case, "Tjänstgöringsintyg").await;
    assert_eq!(row["picked"][0]["note"], "Kom med posten");
}

/// What will be erased is in an export, with its file.
async fn taken_home(desk: &Desk, to: &Path, count: usize, bytes: &[u8]) {
    desk.will_save_to(to);
    assert_eq!(desk.call("export.start", json!({})).await["saved"], true);
    let (all, mut zip) = crate::home::exported(to);
    let left = all["left"].as_array().unwrap();
    assert_eq!(left.len(), count, "{left:?}");
    assert!(left.iter().any(|it| it["text"] == "Stämpeln saknas helt"), "{left:?}");
    let saved = left.iter().find_map(|it| it["saved_as"].as_str()).unwrap();
    let mut file = Vec::new();
    zip.by_name(saved).unwrap().read_to_end(&mut file).unwrap();
    assert_eq!(file, bytes);
}

/// The officer's colleague, by id.
async fn file_with_colleagues(desk: &Desk, case: &str) -> Value {
    let known = file(desk, case, "the colleagues", |it| it["colleagues"] != json!([])).await;
    known["colleagues"][0]["person"].clone()
}

/// What was typed beside a text comes back with it.
#[tokio::test(flavor = "multi_thread")]
async fn an_examination_and_a_level_that_are_taken_back_are_in_their_forms_again() {
    let server = TestServer::start().await;
    let [one, two] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let holder = desk(&server, one.path(), TECHNICIAN).await;
    let relay = Relay::to(server.address()).await;
    let officer = Desk::open(two.path());
    officer.sign_in(&server, &relay.url(), OFFICER).await;
    let case = officer.case(ENERGY).await;
    holder.case(ENERGY).await;
    bring_in_all(&holder, &officer, &case, one.path()).await;
    pass_exam(&officer, &case, "tentamen").await;
    file(&officer, &case, "all of it", |it| it["on_their_way"] == json!([])).await;
    file(&holder, &case, "the exam", |it| it["exams"] != json!([])).await;
    relay.cut();
    officer.line("offline").await;
    officer.call("cases.letter_save", letter(&case, "Du är", Some("k"))).await;
    let kept = file(&officer, &case, "the level", |it| it["letter"]["level"] == "k").await;
    assert_eq!(kept["letter"]["granted_on"], "2026-11-20");
    let back = async |queued: Value| {
        // while a try is under way nobody knows whether it leaves
        until("it is taken back", async || {
            let command = json!({ "command": queued["command"] });
            officer.try_call("outbox.withdraw", command).await.ok()
        })
        .await;
        file(&officer, &case, "the form", |_| true).await
    };
    let exam = json!({
        "case": case, "part": "tentamen", "held_on": "2026-11-01", "mark": "91 %", "passed": true,
    });
    officer.call("cases.exam_save", exam.clone()).await;
    let queued = officer.call("cases.record_exam", exam).await;
    let sent = file(&officer, &case, "the result", |_| true).await;
    assert_eq!(sent["exam"], json!(null), "what was sent is in no form");
    let form = back(queued).await;
    let typed = json!({
        "part": "tentamen", "held_on": "2026-11-01", "mark": "91 %", "passed": true,
    });
    assert_eq!(form["exam"], typed);
    let queued = officer.call("cases.grant", grant(&case, Some("n"))).await;
    let form = back(queued).await;
    let letter = json!({
        "case": case, "text": "Du är certifierad.", "level": "n", "granted_on": "2026-11-20",
    });
    assert_eq!(form["letter"], letter);
}

/// Covers KW-16, KW-17, KW-20, KW-21, KW-22, KW-26, KW-27, KW-28, KW-31, KW-32, KW-33
#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_granted_once_all_is_accepted_and_the_panel_follows() {
    let server = TestServer::start().await;
    let [one, two] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let holder = desk(&server, one.path(), TECHNICIAN).await;
    let officer = desk(&server, two.path(), OFFICER).await;
    let case = officer.case(ENERGY).await;
    assert_eq!(holder.case(ENERGY).await, case);
    let panel = file(&holder, &case, "the panel", |it| it["levels"] != json!([])).await;
    assert_eq!(panel["holder"], TECHNICIAN.name);
    assert_eq!(panel["identity_number"], "19850312-2387");
    assert_eq!(panel["scheme"]["sv"], ENERGY);
    assert_eq!(panel["number"], "2026-11907");
    assert_eq!(panel["stage"], "application");
    assert_eq!(panel["certificate"], json!(null), "no number before the certificate is granted");

    // too early: documents are missing, then the examination, then the level
    let early = officer.try_call("cases.grant", grant(&case, Some("n"))).await.unwrap_err();
    let why = &early["params"]["rejection"];
    assert_eq!((&why["code"], &why["params"]["open"]), (&json!("rows_open"), &json!(3)));
    bring_in_all(&holder, &officer, &case, one.path()).await;
    let early = officer.try_call("cases.grant", grant(&case, Some("n"))).await.unwrap_err();
    assert_eq!(early["params"]["rejection"]["code"], "exam_missing");
    let failed = json!({
        "case": case, "part": "tentamen", "held_on": "2026-09-01", "mark": "41 %", "passed": false,
    });
    officer.call("cases.record_exam", failed).await;
    pass_exam(&officer, &case, "tentamen").await;
    let passed = |it: &Value| it["exams"][0]["passed"] == true;
    let panel = file(&holder, &case, "the later mark", passed).await;
    assert_eq!(panel["exams"][0]["mark"], "82 %", "the later of two marks stands first");
    assert_eq!(panel["exams"][1]["mark"], "41 %");
    for level in [None, Some("x")] {
        let refused = officer.try_call("cases.grant", grant(&case, level)).await.unwrap_err();
        assert_eq!(refused["params"]["rejection"]["code"], "level_unknown");
    }

    officer.call("cases.grant", grant(&case, Some("k"))).await;
    let granted = |it: &Value| it["certificate"] != json!(null);
    let certificate = file(&holder, &case, "the certificate", granted).await["certificate"].clone();
    assert_eq!(certificate["number"], "CEX-2026-11907");
    assert_eq!(certificate["level"]["sv"], "K, komplexa byggnader");
    assert_eq!(certificate["granted_on"], "2026-11-20");
    assert_eq!(certificate["valid_to"], "2031-11-20", "five years");
    assert_eq!((&certificate["card"], &certificate["published"]), (&json!(false), &json!(false)));
    officer
        .call("cases.set_proofs", json!({ "case": case, "card": true, "published": true }))
        .await;
    let proven = |it: &Value| it["certificate"]["card"] == true;
    let panel = file(&holder, &case, "the card", proven).await;
    assert_eq!(panel["certificate"]["published"], true);

    // the menu lists what is granted and what is being processed, told apart, and each opens its own panel
    let listed = holder.call("cases.list", json!({})).await;
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), 2);
    for entry in listed {
        let is_granted = entry["id"] == case.as_str();
        assert_eq!(entry["stage"], if is_granted { "granted" } else { "application" });
        assert_eq!(entry["certificate"].is_null(), !is_granted);
        let opened = holder.call("cases.show", json!({ "case": entry["id"] })).await;
        assert_eq!(opened["number"], entry["number"]);
        assert_eq!(opened["certificate"].is_null(), !is_granted);
    }

    // a scheme without levels shows none
    let other = officer.case(F_GAS).await;
    bring_in_all(&holder, &officer, &other, one.path()).await;
    pass_exam(&officer, &other, "teori").await;
    pass_exam(&officer, &other, "praktik").await;
    officer.call("cases.grant", grant(&other, None)).await;
    let panel = file(&holder, &other, "the other certificate", granted).await;
    assert_eq!(panel["certificate"]["level"], json!(null));
    let listed = holder.call("cases.list", json!({})).await;
    let numbers: Vec<&Value> =
        listed.as_array().unwrap().iter().map(|case| &case["certificate"]).collect();
    assert!(numbers.contains(&&json!("FG-2026-10482")), "{numbers:?}");
}

/// Covers KW-39
#[tokio::test(flavor = "multi_thread")]
async fn a_decision_reaches_the_applicant_as_a_message_and_a_mail_that_says_nothing_of_it() {
    let server = TestServer::start().await;
    let [one, two] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let holder = desk(&server, one.path(), TECHNICIAN).await;
    let officer = desk(&server, two.path(), OFFICER).await;
    let case = officer.case(F_GAS).await;
    holder.case(F_GAS).await;
    let text = "Din utbildning omfattar inte kylteknik. Du kan söka igen när du har läst den.";
    officer.call("cases.letter_save", letter(&case, text, None)).await;
    let is_kept = |it: &Value| it["letter"]["text"] == text;
    let kept = file(&officer, &case, "the letter as it is written", is_kept).await;
    assert_eq!(kept["stage"], "application");
    let before = server.mails_to(TECHNICIAN.email).len();
    officer.call("cases.refuse", json!({ "case": case, "text": text })).await;
    holder.sees(&case, text, "received").await;
    let decided = file(&officer, &case, "the decision", |it| it["on_their_way"] == json!([])).await;
    assert_eq!(decided["stage"], "refused");
    assert_eq!(decided["letter"]["text"], "", "a letter that was sent is no draft");
    let mails = until("the mail", async || {
        let mails = server.mails_to(TECHNICIAN.email);
        (mails.len() > before).then_some(mails)
    })
    .await;
    assert!(mails.iter().all(|mail| !format!("{mail:?}").contains("kylteknik")));

    // a second decision, an exam or a withdrawal comes too late
    let late =
        officer.try_call("cases.refuse", json!({ "case": case, "text": "En gång till" })).await;
    let late = late.unwrap_err();
    assert_eq!(late["params"]["rejection"]["code"], "case_decided");
    assert_eq!(late["params"]["rejection"]["params"]["stage"], "refused");
    let blank = officer.try_call("cases.refuse", json!({ "case": case, "text": " \n" })).await;
    assert!(blank.is_err());
}

/// What was granted while the applicant was offline stays granted, and they are told.
#[tokio::test(flavor = "multi_thread")]
async fn an_application_withdrawn_offline_after_the_decision_stays_decided() {
    let server = TestServer::start().await;
    let [one, two] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let relay = Relay::to(server.address()).await;
    let holder = Desk::open(one.path());
    holder.sign_in(&server, &relay.url(), TECHNICIAN).await;
    let officer = desk(&server, two.path(), OFFICER).await;
    let case = holder.case(ENERGY).await;
    officer.case(ENERGY).await;
    bring_in_all(&holder, &officer, &case, one.path()).await;
    relay.cut();
    holder.line("offline").await;
    let withdrawn = holder.call("cases.withdraw", json!({ "case": case })).await;
    let forecast = file(&holder, &case, "the forecast", |_| true).await;
    assert_eq!(forecast["stage"], "withdrawn");
    assert_eq!(forecast["on_their_way"][0]["command"], withdrawn["command"]);
    pass_exam(&officer, &case, "tentamen").await;
    officer.call("cases.grant", grant(&case, Some("n"))).await;
    file(&officer, &case, "the grant", |it| it["on_their_way"] == json!([])).await;
    relay.mend();
    holder.call("sync.now", json!({})).await;
    let told = |it: &Value| it["stage"] == "granted" && !it["on_their_way"][0]["reason"].is_null();
    let stands = file(&holder, &case, "the truth", told).await;
    let refused = &stands["on_their_way"][0];
    assert_eq!(refused["kind"], "withdraw_application");
    assert_eq!(refused["reason"]["code"], "case_decided");
    assert_eq!(stands["certificate"]["number"], "CEX-2026-11907");
}

/// Whoever is not the case's officer gets nowhere with its id, and is not told that there is such a case.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_acts_on_a_case_that_is_not_theirs() {
    let server = TestServer::start().await;
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let owner = desk(&server, folders[0].path(), APPLICANT).await;
    let case = owner.case(F_GAS).await;
    let stranger = desk(&server, folders[1].path(), TECHNICIAN).await;
    stranger.case(F_GAS).await;
    let asked = json!({
        "purpose": "handling", "text": "", "handled_by": "anybody", "stage": null, "after": null,
    });
    assert!(stranger.try_call("queue.search", asked).await.is_err(), "no applicant has a queue");
    let acts = [
        ("cases.assign", json!({ "case": case, "from": null, "to": "me" })),
        ("cases.refuse", json!({ "case": case, "text": "Nej" })),
        ("cases.grant", grant(&case, None)),
        ("cases.withdraw", json!({ "case": case })),
        ("cases.set_proofs", json!({ "case": case, "card": true, "published": true })),
    ];
    for (method, params) in acts {
        // this replica cannot tell; the server can
        let queued = stranger.call(method, params).await;
        let code = until(method, async || {
            let outbox = stranger.call("outbox.list", json!({})).await;
            let entries = outbox.as_array().unwrap().clone();
            let entry = entries.into_iter().find(|it| it["command"] == queued["command"])?;
            (entry["state"] == "refused").then(|| entry["reason"]["code"].clone())
        })
        .await;
        let unseen = ["case_not_found", "officer_not_found"];
        assert!(unseen.contains(&code.as_str().unwrap()), "{method}: {code}");
    }
    // nor does the applicant decide their own case
    let own = owner.try_call("cases.refuse", json!({ "case": case, "text": "Ja" })).await;
    assert_eq!(own.unwrap_err()["params"]["rejection"]["code"], "officer_only");
    let file_of = file(&owner, &case, "the case", |_| true).await;
    assert_eq!((&file_of["officer"], &file_of["stage"]), (&json!(null), &json!("application")));
}
