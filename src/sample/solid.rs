//! Whether a staged scene is solid, worked out from transforms and models alone: independent of how it was placed.

use glam::{Affine3A, Vec2, Vec3};

use crate::{
    geometry::Aabb,
    physics::{Footprint, Hull, Prism},
    scene::{Instance, Library, Scene},
};

/// Half a millimetre: half of what the rules of a solid shelf allow.
const SLACK_M: f32 = 0.0005;
/// Models that goods may stand on.
const GROUNDS: &[&str] = &["shelf_board", "card_panel", "plain_panel", "wood_panel"];
/// Models that goods may not reach into.
const RIGID: &[&str] = &[
    "shelf_board",
    "side_panel",
    "back_panel",
    "upright",
    "price_tag",
    "base_kick",
    "card_panel",
    "plain_panel",
    "clear_panel",
    "wood_panel",
];

/// A product's body.
struct Body<'a> {
    instance: &'a Instance,
    prism: Prism,
    /// For what leans: its points in the world.
    points: Option<Vec<Vec3>>,
}

fn points(library: &Library, instance: &Instance) -> Vec<Vec3> {
    let model = library.model(instance.model.expect("a product has a shape"));
    let all = model.primitives.iter().flat_map(|p| &p.vertices.positions);
    all.map(|p| instance.world_from_object.transform_point3(*p)).collect()
}

fn body<'a>(library: &Library, instance: &'a Instance) -> Body<'a> {
    let model = library.model(instance.model.expect("a product has a shape"));
    let round = model.extras["diorama"]["round"].as_bool().expect("a form says so");
    let place = instance.world_from_object;
    let corners = model.bounds.corners().map(|corner| place.transform_point3(corner));
    let (bottom, top) = corners.iter().fold((f32::MAX, f32::MIN), |(lo, hi), c| (lo.min(c.y), hi.max(c.y)));
    let middle = place.transform_point3(model.bounds.center());
    let centre = Vec2::new(middle.x, middle.z);
    // The object's axes on the ground; the one that points up, if any, has no extent there.
    let axes = [(0, Vec3::X), (1, Vec3::Y), (2, Vec3::Z)]
        .map(|(axis, unit)| place.transform_vector3(unit) * model.bounds.size()[axis] * 0.5);
    let straight = axes.iter().any(|axis| axis.normalize().y.abs() > 0.9999);
    if !straight {
        let points = points(library, instance);
        let (lo, hi) = points.iter().fold((Vec3::MAX, Vec3::MIN), |(lo, hi), p| (lo.min(*p), hi.max(*p)));
        let half = Vec2::new(hi.x - lo.x, hi.z - lo.z) * 0.5;
        let footprint = Footprint::Rect { centre: Vec2::new(lo.x + half.x, lo.z + half.y), half, yaw: 0.0 };
        return Body { instance, prism: Prism { footprint, bottom: lo.y, top: hi.y }, points: Some(points) };
    }
    let flat: Vec<Vec3> = axes.into_iter().filter(|a| a.normalize().y.abs() < 0.5).collect();
    let standing = axes[1].normalize().y.abs() > 0.5;
    let footprint = if round && standing {
        Footprint::Disc { centre, radius: flat[0].length().max(flat[1].length()) }
    } else {
        let yaw = (-flat[0].z).atan2(flat[0].x);
        Footprint::Rect { centre, half: Vec2::new(flat[0].length(), flat[1].length()), yaw }
    };
    Body { instance, prism: Prism { footprint, bottom, top }, points: None }
}

