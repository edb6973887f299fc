//! Where lamps hang, by preset, and what is seen of them.
//!
//! A row of tubes or panels is one line of light, however many housings it has: two or three lines, all with
//! shadows, leave the depth of a shelf as dark as it is, where a dozen lamps without would shine through boards.

use glam::{Affine3A, Quat, Vec3, vec3};
use rand::{Rng, RngExt};

use super::{
    Staged,
    parts::{Part, Parts},
};
use crate::{
    config::{LightPreset, LightRecipe},
    scene::{LightKind, Role},
    seed::Node,
};

/// How far housings are shown to each side, metres.
const SEEN_M: f32 = 9.0;

/// A lamp before its brightness is known.
pub(super) struct Lamp {
    pub(super) kind: LightKind,
    pub(super) temperature_k: f32,
    /// Relative to the others of its frame.
    pub(super) strength: f32,
}

/// What all presets go by.
pub(super) struct Hall<'a> {
    pub(super) parts: &'a Parts,
    pub(super) staged: &'a mut Staged,
    pub(super) node: &'a Node,
    pub(super) temperature_k: f32,
    /// Share of dead lamps.
    pub(super) broken: f32,
    /// Between neighbouring rows, kelvin.
    pub(super) mixed_k: f32,
}

pub(super) fn between(min: f32, max: f32, rng: &mut impl Rng) -> f32 {
    min + (max - min) * rng.random::<f32>()
}

