//! How an infant moves through a film: it breathes, stirs, startles, turns its head, kicks, rolls over.
//!
//! Everything is a function of time alone, so that any picture of a film can be staged without the ones before it.

use std::f32::consts::{PI, TAU};

use rand::RngExt;

use super::{
    between, onward,
    posture::{Angles, FREE, Posture},
    wear::Infant,
};
use crate::{config::Scenario, sample::moment::Moment, scene::Event, seed::Node};

/// Breaths a minute at birth and at two years (medians of Fleming et al. 2011, 'Normal ranges of heart rate and
/// respiratory rate in children', Lancet 377), between which it falls evenly in proportion.
const BREATHS_PER_MIN: [f32; 2] = [44.0, 26.0];
/// Share of a breath that goes in.
const INHALED: f32 = 0.42;
/// Length of a slot in which one thing may happen, seconds.
const SLOT_S: f32 = 4.0;

/// What happens at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The arms fly up and out, and come back (Moro).
    Startle,
    /// To the other side.
    HeadTurn,
    /// Legs beat.
    Kick,
    /// From the back over a side to the stomach.
    Roll,
    /// From the back.
    SitUp,
    /// From sitting to standing at the rail.
    PullUp,
    /// A blanket, over the face.
    PullBlanket,
    /// In an adult's hands.
    PickUp,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Startle => "startle",
            Self::HeadTurn => "head_turn",
            Self::Kick => "kick",
            Self::Roll => "roll",
            Self::SitUp => "sit_up",
            Self::PullUp => "pull_up",
            Self::PullBlanket => "pull_blanket",
            Self::PickUp => "pick_up",
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Act {
    kind: Kind,
    start_s: f32,
    length_s: f32,
    /// How far, about 1; of a head turn, where to, radians; of going on from rest to rest, how many.
    strength: f32,
}

/// A sum of two slow waves.
type Waves = [[f32; 3]; 2];

/// What a film does to a pose at rest.
#[derive(Clone, Debug)]
pub(super) struct Motion {
    breaths_per_s: f32,
    first_phase: f32,
    waves: [Waves; FREE],
    acts: Vec<Act>,
}

/// A pose at an instant, relative to rest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bearing {
    /// What is added to the joint angles, radians.
    pub(super) angles: Angles,
    /// Air in the chest: 0 empty, 1 full.
    pub(super) breath: f32,
    /// Share of the breath that is past, from the beginning of the inhalation; `None` outside of films.
    pub(super) phase: Option<f32>,
    /// How far it has gone on to its further poses at rest: 0 is the first, 1 the second.
    pub(super) turned: f32,
    /// How far an adult has lifted it: 0 lies, 1 is as high as it gets.
    pub(super) lifted: f32,
}

impl Bearing {
    /// At rest.
    pub(super) const STILL: Self =
        Self { angles: [0.0; FREE], breath: 0.0, phase: None, turned: 0.0, lifted: 0.0 };
}

