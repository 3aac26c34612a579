//! Where replicas lie: one folder for each server and person.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use behorig_domain::{DeviceId, PersonId, Timestamp};
use behorig_store::{Identity, ReplicaKey, Salvaged, Store};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::rpc::{Answer, Code, RpcError};

/// A replica on this computer, open or not.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    folder: PathBuf,
    /// The server's address: what the window shows before the replica is open.
    pub(crate) server: String,
    /// Whose it is.
    pub(crate) person: PersonId,
    /// Under which device the server keeps its recovery share.
    pub(crate) device: DeviceId,
    /// Whether its key needs the keyring's secret, and so a PIN and no passphrase.
    pub(crate) keyring: bool,
}

/// What must be known before a replica is open. It stands unencrypted, and beside the key file it is the
/// only thing that does.
#[derive(Serialize, Deserialize)]
struct Label {
    server: String,
    person: PersonId,
    device: DeviceId,
}

const FOLDER: &str = "replicas";
const LABEL: &str = "connection.json";
const KEY: &str = "key.json";
const REPLICA: &str = "replica.db";
/// What an interrupted first sign-in leaves behind; it holds nothing that anybody wrote.
const UNFINISHED: &str = "new";
/// A replica that its owner ordered to be erased, from the first moment of that on.
const ERASED: &str = "erased";

impl Place {
    /// Where all of it lies.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.folder.join(KEY)
    }

    pub(crate) fn replica(&self) -> PathBuf {
        self.folder.join(REPLICA)
    }
}

/// The replica on this computer, if there is one.
pub(crate) fn existing(data: &Path) -> Option<Place> {
    let servers = fs::read_dir(data.join(FOLDER)).ok()?;
    let mut people: Vec<PathBuf> = servers
        .flatten()
        .flat_map(|server| fs::read_dir(server.path()).into_iter().flatten().flatten())
        .map(|person| person.path())
        .filter(|person| person.extension().is_none_or(|end| end != UNFINISHED && end != ERASED))
        .collect();
    people.sort();
    people.into_iter().find_map(|folder| {
        let label = fs::read(folder.join(LABEL)).ok()?;
        let Label { server, person, device } = serde_json::from_slice(&label).ok()?;
        // a damaged key file is told when somebody tries to unlock
        let keyring = ReplicaKey::needs_keyring(&folder.join(KEY)).unwrap_or_default();
        Some(Place { folder, server, person, device, keyring })
    })
}

/// Opens a replica. A damaged one is put aside, and what could be saved of it takes its place: this call tells
/// of that, and the next one opens it.
pub(crate) fn open(place: &Place, key: &ReplicaKey, now: Timestamp) -> Answer<Store> {
    let whose = Identity { server: place.server.clone(), person: place.person };
    let (store, salvaged) = Store::open_or_salvage(&place.replica(), key, &whose, now)?;
    let Some(Salvaged { whole, .. }) = salvaged else { return Ok(store) };
    let mut told = RpcError::from(Code::ReplicaDamaged);
    tracing::error!(whole, correlation_id = told.correlation_id, "a damaged replica was put aside");
    told.params.insert("salvaged".into(), true.into());
    told.params.insert("whole".into(), whole.into());
    Err(told)
}

/// Makes a replica's folder and lets `fill` write key and replica. The folder gets its name only when all
/// of it is there.
pub(crate) fn create(
    data: &Path,
    server: &str,
    person: PersonId,
    device: DeviceId,
    keyring: bool,
    fill: impl FnOnce(&Place) -> Answer<ReplicaKey>,
) -> Answer<(Place, ReplicaKey)> {
    let server_name = hex::encode(Sha256::digest(server).get(..8).unwrap_or_default());
    let folder = data.join(FOLDER).join(server_name).join(person.to_string());
    let unfinished = folder.with_extension(UNFINISHED);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(io_error)?;
    }
    make_private(&unfinished).map_err(io_error)?;
    let new =
        Place { folder: unfinished.clone(), server: server.to_owned(), person, device, keyring };
    let key = fill(&new)?;
    let label = Label { server: server.to_owned(), person, device };
    let label = serde_json::to_vec(&label).map_err(|_| Code::Internal)?;
    let finish = || {
        let mut file = fs::File::create_new(unfinished.join(LABEL))?;
        file.write_all(&label)?;
        file.sync_all()?;
        sync_folder(&unfinished)?;
        fs::rename(&unfinished, &folder)?;
        // a power cut must not take back a folder that somebody has written in since
        folder.ancestors().skip(1).take(3).try_for_each(sync_folder)
    };
    finish().map_err(io_error)?;
    Ok((Place { folder, ..new }, key))
}