/// By how much a leaning unit goes into the front of an upright one, metres; negative when it stays away. The
/// upright one's front is read off its own points, height by height.
fn touch(leaning: &[Vec3], upright: &[Vec3]) -> f32 {
    let mut fronts: Vec<(f32, f32)> = Vec::new();
    for p in upright {
        match fronts.iter_mut().find(|(y, _)| (*y - p.y).abs() < 1e-4) {
            Some((_, z)) => *z = z.max(p.z),
            None => fronts.push((p.y, p.z)),
        }
    }
    fronts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let front_at = |y: f32| {
        let pair = fronts.windows(2).find(|pair| (pair[0].0..=pair[1].0).contains(&y))?;
        let share = (y - pair[0].0) / (pair[1].0 - pair[0].0).max(1e-6);
        Some(pair[0].1 + (pair[1].1 - pair[0].1) * share)
    };
    leaning.iter().filter_map(|p| Some(front_at(p.y)? - p.z)).fold(f32::MIN, f32::max)
}

fn world_box(library: &Library, instance: &Instance) -> Aabb {
    library.model(instance.model.expect("drawn")).bounds.transformed(&instance.world_from_object)
}

fn around(prism: &Prism) -> Aabb {
    let (centre, reach) = (prism.footprint.centre(), prism.footprint.reach());
    Aabb {
        min: Vec3::new(centre.x - reach.x, prism.bottom, centre.y - reach.y),
        max: Vec3::new(centre.x + reach.x, prism.top, centre.y + reach.y),
    }
}

/// A box as a body.
fn upright(fixed: &Aabb) -> Prism {
    let (centre, half) = (fixed.center(), fixed.size() * 0.5);
    let footprint =
        Footprint::Rect { centre: Vec2::new(centre.x, centre.z), half: Vec2::new(half.x, half.z), yaw: 0.0 };
    Prism { footprint, bottom: fixed.min.y, top: fixed.max.y }
}

fn boxes_of(library: &Library, scene: &Scene, names: &[&str]) -> Vec<Aabb> {
    let listed = |i: &&Instance| {
        let model = i.model.map(|model| library.model(model).name.as_str());
        // The boxes of what stands askew would be too large.
        model.is_some_and(|model| names.contains(&model))
            && !["door", "basket"].iter().any(|n| i.path.starts_with(n))
    };
    scene.instances.iter().filter(listed).map(|i| world_box(library, i)).collect()
}

/// What two poured packs may sink into each other.
const SINKS_M: f32 = 0.001;
/// What may bulge out of the hull by which a pack is held to be in another.
const TIGHT_M: f32 = 0.0001;
/// What a poured pack may be above what carries it.
const HOVERS_M: f32 = 0.001;

