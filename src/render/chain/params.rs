//! A scene's camera chain as the shaders want it, and which of its stages are on.

use glam::{Vec2, Vec3, Vec4};

use super::ViewSpec;
use super::lens::{copy_shift, taps};
use super::screen::Constants;
use crate::geometry::{Intrinsics, Lens};
use crate::gpu::layout::{ChainParams, ChainView};
use crate::scene::{Chain, ToneCurve};

/// Blurs and motions below this many pixels change nothing that eight bits show.
const NEGLIGIBLE_PX: f32 = 1e-3;

/// Samples along the path of a hand; longer paths are sampled more coarsely than every pixel.
const MAX_SHAKE_SAMPLES: f32 = 64.0;

/// The stages that need a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stages {
    pub(super) defocus: bool,
    pub(super) shake: bool,
    pub(super) sharpen: bool,
}

impl Stages {
    pub(super) fn of(chain: &Chain, intrinsics: &Intrinsics) -> Self {
        Self {
            // A circle of confusion under one pixel across stays within its pixel: see `share` in the shader.
            defocus: chain.defocus.is_some_and(|d| d.blur_at_infinity_px > NEGLIGIBLE_PX),
            shake: path_px(chain, intrinsics) > NEGLIGIBLE_PX,
            sharpen: chain.sharpen > 0.0,
        }
    }
}

/// The longest path that a pixel takes through the hand's motion, pixels.
fn path_px(chain: &Chain, intrinsics: &Intrinsics) -> f32 {
    let half = 0.5 * Vec2::new(intrinsics.size.width as f32, intrinsics.size.height as f32);
    chain.shake.map_or(0.0, |s| s.motion_px.length() + s.turn_rad.abs() * half.length())
}

fn view(spec: &ViewSpec) -> ChainView {
    ChainView {
        view_from_camera: [
            spec.view_from_camera.x_axis,
            spec.view_from_camera.y_axis,
            spec.view_from_camera.z_axis,
        ]
        .map(|c| c.extend(0.0)),
        focal_px: spec.focal_px,
        centre_px: spec.centre_px,
        size_px: Vec2::new(spec.size.width as f32, spec.size.height as f32),
        pad: [0.0; 2],
    }
}

const NO_VIEW: ChainView = ChainView {
    view_from_camera: [Vec4::X, Vec4::Y, Vec4::Z],
    focal_px: Vec2::ONE,
    centre_px: Vec2::ZERO,
    size_px: Vec2::ONE,
    pad: [0.0; 2],
};

/// The coefficient with which `1 / (1 + c r^2)^2` loses the share `lost` at the corner farthest from `centre`.
fn vignette(lost: f32, centre: Vec2, size: Vec2) -> f32 {
    let corner = centre.max(size - centre);
    (1.0 / (1.0 - lost.clamp(0.0, 0.999)).sqrt() - 1.0) / corner.length_squared()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "shaders compute in f32; sample counts are small and positive"
)]
pub(super) fn params(views: &[ViewSpec], intrinsics: &Intrinsics, chain: &Chain) -> ChainParams {
    let mut list = [NO_VIEW; 6];
    for (slot, spec) in list.iter_mut().zip(views) {
        *slot = view(spec);
    }
    let centre_px = Vec2::new(intrinsics.cx as f32, intrinsics.cy as f32);
    let size = Vec2::new(intrinsics.size.width as f32, intrinsics.size.height as f32);
    let aberration = chain.aberration;
    let (shoulder, contrast, saturation) = match chain.tone {
        ToneCurve::Srgb => (0.0, 1.0, 1.0),
        ToneCurve::Filmic { shoulder, contrast, saturation } => (shoulder, contrast, saturation),
    };
    let samples = (path_px(chain, intrinsics).ceil() + 1.0).min(MAX_SHAKE_SAMPLES);
    ChainParams {
        views: list,
        gain: chain.exposure_ev.exp2() * chain.cast.map_or(Vec3::ONE, |c| c.gains),
        vignette: vignette(chain.vignette, centre_px, size),
        centre_px,
        motion_px: chain.shake.map_or(Vec2::ZERO, |s| s.motion_px),
        size: [intrinsics.size.width, intrinsics.size.height],
        noise_key: chain.noise.map_or([0; 2], |n| n.key),
        copy_shift: copy_shift(views, intrinsics).unwrap_or([0; 2]),
        view_count: views.len().min(6) as u32,
        red_shift: 1.0 / (1.0 + aberration) - 1.0,
        blue_shift: 1.0 / (1.0 - aberration) - 1.0,
        focus_m: chain.defocus.map_or(0.0, |d| d.focus_m),
        blur_at_infinity_px: chain.defocus.map_or(0.0, |d| d.blur_at_infinity_px),
        turn_rad: chain.shake.map_or(0.0, |s| s.turn_rad),
        shake_samples: samples as u32,
        noise_shot: chain.noise.map_or(0.0, |n| n.shot),
        noise_read: chain.noise.map_or(0.0, |n| n.read),
        shoulder,
        contrast,
        saturation,
        sharpen: chain.sharpen,
        pad: 0,
    }
}

