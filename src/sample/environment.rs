//! Light from all around: the procedural store, or the user's own picture.

use std::{
    f32::consts::PI,
    path::Path,
    sync::{Arc, OnceLock},
};

use glam::{Vec3, vec3};
use rand::RngExt;

use super::{SampleError, light::luminance, store};
use crate::{
    config::LightRecipe,
    scene::Environment,
    seed::{Node, Seed},
};

/// Irradiance of the surroundings on the shelf's front at `ambient` 1, in pi; see `LAMP_SHARE`.
pub(super) const AMBIENT_SHARE: f32 = 0.28;
/// Procedural stores there are; few, so that what a renderer derives from each is derived once.
const VARIANTS: usize = 6;
/// A wider picture than this is reduced: it lights no better.
const WIDEST: usize = 2048;
/// Largest side of a picture that is read at all.
const LARGEST: usize = 32_768;

/// An equirectangular picture and what it does to a surface.
#[derive(Clone, Debug)]
pub(super) struct Panorama {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) radiance: Arc<Vec<Vec3>>,
    /// Makes its irradiance on a surface that faces +Z `AMBIENT_SHARE * pi`.
    gain: f32,
}

/// All surroundings that a run uses.
#[derive(Debug)]
pub(super) enum Surroundings {
    /// Stores made from the seed, each when first needed.
    Procedural { seed: Seed, made: Box<[OnceLock<Panorama>; VARIANTS]> },
    /// The user's picture.
    Loaded(Panorama),
}

/// Direction of a place in an equirectangular picture, `u` and `v` in 0 to 1: the middle looks along -Z, the
/// top along +Y.
pub(super) fn direction(u: f32, v: f32) -> Vec3 {
    let (around, up) = ((u - 0.5) * 2.0 * PI, (0.5 - v) * PI);
    vec3(around.sin() * up.cos(), up.sin(), -around.cos() * up.cos())
}

impl Panorama {
    pub(super) fn new(width: usize, height: usize, radiance: Vec<Vec3>) -> Self {
        let mut made = Self { width, height, radiance: Arc::new(radiance), gain: 1.0 };
        let irradiance = made.irradiance(Vec3::Z);
        made.gain = if irradiance > 1e-9 { AMBIENT_SHARE * PI / irradiance } else { 1.0 };
        made
    }

    /// Luminous irradiance on a small surface.
    #[expect(clippy::cast_precision_loss, reason = "picture sizes")]
    pub(super) fn irradiance(&self, normal: Vec3) -> f32 {
        let (width, height) = (self.width as f32, self.height as f32);
        let mut sum = 0.0_f64;
        for (index, radiance) in self.radiance.iter().enumerate() {
            let (column, row) = ((index % self.width) as f32 + 0.5, (index / self.width) as f32 + 0.5);
            let towards = direction(column / width, row / height);
            let solid_angle = 2.0 * PI / width * PI / height * (PI * row / height).sin();
            sum += f64::from(luminance(*radiance) * normal.dot(towards).max(0.0) * solid_angle);
        }
        #[expect(clippy::cast_possible_truncation, reason = "summed in f64, kept in f32")]
        let sum = sum as f32;
        sum
    }
}

impl Surroundings {
    pub(super) fn procedural(seed: Seed) -> Self {
        Self::Procedural { seed, made: Box::new(std::array::from_fn(|_| OnceLock::new())) }
    }

    /// Reads an equirectangular .hdr or .exr.
    pub(super) fn load(path: &Path) -> Result<Self, SampleError> {
        let wrong = |reason: String| SampleError::Environment { path: path.to_owned(), reason };
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        let (width, height, pixels) = match extension.as_str() {
            "hdr" => read_hdr(path),
            "exr" => read_exr(path),
            _ => Err("expected a Radiance .hdr or an OpenEXR .exr file".to_owned()),
        }
        .map_err(wrong)?;
        if width != 2 * height || width < 8 {
            return Err(wrong(format!(
                "is {width} x {height} pixels; an equirectangular picture is twice as wide as high, from 8 x 4 up"
            )));
        }
        if !pixels.iter().any(|pixel| pixel.max_element() > 0.0) {
            return Err(wrong("is black everywhere, so that it lights nothing".to_owned()));
        }
        let (width, height, pixels) = reduced(width, height, pixels);
        Ok(Self::Loaded(Panorama::new(width, height, pixels)))
    }

    /// The surroundings of one frame.
    pub(super) fn draw(&self, recipe: &LightRecipe, node: &Node) -> Environment {
        #[expect(clippy::cast_possible_truncation, reason = "light needs no more than f32")]
        let ambient = node.draw("ambient", |rng| recipe.ambient.sample(rng) as f32).max(0.0);
        let (panorama, yaw) = match self {
            Self::Loaded(panorama) => (panorama, 0.0),
            Self::Procedural { seed, made } => {
                let variant = node.draw("store", |rng| rng.random_range(0..VARIANTS));
                let yaw = node.draw("yaw_deg", |rng| 12.0 * rng.random::<f32>() - 6.0).to_radians();
                let make = || store::panorama(&seed.dataset().child("store", variant));
                (made[variant].get_or_init(make), yaw)
            }
        };
        #[expect(clippy::cast_possible_truncation, reason = "at most WIDEST")]
        let (width, height) = (panorama.width as u32, panorama.height as u32);
        Environment {
            width,
            height,
            radiance: Arc::clone(&panorama.radiance),
            gain: panorama.gain * ambient,
            yaw,
            visible: true,
        }
    }
}

type Raw = (usize, usize, Vec<Vec3>);

