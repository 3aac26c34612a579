//! Secrets and texts that are asked for: at the terminal, unseen, or line by line from standard input. Never from
//! arguments, which every user of the computer can see.

use std::{
    fs,
    io::{self, BufRead as _, IsTerminal as _, Read as _},
    path::PathBuf,
};

use anyhow::Context as _;
use zeroize::Zeroizing;

/// Names a file whose first line is the passphrase.
pub const PASSPHRASE_FILE: &str = "BEHORIG_PASSPHRASE_FILE";

/// The answer to a question, as typed.
pub fn secret(question: &str) -> anyhow::Result<Zeroizing<String>> {
    if io::stdin().is_terminal() {
        return Ok(Zeroizing::new(rpassword::prompt_password(format!("{question}: "))?));
    }
    let mut line = Zeroizing::new(String::new());
    let read = io::stdin().lock().read_line(&mut line)?;
    anyhow::ensure!(read > 0, "{question}: standard input has ended");
    Ok(Zeroizing::new(line.trim_end_matches(['\n', '\r']).to_owned()))
}

/// What unlocks what is kept on this computer.
pub fn passphrase() -> anyhow::Result<Zeroizing<String>> {
    let Some(file) = std::env::var_os(PASSPHRASE_FILE).map(PathBuf::from) else {
        return secret("Passphrase");
    };
    let text =
        Zeroizing::new(fs::read_to_string(&file).with_context(|| file.display().to_string())?);
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}

/// All that is left on standard input.
pub fn rest() -> anyhow::Result<String> {
    let mut text = String::new();
    io::stdin().lock().read_to_string(&mut text).context("standard input")?;
    Ok(text)
}
