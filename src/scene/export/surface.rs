//! Materials and textures on their way out, each written once.

use std::collections::BTreeMap;

use glam::{Affine2, Vec3, Vec4};
use image::{
    ExtendedColorType, ImageEncoder,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use serde_json::{Map, Value, json};

use super::{
    ExportError, ExportOptions,
    glb::{Document, push},
};
use crate::scene::{
    Alpha, ArtKey, Dress, Library, Material, MaterialId, Pixels, TextureId, TextureRef, TextureSource, Wrap,
};

#[derive(Debug)]
pub(super) struct Surfaces<'a> {
    library: &'a Library,
    options: &'a ExportOptions,
    textures: BTreeMap<(Picture, [u32; 2]), usize>,
    images: BTreeMap<Picture, usize>,
    samplers: BTreeMap<[u32; 2], usize>,
}

/// What a picture shows; textures that share their pixels are one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Picture {
    Art(ArtKey),
    Stored(TextureId),
}

impl<'a> Surfaces<'a> {
    pub(super) fn new(library: &'a Library, options: &'a ExportOptions) -> Self {
        Self {
            library,
            options,
            textures: BTreeMap::new(),
            images: BTreeMap::new(),
            samplers: BTreeMap::new(),
        }
    }

    pub(super) fn material(
        &mut self,
        out: &mut Document,
        id: MaterialId,
        dress: Option<&Dress>,
        tint: Vec3,
    ) -> Result<usize, ExportError> {
        let m = self.library.material(id);
        let colour = dress.and_then(|d| d.colour).unwrap_or(m.base_colour) * tint.extend(1.0);
        // Factors above 1 do not exist in glTF; a tint that brightens white is clipped.
        let colour = colour.clamp(Vec4::ZERO, Vec4::ONE);
        let mut pbr = json!({
            "baseColorFactor": colour.to_array(),
            "metallicFactor": m.metallic,
            "roughnessFactor": m.roughness,
        });
        let art = dress.and_then(|d| d.art.as_ref());
        if let Some(base) = self.base(out, m, art)? {
            pbr["baseColorTexture"] = base;
        }
        if let Some(t) = &m.metallic_roughness_texture {
            pbr["metallicRoughnessTexture"] = self.texture(out, t)?;
        }
        let mut value = json!({ "pbrMetallicRoughness": pbr, "doubleSided": m.double_sided });
        if !m.name.is_empty() {
            value["name"] = m.name.clone().into();
        }
        if let Some((t, scale)) = &m.normal_texture {
            value["normalTexture"] = self.texture(out, t)?;
            value["normalTexture"]["scale"] = json!(scale);
        }
        if let Some((t, strength)) = &m.occlusion_texture {
            value["occlusionTexture"] = self.texture(out, t)?;
            value["occlusionTexture"]["strength"] = json!(strength);
        }
        if let Some(t) = &m.emissive_texture {
            value["emissiveTexture"] = self.texture(out, t)?;
        }
        match m.alpha {
            Alpha::Opaque => {}
            Alpha::Mask { cutoff } => {
                value["alphaMode"] = "MASK".into();
                value["alphaCutoff"] = json!(cutoff);
            }
            Alpha::Blend => value["alphaMode"] = "BLEND".into(),
        }
        let extensions = extensions(m, &mut value);
        if !extensions.is_empty() {
            value["extensions"] = Value::Object(extensions);
        }
        Ok(push(&mut out.materials, value))
    }

    fn base(
        &mut self,
        out: &mut Document,
        m: &Material,
        art: Option<&ArtKey>,
    ) -> Result<Option<Value>, ExportError> {
        let Some(key) = art else {
            return m.base_texture.as_ref().map(|t| self.texture(out, t)).transpose();
        };
        let wrap = m.base_texture.map_or([Wrap::Repeat; 2], |t| self.library.texture(t.texture).wrap);
        let index = self.picture(out, Picture::Art(key.clone()), wrap)?;
        let (set, transform) = m.base_texture.map_or((0, Affine2::IDENTITY), |t| (t.uv_set, t.transform));
        Ok(Some(info(index, set, &transform)))
    }

