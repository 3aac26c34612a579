//! Contact details: shown, changed in two steps, decided by the officer; and letters to whoever has no mail.

use std::path::Path;

use behorig_server::demo::{DemoPerson, OFFICER, TECHNICIAN};
use behorig_testkit::{Desk, Relay, TestServer, until};
use serde_json::{Value, json};

const CASE: &str = "F-gas, kategori I";
const OTHER_CASE: &str = "Energiexpert";
const STRANGER: DemoPerson = DemoPerson {
    name: "Örjan Utomstående",
    user_name: "orjan",
    password: "ingenting här",
    phone: "+46701740607",
    email: "orjan@example.com",
};

/// A desk with the details of a case on it.
async fn desk(server: &TestServer, url: &str, data: &Path, who: DemoPerson) -> (Desk, String) {
    let desk = Desk::open(data);
    desk.sign_in(server, url, who).await;
    let case = desk.case(CASE).await;
    contact(&desk, &case, |_| true).await;
    (desk, case)
}

/// The details, once they are as asked.
async fn contact(desk: &Desk, case: &str, is: impl Fn(&Value) -> bool) -> Value {
    until("the details", async || {
        let contact = desk.call("contact.show", json!({ "case": case })).await;
        (!contact.is_null() && is(&contact)).then_some(contact)
    })
    .await
}

fn detail<'a>(contact: &'a Value, field: &str) -> &'a str {
    let details = contact["details"].as_array().unwrap();
    details.iter().find(|each| each["field"] == field).unwrap()["value"].as_str().unwrap()
}

fn typed(case: &str, text: Value) -> Value {
    json!({ "case": case, "text": text.to_string() })
}

/// The latest proposal as it is seen, once the server has it and it waits.
async fn proposal(desk: &Desk, case: &str) -> Value {
    let seen = contact(desk, case, |it| {
        it["proposal"]["handling"] == "waiting" && it["proposal"]["state"] == "received"
    });
    let seen = seen.await["proposal"].clone();
    json!({ "case": case, "proposal": seen["proposal"], "changes": seen["changes"] })
}

async fn handled(desk: &Desk, case: &str, how: &str) -> Value {
    contact(desk, case, |it| {
        it["proposal"]["handling"] == how
            && (it["proposal"]["handling_state"].is_null()
                || it["proposal"]["handling_state"] == "received")
    })
    .await
}

async fn mails(server: &TestServer, address: &str, count: usize) {
    until(&format!("{count} mails to {address}"), async || {
        let mails = server.mails_to(address).len();
        assert!(mails <= count, "{mails} mails");
        (mails == count).then_some(())
    })
    .await;
}

