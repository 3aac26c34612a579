//! Writes the text on standard input as a Word document to standard output, as the program does, so that
//! `cargo xtask conformance` can have it read by others.

use std::io::{self, Read as _, Write as _};

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    io::stdout().write_all(&behorig_files::word::docx(&text)?)
}
