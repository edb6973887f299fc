//! What lies on the mattress and round the infant: sheet, pillow, toys, bumper, cord, blanket.

use glam::{Vec2, Vec3, vec3};
use rand::{Rng, RngExt};

use super::{
    Nursery, Present,
    adult::Adult,
    bed::{Crib, Sheet},
    between, fabric,
    film::{self, Below, Grip, Instant},
    loose::{self, Fall},
    lying::Laid,
    measure,
    mesh::Mesh,
    motion::Bearing,
    onward,
    pacifier::{self, Pacifier},
    palette::{Palette, textile},
    peril,
    relief::Relief,
    setting::{Cover, Setting},
    single, things,
};
use crate::{
    config::{CribRecipe, Scenario},
    physics::Cloth,
    sample::moment::Moment,
    scene::{Event, MaterialId, Role},
    seed::Node,
};

/// In how many parts a film is looked through for where its bodies pass.
const SWEPT: u32 = 10;
/// In how many parts a blanket is pulled to where a single picture shows it, with some to come to rest, and how many of
/// them make a second.
const PULLING: u32 = 12;
const PULLED: u32 = 19;
const PULLED_PER_S: f64 = 8.0;
/// From this share of the way on hands let go of a blanket.
const RELEASED: f32 = 0.97;

/// A bed in the making.
pub(super) struct Bedding<'a> {
    pub(super) nursery: &'a Nursery,
    pub(super) setting: &'a mut Setting,
    /// Triangles of all that lies there so far.
    pub(super) covers: &'a mut Vec<Cover>,
    pub(super) crib: &'a Crib,
    pub(super) palette: Palette,
    pub(super) scenario: Scenario,
    pub(super) infants: &'a [Present],
    /// Whose hands reach in.
    pub(super) adult: Option<&'a Adult>,
    pub(super) moment: Option<&'a Moment>,
    /// What happens in a film.
    pub(super) events: &'a mut Vec<Event>,
}

