//! What gathers on glass and on cold walls: condensation, smears, frost. Pictures and panes made by code.

use std::sync::Arc;

use glam::{Affine2, Affine3A, Vec2, Vec3, Vec4};

use crate::{
    geometry::Aabb,
    sample::{
        parts::Part,
        pictures::{drawn, hash, noise},
        placing::{Placing, Thing},
    },
    scene::{
        Alpha, Dress, Facts, Library, Lod, Material, MaterialId, Model, ModelId, Primitive, Role, Texture,
        TextureRef, TextureSource, Vertices, Wrap,
    },
};

/// Side of a picture, pixels.
const SIZE: u32 = 256;

/// How much of a pane's light is held back at a place: u to the right, v down, 0 to 1.
type Cover = fn(f32, f32) -> f32;
const COVERS: [(Part, &str, Cover); 3] =
    [(Part::Mist, "mist", mist), (Part::Smears, "smears", smears), (Part::Frost, "frost", frost)];

fn step(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Droplets too small to tell apart, thicker towards the sill and the edges, through which larger ones have run.
fn mist(u: f32, v: f32) -> f32 {
    let side = (u - 0.5).abs() * 2.0;
    let cloud = 0.5 + 0.5 * (0.6 * noise(u, v, 5, 1) + 0.4 * noise(u, v, 17, 2));
    let thick = step((v - 0.45) / 0.5) * 0.8 + step((side - 0.6) / 0.4) * 0.35;
    let beads = (noise(u, v, 90, 3) * 0.5 + 0.5).powi(2) * 0.5 + 0.5;
    // Tracks of drops, each from a height of its own down.
    let column = (u * 34.0).floor();
    let across = (u * 34.0 - column - 0.5 + 0.25 * noise(0.1, v, 12, 4)).abs();
    let ran = hash(column, 0.0, 5) < 0.3 && v > 0.3 + 0.6 * hash(column, 1.0, 5);
    let wiped = if ran { step((0.22 - across) / 0.12) } else { 0.0 };
    (thick * (0.35 + 0.65 * cloud) * beads * (1.0 - 0.8 * wiped)).clamp(0.0, 0.9)
}

/// Where hands and cloths have been: faint arcs, and finger marks at the height of a grip.
fn smears(u: f32, v: f32) -> f32 {
    let turned = (u * 0.8 + v * 0.55, v * 0.9 - u * 0.35);
    let wiped = noise(turned.0.rem_euclid(1.0), (turned.1 * 0.25).rem_euclid(1.0), 24, 6).max(0.0)
        * (noise(u, v, 4, 7) * 0.5 + 0.5);
    let mut marks = 0.0_f32;
    for finger in 0..14_u8 {
        let n = f32::from(finger);
        let (x, y) = (0.72 + 0.24 * hash(n, 0.0, 8), 0.35 + 0.3 * hash(n, 1.0, 8));
        let d = ((u - x) / 0.014).hypot((v - y) / 0.012);
        let ridges = 0.6 + 0.4 * (d * 9.0).sin();
        marks = marks.max(step(1.3 - d) * ridges);
    }
    (0.22 * wiped + 0.3 * marks).clamp(0.0, 0.6)
}

/// Rime: thick at the rim above, growing down in tongues.
fn frost(u: f32, v: f32) -> f32 {
    let tongues = 0.5 + 0.5 * (0.5 * noise(u, v, 9, 9) + 0.5 * noise(u, v, 31, 10));
    let grain = 0.7 + 0.3 * noise(u, v, 110, 11);
    (step((0.75 * tongues + 0.35 - v) / 0.35) * grain).clamp(0.0, 0.95)
}

/// Adds the panes to a library.
pub(in crate::sample) fn furnish(library: &mut Library) {
    for (part, name, cover) in COVERS {
        let texture = library.add_texture(Texture {
            name: name.to_owned(),
            source: TextureSource::Pixels(Arc::new(drawn(SIZE, &|u, v| [1.0, 1.0, 1.0, cover(u, v)]))),
            wrap: [Wrap::Clamp; 2],
            srgb: true,
        });
        let material = library.add_material(Material {
            name: name.to_owned(),
            base_colour: Vec4::ONE,
            base_texture: Some(TextureRef { texture, uv_set: 0, transform: Affine2::IDENTITY }),
            metallic: 0.0,
            roughness: 0.9,
            alpha: Alpha::Blend,
            double_sided: true,
            ..Material::default()
        });
        library.add_model(pane(part.name(), material));
    }
}

/// A metre square that faces +Z, its origin in the middle of its lower edge.
fn pane(name: &str, material: MaterialId) -> Model {
    let corners = [(0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)];
    let positions = corners.map(|(u, v): (f32, f32)| Vec3::new(u - 0.5, 1.0 - v, 0.0));
    Model {
        name: name.to_owned(),
        bounds: Aabb::of(positions),
        primitives: vec![Primitive {
            vertices: Vertices {
                positions: positions.to_vec(),
                normals: vec![Vec3::Z; 4],
                uv0: corners.map(|(u, v)| Vec2::new(u, v)).to_vec(),
                ..Vertices::default()
            },
            lods: vec![Lod { indices: vec![0, 1, 2, 0, 2, 3], error_um: 0 }],
            material,
            skin: Vec::new(),
            morphs: Vec::new(),
        }],
        skin: None,
        morph_names: Vec::new(),
        probes: Vec::new(),
        extras: serde_json::Value::Null,
        licence: "Diorama contributors, CC0-1.0".to_owned(),
        source: "made by code".to_owned(),
    }
}

/// Puts a pane in its place; `strength` is the share of what its picture has, 0 to 1.
pub(super) fn cover(
    placing: &mut Placing,
    path: String,
    (model, material): (ModelId, MaterialId),
    world_from_pane: Affine3A,
    strength: f32,
) {
    placing.add(Thing {
        path,
        class: "fixture",
        role: Role::SeeThrough,
        model: Some(model),
        world_from_object: world_from_pane,
        dresses: vec![Dress { material, art: None, colour: Some(Vec3::ONE.extend(strength)) }],
        tint: Vec3::ONE,
        facts: Facts::new(),
    });
}
