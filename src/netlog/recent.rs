//! A map that remembers what was touched last: bounded, whatever a capture holds.

use std::collections::HashMap;

/// Holds at least the last `limit` entries that were touched, and at most twice as many.
#[derive(Clone, Debug)]
pub struct Recent<V> {
    limit: usize,
    young: HashMap<i64, V>,
    /// What was not touched since `young` was begun.
    old: HashMap<i64, V>,
}

impl<V> Recent<V> {
    /// An empty one.
    pub fn new(limit: usize) -> Recent<V> {
        Recent { limit, young: HashMap::new(), old: HashMap::new() }
    }

    /// The entry, if it is still known.
    pub fn get(&self, id: i64) -> Option<&V> {
        self.young.get(&id).or_else(|| self.old.get(&id))
    }

    /// Takes an entry out.
    pub fn remove(&mut self, id: i64) -> Option<V> {
        let old = self.old.remove(&id);
        self.young.remove(&id).or(old)
    }

    /// Puts an entry in.
    pub fn insert(&mut self, id: i64, value: V) {
        self.old.remove(&id);
        if self.young.len() >= self.limit && !self.young.contains_key(&id) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(id, value);
    }

    /// How many entries there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.young.len().saturating_add(self.old.len())
    }
}

impl<V: Default> Recent<V> {
    /// The entry, made anew where there is none.
    pub fn entry(&mut self, id: i64) -> &mut V {
        if !self.young.contains_key(&id) {
            let value = self.old.remove(&id).unwrap_or_default();
            self.insert(id, value);
        }
        self.young.entry(id).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_known_and_no_more_than_twice_as_many() {
        let mut recent: Recent<i64> = Recent::new(100);
        for id in 0..10_000 {
            *recent.entry(id) += id;
            // One that is touched again and again is never forgotten.
            *recent.entry(7) += 1;
            assert!(recent.len() <= 200);
        }
        assert!((9901..10_000).all(|id| recent.get(id) == Some(&id)));
        assert_eq!((recent.get(7), recent.get(8)), (Some(&10_007), None));
        assert_eq!((recent.remove(7), recent.remove(7)), (Some(10_007), None));
    }
}
