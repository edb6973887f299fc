//! Where colour lands, and which views a lens needs.

use glam::{DVec2, Vec3};

use super::rig::{Shot, Stage, srgb};
use crate::geometry::{Intrinsics, Lens, Size};
use crate::render::chain::views_for;
use crate::scene::{Chain, Defocus, Noise};

const BROWN: Lens = Lens::BrownConrady { k1: -0.25, k2: 0.06, k3: -0.004, p1: 0.001, p2: -0.0007 };
const FISHEYE: Lens = Lens::KannalaBrandt { k1: -0.02, k2: 0.003, k3: 0.0, k4: 0.0 };
const SIZE: Size = Size { width: 200, height: 152 };

/// Makes the resample write linear light, and changes nothing: the blur stays within a pixel.
pub(super) fn linear(chain: Chain) -> Chain {
    Chain { defocus: Some(Defocus { focus_m: 1.0, blur_at_infinity_px: 0.01 }), ..chain }
}

/// Waves of about 60 pixels: a shift of 0.05 pixels changes them by 1e-3.
fn waves(intrinsics: &Intrinsics) -> impl Fn(Vec3) -> Vec3 + use<> {
    let rate = 2.0 * std::f32::consts::PI * intrinsics.fx as f32 / 60.0;
    move |d| 0.24 + 0.2 * Vec3::new((rate * d.x).sin(), (rate * d.y).sin(), (0.7 * rate * (d.x + d.y)).cos())
}

fn worst(shot: &Shot, colour: impl Fn(Vec3) -> Vec3, turn: Vec3) -> f32 {
    let error = |(got, ray): (&[f32; 4], &[f32; 4])| {
        let want = colour((Vec3::from_slice(ray).normalize() + turn).normalize());
        (Vec3::from_slice(got) - want).abs().max_element()
    };
    shot.linear.iter().zip(&shot.rays).filter(|(_, r)| r[3] > 0.0).map(error).fold(0.0, f32::max)
}

#[test]
fn colour_is_the_function_of_each_ray() {
    for (lens, fov, faces) in [(Lens::Pinhole, 1.0, 1), (BROWN, 1.0, 1), (FISHEYE, 1.6, 1), (FISHEYE, 3.0, 5)]
    {
        for supersample in [1.0, 1.37, 2.0] {
            let mut intrinsics = Intrinsics::from_fov(SIZE, fov, lens);
            intrinsics.cx += 3.3;
            intrinsics.cy -= 1.7;
            let colour = waves(&intrinsics);
            let stage = Stage::new(intrinsics, supersample, &colour);
            assert!(stage.views.len() >= faces, "views of {lens:?}: {}", stage.views.len());
            let shot = stage.shoot(&linear(Chain::default()));
            let error = worst(&shot, &colour, Vec3::ZERO);
            assert!(error < 1e-3, "{lens:?} at {fov} x{supersample}: {error}");
            let moved = Vec3::X * 0.1 / intrinsics.fx as f32;
            assert!(worst(&shot, &colour, moved) > 1.6e-3, "a tenth of a pixel would be noticed");
        }
    }
}

#[test]
fn rays_are_those_of_the_camera() {
    for (lens, fov) in [(Lens::Pinhole, 1.0), (BROWN, 1.0), (FISHEYE, 3.0)] {
        let intrinsics = Intrinsics::from_fov(SIZE, fov, lens);
        let shot = Stage::new(intrinsics, 1.0, |d| d).shoot(&Chain::default());
        for y in (0..SIZE.height).step_by(7) {
            for x in (0..SIZE.width).step_by(7) {
                let got = shot.rays[(y * SIZE.width + x) as usize];
                let want = intrinsics.ray(DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5)).expect("a ray");
                let error = (Vec3::from_slice(&got) - want.as_vec3()).length();
                assert!(got[3] == 1.0 && error < 3e-6, "{lens:?} at {x},{y}: {error}");
            }
        }
    }
}

#[test]
fn an_undistorted_picture_is_an_exact_copy() {
    let intrinsics = Intrinsics::from_fov(SIZE, 1.0, Lens::Pinhole);
    // Noise of the finest grain: any filter would change it.
    let grain = |d: Vec3| (d * 91_733.0).map(|v| (v.sin() * 0.5 + 0.5) * 0.9);
    let stage = Stage::new(intrinsics, 1.0, grain);
    let shot = stage.shoot(&linear(Chain::default()));
    let view = &stage.views[0];
    for y in 0..SIZE.height {
        for x in 0..SIZE.width {
            let px = glam::Vec2::new(x as f32 + 4.5, y as f32 + 4.5);
            let want = grain(((px - view.centre_px) / view.focal_px).extend(1.0).normalize());
            let got = shot.linear[(y * SIZE.width + x) as usize];
            for c in 0..3 {
                assert_eq!(got[c], half::f16::from_f32(want[c]).to_f32(), "pixel {x},{y} channel {c}");
            }
        }
    }
}