/// 0 to 1, level at both ends.
pub(super) fn smooth(x: f32) -> f32 {
    let x = x.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

/// How freely head, trunk, arms and legs move, 0 to 1.
fn freedom(posture: Posture, scenario: Scenario) -> [f32; 4] {
    match scenario {
        // What lies on the face would slide off, or the face is pressed down.
        Scenario::BlanketOverFace
        | Scenario::HeadCovered
        | Scenario::SoftToyOnFace
        | Scenario::ProneFaceDown => [0.0, 0.4, 0.3, 0.4],
        Scenario::CordNearNeck => [0.2, 0.4, 0.6, 0.8],
        Scenario::LimbThroughSlats => [0.8, 0.3, 0.8, 0.1],
        Scenario::WedgedBetweenMattressAndRail => [0.1, 0.1, 0.2, 0.2],
        // A hand lies on it; another one lies beside it.
        Scenario::CaregiverPresent => [1.0, 0.1, 0.1, 0.6],
        Scenario::OtherInfant => [0.6, 0.2, 0.2, 0.2],
        Scenario::SittingUp => [0.5, 0.4, 0.5, 0.2],
        Scenario::PullingBlanket => [0.0, 0.3, 0.0, 0.5],
        Scenario::PickedUp => [0.2, 0.05, 0.3, 0.4],
        _ if posture == Posture::Supine => [1.0; 4],
        _ if posture.lies() => [0.3, 0.4, 0.25, 0.3],
        Scenario::Sitting => [1.0, 0.5, 0.5, 0.15],
        Scenario::PullingUp => [1.0, 0.3, 0.06, 0.06],
        // Hands stay on the rail.
        Scenario::Standing | Scenario::ClimbingOut => [1.0, 0.15, 0.03, 0.05],
        _ => [1.0, 0.6, 0.06, 0.06],
    }
}

impl Motion {
    /// Draws what happens in `seconds`. `first` are the angles at rest.
    pub(super) fn draw(
        (posture, scenario): (Posture, Scenario),
        infant: &Infant,
        first: &Angles,
        seconds: f32,
        node: &Node,
    ) -> Self {
        let share = (infant.age_months / 24.0).clamp(0.0, 1.0);
        let median = BREATHS_PER_MIN[0] * (BREATHS_PER_MIN[1] / BREATHS_PER_MIN[0]).powf(share);
        let pace = node.draw("breathing_pace", |rng| between(0.82, 1.22, rng));
        let awake = if infant.asleep { 1.0 } else { 1.3 };
        let [head, trunk, arms, legs] = freedom(posture, scenario);
        let upright = !posture.lies();
        let lively = match (infant.asleep, upright) {
            (true, _) => [0.5, 0.3, 1.2, 1.2],
            // Who is up looks around and sways.
            (false, true) => [22.0, 7.0, 9.0, 9.0],
            (false, false) => [6.0, 1.5, 9.0, 9.0],
        };
        let waves = std::array::from_fn(|freedom| {
            let (free, degrees): (f32, f32) = match freedom {
                0..3 => (head, lively[0]),
                3..6 => (trunk, lively[1]),
                6..14 => (arms, lively[2]),
                _ => (legs, lively[3]),
            };
            let tempo = if infant.asleep { [0.04, 0.2] } else { [0.12, 0.7] };
            node.child("freedom", freedom).draw("waves", |rng| {
                [0; 2].map(|_| {
                    let size = between(0.2, 1.0, rng) * 0.5 * free * degrees.to_radians();
                    [size, between(tempo[0], tempo[1], rng) * TAU, between(0.0, TAU, rng)]
                })
            })
        });
        let acts = acts((posture, scenario), infant, first, seconds, [head, arms, legs], node);
        Self {
            breaths_per_s: median * pace * awake / 60.0,
            first_phase: node.draw("breathing_phase", |rng| rng.random::<f32>()),
            waves,
            acts,
        }
    }

    /// The pose `t` seconds after the film's beginning.
    pub(super) fn at(&self, posture: Posture, t: f32) -> Bearing {
        let mut angles: Angles = std::array::from_fn(|freedom| {
            let wave = |[size, pace, phase]: [f32; 3]| (size * (t * pace + phase).sin(), size);
            let [(a, most_a), (b, most_b)] = self.waves[freedom].map(wave);
            // Of who lies on the back, hips and shoulders only move up: the mattress is below.
            let only_up = posture == Posture::Supine && matches!(freedom, 7 | 11 | 14 | 18);
            a + b + if only_up { most_a + most_b } else { 0.0 }
        });
        let (mut turned, mut lifted) = (0.0, 0.0);
        let mut faced = 0.0;
        for act in &self.acts {
            let x = (t - act.start_s) / act.length_s;
            if x <= 0.0 {
                continue;
            }
            match act.kind {
                Kind::HeadTurn => {
                    let step = (act.strength - faced) * smooth(x);
                    (angles[0], faced) = (angles[0] + step, faced + step);
                }
                Kind::Roll | Kind::SitUp | Kind::PullUp | Kind::PullBlanket => {
                    turned = act.strength * smooth(x)
                }
                Kind::PickUp => lifted = smooth(x),
                Kind::Startle => startle(&mut angles, act.strength * fling(x)),
                Kind::Kick => kick(&mut angles, act.strength, x),
            }
        }
        let phase = (self.first_phase + self.breaths_per_s * t).rem_euclid(1.0);
        let breath = if phase < INHALED {
            0.5 - 0.5 * (PI * phase / INHALED).cos()
        } else {
            0.5 + 0.5 * (PI * (phase - INHALED) / (1.0 - INHALED)).cos()
        };
        Bearing { angles, breath, phase: Some(phase), turned, lifted }
    }

    /// When an adult begins to lift it, seconds after the film's beginning.
    pub(super) fn lifted_from_s(&self) -> Option<f32> {
        self.acts.iter().find(|act| act.kind == Kind::PickUp).map(|act| act.start_s)
    }

    /// What happens, in pictures of a film.
    pub(super) fn events(&self, moment: &Moment) -> impl Iterator<Item = Event> {
        let acts = self.acts.iter();
        acts.map(|act| moment.event(act.kind.name(), act.start_s, act.start_s + act.length_s))
    }
}

fn acts(
    (posture, scenario): (Posture, Scenario),
    infant: &Infant,
    first: &Angles,
    seconds: f32,
    [head, arms, legs]: [f32; 3],
    node: &Node,
) -> Vec<Act> {
    let further = match scenario {
        Scenario::Rolling => Some(Kind::Roll),
        Scenario::SittingUp => Some(Kind::SitUp),
        Scenario::PullingUp => Some(Kind::PullUp),
        Scenario::PullingBlanket => Some(Kind::PullBlanket),
        Scenario::PickedUp => Some(Kind::PickUp),
        _ => None,
    };
    if let Some(kind) = further {
        let (start_s, length) = node.draw("roll", |rng| {
            let length = between(2.2, 4.5, rng).min(seconds * 0.7);
            if kind == Kind::PickUp {
                // Hands come first.
                let length = (length * 0.7).min(seconds * 0.45);
                return (between(0.5, 0.95, rng) * (seconds - length), length);
            }
            // A blanket that was pulled comes to rest.
            let latest = if kind == Kind::PullBlanket { 0.5 } else { 0.9 };
            (between(0.1, latest, rng) * (seconds - length), length)
        });
        let strength = f32::from(onward::steps(scenario)).max(1.0);
        return vec![Act { kind, start_s, length_s: length.max(0.1), strength }];
    }
    let supine = posture == Posture::Supine;
    let young = infant.age_months < 5.0;
    let kinds = [
        (Kind::Startle, if supine && arms > 0.5 { if young { 2.0 } else { 0.4 } } else { 0.0 }),
        (Kind::HeadTurn, if head > 0.7 { if infant.asleep { 0.7 } else { 2.0 } } else { 0.0 }),
        (Kind::Kick, if supine && legs > 0.7 { if infant.asleep { 0.4 } else { 1.6 } } else { 0.0 }),
    ];
    let weights = kinds.map(|(_, weight)| weight);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few slots")]
    let slots = (seconds / SLOT_S).ceil().max(1.0) as usize;
    if weights.iter().sum::<f64>() <= 0.0 {
        return Vec::new();
    }
    let mut faced = first[0];
    let mut acts = Vec::new();
    for slot in 0..slots {
        let child = node.child("act", slot);
        if !child.draw("there", |rng| rng.random_bool(0.75)) {
            continue;
        }
        let kind = child.draw("kind", |rng| kinds[crate::config::pick(&weights, rng)].0);
        let (length, strength) = child.draw("manner", |rng: &mut crate::seed::Stream| match kind {
            Kind::Startle => (between(1.4, 2.4, rng), between(0.5, 1.0, rng)),
            Kind::HeadTurn => {
                let side = if faced.abs() < 0.1 { 1.0 } else { -faced.signum() };
                faced = side * between(0.2, 1.2, rng);
                (between(0.8, 2.2, rng), faced - first[0])
            }
            Kind::Kick => (between(1.0, 2.4, rng), between(0.4, 1.0, rng)),
            _ => (1.0, 1.0),
        });
        #[expect(clippy::cast_precision_loss, reason = "a few slots")]
        let begin = slot as f32 * SLOT_S;
        let start = begin + child.draw("start_s", |rng| between(0.0, (SLOT_S - length).max(0.1), rng));
        acts.push(Act { kind, start_s: start, length_s: length, strength });
    }
    acts
}

/// Up fast, held a moment, slowly back.
fn fling(x: f32) -> f32 {
    if x < 0.3 { smooth(x / 0.14) } else { 1.0 - smooth((x - 0.3) / 0.7) }
}

fn startle(angles: &mut Angles, much: f32) {
    let mut add = |at: usize, degrees: f32| angles[at] += degrees.to_radians() * much;
    for arm in [6, 10] {
        add(arm, 32.0);
        add(arm + 1, 48.0);
        add(arm + 2, -38.0);
    }
    for leg in [14, 18] {
        add(leg, 22.0);
        add(leg + 2, -18.0);
    }
    add(1, -7.0);
}

fn kick(angles: &mut Angles, much: f32, x: f32) {
    if x >= 1.0 {
        return;
    }
    for (leg, shift) in [(14, 0.0), (18, 0.25)] {
        let beat = (PI * (2.0 * x + shift)).sin().powi(2) * (PI * x).sin();
        angles[leg] += 38.0_f32.to_radians() * much * beat;
        angles[leg + 2] += 30.0_f32.to_radians() * much * (TAU * (2.0 * x + shift)).sin() * (PI * x).sin();
    }
}