/// Covers KW-57, KW-58, KW-59, KW-60, KW-61
#[tokio::test(flavor = "multi_thread")]
async fn a_change_written_without_a_line_stands_beside_the_old_value_until_the_officer_accepts() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let (data, officers_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &line.url(), data.path(), TECHNICIAN).await;
    let (officer, _) = self::desk(&server, &server.url(), officers_data.path(), OFFICER).await;
    mails(&server, TECHNICIAN.email, 2).await;
    let before = contact(&desk, &case, |_| true).await;
    for (field, value) in [
        ("name", "Åsa Lindqvist"),
        ("street", "Kopparvägen 12"),
        ("postal_code", "791\u{a0}42"),
        ("phone", "070-174\u{a0}06\u{a0}05"),
        ("company_number", "556703-7485"),
        ("billing", "own"),
        ("billing_reference", "Åsa, intyg"),
        ("channel", "digital"),
    ] {
        assert_eq!(detail(&before, field), value, "{field}");
    }
    assert_eq!((&before["mine"], &before["mine_to_handle"]), (&json!(true), &json!(false)));
    line.cut();
    desk.line("offline").await;
    let form = json!({ "town": "Falun", "street": " Silvergatan 3", "phone": "08-123 456 78" });
    desk.call("contact.draft_save", typed(&case, form.clone())).await;
    drop(desk);

    let desk = Desk::open(data.path());
    desk.unlock().await;
    let kept = contact(&desk, &case, |_| true).await;
    assert_eq!(kept["draft"], form.to_string(), "what was typed outlives the program");
    let preview = desk.call("contact.check", typed(&case, form.clone())).await;
    let changes = json!([
        { "field": "street", "from": "Kopparvägen 12", "to": "Silvergatan 3" },
        {
            "field": "phone",
            "from": "070-174\u{a0}06\u{a0}05",
            "to": "08-123\u{a0}456\u{a0}78",
        },
    ]);
    assert_eq!(preview, json!({ "changes": changes, "faults": [] }), "only what changes");
    assert_eq!(desk.call("outbox.list", json!({})).await, json!([]), "nothing leaves before");

    desk.call("contact.propose", typed(&case, form)).await;
    let queued = contact(&desk, &case, |_| true).await;
    assert_eq!(queued["draft"], "");
    assert_eq!(queued["proposal"]["state"], "queued");
    assert_eq!(queued["proposal"]["changes"], changes);
    assert_eq!(detail(&queued, "street"), "Kopparvägen 12", "the old value still stands");
    line.mend();
    desk.call("sync.now", json!({})).await;

    let asked = proposal(&officer, &case).await;
    let seen = contact(&officer, &case, |_| true).await;
    assert_eq!(seen["mine_to_handle"], true);
    let cases = officer.call("cases.list", json!({})).await;
    let to_handle = |case: &Value| case["contact_to_handle"].as_i64().unwrap();
    assert_eq!(cases.as_array().unwrap().iter().map(to_handle).sum::<i64>(), 2, "in both cases");
    assert_eq!(seen["proposal"]["changes"], changes);
    assert_eq!(detail(&seen, "street"), "Kopparvägen 12");
    officer.call("contact.accept", asked).await;
    let new = handled(&desk, &case, "accepted").await;
    assert_eq!(detail(&new, "street"), "Silvergatan 3");
    assert_eq!(new["proposal"]["handled_by"], OFFICER.name);
    // the same details in every case of the person's with the body
    let other = desk.case(OTHER_CASE).await;
    let other = contact(&desk, &other, |_| true).await;
    assert_eq!(detail(&other, "street"), "Silvergatan 3");
    mails(&server, TECHNICIAN.email, 3).await;
    let mail = server.mails_to(TECHNICIAN.email).pop().unwrap();
    let shown = format!("{} {}", mail.subject, mail.text);
    assert!(!shown.contains("Silver") && !shown.contains("adress"), "{shown}");
}

/// Covers KW-61
#[tokio::test(flavor = "multi_thread")]
async fn two_who_decide_the_same_proposal_do_not_both_and_the_holder_reads_the_reason() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &server.url(), folders[0].path(), TECHNICIAN).await;
    let (officer, _) = self::desk(&server, &server.url(), folders[1].path(), OFFICER).await;
    let (slow, _) = self::desk(&server, &line.url(), folders[2].path(), OFFICER).await;
    desk.call("contact.propose", typed(&case, json!({ "town": "Umeå" }))).await;
    let asked = proposal(&slow, &case).await;
    proposal(&officer, &case).await;
    line.cut();
    slow.line("offline").await;
    slow.call("contact.accept", asked.clone()).await;
    let forecast = contact(&slow, &case, |_| true).await;
    assert_eq!(forecast["proposal"]["handling_state"], "queued");
    assert_eq!(detail(&forecast, "town"), "Falun", "not before the server says so");

    // nobody decides on anything but what stood before them
    let mut other = asked.clone();
    other["changes"][0]["to"] = json!("Luleå");
    other["reason"] = json!("Nej.");
    for method in ["contact.accept", "contact.refuse"] {
        let unseen = officer.try_call(method, other.clone()).await.unwrap_err();
        assert_eq!(unseen["params"]["rejection"]["code"], "proposal_replaced");
    }

    let mut refuse = asked.clone();
    refuse["reason"] = json!("");
    let blank = officer.try_call("contact.refuse", refuse.clone()).await.unwrap_err();
    assert_eq!(blank["params"]["rejection"]["code"], "reason_missing");
    refuse["reason"] = json!("Postnumret hör inte till Umeå.");
    officer.call("contact.refusal_save", refuse.clone()).await;
    officer.call("contact.refuse", refuse).await;
    let refused = handled(&desk, &case, "refused").await;
    assert_eq!(refused["proposal"]["handled_why"], "Postnumret hör inte till Umeå.");
    assert_eq!(detail(&refused, "town"), "Falun");

    line.mend();
    slow.call("sync.now", json!({})).await;
    let told = contact(&slow, &case, |it| it["proposal"]["handling_state"] == "refused").await;
    assert_eq!(told["proposal"]["handling_reason"]["code"], "proposal_handled");
    assert_eq!(told["proposal"]["handling"], "refused");
    // the holder proposes anew, and may take it back
    desk.call("contact.propose", typed(&case, json!({ "town": "Luleå" }))).await;
    let again = proposal(&desk, &case).await;
    desk.call("contact.withdraw", again).await;
    handled(&officer, &case, "withdrawn").await;
}

