//! The real program in its real window. Needs a display: `cargo xtask test` makes a virtual one.

mod account;
mod applications;
mod case;
mod home;
mod left;
mod officers;
mod viewer;

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use behorig_files::samples;
use behorig_server::demo::{DemoPerson, OFFICER, TECHNICIAN};
use behorig_testkit::{
    Desk, PASSPHRASE, Relay, TestServer, until,
    window::{Window, answer_file_dialog},
};
use serde_json::json;

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
    sign_in_with(tour, window, server, url, person, PASSPHRASE).await;
}

async fn sign_in_with(
    tour: &mut Tour,
    window: &Window,
    server: &TestServer,
    url: &str,
    person: DemoPerson,
    word: &str,
) {
    window.fill(&hook("server"), url).await;
    window.fill(&hook("user-name"), person.user_name).await;
    window.fill(&hook("password"), person.password).await;
    window.fill(&hook("passphrase"), word).await;
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
    if !window.is_shown(&hook("case")).await {
        window.click(&hook("nav-cases")).await;
        window.until_shown(&hook("case")).await;
    }
    let open = format!(
        "const rows = [...document.querySelectorAll(\"{}\")];
         const row = rows.find((row) => row.textContent.includes('{CASE}'));
         row.click(); return Boolean(row);",
        hook("case")
    );
    window.run(&open).await;
    window.until_shown(&hook("new-message")).await;
}

/// Begins a new message and writes it.
async fn write_new(window: &Window, text: &str) {
    window.click(&hook("new-message")).await;
    window.type_into(&hook("message-text"), text).await;
}

