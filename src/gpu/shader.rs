//! Shaders: one file a pass, shared files by `//#import name`.

use std::fmt::Write as _;

/// Every WGSL file, by name. Compiled in, so that the binary needs no folder beside it.
pub const SHADERS: &[(&str, &str)] = &[
    ("brdf", include_str!("../../shaders/brdf.wgsl")),
    ("colour", include_str!("../../shaders/colour.wgsl")),
    ("chain_blur", include_str!("../../shaders/chain_blur.wgsl")),
    ("chain_coc", include_str!("../../shaders/chain_coc.wgsl")),
    ("chain_defocus", include_str!("../../shaders/chain_defocus.wgsl")),
    ("chain_develop", include_str!("../../shaders/chain_develop.wgsl")),
    ("chain_params", include_str!("../../shaders/chain_params.wgsl")),
    ("chain_resample", include_str!("../../shaders/chain_resample.wgsl")),
    ("chain_shake", include_str!("../../shaders/chain_shake.wgsl")),
    ("chain_sharpen", include_str!("../../shaders/chain_sharpen.wgsl")),
    ("common", include_str!("../../shaders/common.wgsl")),
    ("cover_masked", include_str!("../../shaders/cover_masked.wgsl")),
    ("cover_opaque", include_str!("../../shaders/cover_opaque.wgsl")),
    ("cover_resolve", include_str!("../../shaders/cover_resolve.wgsl")),
    ("cover", include_str!("../../shaders/cover.wgsl")),
    ("flow", include_str!("../../shaders/flow.wgsl")),
    ("grid", include_str!("../../shaders/grid.wgsl")),
    ("grid_gather", include_str!("../../shaders/grid_gather.wgsl")),
    ("grid_mark", include_str!("../../shaders/grid_mark.wgsl")),
    ("hand_over", include_str!("../../shaders/hand_over.wgsl")),
    ("lens", include_str!("../../shaders/lens.wgsl")),
    ("occlusion", include_str!("../../shaders/occlusion.wgsl")),
    ("ray", include_str!("../../shaders/ray.wgsl")),
    ("rays", include_str!("../../shaders/rays.wgsl")),
    ("shadow", include_str!("../../shaders/shadow.wgsl")),
    ("smooth", include_str!("../../shaders/smooth.wgsl")),
];

/// The source of shader `name` with its imports in front, each once.
///
/// # Panics
/// When a name is not in [`SHADERS`]: a mistake in our own files, found by the shader test.
#[must_use]
pub fn source(name: &str) -> String {
    let mut done = Vec::new();
    let mut out = String::new();
    append(name, &mut done, &mut out);
    out
}

fn append(name: &str, done: &mut Vec<String>, out: &mut String) {
    if done.iter().any(|d| d == name) {
        return;
    }
    done.push(name.to_owned());
    let (_, text) = SHADERS
        .iter()
        .find(|(known, _)| *known == name)
        .unwrap_or_else(|| panic!("shader '{name}' is not in SHADERS"));
    for import in text.lines().filter_map(|line| line.strip_prefix("//#import ")) {
        append(import.trim(), done, out);
    }
    let _ = writeln!(out, "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shader_validates() {
        // `cover` alone lacks `alpha_passes`, which its two importers add.
        for (name, _) in SHADERS.iter().filter(|(name, _)| *name != "cover") {
            let text = source(name);
            let module = naga::front::wgsl::parse_str(&text)
                .unwrap_or_else(|e| panic!("{name}: {}", e.emit_to_string(&text)));
            naga::valid::Validator::new(
                naga::valid::ValidationFlags::all(),
                naga::valid::Capabilities::empty(),
            )
            .validate(&module)
            .unwrap_or_else(|e| panic!("{name}: {}", e.emit_to_string(&text)));
        }
    }

    #[test]
    fn imports_come_once_and_first() {
        let text = source("rays");
        assert_eq!(text.matches("fn lens_ray(").count(), 1, "lens is imported once");
        assert!(text.find("fn lens_ray(") < text.find("fn main("), "and before its user");
    }
}
