//! The crib stage: a virtual infant in its bed, safe or in danger, and what is true of it.

mod anatomy;
mod bed;
mod body;
mod fabric;
mod facts;
mod film;
mod growth;
mod laying;
mod materials;
mod measure;
mod mesh;
mod motion;
mod palette;
mod peril;
mod posture;
mod relief;
mod room;
mod setting;
mod settle;
#[cfg(test)]
mod tests;
mod things;
mod view;
mod wear;

use std::sync::Arc;

use glam::{Vec2, Vec3, vec3};
use rand::{Rng, RngExt};
use serde_json::json;

use self::{
    anatomy::Anatomy,
    bed::{Crib, Sheet},
    facts::Measured,
    film::{Below, Films},
    laying::{Laid, Lying},
    materials::Materials,
    mesh::Mesh,
    motion::{Bearing, Motion},
    palette::{Palette, textile},
    relief::Relief,
    room::{Room, Surroundings},
    setting::{Cover, Setting, ids, light_name, make_name, whole},
    wear::{Group, Infant},
};
use super::{
    SampleError, camera, chain,
    moment::{Moment, instant},
    placing::{Placing, facts as named},
};
use crate::{
    config::{CribLight, CribMake, CribRecipe, Recipe, Scenario, pick},
    scene::{Dress, Facts, Library, MaterialId, Model, Role, Scene, Whole},
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
    /// Blankets of the films in hand.
    films: Films,
}

