//! The program on a demo server of its own.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, bail};

use crate::{PRODUCT, command, setup, succeed};

/// Builds, starts the demo server on loopback and opens the program; ends both together.
pub fn run(root: &Path, yes: bool, fresh: bool) -> anyhow::Result<()> {
    setup::setup(root, yes)?;
    // all that the tests build: another selection would compile shared crates twice
    succeed(command("cargo", root).arg("build").args(PRODUCT))?;
    let demo = root.join("target/demo");
    if fresh && demo.exists() {
        fs::remove_dir_all(&demo)?;
    }
    fs::create_dir_all(&demo)?;
    let mut server = command(&root.join("target/debug/behorig-server").display().to_string(), root);
    server.arg("demo").arg("--data").arg(demo.join("server"));
    // whom to sign in as and where codes are shown; last, that it listens
    let server = Server::start(&mut server, |line| println!("{line}"))?;
    let program = root.join("target/debug/behorig");
    let mut window = if has_display() {
        command(&program.display().to_string(), root)
    } else {
        println!("There is no display: the window opens on a virtual one. Stop with Ctrl+C.");
        let mut session = command(&root.join("xtask/desktop-session").display().to_string(), root);
        // the keyring holds a half of the replica's key: it must be there the next time
        session.arg(&program).env("DESKTOP_DATA", demo.join("desktop"));
        session
    };
    let ended = succeed(window.env("BEHORIG_DATA_DIR", demo.join("desk")));
    drop(server);
    ended
}

/// Drives the real window through the whole path. Fails when a step does.
pub fn tour(root: &Path, yes: bool, folder: &Path) -> anyhow::Result<()> {
    setup::setup(root, yes)?;
    fs::create_dir_all(folder)?;
    let folder = folder.canonicalize().context("the tour's folder")?;
    succeed(command("cargo", root).arg("build").args(PRODUCT))?;
    let session = root.join("xtask/desktop-session").display().to_string();
    let mut tour = command(&session, root);
    tour.args(["cargo", "test"]).args(PRODUCT).args(["--test", "end_to_end", "window::"]);
    succeed(tour.env("BEHORIG_TOUR", &folder))?;
    println!("{}", fs::read_to_string(folder.join("transcript.txt"))?);
    println!("The pictures are in {}", folder.display());
    Ok(())
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some())
}

/// A server in a process of its own; stopped when dropped.
pub struct Server(Child);

impl Server {
    /// Starts it and waits until it listens. Gives each line that it says until then to `say`.
    pub fn start(command: &mut Command, mut say: impl FnMut(&str)) -> anyhow::Result<Self> {
        let child = command.stdout(Stdio::piped()).spawn().context("start the server")?;
        let mut server = Self(child);
        let said = server.0.stdout.take().context("the server's output")?;
        for line in BufReader::new(said).lines() {
            let line = line?;
            say(&line);
            if line.starts_with("listening") {
                return Ok(server);
            }
        }
        bail!("the server ended at once; is its address in use?")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // asks it to stop, so that it ends what is under way
        let _ = command("kill", Path::new("/")).arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}
