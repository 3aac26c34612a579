//! The real program in its real window. Needs a display: `cargo xtask test` makes a virtual one.

use std::path::{Path, PathBuf};

use behorig_server::demo::{DemoPerson, OFFICER, TECHNICIAN};
use behorig_testkit::{Desk, PASSPHRASE, Relay, TestServer, window::Window};

const CASE: &str = "F-gas, kategori I";

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_behorig"))
}

async fn open(data: &Path) -> Window {
    Window::open(&program(), data).await
}

fn hook(name: &str) -> String {
    format!("[data-testid='{name}']")
}

async fn sign_in(window: &Window, server: &str, person: DemoPerson) {
    window.fill(&hook("server"), server).await;
    window.fill(&hook("user-name"), person.user_name).await;
    window.fill(&hook("password"), person.password).await;
    window.fill(&hook("passphrase"), PASSPHRASE).await;
    window.click(&hook("sign-in")).await;
    window.until_text(CASE).await;
}

async fn open_case(window: &Window) {
    window.until_text(CASE).await;
    let open = format!(
        "const rows = [...document.querySelectorAll(\"{}\")];
         const row = rows.find((row) => row.textContent.includes('{CASE}'));
         row.click(); return Boolean(row);",
        hook("case")
    );
    window.run(&open).await;
    window.until_shown(&hook("message-text")).await;
}

async fn until_line(window: &Window, line: &str) {
    window.until_shown(&format!("[data-testid='sync-state'][data-line='{line}']")).await;
}

async fn until_message(window: &Window, text: &str, state: &str) {
    window.until_shown(&format!("[data-testid='message'][data-state='{state}']")).await;
    window.until_text(text).await;
}

/// Covers KW-37, KW-45, KW-46
#[tokio::test(flavor = "multi_thread")]
async fn a_message_written_without_a_line_outlives_a_killed_window_and_reaches_the_officer() {
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let data = tempfile::tempdir().unwrap();

    let window = open(data.path()).await;
    sign_in(&window, &line.url(), TECHNICIAN).await;
    open_case(&window).await;
    window.until_text("Jag är din handläggare").await;
    line.cut();
    until_line(&window, "offline").await;
    window.type_into(&hook("message-text"), "Skolan skickar betyget på måndag.").await;
    window.click(&hook("send")).await;
    until_message(&window, "Skolan skickar betyget på måndag.", "queued").await;
    window.type_into(&hook("message-text"), "Och en halv tanke till").await;
    window.until_shown("[data-testid='draft-state'][data-state='saved']").await;
    window.kill(data.path());

    let window = open(data.path()).await;
    window.fill(&hook("passphrase"), PASSPHRASE).await;
    window.click(&hook("unlock")).await;
    open_case(&window).await;
    until_message(&window, "Skolan skickar betyget på måndag.", "queued").await;
    assert_eq!(window.value_of(&hook("message-text")).await, "Och en halv tanke till");

    line.mend();
    until_line(&window, "online").await;
    until_message(&window, "Skolan skickar betyget på måndag.", "received").await;

    let officers_data = tempfile::tempdir().unwrap();
    let officer = Desk::open(officers_data.path());
    officer.sign_in(&format!("http://{}", server.address()), OFFICER).await;
    let case = officer.case(CASE).await;
    officer.sees(&case, "Skolan skickar betyget på måndag.", "received").await;
    officer.send(&case, "Tack, då väntar vi till måndag.").await;
    window.until_text("Tack, då väntar vi till måndag.").await;
    assert_eq!(
        window.value_of(&hook("message-text")).await,
        "Och en halv tanke till",
        "what arrives never touches what is being written"
    );
    window.close().await;
}
