//! What a fresh machine with only Rust and Node lacks, and how it gets it.

use std::{
    fs,
    io::{IsTerminal as _, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};

use crate::{command, succeed};

/// A program or library, how to see that it is there, and the Debian packages that bring it.
const NEEDED: &[(Seen, &[&str])] = &[
    (Seen::Program("cc"), &["build-essential"]),
    (Seen::Program("pkg-config"), &["pkg-config"]),
    (Seen::Library("openssl"), &["libssl-dev"]),
    (Seen::Library("webkit2gtk-4.1"), &["libwebkit2gtk-4.1-dev"]),
    (Seen::Program("WebKitWebDriver"), &["webkit2gtk-driver"]),
    (Seen::Program("Xvfb"), &["xvfb"]),
    (Seen::Program("dbus-run-session"), &["dbus-daemon", "dbus-bin"]),
    (Seen::Program("gnome-keyring-daemon"), &["gnome-keyring"]),
    (Seen::Program("dunst"), &["dunst"]),
    (Seen::Program("openbox"), &["openbox"]),
    (Seen::Program("xdotool"), &["xdotool"]),
    (Seen::File("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"), &["fonts-dejavu-core"]),
];

/// Foreign programs.
const FOREIGN: &[(Seen, &[&str])] = &[
    (Seen::Program("curl"), &["curl"]),
    (Seen::Program("openssl"), &["openssl"]),
    (Seen::Program("chromium"), &["chromium"]),
    (Seen::Program("rsvg-convert"), &["librsvg2-bin"]),
    (Seen::Program("python3"), &["python3-venv"]),
    (Seen::Program("dpkg-deb"), &["dpkg"]),
    (Seen::Program("desktop-file-validate"), &["desktop-file-utils"]),
];

enum Seen {
    Program(&'static str),
    Library(&'static str),
    File(&'static str),
}

impl Seen {
    fn is_there(&self) -> bool {
        match self {
            Self::Program(name) => std::env::var_os("PATH").is_some_and(|paths| {
                std::env::split_paths(&paths).any(|folder| folder.join(name).is_file())
            }),
            Self::Library(name) => Command::new("pkg-config")
                .args(["--exists", name])
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success()),
            Self::File(path) => Path::new(path).exists(),
        }
    }
}

/// Installs what is missing and builds the window's files. Asks first at a terminal.
pub fn setup(root: &Path, yes: bool) -> anyhow::Result<()> {
    system_packages(yes)?;
    npm_packages(root, yes)?;
    window_files(root)
}

/// Installs what `conformance` has judge ours.
pub fn foreign_programs() -> anyhow::Result<()> {
    packages(FOREIGN, true)
}

fn system_packages(yes: bool) -> anyhow::Result<()> {
    packages(NEEDED, yes)
}

fn packages(needed: &[(Seen, &[&str])], yes: bool) -> anyhow::Result<()> {
    let missing: Vec<&str> = needed
        .iter()
        .filter(|(seen, _)| !seen.is_there())
        .flat_map(|(_, packages)| packages.iter().copied())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Missing system packages: {}", missing.join(" "));
    if !Seen::Program("apt-get").is_there() {
        bail!("install them with your system's package manager, then run this again");
    }
    agree(yes)?;
    apt(&["update", "-qq"])?;
    let install =
        ["install", "-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=600"];
    let install: Vec<&str> = install.into_iter().chain(missing).collect();
    apt(&install)
}

fn apt(arguments: &[&str]) -> anyhow::Result<()> {
    let am_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
    let mut apt = Command::new(if am_root { "apt-get" } else { "sudo" });
    if !am_root {
        apt.arg("apt-get");
    }
    succeed(apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()))
}

/// Only at a terminal is there somebody to ask.
fn agree(yes: bool) -> anyhow::Result<()> {
    if yes || !std::io::stdin().is_terminal() {
        return Ok(());
    }
    print!("Install them now? [Y/n] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes" | "j" | "ja") {
        Ok(())
    } else {
        bail!("nothing was installed")
    }
}

fn npm_packages(root: &Path, yes: bool) -> anyhow::Result<()> {
    let ui = root.join("ui");
    let time = |file: &str| fs::metadata(ui.join(file)).and_then(|file| file.modified()).ok();
    let installed = time("node_modules/.package-lock.json");
    if installed.is_some() && installed >= time("package-lock.json") {
        return Ok(());
    }
    let packages = ui.join("node_modules");
    if packages.is_symlink() {
        // npm empties the folder that a link leads to, and whoever else uses it is left with nothing
        bail!("{} is a link: run `npm ci` where it leads, or remove it", packages.display());
    }
    if !Seen::Program("npm").is_there() {
        bail!("npm is missing: install Node 20 or newer");
    }
    println!("Missing: the window's npm packages");
    agree(yes)?;
    succeed(command("npm", &ui).args(["ci", "--no-audit", "--no-fund"]))
}

/// Builds the window's files if a source is newer: the Rust build embeds them.
fn window_files(root: &Path) -> anyhow::Result<()> {
    let built = root.join("ui/dist/index.html");
    let built = fs::metadata(built).and_then(|file| file.modified()).ok();
    let sources = crate::files(root)?.into_iter().filter(|file| file.starts_with("ui"));
    let newest = sources
        .filter_map(|file| fs::metadata(root.join(file)).and_then(|file| file.modified()).ok())
        .max();
    // a page without scripts is what a plain cargo build leaves, not what we built
    let whole = root.join("ui/dist/assets").is_dir();
    if whole && built.is_some() && built >= newest {
        return Ok(());
    }
    succeed(command("npm", &root.join("ui")).args(["run", "build"]))
        .context("build the window's files")
}
