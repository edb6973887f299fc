//! A scene of the crib stage in the making.

use std::sync::Arc;

use glam::{Affine3A, Vec3};
use serde_json::{Value, json};

use super::{
    measure::Surface,
    mesh::{self, Mesh},
};
use crate::{
    config::{CribLight, CribMake},
    sample::placing::{Placing, Thing},
    scene::{Dress, Facts, InstanceId, MaterialId, Model, ModelId, Role, Whole},
    seed::Node,
};

/// A scene in the making: instances, and the models that are this frame's alone.
pub(super) struct Setting {
    pub(super) placing: Placing,
    pub(super) models: Vec<Arc<Model>>,
    pub(super) shared: u32,
}

impl Setting {
    fn own(&mut self, model: Arc<Model>) -> ModelId {
        self.models.push(model);
        ModelId(self.shared + u32::try_from(self.models.len() - 1).unwrap_or(u32::MAX))
    }

    pub(super) fn add(
        &mut self,
        path: String,
        class: &'static str,
        role: Role,
        model: Arc<Model>,
        dresses: Vec<Dress>,
        facts: Facts,
    ) -> InstanceId {
        let model = self.own(model);
        self.placing.add(Thing {
            path,
            class,
            role,
            model: Some(model),
            world_from_object: Affine3A::IDENTITY,
            dresses,
            tint: Vec3::ONE,
            facts,
        })
    }

    pub(super) fn made(
        &mut self,
        node: &Node,
        class: &'static str,
        role: Role,
        meshes: Vec<(Mesh, MaterialId)>,
        dresses: Vec<Dress>,
    ) -> InstanceId {
        let model = Arc::new(mesh::model(node.path(), meshes));
        self.add(node.path().to_owned(), class, role, model, dresses, Facts::new())
    }
}

/// Triangles of something that may cover a face.
#[derive(Debug)]
pub(super) struct Cover {
    pub(super) class: &'static str,
    pub(super) positions: Vec<Vec3>,
    pub(super) indices: Vec<u32>,
}

impl Cover {
    pub(super) fn of(class: &'static str, mesh: &Mesh) -> Self {
        Self { class, positions: mesh.positions.clone(), indices: mesh.indices.clone() }
    }

    pub(super) fn surface(&self) -> Surface<'_> {
        Surface { positions: &self.positions, indices: &self.indices }
    }
}

pub(super) fn whole(
    setting: &mut Setting,
    path: String,
    class: &'static str,
    at: Vec3,
    whole: Whole,
    facts: Facts,
) {
    setting.placing.add(Thing {
        path,
        class,
        role: Role::Whole(Box::new(whole)),
        model: None,
        world_from_object: Affine3A::from_translation(at),
        dresses: Vec::new(),
        tint: Vec3::ONE,
        facts,
    });
}

pub(super) fn ids(list: &[InstanceId]) -> Value {
    json!(list.iter().map(|id| id.0).collect::<Vec<u32>>())
}

pub(super) fn light_name(light: CribLight) -> &'static str {
    match light {
        CribLight::Daylight => "daylight",
        CribLight::Lamplight => "lamplight",
        CribLight::NightLight => "night_light",
        CribLight::NightVision => "night_vision",
    }
}

pub(super) fn make_name(make: CribMake) -> &'static str {
    match make {
        CribMake::Slats => "slats",
        CribMake::Panels => "panels",
        CribMake::Travel => "travel",
        CribMake::Bassinet => "bassinet",
        CribMake::Own => "own",
    }
}
