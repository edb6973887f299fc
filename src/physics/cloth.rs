//! Cloth that falls onto things and comes to rest: position-based dynamics (Mueller, Heidelberger, Hennix and Ratcliff
//! 2007, 'Position based dynamics') with fixed steps and a fixed order of constraints, so that it is the same
//! everywhere.
//!
//! What it falls onto is a height above each place (x, z): enough for blankets over a body in a bed, which lie on what
//! is below them. Cloth does not meet itself.

use glam::{Vec2, Vec3};

/// Steps of a simulation, and rounds of constraints in each.
const STEPS: usize = 70;
const ROUNDS: usize = 7;
/// Seconds a step.
const DT: f32 = 1.0 / 60.0;
const GRAVITY: Vec3 = Vec3::new(0.0, -9.81, 0.0);
/// Speed kept from step to step.
const DAMPING: f32 = 0.975;
/// Share of a touching particle's sideways motion that friction takes, per step.
const FRICTION: f32 = 0.55;
/// The same where something pulls it along, which keeps it loose, and rounds of constraints then: a pull at a few points
/// has to reach all the others, and would stretch them otherwise.
const DRAWN_FRICTION: f32 = 0.10;
const DRAWN_ROUNDS: usize = 28;
/// Cloth that has come to rest lets go of what it lies on above this sideways motion in a step, metres: more than weight
/// alone gives it on any slope, so that it does not creep off a sleeper.
const HOLD_M: f32 = 0.003;

/// A rectangular piece of cloth.
#[derive(Clone, Debug, PartialEq)]
pub struct Cloth {
    /// Points along its width and length.
    pub columns: usize,
    /// See `columns`.
    pub rows: usize,
    /// Row by row, world frame, metres.
    pub points: Vec<Vec3>,
    /// Distance of neighbours in the cloth, metres.
    pub spacing_m: f32,
    /// Resistance to bending, 0 (silk) to 1 (felt).
    pub stiffness: f32,
    /// Half its thickness: how far its points stay off what they touch, metres.
    pub offset_m: f32,
}

/// A point that something holds, and moves over some steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// Which of the cloth's points.
    pub point: usize,
    /// Where it is before the first step and after the last, world, metres; above what the cloth falls onto in any case.
    pub from: Vec3,
    /// See `from`.
    pub to: Vec3,
}

/// A constraint between two points: first, second, rest length, stiffness.
type Tie = (u32, u32, f32, f32);

impl Cloth {
    /// Lets it fall onto `height` (world y above a place x, z) until it rests. Steps and order are fixed.
    pub fn drape(&mut self, height: &dyn Fn(Vec2) -> f32) {
        let mut before = self.points.clone();
        self.step(&mut before, STEPS, &[], 0.0, height);
    }

    /// Steps that make up a time, seconds: at least one, and at most as many as a resting piece of cloth needs.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a few steps")]
    pub fn steps_in(seconds: f64) -> usize {
        (seconds / f64::from(DT)).round().clamp(1.0, STEPS as f64) as usize
    }

    /// Goes on for some steps, in which `held` points go where they are taken. `before` holds the points a step ago, of
    /// which it keeps its speed; it is brought along.
    pub fn advance(
        &mut self,
        before: &mut [Vec3],
        steps: usize,
        held: &[Held],
        height: &dyn Fn(Vec2) -> f32,
    ) {
        self.step(before, steps, held, HOLD_M, height);
    }

    fn step(
        &mut self,
        before: &mut [Vec3],
        steps: usize,
        held: &[Held],
        hold_m: f32,
        height: &dyn Fn(Vec2) -> f32,
    ) {
        let ties = self.ties();
        let (rounds, friction, hold_m) =
            if held.is_empty() { (ROUNDS, FRICTION, hold_m) } else { (DRAWN_ROUNDS, DRAWN_FRICTION, 0.0) };
        for step in 1..=steps {
            for (now, last) in self.points.iter_mut().zip(before.iter_mut()) {
                // No point moves further in a step than the cloth is fine: nothing is tunnelled through.
                let moved = ((*now - *last) * DAMPING).clamp_length_max(self.spacing_m * 0.6);
                *last = *now;
                *now += moved + GRAVITY * (DT * DT);
            }
            for _ in 0..rounds {
                for &(a, b, rest, stiffness) in &ties {
                    let (a, b) = (a as usize, b as usize);
                    let apart = self.points[b] - self.points[a];
                    let length = apart.length();
                    if length > 1e-9 {
                        let shift = apart * (0.5 * stiffness * (length - rest) / length);
                        self.points[a] += shift;
                        self.points[b] -= shift;
                    }
                }
                self.keep_out(height);
                #[expect(clippy::cast_precision_loss, reason = "some dozen steps")]
                let share = step as f32 / steps as f32;
                for one in held {
                    let mut place = one.from.lerp(one.to, share);
                    place.y = place.y.max(height(Vec2::new(place.x, place.z)) + self.offset_m);
                    self.points[one.point] = place;
                }
            }
            self.rub(before, (hold_m, friction), height);
        }
    }

