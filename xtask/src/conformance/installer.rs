//! The packages that people install, made by Tauri's own bundler from what was built here and judged by the
//! system's own programs. Those for Windows and macOS are made there.

use std::fs;

use anyhow::{Context as _, ensure};

use super::{Judged, Place, said};
use crate::command;

/// Makes the packages and looks into the one for Debian.
pub fn judge(place: &Place, judged: &mut Judged) {
    judged.tell("tauri bundle: makes packages for Debian and Fedora", bundle(place));
    judged.tell("dpkg-deb: the package has the program and its shortcut", unpack(place));
    judged.tell("desktop-file-validate: the shortcut is one", shortcut(place));
}

fn bundle(place: &Place) -> anyhow::Result<()> {
    let tauri = place.root.join("ui/node_modules/.bin/tauri");
    let mut bundle = command(&tauri.display().to_string(), &place.root);
    said(bundle.args(["bundle", "--debug", "--bundles", "deb,rpm"]))?;
    Ok(())
}

fn unpack(place: &Place) -> anyhow::Result<()> {
    let folder = place.root.join("target/debug/bundle/deb");
    let packages: Vec<_> = fs::read_dir(&folder)
        .with_context(|| folder.display().to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "deb"))
        .collect();
    let [package] = packages.as_slice() else {
        anyhow::bail!("not one package but {}", packages.len());
    };
    let unpacked = place.path("deb");
    said(command("dpkg-deb", &place.made).arg("--extract").arg(package).arg(&unpacked))?;
    ensure!(unpacked.join("usr/bin/behorig").is_file(), "no program");
    ensure!(unpacked.join("usr/share/icons/hicolor/128x128/apps/behorig.png").is_file(), "no icon");
    Ok(())
}

fn shortcut(place: &Place) -> anyhow::Result<()> {
    let path = place.path("deb/usr/share/applications/Behorig.desktop");
    said(command("desktop-file-validate", &place.made).arg(&path))?;
    let text = fs::read_to_string(&path)?;
    for line in ["Name=Behörig", "Exec=behorig", "Icon=behorig", "StartupWMClass=behorig"] {
        ensure!(text.lines().any(|it| it == line), "no line {line}");
    }
    Ok(())
}
