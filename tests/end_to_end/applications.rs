//! Applying for a certification: drafted without a line, sent, decided by the server, taken by an officer.

use behorig_domain::Command;
use behorig_server::{
    demo::{APPLICANT, DemoPerson, INVITED, OFFICER, TECHNICIAN},
    packs,
};
use behorig_testkit::{Browser, Desk, Relay, TestServer, until};
use serde_json::{Value, json};

use crate::{
    cases::{bring_in_all, desk, file, grant, only, pass_exam, queue},
    links::{choose, code, link},
};

const F_GAS: &str = "F-gas, kategori I";
const ENERGY: &str = "Energiexpert";
/// The number after the highest that the demo's cases have.
const NEXT: &str = "2026-12045";

/// What can be applied for of this scheme, once it is known here.
async fn offer(desk: &Desk, scheme: &str) -> Value {
    until(scheme, async || {
        let form = desk.call("applications.form", json!({})).await;
        form["offers"].as_array()?.iter().find(|offer| offer["scheme"] == scheme).cloned()
    })
    .await
}

async fn application(desk: &Desk, scheme: &str, text: &str) -> Value {
    let offer = offer(desk, scheme).await;
    json!({
        "service": offer["service"], "scheme": scheme, "renews": null,
        "identity_number": offer["identity_number"], "text": text,
    })
}

/// The entry of the outbox for a command, once it stands so.
async fn entry(desk: &Desk, command: &Value, state: &str) -> Value {
    until(&format!("the application is {state}"), async || {
        let outbox = desk.call("outbox.list", json!({})).await;
        let entries = outbox.as_array()?;
        let entry = entries.iter().find(|it| it["command"] == *command)?.clone();
        (entry["state"] == state).then_some(entry)
    })
    .await
}

/// Sends what the server is to refuse; gives the code.
async fn refused(desk: &Desk, application: &Value) -> String {
    let code = |reason: &Value| reason["code"].as_str().unwrap().to_owned();
    match desk.try_call("applications.send", application.clone()).await {
        Err(error) => code(&error["params"]["rejection"]),
        Ok(queued) => code(&entry(desk, &queued["command"], "refused").await["reason"]),
    }
}

/// Whoever is let in without a case begins with an application.
///
/// Covers KW-96
#[tokio::test(flavor = "multi_thread")]
async fn who_has_an_account_and_no_case_applies() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let browser = Browser::new("sv-SE,sv;q=0.9");
    let link = link(&server, INVITED, 1).await;
    let code = code(&browser, &server, INVITED, &link).await;
    choose(&browser, &server, &link, &code, INVITED.password).await;
    let desk = desk(&server, data.path(), INVITED).await;
    let mut asked = application(&desk, "f-gas-1", "Jag har arbetat i nio år.").await;
    assert_eq!(desk.call("cases.list", json!({})).await, json!([]));
    assert_eq!(asked["identity_number"], json!(null), "nobody knows it yet");
    asked["identity_number"] = json!("198112189876");
    desk.call("applications.send", asked).await;
    let case = desk.case(F_GAS).await;
    let opened = file(&desk, &case, "the case", |_| true).await;
    assert_eq!((&opened["number"], &opened["holder"]), (&json!(NEXT), &json!(INVITED.name)));
}

