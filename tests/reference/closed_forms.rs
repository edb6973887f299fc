//! The reference itself, held against geometry that can be worked out on paper.

use std::f64::consts::PI;

use diorama::{
    geometry::{BoxPx, Camera, Intrinsics, Lens, Size},
    scene::{Instance, Scene},
};
use glam::{Affine3A, Mat3A, Quat, Vec3};

use super::{
    cast::{Picture, cast},
    compare::{compare, compare_mask},
    scenes::{Kit, LENSES, heap, scene},
};

const SIZE: Size = Size { width: 96, height: 72 };
/// Pixels per unit of tangent.
const FOCAL: f64 = 100.0;

/// A camera at the world's origin that looks along +Z, with its picture's centre off the pixel grid.
fn camera(lens: Lens, focal: f64) -> Camera {
    let intrinsics = Intrinsics { size: SIZE, fx: focal, fy: focal, cx: 48.2, cy: 36.3, lens };
    // World +Y up is the picture's -y: half a turn about +Z makes the camera's axes the world's.
    let axes = Mat3A::from_cols(Vec3::NEG_X.into(), Vec3::NEG_Y.into(), Vec3::Z.into());
    let world_from_camera = Affine3A { matrix3: axes, translation: Vec3::ZERO.into() };
    Camera { world_from_camera, intrinsics }
}

fn ahead(distance: f32) -> Affine3A {
    Affine3A::from_translation(Vec3::Z * distance)
}

fn pinhole(kit: &Kit, things: &[(&str, Affine3A)]) -> (Scene, Picture) {
    let things: Vec<Instance> = things.iter().map(|(shape, place)| kit.thing(shape, *place)).collect();
    let scene = scene(things, camera(Lens::Pinhole, FOCAL));
    let picture = cast(&scene, &kit.library, &|_, _| 0);
    (scene, picture)
}

#[test]
fn a_sphere_covers_its_cone_of_tangents() {
    let (_, picture) = pinhole(&Kit::new(), &[("ball", ahead(2.0))]);
    // The tangent cone's half angle has sine r / D, so its tangent is r / sqrt(D^2 - r^2).
    let radius = FOCAL * 0.5 / (4.0f64 - 0.25).sqrt();
    let area = picture.visible_area(1);
    assert!(area.end() - area.start() < 30, "few pixels are ambiguous: {area:?}");
    let share = f64::from(*area.end()) / (PI * radius * radius);
    assert!((share - 1.0).abs() < 0.006, "{area:?} px, radius {radius} px");
    let centre = picture.pixels[36 * 96 + 48];
    assert!((centre.depth - 1.5).abs() < 1e-3, "nearest point at {} m", centre.depth);
}

#[test]
fn a_box_shows_its_front_face_from_corner_to_corner() {
    let (_, picture) = pinhole(&Kit::new(), &[("box", ahead(3.0))]);
    // Its front is 2.5 m away: half a metre is 20 px.
    let expected = BoxPx::from_edges(28.0, 16.0, 68.0, 56.0);
    assert_eq!(picture.amodal_box(1), (Some(expected), Some(expected)), "centres from 28.2 to 68.2");
    assert_eq!(picture.visible_area(1), 1600..=1600, "40 x 40");
    for pixel in picture.pixels.iter().filter(|p| p.id == 1) {
        assert!((pixel.depth - 2.5).abs() < 1e-12 && pixel.slope < 1e-12, "flat at {}", pixel.depth);
        assert!(!pixel.ambiguous, "the diagonal of a face is no edge");
    }
}

#[test]
fn a_tilted_plane_has_the_depth_of_its_equation() {
    let turn = Affine3A::from_rotation_translation(Quat::from_rotation_y(0.5), Vec3::Z * 3.0);
    let thin = Affine3A::from_scale(Vec3::new(4.0, 4.0, 1e-6));
    let (_, picture) = pinhole(&Kit::new(), &[("box", turn * thin)]);
    for (x, y) in [(10, 10), (48, 36), (90, 60)] {
        let pixel = picture.pixels[y * 96 + x];
        // Normal (sin, 0, cos) of the angle in the world, whose x is the camera's -x; through (0, 0, 3).
        let right = (x as f64 + 0.5 - 48.2) / FOCAL;
        let (sin, cos) = f64::from(0.5f32).sin_cos();
        let expected = 3.0 * cos / (cos - sin * right);
        assert!((pixel.depth - expected).abs() < 2e-6, "{} and {expected} at {x}, {y}", pixel.depth);
        let steepness = expected * sin / (cos - sin * right) / FOCAL;
        assert!((pixel.slope - steepness).abs() < 1e-6, "{} and {steepness} m per pixel", pixel.slope);
    }
}

