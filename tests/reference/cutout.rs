//! Alpha-mask cut-outs: which parts of a triangle exist.

use std::sync::Arc;

use diorama::scene::{Alpha, Instance, Library, Material, Pixels, Primitive, TextureSource, Wrap};
use glam::{DAffine2, DVec2};

/// Alpha within this of the cutoff is unsure: filters on graphics hardware have eight bits of position.
const UNSURE: f64 = 0.02;
/// Longer side of label art that is asked for; masks in label art are judged at this resolution.
const ART_SIDE: u32 = 1024;

/// Whether a surface exists at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exists {
    Yes,
    No,
    Unsure,
}

/// A material's cut-out, ready to be asked.
#[derive(Debug)]
pub(crate) struct Cutout {
    cutoff: f64,
    factor: f64,
    texture: Option<Sampler>,
    /// Which texture coordinates.
    pub(crate) uv_set: u8,
}

#[derive(Debug)]
struct Sampler {
    pixels: Arc<Pixels>,
    wrap: [Wrap; 2],
    transform: DAffine2,
}

impl Cutout {
    /// The cut-out of a primitive as an instance wears it; `None` when every point of it exists.
    pub(crate) fn of(instance: &Instance, primitive: &Primitive, library: &Library) -> Option<Self> {
        let material: &Material = library.material(primitive.material);
        let Alpha::Mask { cutoff } = material.alpha else { return None };
        let dress = instance.dresses.iter().find(|d| d.material == primitive.material);
        let colour = dress.and_then(|d| d.colour).unwrap_or(material.base_colour);
        let texture = material.base_texture.map(|reference| {
            let texture = library.texture(reference.texture);
            let art = |key| library.art().pixels(key, ART_SIDE).expect("the test scene's art exists");
            let pixels = match (dress.and_then(|d| d.art.as_ref()), &texture.source) {
                (Some(key), _) | (None, TextureSource::Art(key)) => art(key),
                (None, TextureSource::Pixels(pixels)) => pixels.clone(),
            };
            Sampler { pixels, wrap: texture.wrap, transform: reference.transform.as_daffine2() }
        });
        let uv_set = material.base_texture.map_or(0, |t| t.uv_set);
        Some(Self { cutoff: f64::from(cutoff), factor: f64::from(colour.w), texture, uv_set })
    }

    /// Whether the surface exists at texture coordinates where the vertex colours' alpha is `vertex_alpha`.
    pub(crate) fn exists(&self, uv: DVec2, vertex_alpha: f64) -> Exists {
        let texel = self.texture.as_ref().map_or(1.0, |t| t.alpha(uv));
        let above = texel * self.factor * vertex_alpha - self.cutoff;
        if above.abs() <= UNSURE {
            Exists::Unsure
        } else if above > 0.0 {
            Exists::Yes
        } else {
            Exists::No
        }
    }
}

impl Sampler {
    /// Bilinear alpha, 0 to 1.
    fn alpha(&self, uv: DVec2) -> f64 {
        let uv = self.transform.transform_point2(uv);
        let size = [self.pixels.width, self.pixels.height];
        let at = [uv.x * f64::from(size[0]) - 0.5, uv.y * f64::from(size[1]) - 0.5];
        let texel = |dx: i64, dy: i64| {
            let x = wrapped(at[0].floor() as i64 + dx, size[0], self.wrap[0]);
            let y = wrapped(at[1].floor() as i64 + dy, size[1], self.wrap[1]);
            f64::from(self.pixels.rgba[(y * size[0] as usize + x) * 4 + 3]) / 255.0
        };
        let (fx, fy) = (at[0] - at[0].floor(), at[1] - at[1].floor());
        (texel(0, 0) * (1.0 - fx) + texel(1, 0) * fx) * (1.0 - fy)
            + (texel(0, 1) * (1.0 - fx) + texel(1, 1) * fx) * fy
    }
}

fn wrapped(index: i64, size: u32, wrap: Wrap) -> usize {
    let size = i64::from(size);
    let inside = match wrap {
        Wrap::Repeat => index.rem_euclid(size),
        Wrap::Clamp => index.clamp(0, size - 1),
        Wrap::Mirror => {
            let twice = index.rem_euclid(2 * size);
            if twice < size { twice } else { 2 * size - 1 - twice }
        }
    };
    usize::try_from(inside).expect("wrapped into the texture")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_and_filtering() {
        assert_eq!([-1, 0, 3, 4, 9].map(|i| wrapped(i, 4, Wrap::Repeat)), [3, 0, 3, 0, 1], "repeat");
        assert_eq!([-1, 0, 3, 4, 9].map(|i| wrapped(i, 4, Wrap::Clamp)), [0, 0, 3, 3, 3], "clamp");
        assert_eq!([-1, 0, 3, 4, 9].map(|i| wrapped(i, 4, Wrap::Mirror)), [0, 0, 3, 3, 1], "mirror");
        let rgba = vec![0, 0, 0, 0, 0, 0, 0, 255];
        let pixels = Arc::new(Pixels { width: 2, height: 1, rgba });
        let sampler = Sampler { pixels, wrap: [Wrap::Clamp; 2], transform: DAffine2::IDENTITY };
        for (u, alpha) in [(0.0, 0.0), (0.25, 0.0), (0.5, 0.5), (0.625, 0.75), (0.75, 1.0), (1.0, 1.0)] {
            assert!((sampler.alpha(DVec2::new(u, 0.5)) - alpha).abs() < 1e-12, "alpha at {u}");
        }
    }
}
