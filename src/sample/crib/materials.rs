//! Materials of a nursery, made by code and put into the library before anything is staged.

use std::sync::Arc;

use glam::{Affine2, Vec2, Vec4};

pub(super) use crate::sample::pictures::{hash, noise};
use crate::{
    sample::pictures::drawn,
    scene::{Alpha, Library, Material, MaterialId, Texture, TextureRef, TextureSource, Wrap},
};

/// All of them. White where an instance dresses them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Materials {
    /// Turned or planed wood: a grain that multiplies.
    pub(super) wood: MaterialId,
    /// Smooth paint or plastic.
    pub(super) smooth: MaterialId,
    /// Woven fabric, one repeat of its picture in 0.12 m.
    pub(super) fabric: MaterialId,
    /// Plush.
    pub(super) plush: MaterialId,
    /// See-through netting.
    pub(super) net: MaterialId,
    /// A painted wall.
    pub(super) wall: MaterialId,
    /// Floor boards.
    pub(super) floor: MaterialId,
    /// A pane or lamp that shines by itself.
    pub(super) glow: MaterialId,
}

impl Materials {
    /// The materials that [`furnish`] added; `first` is the name of the first of them.
    pub(super) fn find(library: &Library, first: &str) -> Option<Self> {
        let count = u32::try_from(library.material_count()).ok()?;
        // Those made here come last: names in models may be the same.
        let start = (0..count).rev().find(|&i| library.material(MaterialId(i)).name == first)?;
        let at = |offset: u32| (start + offset < count).then_some(MaterialId(start + offset));
        Some(Self {
            wood: at(0)?,
            smooth: at(1)?,
            fabric: at(2)?,
            plush: at(3)?,
            net: at(4)?,
            wall: at(5)?,
            floor: at(6)?,
            glow: at(7)?,
        })
    }
}

/// Repeats of a fabric's picture, metres.
const FABRIC_M: f32 = 0.12;

/// Adds the materials to a library, in the order of [`Materials`]' fields.
pub(super) fn furnish(library: &mut Library) -> Materials {
    let mut picture = |name: &str, srgb: bool, size: u32, at: &dyn Fn(f32, f32) -> [f32; 4]| {
        let texture = Texture {
            name: name.to_owned(),
            source: TextureSource::Pixels(Arc::new(drawn(size, at))),
            wrap: [Wrap::Repeat; 2],
            srgb,
        };
        library.add_texture(texture)
    };
    let grain = picture("wood grain", true, 256, &|u, v| {
        let rings = 0.5 + 0.5 * (40.0 * (u + 0.05 * noise(u, v, 3, 1) + 0.02 * noise(u, v, 9, 2))).sin();
        let shade = 0.86 + 0.08 * rings + 0.05 * noise(u, v * 0.2, 40, 3);
        [shade, shade * 0.985, shade * 0.96, 1.0]
    });
    let boards = picture("floor boards", true, 512, &|u, v| {
        let (board, along) = ((v * 6.0).floor(), v * 6.0 - (v * 6.0).floor());
        let tone = 0.80 + 0.13 * hash(board, (u * 2.0 + board * 0.37).floor(), 7);
        let end = ((u * 2.0 + board * 0.37).fract() - 0.5).abs();
        let joint = if along < 0.03 || end > 0.497 { 0.62 } else { 1.0 };
        let shade = tone * joint * (0.93 + 0.07 * (70.0 * (along + 0.2 * noise(u, v, 6, 5))).sin());
        [shade, shade * 0.97, shade * 0.93, 1.0]
    });
    let weave = picture("weave", false, 64, &|u, v| {
        let (a, b) = ((u * 8.0 * std::f32::consts::TAU).sin(), (v * 8.0 * std::f32::consts::TAU).sin());
        [0.5 + 0.16 * a, 0.5 + 0.16 * b, 0.97, 1.0]
    });
    let netting = picture("netting", true, 64, &|u, v| {
        let (x, y) = ((u * 4.0).fract() - 0.5, (v * 4.0).fract() - 0.5);
        let hole = x.hypot(y) < 0.34;
        [1.0, 1.0, 1.0, if hole { 0.0 } else { 1.0 }]
    });
    let repeat = |texture, metres: f32| TextureRef {
        texture,
        uv_set: 0,
        transform: Affine2::from_scale(Vec2::splat(1.0 / metres)),
    };
    let plain = |name: &str, roughness: f32| Material {
        name: name.to_owned(),
        base_colour: Vec4::ONE,
        metallic: 0.0,
        roughness,
        ..Material::default()
    };
    // Art in place of a base texture takes over that texture's transform: a white pixel gives fabrics theirs.
    let blank = picture("blank", true, 4, &|_, _| [1.0; 4]);
    let mut add = |material: Material| library.add_material(material);
    Materials {
        wood: add(Material {
            base_texture: Some(repeat(grain, 0.30)),
            clearcoat: 0.25,
            clearcoat_roughness: 0.3,
            ..plain("wood", 0.5)
        }),
        smooth: add(Material { clearcoat: 0.15, clearcoat_roughness: 0.2, ..plain("smooth", 0.42) }),
        fabric: add(Material {
            base_texture: Some(repeat(blank, FABRIC_M)),
            normal_texture: Some((repeat(weave, 0.02), 0.5)),
            double_sided: true,
            ..plain("fabric", 0.92)
        }),
        plush: add(Material { normal_texture: Some((repeat(weave, 0.006), 1.0)), ..plain("plush", 1.0) }),
        net: add(Material {
            base_texture: Some(repeat(netting, 0.02)),
            alpha: Alpha::Mask { cutoff: 0.5 },
            double_sided: true,
            ..plain("net", 0.8)
        }),
        wall: add(plain("wall", 0.9)),
        floor: add(Material {
            base_texture: Some(repeat(boards, 0.9)),
            clearcoat: 0.2,
            clearcoat_roughness: 0.35,
            ..plain("floor", 0.5)
        }),
        glow: add(Material { unlit: true, ..plain("glow", 1.0) }),
    }
}