    fn ties(&self) -> Vec<Tie> {
        let mut ties = Vec::new();
        let at = |column: usize, row: usize| u32::try_from(row * self.columns + column).unwrap_or(u32::MAX);
        let s = self.spacing_m;
        let bend = 0.02 + 0.5 * self.stiffness;
        for row in 0..self.rows {
            for column in 0..self.columns {
                let mut tie = |dx: usize, dy: usize, stiffness: f32| {
                    if column + dx < self.columns && row + dy < self.rows {
                        #[expect(clippy::cast_precision_loss, reason = "0 to 2")]
                        let rest = s * ((dx * dx + dy * dy) as f32).sqrt();
                        ties.push((at(column, row), at(column + dx, row + dy), rest, stiffness));
                    }
                };
                tie(1, 0, 1.0);
                tie(0, 1, 1.0);
                tie(1, 1, 0.35);
                tie(2, 0, bend);
                tie(0, 2, bend);
                if column + 1 < self.columns && row + 1 < self.rows {
                    ties.push((at(column + 1, row), at(column, row + 1), s * std::f32::consts::SQRT_2, 0.35));
                }
            }
        }
        ties
    }

    /// Height and slope of what lies below a place.
    fn ground(&self, height: &dyn Fn(Vec2) -> f32, p: Vec3) -> (f32, Vec3) {
        let e = self.spacing_m * 0.35;
        let at = |x: f32, z: f32| height(Vec2::new(p.x + x, p.z + z));
        let slope = Vec2::new(at(e, 0.0) - at(-e, 0.0), at(0.0, e) - at(0.0, -e)) / (2.0 * e);
        // Walls steeper than this push up rather than aside: a height field has no undersides.
        let slope = slope.clamp_length_max(2.5);
        (at(0.0, 0.0) + self.offset_m, Vec3::new(-slope.x, 1.0, -slope.y).normalize())
    }

    fn keep_out(&mut self, height: &dyn Fn(Vec2) -> f32) {
        for i in 0..self.points.len() {
            let (ground, normal) = self.ground(height, self.points[i]);
            let below = ground - self.points[i].y;
            if below > 0.0 {
                self.points[i] += normal * (below * normal.y);
                let still = height(Vec2::new(self.points[i].x, self.points[i].z)) + self.offset_m;
                self.points[i].y = self.points[i].y.max(still.min(ground));
            }
        }
    }

