//! Files from a person's devices, by tus 1.0 with the extension `creation`: begun, gone on with after any
//! interruption, and looked at once whole.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, BodyDataStream},
    extract::{Path, State as Shared},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use behorig_domain::{FileId, documents::FileFault};
use behorig_files::sealed::Writer;
use behorig_protocol::{ErrorCode, path, tus};
use behorig_server_store::{Found, Upload};
use futures_util::StreamExt as _;
use tokio::sync::OwnedMutexGuard;

use super::SignedInPerson;
use crate::{fault::Fault, state::State};

/// Bytes that one person may have here in files that no document names.
const UNUSED_MAX: u64 = 1024 * 1024 * 1024;
/// Written to the disk in pieces of at least so many bytes.
const PIECE: usize = 256 * 1024;
/// How long a sender may be silent in the middle of a request.
const SILENCE: Duration = Duration::from_secs(30);
/// Longest name of a file, in bytes.
const NAME_MAX: usize = 255;

fn tus_headers(response: &mut Response, offset: Option<u64>) {
    let headers = response.headers_mut();
    let name = HeaderName::from_static;
    headers.insert(name(tus::RESUMABLE), HeaderValue::from_static(tus::VERSION));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(offset) = offset {
        headers.insert(name(tus::OFFSET), HeaderValue::from(offset));
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
    let SignedInPerson { person, token_hash, now } = signed_in;
    let max = state.read(move |store| store.document_max(person, now)).await?;
    let upload = Upload { person, name, bytes, ended: false };
    let wanted = upload.clone();
    let begun = state.writer.run(move |writing| {
        writing.session(&token_hash, now)?.ok_or(ErrorCode::SignInNeeded)?;
        if bytes <= max && writing.unused_bytes(person)?.saturating_add(bytes) > UNUSED_MAX {
            return Err(ErrorCode::TooManyTries.into());
        }
        let begun = writing.begin_upload(id, &wanted, now)?;
        if begun && bytes > max {
            // kept, so that the command that names it is answered
            let fault = Found::Unusable(FileFault::TooLarge { bytes, max });
            writing.end_upload(id, &fault, now)?;
        }
        Ok(begun)
    });
    if !begun.await? {
        let known = state.read(move |store| store.upload(id)).await?;
        let same = known.is_some_and(|known| known.person == person && known.bytes == bytes);
        if !same {
            return Err(ErrorCode::OffsetDiffers.into());
        }
    }
    if bytes > max {
        return Err(ErrorCode::TooLarge.into());
    }
    let offset = offset(&state, id, person).await?;
    let mut response = StatusCode::CREATED.into_response();
    tus_headers(&mut response, Some(offset));
    let location = format!("{}/{id}", path::FILES);
    let location = HeaderValue::from_str(&location).map_err(|_| ErrorCode::BadRequest)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// Tells how many bytes are here, so that the sender goes on from there.
pub(super) async fn ask(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
    Path(id): Path<FileId>,
) -> Result<Response, Fault> {
    let upload = own(&state, id, signed_in.person).await?;
    let offset = if upload.ended {
        upload.bytes
    } else {
        let mut writer = take(&state, id, signed_in.person).await?;
        let len = writer.len();
        if len == upload.bytes {
            // the server died between the last byte and the look at them
            finish(&state, id, &upload, writer).await?;
        } else {
            drop(writer.sync());
        }
        len
    };
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
    if upload.ended {
        return Err(ErrorCode::OffsetDiffers.into());
    }
    let writer = take(&state, id, signed_in.person).await?;
    if from != writer.len() {
        return Err(ErrorCode::OffsetDiffers.into());
    }
    let (writer, broken) = receive(writer, body.into_data_stream(), upload.bytes).await?;
    let len = writer.len();
    if len == upload.bytes {
        finish(&state, id, &upload, writer).await?;
    }
    if broken {
        return Err(ErrorCode::BadRequest.into());
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    tus_headers(&mut response, Some(len));
    Ok(response)
}

/// Writes what comes, at most to the declared length. Gives the writer back with all of it on the disk,
/// and whether it broke off or was too much.
async fn receive(
    mut writer: OwnedMutexGuard<Writer>,
    mut body: BodyDataStream,
    bytes: u64,
) -> Result<(OwnedMutexGuard<Writer>, bool), Fault> {
    let mut piece = Vec::new();
    let mut room = bytes.saturating_sub(writer.len());
    let mut broken = false;
    loop {
        let next = tokio::time::timeout(SILENCE, body.next()).await;
        let end = match next {
            Ok(Some(Ok(part))) if part.len() as u64 <= room => {
                room = room.saturating_sub(part.len() as u64);
                piece.extend_from_slice(&part);
                false
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
                writer.append(&write)?;
                if end {
                    writer.sync()?;
                }
                Ok::<_, std::io::Error>(writer)
            });
            writer = done.await.map_err(|_| Fault::Panicked)??;
        }
        if end {
            return Ok((writer, broken));
        }
    }
}

/// A file that this person has begun.
async fn own(
    state: &Arc<State>,
    id: FileId,
    person: behorig_domain::PersonId,
) -> Result<Upload, Fault> {
    let upload = state.read(move |store| store.upload(id)).await?;
    let own = upload.filter(|upload| upload.person == person);
    Ok(own.ok_or(ErrorCode::NotFound)?)
}

async fn offset(
    state: &Arc<State>,
    id: FileId,
    person: behorig_domain::PersonId,
) -> Result<u64, Fault> {
    let upload = own(state, id, person).await?;
    if upload.ended { Ok(upload.bytes) } else { Ok(take(state, id, person).await?.len()) }
}

/// The right to write a file; only one request at a time has it.
async fn take(
    state: &Arc<State>,
    id: FileId,
    person: behorig_domain::PersonId,
) -> Result<OwnedMutexGuard<Writer>, Fault> {
    let opening = state.clone();
    let upload = tokio::task::spawn_blocking(move || opening.uploads.writer(id, person));
    let upload = upload.await.map_err(|_| Fault::Panicked)??;
    Ok(upload.try_lock_owned().map_err(|_| ErrorCode::Busy)?)
}

async fn finish(
    state: &Arc<State>,
    id: FileId,
    upload: &Upload,
    mut writer: OwnedMutexGuard<Writer>,
) -> Result<(), Fault> {
    let (looking, upload) = (state.clone(), upload.clone());
    let found = tokio::task::spawn_blocking(move || {
        let found = looking.uploads.finish(id, &upload, &mut writer)?;
        if matches!(found, Found::Unusable(_)) {
            // nobody may ever read it, so nobody needs it
            looking.uploads.remove(id)?;
        }
        Ok::<_, Fault>(found)
    });
    let found = found.await.map_err(|_| Fault::Panicked)??;
    let now = state.now();
    state.writer.run(move |writing| Ok(writing.end_upload(id, &found, now)?)).await
}