/// Covers KW-96, KW-97
#[tokio::test(flavor = "multi_thread")]
async fn an_application_drafted_offline_becomes_a_case_that_an_officer_takes() {
    let server = TestServer::start().await;
    let [one, two] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let line = Relay::to(server.address()).await;
    let applicant = Desk::open(one.path());
    applicant.sign_in(&server, &line.url(), APPLICANT).await;
    let written = application(&applicant, "energy-expert", "Jag har gått kursen i maj.").await;
    assert_eq!(written["identity_number"], "19790824-2394", "what the body knows stands there");
    line.cut();
    applicant.line("offline").await;
    applicant.call("applications.save", written.clone()).await;
    drop(applicant);

    // the draft outlives the program, and so does what waits to be sent
    let applicant = Desk::open(one.path());
    applicant.unlock().await;
    let form = applicant.call("applications.form", json!({})).await;
    assert_eq!(form["draft"], written);
    let queued = applicant.call("applications.send", written.clone()).await;
    let twice = applicant.call("applications.send", written.clone()).await;
    drop(applicant);
    let applicant = Desk::open(one.path());
    applicant.unlock().await;
    let form = applicant.call("applications.form", json!({})).await;
    assert_eq!(form["draft"], json!(null), "what was sent is no draft");
    assert_eq!(form["under_way"].as_array().unwrap().len(), 2);
    assert_eq!(form["under_way"][0]["state"], "queued");
    assert_eq!(form["under_way"][0]["name"]["sv"], ENERGY);
    let cases = applicant.call("cases.list", json!({})).await;
    assert_eq!(cases.as_array().unwrap().len(), 1, "what is queued never looks like a case");

    line.mend();
    applicant.call("sync.now", json!({})).await;
    entry(&applicant, &queued["command"], "received").await;
    let case = applicant.case(ENERGY).await;
    let panel = file(&applicant, &case, "the case", |_| true).await;
    assert_eq!((&panel["number"], &panel["officer"]), (&json!(NEXT), &json!(null)));
    assert_eq!((&panel["stage"], &panel["mine"]), (&json!("application"), &json!(true)));
    assert_eq!(panel["identity_number"], "19790824-2394");
    assert!(!applicant.row(&case, "Projektlista").await["required"].is_null());
    applicant.sees(&case, "Jag har gått kursen i maj.", "received").await;

    // the second of the two is refused, and what was typed can be written again
    let why = entry(&applicant, &twice["command"], "refused").await;
    assert_eq!(why["reason"]["code"], "already_applied");
    assert_eq!(why["reason"]["params"]["number"], NEXT);
    assert_eq!(why["subject"], ENERGY);
    let again = json!({ "command": twice["command"] });
    applicant.call("outbox.write_again", again).await;
    let form = applicant.call("applications.form", json!({})).await;
    assert_eq!((&form["draft"], &form["under_way"]), (&written, &json!([])));
    // from now on this computer knows that it would be
    assert_eq!(refused(&applicant, &written).await, "already_applied");

    let officer = desk(&server, two.path(), OFFICER).await;
    assert_eq!(only(&queue(&officer, "nobody", NEXT).await)["holder"], APPLICANT.name);
    let take = json!({ "case": case, "from": null, "to": "me" });
    officer.call("cases.assign", take).await;
    officer.sees(&case, "Jag har gått kursen i maj.", "received").await;
    let has = |it: &Value| it["officer"] == OFFICER.name;
    file(&applicant, &case, "the officer's name", has).await;

    // taken back, it can be applied for again, under the next number
    applicant.call("cases.withdraw", json!({ "case": case })).await;
    file(&officer, &case, "the withdrawal", |it| it["stage"] == "withdrawn").await;
    applicant.call("sync.now", json!({})).await;
    let again = applicant.call("applications.send", written).await;
    entry(&applicant, &again["command"], "received").await;
    assert_eq!(queue(&officer, "nobody", "2026-12046").await["total"], 1);
}

