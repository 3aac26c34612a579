//! Several devices of several people against the real server code over a line that fails in every way,
//! decided by a seed. `BEHORIG_SEEDS=FIRST..LAST` chooses the seeds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod device;
mod network;
mod world;

use world::{Beginning, World};

/// Seeds that every run of the tests tries.
const SEEDS: u64 = 500;

fn seeds() -> std::ops::Range<u64> {
    let Ok(asked) = std::env::var("BEHORIG_SEEDS") else { return 0..SEEDS };
    let (first, last) = asked.split_once("..").expect("BEHORIG_SEEDS=FIRST..LAST");
    first.parse().unwrap()..last.parse().unwrap()
}

/// In two halves, since most machines can do two things at a time.
#[tokio::test]
async fn nothing_is_lost_nothing_happens_twice_and_all_agree_in_the_end_even_seeds() {
    live(|seed| seed.is_multiple_of(2)).await;
}

#[tokio::test]
async fn nothing_is_lost_nothing_happens_twice_and_all_agree_in_the_end_odd_seeds() {
    live(|seed| !seed.is_multiple_of(2)).await;
}

async fn live(is_ours: fn(u64) -> bool) {
    let beginning = Beginning::make().await;
    for seed in seeds().filter(|seed| is_ours(*seed)) {
        // the last line printed names the seed that failed
        println!("seed {seed}");
        let mut world = World::begin(&beginning, seed);
        world.live(60).await;
        world.settle().await;
        world.check().await;
    }
}
