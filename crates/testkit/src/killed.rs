//! The server as a process of its own, which can be killed between any two instructions.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use behorig_server::demo::DemoPerson;
use tempfile::TempDir;

use crate::{code_in, until};

/// `behorig-server demo` in a process of its own, always at the same address.
pub struct ServerProcess {
    program: PathBuf,
    data: TempDir,
    port: u16,
    inbox: u16,
    process: Child,
}

impl ServerProcess {
    /// Starts the program on new demo data.
    pub fn start(program: &Path) -> Self {
        let (data, port, inbox) = (tempfile::tempdir().unwrap(), free_port(), free_port());
        let process = run(program, data.path(), port, inbox);
        Self { program: program.to_owned(), data, port, inbox, process }
    }

    /// Its address as a person types it.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends it between two instructions, wherever it is, and starts it again on what is on the disk.
    pub fn kill_and_start_again(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.process = run(&self.program, self.data.path(), self.port, self.inbox);
    }

    /// The code that the demo's inbox shows for a person.
    pub async fn code(&self, person: DemoPerson) -> String {
        let page = format!("http://127.0.0.1:{}/", self.inbox);
        until("the code", async || {
            let page = reqwest::get(&page).await.ok()?.text().await.ok()?;
            let (_, to_person) = page.split_once(person.phone)?;
            code_in(to_person)
        })
        .await
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn run(program: &Path, data: &Path, port: u16, inbox: u16) -> Child {
    let mut process = Command::new(program)
        .args(["demo", "--data"])
        .arg(data)
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .args(["--inbox", &format!("127.0.0.1:{inbox}")])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let said = BufReader::new(process.stdout.take().unwrap());
    let listens = said.lines().any(|line| line.unwrap().starts_with("listening"));
    assert!(listens, "the server did not start: {process:?}");
    process
}

/// A port that nobody listens on now.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
