//! The bytes of documents, for whoever may see the document, whole or in ranges.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State as Shared},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use behorig_domain::RecordId;
use behorig_protocol::ErrorCode;
use futures_util::stream;

use super::SignedInPerson;
use crate::{fault::Fault, state::State, uploads::part};

/// Bytes that are unsealed at a time.
const PIECE: u64 = 256 * 1024;

pub(super) async fn bytes(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
    Path(id): Path<RecordId>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let SignedInPerson { person, now, .. } = signed_in;
    let document = state.read(move |store| store.document(person, id, now)).await?;
    let document = document.ok_or(ErrorCode::NotFound)?;
    let opening = state.clone();
    let (author, file) = (document.author, document.file);
    let id = file.id;
    let reader = tokio::task::spawn_blocking(move || opening.uploads.reader(id, author));
    let reader = reader.await.map_err(|_| Fault::Panicked)??;
    let len = reader.len();
    let wanted = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let (status, from, until) = match wanted.map(|text| range(text, len)) {
        None => (StatusCode::OK, 0, len),
        Some(Some((from, until))) => (StatusCode::PARTIAL_CONTENT, from, until),
        Some(None) => {
            let content_range = [(header::CONTENT_RANGE, format!("bytes */{len}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, content_range).into_response());
        }
    };
    let pieces = stream::try_unfold((reader, from), move |(mut reader, at)| async move {
        if at >= until {
            return Ok::<_, std::io::Error>(None);
        }
        let bytes = PIECE.min(until.saturating_sub(at));
        let read = tokio::task::spawn_blocking(move || {
            let piece = part(&mut reader, at, bytes)?;
            Ok::<_, std::io::Error>((piece, reader))
        });
        let (piece, reader) = read.await.map_err(std::io::Error::other)??;
        Ok(Some((piece, (reader, at.saturating_add(bytes)))))
    });
    let mut response = (status, Body::from_stream(pieces)).into_response();
    let headers = response.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, file.format.mime());
    set(header::CONTENT_LENGTH, &until.saturating_sub(from).to_string());
    set(header::ACCEPT_RANGES, "bytes");
    set(header::CACHE_CONTROL, "no-store");
    set(header::CONTENT_DISPOSITION, "attachment");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if status == StatusCode::PARTIAL_CONTENT {
        let last = until.saturating_sub(1);
        set(header::CONTENT_RANGE, &format!("bytes {from}-{last}/{len}"));
    }
    Ok(response)
}

/// One range of bytes, as from and until; `None` if none of it is there. Of several only one is given, as
/// RFC 9110 allows.
fn range(text: &str, len: u64) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.split(',').next()?.trim().split_once('-')?;
    let (from, until) = match (first, last) {
        ("", last) => (len.saturating_sub(last.parse().ok()?), len),
        (first, "") => (first.parse().ok()?, len),
        (first, last) => {
            (first.parse().ok()?, last.parse::<u64>().ok()?.saturating_add(1).min(len))
        }
    };
    (from < until).then_some((from, until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_what_rfc_9110_says() {
        assert_eq!(range("bytes=0-9", 100), Some((0, 10)));
        assert_eq!(range("bytes=90-", 100), Some((90, 100)));
        assert_eq!(range("bytes=-5", 100), Some((95, 100)));
        assert_eq!(range("bytes=90-400", 100), Some((90, 100)));
        assert_eq!(range("bytes=100-", 100), None);
        assert_eq!(range("bytes=9-3", 100), None);
        assert_eq!(range("lines=1-2", 100), None);
        assert_eq!(range("bytes=a-b", 100), None);
    }
}
