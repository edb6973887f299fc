//! Materials on the device: one bind group for each material as it is dressed.

use std::collections::BTreeMap;

use glam::{Affine2, Vec3, Vec4};

use super::textures::Textures;
use crate::{
    gpu::{Binding, Gpu, bind_group, bind_layout, layout::SurfaceParams, uniform},
    scene::{Alpha, ArtKey, Dress, Library, MaterialId, TextureRef, Wrap},
};

/// Pipeline flags; the first eight are specialisation constants of `colour.wgsl`, in its order.
pub(crate) const FLAG_MASKED: u32 = 1 << 6;
pub(crate) const FLAG_BLENDED: u32 = 1 << 7;
pub(crate) const FLAG_DOUBLE_SIDED: u32 = 1 << 8;
pub(crate) const FLAG_MIRRORED: u32 = 1 << 9;

/// A material with its dress. Colours compare by their bits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SurfaceKey {
    material: MaterialId,
    art: Option<ArtKey>,
    colour: Option<[u32; 4]>,
}

impl SurfaceKey {
    /// The key of a material as dressed, and the flags of the pipeline that draws it.
    pub(crate) fn of(
        library: &Library,
        material: MaterialId,
        dresses: &[Dress],
        mirrored: bool,
    ) -> (Self, u32) {
        let dress = dresses.iter().find(|d| d.material == material);
        let m = library.material(material);
        let bits = [
            m.metallic_roughness_texture.is_some(),
            m.normal_texture.is_some(),
            m.occlusion_texture.is_some(),
            m.emissive_texture.is_some(),
            m.clearcoat > 0.0,
            m.unlit,
            matches!(m.alpha, Alpha::Mask { .. }),
            m.is_transparent(),
            m.double_sided,
            mirrored,
        ];
        let flags = bits.iter().zip(0u32..).fold(0, |all, (set, bit)| all | u32::from(*set) << bit);
        let key = Self {
            material,
            art: dress.and_then(|d| d.art.clone()),
            colour: dress.and_then(|d| d.colour).map(|c| c.to_array().map(f32::to_bits)),
        };
        (key, flags)
    }
}

/// All surfaces of the current frame.
#[derive(Debug)]
pub(crate) struct Surfaces {
    pub(crate) layout: wgpu::BindGroupLayout,
    groups: BTreeMap<SurfaceKey, wgpu::BindGroup>,
}

impl Surfaces {
    pub(crate) fn new(gpu: &Gpu) -> Self {
        use Binding::{Sampler, Texture, Uniform};
        let map = Texture(wgpu::TextureViewDimension::D2);
        let slots = [Uniform, map, map, map, map, map, Sampler, Sampler, Sampler, Sampler, Sampler];
        Self {
            layout: bind_layout(gpu, "surface", wgpu::ShaderStages::VERTEX_FRAGMENT, &slots),
            groups: BTreeMap::new(),
        }
    }

    /// Makes the groups of this frame; the ones of the last are dropped, since art may have changed its size.
    pub(crate) fn prepare<'a>(
        &mut self,
        gpu: &Gpu,
        library: &Library,
        textures: &Textures,
        used: impl IntoIterator<Item = (MaterialId, &'a [Dress])>,
    ) {
        self.groups.clear();
        for (material, dresses) in used {
            let (key, _) = SurfaceKey::of(library, material, dresses, false);
            if self.groups.contains_key(&key) {
                continue;
            }
            let dress = dresses.iter().find(|d| d.material == material);
            let group = self.group_of(gpu, library, textures, material, dress);
            self.groups.insert(key, group);
        }
    }

    pub(crate) fn group(&self, key: &SurfaceKey) -> &wgpu::BindGroup {
        &self.groups[key]
    }

    fn group_of(
        &self,
        gpu: &Gpu,
        library: &Library,
        textures: &Textures,
        material: MaterialId,
        dress: Option<&Dress>,
    ) -> wgpu::BindGroup {
        let m = library.material(material);
        let maps: [Option<TextureRef>; 5] = [
            m.base_texture,
            m.metallic_roughness_texture,
            m.normal_texture.map(|(t, _)| t),
            m.occlusion_texture.map(|(t, _)| t),
            m.emissive_texture,
        ];
        let params = uniform(gpu, "surface", &params(library, material, dress, &maps));
        let (base, base_sampler) = textures.base(library, material, dress);
        let views: Vec<wgpu::TextureView> = std::iter::once(base)
            .chain((1..5).map(|slot| textures.view(maps[slot].map(|t| t.texture), slot == 2).clone()))
            .collect();
        let samplers: Vec<wgpu::Sampler> = std::iter::once(base_sampler)
            .chain(maps[1..].iter().map(|map| {
                let wrap = map.map_or([Wrap::Repeat; 2], |t| library.texture(t.texture).wrap);
                textures.sampler(wrap).clone()
            }))
            .collect();
        let resources: Vec<wgpu::BindingResource<'_>> = std::iter::once(params.as_entire_binding())
            .chain(views.iter().map(wgpu::BindingResource::TextureView))
            .chain(samplers.iter().map(wgpu::BindingResource::Sampler))
            .collect();
        bind_group(gpu, "surface", &self.layout, &resources)
    }
}

fn params(
    library: &Library,
    material: MaterialId,
    dress: Option<&Dress>,
    maps: &[Option<TextureRef>; 5],
) -> SurfaceParams {
    let m = library.material(material);
    let transform = |slot: usize| maps[slot].map_or(Affine2::IDENTITY, |t| t.transform);
    let reflectance = (m.ior - 1.0) / (m.ior + 1.0);
    let attenuation = m.attenuation.map_or(Vec3::ONE, |a| {
        // Beer and Lambert over the assumed thickness (KHR_materials_volume).
        let depth = if a.distance_m.is_finite() { a.thickness_m / a.distance_m.max(1e-6) } else { 0.0 };
        a.colour.powf(depth)
    });
    SurfaceParams {
        base_colour: dress.and_then(|d| d.colour).unwrap_or(m.base_colour),
        emissive: m.emissive,
        metallic: m.metallic,
        roughness: m.roughness,
        cutoff: if let Alpha::Mask { cutoff } = m.alpha { cutoff } else { 0.0 },
        normal_scale: m.normal_texture.map_or(1.0, |(_, scale)| scale),
        occlusion_strength: m.occlusion_texture.map_or(1.0, |(_, strength)| strength),
        clearcoat: m.clearcoat,
        clearcoat_roughness: m.clearcoat_roughness,
        transmission: m.transmission,
        f0: reflectance * reflectance,
        attenuation,
        uv_sets: maps
            .iter()
            .zip(0u32..)
            .fold(0, |all, (map, bit)| all | u32::from(map.is_some_and(|t| t.uv_set == 1)) << bit),
        uv_matrix: std::array::from_fn(|slot| {
            let t = transform(slot).matrix2;
            Vec4::new(t.x_axis.x, t.x_axis.y, t.y_axis.x, t.y_axis.y)
        }),
        uv_offset: std::array::from_fn(|slot| {
            let t = transform(slot).translation;
            Vec4::new(t.x, t.y, 0.0, 0.0)
        }),
    }
}
