//! Reading documents in the real window: a long PDF beside its checklist, and the text of a Word file.

use super::*;

/// Sends files in for rows of the case, as the technician.
async fn sent(server: &TestServer, files: &[(&str, &str, Vec<u8>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(folder.path());
    desk.sign_in(server, &server.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    for (row, name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        desk.will_pick(&[path]);
        let id = desk.row(&case, row).await["id"].clone();
        let picked = desk.call("documents.pick", json!({ "case": case, "row": id })).await;
        let submit = json!({ "file": picked[0]["file"], "note": "", "checked": true });
        desk.call("documents.submit", submit).await;
        until(name, async || {
            let row = desk.row(&case, row).await;
            (row["documents"][0]["state"] == "received").then_some(())
        })
        .await;
    }
    folder
}

async fn look(window: &Window, row: &str) {
    until_row(window, row, "row.querySelector('[data-testid=look-at-document]')").await;
    window.run("document.querySelector('[data-this]').scrollIntoView({ block: 'center' })").await;
    window.click("[data-this] [data-testid='look-at-document']").await;
}

/// Waits until a page is drawn and has more than white on it.
async fn until_drawn(window: &Window, page: u32) {
    let drawn = format!(
        "const canvas = document.querySelector('[data-page=\"{page}\"] canvas[data-drawn]');
         if (!canvas) return false;
         const dots = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
         for (let at = 0; at < dots.length; at += 4) if (dots[at] < 128) return true;
         return false;"
    );
    window.until_true(&format!("page {page} drawn"), &drawn).await;
}

async fn press_key(window: &Window, key: &str, ctrl: bool) {
    let press = format!(
        "(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', {{
           key: '{key}', ctrlKey: {ctrl}, bubbles: true, cancelable: true }}))"
    );
    window.run(&press).await;
}

/// The officer reads a PDF of 400 pages without leaving the program: no more of it is drawn than is near, it is
/// zoomed and searched by the keyboard, and reading it counts as having opened it.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_pdf_is_read_beside_its_checklist_searched_and_then_accepted() {
    let mut tour = Tour::begin_in("viewer");
    let server = TestServer::start().await;
    let long = samples::pdf_of_pages(400);
    let files = [
        ("Avgångsbetyg", "betyg.pdf", long),
        ("Tjänstgöringsintyg", "kurs.docx", samples::docx("Kursintyg\u{a0}för Åsa Lindqvist")),
    ];
    let _technician = sent(&server, &files).await;
    let data = tempfile::tempdir().unwrap();
    let officer = open(data.path()).await;
    officer.resize(1280, 800).await;
    sign_in(&mut tour, &officer, &server, &server.url(), OFFICER).await;
    open_case(&officer).await;
    officer.click(&hook("tab-documents")).await;
    look(&officer, "Avgångsbetyg").await;
    officer.until_shown(&hook("pdf-pages")).await;
    until_drawn(&officer, 1).await;
    officer.until_text("av 400").await;
    tour.picture(&officer, "he reads it beside the checklist").await;
    let canvases = "return document.querySelectorAll('[data-page] canvas').length < 8";
    officer.until_true("few pages drawn", canvases).await;

    officer.fill(&hook("viewer-page"), "250").await;
    officer.type_into(&hook("viewer-page"), "\u{e007}").await;
    until_drawn(&officer, 250).await;
    officer.until_true("few pages drawn", canvases).await;
    officer
        .until_true(
            "the first is given back",
            "return !document.querySelector('[data-page=\"1\"] canvas')",
        )
        .await;
    assert_eq!(officer.value_of(&hook("viewer-page")).await, "250");

    officer.run("document.querySelector(\"[data-testid='pdf-pages']\").focus()").await;
    let before = officer
        .run("return document.querySelector(\"[data-testid='viewer-zoom']\").textContent")
        .await;
    press_key(&officer, "+", false).await;
    officer.until_true("zoomed", &format!("return document.querySelector(\"[data-testid='viewer-zoom']\").textContent !== {before}")).await;
    tour.picture(&officer, "larger").await;
    press_key(&officer, "0", false).await;
    press_key(&officer, "f", true).await;
    officer.type_into(&hook("viewer-find"), "blad 399").await;
    until("found", async || {
        let found = "return document.querySelector(\"[data-testid='viewer-found']\")?.textContent === '1 av 1'";
        // a busy machine may draw the viewer anew while one types
        if !officer.is_shown(&hook("viewer-find")).await {
            press_key(&officer, "f", true).await;
            officer.type_into(&hook("viewer-find"), "blad 399").await;
        }
        (officer.run(found).await == true).then_some(())
    })
    .await;
    until_drawn(&officer, 399).await;
    officer.until_true("marked", "return document.querySelector('[data-page=\"399\"] mark[data-current]')?.textContent === 'Blad 399'").await;
    tour.picture(&officer, "what he looks for is marked").await;
    officer.run("document.documentElement.dataset.theme = 'dark'").await;
    tour.picture(&officer, "dark").await;
    officer.run("document.documentElement.dataset.theme = 'light'").await;
    officer.resize(480, 800).await;
    tour.picture(&officer, "narrow").await;
    officer.resize(1280, 800).await;

    officer.click(&hook("viewer-close")).await;
    look(&officer, "Tjänstgöringsintyg").await;
    officer.until_shown(&hook("text-only")).await;
    officer.until_text("Kursintyg\u{a0}för Åsa Lindqvist").await;
    tour.picture(&officer, "the text of a Word file").await;
    officer.click(&hook("viewer-close")).await;

    until_row(&officer, "Avgångsbetyg", "row.querySelector('[data-testid=accept]')").await;
    officer.run("document.querySelector('[data-this]').scrollIntoView({ block: 'center' })").await;
    officer.click("[data-this] [data-testid='accept']").await;
    officer.until_shown(&hook("confirm-accept")).await;
    let unread = "return document.body.innerText.includes('Du har inte öppnat filen')";
    assert_eq!(officer.run(unread).await, false, "it was read here");
    officer.click(&hook("confirm-accept")).await;
    until_row(&officer, "Avgångsbetyg", "row.dataset.state === 'accepted'").await;
    let traces = copies(data.path());
    assert!(traces.is_empty(), "decrypted bytes never touch the disk: {traces:?}");
    officer.close().await;
}

/// The files under a folder that hold the beginning of a PDF in the clear.
fn copies(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(copies(&path));
        } else if std::fs::read(&path)
            .is_ok_and(|bytes| bytes.windows(8).any(|window| window == b"%PDF-1.7"))
        {
            found.push(path);
        }
    }
    found
}
