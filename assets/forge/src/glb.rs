//! Writes an [`Asset`] as binary glTF 2.0: one scene, one node, one mesh, one primitive a material.

use std::collections::HashMap;

use glam::{DVec2, DVec3, IVec3};
use serde_json::{Map, Value, json};

use crate::asset::Asset;
use crate::material::Material;
use crate::png8;
use crate::shell::{Shell, micrometres};

const ARRAY_BUFFER: u32 = 34962;
const ELEMENT_ARRAY_BUFFER: u32 = 34963;
const FLOAT: u32 = 5126;
const UNSIGNED_SHORT: u32 = 5123;

/// Triangles of one material, as they are written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Primitive {
    pub(crate) positions: Vec<[f32; 3]>,
    pub(crate) normals: Vec<[f32; 3]>,
    pub(crate) uvs: Vec<[f32; 2]>,
    pub(crate) indices: Vec<u16>,
}

/// Millionths as `f32`: one rounding from an integer, the same everywhere.
#[expect(clippy::cast_possible_truncation, reason = "vertex data is f32")]
fn single(millionths: i32) -> f32 {
    (f64::from(millionths) / 1e6) as f32
}

/// A vertex in millionths, by which equal ones are found.
type Key = (IVec3, IVec3, [i32; 2]);

/// The triangles of one material over all shells, equal vertices shared. Without a texture, texture coordinates
/// are left out, so that they split no vertices.
pub(crate) fn primitive(shells: &[Shell], material: &Material) -> Primitive {
    let textured = material.is_textured();
    let mut out = Primitive::default();
    let mut known: HashMap<Key, u16> = HashMap::new();
    for shell in shells {
        for (face, normals) in shell.faces.iter().zip(shell.normals()) {
            if face.material != material.name {
                continue;
            }
            for (corner, normal) in face.corners.iter().zip(normals) {
                let uv = if textured { millionths(corner.uv) } else { [0; 2] };
                let key = (micrometres(corner.p), micrometres(normal), uv);
                let next = u16::try_from(known.len()).expect("a primitive has fewer than 65,536 vertices");
                let index = *known.entry(key).or_insert_with(|| {
                    out.positions.push(key.0.to_array().map(single));
                    out.normals.push(key.1.to_array().map(single));
                    out.uvs.extend(textured.then(|| key.2.map(single)));
                    next
                });
                out.indices.push(index);
            }
        }
    }
    out
}

fn millionths(uv: DVec2) -> [i32; 2] {
    micrometres(DVec3::new(uv.x, uv.y, 0.0)).truncate().to_array()
}

/// The binary chunk and what describes it.
#[derive(Default)]
struct Chunk {
    bytes: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
}

impl Chunk {
    fn view(&mut self, bytes: impl IntoIterator<Item = u8>, target: Option<u32>) -> usize {
        let offset = self.bytes.len();
        self.bytes.extend(bytes);
        let mut view = json!({ "buffer": 0, "byteOffset": offset, "byteLength": self.bytes.len() - offset });
        if let Some(target) = target {
            view["target"] = json!(target);
        }
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        self.views.push(view);
        self.views.len() - 1
    }

    fn floats<const N: usize>(&mut self, data: &[[f32; N]], bounds: bool) -> usize {
        let view = self.view(data.iter().flatten().flat_map(|f| f.to_le_bytes()), Some(ARRAY_BUFFER));
        let mut accessor = json!({ "bufferView": view, "componentType": FLOAT, "count": data.len(), "type": format!("VEC{N}") });
        if bounds {
            let fold = |f: fn(f32, f32) -> f32| -> Vec<f32> {
                (0..N).map(|i| data.iter().map(|v| v[i]).fold(data[0][i], f)).collect()
            };
            accessor["min"] = json!(fold(f32::min));
            accessor["max"] = json!(fold(f32::max));
        }
        self.accessors.push(accessor);
        self.accessors.len() - 1
    }

    fn indices(&mut self, data: &[u16]) -> usize {
        let view = self.view(data.iter().flat_map(|i| i.to_le_bytes()), Some(ELEMENT_ARRAY_BUFFER));
        self.accessors.push(
            json!({ "bufferView": view, "componentType": UNSIGNED_SHORT, "count": data.len(), "type": "SCALAR" }),
        );
        self.accessors.len() - 1
    }
}

/// The file's bytes.
pub(crate) fn write(asset: &Asset) -> Vec<u8> {
    let mut chunk = Chunk::default();
    let (mut primitives, mut materials, mut images, mut used) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (index, material) in asset.materials.iter().enumerate() {
        let p = primitive(&asset.shells, material);
        let mut attributes = json!({
            "POSITION": chunk.floats(&p.positions, true),
            "NORMAL": chunk.floats(&p.normals, false),
        });
        if material.is_textured() {
            attributes["TEXCOORD_0"] = json!(chunk.floats(&p.uvs, false));
        }
        primitives.push(
            json!({ "attributes": attributes, "indices": chunk.indices(&p.indices), "material": index }),
        );
        let texture = material.picture.as_ref().map(|picture| {
            let view = chunk.view(png8::encode(picture), None);
            images.push(json!({ "bufferView": view, "mimeType": "image/png", "name": material.name }));
            images.len() - 1
        });
        let material = material.json(texture);
        if let Some(extensions) = material.get("extensions").and_then(Value::as_object) {
            used.extend(extensions.keys().cloned());
        }
        materials.push(material);
    }
    used.sort();
    used.dedup();
    let mut root = json!({
        "accessors": chunk.accessors,
        "asset": { "version": "2.0", "generator": "diorama forge", "copyright": crate::asset::LICENCE },
        "bufferViews": chunk.views,
        "buffers": [{ "byteLength": chunk.bytes.len() }],
        "materials": materials,
        "meshes": [{ "name": asset.name, "primitives": primitives }],
        "nodes": [{ "mesh": 0, "name": asset.name }],
        "scene": 0,
        "scenes": [{ "name": asset.name, "nodes": [0], "extras": { "diorama": asset.extras } }],
    });
    if !used.is_empty() {
        root["extensionsUsed"] = json!(used);
    }
    if !images.is_empty() {
        root["textures"] =
            (0..images.len()).map(|i| json!({ "sampler": 0, "source": i })).collect::<Vec<_>>().into();
        root["samplers"] = json!([{ "magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497 }]);
        root["images"] = images.into();
    }
    let mut text = canonical(&root).to_string().into_bytes();
    text.resize(text.len().next_multiple_of(4), b' ');
    assemble(&text, &chunk.bytes)
}

/// The same value with every object's keys in order: `serde_json` keeps insertion order or sorts, depending on
/// features that other packages of a build may switch on.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            Value::Object(keys.into_iter().map(|k| (k.clone(), canonical(&map[k]))).collect::<Map<_, _>>())
        }
        Value::Array(list) => list.iter().map(canonical).collect(),
        other => other.clone(),
    }
}

/// Header and the two chunks.
fn assemble(json: &[u8], bin: &[u8]) -> Vec<u8> {
    let length = |n: usize| u32::try_from(n).expect("a model is smaller than 4 GB").to_le_bytes();
    let mut out = Vec::with_capacity(28 + json.len() + bin.len());
    out.extend(b"glTF");
    out.extend(2_u32.to_le_bytes());
    out.extend(length(28 + json.len() + bin.len()));
    for (kind, data) in [(b"JSON", json), (b"BIN\0", bin)] {
        out.extend(length(data.len()));
        out.extend(kind);
        out.extend(data);
    }
    out
}
