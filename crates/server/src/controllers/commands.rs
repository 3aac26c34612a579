//! Commands from a person's devices.

use std::sync::Arc;

use axum::{body::Bytes, extract::State as Shared};
use behorig_domain::{PersonId, Scope, Timestamp};
use behorig_protocol::{Answer, ErrorCode, Frame, ReadError, read_frames, write_line};
use behorig_server_store::Writing;

use super::SignedInPerson;
use crate::{
    fault::{Fault, correlation_id},
    state::State,
};

pub(super) async fn decide(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
    body: Bytes,
) -> Result<Vec<u8>, Fault> {
    let frames = read_frames(&body).map_err(|error| match error {
        ReadError::TooLarge => ErrorCode::TooLarge,
        ReadError::Line { .. } | ReadError::CutOff => ErrorCode::BadRequest,
    })?;
    let SignedInPerson { person, token_hash, now } = signed_in;
    let (answers, touched) = state
        .writer
        .run(move |writing| {
            // the session may have ended while the request waited
            writing.session(&token_hash, now)?.ok_or(ErrorCode::SignInNeeded)?;
            Ok(decide_all(writing, person, &frames, now))
        })
        .await?;
    state.poke(touched);
    let mut out = Vec::new();
    for answer in &answers {
        write_line(&mut out, answer);
    }
    Ok(out)
}

/// Decides each command by itself: one that fails spoils no other.
pub(crate) fn decide_all(
    writing: &mut Writing<'_>,
    person: PersonId,
    frames: &[Frame],
    now: Timestamp,
) -> (Vec<Answer>, Vec<Scope>) {
    let mut touched = Vec::new();
    let answers = frames.iter().map(|frame| match writing.decide(person, frame, now) {
        Ok(decided) => {
            touched.extend(decided.touched);
            if matches!(decided.answer, Answer::Done { .. } | Answer::Refused { .. }) {
                // the person's other devices fetch the answer
                touched.push(Scope::Person(person));
            }
            decided.answer
        }
        Err(fault) => {
            let correlation_id = correlation_id();
            tracing::error!(%fault, correlation_id, command = %frame.envelope.id, "not decided");
            Answer::Internal { correlation_id }
        }
    });
    let answers = answers.collect();
    (answers, touched)
}
