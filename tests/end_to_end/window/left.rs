//! What an officer had begun when a colleague took the case over.

use behorig_server::demo::COLLEAGUE;

use super::*;

const LETTER: &str = "Du är certifierad i F-gas, kategori I. Certifikatet gäller i";

/// It stands in the outbox, to read and copy, also after the program was closed.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_in_a_case_that_a_colleague_took_lies_in_the_outbox() {
    let mut tour = Tour::begin_in("left");
    let server = TestServer::start().await;
    let folders: Vec<_> = (0..2).map(|_| tempfile::tempdir().unwrap()).collect();
    let officer = open(folders[0].path()).await;
    sign_in(&mut tour, &officer, &server, &server.url(), OFFICER).await;
    open_case(&officer).await;
    write_new(&officer, "Hej! Jag har läst ditt intyg och").await;
    officer.click(&hook("tab-decision")).await;
    officer.until_shown(&hook("exam-held-on")).await;
    officer.fill(&hook("exam-held-on"), "2026-10-01").await;
    officer.type_into(&hook("decision-letter"), LETTER).await;
    tour.picture(&officer, "he is about to decide").await;

    let colleague = Desk::open(folders[1].path());
    colleague.sign_in(&server, &server.url(), COLLEAGUE).await;
    let asked = json!({
        "purpose": "handling", "text": "2026-10482", "handled_by": "anybody", "stage": null,
        "after": null,
    });
    let found = colleague.call("queue.search", asked).await["cases"][0].clone();
    let take = json!({ "case": found["id"], "from": found["officer"], "to": "me" });
    colleague.call("cases.assign", take).await;

    // he is told where it lies, and the notice covers nothing
    officer.until_shown(&hook("toast-open")).await;
    officer.until_text("ligger i utkorgen").await;
    let room = format!(
        "const toast = document.querySelector(\"{}\").parentElement.getBoundingClientRect();
         const view = document.querySelector('main').firstElementChild.getBoundingClientRect();
         return view.bottom <= toast.top;",
        hook("toast-open")
    );
    officer.until_true("the view ends above the notice", &room).await;
    tour.picture(&officer, "he is told that a colleague was quicker").await;
    officer.click(&hook("toast-open")).await;
    let entries = |count: usize| {
        let entries = hook("left-entry");
        format!("return document.querySelectorAll(\"{entries}\").length === {count}")
    };
    officer.until_true("all that he had begun", &entries(3)).await;
    officer.until_text("Det här hann du inte skicka").await;
    officer.until_text("Certifikatet gäller i").await;
    tour.picture(&officer, "a colleague was quicker").await;
    officer.run("document.documentElement.dataset.theme = 'dark'").await;
    tour.picture(&officer, "the same in the dark").await;
    officer.run("document.documentElement.dataset.theme = 'light'").await;
    officer.resize(480, 900).await;
    tour.picture(&officer, "and in a narrow window").await;
    officer.resize(1200, 800).await;
    officer.click(&hook("left-remove")).await;
    officer.until_true("one less", &entries(2)).await;
    officer.close().await;

    let officer = open(folders[0].path()).await;
    officer.type_into(&hook("passphrase"), PASSPHRASE).await;
    officer.click(&hook("unlock")).await;
    officer.until_shown(&hook("nav-outbox")).await;
    officer.click(&hook("nav-outbox")).await;
    officer.until_true("what was kept", &entries(2)).await;
}
