//! The program without a window, as one person uses it.

use std::{
    future::ready,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use behorig_app::{App, Host, Topic, system_clock};
use behorig_server::demo::DemoPerson;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use crate::{TestServer, until};

/// A desktop on which a test has laid out what the person will pick, and keeps what they open.
#[derive(Default)]
struct Desktop {
    picks: Mutex<Vec<PathBuf>>,
    save_to: Mutex<Option<PathBuf>>,
    opened: Mutex<Vec<PathBuf>>,
}

impl Host for Desktop {
    fn changed(&self, _: &[Topic]) {}

    fn pick_files(&self) -> BoxFuture<'_, Vec<PathBuf>> {
        Box::pin(ready(std::mem::take(&mut *self.picks.lock().unwrap())))
    }

    fn save_as(&self, _: String) -> BoxFuture<'_, Option<PathBuf>> {
        Box::pin(ready(self.save_to.lock().unwrap().take()))
    }

    fn open_outside(&self, path: PathBuf) -> BoxFuture<'_, std::io::Result<()>> {
        self.opened.lock().unwrap().push(path);
        Box::pin(ready(Ok(())))
    }

    fn notify(&self, _: String, _: String) -> BoxFuture<'_, ()> {
        Box::pin(ready(()))
    }
}

/// A person's program.
pub struct Desk {
    app: Arc<App>,
    desktop: Arc<Desktop>,
}

/// The passphrase that every test chooses.
pub const PASSPHRASE: &str = "smörgåstårta";

impl Desk {
    /// The program on the data in a folder.
    pub fn open(data: &Path) -> Self {
        let desktop = Arc::new(Desktop::default());
        Self { app: App::new(data, system_clock(), desktop.clone()), desktop }
    }

    /// Calls a method; the error is its code.
    pub async fn try_call(&self, method: &str, params: Value) -> Result<Value, Value> {
        self.app.call(method, params).await.map_err(|error| serde_json::to_value(error).unwrap())
    }

    /// Calls a method that must succeed.
    pub async fn call(&self, method: &str, params: Value) -> Value {
        match self.try_call(method, params).await {
            Ok(answer) => answer,
            Err(error) => panic!("{method}: {error}"),
        }
    }

    /// Signs in for the first time, over the line at `url`.
    pub async fn sign_in(&self, server: &TestServer, url: &str, person: DemoPerson) {
        self.sign_in_with(url, person, async || server.code(person.phone).unwrap()).await;
    }

    /// Signs in for the first time; `code` looks at the person's telephone.
    pub async fn sign_in_with(
        &self,
        url: &str,
        person: DemoPerson,
        code: impl AsyncFnOnce() -> String,
    ) {
        let params = json!({
            "server": url,
            "user_name": person.user_name,
            "password": person.password,
            "passphrase": PASSPHRASE,
        });
        let asked = self.call("session.sign_in", params).await;
        assert_eq!(asked["state"], "code_needed");
        let opened = self.call("session.code", json!({ "code": code().await })).await;
        assert_eq!(opened["state"], "open");
    }

    /// Unlocks the replica.
    pub async fn unlock(&self) {
        self.call("session.unlock", json!({ "passphrase": PASSPHRASE })).await;
    }

    /// The id of the case with this title, once it is here.
    pub async fn case(&self, title: &str) -> String {
        until(title, async || {
            let cases = self.call("cases.list", json!({})).await;
            let cases = cases.as_array().unwrap();
            let case = cases.iter().find(|case| case["title"] == title)?;
            Some(case["id"].as_str().unwrap().to_owned())
        })
        .await
    }

    /// Sends a new message.
    pub async fn send(&self, case: &str, text: &str) {
        self.call("messages.send", written(case, None, text)).await;
    }

    /// Keeps a new message as a draft.
    pub async fn save_draft(&self, case: &str, text: &str) {
        self.call("messages.draft_save", written(case, None, text)).await;
    }

    /// The text of the new message that is being written in a case.
    pub async fn draft(&self, case: &str) -> Option<String> {
        let list = self.call("messages.list", json!({ "case": case })).await;
        let drafts = list["drafts"].as_array().unwrap();
        let new = drafts.iter().find(|draft| draft["thread"].is_null())?;
        Some(new["text"].as_str().unwrap().to_owned())
    }

    /// The row of a case's documents with this Swedish name, once it is here.
    pub async fn row(&self, case: &str, name: &str) -> Value {
        until(name, async || {
            let list = self.call("documents.list", json!({ "case": case })).await;
            let rows = list["rows"].as_array().unwrap();
            rows.iter().find(|row| row["name"]["sv"] == name).cloned()
        })
        .await
    }

    /// Lays out the files that the person picks the next time.
    pub fn will_pick(&self, files: &[PathBuf]) {
        *self.desktop.picks.lock().unwrap() = files.to_vec();
    }

    /// Lays out where the person saves the next copy.
    pub fn will_save_to(&self, path: &Path) {
        *self.desktop.save_to.lock().unwrap() = Some(path.to_owned());
    }

    /// What was opened in other programs.
    pub fn opened(&self) -> Vec<PathBuf> {
        self.desktop.opened.lock().unwrap().clone()
    }

    /// The program as the shell holds it.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// A case's messages as text and state, newest first.
    pub async fn messages(&self, case: &str) -> Vec<(String, String)> {
        let list = self.call("messages.list", json!({ "case": case })).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let pair = |message: &Value| (text(&message["text"]), text(&message["state"]));
        let threads = list["threads"].as_array().unwrap().iter();
        let all = threads.flat_map(|thread| thread["messages"].as_array().unwrap());
        let mut messages: Vec<&Value> = all.collect();
        // conversations are in order, and messages within each; tests that write one at a time see all
        messages.sort_by_key(|message| std::cmp::Reverse(text(&message["at"])));
        messages.into_iter().map(pair).collect()
    }

    /// Waits until a case's messages hold one with this text in this state.
    pub async fn sees(&self, case: &str, text: &str, state: &str) {
        until(&format!("“{text}” {state}"), async || {
            let messages = self.messages(case).await;
            messages.iter().any(|(t, s)| t == text && s == state).then_some(())
        })
        .await;
    }

    /// Waits until the line is as named.
    pub async fn line(&self, line: &str) {
        until(&format!("line {line}"), async || {
            let state = self.call("sync.state", json!({})).await;
            (state["line"] == line).then_some(())
        })
        .await;
    }
}

/// A message as a window sends it or keeps it.
pub fn written(case: &str, thread: Option<&str>, text: &str) -> Value {
    json!({ "case": case, "thread": thread, "message_type": "note", "text": text })
}
