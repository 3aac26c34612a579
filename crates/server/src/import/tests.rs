use std::{fs, sync::Arc};

use behorig_domain::{
    PersonId, Read, Record,
    cases::{Case, Certificate, Stage},
    documents::{Document, DocumentRow, RowState},
    identity::Profile,
};
use behorig_files::samples;
use behorig_sms::Kept;
use tempfile::TempDir;

use super::*;
use crate::{Unplugged, system_clock};

const PEOPLE: &str = "key;name;user_name;phone;email\n\
    p1;Åsa Öberg;asa.oberg;+46701740601;asa@example.com\n\
    p2;\"Björn; den yngre\";;;\n";
const CASES: &str = "key,holder,identity_number,scheme,number,title\n\
    c1,p1,19850312-2387,energy-expert,2019-1,\n\
    c2,p2,197908242394,f-gas-1,2019-2,Kyla\n";
const CERTIFICATES: &str = concat!(
    r#"{"case":"c1","number":"CEX-77","level":"k","granted_on":"2024-02-29","#,
    r#""valid_to":"2029-02-28","card":true,"published":"ja","file":"arkiv/cex-77.pdf"}"#,
    "\n"
);

/// A server with the demo's service and officers, and a folder of files to take in.
struct World {
    data: TempDir,
    files: TempDir,
}

impl World {
    async fn new() -> Self {
        let world =
            Self { data: tempfile::tempdir().unwrap(), files: tempfile::tempdir().unwrap() };
        let server = Unplugged::open(world.data.path(), system_clock(), Arc::new(Kept::default()));
        server.unwrap().operator().fill_with_demo().await.unwrap();
        fs::create_dir(world.files.path().join("arkiv")).unwrap();
        world.put("arkiv/cex-77.pdf", samples::pdf("Certifikat", "Åsa Öberg"));
        world
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        fs::write(self.files.path().join(name), bytes).unwrap();
        self
    }

    fn asked(&self, files: &[&str]) -> Import {
        let files = files.iter().map(|name| self.files.path().join(name)).collect();
        Import { files, dry_run: false, invite: false, issuer: None, service: None }
    }

    fn import(&self, files: &[&str]) -> (Summary, Vec<String>) {
        self.run(&self.asked(files), Lang::Sv)
    }

    /// What came of it, and what was told but the progress; files by their names alone.
    fn run(&self, asked: &Import, lang: Lang) -> (Summary, Vec<String>) {
        let mut told = Vec::new();
        let folder = format!("{}/", self.files.path().display());
        let now = (system_clock())();
        let summary = run(self.data.path(), asked, now, &mut |word| {
            if !matches!(word, Told::Progress { .. }) {
                told.push(word.words(lang).replace(&folder, ""));
            }
        });
        (summary.unwrap(), told)
    }

    fn store(&self) -> Store {
        Store::open(&self.data.path().join(DATABASE)).unwrap()
    }

    fn all<B: serde::de::DeserializeOwned>(&self, kind: Kind) -> Vec<(Record, B)> {
        let all = self.store().all(kind).unwrap();
        all.into_iter().map(|record| (record.clone(), record.read().unwrap())).collect()
    }

    /// To whom a mail is on its way.
    fn mailed(&self) -> Vec<PersonId> {
        let (mut people, mut store) = (Vec::new(), self.store());
        while let Some(mail) = store.next_outgoing((system_clock())()).unwrap() {
            people.push(mail.person);
            store.write(|writing| writing.end_outgoing(mail.no, mail.at)).unwrap();
        }
        people
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> =
            self.all::<Profile>(Kind::Profile).into_iter().map(|(_, it)| it.name).collect();
        names.sort();
        names
    }
}

fn summary(new: u64, unchanged: u64) -> Summary {
    Summary { new, unchanged, faults: 0, taken: true }
}

