//! From a recipe, a seed and a frame number to a [`Scene`]: all the randomness there is.
//!
//! A frame needs no other frame: every draw is keyed by (seed, frame, entity path, parameter), so that a change of
//! the lights moves no product, and frame 900 can be staged alone.

mod assortment;
mod blackbody;
mod camera;
mod chain;
mod crib;
mod environment;
#[cfg(test)]
mod fake;
mod forms;
mod lamps;
mod light;
mod moment;
mod parts;
mod people;
mod pictures;
mod placing;
mod shelf;
#[cfg(test)]
mod shipped;
mod show;
#[cfg(test)]
mod solid;
mod store;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use glam::Vec3;
use thiserror::Error;

pub use assortment::Assortment;
pub use show::Showroom;

use crate::{
    config::{ConfigError, OwnModels, Planogram, Recipe, Stage},
    json::Mistake,
    scene::{Facts, Library, ModelId, Scene},
    seed::{Draw, Node, Seed, Trace},
};
use environment::Surroundings;
use forms::{Form, Good};
use moment::{Moment, instant};
use parts::{Part, Parts};
use placing::Placing;

/// Why a recipe cannot be staged.
#[derive(Debug, Error)]
pub enum SampleError {
    /// A fixture is not in the library.
    #[error("the library has no model named '{name}', which every shop needs; its models are: {present}")]
    MissingModel {
        /// The model's name.
        name: &'static str,
        /// What there is instead.
        present: String,
    },
    /// A product's form is not in the library.
    #[error(
        "product '{sku}' is of form '{form}', but no model's extras.diorama names that form; forms there are: {present}"
    )]
    MissingForm {
        /// The product.
        sku: String,
        /// Its form.
        form: String,
        /// What there is instead.
        present: String,
    },
    /// A model does not have a material that it should.
    #[error("model '{model}' ({source_file}) has no material named '{material}', which it should dress")]
    MissingMaterial {
        /// The model.
        model: String,
        /// Its file.
        source_file: String,
        /// The material's name.
        material: String,
    },
    /// A model calls itself a product form and is none.
    #[error("model '{model}': {reason}")]
    BadForm {
        /// The model.
        model: String,
        /// What is wrong with its extras.
        reason: String,
    },
    /// The infant's model cannot be used.
    #[error("{source_file}: {reason}")]
    BadInfant {
        /// The file.
        source_file: String,
        /// What is wrong with it, and what was expected.
        reason: String,
    },
    /// A model that should be an adult cannot be one.
    #[error("{source_file}: {reason}; every adult needs its parts, a skeleton and the joints that bend")]
    BadAdult {
        /// The file.
        source_file: String,
        /// What is wrong with it, and what was expected.
        reason: String,
    },
    /// The recipe asks for a department that the catalogue does not have.
    #[error("the catalogue has no products of department '{name}'; its departments are: {present}")]
    UnknownDepartment {
        /// The department.
        name: String,
        /// What there is instead.
        present: String,
    },
    /// Nothing is left after choosing departments and forms.
    #[error("no product of the catalogue is of the chosen departments ({departments}) and forms ({forms})")]
    NoProducts {
        /// Departments chosen, comma-separated; `all` when none was.
        departments: String,
        /// Forms chosen, comma-separated; `all` when none was.
        forms: String,
    },
    /// A product's size is not one that can be placed.
    #[error("product '{sku}' is {size_m} m (width, height, depth); each must be between 0.001 and 3")]
    BadSize {
        /// The product.
        sku: String,
        /// Its size.
        size_m: Vec3,
    },
    /// The user's planogram cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The user's planogram plans what cannot be: one line each.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Planogram(Vec<Mistake>),
    /// The map of the user's infant names what its model does not have: one line each.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    InfantMap(Vec<Mistake>),
    /// The user's environment picture cannot be used.
    #[error("environment '{}': {reason}", path.display())]
    Environment {
        /// The file.
        path: PathBuf,
        /// What went wrong, and what was expected.
        reason: String,
    },
}

