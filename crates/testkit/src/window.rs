//! The real window, driven through WebKit's own driver.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{killed::free_port, patiently, until};

/// A running WebKitWebDriver and the one program that it started.
pub struct Window {
    driver: Child,
    client: reqwest::Client,
    session: String,
    /// The program's folder.
    data: PathBuf,
}

/// How long the driver may take for one answer; some answers wait for a page.
const ANSWER: Duration = Duration::from_secs(20);
/// An element's key in the WebDriver protocol.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Answers the native file dialog that the program has opened, as somebody at the keyboard does: the path
/// typed, and Return. WebDriver cannot reach it. Keep to ASCII: xdotool has no keys for all else.
///
/// On a busy machine the dialog completes what is typed at the wrong moment and then takes another path, or
/// none; it is closed all the same, and the caller looks whether it brought what it should.
pub async fn answer_file_dialog(title_begins: &str, path: &Path) {
    let name = format!("^{title_begins}");
    let dialog = async || {
        let found = xdotool(&["search", "--onlyvisible", "--name", &name]);
        found.lines().last().map(str::to_owned)
    };
    let window = until("the file dialog", dialog).await;
    // another test's window may have come to the front meanwhile
    let front = ["windowactivate", "--sync", &window];
    let keys: [&[&str]; 4] = [
        // brings up the field for a path, whatever folder is shown
        &["key", "ctrl+l"],
        &["key", "ctrl+a"],
        &["type", "--delay", "40", path.to_str().unwrap()],
        &["key", "Return"],
    ];
    for arguments in keys {
        xdotool(&[&front, arguments].concat());
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    for looked in 0_u32.. {
        if dialog().await.is_none() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        if looked >= 10 {
            // what it says of a wrong path, and then itself
            xdotool(&[&front[..], &["key", "Escape"]].concat());
        }
        assert!(looked < 60, "the file dialog does not close");
    }
}

/// What the desktop says to a person's hand.
fn xdotool(arguments: &[&str]) -> String {
    let done = Command::new("xdotool").args(arguments).output();
    let done = done.expect("xdotool: `cargo xtask setup` installs it");
    String::from_utf8(done.stdout).unwrap()
}

impl Window {
    /// Starts the program on the data in a folder and waits for its first painted screen.
    pub async fn open(program: &Path, data: &Path) -> Self {
        Self::open_in(program, data, &[]).await
    }

    /// The same on a computer without a keyring: nothing answers where the session's bus should be.
    pub async fn open_without_keyring(program: &Path, data: &Path) -> Self {
        let nowhere = [("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")];
        Self::open_in(program, data, &nowhere).await
    }

    /// The same with something else in its environment.
    pub async fn open_in(program: &Path, data: &Path, environment: &[(&str, &str)]) -> Self {
        let port = free_port();
        let driver = Command::new("WebKitWebDriver")
            .envs(environment.iter().copied())
            .arg(format!("--port={port}"))
            .arg("--host=127.0.0.1")
            .env("BEHORIG_DATA_DIR", data)
            // the page remembers its language there: one window's choice is not another's
            .env("XDG_DATA_HOME", data)
            // lets the driver into the window; without it the program takes no orders from outside
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver: `cargo xtask setup` installs it");
        let client = reqwest::Client::builder().timeout(ANSWER).build().unwrap();
        let base = format!("http://127.0.0.1:{port}");
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "webkitgtk:browserOptions": { "binary": program, "args": [] }
        } } });
        let begin = async || {
            let begun = client.post(format!("{base}/session")).json(&capabilities);
            let begun: Value = begun.send().await.ok()?.json().await.ok()?;
            Some(begun["value"]["sessionId"].as_str()?.to_owned())
        };
        let session = until("the window", begin).await;
        let session = format!("{base}/session/{session}");
        let window = Self { driver, client, session, data: data.to_owned() };
        window.until_shown("[data-painted]").await;
        window
    }

    async fn ask(&self, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}/{path}", self.session);
        let request = match body {
            Some(body) => self.client.post(url).json(&body),
            None => self.client.get(url),
        };
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["value"].clone()
    }

    async fn find(&self, selector: &str) -> Option<String> {
        let by = json!({ "using": "css selector", "value": selector });
        let found = self.ask("element", Some(by)).await;
        Some(found[ELEMENT].as_str()?.to_owned())
    }

    /// Waits for something in the window; if it does not come, leaves a picture of what was there.
    async fn until<T, F: Future<Output = Option<T>>>(
        &self,
        what: &str,
        ask: impl FnMut() -> F,
    ) -> T {
        if let Some(answer) = patiently(ask).await {
            return answer;
        }
        let picture = std::env::temp_dir().join("behorig-window.png");
        self.picture(&picture).await;
        panic!("waited too long for: {what}; the window was then as in {}", picture.display());
    }

    /// Waits until something that the selector names is there.
    pub async fn until_shown(&self, selector: &str) -> String {
        self.until(selector, async || self.find(selector).await).await
    }

    /// Whether something that the selector names is there now.
    pub async fn is_shown(&self, selector: &str) -> bool {
        self.find(selector).await.is_some()
    }

    /// Waits until a script in the page gives `true`.
    pub async fn until_true(&self, what: &str, script: &str) {
        self.until(what, async || (self.run(script).await == true).then_some(())).await;
    }

    /// Clicks on what the selector names, once it is there.
    pub async fn click(&self, selector: &str) {
        let click = async || self.try_click(selector).await.then_some(());
        self.until(&format!("a click on {selector}"), click).await;
    }

    /// Clicks on what the selector names, if it is there and can be clicked. It may move while it is aimed
    /// at, since something has just come: a person would see that the click has missed, and so does this.
    pub async fn try_click(&self, selector: &str) -> bool {
        let Some(element) = self.find(selector).await else { return false };
        let aim = "const [it] = arguments;
            window.hit = null;
            const seen = (event) => { window.hit = it.contains(event.target); };
            addEventListener('pointerdown', seen, { capture: true, once: true });";
        let aim = json!({ "script": aim, "args": [{ ELEMENT: element }] });
        self.ask("execute/sync", Some(aim)).await;
        let answer = self.ask(&format!("element/{element}/click"), Some(json!({}))).await;
        if !answer["error"].is_null() {
            return false;
        }
        // a click may end the program, which then tells nothing
        self.run("return window.hit").await != false
    }

    /// Types into what the selector names, after what is there.
    pub async fn type_into(&self, selector: &str, text: &str) {
        let element = self.until_shown(selector).await;
        let path = format!("element/{element}/value");
        let answer = self.ask(&path, Some(json!({ "text": text }))).await;
        assert!(answer["error"].is_null(), "typing into {selector}: {answer}");
    }

    /// Empties a field and types into it.
    pub async fn fill(&self, selector: &str, text: &str) {
        self.until_shown(selector).await;
        // WebDriver's own "clear" goes past React, which listens for input
        let empty = format!(
            "const field = document.querySelector(`{selector}`);
             const value = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value');
             value.set.call(field, '');
             field.dispatchEvent(new Event('input', {{ bubbles: true }}));"
        );
        self.run(&empty).await;
        self.type_into(selector, text).await;
    }

    /// Runs a script in the page and gives what it returns.
    pub async fn run(&self, script: &str) -> Value {
        self.ask("execute/sync", Some(json!({ "script": script, "args": [] }))).await
    }

    /// Runs a script in the page that ends by calling its one argument, and gives what it gave to that.
    pub async fn run_until_done(&self, script: &str) -> Value {
        self.ask("execute/async", Some(json!({ "script": script, "args": [] }))).await
    }

    /// Waits until the text of the whole page holds this.
    pub async fn until_text(&self, text: &str) {
        self.until(&format!("the text “{text}”"), async || {
            let page = self.run("return document.body.innerText").await;
            page.as_str()?.contains(text).then_some(())
        })
        .await;
    }

    /// The value of a field.
    pub async fn value_of(&self, selector: &str) -> String {
        let element = self.until_shown(selector).await;
        let value = self.ask(&format!("element/{element}/property/value"), None).await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Gives the window a size.
    pub async fn resize(&self, width: u32, height: u32) {
        self.ask("window/rect", Some(json!({ "width": width, "height": height }))).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }

    /// Saves what the window shows as a PNG, once the last change is painted.
    pub async fn picture(&self, file: &Path) {
        let painted = "const done = arguments[0];
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 120)));";
        self.run_until_done(painted).await;
        let picture = self.ask("screenshot", None).await;
        let picture = from_base64(picture.as_str().expect("a picture"));
        std::fs::write(file, picture).unwrap();
    }

    /// Ends the program at once, as a power cut does, and then its driver.
    pub fn kill(mut self) {
        kill_program(&self.data);
        // the driver would wait for the program that is gone
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }

    /// Closes the window as a person does, by its frame, and waits until the program has ended.
    pub async fn close_by_its_frame(self) {
        let ours = async || {
            let programs = programs(&self.data);
            let windows = xdotool(&["search", "--onlyvisible", "--class", "behorig"]);
            let of_ours = |window: &&str| {
                let process = xdotool(&["getwindowpid", window]);
                programs.iter().any(|program| program == process.trim())
            };
            windows.lines().find(of_ours).map(str::to_owned)
        };
        let window = until("the window's frame", ours).await;
        xdotool(&["windowactivate", "--sync", &window, "key", "alt+F4"]);
        let ended = async || programs(&self.data).is_empty().then_some(());
        until("the program's end", ended).await;
    }

    /// Ends the program, which gets some time to end by itself: the driver takes its page away first.
    pub async fn close(mut self) {
        let _ = self.client.delete(&self.session).send().await;
        terminate(self.driver.id());
        let _ = self.driver.wait();
        for _ in 0..100 {
            if programs(&self.data).is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        kill_program(&self.data);
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        terminate(self.driver.id());
    }
}

fn terminate(process: u32) {
    let _ = Command::new("kill").arg(process.to_string()).stderr(Stdio::null()).status();
}

/// The processes of the program that work on this data folder, by their environment.
fn programs(data: &Path) -> Vec<String> {
    let mark = format!("BEHORIG_DATA_DIR={}", data.display());
    let processes = fs::read_dir("/proc").unwrap().flatten().filter(|entry| {
        let folder = entry.path();
        let name = fs::read_to_string(folder.join("comm")).unwrap_or_default();
        let environment = fs::read(folder.join("environ")).unwrap_or_default();
        let ours = environment.split(|byte| *byte == 0).any(|line| line == mark.as_bytes());
        ours && name.trim() == "behorig"
    });
    processes.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

/// Sends SIGKILL to the program that works on this data folder.
fn kill_program(data: &Path) {
    for process in programs(data) {
        // it may have ended by itself
        let _ = Command::new("kill").args(["-9", &process]).stderr(Stdio::null()).status();
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for four in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = four.iter().fold(0u32, |bits, byte| (bits << 6) | u32::from(value(*byte)));
        let bits = bits << (6 * (4 - four.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    bytes
}
