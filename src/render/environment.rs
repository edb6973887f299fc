//! Light from all around: an equirectangular picture, prefiltered once for rough reflections and diffuse light.

use std::sync::Arc;

use glam::{Vec3, Vec4};
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
    /// Nine coefficients of irradiance over pi, the polynomials' constants multiplied in.
    pub(crate) irradiance: [Vec4; 9],
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
                    Prefiltered { view: upload(gpu, &[black]), irradiance: [Vec4::ZERO; 9], levels: 0.0 }
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
    let irradiance = harmonics(&resample(&source, 64));
    Prefiltered { view: upload(gpu, &chain), irradiance, levels }
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

/// Projection on nine spherical harmonics, convolved with the cosine (Ramamoorthi and Hanrahan 2001), divided by pi,
/// and with the basis functions' constants multiplied in, in the order of `ambient` in `colour.wgsl`.
#[expect(clippy::cast_precision_loss, reason = "picture coordinates")]
fn harmonics(image: &Image) -> [Vec4; 9] {
    let mut sums = [Vec3::ZERO; 9];
    let texel = std::f32::consts::TAU / image.width as f32 * std::f32::consts::PI / image.height as f32;
    for y in 0..image.height {
        let solid = texel * ((y as f32 + 0.5) / image.height as f32 * std::f32::consts::PI).sin();
        for x in 0..image.width {
            let d = image.direction(x, y);
            let radiance = image.texels[(y * image.width + x) as usize] * solid;
            for (sum, basis) in sums.iter_mut().zip(basis(d)) {
                *sum += radiance * basis;
            }
        }
    }
    // Cosine lobe over pi: 1, 2/3, 1/4 for the three bands.
    const BAND: [f32; 9] = [1.0, 2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0, 0.25, 0.25, 0.25, 0.25, 0.25];
    std::array::from_fn(|i| (sums[i] * BAND[i] * CONSTANTS[i]).extend(0.0))
}

const CONSTANTS: [f32; 9] =
    [0.282_095, 0.488_603, 0.488_603, 0.488_603, 1.092_548, 1.092_548, 0.315_392, 1.092_548, 0.546_274];

fn basis(d: Vec3) -> [f32; 9] {
    let p =
        [1.0, d.y, d.z, d.x, d.x * d.y, d.y * d.z, 3.0 * d.z * d.z - 1.0, d.x * d.z, d.x * d.x - d.y * d.y];
    std::array::from_fn(|i| p[i] * CONSTANTS[i])
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
    fn a_white_sky_lights_every_direction_alike() {
        let image = Image { width: 64, height: 32, texels: vec![Vec3::ONE; 64 * 32] };
        let sh = harmonics(&image);
        for d in [Vec3::X, Vec3::Y, Vec3::NEG_Z, Vec3::new(0.6, 0.0, 0.8)] {
            let b = basis(d);
            let value: f32 = (0..9).map(|i| sh[i].x * b[i] / CONSTANTS[i]).sum();
            assert!((value - 1.0).abs() < 0.01, "irradiance over pi of a white sky is 1, not {value}");
        }
        assert!((rough(&image, 8, 0.7).texels[5].x - 1.0).abs() < 1e-4, "rough white is white");
    }

    #[test]
    fn light_comes_from_where_it_is() {
        let mut image = Image { width: 64, height: 32, texels: vec![Vec3::ZERO; 64 * 32] };
        for i in 0..64 * 16 {
            image.texels[i] = Vec3::ONE;
        }
        let sh = harmonics(&image);
        let at = |d: Vec3| -> f32 {
            let b = basis(d);
            (0..9).map(|i| sh[i].x * b[i] / CONSTANTS[i]).sum()
        };
        assert!((at(Vec3::Y) - 1.0).abs() < 0.05, "a bright upper half fills what looks up: {}", at(Vec3::Y));
        assert!(at(Vec3::NEG_Y).abs() < 0.05, "and not what looks down: {}", at(Vec3::NEG_Y));
        assert!((at(Vec3::X) - 0.5).abs() < 0.03, "half of it reaches a wall: {}", at(Vec3::X));
    }
}
