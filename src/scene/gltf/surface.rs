//! Materials and their textures; only those that something drawn refers to are read.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use glam::{Affine2, Mat2, Vec2, Vec3, Vec4};

use super::{
    ImportOptions,
    container::{Budget, Buffers},
    error::{ImportFault, Sound, get, invalid},
    json, picture,
};
use crate::scene::{
    Alpha, Attenuation, Library, Material, MaterialId, Pixels, Texture, TextureId, TextureRef, TextureSource,
    Wrap,
};

/// Collects materials and textures, numbered as the library will number them when they are added.
#[derive(Debug)]
pub(super) struct Surfaces<'a> {
    root: &'a json::Root,
    buffers: &'a Buffers,
    folder: &'a Path,
    options: &'a ImportOptions,
    first_material: usize,
    first_texture: usize,
    pub materials: Vec<Material>,
    pub textures: Vec<Texture>,
    known: BTreeMap<Option<usize>, (MaterialId, Use)>,
    known_textures: BTreeMap<(usize, bool), TextureId>,
    pictures: BTreeMap<usize, Arc<Pixels>>,
}

/// What a material asks of the vertices that carry it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    /// The file's texture coordinate sets that become `uv0` and `uv1`.
    pub uv_sets: [u32; 2],
    pub tangents: bool,
}

impl<'a> Surfaces<'a> {
    pub(super) fn new(
        root: &'a json::Root,
        buffers: &'a Buffers,
        folder: &'a Path,
        options: &'a ImportOptions,
        library: &Library,
    ) -> Self {
        Self {
            root,
            buffers,
            folder,
            options,
            first_material: library.material_count(),
            first_texture: library.texture_count(),
            materials: Vec::new(),
            textures: Vec::new(),
            known: BTreeMap::new(),
            known_textures: BTreeMap::new(),
            pictures: BTreeMap::new(),
        }
    }

    /// The material a primitive names (`None`: glTF's default), read when first asked for.
    pub(super) fn material(
        &mut self,
        index: Option<usize>,
        budget: &mut Budget,
        at: &str,
    ) -> Sound<(MaterialId, Use)> {
        if let Some(known) = self.known.get(&index) {
            return Ok(*known);
        }
        let (material, usage) = match index {
            None => {
                let material = Material { name: "default".to_owned(), ..Material::default() };
                (material, Use { uv_sets: [0, 1], tangents: false })
            }
            Some(index) => {
                let written = get(&self.root.materials, index, "material", at)?;
                self.read(written, &format!("materials[{index}]"), budget)?
            }
        };
        let id = MaterialId(number(self.first_material + self.materials.len()));
        self.materials.push(material);
        self.known.insert(index, (id, usage));
        Ok((id, usage))
    }

