//! A whole case in the real window: it waits, is taken, examined and granted, and both sides see it.

use behorig_server::demo::APPLICANT;

use super::*;
use crate::cases::bring_in_all;

const LETTER: &str = "Du är certifierad i F-gas, kategori I. Certifikatet gäller i fem år.";

async fn pass(officer: &Window, part: &str) {
    let choose = format!(
        "const field = document.querySelector(`{}`);
         const value = Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value');
         value.set.call(field, '{part}');
         field.dispatchEvent(new Event('change', {{ bubbles: true }})); return true;",
        hook("exam-part")
    );
    officer.run(&choose).await;
    officer.fill(&hook("exam-held-on"), "2026-10-01").await;
    officer.fill(&hook("exam-mark"), "82 %").await;
    officer.click(&hook("exam-record")).await;
}

/// From application to grant by two people, each in a window.
///
/// Covers KW-13, KW-14, KW-15, KW-18, KW-19, KW-34, KW-35, KW-56, KW-98
#[tokio::test(flavor = "multi_thread")]
async fn a_case_from_application_to_grant_by_two_people() {
    let mut tour = Tour::begin_in("case");
    let server = TestServer::start().await;
    let folders: Vec<_> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
    let window = open(folders[0].path()).await;
    sign_in(&mut tour, &window, &server, &server.url(), APPLICANT).await;
    // one case: no list to choose from
    window.until_shown(&hook("new-message")).await;
    assert!(!window.is_shown(&hook("case")).await);
    window.until_text("Ingen har tagit ärendet än").await;
    let tabs = "return [...document.querySelectorAll('[role=tab]')].map((it) => it.textContent)";
    let tabs = window.run(tabs).await;
    let names: Vec<&str> = tabs.as_array().unwrap().iter().filter_map(|it| it.as_str()).collect();
    let expected = ["Meddelanden", "Arkiv", "Din adress", "Ladda upp intyg"];
    assert!(
        names.iter().zip(expected).all(|(name, expected)| name.starts_with(expected)),
        "{names:?}"
    );
    assert_eq!(names.len(), 4);
    tour.picture(&window, "the applicant is in her only case at once").await;
    window.click(&hook("nav-services")).await;
    window.until_text("010-516 63 03").await;
    tour.picture(&window, "what the body wants her to read, and where help is").await;
    window.click(&hook("nav-cases")).await;
    window.until_shown(&hook("new-message")).await;

    let officer = open(folders[1].path()).await;
    sign_in(&mut tour, &officer, &server, &server.url(), OFFICER).await;
    officer.click(&hook("nav-queue")).await;
    officer.until_shown(&hook("queue-row")).await;
    tour.picture(&officer, "the officers' queue").await;
    officer.click(&hook("queue-take")).await;
    officer.click(&hook("queue-open")).await;
    officer.until_text("Björn Östlund").await;
    window.until_text(OFFICER.name).await;

    // what is sent in and accepted has pictures of its own
    let (sends, accepts) = (Desk::open(folders[2].path()), Desk::open(folders[3].path()));
    sends.sign_in(&server, &server.url(), APPLICANT).await;
    accepts.sign_in(&server, &server.url(), OFFICER).await;
    let case = sends.case(CASE).await;
    bring_in_all(&sends, &accepts, &case, folders[2].path()).await;
    officer.click(&hook("tab-decision")).await;
    officer.until_text("är inte godkänt än").await;
    tour.picture(&officer, "what is missing before he can grant").await;
    pass(&officer, "teori").await;
    officer.until_text("Teoretiskt prov: godkänt").await;
    pass(&officer, "praktik").await;
    officer.until_text("Praktiskt prov: godkänt").await;
    officer
        .until_true("all is there", "return !document.querySelector(`[data-testid='lacking']`)")
        .await;
    officer.type_into(&hook("decision-letter"), LETTER).await;
    // below the fold of a small window
    let show = format!(
        "document.querySelector(\"{}\").scrollIntoView({{ block: 'center' }}); return true;",
        hook("grant")
    );
    officer.run(&show).await;
    officer.click(&hook("grant")).await;
    officer.until_shown(&hook("confirm-decision")).await;
    tour.picture(&officer, "he grants the certificate").await;
    officer.click(&hook("confirm-decision")).await;
    officer.until_text("FG-2026-12044").await;
    tour.picture(&officer, "and notes the card and the register").await;

    window.until_text("FG-2026-12044").await;
    window.until_text(LETTER).await;
    window
        .until_true(
            "the upload tab is gone",
            "return !document.querySelector(`[data-testid='tab-documents']`)",
        )
        .await;
    tour.picture(&window, "the applicant has a certificate").await;
    // narrowed to one type, and lifted by the tab that is open
    window.click(&hook("tab-archive")).await;
    let rows = |count: usize| {
        let rows = hook("archive-row");
        format!("return document.querySelectorAll(\"{rows}\").length === {count}")
    };
    window.until_true("three documents", &rows(3)).await;
    // asked for until it holds: the list may be drawn anew by what has just come
    let narrow = format!(
        "const field = document.querySelector(\"{}\");
         const last = field.options[field.options.length - 1].value;
         if (field.value !== last) {{
           const value = Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value');
           value.set.call(field, last);
           field.dispatchEvent(new Event('change', {{ bubbles: true }}));
         }}
         return document.querySelectorAll(\"{}\").length === 1;",
        hook("archive-filter"),
        hook("archive-row")
    );
    window.until_true("one type", &narrow).await;
    window.click(&hook("tab-archive")).await;
    window.until_true("all again", &rows(3)).await;
    window.click(&hook("tab-messages")).await;
    window.click(&hook("events-toggle")).await;
    tour.picture(&window, "and sees what has happened").await;
    window.click(&hook("palette")).await;
    window.until_shown(&hook("palette-input")).await;
    tour.picture(&window, "every case and command by a few letters").await;
}
