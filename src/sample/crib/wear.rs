//! What an infant looks like and wears; and the instances that show it.

use std::{collections::BTreeMap, sync::Arc};

use glam::Vec3;
use rand::RngExt;

use super::{
    anatomy::Anatomy,
    between,
    body::{Body, Posed},
    fabric,
    growth::{Sex, size},
    mesh::{Mesh, of_primitives},
    palette::{Band, Palette, textile, unlike_skin},
};
use crate::{
    scene::{Dress, Lod, MaterialId, Model, Primitive, Vertices},
    seed::Node,
};

/// An infant that exists: its shape, its looks, its clothes. There is no way to make one without clothes: `worn` comes
/// on top of the nappy, which [`Anatomy::visible`] always shows.
#[derive(Debug)]
pub(super) struct Infant {
    pub(super) sex: Sex,
    pub(super) age_months: f32,
    pub(super) size: super::growth::Size,
    pub(super) body: Body,
    pub(super) worn: Vec<&'static str>,
    pub(super) tone: f32,
    pub(super) asleep: bool,
}

/// Three z-scores, together within what the tables call usual.
fn z_scores(node: &Node) -> [f32; 3] {
    node.draw("z_scores", |rng| {
        let mut bell = || (0..6).map(|_| between(-0.5, 0.5, rng)).sum::<f32>() * std::f32::consts::SQRT_2;
        let (length, own, head) = (bell(), bell(), bell());
        // Long infants are heavy: a correlation of about 0.6 each way.
        [length, 0.6 * length + 0.8 * own, 0.5 * length + 0.86 * head].map(|z| z.clamp(-2.2, 2.2))
    })
}

impl Infant {
    pub(super) fn draw(
        anatomy: &Anatomy,
        model: &Model,
        age_months: f32,
        asleep: bool,
        night: bool,
        node: &Node,
    ) -> Self {
        let sex = node.draw("sex", |rng| if rng.random::<bool>() { Sex::Male } else { Sex::Female });
        let size = size(sex, age_months, z_scores(node));
        let mut weights: BTreeMap<&str, f32> = BTreeMap::new();
        weights.insert("male", if sex == Sex::Male { 1.0 } else { -1.0 });
        let ancestry = node.draw("ancestry", |rng| [0; 3].map(|_| rng.random::<f32>().powi(2)));
        let total: f32 = ancestry.iter().sum::<f32>().max(1e-3);
        for (name, share) in ["african", "asian", "caucasian"].into_iter().zip(ancestry) {
            weights.insert(name, (share / total - 1.0 / 3.0) * 1.2);
        }
        // Proportions grow up slowly: legs and neck lengthen.
        weights.insert("older", 0.16 * (age_months / 24.0).clamp(0.0, 1.0));
        for (name, low, high) in [
            ("cheeks_full", 0.1, 0.9),
            ("head_round", 0.0, 0.5),
            ("head_long", -0.2, 0.5),
            ("nose_small", -0.1, 0.5),
            ("nose_wide", -0.3, 0.5),
            ("mouth_wide", -0.3, 0.2),
            ("chin_small", 0.0, 0.5),
            ("ears_out", -0.2, 0.5),
            ("forehead_high", -0.2, 0.4),
            ("brow_up", -0.1, 0.25),
        ] {
            weights.insert(name, node.draw(name, |rng| between(low, high, rng)));
        }
        expression(&mut weights, asleep, node);
        let body = Body::shaped(anatomy, model, &weights, &size);
        let tone = node.draw("skin_tone", |rng| rng.random::<f32>());
        Self { sex, age_months, size, body, worn: outfit(age_months, night, node), tone, asleep }
    }