    fn read(&mut self, m: &json::Material, at: &str, budget: &mut Budget) -> Sound<(Material, Use)> {
        let mut sets = Sets::of(m, at)?;
        let blank = json::Pbr::default();
        let pbr = m.pbr_metallic_roughness.as_ref().unwrap_or(&blank);
        let more = &m.extensions;
        let mut texture = |info: &Option<json::TextureInfo>, srgb: bool, name: &str| {
            info.as_ref()
                .map(|info| self.texture(info, srgb, &mut sets, &format!("{at}.{name}"), budget))
                .transpose()
        };
        let base_texture = texture(&pbr.base_color_texture, true, "pbrMetallicRoughness.baseColorTexture")?;
        let metallic_roughness_texture =
            texture(&pbr.metallic_roughness_texture, false, "pbrMetallicRoughness.metallicRoughnessTexture")?;
        let normal = texture(&m.normal_texture, false, "normalTexture")?;
        let occlusion = texture(&m.occlusion_texture, false, "occlusionTexture")?;
        let emissive_texture = texture(&m.emissive_texture, true, "emissiveTexture")?;
        let unit = |value: f32, name: &str| unit(value, &format!("{at}.{name}"));
        let colour = pbr.base_color_factor.unwrap_or([1.0; 4]);
        for value in colour {
            unit(value, "pbrMetallicRoughness.baseColorFactor")?;
        }
        for value in m.emissive_factor {
            unit(value, "emissiveFactor")?;
        }
        let strength = more.emissive_strength.as_ref().and_then(|e| e.emissive_strength).unwrap_or(1.0);
        if !(0.0..=1e9).contains(&strength) {
            return invalid(
                format!("{at}.extensions.KHR_materials_emissive_strength"),
                format!("{strength}"),
            );
        }
        let ior = more.ior.as_ref().and_then(|i| i.ior).unwrap_or(1.5);
        // The extension reserves 0 for 'no Fresnel term at all'; nothing between 0 and 1 exists.
        let ior = if ior == 0.0 { 1.0 } else { ior };
        if !(1.0..=100.0).contains(&ior) {
            return invalid(
                format!("{at}.extensions.KHR_materials_ior"),
                format!("{ior}, expected 1 or more"),
            );
        }
        let alpha = match m.alpha_mode.as_deref() {
            None | Some("OPAQUE") => Alpha::Opaque,
            Some("BLEND") => Alpha::Blend,
            Some("MASK") => {
                Alpha::Mask { cutoff: finite(m.alpha_cutoff.unwrap_or(0.5), &format!("{at}.alphaCutoff"))? }
            }
            Some(other) => {
                return invalid(
                    format!("{at}.alphaMode"),
                    format!("'{other}', expected OPAQUE, MASK or BLEND"),
                );
            }
        };
        let coat = more.clearcoat.as_ref();
        let usage = Use { uv_sets: sets.0, tangents: normal.is_some() };
        let scale = |info: &Option<json::TextureInfo>| {
            let info = info.as_ref();
            info.and_then(|i| i.scale).or(info.and_then(|i| i.strength)).unwrap_or(1.0)
        };
        let material = Material {
            name: m.name.clone(),
            base_colour: Vec4::from(colour),
            base_texture,
            metallic: unit(pbr.metallic_factor.unwrap_or(1.0), "pbrMetallicRoughness.metallicFactor")?,
            roughness: unit(pbr.roughness_factor.unwrap_or(1.0), "pbrMetallicRoughness.roughnessFactor")?,
            metallic_roughness_texture,
            normal_texture: normal
                .map(|t| {
                    Sound::Ok((t, finite(scale(&m.normal_texture), &format!("{at}.normalTexture.scale"))?))
                })
                .transpose()?,
            occlusion_texture: occlusion
                .map(|t| Sound::Ok((t, unit(scale(&m.occlusion_texture), "occlusionTexture.strength")?)))
                .transpose()?,
            emissive: Vec3::from(m.emissive_factor) * strength,
            emissive_texture,
            alpha,
            double_sided: m.double_sided,
            unlit: more.unlit.is_some(),
            clearcoat: unit(coat.map_or(0.0, |c| c.clearcoat_factor), "clearcoatFactor")?,
            clearcoat_roughness: unit(
                coat.map_or(0.0, |c| c.clearcoat_roughness_factor),
                "clearcoatRoughness",
            )?,
            transmission: unit(
                more.transmission.as_ref().map_or(0.0, |t| t.transmission_factor),
                "transmissionFactor",
            )?,
            ior,
            attenuation: more.volume.as_ref().map(|v| attenuation(v, at)).transpose()?.flatten(),
        };
        Ok((material, usage))
    }

    fn texture(
        &mut self,
        info: &json::TextureInfo,
        srgb: bool,
        sets: &mut Sets,
        at: &str,
        budget: &mut Budget,
    ) -> Sound<TextureRef> {
        let uv_set = sets.slot(set_of(info));
        let transform = match &info.extensions.transform {
            None => Affine2::IDENTITY,
            Some(t) => {
                let numbers = [t.offset[0], t.offset[1], t.scale[0], t.scale[1], t.rotation];
                for value in numbers {
                    finite(value, &format!("{at}.extensions.KHR_texture_transform"))?;
                }
                // Counter-clockwise as seen in the picture, whose v runs down: the sign of the sine is turned.
                let turn = Mat2::from_angle(-t.rotation);
                Affine2::from_mat2_translation(
                    turn * Mat2::from_diagonal(Vec2::from(t.scale)),
                    t.offset.into(),
                )
            }
        };
        let texture = match self.known_textures.get(&(info.index, srgb)) {
            Some(&id) => id,
            None => self.add_texture(info.index, srgb, at, budget)?,
        };
        Ok(TextureRef { texture, uv_set, transform })
    }

