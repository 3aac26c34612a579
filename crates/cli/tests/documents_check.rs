//! `behorig-cli documents check`, the real program.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use behorig_files::samples;
use serde_json::{Value, json};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: impl AsRef<OsStr>, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name.as_ref());
        fs::write(&path, bytes).unwrap();
        path
    }
}

fn cli(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_behorig-cli"));
    command.args(["documents", "check"]).args(arguments);
    command
}

fn lines(output: &Output) -> Vec<Value> {
    output
        .stdout
        .split_inclusive(|byte| *byte == b'\n')
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

/// Covers KW-71
#[test]
fn the_five_formats_are_accepted_and_the_rest_refused_with_the_reason() {
    let folder = Folder::new();
    let five = [
        ("a.doc", samples::doc()),
        ("a.docx", samples::docx("Intyg")),
        ("a.xls", samples::xls()),
        ("a.xlsx", samples::xlsx("Intyg")),
        ("a.pdf", samples::pdf("Intyg", "Åsa Lindqvist")),
    ];
    let files = five.map(|(name, bytes)| folder.file(name, &bytes));
    let output = cli(&files).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    for (line, file) in lines(&output).iter().zip(&files) {
        let format = file.extension().unwrap().to_str().unwrap();
        let accepted = json!({
            "file": file, "accepted": true, "format": format, "reason": null, "params": null,
        });
        assert_eq!(*line, accepted);
    }

    let files = [
        folder.file("foto.jpg", &samples::jpeg()),
        folder.file("betyg.pdf", &samples::executable()),
        folder.file("tom.pdf", b""),
        files[4].clone(),
    ];
    let output = cli(&files).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told: Vec<_> = lines(&output)
        .iter()
        .map(|line| json!([line["accepted"], line["reason"], line["params"]]))
        .collect();
    let expected = [
        json!([false, "unknown_format", { "found": "jpeg" }]),
        json!([false, "disguised", { "claimed": "pdf", "found": "executable" }]),
        json!([false, "empty", null]),
        json!([true, null, null]),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_lower_limit_refuses_what_is_larger() {
    let folder = Folder::new();
    let bytes = samples::pdf("Intyg", "Åsa Lindqvist");
    let file = folder.file("a.pdf", &bytes);
    let output = cli([OsStr::new("--max-bytes"), "100".as_ref(), file.as_ref()]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let line = &lines(&output)[0];
    assert_eq!(line["reason"], "too_large");
    assert_eq!(line["params"], json!({ "bytes": bytes.len(), "max": 100 }));
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_checked() {
    let folder = Folder::new();
    let pdf = folder.file("a.pdf", &samples::pdf("Intyg", "Åsa Lindqvist"));
    let files = [folder.0.path().join("saknas.pdf"), folder.0.path().to_owned(), pdf];
    let output = cli(&files).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let reasons: Vec<_> = lines(&output).iter().map(|line| line["reason"].clone()).collect();
    assert_eq!(reasons, [json!("unreadable"), json!("unreadable"), Value::Null]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_checked_like_any_other() {
    let folder = Folder::new();
    let name: &OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"betyg-\xe5\xff.pdf");
    let output = cli([folder.file(name, &samples::jpeg())]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let line = &lines(&output)[0];
    assert_eq!(line["params"], json!({ "claimed": "pdf", "found": "jpeg" }));
    assert!(line["file"].as_str().unwrap().ends_with("betyg-\u{fffd}\u{fffd}.pdf"));
}

#[test]
fn a_reader_that_leaves_early_is_no_crash() {
    let folder = Folder::new();
    let file = folder.file("a.pdf", &samples::pdf("Intyg", "Åsa Lindqvist"));
    // more than a pipe holds
    let mut child = cli(std::iter::repeat_n(&file, 2_000))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.ends_with("}\n"));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn wrong_arguments_are_told_apart_from_refusals() {
    for arguments in [&[][..], &["--max-bytes", "many", "a.pdf"], &["--colour", "a.pdf"]] {
        let output = cli(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
    let help = cli(["--help"]).output().unwrap();
    assert_eq!(help.status.code(), Some(0));
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(text.contains("Exit code") && text.contains("--max-bytes"), "{text}");
}
