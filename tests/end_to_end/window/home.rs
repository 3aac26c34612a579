//! The overview, looking for words, the settings and paper, in the real window.

use super::*;

/// Keys as a person presses them, from wherever the focus is.
async fn keys(window: &Window, key: &str, shift: bool) {
    let press = format!(
        "(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', {{
           key: '{key}', ctrlKey: true, shiftKey: {shift}, bubbles: true, cancelable: true
         }})); return true;"
    );
    window.run(&press).await;
}

async fn choose(window: &Window, field: &str, value: &str) {
    let choose = format!(
        "const field = document.querySelector(\"{}\");
         const value = Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value');
         value.set.call(field, '{value}');
         field.dispatchEvent(new Event('change', {{ bubbles: true }})); return true;",
        hook(field)
    );
    window.until_shown(&hook(field)).await;
    window.run(&choose).await;
}

/// The page in the looks that it must bear.
async fn all_looks(tour: &mut Tour, window: &Window, what: &str) {
    tour.picture(window, what).await;
    window.run("document.documentElement.dataset.theme = 'dark'").await;
    tour.picture(window, &format!("{what}, dark")).await;
    window.resize(480, 900).await;
    tour.picture(window, &format!("{what}, dark and narrow")).await;
    window.run("document.documentElement.dataset.theme = 'light'").await;
    tour.picture(window, &format!("{what}, narrow")).await;
    window.resize(1280, 800).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_leads_to_its_places_and_words_find_the_rest() {
    let mut tour = Tour::begin_in("home");
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let window = open(data.path()).await;
    window.resize(1280, 800).await;
    sign_in(&mut tour, &window, &server, &server.url(), TECHNICIAN).await;
    // two certificates: the overview comes first, and each line says which it is
    window.until_shown(&hook("overview-line")).await;
    window.until_text("intyg att skicka in").await;
    all_looks(&mut tour, &window, "the overview").await;
    let unread = format!(
        "const lines = [...document.querySelectorAll(\"{}\")];
         const is = (line) => line.textContent.includes('oläst') && line.textContent.includes('{CASE}');
         const line = lines.find(is);
         line.focus(); line.click(); return true;",
        hook("overview-line")
    );
    window.run(&unread).await;
    window.until_text("Jag är din handläggare").await;
    window.until_shown(&hook("new-message")).await;
    tour.picture(&window, "a line leads to its messages").await;

    keys(&window, "k", false).await;
    window.type_into(&hook("palette-input"), "handlagg").await;
    window.until_true("a hit", "return document.querySelectorAll('mark').length > 0").await;
    tour.picture(&window, "words find messages in the palette").await;
    window.run("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))").await;
    keys(&window, "f", true).await;
    window.type_into(&hook("search-text"), "handlagg").await;
    window.until_shown(&hook("found-message")).await;
    all_looks(&mut tour, &window, "everything by words").await;
    window.click(&format!("{} {}", hook("found-message"), hook("hit"))).await;
    window.until_shown("[data-testid='thread'] mark").await;
    tour.picture(&window, "the hit is shown and marked").await;
    keys(&window, "f", true).await;
    window.fill(&hook("search-text"), "\"((AND zzzqqq").await;
    window.until_text("passar").await;
    tour.picture(&window, "nothing is found, and nonsense is no fault").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_hold_and_everything_is_taken_home_by_a_dialog() {
    let mut tour = Tour::begin_in("settings");
    let server = TestServer::start().await;
    let (data, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let window = open(data.path()).await;
    window.resize(1280, 800).await;
    sign_in(&mut tour, &window, &server, &server.url(), TECHNICIAN).await;
    window.click(&hook("nav-settings")).await;
    window.until_shown(&hook("settings-kept")).await;
    all_looks(&mut tour, &window, "the settings").await;
    choose(&window, "settings-text-size", "large").await;
    tour.picture(&window, "large letters").await;
    choose(&window, "settings-text-size", "normal").await;
    choose(&window, "settings-lock-after", "5").await;
    window
        .until_true(
            "five minutes",
            &format!(
                "return document.querySelector(\"{}\").value === '5'",
                hook("settings-lock-after")
            ),
        )
        .await;
    let to = files.path().join("allt.zip");
    through_dialog(&window, &[&hook("export-start")], "Spara en kopia", &to, async || to.exists())
        .await;
    window.until_shown(&hook("export-done")).await;
    window
        .run(&format!(
            "document.querySelector(\"{}\").scrollIntoView({{ block: 'center' }}); return true;",
            hook("export")
        ))
        .await;
    tour.picture(&window, "everything is taken home").await;
    window.click(&hook("nav-services")).await;
    window
        .run(&format!(
            "document.querySelector(\"{}\").scrollIntoView({{ block: 'center' }}); return true;",
            hook("feedback")
        ))
        .await;
    window.click(&hook("feedback")).await;
    window.until_shown(&hook("feedback-text")).await;
    window
        .until_true(
            "the facts stand there",
            &format!(
                "return document.querySelector(\"{}\").value.includes('Version')",
                hook("feedback-text")
            ),
        )
        .await;
    tour.picture(&window, "feedback, all of which she sees").await;
    window.close().await;
}
