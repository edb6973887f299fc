//! What comes before the passes of a frame: what its one or two scenes refer to, whether they fit the device, and the
//! upload of what is not there yet.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    RenderError, Renderer,
    chain::RAY_BYTES,
    cover::{material_of, ordered},
    draws::{Draw, Seen, draws_of, look},
};
use crate::scene::{ArtKey, Dress, Library, MaterialId, ModelId, Scene, TextureId};

/// Longest and shortest side of label art, pixels.
const ART_SIDES: (u32, u32) = (32, 1024);

/// Instances with a model, each with its draws.
pub(super) type Drawn = Vec<(Seen, Vec<Draw>)>;

/// The next scene with its own models numbered behind those of the scene before it, of which there are `before`, where
/// both would otherwise begin at `shared`.
pub(super) fn renumbered(next: &Scene, before: usize, shared: usize) -> Cow<'_, Scene> {
    if before == 0 || next.models.is_empty() {
        return Cow::Borrowed(next);
    }
    let shift = u32::try_from(before).unwrap_or(u32::MAX);
    let mut next = next.clone();
    for id in next.instances.iter_mut().filter_map(|instance| instance.model.as_mut()) {
        if id.index() >= shared {
            id.0 += shift;
        }
    }
    Cow::Owned(next)
}

/// The library, the scene's own models after it, and after these the next scene's.
pub(super) fn library_of<'a>(library: &'a Library, scene: &Scene, next: Option<&Scene>) -> Cow<'a, Library> {
    match next {
        Some(next) if !next.models.is_empty() => {
            library.with_own(&[scene.models.as_slice(), &next.models].concat())
        }
        _ => library.with_own(&scene.models),
    }
}

impl Renderer {
    /// Whether a scene's ids and picture fit the device.
    pub(super) fn fits(&self, scene: &Scene) -> Result<(), RenderError> {
        if scene.instances.len() > usize::from(u16::MAX) {
            return Err(RenderError::TooManyInstances(scene.instances.len()));
        }
        let size = scene.camera.intrinsics.size;
        let limits = self.gpu.device.limits();
        let side = u64::from(size.width.max(size.height));
        self.gpu.check("the picture", side, u64::from(limits.max_texture_dimension_2d))?;
        let bytes = size.pixels() as u64 * RAY_BYTES;
        Ok(self.gpu.check("the picture's rays, in bytes,", bytes, limits.max_storage_buffer_binding_size)?)
    }

    /// Uploads what this frame needs and was not there, and lists what is drawn, now and in the next scene.
    pub(super) fn upload(
        &mut self,
        scene: &Scene,
        next: Option<&Scene>,
        library: &Library,
    ) -> Result<(Drawn, Drawn), RenderError> {
        let seen = look(scene, library);
        let next_seen = next.map(|next| look(next, library)).unwrap_or_default();
        // The scenes' own models have the highest ids: they go last, and are forgotten before the next frame.
        let models_of = |seen: &[Seen], scene: &Scene| -> Vec<ModelId> {
            seen.iter().filter_map(|one| scene.instances[one.instance].model).collect()
        };
        let mut models = models_of(&seen, scene);
        models.extend(next.map(|next| models_of(&next_seen, next)).unwrap_or_default());
        models.sort_unstable();
        models.dedup();
        for model in models {
            self.arena.ensure(&self.gpu, library, model)?;
        }
        let drawn = |seen: Vec<Seen>, scene: &Scene| -> Drawn {
            let draws = |s: Seen| {
                let draws = draws_of(&s, scene, library, &self.arena, 1.0);
                (s, draws)
            };
            seen.into_iter().map(draws).collect()
        };
        let seen = drawn(seen, scene);
        let next_seen = next.map(|next| drawn(next_seen, next)).unwrap_or_default();
        let mut textures: Vec<TextureId> = Vec::new();
        let mut art: BTreeMap<ArtKey, u32> = BTreeMap::new();
        let mut used: Vec<(MaterialId, &[Dress])> = Vec::new();
        for (one, draws) in seen.iter().filter(|(s, _)| s.in_view) {
            let instance = &scene.instances[one.instance];
            for draw in draws {
                let id = material_of(scene, library, draw);
                let material = library.material(id);
                let maps = [
                    material.base_texture,
                    material.metallic_roughness_texture,
                    material.normal_texture.map(|(t, _)| t),
                    material.occlusion_texture.map(|(t, _)| t),
                    material.emissive_texture,
                ];
                textures.extend(maps.into_iter().flatten().map(|t| t.texture));
                used.push((id, &instance.dresses));
            }
            let side = art_side(one, scene, library);
            for key in instance.dresses.iter().filter_map(|d| d.art.as_ref()) {
                let largest = art.entry(key.clone()).or_insert(side);
                *largest = side.max(*largest);
            }
        }
        if let Some(next) = next {
            cut_outs(next, library, &next_seen, &mut textures, &mut art);
        }
        textures.sort_unstable();
        textures.dedup();
        self.textures.ensure(&self.gpu, library, &textures, art)?;
        self.surfaces.prepare(&self.gpu, library, &self.textures, used);
        Ok((seen, next_seen))
    }
}

/// Adds what the cut-outs of the next scene need. Art that this frame shows keeps its size, so that a frame's colour is
/// the same with motion and without.
fn cut_outs(
    next: &Scene,
    library: &Library,
    seen: &Drawn,
    textures: &mut Vec<TextureId>,
    art: &mut BTreeMap<ArtKey, u32>,
) {
    let mut more: BTreeMap<ArtKey, u32> = BTreeMap::new();
    for (masked, one, draw) in ordered(next, library, seen) {
        let Some((id, _)) = masked else { continue };
        let material = library.material(id);
        textures.extend(material.base_texture.map(|t| t.texture));
        let dress = next.instances[draw.instance].dresses.iter().find(|d| d.material == id);
        if let Some(key) = dress.and_then(|d| d.art.as_ref()) {
            let side = art_side(one, next, library);
            let largest = more.entry(key.clone()).or_insert(side);
            *largest = side.max(*largest);
        }
    }
    for (key, side) in more {
        art.entry(key).or_insert(side);
    }
}

/// The longer side that an instance's label art deserves, pixels: the art goes round the form, so that about a third
/// of it faces the camera.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of art sizes"
)]
fn art_side(seen: &Seen, scene: &Scene, library: &Library) -> u32 {
    let Some(model) = scene.instances[seen.instance].model else { return ART_SIDES.0 };
    let matrix = seen.camera_from_object.matrix3;
    let size = library.model(model).bounds.size();
    let extent = (matrix.x_axis.length() * size.x)
        .max(matrix.y_axis.length() * size.y)
        .max(matrix.z_axis.length() * size.z);
    let pixels = extent / seen.near_m.max(0.1) * scene.camera.intrinsics.fx as f32;
    (pixels * 2.0).clamp(ART_SIDES.0 as f32, ART_SIDES.1 as f32).ceil().log2().ceil().exp2() as u32
}
