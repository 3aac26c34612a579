//! `behorig`: the desktop program.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> anyhow::Result<()> {
    behorig_desktop::run(tauri::generate_context!())
}
