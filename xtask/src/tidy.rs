//! The house rules that no compiler checks.

use std::{fs, path::Path};

use anyhow::bail;

/// Longest file, in lines. 400 is the wish.
const LINES_MAX: usize = 800;

/// Crates that a crate must not depend on, each with the reason.
const FORBIDDEN: &[(&str, &[&str], &str)] = &[
    (
        "crates/domain/Cargo.toml",
        &["tokio", "rusqlite", "reqwest", "tauri", "tracing", "axum", "getrandom"],
        "the domain is pure: no I/O, no async, no clock, no randomness",
    ),
    (
        "crates/protocol/Cargo.toml",
        &["tokio", "rusqlite", "reqwest", "axum", "behorig-store"],
        "the protocol is shapes only",
    ),
    (
        "crates/app/Cargo.toml",
        &["tauri", "axum", "behorig-server"],
        "the program without a window knows neither a window nor the server",
    ),
];

/// Text that may not stand in some files, each with the reason.
struct Banned {
    text: &'static str,
    unless: fn(&str) -> bool,
    reason: &'static str,
}

const BANNED: &[Banned] = &[
    Banned {
        text: "@tauri-apps/api",
        unless: |file| !is_source(file) || file.starts_with("ui/src/platform/"),
        reason: "only ui/src/platform knows Tauri",
    },
    Banned {
        text: "dangerouslySetInnerHTML",
        unless: |file| !is_source(file),
        reason: "messages are text, never HTML",
    },
    Banned {
        text: "Utc::now",
        unless: |file| {
            !file.ends_with(".rs")
                || matches!(file, "crates/app/src/lib.rs" | "crates/server/src/lib.rs")
        },
        reason: "time is passed in",
    },
];

fn is_source(file: &str) -> bool {
    file.ends_with(".ts") || file.ends_with(".tsx")
}

/// Says every breach at once.
pub fn tidy(root: &Path) -> anyhow::Result<()> {
    let mut breaches = Vec::new();
    for (manifest, crates, reason) in FORBIDDEN {
        let text = fs::read_to_string(root.join(manifest))?;
        let dependencies = text.split("[dev-dependencies]").next().unwrap_or_default();
        for name in *crates {
            let depends = dependencies.lines().any(|line| {
                line.split(['.', ' ', '=']).next().is_some_and(|dependency| dependency == *name)
            });
            if depends {
                breaches.push(format!("{manifest} depends on {name}: {reason}"));
            }
        }
    }
    for file in crate::files(root)? {
        let name = file.to_string_lossy().replace('\\', "/");
        let checked = [".rs", ".ts", ".tsx", ".css", ".sql"].iter().any(|end| name.ends_with(end));
        if !checked || name.starts_with("xtask/src/tidy.rs") || name.contains("/generated/") {
            continue;
        }
        let text = fs::read_to_string(root.join(&file))?;
        let lines = text.lines().count();
        if lines > LINES_MAX {
            breaches.push(format!("{name} has {lines} lines; {LINES_MAX} is the most"));
        }
        for banned in BANNED {
            if text.contains(banned.text) && !(banned.unless)(&name) {
                breaches.push(format!("{name} holds `{}`: {}", banned.text, banned.reason));
            }
        }
        breaches.extend(feature_imports(&name, &text));
    }
    if breaches.is_empty() {
        return Ok(());
    }
    bail!("{}", breaches.join("\n"))
}

/// A feature of the window imports no other feature: what two need lies in `shared`.
fn feature_imports(name: &str, text: &str) -> Option<String> {
    const FEATURES: &str = "ui/src/features/";
    let feature = name.strip_prefix(FEATURES)?.split('/').next()?;
    let foreign = text.lines().find(|line| {
        let Some((_, from)) = line.split_once(" from '.") else { return false };
        let imported = resolve(name, &format!(".{}", from.trim_end_matches([';', '\''])));
        let other = imported.strip_prefix(FEATURES).and_then(|rest| rest.split('/').next());
        other.is_some_and(|other| other != feature)
    })?;
    Some(format!("{name} imports another feature: {}", foreign.trim()))
}

/// The file that a relative import names, from the root.
fn resolve(importer: &str, import: &str) -> String {
    let mut path: Vec<&str> = importer.split('/').collect();
    path.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_that_imports_another_is_found_and_one_that_imports_shared_is_not() {
        let file = "ui/src/features/outbox/Outbox.tsx";
        let import = |from: &str| feature_imports(file, &format!("import {{ x }} from '{from}';"));
        assert!(import("../messages/queries").is_some());
        assert!(import("./queries").is_none());
        assert!(import("../../shared/Chip").is_none());
        assert!(
            feature_imports("ui/src/shell/App.tsx", "import x from '../features/a/b'").is_none()
        );
    }
}
