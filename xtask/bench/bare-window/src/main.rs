//! The least that is a Tauri window: one page with a heading and a field, no code of its own.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!())
}
