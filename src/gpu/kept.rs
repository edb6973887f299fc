//! The last few things that were made, by what they were made for.

/// Made when first asked for, kept while among the most recently asked for. Pictures come in few sizes, but the pictures
/// before the lens in as many as there are lenses: to keep a target for each would fill any device.
#[derive(Clone, Debug)]
pub(crate) struct Kept<K, V> {
    /// The most recently asked for is the last.
    entries: Vec<(K, V)>,
}

/// Enough for the views of one picture and for runs that go back and forth between a few sizes.
const MOST: usize = 4;

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<K: PartialEq, V> Kept<K, V> {
    /// What was made for `key`, else what `make` makes.
    pub(crate) fn get(&mut self, key: K, make: impl FnOnce(&K) -> V) -> &V {
        match self.entries.iter().position(|(known, _)| *known == key) {
            Some(at) => self.entries[at..].rotate_left(1),
            None => {
                let made = make(&key);
                if self.entries.len() == MOST {
                    self.entries.remove(0);
                }
                self.entries.push((key, made));
            }
        }
        &self.entries[self.entries.len() - 1].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_asked_for_goes_first() {
        let mut kept = Kept::default();
        let mut made = Vec::new();
        for key in [1, 2, 3, 4, 1, 5, 1, 2] {
            let value = *kept.get(key, |key| {
                made.push(*key);
                *key * 10
            });
            assert_eq!(value, key * 10, "what was made for {key}");
        }
        assert_eq!(made, [1, 2, 3, 4, 5, 2], "5 drove out 2, which was asked for longest ago");
    }
}