    fn rub(&mut self, before: &[Vec3], (hold_m, friction): (f32, f32), height: &dyn Fn(Vec2) -> f32) {
        for (now, last) in self.points.iter_mut().zip(before) {
            if now.y < height(Vec2::new(now.x, now.z)) + self.offset_m * 1.5 {
                let aside = (*now - *last) * Vec3::new(1.0, 0.0, 1.0);
                *now -= aside * if aside.length() < hold_m { 1.0 } else { friction };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(columns: usize, rows: usize, spacing_m: f32, above: f32) -> Cloth {
        #[expect(clippy::cast_precision_loss, reason = "a small grid")]
        let points = (0..columns * rows)
            .map(|i| {
                let (x, z) = ((i % columns) as f32, (i / columns) as f32);
                Vec3::new(
                    (x - (columns - 1) as f32 / 2.0) * spacing_m,
                    above,
                    (z - (rows - 1) as f32 / 2.0) * spacing_m,
                )
            })
            .collect();
        Cloth { columns, rows, points, spacing_m, stiffness: 0.2, offset_m: 0.003 }
    }

    #[test]
    fn on_a_floor_it_lies_flat_and_keeps_its_size() {
        let mut cloth = flat(20, 20, 0.03, 0.1);
        cloth.drape(&|_| 0.0);
        for p in &cloth.points {
            assert!((p.y - 0.003).abs() < 0.004, "{p} does not lie on the floor");
        }
        let width = cloth.points[0].distance(cloth.points[19]);
        assert!((width - 0.57).abs() < 0.02, "it is {width} m wide");
    }

    #[test]
    fn over_a_ball_it_neither_cuts_nor_stretches_and_is_the_same_each_time() {
        let ball = |p: Vec2| (0.15_f32.powi(2) - p.length_squared()).max(0.0).sqrt();
        let mut cloth = flat(30, 30, 0.025, 0.2);
        let mut again = cloth.clone();
        cloth.drape(&ball);
        again.drape(&ball);
        assert_eq!(cloth, again, "no chance");
        for p in &cloth.points {
            assert!(p.y > ball(Vec2::new(p.x, p.z)) - 0.005, "{p} is inside of the ball");
        }
        let top = cloth.points.iter().map(|p| p.y).fold(0.0, f32::max);
        assert!((top - 0.15).abs() < 0.03, "it rests on the ball at {top}");
        let edge = cloth.points[0];
        assert!(edge.y < 0.06, "its corner hangs down to {}", edge.y);
        let stretched = (0..29).map(|i| cloth.points[i].distance(cloth.points[i + 1])).fold(0.0, f32::max);
        assert!(stretched < 0.025 * 1.25, "neighbours are {stretched} m apart");
    }

    #[test]
    fn at_rest_on_a_slope_it_stays_and_what_rises_below_lifts_it() {
        let slope = |p: Vec2| 0.6 * p.x;
        let mut cloth = flat(12, 12, 0.03, 0.2);
        cloth.drape(&slope);
        let rested = cloth.points.clone();
        let mut before = cloth.points.clone();
        cloth.advance(&mut before, 300, &[], &slope);
        let slid = cloth.points.iter().zip(&rested).map(|(a, b)| a.distance(*b)).fold(0.0, f32::max);
        assert!(slid < 0.03, "in five seconds it slid by {slid} m");
        let mut loose = Cloth { points: rested.clone(), ..cloth.clone() };
        loose.drape(&slope);
        let free = loose.points.iter().zip(&rested).map(|(a, b)| a.distance(*b)).fold(0.0, f32::max);
        assert!(free > 0.05, "without holding it slides: {free} m");
        for millimetre in 1..=80_u8 {
            cloth.advance(&mut before, 1, &[], &|p| slope(p) + 0.001 * f32::from(millimetre));
        }
        let risen = cloth.points.iter().zip(&rested).map(|(a, b)| a.y - b.y).fold(f32::MAX, f32::min);
        assert!(risen > 0.05, "all of it is carried up: {risen} m");
    }

    #[test]
    fn what_is_held_goes_where_it_is_taken_and_the_rest_follows() {
        let mut cloth = flat(16, 10, 0.02, 0.01);
        cloth.drape(&|_| 0.0);
        let start = cloth.clone();
        let mut before = cloth.points.clone();
        // A corner and the one beside it, 0.2 m along x in two seconds, in twenty parts.
        let way = Vec3::new(0.01, 0.002, 0.0);
        for _ in 0..20 {
            let held = [15, 31].map(|point| {
                let from = cloth.points[point];
                Held { point, from, to: from + way }
            });
            cloth.advance(&mut before, 6, &held, &|_| 0.0);
        }
        for point in [15, 31] {
            let gone = cloth.points[point] - start.points[point];
            assert!(gone.distance(way * 20.0) < 1e-3, "held points are taken along: {gone}");
        }
        assert!(cloth.points[0].x > start.points[0].x + 0.1, "the other corner is drawn along");
        let stretched = (0..15).map(|i| cloth.points[i].distance(cloth.points[i + 1])).fold(0.0, f32::max);
        assert!(stretched < 0.02 * 1.3, "neighbours are {stretched} m apart");
        let taken = cloth.points[15];
        cloth.advance(&mut before, 60, &[], &|_| 0.0);
        let back = cloth.points[15].distance(taken);
        assert!(back < 0.05, "let go of, most of the way stays: {back} m");
        let below = Held { point: 3, from: Vec3::ZERO, to: Vec3::new(0.0, -1.0, 0.0) };
        cloth.advance(&mut before, 1, &[below], &|_| 0.0);
        assert!(cloth.points[3].y >= cloth.offset_m, "nobody takes it through what it lies on");
    }

    #[test]
    fn the_floor_test_can_fail() {
        let mut cloth = flat(6, 6, 0.03, 0.1);
        cloth.drape(&|_| 0.05);
        assert!(cloth.points.iter().any(|p| (p.y - 0.003).abs() > 0.004), "a raised floor is noticed");
    }
}
