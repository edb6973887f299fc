//! An adult who reaches in over the rail: a hand with its sleeve, and who it belongs to.

use std::sync::Arc;

use glam::{Affine3A, Quat, Vec2, Vec3, vec3};
use rand::RngExt;
use serde_json::json;

use super::{
    anatomy::Anatomy,
    bed::Crib,
    between,
    laying::Laid,
    materials::Materials,
    mesh::Mesh,
    motion::smooth,
    palette::{Palette, textile},
    relief::Relief,
    setting::{Cover, Setting, ids, whole},
};
use crate::{
    sample::{SampleError, list, moment::Moment, placing::facts as named},
    scene::{Event, Library, Model, Role, Whole},
    seed::Node,
};

/// The shopper's hand and sleeve, of which this adult's are made: fingers ahead along -Z from the origin, palm down.
#[derive(Debug)]
pub(super) struct Arm {
    hand: Arc<Model>,
    sleeve: Arc<Model>,
}

impl Arm {
    /// # Errors
    /// When the library lacks one of its models.
    pub(super) fn find(library: &Library) -> Result<Self, SampleError> {
        let model = |name: &'static str| {
            let id = library
                .find(name)
                .ok_or_else(|| SampleError::MissingModel { name, present: list(library.names()) })?;
            Ok::<_, SampleError>(library.model(id).clone())
        };
        Ok(Self { hand: model("arm_hand")?, sleeve: model("arm_sleeve")? })
    }
}

/// Where along the models knuckles, wrist and elbow are, and how long the arm is, metres behind the fingertips.
const KNUCKLES_M: f32 = 0.085;
const WRIST_M: f32 = 0.205;
const ELBOW_M: f32 = 0.475;
const SHOULDER_M: f32 = 0.75;
/// Half the way over which a joint bends, metres.
const BEND_M: f32 = 0.045;
/// From one shoulder to the other, metres.
const SHOULDERS_M: f32 = 0.34;
/// How far the adult stands back before it reaches in, metres.
const BACK_M: f32 = 0.75;

/// Colours of trousers, linear: navy, denim, washed denim, charcoal, grey, khaki. None could be taken for bare legs.
const TROUSERS: [Vec3; 6] = [
    vec3(0.016, 0.022, 0.060),
    vec3(0.040, 0.070, 0.150),
    vec3(0.130, 0.200, 0.330),
    vec3(0.025, 0.026, 0.030),
    vec3(0.170, 0.172, 0.180),
    vec3(0.110, 0.115, 0.070),
];

/// An adult at the long side of a crib that is open to the room, at +Z.
#[derive(Clone, Copy, Debug)]
pub(super) struct Adult {
    /// Of the wrist and the shoulder, when the hand rests on the infant.
    wrist: Vec3,
    shoulder: Vec3,
    /// The hand's turn about the vertical: its fingers point along its -Z.
    yaw: Quat,
    /// How far the fingers are bent down, radians.
    curl: f32,
    /// Whether it is the right hand; 1 or -1, as the sign of X.
    right: f32,
    /// How high the hand is lifted over the rail on its way, metres.
    lift: f32,
    hips: Vec3,
}

impl Adult {
    /// Stands so that a hand comes to rest on the infant: on its chest or side, from above.
    pub(super) fn draw(
        arm: &Arm,
        laid: &Laid,
        anatomy: &Anatomy,
        crib: &Crib,
        relief: &Relief,
        node: &Node,
    ) -> Self {
        let right = if node.draw("right", |rng| rng.random::<bool>()) { 1.0 } else { -1.0 };
        let joint = |name: &str| laid.posed.joints[anatomy.joint(name)];
        let share = node.draw("place", |rng| between(0.25, 0.85, rng));
        let aim = joint("pelvis").lerp(joint("spine_03"), share);
        let turn = node.draw("yaw_deg", |rng| between(-35.0, 35.0, rng)).to_radians();
        let yaw = Quat::from_rotation_y(turn);
        let curl = node.draw("curl_deg", |rng| between(10.0, 26.0, rng)).to_radians();
        // The middle of the palm over the aim, then down until it touches.
        let mut adult = Self {
            wrist: vec3(aim.x, 0.0, aim.z) + yaw * vec3(0.0, 0.0, WRIST_M - 0.11),
            shoulder: Vec3::ZERO,
            yaw,
            curl,
            right,
            lift: 0.0,
            hips: Vec3::ZERO,
        };
        let flat = Affine3A::from_rotation_translation(yaw, adult.wrist);
        let palm = bent(&arm.hand, &adult.bends(flat, flat, flat), right).positions;
        // As high as what is round each place: cells are coarse on slopes.
        let relief = relief.widened(1, |_| false);
        let rise = palm.iter().filter_map(|p| Some(relief.highest(p.x, p.z)?.max(crib.mattress) - p.y));
        adult.wrist.y = rise.fold(crib.mattress, f32::max);
        adult.lift = (crib.rail - adult.wrist.y).max(0.0) + 0.14;
        let out = node.draw("shoulder_m", |rng| between(0.02, 0.10, rng));
        let aside = node.draw("aside_m", |rng| between(-0.06, 0.12, rng));
        let across = vec3(right * aside, 0.0, crib.half[1] + out - adult.wrist.z);
        let reach = 0.985 * (SHOULDER_M - WRIST_M);
        let up = (reach * reach - across.length_squared()).max(0.01).sqrt();
        adult.shoulder = adult.wrist + across + Vec3::Y * up;
        adult.hips = vec3(
            adult.shoulder.x - right * SHOULDERS_M * 0.5,
            node.draw("hips_m", |rng| between(0.86, 0.96, rng)),
            crib.half[1] + 0.24,
        );
        adult
    }

