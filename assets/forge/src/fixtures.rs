//! Parts of a shop: boards, rails, posts, panels and the room round them. Metres.

use glam::{DVec2, DVec3};

use crate::asset::{Asset, fixture};
use crate::material::Material;
use crate::shell::Shell;
use crate::solid::{block, extrude, sheet};
use crate::texture;

/// All of them.
pub(crate) fn all() -> Vec<Asset> {
    vec![
        shelf_board(),
        price_tag(),
        upright(),
        back_panel(),
        base_kick(),
        side_panel(),
        floor_tile(),
        ceiling(),
        wall(),
    ]
}

/// Powder-coated steel.
pub(crate) fn steel(name: &'static str) -> Material {
    Material::new(name, [0.80, 0.80, 0.785], 0.42)
}

/// Origin at the middle of the front top edge; the front edge is folded over a small radius.
fn shelf_board() -> Asset {
    let r = 0.003;
    let outline = [
        (0.0, -0.03 + r),
        (0.0, -r),
        (-0.29 * r, -0.29 * r),
        (-r, 0.0),
        (-1.0, 0.0),
        (-1.0, -0.03),
        (-r, -0.03),
        (-0.29 * r, -0.03 + 0.29 * r),
    ];
    let outline = outline.map(|(z, y)| DVec2::new(z, y));
    fixture("shelf_board", vec![extrude(&outline, -0.5, 0.5, "board", 50.0)], vec![steel("board")])
}

fn price_tag() -> Asset {
    let half = DVec3::new(0.035, 0.019, 0.0005);
    let card = Material::new("tag_back", [0.92, 0.92, 0.9], 0.6);
    fixture(
        "price_tag",
        vec![block(-half, half, "tag", "tag_back")],
        vec![Material::art("tag", 0.45).coat(0.3, 0.25), card],
    )
}

/// Scales the texture coordinates that a [`block`] gave in metres to repeats of a picture.
pub(crate) fn tiled(mut shell: Shell, material: &str, metres: DVec2) -> Shell {
    for corner in shell.faces.iter_mut().filter(|f| f.material == material).flat_map(|f| &mut f.corners) {
        corner.uv /= metres;
    }
    shell
}

fn upright() -> Asset {
    let post = block(DVec3::new(-0.02, 0.0, -0.03), DVec3::new(0.02, 1.0, 0.03), "slots", "post");
    // Slots every 50 mm, so 20 of them over the unit square of the front.
    let post = tiled(post, "slots", DVec2::new(1.0, 0.05));
    let slots = Material::art("slots", 0.42).picture(texture::slotted());
    fixture("upright", vec![post], vec![slots, steel("post")])
}

fn back_panel() -> Asset {
    let panel = block(DVec3::new(-0.5, 0.0, -0.01), DVec3::new(0.5, 1.0, 0.0), "perforated", "panel");
    let panel = tiled(panel, "perforated", DVec2::splat(0.1));
    let front = Material::art("perforated", 0.45).picture(texture::perforated());
    fixture("back_panel", vec![panel], vec![front, steel("panel")])
}

fn base_kick() -> Asset {
    let kick = block(DVec3::new(-0.5, 0.0, -1.0), DVec3::new(0.5, 0.1, 0.0), "kick", "kick");
    fixture("base_kick", vec![kick], vec![Material::new("kick", [0.09, 0.09, 0.095], 0.5)])
}

fn side_panel() -> Asset {
    let panel = block(DVec3::new(-0.01, 0.0, -1.0), DVec3::new(0.01, 1.0, 0.0), "panel", "panel");
    fixture("side_panel", vec![panel], vec![steel("panel")])
}

fn floor_tile() -> Asset {
    let floor =
        sheet(DVec3::new(-5.0, 0.0, -5.0), DVec3::X * 10.0, DVec3::Z * 10.0, DVec2::splat(8.0), "floor");
    let vinyl = Material::art("floor", 0.32).coat(0.4, 0.2).picture(texture::vinyl_floor());
    fixture("floor_tile", vec![floor], vec![vinyl])
}

fn ceiling() -> Asset {
    let tiles =
        sheet(DVec3::new(-5.0, 0.0, 5.0), DVec3::X * 10.0, DVec3::NEG_Z * 10.0, DVec2::splat(8.0), "tiles");
    fixture("ceiling", vec![tiles], vec![Material::art("tiles", 0.9).picture(texture::ceiling_tiles())])
}

fn wall() -> Asset {
    let plaster = sheet(DVec3::new(-0.5, 1.0, 0.0), DVec3::X, DVec3::NEG_Y, DVec2::ONE, "plaster");
    fixture("wall", vec![plaster], vec![Material::art("plaster", 0.85).picture(texture::plaster())])
}
