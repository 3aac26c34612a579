//! Applying without an account: from the web page over the officer to the person's own program.

use std::{collections::BTreeMap, time::Duration};

use behorig_domain::{
    Command, IssuerId, RecordId, identity::AppointOfficer, services::PublishService,
};
use behorig_server::{
    demo::{COLLEAGUE, DemoPerson, OFFICER, TECHNICIAN},
    packs,
};
use behorig_server_store::{Holder, Keys, Mailing, Store};
use behorig_testkit::{Browser, Desk, Page, TestServer, until};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{cases::desk, factors, links};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Somebody whom nobody here knows; the number is of those that the tax agency gives to nobody.
const NUMBER: &str = "19811218-9876";
const KERSTIN: DemoPerson = DemoPerson {
    name: "Kerstin Åkerblom",
    user_name: "kerstin.akerblom",
    password: "vinden i granarna",
    phone: "+46701740611",
    email: "kerstin@example.com",
};
/// The technician's number, whom the body knows.
const KNOWN: &str = "19850312-2387";

type Fields<'a> = BTreeMap<&'a str, &'a str>;

fn at(server: &TestServer, page: &str) -> String {
    format!("{}/apply{page}", server.url())
}

/// The address of the form for a scheme, as it stands on the first page.
async fn form_address(browser: &Browser, server: &TestServer, scheme: &str) -> String {
    let page = browser.open(&at(server, "")).await;
    let mut links = page.html.split("href=\"").filter_map(|rest| rest.split_once('"'));
    let link = links.find(|(link, _)| link.contains(&format!("/{scheme}"))).unwrap().0;
    format!("{}{link}", server.url())
}

/// What Kerstin types.
fn typed() -> Fields<'static> {
    Fields::from([
        ("name", KERSTIN.name),
        ("identity_number", NUMBER),
        ("email", KERSTIN.email),
        ("phone", "070-174 06 11"),
        ("street", "Storgatan 1"),
        ("postal_code", "791 42"),
        ("town", "Falun"),
        ("country", "SE"),
        ("kind", "new"),
        ("text", "Jag har gått kursen i maj."),
    ])
}

/// Fills the form in and sends it.
async fn fill_in(browser: &Browser, server: &TestServer, mut fields: Fields<'_>) -> Page {
    let form = browser.open(&form_address(browser, server, "energy-expert").await).await;
    assert!(form.status.is_success(), "{}", form.html);
    let hidden = ["id", "service", "scheme"].map(|name| (name, form.field(name).unwrap()));
    for (name, value) in &hidden {
        fields.entry(name).or_insert(value);
    }
    let fields: Vec<(&str, &str)> = fields.into_iter().collect();
    browser.send(&at(server, "/send"), &fields).await
}

/// Fills the form in and confirms the address.
async fn apply(server: &TestServer, fields: Fields<'_>, mails: usize) {
    let browser = Browser::new("sv");
    let email = fields["email"];
    let sent = fill_in(&browser, server, fields).await;
    assert!(sent.status.is_success() && sent.says(email), "{}", sent.html);
    let person = DemoPerson { email: Box::leak(email.to_owned().into_boxed_str()), ..KERSTIN };
    let link = links::link(server, person, mails).await;
    let page = browser.open(&link).await;
    let token = page.field("token").unwrap();
    let done = browser.send(&at(server, "/confirm"), &[("token", &token)]).await;
    assert!(done.says("väntar på en handläggare"), "{}", done.html);
}

async fn waiting(officer: &Desk) -> Value {
    officer.call("applicants.list", json!({ "purpose": "handling" })).await
}

async fn first(officer: &Desk) -> String {
    waiting(officer).await["applicants"][0]["id"].as_str().unwrap().to_owned()
}

async fn shown(officer: &Desk, id: &str) -> Value {
    officer.call("applicants.show", json!({ "id": id, "purpose": "handling" })).await
}

async fn activate(officer: &Desk, id: &str) -> Result<Value, Value> {
    let asked = json!({ "id": id, "phone_checked": true });
    officer.try_call("applicants.activate", asked).await
}

