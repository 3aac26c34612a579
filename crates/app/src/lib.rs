//! The program without a window: every use case as a typed call, and a feed of what has changed.
//!
//! The desktop shell, tests and later the command line drive it alike. May not live here: a window, SQL,
//! rules.

mod account;
mod app;
mod applicants;
mod applications;
mod archive;
mod cases;
mod contact;
mod documents;
mod export;
mod factors;
mod left;
pub mod lock;
mod messages;
mod notes;
mod outbox;
mod overview;
mod queue;
mod replicas;
pub mod rpc;
mod search;
mod secrets;
mod services;
mod session;
mod settings;
mod shapes;
mod sign_in;
mod sync;
mod templates;
mod vigil;

use std::{
    path::PathBuf,
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use behorig_domain::Timestamp;
use futures_util::future::BoxFuture;

pub use app::App;
pub use export::{ExportTo, Exported};
pub use rpc::{Code, FilesDropped, FilesOver, RpcError, Topic};
pub use secrets::{Secrets, SecretsFault};

/// Where the program's time comes from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The machine's clock: the one place that asks it.
pub fn system_clock() -> Clock {
    #[expect(clippy::disallowed_methods, reason = "the one clock of the program")]
    Arc::new(|| chrono::Utc::now().into())
}

/// What the program needs of whatever shows it.
pub trait Host: Send + Sync + 'static {
    /// Something that a window may show has changed.
    fn changed(&self, topics: &[Topic]);

    /// Lets the person pick files of the five formats. None if they change their mind.
    fn pick_files(&self) -> BoxFuture<'_, Vec<PathBuf>>;

    /// Asks the person where to save a copy of this name. `None` if they change their mind.
    fn save_as(&self, name: String) -> BoxFuture<'_, Option<PathBuf>>;

    /// Opens a file in the program that this computer has for it.
    fn open_outside(&self, path: PathBuf) -> BoxFuture<'_, std::io::Result<()>>;

    /// Shows a desktop notification, if this computer can.
    fn notify(&self, title: String, body: String) -> BoxFuture<'_, ()>;

    /// The page asks the person something before the program closes, and will say when.
    fn stay_open(&self);

    /// Closes the program: the page has saved what was being written.
    fn close(&self) -> BoxFuture<'_, ()>;

    /// How long the machine has been awake since some moment: beside the wall clock it tells that the
    /// machine has slept.
    fn awake_for(&self) -> Duration {
        static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGUN.elapsed()
    }
}
