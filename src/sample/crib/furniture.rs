//! What stands in the room: its furnishings, the crib with its mattress, what is fixed to its rail.

use glam::{Affine3A, Quat, Vec3, vec3};
use rand::RngExt;
use serde_json::json;

use super::{
    Nursery, OwnCrib,
    bed::Crib,
    between,
    palette::{self, Palette, textile},
    room::Room,
    setting::{Cover, Setting, ids, make_name, whole},
    single, things,
};
use crate::{
    config::{CribLight, CribMake, CribRecipe, CribView, Scenario},
    sample::placing::{Thing, facts as named},
    scene::{Dress, InstanceId, Role, Whole},
    seed::Node,
};

impl Nursery {
    pub(super) fn furnish(
        &self,
        setting: &mut Setting,
        room: &Room,
        palette: Palette,
        light: CribLight,
        root: &Node,
    ) {
        let node = root.child("room", 0);
        for (index, (_, meshes, dresses)) in
            room.furnishings(&self.materials, palette, light, &node).into_iter().enumerate()
        {
            setting.made(&node.child("piece", index), "room", Role::Background, meshes, dresses);
        }
    }

    /// The crib with its mattress. Returns its triangles, which may cover a face too.
    pub(super) fn build(
        &self,
        setting: &mut Setting,
        crib: &Crib,
        palette: Palette,
        root: &Node,
    ) -> Vec<Cover> {
        let node = root.child("crib", 0);
        let cloth_node = node.child("cloth", 0);
        let mut covers = Vec::new();
        let parts = match &self.own_crib {
            Some(own) => vec![own.stand(setting, &mut covers, &node)],
            None => self.pieces(setting, &mut covers, crib, palette, &node),
        };
        let at = vec3(0.0, crib.rail * 0.5, 0.0);
        let half_extents = vec3(crib.half[0] + 0.05, crib.rail * 0.5, crib.half[1] + 0.05);
        let facts = named([("parts", ids(&parts)), ("make", json!(make_name(crib.make)))]);
        whole(
            setting,
            node.path().to_owned(),
            "crib",
            at,
            Whole { parts, half_extents, keypoints: Vec::new(), probes: Vec::new() },
            facts,
        );
        let piece = crib.mattress_block(&self.materials);
        let white = palette.fabric(Vec3::splat(0.78), &cloth_node);
        let dresses = vec![palette.dress(self.materials.fabric, white, None)];
        setting.made(&node.child("mattress", 0), "bedding", Role::Labelled, piece.meshes, dresses);
        covers
    }

    fn pieces(
        &self,
        setting: &mut Setting,
        covers: &mut Vec<Cover>,
        crib: &Crib,
        palette: Palette,
        node: &Node,
    ) -> Vec<InstanceId> {
        let m = &self.materials;
        let colour = palette.solid(palette::furniture(node), node);
        let cloth_node = node.child("cloth", 0);
        let cloth = palette.fabric(textile(&cloth_node, "colour"), &cloth_node);
        let mut parts = Vec::new();
        for (index, piece) in crib.pieces(m).into_iter().enumerate() {
            let dresses = vec![
                palette.dress(m.wood, colour, None),
                palette.dress(m.fabric, cloth, None),
                Dress { material: m.net, art: None, colour: Some((cloth * 0.6).extend(1.0)) },
            ];
            let child = node.child(piece.name, index);
            covers.extend(piece.meshes.iter().map(|(mesh, _)| Cover::of("crib", mesh)));
            parts.push(setting.made(&child, "crib_part", Role::Labelled, piece.meshes, dresses));
        }
        parts
    }

    /// What is fixed to the rail: a monitor, a mobile.
    pub(super) fn hang(
        &self,
        setting: &mut Setting,
        crib: &Crib,
        recipe: &CribRecipe,
        (scenario, view): (Scenario, CribView),
        palette: Palette,
        root: &Node,
    ) {
        let m = &self.materials;
        let node = root.child("monitor", 0);
        let railed = !matches!(crib.make, CribMake::Bassinet | CribMake::Own);
        if node.draw("there", |rng| rng.random_bool(0.25)) && railed {
            let x = node.draw("x_m", |rng| between(-0.6, 0.6, rng) * crib.half[0]);
            let dress = palette.dress(m.smooth, palette.solid(Vec3::splat(0.72), &node), None);
            let mesh = things::monitor(crib, x);
            setting.made(&node, "monitor", Role::Labelled, vec![(mesh, m.smooth)], vec![dress]);
        }
        let node = root.child("mobile", 0);
        let there = node.draw("there", |rng| rng.random::<f32>() < single(recipe.mobile.sample(rng)));
        // Nobody who is up, and no adult, shares its room; nor does a camera above the crib.
        let free = matches!(
            scenario,
            Scenario::SafeSupine
                | Scenario::Side
                | Scenario::Prone
                | Scenario::ProneFaceDown
                | Scenario::BlanketOverFace
                | Scenario::HeadCovered
                | Scenario::PullingBlanket
                | Scenario::Rolling
                | Scenario::OtherInfant
                | Scenario::EmptyCrib
        );
        if there && free && railed && view != CribView::Overhead {
            let (frame, toys) = things::mobile(crib, &node);
            let white = palette.dress(m.smooth, palette.solid(Vec3::splat(0.78), &node), None);
            let plush = node.child("toys", 0);
            let soft = palette.dress(m.plush, palette.fabric(textile(&plush, "colour"), &plush), None);
            let meshes = vec![(frame, m.smooth), (toys, m.plush)];
            setting.made(&node, "mobile", Role::Labelled, meshes, vec![white, soft]);
        }
    }
}

impl OwnCrib {
    fn stand(&self, setting: &mut Setting, covers: &mut Vec<Cover>, node: &Node) -> InstanceId {
        let world_from_object = self.world_from_object();
        for primitive in &self.model.primitives {
            let points = primitive.vertices.positions.iter().map(|p| world_from_object.transform_point3(*p));
            let indices = primitive.lods[0].indices.clone();
            covers.push(Cover { class: "crib", positions: points.collect(), indices });
        }
        setting.placing.add(Thing {
            path: node.child("own", 0).path().to_owned(),
            class: "crib_part",
            role: Role::Labelled,
            model: Some(self.id),
            world_from_object,
            dresses: Vec::new(),
            tint: Vec3::ONE,
            facts: named([]),
        })
    }

    #[expect(clippy::cast_possible_truncation, reason = "metres and degrees of a room")]
    fn world_from_object(&self) -> Affine3A {
        let at = Vec3::from(self.map.at_m.map(|metres| metres as f32));
        let turn = Quat::from_rotation_y(self.map.yaw_deg.to_radians() as f32);
        Affine3A::from_rotation_translation(turn, at)
    }
}
