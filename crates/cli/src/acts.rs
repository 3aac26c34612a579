//! What a person does: signs in, looks, writes, sends, takes a copy of everything home.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use behorig_app::{Code, RpcError};
use serde_json::{Value, json};

use crate::{
    Outcome, asked,
    program::{Answer, Program, Said},
};

/// How long the first sync after a sign-in is waited for.
const FIRST_SYNC: Duration = Duration::from_secs(30);

/// Writes one answer: one line of JSON.
pub fn write(out: &mut impl Write, answer: &Value) -> Answer<()> {
    writeln!(out, "{answer}")?;
    Ok(())
}

/// Signs in, for the first time or again.
pub async fn sign_in(
    out: &mut impl Write,
    server: &str,
    user_name: &str,
    forgotten: bool,
) -> Answer<Outcome> {
    let program = Program::new()?;
    let password = asked::secret("Password")?;
    let passphrase = asked::passphrase()?;
    if program.state().await? == "locked" && !forgotten {
        program.call("session.unlock", json!({ "passphrase": *passphrase })).await?;
    }
    let words = json!({
        "server": server,
        "user_name": user_name,
        "password": *password,
        "passphrase": *passphrase,
        "keyring": false,
    });
    program.call("session.sign_in", words).await?;
    let code = asked::secret("Code from the text message")?;
    let session = program.call("session.code", json!({ "code": code.trim() })).await?;
    // signed in all the same if the line breaks now
    let _ = program.sync(FIRST_SYNC).await;
    let session = program.ask("session.state").await.unwrap_or(session);
    write(out, &session)?;
    Ok(Outcome::Well)
}

/// Ends the session; what is kept on this computer stays, and so does what waits to be sent.
pub async fn log_out(out: &mut impl Write) -> Answer<Outcome> {
    let session = Program::unlocked().await?.ask("session.log_out").await?;
    write(out, &session)?;
    Ok(Outcome::Well)
}

pub async fn sync(out: &mut impl Write, within: Duration) -> Answer<Outcome> {
    let program = Program::unlocked().await?;
    let mut state = program.sync(within).await?;
    let refused = program.refused().await?;
    let outcome = if refused.is_empty() { Outcome::Well } else { Outcome::Refused };
    state["refused"] = refused.into();
    write(out, &state)?;
    Ok(outcome)
}

pub async fn status(out: &mut impl Write) -> Answer<Outcome> {
    let program = Program::new()?;
    if program.state().await? != "signed_out" {
        program.unlock().await?;
        let (sync, outbox) = (program.ask("sync.state").await?, program.ask("outbox.list").await?);
        let session = program.ask("session.state").await?;
        write(out, &json!({ "session": session, "sync": sync, "outbox": outbox }))?;
    } else {
        write(out, &json!({ "session": program.ask("session.state").await? }))?;
    }
    Ok(Outcome::Well)
}

/// The cases, one a line.
pub async fn list(out: &mut impl Write) -> Answer<Outcome> {
    let cases = Program::unlocked().await?.ask("cases.list").await?;
    for case in cases.as_array().into_iter().flatten() {
        write(out, case)?;
    }
    Ok(Outcome::Well)
}

pub async fn show(out: &mut impl Write, case: &str) -> Answer<Outcome> {
    let program = Program::unlocked().await?;
    let case = program.case(case).await?;
    write(out, &whole(&program, &case).await?)?;
    Ok(Outcome::Well)
}

/// A case with all that is in it.
async fn whole(program: &Program, case: &Value) -> Answer<Value> {
    let of = json!({ "case": case["id"] });
    let mut file = program.call("cases.show", of.clone()).await?;
    file["messages"] = program.call("messages.list", of.clone()).await?;
    file["contact"] = program.call("contact.show", of.clone()).await?;
    file["documents"] = program.call("documents.list", of).await?;
    Ok(file)
}

/// Puts a message into the outbox; the next sync sends it.
pub async fn send(
    out: &mut impl Write,
    case: &str,
    text: Option<String>,
    kind: Option<String>,
    reply_to: Option<String>,
) -> Answer<Outcome> {
    let program = Program::unlocked().await?;
    let text = text.map_or_else(asked::rest, Ok)?;
    let case = program.case(case).await?;
    let known = program.call("messages.list", json!({ "case": case["id"] })).await?;
    let usual = known["message_types"][0]["code"].as_str().unwrap_or_default().to_owned();
    let written = json!({
        "case": case["id"],
        "thread": reply_to,
        "message_type": kind.unwrap_or(usual),
        "text": text,
    });
    let queued = program.call("messages.send", written).await?;
    write(out, &queued)?;
    Ok(Outcome::Well)
}

/// Checks a file, keeps it, and puts it into the outbox; the next sync sends it.
pub async fn submit(
    out: &mut impl Write,
    case: &str,
    row: &str,
    file: PathBuf,
    mut sending: Value,
) -> Answer<Outcome> {
    let program = Program::unlocked().await?;
    let case = program.case(case).await?;
    let known = program.call("documents.list", json!({ "case": case["id"] })).await?;
    let row = known["rows"].as_array().into_iter().flatten().find(|known| {
        let names = [&known["id"], &known["name"]["sv"], &known["name"]["en"]];
        names.into_iter().any(|name| name.as_str() == Some(row))
    });
    let row = row.ok_or(Said::RowNotFound)?;
    let dropped = program.drop_file(file).ok_or(RpcError::from(Code::FileFailed))?;
    let add = json!({ "case": case["id"], "row": row["id"], "dropped": dropped });
    let picked = program.call("documents.add_dropped", add).await?;
    if !picked["refused"].is_null() {
        write(out, &picked)?;
        return Ok(Outcome::Refused);
    }
    sending["file"] = picked["file"].clone();
    let queued = match program.call("documents.submit", sending).await {
        Ok(queued) => queued,
        Err(failure) => {
            // nobody would find it here again: the original stays where it is
            program.call("documents.discard", json!({ "file": picked["file"] })).await?;
            return Err(failure);
        }
    };
    write(out, &queued)?;
    Ok(Outcome::Well)
}

/// Writes all that is the person's to a folder: one JSON file, and the documents beside it.
pub async fn export(out: &mut impl Write, to: &Path) -> Answer<Outcome> {
    if to.exists() && fs::read_dir(to)?.next().is_some() {
        return Err(Said::NotEmpty.into());
    }
    let program = Program::unlocked().await?;
    let done = program.export(to).await?;
    let missing: Vec<String> = done.missing.into_iter().map(|(id, _)| id).collect();
    write(out, &json!({ "cases": done.cases, "files": done.files, "missing": missing }))?;
    Ok(if missing.is_empty() { Outcome::Well } else { Outcome::NoLine })
}