#[test]
fn a_fisheye_sees_what_is_behind_it() {
    let kit = Kit::new();
    let angle = 100.0f64.to_radians();
    let lens = Lens::KannalaBrandt { k1: 0.0, k2: 0.0, k3: 0.0, k4: 0.0 };
    // To the camera's right, which is the world's -x here.
    let place = Vec3::new(-angle.sin() as f32, 0.0, angle.cos() as f32) * 2.0;
    let thing =
        kit.thing("ball", Affine3A::from_scale_rotation_translation(Vec3::splat(0.4), Quat::IDENTITY, place));
    let picture = cast(&scene(vec![thing], camera(lens, 22.0)), &kit.library, &|_, _| 0);
    let mine: Vec<usize> = (0..picture.pixels.len()).filter(|at| picture.pixels[*at].id == 1).collect();
    let mean_x = mine.iter().map(|at| (at % 96) as f64 + 0.5).sum::<f64>() / mine.len() as f64;
    let expected = 48.2 + 22.0 * angle;
    assert!((mean_x - expected).abs() < 0.3, "centred on {mean_x}, expected {expected}, {} px", mine.len());
    assert!(
        mine.iter().any(|at| picture.pixels[*at].depth < -0.2),
        "behind the camera's plane depth is negative"
    );
}

#[test]
fn back_faces_do_not_exist_unless_the_material_is_double_sided() {
    // Looking into a tube whose axis is the optical axis.
    let along = |distance: f32| {
        Affine3A::from_rotation_translation(
            Quat::from_rotation_x(std::f32::consts::FRAC_PI_2),
            Vec3::Z * distance,
        )
    };
    let kit = Kit::new();
    let (_, single) = pinhole(&kit, &[("tube", along(3.0))]);
    assert_eq!(single.amodal_area(1), 0..=0, "only the inside faces the camera");
    let (_, double) = pinhole(&kit, &[("sleeve", along(3.0))]);
    // A 16-gon of radius r has area 8 r^2 sin(pi / 8); between the near end and the far end.
    let polygon = |distance: f64| 8.0 * (FOCAL * 0.5 / distance).powi(2) * (PI / 8.0).sin();
    let expected = polygon(2.5) - polygon(3.5);
    let area = f64::from(*double.amodal_area(1).end());
    assert!((area / expected - 1.0).abs() < 0.05, "{area} and {expected}");
    // A mirror image keeps its outside outside.
    let mirrored = along(3.0) * Affine3A::from_scale(Vec3::new(-1.0, 1.0, 1.0));
    assert_eq!(pinhole(&kit, &[("tube", mirrored)]).1.amodal_area(1), 0..=0, "mirrored");
    let (_, ghost) = pinhole(&kit, &[("ghost", along(3.0))]);
    assert_eq!(ghost.amodal_area(1), 0..=0, "alpha 0.3 is below the cutoff of 0.5");
}

#[test]
fn one_box_before_another_hides_half_of_it() {
    // Both turned by half a turn, so that their fronts (+Z) face the camera.
    let facing = |x: f32, z: f32| {
        Affine3A::from_rotation_translation(Quat::from_rotation_y(std::f32::consts::PI), Vec3::new(x, 0.0, z))
    };
    // The near front, 2 m away, spans tangents 0 to 0.5; the far one, 3.5 m away, +-0.143: 28 px wide.
    let kit = Kit::new();
    let (scene, picture) = pinhole(&kit, &[("box", facing(0.0, 4.0)), ("box", facing(-0.5, 2.5))]);
    // 28.57 px on either side: 28 columns of centres, 34.5 to 61.5, and 29 rows.
    assert_eq!(picture.amodal_area(1), 28 * 29..=28 * 29, "the whole of it");
    assert_eq!(picture.visible_area(1), 14 * 29..=14 * 29, "columns 34 to 47");
    let hidden: Vec<(u32, u32)> = picture.occluders(1).into_iter().collect();
    assert_eq!(hidden, [(2, 14 * 29)], "the rest is behind number 2");
    // Of five columns of probes two are free, two hidden, and the middle one falls on the near box's edge.
    let (range, total) = picture.probes(&scene, &kit.library, 1, "front");
    assert_eq!(total, 25, "all points count");
    assert!((10..=15).contains(range.start()) && *range.end() <= 15, "{range:?}");
}

