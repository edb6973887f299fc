//! The crib stage: a virtual infant in its bed, safe or in danger, and what is true of it.

mod adult;
mod anatomy;
mod bed;
mod bedding;
mod body;
mod caregiver;
mod fabric;
mod facts;
mod figure;
mod film;
mod furniture;
mod growth;
mod laying;
mod loose;
mod lying;
mod materials;
mod measure;
mod mesh;
mod motion;
mod onward;
mod pacifier;
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
#[cfg(test)]
mod trials;
mod view;
mod wear;

use std::sync::Arc;

use glam::{Vec3, vec3};
use rand::{Rng, RngExt};
use serde_json::json;

use self::{
    adult::Arm,
    anatomy::Anatomy,
    bed::Crib,
    bedding::Bedding,
    facts::Measured,
    figure::Figures,
    film::Films,
    lying::{Laid, Lying},
    materials::Materials,
    motion::{Bearing, Motion},
    pacifier::Pacifier,
    palette::{Band, Palette},
    room::{Room, Surroundings},
    setting::{Cover, Setting, ids, light_name, whole},
    wear::{Group, Infant},
};
use super::{
    SampleError, camera, chain,
    moment::{Moment, instant},
    placing::{Placing, facts as named},
};
use crate::{
    config::{CribLight, CribMake, CribMap, CribRecipe, OwnFiles, OwnModels, Recipe, Scenario, pick},
    scene::{Event, Facts, Library, Model, ModelId, Role, Scene, Whole},
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
    own_crib: Option<OwnCrib>,
    arm: Arm,
    figures: Figures,
    materials: Materials,
    surroundings: Surroundings,
    /// Number of models that all frames share: a frame's own come after them.
    shared: u32,
    /// Blankets of the films in hand.
    films: Films,
}

/// A crib of the user's own.
#[derive(Debug)]
struct OwnCrib {
    id: ModelId,
    model: Arc<Model>,
    map: CribMap,
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
    pacifier: Pacifier,
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

impl Present {
    /// How it is at a picture of its film.
    fn bearing_at(&self, moment: &Moment, index: u32) -> Bearing {
        let seconds = single(f64::from(index) / moment.fps);
        self.motion.as_ref().map_or(Bearing::STILL, |motion| motion.at(self.lying.posture, seconds))
    }

