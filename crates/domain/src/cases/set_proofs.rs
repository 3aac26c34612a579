//! Whether there is a card, and whether the certificate stands in the public register (KW-32, KW-33).

use serde::{Deserialize, Serialize};

use super::{Acting, Case, Certificate, Happening};
use crate::{
    Changes, Decision, Reads, RecordId, RecordRef, Rejection, Timestamp, decision::record,
    identity::Actor,
};

/// Note whether there is a card and whether the certificate is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetProofs {
    /// The case.
    pub case: RecordId,
    /// Whether there is a proof the size of a credit card.
    pub card: bool,
    /// Whether it stands in the public register.
    pub published: bool,
}

/// What the rule needs to see.
pub fn reads(command: &SetProofs) -> Vec<RecordRef> {
    vec![Case::at(command.case), Certificate::at(command.case)]
}

/// The officer of the case notes it of a certificate that has been granted.
pub fn decide(
    command: &SetProofs,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let mut acting = Acting::on(reads, command.case)?;
    let by = acting.officer(actor)?.clone();
    let at = Certificate::at(command.case);
    let old = record(reads, at, Rejection::CertificateNotFound)?;
    let certificate: Certificate = old.read().map_err(Decision::Fault)?;
    let SetProofs { card, published, .. } = *command;
    let (event, entry) = acting.log(Some(&by), now, Happening::ProofsSet { card, published });
    Ok(Changes {
        create: vec![event],
        update: vec![
            old.with(&Certificate { card, published, ..certificate }),
            acting.with(&acting.case),
        ],
        history: vec![entry],
        ..Changes::default()
    })
}
