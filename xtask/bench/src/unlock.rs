//! From the passphrase to the painted overview.
//!
//! Baseline: the same Argon2id and the same SQLCipher file, opened and read from once, in a process of its
//! own so that its memory is as fresh as the program's.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, ensure};
use behorig_store::{ReplicaKey, Store};
use behorig_testkit::{PASSPHRASE, window::Window};

use crate::{
    Measured, bare, client, millis,
    seed::{self, Place},
};

const ROUNDS: usize = 7;

/// From the press to the second frame after the first case stands there: then it is on the glass.
const UNLOCK: &str = r#"
    const done = arguments[0];
    const form = document.querySelector('[data-testid="unlock"]').closest('form');
    const begun = performance.now();
    form.requestSubmit();
    const look = () => {
      if (document.querySelector('[data-testid="overview-line"], [data-testid="case"]') === null) {
        requestAnimationFrame(look);
      } else {
        const shown = performance.now();
        requestAnimationFrame(() => requestAnimationFrame(() => {
          done([performance.now() - begun, shown - begun]);
        }));
      }
    };
    requestAnimationFrame(look);
"#;

/// Ours by WebDriver and the bare part, in turn.
pub async fn measure(place: &Place, program: &Path) -> anyhow::Result<Measured> {
    seed::replica(place).await?;
    let desk = seed::copied(place, &place.data.join("desk"))?;
    let (mut ours, mut baseline) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let window = Window::open(program, desk.path()).await;
        window.fill("[data-testid=\"passphrase\"]", PASSPHRASE).await;
        let times = window.run_until_done(UNLOCK).await;
        let painted = times.get(0).and_then(serde_json::Value::as_f64);
        ours.push(painted.with_context(|| format!("the window said {times}"))?);
        window.close().await;
        let bare = Command::new(std::env::current_exe()?)
            .args(["unlock-bare", "--data"])
            .arg(&place.data)
            .stderr(Stdio::inherit())
            .output()?;
        ensure!(bare.status.success(), "the bare part failed");
        baseline.push(serde_json::from_slice(&bare.stdout)?);
    }
    let also = vec![parts(&client::of_program(desk.path())?)?];
    Ok(Measured { ours, baseline, also, within: true })
}

/// How much of it is the product's code below the window.
fn parts(folder: &Path) -> anyhow::Result<String> {
    let begun = Instant::now();
    let key = ReplicaKey::unwrap(&folder.join("key.json"), None, PASSPHRASE)?;
    let unwrapped = millis(begun);
    let store = Store::open(&folder.join("replica.db"), &key)?;
    let opened = millis(begun);
    let cases = store.cases()?.len();
    Ok(format!(
        "without the window: key {unwrapped:.0} ms, replica {:.0} ms, list of {cases} cases {:.0} ms",
        opened - unwrapped,
        millis(begun) - opened,
    ))
}

/// Milliseconds from the passphrase to the first row.
pub fn bare(place: &Place) -> anyhow::Result<f64> {
    let folder = client::of_program(&place.data.join("desk"))?;
    let begun = Instant::now();
    let key = bare::key_of(&folder)?;
    let replica = bare::open(&folder.join("replica.db"), Some(&key))?;
    let first: String =
        replica.query_row("SELECT body FROM \"case\" LIMIT 1", [], |row| row.get(0))?;
    ensure!(!first.is_empty(), "an empty case");
    Ok(millis(begun))
}
