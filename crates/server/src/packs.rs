//! Service packs: files that say what a body offers. Read here, checked by the domain, put in force as a
//! command of the issuer's own systems.

use behorig_domain::{
    RecordId,
    services::{PublishService, Service, publish_service::check},
};
use serde::Deserialize;

/// The demo's pack.
pub const CERTIFICATION: &str = include_str!("../packs/certification.toml");

#[derive(Deserialize)]
struct Pack {
    id: RecordId,
    #[serde(flatten)]
    service: Service,
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
    let Pack { id, service } = toml::from_str(text).map_err(|fault| {
        let start = fault.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or_default();
        let line = before.matches('\n').count().saturating_add(1);
        PackFault::Line { line, what: fault.message().to_owned() }
    })?;
    check(&service).map_err(|(place, what)| PackFault::Content { place, what })?;
    Ok(PublishService { id, service })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demos_pack_can_be_put_in_force() {
        let pack = read(CERTIFICATION).unwrap();
        assert_eq!(pack.service.message_types.first().unwrap().code, "note");
        assert!(pack.service.scheme("f-gas-1").is_some());
    }

    #[test]
    fn a_fault_is_named_with_its_line_or_place() {
        let broken = CERTIFICATION.replacen("message_max = 2000", "message_max = \"two\"", 1);
        let Err(PackFault::Line { line, .. }) = read(&broken) else {
            panic!("{:?}", read(&broken))
        };
        assert!(line >= 1, "{line}");
        let broken = CERTIFICATION.replacen("code = \"question\"", "code = \"note\"", 1);
        let expected = PackFault::Content {
            place: "message_types “note”".into(),
            what: "the code stands twice",
        };
        assert_eq!(read(&broken), Err(expected));
        let broken = CERTIFICATION.replacen("[name]", "[name", 1);
        assert!(
            matches!(read(&broken), Err(PackFault::Line { line: 8, .. })),
            "{:?}",
            read(&broken)
        );
    }
}
