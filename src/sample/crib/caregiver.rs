//! What an adult does at a crib: it lays a hand on the infant, or lifts it out with both.

use glam::{Affine3A, Quat, Vec2, Vec3, vec3};
use rand::RngExt;

use super::{
    Nursery, Present,
    adult::{Adult, Arm, Reach, SHOULDER_M, SHOULDERS_M, WRIST_M},
    anatomy::Anatomy,
    bed::Crib,
    between,
    lying::Laid,
    motion::{Bearing, smooth},
    palette::Palette,
    relief::Relief,
    setting::{Cover, Setting},
    single,
};
use crate::{config::Scenario, sample::moment::Moment, scene::Event, seed::Node};

/// How far the adult stands back before it reaches in, metres.
const BACK_M: f32 = 0.75;
/// How far beside its place under a body a hand comes down, metres.
const BESIDE_M: f32 = 0.16;

impl Nursery {
    /// The adult of a scenario that has one: in a film it comes, and goes or lifts the infant out.
    pub(super) fn care(
        &self,
        scenario: Scenario,
        present: &Present,
        crib: &Crib,
        moment: Option<&Moment>,
        node: &Node,
    ) -> Option<(Adult, Vec<Event>)> {
        let (anatomy, model) = (&self.anatomy, &*self.model);
        let relief_of = |laid: &Laid| {
            let mut relief = Relief::new(Vec2::from_array(crib.half));
            laid.add_to(&mut relief, anatomy, &present.infant);
            relief
        };
        match scenario {
            Scenario::CaregiverPresent => {
                // The hand rests where a full breath lifts it.
                let full = Bearing { breath: 1.0, ..Bearing::STILL };
                let highest = present.lying.at(anatomy, model, &present.infant, &full);
                let touch = Touch::draw(&self.arm, &highest, anatomy, crib, &relief_of(&highest), node);
                let visit = moment.map(|moment| Visit::draw(moment.length_s(), node));
                let share = match (&visit, moment) {
                    (Some(visit), Some(moment)) => visit.share(single(moment.seconds())),
                    // Most pictures show a hand that rests.
                    _ => node.draw("come", |rng| between(0.7, 1.6, rng)).min(1.0),
                };
                let events = visit.iter().zip(moment).flat_map(|(visit, moment)| visit.events(moment));
                Some((touch.at(share), events.collect()))
            }
            Scenario::PickedUp => {
                let still = &present.still;
                let lift = Lift::draw(&self.arm, still, anatomy, crib, &relief_of(still), node);
                let comes_s = node.draw("comes_s", |rng| between(1.1, 2.0, rng));
                let lifted_from = present.motion.as_ref().and_then(|motion| motion.lifted_from_s());
                let (share, events) = match (lifted_from, moment) {
                    (Some(start), Some(moment)) => {
                        let comes_s = comes_s.min(start * 0.9);
                        let since = single(moment.seconds()) - (start - comes_s);
                        let comes = moment.event("hand_in", start - comes_s, start);
                        ((since / comes_s.max(0.1)).clamp(0.0, 1.0), vec![comes])
                    }
                    _ => (1.0, Vec::new()),
                };
                // Hands go wherever the body has gone.
                let pelvis = |laid: &Laid| laid.posed.world_from_joint[anatomy.joint("pelvis")];
                let carried = pelvis(&present.laid) * pelvis(still).inverse();
                Some((lift.at(share, carried, present.bearing.lifted), events))
            }
            _ => None,
        }
    }

    pub(super) fn show_adult(
        &self,
        adult: &Adult,
        into: (&mut Setting, &mut Vec<Cover>),
        palette: Palette,
        node: &Node,
    ) {
        adult.show((&self.arm, &self.figures), into, (&self.materials, palette), node);
    }

    /// Adds an adult's hands to what presses a sheet.
    pub(super) fn press(&self, adult: &Adult, relief: &mut Relief) {
        for reach in &adult.arms[..adult.reaching] {
            let hand = reach.hand(&self.arm);
            relief.add(&hand.positions, &hand.indices);
        }
    }
}

/// Between the feet of who stands at +Z, before a crib.
fn feet(crib: &Crib, neck: Vec3, node: &Node) -> Vec3 {
    vec3(neck.x, 0.0, crib.half[1] + node.draw("feet_m", |rng| between(0.20, 0.30, rng)))
}

/// A hand that rests on an infant's chest or side, from above.
#[derive(Clone, Copy, Debug)]
struct Touch {
    /// When the hand rests.
    reach: Reach,
    feet: Vec3,
    /// How high the hand is lifted over the rail on its way, metres.
    lift: f32,
}

