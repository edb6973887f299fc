//! What a film knows of itself as a whole: the course of its cloth, and where its bodies pass.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use glam::{Vec2, Vec3};

use super::{Cover, bed::Crib, relief::Relief, things};
use crate::physics::{Cloth, Held};

/// Films of which something is kept: as many as are staged side by side.
const KEPT: usize = 4;
/// So long before its first picture a film's cloth comes to rest with whoever lies below, seconds.
const BEGINS_S: f64 = 0.5;

/// Points of a piece of cloth, picture by picture.
type Course = Vec<Vec<Vec3>>;

/// What is made once for all pictures of a film, when its first is asked for.
#[derive(Debug, Default)]
struct Kept {
    course: OnceLock<Course>,
    swept: OnceLock<Relief>,
}

/// The newest films.
#[derive(Debug, Default)]
pub(super) struct Films {
    kept: Mutex<Vec<(u64, Arc<Kept>)>>,
}

impl Films {
    fn of(&self, film: u64) -> Arc<Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept.iter().find(|(known, _)| *known == film) {
            return Arc::clone(known);
        }
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        let fresh = Arc::default();
        kept.push((film, Arc::clone(&fresh)));
        fresh
    }

    /// The points at picture `index` of a film, all of whose pictures `make` makes.
    pub(super) fn points(&self, film: u64, index: u32, make: impl FnOnce() -> Course) -> Vec<Vec3> {
        // Other films go on meanwhile; whoever wants this one waits.
        self.of(film).course.get_or_init(make).get(index as usize).cloned().unwrap_or_default()
    }

    /// Where the bodies of a film pass: nothing else lies there.
    pub(super) fn swept(&self, film: u64, make: impl FnOnce() -> Relief) -> Relief {
        self.of(film).swept.get_or_init(make).clone()
    }
}

/// Everything that a blanket lies on.
pub(super) struct Below<'a> {
    pub(super) crib: &'a Crib,
    pub(super) covers: &'a [Cover],
    /// Where a face must not be bridged, if it is covered.
    pub(super) face: Option<Vec2>,
}

/// What moves a piece of cloth at an instant: bodies below it, and hands that hold it; none that have let go.
pub(super) struct Instant {
    pub(super) relief: Relief,
    /// Hands alone, where some hold it: they are bridged everywhere.
    pub(super) fists: Option<Relief>,
    pub(super) hands: Vec<Vec3>,
}

/// A hand's grip on some points of a piece of cloth.
pub(super) struct Grip {
    /// Each with its place relative to the hand.
    points: Vec<(usize, Vec3)>,
    hand: usize,
}

impl Grip {
    /// On the points that are nearest to each hand along the edge that is the furthest along X towards `head` (-1 or 1).
    pub(super) fn of(cloth: &Cloth, hands: &[Vec3], head: f32) -> Vec<Self> {
        let edge = if head > 0.0 { cloth.columns - 1 } else { 0 };
        let inner = if head > 0.0 { edge - 1 } else { 1 };
        let on = |(hand, at): (usize, &Vec3)| {
            let away = |row: usize| (cloth.points[row * cloth.columns + edge].z - at.z).abs();
            let nearest = (1..cloth.rows - 1).min_by(|a, b| away(*a).total_cmp(&away(*b))).unwrap_or(0);
            let rows = nearest - 1..=nearest + 1;
            let middle = cloth.points[nearest * cloth.columns + edge];
            let points = rows.flat_map(|row| [edge, inner].map(|column| row * cloth.columns + column));
            // The edge bunches in a fist, right above it.
            let gathered = |point: usize| {
                let off = (cloth.points[point] - middle) * 0.7;
                (point, off + Vec3::new(0.012 * head, 0.014, 0.0))
            };
            Self { points: points.map(gathered).collect(), hand }
        };
        hands.iter().enumerate().map(on).collect()
    }

    fn held<'a>(&'a self, cloth: &'a Cloth, hands: &'a [Vec3]) -> impl Iterator<Item = Held> + 'a {
        let at = hands.get(self.hand).into_iter();
        at.flat_map(|hand| self.points.iter().map(move |point| (hand, point)))
            .map(|(hand, &(point, off))| Held { point, from: cloth.points[point], to: *hand + off })
    }
}

/// The course of a piece of cloth that has come to rest, over `frames` instants at `fps`, each of which `at` tells.
pub(super) fn course(
    mut cloth: Cloth,
    grips: &[Grip],
    below: &Below<'_>,
    (frames, fps): (u32, f64),
    at: impl Fn(u32) -> Instant,
) -> Course {
    let mut before = cloth.points.clone();
    (0..frames)
        .map(|index| {
            // What fell onto who lies still gets used to who breathes, and to the hands that grasp it.
            let steps = Cloth::steps_in(if index == 0 { BEGINS_S } else { 1.0 / fps });
            let Instant { relief, fists, hands } = at(index);
            let held: Vec<Held> = grips.iter().flat_map(|grip| grip.held(&cloth, &hands)).collect();
            let mut relief = below.relief(relief);
            if let Some(fists) = fists {
                relief = relief.with(&fists.widened(3, |_| false));
            }
            cloth.advance(&mut before, steps, &held, &things::under(below.crib, &relief));
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
