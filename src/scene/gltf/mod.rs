//! glTF 2.0, as users bring it: `.gltf` and `.glb`, flattened into a [`Model`] in its object frame.
//!
//! What is read: node hierarchies (their transforms are applied; a mirroring one turns triangles round), skins and
//! morph targets (kept as data), every accessor type with sparse patches and normalised integers, two sets of
//! texture coordinates, vertex colours, triangle lists, strips and fans, embedded, base64 and external buffers and
//! pictures (PNG, JPEG, WebP), and the extensions listed in `KNOWN`. Points and lines have no surface and are
//! skipped with a warning. Animations, cameras and lights of a file are ignored.
//!
//! At rest a model looks as its file does, morph weights included, with one exception: a skinned mesh is shown in
//! its bind pose, placed where the default pose puts the skin's first joint. For nearly every file the two agree.
//!
//! A file may only refer to files in its own folder and below. Everything is measured before it is allocated.
//! Until an import has succeeded, the library is unchanged.

mod accessor;
mod container;
mod error;
mod geometry;
mod json;
mod nodes;
mod picture;
mod shading;
mod skeleton;
mod surface;

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use serde_json::Value;

pub use error::{ImportError, ImportFault};
use error::{Sound, get, invalid};
use geometry::Source;

use super::{FormSpec, Library, Lod, Model, ModelId, Morph, Primitive, ProbeGroup, lod};
use crate::geometry::Aabb;

/// Limits of one import, all checked before memory is allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// Bytes in all: files read, vertices, decoded pictures.
    pub max_bytes: u64,
    /// Vertices in all, a mesh counted as often as nodes show it.
    pub max_vertices: u64,
    /// Indices in all, likewise.
    pub max_indices: u64,
    /// Longest side of a picture, pixels.
    pub max_image_side: u32,
    /// Whether a file without a licence line is an error; otherwise it is recorded as `unstated`.
    pub require_licence: bool,
    /// Whether coarser levels of detail are made.
    pub levels_of_detail: bool,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            max_bytes: 2 << 30,
            max_vertices: 8_000_000,
            max_indices: 24_000_000,
            max_image_side: 16_384,
            require_licence: false,
            levels_of_detail: true,
        }
    }
}

/// Extensions that a file may require. Those marked as looks only are left out with a warning.
const KNOWN: &[(&str, bool)] = &[
    ("KHR_texture_transform", true),
    ("KHR_mesh_quantization", true),
    ("KHR_materials_unlit", true),
    ("KHR_materials_emissive_strength", true),
    ("KHR_materials_clearcoat", true),
    ("KHR_materials_transmission", true),
    ("KHR_materials_volume", true),
    ("KHR_materials_ior", true),
    ("EXT_texture_webp", true),
    ("KHR_materials_specular", false),
    ("KHR_materials_sheen", false),
    ("KHR_materials_iridescence", false),
    ("KHR_materials_anisotropy", false),
    ("KHR_materials_dispersion", false),
    ("KHR_materials_variants", false),
    ("KHR_lights_punctual", false),
    ("KHR_xmp_json_ld", false),
];

/// Imports one `.gltf` or `.glb` file; the model is named after the file's stem.
///
/// # Errors
/// When the file cannot be read, is broken, hostile or above a limit, or needs what is not supported. The library is
/// then unchanged.
pub fn import(path: &Path, library: &mut Library, options: &ImportOptions) -> Result<ModelId, ImportError> {
    load(path, library, options).map_err(|fault| fault.of(path))
}

/// Imports every `.glb` and `.gltf` file of a folder (not of its subfolders), sorted by file name.
///
/// # Errors
/// When the folder cannot be listed, or with the first file that cannot be imported; files before it stay.
pub fn load_folder(dir: &Path, library: &mut Library) -> Result<Vec<ModelId>, ImportError> {
    let list = || -> std::io::Result<Vec<PathBuf>> {
        let mut paths =
            std::fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
        paths.retain(|path| {
            let kind = path.extension().and_then(OsStr::to_str).unwrap_or_default();
            kind.eq_ignore_ascii_case("glb") || kind.eq_ignore_ascii_case("gltf")
        });
        paths.sort();
        Ok(paths)
    };
    let paths = list().map_err(|source| ImportFault::Io { what: "the folder".to_owned(), source }.of(dir))?;
    paths.iter().map(|path| import(path, library, &ImportOptions::default())).collect()
}

