//! How much of a person's files is taken, and for how long what no document names is kept.

use behorig_domain::FileId;
use behorig_files::samples;
use behorig_protocol::{Answer, ErrorBody, ErrorCode, path};
use behorig_server::packs;
use uuid::Uuid;

use crate::world::{Answered, DAY, World, file, offset, refusal};

/// As many bytes as the demo's service takes in one file.
const LARGEST: usize = 50_000_000;

fn new_id() -> FileId {
    FileId(Uuid::now_v7())
}

fn code(answered: &Answered) -> ErrorCode {
    serde_json::from_slice::<ErrorBody>(&answered.body).unwrap().code
}

async fn head(world: &World, token: &str, id: FileId) -> u16 {
    world.ask("HEAD", &file(id), Some(token), &[], &[]).await.status
}

#[tokio::test]
async fn what_no_document_names_counts_for_a_week() {
    let (world, token) = World::new().await;
    let first = new_id();
    assert_eq!(world.begin(&token, first, "a.pdf", LARGEST).await.status, 201);
    for _ in 0..20 {
        assert_eq!(world.begin(&token, new_id(), "a.pdf", LARGEST).await.status, 201);
    }
    let full = world.begin(&token, new_id(), "a.pdf", LARGEST).await;
    assert_eq!((full.status, code(&full)), (507, ErrorCode::QuotaExceeded));
    // what has been begun is not counted a second time
    assert_eq!(world.begin(&token, first, "a.pdf", LARGEST).await.status, 201);
    let token = world.pass(6 * DAY).await;
    assert_eq!(world.begin(&token, new_id(), "a.pdf", LARGEST).await.status, 507);
    let token = world.pass(DAY).await;
    assert_eq!(world.begin(&token, new_id(), "a.pdf", LARGEST).await.status, 201);
}

#[tokio::test]
async fn what_is_not_here_takes_no_bytes() {
    let (world, token) = World::new().await;
    for _ in 0..30 {
        assert_eq!(world.begin(&token, new_id(), "a.pdf", LARGEST + 1).await.status, 413);
    }
    assert_eq!(world.begin(&token, new_id(), "a.pdf", 1 << 62).await.status, 413);
    assert_eq!(world.begin(&token, new_id(), "a.pdf", 1 << 62).await.status, 413);
    assert_eq!(world.begin(&token, new_id(), "a.pdf", LARGEST).await.status, 201);
}

#[tokio::test]
async fn files_are_counted_however_small_or_large() {
    let (world, token) = World::new().await;
    for _ in 0..100 {
        assert_eq!(world.begin(&token, new_id(), "a.pdf", 1).await.status, 201);
        assert_eq!(world.begin(&token, new_id(), "a.pdf", LARGEST + 1).await.status, 413);
    }
    for bytes in [1, LARGEST + 1] {
        let full = world.begin(&token, new_id(), "a.pdf", bytes).await;
        assert_eq!((full.status, code(&full)), (507, ErrorCode::QuotaExceeded));
    }
}

#[tokio::test]
async fn what_no_document_names_is_swept_after_a_week_and_can_be_sent_anew() {
    let (world, token) = World::new().await;
    let content = samples::pdf("Betyg", "Åsa Lindqvist");
    let [used, late, part, disguised, large] = [(); 5].map(|()| new_id());
    let whole = async |token: &str, id| {
        world.begin(token, id, "betyg.pdf", content.len()).await;
        assert_eq!(world.append(token, id, 0, &content).await.status, 204);
    };
    whole(&token, used).await;
    let (document, answer) = world.submit(&token, used, &content).await;
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
    world.begin(&token, part, "betyg.pdf", content.len()).await;
    world.append(&token, part, 0, &content[..100]).await;
    let program = samples::executable();
    world.begin(&token, disguised, "betyg.pdf", program.len()).await;
    world.append(&token, disguised, 0, &program).await;
    world.begin(&token, large, "betyg.pdf", LARGEST + 1).await;
    // begun with the others and whole three days later: kept three days longer
    world.begin(&token, late, "betyg.pdf", content.len()).await;
    let token = world.pass(3 * DAY).await;
    assert_eq!(world.append(&token, late, 0, &content).await.status, 204);
    // what a crash left while it was swept
    let stray = new_id();
    std::fs::write(world.on_disk(stray), b"noise").unwrap();

    let token = world.pass(3 * DAY).await;
    world.server.sweep().await.unwrap();
    assert!(!world.on_disk(stray).exists());
    for id in [used, late, part] {
        assert_eq!(head(&world, &token, id).await, 200);
        assert!(world.on_disk(id).exists());
    }
    let token = world.pass(DAY).await;
    world.server.sweep().await.unwrap();
    for id in [part, disguised, large] {
        assert_eq!(head(&world, &token, id).await, 404);
        assert_eq!(world.append(&token, id, 100, &content[100..]).await.status, 404);
        assert!(!world.on_disk(id).exists());
    }
    assert_eq!(world.submit(&token, part, &content).await.1, Answer::Wait);
    whole(&token, part).await;
    for id in [part, late] {
        let (_, answer) = world.submit(&token, id, &content).await;
        assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
    }

    let token = world.pass(30 * DAY).await;
    world.server.sweep().await.unwrap();
    let uri = format!("{}/{document}/file", path::DOCUMENTS);
    let fetched = world.ask("GET", &uri, Some(&token), &[], &[]).await;
    assert!(fetched.status == 200 && fetched.body == content, "documents stay");
}

#[tokio::test]
async fn a_file_that_was_too_large_is_taken_once_the_limit_admits_it() {
    let (world, token) = World::new().await;
    let content = samples::pdf("Betyg", "Åsa Lindqvist");
    let publish = |max: usize| {
        let pack = packs::CERTIFICATION.replace("50000000", &max.to_string());
        packs::publish(world.data.path(), packs::read(&pack).unwrap(), world.now()).unwrap();
    };
    publish(content.len() - 1);
    let id = new_id();
    assert_eq!(world.begin(&token, id, "betyg.pdf", content.len()).await.status, 413);
    assert_eq!(world.begin(&token, id, "betyg.pdf", content.len()).await.status, 413);
    // never begun, so its sender begins it again
    assert_eq!(head(&world, &token, id).await, 404);
    assert_eq!(world.append(&token, id, 0, &content).await.status, 404);
    let refused = refusal(&world.submit(&token, id, &content).await.1);
    assert!(refused.contains(r#""fault":"too_large""#), "{refused}");

    publish(content.len());
    // another command that names it waits for the file instead of being refused like the first
    assert_eq!(world.submit(&token, id, &content).await.1, Answer::Wait);
    let begun = world.begin(&token, id, "betyg.pdf", content.len()).await;
    assert_eq!((begun.status, offset(&begun)), (201, 0));
    assert_eq!(world.append(&token, id, 0, &content).await.status, 204);
    let (_, answer) = world.submit(&token, id, &content).await;
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
}

#[tokio::test]
async fn a_file_that_another_program_is_at_is_busy() {
    let (mut world, token) = World::new().await;
    let id = new_id();
    world.begin(&token, id, "betyg.pdf", 10).await;
    world.restart();
    let locked = std::fs::File::open(world.on_disk(id)).unwrap();
    locked.try_lock().unwrap();
    assert_eq!(head(&world, &token, id).await, 423);
    assert_eq!(world.append(&token, id, 0, b"12345").await.status, 423);
    drop(locked);
    assert_eq!(head(&world, &token, id).await, 200);
}
