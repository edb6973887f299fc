//! One infant of a scene, as its triangles say.

use std::collections::BTreeMap;

use diorama::scene::{Instance, Library, Primitive, Role, Scene};
use glam::DVec3;

use crate::reference::{
    lens::Optics,
    near::{Near, placed},
    surface::{self, Triangle},
};

/// The airway is covered by what is nearer than this, metres (the label contract).
const AIRWAY_M: f64 = 0.02;
/// What lies in the skin by so much still covers it: a mattress presses noses.
const PRESSED_M: f64 = 0.004;
/// Rounding of single precision, metres.
const ROUNDING_M: f64 = 2e-5;
/// How deep below the skin a cut is looked for, metres.
const DEEP_M: f64 = 0.04;
/// What is as near to a body touches it, metres.
const TOUCH_M: f64 = 0.010;
/// What carries a body touches so many vertices.
const CARRIED: usize = 12;
/// No body is as wide, metres.
const ACROSS_M: f64 = 0.5;
/// Of an infant's own things, hair and lids for example, what is this near a face does not hide it, metres.
const OWN_M: f64 = 0.010;
/// Of how much of a face that could be seen a share means something.
const LEAST: f64 = 0.12;
/// One in so many triangles of a face is looked at.
const STRIDE: usize = 7;

/// How deep something lies in a body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cut {
    pub(crate) class: String,
    /// Which part of the infant.
    pub(crate) part: String,
    pub(crate) depth_m: f64,
}

/// One infant of a scene.
pub(crate) struct Body<'a> {
    scene: &'a Scene,
    library: &'a Library,
    prefix: String,
    suit: bool,
    /// Its own surface, without hair and eyes.
    own: Near,
    others: Near,
    /// Its pacifier, which lies before the mouth and leaves the nose free: it covers no airway, and hides some of a face.
    pacifier: Near,
}

/// Skin, the nappy and clothes: what is closed.
fn is_closed(name: &str) -> bool {
    !(name.starts_with("hair") || name.starts_with("eye") || matches!(name, "lashes" | "glow"))
}

/// Whether something is a part of the infant with this prefix.
fn is_part(instance: &Instance, prefix: &str) -> bool {
    instance.path.starts_with(prefix) && instance.class != "pacifier"
}

impl<'a> Body<'a> {
    /// `library` knows the scene's own models.
    pub(crate) fn of(scene: &'a Scene, library: &'a Library, number: usize) -> Self {
        let prefix = format!("infant{number}/");
        let name = |primitive: &Primitive| library.material(primitive.material).name.clone();
        let mut extent = (DVec3::INFINITY, DVec3::NEG_INFINITY);
        for instance in scene.instances.iter().filter(|one| is_part(one, &prefix)) {
            let Some(model) = instance.model else { continue };
            for (p, _) in library.model(model).primitives.iter().flat_map(|one| placed(instance, one)) {
                extent = (extent.0.min(p), extent.1.max(p));
            }
        }
        let region = (extent.0 - 0.05, extent.1 + 0.05);
        let names = |wanted: &[&str]| {
            let mine = scene.instances.iter().filter(|one| is_part(one, &prefix));
            let mut models = mine.filter_map(|one| one.model);
            models.any(|m| library.model(m).primitives.iter().any(|p| wanted.contains(&name(p).as_str())))
        };
        // A nappy below a suit is no outer surface.
        let suit = names(&["bodysuit", "sleepsuit"]);
        let own = Near::of(scene, library, region, &|instance, primitive| {
            let name = name(primitive);
            is_part(instance, &prefix) && is_closed(&name) && !(suit && name == "nappy")
        });
        let thing = |instance: &Instance| {
            matches!(instance.role, Role::Labelled | Role::Background) && !is_part(instance, &prefix)
        };
        let others =
            Near::of(scene, library, region, &|instance, _| thing(instance) && instance.class != "pacifier");
        let pacifier = Near::of(scene, library, region, &|instance, _| instance.class == "pacifier");
        Self { scene, library, prefix, suit, own, others, pacifier }
    }

