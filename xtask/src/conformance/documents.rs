//! Documents that foreign programs made, judged by `behorig-cli`; and one of ours, read by a foreign reader.

use std::{
    fs,
    io::Write as _,
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::{Judged, Place, ran, said, why};
use crate::command;

/// A page that both browser and converter are given.
const PAGE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200">
<text x="20" y="80" font-size="24">Avgångsbetyg för Åsa Lindqvist</text></svg>"#;

/// What has to be said of a document.
enum Verdict {
    Taken(&'static str),
    Refused(&'static str),
}
use Verdict::{Refused, Taken};

/// File, who made it, and what has to be said of it.
const MADE: [(&str, &str, Verdict); 17] = [
    ("chromium.pdf", "a PDF by Chromium", Taken("pdf")),
    ("rsvg.pdf", "a PDF by rsvg-convert", Taken("pdf")),
    ("pdfkit.pdf", "a PDF by pdfkit", Taken("pdf")),
    ("pdfkit-large.pdf", "a PDF of 20 MB by pdfkit", Taken("pdf")),
    ("pdfkit-locked.pdf", "a PDF with a password by pdfkit", Refused("encrypted")),
    ("half.pdf", "the first half of Chromium's PDF", Refused("truncated")),
    ("docx.docx", "a Word document by docx", Taken("docx")),
    ("officecrypto-locked.docx", "one with a password by officecrypto-tool", Refused("encrypted")),
    ("exceljs.xlsx", "an Excel sheet by exceljs", Taken("xlsx")),
    ("sheetjs.xlsx", "an Excel sheet by SheetJS", Taken("xlsx")),
    ("sheetjs.xls", "an Excel 97 sheet by SheetJS", Taken("xls")),
    ("sheetjs.xlsm", "an Excel sheet with macros by SheetJS", Refused("macros")),
    ("sheetjs-page.xls", "a web page with an Excel name by SheetJS", Refused("disguised")),
    ("sheetjs.ods", "an OpenDocument sheet by SheetJS", Refused("unknown_format")),
    ("chromium.png", "a picture by Chromium", Refused("unknown_format")),
    ("rsvg.png", "a picture by rsvg-convert", Refused("unknown_format")),
    ("picture.pdf", "a picture with a PDF's name", Refused("disguised")),
];

/// What a Word document has to keep: letters, signs of XML, spaces, an empty line, a letter of two units.
const TEXT: &str = "Åsa & <Göran> \"skriver\"\n\n  två mellanslag  och\tett steg\nslut 😀";

/// Has everything made, then judges one after another.
pub fn judge(place: &Place, judged: &mut Judged) {
    judged.tell("documents by npm packages are made", npm_made(place));
    judged.tell("documents by Chromium are made", chromium_made(place));
    judged.tell("documents by rsvg-convert are made", rsvg_made(place));
    for (file, maker, verdict) in MADE {
        judged.tell(&format!("documents check: {maker}"), check(place, file, &verdict));
    }
    judged.tell("a Word document of ours is read by mammoth", read_by_mammoth(place));
}

fn npm_made(place: &Place) -> anyhow::Result<()> {
    said(place.script("documents.mjs").arg("make").arg(&place.made)).map(drop)
}

fn chromium_made(place: &Place) -> anyhow::Result<()> {
    let page = place.path("page.svg");
    fs::write(&page, PAGE)?;
    for (option, file) in [("--print-to-pdf", "chromium.pdf"), ("--screenshot", "chromium.png")] {
        let file = place.path(file);
        let profile = place.path("chromium-profile");
        let mut chromium = command("chromium", &place.made);
        // of its own, so that a browser that somebody has open is left alone
        chromium.arg(format!("--user-data-dir={}", profile.display()));
        // the sandbox is not to be had in most containers, and the page is ours
        chromium.args(["--headless", "--no-sandbox", "--disable-gpu"]);
        chromium.arg(format!("{option}={}", file.display()));
        said(chromium.arg(format!("file://{}", page.display())))?;
        ensure!(file.is_file(), "{} was not made", file.display());
    }
    let whole = fs::read(place.path("chromium.pdf"))?;
    let half = whole.get(..whole.len() / 2).unwrap_or_default();
    Ok(fs::write(place.path("half.pdf"), half)?)
}

fn rsvg_made(place: &Place) -> anyhow::Result<()> {
    let page = place.path("page.svg");
    fs::write(&page, PAGE)?;
    for (format, file) in [("pdf", "rsvg.pdf"), ("png", "rsvg.png")] {
        let file = place.path(file);
        let mut rsvg = command("rsvg-convert", &place.made);
        said(rsvg.args(["--format", format, "--output"]).arg(file).arg(&page))?;
    }
    fs::copy(place.path("rsvg.png"), place.path("picture.pdf"))?;
    Ok(())
}

fn check(place: &Place, file: &str, verdict: &Verdict) -> anyhow::Result<()> {
    let path = place.path(file);
    ensure!(path.is_file(), "it was not made");
    let output = ran(place.program("behorig-cli").args(["documents", "check"]).arg(path))?;
    let said: Value = serde_json::from_slice(&output.stdout).context("what behorig-cli says")?;
    let (wanted, code) = match verdict {
        Taken(format) => (("format", *format), 0),
        Refused(reason) => (("reason", *reason), 1),
    };
    ensure!(said[wanted.0] == wanted.1, "should be {} {}: {said}", wanted.0, wanted.1);
    ensure!(output.status.code() == Some(code), "{}", output.status);
    Ok(())
}

fn read_by_mammoth(place: &Place) -> anyhow::Result<()> {
    let example = ["run", "--quiet", "--package", "behorig-testkit", "--example", "docx"];
    let document = given(command("cargo", &place.root).args(example), TEXT.as_bytes())?;
    let path = place.path("ours.docx");
    fs::write(&path, document)?;
    let read = said(place.script("documents.mjs").arg("read").arg(path))?;
    let read = String::from_utf8(read)?;
    // mammoth ends each paragraph with an empty line
    let wanted: String = TEXT.lines().map(|line| format!("{line}\n\n")).collect();
    ensure!(read.strip_suffix('\n') == Some(&wanted), "it read {read:?}");
    Ok(())
}

/// What a program that must succeed makes of what it is given.
fn given(command: &mut Command, text: &[u8]) -> anyhow::Result<Vec<u8>> {
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().with_context(|| format!("start {command:?}"))?;
    child.stdin.take().context("its input")?.write_all(text)?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{}", why(command, &output));
    Ok(output.stdout)
}
