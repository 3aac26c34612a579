//! The program without a window, as one person uses it.

use std::{path::Path, sync::Arc};

use behorig_app::{App, Host, Topic, system_clock};
use behorig_server::demo::DemoPerson;
use serde_json::{Value, json};

use crate::{TestServer, until};

struct Deaf;

impl Host for Deaf {
    fn changed(&self, _: &[Topic]) {}
}

/// A person's program.
pub struct Desk {
    app: Arc<App>,
}

/// The passphrase that every test chooses.
pub const PASSPHRASE: &str = "smörgåstårta";

impl Desk {
    /// The program on the data in a folder.
    pub fn open(data: &Path) -> Self {
        Self { app: App::new(data, system_clock(), Arc::new(Deaf)) }
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

    /// Sends a message.
    pub async fn send(&self, case: &str, text: &str) {
        self.call("messages.send", json!({ "case": case, "text": text })).await;
    }

    /// A case's messages as text and state, newest first.
    pub async fn messages(&self, case: &str) -> Vec<(String, String)> {
        let list = self.call("messages.list", json!({ "case": case })).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let pair = |message: &Value| (text(&message["text"]), text(&message["state"]));
        list["messages"].as_array().unwrap().iter().map(pair).collect()
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
