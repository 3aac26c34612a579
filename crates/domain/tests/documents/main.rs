//! Laws of documents and rows, whatever people do in whatever order.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod laws;
mod recorded;
mod rows;
mod world;
