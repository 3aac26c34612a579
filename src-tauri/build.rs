//! Reads `tauri.conf.json` and the capabilities into the program.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // tauri-build does not watch a pattern of our own: without this line an edited capability is not seen
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    // the window's files are embedded, so they must exist before any build; `cargo xtask` makes them
    std::fs::create_dir_all("ui/dist")?;
    tauri_build::try_build(
        tauri_build::Attributes::new()
            .capabilities_path_pattern("src-tauri/capabilities/**/*")
            // named, so that a window may call it only if its capability says so
            .app_manifest(tauri_build::AppManifest::new().commands(&["rpc"])),
    )?;
    Ok(())
}