/// What a stage hands to the light and the camera.
#[derive(Debug)]
struct Staged {
    placing: Placing,
    facts: Facts,
    /// What the camera orbits: on the front of what is to be seen, which faces +Z. World, metres.
    focus: Vec3,
    /// Half the width of what is to be seen, metres; its middle is x = 0.
    half_width: f32,
    /// Its height above the floor, metres.
    height: f32,
    /// Height of the ceiling, metres.
    ceiling: f32,
    /// How far what is to be seen comes forward of `z = 0`, metres: no lamp or camera belongs there.
    front: f32,
    /// Left and right ends of bays, world x, metres: where upright lamps may stand.
    edges: Vec<f32>,
    /// Whether goods are seen from above, not from the front.
    from_above: bool,
}

/// Stages scenes: one for each frame number, in any order, from any thread.
#[derive(Debug)]
pub struct Sampler {
    recipe: Arc<Recipe>,
    seed: Seed,
    assortment: Arc<dyn Assortment>,
    /// What shops are built from; there for that stage only.
    parts: Option<Parts>,
    forms: BTreeMap<String, Arc<Form>>,
    /// Departments that may be shown, with their products' numbers; neither list is ever empty.
    shown: Vec<(String, Vec<u32>)>,
    surroundings: Surroundings,
    planned: Option<shelf::Planned>,
    /// What cribs are built from; there for that stage only.
    nursery: Option<crib::Nursery>,
}

/// Adds what a stage makes by code (materials, their pictures) to the library that it will be staged from.
pub fn furnish(stage: &Stage, library: &mut Library) {
    match stage {
        Stage::Shelf(_) => shelf::furnish(library),
        Stage::Crib(_) => crib::furnish(library),
    }
}

impl Sampler {
    /// Looks up what `recipe` needs: fixtures and forms by name in `library`, products in `assortment`, and the
    /// environment picture if the recipe names one.
    ///
    /// # Errors
    /// When a fixture, a form's material, a department or a product is missing, when a form's extras are broken,
    /// or when the environment picture cannot be read.
    pub fn new(
        recipe: Arc<Recipe>,
        seed: Seed,
        library: Arc<Library>,
        assortment: Arc<dyn Assortment>,
    ) -> Result<Self, SampleError> {
        let surroundings = match &recipe.light.environment {
            Some(path) => Surroundings::load(path)?,
            None => Surroundings::procedural(seed),
        };
        let mut sampler = Self {
            parts: None,
            forms: BTreeMap::new(),
            shown: Vec::new(),
            surroundings,
            planned: None,
            nursery: None,
            recipe: Arc::clone(&recipe),
            seed,
            assortment,
        };
        match &recipe.stage {
            Stage::Shelf(shelf) => {
                sampler.shown = shown(&shelf.departments, &shelf.forms, &*sampler.assortment)?;
                sampler.parts = Some(Parts::find(&library)?);
                sampler.forms = forms::forms(&library)?;
                if let Some(planogram) = shelf.planogram.as_deref().map(Planogram::load).transpose()? {
                    sampler.planned = Some(shelf::Planned::new(&planogram, &sampler, shelf)?);
                }
            }
            Stage::Crib(crib) => {
                let own = OwnModels::load(&crib.own)?;
                sampler.nursery = Some(crib::Nursery::find(&library, seed, (&crib.own, own))?);
            }
        }
        Ok(sampler)
    }

    /// The scene of one frame. The same frame always gives the same scene.
    ///
    /// # Errors
    /// When a product that the frame shows has a form that is not in the library, or no possible size.
    pub fn stage(&self, frame: u64) -> Result<Scene, SampleError> {
        let moment = self.moment(frame);
        self.stage_from(&self.root(frame, moment.as_ref()), moment.as_ref())
    }

    /// The instant after a frame's in the same film, when there is one.
    ///
    /// # Errors
    /// As [`Sampler::stage`].
    pub fn stage_next(&self, frame: u64) -> Result<Option<Scene>, SampleError> {
        match self.moment(frame) {
            Some(moment) if moment.goes_on() => self.stage(frame + 1).map(Some),
            _ => Ok(None),
        }
    }

    fn moment(&self, frame: u64) -> Option<Moment> {
        self.recipe.sequence.map(|film| Moment::of(film, frame))
    }

    fn root(&self, frame: u64, moment: Option<&Moment>) -> Node {
        moment.map_or_else(|| self.seed.frame(frame), |moment| moment.root(self.seed))
    }

