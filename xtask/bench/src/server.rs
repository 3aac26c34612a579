//! Servers to measure: the release program as a process of its own, or one in this process to make data.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use anyhow::{Context as _, ensure};
use behorig_server::{Config, Server, demo::Operator, system_clock};
use behorig_sms::Kept;
use clap::Args;

use crate::seed::Place;

/// A row that measures with a server.
#[derive(Args)]
pub struct Served {
    #[command(flatten)]
    pub place: Place,
    /// The server's program
    #[arg(long)]
    pub server: PathBuf,
    /// How often to measure each
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
}

/// `behorig-server serve` in a process of its own.
pub struct Running {
    address: SocketAddr,
    process: Child,
}

impl Running {
    pub fn start(program: &Path, data: &Path) -> anyhow::Result<Self> {
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let mut process = Command::new(program)
            .args(["serve", "--listen", &address.to_string(), "--data"])
            .arg(data)
            // nobody signs in with a code here
            .env("BEHORIG_SMS_USER", "none")
            .env("BEHORIG_SMS_PASSWORD", "none")
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("start {}", program.display()))?;
        let said = BufReader::new(process.stdout.take().context("the server's output")?);
        let listens = said.lines().map_while(Result::ok).any(|line| line.starts_with("listening"));
        ensure!(listens, "the server did not start");
        Ok(Self { address, process })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A server in this process.
pub struct InProcess {
    server: Server,
    pub telephones: Arc<Kept>,
}

impl InProcess {
    pub async fn start(data: &Path) -> anyhow::Result<Self> {
        let telephones = Arc::new(Kept::default());
        let config = Config {
            data: data.to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            clock: system_clock(),
            sms: telephones.clone(),
            mail: None,
            public_url: None,
        };
        Ok(Self { server: Server::start(config).await?, telephones })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    pub fn operator(&self) -> Operator {
        self.server.operator()
    }

    pub async fn stop(self) -> anyhow::Result<()> {
        self.server.stop().await
    }
}

/// Copies a folder with all that lies in it.
pub fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
