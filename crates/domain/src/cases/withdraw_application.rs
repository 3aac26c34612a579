//! The applicant takes an application back.

use serde::{Deserialize, Serialize};

use super::{Acting, Happening, Stage};
use crate::{Changes, Decision, Reads, RecordId, Timestamp, identity::Actor};

/// Take an application back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawApplication {
    /// The case.
    pub case: RecordId,
}

/// The holder takes back an application that is not decided. One that was decided meanwhile stays so: what
/// was granted while the applicant was offline is theirs.
pub fn decide(
    command: &WithdrawApplication,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let mut acting = Acting::on(reads, command.case)?;
    let by = acting.holder(actor)?.clone();
    acting.undecided()?;
    acting.case.stage = Stage::Withdrawn;
    let (event, entry) = acting.log(Some(&by), now, Happening::Withdrawn);
    Ok(Changes {
        create: vec![event],
        update: vec![acting.with(&acting.case)],
        history: vec![entry],
        ..Changes::default()
    })
}
