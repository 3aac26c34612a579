//! What another system had is there for its owner, in the program.

use std::fs;

use behorig_files::samples;
use behorig_server::{
    demo::{DemoPerson, TECHNICIAN},
    import::{Import, run},
    system_clock,
};
use behorig_testkit::{Browser, Desk, TestServer};
use serde_json::json;

use crate::links::{choose, code, link};

const ELIN: DemoPerson = DemoPerson {
    name: "Elin Åström",
    user_name: "elin.astrom",
    password: "ritningar i rulle",
    phone: "+46701740610",
    email: "elin.astrom@example.com",
};

/// Somebody who had a certificate before finds it, with its paper, and nothing that is another's; whoever was there
/// keeps what they had.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_had_a_certificate_before_signs_in_and_finds_it() {
    let mut server = TestServer::start().await;
    let files = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| fs::write(files.path().join(name), bytes).unwrap();
    let DemoPerson { name, user_name, phone, email, .. } = ELIN;
    put(
        "people.csv",
        format!("key;name;user_name;phone;email\n77;{name};{user_name};{phone};{email}\n")
            .as_bytes(),
    );
    put(
        "cases.csv",
        b"key;holder;identity_number;scheme;number\nA1;77;19790824-2394;kontrollansvarig;2021-17\n",
    );
    put(
        "certificates.csv",
        b"case;number;granted_on;valid_to;level;published;file\n\
          A1;KA-17;2023-03-01;2028-02-29;k;ja;KA-17.pdf\n",
    );
    let paper = samples::pdf("Certifikat KA-17", name);
    put("KA-17.pdf", &paper);
    let names = ["people.csv", "cases.csv", "certificates.csv"];
    let asked = Import {
        files: names.iter().map(|name| files.path().join(name)).collect(),
        dry_run: false,
        invite: true,
        issuer: None,
        service: None,
    };
    // beside the running server
    let done = run(server.data(), &asked, (system_clock())(), &mut |told| panic!("{told:?}"));
    assert!(done.unwrap().taken);
    server.stop().await;
    server.start_again().await;

    let browser = Browser::new("sv");
    let link = link(&server, ELIN, 1).await;
    let code = code(&browser, &server, ELIN, &link).await;
    assert!(choose(&browser, &server, &link, &code, ELIN.password).await.status.is_success());
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), ELIN).await;
    let case = desk.case("Kontrollansvarig (KA)").await;
    let cases = desk.call("cases.list", json!({})).await;
    assert_eq!(cases.as_array().unwrap().len(), 1);
    let shown = desk.call("cases.show", json!({ "case": case })).await;
    assert_eq!(shown["stage"], "granted");
    let certificate = &shown["certificate"];
    assert_eq!(
        (&certificate["number"], &certificate["published"]),
        (&json!("KA-17"), &json!(true))
    );
    assert_eq!(certificate["level"]["sv"], "K, komplicerade projekt");
    assert_eq!(certificate["valid_to"], "2028-02-29");
    let documents = desk.call("documents.list", json!({ "case": case })).await;
    let rows = documents["rows"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["awaited"] == false), "nothing is asked for: {rows:?}");
    let row = rows.iter().find(|row| !row["documents"].as_array().unwrap().is_empty()).unwrap();
    let copy = data.path().join("kopia.pdf");
    desk.will_save_to(&copy);
    desk.call("documents.save", json!({ "document": row["documents"][0]["id"] })).await;
    assert_eq!(fs::read(copy).unwrap(), paper);

    let other = tempfile::tempdir().unwrap();
    let technician = Desk::open(other.path());
    technician.sign_in(&server, &server.url(), TECHNICIAN).await;
    technician.case("F-gas, kategori I").await;
    let cases = technician.call("cases.list", json!({})).await;
    assert_eq!(cases.as_array().unwrap().len(), 2, "neither more nor fewer than before");
}
