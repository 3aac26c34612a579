//! A code app in the place of text messages, and recovery codes.

use std::{path::Path, time::Duration};

use behorig_server::demo::{OFFICER, TECHNICIAN};
use behorig_server_store::{Holder, Keys, Store};
use behorig_testkit::{CodeApp, Desk, TestServer, until};
use serde_json::{Value, json};

use crate::cases::desk;

const STEP: Duration = Duration::from_secs(30);

async fn begin(desk: &Desk) -> CodeApp {
    let asked = json!({ "password": TECHNICIAN.password });
    let begun = desk.call("account.totp_begin", asked).await;
    let rows = begun["picture"].as_array().unwrap();
    assert!(rows.len() > 20 && rows.iter().all(|row| row.as_str().unwrap().len() == rows.len()));
    CodeApp::new(begun["secret"].as_str().unwrap())
}

pub(crate) async fn connect(desk: &Desk, server: &TestServer) -> CodeApp {
    let app = begin(desk).await;
    let code = json!({ "code": app.shows(server.millis()) });
    assert_eq!(desk.call("account.totp_confirm", code).await["totp"], true);
    app
}

/// Password first; gives what is asked for next.
pub(crate) async fn knock(server: &TestServer, data: &Path) -> (Desk, Value) {
    let desk = Desk::open(data);
    let words = desk.words(&server.url(), TECHNICIAN, "smörgåstårta");
    let asked = desk.call("session.sign_in", words).await;
    (desk, asked)
}

pub(crate) async fn enter(desk: &Desk, code: &str) -> Result<Value, Value> {
    desk.try_call("session.code", json!({ "code": code })).await
}

