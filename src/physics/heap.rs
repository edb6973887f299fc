//! Goods let fall into a bin: convex bodies, Rapier's solver, fixed steps, one thread, the same on every machine.
//!
//! Layers are let go one after the other between guides above the bin's walls, as if somebody held a frame on it. Then the
//! guides are taken away, and what hangs over a wall or was pressed into another body is taken out, until what is left lies
//! still and apart.

use glam::{Affine3A, Quat, Vec3};
use rapier3d::{
    math::{Pose, Rotation, Vector},
    prelude::{
        ColliderBuilder, ColliderHandle, PhysicsWorld, RigidBodyBuilder, RigidBodyHandle, SpringCoefficients,
    },
};

use super::hull::{Body, Hull, SCALE};

/// Seconds a step.
const STEP_S: f32 = 1.0 / 120.0;
/// Natural frequency of the springs that push bodies apart.
const STIFF_HZ: f32 = 120.0;
/// Steps between one layer and the next.
const FALL_STEPS: u32 = 50;
/// Most steps until what is left must lie still.
const SETTLE_STEPS: u32 = 480;
/// A layer is let go so far above what lies there, metres.
const DROP_M: f32 = 0.01;
/// What is deeper in another is taken out, metres: bodies rest within each other's skins, not in each other.
const DEEP_M: f32 = 0.0;
/// What reaches further over a wall is taken out, metres.
const OVER_M: f32 = 0.0008;
/// Air that each body keeps about itself, metres: its hull leaves out some of its bulges.
const SKIN_M: f32 = 0.0003;
/// Goods in cardboard and film on each other.
const FRICTION: f32 = 0.45;
/// Thickness of what stands in for walls and floor, metres: nothing falls through.
const WALL_M: f32 = 0.5;
/// Height of the guides above the walls, metres.
const GUIDE_M: f32 = 3.0;

/// The space inside a bin with upright walls, world frame, metres: `max.y` is the height of its walls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Left, bottom, back.
    pub min: Vec3,
    /// Right, upper end of the walls, front.
    pub max: Vec3,
}

/// A body before it falls: where it is let go, but for the height.
#[derive(Clone, Debug)]
pub struct Dropped<'a> {
    /// Its shape.
    pub hull: &'a Hull,
    /// How it is turned.
    pub turn: Quat,
    /// Its origin, world x and z, metres. Bodies of a layer must not overlap, nor reach over a wall.
    pub over: [f32; 2],
}