#[test]
fn red_is_larger_and_blue_smaller_by_the_aberration() {
    let amount = 0.01;
    for lens in [Lens::Pinhole, BROWN] {
        let intrinsics = Intrinsics::from_fov(SIZE, 1.0, lens);
        let colour = waves(&intrinsics);
        let stage = Stage::new(intrinsics, 1.0, &colour);
        let shot = stage.shoot(&linear(Chain { aberration: amount, ..Chain::default() }));
        let centre = DVec2::new(intrinsics.cx, intrinsics.cy);
        for y in (0..SIZE.height).step_by(5) {
            for x in (0..SIZE.width).step_by(5) {
                let pixel = DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
                let got = shot.linear[(y * SIZE.width + x) as usize];
                for (channel, magnification) in [(0, 1.0 + amount), (1, 1.0), (2, 1.0 - amount)] {
                    let from = centre + (pixel - centre) / f64::from(magnification);
                    let Some(ray) = intrinsics.ray(from) else { continue };
                    let want = colour(ray.as_vec3().normalize())[channel];
                    // The ray table is continued linearly over up to 1.3 pixels.
                    assert!((got[channel] - want).abs() < 2e-3, "{lens:?} {x},{y} {channel}: {got:?} {want}");
                }
            }
        }
    }
}

#[test]
fn pixels_without_a_ray_are_black_whatever_the_chain_adds() {
    let lens = Lens::KannalaBrandt { k1: -0.25, k2: 0.0, k3: 0.0, k4: 0.0 };
    let intrinsics = Intrinsics::from_fov(SIZE, 3.6, lens);
    let chain = Chain {
        noise: Some(Noise { shot: 0.1, read: 0.2, key: [3, 4] }),
        defocus: Some(Defocus { focus_m: 1.0, blur_at_infinity_px: 12.0 }),
        shake: Some(crate::scene::Shake { motion_px: glam::Vec2::new(5.0, 2.0), turn_rad: 0.02 }),
        sharpen: 0.5,
        ..Chain::default()
    };
    let shot = Stage::new(intrinsics, 1.0, |_| Vec3::ONE).depth(|_, _| 3.0).shoot(&chain);
    let (mut without, mut with) = (0, 0u64);
    for (px, ray) in shot.rgba.chunks_exact(4).zip(&shot.rays) {
        assert_eq!(px[3], 255, "opaque");
        if ray[3] == 0.0 {
            without += 1;
            assert_eq!(&px[..3], [0, 0, 0], "no ray, no light");
        } else {
            with += u64::from(px[1] > 100);
        }
    }
    assert!(without > 1000 && with > 1000, "{without} without a ray, {with} bright");
}

#[test]
fn views_cover_every_ray_with_a_margin() {
    let narrow = Lens::KannalaBrandt { k1: -0.25, k2: 0.0, k3: 0.0, k4: 0.0 };
    for (lens, fov) in [
        (Lens::Pinhole, 2.4),
        (BROWN, 1.0),
        (BROWN, 1.5),
        (FISHEYE, 1.2),
        (FISHEYE, 3.0),
        (FISHEYE, 5.5),
        (narrow, 3.6),
    ] {
        for max_side in [4096, 300] {
            let intrinsics = Intrinsics::from_fov(SIZE, fov, lens);
            let views = views_for(&intrinsics, 1.5, max_side);
            assert!((1..=6).contains(&views.len()), "{} views", views.len());
            assert!(views.iter().all(|v| v.size == views[0].size), "layers of one array have one size");
            assert!(views[0].size.width.max(views[0].size.height) <= max_side, "{:?}", views[0].size);
            for y in 0..SIZE.height {
                for x in 0..SIZE.width {
                    let Some(ray) = intrinsics.ray(DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5)) else {
                        continue;
                    };
                    let inside = views.iter().any(|v| {
                        let d = v.view_from_camera * ray.as_vec3();
                        let px = d.truncate() / d.z * v.focal_px + v.centre_px;
                        let size = glam::Vec2::new(v.size.width as f32, v.size.height as f32);
                        d.z > 0.0 && px.cmpgt(glam::Vec2::splat(2.9)).all() && px.cmplt(size - 2.9).all()
                    });
                    assert!(inside, "{lens:?} at {fov}: the ray of {x},{y} leaves the views");
                }
            }
        }
    }
}

#[test]
fn views_are_no_more_than_needed() {
    let pinhole = views_for(&Intrinsics::from_fov(SIZE, 1.0, Lens::Pinhole), 1.0, 4096);
    assert_eq!(pinhole[0].size, Size { width: 208, height: 160 }, "the picture and four pixels on each side");
    let large = Size { width: 800, height: 608 };
    let faces = |fov| views_for(&Intrinsics::from_fov(large, fov, FISHEYE), 1.0, 4096).len();
    assert_eq!(faces(1.2), 1, "an ordinary cone needs no cube");
    assert_eq!(faces(2.6), 5, "nothing behind");
    assert_eq!(faces(6.2), 6, "all round");
}

#[test]
fn a_finer_view_is_averaged_not_skipped() {
    // Columns of black and white one view pixel wide: the mean over a final pixel, two view pixels wide, is grey.
    let intrinsics = Intrinsics::from_fov(SIZE, 1.0, Lens::Pinhole);
    let view = views_for(&intrinsics, 2.0, 4096)[0];
    let column = move |d: Vec3| (d.x / d.z * view.focal_px.x + view.centre_px.x).floor() as i32;
    let stage = Stage::new(intrinsics, 2.0, move |d| Vec3::splat((column(d) % 2) as f32));
    let shot = stage.shoot(&Chain::default());
    let grey = srgb(0.5) * 255.0;
    for px in shot.rgba.chunks_exact(4) {
        assert!((f64::from(px[1]) - grey).abs() < 1.5, "{} is not {grey}", px[1]);
    }
}
