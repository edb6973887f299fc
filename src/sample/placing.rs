//! Collects a scene's instances, numbering them in the order of placing.

use glam::{Affine3A, Vec3};

use crate::scene::{Dress, Facts, Instance, InstanceId, ModelId, Role};

/// The instances placed so far.
#[derive(Debug, Default)]
pub(super) struct Placing {
    instances: Vec<Instance>,
}

/// One instance before it has a number.
#[derive(Debug)]
pub(super) struct Thing {
    pub(super) path: String,
    pub(super) class: &'static str,
    pub(super) role: Role,
    pub(super) model: Option<ModelId>,
    pub(super) world_from_object: Affine3A,
    pub(super) dresses: Vec<Dress>,
    pub(super) tint: Vec3,
    pub(super) facts: Facts,
}

impl Placing {
    /// Adds a thing and gives it the next number.
    pub(super) fn add(&mut self, thing: Thing) -> InstanceId {
        let id = InstanceId(u32::try_from(self.instances.len() + 1).unwrap_or(u32::MAX));
        self.instances.push(Instance {
            id,
            path: thing.path,
            class: thing.class.to_owned(),
            role: thing.role,
            model: thing.model,
            world_from_object: thing.world_from_object,
            dresses: thing.dresses,
            tint: thing.tint,
            facts: thing.facts,
        });
        id
    }

    /// Whether a thing with this path is there.
    pub(super) fn has(&self, path: &str) -> bool {
        self.instances.iter().any(|instance| instance.path == path)
    }

    /// Adds what is drawn and never labelled: a model scaled and put in its place, unturned.
    pub(super) fn fixture(&mut self, path: String, model: ModelId, scale: Vec3, at: Vec3, tint: Vec3) {
        self.add(Thing {
            path,
            class: "fixture",
            role: Role::Background,
            model: Some(model),
            world_from_object: Affine3A::from_scale_rotation_translation(scale, glam::Quat::IDENTITY, at),
            dresses: Vec::new(),
            tint,
            facts: Facts::new(),
        });
    }

    /// A box between two corners, made of a cube of a metre whose origin is the middle of its bottom.
    pub(super) fn block(&mut self, path: String, model: ModelId, (min, max): (Vec3, Vec3), tint: Vec3) {
        let size = (max - min).max(Vec3::splat(1e-4));
        let at = Vec3::new((min.x + max.x) * 0.5, min.y, (min.z + max.z) * 0.5);
        self.fixture(path, model, size, at, tint);
    }

    /// The same of glass or clear plastic, which hides nothing in the labels.
    pub(super) fn pane(&mut self, path: String, model: ModelId, (min, max): (Vec3, Vec3)) {
        let size = (max - min).max(Vec3::splat(1e-4));
        let at = Vec3::new((min.x + max.x) * 0.5, min.y, (min.z + max.z) * 0.5);
        self.turned(
            path,
            model,
            Role::SeeThrough,
            Affine3A::from_scale_rotation_translation(size, glam::Quat::IDENTITY, at),
            Vec3::ONE,
        );
    }

    /// A part in any place.
    pub(super) fn turned(
        &mut self,
        path: String,
        model: ModelId,
        role: Role,
        world_from_object: Affine3A,
        tint: Vec3,
    ) {
        self.add(Thing {
            path,
            class: "fixture",
            role,
            model: Some(model),
            world_from_object,
            dresses: Vec::new(),
            tint,
            facts: Facts::new(),
        });
    }

    pub(super) fn finish(self) -> Vec<Instance> {
        self.instances
    }
}

/// Facts from name and value pairs.
pub(super) fn facts<const N: usize>(pairs: [(&str, serde_json::Value); N]) -> Facts {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
