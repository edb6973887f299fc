//! All the randomness there is: named, counter-based draws.
//!
//! A [`Seed`] and a frame number make the root [`Node`]; children are reached by name and index
//! (`bay 0`, `board 2`, `facing 5`), and every parameter of a node has a random stream of its own,
//! keyed by (seed, frame, entity path, parameter). So frame 900 needs no frame 899, adding a light
//! does not move the camera, and seed 0 is a seed like any other.
//!
//! Keys are SHA-256 chains over the path, streams are `ChaCha8`: both are specified byte for byte, so the
//! same names give the same draws on every machine.

use std::{cell::RefCell, fmt, rc::Rc};

use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use sha2::{Digest, Sha256};

/// The generator behind one parameter of one entity.
pub type Stream = ChaCha8Rng;

/// The seed of a whole dataset. Every value is valid, zero included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed(pub u64);

impl Seed {
    /// The root of everything drawn for one frame.
    #[must_use]
    pub fn frame(self, frame: u64) -> Node {
        Node::root(b"frame", self.0, frame)
    }

    /// The root of everything drawn once for a whole dataset (the generated catalogue, say).
    #[must_use]
    pub fn dataset(self) -> Node {
        Node::root(b"dataset", self.0, 0)
    }
}

/// One draw as it happened, for `diorama why`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Entity path, as `bay0/board2/facing5`; empty for the frame itself.
    pub path: String,
    /// The parameter's name.
    pub parameter: String,
    /// The value drawn, as text.
    pub value: String,
}

/// Collects every draw made under a node, when tracing was asked for.
pub type Trace = Rc<RefCell<Vec<Draw>>>;

/// An entity in the tree of draws. Cheap to make; holds no generator state.
#[derive(Clone)]
pub struct Node {
    key: [u8; 32],
    path: String,
    trace: Option<Trace>,
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({})", self.path)
    }
}

impl Node {
    fn root(domain: &[u8], seed: u64, frame: u64) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"diorama/1/");
        hash.update(domain);
        hash.update(seed.to_le_bytes());
        hash.update(frame.to_le_bytes());
        Self { key: hash.finalize().into(), path: String::new(), trace: None }
    }

    /// The same node, recording every draw made from it and its descendants into `trace`.
    #[must_use]
    pub fn traced(mut self, trace: Trace) -> Self {
        self.trace = Some(trace);
        self
    }

    /// The entity `name` number `index` under this one.
    #[must_use]
    pub fn child(&self, name: &str, index: usize) -> Self {
        let step = format!("{name}{index}");
        let path = if self.path.is_empty() { step.clone() } else { format!("{}/{step}", self.path) };
        Self { key: self.derive(b'/', &step), path, trace: self.trace.clone() }
    }

    /// Where this entity stands in the tree, as `bay0/board2/facing5`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The random stream of one parameter. Prefer [`Node::draw`], which also records the value.
    #[must_use]
    pub fn stream(&self, parameter: &str) -> Stream {
        Stream::from_seed(self.derive(b'.', parameter))
    }

    /// Draws one parameter with `sampler` and records it when tracing.
    pub fn draw<T: fmt::Debug>(&self, parameter: &str, sampler: impl FnOnce(&mut Stream) -> T) -> T {
        let value = sampler(&mut self.stream(parameter));
        if let Some(trace) = &self.trace {
            trace.borrow_mut().push(Draw {
                path: self.path.clone(),
                parameter: parameter.to_owned(),
                value: format!("{value:?}"),
            });
        }
        value
    }

    fn derive(&self, kind: u8, name: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update([kind]);
        hash.update(name.as_bytes());
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    #[test]
    fn draws_depend_on_every_part_of_the_key_and_on_nothing_else() {
        let first = |node: &Node, parameter: &str| node.stream(parameter).next_u64();
        let base = Seed(0).frame(900).child("bay", 0);
        assert_eq!(first(&base, "yaw"), first(&Seed(0).frame(900).child("bay", 0), "yaw"), "repeatable");
        let others = [
            first(&Seed(1).frame(900).child("bay", 0), "yaw"),
            first(&Seed(1 << 40).frame(900).child("bay", 0), "yaw"),
            first(&Seed(0).frame(901).child("bay", 0), "yaw"),
            first(&Seed(0).frame(900).child("bay", 1), "yaw"),
            first(&Seed(0).frame(900), "yaw"),
            first(&base, "pitch"),
            first(&base.child("yaw", 0), "yaw"),
        ];
        for (index, other) in others.iter().enumerate() {
            assert_ne!(first(&base, "yaw"), *other, "part {index} of the key is ignored");
        }
    }

    #[test]
    fn a_trace_names_path_parameter_and_value() {
        let trace = Trace::default();
        let node = Seed(7).frame(0).traced(trace.clone()).child("bay", 1);
        let value = node.draw("yaw_deg", |stream| stream.next_u32());
        assert_eq!(
            trace.borrow().as_slice(),
            [Draw { path: "bay1".into(), parameter: "yaw_deg".into(), value: value.to_string() }],
            "one draw, fully named"
        );
    }
}