/// Covers KW-07
#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_an_account_applies_and_finds_their_case_in_the_program() {
    let server = TestServer::start().await;
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let officer = desk(&server, one.path(), OFFICER).await;
    let browser = Browser::new("sv");
    let sent = fill_in(&browser, &server, typed()).await;
    assert!(sent.status.is_success() && sent.says("Öppna länken"), "{}", sent.html);
    let link = links::link(&server, KERSTIN, 1).await;
    let mail = server.mails_to(KERSTIN.email).pop().unwrap();
    for secret in ["Kerstin", "9876", "Energi", "0611"] {
        assert!(!mail.text.contains(secret), "{secret}: {}", mail.text);
    }
    assert_eq!(waiting(&officer).await["total"], 0, "not before the address is confirmed");
    // a scanner of mail follows the link as often as it likes
    for _ in 0..3 {
        assert!(browser.open(&link).await.says("Bekräfta"));
    }
    assert_eq!(waiting(&officer).await["total"], 0);
    let token = browser.open(&link).await.field("token").unwrap();
    for _ in 0..2 {
        let done = browser.send(&at(&server, "/confirm"), &[("token", &token)]).await;
        assert!(done.says("väntar på en handläggare"), "{}", done.html);
    }

    let list = waiting(&officer).await;
    assert_eq!(list["total"], 1, "however often it is confirmed: {list}");
    assert_eq!(list["applicants"][0]["name"], KERSTIN.name);
    assert_eq!(list["applicants"][0]["title"]["sv"], "Energiexpert");
    let id = first(&officer).await;
    let page = shown(&officer, &id).await;
    assert_eq!(page["identity_number"], NUMBER);
    assert_eq!(page["known"], Value::Null);
    assert_eq!(page["text"], "Jag har gått kursen i maj.");
    let unchecked = json!({ "id": id, "phone_checked": false });
    officer.try_call("applicants.activate", unchecked).await.unwrap_err();
    assert_eq!(server.mails_to(KERSTIN.email).len(), 1, "no account before the activation");

    let done = activate(&officer, &id).await.unwrap();
    assert_eq!(done["outcome"], "activated");
    assert_eq!((&done["invited"], &done["by_me"]), (&json!(true), &json!(true)));
    let again = activate(&officer, &id).await.unwrap();
    assert_eq!(again, done, "asked twice, done once");
    assert_eq!(waiting(&officer).await["total"], 0);

    let link = links::link(&server, KERSTIN, 2).await;
    let code = links::code(&browser, &server, KERSTIN, &link).await;
    let chosen = links::choose(&browser, &server, &link, &code, KERSTIN.password).await;
    assert!(chosen.status.is_success(), "{}", chosen.html);
    let kerstin = desk(&server, two.path(), KERSTIN).await;
    let case = kerstin.case("Energiexpert").await;
    let file = kerstin.call("cases.show", json!({ "case": case })).await;
    assert_eq!(file["number"], done["number"]);
    assert_eq!(file["identity_number"], NUMBER);
    kerstin.sees(&case, "Jag har gått kursen i maj.", "received").await;
    let contact = until("the details", async || {
        let contact = kerstin.call("contact.show", json!({ "case": case })).await;
        (!contact.is_null()).then_some(contact)
    });
    let details = contact.await["details"].clone();
    let town = json!({ "field": "town", "value": "Falun" });
    assert!(details.as_array().unwrap().contains(&town), "{details}");

    // it waits like any case that nobody has taken
    let asked = json!({ "purpose": "handling", "text": "Kerstin", "handled_by": "nobody",
                        "stage": "application", "after": null });
    let queue = officer.call("queue.search", asked).await;
    assert_eq!(queue["cases"][0]["number"], done["number"], "{queue}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_known_gets_a_case_and_no_stranger_gets_their_account() {
    let server = TestServer::start().await;
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let officer = desk(&server, one.path(), OFFICER).await;
    // somebody with the technician's number, and an address and telephone of their own
    let mut fields = typed();
    fields.insert("identity_number", KNOWN);
    let browser = Browser::new("sv");
    let stranger = fill_in(&browser, &server, typed()).await;
    let known = fill_in(&browser, &server, fields.clone()).await;
    assert_eq!(stranger.html, known.html, "the page does not tell who is known");
    links::link(&server, KERSTIN, 2).await;
    fields.insert("email", "someone@example.com");
    let scheme = [("kind", "renewal"), ("certificate", "FG-1"), ("text", "")];
    fields.extend(scheme);
    apply(&server, fields, 1).await;

    let id = first(&officer).await;
    let page = shown(&officer, &id).await;
    assert_eq!(page["known"]["name"], TECHNICIAN.name);
    assert_eq!(page["known"]["has_account"], true);
    assert_eq!(page["known"]["undecided"], "2026-11907");
    let email = page["details"].as_array().unwrap().iter().find(|it| it["field"] == "email");
    assert_eq!(email.unwrap()["known"], TECHNICIAN.email, "for the officer to compare");
    assert_eq!(page["text"], "Ansökan gäller förnyelse av certifikat FG-1.");
    // the technician has applied for the same, so the rules say no, and it waits as before
    let no = activate(&officer, &id).await.unwrap();
    assert_eq!(no["rejection"]["code"], "already_applied", "{no}");
    assert_eq!(waiting(&officer).await["total"], 1);

    // refused: the mail says so in neutral words, and nothing of it is kept
    let refuse = json!({ "id": id, "reason": "has_account" });
    let refused = officer.call("applicants.refuse", refuse.clone()).await;
    assert_eq!(refused["outcome"], "refused");
    assert_eq!(officer.call("applicants.refuse", refuse).await, refused);
    assert_eq!(activate(&officer, &id).await.unwrap(), refused, "it cannot be both");
    let mail = until("the mail that says so", async || {
        let mails = server.mails_to("someone@example.com");
        mails.into_iter().find(|mail| mail.subject == "Om din ansökan")
    })
    .await;
    assert!(mail.text.contains("redan har ett konto") && !mail.text.contains("Energi"));
    assert!(!mail.text.contains('{'), "{}", mail.text);
    let gone = json!({ "id": id, "purpose": "handling" });
    assert_eq!(officer.try_call("applicants.show", gone).await.unwrap_err()["code"], "internal");
    // neither has the technician's account or mail changed
    let technician = desk(&server, two.path(), TECHNICIAN).await;
    let account = technician.call("account.state", json!({})).await;
    assert_eq!(account["phone"], "•••• 05");
    assert_eq!(server.mails_to("someone@example.com").len(), 2);
}