/// Presses a button of the row at hand and answers the native dialog that it opens, until it has brought
/// what it should.
async fn through_dialog(
    window: &Window,
    buttons: &[&str],
    title: &str,
    path: &Path,
    brought: impl AsyncFn() -> bool,
) {
    for _ in 0..5 {
        for button in buttons {
            window.until_shown(button).await;
            window.click(button).await;
        }
        answer_file_dialog(title, path).await;
        for _ in 0..50 {
            if brought().await {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }
    panic!("{title}: {} was never brought", path.display());
}

/// The row of the documents with this name.
async fn until_row(window: &Window, name: &str, condition: &str) {
    let look = format!(
        "const rows = [...document.querySelectorAll(`{}`)];
         const row = rows.find((row) => row.querySelector('h3').textContent.trim() === '{name}');
         for (const old of document.querySelectorAll('[data-this]')) delete old.dataset.this;
         if (!row || !({condition})) return false;
         row.dataset.this = 'row';
         return true;",
        hook("row")
    );
    window.until_true(&format!("{name}: {condition}"), &look).await;
}

async fn until_line(window: &Window, line: &str) {
    window.until_shown(&format!("[data-testid='sync-state'][data-line='{line}']")).await;
}

async fn until_message(window: &Window, text: &str, state: &str) {
    window.until_shown(&format!("[data-testid='message'][data-state='{state}']")).await;
    window.until_text(text).await;
}

/// Covers KW-37, KW-42, KW-43, KW-45, KW-46, KW-47, KW-76, KW-77, KW-79
#[tokio::test(flavor = "multi_thread")]
async fn a_message_and_a_document_from_the_technician_to_the_officer_and_back() {
    let mut tour = Tour::begin();
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let (data, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let certificate = files.path().join("avgangsbetyg-2019.pdf");
    let bytes = samples::pdf("Avgångsbetyg", TECHNICIAN.name);
    std::fs::write(&certificate, &bytes).unwrap();

    let window = open(data.path()).await;
    tour.picture(&window, "the technician starts the program").await;
    sign_in(&mut tour, &window, &server, &line.url(), TECHNICIAN).await;
    open_case(&window).await;
    window.until_text("Jag är din handläggare").await;
    until_line(&window, "online").await;
    tour.picture(&window, "she reads the officer's message").await;

    line.cut();
    until_line(&window, "offline").await;
    window.click(&hook("reply")).await;
    window.type_into(&hook("message-text"), "Betyget ligger hemma. ").await;
    window.until_shown("[data-testid='draft-state'][data-state='saved']").await;
    tour.picture(&window, "without a line she begins an answer").await;
    window.kill();
    tour.note("the program is killed");

    let window = open(data.path()).await;
    tour.picture(&window, "she opens the program again").await;
    window.fill(&hook("passphrase"), PASSPHRASE).await;
    window.click(&hook("unlock")).await;
    open_case(&window).await;
    // when the line turns out to be down all moves down a little: not under the pointer
    until_line(&window, "offline").await;
    if !window.is_shown(&hook("message-text")).await {
        window.click(&hook("open-draft")).await;
    }
    let kept = window.value_of(&hook("message-text")).await;
    assert_eq!(kept, "Betyget ligger hemma. ", "what was typed outlives a killed window");
    window.type_into(&hook("message-text"), "Jag skickar det här.").await;
    tour.picture(&window, "what she wrote is there and she goes on").await;
    window.click(&hook("send")).await;
    until_message(&window, "Jag skickar det här.", "queued").await;

    window.click(&hook("tab-documents")).await;
    until_row(&window, "Avgångsbetyg", "row.dataset.state === 'open'").await;
    tour.picture(&window, "the documents that her case asks for").await;
    let pick = ["[data-this] [data-testid='send-or-tell']", "[data-testid='pick']"];
    through_dialog(&window, &pick, "Välj filer", &certificate, async || {
        window.is_shown("[data-this] [data-testid='picked']").await
    })
    .await;
    window.type_into("[data-this] textarea, [data-this] input", "Bägge sidorna").await;
    tour.picture(&window, "she has picked a file for the row").await;
    window.click("[data-this] [data-testid='submit-document']").await;
    window.until_text("Kryssa i allt i listan").await;
    window
        .run("document.querySelectorAll('[data-this] [type=checkbox]').forEach((it) => it.click())")
        .await;
    window.click("[data-this] [data-testid='submit-document']").await;
    window.until_shown(&hook("transfer-box")).await;
    window.until_text("utkorg").await;
    tour.picture(&window, "the box says that it waits on this computer").await;
    window.click(&hook("close-transfer-box")).await;
    until_row(&window, "Avgångsbetyg", "row.querySelector('[data-state=queued]')").await;
    window.click(&hook("nav-outbox")).await;
    window.until_text("avgangsbetyg-2019.pdf").await;
    window.until_text("Jag skickar det här.").await;
    tour.picture(&window, "the outbox says why neither has gone").await;

    line.mend();
    until_line(&window, "online").await;
    window.until_text("Allt är framme").await;
    tour.picture(&window, "the line is back and both are received").await;

    let officers_data = tempfile::tempdir().unwrap();
    let viewer = Viewer::new(officers_data.path());
    let officer = viewer.window(officers_data.path()).await;
    sign_in(&mut tour, &officer, &server, &server.url(), OFFICER).await;
    open_case(&officer).await;
    officer.until_text("Jag skickar det här.").await;
    officer.click(&hook("thread-toggle")).await;
    officer.until_text("Jag är din handläggare").await;
    tour.picture(&officer, "the officer reads it on another computer").await;
    officer.click(&hook("tab-documents")).await;
    until_row(&officer, "Avgångsbetyg", "row.dataset.state === 'submitted'").await;
    officer.until_text("Bägge sidorna").await;
    tour.picture(&officer, "the document waits for him").await;
    let copy = files.path().join("kopia.pdf");
    let save = ["[data-this] [data-testid='save-document']"];
    through_dialog(&officer, &save, "Spara en kopia", &copy, async || {
        std::fs::read(&copy).is_ok_and(|saved| saved == bytes)
    })
    .await;
    officer.click("[data-this] [data-testid='accept']").await;
    officer.until_shown(&hook("open-first")).await;
    tour.picture(&officer, "before he accepts it he is told that he has not opened it").await;
    officer.click(&hook("open-first")).await;
    officer.click(&hook("confirm-open")).await;
    viewer.sees(&bytes).await;
    officer.click(&hook("confirm-accept")).await;
    until_row(&officer, "Avgångsbetyg", "row.dataset.state === 'accepted'").await;
    tour.picture(&officer, "he has opened it, and accepts it").await;
    officer.click(&hook("tab-messages")).await;
    officer.click(&hook("reply")).await;
    officer.type_into(&hook("message-text"), "Tack, betyget är godkänt.").await;
    tour.picture(&officer, "and answers").await;
    officer.click(&hook("send")).await;

    window.click(&hook("nav-cases")).await;
    if !window.is_shown(&hook("tab-messages")).await {
        open_case(&window).await;
    }
    window.click(&hook("tab-documents")).await;
    until_row(&window, "Avgångsbetyg", "row.dataset.state === 'accepted'").await;
    tour.picture(&window, "the technician sees that it is accepted").await;
    window.click(&hook("tab-messages")).await;
    window.until_text("Tack, betyget är godkänt.").await;
    tour.picture(&window, "and reads the answer").await;
    looks(&mut tour, &window).await;
    officer.close().await;
    window.close().await;
}

/// A program on the computer that opens documents: it keeps what it was given.
struct Viewer {
    seen: PathBuf,
    programs: String,
}

impl Viewer {
    fn new(folder: &Path) -> Self {
        let seen = folder.join("seen");
        let viewer = folder.join("xdg-open");
        let script =
            format!("#!/bin/sh\ncp \"$1\" '{0}.pdf' && echo \"$1\" > '{0}'\n", seen.display());
        std::fs::write(&viewer, script).unwrap();
        std::fs::set_permissions(&viewer, PermissionsExt::from_mode(0o755)).unwrap();
        let programs = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
        Self { seen, programs }
    }

    /// A window on the computer that has it.
    async fn window(&self, data: &Path) -> Window {
        Window::open_in(&program(), data, &[("PATH", &self.programs)]).await
    }

    /// Waits until it was given these bytes; where they lay.
    async fn sees(&self, bytes: &[u8]) -> PathBuf {
        let copy = until("the viewer", async || {
            (std::fs::read(self.seen.with_extension("pdf")).ok()? == bytes).then_some(())?;
            std::fs::read_to_string(&self.seen).ok().filter(|path| path.ends_with('\n'))
        });
        PathBuf::from(copy.await.trim())
    }
}

/// What the officer does besides accepting, with a program on the computer that opens what it is given.
#[tokio::test(flavor = "multi_thread")]
async fn the_officer_opens_a_document_outside_and_refuses_it_with_a_reason() {
    let mut tour = Tour::begin_in("officer");
    let server = TestServer::start().await;
    let (data, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    let bytes = samples::pdf("Avgångsbetyg", TECHNICIAN.name);
    let path = files.path().join("betyg.pdf");
    std::fs::write(&path, &bytes).unwrap();
    desk.will_pick(&[path]);
    let row = desk.row(&case, "Avgångsbetyg").await["id"].clone();
    let picked = desk.call("documents.pick", json!({ "case": case, "row": row })).await;
    let submit = json!({ "file": picked[0]["file"], "note": "", "checked": true });
    desk.call("documents.submit", submit).await;

    let viewer = Viewer::new(files.path());
    let officers_data = tempfile::tempdir().unwrap();
    let officer = viewer.window(officers_data.path()).await;
    sign_in(&mut tour, &officer, &server, &server.url(), OFFICER).await;
    open_case(&officer).await;
    officer.click(&hook("tab-documents")).await;
    until_row(&officer, "Avgångsbetyg", "row.dataset.state === 'submitted'").await;
    officer.click("[data-this] [data-testid='open-document']").await;
    officer.until_shown(&hook("confirm-open")).await;
    tour.picture(&officer, "he is warned before it opens in another program").await;
    officer.click(&hook("confirm-open")).await;
    let copy = viewer.sees(&bytes).await;
    assert!(copy.starts_with(officers_data.path()) && copy.exists(), "{}", copy.display());

    officer.click("[data-this] [data-testid='refuse']").await;
    officer.type_into(&hook("refusal-text"), "Sida 2 saknas.").await;
    tour.picture(&officer, "he writes why it is not enough").await;
    officer.click(&hook("confirm-refuse")).await;
    officer.until_shown(&hook("send-refusal")).await;
    tour.picture(&officer, "he sees what he is about to send, and to whom").await;
    officer.click(&hook("send-refusal")).await;
    until_row(&officer, "Avgångsbetyg", "row.dataset.stand === 'again'").await;
    tour.picture(&officer, "and the row waits for a new one").await;
    until("the refusal", async || {
        let row = desk.row(&case, "Avgångsbetyg").await;
        let document = row["documents"][0].clone();
        (document["handled_why"] == "Sida 2 saknas." && row["state"] == "open").then_some(())
    })
    .await;
    officer.click(&hook("lock")).await;
    officer.until_shown(&hook("unlock")).await;
    assert!(!copy.exists(), "the copy goes when the program locks");
    officer.close().await;
}

/// Covers KW-45, KW-48, KW-49, KW-50
#[tokio::test(flavor = "multi_thread")]
async fn a_text_has_a_type_earlier_versions_and_a_way_out_when_it_is_too_long() {
    let mut tour = Tour::begin_in("drafts");
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let window = open(data.path()).await;
    sign_in(&mut tour, &window, &server, &server.url(), TECHNICIAN).await;
    open_case(&window).await;
    window.click(&hook("new-message")).await;
    let usual = format!(
        "return document.querySelector(`{}`).selectedOptions[0].text",
        hook("message-type")
    );
    assert_eq!(window.run(&usual).await, "Notering", "the usual type is chosen");
    window.type_into(&hook("message-text"), "Det som jag tänkte först").await;
    window.until_shown("[data-testid='draft-state'][data-state='saved']").await;
    press(&window, "Avbryt").await;
    window.click(&hook("confirm-discard")).await;
    let is_gone = format!("return !document.querySelector(\"{}\")", hook("message-text"));
    window.until_true("the text is discarded", &is_gone).await;
    window.click(&hook("new-message")).await;
    window.type_into(&hook("message-text"), "Något annat").await;
    window.click(&hook("draft-history")).await;
    window.until_shown(&hook("draft-version")).await;
    window.until_text("Det som jag tänkte först").await;
    tour.picture(&window, "what the text once was").await;
    window.click(&hook("restore-draft")).await;
    let back = format!(
        "return document.querySelector(`{}`)?.value === 'Det som jag tänkte först'",
        hook("message-text")
    );
    window.until_true("the earlier text", &back).await;

    // key by key it would take a minute
    window.run(&format!("document.querySelector(`{}`).select()", hook("message-text"))).await;
    window
        .run("document.execCommand('insertText', false, 'En lång berättelse. '.repeat(120))")
        .await;
    window.until_shown(&hook("make-document")).await;
    assert!(!window.is_shown(&hook("send")).await, "it cannot be sent as it is");
    tour.picture(&window, "a text that is too long").await;
    window.click(&hook("make-document")).await;
    let choose = format!(
        "const list = document.querySelector(`{}`);
         const last = list.options[list.options.length - 1];
         Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(list, last.value);
         list.dispatchEvent(new Event('change', {{ bubbles: true }}));
         return last.text;",
        hook("make-document-row")
    );
    window.until_shown(&hook("make-document-row")).await;
    assert_eq!(window.run(&choose).await, "Övriga handlingar");
    window.fill(&hook("make-document-name"), "Min praktik").await;
    window.click(&hook("confirm-make-document")).await;
    until_row(&window, "Övriga handlingar", "row.querySelector('[data-testid=picked]')").await;
    window.until_text("Min praktik.docx").await;
    tour.picture(&window, "and is a document now").await;
    window.close().await;
}

/// Covers KW-74, KW-75, KW-80, KW-81
#[tokio::test(flavor = "multi_thread")]
async fn what_she_lacks_is_explained_and_all_being_in_is_told_with_one_button() {
    let mut tour = Tour::begin_in("rows");
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let window = open(data.path()).await;
    sign_in(&mut tour, &window, &server, &server.url(), TECHNICIAN).await;
    open_case(&window).await;
    window.click(&hook("tab-documents")).await;
    for (count, name) in (1..).zip(["Avgångsbetyg", "Tjänstgöringsintyg", "Lämplighetsintyg"]) {
        until_row(&window, name, "row.dataset.stand === 'missing'").await;
        window.run("document.querySelector('[data-this]').scrollIntoView()").await;
        window.click("[data-this] [data-testid='send-or-tell']").await;
        window.until_shown(&hook("pick")).await;
        let chosen = "return document.querySelector('[data-testid=send-choices] :checked').value";
        assert_eq!(window.run(chosen).await, "upload", "each time anew");
        tour.picture(&window, "upload, or tell why not").await;
        window.click("[data-testid='send-choices'] input[value='cannot-get']").await;
        window.until_shown(&hook("explain-text")).await;
        window.type_into(&hook("explain-text"), "Firman finns inte längre.").await;
        window.click(&hook("confirm-explain")).await;
        until_row(&window, name, "row.dataset.stand === 'explained'").await;
        window.until_text(&format!("{count} av 3 rader ifyllda")).await;
    }
    tour.picture(&window, "every row is explained").await;
    window.run("document.querySelector('[data-testid=report-ready]').scrollIntoView()").await;
    window.click(&hook("report-ready")).await;
    window.until_shown(&hook("confirm-ready")).await;
    tour.picture(&window, "it is asked first").await;
    window.click(&hook("confirm-ready")).await;
    window.until_shown("[data-testid='ready'][data-state='received']").await;
    tour.picture(&window, "and has been told").await;
    window.click(&hook("tab-messages")).await;
    window.until_text("Allt som begärs är inskickat.").await;
    tour.picture(&window, "one message says so").await;
    window.close().await;
}

/// A notification says that there is something new and in which case, and nothing of what it says.
#[tokio::test(flavor = "multi_thread")]
async fn what_comes_while_nobody_looks_is_told_by_the_desktop() {
    let mut tour = Tour { folder: None, step: 0 };
    let server = TestServer::start().await;
    let (data, officers_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let window = open(data.path()).await;
    sign_in(&mut tour, &window, &server, &server.url(), TECHNICIAN).await;
    until_line(&window, "online").await;
    let officer = Desk::open(officers_data.path());
    officer.sign_in(&server, &server.url(), OFFICER).await;
    let case = officer.case(CASE).await;
    // somebody works in another window
    let others_data = tempfile::tempdir().unwrap();
    let other = open(others_data.path()).await;
    window.until_true("nobody looks", "return !document.hasFocus()").await;
    officer.send(&case, "Det här är bara för dig.").await;
    let told = until("the notification", async || {
        let history = Command::new("dunstctl").arg("history").output().ok()?;
        let history = String::from_utf8(history.stdout).ok()?;
        history.contains(CASE).then_some(history)
    })
    .await;
    assert!(!told.contains("bara för dig"), "{told}");
    other.close().await;
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
    window.click(&hook("new-message")).await;
    let send =
        format!("return document.querySelector(`{}`).getBoundingClientRect().top", hook("send"));
    let place = window.run(&send).await;
    window.type_into(&hook("message-text"), "Det här ångrar jag nog").await;
    window.until_shown("[data-testid='draft-state'][data-state='saved']").await;
    assert_eq!(window.run(&send).await, place, "no button moves away from under the pointer");
    press(&window, "Avbryt").await;
    press(&window, "Fortsätt skriva").await;
    assert_eq!(window.value_of(&hook("message-text")).await, "Det här ångrar jag nog");
    press(&window, "Avbryt").await;
    window.click(&hook("confirm-discard")).await;
    let gone = format!("return !document.querySelector(`{}`)", hook("message-text"));
    window.until_true("the field is gone", &gone).await;
    press(&window, "Ångra").await;
    window.until_shown("[data-testid='draft-state'][data-state='saved']").await;
    assert_eq!(window.value_of(&hook("message-text")).await, "Det här ångrar jag nog");
    window.click(&hook("nav-outbox")).await;
    window.until_text("Utkorg").await;
    assert_eq!(window.run(&entries()).await, 0, "nothing of it was sent");
    window.close().await;
}

/// As by the frame's own button, in the moment after the last key.
///
/// Covers KW-45
#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_is_closed_in_the_middle_of_a_word_has_saved_it() {
    let mut tour = Tour { folder: None, step: 0 };
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let window = open(data.path()).await;
    sign_in(&mut tour, &window, &server, &server.url(), TECHNICIAN).await;
    open_case(&window).await;
    window.click(&hook("new-message")).await;
    window.type_into(&hook("message-text"), "Det sista ord").await;
    window.run("document.execCommand('insertText', false, 'et')").await;
    // who starts it a second time is told, and the one that is open goes on
    let mut second = std::process::Command::new(env!("CARGO_BIN_EXE_behorig"));
    second.env("BEHORIG_DATA_DIR", data.path());
    let mut second = second.spawn().unwrap();
    until("the second program's end", || std::future::ready(second.try_wait().unwrap())).await;
    window.type_into(&hook("message-text"), " i dag").await;
    window.close_by_its_frame().await;

    let window = open(data.path()).await;
    window.fill(&hook("passphrase"), PASSPHRASE).await;
    window.click(&hook("unlock")).await;
    open_case(&window).await;
    window.click(&hook("open-draft")).await;
    assert_eq!(window.value_of(&hook("message-text")).await, "Det sista ordet i dag");
    window.close().await;
}

/// Needs the real keyring: `xtask/desktop-session` starts one that is unlocked.
///
/// Covers KW-45
#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_pin_costs_a_sign_in_in_the_window_and_never_a_draft() {
    let mut tour = Tour::begin_in("session");
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let window = open(data.path()).await;
    window.until_shown("[data-testid='keyring'][data-state='ready']").await;
    sign_in_with(&mut tour, &window, &server, &server.url(), TECHNICIAN, "471108").await;
    assert!(key_file(data.path()).contains("\"keyring\": true"), "half of the key is elsewhere");
    open_case(&window).await;
    write_new(&window, "Halvvägs").await;
    window.until_shown("[data-testid='draft-state'][data-state='saved']").await;
    window.click(&hook("lock")).await;
    window.until_shown(&hook("unlock")).await;
    tour.picture(&window, "the program is locked").await;
    for _ in 0..6 {
        window.fill(&hook("passphrase"), "000000").await;
        window.click(&hook("unlock")).await;
        window.until_text("Pinkoden stämmer inte.").await;
    }
    window.until_text("4 försök kvar.").await;
    tour.picture(&window, "few tries are left").await;
    looks_of(&mut tour, &window, "4 tries left.").await;

    window.click(&hook("forgot")).await;
    window.fill(&hook("user-name"), TECHNICIAN.user_name).await;
    window.fill(&hook("password"), TECHNICIAN.password).await;
    window.fill(&hook("passphrase"), "654321").await;
    tour.picture(&window, "the PIN is forgotten").await;
    window.click(&hook("sign-in")).await;
    window.until_shown(&hook("code")).await;
    let code = server.code(TECHNICIAN.phone).unwrap();
    window.type_into(&hook("code"), &code).await;
    window.click(&hook("confirm-code")).await;
    open_case(&window).await;
    if !window.is_shown(&hook("message-text")).await {
        window.click(&hook("open-draft")).await;
    }
    assert_eq!(window.value_of(&hook("message-text")).await, "Halvvägs");

    window.click(&hook("account")).await;
    window.until_shown(&hook("log-out")).await;
    tour.picture(&window, "the account menu").await;
    window.click(&hook("account-change")).await;
    window.fill(&hook("current-passphrase"), "654321").await;
    window.fill(&hook("new-passphrase"), "en längre pinkod").await;
    tour.picture(&window, "the PIN is changed").await;
    window.click(&hook("change-passphrase")).await;
    window.until_text("Pinkoden är bytt.").await;
    tour.picture(&window, "the PIN is another").await;
    window.click(&hook("account")).await;
    window.click(&hook("log-out")).await;
    window.until_shown(&hook("unlock")).await;
    window.close().await;

    let window = open(data.path()).await;
    window.fill(&hook("passphrase"), "en längre pinkod").await;
    window.click(&hook("unlock")).await;
    until_line(&window, "sign_in_needed").await;
    tour.picture(&window, "after a log-out the server wants a sign-in").await;
    window.close().await;

    let window = Window::open_without_keyring(&program(), data.path()).await;
    window.fill(&hook("passphrase"), "en längre pinkod").await;
    window.click(&hook("unlock")).await;
    window.until_text("Datorns nyckelring svarar inte").await;
    tour.picture(&window, "the keyring is gone").await;
    window.close().await;
}

/// Where there is no keyring, a passphrase protects alone, and the window says so.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_the_window_asks_for_a_passphrase() {
    let mut tour = Tour::begin_in("no-keyring");
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let window = Window::open_without_keyring(&program(), data.path()).await;
    window.until_text("Datorn har ingen nyckelring som svarar").await;
    tour.picture(&window, "the first sign-in without a keyring").await;
    looks_of(&mut tour, &window, "has no keyring").await;
    sign_in(&mut tour, &window, &server, &server.url(), TECHNICIAN).await;
    assert!(key_file(data.path()).contains("\"keyring\": false"));
    window.close().await;
}

fn key_file(data: &Path) -> String {
    let only = |folder: PathBuf| std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    std::fs::read_to_string(only(only(data.join("replicas"))).join("key.json")).unwrap()
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
    until(text, async || {
        // a button that is drawn anew loses the mark
        let marked = window.run(&mark).await == true;
        (marked && window.try_click("[data-press='this']").await).then_some(())
    })
    .await;
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

/// A page before the program is open in its other looks, and back again.
async fn looks_of(tour: &mut Tour, window: &Window, in_english: &str) {
    window.run("document.documentElement.dataset.theme = 'dark'").await;
    tour.picture(window, "dark").await;
    window.run("document.documentElement.dataset.theme = 'light'").await;
    window.run("localStorage.setItem('behorig.locale', 'en'); location.reload()").await;
    window.until_shown("[data-painted]").await;
    window.until_text(in_english).await;
    tour.picture(window, "in English").await;
    window.resize(480, 900).await;
    tour.picture(window, "narrow").await;
    window.resize(1200, 800).await;
    window.run("localStorage.setItem('behorig.locale', 'sv'); location.reload()").await;
    window.until_text("Behörig").await;
}

/// Numbered pictures and a transcript of what is done, in the folder that `BEHORIG_TOUR` names.
struct Tour {
    folder: Option<PathBuf>,
    step: usize,
}

impl Tour {
    fn begin() -> Self {
        Self::begin_in("")
    }

    /// In a folder of its own, since several tests run at once.
    fn begin_in(name: &str) -> Self {
        let folder =
            std::env::var_os("BEHORIG_TOUR").map(|folder| PathBuf::from(folder).join(name));
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
