//! The most recently used pictures, up to a number of bytes.

use std::{collections::BTreeMap, sync::Arc};

use crate::scene::{ArtKey, Pixels};

type Key = (ArtKey, u32);

/// Least recently used goes first. What is in it never changes what anyone gets, only how soon.
#[derive(Debug)]
pub(super) struct Cache {
    budget: usize,
    bytes: usize,
    clock: u64,
    entries: BTreeMap<Key, (u64, Arc<Pixels>)>,
    by_age: BTreeMap<u64, Key>,
}

impl Cache {
    pub(super) fn new(budget: usize) -> Self {
        Self { budget, bytes: 0, clock: 0, entries: BTreeMap::new(), by_age: BTreeMap::new() }
    }

    pub(super) fn get(&mut self, key: &Key) -> Option<Arc<Pixels>> {
        let (age, pixels) = self.entries.get_mut(key)?;
        self.by_age.remove(age);
        self.clock += 1;
        *age = self.clock;
        self.by_age.insert(self.clock, key.clone());
        Some(pixels.clone())
    }

    /// Keeps `pixels` unless they alone are over budget.
    pub(super) fn put(&mut self, key: Key, pixels: Arc<Pixels>) {
        let size = pixels.rgba.len();
        if size > self.budget || self.entries.contains_key(&key) {
            return;
        }
        self.clock += 1;
        self.bytes += size;
        self.by_age.insert(self.clock, key.clone());
        self.entries.insert(key, (self.clock, pixels));
        while self.bytes > self.budget {
            let Some((_, oldest)) = self.by_age.pop_first() else { break };
            if let Some((_, gone)) = self.entries.remove(&oldest) {
                self.bytes -= gone.rgba.len();
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_holds_and_the_least_used_goes_first() {
        let pixels = |side: u32| {
            Arc::new(Pixels { width: side, height: side, rgba: vec![0; (side * side * 4) as usize] })
        };
        let key = |sku: &str| (ArtKey { sku: sku.into(), slot: "label".into() }, 16);
        let mut cache = Cache::new(3 * 1024);
        for sku in ["a", "b", "c"] {
            cache.put(key(sku), pixels(16));
        }
        assert!(cache.get(&key("a")).is_some(), "all three fit");
        cache.put(key("d"), pixels(16));
        assert!(cache.get(&key("b")).is_none(), "the one not used for longest is gone");
        assert!(cache.get(&key("a")).is_some() && cache.get(&key("d")).is_some(), "the others stay");
        assert_eq!(cache.bytes(), 3 * 1024, "bytes are counted");
        cache.put(key("huge"), pixels(64));
        assert!(cache.get(&key("huge")).is_none(), "what is over budget alone is never kept");
        assert_eq!(cache.bytes(), 3 * 1024, "and throws nothing out");
    }
}