    /// All that is to be seen of it, as something that may cover another one's face.
    fn cover(&self, anatomy: &Anatomy) -> Cover {
        let mut cover = Cover { class: "infant", positions: Vec::new(), indices: Vec::new() };
        for part in anatomy.visible(&self.infant.worn) {
            let first = u32::try_from(cover.positions.len()).unwrap_or(u32::MAX);
            cover.positions.extend(&self.laid.posed.parts[part]);
            cover.indices.extend(anatomy.triangles[part].iter().map(|i| first + i));
        }
        cover
    }
}

/// The age of an infant, months.
fn age(recipe: &CribRecipe, scenario: Scenario, node: &Node) -> f32 {
    let age = node.draw("age_months", |rng| single(recipe.age_months.sample(rng)));
    let oldest = single(recipe.age_months.range().1);
    // Too young for what is to happen: an age between the youngest that can and the oldest that may.
    let youngest = scenario.youngest_months();
    if age < youngest {
        node.draw("age_again", |rng| between(youngest, oldest.max(youngest), rng))
    } else {
        age
    }
}

/// Where a camera looks.
fn focus(crib: &Crib, infants: &[Present]) -> Vec3 {
    let Some(first) = infants.first() else { return Vec3::Y * crib.mattress };
    let c = infants[1..].iter().fold(first.still.middle(), |c, present| (c + present.still.middle()) * 0.5);
    vec3(c.x * 0.6, c.y.min(crib.mattress + 0.4), c.z * 0.6)
}

/// What happens in a film, in the order of its pictures: what befalls, and what the infants do.
fn all_events(mut events: Vec<Event>, infants: &[Present], moment: &Moment) -> Vec<Event> {
    let motions = infants.iter().filter_map(|present| present.motion.as_ref());
    events.extend(motions.flat_map(|motion| motion.events(moment)));
    events.retain(|event| event.start < moment.frames);
    events.iter_mut().for_each(|event| event.end = event.end.min(moment.frames - 1));
    events.sort_by_key(|event| (event.start, event.end));
    events
}

impl Nursery {
    /// Looks up the infant and the materials.
    ///
    /// # Errors
    /// When the library has no infant, or one that must not be shown; when a map names what a model does not have.
    pub(super) fn find(
        library: &Library,
        seed: Seed,
        (files, own): (&OwnFiles, OwnModels),
    ) -> Result<Self, SampleError> {
        let anatomy = Anatomy::find(library, files.infant.as_deref(), &own.infant)?;
        let own_crib = files.crib.as_deref().and_then(|path| library.find_file(path)).zip(own.crib);
        let model = library.model(anatomy.model).clone();
        let materials = Materials::find(library, FIRST_MATERIAL)
            .ok_or(SampleError::MissingModel { name: "materials of a nursery", present: String::new() })?;
        let shared = u32::try_from(library.model_count()).unwrap_or(u32::MAX);
        Ok(Self {
            anatomy,
            model,
            own_crib: own_crib.map(|(id, map)| OwnCrib { id, model: library.model(id).clone(), map }),
            arm: Arm::find(library)?,
            figures: Figures::find(library)?,
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
        let age = age(crib_recipe, scenario, root);
        let lying = laying::posture(scenario, &root.child("infant", 0)).is_none_or(posture::Posture::lies);
        let two = laying::infants(scenario) > 1;
        let makes: Vec<(CribMake, f64)> = crib_recipe
            .makes
            .iter()
            .copied()
            .filter(|(make, _)| *make != CribMake::Bassinet || (age < BASSINET_MONTHS && lying && !two))
            .filter(|(make, _)| !scenario.needs_slats() || make.has_slats())
            .collect();
        let make = if makes.is_empty() { CribMake::Slats } else { one_of(&makes, "make", root) };
        let crib_node = root.child("crib", 0);
        let length = growth::size(growth::Sex::Female, age, [0.0; 3]).length_m;
        let crib = match &self.own_crib {
            Some(own) => Crib::own(&own.map, &crib_node),
            None => peril::adapted(Crib::draw(make, &crib_node), scenario, length, &crib_node),
        };
        let room = Room::draw(crib.half, peril::clearance(scenario), &root.child("room", 0));
        let palette = Palette { band: room::band(light) };
        let mut setting = Setting { placing: Placing::default(), models: Vec::new(), shared: self.shared };

        self.furnish(&mut setting, &room, palette, light, root);
        let mut covers = self.build(&mut setting, &crib, palette, root);
        self.hang(&mut setting, &crib, crib_recipe, (scenario, view), palette, root);
        let infants: Vec<Present> = (0..laying::infants(scenario))
            .map(|index| {
                let node = root.child("infant", index);
                // Whoever else lies there is of an age of its own.
                let age = if index == 0 { age } else { self::age(crib_recipe, scenario, &node) };
                self.present(crib_recipe, &crib, (scenario, light), age, moment, (index, &node))
            })
            .collect();
        let focus = focus(&crib, &infants);
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

        let adult_node = root.child("adult", 0);
        let care =
            infants.first().and_then(|present| self.care(scenario, present, &crib, moment, &adult_node));
        let (adult, mut events) = care.map_or((None, Vec::new()), |(adult, events)| (Some(adult), events));
        let mut bedding = Bedding {
            nursery: self,
            setting: &mut setting,
            covers: &mut covers,
            crib: &crib,
            palette,
            scenario,
            infants: &infants,
            adult: adult.as_ref(),
            moment,
            events: &mut events,
        };
        bedding.lay(crib_recipe, root);
        if let Some(adult) = &adult {
            self.show_adult(adult, (&mut setting, &mut covers), palette, &adult_node);
        }
        let bodies: Vec<Cover> = infants.iter().map(|present| present.cover(&self.anatomy)).collect();
        for (index, present) in infants.iter().enumerate() {
            let others = bodies.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, body)| body);
            let near: Vec<&Cover> = covers.iter().chain(others).collect();
            self.show(&mut setting, present, &crib, &near, palette, &camera);
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
                ("infants", json!(infants.len())),
                ("mattress_gap_m", json!(facts::rounded(measure::gap(&covers, &crib).width_m))),
            ]),
            models: setting.models,
            clip: moment.map(|moment| moment.clip(all_events(events, &infants, moment))),
        }
    }

    /// Draws the infant and lets it come to rest; in a film, moves it on to the instant.
    fn present(
        &self,
        recipe: &CribRecipe,
        crib: &Crib,
        (scenario, light): (Scenario, CribLight),
        age: f32,
        moment: Option<&Moment>,
        (index, node): (usize, &Node),
    ) -> Present {
        let (anatomy, model) = (&self.anatomy, &*self.model);
        let asleep = laying::asleep(scenario, light == CribLight::NightVision, node);
        let mut infant = Infant::draw(anatomy, model, age, asleep, light != CribLight::Daylight, node);
        if matches!(
            scenario,
            Scenario::LimbThroughSlats | Scenario::WedgedBetweenMattressAndRail | Scenario::ClimbingOut
        ) {
            infant.worn.retain(|garment| *garment != "sack");
        }
        let (lying, still) = laying::rest(anatomy, model, &infant, crib, (scenario, index), node);
        let motion = moment.map(|moment| {
            let kind = (lying.posture, scenario);
            Motion::draw(kind, &infant, lying.angles(), moment.length_s(), &node.child("motion", 0))
        });
        let bearing = match (moment, &motion) {
            (Some(moment), Some(motion)) => motion.at(lying.posture, single(moment.seconds())),
            _ => {
                let most = f32::from(onward::steps(scenario));
                let turned = if most > 0.0 {
                    node.draw("rolled", |rng| between(0.0, most * 1.15, rng)).min(most)
                } else {
                    0.0
                };
                let lifted = if scenario == Scenario::PickedUp {
                    node.draw("lifted", |rng| between(0.0, 1.0, rng))
                } else {
                    0.0
                };
                Bearing { turned, lifted, ..Bearing::STILL }
            }
        };
        let at_rest = motion.is_none() && bearing.turned == 0.0 && bearing.lifted == 0.0;
        let laid = if at_rest { still.clone() } else { lying.at(anatomy, model, &infant, &bearing) };
        // What lies there in a single picture lies on what is seen, unless hands have taken it or the infant along.
        let taken = matches!(scenario, Scenario::PickedUp | Scenario::PullingBlanket);
        let still = if motion.is_some() || taken { still } else { laid.clone() };
        let likely = node.draw("pacifier_likely", |rng| single(recipe.pacifier.sample(rng)));
        let pacifier = Pacifier::draw(likely, scenario, lying.posture, infant.asleep, node);
        Present { infant, lying, motion, still, laid, bearing, pacifier, node: node.clone() }
    }

    /// The infant's instances, and the three wholes that are labelled: infant, head, face.
    fn show(
        &self,
        setting: &mut Setting,
        present: &Present,
        crib: &Crib,
        covers: &[&Cover],
        palette: Palette,
        camera: &crate::geometry::Camera,
    ) {
        let Present { infant, laid, node, bearing, .. } = present;
        let (mut all, mut head) = (Vec::new(), Vec::new());
        let eye = Vec3::from(camera.camera_from_world().inverse().translation);
        let shine = (palette.band == Band::Infrared).then_some((self.materials.glow, eye));
        for worn in infant.dressed(&self.anatomy, &self.model, &laid.posed, palette, shine, node) {
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
        // One for which there was no room is not there.
        let there = setting.placing.has(node.child("pacifier", 0).path());
        let pacifier = if there { present.pacifier } else { Pacifier::None };
        facts.insert("pacifier".to_owned(), json!(pacifier.name()));
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
