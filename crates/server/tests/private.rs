//! What the program leaves on the disk is the account's alone.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Stdio},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_behorig-server");

/// Ends with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// As `mkdir` makes one.
fn open_folder(path: &Path) -> &str {
    fs::create_dir(path).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap()
}

fn all_private(folder: &Path) -> usize {
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder), 0o700, "{}", folder.display());
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += all_private(&path);
        } else {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
            files += 1;
        }
    }
    files
}

#[test]
fn nobody_else_may_look_into_what_the_server_and_its_backups_leave() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let server = Command::new(PROGRAM)
        .args(["demo", "--listen", "127.0.0.1:0", "--inbox", "127.0.0.1:0", "--data"])
        .arg(open_folder(&at("data")))
        .stdout(Stdio::piped())
        .spawn();
    let mut server = Running(server.unwrap());
    let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().starts_with("listening")));
    // what is there only while it runs counts too
    let files = all_private(&at("data"));
    assert!(files >= 4, "two databases and what SQLite keeps beside them: {files}");
    drop(server);

    let admin = |arguments: &[&str]| {
        let done = Command::new(PROGRAM).arg("admin").args(arguments).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    let (backup, keys) = (at("backup"), at("keys"));
    let (backup, keys) = (open_folder(&backup), open_folder(&keys));
    admin(&["backup", "--data", at("data").to_str().unwrap(), "--to", backup, "--keys-to", keys]);
    let restored = at("restored");
    let restored = open_folder(&restored);
    admin(&["restore", "--from", backup, "--keys-from", keys, "--data", restored]);
    for place in [backup, keys, restored] {
        assert!(all_private(Path::new(place)) >= 1, "{place}");
    }
}