fn load(path: &Path, library: &mut Library, options: &ImportOptions) -> Sound<ModelId> {
    let mut budget = container::Budget::new(options.max_bytes);
    let bytes = container::read_file(path, "the file", &mut budget)?;
    let (text, binary) = container::split(&bytes)?;
    let root = json::parse(text)?;
    check_promises(&root)?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let buffers = container::Buffers::load(&root, binary, folder, &mut budget)?;
    let tree = nodes::Tree::walk(&root)?;
    let mut surfaces = surface::Surfaces::new(&root, &buffers, folder, options, library);
    let mut skeleton = skeleton::Skeleton::default();
    let mut source = Source {
        root: &root,
        buffers: &buffers,
        vertices_left: options.max_vertices,
        indices_left: options.max_indices,
    };
    let mut primitives: Vec<Primitive> = Vec::new();
    let mut origins = Vec::new();
    let mut morph_names: Vec<String> = Vec::new();
    for &index in &tree.order {
        let node = &root.nodes[index];
        let Some(mesh_index) = node.mesh else { continue };
        let mesh = get(&root.meshes, mesh_index, "mesh", &format!("nodes[{index}].mesh"))?;
        let place = match node.skin {
            Some(skin) => skeleton.place(&root, &buffers, &tree, skin, &format!("nodes[{index}].skin"))?,
            None => tree.object_from_node[index].unwrap_or_default(),
        };
        let weights = if node.weights.is_empty() { &mesh.weights } else { &node.weights };
        for (p, written) in mesh.primitives.iter().enumerate() {
            let at = format!("meshes[{mesh_index}].primitives[{p}]");
            if written.mode.unwrap_or(4) < 4 {
                tracing::warn!(at, "points and lines have no surface: skipped");
                continue;
            }
            let (material, usage) =
                surfaces.material(written.material, &mut budget, &format!("{at}.material"))?;
            let shape = source.shape(written, node.skin.is_some(), weights, usage, &at, &mut budget)?;
            let Some(mut shape) = shape else { continue };
            shape.transform(&place, &at)?;
            let mut morphs = Vec::new();
            for (t, morph) in shape.morphs.into_iter().enumerate() {
                let name = morph_name(mesh, mesh_index, t);
                let slot = morph_names.iter().position(|n| *n == name).unwrap_or_else(|| {
                    morph_names.push(name);
                    morph_names.len() - 1
                });
                morphs.resize(morphs.len().max(slot + 1), Morph::default());
                morphs[slot] = morph;
            }
            origins.push((node.skin, at));
            primitives.push(Primitive {
                vertices: shape.vertices,
                lods: vec![Lod { indices: shape.indices, error_um: 0 }],
                material,
                skin: shape.skin,
                morphs,
            });
        }
    }
    if primitives.is_empty() {
        return invalid("scene", "it shows no triangles");
    }
    let skin = match skeleton.finish(&root, &tree)? {
        None => None,
        Some((skin, remap)) => {
            for (primitive, (skin, at)) in primitives.iter_mut().zip(&origins) {
                if let Some(skin) = skin {
                    skeleton::renumber(&mut primitive.skin, *skin, &remap, at)?;
                }
            }
            Some(skin)
        }
    };
    for primitive in &mut primitives {
        primitive.morphs.resize(morph_names.len(), Morph::default());
        lod::compact(primitive);
    }
    if options.levels_of_detail {
        lod::build(&mut primitives);
    }
    let extras = extras(&root, &tree);
    let probes = probes(&extras)?;
    let model = Model {
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        bounds: Aabb::of(primitives.iter().flat_map(|p| p.vertices.positions.iter().copied())),
        primitives,
        skin,
        morph_names,
        probes,
        extras,
        licence: container::licence(&root, path, options)?,
        source: path.to_string_lossy().into_owned(),
    };
    // Ids were given out in this order; only now is the library touched.
    let surface::Surfaces { materials, textures, .. } = surfaces;
    for texture in textures {
        library.add_texture(texture);
    }
    for material in materials {
        library.add_material(material);
    }
    Ok(library.add_model(model))
}

/// Version and required extensions: what can be known before anything else is read.
fn check_promises(root: &json::Root) -> Sound<()> {
    let version = root.asset.min_version.as_ref().unwrap_or(&root.asset.version);
    if !(version == "2.0" || root.asset.min_version.is_none() && version.starts_with("2.")) {
        return invalid("asset.version", format!("'{version}', expected 2.0"));
    }
    let mut missing = Vec::new();
    for name in &root.extensions_required {
        match KNOWN.iter().find(|(known, _)| known == name) {
            Some((_, true)) => {}
            Some((_, false)) => tracing::warn!(extension = name, "its looks are left out"),
            None => missing.push(name.chars().take(80).collect::<String>()),
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(ImportFault::Unsupported {
        at: "extensionsRequired".to_owned(),
        what: missing.join(", "),
        instead: "export the asset without it (uncompressed meshes; PNG, JPEG or WebP pictures)".to_owned(),
    })
}

/// Targets of one name are one target of the model, even across meshes (a face and its lashes).
fn morph_name(mesh: &json::Mesh, index: usize, target: usize) -> String {
    let named = mesh.extras.get("targetNames").and_then(|names| names.get(target)).and_then(Value::as_str);
    match named {
        Some(name) => name.to_owned(),
        None if mesh.name.is_empty() => format!("mesh{index}.{target}"),
        None => format!("{}.{target}", mesh.name),
    }
}

/// Extras of the default scene, else of its only root node.
fn extras(root: &json::Root, tree: &nodes::Tree) -> Value {
    let scene = root.scenes.get(root.scene.unwrap_or(0)).map(|s| &s.extras).filter(|e| !e.is_null());
    let node = match tree.roots[..] {
        [only] => root.nodes.get(only).map(|n| &n.extras),
        _ => None,
    };
    scene.or(node).cloned().unwrap_or(Value::Null)
}

fn probes(extras: &Value) -> Sound<Vec<ProbeGroup>> {
    let Some(form) = FormSpec::from_extras(extras)? else { return Ok(Vec::new()) };
    if form.front_points.iter().any(|p| !p.is_finite()) {
        return invalid("extras.diorama.front_points", "expected finite points");
    }
    Ok(vec![ProbeGroup { name: "front".to_owned(), points: form.front_points, tolerance_m: 0.01 }])
}