    /// The scene of one frame with every draw behind it. Draws of an instance have its path or the beginning of
    /// it as theirs; `camera0`, `chain0`, `light0` and `environment0` have their own.
    ///
    /// # Errors
    /// As [`Sampler::stage`].
    pub fn stage_traced(&self, frame: u64) -> Result<(Scene, Vec<Draw>), SampleError> {
        let trace = Trace::default();
        let moment = self.moment(frame);
        let root = self.root(frame, moment.as_ref()).traced(Trace::clone(&trace));
        let scene = self.stage_from(&root, moment.as_ref())?;
        let draws = trace.borrow().clone();
        Ok((scene, draws))
    }

    fn stage_from(&self, root: &Node, moment: Option<&Moment>) -> Result<Scene, SampleError> {
        let recipe = &*self.recipe;
        let mut staged = match (&recipe.stage, &self.nursery) {
            (Stage::Shelf(shelf), _) => shelf::stage(self, shelf, root)?,
            (Stage::Crib(crib), Some(nursery)) => return Ok(nursery.stage(recipe, crib, root, moment)),
            (Stage::Crib(_), None) => unreachable!("`new` finds the nursery of a crib"),
        };
        let camera = camera::draw(&recipe.camera, recipe.image, &staged, moment, &root.child("camera", 0));
        let chain_node = root.child("chain", 0);
        let chain =
            chain::draw(&recipe.chain, &camera, staged.focus, &chain_node, &instant(&chain_node, moment));
        let lights = light::draw(&recipe.light, self.parts(), &mut staged, &root.child("light", 0));
        let environment = self.surroundings.draw(&recipe.light, &root.child("environment", 0));
        let Staged { placing, facts, .. } = staged;
        Ok(Scene {
            instances: placing.finish(),
            lights,
            environment: Some(environment),
            camera,
            chain,
            facts,
            models: Vec::new(),
            clip: moment.map(|moment| moment.clip(Vec::new())),
        })
    }

    fn model(&self, part: Part) -> ModelId {
        self.parts().model(part)
    }

    fn parts(&self) -> &Parts {
        self.parts.as_ref().expect("`new` finds the parts of a shop")
    }

    /// The user's planogram, where the recipe names one.
    fn planned(&self) -> Option<&shelf::Planned> {
        self.planned.as_ref()
    }

    fn shown(&self) -> &[(String, Vec<u32>)] {
        &self.shown
    }

    /// The product with this number on its form.
    fn good(&self, index: u32) -> Result<Good, SampleError> {
        let product = self.assortment.product(index);
        if !(product.size_m.cmpge(Vec3::splat(0.001)) & product.size_m.cmple(Vec3::splat(3.0))).all() {
            return Err(SampleError::BadSize { sku: product.sku, size_m: product.size_m });
        }
        match self.forms.get(&product.form) {
            Some(form) => Ok(Good::new(product, Arc::clone(form))),
            None => Err(SampleError::MissingForm {
                sku: product.sku,
                form: product.form,
                present: list(self.forms.keys()),
            }),
        }
    }
}

/// Departments with products, after the recipe's choice of departments and forms.
fn shown(
    departments: &[String],
    forms: &[String],
    assortment: &dyn Assortment,
) -> Result<Vec<(String, Vec<u32>)>, SampleError> {
    let present = assortment.departments();
    if let Some(name) = departments.iter().find(|name| !present.contains(name)) {
        return Err(SampleError::UnknownDepartment { name: name.clone(), present: list(&present) });
    }
    let chosen = if departments.is_empty() { &present } else { departments };
    let shown: Vec<_> = chosen
        .iter()
        .map(|name| {
            let mut indices = assortment.in_department(name);
            if !forms.is_empty() {
                indices.retain(|&index| forms.contains(&assortment.form_of(index)));
            }
            (name.clone(), indices)
        })
        .filter(|(_, indices)| !indices.is_empty())
        .collect();
    if shown.is_empty() {
        let all = |names: &[String]| if names.is_empty() { "all".to_owned() } else { list(names) };
        return Err(SampleError::NoProducts { departments: all(departments), forms: all(forms) });
    }
    Ok(shown)
}

fn list(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| name.as_ref().to_owned()).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
