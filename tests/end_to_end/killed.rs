//! The server is killed while people write.

use std::{path::Path, time::Duration};

use behorig_server::demo::{OFFICER, TECHNICIAN};
use behorig_testkit::{Desk, ServerProcess};

const CASE: &str = "F-gas, kategori I";
const MESSAGES: usize = 60;
const KILLS: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_while_people_write_loses_and_repeats_nothing() {
    let beside = Path::new(env!("CARGO_BIN_EXE_behorig")).parent().unwrap();
    let mut server = ServerProcess::start(&beside.join("behorig-server"));
    let (data, officers_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, officer) = (Desk::open(data.path()), Desk::open(officers_data.path()));
    for (desk, person) in [(&desk, TECHNICIAN), (&officer, OFFICER)] {
        desk.sign_in_with(&server.url(), person, async || server.code(person).await).await;
    }
    let case = desk.case(CASE).await;
    officer.case(CASE).await;

    let text = |who: &str, n: usize| format!("{who} {n:02}");
    let write = async |desk: &Desk, who: &str| {
        for n in 0..MESSAGES {
            desk.send(&case, &text(who, n)).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    // on a thread of its own: the writers go on while the server is down
    let killer = std::thread::spawn(move || {
        for n in 0..KILLS {
            // not in step with the writers
            std::thread::sleep(Duration::from_millis(130 + 37 * n as u64));
            server.kill_and_start_again();
        }
        server
    });
    tokio::join!(write(&desk, "tekniker"), write(&officer, "handläggare"));
    let _server = killer.join().unwrap();

    for (who, last) in [("tekniker", MESSAGES - 1), ("handläggare", MESSAGES - 1)] {
        desk.sees(&case, &text(who, last), "received").await;
        officer.sees(&case, &text(who, last), "received").await;
    }
    let here = desk.messages(&case).await;
    assert_eq!(here, officer.messages(&case).await, "both see the same in the same order");
    for who in ["tekniker", "handläggare"] {
        let theirs: Vec<&String> =
            here.iter().map(|(text, _)| text).filter(|text| text.starts_with(who)).collect();
        let expected: Vec<String> = (0..MESSAGES).rev().map(|n| text(who, n)).collect();
        assert_eq!(theirs, expected.iter().collect::<Vec<_>>(), "each once, in its order");
    }
}
