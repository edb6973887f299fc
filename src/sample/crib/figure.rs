//! The body of an adult that stands at a crib: who it is, how it bends, what it wears.

use std::{f32::consts::PI, sync::Arc};

use glam::{Affine3A, EulerRot, Quat, Vec3, vec3};
use rand::RngExt;
use serde::Deserialize;

use super::{
    between,
    materials::Materials,
    mesh::of_primitives,
    palette::{Palette, textile, unlike_skin},
};
use crate::{
    sample::{SampleError, list, people::TROUSERS},
    scene::{Dress, Library, Model, PoseState, Primitive, deform},
    seed::Node,
};

/// Names of the models: a woman, a man.
const MODELS: [&str; 2] = ["adult_female", "adult_male"];

/// What an asset says of itself under `extras.diorama`.
#[derive(Debug, Deserialize)]
struct Extras {
    parts: Vec<String>,
    shoulder_l: Vec3,
    sole_y: f32,
}

/// One of the models: origin at the pelvis joint, +Y up, +Z to the front.
#[derive(Debug)]
struct Cast {
    model: Arc<Model>,
    parts: Vec<String>,
    /// Numbers of the joints that bend, in the order of [`BONES`].
    joints: [usize; BONES.len()],
    /// Middle of the shoulders, from the third joint of the spine.
    shoulders: Vec3,
    sole_y: f32,
}

/// All adults.
#[derive(Debug)]
pub(super) struct Figures([Cast; 2]);

/// Where an adult stands and what it looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stand {
    /// Middle of the shoulders.
    pub(super) neck: Vec3,
    /// Between the feet, on the floor.
    pub(super) feet: Vec3,
    pub(super) looks_at: Vec3,
}

/// A part of a body in its place.
pub(super) struct Piece {
    pub(super) name: &'static str,
    pub(super) model: Arc<Model>,
    pub(super) dress: Dress,
}

/// Colours of an adult, which its arms share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Colours {
    /// 0 is the lightest skin, 1 the darkest.
    pub(super) tone: f32,
    pub(super) top: Vec3,
}

impl Colours {
    pub(super) fn draw(node: &Node) -> Self {
        let tone = node.draw("skin_tone", |rng| rng.random::<f32>());
        Self { tone, top: unlike_skin(textile(&node.child("top", 0), "colour")) }
    }
}

/// How the bend of a trunk is shared out between pelvis and spine.
const SHARES: [f32; 4] = [0.46, 0.20, 0.19, 0.15];
/// The furthest that neck and head together turn from the trunk: down, up and aside, degrees.
const NOD_DEG: [f32; 3] = [52.0, 48.0, 55.0];
/// Legs of one length stand on the floor for any bend: how much they may be stretched where none does it.
const STRETCH: [f32; 2] = [0.90, 1.12];

impl Figures {
    /// # Errors
    /// When the library lacks one, or a model does not describe an adult.
    pub(super) fn find(library: &Library) -> Result<Self, SampleError> {
        let [woman, man] = MODELS.map(|name| Cast::find(library, name));
        Ok(Self([woman?, man?]))
    }

    /// All pieces of an adult in its place.
    pub(super) fn pieces(
        &self,
        stand: &Stand,
        colours: Colours,
        (m, palette): (&Materials, Palette),
        node: &Node,
    ) -> Vec<Piece> {
        let man = node.draw("sex", |rng| rng.random_range(0..self.0.len()));
        let cast = &self.0[man];
        let scale = node.draw("height", |rng| between(1.0, 1.08, rng));
        let pose = PoseState { morph_weights: cast.looks(colours.tone, node), ..cast.pose(stand, scale) };
        let posed = deform(&cast.model, &pose);
        let style = node.draw("hair_style", |rng| rng.random::<f32>());
        let added = match (man, style) {
            (0, s) if s < 0.45 => Some("hair_long"),
            (0, s) if s < 0.85 => Some("hair_bun"),
            _ => None,
        };
        let hair = palette.hair(&node.child("hair", 0), colours.tone);
        let trousers = node.child("trousers", 0);
        let legs = palette
            .fabric(trousers.draw("colour", |rng| TROUSERS[rng.random_range(0..TROUSERS.len())]), &trousers);
        let shoes = node.draw("shoes", |rng| between(0.02, 0.35, rng));
        let cloth = |colour| palette.dress(m.fabric, colour, None);
        let mut pieces = Vec::new();
        for (part, primitive) in cast.parts.iter().zip(&posed.primitives) {
            let own = |colour| palette.dress(primitive.material, colour, None);
            let (name, dress) = match part.as_str() {
                "skin" => ("head", own(palette.skin(colours.tone, node))),
                "hair" => ("hair", own(hair)),
                other if Some(other) == added => ("hair_added", own(hair)),
                "eye_l" => ("eye_l", own(Vec3::ONE)),
                "eye_r" => ("eye_r", own(Vec3::ONE)),
                "lashes" => ("lashes", own(vec3(0.05, 0.035, 0.03))),
                "shirt" => ("trunk", cloth(palette.fabric(colours.top, &node.child("top", 0)))),
                "trousers" => ("legs", cloth(legs)),
                "shoes" => ("shoes", palette.dress(m.smooth, Vec3::splat(shoes), None)),
                _ => continue,
            };
            let mut vertices = primitive.vertices.clone();
            // As on all that is made here, any direction along the surface will do for the grain of fabrics.
            vertices.tangents =
                vertices.normals.iter().map(|n| n.any_orthonormal_vector().extend(1.0)).collect();
            let plain = Primitive {
                vertices,
                material: dress.material,
                skin: Vec::new(),
                morphs: Vec::new(),
                lods: primitive.lods.clone(),
            };
            let model = of_primitives(name, vec![plain], &posed.licence, &posed.source);
            pieces.push(Piece { name, model: Arc::new(model), dress });
        }
        pieces
    }
}