#[tokio::test]
async fn people_cases_and_certificates_are_taken_in_once_whatever_the_order_of_the_files() {
    let world = World::new().await;
    world.put("people.csv", PEOPLE).put("cases.csv", CASES).put("certificates.jsonl", CERTIFICATES);
    let files = ["certificates.jsonl", "cases.csv", "people.csv"];
    let dry = Import { dry_run: true, ..world.asked(&files) };
    let (checked, told) = world.run(&dry, Lang::Sv);
    assert_eq!((checked, told), (Summary { taken: false, ..summary(5, 0) }, vec![]));
    assert!(!world.names().contains(&"Åsa Öberg".to_owned()), "a dry run changes nothing");

    assert_eq!(world.import(&files), (summary(5, 0), vec![]));
    let asa = world.store().account("Asa.Oberg").unwrap().unwrap();
    assert_eq!((asa.password_hash, asa.phone.as_str()), (None, "+46701740601"));
    assert!(!world.mailed().contains(&asa.person), "nobody is mailed");
    let cases = world.all::<Case>(Kind::Case);
    let of = |number: &str| cases.iter().find(|(_, case)| case.number == number).unwrap();
    let (record, case) = of("2019-1");
    assert_eq!((case.title.as_str(), case.stage), ("Energiexpert", Stage::Granted));
    assert_eq!((case.holder.person, case.holder.name.as_str()), (asa.person, "Åsa Öberg"));
    let (_, waiting) = of("2019-2");
    assert_eq!((waiting.title.as_str(), waiting.stage), ("Kyla", Stage::Application));
    assert_eq!(waiting.holder.name, "Björn; den yngre");
    let certificates = world.all::<Certificate>(Kind::Certificate);
    let [(_, certificate)] = &certificates[..] else { panic!("{certificates:?}") };
    assert_eq!((certificate.case, certificate.number.as_str()), (record.at.id, "CEX-77"));
    assert_eq!((certificate.card, certificate.published), (true, true));
    assert_eq!(certificate.valid_to.to_string(), "2029-02-28");
    let open = world.all::<DocumentRow>(Kind::DocumentRow);
    let of_case = open.iter().filter(|(_, row)| row.case == record.at.id && row.required);
    assert!(of_case.clone().count() > 0);
    assert!(of_case.clone().all(|(_, row)| row.state == RowState::Accepted), "nothing is awaited");
    the_file_is_the_holders(&world, asa.person);

    assert_eq!(world.import(&files), (summary(0, 5), vec![]), "the same again");
    assert_eq!(world.all::<Case>(Kind::Case).len(), cases.len());
}

/// Sealed under the holder's key, and its bytes are those of the archive.
fn the_file_is_the_holders(world: &World, holder: PersonId) {
    let documents = world.all::<Document>(Kind::Document);
    let [(_, document)] = &documents[..] else { panic!("{documents:?}") };
    assert_eq!((document.author, document.file.name.as_str()), (holder, "cex-77.pdf"));
    let uploads = Uploads::open(world.data.path()).unwrap();
    let mut reader = uploads.reader(document.file.id, holder).unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut reader, &mut bytes).unwrap();
    assert_eq!(bytes, samples::pdf("Certifikat", "Åsa Öberg"));
}

#[tokio::test]
async fn a_file_from_an_older_system_is_read_as_windows_1252_and_that_is_said() {
    let world = World::new().await;
    world.put("people-1.csv", b"key;name\r\na;\xc5sa \x96 \xd6berg\r\n");
    world.put("people-2.csv", "\u{feff}key;name\r\nb;Åsa – Öberg\r\n");
    world.put("people-3.csv", b"\xff\xfek\0e\0y\0");
    let (done, told) = world.import(&["people-1.csv", "people-2.csv"]);
    assert_eq!(told, ["people-1.csv: läses som Windows-1252"]);
    assert_eq!(done, summary(2, 0));
    let same = world.names().into_iter().filter(|name| name == "Åsa – Öberg").count();
    assert_eq!(same, 2);
    let (_, told) = world.import(&["people-3.csv"]);
    assert_eq!(told, ["people-3.csv: väntade UTF-8 eller Windows-1252"]);
    world.put("people-4.csv", b"key;name\na;\xe5\x81\n");
    let (_, told) = world.import(&["people-4.csv"]);
    assert_eq!(told[1], "people-4.csv:2: väntade UTF-8 eller Windows-1252");
}

