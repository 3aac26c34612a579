//! Copies of a server that can become a server again. The keys of people's files are never in the same
//! place as the rest: without them what a backup holds of a file is noise.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use behorig_domain::Timestamp;
use behorig_server_store::{Keys, Store};

use crate::{
    private::{is_empty, make_private},
    state::DATABASE,
    uploads::{FILES, KEYS},
};

/// Says that a backup is whole: it is written last.
const WHOLE: &str = "backup.json";
/// What a database is called while it is not ready to be served.
const UNFINISHED: &str = "behorig.db.restoring";

/// Copies a server's data, while it runs or not, to `to`, and its keys to `keys_to`. Both are made, and must
/// be empty if they are there.
pub fn back_up(data: &Path, to: &Path, keys_to: &Path, now: Timestamp) -> anyhow::Result<()> {
    // a mistyped folder must not become a new server
    ensure!(data.join(DATABASE).is_file(), "{} holds no server's database", data.display());
    let (to, keys_to) = (make_empty(to)?, make_empty(keys_to)?);
    if to.starts_with(&keys_to) || keys_to.starts_with(&to) {
        bail!("the keys must lie apart: neither of the two folders may be in the other");
    }
    // what the database knows of a file is true of the file as it is later, and what is sealed has had its
    // key since before: so the database first and the keys last
    Store::open_reader(&data.join(DATABASE))?.back_up(&to.join(DATABASE))?;
    sync(&to.join(DATABASE))?;
    copy_files(&data.join(FILES), &to.join(FILES))?;
    Keys::open(&data.join(KEYS))?.back_up(&keys_to.join(KEYS))?;
    sync(&keys_to.join(KEYS))?;
    sync(&keys_to)?;
    let whole = to.join(WHOLE);
    fs::write(&whole, format!("{{\"format\":1,\"made_at\":\"{now}\"}}\n"))?;
    sync(&whole)?;
    sync(&to)
}

/// Makes a server's data of a backup and its keys. `data` is made, and must be empty if it is there. The
/// server has a new epoch and no session before anybody can start it.
pub fn restore(from: &Path, keys_from: &Path, data: &Path, now: Timestamp) -> anyhow::Result<()> {
    ensure!(from.join(WHOLE).is_file(), "{} holds no whole backup", from.display());
    ensure!(keys_from.join(KEYS).is_file(), "{} holds no keys", keys_from.display());
    let data = make_empty(data)?;
    copy_files(&from.join(FILES), &data.join(FILES))?;
    copy(&keys_from.join(KEYS), &data.join(KEYS))?;
    let unfinished = data.join(UNFINISHED);
    copy(&from.join(DATABASE), &unfinished)?;
    Store::open(&unfinished)?.begin_anew(now).context("the backup's database")?;
    // only now there is something to serve
    fs::rename(&unfinished, data.join(DATABASE))?;
    sync(&data)
}

/// A folder that only the server's account may look into, with nothing in it.
fn make_empty(folder: &Path) -> anyhow::Result<PathBuf> {
    // before it is closed to others: a mistyped one is not ours to close
    let is_free =
        !folder.exists() || is_empty(folder).with_context(|| folder.display().to_string())?;
    ensure!(is_free, "{} is not empty", folder.display());
    make_private(folder)?;
    Ok(folder.canonicalize()?)
}

fn copy_files(from: &Path, to: &Path) -> anyhow::Result<()> {
    make_private(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        match copy(&entry.path(), &to.join(entry.file_name())) {
            // one that can be no document is removed at any time
            Err(_) if !entry.path().exists() => {}
            copied => copied?,
        }
    }
    sync(to)
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::copy(from, to).with_context(|| format!("copy {}", from.display()))?;
    sync(to)
}

/// Brings a file, or the names in a folder, to the disk.
fn sync(path: &Path) -> anyhow::Result<()> {
    // elsewhere a folder cannot be opened as a file, and its names are kept with them
    if cfg!(unix) || path.is_file() {
        File::open(path)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use behorig_sms::Kept;

    use super::*;
    use crate::{Unplugged, system_clock};

    #[tokio::test]
    async fn a_backup_of_a_running_server_becomes_a_server_with_a_new_epoch_and_no_session() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let clock = system_clock();
        let server = Unplugged::open(&at("data"), clock.clone(), Arc::new(Kept::default()));
        let server = server.unwrap();
        server.operator().fill_with_demo().await.unwrap();
        fs::write(at("data").join(FILES).join("a file"), "sealed").unwrap();
        back_up(&at("data"), &at("backup"), &at("keys"), clock()).unwrap();
        let mut names: Vec<_> = fs::read_dir(at("backup")).unwrap().flatten().collect();
        names.sort_by_key(fs::DirEntry::file_name);
        let names: Vec<_> = names.iter().map(fs::DirEntry::file_name).collect();
        assert_eq!(names, ["backup.json", "behorig.db", "files"], "never the keys");

        restore(&at("backup"), &at("keys"), &at("restored"), clock()).unwrap();
        assert_eq!(fs::read(at("restored").join(FILES).join("a file")).unwrap(), b"sealed");
        let epoch = |name| Store::open_reader(&at(name).join(DATABASE)).unwrap().epoch().unwrap();
        assert_ne!(epoch("restored"), epoch("data"));
        assert_eq!(epoch("backup"), epoch("data"), "the backup itself stays as it is");
        Unplugged::open(&at("restored"), clock.clone(), Arc::new(Kept::default())).unwrap();

        let refused = |done: anyhow::Result<()>| done.unwrap_err().to_string();
        let again = restore(&at("backup"), &at("keys"), &at("restored"), clock());
        assert!(refused(again).contains("not empty"));
        let again = back_up(&at("data"), &at("backup"), &at("more keys"), clock());
        assert!(refused(again).contains("not empty"));
        let inside = back_up(&at("data"), &at("b"), &at("b").join("keys"), clock());
        assert!(refused(inside).contains("apart"));
        let inside = back_up(&at("data"), &at("k").join("b"), &at("k"), clock());
        assert!(refused(inside).contains("not empty"));
        let nothing = back_up(&at("mistyped"), &at("c"), &at("d"), clock());
        assert!(refused(nothing).contains("holds no server"));
        fs::remove_file(at("backup").join(WHOLE)).unwrap();
        let half = restore(&at("backup"), &at("keys"), &at("other"), clock());
        assert!(refused(half).contains("no whole backup"));
    }

    #[tokio::test]
    async fn a_damaged_backup_makes_no_server() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let clock = system_clock();
        let server = Unplugged::open(&at("data"), clock.clone(), Arc::new(Kept::default()));
        server.unwrap().operator().fill_with_demo().await.unwrap();
        back_up(&at("data"), &at("backup"), &at("keys"), clock()).unwrap();
        let database = at("backup").join(DATABASE);
        let mut bytes = fs::read(&database).unwrap();
        let middle = bytes.len() / 8_192 * 4_096;
        bytes[middle..middle + 4_096].fill(7);
        fs::write(&database, bytes).unwrap();
        assert!(restore(&at("backup"), &at("keys"), &at("restored"), clock()).is_err());
        assert!(!at("restored").join(DATABASE).exists());
    }
}