impl Touch {
    fn draw(arm: &Arm, laid: &Laid, anatomy: &Anatomy, crib: &Crib, relief: &Relief, node: &Node) -> Self {
        let right = if node.draw("right", |rng| rng.random::<bool>()) { 1.0 } else { -1.0 };
        let joint = |name: &str| laid.posed.joints[anatomy.joint(name)];
        let share = node.draw("place", |rng| between(0.25, 0.85, rng));
        let aim = joint("pelvis").lerp(joint("spine_03"), share);
        let turn = Quat::from_rotation_y(node.draw("yaw_deg", |rng| between(-35.0, 35.0, rng)).to_radians());
        let curl = node.draw("curl_deg", |rng| between(10.0, 26.0, rng)).to_radians();
        // The middle of the palm over the aim, then down until it touches.
        let wrist = vec3(aim.x, 0.0, aim.z) + turn * vec3(0.0, 0.0, WRIST_M - 0.11);
        let elbow = Reach::outwards(right);
        let mut reach = Reach { wrist, turn, shoulder: wrist + Vec3::Z, curl, right, elbow };
        let palm = reach.hand(arm).positions;
        // As high as what is round each place: cells are coarse on slopes.
        let relief = relief.widened(1, |_| false);
        let rise = palm
            .iter()
            .filter(|p| p.y < 0.06)
            .filter_map(|p| Some(relief.highest(p.x, p.z)?.max(crib.mattress) - p.y));
        reach.wrist.y = rise.fold(crib.mattress, f32::max);
        let lift = (crib.rail - reach.wrist.y).max(0.0) + 0.14;
        let out = node.draw("shoulder_m", |rng| between(0.02, 0.10, rng));
        let aside = node.draw("aside_m", |rng| between(-0.06, 0.12, rng));
        let across = vec3(right * aside, 0.0, crib.half[1] + out - reach.wrist.z);
        let long = 0.985 * (SHOULDER_M - WRIST_M);
        let up = (long * long - across.length_squared()).max(0.01).sqrt();
        reach.shoulder = reach.wrist + across + Vec3::Y * up;
        let neck = reach.shoulder - Vec3::X * (right * SHOULDERS_M * 0.5);
        Self { reach, feet: feet(crib, neck, node), lift }
    }

    /// When it has come in by `share`: first over the rail, then down.
    fn at(&self, share: f32) -> Adult {
        let (over, down) = (smooth(share / 0.6), smooth((share - 0.45) / 0.55));
        let away = vec3(0.0, self.lift * (1.0 - down), BACK_M * (1.0 - over));
        let Reach { wrist, shoulder, right, curl, .. } = self.reach;
        let reach = Reach { wrist: wrist + away, shoulder: shoulder + away, ..self.reach };
        let across = vec3(-right * SHOULDERS_M, 0.0, 0.0);
        let idle = Reach::hanging(reach.shoulder + across, -right, curl);
        Adult {
            arms: [reach, idle],
            reaching: 1,
            neck: reach.shoulder + across * 0.5,
            feet: self.feet + Vec3::Z * away.z,
        }
    }
}

/// Both hands under an infant, palms up: one below its shoulders, one below its bottom.
#[derive(Clone, Copy, Debug)]
struct Lift {
    /// When the hands hold it and it still lies.
    wrists: [Vec3; 2],
    turn: Quat,
    neck: Vec3,
    feet: Vec3,
    /// How high the hands are lifted over the rail on their way, metres.
    over: f32,
}

impl Lift {
    fn draw(arm: &Arm, laid: &Laid, anatomy: &Anatomy, crib: &Crib, relief: &Relief, node: &Node) -> Self {
        let joint = |name: &str| laid.posed.joints[anatomy.joint(name)];
        let middle = |left: &str, right: &str| (joint(left) + joint(right)) * 0.5;
        // Below the shoulder blades, free of the arms; and where the thighs begin.
        let bottom = middle("thigh_l", "thigh_r").lerp(middle("calf_l", "calf_r"), 0.18);
        let mut aims = [joint("spine_02").lerp(joint("spine_03"), 0.35), bottom];
        // The hand of the side that it is on.
        aims.sort_by(|a, b| a.x.total_cmp(&b.x));
        let turn = Quat::from_rotation_z(std::f32::consts::PI);
        let wrists = [0, 1].map(|side: usize| {
            let mut wrist = vec3(aims[side].x, 0.0, aims[side].z + WRIST_M - 0.075);
            let right = if side == 1 { 1.0 } else { -1.0 };
            let flat = Reach { wrist, turn, shoulder: wrist + Vec3::Z, curl: CURL, right, elbow: ELBOW };
            // Up from below until it touches.
            let room = flat
                .hand(arm)
                .positions
                .iter()
                .filter_map(|p| Some(relief.lowest(p.x, p.z)? - p.y))
                .fold(f32::MAX, f32::min);
            wrist.y = if room < f32::MAX { room - TOUCH_M } else { crib.mattress };
            wrist
        });
        let middle = (wrists[0] + wrists[1]) * 0.5;
        let out = node.draw("shoulder_m", |rng| between(0.03, 0.10, rng));
        let across = crib.half[1] + out - middle.z;
        let wide = ((wrists[1].x - wrists[0].x - SHOULDERS_M) * 0.5).abs();
        let long = 0.97 * (SHOULDER_M - WRIST_M);
        let up = (long * long - across * across - wide * wide).max(0.04).sqrt();
        let neck = vec3(middle.x, middle.y + up, middle.z + across);
        let over = (crib.rail - middle.y).max(0.0) + 0.12;
        Self { wrists, turn, neck, feet: feet(crib, neck, node), over }
    }