/// Broken or endless values become black: one such pixel would otherwise light the whole world.
fn clean(r: f32, g: f32, b: f32) -> Vec3 {
    let colour = vec3(r, g, b);
    if colour.is_finite() { colour.clamp(Vec3::ZERO, Vec3::splat(1e6)) } else { Vec3::ZERO }
}

fn read_hdr(path: &Path) -> Result<Raw, String> {
    let mut reader = image::ImageReader::open(path).map_err(|e| e.to_string())?;
    reader.set_format(image::ImageFormat::Hdr);
    let mut limits = image::Limits::default();
    limits.max_image_width = u32::try_from(LARGEST).ok();
    limits.max_image_height = u32::try_from(LARGEST).ok();
    reader.limits(limits);
    let picture = reader.decode().map_err(|e| format!("cannot be read as Radiance HDR: {e}"))?.into_rgb32f();
    let pixels = picture.pixels().map(|p| clean(p.0[0], p.0[1], p.0[2])).collect();
    Ok((picture.width() as usize, picture.height() as usize, pixels))
}

fn read_exr(path: &Path) -> Result<Raw, String> {
    use exr::prelude::{MetaData, read_first_rgba_layer_from_file};
    let unreadable =
        |e: exr::error::Error| format!("cannot be read as OpenEXR with R, G and B channels: {e}");
    // Sizes are looked at before any pixel is allocated.
    let meta = MetaData::read_from_file(path, false).map_err(unreadable)?;
    if let Some(size) = meta.headers.iter().map(|h| h.layer_size).find(|s| s.0.max(s.1) > LARGEST) {
        return Err(format!("is {} x {} pixels; at most {LARGEST} a side are read", size.0, size.1));
    }
    let picture = read_first_rgba_layer_from_file(
        path,
        |size, _| (size.0, vec![Vec3::ZERO; size.0 * size.1]),
        |(width, pixels): &mut (usize, Vec<Vec3>), at, (r, g, b, _): (f32, f32, f32, f32)| {
            pixels[at.1 * *width + at.0] = clean(r, g, b);
        },
    )
    .map_err(unreadable)?;
    let size = picture.layer_data.size;
    Ok((size.0, size.1, picture.layer_data.channel_data.pixels.1))
}

/// Halved by averaging until no wider than `WIDEST`.
fn reduced(mut width: usize, mut height: usize, mut pixels: Vec<Vec3>) -> Raw {
    while width > WIDEST && height > 1 {
        let (half_width, half_height) = (width / 2, height / 2);
        pixels = (0..half_width * half_height)
            .map(|index| {
                let at = index / half_width * 2 * width + index % half_width * 2;
                (pixels[at] + pixels[at + 1] + pixels[at + width] + pixels[at + width + 1]) * 0.25
            })
            .collect();
        (width, height) = (half_width, half_height);
    }
    (width, height, pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_white_sphere_brings_pi() {
        let white = Panorama::new(128, 64, vec![Vec3::ONE; 128 * 64]);
        for normal in [Vec3::Z, Vec3::Y, Vec3::X] {
            assert!((white.irradiance(normal) / PI - 1.0).abs() < 0.002, "{normal}");
        }
        assert!((white.gain - AMBIENT_SHARE).abs() < 0.001, "{}", white.gain);
    }

    #[test]
    fn the_middle_looks_along_minus_z_and_right_of_it_is_right() {
        assert!((direction(0.5, 0.5) - Vec3::NEG_Z).length() < 1e-6, "middle");
        assert!((direction(0.75, 0.5) - Vec3::X).length() < 1e-6, "three quarters");
        assert!((direction(0.0, 0.5) - Vec3::Z).length() < 1e-6, "left edge");
        assert!((direction(0.3, 0.0) - Vec3::Y).length() < 1e-6, "top");
    }

    #[test]
    fn pictures_of_the_user_are_read_or_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        exr::prelude::write_rgb_file(at("sky.exr"), 16, 8, |x, _| {
            (1.0, 0.5, if x == 3 { f32::NAN } else { 0.2 })
        })
        .unwrap();
        let Surroundings::Loaded(sky) = Surroundings::load(&at("sky.exr")).unwrap() else { panic!("loaded") };
        assert_eq!((sky.width, sky.height, sky.radiance[3]), (16, 8, Vec3::ZERO), "a broken pixel is black");
        let pixels = vec![image::Rgb([1.0_f32, 0.5, 0.25]); 8 * 4];
        let file = std::fs::File::create(at("sky.hdr")).unwrap();
        image::codecs::hdr::HdrEncoder::new(file).encode(&pixels, 8, 4).unwrap();
        let Surroundings::Loaded(sky) = Surroundings::load(&at("sky.hdr")).unwrap() else { panic!("loaded") };
        assert!((sky.radiance[0] - vec3(1.0, 0.5, 0.25)).length() < 0.01, "{}", sky.radiance[0]);
        exr::prelude::write_rgb_file(at("square.exr"), 8, 8, |_, _| (1.0, 1.0, 1.0)).unwrap();
        std::fs::write(at("broken.exr"), b"no").unwrap();
        std::fs::write(at("sky.png"), b"no").unwrap();
        for (name, expected) in [
            ("missing.exr", "missing.exr"),
            ("square.exr", "twice as wide as high"),
            ("broken.exr", "cannot be read as OpenEXR"),
            ("sky.png", "expected a Radiance .hdr or an OpenEXR .exr"),
        ] {
            let message = Surroundings::load(&at(name)).unwrap_err().to_string();
            assert!(message.contains(expected) && message.contains(name), "{message}");
        }
    }
}
