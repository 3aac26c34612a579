//! Service packs: files that say what a body offers. Read here, checked by the domain, put in force as a
//! command of the issuer's own systems.

use std::{fmt, path::Path};

use anyhow::{Context as _, ensure};
use behorig_domain::{
    Command, RecordId, Timestamp,
    services::{PublishService, RequiredDocument, Scheme, Service, publish_service},
};
use behorig_protocol::Answer;
use behorig_server_store::Store;
use serde::{Deserialize, de::DeserializeOwned};
use toml::{
    Spanned,
    de::{DeArray, DeTable, DeValue, ValueDeserializer},
};

use crate::state::DATABASE;

/// The demo's pack.
pub const CERTIFICATION: &str = include_str!("../packs/certification.toml");

/// Something for which a pack cannot be put in force.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct PackFault {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

/// Everything for which a pack cannot be put in force, in the order of the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackFaults(pub Vec<PackFault>);

impl fmt::Display for PackFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for PackFaults {}

/// What a pack says beside the settings.
#[derive(Deserialize)]
struct Offered {
    id: RecordId,
    schemes: Vec<Scheme>,
}

/// Reads a pack, or says everything that is wrong with it, in the order of the lines.
pub fn read(text: &str) -> Result<PublishService, PackFaults> {
    let mut faults = match parse(text) {
        Ok(pack) => {
            let wrong = publish_service::faults(&pack);
            if wrong.is_empty() {
                return Ok(pack);
            }
            let table = DeTable::parse(text).map(Spanned::into_inner).unwrap_or_default();
            let fault = |(place, what): (String, &str)| PackFault {
                line: line(text, find(&table, &place)),
                what: format!("{place} {what}"),
            };
            wrong.into_iter().map(fault).collect()
        }
        Err(_) => shape_faults(text),
    };
    faults.sort_by_key(|fault| fault.line);
    Err(PackFaults(faults))
}

fn parse(text: &str) -> Result<PublishService, toml::de::Error> {
    let Offered { id, schemes } = toml::from_str(text)?;
    let mut settings: toml::Table = toml::from_str(text)?;
    settings.remove("schemes");
    Ok(PublishService { id, service: settings.try_into()?, schemes })
}

/// The line, counted from 1, that a place in a text is on.
fn line(text: &str, start: usize) -> usize {
    text.get(..start).unwrap_or_default().matches('\n').count().saturating_add(1)
}

/// Where `schemes[0].levels[1].code` begins, or as much of it as there is.
fn find(table: &DeTable<'_>, place: &str) -> usize {
    let mut start = 0;
    let mut table = Some(table);
    for part in place.split('.') {
        let (name, number) = match part.trim_end_matches(']').split_once('[') {
            Some((name, number)) => (name, number.parse::<usize>().ok()),
            None => (part, None),
        };
        let Some((key, mut value)) = table.and_then(|table| table.get_key_value(name)) else {
            break;
        };
        start = key.span().start;
        if let Some(item) = number.and_then(|number| value.get_ref().as_array()?.get(number)) {
            value = item;
            start = value.span().start;
        }
        table = value.get_ref().as_table();
    }
    start
}

/// What keeps a text from being a pack: how it is written, or values that are missing or of another kind. Each
/// scheme and each document is read by itself, so that one that is wrong hides no other.
fn shape_faults(text: &str) -> Vec<PackFault> {
    let (table, faults) = DeTable::parse_recoverable(text);
    let mut found: Vec<toml::de::Error> = faults;
    if found.is_empty() {
        let span = table.span();
        let mut table = table.into_inner();
        if let Some(schemes) = table.get_mut("schemes") {
            for scheme in items(schemes) {
                if let DeValue::Table(parts) = scheme.get_mut()
                    && let Some(documents) = parts.get_mut("documents")
                {
                    for document in items(documents) {
                        found.extend(misread::<RequiredDocument>(document.clone()));
                    }
                    empty(documents);
                }
                found.extend(misread::<Scheme>(scheme.clone()));
            }
            empty(schemes);
        }
        let rest = Spanned::new(span, DeValue::Table(table));
        found.extend(misread::<Service>(rest.clone()));
        found.extend(misread::<Offered>(rest));
    }
    let fault = |fault: toml::de::Error| PackFault {
        line: line(text, fault.span().map_or(0, |span| span.start)),
        what: fault.message().to_owned(),
    };
    found.into_iter().map(fault).collect()
}

