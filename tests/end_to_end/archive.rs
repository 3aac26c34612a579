//! The archive: every received document, sorted and narrowed, and what opens without a line.

use std::path::Path;

use behorig_files::samples;
use behorig_server::demo::{OFFICER, TECHNICIAN};
use behorig_testkit::{Desk, Relay, TestServer, until};
use serde_json::{Value, json};

const CASE: &str = "F-gas, kategori I";
const DIPLOMA: &str = "Avgångsbetyg";

fn asked(case: &str, by: &str, descending: bool, only: Option<&str>) -> Value {
    json!({ "case": case, "by": by, "descending": descending, "only": only, "language": "sv",
        "from": 0, "limit": 500 })
}

async fn names(desk: &Desk, asked: Value) -> Vec<String> {
    let archive = desk.call("archive.list", asked).await;
    let rows = archive["rows"].as_array().unwrap().iter();
    rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

/// The archive once it has so many documents.
async fn archive(desk: &Desk, case: &str, count: usize) -> Value {
    until(&format!("{count} documents"), async || {
        let archive = desk.call("archive.list", asked(case, "received", true, None)).await;
        (archive["rows"].as_array().unwrap().len() == count).then_some(archive)
    })
    .await
}

async fn submit(desk: &Desk, case: &str, row: &str, folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    desk.will_pick(&[path]);
    let row = desk.row(case, row).await["id"].clone();
    let picked = desk.call("documents.pick", json!({ "case": case, "row": row })).await;
    let file = &picked[0]["file"];
    desk.call("documents.submit", json!({ "file": file, "note": "", "checked": true })).await;
}

/// Covers KW-51, KW-54, KW-55
#[tokio::test(flavor = "multi_thread")]
async fn every_received_document_is_in_both_archives_sorted_in_swedish_and_narrowed_by_type() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let (desk, officer) = (Desk::open(folders[0].path()), Desk::open(folders[1].path()));
    desk.sign_in(&server, &line.url(), TECHNICIAN).await;
    officer.sign_in(&server, &server.url(), OFFICER).await;
    let case = desk.case(CASE).await;
    desk.row(&case, DIPLOMA).await;
    assert_eq!(archive(&desk, &case, 0).await, json!({ "rows": [], "types": [], "total": 0 }));
    let other_row = {
        let list = desk.call("documents.list", json!({ "case": case })).await;
        let rows = list["rows"].as_array().unwrap();
        let other = rows.iter().find(|row| row["name"]["sv"] != DIPLOMA).unwrap();
        other["name"]["sv"].as_str().unwrap().to_owned()
    };
    let files = folders[2].path();
    let docx = samples::docx("Intyg");
    for (name, count) in [("örebro.docx", 1), ("ärende.docx", 2), ("zebra.docx", 3)] {
        submit(&desk, &case, DIPLOMA, files, name, &docx).await;
        archive(&desk, &case, count).await;
    }
    let pdf = samples::pdf("Intyg", "Åsa Lindqvist");
    submit(&desk, &case, &other_row, files, "Ånga <b>.pdf", &pdf).await;
    let here = archive(&desk, &case, 4).await;
    let there = archive(&officer, &case, 4).await;
    assert_eq!(there["types"], here["types"], "the officer's is the same");
    assert_eq!(here["types"].as_array().unwrap().len(), 2);
    let states: Vec<&str> = here["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["handling"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["waiting", "waiting", "replaced", "replaced"]);
    assert_eq!(here["rows"][0]["origin"], TECHNICIAN.name);

    let swedish = ["zebra.docx", "Ånga _b_.pdf", "ärende.docx", "örebro.docx"];
    assert_eq!(names(&desk, asked(&case, "name", false, None)).await, swedish);
    let page = |from| {
        let mut page = asked(&case, "name", false, None);
        (page["from"], page["limit"]) = (json!(from), json!(2));
        desk.call("archive.list", page)
    };
    for from in [0, 1, 3, 4] {
        let page = page(from).await;
        let rows: Vec<_> = page["rows"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
        assert_eq!(rows, swedish.iter().skip(from).take(2).collect::<Vec<_>>(), "from {from}");
        assert_eq!(page["total"], if from < 4 { 4 } else { 0 });
        let types = if from == 0 { here["types"].clone() } else { json!([]) };
        assert_eq!(page["types"], types);
    }
    let mut reversed = swedish;
    reversed.reverse();
    assert_eq!(names(&officer, asked(&case, "name", true, None)).await, reversed);
    let by_size = names(&desk, asked(&case, "size", pdf.len() > docx.len(), None)).await;
    assert_eq!(by_size[0], "Ånga _b_.pdf");
    let by_type = names(&desk, asked(&case, "type", other_row.as_str() > DIPLOMA, None)).await;
    assert_eq!(by_type[0], "Ånga _b_.pdf");
    let diploma = here["types"].as_array().unwrap().iter().find(|it| it["name"]["sv"] == DIPLOMA);
    let code = diploma.unwrap()["code"].as_str().unwrap();
    assert_eq!(
        names(&officer, asked(&case, "name", false, Some(code))).await,
        ["zebra.docx", "ärende.docx", "örebro.docx"]
    );
    assert!(names(&desk, asked(&case, "name", false, Some("nothing"))).await.is_empty());

    // what waits here is not received
    line.cut();
    desk.line("offline").await;
    submit(&desk, &case, &other_row, files, "väntar.pdf", &pdf).await;
    archive(&desk, &case, 4).await;
}

/// Covers KW-51
#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_kept_or_was_opened_once_opens_without_a_line() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let (desk, officer) = (Desk::open(folders[0].path()), Desk::open(folders[1].path()));
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    officer.sign_in(&server, &line.url(), OFFICER).await;
    let case = desk.case(CASE).await;
    officer.case(CASE).await;
    officer.row(&case, DIPLOMA).await;
    let docx = samples::docx("Intyg");
    for (name, count) in [("ett.docx", 1), ("två.docx", 2), ("tre.docx", 3)] {
        submit(&desk, &case, DIPLOMA, folders[2].path(), name, &docx).await;
        archive(&officer, &case, count).await;
    }
    let rows = archive(&officer, &case, 3).await["rows"].clone();
    let id = |name: &str| {
        let row = rows.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap();
        assert_eq!(row["here"], false);
        json!({ "document": row["document"] })
    };
    officer.call("archive.keep", id("ett.docx")).await;
    officer.call("documents.open", id("två.docx")).await;
    line.cut();
    officer.line("offline").await;
    for name in ["ett.docx", "två.docx"] {
        officer.call("documents.open", id(name)).await;
        assert_eq!(std::fs::read(officer.opened().last().unwrap()).unwrap(), docx, "{name}");
    }
    let refused = officer.try_call("archive.keep", id("tre.docx")).await.unwrap_err();
    assert_eq!(refused["code"], "offline");
    let stays = archive(&officer, &case, 3).await["rows"].clone();
    let here = stays.as_array().unwrap().iter().filter(|row| row["here"] == true).count();
    assert_eq!(here, 2);
    // and after the program has ended
    drop(officer);
    let officer = Desk::open(folders[1].path());
    officer.unlock().await;
    officer.call("documents.open", id("ett.docx")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_elses_archive_can_be_asked_for() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    desk.case(CASE).await;
    let nowhere = "00000000-0000-0000-0000-000000000000";
    let list = desk.try_call("archive.list", asked(nowhere, "name", false, None)).await;
    assert_eq!(list.unwrap_err()["code"], "bad_request");
    let keep = desk.try_call("archive.keep", json!({ "document": nowhere })).await;
    assert_eq!(keep.unwrap_err()["code"], "bad_request");
}

/// Covers KW-52, KW-53
#[tokio::test(flavor = "multi_thread")]
async fn what_is_common_is_in_every_archive_of_the_person_and_nothing_else_is() {
    let server = TestServer::start().await;
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let desk = Desk::open(folders[0].path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    let (case, other) = (desk.case(CASE).await, desk.case("Energiexpert").await);
    desk.row(&case, DIPLOMA).await;
    let files = folders[1].path();
    let pdf = samples::pdf("Intyg", "Åsa Lindqvist");
    submit(&desk, &case, DIPLOMA, files, "gemensamt.pdf", &pdf).await;
    submit(&desk, &case, "Övriga handlingar", files, "eget.pdf", &pdf).await;
    archive(&desk, &case, 2).await;
    let elsewhere = archive(&desk, &other, 1).await;
    let row = &elsewhere["rows"][0];
    assert_eq!(row["name"], "gemensamt.pdf", "one stored object, seen from both");
    assert_eq!(row["from_case"], "2026-10482");
    assert_eq!(row["type_name"]["sv"], DIPLOMA);
    assert_eq!(elsewhere["types"].as_array().unwrap().len(), 1);
    let own = desk.call("archive.list", asked(&case, "name", false, None)).await;
    assert!(own["rows"].as_array().unwrap().iter().all(|row| row["from_case"].is_null()));
}