/// Covers KW-96
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_renewed_by_a_new_application_and_both_see_which() {
    let server = TestServer::start().await;
    let [one, two] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let holder = desk(&server, one.path(), TECHNICIAN).await;
    let officer = desk(&server, two.path(), OFFICER).await;
    let case = officer.case(ENERGY).await;
    holder.case(ENERGY).await;
    let before = application(&holder, "energy-expert", "").await;
    assert_eq!(offer(&holder, "energy-expert").await["undecided"], "2026-11907");
    assert_eq!(refused(&holder, &before).await, "already_applied");

    bring_in_all(&holder, &officer, &case, one.path()).await;
    pass_exam(&officer, &case, "tentamen").await;
    officer.call("cases.grant", grant(&case, Some("k"))).await;
    let granted = |it: &Value| it["certificate"] != json!(null);
    file(&holder, &case, "the certificate", granted).await;
    let of = offer(&holder, "energy-expert").await;
    assert_eq!(of["undecided"], json!(null));
    let certificate = json!({ "case": case, "number": "CEX-2026-11907", "valid_to": "2031-11-20" });
    assert_eq!(of["certificates"], json!([certificate]));

    // another's certificate, or one of another certification, is not renewed by it
    let other = holder.case(F_GAS).await;
    for renews in [json!(other), json!("00000000-0000-4000-8000-000000000000")] {
        let mut wrong = before.clone();
        wrong["renews"] = renews;
        assert_eq!(refused(&holder, &wrong).await, "nothing_to_renew");
    }
    let mut renewal = before;
    renewal["renews"] = json!(case);
    let queued = holder.call("applications.send", renewal).await;
    entry(&holder, &queued["command"], "received").await;
    let found = queue(&officer, "nobody", NEXT).await;
    let id = only(&found)["id"].as_str().unwrap().to_owned();
    let panel = file(&holder, &id, "the renewal", |_| true).await;
    assert_eq!(panel["renews"], "CEX-2026-11907");
    officer.call("cases.assign", json!({ "case": id, "from": null, "to": "me" })).await;
    let panel = file(&officer, &id, "the renewal at the officer's", |_| true).await;
    assert_eq!(panel["renews"], "CEX-2026-11907");
    // the certificate stands until it is replaced
    let old = file(&holder, &case, "the certificate", granted).await;
    assert_eq!(old["certificate"]["valid_to"], "2031-11-20", "nothing extends it by itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_apply_is_told_why_and_nothing_comes_of_it() {
    let server = TestServer::start().await;
    let [one, two] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let applicant = desk(&server, one.path(), APPLICANT).await;
    let officer = desk(&server, two.path(), OFFICER).await;
    let right = application(&applicant, "energy-expert", "Hej").await;
    let with = |field: &str, value: Value| {
        let mut wrong = right.clone();
        wrong[field] = value;
        wrong
    };
    let nowhere = json!("00000000-0000-4000-8000-000000000000");
    let long = json!("å".repeat(2_001));
    for (wrong, code) in [
        // another person's, whom the body knows, and one that it does not know: told alike
        (with("identity_number", json!("19850312-2387")), "identity_number_differs"),
        (with("identity_number", json!("19811218-9876")), "identity_number_differs"),
        (with("identity_number", json!("19811218-9875")), "identity_number_unusable"),
        (with("identity_number", json!("<script>")), "identity_number_unusable"),
        (with("identity_number", json!("")), "identity_number_unusable"),
        (with("scheme", json!("nothing")), "scheme_not_found"),
        (with("service", nowhere), "scheme_not_found"),
        (with("text", long), "message_too_long"),
        (with("renews", json!("00000000-0000-4000-8000-000000000000")), "nothing_to_renew"),
    ] {
        assert_eq!(refused(&applicant, &wrong).await, code, "{wrong}");
    }
    // more than a draft may be is turned away before anything is kept
    let huge = with("text", json!("x".repeat(1_000_000)));
    for method in ["applications.save", "applications.send"] {
        assert_eq!(
            applicant.try_call(method, huge.clone()).await.unwrap_err()["code"],
            "bad_request"
        );
    }

    // a certification is closed while somebody who does not know it yet applies
    let line = Relay::to(server.address()).await;
    let three = tempfile::tempdir().unwrap();
    let late = Desk::open(three.path());
    late.sign_in(&server, &line.url(), APPLICANT).await;
    let written = application(&late, "energy-expert", "Hej").await;
    line.cut();
    late.line("offline").await;
    let queued = late.call("applications.send", written).await;
    let mut pack = packs::read(packs::CERTIFICATION).unwrap();
    let schemes = pack.schemes.iter_mut();
    schemes.filter(|scheme| scheme.code == "energy-expert").for_each(|it| it.closed = true);
    server.running().operator().command(Command::PublishService(pack)).await.unwrap();
    line.mend();
    late.call("sync.now", json!({})).await;
    let why = entry(&late, &queued["command"], "refused").await;
    assert_eq!(why["reason"]["code"], "scheme_closed");
    let gone = until("it is no longer offered", async || {
        let form = late.call("applications.form", json!({})).await;
        let offers = form["offers"].as_array()?.clone();
        offers.iter().all(|offer| offer["scheme"] != "energy-expert").then_some(offers)
    })
    .await;
    assert!(gone.iter().any(|offer| offer["scheme"] == "f-gas-1"), "the others still are");
    assert_eq!(queue(&officer, "anybody", ENERGY).await["total"], 1, "only the demo's own case");
}

/// Every application of a crowd gets a number of its own.
#[tokio::test(flavor = "multi_thread")]
async fn two_who_apply_at_once_get_two_numbers() {
    let server = TestServer::start().await;
    let people: [(DemoPerson, &str); 2] = [(APPLICANT, "energy-expert"), (TECHNICIAN, "f-gas-1")];
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut sent = Vec::new();
    for ((person, scheme), folder) in people.into_iter().zip(&folders) {
        let desk = desk(&server, folder.path(), person).await;
        if person.user_name == TECHNICIAN.user_name {
            let case = desk.case(F_GAS).await;
            desk.call("cases.withdraw", json!({ "case": case })).await;
            until("the withdrawal", async || {
                let of = offer(&desk, scheme).await;
                of["undecided"].is_null().then_some(())
            })
            .await;
        }
        let written = application(&desk, scheme, "").await;
        sent.push((desk, written));
    }
    let [(one, first), (two, second)] = &sent[..] else { unreachable!() };
    let (one_sent, two_sent) = tokio::join!(
        one.call("applications.send", first.clone()),
        two.call("applications.send", second.clone()),
    );
    entry(one, &one_sent["command"], "received").await;
    entry(two, &two_sent["command"], "received").await;
    let mut numbers = Vec::new();
    for desk in [one, two] {
        let cases = desk.call("cases.list", json!({})).await;
        let all = cases.as_array().unwrap().iter().map(|case| case["number"].as_str().unwrap());
        numbers.extend(all.filter(|number| *number > "2026-12044").map(str::to_owned));
    }
    numbers.sort();
    assert_eq!(numbers, [NEXT, "2026-12046"]);
}
