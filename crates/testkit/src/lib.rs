//! What tests need: a real server, a line that can be cut, programs without a window, and a window.
//!
//! Everything runs on loopback and in folders of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod browser;
mod code_app;
mod desk;
mod keyring;
mod killed;
mod relay;
mod server;
pub mod window;

use std::time::{Duration, Instant};

pub use browser::{Browser, Page};
pub use code_app::CodeApp;
pub use desk::{Desk, PASSPHRASE, written};
pub use keyring::Keyring;
pub use killed::ServerProcess;
pub use relay::Relay;
pub use server::{TestServer, code_in};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);
const GLANCE: Duration = Duration::from_millis(20);

/// Asks again and again until there is an answer.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, ask: impl FnMut() -> F) -> T {
    patiently(ask).await.unwrap_or_else(|| panic!("waited too long for: {what}"))
}

/// Asks again and again until there is an answer or the patience is over.
async fn patiently<T, F: Future<Output = Option<T>>>(mut ask: impl FnMut() -> F) -> Option<T> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(answer) = ask().await {
            return Some(answer);
        }
        tokio::time::sleep(GLANCE).await;
    }
    None
}
