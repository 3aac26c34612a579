//! Files over the wire, as a foreign tus client or a stranger would ask for them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod kept;
mod standards;
mod world;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use behorig_domain::FileId;
use behorig_files::samples;
use behorig_protocol::{Answer, path, tus};
use behorig_server::demo::{DemoPerson, OFFICER};
use uuid::Uuid;

use crate::world::{World, file, offset, refusal};

/// Covers KW-78
#[tokio::test]
async fn a_file_goes_on_from_where_it_broke_off_whoever_asks_by_tus() {
    let (world, token) = World::new().await;
    let (id, content) = (FileId(Uuid::now_v7()), samples::pdf_of_size(300_000));
    let options = world.ask("OPTIONS", path::FILES, Some(&token), &[], &[]).await;
    assert_eq!(options.headers["tus-version"], "1.0.0");
    assert_eq!(options.headers["tus-max-size"], "50000000");

    let begun = world.begin(&token, id, "betyg.pdf", content.len()).await;
    assert_eq!((begun.status, offset(&begun)), (201, 0));
    assert_eq!(begun.headers["location"].to_str().unwrap(), file(id));
    assert_eq!(begun.headers[tus::RESUMABLE], "1.0.0");
    let first = world.append(&token, id, 0, &content[..100_000]).await;
    assert_eq!((first.status, offset(&first)), (204, 100_000));
    // a lost answer: the same bytes again, or the file begun anew, change nothing
    assert_eq!(world.append(&token, id, 0, &content[..100_000]).await.status, 409);
    let again = world.begin(&token, id, "betyg.pdf", content.len()).await;
    assert_eq!((again.status, offset(&again)), (201, 100_000));
    assert_eq!(world.begin(&token, id, "betyg.pdf", 5).await.status, 409, "another length");
    let head = world.ask("HEAD", &file(id), Some(&token), &[], &[]).await;
    assert_eq!((head.status, offset(&head)), (200, 100_000));
    assert_eq!(head.headers[tus::LENGTH].to_str().unwrap(), content.len().to_string());
    assert_eq!(head.headers["cache-control"], "no-store");
    // the command waits for the rest, and then not
    assert_eq!(world.submit(&token, id, &content).await.1, Answer::Wait);
    let rest = world.append(&token, id, 100_000, &content[100_000..]).await;
    assert_eq!((rest.status, offset(&rest)), (204, content.len()));
    let (document, answer) = world.submit(&token, id, &content).await;
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");

    let uri = format!("{}/{document}/file", path::DOCUMENTS);
    let officer = world.sign_in(OFFICER).await;
    let whole = world.ask("GET", &uri, Some(&officer), &[], &[]).await;
    assert!(whole.status == 200 && whole.body == content);
    assert_eq!(whole.headers["content-type"], "application/pdf");
    let range = [("range", "bytes=65530-65545")];
    let part = world.ask("GET", &uri, Some(&officer), &range, &[]).await;
    assert_eq!((part.status, part.body.as_slice()), (206, &content[65_530..65_546]));
    let past = [("range", "bytes=300000000-")];
    assert_eq!(world.ask("GET", &uri, Some(&officer), &past, &[]).await.status, 416);
}

