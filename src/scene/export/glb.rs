//! A growing glTF document with its one binary buffer.

use serde_json::{Value, json};

use super::ExportError;

/// Lists of a glTF document, by the number of each entry.
#[derive(Debug, Default)]
pub(super) struct Document {
    binary: Vec<u8>,
    views: Vec<Value>,
    pub accessors: Vec<Value>,
    pub images: Vec<Value>,
    pub textures: Vec<Value>,
    pub samplers: Vec<Value>,
    pub materials: Vec<Value>,
    pub meshes: Vec<Value>,
    pub nodes: Vec<Value>,
    pub lights: Vec<Value>,
}

/// Appends and says at which number.
pub(super) fn push(list: &mut Vec<Value>, value: Value) -> usize {
    list.push(value);
    list.len() - 1
}

impl Document {
    pub(super) fn view(&mut self, bytes: &[u8], target: Option<u32>) -> usize {
        self.binary.resize(self.binary.len().next_multiple_of(4), 0);
        let mut view = json!({ "buffer": 0, "byteOffset": self.binary.len(), "byteLength": bytes.len() });
        if let Some(target) = target {
            view["target"] = target.into();
        }
        self.binary.extend_from_slice(bytes);
        push(&mut self.views, view)
    }

    /// An accessor of floats; `N` is 2, 3 or 4.
    pub(super) fn floats<const N: usize>(&mut self, list: &[[f32; N]], bounds: bool) -> usize {
        let bytes: Vec<u8> = list.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
        let view = self.view(&bytes, Some(34_962));
        let mut accessor = json!({
            "bufferView": view,
            "componentType": 5126,
            "count": list.len(),
            "type": format!("VEC{N}"),
        });
        if bounds {
            let fold = |pick: fn(f32, f32) -> f32| {
                (0..N).map(|c| list.iter().map(|v| v[c]).reduce(pick).unwrap_or(0.0)).collect::<Vec<_>>()
            };
            accessor["min"] = json!(fold(f32::min));
            accessor["max"] = json!(fold(f32::max));
        }
        push(&mut self.accessors, accessor)
    }

    pub(super) fn indices(&mut self, list: &[u32]) -> usize {
        let bytes: Vec<u8> = list.iter().flat_map(|value| value.to_le_bytes()).collect();
        let view = self.view(&bytes, Some(34_963));
        let accessor =
            json!({ "bufferView": view, "componentType": 5125, "count": list.len(), "type": "SCALAR" });
        push(&mut self.accessors, accessor)
    }

    /// The whole as .glb bytes; `root` carries asset, scenes and extensions.
    pub(super) fn finish(mut self, mut root: Value) -> Result<Vec<u8>, ExportError> {
        self.binary.resize(self.binary.len().next_multiple_of(4), 0);
        if !self.binary.is_empty() {
            root["buffers"] = json!([{ "byteLength": self.binary.len() }]);
        }
        let lists = [
            ("bufferViews", self.views),
            ("accessors", self.accessors),
            ("images", self.images),
            ("textures", self.textures),
            ("samplers", self.samplers),
            ("materials", self.materials),
            ("meshes", self.meshes),
            ("nodes", self.nodes),
        ];
        // Empty lists are not allowed in glTF.
        for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            root[name] = Value::Array(list);
        }
        if !self.lights.is_empty() {
            root["extensions"] = json!({ "KHR_lights_punctual": { "lights": self.lights } });
        }
        let mut text = root.to_string().into_bytes();
        text.resize(text.len().next_multiple_of(4), b' ');
        let chunks = if self.binary.is_empty() { 0 } else { 8 + self.binary.len() };
        let size = |bytes: usize| u32::try_from(bytes).map_err(|_| ExportError::TooLarge { bytes });
        let mut out = Vec::with_capacity(20 + text.len() + chunks);
        out.extend(b"glTF");
        out.extend(2_u32.to_le_bytes());
        out.extend(size(20 + text.len() + chunks)?.to_le_bytes());
        out.extend(size(text.len())?.to_le_bytes());
        out.extend(b"JSON");
        out.extend(text);
        if chunks > 0 {
            out.extend(size(self.binary.len())?.to_le_bytes());
            out.extend(b"BIN\0");
            out.extend(self.binary);
        }
        Ok(out)
    }
}