    /// Shows it: how far it has come in is `share`. Adds what may cover a face to `covers`.
    pub(super) fn show(
        &self,
        arm: &Arm,
        share: f32,
        (setting, covers): (&mut Setting, &mut Vec<Cover>),
        m: &Materials,
        palette: Palette,
        node: &Node,
    ) {
        let away = self.away(share);
        let (wrist, shoulder) = (self.wrist + away, self.shoulder + away);
        let reaching = self.reaching(wrist, shoulder, self.yaw);
        let across = vec3(-self.right * SHOULDERS_M, 0.0, 0.0);
        // The other arm hangs outside of the rail.
        let other = Self { right: -self.right, ..*self };
        let hanging = shoulder + across + vec3(0.0, -0.48, 0.16);
        let down = Quat::from_rotation_x(-1.2) * self.yaw;
        let idle = other.reaching(hanging, shoulder + across, down);
        let mut hands = bent(&arm.hand, &reaching, self.right);
        let hand = hands.clone();
        hands.append(bent(&arm.hand, &idle, other.right));
        let mut sleeves = bent(&arm.sleeve, &reaching, self.right);
        let sleeve = sleeves.clone();
        sleeves.append(bent(&arm.sleeve, &idle, other.right));
        covers.extend([Cover::of(ADULT, &hand), Cover::of(ADULT, &sleeve)]);
        let tone = node.draw("skin_tone", |rng| rng.random::<f32>());
        let skin = palette.dress(m.smooth, palette.bare(tone, node), None);
        let top = node.child("top", 0);
        let cloth = palette.dress(m.fabric, palette.fabric(textile(&top, "colour"), &top), None);
        let trousers = node.child("trousers", 0);
        let legs = palette
            .fabric(trousers.draw("colour", |rng| TROUSERS[rng.random_range(0..TROUSERS.len())]), &trousers);
        let hair = palette.hair(&node.child("hair", 0), tone);
        let (trunk, leg, head, cap) = self.figure(shoulder + across * 0.5, away);
        let plain = |colour: Vec3, material| palette.dress(material, colour, None);
        let mut parts = Vec::new();
        for (name, mesh, dress) in [
            ("hand", hands, skin.clone()),
            ("sleeve", sleeves, cloth.clone()),
            ("trunk", trunk, cloth),
            ("legs", leg, plain(legs, m.fabric)),
            ("head", head, skin),
            ("hair", cap, plain(hair, m.plush)),
        ] {
            let material = dress.material;
            let child = node.child(name, 0);
            parts.push(setting.made(
                &child,
                "adult_part",
                Role::Labelled,
                vec![(mesh, material)],
                vec![dress],
            ));
        }
        let (low, high) = hand
            .positions
            .iter()
            .chain(&sleeve.positions)
            .fold((Vec3::MAX, Vec3::MIN), |(low, high), p| (low.min(*p), high.max(*p)));
        let facts =
            named([("parts", ids(&parts)), ("hand", json!(if self.right > 0.0 { "right" } else { "left" }))]);
        let half_extents = (high - low) * 0.5;
        let of = Whole { parts, half_extents, keypoints: Vec::new(), probes: Vec::new() };
        whole(setting, node.path().to_owned(), ADULT, (low + high) * 0.5, of, facts);
    }

