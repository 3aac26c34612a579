//! The document that the server gives of itself, judged by schemathesis: it makes requests up from the
//! document, good ones and bad ones, and holds the answers of a real server against it.

use std::{fs, process::Command};

use anyhow::{Context as _, ensure};

use super::{Judged, Place, free_port, said, served};
use crate::{command, run::Server};

/// What an answer must be: no fault of the server, and as the document says.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,\
                      allow_header_conformance";
/// Requests made up for each way to ask.
const EXAMPLES: &str = "30";
/// The same in each run.
const SEED: &str = "2026";
/// A stream that stays open has no end to judge.
const ENDLESS: &str = "/v1/changes";

/// Runs every check.
pub fn judge(place: &Place, judged: &mut Judged) {
    judged.tell("python: schemathesis is installed in a place of its own", install(place));
    judged.tell("schemathesis: whoever has no session is answered as the document says", {
        run(place, "nobody", None)
    });
    judged.tell("schemathesis: whoever has a case is answered as the document says", {
        run(place, "holder", Some(served::TECHNICIAN))
    });
    judged.tell("schemathesis: an officer is answered as the document says", {
        run(place, "officer", Some(served::OFFICER))
    });
}

fn python(place: &Place, program: &str) -> Command {
    let program = place.root.join(super::WORK).join("python/bin").join(program);
    command(&program.display().to_string(), &place.made)
}

/// The packages as they are pinned, fetched anew only when the list has changed.
fn install(place: &Place) -> anyhow::Result<()> {
    let list = place.scripts.join("requirements.txt");
    let asked = fs::read(&list)?;
    let folder = place.root.join(super::WORK).join("python");
    let installed = folder.join("installed-by.txt");
    if fs::read(&installed).is_ok_and(|it| it == asked) {
        return Ok(());
    }
    let mut venv = command("python3", &place.root);
    said(venv.args(["-m", "venv", "--clear"]).arg(&folder)).context("python3 with venv")?;
    let mut pip = python(place, "python");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
    said(pip.arg(&list))?;
    fs::write(installed, asked)?;
    Ok(())
}

/// A demo server of its own is asked all sorts of things, as nobody or as somebody.
fn run(place: &Place, name: &str, who: Option<[&str; 3]>) -> anyhow::Result<()> {
    let (port, inbox) = (free_port()?, free_port()?);
    let here = |port: u16| format!("127.0.0.1:{port}");
    let mut demo = place.program("behorig-server");
    demo.arg("demo").arg("--data").arg(place.path(&format!("openapi-{name}")));
    demo.args(["--listen", &here(port), "--inbox", &here(inbox)]);
    let _server = Server::start(demo.env("BEHORIG_LOG", "error"), |_| ())?;
    let url = format!("http://{}", here(port));
    let mut st = python(place, "st");
    st.args(["run", &format!("{url}/openapi.json"), "--url", &url, "--checks", CHECKS]);
    st.args(["--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES]);
    st.args(["--seed", SEED, "--exclude-path", ENDLESS, "--request-timeout", "20"]);
    st.args(["--header", "Behorig-Protocol: 1", "--warnings", "off", "--no-color"]);
    if let Some(who) = who {
        let mut curl = command("curl", &place.made);
        curl.args(["--silent", "--show-error", "--noproxy", "*", "--max-time", "60"]);
        curl.args(["--header", "Behorig-Protocol: 1"]);
        let token = served::token_of(&curl, &url, inbox, who)?;
        st.args(["--header", &format!("Authorization: Bearer {token}")]);
    }
    st.env("NO_PROXY", "*").env("SCHEMATHESIS_HOOKS", "openapi_hooks");
    st.env("PYTHONPATH", &place.scripts);
    let output = super::ran(&mut st)?;
    let told = place.path(&format!("schemathesis-{name}.txt"));
    fs::write(&told, &output.stdout)?;
    ensure!(
        output.status.success(),
        "{}: what it found stands in {}",
        super::why(&st, &output),
        told.display()
    );
    Ok(())
}
