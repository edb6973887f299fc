//! What an asset holds, as data for `inspect`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Alpha, Library, Material, Model, TextureId, TextureSource, lod};

/// What `model` holds: primitives, triangles and errors (micrometres) of each level of detail, vertices, materials,
/// textures with their sizes, bounds in metres, joints, morph targets, probes, extras, licence and source.
#[must_use]
pub fn describe(model: &Model, library: &Library) -> Value {
    let primitives: Vec<Value> = model
        .primitives
        .iter()
        .map(|p| {
            let v = &p.vertices;
            let has = [
                ("tangents", !v.tangents.is_empty()),
                ("uv0", !v.uv0.is_empty()),
                ("uv1", !v.uv1.is_empty()),
                ("colours", !v.colours.is_empty()),
                ("skin", !p.skin.is_empty()),
            ];
            json!({
                "material": library.material(p.material).name,
                "vertices": v.positions.len(),
                "levels": p.lods.iter().map(|l| json!({
                    "triangles": l.indices.len() / 3,
                    "error_um": l.error_um,
                })).collect::<Vec<_>>(),
                "attributes": has.iter().filter(|h| h.1).map(|h| h.0).collect::<Vec<_>>(),
            })
        })
        .collect();
    let materials: BTreeSet<_> = model.primitives.iter().map(|p| p.material).collect();
    let textures: BTreeSet<_> = materials.iter().flat_map(|&m| textures_of(library.material(m))).collect();
    let [min, max] = [model.bounds.min, model.bounds.max].map(|p| p.to_array());
    json!({
        "name": model.name,
        "source": model.source,
        "licence": model.licence,
        "vertices": model.primitives.iter().map(|p| p.vertices.positions.len()).sum::<usize>(),
        "triangles": lod::triangle_counts(model),
        "bounds_m": { "min": min, "max": max, "size": model.bounds.size().to_array() },
        "primitives": primitives,
        "materials": materials.iter().map(|&m| material(library.material(m), library)).collect::<Vec<_>>(),
        "textures": textures.iter().map(|&t| texture(t, library)).collect::<Vec<_>>(),
        "joints": model.skin.iter().flat_map(|s| &s.joints).map(|j| j.name.as_str()).collect::<Vec<_>>(),
        "morphs": model.morph_names,
        "probes": model.probes.iter().map(|p| json!({ "name": p.name, "points": p.points.len() })).collect::<Vec<_>>(),
        "extras": model.extras,
    })
}

/// Every texture that a material refers to.
pub(super) fn textures_of(m: &Material) -> impl Iterator<Item = TextureId> {
    let refs = [
        m.base_texture,
        m.metallic_roughness_texture,
        m.normal_texture.map(|t| t.0),
        m.occlusion_texture.map(|t| t.0),
        m.emissive_texture,
    ];
    refs.into_iter().flatten().map(|t| t.texture)
}

fn material(m: &Material, library: &Library) -> Value {
    let alpha = match m.alpha {
        Alpha::Opaque => "opaque",
        Alpha::Mask { .. } => "mask",
        Alpha::Blend => "blend",
    };
    json!({
        "name": m.name,
        "base_colour": m.base_colour.to_array(),
        "metallic": m.metallic,
        "roughness": m.roughness,
        "alpha": alpha,
        "double_sided": m.double_sided,
        "unlit": m.unlit,
        "transmission": m.transmission,
        "clearcoat": m.clearcoat,
        "textures": textures_of(m).map(|t| library.texture(t).name.as_str()).collect::<Vec<_>>(),
    })
}

fn texture(id: TextureId, library: &Library) -> Value {
    let texture = library.texture(id);
    match &texture.source {
        TextureSource::Pixels(p) => {
            json!({ "name": texture.name, "width": p.width, "height": p.height, "srgb": texture.srgb })
        }
        TextureSource::Art(key) => {
            json!({ "name": texture.name, "art": { "sku": key.sku, "slot": key.slot } })
        }
    }
}
