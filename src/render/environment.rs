//! Light from all around: an equirectangular picture, prefiltered once for rough reflections.

use std::sync::Arc;

use glam::Vec3;
use half::f16;
use rayon::prelude::*;

use crate::{gpu::Gpu, scene::Environment};

/// Levels of roughness, from a mirror to fully rough.
const LEVELS: u32 = 6;
/// Width of the mirror's level; each further one is half as wide.
const WIDTH: u32 = 256;
/// Directions averaged for one texel of a rough level.
const SAMPLES: u32 = 96;
/// Prefiltered environments kept on the device.
const KEPT: usize = 16;

/// A prefiltered environment.
#[derive(Clone, Debug)]
pub(crate) struct Prefiltered {
    pub(crate) view: wgpu::TextureView,
    pub(crate) levels: f32,
}

/// Environments by the identity of their pixels.
#[derive(Debug, Default)]
pub(crate) struct Environments {
    kept: Vec<(Arc<Vec<Vec3>>, Prefiltered)>,
    dark: Option<Prefiltered>,
}

impl Environments {
    /// The prefiltered form of `environment`, made unless it was kept. `None` is darkness.
    pub(crate) fn get(&mut self, gpu: &Gpu, environment: Option<&Environment>) -> Prefiltered {
        let Some(environment) = environment else {
            return self
                .dark
                .get_or_insert_with(|| {
                    let black = Image { width: 2, height: 1, texels: vec![Vec3::ZERO; 2] };
                    Prefiltered { view: upload(gpu, &[black]), levels: 0.0 }
                })
                .clone();
        };
        if let Some((_, found)) = self.kept.iter().find(|(r, _)| Arc::ptr_eq(r, &environment.radiance)) {
            return found.clone();
        }
        if self.kept.len() >= KEPT {
            self.kept.remove(0);
        }
        let made = prefilter(gpu, environment);
        self.kept.push((environment.radiance.clone(), made.clone()));
        made
    }
}

#[derive(Debug)]
struct Image {
    width: u32,
    height: u32,
    texels: Vec<Vec3>,
}

#[expect(clippy::cast_precision_loss, reason = "picture coordinates")]
impl Image {
    /// Direction of a texel's centre: the middle column looks along -Z, the top row along +Y.
    fn direction(&self, x: u32, y: u32) -> Vec3 {
        let azimuth = ((x as f32 + 0.5) / self.width as f32 - 0.5) * std::f32::consts::TAU;
        let polar = (y as f32 + 0.5) / self.height as f32 * std::f32::consts::PI;
        Vec3::new(polar.sin() * azimuth.sin(), polar.cos(), -polar.sin() * azimuth.cos())
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "floored and clamped")]
    fn at(&self, d: Vec3) -> Vec3 {
        let u = 0.5 + d.x.atan2(-d.z) / std::f32::consts::TAU;
        let v = d.y.clamp(-1.0, 1.0).acos() / std::f32::consts::PI;
        let x = ((u * self.width as f32) as u32).min(self.width - 1);
        let y = ((v * self.height as f32) as u32).min(self.height - 1);
        self.texels[(y * self.width + x) as usize]
    }

    fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let texels = (0..width * height)
            .map(|i| {
                let (x, y) = (i % width * 2, i / width * 2);
                let at = |dx: u32, dy: u32| self.texels[((y + dy) * self.width + x + dx) as usize];
                (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) * 0.25
            })
            .collect();
        Self { width, height, texels }
    }
}

fn prefilter(gpu: &Gpu, environment: &Environment) -> Prefiltered {
    let source = Image {
        width: environment.width,
        height: environment.height,
        texels: environment.radiance.as_ref().clone(),
    };
    let mut blurred = resample(&source, WIDTH);
    let mut chain = vec![resample(&source, WIDTH)];
    for level in 1..LEVELS {
        #[expect(clippy::cast_precision_loss, reason = "below ten")]
        let roughness = level as f32 / (LEVELS - 1) as f32;
        chain.push(rough(&blurred, WIDTH >> level, roughness));
        // Rough lobes are wide: fewer, larger texels give the same mean with less noise.
        if blurred.width > 32 {
            blurred = blurred.halved();
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "below ten")]
    let levels = (LEVELS - 1) as f32;
    Prefiltered { view: upload(gpu, &chain), levels }
}

/// Box-filtered to `width` by half of it.
fn resample(source: &Image, width: u32) -> Image {
    let mut image = Image { width: source.width, height: source.height, texels: source.texels.clone() };
    while image.width >= width * 2 && image.height > width / 2 {
        image = image.halved();
    }
    let mut out = Image { width, height: width / 2, texels: Vec::new() };
    out.texels = (0..width * (width / 2)).map(|i| image.at(out.direction(i % width, i / width))).collect();
    out
}

/// One level: every direction averages its surroundings as a GGX lobe does (Karis 2013, with view = normal).
fn rough(source: &Image, width: u32, roughness: f32) -> Image {
    let mut out = Image { width, height: (width / 2).max(1), texels: Vec::new() };
    let alpha2 = roughness.powi(4);
    let count = out.width * out.height;
    out.texels = (0..count)
        .into_par_iter()
        .map(|i| {
            let n = out.direction(i % out.width, i / out.width);
            let up = if n.y.abs() < 0.99 { Vec3::Y } else { Vec3::X };
            let t = up.cross(n).normalize();
            let b = n.cross(t);
            let (mut sum, mut weight) = (Vec3::ZERO, 0.0);
            for s in 0..SAMPLES {
                #[expect(clippy::cast_precision_loss, reason = "below a hundred")]
                let (u, v) = ((s as f32 + 0.5) / SAMPLES as f32, s as f32 * 0.618_034);
                let cos = ((1.0 - u) / (1.0 + (alpha2 - 1.0) * u)).sqrt();
                let sin = (1.0 - cos * cos).max(0.0).sqrt();
                let (sa, ca) = (v * std::f32::consts::TAU).sin_cos();
                let h = t * (sin * ca) + b * (sin * sa) + n * cos;
                let l = h * (2.0 * n.dot(h)) - n;
                let w = n.dot(l);
                if w > 0.0 {
                    sum += source.at(l) * w;
                    weight += w;
                }
            }
            sum / f32::max(weight, 1e-6)
        })
        .collect();
    out
}

fn upload(gpu: &Gpu, levels: &[Image]) -> wgpu::TextureView {
    let extent = |i: &Image| wgpu::Extent3d { width: i.width, height: i.height, depth_or_array_layers: 1 };
    let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("environment"),
        size: extent(&levels[0]),
        mip_level_count: u32::try_from(levels.len()).unwrap_or(1),
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::Rgba16Float,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    for (image, mip_level) in levels.iter().zip(0u32..) {
        let texels: Vec<[f16; 4]> = image
            .texels
            .iter()
            .map(|t| t.min(Vec3::splat(60_000.0)).extend(1.0).to_array().map(f16::from_f32))
            .collect();
        gpu.queue.write_texture(
            wgpu::TexelCopyTextureInfo { mip_level, ..texture.as_image_copy() },
            bytemuck::cast_slice(&texels),
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(image.width * 8),
                rows_per_image: Some(image.height),
            },
            extent(image),
        );
    }
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rough_white_is_white() {
        let image = Image { width: 64, height: 32, texels: vec![Vec3::ONE; 64 * 32] };
        assert!((rough(&image, 8, 0.7).texels[5].x - 1.0).abs() < 1e-4, "whatever the roughness");
    }
}