impl Bedding<'_> {
    /// Lays the bed: `root` is the frame's.
    pub(super) fn lay(&mut self, recipe: &CribRecipe, root: &Node) {
        let (m, crib, scenario) = (self.nursery.materials, self.crib, self.scenario);
        let first = self.infants.first().map(|present| &present.still);
        let anatomy = &self.nursery.anatomy;
        let mut relief = self.relief(|_, present| &present.still);
        // Where bodies are at any time: nothing else lies there.
        let taken = self.swept(&relief);
        self.sheet(&root.child("bedding", 0));
        let clutter = |name: &str| {
            let child = root.child(name, 0);
            let there = child.draw("there", |rng| {
                let likely = single(recipe.clutter.sample(rng));
                rng.random::<f32>() < likely && scenario != Scenario::SafeSupine
            });
            there.then_some(child)
        };
        // Padding would close the gaps, and a pillow lie across one.
        let gap = scenario == Scenario::WedgedBetweenMattressAndRail;
        let padded = crib.make.has_slats() && scenario != Scenario::LimbThroughSlats && !gap;
        if let Some(child) = clutter("bumper").filter(|_| padded) {
            let mesh = things::bumper(crib, &child);
            if !taken.widened(2, |_| false).meets(&mesh.positions) {
                self.put("bumper", &child, mesh, m.fabric, true);
            }
        }
        if let Some(child) = clutter("pillow").filter(|_| !gap) {
            let free = loose::free_end(first);
            let at =
                vec3(free * (crib.half[0] - 0.16), 0.0, child.draw("z_m", |rng| between(-0.06, 0.06, rng)));
            let mesh = things::pillow(crib, at, &child);
            if !taken.meets(&mesh.positions) {
                relief.add(&mesh.positions, &mesh.indices);
                self.put("pillow", &child, mesh, m.fabric, true);
            }
        }
        let on_face = scenario == Scenario::SoftToyOnFace;
        for index in 0..2_usize {
            let child = root.child("toy", index);
            let mesh = match (first, on_face && index == 0) {
                (Some(laid), true) => {
                    let toy = loose::toy_on_face(laid, anatomy, &relief, &child);
                    Some(self.fallen(toy, &child))
                }
                _ => clutter(&format!("toy{index}_")).map(|_| loose::toy_beside(crib, &relief, &child)),
            };
            if let Some(mesh) = mesh
                && (on_face && index == 0 || !relief.meets(&mesh.positions) && !taken.meets(&mesh.positions))
            {
                relief.add(&mesh.positions, &mesh.indices);
                self.put("toy", &child, mesh, m.plush, false);
            }
        }
        if let (Some(laid), Scenario::CordNearNeck) = (first, scenario) {
            let child = root.child("cord", 0);
            let mesh = peril::cord(laid, anatomy, crib, &relief, &child);
            self.put("cord", &child, mesh, m.smooth, false);
        }
        self.pacifiers(&mut relief, &taken);
        let child = root.child("blanket", 0);
        if let Some(spread) = loose::blanket(scenario, first, anatomy, crib, recipe, &child) {
            let mut cloth = things::blanket(crib, &relief, spread, &child);
            self.carry(&mut cloth, spread.face);
            let mut mesh = Mesh::default();
            mesh.sheet(&cloth.points, cloth.columns, |c, r| {
                #[expect(clippy::cast_precision_loss, reason = "a small grid")]
                let uv = Vec2::new(c as f32, r as f32) * cloth.spacing_m;
                uv
            });
            self.put("blanket", &child, mesh, m.fabric, true);
        }
    }

    /// Pacifiers, in mouths and lost.
    fn pacifiers(&mut self, relief: &mut Relief, taken: &Relief) {
        let (anatomy, smooth) = (&self.nursery.anatomy, self.nursery.materials.smooth);
        for present in self.infants {
            let node = present.node.child("pacifier", 0);
            let mesh = match present.pacifier {
                Pacifier::None => None,
                Pacifier::In => Some(pacifier::in_mouth(present, anatomy, &node)),
                Pacifier::Lost => {
                    pacifier::beside(&present.still, anatomy, self.crib, &relief.with(taken), &node)
                }
            };
            let Some(mesh) = mesh else { continue };
            if present.pacifier == Pacifier::Lost {
                relief.add(&mesh.positions, &mesh.indices);
            }
            let dress = self.palette.dress(smooth, self.palette.solid(textile(&node, "colour"), &node), None);
            self.setting.made(&node, "pacifier", Role::Labelled, vec![(mesh, smooth)], vec![dress]);
        }
    }

    /// In a film, a toy on its way to where it comes to lie.
    fn fallen(&mut self, toy: Mesh, node: &Node) -> Mesh {
        let Some(moment) = self.moment else { return toy };
        let Some(fall) = Fall::draw(&toy, self.crib, moment.length_s(), node) else { return toy };
        self.events.push(fall.event(moment));
        fall.at(toy, single(moment.seconds()))
    }

    fn put(&mut self, class: &'static str, node: &Node, mesh: Mesh, material: MaterialId, print: bool) {
        let art = if print { fabric::pattern(node) } else { None };
        let ground = if art.is_some() { Vec3::splat(0.9) } else { textile(node, "colour") };
        let dress = self.palette.dress(material, self.palette.fabric(ground, node), art);
        self.covers.push(Cover::of(class, &mesh));
        // A fitted sheet is what a mattress shows.
        let class = if class == "sheet" { "mattress" } else { class };
        self.setting.made(node, class, Role::Labelled, vec![(mesh, material)], vec![dress]);
    }

    /// The fitted sheet, pressed by whoever lies on it; and the gap beside it, where there is one.
    fn sheet(&mut self, node: &Node) {
        let salt = node.draw("creases", |rng| rng.next_u32() >> 8);
        let mut pressing = self.relief(|_, present| &present.laid);
        if let Some(adult) = self.adult {
            self.nursery.press(adult, &mut pressing);
        }
        let sheet = Sheet::press(self.crib, &|x, z| pressing.lowest(x, z), salt);
        self.put("sheet", &node.child("sheet", 0), sheet.mesh(), self.nursery.materials.fabric, true);
        let gap = measure::gap(self.covers, self.crib);
        self.covers.extend(gap.opening(self.crib));
    }

    /// What all infants are, as `laid` says, to things that lie on them.
    fn relief<'p>(&'p self, laid: impl Fn(usize, &'p Present) -> &'p Laid) -> Relief {
        let mut relief = Relief::new(Vec2::from_array(self.crib.half));
        for (index, present) in self.infants.iter().enumerate() {
            laid(index, present).add_to(&mut relief, &self.nursery.anatomy, &present.infant);
        }
        relief
    }

    /// What the bodies are at all times, seen from above; `still` is what they are at rest.
    fn swept(&self, still: &Relief) -> Relief {
        let Some(moment) = self.moment else {
            return still.with(&self.relief(|_, present| &present.laid));
        };
        self.nursery.films.swept(moment.film, || {
            (0..=SWEPT).fold(still.clone(), |swept, part| {
                swept.with(&self.instant(moment, (moment.frames - 1) * part / SWEPT).relief)
            })
        })
    }

    /// What moves cloth at an instant of the film.
    fn instant(&self, moment: &Moment, index: u32) -> Instant {
        self.borne(|present| present.bearing_at(moment, index))
    }

    /// Of a single picture of a blanket that is pulled, the way there: hands go so far and stay.
    fn pulled(&self, part: u32) -> Instant {
        #[expect(clippy::cast_precision_loss, reason = "a few parts")]
        let share = (part as f32 / PULLING as f32).min(1.0);
        self.borne(|present| Bearing { turned: present.bearing.turned * share, ..present.bearing })
    }

    fn borne(&self, bearing: impl Fn(&Present) -> Bearing) -> Instant {
        let Nursery { anatomy, model, .. } = self.nursery;
        let bearings: Vec<Bearing> = self.infants.iter().map(bearing).collect();
        let each = self.infants.iter().zip(&bearings);
        let laid: Vec<Laid> =
            each.map(|(one, bearing)| one.lying.at(anatomy, model, &one.infant, bearing)).collect();
        // Whoever has pulled it all the way lets go.
        let holds = bearings.iter().all(|bearing| bearing.turned < RELEASED);
        let hands = laid.iter().filter(|_| holds).flat_map(|laid| onward::held(anatomy, laid)).collect();
        let pulled = self.scenario == Scenario::PullingBlanket;
        let fists = pulled.then(|| {
            let mut fists = Relief::new(Vec2::from_array(self.crib.half));
            laid.iter().for_each(|laid| onward::fists(anatomy, laid, &mut fists));
            fists
        });
        Instant { relief: self.relief(|of, _| &laid[of]), fists, hands }
    }

    /// In a film, brings cloth on to the instant.
    fn carry(&self, cloth: &mut Cloth, face: Option<Vec2>) {
        if self.infants.is_empty() {
            return;
        }
        let below = Below { crib: self.crib, covers: self.covers, face };
        let pulled = self.scenario == Scenario::PullingBlanket;
        let grips = match self.infants.first().filter(|_| pulled) {
            Some(first) => {
                let hands = onward::held(&self.nursery.anatomy, &first.still);
                Grip::of(cloth, &hands, first.still.towards_head)
            }
            None => Vec::new(),
        };
        match self.moment {
            Some(moment) => {
                let time = (moment.frames, moment.fps);
                let course =
                    || film::course(cloth.clone(), &grips, &below, time, |index| self.instant(moment, index));
                cloth.points = self.nursery.films.points(moment.film, moment.index, course);
            }
            None if pulled => {
                let time = (PULLED, PULLED_PER_S);
                let course = film::course(cloth.clone(), &grips, &below, time, |part| self.pulled(part));
                cloth.points = course.into_iter().next_back().unwrap_or_default();
            }
            None => {}
        }
    }
}
