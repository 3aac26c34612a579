//! Service packs: files that say what a body offers. Read here, checked by the domain, put in force as a
//! command of the issuer's own systems.

use std::path::Path;

use anyhow::{Context as _, ensure};
use behorig_domain::{
    Command, RecordId, Timestamp,
    services::{PublishService, Service, publish_service::check},
};
use behorig_protocol::Answer;
use behorig_server_store::Store;
use serde::{Deserialize, de::DeserializeOwned};

use crate::state::DATABASE;

/// The demo's pack.
pub const CERTIFICATION: &str = include_str!("../packs/certification.toml");

#[derive(Deserialize)]
struct Named {
    id: RecordId,
}

/// A pack cannot be put in force.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackFault {
    /// It is not TOML of the expected shape.
    #[error("line {line}: {what}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        what: String,
    },
    /// Its content contradicts itself.
    #[error("{place}: {what}")]
    Content {
        /// Where.
        place: String,
        /// What is wrong there.
        what: &'static str,
    },
}

/// Reads a pack.
pub fn read(text: &str) -> Result<PublishService, PackFault> {
    // one after the other, since a flattened part of a shape forgets in which line a fault lies
    let Named { id } = part(text)?;
    let service: Service = part(text)?;
    check(&service).map_err(|(place, what)| PackFault::Content { place, what })?;
    Ok(PublishService { id, service })
}

fn part<T: DeserializeOwned>(text: &str) -> Result<T, PackFault> {
    toml::from_str(text).map_err(|fault| {
        let start = fault.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or_default();
        let line = before.matches('\n').count().saturating_add(1);
        PackFault::Line { line, what: fault.message().to_owned() }
    })
}

/// Puts a pack in force in the database of a server, running or not: each write is one transaction, so two
/// programs cannot get into each other's. Nobody is poked; programs poll within a minute.
pub fn publish(data: &Path, pack: PublishService, now: Timestamp) -> anyhow::Result<()> {
    let path = data.join(DATABASE);
    // a mistyped folder must not become a new server
    ensure!(path.is_file(), "{} holds no server's database", data.display());
    let mut store = Store::open(&path).with_context(|| path.display().to_string())?;
    let command = Command::PublishService(pack);
    let decided = store.write(|writing| writing.operate(&command, now))?;
    ensure!(matches!(decided.answer, Answer::Done { .. }), "refused: {:?}", decided.answer);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demos_pack_can_be_put_in_force() {
        let pack = read(CERTIFICATION).unwrap();
        assert_eq!(pack.service.message_types.first().unwrap().code, "note");
        assert!(pack.service.issuer.is_some() && pack.service.scheme("f-gas-1").is_some());
    }

    #[test]
    fn a_fault_is_named_with_its_line_or_place() {
        let broken = CERTIFICATION.replacen("message_max = 2000", "message_max = \"two\"", 1);
        let fault = read(&broken).unwrap_err().to_string();
        assert!(fault.starts_with("line 5: "), "{fault}");
        let broken = CERTIFICATION.replacen("required = true", "requird = true", 1);
        let fault = read(&broken).unwrap_err().to_string();
        assert!(fault.contains("required"), "{fault}");
        let broken = CERTIFICATION.replacen("code = \"question\"", "code = \"note\"", 1);
        let expected = PackFault::Content {
            place: "message_types “note”".into(),
            what: "the code stands twice",
        };
        assert_eq!(read(&broken), Err(expected));
        let broken = CERTIFICATION.replacen("[name]", "[name", 1);
        assert!(
            matches!(read(&broken), Err(PackFault::Line { line: 10, .. })),
            "{:?}",
            read(&broken)
        );
    }

    #[test]
    fn a_pack_is_published_beside_a_server_and_never_makes_one() {
        let now = Timestamp::from_millis(1_800_000_000_000).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let pack = || read(CERTIFICATION).unwrap();
        let mistyped = folder.path().join("sevrer");
        assert!(publish(&mistyped, pack(), now).is_err());
        assert!(!mistyped.exists());

        let path = folder.path().join(DATABASE);
        let running = Store::open(&path).unwrap();
        publish(folder.path(), pack(), now).unwrap();
        publish(folder.path(), pack(), now).unwrap();
        let scope = format!("service/{}", pack().id);
        let events = running.history(&scope).unwrap();
        assert_eq!(events.len(), 2, "put in force, and put in the place of the first");
    }
}