/// Hangs the lamps of a preset.
pub(super) fn hang(preset: LightPreset, recipe: &LightRecipe, hall: &mut Hall<'_>) -> Vec<Lamp> {
    #[expect(clippy::cast_possible_truncation, reason = "light needs no more than f32")]
    let value = |name: &str, dist: &crate::config::Dist| hall.node.draw(name, |rng| dist.sample(rng) as f32);
    (hall.broken, hall.mixed_k) = (value("broken", &recipe.broken), value("mixed_k", &recipe.mixed_k));
    match preset {
        LightPreset::Fluorescent => hall.rows(Part::LampRow),
        LightPreset::LedPanels => hall.rows(Part::LampPanel),
        LightPreset::Spots => hall.spots(),
        LightPreset::Daylight => hall.daylight(),
        LightPreset::CoolerLeds => hall.strips(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a handful of lamps")]
fn spaced(index: usize, count: usize) -> f32 {
    (index as f32 + 0.5) / count as f32 * 2.0 - 1.0
}

impl Hall<'_> {
    /// Temperature of a row: rows of one lot are alike, and where lots are mixed every other row is warmer.
    fn aged(&self, row: usize) -> f32 {
        let own = self.node.child("row", row).draw("temperature_spread", |rng| between(0.97, 1.03, rng));
        let lot = if row.is_multiple_of(2) { 0.0 } else { self.mixed_k };
        (self.temperature_k * own - lot).max(1800.0)
    }

    /// Rows of tubes or of panels: two give light, those further off are only seen.
    fn rows(&mut self, part: Part) -> Vec<Lamp> {
        let node = self.node;
        let most = self.staged.ceiling - 0.04;
        let least = (self.staged.height + 0.5).min(most);
        let height = match part {
            Part::LampPanel => self.staged.ceiling - 0.005,
            _ => node.draw("hang_m", |rng| between(0.3, 1.0, rng)).mul_add(most - least, least),
        };
        let near = node.draw("row_m", |rng| between(0.8, 1.6, rng)) + self.staged.front;
        let apart = node.draw("row_distance_m", |rng| between(1.8, 2.8, rng));
        let across = node.draw("rows_across", |rng| rng.random::<f32>() < 0.25);
        let length =
            if part == Part::LampPanel { 0.6 } else { node.draw("lamp_m", |rng| between(1.2, 1.5, rng)) };
        let pitch = if part == Part::LampPanel {
            node.draw("panel_pitch_m", |rng| between(1.2, 2.4, rng))
        } else {
            length + node.draw("lamp_gap_m", |rng| between(0.02, 0.9, rng))
        };
        let half = self.staged.half_width + 2.0;
        let mut lamps = Vec::new();
        // Off the middle, so that no line of light stands straight before the shelf's own middle.
        let first = if across { -0.37 * apart } else { near };
        for row in 0..9_usize {
            // Nearest first: 0, 1, -1, 2, -2 ...
            let step = row.div_ceil(2);
            #[expect(clippy::cast_precision_loss, reason = "below ten")]
            let place = first + apart * if row % 2 == 1 { step as f32 } else { -(step as f32) };
            let dead = self.housings(part, row, place, height, (length, pitch), across);
            let (from, to) = if across { (near - 0.6, near + 4.5) } else { (-half, half) };
            let shines = if across { row < 3 } else { row < 2 };
            if !shines {
                continue;
            }
            let at =
                |along: f32| if across { vec3(place, height, along) } else { vec3(along, height, place) };
            // A dead lamp leaves a hole in the line.
            let hole = dead.into_iter().find(|x| *x > from + 0.3 && *x < to - 0.3);
            let runs = match hole {
                Some(x) => vec![(from, x - pitch * 0.5), (x + pitch * 0.5, to)],
                None => vec![(from, to)],
            };
            for (start, end) in runs.into_iter().filter(|(start, end)| end - start > 0.2) {
                lamps.push(Lamp {
                    kind: LightKind::Tube { from: at(start), to: at(end), direction: Vec3::NEG_Y },
                    temperature_k: self.aged(row),
                    strength: if across || row == 0 { 1.0 } else { 0.5 },
                });
            }
        }
        lamps
    }

    /// Shows a row's housings; gives the places of dead ones along the row, metres.
    fn housings(
        &mut self,
        part: Part,
        row: usize,
        place: f32,
        height: f32,
        (length, pitch): (f32, f32),
        across: bool,
    ) -> Vec<f32> {
        let node = self.node.child("row", row);
        let shift = node.draw("row_shift", |rng| between(0.0, pitch, rng));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen")]
        let count = (2.0 * SEEN_M / pitch) as usize;
        let mut dead = Vec::new();
        for index in 0..count {
            #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
            let along = shift - SEEN_M + pitch * index as f32;
            let own = node.child("lamp", index);
            let is_dead = own.draw("dead", |rng| rng.random::<f32>() < self.broken);
            if is_dead {
                dead.push(along);
            }
            let size = if part == Part::LampRow { vec3(length, 1.0, 1.0) } else { Vec3::ONE };
            let turn =
                if across { Quat::from_rotation_y(std::f32::consts::FRAC_PI_2) } else { Quat::IDENTITY };
            let at = if across { vec3(place, height, along + 2.0) } else { vec3(along, height, place) };
            if is_dead {
                // What does not shine is a plain box of the same size.
                let (half, tall) = if part == Part::LampRow { (length * 0.5, 0.06) } else { (0.3, 0.012) };
                let deep = if part == Part::LampRow { 0.06 } else { 0.3 };
                let reach = if across { vec3(deep, 0.0, half) } else { vec3(half, 0.0, deep) };
                let model = self.parts.model(Part::Plain);
                let corners = (at - reach - Vec3::Y * tall, at + reach);
                self.staged.placing.block(own.path().to_owned(), model, corners, Vec3::splat(0.8));
                continue;
            }
            let world = Affine3A::from_scale_rotation_translation(size, turn, at);
            let model = self.parts.model(part);
            self.staged.placing.turned(own.path().to_owned(), model, Role::Background, world, Vec3::ONE);
        }
        dead
    }

    /// Spots on a track, each aimed at a place on the shelf.
    fn spots(&mut self) -> Vec<Lamp> {
        let node = self.node;
        let height = self.staged.ceiling - 0.25;
        let track = node.draw("track_m", |rng| between(1.0, 1.8, rng)) + self.staged.front;
        let count = node.draw("spots", |rng| rng.random_range(4..=6_usize));
        let width = self.staged.half_width;
        let bar =
            (vec3(-width - 0.8, height + 0.1, track - 0.02), vec3(width + 0.8, height + 0.14, track + 0.02));
        let model = self.parts.model(Part::Plain);
        self.staged.placing.block(node.child("track", 0).path().to_owned(), model, bar, Vec3::splat(0.05));
        (0..count)
            .map(|index| {
                let lamp = node.child("lamp", index);
                let position = vec3(spaced(index, count) * (width + 0.3), height, track);
                let aim = lamp.draw("aim_m", |rng| {
                    vec3(
                        position.x + between(-0.4, 0.4, rng),
                        self.staged.height * between(0.3, 0.8, rng),
                        self.staged.focus.z,
                    )
                });
                let inner = lamp.draw("inner_deg", |rng| between(16.0, 28.0, rng)).to_radians();
                let direction = (aim - position).normalize();
                let turn = Quat::from_rotation_arc(Vec3::NEG_Y, direction);
                let world = Affine3A::from_rotation_translation(turn, position - direction * 0.09);
                let model = self.parts.model(Part::LampSpot);
                self.staged.placing.turned(lamp.path().to_owned(), model, Role::Background, world, Vec3::ONE);
                let own = lamp.draw("temperature_spread", |rng| between(0.96, 1.04, rng));
                Lamp {
                    kind: LightKind::Spot {
                        position,
                        direction,
                        inner_angle: inner,
                        outer_angle: inner
                            + lamp.draw("soft_deg", |rng| between(14.0, 28.0, rng)).to_radians(),
                        radius_m: 0.06,
                    },
                    temperature_k: self.temperature_k * own,
                    strength: 1.0,
                }
            })
            .collect()
    }

    /// The sun from one side, and rows of tubes with what it leaves.
    fn daylight(&mut self) -> Vec<Lamp> {
        let node = self.node;
        let side = node.draw("sun_azimuth_deg", |rng| {
            let angle: f32 = between(25.0, 70.0, rng);
            if rng.random::<bool>() { angle } else { -angle }
        });
        let elevation = node.draw("sun_elevation_deg", |rng| between(18.0, 48.0, rng)).to_radians();
        let softness = node.draw("sun_softness_deg", |rng| between(0.5, 6.0, rng)).to_radians();
        let (sin, cos) = side.to_radians().sin_cos();
        let sun = Lamp {
            kind: LightKind::Sun {
                direction: -vec3(sin * elevation.cos(), elevation.sin(), cos * elevation.cos()).normalize(),
                angular_radius: softness,
            },
            temperature_k: node.draw("sun_temperature_k", |rng| between(4800.0, 7000.0, rng)),
            strength: 1.0,
        };
        let share = node.draw("sun_share", |rng| between(0.35, 0.7, rng));
        let lamps = self.rows(Part::LampRow);
        self.shared(vec![sun], share, lamps)
    }

    /// Upright strips beside the goods, and dim rows above.
    fn strips(&mut self) -> Vec<Lamp> {
        let z = self.staged.front + 0.02;
        let top = (self.staged.height - 0.06).max(0.4);
        let strips = self
            .staged
            .edges
            .iter()
            .map(|&x| Lamp {
                kind: LightKind::Tube { from: vec3(x, 0.25, z), to: vec3(x, top, z), direction: Vec3::NEG_Z },
                temperature_k: (self.temperature_k * 1.25).min(9000.0),
                strength: 1.0,
            })
            .collect();
        let share = self.node.draw("strip_share", |rng| between(0.25, 0.5, rng));
        let lamps = self.rows(Part::LampRow);
        self.shared(strips, share, lamps)
    }

    /// Gives the first lamps `share` of the light on the shelf's front, the others the rest.
    fn shared(&self, mut first: Vec<Lamp>, share: f32, mut rest: Vec<Lamp>) -> Vec<Lamp> {
        for (lamps, share) in [(&mut first, share), (&mut rest, 1.0 - share)] {
            let sum: f32 = lamps.iter().map(|lamp| super::light::reach(lamp, self.staged)).sum();
            lamps.iter_mut().for_each(|lamp| lamp.strength *= share / sum.max(1e-6));
        }
        first.extend(rest);
        first
    }
}