/// Covers KW-59
#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_from_the_outbox_is_in_the_form_again() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let data = tempfile::tempdir().unwrap();
    let (desk, case) = self::desk(&server, &line.url(), data.path(), TECHNICIAN).await;
    line.cut();
    desk.line("offline").await;
    desk.call("contact.propose", typed(&case, json!({ "town": "Umeå", "care_of": "Berg" }))).await;
    desk.call("contact.draft_save", typed(&case, json!({ "town": "Luleå" }))).await;
    // while a try is under way nobody knows whether it leaves
    until("it is taken back", async || {
        let queued = desk.call("contact.show", json!({ "case": case })).await;
        let command = queued["proposal"]["withdraw"].as_str()?.to_owned();
        desk.try_call("outbox.withdraw", json!({ "command": command })).await.ok()
    })
    .await;
    let back = contact(&desk, &case, |_| true).await;
    assert_eq!(back["proposal"], json!(null));
    let form: Value = serde_json::from_str(back["draft"].as_str().unwrap()).unwrap();
    assert_eq!(form, json!({ "town": "Luleå", "care_of": "Berg" }), "what was typed last counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_detail_that_cannot_be_sent_is_named_and_any_text_comes_back_as_text() {
    let server = TestServer::start().await;
    let (data, officers_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &server.url(), data.path(), TECHNICIAN).await;
    let (officer, _) = self::desk(&server, &server.url(), officers_data.path(), OFFICER).await;
    let wrong = json!({ "postal_code": "7914", "phone": "ring mig", "email": "asa@" });
    let preview = desk.call("contact.check", typed(&case, wrong.clone())).await;
    let faults: Vec<_> = preview["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["field"].as_str().unwrap(), &fault["reason"]["params"]["fault"]))
        .collect();
    assert_eq!(
        faults,
        [
            ("postal_code", &json!("no_postal_code")),
            ("phone", &json!("no_phone")),
            ("email", &json!("no_email")),
        ]
    );
    let refused = desk.try_call("contact.propose", typed(&case, wrong)).await.unwrap_err();
    assert_eq!(refused["params"]["rejection"]["code"], "contact_field_unusable");
    let same = desk.try_call("contact.propose", typed(&case, json!({ "town": "Falun" }))).await;
    assert_eq!(same.unwrap_err()["params"]["rejection"]["code"], "nothing_changed");

    let texts = json!({
        "name": "<script>alert(1)</script>",
        "care_of": "=HYPERLINK(\"http://x\")",
        "street": "\u{202e}12 negatS",
        "town": "🧊 Kalmar",
        "company_name": "'; DROP TABLE contact; --",
        "billing_reference": "{{7*7}} ${x} %s \\n",
    });
    desk.call("contact.propose", typed(&case, texts.clone())).await;
    let asked = proposal(&officer, &case).await;
    officer.call("contact.accept", asked).await;
    for desk in [&desk, &officer] {
        let new = handled(desk, &case, "accepted").await;
        for (field, text) in texts.as_object().unwrap() {
            assert_eq!(detail(&new, field), text.as_str().unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_gets_at_the_details() {
    let server = TestServer::start().await;
    let DemoPerson { name, user_name, password, phone, email } = STRANGER;
    let operator = server.running().operator();
    operator.register(name, user_name, password, phone, Some(email)).await.unwrap();
    let (data, strangers_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &server.url(), data.path(), TECHNICIAN).await;
    let stranger = Desk::open(strangers_data.path());
    stranger.sign_in(&server, &server.url(), STRANGER).await;
    stranger.line("online").await;
    let proposed = json!({ "town": "Umeå" });
    desk.call("contact.propose", typed(&case, proposed.clone())).await;
    let asked = proposal(&desk, &case).await;
    let mut refuse = asked.clone();
    refuse["reason"] = json!("Nej.");
    for params in
        [&json!({ "case": case }), &json!({ "case": "00000000-0000-0000-0000-000000000000" })]
    {
        assert_eq!(stranger.call("contact.show", params.clone()).await, json!(null));
    }
    for (method, params) in [
        ("contact.check", typed(&case, proposed.clone())),
        ("contact.propose", typed(&case, proposed)),
        ("contact.accept", asked.clone()),
        ("contact.refuse", refuse),
        ("contact.withdraw", asked.clone()),
    ] {
        let refused = stranger.try_call(method, params).await.unwrap_err();
        assert_eq!(refused["code"], "bad_request", "{method}: nobody is told that there is one");
    }
    let own = desk.try_call("contact.accept", asked).await.unwrap_err();
    assert_eq!(own["params"]["rejection"]["code"], "officer_only");
    let post = desk.call("contact.post", json!({})).await;
    assert_eq!(post, json!({ "letters": [] }));
}

/// Covers KW-25
#[tokio::test(flavor = "multi_thread")]
async fn who_is_reached_by_letter_gets_no_mail_and_the_officer_a_letter_to_post() {
    let server = TestServer::start().await;
    let (data, officers_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, case) = self::desk(&server, &server.url(), data.path(), TECHNICIAN).await;
    let (officer, _) = self::desk(&server, &server.url(), officers_data.path(), OFFICER).await;
    mails(&server, TECHNICIAN.email, 2).await;
    let accept = async |form: Value| {
        desk.call("contact.propose", typed(&case, form)).await;
        let asked = proposal(&officer, &case).await;
        officer.call("contact.accept", asked).await;
        handled(&desk, &case, "accepted").await;
        handled(&officer, &case, "accepted").await;
    };
    let letters = async |count: usize| {
        until(&format!("{count} letters"), async || {
            let post = officer.call("contact.post", json!({})).await;
            let letters = post["letters"].as_array().unwrap();
            let open = letters.iter().filter(|letter| letter["state"].is_null()).count();
            (open == count).then_some(post)
        })
        .await
    };
    accept(json!({ "channel": "analog" })).await;
    letters(1).await;
    officer.send(&case, "Ditt intyg saknar underskrift.").await;
    desk.sees(&case, "Ditt intyg saknar underskrift.", "received").await;
    let post = letters(2).await;
    let newest = &post["letters"][1];
    assert_eq!(newest["about"], "message");
    assert_eq!(newest["number"], "2026-10482");
    let address = ["Åsa Lindqvist", "Kopparvägen 12", "791\u{a0}42 FALUN"];
    assert_eq!(newest["address"], json!(address));

    officer.call("contact.posted", json!({ "letter": newest["letter"] })).await;
    letters(1).await;
    until("the letter leaves the list", async || {
        let post = officer.call("contact.post", json!({})).await;
        (post["letters"].as_array().unwrap().len() == 1).then_some(())
    })
    .await;
    // by mail again, and to the address that the officer has accepted
    accept(json!({ "channel": "digital", "email": "ny.adress@example.com" })).await;
    mails(&server, "ny.adress@example.com", 1).await;
    officer.send(&case, "Tack!").await;
    mails(&server, "ny.adress@example.com", 2).await;
    mails(&server, TECHNICIAN.email, 2).await;
    letters(1).await;
}