/// An infant with all that its labels and its cloth are made from.
struct Present {
    infant: Infant,
    lying: Lying,
    motion: Option<Motion>,
    /// As it came to rest: what does not move lies on and beside it.
    still: Laid,
    /// As it is seen.
    laid: Laid,
    bearing: Bearing,
    node: Node,
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
        Ok(Self {
            anatomy,
            model,
            materials,
            surroundings: Surroundings::new(seed),
            shared,
            films: Films::default(),
        })
    }

    /// The scene of one frame.
    pub(super) fn stage(
        &self,
        recipe: &Recipe,
        crib_recipe: &CribRecipe,
        root: &Node,
        moment: Option<&Moment>,
    ) -> Scene {
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
        let makes: Vec<(CribMake, f64)> = crib_recipe
            .makes
            .iter()
            .copied()
            .filter(|(make, _)| *make != CribMake::Bassinet || (age < BASSINET_MONTHS && lying))
            .filter(|(make, _)| scenario != Scenario::LimbThroughSlats || make.has_slats())
            .collect();
        let make = if makes.is_empty() { CribMake::Slats } else { one_of(&makes, "make", root) };
        let crib = Crib::draw(make, &root.child("crib", 0));
        let room = Room::draw(crib.half, &root.child("room", 0));
        let palette = Palette { band: room::band(light) };
        let mut setting = Setting { placing: Placing::default(), models: Vec::new(), shared: self.shared };

        self.furnish(&mut setting, &room, palette, light, root);
        self.build(&mut setting, &crib, palette, root);
        let infant = (scenario != Scenario::EmptyCrib)
            .then(|| self.present(&crib, (scenario, light), age, moment, root));
        let focus = infant.as_ref().map_or(Vec3::Y * crib.mattress, |present| {
            let c = present.still.middle();
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
            camera::draw(&recipe.camera, recipe.image, &staged, moment, &view_node)
        });

        let covers =
            self.cover(&mut setting, &crib, crib_recipe, scenario, (infant.as_ref(), moment), palette, root);
        if let Some(present) = &infant {
            self.show(&mut setting, present, &crib, &covers, palette, &camera);
        }

        let chain_node = root.child("chain", 0);
        let now = instant(&chain_node, moment);
        let chain = chain::draw(&recipe.chain, &camera, focus, &chain_node, &now);
        let distance = camera::depth(&camera, focus).max(0.2);
        let chain = view::adapt(chain, light, distance, &chain_node, &now);
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
            clip: moment.map(|moment| {
                let motion = infant.as_ref().and_then(|present| present.motion.as_ref());
                moment.clip(motion.map(|m| m.events(moment.frames, moment.fps)).unwrap_or_default())
            }),
        }
    }

    /// Draws the infant and lets it come to rest; in a film, moves it on to the instant.
    fn present(
        &self,
        crib: &Crib,
        (scenario, light): (Scenario, CribLight),
        age: f32,
        moment: Option<&Moment>,
        root: &Node,
    ) -> Present {
        let (anatomy, model) = (&self.anatomy, &*self.model);
        let node = root.child("infant", 0);
        let asleep = laying::asleep(scenario, light == CribLight::NightVision, &node);
        let mut infant = Infant::draw(anatomy, model, age, asleep, light != CribLight::Daylight, &node);
        if scenario == Scenario::LimbThroughSlats {
            infant.worn.retain(|garment| *garment != "sack");
        }
        let lying = laying::rest(anatomy, model, &infant, crib, scenario, root, &node);
        let motion = moment.map(|moment| {
            let seconds = single(f64::from(moment.frames) / moment.fps);
            let kind = (lying.posture, scenario);
            Motion::draw(kind, &infant, lying.angles(), seconds, &node.child("motion", 0))
        });
        let bearing = match (moment, &motion) {
            (Some(moment), Some(motion)) => motion.at(lying.posture, single(moment.seconds())),
            _ if scenario == Scenario::Rolling => {
                Bearing { turned: node.draw("rolled", |rng| between(0.0, 2.0, rng)), ..Bearing::STILL }
            }
            _ => Bearing::STILL,
        };
        let laid = lying.at(anatomy, model, &infant, &bearing);
        let still =
            if motion.is_some() { lying.at(anatomy, model, &infant, &Bearing::STILL) } else { laid.clone() };
        Present { infant, lying, motion, still, laid, bearing, node }
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
        (present, moment): (Option<&Present>, Option<&Moment>),
        palette: Palette,
        root: &Node,
    ) -> Vec<Cover> {
        let m = &self.materials;
        let still = present.map(|present| &present.still);
        let relief_of = |laid: fn(&Present) -> &Laid| {
            present.map_or_else(
                || Relief::new(Vec2::from_array(crib.half)),
                |p| laid(p).relief(&self.anatomy, &p.infant, crib),
            )
        };
        let mut relief = relief_of(|p| &p.still);
        let node = root.child("bedding", 0);
        let mut covers = Vec::new();
        let put = |setting: &mut Setting,
                   covers: &mut Vec<Cover>,
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
        let pressing = moment.map(|_| relief_of(|p| &p.laid));
        let pressing = pressing.as_ref().unwrap_or(&relief);
        let sheet = Sheet::press(crib, &|x, z| pressing.lowest(x, z), crease, salt);
        put(setting, &mut covers, "sheet", &node.child("sheet", 0), sheet.mesh(), m.fabric, true);
        let clutter = |name: &str| {
            let child = root.child(name, 0);
            let there = child.draw("there", |rng| {
                let likely = single(recipe.clutter.sample(rng));
                rng.random::<f32>() < likely && scenario != Scenario::SafeSupine
            });
            there.then_some(child)
        };
        if let Some(child) =
            clutter("bumper").filter(|_| crib.make.has_slats() && scenario != Scenario::LimbThroughSlats)
        {
            put(setting, &mut covers, "bumper", &child, things::bumper(crib, &child), m.fabric, true);
        }
        if let Some(child) = clutter("pillow") {
            let free = laying::free_end(still);
            let at =
                vec3(free * (crib.half[0] - 0.16), 0.0, child.draw("z_m", |rng| between(-0.06, 0.06, rng)));
            let mesh = things::pillow(crib, at, &child);
            if !relief.meets(&mesh.positions) {
                relief.add(&mesh.positions, &mesh.indices);
                put(setting, &mut covers, "pillow", &child, mesh, m.fabric, true);
            }
        }
        let on_face = scenario == Scenario::SoftToyOnFace;
        for index in 0..2_usize {
            let child = root.child("toy", index);
            let mesh = match (still, on_face && index == 0) {
                (Some(laid), true) => Some(laying::toy_on_face(laid, &self.anatomy, &relief, &child)),
                _ => clutter(&format!("toy{index}_")).map(|_| laying::toy_beside(crib, &relief, &child)),
            };
            if let Some(mesh) = mesh
                && (on_face && index == 0 || !relief.meets(&mesh.positions))
            {
                relief.add(&mesh.positions, &mesh.indices);
                put(setting, &mut covers, "toy", &child, mesh, m.plush, false);
            }
        }
        if let (Some(laid), Scenario::CordNearNeck) = (still, scenario) {
            let child = root.child("cord", 0);
            put(
                setting,
                &mut covers,
                "cord",
                &child,
                peril::cord(laid, &self.anatomy, crib, &relief, &child),
                m.smooth,
                false,
            );
        }
        let child = root.child("blanket", 0);
        if let Some(spread) = laying::blanket(scenario, still, &self.anatomy, crib, recipe, &child) {
            let face = spread.face;
            let mut cloth = things::blanket(crib, &relief, spread, &child);
            if let (Some(present), Some(moment)) = (present, moment) {
                cloth.points = self.films.points(moment.film, moment.index, || {
                    let below = Below {
                        crib,
                        anatomy: &self.anatomy,
                        infant: &present.infant,
                        covers: &covers,
                        face,
                    };
                    film::course(cloth.clone(), &below, moment.frames, moment.fps, |index| {
                        self.laid_at(present, moment, index)
                    })
                });
            }
            let mut mesh = Mesh::default();
            mesh.sheet(&cloth.points, cloth.columns, |c, r| {
                #[expect(clippy::cast_precision_loss, reason = "a small grid")]
                let uv = Vec2::new(c as f32, r as f32) * cloth.spacing_m;
                uv
            });
            put(setting, &mut covers, "blanket", &child, mesh, m.fabric, true);
        }
        covers
    }

    fn laid_at(&self, present: &Present, moment: &Moment, index: u32) -> Laid {
        let Present { infant, lying, motion, .. } = present;
        let seconds = single(f64::from(index) / moment.fps);
        let bearing = motion.as_ref().map_or(Bearing::STILL, |motion| motion.at(lying.posture, seconds));
        lying.at(&self.anatomy, &self.model, infant, &bearing)
    }

    /// The infant's instances, and the three wholes that are labelled: infant, head, face.
    fn show(
        &self,
        setting: &mut Setting,
        present: &Present,
        crib: &Crib,
        covers: &[Cover],
        palette: Palette,
        camera: &crate::geometry::Camera,
    ) {
        let Present { infant, laid, node, bearing, .. } = present;
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
        if let Some(phase) = bearing.phase {
            facts.insert("breathing_phase".to_owned(), json!((f64::from(phase) * 1e4).round() / 1e4));
        }
        let body = Whole { parts: all, half_extents, keypoints: measured.keypoints, probes: measured.probes };
        whole(setting, node.path().to_owned(), "infant", at, body, facts);
        let (at, half_extents) = laid.extent(&self.anatomy, &infant.worn, true);
        let facts = named([("parts", ids(&head))]);
        let head = Whole { parts: head, half_extents, keypoints: Vec::new(), probes: Vec::new() };
        whole(setting, node.child("whole_head", 0).path().to_owned(), "head", at, head, facts);
    }
}
