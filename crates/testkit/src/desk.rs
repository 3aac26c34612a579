//! The program without a window, as one person uses it.

use std::{
    future::ready,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use behorig_app::{App, Host, Topic, system_clock};
use behorig_domain::Timestamp;
use behorig_server::demo::DemoPerson;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use crate::{Keyring, TestServer, until};

/// A desktop on which a test has laid out what the person will pick, and keeps what they open. It hears
/// what the window would, and counts the time awake.
struct Desktop {
    picks: Mutex<Vec<PathBuf>>,
    save_to: Mutex<Option<PathBuf>>,
    /// Held while dialogs stand open.
    dialogs: Arc<tokio::sync::Mutex<()>>,
    opened: Mutex<Vec<PathBuf>>,
    heard: Mutex<Vec<Topic>>,
    begun: Instant,
    /// Added to the time awake, in milliseconds.
    awake: AtomicI64,
}

impl Desktop {
    fn new() -> Self {
        Self {
            picks: Mutex::default(),
            save_to: Mutex::default(),
            dialogs: Arc::default(),
            opened: Mutex::default(),
            heard: Mutex::default(),
            begun: Instant::now(),
            awake: AtomicI64::default(),
        }
    }
}

impl Host for Desktop {
    fn changed(&self, topics: &[Topic]) {
        self.heard.lock().unwrap().extend(topics);
    }

    fn awake_for(&self) -> Duration {
        let more = self.awake.load(Ordering::SeqCst).try_into().unwrap();
        self.begun.elapsed() + Duration::from_millis(more)
    }

    fn pick_files(&self) -> BoxFuture<'_, Vec<PathBuf>> {
        Box::pin(ready(std::mem::take(&mut *self.picks.lock().unwrap())))
    }

    fn save_as(&self, _: String) -> BoxFuture<'_, Option<PathBuf>> {
        Box::pin(async {
            let _answered = self.dialogs.lock().await;
            self.save_to.lock().unwrap().take()
        })
    }

    fn open_outside(&self, path: PathBuf) -> BoxFuture<'_, std::io::Result<()>> {
        self.opened.lock().unwrap().push(path);
        Box::pin(ready(Ok(())))
    }

    fn notify(&self, _: String, _: String) -> BoxFuture<'_, ()> {
        Box::pin(ready(()))
    }

    fn stay_open(&self) {}

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(ready(()))
    }
}

/// A person's program.
pub struct Desk {
    app: Arc<App>,
    desktop: Arc<Desktop>,
    /// How far the wall clock is ahead, in milliseconds.
    wall: Arc<AtomicI64>,
    /// The computer's keyring.
    pub keyring: Keyring,
}

/// The passphrase that every test chooses. As good as a PIN: that is a short passphrase.
pub const PASSPHRASE: &str = "smörgåstårta";

impl Desk {
    /// The program on the data in a folder, on a computer without a keyring.
    pub fn open(data: &Path) -> Self {
        Self::open_with(data, Keyring::missing())
    }

    /// The program on the data in a folder, on the computer with this keyring.
    pub fn open_with(data: &Path, keyring: Keyring) -> Self {
        let (desktop, wall) = (Arc::new(Desktop::new()), Arc::<AtomicI64>::default());
        let (system, ahead) = (system_clock(), wall.clone());
        let clock = Arc::new(move || {
            let millis = system().millis() + ahead.load(Ordering::SeqCst);
            Timestamp::from_millis(millis).unwrap()
        });
        let app = App::new(data, clock, desktop.clone(), Arc::new(keyring.clone()));
        Self { app, desktop, wall, keyring }
    }

    /// Time passes while nobody touches the window.
    pub fn pass(&self, time: Duration) {
        let millis = i64::try_from(time.as_millis()).unwrap();
        self.desktop.awake.fetch_add(millis, Ordering::SeqCst);
        self.wall.fetch_add(millis, Ordering::SeqCst);
    }

    /// The computer sleeps.
    pub fn sleep(&self, time: Duration) {
        self.wall.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// Whether the window was told of a topic since this was asked last.
    pub fn heard(&self, topic: Topic) -> bool {
        std::mem::take(&mut *self.desktop.heard.lock().unwrap()).contains(&topic)
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
        let asked = self.call("session.sign_in", self.words(url, person, PASSPHRASE)).await;
        assert_eq!(asked["state"], "code_needed");
        let opened = self.call("session.code", json!({ "code": code().await })).await;
        assert_eq!(opened["state"], "open");
    }

    /// What is typed to sign in as a person, choosing this PIN or passphrase.
    pub fn words(&self, url: &str, person: DemoPerson, word: &str) -> Value {
        json!({
            "server": url,
            "user_name": person.user_name,
            "password": person.password,
            "passphrase": word,
            "keyring": self.keyring.is_there(),
        })
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

    /// Dialogs about where to save stand open until this is dropped.
    pub async fn keep_dialogs_open(&self) -> tokio::sync::OwnedMutexGuard<()> {
        self.desktop.dialogs.clone().lock_owned().await
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
