//! What is written without a line, and what becomes of it.

use behorig_server::demo::{OFFICER, TECHNICIAN};
use behorig_testkit::{Desk, Relay, TestServer, until};
use serde_json::{Value, json};

const CASE: &str = "F-gas, kategori I";

/// Covers KW-37, KW-46
#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_offline_survives_the_programs_end_and_reaches_the_officer() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let data = tempfile::tempdir().unwrap();

    let desk = Desk::open(data.path());
    desk.sign_in(&server, &line.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    line.cut();
    desk.line("offline").await;
    desk.send(&case, "Skolan skickar betyget på måndag.").await;
    desk.sees(&case, "Skolan skickar betyget på måndag.", "queued").await;
    drop(desk);

    let desk = Desk::open(data.path());
    desk.unlock().await;
    desk.sees(&case, "Skolan skickar betyget på måndag.", "queued").await;

    line.mend();
    desk.call("sync.now", json!({})).await;
    desk.sees(&case, "Skolan skickar betyget på måndag.", "received").await;

    let officers_data = tempfile::tempdir().unwrap();
    let officer = Desk::open(officers_data.path());
    officer.sign_in(&server, &server.url(), OFFICER).await;
    officer.case(CASE).await;
    officer.sees(&case, "Skolan skickar betyget på måndag.", "received").await;

    // and back, by a poke
    officer.send(&case, "Tack, då väntar vi.").await;
    desk.sees(&case, "Tack, då väntar vi.", "received").await;
    let waiting = desk.call("sync.state", json!({})).await;
    assert_eq!(waiting["waiting"], 0);
}

/// Covers KW-08
#[tokio::test(flavor = "multi_thread")]
async fn the_code_is_the_second_factor_and_cannot_be_guessed_or_used_twice() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    let person = TECHNICIAN;
    let words = json!({
        "server": server.url(),
        "user_name": person.user_name,
        "password": person.password,
        "passphrase": "smörgåstårta",
        "keyring": false,
    });
    let enter = async |code: &str| desk.try_call("session.code", json!({ "code": code })).await;
    let refused = |answer: Result<Value, Value>| answer.unwrap_err()["code"].clone();

    let asked = desk.call("session.sign_in", words.clone()).await;
    assert_eq!(asked, json!({ "state": "code_needed", "phone": "•••• 05", "factor": "sms" }));
    let first = server.code(person.phone).unwrap();
    let wrong = if first == "000000" { "000001" } else { "000000" };
    assert_eq!(refused(enter(wrong).await), "wrong_code");
    assert_eq!(refused(enter("").await), "wrong_code");

    // a new code voids the one before it, and the tries count on
    desk.call("session.code_again", json!({})).await;
    let second = server.code(person.phone).unwrap();
    if first != second {
        assert_eq!(refused(enter(&first).await), "wrong_code");
    }
    for _ in 0..3 {
        let _ = enter(wrong).await;
    }
    assert_eq!(refused(enter(&second).await), "sign_in_needed", "tried too often, right or not");
    assert_eq!(desk.call("session.sign_in_cancel", json!({})).await["state"], "signed_out");
    assert_eq!(refused(enter(&second).await), "sign_in_needed");

    desk.call("session.sign_in", words.clone()).await;
    let third = server.code(person.phone).unwrap();
    let opened = desk.call("session.code", json!({ "code": third })).await;
    assert_eq!(opened["state"], "open");
    assert_eq!(refused(enter(&third).await), "sign_in_needed", "a code opens one session");

    // somebody else's words open nothing here, whatever is pressed between password and code
    let mut others = words;
    others["user_name"] = json!(OFFICER.user_name);
    others["password"] = json!(OFFICER.password);
    desk.call("session.sign_in", others.clone()).await;
    let code = server.code(OFFICER.phone).unwrap();
    assert_eq!(refused(enter(&code).await), "other_person");
    desk.call("session.sign_in", others).await;
    let code = server.code(OFFICER.phone).unwrap();
    desk.call("session.lock", json!({})).await;
    assert_eq!(refused(enter(&code).await), "sign_in_needed");
    desk.unlock().await;
    assert_eq!(desk.call("session.state", json!({})).await["name"], TECHNICIAN.name);
}

/// Covers KW-41
#[tokio::test(flavor = "multi_thread")]
async fn the_newest_message_is_on_top() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    for text in ["ett", "två", "tre"] {
        desk.send(&case, text).await;
        desk.sees(&case, text, "received").await;
    }
    let texts: Vec<_> = desk.messages(&case).await.into_iter().map(|(text, _)| text).collect();
    assert_eq!(texts[..3], ["tre", "två", "ett"]);
    assert!(texts[3].starts_with("Hej Åsa!"));
}

