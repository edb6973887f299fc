//! Cloth through a film: it falls on from picture to picture onto whoever moves below.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use glam::Vec3;

use super::{Cover, bed::Crib, relief::Relief, things};
use crate::physics::Cloth;

/// Films whose cloth is kept: as many as are staged side by side.
const KEPT: usize = 4;

/// Points of a piece of cloth, picture by picture.
type Course = Vec<Vec<Vec3>>;

/// The cloth of the newest films: made once, when a film's first picture is asked for.
#[derive(Debug, Default)]
pub(super) struct Films {
    kept: Mutex<Vec<(u64, Arc<OnceLock<Course>>)>>,
}

impl Films {
    /// The points at picture `index` of a film, all of whose pictures `make` makes.
    pub(super) fn points(&self, film: u64, index: u32, make: impl FnOnce() -> Course) -> Vec<Vec3> {
        let cell = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            match kept.iter().find(|(known, _)| *known == film) {
                Some((_, cell)) => Arc::clone(cell),
                None => {
                    if kept.len() >= KEPT {
                        kept.remove(0);
                    }
                    let cell = Arc::default();
                    kept.push((film, Arc::clone(&cell)));
                    cell
                }
            }
        };
        // Other films go on meanwhile; whoever wants this one waits.
        cell.get_or_init(make).get(index as usize).cloned().unwrap_or_default()
    }
}

/// Everything that a blanket lies on.
pub(super) struct Below<'a> {
    pub(super) crib: &'a Crib,
    pub(super) covers: &'a [Cover],
    /// Where a face must not be bridged, if it is covered.
    pub(super) face: Option<glam::Vec2>,
}

/// The course of a piece of cloth that has come to rest, over `frames` pictures at `fps`, above what `infants` says of
/// each picture.
pub(super) fn course(
    mut cloth: Cloth,
    below: &Below<'_>,
    frames: u32,
    fps: f64,
    infants: impl Fn(u32) -> Relief,
) -> Course {
    let mut before = cloth.points.clone();
    let steps = Cloth::steps_in(1.0 / fps);
    (0..frames)
        .map(|index| {
            if index > 0 {
                let relief = below.relief(infants(index));
                cloth.advance(&mut before, steps, &things::under(below.crib, &relief));
            }
            cloth.points.clone()
        })
        .collect()
}

impl Below<'_> {
    fn relief(&self, mut relief: Relief) -> Relief {
        for cover in self.covers.iter().filter(|cover| !matches!(cover.class, "sheet" | "crib")) {
            relief.add(&cover.positions, &cover.indices);
        }
        things::bridged(&relief, self.face)
    }
}
