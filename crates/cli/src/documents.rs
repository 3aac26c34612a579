//! `documents`: whether files would be taken, before anybody tries to send them, and what sends one in.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use behorig_files::{DEFAULT_MAX_BYTES, FileFault, Format, check};
use clap::Subcommand;
use serde::Serialize;
use serde_json::Value;

use crate::Outcome;

const AFTER_HELP: &str = "\
Each file gives one line of JSON:

  {\"file\": …, \"accepted\": true|false, \"format\": \"pdf\"|null, \"reason\": null|CODE, \"params\": {…}|null}

CODE is one of
  empty           no bytes
  too_large       params: bytes, max
  unknown_format  not doc, docx, xls, xlsx or pdf; params: found, if known
  disguised       the name says one thing, the content another; params: claimed, found
  encrypted       needs a password, or has restrictions
  macros          carries macros
  truncated       cut off or damaged
  unreadable      missing, a folder, or not allowed to be read

Exit code: 0 all are accepted, 1 some are not, 2 the arguments are wrong";

#[derive(Subcommand)]
pub enum Command {
    /// Tell for each file whether it would be taken, judged by its content
    #[command(after_help = AFTER_HELP)]
    Check {
        /// The files to check
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The largest file that is accepted, in bytes
        #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_BYTES)]
        max_bytes: u64,
    },
    /// Send a file in for a document that a case asks for; the next sync sends it
    Submit {
        /// The case's registry number or id
        case: String,
        /// The document's name in either language, or its id
        row: String,
        /// The file; a copy is kept until it is sent
        file: PathBuf,
        /// What it contains
        #[arg(long, default_value = "")]
        note: String,
        /// You have seen to all that its checklist says: see show. Needed where it has one
        #[arg(long)]
        checked: bool,
    },
}

/// One line of the answer.
#[derive(Serialize)]
struct Line {
    /// As it was given; what is no UTF-8 in it is shown as replacement characters.
    file: String,
    accepted: bool,
    format: Option<Format>,
    reason: Option<Value>,
    params: Option<Value>,
}

/// Checks files; the error is that of writing the answer.
pub fn check_all(files: &[PathBuf], max_bytes: u64, out: &mut impl Write) -> io::Result<Outcome> {
    let mut outcome = Outcome::Well;
    for file in files {
        let line = line(file, max_bytes)?;
        if !line.accepted {
            outcome = Outcome::Refused;
        }
        writeln!(out, "{}", serde_json::to_string(&line)?)?;
    }
    Ok(outcome)
}

fn line(path: &Path, max: u64) -> io::Result<Line> {
    let file = path.to_string_lossy().into_owned();
    let (format, refused) = match judged(path, max) {
        Ok(Ok(format)) => (Some(format), None),
        Ok(Err(refused)) => (None, Some(serde_json::to_value(refused)?)),
        Err(_) => (None, Some(serde_json::json!({ "fault": "unreadable" }))),
    };
    let mut params = refused.unwrap_or_default();
    let reason = params.as_object_mut().and_then(|params| params.remove("fault"));
    let params = params.as_object().is_some_and(|params| !params.is_empty()).then_some(params);
    Ok(Line { file, accepted: format.is_some(), format, reason, params })
}

fn judged(path: &Path, max: u64) -> io::Result<Result<Format, FileFault>> {
    // opening a pipe or a device could wait for ever
    if !path.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let file = File::open(path)?;
    let len = file.metadata()?.len();
    let name = path.file_name().map(OsString::from).unwrap_or_default();
    check(&name.to_string_lossy(), file, len, max)
}
