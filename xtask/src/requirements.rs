//! Which requirement is proved by which test, read from `Covers KW-nn` in the tests' comments.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context as _;
use serde_json::Value;

use crate::{files, test::RESULTS};

/// How near to the user a test looks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// Rules and other parts, each alone.
    Domain,
    /// The window's code on a core that the test plays.
    Component,
    /// The program without a window, on a real server.
    Api,
    /// The real window on a real server.
    Window,
}

impl Level {
    fn of(file: &str) -> Self {
        if file.starts_with("ui/") {
            Self::Component
        } else if file.contains("end_to_end/window") {
            Self::Window
        } else if file.starts_with("tests/") {
            Self::Api
        } else {
            Self::Domain
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Component => "component",
            Self::Api => "api",
            Self::Window => "window",
        }
    }

    /// What a person does counts only where a person would see it.
    fn proves(self) -> bool {
        matches!(self, Self::Api | Self::Window)
    }
}

struct Claim {
    test: String,
    level: Level,
}

/// Prints each claimed row with its tests, then how many of each part are proved.
pub fn print(root: &Path) -> anyhow::Result<()> {
    let results = fs::read(root.join(RESULTS))
        .with_context(|| format!("{RESULTS}: run `cargo xtask test` first"))?;
    let results: Vec<Value> = serde_json::from_slice(&results)?;
    let passed = |test: &str| {
        let ours = |name: &str| name == test || name.ends_with(&format!("::{test}"));
        let mut runs =
            results.iter().filter(|result| result["name"].as_str().is_some_and(ours)).peekable();
        runs.peek().is_some() && runs.all(|result| result["passed"] == true)
    };
    let claims = claims(root)?;
    let mut parts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for id in catalogue(root)? {
        let empty = Vec::new();
        let claimed = claims.get(&id).unwrap_or(&empty);
        let mut proved = false;
        for claim in claimed {
            let held = passed(&claim.test);
            proved |= held && claim.level.proves();
            let verdict = match (held, claim.level.proves()) {
                (true, true) => "proved",
                (true, false) => "supports",
                (false, _) => "did not pass in the last run",
            };
            println!("{id}  {:<9}  {verdict}: {}", claim.level.name(), claim.test);
        }
        let part = id.split('-').next().unwrap_or_default().to_owned();
        let (count, of) = parts.entry(part).or_default();
        *count += usize::from(proved);
        *of += 1;
    }
    for (part, (proved, of)) in parts {
        println!("{part}: {proved} of {of} proved");
    }
    Ok(())
}

/// Every id of the catalogue, in its order.
fn catalogue(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut ids = Vec::new();
    for file in files(root)?.into_iter().filter(|file| file.starts_with("docs/requirements")) {
        let text = fs::read_to_string(root.join(file))?;
        let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
        ids.extend(rows.filter(|id| is_id(id)).map(str::to_owned));
    }
    ids.sort();
    Ok(ids)
}

fn is_id(text: &str) -> bool {
    let Some((part, number)) = text.split_once('-') else { return false };
    part.len() == 2
        && part.bytes().all(|byte| byte.is_ascii_uppercase())
        && number.len() == 2
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// What the comments above tests say that they cover.
fn claims(root: &Path) -> anyhow::Result<BTreeMap<String, Vec<Claim>>> {
    let mut claims: BTreeMap<String, Vec<Claim>> = BTreeMap::new();
    for file in files(root)? {
        let name = file.to_string_lossy().replace('\\', "/");
        if name.starts_with("xtask/") || ![".rs", ".ts", ".tsx"].iter().any(|e| name.ends_with(e)) {
            continue;
        }
        let text = fs::read_to_string(root.join(&file))?;
        let mut covered: Vec<String> = Vec::new();
        for line in text.lines().map(str::trim) {
            if let Some((_, ids)) = line.split_once("Covers ") {
                let words = ids.split([',', ' ', '*', '/']).map(|word| word.trim_matches('.'));
                covered.extend(words.filter(|word| is_id(word)).map(str::to_owned));
            } else if let Some(test) = test_name(line) {
                for id in covered.drain(..) {
                    let level = Level::of(&name);
                    claims.entry(id).or_default().push(Claim { test: test.clone(), level });
                }
            }
        }
    }
    Ok(claims)
}

/// The name of the test that begins on a line.
fn test_name(line: &str) -> Option<String> {
    if let Some((_, rest)) = line.split_once("fn ") {
        return rest.split('(').next().map(str::to_owned);
    }
    let rest = line.strip_prefix("test(").or_else(|| line.strip_prefix("it("))?;
    let quote = rest.chars().next()?;
    rest.get(1..)?.split(quote).next().map(str::to_owned)
}