fn items<'a, 'i>(list: &'a mut Spanned<DeValue<'i>>) -> &'a mut [Spanned<DeValue<'i>>] {
    match list.get_mut() {
        DeValue::Array(items) => items,
        _ => &mut [],
    }
}

/// Leaves a list without what has been looked at.
fn empty(list: &mut Spanned<DeValue<'_>>) {
    if let DeValue::Array(items) = list.get_mut() {
        *items = DeArray::default();
    }
}

fn misread<T: DeserializeOwned>(value: Spanned<DeValue<'_>>) -> Option<toml::de::Error> {
    T::deserialize(ValueDeserializer::from(value)).err()
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
        assert!(pack.service.issuer.is_some() && pack.scheme("f-gas-1").is_some());
    }

    /// The lines and words of what is wrong with the demo's pack once these changes are made.
    fn broken(changes: &[(&str, &str)]) -> Vec<(usize, String)> {
        let change = |text: String, (from, to): &(&str, &str)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        };
        let text = changes.iter().fold(CERTIFICATION.to_owned(), change);
        read(&text).unwrap_err().0.into_iter().map(|fault| (fault.line, fault.what)).collect()
    }

    fn line_of(text: &str) -> usize {
        line(CERTIFICATION, CERTIFICATION.find(text).unwrap())
    }

    #[test]
    fn everything_that_is_missing_or_of_another_kind_is_named_with_its_line() {
        let faults = broken(&[
            ("message_max = 2000", "message_max = \"two\""),
            ("required = true", "requird = true"),
            ("certificate_prefix = \"CEX\"", "certificate_prefix = 7"),
        ]);
        let lines: Vec<_> = faults.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines[0], line_of("message_max"));
        assert_eq!(lines[1], line_of("code = \"avgangsbetyg\"") - 1, "{faults:?}");
        assert!(faults[1].1.contains("required"), "{faults:?}");
        assert_eq!(lines[2], line_of("certificate_prefix = \"CEX\""));
        assert_eq!(faults.len(), 3);
        assert_eq!(broken(&[("[name]", "[name")])[0].0, line_of("[name]"));
    }

    #[test]
    fn everything_that_contradicts_itself_is_named_with_its_line() {
        let faults = broken(&[
            ("code = \"question\"", "code = \"note\""),
            ("successor = \"f-gas-a1\"", "successor = \"f-gas-z\""),
            ("certificate_prefix = \"CEX\"", "certificate_prefix = \"C X\""),
        ]);
        let expected = [
            (line_of("code = \"question\""), "message_types[1].code the code stands twice"),
            (line_of("successor"), "schemes[0].successor must be another scheme of the service"),
            (
                line_of("certificate_prefix = \"CEX\""),
                "schemes[1].certificate_prefix must be letters, digits and hyphens",
            ),
        ];
        assert_eq!(faults, expected.map(|(line, what)| (line, what.to_owned())));
    }

    /// The schemes of the trade, old and new, each with something to send in and an examination.
    #[test]
    fn the_certifications_are_there_with_their_levels_and_what_comes_after_them() {
        let pack = read(CERTIFICATION).unwrap();
        let levels = |code: &str| pack.scheme(code).unwrap().levels.len();
        for (code, count) in [
            ("ovk", 2),
            ("kontrollansvarig", 2),
            ("energy-expert", 2),
            ("brandskydd", 2),
            ("tillganglighet", 0),
            ("kulturvarden", 2),
        ] {
            assert_eq!(levels(code), count, "{code}");
        }
        for (old, new) in
            [("1", Some("a1")), ("2", Some("a2")), ("3", Some("d")), ("4", Some("e")), ("5", None)]
        {
            let scheme = pack.scheme(&format!("f-gas-{old}")).unwrap();
            assert_eq!(scheme.successor, new.map(|new| format!("f-gas-{new}")));
        }
        for new in ["a1", "a2", "b", "c", "d", "e"] {
            assert!(pack.scheme(&format!("f-gas-{new}")).is_some(), "{new}");
        }
        for scheme in &pack.schemes {
            assert!(!scheme.exams.is_empty(), "{}", scheme.code);
            let needed = scheme.documents.iter().filter(|document| document.required);
            assert!(needed.count() >= 2 && scheme.documents.iter().any(|it| !it.required));
            assert!(
                scheme.documents.iter().all(|it| it.help.sv.len() > 40 && it.help.en.len() > 40)
            );
        }
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
