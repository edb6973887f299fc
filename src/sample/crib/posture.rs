//! Postures: a library of them with wide variation, within the limits of an infant's joints.

use glam::{EulerRot, Quat, Vec3};
use rand::{Rng, RngExt};

use super::{anatomy::Anatomy, between, body::Body};
use crate::seed::Node;

/// How an infant lies, sits or stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Posture {
    Supine,
    Prone,
    LeftSide,
    RightSide,
    Sitting,
    OnAllFours,
    Standing,
    Climbing,
}

impl Posture {
    /// Its name in labels.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Supine => "supine",
            Self::Prone => "prone",
            Self::LeftSide => "left_side",
            Self::RightSide => "right_side",
            Self::Sitting => "sitting",
            Self::OnAllFours => "on_all_fours",
            Self::Standing => "standing",
            Self::Climbing => "climbing",
        }
    }

    /// Whether the whole body lies on the mattress.
    pub(super) fn lies(self) -> bool {
        matches!(self, Self::Supine | Self::Prone | Self::LeftSide | Self::RightSide)
    }

    /// World from body for a head towards -X, before yaw: which side is down.
    pub(super) fn base(self) -> Quat {
        let axes = |x: Vec3, y: Vec3, z: Vec3| Quat::from_mat3(&glam::Mat3::from_cols(x, y, z)).normalize();
        let head = Vec3::NEG_X;
        match self {
            Self::Supine => axes(Vec3::NEG_Z, head, Vec3::Y),
            Self::Prone | Self::OnAllFours => axes(Vec3::Z, head, Vec3::NEG_Y),
            Self::LeftSide => axes(Vec3::NEG_Y, head, Vec3::NEG_Z),
            Self::RightSide => axes(Vec3::Y, head, Vec3::Z),
            Self::Sitting | Self::Standing | Self::Climbing => Quat::IDENTITY,
        }
    }
}

/// Degrees of freedom, radians: head, spine, then arms and legs, left before right.
pub(super) const FREE: usize = 22;
/// Joint angles in the order of [`LIMITS_DEG`].
pub(super) type Angles = [f32; FREE];

/// What an infant's joints allow, degrees. Hips and knees from Phelps, Smith and Hallum (1985, 'Normal ranges of hip
/// motion of infants'), newborns keep 20 to 30 degrees of hip flexion; neck, shoulder and elbow from the ranges that
/// paediatric goniometry gives, rounded inwards.
pub(super) const LIMITS_DEG: [(f32, f32); FREE] = [
    (-85.0, 85.0),  // head: turn to the left
    (-45.0, 40.0),  // head: nod, chin down
    (-30.0, 30.0),  // head: tilt to the right shoulder
    (-25.0, 50.0),  // spine: bend forwards
    (-25.0, 25.0),  // spine: bend sideways
    (-30.0, 30.0),  // spine: twist
    (0.0, 170.0),   // left arm: away from the body, 0 hangs down
    (-40.0, 110.0), // left arm: to the front, 0 is sideways
    (0.0, 145.0),   // left elbow: bent
    (-90.0, 90.0),  // left upper arm: turned about itself
    (0.0, 170.0),
    (-40.0, 110.0),
    (0.0, 145.0),
    (-90.0, 90.0),
    (-10.0, 130.0), // left hip: bent
    (-15.0, 75.0),  // left hip: spread
    (0.0, 145.0),   // left knee: bent
    (-25.0, 80.0),  // left hip: turned outwards
    (-10.0, 130.0),
    (-15.0, 75.0),
    (0.0, 145.0),
    (-25.0, 80.0),
];
/// Where each limb begins in [`Angles`].
pub(super) const ARMS: [usize; 2] = [6, 10];
pub(super) const LEGS: [usize; 2] = [14, 18];

/// Brings angles inside of the limits.
pub(super) fn limited(mut angles: Angles) -> Angles {
    for (angle, (low, high)) in angles.iter_mut().zip(LIMITS_DEG) {
        *angle = angle.clamp(low.to_radians(), high.to_radians());
    }
    angles
}

/// What decides a draw of a posture besides chance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub(super) posture: Posture,
    pub(super) face: Face,
}

/// Where the face is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    /// Wherever the posture lets it.
    Free,
    /// Into the mattress (prone).
    Down,
    /// Up, or nearly (supine): what lies on it stays there.
    Up,
}