/// Lets layers of bodies fall and gives, in their order, where each came to lie; `None` for those that found no room.
///
/// # Panics
/// Not for bodies of finite size.
#[must_use]
pub fn pour(bin: &Bin, layers: &[Vec<Dropped<'_>>]) -> Vec<Option<Affine3A>> {
    let mut heap = Heap::new(bin);
    for layer in layers {
        heap.drop(layer);
        heap.steps(FALL_STEPS);
    }
    heap.settle();
    heap.bodies.iter().map(|(_, body)| body.map(|handle| heap.place(handle))).collect()
}

struct Heap<'a> {
    world: PhysicsWorld,
    bin: &'a Bin,
    guides: Vec<ColliderHandle>,
    bodies: Vec<(&'a Hull, Option<RigidBodyHandle>)>,
}

fn scaled(v: Vec3) -> Vector {
    Vector::from_array((v * SCALE).to_array())
}

fn block((min, max): (Vec3, Vec3)) -> ColliderBuilder {
    let half = scaled((max - min) * 0.5);
    ColliderBuilder::cuboid(half.x, half.y, half.z).translation(scaled((min + max) * 0.5)).friction(FRICTION)
}

impl<'a> Heap<'a> {
    fn new(bin: &'a Bin) -> Self {
        let mut world = PhysicsWorld::new();
        world.gravity *= SCALE;
        let parameters = &mut world.integration_parameters;
        parameters.dt = STEP_S;
        // Of a unit, which is 10 cm: bodies rest a tenth of a millimetre deep.
        parameters.normalized_allowed_linear_error = 0.001;
        parameters.normalized_prediction_distance = 0.05;
        // Four times as stiff as Rapier's own, which let packs rest a millimetre deep in each other.
        parameters.contact_softness = SpringCoefficients::new(STIFF_HZ, 10.0);
        parameters.static_contact_softness = SpringCoefficients::new(2.0 * STIFF_HZ, 10.0);
        let (Bin { min, max }, t) = (*bin, WALL_M);
        world
            .insert_collider(block((min - Vec3::new(t, t, t), Vec3::new(max.x + t, min.y, max.z + t))), None);
        let mut guides = Vec::new();
        for (from, to, guide) in [(min.y - t, max.y, false), (max.y, max.y + GUIDE_M, true)] {
            let walls = [
                ([min.x - t, from, min.z - t], [min.x, to, max.z + t]),
                ([max.x, from, min.z - t], [max.x + t, to, max.z + t]),
                ([min.x - t, from, min.z - t], [max.x + t, to, min.z]),
                ([min.x - t, from, max.z], [max.x + t, to, max.z + t]),
            ];
            for (low, high) in walls {
                let wall = world.insert_collider(block((low.into(), high.into())), None);
                if guide {
                    guides.push(wall);
                }
            }
        }
        Self { world, bin, guides, bodies: Vec::new() }
    }

    fn place(&self, handle: RigidBodyHandle) -> Affine3A {
        let pose = self.world.bodies[handle].position();
        let turn = Quat::from_array(pose.rotation.to_array()).normalize();
        Affine3A::from_rotation_translation(turn, Vec3::from_array(pose.translation.to_array()) / SCALE)
    }

    /// Those that are there, by number, in their places.
    fn standing(&self) -> Vec<(usize, Body)> {
        let all = self.bodies.iter().enumerate();
        all.filter_map(|(index, (hull, handle))| Some((index, hull.at(&self.place((*handle)?))))).collect()
    }

    fn drop(&mut self, layer: &[Dropped<'a>]) {
        let top = self.standing().iter().map(|(_, body)| body.bounds().1.y).fold(self.bin.min.y, f32::max);
        for body in layer {
            let lowest = body.hull.at(&Affine3A::from_quat(body.turn)).bounds().0.y;
            let at = Vec3::new(body.over[0], top + DROP_M - lowest, body.over[1]);
            let pose = Pose::from_parts(scaled(at), Rotation::from_array(body.turn.to_array()));
            let rigid = RigidBodyBuilder::dynamic().pose(pose).linear_damping(0.4).angular_damping(0.8);
            let (handle, _) = self
                .world
                .insert(rigid, body.hull.collider().friction(FRICTION).contact_skin(SKIN_M * SCALE));
            self.bodies.push((body.hull, Some(handle)));
        }
    }

    fn steps(&mut self, most: u32) {
        for _ in 0..most {
            self.world.step();
            if self.world.active_bodies().next().is_none() {
                break;
            }
        }
    }

    fn settle(&mut self) {
        for guide in std::mem::take(&mut self.guides) {
            self.world.remove_collider(guide);
        }
        loop {
            self.world.wake_up_all(true);
            self.steps(SETTLE_STEPS);
            let lost = self.lost();
            if lost.is_empty() {
                return;
            }
            for index in lost {
                if let Some(handle) = self.bodies[index].1.take() {
                    self.world.remove_body(handle);
                }
            }
        }
    }

    /// What cannot stay: what reaches over a wall or into floor or walls, and the upper of two that are in each other.
    fn lost(&self) -> Vec<usize> {
        let standing = self.standing();
        let mut gone = vec![false; standing.len()];
        for (number, (_, body)) in standing.iter().enumerate() {
            let (min, max) = body.bounds();
            let inside = self.bin.min.x - min.x <= OVER_M
                && max.x - self.bin.max.x <= OVER_M
                && self.bin.min.z - min.z <= OVER_M
                && max.z - self.bin.max.z <= OVER_M
                && self.bin.min.y - min.y <= OVER_M;
            gone[number] = !inside;
        }
        for (number, (_, body)) in standing.iter().enumerate() {
            for (earlier, (_, other)) in standing[..number].iter().enumerate() {
                if !gone[number] && !gone[earlier] && body.depth(other, DEEP_M) > DEEP_M {
                    let upper = if body.bounds().1.y > other.bounds().1.y { number } else { earlier };
                    gone[upper] = true;
                }
            }
        }
        standing.iter().zip(gone).filter_map(|((index, _), gone)| gone.then_some(*index)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BIN: Bin = Bin { min: Vec3::new(-0.3, 0.2, -0.4), max: Vec3::new(0.3, 0.5, 0.0) };

    fn bag() -> Hull {
        let half = Vec3::new(0.06, 0.09, 0.02);
        let ring = (0..64_u32).map(|i| {
            let (u, v) = (
                f32::from(u8::try_from(i % 8).unwrap()) / 3.5 - 1.0,
                f32::from(u8::try_from(i / 8).unwrap()) / 3.5 - 1.0,
            );
            Vec3::new(u, v, (1.0 - u * u) * (1.0 - v * v)) * half
        });
        let both: Vec<Vec3> = ring.flat_map(|p| [p, Vec3::new(p.x, p.y, -p.z)]).collect();
        Hull::nearly(&both, 0.0004).unwrap()
    }

    fn layers<'a>(hull: &'a Hull, count: u32) -> Vec<Vec<Dropped<'a>>> {
        let layer = |number: u32| {
            let cell = |i: u32| {
                let (x, z) =
                    (f32::from(u8::try_from(i % 2).unwrap()), f32::from(u8::try_from(i / 2 % 2).unwrap()));
                let turn = Quat::from_rotation_y((number * 4 + i) as f32 * 1.3) * Quat::from_rotation_x(-1.4);
                Dropped { hull, turn, over: [-0.14 + 0.28 * x, -0.29 + 0.18 * z] }
            };
            (0..2).map(|i| cell(i * 3)).collect()
        };
        (0..count).map(layer).collect()
    }

    #[test]
    fn bodies_come_to_lie_in_their_bin_on_each_other_and_apart() {
        let hull = bag();
        let given = layers(&hull, 14);
        let found = pour(&BIN, &given);
        assert_eq!(found.len(), 28, "one place a body");
        let bodies: Vec<Body> = found.iter().flatten().map(|place| hull.at(place)).collect();
        assert!(bodies.len() > 20, "{} of 28 found room", bodies.len());
        for (index, body) in bodies.iter().enumerate() {
            let (min, max) = body.bounds();
            assert!(min.cmpge(BIN.min - 0.001).all(), "{index} reaches out at {min}");
            assert!(max.x < BIN.max.x + 0.001 && max.z < BIN.max.z + 0.001, "{index} reaches out at {max}");
            let on_floor = min.y - BIN.min.y < 0.001;
            let near = |(other, them): (usize, &Body)| other != index && body.depth(them, -0.001) > -0.001;
            assert!(on_floor || bodies.iter().enumerate().any(near), "{index} floats at {min}");
            for other in &bodies[..index] {
                assert!(body.depth(other, DEEP_M) <= DEEP_M, "{index} is in another");
            }
        }
        let tallest = bodies.iter().map(|body| body.bounds().1.y).fold(0.0, f32::max);
        assert!(tallest > BIN.min.y + 0.1, "a heap is higher than one layer: {tallest}");
    }

    #[test]
    fn a_heap_is_the_same_each_time() {
        let hull = bag();
        let given = layers(&hull, 6);
        assert_eq!(pour(&BIN, &given), pour(&BIN, &given));
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let hull = bag();
        let found = pour(&BIN, &layers(&hull, 40));
        let kept: Vec<_> = found.iter().flatten().collect();
        assert!(kept.len() < 80, "{} of 80 in a bin for fifty", kept.len());
        for place in kept {
            let (min, max) = hull.at(place).bounds();
            let over =
                (BIN.min.x - min.x).max(max.x - BIN.max.x).max(BIN.min.z - min.z).max(max.z - BIN.max.z);
            assert!(over < 0.001, "hangs {over} m over a wall");
        }
    }
}
