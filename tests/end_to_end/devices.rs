//! The devices that a person is signed in on: seen, ended, and erased from afar.

use std::path::Path;

use behorig_server::demo::{OFFICER, TECHNICIAN};
use behorig_testkit::{Desk, Relay, TestServer, until};
use serde_json::{Value, json};

const CASE: &str = "F-gas, kategori I";

async fn devices(desk: &Desk) -> Vec<Value> {
    let account = desk.call("account.state", json!({})).await;
    account["devices"].as_array().unwrap().clone()
}

/// The id of the one other device of the person.
async fn other_of(desk: &Desk) -> String {
    let devices = devices(desk).await;
    let others: Vec<&Value> = devices.iter().filter(|device| device["this"] == false).collect();
    assert_eq!(others.len(), 1, "{devices:?}");
    others[0]["id"].as_str().unwrap().to_owned()
}

async fn end(desk: &Desk, device: Option<&str>, erase: bool) -> Value {
    desk.call("account.end_devices", json!({ "device": device, "erase": erase })).await
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

async fn erased(desk: &Desk) {
    until("erased", async || {
        let state = desk.call("session.state", json!({})).await;
        (state == json!({ "state": "signed_out", "erased": true })).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_are_listed_and_one_or_all_others_are_signed_out() {
    let server = TestServer::start().await;
    let folders = [(); 4].map(|()| tempfile::tempdir().unwrap());
    let [desk, second, third, officer] = folders.each_ref().map(|data| Desk::open(data.path()));
    for desk in [&desk, &second, &third] {
        desk.sign_in(&server, &server.url(), TECHNICIAN).await;
        desk.case(CASE).await;
    }
    officer.sign_in(&server, &server.url(), OFFICER).await;
    let listed = devices(&desk).await;
    assert_eq!(listed.len(), 3);
    assert_eq!(listed.iter().filter(|device| device["this"] == true).count(), 1);
    assert!(listed.iter().all(|device| device["system"] == std::env::consts::OS));

    // somebody else's device is none of theirs, nor is rubbish
    let officers = devices(&officer).await[0]["id"].as_str().unwrap().to_owned();
    end(&desk, Some(&officers), true).await;
    officer.case(CASE).await;
    officer.line("online").await;
    let rubbish = json!({ "device": "x", "erase": true });
    let refused = desk.try_call("account.end_devices", rubbish).await.unwrap_err();
    assert_eq!(refused["code"], "bad_request");

    let seconds = devices(&second).await;
    let seconds = seconds.iter().find(|device| device["this"] == true).unwrap()["id"].clone();
    end(&desk, seconds.as_str(), false).await;
    second.line("sign_in_needed").await;
    third.line("online").await;
    assert_eq!(end(&desk, None, false).await["devices"].as_array().unwrap().len(), 1);
    third.line("sign_in_needed").await;
    // what they hold stays
    assert!(second.draft(&second.case(CASE).await).await.is_none());
    desk.line("online").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_computer_is_erased_at_its_next_contact_and_no_other() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let (data, lost_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, lost) = (Desk::open(data.path()), Desk::open(lost_data.path()));
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    lost.sign_in(&server, &line.url(), TECHNICIAN).await;
    let case = lost.case(CASE).await;
    let kept = desk.case(CASE).await;
    desk.save_draft(&kept, "Här finns det kvar").await;
    line.cut();
    lost.line("offline").await;
    lost.send(&case, "Skrivet utan uppkoppling.").await;

    let other = other_of(&desk).await;
    let account = end(&desk, Some(&other), true).await;
    let row = account["devices"].as_array().unwrap().iter().find(|it| it["id"] == *other);
    assert_eq!(row.unwrap()["erase"], true, "it waits for its next contact");
    assert!(!files(&lost_data.path().join("replicas")).is_empty(), "without a line nothing yet");

    line.mend();
    let _ = lost.try_call("sync.now", json!({})).await;
    erased(&lost).await;
    // no key is left from the first step on, and no byte at last
    let replicas = lost_data.path().join("replicas");
    until("nothing left", async || files(&replicas).is_empty().then_some(())).await;
    assert_eq!(lost.try_call("cases.list", json!({})).await.unwrap_err()["code"], "locked");
    // the server knows that it is done
    until("off the list", async || (devices(&desk).await.len() == 1).then_some(())).await;
    desk.line("online").await;
    assert_eq!(desk.draft(&kept).await.as_deref(), Some("Här finns det kvar"));

    // it still says why after a new start, until somebody signs in
    drop(lost);
    let lost = Desk::open(lost_data.path());
    erased(&lost).await;
    lost.sign_in(&server, &line.url(), TECHNICIAN).await;
    lost.case(CASE).await;
    lost.call("session.lock", json!({})).await;
    assert_eq!(lost.call("session.state", json!({})).await["state"], "locked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_out_without_a_line_does_not_hide_from_the_order() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let (data, lost_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, lost) = (Desk::open(data.path()), Desk::open(lost_data.path()));
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    lost.sign_in(&server, &line.url(), TECHNICIAN).await;
    lost.case(CASE).await;
    line.cut();
    lost.call("sync.now", json!({})).await;
    lost.line("offline").await;
    lost.call("session.log_out", json!({})).await;
    end(&desk, None, true).await;
    // longer than any session lives
    server.pass(std::time::Duration::from_secs(40 * 24 * 60 * 60));
    line.mend();
    lost.unlock().await;
    erased(&lost).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_on_the_found_computer_takes_the_order_back() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let (data, lost_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, lost) = (Desk::open(data.path()), Desk::open(lost_data.path()));
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    lost.sign_in(&server, &line.url(), TECHNICIAN).await;
    let case = lost.case(CASE).await;
    line.cut();
    lost.line("offline").await;
    lost.save_draft(&case, "Kvar").await;
    lost.call("session.lock", json!({})).await;
    end(&desk, None, true).await;
    line.mend();
    // locked it has no contact; both factors at the lock open it with a new passphrase
    let words = lost.words(&line.url(), TECHNICIAN, "en helt annan");
    lost.call("session.sign_in", words).await;
    let code = server.code(TECHNICIAN.phone).unwrap();
    let state = lost.call("session.code", json!({ "code": code })).await;
    assert_eq!(state["state"], "open");
    lost.line("online").await;
    assert_eq!(lost.draft(&case).await.as_deref(), Some("Kvar"));
    assert!(devices(&desk).await.iter().all(|device| device["erase"] == false));
}
