//! Models as stages use them: fixtures by name, product forms with their materials looked up once.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use glam::{Mat3, Vec3};

use super::SampleError;
use crate::{
    art::Product,
    geometry::Aabb,
    physics::Hull,
    scene::{ArtKey, Dress, FormSpec, Library, MaterialId, Model, ModelId, Pose, Primitive},
};

/// A product form of the library.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) model: ModelId,
    pub(super) spec: FormSpec,
    /// Whether a disc holds all of it; some round forms have a tab or a spout that leaves it.
    pub(super) fits_disc: bool,
    bounds: Aabb,
    /// Outline seen from the side, by height: height, least and greatest z, object frame, metres. For forms that may
    /// lean.
    pub(super) outline: Vec<[f32; 3]>,
    /// All its points, object frame, metres, and the volume inside them.
    body: (Vec<Vec3>, f32),
    /// Its outermost points, worked out when it is first poured; none where it is too hollow to be.
    poured: OnceLock<Vec<Vec3>>,
    slots: Vec<(String, MaterialId)>,
    recolour: BTreeMap<String, MaterialId>,
}

/// A product on its form, at its own size.
#[derive(Clone, Debug)]
pub(super) struct Good {
    pub(super) product: Product,
    pub(super) form: Arc<Form>,
    /// From the form's metres to the product's.
    pub(super) scale: Vec3,
    /// Width, height, depth as drawn, metres.
    pub(super) size: Vec3,
}

/// The material called `name` among those that a model uses.
pub(super) fn material(library: &Library, model: ModelId, name: &str) -> Option<MaterialId> {
    library
        .model(model)
        .primitives
        .iter()
        .map(|primitive| primitive.material)
        .find(|&id| library.material(id).name == name)
}

/// What may reach out of a round form's disc, metres.
const TAB_M: f32 = 0.0004;

/// Greatest distance of a model's surface from the upright axis through the middle of its box, metres.
fn reach(model: &Model) -> f32 {
    let middle = model.bounds.center();
    model
        .primitives
        .iter()
        .flat_map(|primitive| &primitive.vertices.positions)
        .map(|at| (at.x - middle.x).hypot(at.z - middle.z))
        .fold(0.0, f32::max)
}

/// Least and greatest z at each height at which the model has points, from the bottom up.
fn outline(model: &Model) -> Vec<[f32; 3]> {
    let mut levels: BTreeMap<i64, [f32; 3]> = BTreeMap::new();
    for at in model.primitives.iter().flat_map(|primitive| &primitive.vertices.positions) {
        #[expect(clippy::cast_possible_truncation, reason = "tenths of a millimetre")]
        let key = (at.y * 1e4).round() as i64;
        let level = levels.entry(key).or_insert([at.y, at.z, at.z]);
        (level[1], level[2]) = (level[1].min(at.z), level[2].max(at.z));
    }
    levels.into_values().collect()
}

/// Share of its hull that a form fills, from which on it falls and rests as its hull does: a jug with a handle does not.
const FULL: f32 = 0.8;

/// What may bulge out of the hull that a form is poured by, metres.
const BULGE_M: f32 = 0.0002;

/// Volume inside a model's triangles, object frame, cubic metres.
fn volume(model: &Model) -> f32 {
    let of = |primitive: &Primitive| -> f32 {
        let at = |index: &u32| primitive.vertices.positions[*index as usize] - model.bounds.center();
        let triangles = primitive.lods.first().map_or(&[][..], |lod| &lod.indices).chunks_exact(3);
        triangles.map(|t| at(&t[0]).dot(at(&t[1]).cross(at(&t[2]))) / 6.0).sum()
    };
    model.primitives.iter().map(of).sum()
}

/// The points that a form is poured by; none where it does not fill its hull.
fn outermost((points, volume): &(Vec<Vec3>, f32)) -> Vec<Vec3> {
    let hull = Hull::nearly(points, BULGE_M).filter(|hull| *volume > FULL * hull.volume());
    hull.map_or_else(Vec::new, |hull| hull.points().to_vec())
}

/// Every product form of a library, by the form's name.
pub(super) fn forms(library: &Library) -> Result<BTreeMap<String, Arc<Form>>, SampleError> {
    let mut forms = BTreeMap::new();
    for name in library.names() {
        let Some(id) = library.find(name) else { continue };
        let model = library.model(id);
        let spec = FormSpec::from_extras(&model.extras)
            .map_err(|error| SampleError::BadForm { model: name.to_owned(), reason: error.to_string() })?;
        let Some(spec) = spec else { continue };
        let find = |material_name: &String| {
            material(library, id, material_name).ok_or_else(|| SampleError::MissingMaterial {
                model: name.to_owned(),
                source_file: model.source.clone(),
                material: material_name.clone(),
            })
        };
        let slots = spec
            .slots
            .iter()
            .map(|slot| Ok((slot.name.clone(), find(&slot.material)?)))
            .collect::<Result<_, SampleError>>()?;
        let recolour =
            spec.recolour.iter().map(|m| Ok((m.clone(), find(m)?))).collect::<Result<_, SampleError>>()?;
        let fits_disc = spec.round && reach(model) < model.bounds.size().x * 0.5 + TAB_M;
        let outline = if spec.poses.contains(&Pose::Leaning) { outline(model) } else { Vec::new() };
        let points = model.primitives.iter().flat_map(|p| &p.vertices.positions).copied().collect();
        let (body, poured) = ((points, volume(model)), OnceLock::new());
        let form =
            Form { outline, body, poured, model: id, fits_disc, bounds: model.bounds, slots, recolour, spec };
        forms.insert(form.spec.form.clone(), Arc::new(form));
    }
    Ok(forms)
}

