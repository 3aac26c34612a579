//! Taking in what another system has: people, cases, and certificates that were granted before.
//!
//! Every file is checked whole before anything of any is taken in, and everything that is wrong is told at once.
//! Then the rows become commands of the issuer's own systems, many in one transaction. Ids follow from the keys of
//! the other system, so that the same rows can come again. May not live here: rules, and SQL.

mod check;
mod fault;
mod rows;
mod source;
mod take;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use behorig_domain::{
    IssuerId, Kind, Read, RecordId, Timestamp,
    identity::Staff,
    services::{Scheme, Service},
};
use behorig_server_store::Store;

use crate::{state::DATABASE, uploads::Uploads};
use check::{Act, Body, Checker, Verdict, body};
use source::{Encoding, Source};

pub use fault::{Fault, Lang};

/// Rows in one transaction: few enough that a running server never waits for long.
const BATCH: usize = 500;
/// Rows between two words about how far it is.
const STEP: u64 = 1_000;

/// What to take in.
#[derive(Debug, Clone)]
pub struct Import {
    /// The files, in any order.
    pub files: Vec<PathBuf>,
    /// Whether only to check them.
    pub dry_run: bool,
    /// Whether those who get an account are mailed the link by which they choose their password.
    pub invite: bool,
    /// The body whose cases they are; `None` for the only one.
    pub issuer: Option<IssuerId>,
    /// The service that they belong to; `None` for the only one.
    pub service: Option<RecordId>,
}

/// What is told while it runs.
#[derive(Debug)]
pub enum Told<'a> {
    /// Something is wrong.
    Fault(&'a Fault),
    /// A file is read as Windows-1252.
    Encoding(&'a Path),
    /// How far it is.
    Progress {
        /// Rows that were checked or taken in.
        rows: u64,
        /// Whether they were taken in.
        taken: bool,
    },
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows that are new.
    pub new: u64,
    /// Rows that were taken in before and have not changed.
    pub unchanged: u64,
    /// Things that are wrong.
    pub faults: u64,
    /// Whether the new ones were taken in.
    pub taken: bool,
}

impl Told<'_> {
    /// One line.
    pub fn words(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Fault(fault), _) => fault.words(lang),
            (Self::Encoding(file), Lang::Sv) => {
                format!("{}: läses som Windows-1252", file.display())
            }
            (Self::Encoding(file), Lang::En) => format!("{}: read as Windows-1252", file.display()),
            (Self::Progress { rows, taken: false }, Lang::Sv) => {
                format!("{rows} rader kontrollerade")
            }
            (Self::Progress { rows, taken: false }, Lang::En) => format!("{rows} rows checked"),
            (Self::Progress { rows, taken: true }, Lang::Sv) => format!("{rows} rader intagna"),
            (Self::Progress { rows, taken: true }, Lang::En) => format!("{rows} rows taken in"),
        }
    }
}

impl Summary {
    /// One line.
    pub fn words(&self, lang: Lang) -> String {
        let Self { new, unchanged, faults, taken } = self;
        match (lang, faults, taken) {
            (Lang::Sv, 0, true) => format!("Nya rader intagna: {new}; oförändrade: {unchanged}"),
            (Lang::Sv, 0, false) => {
                format!(
                    "Nya rader som kan tas in: {new}; oförändrade: {unchanged}; inget är intaget"
                )
            }
            (Lang::Sv, ..) => format!("Fel: {faults}; inget är intaget"),
            (Lang::En, 0, true) => format!("New rows taken in: {new}; unchanged: {unchanged}"),
            (Lang::En, 0, false) => {
                format!(
                    "New rows that can be taken in: {new}; unchanged: {unchanged}; nothing is taken in"
                )
            }
            (Lang::En, ..) => format!("Faults: {faults}; nothing is taken in"),
        }
    }
}

