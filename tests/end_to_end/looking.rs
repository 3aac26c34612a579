//! Looking at documents within the program: their bytes in parts, their text, and who may.

use behorig_files::samples;
use behorig_server::demo::{APPLICANT, OFFICER, TECHNICIAN};
use behorig_testkit::{Desk, Relay, TestServer, until};
use serde_json::{Value, json};

use crate::cases::desk;

const CASE: &str = "F-gas, kategori I";
const DIPLOMA: &str = "Avgångsbetyg";
const PART: usize = 256 * 1024;

async fn sent(holder: &Desk, folder: &std::path::Path, name: &str, bytes: &[u8]) -> String {
    let case = holder.case(CASE).await;
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    holder.will_pick(&[path]);
    let row = holder.row(&case, DIPLOMA).await["id"].clone();
    let picked = holder.call("documents.pick", json!({ "case": case, "row": row })).await;
    let submit = json!({ "file": picked[0]["file"], "note": "", "checked": true });
    holder.call("documents.submit", submit).await;
    until(name, async || {
        let row = holder.row(&case, DIPLOMA).await;
        let documents = row["documents"].as_array()?.clone();
        let received = |it: &&Value| it["name"] == name && it["state"] == "received";
        Some(documents.iter().find(received)?["id"].as_str()?.to_owned())
    })
    .await
}

async fn part(desk: &Desk, document: &str, offset: usize) -> Result<Vec<u8>, Value> {
    let asked = json!({ "document": document, "offset": offset });
    let part = desk.try_call("documents.part", asked).await?;
    Ok(base64(part["base64"].as_str().unwrap()))
}

/// Written here, so that what the program writes is read by something else.
fn base64(text: &str) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for four in text.as_bytes().chunks(4) {
        let known = four.iter().filter(|c| **c != b'=').count();
        let bits = four.iter().fold(0_u32, |bits, c| (bits << 6) | u32::from(value(*c)));
        bytes.extend(bits.to_be_bytes()[1..].iter().take(known * 3 / 4));
    }
    bytes
}

/// The officer and the holder get every byte, the officer without a line once it is here; nobody else gets any.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_read_in_parts_by_those_who_may_see_it_and_offline_once_it_is_here() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let folders = [(); 4].map(|()| tempfile::tempdir().unwrap());
    let holder = desk(&server, folders[0].path(), TECHNICIAN).await;
    let officer = Desk::open(folders[1].path());
    officer.sign_in(&server, &line.url(), OFFICER).await;
    let stranger = desk(&server, folders[2].path(), APPLICANT).await;
    let bytes = samples::pdf_of_size(700_000);
    let document = sent(&holder, folders[3].path(), "betyg.pdf", &bytes).await;
    let asked = json!({ "document": document });
    let look =
        until("the record", async || officer.try_call("documents.look", asked.clone()).await.ok())
            .await;
    assert_eq!((&look["here"], &look["format"]), (&json!(false), &json!("pdf")));
    assert_eq!(look["bytes"], bytes.len());
    officer.call("archive.keep", asked.clone()).await;
    assert_eq!(officer.call("documents.look", asked.clone()).await["here"], true);
    line.cut();
    officer.line("offline").await;
    for who in [&officer, &holder] {
        let mut whole = Vec::new();
        while whole.len() < bytes.len() {
            let next = part(who, &document, whole.len()).await.unwrap();
            assert!(!next.is_empty() && next.len() <= PART);
            whole.extend(next);
        }
        assert!(whole == bytes, "all of it, in order");
        assert_eq!(part(who, &document, bytes.len()).await, Ok(Vec::new()));
        let middle = part(who, &document, 300_001).await.unwrap();
        assert!(bytes[300_001..].starts_with(&middle));
    }
    let past = json!({ "document": document, "offset": bytes.len() + 1 });
    assert_eq!(officer.try_call("documents.part", past).await.unwrap_err()["code"], "bad_request");
    let before = json!({ "document": document, "offset": -1 });
    assert_eq!(
        officer.try_call("documents.part", before).await.unwrap_err()["code"],
        "bad_request"
    );
    for method in ["documents.look", "documents.text"] {
        let refused = stranger.try_call(method, asked.clone()).await.unwrap_err();
        assert_eq!(refused["code"], "bad_request", "{method}");
    }
    assert_eq!(part(&stranger, &document, 0).await.unwrap_err()["code"], "bad_request");
    assert!(officer.opened().is_empty(), "nothing was opened in another program");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_text_of_an_office_file_is_read_and_what_has_none_says_so() {
    let server = TestServer::start().await;
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let holder = desk(&server, folders[0].path(), TECHNICIAN).await;
    let files = [
        ("intyg.docx", samples::docx("Härmed intygas"), json!("Härmed intygas")),
        ("lista.xlsx", samples::xlsx("Moment"), json!("Moment")),
        ("gammalt.doc", samples::doc_saying("Intyg\r", "Łukasz\r"), json!("Intyg\nŁukasz")),
        (
            "gammal.xls",
            samples::xls_saying("Namn", "Åsa"),
            json!("Namn\t\tÅsa\n82.5\t2026-11-22\n12.5"),
        ),
        ("tomt.doc", samples::doc(), json!(null)),
    ];
    for (name, bytes, text) in files {
        let document = sent(&holder, folders[1].path(), name, &bytes).await;
        let read = holder.call("documents.text", json!({ "document": document })).await;
        assert_eq!(read, json!({ "text": text, "cut": false }), "{name}");
    }
}
