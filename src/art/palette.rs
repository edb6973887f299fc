//! Colours of a brand, and whether one can be read on the other.

use glam::Vec4;
use rand::RngExt;

use crate::seed::Node;

/// An sRGB colour, `0xRRGGBB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Colour(pub(super) u32);

pub(super) const WHITE: Colour = Colour(0xff_ffff);
pub(super) const BLACK: Colour = Colour(0x14_1414);

impl Colour {
    /// Red, green, blue, 0 to 1, sRGB-encoded.
    fn channels(self) -> [f32; 3] {
        let [_, r, g, b] = self.0.to_be_bytes();
        [r, g, b].map(|c| f32::from(c) / 255.0)
    }

    fn from_channels(channels: [f32; 3]) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
        let byte = |c: f32| (c.clamp(0.0, 1.0) * 255.0).round() as u32;
        Self(byte(channels[0]) << 16 | byte(channels[1]) << 8 | byte(channels[2]))
    }

    /// As linear light, opaque.
    pub(super) fn linear(self) -> Vec4 {
        let [r, g, b] =
            self.channels().map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
        Vec4::new(r, g, b, 1.0)
    }

    fn luminance(self) -> f32 {
        self.linear().dot(Vec4::new(0.2126, 0.7152, 0.0722, 0.0))
    }

    /// WCAG 2's contrast ratio, 1 to 21.
    pub(super) fn contrast(self, other: Self) -> f32 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if a > b { a / b } else { b / a }
    }

    /// From this colour (0) to `other` (1).
    pub(super) fn mix(self, other: Self, share: f32) -> Self {
        let (a, b) = (self.channels(), other.channels());
        Self::from_channels([0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * share))
    }

    pub(super) fn lighter(self, share: f32) -> Self {
        self.mix(WHITE, share)
    }

    pub(super) fn darker(self, share: f32) -> Self {
        self.mix(Self(0x0a_0a12), share)
    }

    /// Hue in degrees, saturation and value 0 to 1.
    pub(super) fn hsv(hue: f32, saturation: f32, value: f32) -> Self {
        let h = hue.rem_euclid(360.0) / 60.0;
        let f = |n: f32| {
            let k = (n + h).rem_euclid(6.0);
            value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0)
        };
        Self::from_channels([f(5.0), f(3.0), f(1.0)])
    }

    /// Whichever of the candidates reads best on this colour; black or white when none reaches `least`.
    pub(super) fn ink(self, candidates: &[Self], least: f32) -> Self {
        let best = |list: &[Self]| {
            list.iter()
                .copied()
                .max_by(|a, b| self.contrast(*a).total_cmp(&self.contrast(*b)))
                .unwrap_or(WHITE)
        };
        candidates
            .iter()
            .copied()
            .find(|c| self.contrast(*c) >= least)
            .unwrap_or_else(|| best(&[WHITE, BLACK]))
    }

    /// As CSS writes it.
    pub(super) fn css(self) -> String {
        format!("#{:06x}", self.0)
    }
}

/// A brand's colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Palette {
    /// What the pack is known by.
    pub(super) base: Colour,
    /// Dark companion.
    pub(super) deep: Colour,
    /// Light companion.
    pub(super) paper: Colour,
    /// A second, contrasting colour of the brand.
    pub(super) second: Colour,
}

