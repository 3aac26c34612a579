//! Files from a person's devices, by tus 1.0 with the extension `creation`: begun, gone on with after any
//! interruption, and looked at once whole.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::{Body, BodyDataStream},
    extract::{Path, Request, State as Shared},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use behorig_domain::{FileId, PersonId, Timestamp, documents::FileFault};
use behorig_protocol::{ErrorCode, path, tus};
use behorig_server_store::{Found, Stage, Upload, Writing};
use futures_util::StreamExt as _;

use super::SignedInPerson;
use crate::{fault::Fault, state::State, uploads::Held};

/// Bytes that one person may have here in files that no document names.
const UNUSED_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Such files that one person may have here, however small.
const UNUSED_FILES_MAX: u64 = 200;
/// Written to the disk in pieces of at least so many bytes.
const PIECE: usize = 256 * 1024;
/// How long a sender may be silent in the middle of a request.
const SILENCE: Duration = Duration::from_secs(30);
/// Bytes a second that a request must bring on average, once it has lasted longer than [`SILENCE`].
const SLOWEST: u64 = 1024;
/// Longest name of a file, in bytes.
const NAME_MAX: usize = 255;

/// Holds requests to the one version of tus that there is here, and names it in every answer. Who asks what
/// there is need not know it.
pub(super) async fn check_tus(request: Request, next: Next) -> Response {
    let version = HeaderValue::from_static(tus::VERSION);
    let asked = request.headers().get(tus::RESUMABLE);
    let mut response = if asked == Some(&version) || request.method() == Method::OPTIONS {
        next.run(request).await
    } else {
        let versions = [(HeaderName::from_static("tus-version"), version.clone())];
        (StatusCode::PRECONDITION_FAILED, versions).into_response()
    };
    response.headers_mut().insert(HeaderName::from_static(tus::RESUMABLE), version);
    response
}

fn tus_headers(response: &mut Response, offset: Option<u64>) {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(offset) = offset {
        headers.insert(HeaderName::from_static(tus::OFFSET), HeaderValue::from(offset));
    }
}

fn number(headers: &HeaderMap, name: &str) -> Result<u64, Fault> {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    Ok(text.and_then(|text| text.parse().ok()).ok_or(ErrorCode::BadRequest)?)
}

/// The id and the name that the sender gives in the metadata.
fn metadata(headers: &HeaderMap) -> Option<(FileId, String)> {
    let text = headers.get(tus::METADATA)?.to_str().ok()?;
    let field = |name: &str| {
        let pair = text.split(',').filter_map(|pair| pair.trim().split_once(' '));
        let value = pair.into_iter().find(|(key, _)| *key == name)?.1;
        String::from_utf8(BASE64_STANDARD.decode(value).ok()?).ok()
    };
    let name = field("filename")?;
    if name.len() > NAME_MAX {
        return None;
    }
    Some((field("id")?.parse().ok()?, name))
}

/// What this server speaks.
pub(super) async fn options(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
) -> Result<Response, Fault> {
    let max = state.read(move |store| store.document_max(signed_in.person, signed_in.now)).await?;
    let name = HeaderName::from_static;
    let mut response = StatusCode::NO_CONTENT.into_response();
    tus_headers(&mut response, None);
    let headers = response.headers_mut();
    headers.insert(name("tus-version"), HeaderValue::from_static(tus::VERSION));
    headers.insert(name("tus-extension"), HeaderValue::from_static("creation"));
    headers.insert(name("tus-max-size"), HeaderValue::from(max));
    Ok(response)
}

