//! An adult at a crib: who it is, and its two arms.

use std::sync::Arc;

use glam::{Affine3A, Quat, Vec2, Vec3, vec3};
use serde_json::json;

use super::{
    figure::{Colours, Figures, Stand},
    materials::Materials,
    mesh::Mesh,
    palette::Palette,
    setting::{Cover, Setting, ids, whole},
};
use crate::{
    sample::{SampleError, list, placing::facts as named},
    scene::{Facts, Library, Model, Role, Whole},
    seed::Node,
};

/// The class of an adult, and of its arms among what may be near a face.
pub(super) const ADULT: &str = "adult";
/// The class of its parts.
const PART: &str = "adult_part";

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
pub(super) const WRIST_M: f32 = 0.205;
const ELBOW_M: f32 = 0.475;
pub(super) const SHOULDER_M: f32 = 0.75;
/// Half the way over which a joint bends, metres.
const BEND_M: f32 = 0.045;
/// From one shoulder to the other, metres.
pub(super) const SHOULDERS_M: f32 = 0.34;
/// Who reaches draws its shoulders forward and down: the trunk stays this far behind them.
const BEHIND: Vec3 = vec3(0.0, 0.03, 0.03);
/// Half extents of the rounded end of a sleeve, which reaches into the trunk, metres.
const SHOULDER_HALF_M: Vec3 = vec3(0.0535, 0.0535, 0.056);

/// An arm from the shoulder to the hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    pub(super) wrist: Vec3,
    /// World from the hand: fingers along -Z, palm towards -Y.
    pub(super) turn: Quat,
    pub(super) shoulder: Vec3,
    /// How far the fingers are bent towards the palm, radians.
    pub(super) curl: f32,
    /// 1 for a right arm, -1 for a left one, as the sign of X of its shoulder.
    pub(super) right: f32,
    /// Where its elbow goes when it bends, about.
    pub(super) elbow: Vec3,
}

impl Reach {
    /// Hangs from a shoulder, outside of the rail.
    pub(super) fn hanging(shoulder: Vec3, right: f32, curl: f32) -> Self {
        let turn = Quat::from_rotation_x(-1.2);
        let elbow = Self::outwards(right);
        Self { wrist: shoulder + vec3(0.0, -0.48, 0.16), turn, shoulder, curl, right, elbow }
    }

    /// An elbow that goes out and up.
    pub(super) fn outwards(right: f32) -> Vec3 {
        vec3(right, 0.6, 0.3)
    }

    /// The hand's skin.
    pub(super) fn hand(&self, arm: &Arm) -> Mesh {
        bent(&arm.hand, &self.bends(), self.right)
    }

    fn sleeve(&self, arm: &Arm) -> Mesh {
        let bends = self.bends();
        let mut sleeve = bent(&arm.sleeve, &bends, self.right);
        // Closed where it ends.
        let end = bends.frames[3] * Affine3A::from_translation(Vec3::Z * (SHOULDER_M - 0.005));
        sleeve.ball(end, SHOULDER_HALF_M);
        sleeve
    }

    /// Bent at the elbow, as the law of cosines says.
    fn bends(&self) -> Bends {
        let (fore, upper) = (ELBOW_M - WRIST_M, SHOULDER_M - ELBOW_M);
        let line = self.shoulder - self.wrist;
        let long = line.length().clamp(0.08, (fore + upper) * 0.999);
        let along = line.normalize_or(Vec3::Y);
        let near = (fore * fore - upper * upper + long * long) / (2.0 * long);
        let out = (fore * fore - near * near).max(0.0).sqrt();
        let pole = (self.elbow - along * self.elbow.dot(along)).normalize_or(Vec3::Y);
        let elbow = self.wrist + along * near + pole * out;
        let turned = |base: Quat, back: Vec3| Quat::from_rotation_arc(base * Vec3::Z, back) * base;
        let first = turned(self.turn, (elbow - self.wrist).normalize_or(Vec3::Z));
        let second = turned(first, (self.wrist + along * long - elbow).normalize_or(Vec3::Z));
        let from = |at: f32| Affine3A::from_translation(Vec3::NEG_Z * at);
        let frame = |turn: Quat, at: Vec3| Affine3A::from_rotation_translation(turn, at);
        let hand = frame(self.turn, self.wrist);
        let fingers =
            hand * from(WRIST_M - KNUCKLES_M) * Affine3A::from_rotation_x(-self.curl) * from(KNUCKLES_M);
        Bends {
            stops: [KNUCKLES_M, WRIST_M, ELBOW_M],
            frames: [
                fingers,
                hand * from(WRIST_M),
                frame(first, self.wrist) * from(WRIST_M),
                frame(second, elbow) * from(ELBOW_M),
            ],
        }
    }
}