#[tokio::test]
async fn every_fault_of_every_file_is_told_at_once_and_nothing_is_taken_in() {
    let world = World::new().await;
    world.put(
        "people.csv",
        "key;name;user_name;phone;email\n\
         a;Anna;;;\n\
         a;Anna igen;;;\n\
         ;Bo;;;\n\
         19811218-9876;Cia;;;\n\
         8112189876;Cia;;;\n\
         d;;;;\n\
         e;Eva;två ord;070;nej\n\
         f;Finn;finn;;\n\
         g;\"Gun;;;\n\
         h;Hans\n\
         i;Ida;ASA.LINDQVIST;+46701740600;ida@example.com\n",
    );
    world.put(
        "cases.csv",
        "key;holder;identity_number;scheme;number\n\
         c1;a;19850312-2388;f-gas-1;1\n\
         c2;nobody;19850312-2387;f-gas-9;1\n\
         c3;a;850312-2387;f-gas-1;2026-10482\n\
         c4;a;19850312-2387;f-gas-1;4\n",
    );
    world.put("arkiv/betyg.pdf", samples::executable());
    world.put(
        "certificates.jsonl",
        [
            r#"{"case":"c4","number":"1","granted_on":"2999-01-01","valid_to":"29/2","level":"n"}"#,
            r#"{"case":"c4","number":"1","granted_on":"2024-01-01","valid_to":"2024-01-01"}"#,
            r#"{"case":"c9","number":"2","granted_on":"2024-01-01","valid_to":"2029-01-01","card":"kanske"}"#,
            r#"{"case":"c1","number":3,"granted_on":"2024-01-01","valid_to":"2029-01-01","file":"../people.csv"}"#,
            r#"{"case":"c2","number":4,"granted_on":"2024-01-01","valid_to":"2029-01-01","file":"arkiv/betyg.pdf"}"#,
            r#"{"case":"c3","number":5,"granted_on":"2024-01-01","valid_to":"2029-01-01","file":"arkiv/x.pdf"}"#,
            r#"["case"]"#,
            r#"{"cas":"c3","number":{}}"#,
        ]
        .join("\n"),
    );
    let before = world.names();
    let files = ["people.csv", "cases.csv", "certificates.jsonl"];
    let (done, told) = world.run(&world.asked(&files), Lang::En);
    let columns = "case, number, granted_on, valid_to, level, card, published, file";
    let expected = [
        "people.csv:3, column key: found “a”, expected a value that does not stand already on line 2",
        "people.csv:4, column key: found nothing, expected a value",
        "people.csv:5, column key: found “19811218-****”, expected a key that is no personal identity number",
        "people.csv:6, column key: found “811218****”, expected a key that is no personal identity number",
        "people.csv:7, column name: found nothing, expected a value",
        "people.csv:8, column user_name: found “två ord”, expected a user name of 1 to 64 characters without \
         blanks and @",
        "people.csv:8, column phone: found “070”, expected a number such as +46701740605",
        "people.csv:8, column email: found “nej”, expected an e-mail address",
        "people.csv:9, column phone: found nothing, expected user_name, phone and email together, or none of them",
        "people.csv:9, column email: found nothing, expected user_name, phone and email together, or none of them",
        "people.csv:10: expected quotation marks that are closed on the same line",
        "people.csv:11: found “2”, expected 5 fields",
        "people.csv:12, column user_name: found “ASA.LINDQVIST”, expected a value that nobody else has at the server",
        "cases.csv:2, column identity_number: found “19850312-****”, expected a personal identity or coordination \
         number of twelve digits with the right check digit",
        "cases.csv:3, column holder: found “nobody”, expected the key of a person in the files or at the server",
        "cases.csv:3, column scheme: found “f-gas-9”, expected one of SCHEMES",
        "cases.csv:4, column identity_number: found “850312-****”, expected a personal identity or coordination \
         number of twelve digits with the right check digit",
        "certificates.jsonl:1, column valid_to: found “29/2”, expected a day such as 2026-11-22",
        "certificates.jsonl:2, column valid_to: found “2024-01-01”, expected a day after granted_on",
        "certificates.jsonl:3, column card: found “kanske”, expected yes or no",
        "certificates.jsonl:4, column file: found “../people.csv”, expected a path from the file's own folder, \
         without ..",
        "certificates.jsonl:5, column file: found “arkiv/betyg.pdf”, expected a file whose content is what its name \
         says",
        "certificates.jsonl:6, column file: found “arkiv/x.pdf”, expected a file that can be read",
        "certificates.jsonl:7: expected a JSON object on the line",
        &format!("certificates.jsonl:8: found “cas”, expected one of {columns}"),
        "certificates.jsonl:8, column number: found nothing, expected text, a number, true or false",
    ];
    let schemes = schemes(&world);
    let expected: Vec<_> = expected.iter().map(|it| it.replace("SCHEMES", &schemes)).collect();
    assert_eq!(told, expected);
    assert_eq!(done.faults, expected.len() as u64);
    assert!(!done.taken);
    assert_eq!(world.names(), before);
    for digits in ["9876", "2388", "2387"] {
        assert!(told.iter().all(|line| !line.contains(digits)), "a number stands whole");
    }
    let (_, swedish) = world.import(&["people.csv"]);
    assert_eq!(
        swedish[0],
        "people.csv:3, kolumn key: hittade “a”, väntade ett värde som inte redan står på rad 2"
    );
}

