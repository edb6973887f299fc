//! Things in their places, with what is true about them.

use std::sync::Arc;

use glam::{Affine3A, Vec3, Vec4};
use serde_json::{Map, Value};

use super::{ArtKey, Chain, Environment, Light, MaterialId, Model, ModelId, ProbeGroup};
use crate::geometry::Camera;

/// Number of an instance within its picture: 1 and up in the order of placing; 0 is 'nothing'. At most 65535,
/// so that it fits a 16-bit picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId(pub u32);

/// Facts about an instance or a whole scene, carried through to the truth records untouched.
pub type Facts = Map<String, Value>;

/// What part an instance plays in the labels.
#[derive(Clone, Debug, PartialEq)]
pub enum Role {
    /// Drawn and labelled.
    Labelled,
    /// Drawn, owns its pixels, but never an annotation: fixtures, walls, floors.
    Background,
    /// Drawn, hides nothing and owns nothing: the glass of a cooler's door.
    SeeThrough,
    /// Never drawn; labelled by the projection of the box with these corners, object frame (a gap).
    Virtual {
        /// Half extents of the box, metres; its centre is the object's origin.
        half_extents: Vec3,
    },
    /// Several drawn instances labelled as one (an infant in its clothes, a face's owner). Never drawn itself; its
    /// mask is the union of its parts' masks.
    Whole(Box<Whole>),
}

/// What is labelled as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// The drawn instances that it consists of.
    pub parts: Vec<InstanceId>,
    /// Half extents of its box, metres; its centre is the object's origin.
    pub half_extents: Vec3,
    /// Keypoints, in the order of its category.
    pub keypoints: Vec<Keypoint>,
    /// Points, world frame; of those inside of the frame the visible share becomes a label, 0 where there are none.
    pub probes: Vec<ProbeGroup>,
}

/// A keypoint of something placed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Keypoint {
    /// World frame, metres.
    pub point: Vec3,
    /// It is visible when the surface that its pixel shows lies within this distance, metres.
    pub tolerance_m: f32,
}

/// How one instance dresses one of its model's materials.
#[derive(Clone, Debug, PartialEq)]
pub struct Dress {
    /// The model's material.
    pub material: MaterialId,
    /// Label art in place of the base colour texture.
    pub art: Option<ArtKey>,
    /// Linear base colour in place of the material's.
    pub colour: Option<Vec4>,
}

/// One thing in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// Its number in this picture: its position in [`Scene::instances`] plus one.
    pub id: InstanceId,
    /// Entity path in the tree of draws, as `bay0/board2/facing5/row0`; unique in its scene.
    pub path: String,
    /// What it is, for category sets: `product`, `price_tag`, `shelf_edge`, `gap`, `fixture` ...
    pub class: String,
    /// Its part in the labels.
    pub role: Role,
    /// Its shape; `None` exactly for virtual instances and wholes.
    pub model: Option<ModelId>,
    /// Its place; may scale.
    pub world_from_object: Affine3A,
    /// How it dresses its model's materials; materials not named stay as they are.
    pub dresses: Vec<Dress>,
    /// Multiplies every base colour, linear (dye lots, sun bleach). White leaves it as it is.
    pub tint: Vec3,
    /// Facts, as `sku`, `facing`, `yaw_deg`.
    pub facts: Facts,
}

/// One instant, ready to be photographed.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Things; index `i` has id `i + 1`.
    pub instances: Vec<Instance>,
    /// Lights.
    pub lights: Vec<Light>,
    /// Light from all around.
    pub environment: Option<Environment>,
    /// The camera, its intrinsics describing the final picture.
    pub camera: Camera,
    /// What the camera does to light.
    pub chain: Chain,
    /// Facts about the whole picture: planogram, availability.
    pub facts: Facts,
    /// Models of this instant alone (a posed body, draped cloth); their ids go on where the library's end.
    pub models: Vec<Arc<Model>>,
    /// Which instant of which film this is; `None` for a picture that stands alone.
    pub clip: Option<Clip>,
}

/// An instant of a film. All instants of a film have the same instances in the same order.
#[derive(Clone, Debug, PartialEq)]
pub struct Clip {
    /// Number of the film in its dataset, from 0.
    pub film: u64,
    /// Number of the picture in the film, from 0.
    pub index: u32,
    /// Pictures of the film.
    pub frames: u32,
    /// Pictures a second.
    pub fps: f64,
    /// What happens in the whole film, in order of beginning.
    pub events: Vec<Event>,
}

/// Something that happens in a film.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What: `startle`, `head_turn` ...
    pub name: String,
    /// First picture of it.
    pub start: u32,
    /// Last picture of it.
    pub end: u32,
}

impl Scene {
    /// The instance with this id.
    #[must_use]
    pub fn instance(&self, id: InstanceId) -> Option<&Instance> {
        self.instances.get((id.0 as usize).checked_sub(1)?)
    }
}