#[tokio::test]
async fn rubbish_gets_an_answer_and_spoils_nothing() {
    let (world, token) = World::new().await;
    let id = FileId(Uuid::now_v7());
    let status = async |method, uri: &str, headers: &[(&str, &str)]| {
        world.ask(method, uri, Some(&token), headers, b"x").await.status
    };
    let length = (tus::LENGTH, "10");
    for metadata in ["", "id", "id !!!!,filename YQ==", "filename YQ==", "id YQ==,filename YQ=="] {
        assert_eq!(status("POST", path::FILES, &[length, (tus::METADATA, metadata)]).await, 400);
    }
    let good = format!("id {},filename YQ==", BASE64_STANDARD.encode(id.to_string()));
    for bad in ["-1", "ten", "99999999999999999999999", ""] {
        let headers = [(tus::LENGTH, bad), (tus::METADATA, good.as_str())];
        assert_eq!(status("POST", path::FILES, &headers).await, 400, "{bad}");
    }
    assert_eq!(status("HEAD", &file(id), &[]).await, 404);
    assert_eq!(status("HEAD", &format!("{}/abc", path::FILES), &[]).await, 400);
    assert_eq!(world.begin(&token, id, "a.pdf", 10).await.status, 201);
    let patch = [("content-type", "text/plain"), (tus::OFFSET, "0")];
    assert_eq!(status("PATCH", &file(id), &patch).await, 400);
    assert_eq!(world.append(&token, id, 5, b"12345").await.status, 409);
    // more than was declared is not taken
    assert_eq!(world.append(&token, id, 0, b"12345678901").await.status, 400);
    let head = world.ask("HEAD", &file(id), Some(&token), &[], &[]).await;
    assert_eq!(offset(&head), 0);
}

#[tokio::test]
async fn what_is_no_document_is_looked_at_and_the_command_says_why() {
    let (world, token) = World::new().await;
    let send = async |content: &[u8], name: &str| {
        let id = FileId(Uuid::now_v7());
        world.begin(&token, id, name, content.len()).await;
        world.append(&token, id, 0, content).await;
        refusal(&world.submit(&token, id, content).await.1)
    };
    let disguised = send(&samples::executable(), "betyg.pdf").await;
    assert!(disguised.contains(r#""fault":"disguised""#), "{disguised}");
    let encrypted = send(&samples::pdf_encrypted(), "betyg.pdf").await;
    assert!(encrypted.contains(r#""fault":"encrypted""#), "{encrypted}");
    // the command says pdf, the bytes are another document
    let differs = send(&samples::docx("Hej"), "betyg.docx").await;
    assert!(differs.contains("file_differs"), "{differs}");
    // by its declared length alone
    let id = FileId(Uuid::now_v7());
    assert_eq!(world.begin(&token, id, "stor.pdf", 50_000_001).await.status, 413);
    let large = refusal(&world.submit(&token, id, b"%PDF").await.1);
    assert!(large.contains(r#""fault":"too_large""#), "{large}");
}

#[tokio::test]
async fn a_file_and_a_document_are_seen_by_nobody_else() {
    let (world, token) = World::new().await;
    let content = samples::pdf("Betyg", "Åsa Lindqvist");
    let id = FileId(Uuid::now_v7());
    world.begin(&token, id, "betyg.pdf", content.len()).await;
    let operator = world.server.operator();
    operator.register("Örjan", "orjan", "ett långt lösenord", "+46701740699", None).await.unwrap();
    let stranger = DemoPerson {
        name: "Örjan",
        user_name: "orjan",
        password: "ett långt lösenord",
        phone: "+46701740699",
        email: "",
    };
    let stranger = world.sign_in(stranger).await;
    for other in [&stranger, &world.sign_in(OFFICER).await] {
        let head = world.ask("HEAD", &file(id), Some(other), &[], &[]).await;
        assert_eq!(head.status, 404, "not even that it is there");
        assert_eq!(world.append(other, id, 0, &content).await.status, 404);
        let begun = world.begin(other, id, "betyg.pdf", content.len()).await;
        assert!(matches!(begun.status, 409 | 413), "{}", begun.status);
    }
    world.append(&token, id, 0, &content).await;
    let (document, _) = world.submit(&token, id, &content).await;
    let uri = format!("{}/{document}/file", path::DOCUMENTS);
    assert_eq!(world.ask("GET", &uri, Some(&stranger), &[], &[]).await.status, 404);
    assert_eq!(world.ask("GET", &uri, None, &[], &[]).await.status, 401);
    assert_eq!(world.ask("GET", &uri, Some(&token), &[], &[]).await.status, 200);
    let on_disk = std::fs::read(world.on_disk(id)).unwrap();
    assert!(!on_disk.windows(5).any(|window| window == b"%PDF-"), "sealed at rest");
}