#[test]
fn surfaces_that_coincide_are_ambiguous() {
    let (_, picture) = pinhole(&Kit::new(), &[("box", ahead(3.0)), ("box", ahead(3.0))]);
    assert!(picture.pixels.iter().all(|p| p.ambiguous == (p.id != 0)), "nobody can say which is first");
}

#[test]
fn what_is_not_ambiguous_survives_a_shift_below_the_band() {
    let kit = Kit::new();
    for (number, lens) in LENSES.into_iter().enumerate() {
        let scene = heap(&kit, number as u64, lens, SIZE);
        let levels = |instance: usize, _| {
            let model = kit.library.model(scene.instances[instance].model.expect("drawn"));
            instance % model.primitives.iter().map(|p| p.lods.len()).min().expect("not empty")
        };
        let picture = cast(&scene, &kit.library, &levels);
        let ambiguous = picture.pixels.iter().filter(|p| p.ambiguous).count();
        assert!(ambiguous * 25 < picture.pixels.len(), "lens {number}: {ambiguous} pixels are ambiguous");
        for (dx, dy) in [(0.006, 0.006), (-0.006, 0.006), (0.009, 0.0), (0.0, -0.009)] {
            let mut moved = scene.clone();
            moved.camera.intrinsics.cx += dx;
            moved.camera.intrinsics.cy += dy;
            let shifted = cast(&moved, &kit.library, &levels);
            let depth: Vec<f32> = shifted.pixels.iter().map(|p| p.depth as f32).collect();
            if let Err(mismatch) = compare(&picture, &shifted.ids(), &depth) {
                panic!("lens {number}, shift ({dx}, {dy}): {mismatch}");
            }
            for (alone, other) in picture.alone.iter().zip(&shifted.alone) {
                if let Err(mismatch) = compare_mask(&picture, alone, &other.mask) {
                    panic!("lens {number}, shift ({dx}, {dy}): {mismatch}");
                }
            }
        }
    }
}

#[test]
fn the_comparison_can_fail() {
    let kit = Kit::new();
    let scene = heap(&kit, 7, LENSES[0], SIZE);
    let picture = cast(&scene, &kit.library, &|_, _| 0);
    let ids = picture.ids();
    let depth: Vec<f32> = picture.pixels.iter().map(|p| p.depth as f32).collect();
    let summary = compare(&picture, &ids, &depth).expect("equal to itself");
    assert!(summary.shown > 400 && summary.ambiguous > 0, "{summary:?}");
    assert_eq!(summary.compared + summary.ambiguous, ids.len(), "every pixel is accounted for");

    let flat = |p: &super::cast::Pixel| !p.ambiguous && p.id != 0 && p.slope < 0.05;
    let at = picture.pixels.iter().position(flat).expect("something certain");
    let mut wrong = ids.clone();
    wrong[at] += 1;
    let mismatch = compare(&picture, &wrong, &depth).expect_err("one id is wrong");
    assert_eq!(mismatch.pixel, ((at % 96) as u32, (at / 96) as u32), "{mismatch}");
    assert_eq!(mismatch.count, 1, "{mismatch}");
    let mut wrong = depth.clone();
    wrong[at] += 0.001;
    compare(&picture, &ids, &wrong).expect_err("one millimetre off");
    wrong[at] = f32::NAN;
    compare(&picture, &ids, &wrong).expect_err("no number is not close to any number");
    let mirrored: Vec<u32> = ids.chunks(96).flat_map(|row| row.iter().rev().copied()).collect();
    compare(&picture, &mirrored, &depth).expect_err("left for right");

    let unsure = picture.pixels.iter().position(|p| p.ambiguous).expect("counted above");
    let mut other = ids;
    other[unsure] += 1;
    compare(&picture, &other, &depth).expect("an ambiguous pixel may go either way");

    let alone = picture.alone.iter().find(|a| a.mask.contains(&true)).expect("something is in the frame");
    let mut mask = alone.mask.clone();
    compare_mask(&picture, alone, &mask).expect("equal to itself");
    let certain = (0..mask.len()).find(|n| mask[*n] && !alone.ambiguous[*n]).expect("more than an outline");
    mask[certain] = false;
    compare_mask(&picture, alone, &mask).expect_err("one pixel is missing");
}
