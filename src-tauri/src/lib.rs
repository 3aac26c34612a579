//! The desktop shell: a window around `behorig-app`, as thin as it can be.

use std::{path::PathBuf, sync::Arc};

use behorig_app::{App, Host, RpcError, Topic, system_clock};
use serde_json::{Value, json};
use tauri::{AppHandle, Emitter as _, Manager as _, State};

/// The window hears of changes by this event.
const CHANGED: &str = "changed";
/// Another folder for the program's data, so that two programs can run on one machine.
const DATA_DIR: &str = "BEHORIG_DATA_DIR";

struct Window(AppHandle);

impl Host for Window {
    fn changed(&self, topics: &[Topic]) {
        // fails only when the window is gone
        let _ = self.0.emit(CHANGED, json!({ "topics": topics }));
    }
}

/// The one command. Its router checks the method.
#[tauri::command]
async fn rpc(app: State<'_, Arc<App>>, method: String, params: Value) -> Result<Value, RpcError> {
    app.call(&method, params).await
}

/// Opens the window and runs until it is closed.
pub fn run() -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_env("BEHORIG_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let builder = tauri::Builder::default().setup(|shell| {
        let data = match std::env::var_os(DATA_DIR) {
            Some(folder) => PathBuf::from(folder),
            None => shell.path().app_data_dir()?,
        };
        std::fs::create_dir_all(&data)?;
        let host = Arc::new(Window(shell.handle().clone()));
        shell.manage(App::new(&data, system_clock(), host));
        Ok(())
    });
    builder.invoke_handler(tauri::generate_handler![rpc]).run(tauri::generate_context!())?;
    Ok(())
}
