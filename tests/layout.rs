//! Host structs against their WGSL twins: names, offsets and size, through `naga`, without a GPU.

/// Size of a struct of a WGSL module in bytes, and its members with their offsets.
fn wgsl_struct(source: &str, name: &str) -> (usize, Vec<(String, usize)>) {
    let module = naga::front::wgsl::parse_str(source)
        .unwrap_or_else(|error| panic!("{name}: {}", error.emit_to_string(source)));
    let flags = naga::valid::ValidationFlags::all();
    naga::valid::Validator::new(flags, naga::valid::Capabilities::all())
        .validate(&module)
        .unwrap_or_else(|error| panic!("{name}: {}", error.emit_to_string(source)));
    let found = module.types.iter().find(|(_, kind)| kind.name.as_deref() == Some(name));
    let Some(naga::TypeInner::Struct { members, span }) = found.map(|(_, kind)| &kind.inner) else {
        panic!("the shader has no struct {name}");
    };
    let member = |m: &naga::StructMember| (m.name.clone().unwrap_or_default(), m.offset as usize);
    (*span as usize, members.iter().map(member).collect())
}

/// Fails unless a `#[repr(C)]` struct has the size, the field names in order and the offsets of its WGSL twin:
/// `same_layout!(source, View { clip_from_world, eye })`, all fields named.
macro_rules! same_layout {
    ($source:expr, $host:ident { $($field:ident),* $(,)? }) => {{
        let (span, members) = wgsl_struct($source, stringify!($host));
        // Names every field, so that a new one cannot be forgotten here.
        let _ = |host: &$host| { let $host { $($field: _),* } = host; };
        let host = vec![$((stringify!($field).to_owned(), std::mem::offset_of!($host, $field))),*];
        assert_eq!(host, members, "fields of {} and their offsets, host and WGSL", stringify!($host));
        assert_eq!(std::mem::size_of::<$host>(), span, "size of {}, host and WGSL", stringify!($host));
    }};
}

/// Names of the structs of a layout module's source, to see that each was held against its twin.
fn host_structs(source: &str) -> Vec<&str> {
    let after = source.lines().filter_map(|line| line.strip_prefix("pub struct "));
    after.filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next()).collect()
}

mod tests {
    use glam::{Mat4, Vec3};

    use super::{host_structs, wgsl_struct};

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

    #[test]
    fn twins_agree() {
        same_layout!(TWIN, View { clip_from_world, eye, exposure, size, pad });
        assert_eq!(wgsl_struct(TWIN, "View").0, 96, "six rows of 16 bytes");
        assert_eq!(
            host_structs("/// A\npub struct View {\n}\npub struct Lamp<T>(T);"),
            ["View", "Lamp"],
            "by name"
        );
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
