//! Files that people hand in: what they are, by content, and how they lie sealed at rest.
//!
//! Here is nothing about whose a file is, how it travels or where it is listed. No clock, no async,
//! no database.

pub mod format;
#[cfg(feature = "samples")]
pub mod samples;
pub mod sealed;
pub mod text;
pub mod word;

pub use behorig_domain::documents::{Content, FileFault, Format};
pub use format::{DEFAULT_MAX_BYTES, check};

pub use sealed::FileKey;
