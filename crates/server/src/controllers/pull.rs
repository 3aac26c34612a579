//! What is new for a replica.

use std::sync::Arc;

use axum::{body::Bytes, extract::State as Shared};
use behorig_protocol::{ErrorCode, PullRequest};

use super::SignedInPerson;
use crate::{fault::Fault, state::State};

pub(super) async fn page(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
    body: Bytes,
) -> Result<Vec<u8>, Fault> {
    let request: PullRequest = serde_json::from_slice(&body).map_err(|_| ErrorCode::BadRequest)?;
    state.read(move |store| store.pull(signed_in.person, &request, signed_in.now)).await
}
