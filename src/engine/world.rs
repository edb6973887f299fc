//! Everything that frames are staged from: a recipe, a seed, and what they name.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::EngineError;
use crate::{
    art::{ArtStudio, Catalogue},
    config::{self, LabelPolicy, Recipe},
    gpu::AdapterSummary,
    render::{Frame, RenderError, Renderer},
    sample::{SampleError, Sampler, furnish},
    scene::{FormSpec, ImportOptions, Library, Scene, import, load_folder},
    seed::Seed,
    write::{CategorySet, Policy, RunInfo, Shard},
};

/// Memory for finished label art, bytes.
const ART_BUDGET: usize = 64 << 20;

/// A recipe with its assets, ready to stage any frame.
#[derive(Debug)]
pub struct World {
    /// The recipe.
    pub recipe: Arc<Recipe>,
    /// The dataset's seed.
    pub seed: Seed,
    /// Models, materials, textures; shared by all frames.
    pub library: Arc<Library>,
    /// The products.
    pub catalogue: Arc<Catalogue>,
    /// Stages frames.
    pub sampler: Sampler,
    /// Folder that the models came from.
    pub assets: PathBuf,
}

/// A frame that is staged: its instant, and the next one of its film where pictures of motion are asked for.
#[derive(Debug)]
pub struct Take {
    /// What is photographed.
    pub scene: Scene,
    /// The instant after it.
    pub next: Option<Scene>,
}

impl Take {
    /// Renders it.
    ///
    /// # Errors
    /// See [`Renderer::render`].
    pub fn render(&self, renderer: &mut Renderer, library: &Library) -> Result<Frame, RenderError> {
        renderer.render_moving(&self.scene, self.next.as_ref(), library)
    }
}

impl World {
    /// Stages one frame with all that the recipe's outputs need of it.
    ///
    /// # Errors
    /// See [`Sampler::stage`].
    pub fn stage(&self, frame: u64) -> Result<Take, SampleError> {
        let scene = self.sampler.stage(frame)?;
        let next = if self.recipe.outputs.flow { self.sampler.stage_next(frame)? } else { None };
        Ok(Take { scene, next })
    }

    /// Loads `assets/forms` and `assets/fixtures` and prepares to stage `recipe`.
    ///
    /// # Errors
    /// When the folder or an asset is missing or broken, or the recipe asks for what there is not.
    pub fn open(recipe: Recipe, seed: Seed, assets: &Path) -> Result<Self, EngineError> {
        let folder = |name: &str| {
            let path = assets.join(name);
            if path.is_dir() {
                Ok(path)
            } else {
                Err(EngineError::NoAssets { path: assets.display().to_string() })
            }
        };
        // Models are read into a library of their own first: the catalogue is made for the forms among them, and the
        // library that everything lives in asks the catalogue's studio for art.
        let mut probe = Library::default();
        let mut ids = Vec::new();
        // First, so that what ships keeps its names whatever a user's files are called.
        for path in recipe.stage.own_models() {
            import(path, &mut probe, &ImportOptions::default())?;
        }
        let folders: Vec<PathBuf> =
            recipe.stage.folders().iter().map(|name| folder(name)).collect::<Result<_, _>>()?;
        for path in folders {
            ids.extend(load_folder(&path, &mut probe)?);
        }
        let forms: Vec<FormSpec> = ids
            .iter()
            .filter_map(|id| FormSpec::from_extras(&probe.model(*id).extras).ok().flatten())
            .collect();
        let catalogue = Arc::new(match recipe.stage.catalogue() {
            Some((path, keep_going)) => Catalogue::open(path, seed, &forms, keep_going)?,
            None => Catalogue::generate(seed, recipe.stage.assortment(), &forms),
        });
        let mut library = probe
            .with_art(Arc::new(ArtStudio::new(catalogue.clone(), ART_BUDGET).with_tag_aspect(TAG_ASPECT)));
        furnish(&recipe.stage, &mut library);
        let (recipe, library) = (Arc::new(recipe), Arc::new(library));
        let sampler = Sampler::new(recipe.clone(), seed, library.clone(), catalogue.clone())?;
        Ok(Self { recipe, seed, library, catalogue, sampler, assets: assets.to_owned() })
    }
}

/// Width over height of the price tag that ships.
const TAG_ASPECT: f32 = 0.07 / 0.038;

/// The recipe's label policy as the writer knows it.
#[must_use]
pub fn policy_of(labels: &LabelPolicy) -> Policy {
    Policy {
        categories: match labels.categories {
            config::CategorySet::Product => CategorySet::Product,
            config::CategorySet::Form => CategorySet::Form,
            config::CategorySet::Department => CategorySet::Department,
            config::CategorySet::Sku => CategorySet::Sku,
        },
        min_visibility: labels.min_visibility,
        min_area_px: labels.min_area_px,
        min_side_px: labels.min_side_px,
        ignore_as_crowd: labels.ignore_as_crowd,
        extra_classes: labels.extra_classes.clone(),
        part_classes: labels.part_classes.clone(),
    }
}

/// What a manifest records of a run.
#[must_use]
pub fn run_info(
    world: &World,
    adapter: &AdapterSummary,
    first_frame: u64,
    frames: u64,
    shard: Shard,
) -> RunInfo {
    RunInfo {
        scene: world.recipe.name.clone(),
        config: world.recipe.resolved(),
        seed: world.seed.0,
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        adapter: adapter.name.clone(),
        driver: adapter.driver.clone(),
        first_frame,
        frames,
        shard,
    }
}
