//! The figures of many walks.

use super::user::{Means, Random, Walk, walk};
use doublehop::modes::{self, Mode};

/// One mode's walks.
pub struct Row {
    pub mode: &'static Mode,
    pub walks: Vec<Walk>,
}

impl Row {
    pub fn found(&self) -> f64 {
        share(&self.walks, |w| w.found)
    }

    pub fn wrong(&self) -> f64 {
        share(&self.walks, |w| w.wrong)
    }

    /// The median number of steps after which the mode stood among the first three for good; `None` when it mostly did not.
    pub fn median(&self) -> Option<usize> {
        let mut after: Vec<usize> = self.walks.iter().map(|w| w.after).collect();
        after.sort_unstable();
        after.get(after.len() / 2).copied().filter(|steps| *steps != usize::MAX)
    }
}

fn share(walks: &[Walk], which: impl Fn(&Walk) -> bool) -> f64 {
    walks.iter().filter(|w| which(w)).count() as f64 / walks.len() as f64
}

/// Every mode, the same number of walks each. The seed of a walk depends on nothing but the mode's place and the walk's.
pub fn all(means: Means, runs: u64, seed: u64) -> Vec<Row> {
    modes::all()
        .zip(1_u64..)
        .map(|(mode, place)| {
            let random = |run: u64| Random(seed ^ (place << 32) ^ run);
            Row { mode, walks: (0..runs).map(|run| walk(mode, means, &mut random(run))).collect() }
        })
        .collect()
}

/// The mean over the modes, weighted by how common each is.
pub fn weighted(rows: &[Row], figure: impl Fn(&Row) -> f64) -> f64 {
    let prior = |row: &Row| f64::from(row.mode.row.prior);
    rows.iter().map(|r| figure(r) * prior(r)).sum::<f64>() / rows.iter().map(prior).sum::<f64>()
}

/// The median over every walk, each counted by how common its mode is.
pub fn weighted_median(rows: &[Row], figure: impl Fn(&Walk) -> usize) -> usize {
    let mut after: Vec<(usize, f64)> = rows
        .iter()
        .flat_map(|row| {
            let weight = f64::from(row.mode.row.prior) / row.walks.len() as f64;
            row.walks.iter().map(move |w| (w, weight))
        })
        .map(|(walk, weight)| (figure(walk), weight))
        .collect();
    after.sort_by_key(|(steps, _)| *steps);
    let half = after.iter().map(|(_, w)| w).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    after
        .iter()
        .find(|(_, w)| {
            sum += w;
            sum >= half
        })
        .map_or(usize::MAX, |(steps, _)| *steps)
}