    /// Models with class and dresses, posed; parts that belong to the head are told apart. `shine` is what pupils shine
    /// with at night, and where the light that they send back comes from.
    pub(super) fn dressed(
        &self,
        anatomy: &Anatomy,
        model: &Model,
        posed: &Posed,
        palette: Palette,
        shine: Option<(MaterialId, Vec3)>,
        node: &Node,
    ) -> Vec<Worn> {
        let visible = anatomy.visible(&self.worn);
        let group = |name: &str| match name {
            "skin.face" | "lashes" => Group::Face,
            _ if name.starts_with("eye_") => Group::Face,
            "skin.head" => Group::Head,
            "hat" => Group::Hat,
            _ if name.starts_with("hair") => Group::Head,
            _ if name.starts_with("skin.") || name == "nappy" => Group::Body,
            _ => Group::Clothes,
        };
        [Group::Body, Group::Clothes, Group::Head, Group::Hat, Group::Face]
            .into_iter()
            .filter_map(|wanted| {
                let parts: Vec<usize> =
                    visible.iter().copied().filter(|&i| group(&anatomy.parts[i].name) == wanted).collect();
                if parts.is_empty() {
                    return None;
                }
                let mut primitives: Vec<Primitive> =
                    parts.iter().map(|&i| primitive(anatomy, model, posed, i)).collect();
                let mut dresses = self.dresses(anatomy, &parts, palette, node);
                if let (Group::Face, Some((glow, from)), false) = (wanted, shine, self.asleep) {
                    let (discs, dress) = pupils(anatomy, self, posed, glow, from);
                    primitives.push(discs);
                    dresses.push(dress);
                }
                let name = format!("infant {}", wanted.name());
                let shown = of_primitives(&name, primitives, &model.licence, &model.source);
                Some(Worn { group: wanted, model: Arc::new(shown), dresses })
            })
            .collect()
    }

    fn dresses(&self, anatomy: &Anatomy, parts: &[usize], palette: Palette, node: &Node) -> Vec<Dress> {
        let skin = palette.skin(self.tone, node);
        parts
            .iter()
            .map(|&index| {
                let part = &anatomy.parts[index];
                let name = part.name.as_str();
                if name.starts_with("skin.") {
                    return palette.dress(part.material, skin, None);
                }
                if name.starts_with("hair") {
                    let hair = palette.hair(node, self.tone);
                    // Fuzz alone lets the scalp shine through.
                    let thin = name == "hair_fuzz" && !self.worn.contains(&"hair_short");
                    let colour = if thin { skin.lerp(hair, 0.4) } else { hair };
                    return palette.dress(part.material, colour, None);
                }
                match name {
                    "nappy" => {
                        let white = palette.fabric(Vec3::splat(0.80), &node.child("nappy", 0));
                        palette.dress(part.material, white, fabric::nappy(&node.child("nappy", 0)))
                    }
                    "lashes" => {
                        let dark = if palette.band == Band::Visible { 0.012 } else { 0.10 };
                        palette.dress(part.material, Vec3::splat(dark), None)
                    }
                    _ if name.starts_with("eye_") => palette.dress(part.material, Vec3::splat(0.9), None),
                    _ => {
                        // Vest and sack are one garment, of one fabric.
                        let garment = if name == "vest" { "sack" } else { name };
                        let cloth = node.child(garment, 0);
                        let art = fabric::pattern(&cloth);
                        let ground = if art.is_some() {
                            Vec3::splat(0.92)
                        } else {
                            unlike_skin(textile(&cloth, "colour"))
                        };
                        palette.dress(part.material, palette.fabric(ground, &cloth), art)
                    }
                }
            })
            .collect()
    }
}

/// Which instance a part belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// Skin below the neck, fused with the nappy.
    Body,
    Clothes,
    Head,
    Hat,
    Face,
}

impl Group {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Clothes => "clothes",
            Self::Head => "head",
            Self::Hat => "hat",
            Self::Face => "face",
        }
    }
}

/// A posed piece of an infant.
#[derive(Debug)]
pub(super) struct Worn {
    pub(super) group: Group,
    pub(super) model: Arc<Model>,
    pub(super) dresses: Vec<Dress>,
}