    /// When the hands have come in by `share` (over the rail, down beside the body, under it), and hold who is where
    /// `carried` takes it, lifted by `lifted` of the way.
    fn at(&self, share: f32, carried: Affine3A, lifted: f32) -> Adult {
        let over = smooth(share / 0.5);
        let (down, under) = (smooth((share - 0.35) / 0.4), smooth((share - 0.75) / 0.25));
        let away = vec3(0.0, self.over * (1.0 - down), BACK_M * (1.0 - over));
        let aside = Vec3::Z * (BESIDE_M * (1.0 - under));
        // Who lifts straightens up.
        let rise =
            carried.transform_point3(self.wrists[0]).lerp(carried.transform_point3(self.wrists[1]), 0.5)
                - (self.wrists[0] + self.wrists[1]) * 0.5;
        let neck = self.neck + away + vec3(0.0, rise.y * 0.8, rise.z.max(0.0) * 0.5 + 0.06 * lifted);
        let tilt = Quat::from_mat3a(&carried.matrix3);
        let arm = |side: usize| {
            let right = if side == 1 { 1.0 } else { -1.0 };
            Reach {
                wrist: carried.transform_point3(self.wrists[side]) + away + aside,
                turn: tilt * self.turn,
                shoulder: neck + Vec3::X * (right * SHOULDERS_M * 0.5),
                curl: CURL,
                right,
                elbow: ELBOW,
            }
        };
        let feet = self.feet + Vec3::Z * away.z;
        Adult { arms: [arm(0), arm(1)], reaching: 2, neck, feet }
    }
}

/// Bend of fingers that lie under a body, radians.
const CURL: f32 = 0.06;
/// Elbows of arms that carry go back, to the adult's side.
const ELBOW: Vec3 = vec3(0.0, -0.2, 1.0);
/// A hand below a body is this far from it, metres.
const TOUCH_M: f32 = 0.001;

/// A visit in a film: the hand comes in, stays and goes.
#[derive(Clone, Copy, Debug)]
struct Visit {
    start_s: f32,
    comes_s: f32,
    stays_s: f32,
    goes_s: f32,
}

impl Visit {
    fn draw(seconds: f32, node: &Node) -> Self {
        let [comes, goes] = node.draw("pace_s", |rng| [between(1.0, 1.9, rng), between(0.9, 1.7, rng)]);
        // A short film has a hurried visit.
        let hurry = (seconds / (comes + goes + 1.0)).min(1.0);
        let (comes_s, goes_s) = (comes * hurry, goes * hurry);
        let free = (seconds - comes_s - goes_s).max(0.0);
        let [before, stays] = node.draw("times", |rng| [between(0.05, 0.35, rng), between(0.25, 0.5, rng)]);
        Self { start_s: free * before, comes_s, stays_s: free * stays, goes_s }
    }

    /// How far the hand has come in, 0 to 1, `t` seconds after the film's beginning.
    fn share(&self, t: f32) -> f32 {
        let since = t - self.start_s;
        let leaves = self.comes_s + self.stays_s;
        if since < leaves {
            (since / self.comes_s).clamp(0.0, 1.0)
        } else {
            (1.0 - (since - leaves) / self.goes_s).max(0.0)
        }
    }

    fn events(&self, moment: &Moment) -> [Event; 2] {
        let leaves = self.start_s + self.comes_s + self.stays_s;
        [
            moment.event("hand_in", self.start_s, self.start_s + self.comes_s),
            moment.event("hand_out", leaves, leaves + self.goes_s),
        ]
    }
}
