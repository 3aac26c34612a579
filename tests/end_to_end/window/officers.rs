//! The officers' own tools in the real window: a template, put into a message, a note, and the workload.

use super::*;

async fn other_looks(tour: &mut Tour, window: &Window, what: &str) {
    window.run("document.documentElement.dataset.theme = 'dark'").await;
    tour.picture(window, &format!("{what} in the dark")).await;
    window.run("document.documentElement.dataset.theme = 'light'").await;
    window.resize(480, 800).await;
    tour.picture(window, &format!("{what} in a narrow window")).await;
    window.resize(1280, 800).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_writes_a_template_uses_it_keeps_a_note_and_sees_the_workload() {
    let mut tour = Tour::begin_in("officers");
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let window = open(data.path()).await;
    window.resize(1280, 800).await;
    sign_in(&mut tour, &window, &server, &server.url(), OFFICER).await;

    window.click(&hook("nav-workload")).await;
    window.until_shown(&hook("workload-table")).await;
    window.until_text("Ingen handläggare").await;
    tour.picture(&window, "how much each officer has to do").await;
    other_looks(&mut tour, &window, "the workload").await;

    window.click(&hook("nav-templates")).await;
    window.until_text("Inga mallar").await;
    tour.picture(&window, "there are no templates").await;
    window.click(&hook("new-template")).await;
    window.type_into(&hook("template-title"), "Vi saknar intyg").await;
    window.type_into(&hook("template-text"), "Hej {namn}, vi saknar intyg i {ärende}.").await;
    tour.picture(&window, "a template is written").await;
    window.click(&hook("save-template")).await;
    window.until_shown("[data-testid='template'][data-state='received']").await;
    tour.picture(&window, "and kept for everybody").await;
    other_looks(&mut tour, &window, "the templates").await;

    window.click(&hook("nav-cases")).await;
    open_case(&window).await;
    window.click(&hook("new-message")).await;
    window.until_shown("[data-testid='composer'] [data-testid='pick-template']").await;
    window.click("[data-testid='composer'] [data-testid='pick-template']").await;
    window.until_text("Hej Åsa Lindqvist, vi saknar intyg i 2026-10482.").await;
    tour.picture(&window, "what the template will say here").await;
    other_looks(&mut tour, &window, "the choice").await;
    window.click(&hook("insert-template")).await;
    let filled = "Hej Åsa Lindqvist, vi saknar intyg i 2026-10482.";
    until("the text", async || {
        (window.value_of(&hook("message-text")).await == filled).then_some(())
    })
    .await;
    window.click(&hook("send")).await;
    until_message(&window, filled, "received").await;

    window.click(&hook("tab-notes")).await;
    window.until_text("Inga anteckningar").await;
    window.type_into(&hook("note-text"), "Ring skolan på tisdag").await;
    window.click(&hook("note-text-send")).await;
    window.until_shown("[data-testid='note'][data-state='received']").await;
    tour.picture(&window, "a note on the case").await;
    other_looks(&mut tour, &window, "the notes").await;
    window.click(&hook("note-remove")).await;
    window.click(&hook("confirm-remove-note")).await;
    window.until_text("Inga anteckningar").await;
    window.close().await;
}
