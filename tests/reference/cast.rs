//! What every pixel of the final picture shows, and what it would show of each instance alone.

use diorama::{
    geometry::Size,
    scene::{Library, Scene},
};
use glam::{DVec2, DVec3};

use super::{
    cutout::Exists,
    lens::{Optics, Ray, Sight},
    surface::{Body, Triangle, bodies},
};

/// A pixel whose centre lies within this distance of an edge that decides what it shows is ambiguous.
pub(crate) const BAND_PX: f64 = 0.01;
/// Two surfaces whose distances differ by no more than this share meet.
const TIE: f64 = 1e-5;
/// A surface is continuous where its distance changes as its slope says, and by no more than this share.
const STEP: f64 = 1e-3;
/// Directions in which the neighbourhood of a pixel near an edge is looked at.
const AROUND: u32 = 16;

/// What one pixel shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pixel {
    /// Instance, 0 for nothing.
    pub(crate) id: u32,
    /// Along the optical axis, metres; infinite where there is nothing.
    pub(crate) depth: f64,
    /// Change of depth per pixel at its steepest, metres.
    pub(crate) slope: f64,
    /// Primitive of the instance's model.
    pub(crate) primitive: u32,
    /// Triangle of the primitive's level of detail.
    pub(crate) triangle: u32,
    /// Distance to the nearest projected edge of any triangle that the ray meets, or nearly meets, pixels.
    pub(crate) edge_px: f64,
    /// Whether rounding may decide what it shows.
    pub(crate) ambiguous: bool,
}

/// An instance as if it stood alone before the camera.
#[derive(Clone, Debug)]
pub(crate) struct Alone {
    pub(crate) id: u32,
    /// Row-major.
    pub(crate) mask: Vec<bool>,
    /// Where rounding may decide whether the mask is set.
    pub(crate) ambiguous: Vec<bool>,
}

/// The whole answer.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) size: Size,
    /// Row-major.
    pub(crate) pixels: Vec<Pixel>,
    /// Every drawn instance that owns pixels, in order of id.
    pub(crate) alone: Vec<Alone>,
}