    fn parts(&self) -> impl Iterator<Item = (&Instance, &Primitive, &str)> {
        let mine = self.scene.instances.iter().filter(|one| is_part(one, &self.prefix));
        mine.filter_map(|one| Some((one, one.model?))).flat_map(|(one, model)| {
            let primitives = &self.library.model(model).primitives;
            let library = self.library;
            primitives.iter().map(move |p| (one, p, library.material(p.material).name.as_str()))
        })
    }

    fn face(&self) -> (&Instance, &Primitive) {
        let face = self.parts().find(|(_, _, name)| *name == "skin.face").expect("every infant has one");
        (face.0, face.1)
    }

    /// Least and largest share of nose and mouth that something lies before; `shared` has the infant's asset.
    pub(crate) fn airway(&self, shared: &Library) -> (f64, f64) {
        let asset = shared.model(shared.find("infant").expect("shipped"));
        let told = &asset.extras["diorama"];
        let parts = told["parts"].as_array().expect("a list");
        let face = parts.iter().position(|part| part == "skin.face").expect("there") as u64;
        let (instance, primitive) = self.face();
        let at = placed(instance, primitive);
        let (mut least, mut most, mut all) = (0, 0, 0);
        for pair in told["airway"].as_array().expect("a list") {
            assert_eq!(pair[0].as_u64(), Some(face), "nose and mouth are in the face");
            let (p, normal) = at[pair[1].as_u64().expect("a vertex") as usize];
            let reach = DVec3::splat(AIRWAY_M + ROUNDING_M);
            let before = |ahead_m: f64, reach_m: f64| {
                let mut near = self.others.touching(p - reach, p + reach);
                near.any(|facet| facet.distance_ahead(p, normal, ahead_m).is_some_and(|far| far <= reach_m))
            };
            all += 1;
            most += u32::from(before(-PRESSED_M - ROUNDING_M, AIRWAY_M + ROUNDING_M));
            least += u32::from(before(ROUNDING_M, AIRWAY_M - ROUNDING_M));
        }
        (f64::from(least) / f64::from(all), f64::from(most) / f64::from(all))
    }

    /// The deepest cut of each class of thing that is not bedding: of the places where a surface of the thing lies below
    /// a vertex, against its normal, and inside of the body, the one that is farthest from the body's own surface.
    pub(crate) fn cuts(&self) -> Vec<Cut> {
        let mut deepest: BTreeMap<&str, (f64, &str)> = BTreeMap::new();
        for (instance, primitive, name) in self.parts().filter(|(_, _, name)| self.is_outside(name)) {
            for (p, normal) in placed(instance, primitive) {
                let along = -normal * DEEP_M;
                let near = [&self.others, &self.pacifier];
                for crossing in near.iter().flat_map(|near| near.crossings(p, p + along)) {
                    let class = self.scene.instances[crossing.instance].class.as_str();
                    if matches!(class, "mattress" | "bedding") {
                        continue;
                    }
                    let depth_m = self.depth(p + along * crossing.share);
                    let entry = deepest.entry(class).or_insert((0.0, name));
                    if depth_m > entry.0 {
                        *entry = (depth_m, name);
                    }
                }
            }
        }
        deepest
            .into_iter()
            .map(|(class, (depth_m, part))| Cut { class: class.to_owned(), part: part.to_owned(), depth_m })
            .collect()
    }

    /// Whether something is right below some of its lower surface, or holds it at a side.
    pub(crate) fn is_carried(&self) -> bool {
        let closed = self.parts().filter(|(_, _, name)| self.is_outside(name));
        let points = closed.flat_map(|(instance, primitive, _)| placed(instance, primitive));
        let touching = points.filter(|(p, normal)| {
            normal.y < 0.5 && !self.others.crossings(*p + normal * TOUCH_M, *p - normal * TOUCH_M).is_empty()
        });
        touching.take(CARRIED).count() == CARRIED
    }

