//! Folders and files that only the account that runs the server may look into: the database is not
//! encrypted.

use std::{
    fs::{self, DirBuilder},
    io,
    path::Path,
};

use anyhow::{Context as _, ensure};

use crate::state::DATABASE;

/// From now on what this program makes is nobody else's. The first thing that it does: SQLite asks for no
/// mode of its own.
pub fn make_files_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Makes the folder of a server's data, or closes the one that is there.
pub(crate) fn make_data(folder: &Path) -> anyhow::Result<()> {
    // a mistyped one, such as /srv, must not be closed to those who use it
    let is_a_servers = !is_open(folder) || folder.join(DATABASE).exists() || is_empty(folder)?;
    ensure!(
        is_a_servers,
        "{} is open to others and holds what is no server's: give another folder, or close this one \
         (chmod 700)",
        folder.display()
    );
    make_private(folder)
}

/// Makes a folder that only we may look into, or closes the one that is there.
pub(crate) fn make_private(folder: &Path) -> anyhow::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| format!("make the folder {}", folder.display()))?;
    // the mode above changes nothing on a folder that was there
    #[cfg(unix)]
    if is_open(folder) {
        let ours: fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(folder, ours).with_context(|| {
            format!(
                "{} is open to others and cannot be closed to them: it must be this account's",
                folder.display()
            )
        })?;
    }
    Ok(())
}

pub(crate) fn is_empty(folder: &Path) -> io::Result<bool> {
    Ok(fs::read_dir(folder)?.next().is_none())
}

/// Whether a folder is there and others may do anything in it.
#[cfg(unix)]
fn is_open(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

/// Elsewhere a folder has no mode.
#[cfg(not(unix))]
fn is_open(_folder: &Path) -> bool {
    false
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn open_folder(path: &Path) {
        fs::create_dir(path).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_folder_that_was_there_is_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        open_folder(&data);
        make_data(&data).unwrap();
        assert_eq!(mode(&data), 0o700);
        // as a server before this one has left it
        fs::write(data.join(DATABASE), "").unwrap();
        fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
        make_data(&data).unwrap();
        assert_eq!(mode(&data), 0o700);
        let new = folder.path().join("new");
        make_data(&new).unwrap();
        assert_eq!(mode(&new), 0o700);
    }

    #[test]
    fn a_mistyped_folder_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let others = folder.path().join("others");
        open_folder(&others);
        fs::write(others.join("thesis"), "").unwrap();
        let refused = make_data(&others).unwrap_err().to_string();
        assert!(refused.contains("holds what is no server's"), "{refused}");
        assert_eq!(mode(&others), 0o755);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_folder_that_cannot_be_closed_is_told() {
        // the system's own: even root may not change its mode
        let refused = make_private(Path::new("/proc/self/fdinfo")).unwrap_err().to_string();
        assert!(refused.contains("cannot be closed"), "{refused}");
    }
}