    /// Trunk, legs, head and hair of who bends over the rail, coarse: the camera looks past them. `neck` is the middle
    /// of the shoulders.
    fn figure(&self, neck: Vec3, away: Vec3) -> (Mesh, Mesh, Mesh, Mesh) {
        let hips = self.hips + vec3(0.0, 0.0, away.z);
        let spine = (neck - hips).normalize_or(Vec3::Y);
        let (columns, rows) = (25_usize, 9_usize);
        #[expect(clippy::cast_precision_loss, reason = "a small grid")]
        let points: Vec<Vec3> = (0..columns * rows)
            .map(|i| {
                let t = (i / columns) as f32 / (rows - 1) as f32;
                let angle = (i % columns) as f32 / (columns - 1) as f32 * -std::f32::consts::TAU;
                // Hips, waist, chest, and the slope from the shoulders to the neck.
                let wide = 0.165 - 0.035 * (t * 5.5).sin() + 0.03 * t;
                let close = (1.0 - ((t - 0.82) / 0.18).max(0.0).powi(2) * 0.72).max(0.0);
                let front = Vec3::X.cross(spine).normalize_or(Vec3::Z);
                hips + (neck + spine * 0.07 - hips) * t
                    + Vec3::X * (wide * close * angle.cos())
                    + front * (0.115 * close.max(0.45) * angle.sin())
            })
            .collect();
        let mut trunk = Mesh::default();
        #[expect(clippy::cast_precision_loss, reason = "a small grid")]
        trunk.sheet(&points, columns, |c, r| Vec2::new(c as f32 * 0.04, r as f32 * 0.06));
        let mut legs = Mesh::default();
        for x in [-0.09, 0.09] {
            legs.bar(hips + vec3(x, 0.05, 0.0), vec3(hips.x + x * 1.1, 0.0, hips.z), 0.085, 18);
        }
        legs.ball(Affine3A::from_translation(hips), vec3(0.172, 0.13, 0.125));
        let (mut head, mut hair) = (Mesh::default(), Mesh::default());
        let nod = neck + spine * 0.05;
        let crown = nod + (spine + Vec3::Y).normalize_or(Vec3::Y) * 0.19;
        head.bar(nod, crown, 0.055, 16);
        let ahead = Vec3::NEG_Z;
        let place = Affine3A::from_translation(crown);
        head.ball(place, vec3(0.073, 0.112, 0.09));
        head.ball(
            Affine3A::from_translation(crown + ahead * 0.09 - Vec3::Y * 0.02),
            vec3(0.014, 0.02, 0.018),
        );
        for x in [-0.074, 0.074] {
            head.ball(Affine3A::from_translation(crown + Vec3::X * x), vec3(0.012, 0.03, 0.02));
        }
        hair.ball(
            Affine3A::from_translation(crown + Vec3::Y * 0.024 - ahead * 0.018),
            vec3(0.08, 0.106, 0.093),
        );
        (trunk, legs, head, hair)
    }

    /// How far from its resting place the hand is when it has come in by `share`: first over the rail, then down.
    fn away(&self, share: f32) -> Vec3 {
        let (over, down) = (smooth(share / 0.6), smooth((share - 0.45) / 0.55));
        vec3(0.0, self.lift * (1.0 - down), BACK_M * (1.0 - over))
    }

    fn bends(&self, wrist: Affine3A, forearm: Affine3A, upper: Affine3A) -> Bends {
        let from = |at: f32| Affine3A::from_translation(Vec3::NEG_Z * at);
        let to_knuckles = Affine3A::from_translation(Vec3::NEG_Z * (WRIST_M - KNUCKLES_M));
        let fingers = wrist * to_knuckles * Affine3A::from_rotation_x(-self.curl) * from(KNUCKLES_M);
        Bends {
            stops: [KNUCKLES_M, WRIST_M, ELBOW_M],
            frames: [fingers, wrist * from(WRIST_M), forearm * from(WRIST_M), upper * from(ELBOW_M)],
        }
    }

