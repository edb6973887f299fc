//! Host structs against their WGSL twins: names, offsets and size, through `naga`, without a GPU.

/// Size of a struct of a WGSL module in bytes, and its members with their offsets.
type Twin = (usize, Vec<(String, usize)>);

/// A struct of a WGSL module.
///
/// # Errors
/// When the source is no module, or has no such struct.
fn wgsl_struct(source: &str, name: &str) -> Result<Twin, String> {
    let module = naga::front::wgsl::parse_str(source).map_err(|error| error.emit_to_string(source))?;
    let flags = naga::valid::ValidationFlags::all();
    naga::valid::Validator::new(flags, naga::valid::Capabilities::all())
        .validate(&module)
        .map_err(|error| error.emit_to_string(source))?;
    let found = module.types.iter().find(|(_, kind)| kind.name.as_deref() == Some(name));
    let Some(naga::TypeInner::Struct { members, span }) = found.map(|(_, kind)| &kind.inner) else {
        return Err(format!("no struct {name}"));
    };
    let member = |m: &naga::StructMember| (m.name.clone().unwrap_or_default(), m.offset as usize);
    Ok((*span as usize, members.iter().map(member).collect()))
}

/// Fails unless a `#[repr(C)]` struct has the size, the field names in order and the offsets of its WGSL twin:
/// `same_layout!(source, View { clip_from_world, eye })`, all fields named.
macro_rules! same_layout {
    ($source:expr, $host:ident { $($field:ident),* $(,)? }) => {{
        let (span, members) = wgsl_struct($source, stringify!($host)).unwrap();
        // Names every field, so that a new one cannot be forgotten here.
        let _ = |host: &$host| { let $host { $($field: _),* } = host; };
        let host = vec![$((stringify!($field).to_owned(), std::mem::offset_of!($host, $field))),*];
        assert_eq!(host, members, "fields of {} and their offsets, host and WGSL", stringify!($host));
        assert_eq!(std::mem::size_of::<$host>(), span, "size of {}, host and WGSL", stringify!($host));
    }};
}

/// A host struct as its source declares it.
#[derive(Debug, PartialEq)]
struct Host<'a> {
    name: &'a str,
    size: usize,
    members: Vec<(String, usize)>,
}

/// Every public struct of a layout module. All are `Pod`, which the compiler grants only to structs without
/// padding: so each field begins where the one before it ends.
fn host_structs(source: &str) -> Vec<Host<'_>> {
    let mut structs: Vec<Host<'_>> = Vec::new();
    let mut open = false;
    for line in source.lines() {
        if let Some(rest) = line.strip_prefix("pub struct ") {
            let name = rest.trim_end_matches(" {");
            structs.push(Host { name, size: 0, members: Vec::new() });
            open = true;
        } else if line == "}" {
            open = false;
        } else if open && let Some(field) = line.trim().strip_prefix("pub ") {
            let (name, kind) = field.trim_end_matches(',').split_once(": ").expect("a field has a type");
            let size = bytes(kind, &structs);
            let host = structs.last_mut().expect("opened above");
            host.members.push((name.to_owned(), host.size));
            host.size += size;
        }
    }
    structs
}

/// Size of a field's type; structs of the same file come before those that hold them.
fn bytes(kind: &str, structs: &[Host<'_>]) -> usize {
    if let Some((element, count)) = kind.strip_prefix('[').and_then(|k| k.strip_suffix(']')?.split_once("; "))
    {
        return bytes(element, structs) * count.parse::<usize>().expect("a literal length");
    }
    match kind {
        "f32" | "u32" | "i32" => 4,
        "Vec2" | "UVec2" | "IVec2" => 8,
        "Vec3" => 12,
        "Vec4" | "UVec4" | "Mat2" => 16,
        "Mat4" => 64,
        other => {
            let inner = structs.iter().find(|host| host.name == other);
            inner.unwrap_or_else(|| panic!("{other} has no agreed size in shaders; use a type that has")).size
        }
    }
}

mod tests {
    use glam::{Mat4, Vec3};

    use diorama::gpu::{self, layout::LensParams};

    use super::{Host, Twin, host_structs, wgsl_struct};

    #[repr(C)]
    struct View {
        clip_from_world: Mat4,
        eye: Vec3,
        exposure: f32,
        size: [u32; 2],
        pad: [u32; 2],
    }

    const TWIN: &str =
        "struct View { clip_from_world: mat4x4f, eye: vec3f, exposure: f32, size: vec2u, pad: vec2u }
@group(0) @binding(0) var<storage> view: View;
@compute @workgroup_size(1) fn main() { _ = view.exposure; }";

    const LAYOUT: &str = include_str!("../src/gpu/layout.rs");

    #[test]
    fn every_host_struct_has_a_twin_that_agrees() {
        let hosts = host_structs(LAYOUT);
        assert_eq!(hosts.len(), LAYOUT.matches("Pod, Zeroable)]").count(), "every struct is read");
        for Host { name, size, members } in hosts {
            // Files that only serve as imports need not be whole; that all others are is tested beside them.
            let declared = |source: &String| source.contains(&format!("struct {name} {{"));
            let sources = gpu::SHADERS.iter().map(|(file, _)| gpu::source(file)).filter(declared);
            let twins: Vec<Twin> = sources.filter_map(|source| wgsl_struct(&source, name).ok()).collect();
            assert!(!twins.is_empty(), "no shader declares a struct {name}");
            for (span, twin) in twins {
                assert_eq!(members, twin, "fields of {name} and their offsets, host and WGSL");
                assert_eq!(size, span, "size of {name}, host and WGSL");
            }
        }
        // The compiler's own offsets, once: the reading above is no more than arithmetic.
        let lens = gpu::source("lens");
        same_layout!(&lens, LensParams { k, focal_px, centre_px, p, model, limit_squared, size, pad });
    }

    #[test]
    fn host_structs_are_read_as_declared() {
        let source = "/// A lamp; twin in `lamp.wgsl`.
#[repr(C)]
pub struct Lamp {
    /// Colour.
    pub colour: Vec3,
    pub kind: u32,
    pub uv: [Vec4; 2],
}
pub struct Bare {
}
";
        let members =
            [("colour", 0), ("kind", 12), ("uv", 16)].map(|(name, at)| (name.to_owned(), at)).to_vec();
        let lamp = Host { name: "Lamp", size: 48, members };
        assert_eq!(host_structs(source), [lamp, Host { name: "Bare", size: 0, members: vec![] }], "both");
    }

    #[test]
    fn twins_agree() {
        same_layout!(TWIN, View { clip_from_world, eye, exposure, size, pad });
        assert_eq!(wgsl_struct(TWIN, "View").unwrap().0, 96, "six rows of 16 bytes");
    }

    #[test]
    #[should_panic(expected = "fields of View")]
    fn swapped_fields_are_found() {
        let swapped = TWIN.replace("eye: vec3f, exposure: f32", "exposure: f32, eye: vec3f");
        same_layout!(&swapped, View { clip_from_world, eye, exposure, size, pad });
    }

    #[test]
    #[should_panic(expected = "fields of View")]
    fn swapped_names_of_one_type_are_found() {
        let swapped = TWIN.replace("size: vec2u, pad: vec2u", "pad: vec2u, size: vec2u");
        same_layout!(&swapped, View { clip_from_world, eye, exposure, size, pad });
    }

    #[test]
    #[should_panic(expected = "size of View")]
    fn a_longer_twin_is_found() {
        let longer = TWIN.replace("pad: vec2u }", "pad: array<u32, 6> }");
        same_layout!(&longer, View { clip_from_world, eye, exposure, size, pad });
    }
}