/// What `chain_resample.wgsl` is specialised by.
pub(super) fn lens_constants(views: &[ViewSpec], intrinsics: &Intrinsics, chain: &Chain) -> Constants {
    let fringed = chain.aberration != 0.0;
    let copied = !fringed && copy_shift(views, intrinsics).is_some();
    Constants::from([
        ("COPIED", u8::from(copied)),
        ("FISHEYE", u8::from(matches!(intrinsics.lens, Lens::KannalaBrandt { .. }))),
        ("MANY", u8::from(views.len() > 1)),
        ("FRINGED", u8::from(fringed)),
        ("TAPS", if copied { 1 } else { taps(views, intrinsics) }),
    ])
}

/// What `chain_develop.wgsl` is specialised by. A stage that would change nothing is off, to the last bit.
pub(super) fn develop_constants(params: &ChainParams) -> Constants {
    let noisy = params.noise_shot > 0.0 || params.noise_read > 0.0;
    let toned = params.saturation != 1.0 || params.contrast != 1.0 || params.shoulder > 0.0;
    Constants::from([("NOISY", u8::from(noisy)), ("TONED", u8::from(toned))])
}

#[cfg(test)]
mod tests {
    use std::mem::{offset_of, size_of};

    use super::*;

    /// `(size, [(name, offset)])` of a struct in `chain_params.wgsl`.
    fn twin(want: &str) -> (u32, Vec<(String, u32)>) {
        let module = naga::front::wgsl::parse_str(&crate::gpu::source("chain_params")).expect("parses");
        let (_, ty) = module.types.iter().find(|(_, t)| t.name.as_deref() == Some(want)).expect("exists");
        let naga::TypeInner::Struct { members, span } = &ty.inner else { panic!("{want} is no struct") };
        (*span, members.iter().map(|m| (m.name.clone().expect("named"), m.offset)).collect())
    }

    macro_rules! same_layout {
        ($t:ident { $($f:ident),* $(,)? }) => {{
            let (span, members) = twin(stringify!($t));
            assert_eq!(span as usize, size_of::<$t>(), "size of {}", stringify!($t));
            let host = vec![$((stringify!($f).to_owned(), offset_of!($t, $f) as u32)),*];
            assert_eq!(members, host, "fields of {}", stringify!($t));
        }};
    }

    #[test]
    fn host_structs_lie_as_their_twins() {
        same_layout!(ChainView { view_from_camera, focal_px, centre_px, size_px, pad });
        same_layout!(ChainParams {
            views,
            gain,
            vignette,
            centre_px,
            motion_px,
            size,
            noise_key,
            copy_shift,
            view_count,
            red_shift,
            blue_shift,
            focus_m,
            blur_at_infinity_px,
            turn_rad,
            shake_samples,
            noise_shot,
            noise_read,
            shoulder,
            contrast,
            saturation,
            sharpen,
            pad,
        });
    }
}
