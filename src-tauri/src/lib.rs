//! The desktop shell: a window around `behorig-app`, as thin as it can be.

mod secrets;
mod window;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use behorig_app::{App, FilesDropped, FilesOver, RpcError, lock, system_clock};
use serde_json::Value;
use tauri::{DragDropEvent, Emitter as _, Manager as _, RunEvent, State, WindowEvent};

use crate::window::Window;

/// Another folder for the program's data, so that two programs can run on one machine.
const DATA_DIR: &str = "BEHORIG_DATA_DIR";
/// The page hears of files that are being dragged over it, and of those that were dropped.
const FILES_OVER: &str = "files_over";
const FILES_DROPPED: &str = "files_dropped";
/// The person closes the window: the page saves what is being written and then asks to be closed.
const CLOSING: &str = "closing";
/// A page that does not answer, as when it has crashed, is closed all the same.
const CLOSING_PATIENCE: Duration = Duration::from_secs(3);

/// The one command. Its router checks the method.
#[tauri::command]
async fn rpc(app: State<'_, Arc<App>>, method: String, params: Value) -> Result<Value, RpcError> {
    app.call(&method, params).await
}

/// Files over the window: the page learns where they are, and of dropped ones a handle, never a path.
fn dragged(window: &tauri::Window, event: &DragDropEvent) {
    let scale = window.scale_factor().unwrap_or(1.0);
    let over = |over, x: f64, y: f64| {
        // fails only when the window is gone
        let _ = window.emit(FILES_OVER, FilesOver { over, x: x / scale, y: y / scale });
    };
    match event {
        DragDropEvent::Enter { position, .. } | DragDropEvent::Over { position } => {
            over(true, position.x, position.y);
        }
        DragDropEvent::Drop { paths, position } => {
            let dropped = window.state::<Arc<App>>().dropped(paths);
            let (x, y) = (position.x / scale, position.y / scale);
            let _ = window.emit(FILES_DROPPED, FilesDropped { dropped, x, y });
        }
        _ => over(false, 0.0, 0.0),
    }
}

/// Lets the page save what is being written, and closes when it says so.
fn closing(shell: tauri::AppHandle) {
    // before the page hears of it, or its answer could count for the wait before
    let patience = shell.state::<Patience>().renew();
    if shell.emit(CLOSING, ()).is_err() {
        return shell.exit(0);
    }
    std::thread::spawn(move || {
        std::thread::sleep(CLOSING_PATIENCE);
        if shell.state::<Patience>().holds(patience) {
            shell.exit(0);
        }
    });
}

/// How often a page has been waited for, or has asked for time: only the latest wait ends the program.
#[derive(Default)]
struct Patience(AtomicU64);

impl Patience {
    /// Begins anew, and gives the number of the new wait.
    fn renew(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn holds(&self, wait: u64) -> bool {
        self.0.load(Ordering::SeqCst) == wait
    }
}

/// Whether an address is the program's own page: the window shows nothing else, whatever a page asks for.
fn is_own(address: &tauri::Url) -> bool {
    match address.scheme() {
        "tauri" => address.host_str() == Some("localhost"),
        // where a scheme of one's own is not to be had (Windows)
        "http" | "https" => address.host_str() == Some("tauri.localhost"),
        "about" => address.path() == "blank",
        _ => false,
    }
}

/// Opens the window with the page in `context` and runs until it is closed.
pub fn run(context: tauri::Context) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_env("BEHORIG_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let builder = tauri::Builder::default().setup(|shell| {
        let data = match std::env::var_os(DATA_DIR) {
            Some(folder) => PathBuf::from(folder),
            None => shell.path().app_data_dir()?,
        };
        std::fs::create_dir_all(&data)?;
        let Some(lock) = lock::take(&data)? else {
            window::say_already_open();
            std::process::exit(0);
        };
        shell.manage(lock);
        shell.manage(Patience::default());
        // not before it is certain that this is the one program on the folder; its page loads meanwhile
        for window in &shell.config().app.windows {
            tauri::WebviewWindowBuilder::from_config(shell, window)?.build()?;
        }
        let host = Arc::new(Window(shell.handle().clone()));
        let secrets = Arc::new(secrets::SystemKeyring);
        shell.manage(App::new(&data, system_clock(), host, secrets));
        Ok(())
    });
    let shell = builder
        .on_window_event(|window, event| match event {
            WindowEvent::DragDrop(event) => dragged(window, event),
            WindowEvent::CloseRequested { api, .. } => {
                api.prevent_close();
                closing(window.app_handle().clone());
            }
            _ => {}
        })
        .plugin(
            tauri::plugin::Builder::<_, ()>::new("own-page")
                .on_navigation(|_, address| is_own(address))
                .build(),
        )
        .invoke_handler(tauri::generate_handler![rpc])
        .build(context)?;
    shell.run(|shell, event| {
        if matches!(event, RunEvent::Exit) {
            shell.state::<Arc<App>>().end();
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_programs_own_page_may_be_shown() {
        for (address, own) in [
            ("tauri://localhost/index.html", true),
            ("http://tauri.localhost/", true),
            ("about:blank", true),
            ("https://example.com/?all=of+it", false),
            ("http://localhost:5173/", false),
            ("tauri://elsewhere/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,hej", false),
        ] {
            assert_eq!(is_own(&address.parse().unwrap()), own, "{address}");
        }
    }
}