fn code_of(error: Result<Value, Value>) -> String {
    error.unwrap_err()["code"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_app_takes_the_place_of_text_messages_and_no_code_is_taken_twice() {
    let server = TestServer::start().await;
    let folders = [(); 4].map(|()| tempfile::tempdir().unwrap());
    let own = desk(&server, folders[0].path(), TECHNICIAN).await;
    let wrong = json!({ "password": "fel" });
    let refused = own.try_call("account.totp_begin", wrong).await;
    assert_eq!(code_of(refused), "wrong_password");
    let unused = begin(&own).await;
    let wrong = json!({ "code": "000000" });
    assert_eq!(code_of(own.try_call("account.totp_confirm", wrong).await), "wrong_code");
    let (other, asked) = knock(&server, folders[1].path()).await;
    assert_eq!(asked["factor"], "sms", "what is not confirmed opens and shuts nothing");
    assert_eq!(code_of(enter(&other, &unused.shows(server.millis())).await), "wrong_code");

    // begun anew: what was shown before is void
    let app = connect(&own, &server).await;
    let again = json!({ "password": TECHNICIAN.password });
    let again = own.try_call("account.totp_begin", again).await;
    assert_eq!(code_of(again), "bad_request", "one that is in use is removed first");
    until("the mail that says so", async || {
        let mails = server.mails_to(TECHNICIAN.email);
        mails.iter().any(|mail| mail.subject.contains("inloggning")).then_some(())
    })
    .await;

    let texts = server.code(TECHNICIAN.phone);
    let (desk, asked) = knock(&server, folders[2].path()).await;
    assert_eq!(asked["factor"], "totp");
    assert_eq!(server.code(TECHNICIAN.phone), texts, "nothing is sent");
    assert_eq!(code_of(desk.try_call("session.code_again", json!({})).await), "sign_in_refused");
    let confirmed = app.shows(server.millis());
    assert_eq!(code_of(enter(&desk, &confirmed).await), "wrong_code", "used to connect");
    server.pass(STEP);
    let code = app.shows(server.millis());
    enter(&desk, &code).await.unwrap();
    let (desk, _) = knock(&server, folders[3].path()).await;
    assert_eq!(code_of(enter(&desk, &code).await), "wrong_code", "used to sign in");
    assert_eq!(code_of(enter(&desk, &unused.shows(server.millis())).await), "wrong_code");
    server.pass(STEP * 3);
    let late = app.shows(server.millis() - 60_000);
    assert_eq!(code_of(enter(&desk, &late).await), "wrong_code");
    let behind = app.shows(server.millis() - 30_000);
    enter(&desk, &behind).await.unwrap();
    // removed by a code of its own
    server.pass(STEP * 2);
    let code = app.shows(server.millis());
    let remove = json!({ "password": TECHNICIAN.password, "code": code });
    assert_eq!(own.call("account.totp_remove", remove).await["totp"], false);
    // and nobody else's
    let officer = crate::cases::desk(&server, tempfile::tempdir().unwrap().path(), OFFICER).await;
    let account = officer.call("account.state", json!({})).await;
    assert_eq!(account["totp"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_waits_for_a_text_message_ends_when_a_code_app_is_connected() {
    let server = TestServer::start().await;
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let own = desk(&server, folders[0].path(), TECHNICIAN).await;
    let (other, asked) = knock(&server, folders[1].path()).await;
    assert_eq!(asked["factor"], "sms");
    let sent = server.code(TECHNICIAN.phone).unwrap();
    connect(&own, &server).await;
    assert_eq!(code_of(enter(&other, &sent).await), "sign_in_needed");
}

/// The app that a waiting sign-in asked for is removed, and a new one begun: until that has shown a code to its
/// owner, it opens nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_waits_is_not_opened_by_a_new_app_that_nobody_has_confirmed() {
    let server = TestServer::start().await;
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let own = desk(&server, folders[0].path(), TECHNICIAN).await;
    let app = connect(&own, &server).await;
    server.pass(STEP);
    let (other, asked) = knock(&server, folders[1].path()).await;
    assert_eq!(asked["factor"], "totp");
    let code = app.shows(server.millis());
    let remove = json!({ "password": TECHNICIAN.password, "code": code });
    assert_eq!(own.call("account.totp_remove", remove).await["totp"], false);
    let new = begin(&own).await;
    assert_eq!(code_of(enter(&other, &new.shows(server.millis())).await), "wrong_code");
    assert_eq!(own.call("account.state", json!({})).await["totp"], false, "nor confirmed by it");
}

#[tokio::test(flavor = "multi_thread")]
async fn recovery_codes_and_text_messages_help_whoever_has_lost_the_key_of_their_code_app() {
    let server = TestServer::start().await;
    let folders = [(); 4].map(|()| tempfile::tempdir().unwrap());
    let own = desk(&server, folders[0].path(), TECHNICIAN).await;
    let keys = Keys::open(&server.data().join("keys.db")).unwrap();
    let store = Store::open_reader(&server.data().join("behorig.db")).unwrap();
    let person = store.account(TECHNICIAN.user_name).unwrap().unwrap().person;
    begin(&own).await;
    keys.erase(Holder::Person(person)).unwrap();
    let (other, asked) = knock(&server, folders[1].path()).await;
    assert_eq!(asked["factor"], "sms", "one that is not confirmed stands in nobody's way");
    enter(&other, &server.code(TECHNICIAN.phone).unwrap()).await.unwrap();

    connect(&own, &server).await;
    let password = json!({ "password": TECHNICIAN.password });
    let made = own.call("account.recovery_codes", password).await;
    keys.erase(Holder::Person(person)).unwrap();
    let (other, asked) = knock(&server, folders[2].path()).await;
    assert_eq!(asked["factor"], "totp");
    enter(&other, made["codes"][0].as_str().unwrap()).await.unwrap();
    let remove = json!({ "password": TECHNICIAN.password, "code": made["codes"][1] });
    assert_eq!(own.call("account.totp_remove", remove).await["totp"], false);
    let again = json!({ "password": TECHNICIAN.password, "code": made["codes"][2] });
    let again = own.try_call("account.totp_remove", again).await;
    assert_eq!(code_of(again), "bad_request", "there is none to remove");
    let left = own.call("account.state", json!({})).await["recovery_codes"].clone();
    assert_eq!(left, 8, "and no code is used up by asking");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_of_an_app_ends_the_sign_in_and_then_the_tries() {
    let server = TestServer::start().await;
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let own = desk(&server, folders[0].path(), TECHNICIAN).await;
    let app = connect(&own, &server).await;
    server.pass(STEP * 2);
    let mut sign_ins = 0;
    let stopped = loop {
        let desk = Desk::open(folders[1].path());
        let words = desk.words(&server.url(), TECHNICIAN, "smörgåstårta");
        if let Err(error) = desk.try_call("session.sign_in", words).await {
            break error;
        }
        sign_ins += 1;
        for _ in 0..5 {
            assert_eq!(code_of(enter(&desk, "000000").await), "wrong_code");
        }
        let right = app.shows(server.millis());
        assert_eq!(code_of(enter(&desk, &right).await), "sign_in_needed", "five tries");
        assert!(sign_ins < 30, "somebody must stop this");
    };
    assert_eq!(stopped["code"], "too_many_tries");
    assert!((8..=11).contains(&sign_ins), "as many as by text message: {sign_ins}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_recovery_codes_are_good_once_each_and_new_ones_void_the_former() {
    let server = TestServer::start().await;
    let folders = [(); 5].map(|()| tempfile::tempdir().unwrap());
    let own = desk(&server, folders[0].path(), TECHNICIAN).await;
    let app = connect(&own, &server).await;
    assert_eq!(own.call("account.state", json!({})).await["recovery_codes"], Value::Null);
    let password = json!({ "password": TECHNICIAN.password });
    let wrong = json!({ "password": "fel" });
    let refused = own.try_call("account.recovery_codes", wrong).await;
    assert_eq!(code_of(refused), "wrong_password");
    let codes = async || -> Vec<String> {
        let made = own.call("account.recovery_codes", password.clone()).await;
        let codes = made["codes"].as_array().unwrap().iter();
        codes.map(|code| code.as_str().unwrap().to_owned()).collect()
    };
    let former = codes().await;
    let codes = codes().await;
    assert_eq!((former.len(), codes.len()), (10, 10));
    // saved where the person wants
    let file = folders[0].path().join("codes.txt");
    own.will_save_to(&file);
    own.call("account.recovery_save", json!({ "text": codes.join("\n") })).await;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), codes.join("\n"));

    let (desk, asked) = knock(&server, folders[1].path()).await;
    assert_eq!(asked["factor"], "totp");
    assert_eq!(code_of(enter(&desk, &former[0]).await), "wrong_code");
    enter(&desk, &codes[0].to_lowercase().replace('-', " ")).await.unwrap();
    let left = async || own.call("account.state", json!({})).await["recovery_codes"].clone();
    assert_eq!(left().await, 9);
    let (desk, _) = knock(&server, folders[2].path()).await;
    assert_eq!(code_of(enter(&desk, &codes[0]).await), "wrong_code", "it is used up");
    enter(&desk, &codes[1]).await.unwrap();

    // the app is gone with the telephone: a recovery code takes it off the account
    let remove = |password: &str, code: &str| json!({ "password": password, "code": code });
    let no = own.try_call("account.totp_remove", remove("fel", &codes[2])).await;
    assert_eq!(code_of(no), "wrong_password");
    let no = own.try_call("account.totp_remove", remove(TECHNICIAN.password, &codes[1])).await;
    assert_eq!(code_of(no), "wrong_code");
    let yes = remove(TECHNICIAN.password, &codes[2]);
    assert_eq!(own.call("account.totp_remove", yes).await["totp"], false);
    let (desk, asked) = knock(&server, folders[3].path()).await;
    assert_eq!(asked["factor"], "sms");
    assert_eq!(code_of(enter(&desk, &app.shows(server.millis())).await), "wrong_code");
    // without a text message that comes through they help too
    enter(&desk, &codes[3]).await.unwrap();
    assert_eq!(left().await, 6);

    // neither codes nor secret lie in the clear
    let bytes = std::fs::read(server.data().join("behorig.db")).unwrap();
    let log = std::fs::read(server.data().join("behorig.db-wal")).unwrap_or_default();
    for code in &codes {
        for form in [code.clone(), code.replace('-', "")] {
            let is_in = |bytes: &[u8]| bytes.windows(form.len()).any(|it| it == form.as_bytes());
            assert!(!is_in(&bytes) && !is_in(&log), "a code lies in the clear");
        }
    }
}