/// Covers KW-45
#[tokio::test(flavor = "multi_thread")]
async fn a_draft_survives_and_is_sent_nowhere() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    let text = "Halvfärdig\nmening med åäö och 👷";
    desk.save_draft(&case, text).await;
    drop(desk);

    let desk = Desk::open(data.path());
    desk.unlock().await;
    assert_eq!(desk.draft(&case).await.as_deref(), Some(text));
    let drafts = async || {
        let cases = desk.call("cases.list", json!({})).await;
        cases.as_array().unwrap().iter().find(|it| it["id"] == case).unwrap()["drafts"].clone()
    };
    assert_eq!(drafts().await, 1, "the list says in which case");
    assert_eq!(desk.call("outbox.list", json!({})).await, json!([]));
    desk.send(&case, text).await;
    assert_eq!(desk.draft(&case).await, None, "a sent text is a draft no more");
    assert_eq!(drafts().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_can_be_taken_back_and_becomes_a_draft_again() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &line.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    desk.line("online").await;
    line.cut();
    desk.line("offline").await;
    desk.send(&case, "Fel ärende, förlåt.").await;
    desk.save_draft(&case, "Nästa tanke").await;
    let entry = desk.call("outbox.list", json!({})).await[0].clone();
    assert_eq!(entry["subject"], CASE);
    // while a try is under way it cannot be taken back; a cut line ends each try soon
    until("the message back", async || {
        let params = json!({ "command": entry["command"] });
        desk.try_call("outbox.withdraw", params).await.ok()
    })
    .await;
    let draft = desk.draft(&case).await;
    assert_eq!(draft.as_deref(), Some("Nästa tanke\n\nFel ärende, förlåt."), "nothing is lost");
    assert_eq!(desk.messages(&case).await.len(), 1, "only the officer's message is left");

    // once it has arrived, it has left
    line.mend();
    desk.send(&case, "Rätt ärende.").await;
    desk.sees(&case, "Rätt ärende.", "received").await;
    let command = desk.call("outbox.list", json!({})).await[0]["command"].clone();
    let late = desk.try_call("outbox.withdraw", json!({ "command": command })).await;
    assert_eq!(late.unwrap_err()["code"], "cannot_withdraw");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_words_open_nothing_and_say_one_neutral_thing() {
    let server = TestServer::start().await;
    let url = server.url();
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    let ask = |user: &str, password: &str, passphrase: &str| json!({ "server": url, "user_name": user, "password": password, "passphrase": passphrase, "keyring": false });
    let passphrase = "smörgåstårta";
    for (user, password) in
        [(TECHNICIAN.user_name, "fel"), ("ingen.alls", TECHNICIAN.password), ("", "")]
    {
        let refused = desk.try_call("session.sign_in", ask(user, password, passphrase)).await;
        assert_eq!(refused.unwrap_err()["code"], "sign_in_refused", "{user}");
    }
    let short = ask(TECHNICIAN.user_name, TECHNICIAN.password, "kort");
    let refused = desk.try_call("session.sign_in", short).await;
    assert_eq!(refused.unwrap_err()["code"], "passphrase_too_short");
    assert_eq!(desk.call("session.state", json!({})).await["state"], "signed_out");

    desk.sign_in(&server, &url, TECHNICIAN).await;
    desk.call("session.lock", json!({})).await;
    let locked = desk.try_call("cases.list", json!({})).await;
    assert_eq!(locked.unwrap_err()["code"], "locked");
    let wrong = desk.try_call("session.unlock", json!({ "passphrase": "gissning 1" })).await;
    assert_eq!(wrong.unwrap_err()["code"], "wrong_passphrase");
    desk.unlock().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_cannot_be_guessed_at_speed() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    let mut codes = Vec::new();
    for guess in 0..12 {
        let params = json!({
            "server": server.url(),
            "user_name": TECHNICIAN.user_name,
            "password": format!("gissning {guess}"),
            "passphrase": "smörgåstårta",
            "keyring": false,
        });
        codes.push(desk.try_call("session.sign_in", params).await.unwrap_err()["code"].clone());
    }
    assert_eq!(codes[0], "sign_in_refused");
    assert_eq!(codes[11], "too_many_tries");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_comes_back_gets_what_was_written_meanwhile() {
    let mut server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    server.stop().await;
    desk.line("offline").await;
    for text in ["ett", "två", "tre"] {
        desk.send(&case, text).await;
    }
    server.start_again().await;
    for text in ["ett", "två", "tre"] {
        desk.sees(&case, text, "received").await;
    }
    let texts: Vec<_> = desk.messages(&case).await.into_iter().map(|(text, _)| text).collect();
    assert_eq!(texts[..3], ["tre", "två", "ett"], "in the order in which they were written");
}