/// Casts one ray through every pixel's centre. `lod(instance index, primitive index)` names the level of detail
/// of each primitive.
pub(crate) fn cast(scene: &Scene, library: &Library, lod: &dyn Fn(usize, usize) -> usize) -> Picture {
    let size = scene.camera.intrinsics.size;
    let optics = Optics::new(scene.camera.intrinsics);
    let bodies = bodies(scene, library, lod);
    let empty = |b: &Body| Alone {
        id: b.id,
        mask: vec![false; size.pixels()],
        ambiguous: vec![false; size.pixels()],
    };
    let mut alone: Vec<Alone> = bodies.iter().map(empty).collect();
    let mut pixels = Vec::with_capacity(size.pixels());
    for y in 0..size.height {
        for x in 0..size.width {
            let sight = optics.sight(DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
            let ray = match sight {
                Sight::Sees(ray) => ray,
                Sight::Blind | Sight::Unsure => {
                    let unsure = matches!(sight, Sight::Unsure);
                    alone.iter_mut().for_each(|a| a.ambiguous[pixels.len()] = unsure);
                    pixels.push(Pixel { ambiguous: unsure, ..NOTHING });
                    continue;
                }
            };
            let near = bodies.iter().enumerate().filter(|(_, b)| b.near(&ray));
            let seen: Vec<(usize, Sighting)> = near.map(|(n, b)| (n, sight_of(b, &ray))).collect();
            for (n, sighting) in &seen {
                alone[*n].mask[pixels.len()] = sighting.hit.is_some();
                alone[*n].ambiguous[pixels.len()] = sighting.unsure_presence;
            }
            pixels.push(first(&bodies, &seen, &ray));
        }
    }
    Picture { size, pixels, alone }
}

const NOTHING: Pixel = Pixel {
    id: 0,
    depth: f64::INFINITY,
    slope: 0.0,
    primitive: 0,
    triangle: 0,
    edge_px: f64::INFINITY,
    ambiguous: false,
};

/// A triangle that the ray meets or nearly meets.
#[derive(Clone, Copy, Debug)]
struct Touch {
    triangle: usize,
    /// Distance in multiples of the ray's direction, kept within the triangle's own.
    t: f64,
    /// Change of `t` per pixel.
    gradient: DVec2,
    inside_px: f64,
    hit: bool,
    /// The cut-out hangs on rounding here.
    frayed: bool,
}

/// One body along one ray.
#[derive(Debug)]
struct Sighting {
    hit: Option<Touch>,
    /// Steepest change of distance per pixel of the hit surface near the ray, beyond a crease perhaps.
    steepest: f64,
    unsure_presence: bool,
    unsure_distance: bool,
    /// Smallest distance at which something of it might be.
    nearest: f64,
    edge_px: f64,
}

fn first(bodies: &[Body], seen: &[(usize, Sighting)], ray: &Ray) -> Pixel {
    let edge_px = seen.iter().map(|(_, s)| s.edge_px).fold(f64::INFINITY, f64::min);
    let hits = seen.iter().filter_map(|(n, s)| s.hit.map(|hit| (*n, s, hit)));
    let Some((winner, sighting, hit)) = hits.min_by(|a, b| a.2.t.total_cmp(&b.2.t)) else {
        let ambiguous = seen.iter().any(|(_, s)| s.unsure_presence);
        return Pixel { edge_px, ambiguous, ..NOTHING };
    };
    let contested = seen.iter().filter(|(n, _)| *n != winner).any(|(_, other)| {
        let meets = other.hit.is_some_and(|o| {
            (o.t - hit.t).abs() <= TIE * hit.t + BAND_PX * (o.gradient - hit.gradient).length()
        });
        let unsure = other.unsure_presence || other.unsure_distance;
        meets || (unsure && other.nearest <= hit.t * (1.0 + TIE))
    });
    let triangle = &bodies[winner].triangles[hit.triangle];
    let turn = DVec2::new(ray.across.z, ray.down.z) * hit.t;
    let crease = (sighting.steepest - hit.gradient.length()).max(0.0);
    let slope = (hit.gradient * ray.direction.z + turn).length() + crease * ray.direction.z.abs();
    Pixel {
        id: bodies[winner].id,
        depth: hit.t * ray.direction.z,
        slope,
        primitive: triangle.primitive,
        triangle: triangle.index,
        edge_px,
        ambiguous: contested || sighting.unsure_presence || sighting.unsure_distance,
    }
}

fn sight_of(body: &Body, ray: &Ray) -> Sighting {
    let mut edge_px = f64::INFINITY;
    let mut touches = Vec::new();
    for (number, triangle) in body.triangles.iter().enumerate() {
        if !triangle.faces(ray.direction) {
            continue;
        }
        let inside_px = triangle.inside_px(ray);
        if inside_px >= -0.5 {
            edge_px = edge_px.min(inside_px.abs());
        }
        if inside_px >= -1.25 * BAND_PX {
            touches.extend(touch(body, number, ray, inside_px));
        }
    }
    let hit = touches.iter().filter(|t| t.hit).min_by(|a, b| a.t.total_cmp(&b.t)).copied();
    let loose = |t: &&Touch| t.frayed || t.inside_px.abs() <= BAND_PX;
    let nearest = touches.iter().filter(|t| t.hit || loose(t)).map(|t| t.t).fold(f64::INFINITY, f64::min);

    let definite = touches.iter().any(|t| t.hit && !t.frayed && t.inside_px > BAND_PX);
    let unsure_presence = !definite
        && touches.iter().any(|t| loose(&t))
        && (touches.iter().any(|t| t.frayed) || !covered(body, &touches, ray, None));
    let mut steepest = hit.map_or(0.0, |h| h.gradient.length());
    let unsure_distance = hit.is_some_and(|hit| {
        let level = |t: &&Touch| (t.t - hit.t).abs() <= smooth(hit, **t);
        let step_in_front = touches.iter().filter(loose).any(|t| t.t < hit.t && !level(&t));
        let crease = touches.iter().filter(loose).filter(level);
        steepest = crease.map(|t| t.gradient.length()).fold(steepest, f64::max);
        let outline = hit.inside_px <= BAND_PX && !covered(body, &touches, ray, Some(hit));
        hit.frayed || step_in_front || outline
    });
    Sighting { hit, steepest, unsure_presence, unsure_distance, nearest, edge_px }
}

/// By how much the distances of two touched triangles of one surface may differ at the same ray.
fn smooth(hit: Touch, other: Touch) -> f64 {
    let slope = hit.gradient.length().max(other.gradient.length());
    (TIE * hit.t + 1.25 * BAND_PX * slope).min(STEP * hit.t)
}

/// The triangle as the ray meets it, or passes it by a hair; `None` where its surface is surely cut out.
fn touch(body: &Body, number: usize, ray: &Ray, inside_px: f64) -> Option<Touch> {
    let triangle = &body.triangles[number];
    let exists = |direction| {
        triangle.meet_plane(direction).map_or(Exists::No, |meeting| body.exists(triangle, meeting))
    };
    let here = exists(ray.direction);
    let frayed = here == Exists::Unsure || around(ray).any(|side| exists(side) != here);
    if here == Exists::No && !frayed {
        return None;
    }
    let hit = here != Exists::No && triangle.meet(ray.direction).is_some();
    let (t, gradient) = distance(triangle, ray);
    Some(Touch { triangle: number, t, gradient, inside_px, hit, frayed })
}

/// Distance along the ray to the triangle's plane, kept within the triangle's corners, and its change per pixel.
fn distance(triangle: &Triangle, ray: &Ray) -> (f64, DVec2) {
    let normal = triangle.normal();
    let (offset, facing) = (normal.dot(triangle.corners[0]), normal.dot(ray.direction));
    let along = triangle.corners.map(|c| c.dot(ray.direction) / ray.direction.length_squared());
    let (low, high) = (along[0].min(along[1]).min(along[2]), along[0].max(along[1]).max(along[2]));
    let t = offset / facing;
    let gradient = DVec2::new(normal.dot(ray.across), normal.dot(ray.down)) * (-t / facing);
    // The corners stand beside the ray, so that their distances along it are a guide only, hence the slack.
    let slack = 1e-2 * (high - low).abs() + 1e-4 * high.abs();
    (if t.is_nan() { low } else { t.clamp(low - slack, high + slack) }, gradient)
}

/// Directions on a small circle round the pixel's centre.
fn around(ray: &Ray) -> impl Iterator<Item = DVec3> + '_ {
    (0..AROUND).map(|n| {
        let (sin, cos) = (f64::from(n) / f64::from(AROUND) * std::f64::consts::TAU).sin_cos();
        ray.direction + (ray.across * cos + ray.down * sin) * BAND_PX
    })
}

/// Whether the touched triangles close the neighbourhood of the pixel's centre, on one surface with `like`.
fn covered(body: &Body, touches: &[Touch], ray: &Ray, like: Option<Touch>) -> bool {
    around(ray).chain([ray.direction]).all(|direction| {
        touches.iter().any(|touch| {
            let meeting = body.triangles[touch.triangle].meet(direction);
            meeting.is_some_and(|m| like.is_none_or(|hit| (m.t - hit.t).abs() <= smooth(hit, *touch)))
        })
    })
}