    /// How far from the body's surface a place inside of it is, metres; 0 outside.
    fn depth(&self, q: DVec3) -> f64 {
        let inside =
            [DVec3::X, DVec3::NEG_X, DVec3::Y, DVec3::NEG_Y, DVec3::Z, DVec3::NEG_Z].iter().all(|along| {
                let ways = self.own.crossings(q, q + along * ACROSS_M);
                ways.iter().min_by(|a, b| a.share.total_cmp(&b.share)).is_some_and(|first| first.leaves)
            });
        if !inside {
            return 0.0;
        }
        let reach = DVec3::splat(DEEP_M);
        let near = self.own.touching(q - reach, q + reach);
        near.filter_map(|facet| facet.distance_ahead(q, DVec3::ZERO, 0.0)).fold(DEEP_M, f64::min)
    }

    /// Whether a part is closed, and not below a garment that covers it.
    fn is_outside(&self, name: &str) -> bool {
        is_closed(name) && !(self.suit && name == "nappy")
    }

    /// Of the face inside of the frame, as the camera would see it if there were nothing else, the share that it does see;
    /// `None` when there is next to none.
    pub(crate) fn face_seen(&self) -> Option<f64> {
        let (instance, _) = self.face();
        let bodies = surface::bodies(self.scene, self.library, &|_, _| 0);
        let own = bodies.iter().find(|body| body.id == instance.id.0)?;
        let skin = own.triangles.iter().map(|t| t.primitive).min()?;
        let face: Vec<&Triangle> = own.triangles.iter().filter(|t| t.primitive == skin).collect();
        let (centre, radius) = (own.centre, own.radius);
        // What comes between the camera and a ball round the face.
        let between = |t: &Triangle| {
            let middle = (t.corners[0] + t.corners[1] + t.corners[2]) / 3.0;
            let wide = t.corners.iter().map(|c| c.distance(middle)).fold(0.0, f64::max);
            let share = (middle.dot(centre) / centre.length_squared()).clamp(0.0, 1.0);
            middle.distance(centre * share) <= radius + wide
        };
        let mine = |id: u32| is_part(&self.scene.instances[id as usize - 1], &self.prefix);
        let others: Vec<(&surface::Body, Vec<&Triangle>)> = bodies
            .iter()
            .filter(|body| body.id != own.id)
            .map(|body| (body, body.triangles.iter().filter(|t| between(t)).collect()))
            .collect();
        let hidden = |body: &surface::Body, list: &[&Triangle], p: DVec3, slack_m: f64| {
            let nearest = 1.0 - slack_m / p.length();
            list.iter().any(|t| {
                // A face is no shell that one could look into from behind.
                (t.faces(p) || body.id == own.id)
                    && t.meet(p).is_some_and(|m| m.t < nearest && body.exists(t, m) != surface::Exists::No)
            })
        };
        let optics = Optics::new(self.scene.camera.intrinsics);
        let size = self.scene.camera.intrinsics.size;
        let (mut could, mut does) = (0.0, 0.0);
        for triangle in face.iter().step_by(STRIDE) {
            let [a, b, c] = triangle.corners;
            let p = (a + b + c) / 3.0;
            let inside = optics.project(p).is_some_and(|at| {
                at.x >= 0.0 && at.y >= 0.0 && at.x < f64::from(size.width) && at.y < f64::from(size.height)
            });
            if !inside || !triangle.faces(p) || hidden(own, &face, p, 1e-4) {
                continue;
            }
            let area = -triangle.normal().dot(p.normalize());
            could += area;
            let seen = others
                .iter()
                .all(|(body, list)| !hidden(body, list, p, if mine(body.id) { OWN_M } else { 1e-4 }));
            does += if seen { area } else { 0.0 };
        }
        let all: f64 = face.iter().step_by(STRIDE).map(|t| t.normal().length()).sum();
        (could > LEAST * all).then(|| does / could)
    }
}
