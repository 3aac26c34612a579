//! The program without a window: every use case as a typed call, and a feed of what has changed.
//!
//! The desktop shell, tests and later the command line drive it alike. May not live here: a window, SQL,
//! rules.

mod app;
mod replicas;
pub mod rpc;
mod session;
mod sync;
mod views;

use std::sync::Arc;

use behorig_domain::Timestamp;

pub use app::App;
pub use rpc::{Code, RpcError, Topic};

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
}