/// An adult at the long side of a crib that is open to the room, at +Z.
#[derive(Clone, Copy, Debug)]
pub(super) struct Adult {
    /// Both arms; those that reach in come first.
    pub(super) arms: [Reach; 2],
    /// How many reach in.
    pub(super) reaching: usize,
    /// Middle of the shoulders.
    pub(super) neck: Vec3,
    /// Between the feet, on the floor.
    pub(super) feet: Vec3,
}

impl Adult {
    /// Shows it. Adds what may cover a face to `covers`.
    pub(super) fn show(
        &self,
        (arm, figures): (&Arm, &Figures),
        (setting, covers): (&mut Setting, &mut Vec<Cover>),
        (m, palette): (&Materials, Palette),
        node: &Node,
    ) {
        let (mut hands, mut sleeves) = (Mesh::default(), Mesh::default());
        let (mut low, mut high) = (Vec3::MAX, Vec3::MIN);
        for (index, reach) in self.arms.iter().enumerate() {
            let (hand, sleeve) = (reach.hand(arm), reach.sleeve(arm));
            if index < self.reaching {
                for p in hand.positions.iter().chain(&sleeve.positions) {
                    (low, high) = (low.min(*p), high.max(*p));
                }
                covers.extend([Cover::of(ADULT, &hand), Cover::of(ADULT, &sleeve)]);
            }
            hands.append(hand);
            sleeves.append(sleeve);
        }
        let colours = Colours::draw(node);
        let skin = palette.dress(m.smooth, palette.bare(colours.tone, node), None);
        let cloth = palette.dress(m.fabric, palette.fabric(colours.top, &node.child("top", 0)), None);
        let mut parts = Vec::new();
        for (name, mesh, dress) in [("hand", hands, skin), ("sleeve", sleeves, cloth)] {
            let meshes = vec![(mesh, dress.material)];
            parts.push(setting.made(&node.child(name, 0), PART, Role::Labelled, meshes, vec![dress]));
        }
        let reaching = &self.arms[..self.reaching];
        let wrists: Vec3 = reaching.iter().map(|reach| reach.wrist).sum();
        #[expect(clippy::cast_precision_loss, reason = "one or two")]
        let looks_at = wrists / self.reaching.max(1) as f32;
        let stand = Stand { neck: self.neck + BEHIND, feet: self.feet, looks_at };
        for piece in figures.pieces(&stand, colours, (m, palette), node) {
            let path = node.child(piece.name, 0).path().to_owned();
            let id = setting.add(path, PART, Role::Labelled, piece.model, vec![piece.dress], Facts::new());
            parts.push(id);
        }
        let name = |reach: &Reach| if reach.right > 0.0 { "right" } else { "left" };
        let names: Vec<&str> = reaching.iter().map(name).collect();
        let facts = named([("parts", ids(&parts)), ("hands", json!(names))]);
        let half_extents = (high - low) * 0.5;
        let of = Whole { parts, half_extents, keypoints: Vec::new(), probes: Vec::new() };
        whole(setting, node.path().to_owned(), ADULT, (low + high) * 0.5, of, facts);
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
