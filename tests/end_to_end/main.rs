//! End to end: the real server, and the real program with and without its window.

mod offline;
mod window;
