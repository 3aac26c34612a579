//! Who is told by mail that there is something new, and what the mail does not say.

use behorig_server::demo::{OFFICER, TECHNICIAN};
use behorig_testkit::{Desk, Relay, TestServer, until};
use serde_json::json;

const CASE: &str = "F-gas, kategori I";
const NUMBER: &str = "2026-10482";

/// Waits until the holder has got so many mails, and takes care that there are not more.
async fn mails_to_the_holder(server: &TestServer, count: usize) {
    until(&format!("{count} mails"), async || {
        let mails = server.mails_to(TECHNICIAN.email).len();
        assert!(mails <= count, "{mails} mails");
        (mails == count).then_some(())
    })
    .await;
}

/// Covers KW-40
#[tokio::test(flavor = "multi_thread")]
async fn the_officers_message_is_one_mail_to_the_holder_that_says_nothing_of_it() {
    let server = TestServer::start().await;
    // the demo's own two messages
    mails_to_the_holder(&server, 2).await;
    let (data, officers_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, officer) = (Desk::open(data.path()), Desk::open(officers_data.path()));
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    officer.sign_in(&server, &server.url(), OFFICER).await;
    let case = officer.case(CASE).await;
    desk.case(CASE).await;

    officer.send(&case, "Vi behöver 19811218-9876 på betyget.").await;
    mails_to_the_holder(&server, 3).await;
    let mail = server.mails_to(TECHNICIAN.email).pop().unwrap();
    let shown = format!("{} {}", mail.subject, mail.text);
    assert!(shown.contains("något nytt") && shown.contains("something new"), "{shown}");
    let (first_name, officers_name) = ("Åsa", OFFICER.name);
    for secret in ["betyget", "19811218", CASE, "F-gas", NUMBER, first_name, officers_name, "http"]
    {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }

    // what the holder writes is no news to the holder, and officers have their desk
    desk.send(&case, "Jag skickar ett nytt.").await;
    officer.sees(&case, "Jag skickar ett nytt.", "received").await;
    // mails leave in order: the next one would come after one for the holder's own message
    officer.send(&case, "Tack!").await;
    mails_to_the_holder(&server, 4).await;
    assert_eq!(server.mails_to(OFFICER.email), []);
}

/// Covers KW-40
#[tokio::test(flavor = "multi_thread")]
async fn messages_that_arrive_together_are_one_mail_each_and_a_restart_repeats_none() {
    let mut server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let data = tempfile::tempdir().unwrap();
    let officer = Desk::open(data.path());
    officer.sign_in(&server, &line.url(), OFFICER).await;
    let case = officer.case(CASE).await;
    mails_to_the_holder(&server, 2).await;
    line.cut();
    officer.line("offline").await;
    for text in ["ett", "två", "tre"] {
        officer.send(&case, text).await;
    }
    line.mend();
    officer.call("sync.now", json!({})).await;
    officer.sees(&case, "tre", "received").await;
    mails_to_the_holder(&server, 5).await;

    server.stop().await;
    server.start_again().await;
    officer.send(&case, "fyra").await;
    mails_to_the_holder(&server, 6).await;
    let mut ids: Vec<String> =
        server.mails_to(TECHNICIAN.email).into_iter().map(|mail| mail.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 6, "each names itself: {ids:?}");
}