    fn add_texture(&mut self, index: usize, srgb: bool, at: &str, budget: &mut Budget) -> Sound<TextureId> {
        let written = get(&self.root.textures, index, "texture", &format!("{at}.index"))?;
        let here = format!("textures[{index}]");
        let source = written.extensions.webp.as_ref().map(|w| w.source).or(written.source);
        let Some(source) = source else {
            if written.extensions.basisu.is_some() {
                return Err(ImportFault::Unsupported {
                    at: here,
                    what: "a texture that only KHR_texture_basisu (KTX2) offers".to_owned(),
                    instead: "export the textures as PNG, JPEG or WebP".to_owned(),
                });
            }
            return invalid(here, "it names no source image");
        };
        let wrap = match written.sampler {
            None => [Wrap::Repeat; 2],
            Some(sampler) => {
                let sampler = get(&self.root.samplers, sampler, "sampler", &here)?;
                [wrap(sampler.wrap_s, &here)?, wrap(sampler.wrap_t, &here)?]
            }
        };
        let pixels = match self.pictures.get(&source) {
            Some(pixels) => pixels.clone(),
            None => {
                let pixels =
                    picture::load(self.root, self.buffers, self.folder, source, self.options, budget, &here)?;
                self.pictures.insert(source, pixels.clone());
                pixels
            }
        };
        let image = get(&self.root.images, source, "image", &here)?;
        let name = [&written.name, &image.name].into_iter().find(|n| !n.is_empty());
        let id = TextureId(number(self.first_texture + self.textures.len()));
        self.textures.push(Texture {
            name: name.cloned().unwrap_or_else(|| format!("image {source}")),
            source: TextureSource::Pixels(pixels),
            wrap,
            srgb,
        });
        self.known_textures.insert((index, srgb), id);
        Ok(id)
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn set_of(info: &json::TextureInfo) -> u32 {
    info.extensions.transform.as_ref().and_then(|t| t.tex_coord).unwrap_or(info.tex_coord)
}

/// Which two of a file's texture coordinate sets a material uses: sets 0 and 1 keep their places, others move in.
struct Sets([u32; 2]);

impl Sets {
    fn of(m: &json::Material, at: &str) -> Sound<Self> {
        let pbr = m.pbr_metallic_roughness.as_ref();
        let all = [
            pbr.and_then(|p| p.base_color_texture.as_ref()),
            pbr.and_then(|p| p.metallic_roughness_texture.as_ref()),
            m.normal_texture.as_ref(),
            m.occlusion_texture.as_ref(),
            m.emissive_texture.as_ref(),
        ];
        let mut used: Vec<u32> = all.into_iter().flatten().map(set_of).collect();
        used.sort_unstable();
        used.dedup();
        match used[..] {
            [] | [0 | 1] | [0, 1] => Ok(Self([0, 1])),
            [a] => Ok(Self([a, u32::MAX])),
            [a, b] => Ok(Self([a, b])),
            _ => Err(ImportFault::Unsupported {
                at: at.to_owned(),
                what: format!("a material with {} sets of texture coordinates", used.len()),
                instead: "use at most two".to_owned(),
            }),
        }
    }

    fn slot(&self, set: u32) -> u8 {
        u8::from(self.0[0] != set)
    }
}

fn wrap(mode: Option<u32>, at: &str) -> Sound<Wrap> {
    match mode {
        None | Some(10_497) => Ok(Wrap::Repeat),
        Some(33_071) => Ok(Wrap::Clamp),
        Some(33_648) => Ok(Wrap::Mirror),
        Some(other) => invalid(at, format!("its sampler wraps by {other}, expected 10497, 33071 or 33648")),
    }
}

fn unit(value: f32, at: &str) -> Sound<f32> {
    if (0.0..=1.0).contains(&value) { Ok(value) } else { invalid(at, format!("{value}, expected 0 to 1")) }
}

fn finite(value: f32, at: &str) -> Sound<f32> {
    if value.is_finite() { Ok(value) } else { invalid(at, format!("{value}, expected a finite number")) }
}

fn attenuation(volume: &json::Volume, at: &str) -> Sound<Option<Attenuation>> {
    let here = format!("{at}.extensions.KHR_materials_volume");
    let thickness_m = finite(volume.thickness_factor, &here)?;
    let distance_m = volume.attenuation_distance.unwrap_or(f32::INFINITY);
    if thickness_m < 0.0 || distance_m.is_nan() || distance_m <= 0.0 {
        return invalid(here, "thickness must not be negative, and the distance must be above 0");
    }
    let colour = volume.attenuation_color.unwrap_or([1.0; 3]);
    for value in colour {
        unit(value, &here)?;
    }
    // Without thickness the extension calls the surface thin-walled, and nothing is absorbed.
    Ok((thickness_m > 0.0).then_some(Attenuation { colour: Vec3::from(colour), distance_m, thickness_m }))
}
