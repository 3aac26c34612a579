//! What the program asks of the desktop: dialogs, other programs, notifications, and what the window hears.

use std::path::PathBuf;

use behorig_app::{Host, Topic};
use futures_util::future::BoxFuture;
use rfd::AsyncFileDialog;
use serde_json::json;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::Patience;

/// The window hears of changes by this event.
const CHANGED: &str = "changed";

/// The dialogs' titles, in both languages: the window knows which one is in use, the shell does not.
const PICK: &str = "Välj filer – Choose files";
const SAVE: &str = "Spara en kopia – Save a copy";

/// The person has started the program a second time. There is no window yet, and before the first one is
/// there a dialog would wait for ever.
pub(crate) fn say_already_open() {
    let said = notify_rust::Notification::new()
        .appname("Behörig")
        .summary("Behörig är redan öppet – Behörig is already open")
        .body("Titta bland dina fönster. Look among your windows.")
        .show();
    if let Err(fault) = said {
        tracing::warn!(%fault, "already open, and no desktop notification says so");
    }
}

/// The one window and the desktop around it.
pub(crate) struct Window(pub(crate) AppHandle);

impl Window {
    fn dialog(&self) -> AsyncFileDialog {
        let dialog = AsyncFileDialog::new();
        match self.0.get_webview_window("main") {
            Some(window) => dialog.set_parent(&window),
            None => dialog,
        }
    }
}

impl Host for Window {
    fn changed(&self, topics: &[Topic]) {
        // fails only when the window is gone
        let _ = self.0.emit(CHANGED, json!({ "topics": topics }));
    }

    fn pick_files(&self) -> BoxFuture<'_, Vec<PathBuf>> {
        Box::pin(async {
            let formats = ["pdf", "docx", "doc", "xlsx", "xls"];
            let dialog = self.dialog().set_title(PICK).add_filter("PDF, Word, Excel", &formats);
            let picked = dialog.pick_files();
            let files = picked.await.unwrap_or_default();
            files.iter().map(|file| file.path().to_owned()).collect()
        })
    }

    fn save_as(&self, name: String) -> BoxFuture<'_, Option<PathBuf>> {
        Box::pin(async move {
            let dialog = self.dialog().set_title(SAVE).set_file_name(name);
            let file = dialog.save_file().await?;
            Some(file.path().to_owned())
        })
    }

    fn stay_open(&self) {
        self.0.state::<Patience>().renew();
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async { self.0.exit(0) })
    }

    fn open_outside(&self, path: PathBuf) -> BoxFuture<'_, std::io::Result<()>> {
        Box::pin(async move {
            let open = tokio::task::spawn_blocking(move || open::that_detached(path));
            open.await.map_err(std::io::Error::other)?
        })
    }

    fn notify(&self, title: String, body: String) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let show = move || {
                notify_rust::Notification::new()
                    .appname("Behörig")
                    .summary(&title)
                    .body(&body)
                    .show()
                    .map(|_| ())
            };
            // a desktop without notifications is no fault of the program
            if let Ok(Err(fault)) = tokio::task::spawn_blocking(show).await {
                tracing::warn!(%fault, "no desktop notification");
            }
        })
    }
}
