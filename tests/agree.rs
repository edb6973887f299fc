//! The engine's ids, depths and amodal masks against the independent reference, pixel by pixel.

use diorama::{
    geometry::{Lens, Size},
    gpu::Gpu,
    render::{Frame, Pictures, Renderer, Tile},
    scene::{Library, Scene},
};

use crate::reference::{Kit, LENSES, bars, cast, compare, compare_mask, heap};

const SIZE: Size = Size { width: 96, height: 72 };
/// Heaps seen through each lens.
const HEAPS: u64 = 6;

fn rendered(renderer: &mut Renderer, scene: &Scene, library: &Library) -> (Frame, Pictures) {
    let frame = renderer.render(scene, library).expect("it fits any device");
    let pictures = frame.download(renderer.gpu(), false).wait(renderer.gpu()).expect("the device is there");
    (frame, pictures)
}

/// An instance's amodal mask inside the frame, row-major.
fn amodal(pictures: &Pictures, tile: &Tile) -> Vec<bool> {
    let bit = |x: i32, y: i32| {
        let inside = x >= tile.min[0] && x < tile.max[0] && y >= tile.min[1] && y < tile.max[1];
        inside && {
            let (column, row) = ((x - tile.min[0]) as u32, (y - tile.min[1]) as u32);
            let word = tile.offset + row * tile.stride + column / 32;
            pictures.tiles[word as usize] >> (column % 32) & 1 == 1
        }
    };
    let rows = 0..SIZE.height as i32;
    rows.flat_map(|y| (0..SIZE.width as i32).map(move |x| (x, y))).map(|(x, y)| bit(x, y)).collect()
}

#[test]
fn every_pixel_of_solid_things_agrees() {
    let mut kit = Kit::new();
    kit.shapes.retain(|shape| *shape != "flag");
    agrees(&kit, heap, 10);
}

#[test]
fn every_pixel_of_long_bars_agrees() {
    agrees(&Kit::new(), bars, 20);
}

#[test]
fn every_pixel_of_cut_outs_agrees() {
    let mut kit = Kit::new();
    kit.shapes.retain(|shape| ["flag", "box"].contains(shape));
    agrees(&kit, heap, 20);
}

/// Makes a scene from a kit, a seed, a lens with its field of view, and a size.
type Stage = fn(&Kit, u64, (Lens, f64), Size) -> Scene;

/// Heaps of this kit's shapes through every lens, at least one pixel in `least` showing something.
fn agrees(kit: &Kit, stage: Stage, least: usize) {
    let gpu = Gpu::open(None).expect("an adapter; `cargo xtask test` installs a software one");
    let mut renderer = Renderer::new(&gpu);
    let (mut compared, mut shown, mut ambiguous, mut worst, mut masks) = (0, 0, 0, 0.0f64, 0);
    let mut faults = Vec::new();
    for (number, lens) in LENSES.into_iter().enumerate() {
        for seed in 0..HEAPS {
            let scene = stage(kit, 100 * number as u64 + seed, lens, SIZE);
            let (frame, pictures) = rendered(&mut renderer, &scene, &kit.library);
            let picture = cast(&scene, &kit.library, &|i, p| frame.lods[i].get(p).copied().unwrap_or(0));
            match compare(&picture, &pictures.ids, &pictures.depth) {
                Ok(summary) => {
                    compared += summary.compared;
                    shown += summary.shown;
                    ambiguous += summary.ambiguous;
                    worst = worst.max(summary.worst_depth);
                }
                Err(mismatch) => faults.push(format!("lens {number}, heap {seed}: {mismatch}")),
            }
            for tile in &pictures.layout {
                let id = tile.instance as u32 + 1;
                let alone = picture.of(id).expect("what has a tile is drawn");
                match compare_mask(&picture, alone, &amodal(&pictures, tile)) {
                    Ok(summary) => masks += summary.shown,
                    Err(mismatch) => {
                        let thing = &scene.instances[tile.instance];
                        let shape = &kit.library.model(thing.model.expect("drawn")).name;
                        let turns = thing.world_from_object.matrix3.determinant();
                        faults
                            .push(format!("lens {number}, heap {seed}, {shape} ({turns:+.1e}): {mismatch}"));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    let pixels = LENSES.len() * HEAPS as usize * SIZE.pixels();
    assert_eq!(compared + ambiguous, pixels, "every pixel is accounted for");
    assert!(shown * least > pixels && masks > shown, "too little is in view: {shown} of {pixels}, {masks}");
    assert!(ambiguous * 50 < pixels, "{ambiguous} of {pixels} pixels are ambiguous");
    assert!(worst <= 1.0, "depth is within its bounds: {worst}");
}

#[test]
fn a_neighbour_s_scene_does_not_agree() {
    let kit = Kit::new();
    let gpu = Gpu::open(None).expect("an adapter; `cargo xtask test` installs a software one");
    let scene = heap(&kit, 3, LENSES[0], SIZE);
    let mut other = scene.clone();
    // A quarter of a pixel to the right is the smallest mistake in a picture's geometry that anyone makes.
    other.camera.intrinsics.cx += 0.25;
    let (_, pictures) = rendered(&mut Renderer::new(&gpu), &other, &kit.library);
    let picture = cast(&scene, &kit.library, &|_, _| 0);
    let mismatch =
        compare(&picture, &pictures.ids, &pictures.depth).expect_err("a quarter of a pixel is seen");
    assert!(mismatch.count > 20, "{mismatch}");
}