/// Draws joint angles; `node` is the infant's.
pub(super) fn draw(manner: Manner, node: &Node) -> Angles {
    let mut angles = [0.0; FREE];
    let mut put = |at: usize, degrees: [f32; 4]| angles[at..at + 4].copy_from_slice(&degrees);
    let posture = manner.posture;
    for (side, (at_arm, at_leg)) in ARMS.into_iter().zip(LEGS).enumerate() {
        let (arm, leg) = (node.child("arm", side), node.child("leg", side));
        put(at_arm, arm.draw("angles_deg", |rng| arm_of(manner, side, rng)));
        put(at_leg, leg.draw("angles_deg", |rng| leg_of(manner, side, rng)));
    }
    let head = node.draw("head_deg", |rng| head_of(manner, rng));
    angles[..3].copy_from_slice(&head);
    let spine = node.draw("spine_deg", |rng| match posture {
        Posture::Sitting => [between(12.0, 32.0, rng), bell(6.0, rng), bell(8.0, rng)],
        Posture::LeftSide | Posture::RightSide => [between(0.0, 30.0, rng), bell(5.0, rng), bell(10.0, rng)],
        Posture::OnAllFours => [between(-14.0, 8.0, rng), bell(6.0, rng), bell(6.0, rng)],
        Posture::Climbing => [between(10.0, 30.0, rng), bell(8.0, rng), bell(10.0, rng)],
        _ => [between(-4.0, 12.0, rng), bell(8.0, rng), bell(8.0, rng)],
    });
    angles[3..6].copy_from_slice(&spine);
    limited(angles.map(f32::to_radians))
}

/// About 0, most within `spread`, none beyond twice of it.
fn bell(spread: f32, rng: &mut impl Rng) -> f32 {
    (0..4).map(|_| between(-0.5, 0.5, rng)).sum::<f32>() * spread
}

fn head_of(manner: Manner, rng: &mut impl Rng) -> [f32; 3] {
    let side = if rng.random::<bool>() { 1.0 } else { -1.0 };
    match manner.posture {
        Posture::Supine if manner.face == Face::Up => {
            [side * between(0.0, 24.0, rng), between(-6.0, 10.0, rng), bell(6.0, rng)]
        }
        Posture::Supine => [side * between(0.0, 78.0, rng), between(-8.0, 16.0, rng), bell(10.0, rng)],
        Posture::Prone if manner.face == Face::Down => [bell(8.0, rng), bell(8.0, rng), bell(4.0, rng)],
        Posture::Prone => [side * between(62.0, 85.0, rng), between(-20.0, 5.0, rng), bell(8.0, rng)],
        Posture::LeftSide | Posture::RightSide => [bell(22.0, rng), between(-8.0, 20.0, rng), bell(8.0, rng)],
        Posture::Sitting => [bell(35.0, rng), between(-12.0, 25.0, rng), bell(10.0, rng)],
        Posture::OnAllFours => [bell(30.0, rng), between(-45.0, -15.0, rng), bell(8.0, rng)],
        Posture::Standing | Posture::Climbing => {
            [bell(35.0, rng), between(-15.0, 25.0, rng), bell(10.0, rng)]
        }
    }
}

fn arm_of(Manner { posture, face }: Manner, side: usize, rng: &mut impl Rng) -> [f32; 4] {
    let kind: f32 = rng.random();
    match posture {
        // Thrown up beside the head, out to the sides, hands on the chest; to the sides where hands would keep off
        // what lies on the face.
        Posture::Supine if kind < 0.5 && face != Face::Up => [
            between(85.0, 150.0, rng),
            bell(18.0, rng),
            between(35.0, 115.0, rng),
            between(-85.0, -40.0, rng),
        ],
        Posture::Supine if kind < 0.8 || face == Face::Up => {
            [between(25.0, 75.0, rng), bell(20.0, rng), between(10.0, 80.0, rng), bell(35.0, rng)]
        }
        Posture::Supine => [
            between(18.0, 45.0, rng),
            between(35.0, 75.0, rng),
            between(70.0, 125.0, rng),
            between(0.0, 40.0, rng),
        ],
        // Arms beside the head let the chest, and with it the face, down.
        Posture::Prone if kind < 0.75 || face == Face::Down => [
            between(75.0, 140.0, rng),
            between(-12.0, 15.0, rng),
            between(50.0, 115.0, rng),
            // Forearms flat beside the head: any that point down would carry the chest.
            between(-90.0, -74.0, rng),
        ],
        Posture::Prone => {
            // Along the body, hardly bent: a hand below the chest would carry it.
            [between(15.0, 50.0, rng), bell(12.0, rng), between(0.0, 25.0, rng), bell(30.0, rng)]
        }
        Posture::LeftSide | Posture::RightSide => {
            let lower = (posture == Posture::LeftSide) == (side == 0);
            let reach = if lower { between(60.0, 110.0, rng) } else { between(30.0, 80.0, rng) };
            [reach, between(70.0, 100.0, rng), between(30.0, 115.0, rng), bell(30.0, rng)]
        }
        Posture::Sitting => {
            [between(15.0, 55.0, rng), between(30.0, 85.0, rng), between(15.0, 85.0, rng), bell(30.0, rng)]
        }
        Posture::OnAllFours => {
            [between(76.0, 96.0, rng), between(74.0, 92.0, rng), between(0.0, 15.0, rng), bell(10.0, rng)]
        }
        Posture::Standing => {
            [between(60.0, 95.0, rng), between(55.0, 85.0, rng), between(25.0, 70.0, rng), bell(20.0, rng)]
        }
        Posture::Climbing => {
            [between(80.0, 125.0, rng), between(60.0, 90.0, rng), between(25.0, 80.0, rng), bell(20.0, rng)]
        }
    }
}

