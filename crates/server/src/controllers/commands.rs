//! Commands from a person's devices.

use std::{collections::BTreeSet, panic::AssertUnwindSafe, sync::Arc};

use axum::{body::Bytes, extract::State as Shared};
use behorig_domain::{Command, PersonId, Scope, Timestamp, lane};
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
    let SignedInPerson { person, token_hash, .. } = signed_in;
    // the time of receipt is when the last byte came, not when the first did
    let now = state.now();
    let decided = state
        .writer
        .run(move |writing| {
            // the session may have ended while the request waited
            writing.session(&token_hash, now)?.ok_or(ErrorCode::SignInNeeded)?;
            Ok(decide_all(writing, person, &frames, now))
        })
        .await?;
    state.poke(decided.touched);
    state.notice(decided.notices);
    let mut out = Vec::new();
    for answer in &decided.answers {
        write_line(&mut out, answer);
    }
    Ok(out)
}

/// What became of the commands of one request.
pub(crate) struct AllDecided {
    /// One for each command, in their order.
    pub(crate) answers: Vec<Answer>,
    /// Where something changed.
    pub(crate) touched: Vec<Scope>,
    /// How many people are to be told by means outside the program.
    pub(crate) notices: usize,
}

/// Decides each command by itself: one that is not decided spoils no other, but those of its lane wait
/// for it, since a lane is decided in the order in which it was written.
pub(crate) fn decide_all(
    writing: &mut Writing<'_>,
    person: PersonId,
    frames: &[Frame],
    now: Timestamp,
) -> AllDecided {
    let (mut touched, mut notices) = (Vec::new(), 0_usize);
    let mut decide = |frame: &Frame| match writing.decide(person, frame, now) {
        Ok(decided) => {
            touched.extend(decided.touched);
            notices = notices.saturating_add(decided.notices);
            if matches!(decided.answer, Answer::Done { .. } | Answer::Refused { .. }) {
                // the person's other devices fetch the answer
                touched.push(Scope::Person(person));
            }
            (decided.answer, decided.holds_lane)
        }
        Err(fault) => {
            let correlation_id = correlation_id();
            tracing::error!(%fault, correlation_id, command = %frame.envelope.id, "not decided");
            (Answer::Internal { correlation_id }, true)
        }
    };
    let answers = in_lanes(frames, |frame| {
        // a panic undoes its command by the savepoint; the others must still get their answers
        std::panic::catch_unwind(AssertUnwindSafe(|| decide(frame))).unwrap_or_else(|_| {
            let correlation_id = correlation_id();
            tracing::error!(correlation_id, command = %frame.envelope.id, "panicked");
            (Answer::Internal { correlation_id }, true)
        })
    });
    AllDecided { answers, touched, notices }
}

/// `decide` also says whether a lane waits for what is not decided.
fn in_lanes(frames: &[Frame], mut decide: impl FnMut(&Frame) -> (Answer, bool)) -> Vec<Answer> {
    let mut blocked = BTreeSet::new();
    let answer = |frame: &Frame| {
        // what cannot be read has no lane; it is refused when its turn comes
        let lane = Command::from_bytes(&frame.bytes).ok().map(|command| lane(&command));
        if lane.as_ref().is_some_and(|lane| blocked.contains(lane)) {
            return Answer::Wait;
        }
        let (answer, holds_lane) = decide(frame);
        if holds_lane && !matches!(answer, Answer::Done { .. } | Answer::Refused { .. }) {
            blocked.extend(lane);
        }
        answer
    };
    frames.iter().map(answer).collect()
}

#[cfg(test)]
mod tests {
    use behorig_domain::{CommandId, DeviceId, RecordId, messages::SendMessage};
    use behorig_protocol::Envelope;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_command_that_is_not_decided_holds_up_its_lane_and_no_other() {
        let frame = |id: u128, case: u128| {
            let message = SendMessage {
                id: RecordId(Uuid::from_u128(id)),
                case: RecordId(Uuid::from_u128(case)),
                thread: RecordId(Uuid::from_u128(id)),
                message_type: "note".into(),
                text: "text".into(),
                written_at: Timestamp::from_millis(0).unwrap(),
            };
            let bytes = Command::SendMessage(message).to_bytes();
            let envelope = Envelope {
                id: CommandId(Uuid::from_u128(id)),
                device: DeviceId(Uuid::nil()),
                seq: 1,
                after: Vec::new(),
                len: bytes.len(),
            };
            Frame { envelope, bytes }
        };
        let frames = [frame(1, 10), frame(2, 10), frame(3, 20)];
        let internal = Answer::Internal { correlation_id: "x".into() };
        // a copied device's number may be taken for one command and free for the next
        for undecided in [internal, Answer::Wait, Answer::DeviceForked, Answer::IdReused] {
            let answers = in_lanes(&frames, |frame| {
                let first = frame.envelope.id.0.as_u128() == 1;
                (if first { undecided.clone() } else { Answer::Done { no: 1 } }, true)
            });
            assert_eq!(answers, [undecided, Answer::Wait, Answer::Done { no: 1 }]);
        }
    }
}
