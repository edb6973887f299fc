//! Mipmaps: each level the box-filtered half of the one before, in linear light, colour weighted by alpha so that
//! what is cut out never bleeds into what is there.

use std::sync::LazyLock;

use crate::scene::Pixels;

static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|i| {
        #[expect(clippy::cast_precision_loss, reason = "below 256")]
        let s = i as f32 / 255.0;
        if s <= 0.04045 { s / 12.92 } else { ((s + 0.055) / 1.055).powf(2.4) }
    })
});

/// Entry `i` is the sRGB byte of linear `i / 4095`.
static ENCODED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    (0..4096)
        .map(|i| {
            let l = i as f32 / 4095.0;
            let s = if l <= 0.003_130_8 { 12.92 * l } else { 1.055 * l.powf(1.0 / 2.4) - 0.055 };
            byte(s)
        })
        .collect()
});

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1 first")]
fn byte(v: f32) -> u8 {
    (v.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1 first")]
fn encode(v: f32) -> u8 {
    ENCODED[(v.clamp(0.0, 1.0) * 4095.0).round() as usize]
}

/// All levels, the given one first, down to one pixel.
pub(crate) fn mip_chain(pixels: &Pixels, srgb: bool) -> Vec<Pixels> {
    let mut levels = vec![pixels.clone()];
    while let Some(last) = levels.last().filter(|l| l.width > 1 || l.height > 1) {
        levels.push(half(last, srgb));
    }
    levels
}

fn half(from: &Pixels, srgb: bool) -> Pixels {
    let (width, height) = ((from.width / 2).max(1), (from.height / 2).max(1));
    let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
    for y in 0..height {
        for x in 0..width {
            let (mut sum, mut weight, mut alpha) = ([0.0f32; 3], 0.0, 0.0);
            for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let sx = (2 * x + dx).min(from.width - 1);
                let sy = (2 * y + dy).min(from.height - 1);
                let at = (sy as usize * from.width as usize + sx as usize) * 4;
                let a = f32::from(from.rgba[at + 3]) / 255.0;
                let w = if srgb { a.max(1e-3) } else { 1.0 };
                for (sum, &v) in sum.iter_mut().zip(&from.rgba[at..at + 3]) {
                    *sum += w * if srgb { LINEAR[v as usize] } else { f32::from(v) / 255.0 };
                }
                weight += w;
                alpha += a;
            }
            for s in sum {
                let mean = s / weight;
                rgba.push(if srgb { encode(mean) } else { byte(mean) });
            }
            rgba.push(byte(alpha * 0.25));
        }
    }
    Pixels { width, height, rgba }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_halve_in_linear_light() {
        let checker = Pixels {
            width: 2,
            height: 2,
            rgba: [[0, 0, 0, 255], [255; 4], [255; 4], [0, 0, 0, 255]].concat(),
        };
        let levels = mip_chain(&checker, true);
        assert_eq!(levels.len(), 2, "2 x 2 and 1 x 1");
        assert_eq!(levels[1].rgba, [188, 188, 188, 255], "half the light is sRGB 188");
        assert_eq!(mip_chain(&checker, false)[1].rgba, [128, 128, 128, 255], "data is averaged as it is");
    }

    #[test]
    fn what_is_cut_out_does_not_bleed() {
        let edge = Pixels { width: 2, height: 1, rgba: vec![255, 0, 0, 255, 0, 255, 0, 0] };
        let level = &mip_chain(&edge, true)[1];
        assert!(level.rgba[1] < 20, "green had no alpha: {:?}", level.rgba);
    }
}