/// What of heaps overlaps, floats, or is in a wall or in goods that were not poured. Packs are held by all their points.
fn unsolid_heaps(
    library: &Library,
    poured: &[&Instance],
    goods: &[Body<'_>],
    rigid: &[Aabb],
) -> Option<String> {
    let whole =
        |points: &[Vec3]| Hull::nearly(points, TIGHT_M).expect("it has a volume").at(&Affine3A::IDENTITY);
    let bodies: Vec<_> = poured.iter().map(|i| (i, whole(&points(library, i)))).collect();
    let fixtures: Vec<_> = rigid.iter().map(|fixed| (fixed, whole(&fixed.corners()))).collect();
    for (index, (instance, body)) in bodies.iter().enumerate() {
        let (path, (min, max)) = (&instance.path, body.bounds());
        for (other, them) in &bodies[..index] {
            let depth = body.depth(them, SINKS_M);
            if depth > SINKS_M {
                return Some(format!("{path} is {depth} m in {}", other.path));
            }
        }
        for (fixed, shape) in &fixtures {
            let depth = body.depth(shape, SINKS_M);
            if depth > SINKS_M {
                return Some(format!("{path} is {depth} m in a fixture {fixed:?}"));
            }
        }
        let around = upright(&Aabb { min, max });
        if let Some(other) = goods.iter().find(|other| around.overlap(&other.prism) > SLACK_M) {
            return Some(format!("{path} is in the place of {}", other.instance.path));
        }
        let in_heap =
            |other: &Instance| ["bay", "heap"].iter().all(|k| other.facts[*k] == instance.facts[*k]);
        let floor =
            bodies.iter().filter(|(i, _)| in_heap(i)).map(|(_, b)| b.bounds().0.y).fold(f32::MAX, f32::min);
        let carried = bodies.iter().enumerate().any(|(number, (_, them))| {
            number != index && them.bounds().0.y < max.y && body.gap(them, HOVERS_M) < HOVERS_M
        });
        if min.y > floor + 2.0 * HOVERS_M && !carried {
            return Some(format!("{path} floats at {}, the heap's floor is at {floor}", min.y));
        }
    }
    None
}

/// What overlaps, floats, leaves its board or sticks through another, if anything does.
pub(super) fn unsolid(library: &Library, scene: &Scene) -> Option<String> {
    let (grounds, rigid) = (boxes_of(library, scene, GROUNDS), boxes_of(library, scene, RIGID));
    let hooks = boxes_of(library, scene, &["rod"]);
    let products = scene.instances.iter().filter(|i| i.class == "product");
    let (poured, standing): (Vec<_>, Vec<_>) = products.partition(|i| i.facts.contains_key("heap"));
    let goods: Vec<Body<'_>> = standing.into_iter().map(|i| body(library, i)).collect();
    if let Some(fault) = unsolid_heaps(library, &poured, &goods, &rigid) {
        return Some(fault);
    }
    for (index, Body { instance, prism, points: leaning }) in goods.iter().enumerate() {
        let path = &instance.path;
        let mut leans_on = None;
        for (number, other) in goods.iter().enumerate() {
            let overlap = prism.overlap(&other.prism);
            if number == index || overlap < -SLACK_M {
                continue;
            }
            if let (Some(leaning), None) = (leaning, &other.points)
                && other.prism.footprint.centre().y < prism.footprint.centre().y
                && (other.prism.footprint.centre().x - prism.footprint.centre().x).abs() < SLACK_M
            {
                let depth = touch(leaning, &points(library, other.instance));
                if depth > 2.0 * SLACK_M {
                    return Some(format!("{path} leans {depth} m into {}", other.instance.path));
                }
                leans_on = (depth > -2.0 * SLACK_M).then_some(other).or(leans_on);
                continue;
            }
            let tilted_pair = other.points.is_some() && leaning.is_none();
            if (number < index || leaning.is_some()) && overlap >= SLACK_M && !tilted_pair {
                return Some(format!("{path} is {overlap} m inside {}", other.instance.path));
            }
        }
        let body = around(prism);
        for fixed in &rigid {
            if prism.overlap(&upright(fixed)) >= SLACK_M {
                return Some(format!("{path} sticks in a fixture {fixed:?}"));
            }
        }
        let centre = prism.footprint.centre();
        let on_ground = grounds.iter().any(|ground| {
            (prism.bottom - ground.max.y).abs() < SLACK_M
                && body.min.x > ground.min.x - SLACK_M
                && body.max.x < ground.max.x + SLACK_M
                && body.min.z > ground.min.z - SLACK_M
                && body.max.z < ground.max.z + SLACK_M
        });
        let on_unit = goods.iter().any(|below| {
            (prism.bottom - below.prism.top).abs() < SLACK_M
                && below.prism.footprint.centre().distance(centre) < SLACK_M
                && below.prism.footprint.area() > 0.9 * prism.footprint.area()
        });
        // A hook goes through near the upper end, over the middle.
        let on_hook = hooks.iter().any(|hook| {
            let middle = hook.center();
            (middle.x - centre.x).abs() < SLACK_M
                && (prism.top - 0.03..prism.top).contains(&middle.y)
                && hook.min.z <= body.min.z + SLACK_M
                && hook.max.z >= body.max.z - SLACK_M
        });
        if !on_ground && !on_unit && !on_hook {
            return Some(format!("{path} floats at {}", prism.bottom));
        }
        if leaning.is_some() && leans_on.is_none() {
            return Some(format!("{path} leans on nothing"));
        }
    }
    None
}
