//! The program without a window, on the data of a folder.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use behorig_app::{App, Code, ExportTo, Exported, RpcError, lock, system_clock};
use serde_json::{Value, json};

use crate::{
    asked,
    host::{NoKeyring, Quiet},
};

/// Another folder for what is kept on this computer.
pub const DATA_DIR: &str = "BEHORIG_DATA_DIR";
/// Between two looks at how far the sync is.
const LOOK: Duration = Duration::from_millis(50);

/// Why a command could not be carried out.
#[derive(Debug)]
pub enum Failure {
    /// The program says so.
    Told(RpcError),
    /// This one does.
    Said(Said),
    /// Something else went wrong.
    Other(anyhow::Error),
}

/// What only the command line has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Nobody has signed in with this folder.
    NotSignedIn,
    /// The person has no such case.
    CaseNotFound,
    /// The case asks for no such document.
    RowNotFound,
    /// The folder is another program's at the moment.
    FolderTaken,
    /// The sync did not come to its end in the time given.
    TooSlow,
    /// The folder to export to holds something.
    NotEmpty,
}

impl From<RpcError> for Failure {
    fn from(error: RpcError) -> Self {
        Self::Told(error)
    }
}

impl From<Said> for Failure {
    fn from(said: Said) -> Self {
        Self::Said(said)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Other(error.into())
    }
}

pub type Answer<T> = Result<T, Failure>;

/// The program, alone on its folder.
pub struct Program {
    app: Arc<App>,
    /// When it began: what the server has answered since is news.
    begun: String,
    #[expect(dead_code, reason = "held as long as the folder is in use")]
    lock: lock::Lock,
}

fn folder() -> anyhow::Result<PathBuf> {
    match std::env::var_os(DATA_DIR) {
        Some(folder) => Ok(folder.into()),
        // not the window's: either can run while the other does
        None => Ok(dirs::data_dir().context("no folder for data")?.join("behorig-cli")),
    }
}

impl Program {
    /// The program on the folder, locked.
    pub fn new() -> Answer<Self> {
        let folder = folder()?;
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let lock = lock::take(&folder)?.ok_or(Said::FolderTaken)?;
        let clock = system_clock();
        let begun = clock().to_string();
        let app = App::new(&folder, clock, Arc::new(Quiet), Arc::new(NoKeyring));
        Ok(Self { app, begun, lock })
    }

    /// The program, unlocked by the passphrase.
    pub async fn unlocked() -> Answer<Self> {
        let program = Self::new()?;
        if program.state().await? == "signed_out" {
            return Err(Said::NotSignedIn.into());
        }
        program.unlock().await?;
        Ok(program)
    }

    pub async fn unlock(&self) -> Answer<()> {
        let passphrase = asked::passphrase()?;
        self.call("session.unlock", json!({ "passphrase": *passphrase })).await?;
        Ok(())
    }

    pub async fn call(&self, method: &str, params: Value) -> Answer<Value> {
        Ok(self.app.call(method, params).await?)
    }

    /// Calls a method that takes nothing.
    pub async fn ask(&self, method: &str) -> Answer<Value> {
        self.call(method, json!({})).await
    }

    /// Whether somebody has signed in here, and whether it is locked.
    pub async fn state(&self) -> Answer<String> {
        let session = self.ask("session.state").await?;
        Ok(session["state"].as_str().unwrap_or_default().to_owned())
    }

    /// Gives the program a file as if it had been dropped on a window.
    pub fn drop_file(&self, file: PathBuf) -> Option<String> {
        self.app.dropped(&[file]).pop()
    }

    /// A case by its registry number or id, as the list has it.
    pub async fn case(&self, named: &str) -> Answer<Value> {
        let cases = self.ask("cases.list").await?;
        let found = cases.as_array().into_iter().flatten().find(|case| {
            [&case["number"], &case["id"]].into_iter().any(|it| it.as_str() == Some(named))
        });
        Ok(found.cloned().ok_or(Said::CaseNotFound)?)
    }

    /// Writes everything that is the person's to a folder.
    pub async fn export(&self, folder: &Path) -> Answer<Exported> {
        let done = self.app.export_to(ExportTo::Folder(folder.to_owned())).await?;
        // nobody is there to give it up
        Ok(done.unwrap_or_default())
    }

    /// Sends all that waits and fetches all that is new.
    pub async fn sync(&self, within: Duration) -> Answer<Value> {
        self.ask("sync.now").await?;
        let done = async {
            loop {
                let state = self.ask("sync.state").await?;
                let is_new = state["last_contact"].as_str().is_some_and(|at| *at >= *self.begun);
                match state["line"].as_str() {
                    Some("offline") => return Err(RpcError::from(Code::Offline).into()),
                    Some("sign_in_needed") => return Err(RpcError::from(Code::SignInNeeded).into()),
                    _ if !state["fault"].is_null() => {
                        let code = serde_json::from_value(state["fault"].clone());
                        return Err(RpcError::from(code.unwrap_or(Code::Internal)).into());
                    }
                    Some("online") if is_new && state["waiting"] == 0 => return Ok(state),
                    _ => tokio::time::sleep(LOOK).await,
                }
            }
        };
        tokio::time::timeout(within, done).await.unwrap_or(Err(Said::TooSlow.into()))
    }

    /// What the server has refused since the program began.
    pub async fn refused(&self) -> Answer<Vec<Value>> {
        let outbox = self.ask("outbox.list").await?;
        let is_new = |entry: &&Value| {
            entry["state"] == "refused"
                && entry["decided_at"].as_str().is_some_and(|at| *at >= *self.begun)
        };
        Ok(outbox.as_array().into_iter().flatten().filter(is_new).cloned().collect())
    }
}