fn schemes(world: &World) -> String {
    let services = world.all::<Service>(Kind::Service);
    services[0].1.schemes.join(", ")
}

#[tokio::test]
async fn what_the_server_has_already_and_what_the_scheme_does_not_allow_is_told() {
    let world = World::new().await;
    world.put("people.csv", PEOPLE).put("cases.csv", CASES).put("certificates.jsonl", CERTIFICATES);
    world.import(&["people.csv", "cases.csv", "certificates.jsonl"]);
    world.put("people.csv", "key;name\np1;Åsa Ny\np2;Björn; den yngre\n");
    world.put(
        "cases.csv",
        "key,holder,identity_number,scheme,number\n\
        c1,p2,19850312-2387,energy-expert,2019-9\n\
        c7,p2,19790824-2394,f-gas-1,2026-10482\n",
    );
    world.put(
        "certificates.csv",
        "case;number;granted_on;valid_to;level\n\
        c1;CEX-78;2024-02-29;2029-02-28;k\n\
        c2;CEX-77;2024-02-29;2029-02-28;k\n\
        c7;X;2999-01-01;3000-01-01;\n",
    );
    let (done, told) = world.import(&["people.csv", "cases.csv", "certificates.csv"]);
    let again = ": raden är redan intagen, och det som har ändrats tas inte in igen";
    assert_eq!(
        told,
        [
            &format!("people.csv:2, kolumn name: hittade “Åsa Ny”, väntade “Åsa Öberg” {again}"),
            "people.csv:3: hittade “3”, väntade 2 fält",
            &format!("cases.csv:2, kolumn holder: hittade “p2”, väntade “Åsa Öberg” {again}"),
            &format!("cases.csv:2, kolumn number: hittade “2019-9”, väntade “2019-1” {again}"),
            "cases.csv:3, kolumn number: hittade “2026-10482”, väntade ett värde som ingen annan har på servern",
            &format!(
                "certificates.csv:2, kolumn number: hittade “CEX-78”, väntade “CEX-77” {again}"
            ),
            "certificates.csv:3, kolumn level: hittade “k”, väntade inget: certifieringen har inga nivåer",
            "certificates.csv:3, kolumn number: hittade “CEX-77”, väntade ett värde som ingen annan har på servern",
            "certificates.csv:4, kolumn granted_on: hittade “2999-01-01”, väntade en dag som har varit",
        ]
    );
    assert!(!done.taken);
}