/// Begins a file. Beginning the same one again changes nothing.
pub(super) async fn begin(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let bytes = number(&headers, tus::LENGTH)?;
    let (id, name) = metadata(&headers).ok_or(ErrorCode::BadRequest)?;
    let SignedInPerson { person, token_hash, now, .. } = signed_in;
    let max = state.read(move |store| store.document_max(person, now)).await?;
    let upload = Upload { person, name, bytes, stage: Stage::Coming };
    let begun = state.writer.run(move |writing| {
        writing.session(&token_hash, now)?.ok_or(ErrorCode::SignInNeeded)?;
        begin_one(writing, id, &upload, max, now)
    });
    if begun.await? == Stage::TooLarge {
        return Err(ErrorCode::TooLarge.into());
    }
    let upload = own(&state, id, person).await?;
    let offset = offset(&state, id, &upload).await?;
    let mut response = StatusCode::CREATED.into_response();
    tus_headers(&mut response, Some(offset));
    let location = format!("{}/{id}", path::FILES);
    let location = HeaderValue::from_str(&location).map_err(|_| ErrorCode::BadRequest)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

fn begin_one(
    writing: &mut Writing<'_>,
    id: FileId,
    upload: &Upload,
    max: u64,
    now: Timestamp,
) -> Result<Stage, Fault> {
    let Upload { person, bytes, .. } = *upload;
    let known = writing.upload(id)?;
    if let Some(known) = &known {
        if known.person != person || known.bytes != bytes {
            return Err(ErrorCode::OffsetDiffers.into());
        }
        // one that was too large may be admitted by now
        if known.stage != Stage::TooLarge || bytes > max {
            return Ok(known.stage);
        }
    }
    let unused = writing.unused(person, now)?;
    let too_many = known.is_none() && unused.files >= UNUSED_FILES_MAX;
    if too_many || (bytes <= max && unused.bytes.saturating_add(bytes) > UNUSED_BYTES_MAX) {
        return Err(ErrorCode::QuotaExceeded.into());
    }
    if known.is_some() {
        writing.begin_upload_again(id, now)?;
        return Ok(Stage::Coming);
    }
    writing.begin_upload(id, upload, now)?;
    if bytes <= max {
        return Ok(Stage::Coming);
    }
    // kept, so that the command that names it is answered
    writing.end_upload(id, &Found::Unusable(FileFault::TooLarge { bytes, max }), now)?;
    Ok(Stage::TooLarge)
}

/// Tells how many bytes are here, so that the sender goes on from there.
pub(super) async fn ask(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
    Path(id): Path<FileId>,
) -> Result<Response, Fault> {
    let upload = own(&state, id, signed_in.person).await?;
    let offset = offset(&state, id, &upload).await?;
    let mut response = StatusCode::OK.into_response();
    tus_headers(&mut response, Some(offset));
    response
        .headers_mut()
        .insert(HeaderName::from_static(tus::LENGTH), HeaderValue::from(upload.bytes));
    Ok(response)
}

/// Goes on with a file. What has come when the line breaks stays.
pub(super) async fn append(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
    Path(id): Path<FileId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fault> {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if kind != Some(tus::CONTENT_TYPE.as_bytes()) {
        return Err(ErrorCode::BadRequest.into());
    }
    let from = number(&headers, tus::OFFSET)?;
    let upload = own(&state, id, signed_in.person).await?;
    if upload.stage == Stage::Ended {
        return Err(ErrorCode::OffsetDiffers.into());
    }
    let _sending = state.uploads.sending(signed_in.person)?;
    let (held, len) = hold(&state, id, signed_in.person).await?;
    if from != len {
        return Err(ErrorCode::OffsetDiffers.into());
    }
    let room = upload.bytes.saturating_sub(len);
    let (held, len, broken) = receive(held, body.into_data_stream(), room).await?;
    if len == upload.bytes {
        finish(&state, id, &upload, held).await?;
    }
    if broken {
        return Err(ErrorCode::BadRequest.into());
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    tus_headers(&mut response, Some(len));
    Ok(response)
}

/// The same for a client that cannot say PATCH, or whose proxy lets none through.
pub(super) async fn append_by_post(
    state: Shared<Arc<State>>,
    signed_in: SignedInPerson,
    id: Path<FileId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fault> {
    if headers.get("x-http-method-override").map(HeaderValue::as_bytes) != Some(b"PATCH") {
        // what there is for whoever means POST itself (RFC 9110, 15.5.6)
        let allow = [(header::ALLOW, "HEAD, PATCH")];
        return Ok((StatusCode::METHOD_NOT_ALLOWED, allow).into_response());
    }
    append(state, signed_in, id, headers, body).await
}

/// Writes what comes, if there is room for it. Gives the file back with all of it on the disk, its length,
/// and whether it broke off or was too much.
async fn receive(
    mut held: Held,
    mut body: BodyDataStream,
    room: u64,
) -> Result<(Held, u64, bool), Fault> {
    let begun = Instant::now();
    let mut piece = Vec::new();
    let mut come = 0_u64;
    let mut broken = false;
    loop {
        let next = tokio::time::timeout(SILENCE, body.next()).await;
        let end = match next {
            Ok(Some(Ok(part))) if come.saturating_add(part.len() as u64) <= room => {
                come = come.saturating_add(part.len() as u64);
                piece.extend_from_slice(&part);
                broken = is_too_slow(come, begun.elapsed());
                broken
            }
            Ok(None) => true,
            Ok(Some(_)) | Err(_) => {
                broken = true;
                true
            }
        };
        if end || piece.len() >= PIECE {
            let write = std::mem::take(&mut piece);
            let done = tokio::task::spawn_blocking(move || {
                held.write(|writer| writer.append(&write))?;
                let len = if end { held.synced()? } else { 0 };
                Ok::<_, std::io::Error>((held, len))
            });
            let (back, len) = done.await.map_err(|_| Fault::Panicked)??;
            if end {
                return Ok((back, len, broken));
            }
            held = back;
        }
    }
}

/// Whether a request takes its place for too little.
fn is_too_slow(bytes: u64, lasted: Duration) -> bool {
    lasted > SILENCE && bytes < lasted.as_secs().saturating_mul(SLOWEST)
}

/// A file that this person has begun. What was refused at its beginning counts as never begun: its sender
/// begins it again, and learns whether it is still too large.
async fn own(state: &Arc<State>, id: FileId, person: PersonId) -> Result<Upload, Fault> {
    let upload = state.read(move |store| store.upload(id)).await?;
    let own = upload.filter(|it| it.person == person && it.stage != Stage::TooLarge);
    Ok(own.ok_or(ErrorCode::NotFound)?)
}

/// How many bytes of a file are here for good.
async fn offset(state: &Arc<State>, id: FileId, upload: &Upload) -> Result<u64, Fault> {
    if upload.stage == Stage::Ended {
        return Ok(upload.bytes);
    }
    let (held, len) = hold(state, id, upload.person).await?;
    if len == upload.bytes {
        // the server died between the last byte and the look at them
        finish(state, id, upload, held).await?;
    }
    Ok(len)
}

/// The right to write a file, and how much of it is on the disk.
async fn hold(state: &Arc<State>, id: FileId, person: PersonId) -> Result<(Held, u64), Fault> {
    let opening = state.clone();
    let held = tokio::task::spawn_blocking(move || {
        let mut held = opening.uploads.hold(id, person)?;
        let len = held.synced()?;
        Ok::<_, Fault>((held, len))
    });
    held.await.map_err(|_| Fault::Panicked)?
}

async fn finish(
    state: &Arc<State>,
    id: FileId,
    upload: &Upload,
    mut held: Held,
) -> Result<(), Fault> {
    let (looking, upload) = (state.clone(), upload.clone());
    let found = tokio::task::spawn_blocking(move || {
        let found = looking.uploads.finish(id, &upload, &mut held)?;
        Ok::<_, Fault>((found, held))
    });
    // held until the finding is written down, so that nobody looks a second time
    let (found, _held) = found.await.map_err(|_| Fault::Panicked)??;
    let now = state.now();
    state.writer.run(move |writing| Ok(writing.end_upload(id, &found, now)?)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_only_keeps_its_place_is_cut_off() {
        let seconds = Duration::from_secs;
        assert!(!is_too_slow(1, seconds(29)), "a line may begin slowly");
        assert!(is_too_slow(60, seconds(60)));
        assert!(!is_too_slow(61_440, seconds(60)));
    }
}