fn leg_of(Manner { posture, face }: Manner, side: usize, rng: &mut impl Rng) -> [f32; 4] {
    let kind: f32 = rng.random();
    match posture {
        Posture::Supine if kind < 0.65 => [
            between(35.0, 90.0, rng),
            between(25.0, 60.0, rng),
            between(50.0, 115.0, rng),
            between(20.0, 60.0, rng),
        ],
        Posture::Supine => [
            between(0.0, 35.0, rng),
            between(4.0, 30.0, rng),
            between(0.0, 45.0, rng),
            between(5.0, 45.0, rng),
        ],
        // Knees drawn up under the belly lift the pelvis, not the face.
        Posture::Prone if kind < 0.55 && face != Face::Down => [
            between(20.0, 75.0, rng),
            between(48.0, 75.0, rng),
            between(50.0, 110.0, rng),
            between(45.0, 80.0, rng),
        ],
        Posture::Prone => [
            between(-5.0, 20.0, rng),
            between(4.0, 28.0, rng),
            between(0.0, 35.0, rng),
            between(0.0, 40.0, rng),
        ],
        Posture::LeftSide | Posture::RightSide => {
            let lower = (posture == Posture::LeftSide) == (side == 0);
            let bent = if lower { between(15.0, 55.0, rng) } else { between(45.0, 100.0, rng) };
            [bent, between(-8.0, 12.0, rng), between(30.0, 95.0, rng), bell(10.0, rng)]
        }
        Posture::Sitting => [
            between(80.0, 100.0, rng),
            between(18.0, 48.0, rng),
            between(8.0, 80.0, rng),
            between(15.0, 55.0, rng),
        ],
        Posture::OnAllFours => {
            [between(78.0, 100.0, rng), between(4.0, 20.0, rng), between(82.0, 105.0, rng), bell(8.0, rng)]
        }
        Posture::Standing => [
            between(2.0, 18.0, rng),
            between(4.0, 16.0, rng),
            between(2.0, 22.0, rng),
            between(0.0, 25.0, rng),
        ],
        Posture::Climbing if side == 0 => [
            between(85.0, 110.0, rng),
            between(25.0, 50.0, rng),
            between(50.0, 90.0, rng),
            between(10.0, 30.0, rng),
        ],
        Posture::Climbing => {
            [between(0.0, 12.0, rng), between(2.0, 12.0, rng), between(0.0, 15.0, rng), bell(8.0, rng)]
        }
    }
}

/// Turns of all joints for these angles.
pub(super) fn turns(anatomy: &Anatomy, body: &Body, angles: &Angles, curl_rad: f32) -> Vec<Quat> {
    let mut turns = vec![Quat::IDENTITY; body.joints.len()];
    let [turn, nod, tilt, bend, lean, twist] = [0, 1, 2, 3, 4, 5].map(|i| angles[i]);
    let third = Quat::from_euler(EulerRot::YXZ, twist / 3.0, bend / 3.0, lean / 3.0);
    for name in ["spine_01", "spine_02", "spine_03"] {
        turns[anatomy.joint(name)] = third;
    }
    let half = Quat::from_euler(EulerRot::YXZ, turn * 0.5, nod * 0.5, tilt * 0.5);
    turns[anatomy.joint("neck_01")] = half;
    turns[anatomy.joint("head")] = half;
    for (side, letter) in ["l", "r"].into_iter().enumerate() {
        let out = if side == 0 { 1.0 } else { -1.0 };
        let joint = |name: &str| anatomy.joint(&format!("{name}_{letter}"));
        arm(
            body,
            [joint("upperarm"), joint("lowerarm"), joint("hand")],
            &angles[ARMS[side]..],
            out,
            &mut turns,
        );
        leg([joint("thigh"), joint("calf"), joint("foot")], &angles[LEGS[side]..], out, &mut turns);
        fingers(anatomy, body, letter, curl_rad, &mut turns);
    }
    turns
}

