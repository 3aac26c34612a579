//! Applying in the real window: without a line, past the program's end, and until the case is there.

use behorig_server::demo::APPLICANT;

use super::*;

async fn choose(window: &Window, name: &str) {
    let choose = format!(
        "const list = document.querySelector(`{}`);
         const option = [...list.options].find((option) => option.text === '{name}');
         const set = Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set;
         set.call(list, option.value);
         list.dispatchEvent(new Event('change', {{ bubbles: true }}));
         return true;",
        hook("apply-what")
    );
    window.run(&choose).await;
}

/// Covers KW-96, KW-97
#[tokio::test(flavor = "multi_thread")]
async fn an_application_is_written_offline_outlives_the_program_and_becomes_a_case() {
    let mut tour = Tour::begin_in("applications");
    let server = TestServer::start().await;
    let line = Relay::to(server.address()).await;
    let data = tempfile::tempdir().unwrap();
    let window = open(data.path()).await;
    sign_in(&mut tour, &window, &server, &line.url(), APPLICANT).await;
    until_line(&window, "online").await;
    window.click(&hook("nav-apply")).await;
    window.until_text("Vad vill du ansöka om?").await;
    tour.picture(&window, "what can be applied for").await;
    choose(&window, CASE).await;
    window.until_shown(&hook("apply-undecided")).await;
    tour.picture(&window, "what is applied for already").await;

    line.cut();
    until_line(&window, "offline").await;
    choose(&window, "Energiexpert").await;
    window.type_into(&hook("apply-text"), "Jag har gått kursen i maj.").await;
    window.until_text("Utkast, sparat på den här datorn").await;
    window.close_by_its_frame().await;

    let window = open(data.path()).await;
    window.type_into(&hook("passphrase"), PASSPHRASE).await;
    window.click(&hook("unlock")).await;
    window.click(&hook("nav-apply")).await;
    window.until_shown(&hook("apply-text")).await;
    assert_eq!(window.value_of(&hook("apply-text")).await, "Jag har gått kursen i maj.");
    window.click(&hook("apply-send")).await;
    window.until_shown(&hook("confirm-apply")).await;
    tour.picture(&window, "sending asks first").await;
    window.click(&hook("confirm-apply")).await;
    window.until_shown("[data-testid='application'][data-state='queued']").await;
    assert_eq!(window.value_of(&hook("apply-text")).await, "");
    tour.picture(&window, "the application waits").await;
    window.run("document.documentElement.dataset.theme = 'dark'").await;
    tour.picture(&window, "dark").await;
    window.run("document.documentElement.dataset.theme = 'light'").await;
    window.click(&hook("locale")).await;
    window.until_text("What do you want to apply for?").await;
    window.resize(480, 900).await;
    tour.picture(&window, "narrow and in English").await;
    window.resize(1200, 800).await;
    window.click(&hook("locale")).await;

    line.mend();
    until_line(&window, "online").await;
    window.click(&hook("nav-cases")).await;
    window.until_text("2026-12045").await;
    tour.picture(&window, "the case is there").await;
    window.close().await;
}
