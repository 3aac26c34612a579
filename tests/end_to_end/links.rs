//! Mailed links: the first password of somebody who was invited, and another for a forgotten one.

use std::time::Duration;

use behorig_server::demo::{DemoPerson, INVITED, OFFICER, TECHNICIAN};
use behorig_testkit::{Browser, Desk, Page, TestServer, until};
use serde_json::{Value, json};

const CASE: &str = "F-gas, kategori I";
const NEW: &str = "sju sköna sjömän";
const MINUTE: Duration = Duration::from_secs(60);

/// Waits until so many mails with a link have come, and gives the newest one's.
pub(super) async fn link(server: &TestServer, person: DemoPerson, count: usize) -> String {
    until(&format!("mail {count} with a link"), async || {
        let mails = server.mails_to(person.email).into_iter();
        let links: Vec<String> = mails
            .filter_map(|mail| {
                let mut words = mail.text.split_whitespace().map(str::to_owned);
                words.find(|word| word.starts_with("http"))
            })
            .collect();
        assert!(links.len() <= count, "{links:?}");
        links.get(count - 1).cloned()
    })
    .await
}

fn at(server: &TestServer, page: &str) -> String {
    format!("{}/link/{page}", server.url())
}

fn token(link: &str) -> &str {
    link.rsplit('/').next().unwrap()
}

/// Has a code sent by a link, as a person does.
pub(super) async fn code(
    browser: &Browser,
    server: &TestServer,
    person: DemoPerson,
    link: &str,
) -> String {
    let first = browser.open(link).await;
    let token = first.field("token").unwrap();
    let second = browser.send(&at(server, "code"), &[("token", &token)]).await;
    assert!(second.status.is_success() && second.says(person.user_name), "{}", second.html);
    server.code(person.phone).unwrap()
}

pub(super) async fn choose(
    browser: &Browser,
    server: &TestServer,
    link: &str,
    code: &str,
    password: &str,
) -> Page {
    let token = token(link);
    let form = [("token", token), ("code", code), ("password", password), ("repeated", password)];
    browser.send(&at(server, "password"), &form).await
}

async fn sign_in(
    desk: &Desk,
    server: &TestServer,
    person: DemoPerson,
    password: &'static str,
) -> Result<Value, Value> {
    let person = DemoPerson { password, ..person };
    let words = desk.words(&server.url(), person, "smörgåstårta");
    desk.try_call("session.sign_in", words).await?;
    let code = server.code(person.phone).unwrap();
    desk.try_call("session.code", json!({ "code": code })).await
}

async fn forgot(desk: &Desk, server: &TestServer, name: &str) -> Result<Value, Value> {
    let asked = json!({ "server": server.url(), "name": name });
    desk.try_call("session.forgotten", asked).await
}

/// Covers KW-07
#[tokio::test(flavor = "multi_thread")]
async fn an_invited_person_gets_one_mail_and_chooses_the_password_themselves() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    let link = link(&server, INVITED, 1).await;
    let mail = server.mails_to(INVITED.email).pop().unwrap();
    // the link itself is of chance, and may have the number's digits
    let words: Vec<&str> = mail.text.lines().filter(|line| !line.contains("/link/")).collect();
    let words = words.join("\n");
    for secret in [INVITED.user_name, "Siri", INVITED.phone, "0609"] {
        assert!(!words.contains(secret), "{secret}: {words}");
    }
    for guess in ["", "nobody", INVITED.password] {
        let early = sign_in(&desk, &server, INVITED, guess).await.unwrap_err();
        assert_eq!(early["code"], "sign_in_refused", "nobody gets in before");
    }

    // a scanner of mail follows the link as often as it likes
    let browser = Browser::new("sv-SE,sv;q=0.9,en;q=0.8");
    for _ in 0..5 {
        let peeked = browser.peek(&link).await;
        assert!(peeked.is_success(), "{peeked}");
        let page = browser.open(&link).await;
        assert!(page.says("Aktivera ditt konto") && page.says("•••• 09"), "{}", page.html);
        assert!(!page.says(INVITED.user_name), "not before the telephone");
    }
    assert_eq!(server.code(INVITED.phone), None, "looking sends nothing");

    let code = code(&browser, &server, INVITED, &link).await;
    let done = choose(&browser, &server, &link, &code, INVITED.password).await;
    assert!(done.status.is_success(), "{}", done.html);
    assert!(done.says(INVITED.user_name) && done.says(&server.url()), "{}", done.html);
    sign_in(&desk, &server, INVITED, INVITED.password).await.unwrap();

    // the link is used up
    let used = browser.open(&link).await;
    assert!(used.status == 410 && used.says("gäller inte längre"), "{}", used.html);
    let twice = choose(&browser, &server, &link, &code, NEW).await;
    assert_eq!(twice.status, 410);
    assert_eq!(server.mails_to(INVITED.email).len(), 1, "one mail in all");
}