/// Checks files and takes them in, on a server's data, while it runs or not.
pub fn run(
    data: &Path,
    asked: &Import,
    now: Timestamp,
    tell: &mut dyn FnMut(Told<'_>),
) -> anyhow::Result<Summary> {
    let database = data.join(DATABASE);
    // a mistyped folder must not become a new server
    ensure!(database.is_file(), "{} holds no server's database", data.display());
    let mut store = Store::open(&database)?;
    let body = body_of(&store, asked)?;
    let mut summary = Summary::default();
    let sources = open(&asked.files, &mut summary, tell)?;
    check_all(&store, &body, &sources, now, &mut summary, tell)?;
    if summary.faults == 0 && !asked.dry_run {
        let uploads = Uploads::open(data)?;
        take_all(&mut store, &uploads, &body, &sources, asked.invite, now, tell)?;
        summary.taken = true;
    }
    Ok(summary)
}

/// Looks at the names and encodings, and puts the files in the order in which they may name each other.
fn open(
    files: &[PathBuf],
    summary: &mut Summary,
    tell: &mut dyn FnMut(Told<'_>),
) -> anyhow::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for file in files {
        match Source::open(file).with_context(|| file.display().to_string())? {
            Ok(source) => {
                if source.encoding == Encoding::Windows1252 {
                    tell(Told::Encoding(file));
                }
                sources.push(source);
            }
            Err(fault) => {
                summary.faults = summary.faults.saturating_add(1);
                tell(Told::Fault(&fault));
            }
        }
    }
    sources.sort_by_key(|source| source.kind);
    Ok(sources)
}

fn check_all(
    store: &Store,
    body: &Body,
    sources: &[Source],
    now: Timestamp,
    summary: &mut Summary,
    tell: &mut dyn FnMut(Told<'_>),
) -> anyhow::Result<()> {
    let mut checker = Checker::new(body, now);
    let mut rows: u64 = 0;
    for source in sources {
        source.each(|row| {
            rows = rows.saturating_add(1);
            let faults = match row {
                Ok(row) => match checker.check(store, source, &row)? {
                    Verdict::New(_) => {
                        summary.new = summary.new.saturating_add(1);
                        Vec::new()
                    }
                    Verdict::Unchanged => {
                        summary.unchanged = summary.unchanged.saturating_add(1);
                        Vec::new()
                    }
                    Verdict::Faulty(faults) => faults,
                },
                Err(fault) => vec![fault],
            };
            for fault in &faults {
                summary.faults = summary.faults.saturating_add(1);
                tell(Told::Fault(fault));
            }
            if rows.is_multiple_of(STEP) {
                tell(Told::Progress { rows, taken: false });
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Takes the rows in that are new. Each is checked again: what has come meanwhile, or from whom, may differ.
fn take_all(
    store: &mut Store,
    uploads: &Uploads,
    body: &Body,
    sources: &[Source],
    invite: bool,
    now: Timestamp,
    tell: &mut dyn FnMut(Told<'_>),
) -> anyhow::Result<()> {
    let mut checker = Checker::new(body, now);
    let mut acts: Vec<Act> = Vec::new();
    let mut rows: u64 = 0;
    for source in sources {
        source.each(|row| {
            let verdict = match row {
                Ok(row) => checker.check(store, source, &row)?,
                Err(fault) => Verdict::Faulty(vec![fault]),
            };
            match verdict {
                Verdict::New(act) => acts.push(act),
                Verdict::Unchanged => {}
                Verdict::Faulty(faults) => {
                    let words = faults.first().map(|fault| fault.words(Lang::En));
                    bail!("changed since it was checked: {}", words.unwrap_or_default());
                }
            }
            rows = rows.saturating_add(1);
            if acts.len() >= BATCH {
                take::take(store, uploads, std::mem::take(&mut acts), invite, now)?;
            }
            if rows.is_multiple_of(STEP) {
                tell(Told::Progress { rows, taken: true });
            }
            Ok(())
        })?;
        // what the next file names is there
        take::take(store, uploads, std::mem::take(&mut acts), invite, now)?;
    }
    Ok(())
}

/// Whose cases they become, and by which settings.
fn body_of(store: &Store, asked: &Import) -> anyhow::Result<Body> {
    let services = store.all(Kind::Service)?;
    let mut fits = services.iter().filter(|it| asked.service.is_none_or(|id| it.at.id == id));
    let service = fits.next().context("no service is in force: see `packs publish`")?;
    ensure!(fits.next().is_none(), "there are several services: name one with --service");
    let issuer = match asked.issuer {
        Some(issuer) => issuer,
        None => {
            let staff = store.all(Kind::Staff)?;
            let issuers = staff.iter().map(|record| Ok(body::<Staff>(record)?.issuer));
            let issuers: Vec<IssuerId> = issuers.collect::<anyhow::Result<_>>()?;
            let first =
                issuers.first().context("nobody handles cases yet: name the body with --issuer")?;
            ensure!(
                issuers.iter().all(|issuer| issuer == first),
                "there are several bodies: name one with --issuer"
            );
            *first
        }
    };
    let settings: Service = body(service)?;
    let mut schemes = Vec::new();
    for code in &settings.schemes {
        if let Read::Found(scheme) = store.record(Scheme::at(service.at.id, code))? {
            schemes.push(body(&scheme)?);
        }
    }
    Ok(Body { issuer, service: service.at.id, settings, schemes })
}
