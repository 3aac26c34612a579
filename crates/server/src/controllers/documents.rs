//! The bytes of documents, for whoever may see the document, whole or in ranges.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State as Shared},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use behorig_domain::RecordId;
use behorig_files::sealed::Reader;
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
    // the bytes of a file never change
    let tag = format!("\"{id}\"");
    if headers.contains_key(header::IF_MATCH) && !names(&headers, header::IF_MATCH, &tag) {
        return Ok(StatusCode::PRECONDITION_FAILED.into_response());
    }
    if names(&headers, header::IF_NONE_MATCH, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let reader = tokio::task::spawn_blocking(move || opening.uploads.reader(id, author));
    let reader = reader.await.map_err(|_| Fault::Panicked)??;
    let len = reader.len();
    let (status, from, until) = match wanted(&headers, &tag, len) {
        Wanted::Whole => (StatusCode::OK, 0, len),
        Wanted::Part(from, until) => (StatusCode::PARTIAL_CONTENT, from, until),
        Wanted::Nothing => {
            let content_range = [(header::CONTENT_RANGE, format!("bytes */{len}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, content_range).into_response());
        }
    };
    let mut response = (status, unsealed(reader, from, until)).into_response();
    let headers = response.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, file.format.mime());
    set(header::CONTENT_LENGTH, &until.saturating_sub(from).to_string());
    set(header::ACCEPT_RANGES, "bytes");
    set(header::ETAG, &tag);
    set(header::CACHE_CONTROL, "no-store");
    set(header::CONTENT_DISPOSITION, "attachment");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if status == StatusCode::PARTIAL_CONTENT {
        let last = until.saturating_sub(1);
        set(header::CONTENT_RANGE, &format!("bytes {from}-{last}/{len}"));
    }
    Ok(response)
}

/// The bytes from one place to another, a piece at a time.
fn unsealed(reader: Reader, from: u64, until: u64) -> Body {
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
    Body::from_stream(pieces)
}

/// What a request asks for of so many bytes.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    /// From and until.
    Part(u64, u64),
    /// What is not there.
    Nothing,
}

/// RFC 9110, 13.1.5 and 14.2: a part only of what the client has the other part of, and only in units that
/// are known here.
fn wanted(headers: &HeaderMap, tag: &str, len: u64) -> Wanted {
    let same = headers.get(header::IF_RANGE).is_none_or(|it| it.as_bytes() == tag.as_bytes());
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    match asked.filter(|_| same).and_then(|text| text.split_once('=')) {
        Some((unit, ranges)) if unit.trim().eq_ignore_ascii_case("bytes") => {
            let there = ranges.split(',').find_map(|one| range(one, len));
            there.map_or(Wanted::Nothing, |(from, until)| Wanted::Part(from, until))
        }
        _ => Wanted::Whole,
    }
}

/// Of several ranges only the first that is there is given, as RFC 9110 allows.
fn range(text: &str, len: u64) -> Option<(u64, u64)> {
    let (from, until) = match text.trim().split_once('-')? {
        ("", last) => (len.saturating_sub(last.parse().ok()?), len),
        (first, "") => (first.parse().ok()?, len),
        (first, last) => {
            (first.parse().ok()?, last.parse::<u64>().ok()?.saturating_add(1).min(len))
        }
    };
    (from < until).then_some((from, until))
}

/// Whether a header's list of tags names this one, `W/` or not.
fn names(headers: &HeaderMap, list: HeaderName, tag: &str) -> bool {
    let lists = headers.get_all(list).into_iter().filter_map(|value| value.to_str().ok());
    let mut tags = lists.flat_map(|list| list.split(',')).map(str::trim);
    tags.any(|named| named == "*" || named.strip_prefix("W/").unwrap_or(named) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_what_rfc_9110_says() {
        let part = |text: &str| {
            let headers = [(header::RANGE, text.parse().unwrap())].into_iter().collect();
            wanted(&headers, "", 100)
        };
        assert_eq!(part("bytes=0-9"), Wanted::Part(0, 10));
        assert_eq!(part("bytes=90-"), Wanted::Part(90, 100));
        assert_eq!(part("bytes=-5"), Wanted::Part(95, 100));
        assert_eq!(part("bytes=90-400"), Wanted::Part(90, 100));
        assert_eq!(part("bytes=200-300, 0-9"), Wanted::Part(0, 10));
        assert_eq!(part("bytes=100-"), Wanted::Nothing);
        assert_eq!(part("bytes=-0"), Wanted::Nothing);
        assert_eq!(part("bytes=9-3"), Wanted::Nothing);
        assert_eq!(part("bytes=a-b"), Wanted::Nothing);
        assert_eq!(part("lines=1-2"), Wanted::Whole);
    }
}
