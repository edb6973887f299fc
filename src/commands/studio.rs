//! A scene config, its assets and a renderer: what every command that makes pictures needs.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use diorama::{
    config::{Override, Recipe},
    engine::{self, EngineError, FrameOutput, World},
    gpu::Gpu,
    render::{Pictures, Renderer},
    seed::Seed,
    write::Manifest,
};
use image::RgbImage;

use super::output;

/// Variable that names the folder with assets.
const ASSETS_VARIABLE: &str = "DIORAMA_ASSETS";

/// A scene and what it is made of.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct SceneArgs {
    /// Scene config, a JSON file
    pub(super) scene: PathBuf,
    #[command(flatten)]
    pub(super) choices: SceneChoices,
}

/// How a scene is varied.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct SceneChoices {
    /// Seed in place of the config's; every number is a seed, 0 too
    #[arg(long, value_name = "S")]
    pub(super) seed: Option<u64>,
    /// Set a field of the config, as in image.width=320; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub(super) set: Vec<String>,
    /// Films of N frames each, in place of single pictures: the same as --set sequence.frames=N
    #[arg(long, value_name = "N")]
    pub(super) sequence: Option<u32>,
    /// Frames of a film a second: the same as --set sequence.fps=F
    #[arg(long, value_name = "F", requires = "sequence")]
    pub(super) fps: Option<f64>,
    /// Leave out products of the scene's own catalogue that have mistakes, and list them
    #[arg(long)]
    pub(super) keep_going: bool,
    #[command(flatten)]
    pub(super) place: PlaceArgs,
}

/// Where assets and the graphics adapter are found.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct PlaceArgs {
    /// Folder with forms/ and fixtures/ [default: `$DIORAMA_ASSETS`, else assets/ here or above the program]
    #[arg(long, value_name = "DIR")]
    pub(super) assets: Option<PathBuf>,
    /// Adapter whose name contains this, whatever the case; see `diorama adapters`
    #[arg(long, value_name = "NAME")]
    pub(super) adapter: Option<String>,
}

impl PlaceArgs {
    /// The folder with assets.
    pub(super) fn assets(&self) -> Result<PathBuf> {
        if let Some(named) = &self.assets {
            return Ok(named.clone());
        }
        if let Some(named) = env::var_os(ASSETS_VARIABLE).filter(|value| !value.is_empty()) {
            return Ok(named.into());
        }
        let program = env::current_exe().unwrap_or_default();
        let above = program.ancestors().skip(1).map(|folder| folder.join("assets"));
        let mut places = std::iter::once(PathBuf::from("assets")).chain(above);
        // A folder that happens to be called so, as web projects have one, is not ours.
        places.find(|place| place.join("forms").is_dir()).with_context(|| {
            format!(
                "no assets were found: expected a folder assets/ with forms/ and fixtures/ in the working \
                 directory or above the program; name one with --assets or {ASSETS_VARIABLE}"
            )
        })
    }

    pub(super) fn open_gpu(&self) -> Result<Gpu> {
        Ok(Gpu::open(self.adapter.as_deref())?)
    }
}

impl SceneArgs {
    /// The recipe, with the seed that will be used in it.
    pub(super) fn recipe(&self) -> Result<Recipe> {
        let mut set: Vec<Override> =
            self.choices.set.iter().map(|text| Override::parse(text)).collect::<Result<_, _>>()?;
        if let Some(frames) = self.choices.sequence {
            set.push(Override::parse(&format!("sequence.frames={frames}"))?);
        }
        if let Some(fps) = self.choices.fps {
            set.push(Override::parse(&format!("sequence.fps={fps}"))?);
        }
        if self.choices.keep_going {
            set.push(Override::parse("stage.shelf.keep_going=true")?);
        }
        let mut recipe = Recipe::load(&self.scene, &set)?;
        if let Some(seed) = self.choices.seed {
            recipe.seed = seed;
        }
        Ok(recipe)
    }

    /// The recipe and its assets, without a renderer.
    pub(super) fn world(&self) -> Result<World> {
        open_world(self.recipe()?, &self.choices.place)
    }
}

fn open_world(recipe: Recipe, place: &PlaceArgs) -> Result<World> {
    let seed = Seed(recipe.seed);
    let world = World::open(recipe, seed, &place.assets()?)?;
    let left_out = world.catalogue.left_out();
    if !left_out.is_empty() {
        output::say(&format!("left out {} products of the catalogue:\n{left_out}", left_out.products));
    }
    Ok(world)
}

/// What a dataset was made from.
pub(super) fn world_of(manifest: &Manifest, place: &PlaceArgs) -> Result<World> {
    let mut recipe =
        Recipe::from_resolved(&manifest.run.config).context("the dataset's manifest holds no config")?;
    recipe.seed = manifest.run.seed;
    open_world(recipe, place)
}

/// A world and a renderer for it.
#[derive(Debug)]
pub(super) struct Studio {
    pub(super) world: World,
    pub(super) renderer: Renderer,
}

/// One frame, made alone.
#[derive(Debug)]
pub(super) struct Shot {
    pub(super) pictures: Pictures,
    pub(super) output: FrameOutput,
}

impl Studio {
    pub(super) fn open(recipe: Recipe, place: &PlaceArgs) -> Result<Self> {
        // The adapter first: that it is missing is known at once, and assets take a moment to load.
        let gpu = place.open_gpu()?;
        Ok(Self { world: open_world(recipe, place)?, renderer: Renderer::new(&gpu) })
    }

    pub(super) fn of(manifest: &Manifest, place: &PlaceArgs) -> Result<Self> {
        let gpu = place.open_gpu()?;
        Ok(Self { world: world_of(manifest, place)?, renderer: Renderer::new(&gpu) })
    }

    /// Makes one frame, byte for byte as a run does.
    pub(super) fn shoot(&mut self, frame: u64, with_normals: bool) -> Result<Shot, EngineError> {
        self.try_shoot(frame, with_normals).map_err(|error| error.at(frame))
    }

    fn try_shoot(&mut self, frame: u64, with_normals: bool) -> Result<Shot, EngineError> {
        let take = self.world.stage(frame)?;
        let rendered = take.render(&mut self.renderer, &self.world.library)?;
        let gpu = self.renderer.gpu();
        let normals = with_normals || self.world.recipe.outputs.normals;
        let pictures = rendered.download(gpu, normals).wait(gpu)?;
        let output = engine::encode(&self.world, &take.scene, &pictures, frame)?;
        Ok(Shot { pictures, output })
    }
}

impl Shot {
    /// The picture as it would be stored, its compression included.
    pub(super) fn picture(&self) -> Result<RgbImage> {
        let stored = self.output.files.files.first().context("the frame has no picture")?;
        Ok(image::load_from_memory(&stored.1).context("the frame's picture does not decode")?.into_rgb8())
    }
}

/// Refuses a number of frames, or of something else, that is zero.
pub(super) fn some(count: u64, option: &str, what: &str) -> Result<()> {
    if count == 0 {
        bail!("{option} 0: expected at least 1 {what}");
    }
    Ok(())
}

/// `name` of a path without its ending, for naming files after it.
pub(super) fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(|| "frame".to_owned(), |stem| stem.to_string_lossy().into_owned())
}
