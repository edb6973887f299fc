//! Surfaces in glTF's metallic-roughness terms. Colours are linear.

use serde_json::{Value, json};

use crate::texture::Picture;

/// A material; [`Material::new`] starts with a plain matte dielectric.
#[derive(Clone, Debug)]
pub(crate) struct Material {
    pub(crate) name: &'static str,
    colour: [f64; 4],
    metallic: f64,
    roughness: f64,
    clearcoat: Option<(f64, f64)>,
    ior: Option<f64>,
    /// Emitted radiance, the same for all colours.
    glow: f64,
    pub(crate) picture: Option<Picture>,
}

impl Material {
    pub(crate) fn new(name: &'static str, rgb: [f64; 3], roughness: f64) -> Self {
        let [r, g, b] = rgb;
        let colour = [r, g, b, 1.0];
        Self { name, colour, metallic: 0.0, roughness, clearcoat: None, ior: None, glow: 0.0, picture: None }
    }

    /// White, to be multiplied with art.
    pub(crate) fn art(name: &'static str, roughness: f64) -> Self {
        Self::new(name, [1.0; 3], roughness)
    }

    /// The same under another name.
    pub(crate) fn renamed(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    pub(crate) fn metallic(mut self, share: f64) -> Self {
        self.metallic = share;
        self
    }

    /// A clear coat: strength and roughness (gloss varnish, glass over a dark body).
    pub(crate) fn coat(mut self, strength: f64, roughness: f64) -> Self {
        self.clearcoat = Some((strength, roughness));
        self
    }

    /// Blended over what lies behind, with an index of refraction.
    pub(crate) fn clear(mut self, alpha: f64, ior: f64) -> Self {
        self.colour[3] = alpha;
        self.ior = Some(ior);
        self
    }

    /// Emits so much radiance.
    pub(crate) fn glowing(mut self, radiance: f64) -> Self {
        self.glow = radiance;
        self
    }

    /// Multiplies the colour with a repeating picture.
    pub(crate) fn picture(mut self, picture: Picture) -> Self {
        self.picture = Some(picture);
        self
    }

    /// Whether it shows a picture of its own or takes art.
    pub(crate) fn is_textured(&self) -> bool {
        self.picture.is_some() || ["label", "top", "tag"].contains(&self.name)
    }

    pub(crate) fn is_clear(&self) -> bool {
        self.colour[3] < 1.0
    }

    /// As glTF; `texture` is the index of its picture.
    pub(crate) fn json(&self, texture: Option<usize>) -> Value {
        let mut out = json!({
            "name": self.name,
            "pbrMetallicRoughness": {
                "baseColorFactor": self.colour,
                "metallicFactor": self.metallic,
                "roughnessFactor": self.roughness,
            },
        });
        if let Some(index) = texture {
            out["pbrMetallicRoughness"]["baseColorTexture"] = json!({ "index": index });
        }
        if self.is_clear() {
            out["alphaMode"] = json!("BLEND");
        }
        if let Some((strength, roughness)) = self.clearcoat {
            out["extensions"]["KHR_materials_clearcoat"] =
                json!({ "clearcoatFactor": strength, "clearcoatRoughnessFactor": roughness });
        }
        if self.glow > 0.0 {
            out["emissiveFactor"] = json!([1.0, 1.0, 1.0]);
            out["extensions"]["KHR_materials_emissive_strength"] = json!({ "emissiveStrength": self.glow });
        }
        if let Some(ior) = self.ior {
            out["extensions"]["KHR_materials_ior"] = json!({ "ior": ior });
        }
        out
    }
}

/// Printed aluminium or tinplate.
pub(crate) fn printed_metal() -> Material {
    Material::art("label", 0.3).metallic(0.7)
}

/// Bare aluminium or tinplate.
pub(crate) fn bare_metal(name: &'static str) -> Material {
    Material::new(name, [0.82, 0.82, 0.83], 0.32).metallic(0.95)
}

/// Varnished card.
pub(crate) fn card(name: &'static str) -> Material {
    Material::art(name, 0.6).coat(0.35, 0.3)
}

/// A sleeve or bag of printed plastic film.
pub(crate) fn film(name: &'static str) -> Material {
    Material::art(name, 0.35).coat(0.5, 0.15)
}

/// Label paper.
pub(crate) fn paper(name: &'static str) -> Material {
    Material::art(name, 0.55).coat(0.2, 0.35)
}

/// Moulded polypropylene or polyethylene.
pub(crate) fn plastic(name: &'static str, rgb: [f64; 3]) -> Material {
    Material::new(name, rgb, 0.38)
}
