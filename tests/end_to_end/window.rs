//! The real program in its real window. Needs a display: `cargo xtask test` makes a virtual one.

use std::path::{Path, PathBuf};

use behorig_server::demo::{DemoPerson, OFFICER, TECHNICIAN};
use behorig_testkit::{PASSPHRASE, Relay, TestServer, until, window::Window};

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

async fn sign_in(
    tour: &mut Tour,
    window: &Window,
    server: &TestServer,
    url: &str,
    person: DemoPerson,
) {
    window.fill(&hook("server"), url).await;
    window.fill(&hook("user-name"), person.user_name).await;
    window.fill(&hook("password"), person.password).await;
    window.fill(&hook("passphrase"), PASSPHRASE).await;
    window.click(&hook("sign-in")).await;
    window.until_shown(&hook("code")).await;
    tour.picture(window, &format!("a code is asked of {}", person.user_name)).await;
    let code = server.code(person.phone).unwrap();
    window.type_into(&hook("code"), &code).await;
    window.click(&hook("confirm-code")).await;
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
async fn a_message_written_without_a_line_outlives_a_killed_window_and_reaches_the_officers() {
    let mut tour = Tour::begin();
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let data = tempfile::tempdir().unwrap();

    let window = open(data.path()).await;
    tour.picture(&window, "the technician starts the program").await;
    sign_in(&mut tour, &window, &server, &line.url(), TECHNICIAN).await;
    open_case(&window).await;
    window.until_text("Jag är din handläggare").await;
    until_line(&window, "online").await;
    tour.picture(&window, "she reads the officer's message").await;

    line.cut();
    until_line(&window, "offline").await;
    window.type_into(&hook("message-text"), "Skolan skickar betyget på måndag.").await;
    window.click(&hook("send")).await;
    until_message(&window, "Skolan skickar betyget på måndag.", "queued").await;
    window.type_into(&hook("message-text"), "Och en halv tanke till").await;
    window.until_shown("[data-testid='draft-state'][data-state='saved']").await;
    tour.picture(&window, "without a line she answers and begins another message").await;
    window.click(&hook("nav-outbox")).await;
    window.until_text("Skolan skickar betyget på måndag.").await;
    tour.picture(&window, "the outbox says why it has not gone").await;
    window.kill(data.path());
    tour.note("the program is killed");

    let window = open(data.path()).await;
    tour.picture(&window, "she opens the program again").await;
    window.fill(&hook("passphrase"), PASSPHRASE).await;
    window.click(&hook("unlock")).await;
    open_case(&window).await;
    until_message(&window, "Skolan skickar betyget på måndag.", "queued").await;
    assert_eq!(window.value_of(&hook("message-text")).await, "Och en halv tanke till");
    tour.picture(&window, "all that she wrote is there").await;

    line.mend();
    until_line(&window, "online").await;
    until_message(&window, "Skolan skickar betyget på måndag.", "received").await;
    tour.picture(&window, "the line is back and the message is received").await;

    let officers_data = tempfile::tempdir().unwrap();
    let officer = open(officers_data.path()).await;
    sign_in(&mut tour, &officer, &server, &server.url(), OFFICER).await;
    open_case(&officer).await;
    officer.until_text("Skolan skickar betyget på måndag.").await;
    officer.type_into(&hook("message-text"), "Tack, då väntar vi till måndag.").await;
    tour.picture(&officer, "the officer reads it on another computer and answers").await;
    officer.click(&hook("send")).await;

    window.until_text("Tack, då väntar vi till måndag.").await;
    assert_eq!(
        window.value_of(&hook("message-text")).await,
        "Och en halv tanke till",
        "what arrives never touches what is being written"
    );
    tour.picture(&window, "the technician sees the answer").await;
    looks(&mut tour, &window).await;
    officer.close().await;
    window.close().await;
}

/// Covers KW-44
#[tokio::test(flavor = "multi_thread")]
async fn cancel_asks_first_and_what_is_thrown_away_can_be_had_back_and_is_never_sent() {
    let mut tour = Tour { folder: None, step: 0 };
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let window = open(data.path()).await;
    sign_in(&mut tour, &window, &server, &server.url(), TECHNICIAN).await;
    open_case(&window).await;
    window.type_into(&hook("message-text"), "Det här ångrar jag nog").await;
    press(&window, "Avbryt").await;
    press(&window, "Fortsätt skriva").await;
    assert_eq!(window.value_of(&hook("message-text")).await, "Det här ångrar jag nog");
    press(&window, "Avbryt").await;
    press(&window, "Kasta texten").await;
    window.until_shown("[data-testid='draft-state'][data-state='none']").await;
    assert_eq!(window.value_of(&hook("message-text")).await, "");
    press(&window, "Ångra").await;
    window.until_shown("[data-testid='draft-state'][data-state='saved']").await;
    assert_eq!(window.value_of(&hook("message-text")).await, "Det här ångrar jag nog");
    window.click(&hook("nav-outbox")).await;
    window.until_text("Utkorg").await;
    assert_eq!(window.run(&entries()).await, 0, "nothing of it was sent");
    window.close().await;
}

fn entries() -> String {
    format!("return document.querySelectorAll(`{}`).length", hook("outbox-entry"))
}

/// Presses the button with this text, once it is there.
async fn press(window: &Window, text: &str) {
    let mark = format!(
        "for (const old of document.querySelectorAll('[data-press]')) delete old.dataset.press;
         const buttons = [...document.querySelectorAll('button')];
         const button = buttons.find((button) => button.textContent.trim() === '{text}');
         if (button) button.dataset.press = 'this';
         return Boolean(button);"
    );
    until(text, async || (window.run(&mark).await == true).then_some(())).await;
    window.click("[data-press='this']").await;
}

/// The same screen in its other looks.
async fn looks(tour: &mut Tour, window: &Window) {
    window.run("document.documentElement.dataset.theme = 'dark'").await;
    tour.picture(window, "dark").await;
    window.run("document.documentElement.dataset.theme = 'light'").await;
    window.click(&hook("locale")).await;
    window.until_text("Outbox").await;
    tour.picture(window, "in English").await;
    window.resize(720, 900).await;
    tour.picture(window, "in a narrow window").await;
}

/// Numbered pictures and a transcript of what is done, in the folder that `BEHORIG_TOUR` names.
struct Tour {
    folder: Option<PathBuf>,
    step: usize,
}

impl Tour {
    fn begin() -> Self {
        let folder = std::env::var_os("BEHORIG_TOUR").map(PathBuf::from);
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(folder.join("transcript.txt"), "").unwrap();
        }
        Self { folder, step: 0 }
    }

    fn note(&mut self, what: &str) -> Option<PathBuf> {
        let folder = self.folder.as_ref()?;
        self.step += 1;
        let transcript = folder.join("transcript.txt");
        let mut said = std::fs::read_to_string(&transcript).unwrap();
        said.push_str(&format!("{:02} {what}\n", self.step));
        std::fs::write(transcript, said).unwrap();
        let words = what.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
        Some(folder.join(format!("{:02}-{words}.png", self.step)))
    }

    async fn picture(&mut self, window: &Window, what: &str) {
        if let Some(file) = self.note(what) {
            window.picture(&file).await;
        }
    }
}
