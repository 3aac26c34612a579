//! End to end: the real server, and the real program with and without its window.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod account;
mod applicants;
mod applications;
mod archive;
mod cases;
mod contact;
mod conversations;
mod devices;
mod documents;
mod factors;
mod home;
mod import;
mod killed;
mod links;
mod looking;
mod notices;
mod officers;
mod offline;
mod rows;
mod session;
mod window;