/// What night vision sees of eyes that are open: pupils that send its light back (the red-eye effect at 850 nm), the more
/// so the more directly an eye looks at the lamps beside the lens at `from`. `glow` is what shines by itself.
fn pupils(
    anatomy: &Anatomy,
    infant: &Infant,
    posed: &Posed,
    glow: MaterialId,
    from: Vec3,
) -> (Primitive, Dress) {
    let (mut discs, mut most) = (Mesh::default(), 0.0_f32);
    for name in ["eye_l", "eye_r"] {
        let (part, vertex) = anatomy.landmarks[name];
        let ball = &posed.parts[part];
        #[expect(clippy::cast_precision_loss, reason = "a hundred points")]
        let middle = ball.iter().sum::<Vec3>() / ball.len().max(1) as f32;
        let front = ball[vertex];
        let ahead = (front - middle).normalize_or(Vec3::Z);
        let straight = ahead.dot((from - front).normalize_or_zero());
        // A retina sends light back within some thirty degrees of where the eye looks.
        most = most.max(((straight - 0.84) / 0.14).clamp(0.0, 1.0));
        discs.disc(front + ahead * 4e-4, ahead, 0.0031 * (infant.size.length_m / 0.6).sqrt());
    }
    let colour = Vec3::splat(0.03 + 1.7 * most).extend(1.0);
    (discs.primitive(glow), Dress { material: glow, art: None, colour: Some(colour) })
}

fn primitive(anatomy: &Anatomy, model: &Model, posed: &Posed, index: usize) -> Primitive {
    let source = &model.primitives[index];
    Primitive {
        vertices: Vertices {
            positions: posed.parts[index].clone(),
            normals: posed.normals[index].clone(),
            uv0: source.vertices.uv0.clone(),
            ..Vertices::default()
        },
        lods: vec![Lod { indices: anatomy.triangles[index].clone(), error_um: 0 }],
        material: source.material,
        skin: Vec::new(),
        morphs: Vec::new(),
    }
}

fn expression(weights: &mut BTreeMap<&'static str, f32>, asleep: bool, node: &Node) {
    let mood: f32 = node.draw("mood", |rng| rng.random());
    let amount: f32 = node.draw("mood_strength", |rng| between(0.3, 1.0, rng));
    if asleep {
        weights.insert("blink", 1.0);
        weights.insert("jaw_open", if mood < 0.4 { 0.16 * amount } else { 0.0 });
        return;
    }
    weights.insert("blink", node.draw("lids", |rng| between(-0.1, 0.25, rng)));
    match mood {
        m if m < 0.30 => {
            weights.insert("smile", 0.7 * amount);
            weights.insert("jaw_open", 0.25 * amount);
        }
        m if m < 0.50 => {
            // Crying.
            for (name, most) in [
                ("jaw_open", 0.8),
                ("frown", 0.7),
                ("brow_down", 0.7),
                ("squint", 0.9),
                ("stretch", 0.6),
                ("sneer", 0.4),
            ] {
                weights.insert(name, most * amount);
            }
            weights.insert("blink", 0.75 * amount);
        }
        m if m < 0.65 => {
            weights.insert("pucker", 0.5 * amount);
        }
        _ => {
            weights.insert("jaw_open", 0.12 * amount);
        }
    }
}

/// What is worn over the nappy.
fn outfit(age_months: f32, night: bool, node: &Node) -> Vec<&'static str> {
    let kind: f32 = node.draw("outfit", |rng| rng.random());
    let mut worn = match kind {
        k if k < 0.10 && !night => vec![],
        k if k < 0.38 => vec!["bodysuit"],
        k if k < 0.76 => vec!["sleepsuit"],
        _ => vec!["bodysuit", "vest", "sack"],
    };
    let sleeps_in_feet = worn.iter().any(|w| matches!(*w, "sleepsuit" | "sack"));
    if !sleeps_in_feet && node.draw("socks", |rng| rng.random_bool(0.4)) {
        worn.push("socks");
    }
    let hat = if age_months < 2.0 { 0.45 } else { 0.08 };
    if node.draw("hat", |rng| rng.random_bool(hat)) {
        worn.push("hat");
    } else {
        let fullness = node.draw("hair", |rng| rng.random::<f32>()) + age_months / 40.0;
        match fullness {
            f if f < 0.25 => {}
            f if f < 0.75 => worn.push("hair_fuzz"),
            _ => worn.extend(["hair_fuzz", "hair_short", "hair_top"]),
        }
    }
    worn
}
