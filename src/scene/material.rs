//! Surfaces: glTF's metallic-roughness model and the extensions that shelves need.

use std::sync::Arc;

use glam::{Affine2, Vec3, Vec4};

use super::{ArtKey, TextureId};

/// 8-bit RGBA pixels, row-major, top row first, straight alpha.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `width * height * 4` bytes.
    pub rgba: Vec<u8>,
}

/// Where a texture's pixels come from.
#[derive(Clone, Debug, PartialEq)]
pub enum TextureSource {
    /// Pixels in memory, from a glTF file.
    Pixels(Arc<Pixels>),
    /// Label art, made or loaded when first seen, at the resolution at which it will be seen.
    Art(ArtKey),
}

/// What lies outside of the unit square.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Wrap {
    /// The texture repeats (glTF's default).
    #[default]
    Repeat,
    /// The edge pixels go on.
    Clamp,
    /// The texture repeats mirrored.
    Mirror,
}

/// A picture that materials refer to.
#[derive(Clone, Debug, PartialEq)]
pub struct Texture {
    /// For messages.
    pub name: String,
    /// Its pixels.
    pub source: TextureSource,
    /// Wrapping along u and v.
    pub wrap: [Wrap; 2],
    /// Whether colours are sRGB-encoded (base colour, emissive) or linear data (normals, roughness).
    pub srgb: bool,
}

/// A texture as one material uses it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextureRef {
    /// Which texture.
    pub texture: TextureId,
    /// Which set of texture coordinates, 0 or 1.
    pub uv_set: u8,
    /// `KHR_texture_transform`, applied to the coordinates.
    pub transform: Affine2,
}

/// How alpha is meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Alpha {
    /// Ignored.
    Opaque,
    /// Below the cutoff there is no surface: neither in the picture nor in any label.
    Mask {
        /// Smallest alpha that exists.
        cutoff: f32,
    },
    /// Blended over what lies behind.
    Blend,
}

/// Light absorbed inside a transmissive body (`KHR_materials_volume`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attenuation {
    /// What white light becomes after `distance_m`.
    pub colour: Vec3,
    /// Metres; infinite when nothing is absorbed.
    pub distance_m: f32,
    /// Assumed thickness of the body, metres.
    pub thickness_m: f32,
}

/// A surface. Colours are linear.
#[derive(Clone, Debug, PartialEq)]
pub struct Material {
    /// For messages, and how stages find slots to override (`label`, `cap` ...).
    pub name: String,
    /// Base colour and alpha.
    pub base_colour: Vec4,
    /// Multiplies the base colour (sRGB).
    pub base_texture: Option<TextureRef>,
    /// 0 dielectric to 1 metal.
    pub metallic: f32,
    /// Perceptual roughness, 0 to 1.
    pub roughness: f32,
    /// Green: roughness, blue: metallic.
    pub metallic_roughness_texture: Option<TextureRef>,
    /// Tangent-space normals, and their scale.
    pub normal_texture: Option<(TextureRef, f32)>,
    /// Red: ambient occlusion, and its strength.
    pub occlusion_texture: Option<(TextureRef, f32)>,
    /// Emitted radiance, `KHR_materials_emissive_strength` multiplied in.
    pub emissive: Vec3,
    /// Multiplies the emission (sRGB).
    pub emissive_texture: Option<TextureRef>,
    /// How alpha is meant.
    pub alpha: Alpha,
    /// Whether back faces exist.
    pub double_sided: bool,
    /// Base colour is shown as it is, without light.
    pub unlit: bool,
    /// Strength of a clear coat, 0 to 1.
    pub clearcoat: f32,
    /// Perceptual roughness of the coat.
    pub clearcoat_roughness: f32,
    /// Share of light that passes through, 0 to 1.
    pub transmission: f32,
    /// Index of refraction.
    pub ior: f32,
    /// Absorption inside.
    pub attenuation: Option<Attenuation>,
}

impl Default for Material {
    /// glTF's default material.
    fn default() -> Self {
        Self {
            name: String::new(),
            base_colour: Vec4::ONE,
            base_texture: None,
            metallic: 1.0,
            roughness: 1.0,
            metallic_roughness_texture: None,
            normal_texture: None,
            occlusion_texture: None,
            emissive: Vec3::ZERO,
            emissive_texture: None,
            alpha: Alpha::Opaque,
            double_sided: false,
            unlit: false,
            clearcoat: 0.0,
            clearcoat_roughness: 0.0,
            transmission: 0.0,
            ior: 1.5,
            attenuation: None,
        }
    }
}

impl Material {
    /// Whether the surface is drawn after the opaque ones, over them.
    #[must_use]
    pub fn is_transparent(&self) -> bool {
        matches!(self.alpha, Alpha::Blend) || self.transmission > 0.0
    }
}