fn arm(body: &Body, [shoulder, elbow, wrist]: [usize; 3], angles: &[f32], out: f32, turns: &mut [Quat]) {
    let [away, front, bent, roll] = [0, 1, 2, 3].map(|i| angles[i]);
    let upper = (body.joints[elbow] - body.joints[shoulder]).normalize_or(Vec3::NEG_Y);
    let lower = (body.joints[wrist] - body.joints[elbow]).normalize_or(upper);
    let aim = Vec3::new(out * away.sin() * front.cos(), -away.cos(), away.sin() * front.sin());
    // The collar bone takes a share of what the arm is raised beyond a right angle.
    turns[shoulder] = Quat::from_axis_angle(aim, out * roll) * Quat::from_rotation_arc(upper, aim);
    let hinge = upper.cross(lower).normalize_or(Vec3::X);
    turns[elbow] = Quat::from_axis_angle(hinge, bent - upper.angle_between(lower));
}

fn leg([hip, knee, ankle]: [usize; 3], angles: &[f32], out: f32, turns: &mut [Quat]) {
    let [bent, spread, knee_bent, outwards] = [0, 1, 2, 3].map(|i| angles[i]);
    // Spreading turns a straight leg about the front axis and a bent one about the long axis of the body.
    let axis = (Vec3::Z * bent.cos() + Vec3::Y * bent.sin()).normalize_or(Vec3::Z);
    turns[hip] = Quat::from_axis_angle(axis, out * spread)
        * Quat::from_rotation_x(-bent)
        * Quat::from_rotation_y(out * outwards);
    turns[knee] = Quat::from_rotation_x(knee_bent);
    // Feet of resting infants point a little down.
    turns[ankle] = Quat::from_rotation_x(0.25);
}

/// Fingers curl towards the palm.
fn fingers(anatomy: &Anatomy, body: &Body, letter: &str, curl: f32, turns: &mut [Quat]) {
    let at = |name: &str| anatomy.joints.get(&format!("{name}_{letter}")).map(|&j| body.joints[j]);
    let (Some(hand), Some(index), Some(pinky)) = (at("hand"), at("index_01"), at("pinky_01")) else { return };
    let across = (index - pinky).normalize_or(Vec3::X);
    let along = ((index + pinky) * 0.5 - hand).normalize_or(Vec3::NEG_Y);
    let axis =
        (across - along * across.dot(along)).normalize_or(Vec3::X) * if letter == "l" { -1.0 } else { 1.0 };
    for finger in ["index", "middle", "ring", "pinky"] {
        for (bone, share) in [("01", 0.9), ("02", 1.0), ("03", 0.6)] {
            if let Some(&joint) = anatomy.joints.get(&format!("{finger}_{bone}_{letter}")) {
                turns[joint] = Quat::from_axis_angle(axis, curl * share);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    #[test]
    fn every_draw_is_within_the_limits_and_they_vary() {
        use Posture::{Climbing, LeftSide, OnAllFours, Prone, RightSide, Sitting, Standing, Supine};
        for posture in [Supine, Prone, LeftSide, RightSide, Sitting, OnAllFours, Standing, Climbing] {
            let draws: Vec<Angles> = (0..300)
                .map(|seed| {
                    draw(Manner { posture, face: Face::Free }, &Seed(seed).frame(0).child("infant", 0))
                })
                .collect();
            for angles in &draws {
                for (angle, (low, high)) in angles.iter().zip(LIMITS_DEG) {
                    let degrees = angle.to_degrees();
                    assert!((low - 1e-3..=high + 1e-3).contains(&degrees), "{posture:?}: {degrees}");
                }
            }
            for joint in [0, 6, 8, 14, 16] {
                let values = || draws.iter().map(|a| a[joint].to_degrees());
                let range = values().fold(f32::MIN, f32::max) - values().fold(f32::MAX, f32::min);
                assert!(range > 8.0, "{posture:?} joint {joint} hardly varies: {range}");
            }
        }
    }
}
