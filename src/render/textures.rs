//! Textures on the device: uploaded when first seen, mipmapped, label art at the size at which it will be seen.

use std::{collections::BTreeMap, sync::Arc};

use rayon::prelude::*;

use super::{RenderError, mips::mip_chain};
use crate::{
    gpu::Gpu,
    scene::{ArtKey, Dress, Library, MaterialId, Pixels, TextureId, TextureSource, Wrap},
};

/// Device memory that label art may take before the least recently used is dropped, bytes.
const ART_BUDGET: u64 = 512 << 20;
/// Taps of anisotropic filtering: labels stay readable at grazing angles. Software drivers spend a second a picture on
/// their own, so that there `colour.wgsl` takes the taps itself.
const ANISOTROPY: u16 = 8;
const FALLBACK_SIDE: u32 = 512;

/// One texture with its levels.
#[derive(Debug)]
struct Uploaded {
    view: wgpu::TextureView,
    bytes: u64,
    used: u64,
}

/// All textures, and the samplers for them.
#[derive(Debug)]
pub(crate) struct Textures {
    white: wgpu::TextureView,
    flat: wgpu::TextureView,
    by_id: BTreeMap<TextureId, Uploaded>,
    art: BTreeMap<(ArtKey, u32), Uploaded>,
    sides: BTreeMap<ArtKey, u32>,
    samplers: Vec<([Wrap; 2], wgpu::Sampler)>,
    /// Without anisotropy, for look-ups that must be exact: a cut-out's edge is where bilinear alpha crosses the cutoff.
    exact: Vec<([Wrap; 2], wgpu::Sampler)>,
    frame: u64,
}

fn mode(wrap: Wrap) -> wgpu::AddressMode {
    match wrap {
        Wrap::Repeat => wgpu::AddressMode::Repeat,
        Wrap::Clamp => wgpu::AddressMode::ClampToEdge,
        Wrap::Mirror => wgpu::AddressMode::MirrorRepeat,
    }
}

const WRAPS: [Wrap; 3] = [Wrap::Repeat, Wrap::Clamp, Wrap::Mirror];

impl Textures {
    pub(crate) fn new(gpu: &Gpu) -> Self {
        let dot = |label, rgba: [u8; 4]| {
            let pixels = Pixels { width: 1, height: 1, rgba: rgba.to_vec() };
            create(gpu, label, &[pixels], false).view
        };
        let samplers = |anisotropy_clamp: u16| {
            let pairs = WRAPS.iter().flat_map(|u| WRAPS.iter().map(move |v| [*u, *v]));
            pairs
                .map(|wrap| {
                    let sampler = gpu.device.create_sampler(&wgpu::SamplerDescriptor {
                        label: Some("picture"),
                        address_mode_u: mode(wrap[0]),
                        address_mode_v: mode(wrap[1]),
                        mag_filter: wgpu::FilterMode::Linear,
                        min_filter: wgpu::FilterMode::Linear,
                        mipmap_filter: wgpu::MipmapFilterMode::Linear,
                        anisotropy_clamp,
                        ..Default::default()
                    });
                    (wrap, sampler)
                })
                .collect()
        };
        Self {
            white: dot("white", [255; 4]),
            flat: dot("flat normal", [128, 128, 255, 255]),
            by_id: BTreeMap::new(),
            art: BTreeMap::new(),
            sides: BTreeMap::new(),
            samplers: samplers(if gpu.is_software() { 1 } else { ANISOTROPY }),
            exact: samplers(1),
            frame: 0,
        }
    }

    /// Uploads what this frame shows: textures `ids`, and label art `art` with the longer side, pixels, that each
    /// deserves. Which size is chosen depends on the frame alone, never on what was drawn before.
    pub(crate) fn ensure(
        &mut self,
        gpu: &Gpu,
        library: &Library,
        ids: &[TextureId],
        art: BTreeMap<ArtKey, u32>,
    ) -> Result<(), RenderError> {
        self.frame += 1;
        let limit = u64::from(gpu.device.limits().max_texture_dimension_2d);
        for &id in ids {
            if self.by_id.contains_key(&id) {
                continue;
            }
            let texture = library.texture(id);
            let pixels = match &texture.source {
                TextureSource::Pixels(pixels) => pixels.clone(),
                TextureSource::Art(key) => library.art().pixels(key, FALLBACK_SIDE)?,
            };
            let side = u64::from(pixels.width.max(pixels.height));
            gpu.check(&format!("texture '{}'", texture.name), side, limit)?;
            let levels = mip_chain(&pixels, texture.srgb);
            self.by_id.insert(id, create(gpu, &texture.name, &levels, texture.srgb));
        }
        let missing: Vec<(ArtKey, u32)> =
            art.iter().map(|(k, s)| (k.clone(), *s)).filter(|key| !self.art.contains_key(key)).collect();
        let drawn: Vec<Result<Vec<Pixels>, _>> = missing
            .par_iter()
            .map(|(key, side)| {
                library.art().pixels(key, *side).map(|pixels: Arc<Pixels>| mip_chain(&pixels, true))
            })
            .collect();
        for (key, levels) in missing.into_iter().zip(drawn) {
            let uploaded = create(gpu, &key.0.sku, &levels?, true);
            self.art.insert(key, uploaded);
        }
        for (key, side) in &art {
            if let Some(entry) = self.art.get_mut(&(key.clone(), *side)) {
                entry.used = self.frame;
            }
        }
        self.sides = art;
        self.trim();
        Ok(())
    }

