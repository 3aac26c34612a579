//! What RFC 9110 and tus 1.0 ask of a server and our own program never tries.

use axum::http::{HeaderMap, Request};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use behorig_domain::FileId;
use behorig_files::samples;
use behorig_protocol::{VERSION, VERSION_HEADER, path, tus};
use uuid::Uuid;

use crate::world::{Answered, World, file, offset};

/// Asks with these headers and no others of tus'.
async fn ask(
    world: &World,
    (method, uri): (&str, &str),
    token: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answered {
    let mut request = Request::builder().method(method).uri(uri);
    request = request.header(VERSION_HEADER, VERSION);
    request = request.header("authorization", format!("Bearer {token}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = world.server.ask(request.body(body.to_vec()).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    Answered { status: parts.status.as_u16(), headers: parts.headers, body }
}

fn tus_version(headers: &HeaderMap) -> &str {
    headers.get(tus::RESUMABLE).map(|it| it.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn another_version_of_tus_or_none_is_refused_and_every_answer_names_ours() {
    let (world, token) = World::new().await;
    let id = FileId(Uuid::now_v7());
    let metadata = [id.to_string(), "betyg.pdf".into()].map(|text| BASE64_STANDARD.encode(text));
    let metadata = format!("id {},filename {}", metadata[0], metadata[1]);
    let begin = [(tus::LENGTH, "10"), (tus::METADATA, metadata.as_str())];
    for version in [None, Some((tus::RESUMABLE, "0.2.2"))] {
        let headers: Vec<_> = begin.into_iter().chain(version).collect();
        let refused = ask(&world, ("POST", path::FILES), &token, &headers, b"").await;
        assert_eq!((refused.status, tus_version(&refused.headers)), (412, "1.0.0"));
        assert_eq!(refused.headers["tus-version"], "1.0.0");
    }
    let ours = [(tus::RESUMABLE, "1.0.0")];
    let none = ask(&world, ("HEAD", &file(id)), &token, &ours, b"").await;
    assert_eq!((none.status, tus_version(&none.headers)), (404, "1.0.0"), "nothing was begun");
    let options = ask(&world, ("OPTIONS", path::FILES), &token, &[], b"").await;
    assert_eq!(options.status, 204, "who asks what there is need not know it");
}

#[tokio::test]
async fn a_client_that_cannot_say_patch_goes_on_by_post() {
    let (world, token) = World::new().await;
    let (id, content) = (FileId(Uuid::now_v7()), samples::pdf("Betyg", "Åsa"));
    world.begin(&token, id, "betyg.pdf", content.len()).await;
    let patch = [
        (tus::OFFSET, "0"),
        ("content-type", tus::CONTENT_TYPE),
        ("x-http-method-override", "PATCH"),
    ];
    let plain = world.ask("POST", &file(id), Some(&token), &patch[..2], &content).await;
    assert_eq!((plain.status, plain.headers["allow"].to_str().unwrap()), (405, "HEAD, PATCH"));
    let sent = world.ask("POST", &file(id), Some(&token), &patch, &content).await;
    assert_eq!((sent.status, offset(&sent)), (204, content.len()));
}

#[tokio::test]
async fn a_part_is_given_only_of_what_the_client_has_the_other_part_of() {
    let (world, token) = World::new().await;
    let content = samples::pdf_of_size(100_000);
    let id = FileId(Uuid::now_v7());
    world.begin(&token, id, "betyg.pdf", content.len()).await;
    world.append(&token, id, 0, &content).await;
    let (document, _) = world.submit(&token, id, &content).await;
    let uri = format!("{}/{document}/file", path::DOCUMENTS);
    let get =
        async |headers: &[(&str, &str)]| ask(&world, ("GET", &uri), &token, headers, b"").await;
    let tag = get(&[]).await.headers["etag"].to_str().unwrap().to_owned();
    let range = ("range", "bytes=50000-50009");

    let same = get(&[range, ("if-range", &tag)]).await;
    assert_eq!((same.status, same.body.as_slice()), (206, &content[50_000..50_010]));
    let weak = format!("W/{tag}");
    for other in ["\"another\"", weak.as_str(), "Wed, 21 Oct 2015 07:28:00 GMT"] {
        let whole = get(&[range, ("if-range", other)]).await;
        assert!(whole.status == 200 && whole.body == content, "{other}");
    }
    for known in [tag.as_str(), weak.as_str(), "*", &format!("\"a\", {tag}")] {
        let not_modified = get(&[("if-none-match", known)]).await;
        assert_eq!((not_modified.status, not_modified.body.len()), (304, 0), "{known}");
        assert_eq!(not_modified.headers["etag"].to_str().unwrap(), tag);
    }
    assert_eq!(get(&[("if-none-match", "\"another\"")]).await.status, 200);
    assert_eq!(get(&[("if-match", "\"another\"")]).await.status, 412);
    assert_eq!(get(&[("if-match", &tag), range]).await.status, 206);
}

#[tokio::test]
async fn a_range_in_unknown_units_is_no_range() {
    let (world, token) = World::new().await;
    let content = samples::pdf("Betyg", "Åsa");
    let id = FileId(Uuid::now_v7());
    world.begin(&token, id, "betyg.pdf", content.len()).await;
    world.append(&token, id, 0, &content).await;
    let (document, _) = world.submit(&token, id, &content).await;
    let uri = format!("{}/{document}/file", path::DOCUMENTS);
    let whole = ask(&world, ("GET", &uri), &token, &[("range", "lines=1-2")], b"").await;
    assert!(whole.status == 200 && whole.body == content);
    let second = [("range", "bytes=999999999-,0-3")];
    let part = ask(&world, ("GET", &uri), &token, &second, b"").await;
    assert_eq!((part.status, part.body.as_slice()), (206, &content[..4]), "the one that is there");
}