/// Some mail programs open a link before its reader does.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_confirmed_twice_at_once_makes_one_application() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let officer = desk(&server, data.path(), OFFICER).await;
    let browsers = [(); 3].map(|()| Browser::new("sv"));
    fill_in(&browsers[0], &server, typed()).await;
    let link = links::link(&server, KERSTIN, 1).await;
    // all have the page open before any of them confirms
    let token = browsers[0].open(&link).await.field("token").unwrap();
    for browser in &browsers[1..] {
        assert_eq!(browser.open(&link).await.field("token").as_ref(), Some(&token));
    }
    let (page, fields) = (at(&server, "/confirm"), [("token", token.as_str())]);
    let [one, two, three] = &browsers;
    let (one, two, three) = tokio::join!(
        one.send(&page, &fields),
        two.send(&page, &fields),
        three.send(&page, &fields)
    );
    for page in [one, two, three] {
        assert!(page.says("väntar på en handläggare"), "{}", page.html);
    }
    assert_eq!(waiting(&officer).await["total"], 1);
    let id = first(&officer).await;
    assert_eq!(activate(&officer, &id).await.unwrap()["outcome"], "activated");
    let after = browsers[0].open(&link).await;
    assert!(after.field("token").is_none(), "used up: {}", after.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_officers_at_once_make_one_case() {
    let server = TestServer::start().await;
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let officer = desk(&server, one.path(), OFFICER).await;
    let colleague = desk(&server, two.path(), COLLEAGUE).await;
    apply(&server, typed(), 1).await;
    let id = first(&colleague).await;
    let refuse = json!({ "id": id, "reason": "incomplete" });
    let (a, b, c) =
        tokio::join!(activate(&officer, &id), activate(&colleague, &id), activate(&officer, &id));
    let (a, b, c) = (a.unwrap(), b.unwrap(), c.unwrap());
    assert_eq!((&a["number"], &a["outcome"]), (&b["number"], &json!("activated")));
    assert_eq!(a["number"], c["number"]);
    assert_ne!(a["by_me"], b["by_me"], "each is told who it was");
    assert_eq!(colleague.call("applicants.refuse", refuse).await["outcome"], "activated");
    links::link(&server, KERSTIN, 2).await;
    let asked = json!({ "purpose": "question", "text": "Kerstin", "handled_by": "anybody",
                        "stage": null, "after": null });
    assert_eq!(officer.call("queue.search", asked).await["total"], 1);
}

/// A body of its own with an officer.
async fn other_body(server: &TestServer) -> DemoPerson {
    let other = DemoPerson {
        name: "Rut Ek",
        user_name: "rut.ek",
        password: "gran och tall",
        phone: "+46701740612",
        email: "rut@other.example",
    };
    let operator = server.running().operator();
    let DemoPerson { name, user_name, password, phone, email } = other;
    let person = operator.register(name, user_name, password, phone, Some(email)).await.unwrap();
    let mut pack: PublishService = packs::read(packs::CERTIFICATION).unwrap();
    let issuer = IssuerId(Uuid::now_v7());
    pack.id = RecordId(Uuid::now_v7());
    pack.service.issuer = Some(issuer);
    pack.service.name.sv = "Övriga".into();
    let service = pack.id;
    operator.command(Command::PublishService(pack)).await.unwrap();
    let appoint = AppointOfficer { issuer, service, person };
    operator.command(Command::AppointOfficer(appoint)).await.unwrap();
    other
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_bodys_officers_sees_an_application_and_each_look_is_written_down() {
    let server = TestServer::start().await;
    apply(&server, typed(), 1).await;
    let rut = other_body(&server).await;
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let officer = desk(&server, folders[0].path(), OFFICER).await;
    let elsewhere = desk(&server, folders[1].path(), rut).await;
    let technician = desk(&server, folders[2].path(), TECHNICIAN).await;
    let id = first(&officer).await;
    shown(&officer, &id).await;
    assert_eq!(waiting(&elsewhere).await["total"], 0);
    for other in [&elsewhere, &technician] {
        let asked = json!({ "id": id, "purpose": "review" });
        other.try_call("applicants.show", asked).await.unwrap_err();
        activate(other, &id).await.unwrap_err();
        let refuse = json!({ "id": id, "reason": "incomplete" });
        other.try_call("applicants.refuse", refuse).await.unwrap_err();
    }
    let list = json!({ "purpose": "handling" });
    technician.try_call("applicants.list", list).await.unwrap_err();
    assert_eq!(waiting(&officer).await["total"], 1);

    let store =
        behorig_server_store::Store::open_reader(&server.data().join("behorig.db")).unwrap();
    let person = store.account(OFFICER.user_name).unwrap().unwrap().person;
    let lookups = store.lookups(person).unwrap();
    let looked = format!("{{\"application\":\"{id}\"}}");
    assert!(lookups.iter().any(|(_, why, what)| why == "handling" && *what == looked));
    // what was filled in lies sealed
    let bytes = std::fs::read(server.data().join("behorig.db")).unwrap();
    let log = std::fs::read(server.data().join("behorig.db-wal")).unwrap_or_default();
    for secret in ["Åkerblom", "198112189876", "Storgatan"] {
        let is_in = |bytes: &[u8]| bytes.windows(secret.len()).any(|it| it == secret.as_bytes());
        assert!(!is_in(&bytes) && !is_in(&log), "{secret} lies in the clear");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_stands_at_its_field_and_what_was_typed_stays() {
    let server = TestServer::start().await;
    let browser = Browser::new("en-GB,en;q=0.9");
    let mut wrong = typed();
    wrong.extend([
        ("name", "\"><script>alert(1)</script>"),
        ("identity_number", "19811218-9875"),
        ("email", "kerstin"),
        ("phone", ""),
        ("postal_code", "1"),
        ("text", "</textarea><img src=x>"),
    ]);
    let page = fill_in(&browser, &server, wrong.clone()).await;
    assert_eq!(page.status, 422);
    assert!(page.says("This is no personal identity number") && page.says("five digits"));
    assert!(page.says("href=\"#identity_number\"") && page.says("Fill in: mobile phone"));
    assert!(!page.says("<script") && !page.says("<img"), "{}", page.html);
    assert!(page.says("&lt;script&gt;alert(1)") && page.says("value=\"19811218-9875\""));
    assert!(page.says("&lt;/textarea&gt;") && page.field("town").as_deref() == Some("Falun"));
    // the other language, with all of it
    let lang = wrong
        .into_iter()
        .chain([
            ("lang", "sv"),
            ("id", &page.field("id").unwrap() as &str),
            ("service", &page.field("service").unwrap()),
            ("scheme", "energy-expert"),
        ])
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect::<Vec<_>>();
    let lang: Vec<(&str, &str)> = lang.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let swedish = browser.send(&at(&server, "/again"), &lang).await;
    assert!(swedish.status.is_success() && swedish.says("Personnummer"), "{}", swedish.html);
    assert!(swedish.says("value=\"19811218-9875\"") && swedish.says("lang=\"sv\""));
    let policy = swedish.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; form-action 'self'"));
    assert!(!swedish.says("style=\"") && !swedish.says("<script"));

    let mut long = typed();
    let text = "å".repeat(1_901);
    long.insert("text", &text);
    assert!(fill_in(&browser, &server, long).await.says("At most 1900 characters"));
    let huge = "x".repeat(100_000);
    assert!(browser.is_turned_away(&at(&server, "/send"), &[("text", &huge)]).await);
    for odd in ["/x/y", "/confirm/x", "/%00/%00", "/confirm/%3Cscript%3E"] {
        let page = browser.open(&at(&server, odd)).await;
        assert!(page.status.is_client_error() && !page.says("<script"), "{odd}");
    }
    let nothing = browser.send(&at(&server, "/send"), &[]).await;
    assert!(nothing.status.is_client_error(), "{}", nothing.status);
    assert!(server.mails_to("kerstin").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_sent_twice_is_one_application_and_time_erases_what_waits() {
    let mut server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let browser = Browser::new("sv");
    let id = Uuid::now_v7().to_string();
    let mut twice = typed();
    twice.insert("id", &id);
    let one = fill_in(&browser, &server, twice.clone()).await;
    let two = fill_in(&browser, &server, twice).await;
    assert_eq!((one.status, &one.html), (two.status, &two.html));
    let link = links::link(&server, KERSTIN, 1).await;
    server.pass(6 * DAY);
    assert!(browser.open(&link).await.says("Bekräfta"));
    server.pass(2 * DAY);
    let token = link.rsplit('/').next().unwrap();
    let late = browser.send(&at(&server, "/confirm"), &[("token", token)]).await;
    assert!(late.status == 410 && late.says("gäller inte"), "{}", late.html);

    apply(&server, typed(), 2).await;
    server.pass(29 * DAY);
    let officer = desk(&server, data.path(), OFFICER).await;
    assert_eq!(waiting(&officer).await["total"], 1);
    let id = first(&officer).await;
    server.pass(2 * DAY);
    // the sweep runs when a server starts, and now and then
    server.stop().await;
    server.start_again().await;
    officer.line("online").await;
    assert_eq!(waiting(&officer).await["total"], 0);
    activate(&officer, &id).await.unwrap_err();
    let store =
        behorig_server_store::Store::open_reader(&server.data().join("behorig.db")).unwrap();
    let now = behorig_domain::Timestamp::from_millis(0).unwrap();
    assert!(store.application(id.parse().unwrap(), now).unwrap().is_none(), "erased");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_applications_is_told_and_shuts_out_nobody_who_waits() {
    let server = TestServer::start().await;
    apply(&server, typed(), 1).await;
    let browser = Browser::new("sv");
    let mut count = 0;
    let stopped = loop {
        let mut one = typed();
        let email = format!("flood{count}@example.com");
        one.insert("email", &email);
        let page = fill_in(&browser, &server, one).await;
        if page.status != 200 {
            break page;
        }
        count += 1;
        assert!(count <= 1_000, "somebody must stop this");
    };
    assert_eq!((stopped.status.as_u16(), count), (503, 1_000));
    assert!(stopped.says("just nu väntar för många") && stopped.says("value=\"Falun\""));
    let data = tempfile::tempdir().unwrap();
    let officer = desk(&server, data.path(), OFFICER).await;
    let id = first(&officer).await;
    assert_eq!(activate(&officer, &id).await.unwrap()["outcome"], "activated");
}

/// A form's id comes from outside: one that names a person must not reach their key.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_named_after_a_person_never_reaches_the_key_of_their_files_and_code_app() {
    let mut server = TestServer::start().await;
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let officer = desk(&server, folders[0].path(), OFFICER).await;
    let technician = desk(&server, folders[1].path(), TECHNICIAN).await;
    let app = factors::connect(&technician, &server).await;
    let keys = Keys::open(&server.data().join("keys.db")).unwrap();
    let store = Store::open_reader(&server.data().join("behorig.db")).unwrap();
    // one form is swept, one refused, one activated
    let people = [TECHNICIAN, OFFICER, COLLEAGUE]
        .map(|person| store.account(person.user_name).unwrap().unwrap().person);
    let before = people.map(|person| keys.of_or_new(Holder::Person(person)).unwrap());
    let ids = people.map(|person| person.0.to_string());
    let mut swept = typed();
    swept.insert("id", &ids[0]);
    swept.insert("email", "swept@example.com");
    fill_in(&Browser::new("sv"), &server, swept).await;
    let mut refused = typed();
    refused.insert("id", &ids[1]);
    refused.insert("email", "refused@example.com");
    apply(&server, refused, 1).await;
    let mut activated = typed();
    activated.insert("id", &ids[2]);
    apply(&server, activated, 1).await;
    let refuse = json!({ "id": ids[1], "reason": "incomplete" });
    assert_eq!(officer.call("applicants.refuse", refuse).await["outcome"], "refused");
    until("the refusal", async || {
        (server.mails_to("refused@example.com").len() == 2).then_some(())
    })
    .await;
    assert_eq!(activate(&officer, &ids[2]).await.unwrap()["outcome"], "activated");
    server.pass(8 * DAY);
    server.stop().await;
    server.start_again().await;

    let now = behorig_domain::Timestamp::from_millis(server.millis()).unwrap();
    let id = RecordId(people[0].0);
    assert!(store.application(id, now).unwrap().is_none(), "it is swept");
    for (person, before) in people.into_iter().zip(before) {
        assert_eq!(keys.of(Holder::Person(person)).unwrap(), Some(before));
        let application = Holder::Application(RecordId(person.0));
        until("the end of the application's own key", async || {
            keys.of(application).unwrap().is_none().then_some(())
        })
        .await;
    }
    let (other, asked) = factors::knock(&server, folders[2].path()).await;
    assert_eq!(asked["factor"], "totp");
    factors::enter(&other, &app.shows(server.millis())).await.unwrap();
}

/// What cannot be opened holds up nobody else: neither their mail nor their place before the officers.
#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_cannot_be_opened_holds_up_nobody_else() {
    let mut server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let officer = desk(&server, data.path(), OFFICER).await;
    let lost = Uuid::now_v7();
    let id = lost.to_string();
    let mut first = typed();
    first.insert("id", &id);
    first.insert("email", "lost@example.com");
    apply(&server, first, 1).await;
    assert_eq!(waiting(&officer).await["total"], 1);
    server.stop().await;
    let keys = Keys::open(&server.data().join("keys.db")).unwrap();
    keys.erase(Holder::Application(RecordId(lost))).unwrap();
    let mut store = Store::open(&server.data().join("behorig.db")).unwrap();
    let now = behorig_domain::Timestamp::from_millis(server.millis()).unwrap();
    let put =
        store.write(|writing| writing.mail_applicant(RecordId(lost), Mailing::Application, now));
    put.unwrap();
    drop(store);
    server.start_again().await;
    officer.line("online").await;

    // their mail comes though the one before it cannot be written
    apply(&server, typed(), 1).await;
    let list = waiting(&officer).await;
    assert_eq!((&list["total"], &list["applicants"][0]["name"]), (&json!(1), &json!(KERSTIN.name)));
    assert_eq!(server.mails_to("lost@example.com").len(), 1);
    let id = list["applicants"][0]["id"].as_str().unwrap();
    assert_eq!(activate(&officer, id).await.unwrap()["outcome"], "activated");
}