    fn texture(&mut self, out: &mut Document, t: &TextureRef) -> Result<Value, ExportError> {
        let texture = self.library.texture(t.texture);
        let picture = match &texture.source {
            TextureSource::Art(key) => Picture::Art(key.clone()),
            TextureSource::Pixels(_) => Picture::Stored(t.texture),
        };
        Ok(info(self.picture(out, picture, texture.wrap)?, t.uv_set, &t.transform))
    }

    fn picture(
        &mut self,
        out: &mut Document,
        picture: Picture,
        wrap: [Wrap; 2],
    ) -> Result<usize, ExportError> {
        let wrap = wrap.map(|w| match w {
            Wrap::Repeat => 10_497,
            Wrap::Clamp => 33_071,
            Wrap::Mirror => 33_648,
        });
        if let Some(&known) = self.textures.get(&(picture.clone(), wrap)) {
            return Ok(known);
        }
        let image = match self.images.get(&picture) {
            Some(&known) => known,
            None => {
                let (pixels, name) = match &picture {
                    Picture::Art(key) => {
                        let name = format!("{} {}", key.sku, key.slot);
                        (self.library.art().pixels(key, self.options.art_side_px)?, name)
                    }
                    Picture::Stored(id) => {
                        let texture = self.library.texture(*id);
                        let TextureSource::Pixels(pixels) = &texture.source else {
                            return Err(ExportError::Picture {
                                name: texture.name.clone(),
                                reason: "no pixels".into(),
                            });
                        };
                        (pixels.clone(), texture.name.clone())
                    }
                };
                let png =
                    png(&pixels).map_err(|reason| ExportError::Picture { name: name.clone(), reason })?;
                let view = out.view(&png, None);
                push(&mut out.images, json!({ "bufferView": view, "mimeType": "image/png", "name": name }))
            }
        };
        self.images.insert(picture.clone(), image);
        let sampler = *self.samplers.entry(wrap).or_insert_with(|| {
            push(
                &mut out.samplers,
                json!({ "wrapS": wrap[0], "wrapT": wrap[1], "magFilter": 9729, "minFilter": 9987 }),
            )
        });
        let texture = push(&mut out.textures, json!({ "source": image, "sampler": sampler }));
        self.textures.insert((picture, wrap), texture);
        Ok(texture)
    }
}

fn info(index: usize, set: u8, transform: &Affine2) -> Value {
    let mut value = json!({ "index": index, "texCoord": set });
    if *transform != Affine2::IDENTITY {
        let (scale, angle, offset) = transform.to_scale_angle_translation();
        // glTF turns counter-clockwise in a picture whose v runs down.
        value["extensions"] = json!({ "KHR_texture_transform": {
            "offset": offset.to_array(), "rotation": -angle, "scale": scale.to_array(),
        }});
    }
    value
}

fn extensions(m: &Material, value: &mut Value) -> Map<String, Value> {
    let mut all = Map::new();
    let peak = m.emissive.max_element();
    if peak > 0.0 {
        value["emissiveFactor"] = json!((m.emissive / peak.max(1.0)).to_array());
        if peak > 1.0 {
            all.insert("KHR_materials_emissive_strength".into(), json!({ "emissiveStrength": peak }));
        }
    }
    if m.unlit {
        all.insert("KHR_materials_unlit".into(), json!({}));
    }
    if m.clearcoat > 0.0 {
        let coat =
            json!({ "clearcoatFactor": m.clearcoat, "clearcoatRoughnessFactor": m.clearcoat_roughness });
        all.insert("KHR_materials_clearcoat".into(), coat);
    }
    if m.transmission > 0.0 {
        all.insert("KHR_materials_transmission".into(), json!({ "transmissionFactor": m.transmission }));
    }
    #[expect(clippy::float_cmp, reason = "glTF's own default is left out")]
    if m.ior != 1.5 {
        all.insert("KHR_materials_ior".into(), json!({ "ior": m.ior }));
    }
    if let Some(a) = &m.attenuation {
        let mut volume = json!({ "thicknessFactor": a.thickness_m, "attenuationColor": a.colour.to_array() });
        if a.distance_m.is_finite() {
            volume["attenuationDistance"] = json!(a.distance_m);
        }
        all.insert("KHR_materials_volume".into(), volume);
    }
    all
}

fn png(pixels: &Pixels) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive)
        .write_image(&pixels.rgba, pixels.width, pixels.height, ExtendedColorType::Rgba8)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}
