//! Colours of things, as the camera's sensor sees them: by daylight, or at 850 nm.
//!
//! In the near infrared dyes are mostly clear, so that fabrics turn light and lose their patterns, and skin is bright
//! and flat whatever its tone: melanin hardly absorbs there (Jacques 2013, 'Optical properties of biological tissues:
//! a review', Phys. Med. Biol. 58).

use glam::{Vec3, Vec4};
use rand::RngExt;

use super::between;
pub(super) use crate::sample::people::srgb;
use crate::{
    sample::people,
    scene::{ArtKey, Dress, MaterialId},
    seed::Node,
};

/// What the sensor is sensitive to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Band {
    Visible,
    Infrared,
}

/// Makes dresses for one band.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    pub(super) band: Band,
}

impl Palette {
    pub(super) fn dress(self, material: MaterialId, colour: Vec3, art: Option<ArtKey>) -> Dress {
        // Of a print only a trace is left.
        let faint = |key: ArtKey| ArtKey { sku: format!("nir-{}", key.sku), ..key };
        let art = if self.band == Band::Visible { art } else { art.map(faint) };
        Dress { material, art, colour: Some(colour.extend(1.0)) }
    }

    /// A fabric's ground: its colour; at 850 nm the colour of its fibres with a little dye left.
    pub(super) fn fabric(self, colour: Vec3, node: &Node) -> Vec3 {
        match self.band {
            Band::Visible => colour,
            Band::Infrared => {
                // Apart from skin's, so that clothes read as clothes: some fibres are darker, most brighter.
                let fibre = node.draw("fibre_nir", |rng| {
                    if rng.random_bool(0.35) { between(0.26, 0.40, rng) } else { between(0.72, 0.90, rng) }
                });
                Vec3::splat(fibre * (0.80 + 0.20 * luminance(colour).sqrt()))
            }
        }
    }

    /// Paint, wood, plastic.
    pub(super) fn solid(self, colour: Vec3, node: &Node) -> Vec3 {
        match self.band {
            Band::Visible => colour,
            Band::Infrared => Vec3::splat(
                (0.25 + 0.6 * luminance(colour).sqrt())
                    * node.draw("solid_nir", |rng| between(0.75, 1.0, rng)),
            ),
        }
    }

    /// The infant's skin, for a base colour that its picture multiplies. `tone` is 0 (lightest) to 1.
    pub(super) fn skin(self, tone: f32, node: &Node) -> Vec3 {
        match self.band {
            Band::Visible => {
                let blood = node.draw("skin_warmth", |rng| between(-0.05, 0.06, rng));
                people::skin(tone) * Vec3::new(1.0 + blood, 1.0, 1.0 - blood * 0.6) / people::SKIN_PICTURE
            }
            Band::Infrared => Vec3::splat((0.60 - 0.12 * tone) / people::SKIN_PICTURE),
        }
    }

    /// Skin without a picture of its own.
    pub(super) fn bare(self, tone: f32, node: &Node) -> Vec3 {
        self.skin(tone, node) * people::SKIN_PICTURE
    }

    pub(super) fn hair(self, node: &Node, dark: f32) -> Vec3 {
        let colour = node.draw("hair_tone", |rng| {
            let free = rng.random_range(0..people::HAIR.len());
            people::hair(free, rng.random::<f32>() < dark)
        });
        match self.band {
            Band::Visible => colour,
            Band::Infrared => Vec3::splat(0.22 + 0.3 * luminance(colour)),
        }
    }
}

pub(super) fn luminance(c: Vec3) -> f32 {
    0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z
}

/// A colour that nursery textiles have: whites and pastels, some strong ones. Linear.
pub(super) fn textile(node: &Node, parameter: &str) -> Vec3 {
    node.draw(parameter, |rng| {
        let kind: f32 = rng.random();
        let hue: f32 = rng.random();
        let (s, v) = match kind {
            k if k < 0.30 => (between(0.0, 0.07, rng), between(0.88, 0.97, rng)),
            k if k < 0.75 => (between(0.10, 0.32, rng), between(0.78, 0.95, rng)),
            k if k < 0.92 => (between(0.35, 0.62, rng), between(0.45, 0.85, rng)),
            _ => (between(0.0, 0.2, rng), between(0.22, 0.55, rng)),
        };
        let [r, g, b] = hsv(hue, s, v);
        srgb(r * 255.0, g * 255.0, b * 255.0)
    })
}

/// The colour, or a cooler one where it could be taken for bare skin.
pub(super) fn unlike_skin(colour: Vec3) -> Vec3 {
    // Skin runs from pink to brown: red over green over blue, neither grey nor a strong yellow or red.
    let (warm, blue) = (colour.x / colour.y.max(1e-3), colour.y / colour.z.max(1e-3));
    let like = (1.12..2.4).contains(&warm) && (1.0..2.2).contains(&blue);
    if like { Vec3::new(colour.z, colour.y, colour.x) } else { colour }
}

pub(super) fn hsv(h: f32, s: f32, v: f32) -> [f32; 3] {
    let wheel = |offset: f32| {
        let k = (offset + h * 6.0).rem_euclid(6.0);
        v - v * s * k.min(4.0 - k).clamp(0.0, 1.0)
    };
    [wheel(5.0), wheel(3.0), wheel(1.0)]
}

/// Wood and paint of furniture. Linear.
pub(super) fn furniture(node: &Node) -> Vec3 {
    const WOOD: [[f32; 3]; 7] = [
        [250.0, 249.0, 246.0],
        [246.0, 243.0, 236.0],
        [222.0, 190.0, 146.0],
        [200.0, 160.0, 112.0],
        [150.0, 104.0, 66.0],
        [94.0, 62.0, 42.0],
        [176.0, 178.0, 176.0],
    ];
    let [r, g, b] = node.draw("furniture", |rng| WOOD[rng.random_range(0..WOOD.len())]);
    srgb(r, g, b)
}

/// No colour of its own.
pub(super) fn plain(material: MaterialId, colour: Vec3) -> Dress {
    Dress { material, art: None, colour: Some(Vec4::from((colour, 1.0))) }
}