#[tokio::test]
async fn a_file_without_its_columns_or_with_others_is_told_by_its_first_line() {
    let world = World::new().await;
    world.put("people.csv", "key;nam;key\nx;y;z\n").put("people-2.csv", "").put("persons.csv", "");
    world.put("cases.xlsx", "");
    let (_, told) = world.import(&["people.csv", "people-2.csv", "persons.csv", "cases.xlsx"]);
    let name = "väntade ett filnamn som börjar med people, cases eller certificates och slutar med .csv eller .jsonl";
    assert_eq!(
        told,
        [
            &format!("persons.csv: {name}"),
            &format!("cases.xlsx: {name}"),
            "people.csv:1: hittade “nam”, väntade någon av key, name, user_name, phone, email",
            "people.csv:1: hittade “key”, väntade varje kolumn en gång",
            "people.csv:1, kolumn name: hittade inget, väntade ett värde",
            "people-2.csv:1: väntade en första rad med key, name, user_name, phone, email",
        ]
    );
}

#[tokio::test]
async fn formulas_and_markup_are_text_like_any_other() {
    let world = World::new().await;
    let name = "=cmd|' /C calc'!A0 <b onload=x>Åsa</b> @SUM(1)";
    world.put("people.csv", format!("key;name\nx;{name}\n"));
    assert_eq!(world.import(&["people.csv"]).0, summary(1, 0));
    assert!(world.names().contains(&name.to_owned()));
}

#[tokio::test]
async fn an_import_that_is_broken_off_is_run_again_and_ends_as_if_it_had_not_been() {
    let world = World::new().await;
    let before = world.names().len();
    let rows: String = (0..2_300).map(|row| format!("k{row};Person {row}\n")).collect();
    world.put("people.csv", format!("key;name\n{rows}"));
    let asked = world.asked(&["people.csv"]);
    let broken = std::panic::catch_unwind(|| {
        run(world.data.path(), &asked, (system_clock())(), &mut |told| {
            assert!(
                !matches!(told, Told::Progress { rows: 1_000, taken: true }),
                "the power fails"
            );
        })
    });
    assert!(broken.is_err());
    let half = world.names().len() - before;
    assert_eq!(half, 1_000, "whole batches");
    assert_eq!(world.import(&["people.csv"]), (summary(1_300, 1_000), vec![]));
    assert_eq!(world.names().len() - before, 2_300);
}

#[tokio::test]
async fn of_ten_thousand_rows_every_faulty_one_is_told_with_its_line() {
    let world = World::new().await;
    let row = |row: usize| match row % 100 {
        7 => format!("k{row};\n"),
        _ => format!("k{row};Person {row}\n"),
    };
    world.put("people.csv", format!("key;name\n{}", (0..10_000).map(row).collect::<String>()));
    let (done, told) = world.import(&["people.csv"]);
    assert_eq!((done.faults, done.new, done.taken), (100, 9_900, false));
    for (place, line) in told.iter().enumerate() {
        let at = format!("people.csv:{}, kolumn name: hittade inget", place * 100 + 7 + 2);
        assert!(line.starts_with(&at), "{line}");
    }
}

#[tokio::test]
async fn whoever_gets_an_account_is_mailed_the_link_only_if_that_is_asked_for() {
    let world = World::new().await;
    world.put("people.csv", "key;name\np1;Åsa Öberg\n");
    world.import(&["people.csv"]);
    world.put("people.csv", PEOPLE);
    let asked = Import { invite: true, ..world.asked(&["people.csv"]) };
    assert_eq!(world.run(&asked, Lang::Sv).0, summary(2, 0), "an account for a known person");
    let asa = world.store().account("asa.oberg").unwrap().unwrap();
    assert!(world.mailed().contains(&asa.person));
    let at = Profile::at(asa.person);
    assert!(matches!(world.store().record(at).unwrap(), Read::Found(_)));
}
