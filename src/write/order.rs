//! From frames in the order of being done to frames in order.

use std::collections::BTreeMap;

/// A re-order buffer: parallel producers push in any order, the writer pops in order.
#[derive(Debug)]
pub struct InOrder<T> {
    next: u64,
    waiting: BTreeMap<u64, T>,
}

impl<T> InOrder<T> {
    /// Starts with frame `next`.
    #[must_use]
    pub fn new(next: u64) -> Self {
        Self { next, waiting: BTreeMap::new() }
    }

    /// Adds a frame. A frame that came before, or that was already popped, is dropped: `false`.
    pub fn push(&mut self, frame: u64, item: T) -> bool {
        if frame < self.next || self.waiting.contains_key(&frame) {
            return false;
        }
        self.waiting.insert(frame, item);
        true
    }

    /// The next frame in order, when it is there.
    pub fn pop(&mut self) -> Option<T> {
        let item = self.waiting.remove(&self.next)?;
        self.next += 1;
        Some(item)
    }

    /// The frame that is due.
    #[must_use]
    pub fn next_frame(&self) -> u64 {
        self.next
    }

    /// How many frames wait for an earlier one.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}