impl Cast {
    fn find(library: &Library, name: &'static str) -> Result<Self, SampleError> {
        let id = library
            .find(name)
            .ok_or_else(|| SampleError::MissingModel { name, present: list(library.names()) })?;
        let model = library.model(id).clone();
        let bad = |reason: String| SampleError::BadAdult { source_file: model.source.clone(), reason };
        let extras: Extras = serde_json::from_value(model.extras["diorama"].clone())
            .map_err(|e| bad(format!("extras.diorama describes no adult: {e}")))?;
        let skin = model.skin.as_ref().ok_or_else(|| bad("it has no skeleton".to_owned()))?;
        let mut joints = [0; BONES.len()];
        for (place, wanted) in joints.iter_mut().zip(BONES) {
            *place = skin
                .joints
                .iter()
                .position(|joint| joint.name == wanted)
                .ok_or_else(|| bad(format!("it has no joint '{wanted}'")))?;
        }
        if extras.parts.len() != model.primitives.len() {
            let (said, has) = (extras.parts.len(), model.primitives.len());
            return Err(bad(format!("it names {said} parts and has {has}")));
        }
        let spine = Vec3::from(skin.joints[joints[3]].joint_from_object.inverse().translation);
        let shoulders = extras.shoulder_l * vec3(0.0, 1.0, 1.0) - spine;
        Ok(Self { parts: extras.parts, joints, shoulders, sole_y: extras.sole_y, model: model.clone() })
    }

    /// Weights of the morph targets of somebody.
    fn looks(&self, tone: f32, node: &Node) -> Vec<f32> {
        let face = node.child("face", 0);
        let ancestry = face.draw("ancestry", |rng| {
            let [a, b, c] = [0.35 + tone, 1.0, 1.35 - tone].map(|high| between(0.0, high, rng).powi(2));
            [a, b, c].map(|share| share / (a + b + c).max(1e-3))
        });
        let one = |name: &str, low: f32, high: f32| face.draw(name, |rng| between(low, high, rng));
        let weight = |name: &String| match name.as_str() {
            "african" => ancestry[0],
            "asian" => ancestry[1],
            "caucasian" => ancestry[2],
            "heavy" => one("heavy", -0.15, 0.55).max(0.0),
            "old" => one("old", -0.2, 0.45).max(0.0),
            "smile" => one("smile", 0.0, 0.7),
            "look_down" => 0.5,
            "head_round" | "nose_wide" | "nose_long" | "mouth_wide" | "chin_wide" | "cheeks_full" => {
                one(name, -0.4, 0.4)
            }
            _ => 0.0,
        };
        self.model.morph_names.iter().map(weight).collect()
    }