/// Covers KW-12
#[tokio::test(flavor = "multi_thread")]
async fn the_page_states_the_rules_and_what_breaks_them_costs_no_try() {
    let server = TestServer::start().await;
    let link = link(&server, INVITED, 1).await;
    let browser = Browser::new("sv");
    let code = code(&browser, &server, INVITED, &link).await;
    let long = "x y".repeat(500);
    for (password, words) in [
        ("", "för kort"),
        ("elva tecken", "för kort"),
        (&long, "för långt"),
        (INVITED.user_name, "ditt användarnamn"),
        ("Lösenord1234", "de första som någon gissar"),
        ("vedspis\u{200b}och vind", "tecken som inte syns"),
    ] {
        for _ in 0..3 {
            let page = choose(&browser, &server, &link, &code, password).await;
            assert!(page.status == 422 && page.says(words), "{password}: {}", page.html);
            assert!(page.says("Minst 12 tecken, högst 200"), "{}", page.html);
            let shown = page.says(&format!("\"{password}\""));
            let is_public = password.is_empty() || password == INVITED.user_name;
            assert!(is_public || !shown, "a password is never written into a page");
            assert_eq!(page.field("code").as_deref(), Some(code.as_str()), "the code stays");
        }
    }
    let differs = [("token", token(&link)), ("code", &code), ("password", NEW), ("repeated", "x")];
    let page = browser.send(&at(&server, "password"), &differs).await;
    assert!(page.says("inte lika"), "{}", page.html);
    let (first, rest) = code.split_at(3);
    let spaced = format!(" {first} {rest} ");
    let done = choose(&browser, &server, &link, &spaced, NEW).await;
    assert!(done.status.is_success(), "{}", done.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_link_voids_the_former_and_a_week_ends_it() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    let first = link(&server, INVITED, 1).await;
    // whoever has not activated yet gets the same sort of link
    forgot(&desk, &server, INVITED.user_name).await.unwrap();
    let second = link(&server, INVITED, 2).await;
    let browser = Browser::new("en-GB,en;q=0.9");
    let void = browser.open(&first).await;
    assert!(void.status == 410 && void.says("no longer valid"), "{}", void.html);
    assert!(browser.open(&second).await.says("Activate your account"));
    server.pass(7 * 24 * 60 * MINUTE - MINUTE);
    assert!(browser.open(&second).await.status.is_success());
    server.pass(2 * MINUTE);
    let old = browser.open(&second).await;
    assert!(old.status == 410 && old.says("Forgot your password"), "{}", old.html);
    forgot(&desk, &server, &format!(" {} ", INVITED.email.to_uppercase())).await.unwrap();
    let third = link(&server, INVITED, 3).await;
    let code = code(&browser, &server, INVITED, &third).await;
    assert!(choose(&browser, &server, &third, &code, NEW).await.status.is_success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_needs_mail_and_telephone_and_ends_all_sessions() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    desk.sign_in(&server, &server.url(), TECHNICIAN).await;
    let case = desk.case(CASE).await;
    desk.save_draft(&case, "Halvvägs").await;

    // the answer is the same for whoever is not there
    let nobody = forgot(&desk, &server, "nobody@example.com").await.unwrap();
    assert_eq!(forgot(&desk, &server, TECHNICIAN.user_name).await.unwrap(), nobody);
    let link = link(&server, TECHNICIAN, 1).await;
    assert!(server.mails_to("nobody@example.com").is_empty());
    desk.line("online").await;

    let browser = Browser::new("sv");
    let code = code(&browser, &server, TECHNICIAN, &link).await;
    let done = choose(&browser, &server, &link, &code, NEW).await;
    assert!(done.says("utloggad överallt"), "{}", done.html);
    desk.line("sign_in_needed").await;
    let old = sign_in(&desk, &server, TECHNICIAN, TECHNICIAN.password).await.unwrap_err();
    assert_eq!(old["code"], "sign_in_refused");
    sign_in(&desk, &server, TECHNICIAN, NEW).await.unwrap();
    assert_eq!(desk.draft(&case).await.as_deref(), Some("Halvvägs"), "nothing here is lost");
    until("the mail that says so", async || {
        let mails = server.mails_to(TECHNICIAN.email);
        mails.iter().any(|mail| mail.subject.contains("ändrat")).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_holds_for_half_an_hour_and_asking_often_is_stopped() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    forgot(&desk, &server, TECHNICIAN.email).await.unwrap();
    let first = link(&server, TECHNICIAN, 1).await;
    let browser = Browser::new("sv");
    assert!(browser.open(&first).await.says("Välj ett nytt lösenord"));
    server.pass(31 * MINUTE);
    assert_eq!(browser.open(&first).await.status, 410);
    for name in [TECHNICIAN.email, "nobody@example.com"] {
        let mut asked = 0;
        let stopped = loop {
            match forgot(&desk, &server, name).await {
                Ok(_) => asked += 1,
                Err(error) => break error,
            }
            assert!(asked < 20, "somebody must stop this");
        };
        assert_eq!(stopped["code"], "too_many_tries", "for both alike");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_the_code_ends_the_link_and_another_persons_code_is_no_help() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let desk = Desk::open(data.path());
    forgot(&desk, &server, TECHNICIAN.user_name).await.unwrap();
    forgot(&desk, &server, OFFICER.user_name).await.unwrap();
    let theirs = link(&server, TECHNICIAN, 1).await;
    let own = link(&server, OFFICER, 1).await;
    let browser = Browser::new("sv");
    // before any code was sent none is right
    let early = choose(&browser, &server, &theirs, "000000", NEW).await;
    assert!(early.says("för gammal"), "{}", early.html);
    code(&browser, &server, TECHNICIAN, &theirs).await;
    let own_code = code(&browser, &server, OFFICER, &own).await;
    assert_eq!(choose(&browser, &server, &theirs, &own_code, NEW).await.status, 422);

    let mut tries = 2;
    while choose(&browser, &server, &theirs, "000000", NEW).await.status == 422 {
        tries += 1;
        // a new code brings no new tries
        browser.send(&at(&server, "code"), &[("token", token(&theirs))]).await;
        assert!(tries < 50, "somebody must stop this");
    }
    assert!(tries <= 10, "{tries}");
    let right = server.code(TECHNICIAN.phone).unwrap();
    assert_eq!(choose(&browser, &server, &theirs, &right, NEW).await.status, 410);
    let desk_of_theirs = sign_in(&desk, &server, TECHNICIAN, TECHNICIAN.password).await;
    desk_of_theirs.unwrap();
    // the other link is untouched, but its code is ten minutes old at some time
    server.pass(11 * MINUTE);
    let late = choose(&browser, &server, &own, &own_code, NEW).await;
    assert!(late.says("för gammal"), "{}", late.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn rubbish_gets_a_page_or_a_plain_no_and_no_page_runs_anything() {
    let server = TestServer::start().await;
    let link = link(&server, INVITED, 1).await;
    let browser = Browser::new("<script>");
    let huge = "x".repeat(100_000);
    for token in ["x", "style.css2", "%00", &"f".repeat(64), "<script>", "..%2f..%2fetc"] {
        let page = browser.open(&at(&server, token)).await;
        assert!(page.status.is_client_error() && !page.says("<script"), "{token}: {}", page.html);
    }
    for page in ["code", "again", "password"] {
        let none = browser.send(&at(&server, page), &[("lang", "sv")]).await;
        assert!(none.status.is_client_error(), "{}", none.status);
        let wrong = browser.send(&at(&server, page), &[("token", "\"><script>")]).await;
        assert!(wrong.status.is_client_error() && !wrong.says("<script"), "{}", wrong.html);
        assert!(browser.is_turned_away(&at(&server, page), &[("token", &huge)]).await);
    }
    let odd = choose(&browser, &server, &link, "\"><script>alert(1)</script>", NEW).await;
    assert!(!odd.says("<script"), "{}", odd.html);
    let page = browser.open(&format!("{link}?lang=en")).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; form-action 'self'"));
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(page.says("lang=\"en\"") && !page.says("style=\"") && !page.says("<script"));
    assert!(browser.open(&at(&server, "style.css")).await.status.is_success());
}