/// Erases a replica with all that lies beside it. From the first step on there is no replica any more, and
/// from the second on nothing that is left can be read.
pub(crate) fn erase(data: &Path, place: &Place) -> io::Result<()> {
    let gone = place.folder.with_extension(ERASED);
    // says why the program is empty, until somebody signs in
    fs::write(data.join(ERASED), [])?;
    if gone.exists() {
        fs::remove_dir_all(&gone)?;
    }
    fs::rename(&place.folder, &gone)?;
    gone.parent().map_or(Ok(()), sync_folder)?;
    fs::remove_file(gone.join(KEY))?;
    sync_folder(&gone)?;
    fs::remove_dir_all(&gone)
}

/// Goes on with an erasure that was broken off.
pub(crate) fn sweep_erased(data: &Path) {
    let servers = fs::read_dir(data.join(FOLDER)).into_iter().flatten().flatten();
    let people = servers.flat_map(|server| fs::read_dir(server.path()).into_iter().flatten());
    for person in people.flatten().map(|person| person.path()) {
        if person.extension().is_some_and(|end| end == ERASED)
            && let Err(fault) = fs::remove_dir_all(&person)
        {
            tracing::error!(kind = ?fault.kind(), "what was erased is still there in part");
        }
    }
}

/// Whether the replica on this computer was erased, and nobody has signed in since.
pub(crate) fn was_erased(data: &Path) -> bool {
    data.join(ERASED).exists()
}

/// Somebody has signed in.
pub(crate) fn forget_erased(data: &Path) {
    // there is nothing to forget nearly always
    let _ = fs::remove_file(data.join(ERASED));
}

/// Makes a folder that nobody else may look into.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes the names in a folder durable.
fn sync_folder(folder: &Path) -> io::Result<()> {
    // elsewhere a folder cannot be opened as a file, and its names are kept with them
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

pub(crate) fn io_error(error: io::Error) -> RpcError {
    let code = match error.kind() {
        io::ErrorKind::StorageFull => Code::DiskFull,
        _ => Code::Internal,
    };
    let told = RpcError::from(code);
    tracing::error!(kind = ?error.kind(), correlation_id = told.correlation_id, "replica folder");
    told
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn made(data: &Path) -> Place {
        let (person, device) = (PersonId(Uuid::from_u128(1)), DeviceId(Uuid::from_u128(2)));
        let fill = |place: &Place| {
            fs::create_dir(place.folder.join("files")).unwrap();
            fs::write(place.folder.join("files").join("f"), "sealed").unwrap();
            let secret = behorig_store::Secret::random().unwrap();
            let word = "smörgåstårta";
            let wrapping = behorig_store::Wrapping { keyring: None, word, share: &secret };
            Ok(ReplicaKey::create(&place.key(), &wrapping).unwrap())
        };
        create(data, "https://a.example", person, device, false, fill).unwrap().0
    }

    #[test]
    fn an_erased_replica_leaves_nothing_but_that_it_was() {
        let data = tempfile::tempdir().unwrap();
        let place = made(data.path());
        assert!(existing(data.path()).is_some() && !was_erased(data.path()));
        erase(data.path(), &place).unwrap();
        assert!(existing(data.path()).is_none() && was_erased(data.path()));
        assert_eq!(fs::read_dir(place.folder.parent().unwrap()).unwrap().count(), 0);
        // another begins in its place
        made(data.path());
        forget_erased(data.path());
        assert!(existing(data.path()).is_some() && !was_erased(data.path()));
    }

    #[test]
    fn an_erasure_that_was_broken_off_is_no_replica_and_goes_at_the_next_start() {
        let data = tempfile::tempdir().unwrap();
        let place = made(data.path());
        let gone = place.folder.with_extension(ERASED);
        fs::rename(&place.folder, &gone).unwrap();
        assert!(existing(data.path()).is_none());
        sweep_erased(data.path());
        assert!(!gone.exists());
        // nobody else's is touched
        made(data.path());
        sweep_erased(data.path());
        assert!(existing(data.path()).is_some());
    }
}