    /// Drops the least recently used art above the budget; what this frame shows always stays.
    fn trim(&mut self) {
        let mut total: u64 = self.art.values().map(|u| u.bytes).sum();
        if total <= ART_BUDGET {
            return;
        }
        let mut by_age: Vec<_> = self.art.iter().map(|(k, u)| (u.used, k.clone(), u.bytes)).collect();
        by_age.sort();
        for (used, key, bytes) in by_age {
            if total <= ART_BUDGET || used == self.frame {
                break;
            }
            self.art.remove(&key);
            total -= bytes;
        }
    }

    /// View of a texture that was ensured.
    pub(crate) fn view(&self, id: Option<TextureId>, normal: bool) -> &wgpu::TextureView {
        let fallback = if normal { &self.flat } else { &self.white };
        id.and_then(|id| self.by_id.get(&id)).map_or(fallback, |u| &u.view)
    }

    /// The sampler for a texture's wrapping.
    pub(crate) fn sampler(&self, wrap: [Wrap; 2]) -> &wgpu::Sampler {
        &self.samplers.iter().find(|(w, _)| *w == wrap).expect("all nine pairs are made").1
    }

    /// Base colour of a material as an instance dresses it, to be looked up exactly.
    pub(crate) fn base_exact(
        &self,
        library: &Library,
        material: MaterialId,
        dress: Option<&Dress>,
    ) -> (wgpu::TextureView, wgpu::Sampler) {
        let base = library.material(material).base_texture;
        let wrap = base.map_or([Wrap::Repeat; 2], |t| library.texture(t.texture).wrap);
        let sampler = &self.exact.iter().find(|(w, _)| *w == wrap).expect("all nine pairs are made").1;
        (self.base(library, material, dress).0, sampler.clone())
    }

    /// Base colour of a material as an instance dresses it.
    pub(crate) fn base(
        &self,
        library: &Library,
        material: MaterialId,
        dress: Option<&Dress>,
    ) -> (wgpu::TextureView, wgpu::Sampler) {
        let base = library.material(material).base_texture.map(|t| t.texture);
        let wrap = base.map_or([Wrap::Repeat; 2], |t| library.texture(t).wrap);
        let art = dress.and_then(|d| d.art.as_ref()).and_then(|key| {
            let side = *self.sides.get(key)?;
            self.art.get(&(key.clone(), side))
        });
        let view = art.map_or_else(|| self.view(base, false), |u| &u.view);
        (view.clone(), self.sampler(wrap).clone())
    }
}

fn create(gpu: &Gpu, label: &str, levels: &[Pixels], srgb: bool) -> Uploaded {
    let format = if srgb { wgpu::TextureFormat::Rgba8UnormSrgb } else { wgpu::TextureFormat::Rgba8Unorm };
    let extent = |p: &Pixels| wgpu::Extent3d { width: p.width, height: p.height, depth_or_array_layers: 1 };
    let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: extent(&levels[0]),
        mip_level_count: u32::try_from(levels.len()).unwrap_or(1),
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    let mut bytes = 0;
    for (level, mip_level) in levels.iter().zip(0u32..) {
        bytes += level.rgba.len() as u64;
        gpu.queue.write_texture(
            wgpu::TexelCopyTextureInfo { mip_level, ..texture.as_image_copy() },
            &level.rgba,
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(level.width * 4),
                rows_per_image: Some(level.height),
            },
            extent(level),
        );
    }
    Uploaded { view: texture.create_view(&wgpu::TextureViewDescriptor::default()), bytes, used: 0 }
}
