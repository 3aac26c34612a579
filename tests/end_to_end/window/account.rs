//! The account in the real window: the password, the computers, and a program that was emptied.

use serde_json::json;

use super::*;

const NEW: &str = "sju sköna sjömän";

async fn show_account(window: &Window) {
    window.click(&hook("account")).await;
    window.click(&hook("show-account")).await;
    window.until_shown(&hook("current-password")).await;
    window.until_text("Den här datorn").await;
}

/// The first screen is where one logs in: whoever has filled it in is asked for the code after one click. It says
/// to keep a shortcut, and the window belongs to the one that the installer makes.
///
/// Covers KW-06
#[tokio::test(flavor = "multi_thread")]
async fn a_new_person_logs_in_by_one_click_from_the_first_screen() {
    let mut tour = Tour::begin_in("first");
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let window = open(data.path()).await;
    window.until_text("lägg en genväg på skrivbordet").await;
    tour.picture(&window, "the first screen").await;
    let entries = "return document.querySelectorAll('main button[type=submit]').length === 1";
    window.until_true("one entry", entries).await;
    sign_in(&mut tour, &window, &server, &server.url(), TECHNICIAN).await;

    let shortcut = include_str!("../../../src-tauri/behorig.desktop");
    let class = shortcut.lines().find_map(|line| line.strip_prefix("StartupWMClass=")).unwrap();
    let look = ["search", "--classname", &format!("^{class}$")];
    // a look at all windows fails when one of them closes meanwhile
    until("a window of the shortcut's class", async || {
        let found = Command::new("xdotool").args(look).output().unwrap().stdout;
        (!found.is_empty()).then_some(())
    })
    .await;
    window.close().await;
}

/// Covers KW-11, KW-12
#[tokio::test(flavor = "multi_thread")]
async fn the_password_is_changed_in_the_window_and_a_lost_computer_is_emptied() {
    let mut tour = Tour::begin_in("account");
    let server = TestServer::start().await;
    let (data, lost_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let window = open(data.path()).await;
    window.fill(&hook("server"), &server.url()).await;
    window.click(&hook("forgotten")).await;
    window.until_shown(&hook("forgotten-name")).await;
    tour.picture(&window, "a forgotten password").await;
    window.type_into(&hook("forgotten-name"), "nobody@example.com").await;
    window.click(&hook("forgotten-send")).await;
    window.until_text("Titta i din e-post").await;
    tour.picture(&window, "the same answer for everybody").await;
    press(&window, "Stäng").await;
    sign_in(&mut tour, &window, &server, &server.url(), TECHNICIAN).await;
    let lost = Desk::open(lost_data.path());
    lost.sign_in(&server, &server.url(), TECHNICIAN).await;

    show_account(&window).await;
    window.until_text("ska ha minst 12 och högst 200 tecken").await;
    window.type_into(&hook("current-password"), TECHNICIAN.password).await;
    window.type_into(&hook("new-password"), "Sommar2026!!").await;
    window.click(&hook("change-password")).await;
    window.until_text("de första som någon gissar").await;
    tour.picture(&window, "a well-known password is refused").await;
    window.run("document.documentElement.dataset.theme = 'dark'").await;
    tour.picture(&window, "dark").await;
    window.run("document.documentElement.dataset.theme = 'light'").await;
    window.click(&hook("locale")).await;
    window.until_text("Your computers").await;
    window.resize(480, 900).await;
    tour.picture(&window, "narrow and in English").await;
    window.resize(1200, 800).await;
    window.click(&hook("locale")).await;

    window.click(&hook("erase-device")).await;
    window.until_text("går förlorat").await;
    tour.picture(&window, "emptying says what is lost").await;
    window.click(&hook("confirm-erase")).await;
    until("the lost computer is emptied", async || {
        let state = lost.call("session.state", json!({})).await;
        (state == json!({ "state": "signed_out", "erased": true })).then_some(())
    })
    .await;

    window.fill(&hook("new-password"), NEW).await;
    window.click(&hook("change-password")).await;
    window.until_text("Lösenordet är bytt").await;
    tour.picture(&window, "the password is changed").await;
    assert_eq!(window.value_of(&hook("new-password")).await, "");
    window.close().await;

    drop(lost);
    let emptied = open(lost_data.path()).await;
    emptied.until_text("Programmet är tömt på den här datorn").await;
    tour.picture(&emptied, "the emptied program says why").await;
    let person = DemoPerson { password: NEW, ..TECHNICIAN };
    sign_in(&mut tour, &emptied, &server, &server.url(), person).await;
    emptied.close().await;
}

/// What came along when a password was pasted is named and taken away; its own spaces stay.
///
/// Covers KW-09
#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_sees_in_a_pasted_password_is_pointed_out() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let window = open(data.path()).await;
    window.fill(&hook("server"), &server.url()).await;
    window.fill(&hook("user-name"), TECHNICIAN.user_name).await;
    let pasted = format!("{}\u{200b}", TECHNICIAN.password);
    window.fill(&hook("password"), &pasted).await;
    window.until_text("tecken som inte syns").await;
    press(&window, "Ta bort osynliga tecken").await;
    window.fill(&hook("passphrase"), PASSPHRASE).await;
    window.click(&hook("sign-in")).await;
    window.until_shown(&hook("code")).await;
}
