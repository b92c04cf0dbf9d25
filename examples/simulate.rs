//! How good is the wizard? Simulated people, one for each run, whose trouble is known (tests/simulation/user.rs says who they are):
//!
//! ```sh
//! cargo run --release --example simulate [-- [--runs N] [--seed N] [--walk MODE]]
//! ```
//!
//! A table of every mode and the figures over all; `--walk` prints one mode's walks step by step instead.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

#[path = "../tests/simulation/tally.rs"]
mod tally;
#[path = "../tests/simulation/user.rs"]
mod user;

use tally::{Row, weighted, weighted_median};
use user::Means;

fn main() {
    let mut args = std::env::args().skip(1);
    let (mut runs, mut seed, mut only) = (50, 1, None);
    while let Some(arg) = args.next() {
        let value = args.next().unwrap_or_default();
        match arg.as_str() {
            "--runs" => runs = value.parse().unwrap(),
            "--seed" => seed = value.parse().unwrap(),
            "--walk" => only = Some(value),
            _ => panic!("unknown argument {arg}"),
        }
    }
    if let Some(id) = only {
        return walks(&id, seed);
    }
    let (evidence, words) = (tally::all(Means::Evidence, runs, seed), tally::all(Means::WordsAlone, runs, seed));
    println!("{:<42} prior  first three  steps  wrong | words alone  steps  wrong", "mode");
    for (a, b) in evidence.iter().zip(&words) {
        let cells = |row: &Row| {
            format!("{:>10.0} % {:>6} {:>4.0} %", row.found() * 100.0, steps(row.median()), row.wrong() * 100.0)
        };
        println!("{:<42} {:>5} {} | {} {}", a.mode.id, a.mode.row.prior, cells(a), cells(b), instead(a));
    }
    for (name, rows) in [("requests answered", &evidence), ("words alone", &words)] {
        let least = rows.iter().min_by(|a, b| a.found().total_cmp(&b.found())).unwrap();
        println!(
            "{name}: {:.1} % among the first three by prior, least {:.0} % ({}), median {} steps ({} of them questions), {:.1} % wrong",
            weighted(rows, Row::found) * 100.0,
            least.found() * 100.0,
            least.mode.id,
            weighted_median(rows, |w| w.after),
            weighted_median(rows, |w| w.questions),
            weighted(rows, Row::wrong) * 100.0
        );
    }
}

fn steps(median: Option<usize>) -> String {
    median.map_or_else(|| "-".to_owned(), |m| m.to_string())
}

fn walks(id: &str, seed: u64) {
    for means in [Means::Evidence, Means::WordsAlone] {
        for row in tally::all(means, 6, seed).iter().filter(|row| row.mode.id == id) {
            for walk in &row.walks {
                println!(
                    "{} after {} wrong {}: {:?}",
                    if walk.found { "found" } else { "NOT FOUND" },
                    walk.after,
                    walk.wrong,
                    walk.top
                );
                for (step, answer) in &walk.steps {
                    println!("    {step}: {answer}");
                }
            }
        }
    }
}

/// What is named most often where the mode is not, for reading.
fn instead(row: &Row) -> String {
    let mut named: Vec<&str> = row.walks.iter().filter(|w| w.wrong).map(|w| w.named.as_str()).collect();
    named.sort_unstable();
    let mut counts: Vec<(usize, &str)> = named.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0])).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    counts.iter().take(3).map(|(n, id)| format!(" {n}×{id}")).collect()
}
