//! Bringing a replica and its server together.
//!
//! `machine` decides what to do next and knows no I/O; `driver` does it; `transport` is the line, real or
//! simulated. May not live here: rules, SQL, windows.

mod driver;
mod http;
mod machine;
mod transport;

pub use driver::{Doorbell, Driver, Status};
pub use http::{AddressFault, HttpTransport};
pub use machine::{Failure, Line};
pub use transport::{
    FileAct, FileRequest, FileResponse, LineDown, Request, Response, Transport, failure_of,
    file_failure,
};
