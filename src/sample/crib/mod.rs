//! The crib stage: a virtual infant in its bed, safe or in danger, and what is true of it.

mod anatomy;
mod bed;
mod body;
mod fabric;
mod facts;
mod growth;
mod laying;
mod materials;
mod measure;
mod mesh;
mod palette;
mod peril;
mod posture;
mod relief;
mod room;
mod settle;
#[cfg(test)]
mod tests;
mod things;
mod view;
mod wear;

use std::sync::Arc;

use glam::{Affine3A, Vec2, Vec3, vec3};
use rand::{Rng, RngExt};
use serde_json::{Value, json};

use self::{
    anatomy::Anatomy,
    bed::{Crib, Sheet},
    facts::Measured,
    laying::Laid,
    materials::Materials,
    mesh::Mesh,
    palette::{Palette, textile},
    relief::Relief,
    room::{Room, Surroundings},
    wear::{Group, Infant},
};
use super::{
    SampleError, camera, chain,
    placing::{Placing, Thing, facts as named},
};
use crate::{
    config::{CribLight, CribMake, CribRecipe, Recipe, Scenario, pick},
    scene::{Dress, Facts, InstanceId, Library, MaterialId, Model, ModelId, Role, Scene, Whole},
    seed::{Node, Seed},
};

/// From this age on nobody is laid into a bassinet, months.
const BASSINET_MONTHS: f32 = 6.0;

/// Name under which the materials made here are found again: the first of them.
const FIRST_MATERIAL: &str = "wood";

/// Adds the materials of a nursery to a library.
pub(super) fn furnish(library: &mut Library) {
    materials::furnish(library);
}

/// What every frame is staged from.
#[derive(Debug)]
pub(super) struct Nursery {
    anatomy: Anatomy,
    model: Arc<Model>,
    materials: Materials,
    surroundings: Surroundings,
    /// Number of models that all frames share: a frame's own come after them.
    shared: u32,
}

fn between(min: f32, max: f32, rng: &mut impl Rng) -> f32 {
    min + (max - min) * rng.random::<f32>()
}

#[expect(clippy::cast_possible_truncation, reason = "shares and months need no more than f32")]
fn single(value: f64) -> f32 {
    value as f32
}

fn one_of<T: Copy + std::fmt::Debug>(list: &[(T, f64)], parameter: &str, node: &Node) -> T {
    let weights: Vec<f64> = list.iter().map(|(_, weight)| *weight).collect();
    node.draw(parameter, |rng| list[pick(&weights, rng)].0)
}

/// A scene in the making: instances, and the models that are this frame's alone.
struct Setting {
    placing: Placing,
    models: Vec<Arc<Model>>,
    shared: u32,
}

impl Setting {
    fn own(&mut self, model: Arc<Model>) -> ModelId {
        self.models.push(model);
        ModelId(self.shared + u32::try_from(self.models.len() - 1).unwrap_or(u32::MAX))
    }

