//! A person's own password, changed from inside the program.

use behorig_server::demo::{DemoPerson, TECHNICIAN};
use behorig_testkit::{Desk, Relay, TestServer, until};
use serde_json::{Value, json};

const CASE: &str = "F-gas, kategori I";
const NEW: &str = "sju sköna sjömän";

async fn change(desk: &Desk, current: &str, new: &str) -> Result<Value, Value> {
    desk.try_call("account.change_password", json!({ "current": current, "new": new })).await
}

/// Both steps of a sign-in with a password of one's own.
async fn sign_in(desk: &Desk, server: &TestServer, password: &str) -> Result<Value, Value> {
    let mut words = desk.words(&server.url(), TECHNICIAN, "smörgåstårta");
    words["password"] = json!(password);
    desk.try_call("session.sign_in", words).await?;
    let code = server.code(TECHNICIAN.phone).unwrap();
    desk.try_call("session.code", json!({ "code": code })).await
}

/// Covers KW-11
#[tokio::test(flavor = "multi_thread")]
async fn the_password_is_changed_from_inside_and_ends_every_other_session() {
    let server = TestServer::start().await;
    let (data, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, other) = (Desk::open(data.path()), Desk::open(elsewhere.path()));
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    other.sign_in(&server, &server.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    other.case(CASE).await;

    let wrong = change(&desk, "kyla och värmе", NEW).await.unwrap_err();
    assert_eq!(wrong["code"], "wrong_password");
    other.line("online").await;
    change(&desk, TECHNICIAN.password, NEW).await.unwrap();

    // here it goes on, elsewhere it ends
    desk.send(&case, "Fortfarande inloggad.").await;
    desk.sees(&case, "Fortfarande inloggad.", "received").await;
    other.line("sign_in_needed").await;
    let old = sign_in(&other, &server, TECHNICIAN.password).await.unwrap_err();
    assert_eq!(old["code"], "sign_in_refused");
    sign_in(&other, &server, NEW).await.unwrap();
    other.line("online").await;

    // the person hears of it, and the mail says nothing else
    let mail = until("the mail", async || {
        let mails = server.mails_to(TECHNICIAN.email);
        mails.into_iter().find(|mail| mail.subject.contains("ändrat"))
    })
    .await;
    for secret in [NEW, TECHNICIAN.user_name, "Åsa", "http"] {
        assert!(!mail.text.contains(secret), "{secret}: {}", mail.text);
    }
}

/// Covers KW-12
#[tokio::test(flavor = "multi_thread")]
async fn each_rule_refuses_on_this_computer_and_again_at_the_server() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    let account = desk.call("account.state", json!({})).await;
    assert_eq!(account["user_name"], TECHNICIAN.user_name);
    assert_eq!(account["phone"], "•••• 05");
    let long = "vinden viner ".repeat(20);
    let just: String = long.chars().take(200).collect();
    for (password, fault) in [
        ("elva tecken", json!("too_short")),
        ("tolv tecken!", Value::Null),
        (&long, json!("too_long")),
        (&just, Value::Null),
        ("asa.lindqvist", json!("user_name")),
        ("asas lindkvist", Value::Null),
        ("Sommar2026!!", json!("well_known")),
        ("Sommarens 26 bär", Value::Null),
    ] {
        let asked = json!({ "user_name": account["user_name"], "password": password });
        assert_eq!(desk.call("account.password_fault", asked).await, fault, "{password}");
        if !fault.is_null() {
            let refused = change(&desk, TECHNICIAN.password, password).await.unwrap_err();
            assert_eq!(refused["code"], "password_unfit", "{password}");
        }
    }
    // what was refused changed nothing, and one that keeps the rules is taken as it was typed
    change(&desk, TECHNICIAN.password, " tolv tecken!\t").await.unwrap();
    change(&desk, " tolv tecken!\t", NEW).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_the_current_password_is_stopped_and_keeps_the_session() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    let mut tries = 0;
    let stopped = loop {
        let refused = change(&desk, "fel lösenord", NEW).await.unwrap_err();
        if refused["code"] != "wrong_password" {
            break refused;
        }
        tries += 1;
        assert!(tries < 20, "somebody must stop this");
    };
    assert_eq!(stopped["code"], "too_many_tries");
    let right = change(&desk, TECHNICIAN.password, NEW).await.unwrap_err();
    assert_eq!(right["code"], "too_many_tries", "not even the right one");
    let huge = "x".repeat(2_000);
    assert_eq!(change(&desk, &huge, NEW).await.unwrap_err()["code"], "bad_request");
    desk.line("online").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_line_it_says_so_and_changes_nothing() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &line.url(), TECHNICIAN).await;
    desk.case(CASE).await;
    line.cut();
    assert_eq!(change(&desk, TECHNICIAN.password, NEW).await.unwrap_err()["code"], "offline");
    let account = desk.try_call("account.state", json!({})).await;
    assert_eq!(account.unwrap_err()["code"], "offline");
    line.mend();
    desk.call("sync.now", json!({})).await;
    desk.line("online").await;
    change(&desk, TECHNICIAN.password, NEW).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_a_password_without_a_session_or_in_a_locked_program() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    assert_eq!(change(&desk, TECHNICIAN.password, NEW).await.unwrap_err()["code"], "locked");
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    desk.call("session.log_out", json!({})).await;
    assert_eq!(change(&desk, TECHNICIAN.password, NEW).await.unwrap_err()["code"], "locked");
    desk.unlock().await;
    let ended = change(&desk, TECHNICIAN.password, NEW).await.unwrap_err();
    assert_eq!(ended["code"], "sign_in_needed");
    let person = DemoPerson { password: NEW, ..TECHNICIAN };
    let refused = desk.try_call("session.sign_in", desk.words(&server.url(), person, "")).await;
    assert_eq!(refused.unwrap_err()["code"], "sign_in_refused");
}
