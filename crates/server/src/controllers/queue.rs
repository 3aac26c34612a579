//! The officers' queue.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State as Shared};
use behorig_protocol::{ErrorCode, QueuePage, QueueRequest, Workload};

use super::SignedInPerson;
use crate::{fault::Fault, state::State};

/// Longest text that is looked for, in bytes.
const TEXT_MAX: usize = 200;

/// A page of the queue. That somebody looks is written down first.
pub(super) async fn page(
    Shared(state): Shared<Arc<State>>,
    SignedInPerson { person, now, .. }: SignedInPerson,
    body: Bytes,
) -> Result<Json<QueuePage>, Fault> {
    let request: QueueRequest = serde_json::from_slice(&body).map_err(|_| ErrorCode::BadRequest)?;
    if request.text.len() > TEXT_MAX {
        return Err(ErrorCode::BadRequest.into());
    }
    let noted = request.clone();
    let may = state.writer.run(move |writing| Ok(writing.note_lookup(person, &noted, now)?));
    if !may.await? {
        return Err(ErrorCode::NotFound.into());
    }
    let page = state.read(move |store| store.queue(person, &request, now)).await?;
    Ok(Json(page.ok_or(ErrorCode::NotFound)?))
}

/// How much each officer of the body has to do: counts alone, so no purpose is asked for.
pub(super) async fn workload(
    Shared(state): Shared<Arc<State>>,
    SignedInPerson { person, now, .. }: SignedInPerson,
) -> Result<Json<Workload>, Fault> {
    let workload = state.read(move |store| store.workload(person, now)).await?;
    Ok(Json(workload.ok_or(ErrorCode::NotFound)?))
}