/// Schemes that designers come back to: base, deep, paper, second.
const SCHEMES: [[u32; 4]; 30] = [
    [0xd31f2b, 0x6b0c14, 0xfff6e8, 0xffd23c],
    [0x0c4da2, 0x062654, 0xf3f8ff, 0xe4252d],
    [0x1f7a3d, 0x0d3b1d, 0xf6f7e4, 0xf4b81c],
    [0xf7b51d, 0x7a3b06, 0xfffaea, 0xc8102e],
    [0xf26b1d, 0x7d2a05, 0xfff4e6, 0x1d3f8b],
    [0x5b2a86, 0x2c1046, 0xfaf3ff, 0xf7c948],
    [0xe5007e, 0x6d0040, 0xfff0f8, 0x00a6d6],
    [0x00a0af, 0x02484f, 0xeefcfc, 0xff7f32],
    [0x171717, 0x000000, 0xf5efe2, 0xc9a24b],
    [0x3b2417, 0x1d100a, 0xf7ecdc, 0xd98e32],
    [0x1493c8, 0x06324a, 0xf2fbff, 0xffd23f],
    [0xffffff, 0x0b5cad, 0xf4f9fd, 0x58b947],
    [0xd9542b, 0x5a1e0c, 0xfffaf0, 0xffd76a],
    [0xb7d968, 0x2f5d1e, 0xfafdf0, 0xe94f37],
    [0x8fd3e8, 0x0f4c75, 0xf4fcff, 0xf9d423],
    [0xf8c8d4, 0x8e2f4f, 0xfff7f9, 0x5c8d89],
    [0x7a1f3d, 0x3c0a1b, 0xfbf1ec, 0xd9b36c],
    [0x2e4a2f, 0x17281a, 0xf1ecd9, 0xc96f2d],
    [0xc8102e, 0x0b1f4b, 0xffffff, 0xffffff],
    [0x10274d, 0x071328, 0xf2efe6, 0xd4af37],
    [0x00843d, 0x004d25, 0xffffff, 0xffe14d],
    [0x6cace4, 0x123c6e, 0xffffff, 0xef3340],
    [0x2a9d8f, 0x123f39, 0xfffdf6, 0xf4a261],
    [0xffe14d, 0x1a1a1a, 0xfffdf0, 0xe6331a],
    [0xa7c7b7, 0x23453a, 0xf8fbf7, 0xd9734e],
    [0xa11d5a, 0x4a0a28, 0xfff5fa, 0xffc94d],
    [0xff5a5f, 0x7c1d2a, 0xfff3ee, 0x22b8a8],
    [0x4b5d16, 0x23300a, 0xf8f5e1, 0xd7263d],
    [0x302b63, 0x120f2e, 0xf1effa, 0x5ee7df],
    [0xb5651d, 0x4a2509, 0xfdf3e3, 0x2d572c],
];

impl Palette {
    /// A brand's colours: mostly a tried scheme, turned a little, sometimes a free one.
    pub(super) fn draw(node: &Node) -> Self {
        node.draw("palette", |rng| {
            if rng.random_bool(0.3) {
                let hue: f32 = rng.random_range(0.0..360.0);
                let saturation: f32 = rng.random_range(0.55..0.98);
                let value: f32 = rng.random_range(0.45..0.98);
                let apart = [150.0, 180.0, 210.0, 40.0, 320.0][rng.random_range(0..5)];
                return Self {
                    base: Colour::hsv(hue, saturation, value),
                    deep: Colour::hsv(hue + 8.0, (saturation + 0.2).min(1.0), value * 0.32),
                    paper: Colour::hsv(hue, 0.05, 0.99),
                    second: Colour::hsv(hue + apart, 0.75, 0.92),
                };
            }
            let [base, deep, paper, second] = SCHEMES[rng.random_range(0..SCHEMES.len())].map(Colour);
            let light = rng.random_range(-0.1..0.1_f32);
            let turn = |c: Colour| if light > 0.0 { c.lighter(light) } else { c.darker(-light) };
            Self { base: turn(base), deep, paper, second }
        })
    }

    /// A colour of this brand to write with on `ground`: at least `least` contrast to it.
    pub(super) fn ink_on(&self, ground: Colour, least: f32) -> Colour {
        ground.ink(&[self.deep, self.paper, self.second], least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    #[test]
    fn contrast_is_wcags() {
        assert!((WHITE.contrast(Colour(0)) - 21.0).abs() < 1e-4, "black on white is 21");
        assert!((WHITE.contrast(Colour(0x77_7777)) - 4.478).abs() < 1e-2, "a known grey");
        assert_eq!(BLACK.contrast(BLACK), 1.0, "nothing on itself");
    }

    #[test]
    fn hsv_meets_the_corners_of_the_cube() {
        let corners = [(0.0, 0xff_0000), (60.0, 0xff_ff00), (120.0, 0x00_ff00), (240.0, 0x00_00ff)];
        for (hue, rgb) in corners {
            assert_eq!(Colour::hsv(hue, 1.0, 1.0), Colour(rgb), "hue {hue}");
        }
    }

    #[test]
    fn every_palette_can_write_on_all_of_its_grounds() {
        for i in 0..500 {
            let palette = Palette::draw(&Seed(3).dataset().child("brand", i));
            for ground in [palette.base, palette.deep, palette.paper, palette.second] {
                let ink = palette.ink_on(ground, 3.5);
                assert!(ground.contrast(ink) >= 3.5, "{palette:?} on {ground:?} writes {ink:?}");
            }
        }
    }
}
