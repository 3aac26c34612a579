//! From the click on a case with 500 messages to the painted case, in the real window.
//!
//! Baseline: the same page without its texts, put in and painted by the same window: what any program would
//! need to show so many boxes.

use std::path::Path;

use anyhow::Context as _;
use behorig_testkit::{PASSPHRASE, window::Window};

use crate::{
    Measured,
    seed::{self, Place},
};

const ROUNDS: usize = 7;

/// From the click to the second frame after the first message stands there; then the same page emptied of its
/// texts, from when it is put in to its second frame.
const OPEN: &str = r#"
    const done = arguments[0];
    const painted = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
    const begun = performance.now();
    document.querySelector('[data-testid="case"] button, button[data-testid="case"], [data-testid="case"]').click();
    const look = () => {
      if (document.querySelector('[data-testid="message"]') === null) {
        requestAnimationFrame(look);
        return;
      }
      painted(() => {
        const ours = performance.now() - begun;
        setTimeout(() => {
          const page = document.querySelector('[data-testid="message"]').closest('main');
          const bare = page.cloneNode(true);
          const texts = document.createTreeWalker(bare, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) { texts.currentNode.data = ''; }
          page.style.display = 'none';
          painted(() => {
            const putIn = performance.now();
            page.after(bare);
            painted(() => done([ours, performance.now() - putIn]));
          });
        }, 1000);
      });
    };
    requestAnimationFrame(look);
"#;

/// Ours and the empty page, in turn.
pub async fn measure(place: &Place, program: &Path) -> anyhow::Result<Measured> {
    let kept = seed::long_case(place).await?;
    let desk = seed::copied(place, &kept)?;
    let (mut ours, mut baseline) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let window = Window::open(program, desk.path()).await;
        window.fill("[data-testid=\"passphrase\"]", PASSPHRASE).await;
        window.click("[data-testid=\"unlock\"]").await;
        window.until_shown("[data-testid=\"case\"]").await;
        // what the program does by itself after unlocking is done
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        let times = window.run_until_done(OPEN).await;
        let time = |at: usize| {
            let time = times.get(at).and_then(serde_json::Value::as_f64);
            time.with_context(|| format!("the window said {times}"))
        };
        ours.push(time(0)?);
        baseline.push(time(1)?);
        window.close().await;
    }
    Ok(Measured { ours, baseline, also: Vec::new(), within: true })
}
