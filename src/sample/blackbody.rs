//! The colour of hot bodies, by which lamps are named.
//!
//! Chromaticity: the cubic fit to the Planckian locus of Kang, Moon, Hong, Lee, Cho and Kim, "Design of advanced
//! color temperature control system for HDTV applications", J. Korean Phys. Soc. 41 (2002), valid from 1667 K
//! to 25000 K. From CIE XYZ to linear RGB: IEC 61966-2-1 (sRGB, white D65).

use glam::{Vec3, vec3};

/// Linear sRGB of a black body, luminance 1. Temperatures outside of the fit's range are clamped.
pub(super) fn linear_rgb(temperature_k: f32) -> Vec3 {
    let t = f64::from(temperature_k.clamp(1667.0, 25_000.0));
    let u = 1000.0 / t;
    let x = if t <= 4000.0 {
        ((-0.266_123_9 * u - 0.234_358_9) * u + 0.877_695_6) * u + 0.179_910
    } else {
        ((-3.025_846_9 * u + 2.107_037_9) * u + 0.222_634_7) * u + 0.240_390
    };
    let y = if t <= 2222.0 {
        ((-1.106_381_4 * x - 1.348_110_20) * x + 2.185_558_32) * x - 0.202_196_83
    } else if t <= 4000.0 {
        ((-0.954_947_6 * x - 1.374_185_93) * x + 2.091_370_15) * x - 0.167_488_67
    } else {
        ((3.081_758_0 * x - 5.873_386_7) * x + 3.751_129_97) * x - 0.370_014_83
    };
    #[expect(clippy::cast_possible_truncation, reason = "colours")]
    let xyz = vec3((x / y) as f32, 1.0, ((1.0 - x - y) / y) as f32);
    let rgb = vec3(
        vec3(3.240_454, -1.537_139, -0.498_531).dot(xyz),
        vec3(-0.969_266, 1.876_011, 0.041_556).dot(xyz),
        vec3(0.055_643, -0.204_026, 1.057_225).dot(xyz),
    );
    rgb.max(Vec3::splat(0.001))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn daylight_is_white_and_candles_are_red() {
        // D65's correlated temperature is 6504 K; the Planckian point there is a little more magenta than D65.
        let white = linear_rgb(6504.0);
        assert!((white - Vec3::ONE).abs().max_element() < 0.06, "{white}");
        let (candle, sky) = (linear_rgb(1900.0), linear_rgb(15_000.0));
        assert!(candle.x > 2.0 && candle.z < 0.1, "{candle}");
        assert!(sky.z > sky.x, "{sky}");
    }

    #[test]
    fn luminance_is_one_and_the_pieces_of_the_fit_meet() {
        for kelvin in [1667.0, 2222.0, 3000.0, 4000.0, 6500.0, 25_000.0] {
            let luminance = vec3(0.2126, 0.7152, 0.0722).dot(linear_rgb(kelvin));
            assert!((luminance - 1.0).abs() < 0.02, "{kelvin} K: {luminance}");
        }
        for joint in [2222.0, 4000.0] {
            let step = (linear_rgb(joint - 0.5) - linear_rgb(joint + 0.5)).abs().max_element();
            assert!(step < 0.01, "a step of {step} at {joint} K");
        }
    }
}
