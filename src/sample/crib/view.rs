//! Where a nursery's camera is, and what night vision does to its picture.

use glam::{Vec3, vec3};
use rand::{Rng, RngExt};

use super::{bed::Crib, between, room::Room};
use crate::{
    config::{CribLight, CribView},
    geometry::{Camera, Intrinsics, Lens, Size},
    scene::{Chain, Defocus, Noise, ToneCurve},
    seed::Node,
};

/// A camera in one of the places that this module knows; `None` for the recipe's own.
pub(super) fn draw(
    view: CribView,
    size: Size,
    crib: &Crib,
    room: &Room,
    at: Vec3,
    node: &Node,
) -> Option<Camera> {
    let draw = |name: &str, min: f32, max: f32| node.draw(name, |rng| between(min, max, rng));
    let [length, width] = crib.half;
    let aim = at + node.draw("aim", |rng| vec3(between(-0.08, 0.08, rng), 0.0, between(-0.05, 0.05, rng)));
    // No more than the corners of a picture can show: the wider the view, the less.
    let barrel = |most: f32, rng: &mut _| Lens::BrownConrady {
        k1: f64::from(between(-most, -0.01, rng)),
        k2: f64::from(between(0.0, 0.02, rng)),
        k3: 0.0,
        p1: 0.0,
        p2: 0.0,
    };
    let (eye, fov, lens) = match view {
        CribView::Own => return None,
        CribView::Overhead => {
            let high = draw("above_m", 1.05, 1.5);
            let eye = vec3(draw("x_m", -0.2, 0.2), crib.mattress + high, draw("z_m", -0.15, 0.25));
            (eye, draw("fov_deg", 58.0, 78.0), node.draw("lens", |rng| barrel(0.14, rng)))
        }
        CribView::Rail => {
            let end = node.draw("end", |rng| if rng.random::<bool>() { 1.0 } else { -1.0 });
            let eye = vec3(
                end * (length + 0.05),
                crib.rail + draw("above_m", 0.2, 0.5),
                draw("z_m", -0.8, 0.8) * width,
            );
            (eye, draw("fov_deg", 78.0, 98.0), node.draw("lens", |rng| barrel(0.06, rng)))
        }
        CribView::Corner => {
            let eye = vec3(
                if node.draw("left", |rng| rng.random::<bool>()) {
                    room.low.x + 0.25
                } else {
                    (1.9_f32).min(room.high.x - 0.25)
                },
                draw("y_m", 1.7, 2.2),
                draw("z_m", 0.9, 1.6).min(room.high.z - 0.25),
            );
            (eye, draw("fov_deg", 36.0, 56.0), node.draw("lens", |rng| barrel(0.16, rng)))
        }
        CribView::Fisheye => {
            let behind = room.low.z + 0.06;
            let eye = vec3(
                draw("x_m", -0.5, 0.5) * length,
                crib.rail + draw("above_m", 0.35, 0.8),
                behind.max(-width - 0.35),
            );
            let lens =
                Lens::KannalaBrandt { k1: f64::from(draw("k1", -0.03, 0.01)), k2: 0.0, k3: 0.0, k4: 0.0 };
            (eye, draw("fov_deg", 125.0, 160.0), lens)
        }
    };
    let roll = node.draw("roll_deg", |rng| between(-4.0, 4.0, rng)).to_radians();
    Some(Camera::look_at(eye, aim, roll, Intrinsics::from_fov(size, f64::from(fov).to_radians(), lens)))
}

/// The camera's chain by this light: at night a monochrome sensor at high gain behind a lens that is not focused for
/// 850 nm.
pub(super) fn adapt(chain: Chain, light: CribLight, distance_m: f32, node: &Node, instant: &Node) -> Chain {
    let draw = |name: &str, min: f32, max: f32| node.draw(name, |rng| between(min, max, rng));
    let key = chain
        .noise
        .map_or_else(|| instant.draw("night_noise_key", |rng| [rng.next_u32(), rng.next_u32()]), |n| n.key);
    match light {
        CribLight::Daylight => chain,
        CribLight::Lamplight => {
            let noise = chain.noise.map(|n| Noise { shot: n.shot * 4.0, read: n.read * 2.0, key });
            Chain { noise, ..chain }
        }
        // At the end of what its gain can do.
        CribLight::NightLight => {
            let noise =
                Noise { shot: draw("dim_shot", 0.0015, 0.006), read: draw("dim_read", 0.006, 0.02), key };
            Chain { noise: Some(noise), ..chain }
        }
        CribLight::NightVision => Chain {
            noise: Some(Noise {
                shot: draw("night_shot", 0.0008, 0.004),
                read: draw("night_read", 0.004, 0.016),
                key,
            }),
            tone: ToneCurve::Filmic {
                shoulder: draw("night_shoulder", 0.2, 0.7),
                contrast: draw("night_contrast", 0.9, 1.2),
                saturation: 0.0,
            },
            // Focus shifts behind by a share of the distance: everything is a little soft.
            defocus: Some(Defocus {
                focus_m: distance_m * 2.5,
                blur_at_infinity_px: draw("night_blur_px", 0.5, 2.2),
            }),
            aberration: 0.0,
            cast: None,
            vignette: draw("night_vignette", 0.15, 0.45),
            ..chain
        },
    }
}
