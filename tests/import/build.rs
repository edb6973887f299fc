//! Small glTF files, made in code.

use std::{path::Path, sync::Arc};

use diorama::scene::{ImportError, ImportOptions, Library, Model, import};
use serde_json::{Value, json};

pub(super) const FLOAT: u32 = 5126;
pub(super) const U16: u32 = 5123;

#[derive(Clone, Debug)]
pub(super) struct Asset {
    pub json: Value,
    pub bin: Vec<u8>,
}

impl Asset {
    pub(super) fn new() -> Self {
        let json = json!({
            "asset": { "version": "2.0", "copyright": "Nobody, CC0-1.0" },
            "buffers": [], "bufferViews": [], "accessors": [], "meshes": [], "nodes": [], "scene": 0,
            "scenes": [{ "nodes": [] }],
        });
        Self { json, bin: Vec::new() }
    }

    pub(super) fn push(&mut self, list: &str, value: Value) -> usize {
        if self.json.get(list).is_none() {
            self.json[list] = json!([]);
        }
        let list = self.json[list].as_array_mut().unwrap();
        list.push(value);
        list.len() - 1
    }

    pub(super) fn view(&mut self, bytes: &[u8]) -> usize {
        self.bin.resize(self.bin.len().next_multiple_of(4), 0);
        let view = json!({ "buffer": 0, "byteOffset": self.bin.len(), "byteLength": bytes.len() });
        self.bin.extend_from_slice(bytes);
        self.push("bufferViews", view)
    }

    pub(super) fn accessor(&mut self, bytes: &[u8], component: u32, shape: &str, count: usize) -> usize {
        let view = self.view(bytes);
        let accessor =
            json!({ "bufferView": view, "componentType": component, "type": shape, "count": count });
        self.push("accessors", accessor)
    }

    pub(super) fn floats<const N: usize>(&mut self, list: &[[f32; N]]) -> usize {
        let bytes: Vec<u8> = list.iter().flatten().flat_map(|v| v.to_le_bytes()).collect();
        let shape = ["SCALAR", "SCALAR", "VEC2", "VEC3", "VEC4"].get(N).copied().unwrap_or("MAT4");
        self.accessor(&bytes, FLOAT, shape, list.len())
    }

    pub(super) fn indices(&mut self, list: &[u16]) -> usize {
        let bytes: Vec<u8> = list.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.accessor(&bytes, U16, "SCALAR", list.len())
    }

    /// A mesh of one primitive and a root node that shows it; gives the node.
    pub(super) fn show(&mut self, primitive: Value) -> usize {
        let mesh = self.push("meshes", json!({ "primitives": [primitive] }));
        let node = self.push("nodes", json!({ "mesh": mesh }));
        self.json["scenes"][0]["nodes"].as_array_mut().unwrap().push(node.into());
        node
    }

    pub(super) fn glb(&self) -> Vec<u8> {
        let mut json = self.json.clone();
        if json["buffers"] == json!([]) {
            json["buffers"] = json!([{ "byteLength": self.bin.len() }]);
        }
        let mut text = json.to_string().into_bytes();
        text.resize(text.len().next_multiple_of(4), b' ');
        let mut bin = self.bin.clone();
        bin.resize(bin.len().next_multiple_of(4), 0);
        let mut out = b"glTF\x02\0\0\0".to_vec();
        out.extend((28 + text.len() as u32 + bin.len() as u32).to_le_bytes());
        out.extend((text.len() as u32).to_le_bytes());
        out.extend(b"JSON");
        out.extend(text);
        out.extend((bin.len() as u32).to_le_bytes());
        out.extend(b"BIN\0");
        out.extend(bin);
        out
    }

    pub(super) fn import(&self) -> Result<(Arc<Model>, Library), ImportError> {
        import_bytes("asset.glb", &self.glb())
    }

    pub(super) fn model(&self) -> Arc<Model> {
        self.import().unwrap_or_else(|error| panic!("{error}")).0
    }

    /// The message of an import that must fail and must leave the library alone.
    pub(super) fn error(&self) -> String {
        error_of("asset.glb", &self.glb())
    }
}

pub(super) fn import_bytes(name: &str, bytes: &[u8]) -> Result<(Arc<Model>, Library), ImportError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    import_path(&path)
}

pub(super) fn import_path(path: &Path) -> Result<(Arc<Model>, Library), ImportError> {
    let mut library = Library::default();
    let result = import(path, &mut library, &ImportOptions::default());
    if result.is_err() {
        let left = (library.model_count(), library.material_count(), library.texture_count());
        assert_eq!(left, (0, 0, 0), "a failed import leaves the library alone");
    }
    result.map(|id| (library.model(id).clone(), library))
}

pub(super) fn error_of(name: &str, bytes: &[u8]) -> String {
    let text = import_bytes(name, bytes).expect_err("this file is broken").to_string();
    assert!(text.contains(name), "the message names the file: {text}");
    text
}

pub(super) const CORNERS: [[f32; 3]; 3] = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
pub(super) const UP: [[f32; 3]; 3] = [[0.0, 0.0, 1.0]; 3];

/// One triangle in the plane z = 0, seen from +Z.
pub(super) fn triangle() -> Asset {
    let mut asset = Asset::new();
    let position = asset.floats(&CORNERS);
    let normal = asset.floats(&UP);
    let indices = asset.indices(&[0, 1, 2]);
    asset.show(json!({ "attributes": { "POSITION": position, "NORMAL": normal }, "indices": indices }));
    asset
}

/// Corners of all triangles of the finest level, in order.
pub(super) fn corners(model: &Model) -> Vec<[glam::Vec3; 3]> {
    let of = |p: &diorama::scene::Primitive| {
        let at = |i: u32| p.vertices.positions[i as usize];
        p.lods[0].indices.chunks_exact(3).map(|t| [at(t[0]), at(t[1]), at(t[2])]).collect::<Vec<_>>()
    };
    model.primitives.iter().flat_map(of).collect()
}

pub(super) fn face_normal(t: [glam::Vec3; 3]) -> glam::Vec3 {
    (t[1] - t[0]).cross(t[2] - t[0]).normalize()
}
