//! Conversations: answers, what is unread, message types, and drafts with what they once were.

use behorig_server::demo::{OFFICER, TECHNICIAN};
use behorig_testkit::{Desk, Relay, TestServer, until, written};
use serde_json::{Value, json};

const CASE: &str = "F-gas, kategori I";

async fn list(desk: &Desk, case: &str) -> Value {
    desk.call("messages.list", json!({ "case": case })).await
}

/// The conversation whose newest message has this text, once it is here.
async fn thread(desk: &Desk, case: &str, newest: &str) -> Value {
    until(newest, async || {
        let list = list(desk, case).await;
        let threads = list["threads"].as_array().unwrap();
        threads.iter().find(|thread| thread["messages"][0]["text"] == newest).cloned()
    })
    .await
}

/// Covers KW-43, KW-47, KW-48
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_stays_in_its_conversation_and_a_new_message_begins_one() {
    let server = TestServer::start().await;
    let (data, officers) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    let officer = Desk::open(officers.path());
    officer.sign_in(&server, &server.url(), OFFICER).await;
    officer.case(CASE).await;

    let types = until("the message types", async || {
        let types = list(&desk, &case).await["message_types"].clone();
        (types != json!([])).then_some(types)
    })
    .await;
    assert_eq!(types[0], json!({ "code": "note", "name": { "sv": "Notering", "en": "Note" } }));
    assert!(types.as_array().unwrap().len() > 1);

    let hello = list(&desk, &case).await["threads"][0].clone();
    let first = hello["id"].as_str().unwrap();
    desk.call("messages.send", written(&case, Some(first), "Det ligger hemma.")).await;
    let mut question = written(&case, None, "Hur lång är väntetiden?");
    question["message_type"] = json!("question");
    desk.call("messages.send", question).await;

    thread(&officer, &case, "Hur lång är väntetiden?").await;
    let threads = list(&officer, &case).await["threads"].clone();
    assert_eq!(threads.as_array().unwrap().len(), 2);
    assert_eq!(threads[0]["message_type"], "question");
    assert_eq!(threads[1]["id"], first, "the newest conversation is on top");
    let texts: Vec<_> = threads[1]["messages"].as_array().unwrap().iter().collect();
    assert_eq!(texts.len(), 2);
    assert_eq!(texts[0]["text"], "Det ligger hemma.", "the newest message is on top");

    // an answer to the older one brings it to the top
    officer.call("messages.send", written(&case, Some(first), "Bra, skicka det.")).await;
    thread(&desk, &case, "Bra, skicka det.").await;
    assert_eq!(list(&desk, &case).await["threads"][0]["id"], first);

    let mut unknown = written(&case, None, "Hej");
    unknown["message_type"] = json!("poem");
    let refused = desk.try_call("messages.send", unknown).await.unwrap_err();
    assert_eq!(refused["params"]["rejection"]["code"], "message_type_unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unread_is_known_on_every_device_and_nothing_of_it_is_shown_as_waiting() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let desk = Desk::open(folders[0].path());
    desk.sign_in(&server, &line.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    let hello = until("the officer's message", async || {
        list(&desk, &case).await["threads"].as_array().unwrap().first().cloned()
    })
    .await;
    assert_eq!(hello["unread"], 1);
    let other = Desk::open(folders[1].path());
    other.sign_in(&server, &server.url(), TECHNICIAN).await;
    other.case(CASE).await;

    line.cut();
    desk.line("offline").await;
    let came = hello["messages"][0]["at"].clone();
    let read = |up_to: &str| json!({ "case": case, "thread": hello["id"], "up_to": up_to });
    let long_ago = "2020-01-01T00:00:00.000Z";
    desk.call("messages.mark_read", read(long_ago)).await;
    let unread = async |desk: &Desk| {
        let cases = desk.call("cases.list", json!({})).await;
        let of_case = cases.as_array().unwrap().iter().find(|it| it["title"] == CASE).unwrap();
        of_case["unread"].clone()
    };
    assert_eq!(unread(&desk).await, 1, "what has come since was not shown");
    desk.call("messages.mark_read", read(came.as_str().unwrap())).await;
    assert_eq!(unread(&desk).await, 0, "at once, without a line");
    assert_eq!(unread(&other).await, 1);
    assert_eq!(desk.call("outbox.list", json!({})).await, json!([]), "nobody typed it");
    assert_eq!(desk.call("sync.state", json!({})).await["waiting"], 0);
    line.mend();
    desk.call("sync.now", json!({})).await;
    until("read on the other device", async || (unread(&other).await == 0).then_some(())).await;

    // what comes after is unread again, on both
    let officer = Desk::open(folders[2].path());
    officer.sign_in(&server, &server.url(), OFFICER).await;
    officer.case(CASE).await;
    let answer = written(&case, hello["id"].as_str(), "Har du hittat det?");
    officer.call("messages.send", answer).await;
    let again = thread(&desk, &case, "Har du hittat det?").await;
    assert_eq!(again["unread"], 1);
    assert_eq!(again["messages"][0]["unread"], true);
    assert_eq!(unread(&officer).await, 0, "one's own is not news");
}

/// Covers KW-45, KW-49
#[tokio::test(flavor = "multi_thread")]
async fn a_draft_has_its_place_and_what_it_once_was_can_be_had_back() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    let hello = until("the officer's message", async || {
        list(&desk, &case).await["threads"].as_array().unwrap().first().cloned()
    })
    .await;
    let answered = hello["id"].as_str();
    let mut new = written(&case, None, "En ny tanke");
    new["message_type"] = json!("question");
    desk.call("messages.draft_save", new).await;
    desk.call("messages.draft_save", written(&case, answered, "Ett svar")).await;
    drop(desk);

    let desk = Desk::open(data.path());
    desk.unlock().await;
    let drafts = list(&desk, &case).await["drafts"].clone();
    let of = |thread: Option<&str>| {
        let drafts = drafts.as_array().unwrap();
        drafts.iter().find(|draft| draft["thread"].as_str() == thread).unwrap().clone()
    };
    assert_eq!(of(None)["text"], "En ny tanke");
    assert_eq!(of(None)["message_type"], "question");
    assert_eq!(of(answered)["text"], "Ett svar");

    // sent, the answer is no draft any more and the other one stays
    desk.call("messages.send", written(&case, answered, "Ett svar")).await;
    let drafts = list(&desk, &case).await["drafts"].clone();
    assert_eq!(drafts.as_array().unwrap().len(), 1);

    // thrown away, it is among the earlier ones, and comes back from there
    let place = json!({ "case": case, "thread": null });
    desk.call("messages.draft_discard", place.clone()).await;
    assert_eq!(list(&desk, &case).await["drafts"], json!([]));
    desk.save_draft(&case, "Något annat").await;
    let history = desk.call("messages.draft_history", place).await;
    assert_eq!(history[0]["text"], "En ny tanke");
    assert_eq!(history[0]["discarded"], true);
    let version = history[0]["version"].clone();
    let restore = json!({ "case": case, "thread": null, "version": version });
    desk.call("messages.draft_restore", restore).await;
    assert_eq!(desk.draft(&case).await.as_deref(), Some("En ny tanke"));
    let place = json!({ "case": case, "thread": null });
    let history = desk.call("messages.draft_history", place).await;
    let texts: Vec<_> = history.as_array().unwrap().iter().map(|it| it["text"].clone()).collect();
    assert!(texts.contains(&json!("Något annat")), "what stood there is not lost: {texts:?}");
}
