//! Sessions, unlocking and locking: the program without a window on the real server.

use std::time::Duration;

use behorig_app::{SecretsFault, Topic};
use behorig_server::demo::{DemoPerson, OFFICER, TECHNICIAN};
use behorig_testkit::{Desk, Keyring, PASSPHRASE, Relay, TestServer, until};
use serde_json::{Value, json};

const CASE: &str = "F-gas, kategori I";
const PIN: &str = "471108";
const MINUTE: Duration = Duration::from_secs(60);

/// Both steps of a sign-in, from wherever the program is.
async fn sign_in_as(
    desk: &Desk,
    server: &TestServer,
    url: &str,
    person: DemoPerson,
    word: &str,
) -> Result<Value, Value> {
    desk.try_call("session.sign_in", desk.words(url, person, word)).await?;
    let code = server.code(person.phone).unwrap();
    desk.try_call("session.code", json!({ "code": code })).await
}

async fn unlock(desk: &Desk, word: &str) -> Result<Value, Value> {
    desk.try_call("session.unlock", json!({ "passphrase": word })).await
}

async fn state(desk: &Desk) -> Value {
    desk.call("session.state", json!({})).await
}

fn replicas(data: &std::path::Path) -> usize {
    let servers = std::fs::read_dir(data.join("replicas")).unwrap().flatten();
    servers.map(|server| std::fs::read_dir(server.path()).unwrap().count()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_renews_itself_and_ends_after_thirty_days() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    // longer than an access token, again and again, up to the last day
    for day in 1..30 {
        server.pass(24 * 60 * MINUTE);
        let text = format!("dag {day}");
        desk.send(&case, &text).await;
        desk.sees(&case, &text, "received").await;
    }
    server.pass(24 * 60 * MINUTE);
    desk.send(&case, "efter en månad").await;
    desk.line("sign_in_needed").await;
    desk.sees(&case, "efter en månad", "queued").await;
    sign_in_as(&desk, &server, &server.url(), TECHNICIAN, "").await.unwrap();
    desk.sees(&case, "efter en månad", "received").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_ends_the_session_and_empties_the_window() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &line.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    desk.save_draft(&case, "Halvvägs").await;
    assert_eq!(desk.call("session.log_out", json!({})).await["state"], "locked");
    assert_eq!(desk.try_call("cases.list", json!({})).await.unwrap_err()["code"], "locked");

    // what is on the computer opens by the passphrase; the server wants a sign-in
    desk.unlock().await;
    desk.line("sign_in_needed").await;
    assert_eq!(desk.draft(&case).await.as_deref(), Some("Halvvägs"));
    sign_in_as(&desk, &server, &line.url(), TECHNICIAN, "").await.unwrap();
    desk.line("online").await;

    // without a line it locks here at once, and the server hears of it at the next contact
    line.cut();
    desk.call("sync.now", json!({})).await;
    desk.line("offline").await;
    assert_eq!(desk.call("session.log_out", json!({})).await["state"], "locked");
    desk.unlock().await;
    line.mend();
    desk.line("sign_in_needed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_pin_costs_a_sign_in_and_never_a_draft() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open_with(data.path(), Keyring::working());
    sign_in_as(&desk, &server, &line.url(), TECHNICIAN, PIN).await.unwrap();
    let case = desk.case(CASE).await;
    line.cut();
    desk.line("offline").await;
    desk.send(&case, "Skrivet utan uppkoppling.").await;
    desk.save_draft(&case, "Halvvägs").await;
    let keyring = desk.keyring.clone();
    drop(desk);

    let desk = Desk::open_with(data.path(), keyring);
    for left in (0..10).rev() {
        let wrong = unlock(&desk, "000000").await.unwrap_err();
        assert_eq!(
            (&wrong["code"], &wrong["params"]),
            (&json!("wrong_pin"), &json!({ "tries_left": left }))
        );
    }
    assert_eq!(unlock(&desk, PIN).await.unwrap_err()["code"], "no_tries_left");
    assert_eq!(state(&desk).await["tries_left"], 0);

    line.mend();
    let url = line.url();
    // only at the replica's server
    let elsewhere = sign_in_as(&desk, &server, &server.url(), TECHNICIAN, "654321").await;
    assert_eq!(elsewhere.unwrap_err()["code"], "server_address");
    // another person's sign-in opens nothing and changes nothing
    let other = sign_in_as(&desk, &server, &url, OFFICER, "654321").await;
    assert_eq!(other.unwrap_err()["code"], "other_person");
    assert_eq!(state(&desk).await["state"], "locked");
    assert_eq!(unlock(&desk, "654321").await.unwrap_err()["code"], "no_tries_left");
    let short = sign_in_as(&desk, &server, &url, TECHNICIAN, "12345").await;
    assert_eq!(short.unwrap_err()["code"], "pin_too_short");

    let opened = sign_in_as(&desk, &server, &url, TECHNICIAN, "654321").await.unwrap();
    assert_eq!(opened["state"], "open");
    assert_eq!(desk.draft(&case).await.as_deref(), Some("Halvvägs"));
    desk.sees(&case, "Skrivet utan uppkoppling.", "received").await;
    assert_eq!(replicas(data.path()), 1, "never a second replica");

    desk.call("session.lock", json!({})).await;
    let old = unlock(&desk, PIN).await.unwrap_err();
    assert_eq!(old["params"]["tries_left"], 9, "the tries came back");
    unlock(&desk, "654321").await.unwrap();
}

/// A server restored from a backup that is older than the device has forgotten by which share its key is
/// wrapped, and makes another.
#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_pin_costs_no_more_after_the_server_was_restored() {
    let mut server = TestServer::start().await;
    let before = server.back_up();
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open_with(data.path(), Keyring::working());
    sign_in_as(&desk, &server, &server.url(), TECHNICIAN, PIN).await.unwrap();
    let case = desk.case(CASE).await;
    desk.save_draft(&case, "Halvvägs").await;

    server.restore(&before).await;
    desk.line("sign_in_needed").await;
    sign_in_as(&desk, &server, &server.url(), TECHNICIAN, "").await.unwrap();
    desk.line("online").await;
    desk.call("session.lock", json!({})).await;
    unlock(&desk, PIN).await.unwrap();

    desk.call("session.lock", json!({})).await;
    let opened = sign_in_as(&desk, &server, &server.url(), TECHNICIAN, "654321").await;
    assert_eq!(opened.unwrap()["state"], "open");
    assert_eq!(desk.draft(&case).await.as_deref(), Some("Halvvägs"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_passphrase_is_the_same_without_a_keyring() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    desk.save_draft(&case, "Halvvägs").await;
    desk.call("session.lock", json!({})).await;
    let opened = sign_in_as(&desk, &server, &server.url(), TECHNICIAN, "en helt annan").await;
    assert_eq!(opened.unwrap()["state"], "open");
    assert_eq!(desk.draft(&case).await.as_deref(), Some("Halvvägs"));
    desk.call("session.lock", json!({})).await;
    assert_eq!(unlock(&desk, PASSPHRASE).await.unwrap_err()["code"], "wrong_passphrase");
    unlock(&desk, "en helt annan").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pin_can_be_changed_by_whoever_knows_it() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open_with(data.path(), Keyring::working());
    sign_in_as(&desk, &server, &server.url(), TECHNICIAN, PIN).await.unwrap();
    let change = async |current: &str, new: &str| {
        let params = json!({ "current": current, "new": new });
        desk.try_call("session.change_passphrase", params).await
    };
    assert_eq!(change("000000", "654321").await.unwrap_err()["code"], "wrong_pin");
    assert_eq!(change(PIN, "12345").await.unwrap_err()["code"], "pin_too_short");
    change(PIN, "654321").await.unwrap();
    desk.call("session.lock", json!({})).await;
    assert_eq!(unlock(&desk, PIN).await.unwrap_err()["code"], "wrong_pin");
    unlock(&desk, "654321").await.unwrap();
    // and the server's share goes on opening it
    desk.call("session.lock", json!({})).await;
    sign_in_as(&desk, &server, &server.url(), TECHNICIAN, PIN).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_fails_or_is_emptied_is_told_and_the_replica_is_left_alone() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open_with(data.path(), Keyring::working());
    sign_in_as(&desk, &server, &server.url(), TECHNICIAN, PIN).await.unwrap();
    desk.call("session.lock", json!({})).await;
    for (fault, code) in [
        (SecretsFault::Locked, "keyring_locked"),
        (SecretsFault::Unavailable, "keyring_unavailable"),
    ] {
        desk.keyring.fails(Some(fault));
        assert_eq!(unlock(&desk, PIN).await.unwrap_err()["code"], code);
        let forgotten = sign_in_as(&desk, &server, &server.url(), TECHNICIAN, "654321").await;
        assert_eq!(forgotten.unwrap_err()["code"], code, "before the password travels");
    }
    desk.keyring.fails(None);
    assert_eq!(state(&desk).await["tries_left"], 10, "none of that was a try");
    unlock(&desk, PIN).await.unwrap();
    desk.call("session.lock", json!({})).await;

    desk.keyring.empty();
    assert_eq!(unlock(&desk, PIN).await.unwrap_err()["code"], "keyring_emptied");
    let forgotten = sign_in_as(&desk, &server, &server.url(), TECHNICIAN, "654321").await;
    assert_eq!(forgotten.unwrap_err()["code"], "keyring_emptied");
    assert_eq!(state(&desk).await["state"], "locked");
    assert_eq!(replicas(data.path()), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sign_in_without_the_keyring_goes_on_with_a_passphrase_and_stays_so() {
    let server = TestServer::start().await;
    let url = server.url();
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open_with(data.path(), Keyring::working());
    let words = desk.words(&url, TECHNICIAN, PIN);
    desk.keyring.fails(Some(SecretsFault::Locked));
    let locked = desk.try_call("session.sign_in", words.clone()).await;
    assert_eq!(locked.unwrap_err()["code"], "keyring_locked");
    assert_eq!(desk.call("session.keyring", json!({})).await, "locked");
    // a PIN is too short for a passphrase
    let short = sign_in_as(&desk, &server, &url, TECHNICIAN, PIN).await;
    assert_eq!(short.unwrap_err()["code"], "passphrase_too_short");
    let opened = sign_in_as(&desk, &server, &url, TECHNICIAN, PASSPHRASE).await.unwrap();
    assert_eq!(opened["keyring"], false);
    drop(desk);
    // one that appears later is not needed
    let desk = Desk::open_with(data.path(), Keyring::working());
    assert_eq!(state(&desk).await["keyring"], false);
    unlock(&desk, PASSPHRASE).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_leave_one_secret_in_the_keyring() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open_with(data.path(), Keyring::working());
    let mut wrong = desk.words(&server.url(), TECHNICIAN, PIN);
    wrong["password"] = json!("fel");
    for _ in 0..3 {
        let refused = desk.try_call("session.sign_in", wrong.clone()).await;
        assert_eq!(refused.unwrap_err()["code"], "sign_in_refused");
    }
    sign_in_as(&desk, &server, &server.url(), TECHNICIAN, PIN).await.unwrap();
    assert_eq!(desk.keyring.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_asks_the_person_is_awaited_and_can_be_passed_by() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open_with(data.path(), Keyring::working());
    let keyring = async || desk.call("session.keyring", json!({})).await;
    until("the keyring", async || (keyring().await == "ready").then_some(())).await;
    let words = desk.words(&server.url(), TECHNICIAN, PIN);
    desk.keyring.is_silent(true);
    let asked = async { desk.call("session.sign_in", words).await };
    let meanwhile = async {
        until("waiting", async || (keyring().await == "waiting").then_some(())).await;
        assert!(desk.heard(Topic::Session), "and the window is told");
        assert_eq!(state(&desk).await["state"], "signed_out");
        desk.keyring.is_silent(false);
    };
    let (asked, ()) = tokio::join!(asked, meanwhile);
    assert_eq!(asked["state"], "code_needed");
    assert_eq!(keyring().await, "ready");

    // whoever does not want to wait goes on with a passphrase, and the first try comes to nothing
    desk.call("session.sign_in_cancel", json!({})).await;
    desk.keyring.is_silent(true);
    let first = async {
        let words = desk.words(&server.url(), TECHNICIAN, PIN);
        desk.try_call("session.sign_in", words).await.unwrap_err()
    };
    let second = async {
        until("waiting", async || (keyring().await == "waiting").then_some(())).await;
        let mut words = desk.words(&server.url(), TECHNICIAN, PASSPHRASE);
        words["keyring"] = json!(false);
        assert_eq!(desk.call("session.sign_in", words).await["state"], "code_needed");
        desk.keyring.is_silent(false);
    };
    let (given_up, ()) = tokio::join!(first, second);
    assert_eq!(given_up["code"], "keyring_locked");
    let code = server.code(TECHNICIAN.phone).unwrap();
    let opened = desk.call("session.code", json!({ "code": code })).await;
    assert_eq!(opened["keyring"], false);

    // "try again" finds one that has come
    desk.keyring.fails(Some(SecretsFault::Unavailable));
    desk.call("session.keyring_again", json!({})).await;
    until("none", async || (keyring().await == "unavailable").then_some(())).await;
    desk.keyring.fails(None);
    desk.call("session.keyring_again", json!({})).await;
    until("one", async || (keyring().await == "ready").then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_locks_by_itself_after_idle_time_and_after_sleep() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    for _ in 0..3 {
        desk.pass(14 * MINUTE);
        // reading and writing through the core is no touch of the window by itself
        desk.save_draft(&case, "Halvvägs").await;
        desk.call("session.activity", json!({})).await;
    }
    desk.heard(Topic::Session);
    desk.pass(15 * MINUTE);
    // nobody calls: a page that hangs is locked as well
    until("locked", async || desk.heard(Topic::Session).then_some(())).await;
    assert_eq!(state(&desk).await["state"], "locked");
    desk.unlock().await;
    assert_eq!(desk.draft(&case).await.as_deref(), Some("Halvvägs"));

    desk.sleep(2 * MINUTE);
    // what was typed in the last moment
    desk.save_draft(&case, "Halvvägs och lite till").await;
    let woken = desk.try_call("messages.list", json!({ "case": case })).await;
    assert_eq!(woken.unwrap_err()["code"], "locked", "before anything is shown");
    desk.unlock().await;
    assert_eq!(desk.draft(&case).await.as_deref(), Some("Halvvägs och lite till"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_being_sent_is_finished_behind_the_lock() {
    let server = TestServer::start().await;
    let (data, officers_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, officer) = (Desk::open(data.path()), Desk::open(officers_data.path()));
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    officer.sign_in(&server, &server.url(), OFFICER).await;
    let case = desk.case(CASE).await;
    officer.case(CASE).await;
    desk.line("online").await;
    for n in 0..20 {
        desk.send(&case, &format!("text {n}")).await;
    }
    assert_eq!(desk.call("session.lock", json!({})).await["state"], "locked");
    assert_eq!(desk.try_call("cases.list", json!({})).await.unwrap_err()["code"], "locked");
    officer.sees(&case, "text 19", "received").await;
    desk.unlock().await;
    desk.sees(&case, "text 19", "received").await;
    assert_eq!(desk.messages(&case).await.len(), 21, "each once");
}