    fn add(
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

    fn made(
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

impl Nursery {
    /// Looks up the infant and the materials.
    ///
    /// # Errors
    /// When the library has no infant, or one that must not be shown.
    pub(super) fn find(library: &Library, seed: Seed) -> Result<Self, SampleError> {
        let anatomy = Anatomy::find(library)?;
        let model = library.model(anatomy.model).clone();
        let materials = Materials::find(library, FIRST_MATERIAL)
            .ok_or(SampleError::MissingModel { name: "materials of a nursery", present: String::new() })?;
        let shared = u32::try_from(library.model_count()).unwrap_or(u32::MAX);
        Ok(Self { anatomy, model, materials, surroundings: Surroundings::new(seed), shared })
    }

    /// The scene of one frame.
    pub(super) fn stage(&self, recipe: &Recipe, crib_recipe: &CribRecipe, root: &Node) -> Scene {
        let scenario = one_of(&crib_recipe.scenarios, "scenario", root);
        let light = one_of(&crib_recipe.light, "light", root);
        let view = one_of(&crib_recipe.views, "view", root);
        let age = root.draw("age_months", |rng| single(crib_recipe.age_months.sample(rng)));
        let oldest = single(crib_recipe.age_months.range().1);
        // Too young for what is to happen: an age between the youngest that can and the oldest that may.
        let youngest = laying::youngest(scenario);
        let age = if age < youngest {
            root.draw("age_again", |rng| between(youngest, oldest.max(youngest), rng))
        } else {
            age
        };
        let lying = laying::posture(scenario, root).is_none_or(posture::Posture::lies);
        let slatted = |make| matches!(make, CribMake::Slats | CribMake::Panels);
        let makes: Vec<(CribMake, f64)> = crib_recipe
            .makes
            .iter()
            .copied()
            .filter(|(make, _)| *make != CribMake::Bassinet || (age < BASSINET_MONTHS && lying))
            .filter(|(make, _)| scenario != Scenario::LimbThroughSlats || slatted(*make))
            .collect();
        let make = if makes.is_empty() { CribMake::Slats } else { one_of(&makes, "make", root) };
        let crib = Crib::draw(make, &root.child("crib", 0));
        let room = Room::draw(crib.half, &root.child("room", 0));
        let palette = Palette { band: room::band(light) };
        let mut setting = Setting { placing: Placing::default(), models: Vec::new(), shared: self.shared };

        self.furnish(&mut setting, &room, palette, light, root);
        self.build(&mut setting, &crib, palette, root);
        let infant = (scenario != Scenario::EmptyCrib).then(|| {
            let node = root.child("infant", 0);
            let asleep = laying::asleep(scenario, light == CribLight::NightVision, &node);
            let mut infant =
                Infant::draw(&self.anatomy, &self.model, age, asleep, light != CribLight::Daylight, &node);
            if scenario == Scenario::LimbThroughSlats {
                infant.worn.retain(|garment| *garment != "sack");
            }
            let laid = laying::lay(&self.anatomy, &self.model, &infant, &crib, scenario, root, &node);
            (infant, laid, node)
        });
        let focus = infant.as_ref().map_or(Vec3::Y * crib.mattress, |(_, laid, _)| {
            let c = laid.middle();
            vec3(c.x * 0.6, c.y.min(crib.mattress + 0.4), c.z * 0.6)
        });
        let view_node = root.child("camera", 0);
        let camera = view::draw(view, recipe.image, &crib, &room, focus, &view_node).unwrap_or_else(|| {
            let staged = super::Staged {
                placing: Placing::default(),
                facts: Facts::new(),
                focus,
                half_width: crib.half[0],
                height: crib.rail,
                ceiling: room.high.y,
                front: crib.half[1],
                edges: Vec::new(),
                from_above: false,
            };
            camera::draw(&recipe.camera, recipe.image, &staged, &view_node)
        });

        let mut relief = Relief::new(Vec2::new(crib.half[0], crib.half[1]));
        if let Some((infant, laid, _)) = &infant {
            for part in self.anatomy.visible(&infant.worn) {
                relief.add(&laid.posed.parts[part], &self.anatomy.triangles[part]);
            }
        }
        let covers =
            self.cover(&mut setting, &crib, crib_recipe, scenario, &infant, &mut relief, palette, root);
        if let Some((infant, laid, node)) = &infant {
            self.show(&mut setting, infant, laid, &crib, &covers, palette, &camera, node);
        }

        let chain_node = root.child("chain", 0);
        let chain = chain::draw(&recipe.chain, &camera, focus, &chain_node);
        let distance = camera::depth(&camera, focus).max(0.2);
        let chain = view::adapt(chain, light, distance, &chain_node);
        let world_from_camera = camera.camera_from_world().inverse();
        let eye = Vec3::from(world_from_camera.translation);
        let forward = world_from_camera.transform_vector3(Vec3::Z);
        let bed = vec3(0.0, crib.mattress, 0.0);
        let lit = self.surroundings.light(
            light,
            &recipe.light,
            &room,
            bed,
            (eye, forward),
            &root.child("light", 0),
        );
        Scene {
            instances: setting.placing.finish(),
            lights: lit.lights,
            environment: Some(lit.environment),
            camera,
            chain,
            facts: named([
                ("scenario", json!(scenario.name())),
                ("light", json!(light_name(light))),
                ("infants", json!(usize::from(infant.is_some()))),
            ]),
            models: setting.models,
        }
    }

    fn furnish(&self, setting: &mut Setting, room: &Room, palette: Palette, light: CribLight, root: &Node) {
        let node = root.child("room", 0);
        for (index, (_, meshes, dresses)) in
            room.furnishings(&self.materials, palette, light, &node).into_iter().enumerate()
        {
            setting.made(&node.child("piece", index), "room", Role::Background, meshes, dresses);
        }
    }

    fn build(&self, setting: &mut Setting, crib: &Crib, palette: Palette, root: &Node) {
        let node = root.child("crib", 0);
        let colour = palette.solid(palette::furniture(&node), &node);
        let cloth_node = node.child("cloth", 0);
        let cloth = palette.fabric(textile(&cloth_node, "colour"), &cloth_node);
        let mut parts = Vec::new();
        for (index, piece) in crib.pieces(&self.materials).into_iter().enumerate() {
            let m = &self.materials;
            let dresses = vec![
                palette.dress(m.wood, colour, None),
                palette.dress(m.fabric, cloth, None),
                Dress { material: m.net, art: None, colour: Some((cloth * 0.6).extend(1.0)) },
            ];
            let child = node.child(piece.name, index);
            parts.push(setting.made(&child, "crib_part", Role::Labelled, piece.meshes, dresses));
        }
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
        if root.child("monitor", 0).draw("there", |rng| rng.random_bool(0.25))
            && crib.make != CribMake::Bassinet
        {
            let node = root.child("monitor", 0);
            let x = node.draw("x_m", |rng| between(-0.6, 0.6, rng) * crib.half[0]);
            let dress = palette.dress(self.materials.smooth, palette.solid(Vec3::splat(0.72), &node), None);
            setting.made(
                &node,
                "monitor",
                Role::Labelled,
                vec![(things::monitor(crib, x), self.materials.smooth)],
                vec![dress],
            );
        }
    }

    /// Sheet, pillow, toys, bumper, blanket: what lies on the mattress and round the infant. Returns their triangles.
    #[expect(clippy::too_many_arguments, reason = "everything that a bed is made of")]
    fn cover(
        &self,
        setting: &mut Setting,
        crib: &Crib,
        recipe: &CribRecipe,
        scenario: Scenario,
        infant: &Option<(Infant, Laid, Node)>,
        relief: &mut Relief,
        palette: Palette,
        root: &Node,
    ) -> Vec<Cover> {
        let m = &self.materials;
        let node = root.child("bedding", 0);
        let mut covers = Vec::new();
        let mut put = |setting: &mut Setting,
                       class: &'static str,
                       node: &Node,
                       mesh: Mesh,
                       material: MaterialId,
                       print: bool| {
            let art = if print { fabric::pattern(node) } else { None };
            let ground = if art.is_some() { Vec3::splat(0.9) } else { textile(node, "colour") };
            let dress = palette.dress(material, palette.fabric(ground, node), art);
            covers.push(Cover { class, positions: mesh.positions.clone(), indices: mesh.indices.clone() });
            // A fitted sheet is what a mattress shows.
            let class = if class == "sheet" { "mattress" } else { class };
            setting.made(node, class, Role::Labelled, vec![(mesh, material)], vec![dress]);
        };
        let crease = node.draw("crease_m", |rng| between(0.0, 0.006, rng));
        let salt = node.draw("creases", |rng| rng.next_u32() >> 8);
        let sheet = Sheet::press(crib, &|x, z| relief.lowest(x, z), crease, salt);
        put(setting, "sheet", &node.child("sheet", 0), sheet.mesh(), m.fabric, true);
        let clutter = |name: &str| {
            let child = root.child(name, 0);
            let there = child.draw("there", |rng| {
                let likely = single(recipe.clutter.sample(rng));
                rng.random::<f32>() < likely && scenario != Scenario::SafeSupine
            });
            there.then_some(child)
        };
        let slatted = matches!(crib.make, CribMake::Slats | CribMake::Panels);
        if let Some(child) = clutter("bumper").filter(|_| slatted && scenario != Scenario::LimbThroughSlats) {
            put(setting, "bumper", &child, things::bumper(crib, &child), m.fabric, true);
        }
        if let Some(child) = clutter("pillow") {
            let free = laying::free_end(infant.as_ref().map(|(_, laid, _)| laid));
            let at =
                vec3(free * (crib.half[0] - 0.16), 0.0, child.draw("z_m", |rng| between(-0.06, 0.06, rng)));
            let mesh = things::pillow(crib, at, &child);
            if !relief.meets(&mesh.positions) {
                relief.add(&mesh.positions, &mesh.indices);
                put(setting, "pillow", &child, mesh, m.fabric, true);
            }
        }
        let on_face = scenario == Scenario::SoftToyOnFace;
        for index in 0..2_usize {
            let child = root.child("toy", index);
            let mesh = match (infant, on_face && index == 0) {
                (Some((_, laid, _)), true) => Some(laying::toy_on_face(laid, &self.anatomy, relief, &child)),
                _ => clutter(&format!("toy{index}_")).map(|_| laying::toy_beside(crib, relief, &child)),
            };
            if let Some(mesh) = mesh
                && (on_face && index == 0 || !relief.meets(&mesh.positions))
            {
                relief.add(&mesh.positions, &mesh.indices);
                put(setting, "toy", &child, mesh, m.plush, false);
            }
        }
        if let (Some((_, laid, _)), Scenario::CordNearNeck) = (infant, scenario) {
            let child = root.child("cord", 0);
            put(
                setting,
                "cord",
                &child,
                peril::cord(laid, &self.anatomy, crib, relief, &child),
                m.smooth,
                false,
            );
        }
        let child = root.child("blanket", 0);
        if let Some(spread) = laying::blanket(
            scenario,
            infant.as_ref().map(|(_, laid, _)| laid),
            &self.anatomy,
            crib,
            recipe,
            &child,
        ) {
            let cloth = things::blanket(crib, relief, spread, &child);
            let mut mesh = Mesh::default();
            mesh.sheet(&cloth.points, cloth.columns, |c, r| {
                #[expect(clippy::cast_precision_loss, reason = "a small grid")]
                let uv = Vec2::new(c as f32, r as f32) * cloth.spacing_m;
                uv
            });
            put(setting, "blanket", &child, mesh, m.fabric, true);
        }
        covers
    }

    /// The infant's instances, and the three wholes that are labelled: infant, head, face.
    #[expect(clippy::too_many_arguments, reason = "everything that its labels are measured from")]
    fn show(
        &self,
        setting: &mut Setting,
        infant: &Infant,
        laid: &Laid,
        crib: &Crib,
        covers: &[Cover],
        palette: Palette,
        camera: &crate::geometry::Camera,
        node: &Node,
    ) {
        let (mut all, mut head) = (Vec::new(), Vec::new());
        for worn in infant.dressed(&self.anatomy, &self.model, &laid.posed, palette, node) {
            let path = node.child(worn.group.name(), 0).path().to_owned();
            let class = if worn.group == Group::Face { "face" } else { "infant_part" };
            let id = setting.add(path, class, Role::Labelled, worn.model, worn.dresses, Facts::new());
            all.push(id);
            if matches!(worn.group, Group::Face | Group::Head | Group::Hat) {
                head.push(id);
            }
        }
        let measured = Measured::of(&self.anatomy, infant, laid, crib, covers, camera);
        let (at, half_extents) = laid.extent(&self.anatomy, &infant.worn, false);
        let mut facts = measured.facts;
        facts.insert("parts".to_owned(), ids(&all));
        let body = Whole { parts: all, half_extents, keypoints: measured.keypoints, probes: measured.probes };
        whole(setting, node.path().to_owned(), "infant", at, body, facts);
        let (at, half_extents) = laid.extent(&self.anatomy, &infant.worn, true);
        let facts = named([("parts", ids(&head))]);
        let head = Whole { parts: head, half_extents, keypoints: Vec::new(), probes: Vec::new() };
        whole(setting, node.child("whole_head", 0).path().to_owned(), "head", at, head, facts);
    }
}

/// Triangles of something that may cover a face.
#[derive(Debug)]
struct Cover {
    class: &'static str,
    positions: Vec<Vec3>,
    indices: Vec<u32>,
}

fn whole(setting: &mut Setting, path: String, class: &'static str, at: Vec3, whole: Whole, facts: Facts) {
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

fn ids(list: &[InstanceId]) -> Value {
    json!(list.iter().map(|id| id.0).collect::<Vec<u32>>())
}

fn light_name(light: CribLight) -> &'static str {
    match light {
        CribLight::Daylight => "daylight",
        CribLight::Lamplight => "lamplight",
        CribLight::NightVision => "night_vision",
    }
}

fn make_name(make: CribMake) -> &'static str {
    match make {
        CribMake::Slats => "slats",
        CribMake::Panels => "panels",
        CribMake::Travel => "travel",
        CribMake::Bassinet => "bassinet",
    }
}