    /// Bent so that shoulders and feet are where they are to be, the face turned to what it looks at.
    fn pose(&self, stand: &Stand, scale: f32) -> PoseState {
        let rest = |bone: usize| -> Vec3 {
            self.model.skin.as_ref().map_or(Vec3::ZERO, |skin| skin.joints[self.joints[bone]].translation)
        };
        // Towards -Z, the crib.
        let facing = Quat::from_rotation_y(PI);
        // From the pelvis to the shoulders when the trunk is bent, in the world.
        let rise = |bend: f32| {
            let mut turn = Quat::IDENTITY;
            let mut at = Vec3::ZERO;
            for (bone, share) in SHARES.iter().enumerate() {
                at += turn * if bone == 0 { Vec3::ZERO } else { rest(bone) };
                turn *= Quat::from_rotation_x(bend * share);
            }
            facing * (at + turn * self.shoulders) * scale
        };
        let hips = (rest(6) + rest(7)) * 0.5;
        let long = (hips.y - self.sole_y) * scale;
        let miss = |bend: f32| ((stand.neck - rise(bend)).distance(stand.feet) - long).abs();
        let bend = (0..=110_u8)
            .map(|degrees| f32::from(degrees).to_radians())
            .min_by(|a, b| miss(*a).total_cmp(&miss(*b)))
            .unwrap_or_default();
        let pelvis = stand.neck - rise(bend);
        let mut pose = PoseState::rest(&self.model);
        let turned = |bone: usize, turn: Quat| Affine3A::from_rotation_translation(turn, rest(bone));
        for (bone, share) in SHARES.iter().enumerate().skip(1) {
            pose.joints[self.joints[bone]] = turned(bone, Quat::from_rotation_x(bend * share));
        }
        let tilt = Quat::from_rotation_x(bend * SHARES[0]);
        pose.joints[self.joints[0]] =
            Affine3A::from_scale_rotation_translation(Vec3::splat(scale), facing * tilt, pelvis);
        // Neck and head share what is left of the way to what it looks at.
        let at = facing.inverse() * (stand.looks_at - stand.neck - Vec3::Y * 0.15);
        let down = (-at.y).atan2(at.x.hypot(at.z)) - bend;
        let [most_down, most_up, most_aside] = NOD_DEG.map(f32::to_radians);
        let (nod, aside) =
            (down.clamp(-most_up, most_down), at.x.atan2(at.z.max(0.05)).clamp(-most_aside, most_aside));
        for (bone, share) in [(4, 0.42), (5, 0.58)] {
            let turn = Quat::from_euler(EulerRot::YXZ, aside * share, nod * share, 0.0);
            pose.joints[self.joints[bone]] = turned(bone, turn);
        }
        // Legs go down to the feet, closer together than at rest.
        let leg = (facing * tilt).inverse() * (stand.feet - pelvis) / scale - hips;
        let stretch = (leg.length() / (hips.y - self.sole_y)).clamp(STRETCH[0], STRETCH[1]);
        for (bone, inwards) in [(6, -0.05_f32), (7, 0.05)] {
            let down = Quat::from_rotation_arc(Vec3::NEG_Y, leg.normalize_or(Vec3::NEG_Y));
            let turn = down * Quat::from_rotation_z(inwards);
            pose.joints[self.joints[bone]] =
                Affine3A::from_scale_rotation_translation(vec3(1.0, stretch, 1.0), turn, rest(bone));
            // Feet stay level.
            pose.joints[self.joints[bone + 2]] = turned(bone + 2, (tilt * turn).inverse());
        }
        pose
    }
}

/// Joints by the names of the game rig of `MakeHuman`, in the order in which this module numbers them.
const BONES: [&str; 10] = [
    "pelvis", "spine_01", "spine_02", "spine_03", "neck_01", "head", "thigh_l", "thigh_r", "foot_l", "foot_r",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        sample::crib::{Band, tests::library},
        seed::Seed,
    };

    #[test]
    fn adults_stand_on_the_floor_with_their_shoulders_in_place_and_look_where_they_reach() {
        let mut library = library();
        let m = super::super::materials::furnish(&mut library);
        let figures = Figures::find(&library).unwrap();
        for seed in 0..24_u64 {
            let node = Seed(seed).frame(0).child("adult", 0);
            let colours = Colours::draw(&node);
            // From bent over a low mattress to upright.
            let high = 0.95 + 0.02 * f32::from(u8::try_from(seed).unwrap());
            let stand = Stand {
                neck: vec3(0.1, high, 0.45),
                feet: vec3(0.1, 0.0, 0.62),
                looks_at: vec3(0.2, high - 0.5, 0.0),
            };
            let palette = Palette { band: Band::Visible };
            let pieces = figures.pieces(&stand, colours, (&m, palette), &node);
            let of = |name: &str| &pieces.iter().find(|piece| piece.name == name).unwrap().model;
            let sole = of("shoes").bounds.min.y;
            assert!(sole.abs() < 0.04, "{seed}: soles {sole} m off the floor");
            let trunk = of("trunk").bounds;
            assert!((trunk.min.x + trunk.max.x - 0.2).abs() < 0.02, "{seed}: {trunk:?} is not over its feet");
            let wide = trunk.size().x;
            assert!((0.32..0.50).contains(&wide), "{seed}: a trunk {wide} m wide");
            let nearest = of("trunk").primitives[0].vertices.positions.iter();
            let nearest = nearest.map(|p| p.distance(stand.neck)).fold(f32::MAX, f32::min);
            assert!(nearest < 0.13, "{seed}: shoulders {nearest} m off");
            for cast in &figures.0 {
                let (pose, skin) = (cast.pose(&stand, 1.0), cast.model.skin.as_ref().unwrap());
                let mut world = Affine3A::IDENTITY;
                let mut joint = Some(cast.joints[5]);
                while let Some(index) = joint {
                    world = pose.joints[index] * world;
                    joint = skin.joints[index].parent;
                }
                let wanted = stand.looks_at - world.transform_point3(vec3(0.0, 0.06, 0.09));
                let off = world.transform_vector3(Vec3::Z).angle_between(wanted).to_degrees();
                assert!(off < 25.0, "{seed}: it looks {off} degrees past what it looks at");
            }
            let upper = of("hair").bounds.max.y - stand.neck.y;
            assert!((0.05..0.45).contains(&upper), "{seed}: the crown is {upper} m above the shoulders");
        }
    }
}