impl Good {
    pub(super) fn new(product: Product, form: Arc<Form>) -> Self {
        let mut scale = product.size_m / form.spec.size_m;
        if form.spec.round {
            scale.z = scale.x;
        }
        let size = form.bounds.size() * scale;
        Self { product, form, scale, size }
    }

    /// Rotation and scale of a unit in `pose`, turned by `yaw` radians, and the translation that puts the middle
    /// of its box over (x, z) = (0, 0) and its lowest point at y = 0.
    pub(super) fn at_rest(&self, pose: Resting, yaw: f32) -> (Mat3, Vec3) {
        let linear = Mat3::from_rotation_y(yaw) * pose.rotation() * Mat3::from_diagonal(self.scale);
        let (centre, half) = (self.form.bounds.center(), self.form.bounds.size() * 0.5);
        let middle = linear * centre;
        let rise = (linear.row(1).abs() * half).element_sum();
        (linear, Vec3::new(-middle.x, rise - middle.y, -middle.z))
    }

    /// Width, height and depth of a unit in `pose`, before its yaw.
    pub(super) fn extents(&self, pose: Resting) -> Vec3 {
        match pose {
            Resting::Upright | Resting::OnHead => self.size,
            Resting::Leaning(_) => (pose.rotation() * Mat3::from_diagonal(self.size)).abs() * Vec3::ONE,
            Resting::OnBack | Resting::OnFront => Vec3::new(self.size.x, self.size.z, self.size.y),
            Resting::OnSide => Vec3::new(self.size.y, self.size.x, self.size.z),
        }
    }

    pub(super) fn allows(&self, pose: Pose) -> bool {
        self.form.spec.poses.contains(&pose)
    }

    /// The unit as a convex body about the form's origin, metres; `None` where it is too hollow to fall as one.
    pub(super) fn hull(&self) -> Option<Hull> {
        let poured = self.form.poured.get_or_init(|| outermost(&self.form.body));
        let points: Vec<Vec3> = poured.iter().map(|p| *p * self.scale).collect();
        (!points.is_empty()).then(|| Hull::around(&points)).flatten()
    }

    /// Label art and colours of the product on the form's materials.
    pub(super) fn dresses(&self) -> Vec<Dress> {
        let art = self.form.slots.iter().map(|(slot, material)| Dress {
            material: *material,
            art: Some(ArtKey { sku: self.product.sku.clone(), slot: slot.clone() }),
            colour: None,
        });
        let colours = self.product.colours.iter().filter_map(|(name, colour)| {
            let material = *self.form.recolour.get(name)?;
            Some(Dress { material, art: None, colour: Some(*colour) })
        });
        art.chain(colours).collect()
    }
}

/// The ways in which a unit can rest on flat ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resting {
    /// As it is meant to stand.
    Upright,
    /// On its head, the label still towards the shopper.
    OnHead,
    /// On its back, its bottom towards the shopper, the label up.
    OnBack,
    /// On its front, its top towards the shopper.
    OnFront,
    /// On its side, its top to the left, the label towards the shopper.
    OnSide,
    /// Tilted back by so many tenths of a degree, against what stands behind it.
    Leaning(u16),
}

impl Resting {
    /// The turn that lays an upright unit so.
    pub(super) fn rotation(self) -> Mat3 {
        // Exact quarter turns: no sine of a rounded pi may tilt a unit.
        match self {
            Self::Upright => Mat3::IDENTITY,
            Self::OnHead => Mat3::from_cols(Vec3::NEG_X, Vec3::NEG_Y, Vec3::Z),
            Self::OnBack => Mat3::from_cols(Vec3::X, Vec3::NEG_Z, Vec3::Y),
            Self::OnFront => Mat3::from_cols(Vec3::X, Vec3::Z, Vec3::NEG_Y),
            Self::OnSide => Mat3::from_cols(Vec3::Y, Vec3::NEG_X, Vec3::Z),
            Self::Leaning(tenths) => Mat3::from_rotation_x(-f32::from(tenths) * 0.1_f32.to_radians()),
        }
    }

    /// The pose as labels call it.
    pub(super) fn pose(self) -> Pose {
        match self {
            Self::Upright => Pose::Upright,
            Self::OnHead => Pose::UpsideDown,
            Self::OnBack | Self::OnFront | Self::OnSide => Pose::Lying,
            Self::Leaning(_) => Pose::Leaning,
        }
    }
}