    /// The arm as bent between a wrist and a shoulder; `yaw` turns the hand about the vertical.
    fn reaching(&self, wrist: Vec3, shoulder: Vec3, yaw: Quat) -> Bends {
        let (fore, upper) = (ELBOW_M - WRIST_M, SHOULDER_M - ELBOW_M);
        let line = shoulder - wrist;
        let long = line.length().clamp(0.08, (fore + upper) * 0.999);
        let along = line.normalize_or(Vec3::Y);
        // The law of cosines; the elbow goes out and up.
        let near = (fore * fore - upper * upper + long * long) / (2.0 * long);
        let out = (fore * fore - near * near).max(0.0).sqrt();
        let pole = vec3(self.right, 0.6, 0.3);
        let pole = (pole - along * pole.dot(along)).normalize_or(Vec3::Y);
        let elbow = wrist + along * near + pole * out;
        let turned = |base: Quat, back: Vec3| Quat::from_rotation_arc(base * Vec3::Z, back) * base;
        let first = turned(yaw, (elbow - wrist).normalize_or(Vec3::Z));
        let second = turned(first, (wrist + along * long - elbow).normalize_or(Vec3::Z));
        let frame = |turn: Quat, at: Vec3| Affine3A::from_rotation_translation(turn, at);
        self.bends(frame(yaw, wrist), frame(first, wrist), frame(second, elbow))
    }
}

/// The class of an adult, and of its arm among what may be near a face.
pub(super) const ADULT: &str = "adult";

/// A visit in a film: the hand comes in, stays and goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit {
    start_s: f32,
    comes_s: f32,
    stays_s: f32,
    goes_s: f32,
}

impl Visit {
    pub(super) fn draw(seconds: f32, node: &Node) -> Self {
        let [comes, goes] = node.draw("pace_s", |rng| [between(1.0, 1.9, rng), between(0.9, 1.7, rng)]);
        // A short film has a hurried visit.
        let hurry = (seconds / (comes + goes + 1.0)).min(1.0);
        let (comes_s, goes_s) = (comes * hurry, goes * hurry);
        let free = (seconds - comes_s - goes_s).max(0.0);
        let [before, stays] = node.draw("times", |rng| [between(0.05, 0.35, rng), between(0.25, 0.5, rng)]);
        Self { start_s: free * before, comes_s, stays_s: free * stays, goes_s }
    }

    /// How far the hand has come in, 0 to 1, `t` seconds after the film's beginning.
    pub(super) fn share(&self, t: f32) -> f32 {
        let since = t - self.start_s;
        let leaves = self.comes_s + self.stays_s;
        if since < leaves {
            (since / self.comes_s).clamp(0.0, 1.0)
        } else {
            (1.0 - (since - leaves) / self.goes_s).max(0.0)
        }
    }

    pub(super) fn events(&self, moment: &Moment) -> [Event; 2] {
        let leaves = self.start_s + self.comes_s + self.stays_s;
        [
            moment.event("hand_in", self.start_s, self.start_s + self.comes_s),
            moment.event("hand_out", leaves, leaves + self.goes_s),
        ]
    }
}

/// A part of the arm, bent; `right` mirrors it for a left one.
fn bent(model: &Model, bends: &Bends, right: f32) -> Mesh {
    let mut mesh = Mesh::default();
    for primitive in &model.primitives {
        let first = u32::try_from(mesh.positions.len()).unwrap_or(u32::MAX);
        let mirror = vec3(right, 1.0, 1.0);
        for (p, n) in primitive.vertices.positions.iter().zip(&primitive.vertices.normals) {
            let frame = bends.frame(p.z);
            mesh.positions.push(frame.transform_point3(*p * mirror));
            mesh.normals.push(frame.transform_vector3(*n * mirror).normalize_or(Vec3::Y));
            mesh.uv.push(Vec2::new(p.y.atan2(p.x) * 0.05, p.z));
        }
        for t in primitive.lods[0].indices.chunks_exact(3) {
            let t = if right > 0.0 { [t[0], t[1], t[2]] } else { [t[0], t[2], t[1]] };
            mesh.indices.extend(t.map(|i| first + i));
        }
    }
    mesh
}

/// Straight pieces of an arm, one after the other along the model's Z.
struct Bends {
    stops: [f32; 3],
    frames: [Affine3A; 4],
}

impl Bends {
    /// World from the model at a place along it: linear blend skinning.
    fn frame(&self, z: f32) -> Affine3A {
        let mut frame = self.frames[0];
        for (stop, next) in self.stops.iter().zip(&self.frames[1..]) {
            let share = ((z - stop) / (2.0 * BEND_M) + 0.5).clamp(0.0, 1.0);
            frame.matrix3 = frame.matrix3 * (1.0 - share) + next.matrix3 * share;
            frame.translation = frame.translation * (1.0 - share) + next.translation * share;
        }
        frame
    }
}
