//! What becomes one file: shells, materials, and what a stager must know.

use glam::{DVec2, DVec3};
use serde_json::{Value, json};

use crate::material::Material;
use crate::shell::{Face, Shell, micrometres};

/// Licence line of every model made here.
pub(crate) const LICENCE: &str = "Diorama contributors, CC0-1.0";

/// A model.
#[derive(Clone, Debug)]
pub(crate) struct Asset {
    pub(crate) name: &'static str,
    pub(crate) shells: Vec<Shell>,
    pub(crate) materials: Vec<Material>,
    /// The object under `extras.diorama` of its scene.
    pub(crate) extras: Value,
}

/// A place for label art.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    /// Its name, and its material's.
    pub(crate) name: &'static str,
    /// Width over height of the art.
    pub(crate) aspect: f64,
    /// Left, top, right, bottom of the front.
    pub(crate) front_uv: [f64; 4],
    pub(crate) wraps: bool,
}

impl Slot {
    /// A sleeve once round, its front the 120 degrees about +Z.
    pub(crate) fn sleeve(aspect: f64) -> Self {
        Self { name: "label", aspect, front_uv: [0.333_333, 0.0, 0.666_667, 1.0], wraps: true }
    }

    /// Once round a flat pack, whose front is half of the art.
    pub(crate) fn flat(aspect: f64) -> Self {
        Self { name: "label", aspect, front_uv: [0.28, 0.03, 0.72, 0.97], wraps: true }
    }

    /// Another front between these two, over the whole height.
    pub(crate) fn front(mut self, left: f64, right: f64) -> Self {
        self.front_uv = [left, 0.0, right, 1.0];
        self
    }

    /// The four sides of a box of this width and depth, front first.
    pub(crate) fn sides(aspect: f64, width: f64, depth: f64) -> Self {
        let front = width / (2.0 * (width + depth));
        Self { name: "label", aspect, front_uv: [0.0, 0.0, front, 1.0], wraps: true }
    }

    /// One face, all of it front.
    pub(crate) fn face(name: &'static str, aspect: f64) -> Self {
        Self { name, aspect, front_uv: [0.0, 0.0, 1.0, 1.0], wraps: false }
    }
}

/// A product form, from which an asset is made.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) shells: Vec<Shell>,
    pub(crate) materials: Vec<Material>,
    /// The first is the main one.
    pub(crate) slots: Vec<Slot>,
    pub(crate) recolour: &'static [&'static str],
    /// Smallest and largest real goods of this form, millimetres.
    pub(crate) range_mm: [[f64; 3]; 2],
    /// Whether width and depth scale alike.
    pub(crate) round: bool,
    pub(crate) departments: &'static [&'static str],
    pub(crate) poses: &'static [&'static str],
    pub(crate) stack: u32,
    pub(crate) fragile: bool,
}

impl Form {
    /// Puts the origin to the middle of the bottom, measures, and marks the front.
    pub(crate) fn finish(mut self) -> Asset {
        let (min, max) = bounds(&self.shells);
        let shift = DVec3::new(-0.5 * (min.x + max.x), -min.y, -0.5 * (min.z + max.z));
        self.shells = self.shells.into_iter().map(|s| s.warp(|p| p + shift)).collect();
        let slots: Vec<Value> = self.slots.iter().map(slot_json).collect();
        let metres = |mm: [f64; 3]| mm.map(|v| rounded(v * 1e-3));
        let extras = json!({
            "form": self.name,
            "size_m": size(&self.shells),
            "size_min_m": metres(self.range_mm[0]),
            "size_max_m": metres(self.range_mm[1]),
            "round": self.round,
            "departments": self.departments,
            "poses": self.poses,
            "stack": self.stack,
            "fragile": self.fragile,
            "slots": slots,
            "recolour": self.recolour,
            "front_points": front_points(&self.shells, &self.slots[0]),
        });
        Asset { name: self.name, shells: self.shells, materials: self.materials, extras }
    }
}

/// A part of a shop.
pub(crate) fn fixture(name: &'static str, shells: Vec<Shell>, materials: Vec<Material>) -> Asset {
    let extras = json!({ "fixture": name, "size_m": size(&shells) });
    Asset { name, shells, materials, extras }
}

fn slot_json(slot: &Slot) -> Value {
    json!({
        "name": slot.name,
        "material": slot.name,
        "aspect": (slot.aspect * 1e4).round() / 1e4,
        "front_uv": slot.front_uv.map(rounded),
        "wraps": slot.wraps,
    })
}

fn rounded(v: f64) -> f64 {
    (v * 1e6).round() / 1e6
}

/// Smallest and largest coordinates, metres.
pub(crate) fn bounds(shells: &[Shell]) -> (DVec3, DVec3) {
    let points = shells.iter().flat_map(|s| &s.faces).flat_map(|f| f.corners.map(|c| c.p));
    points.fold((DVec3::MAX, DVec3::MIN), |(lo, hi), p| (lo.min(p), hi.max(p)))
}

fn size(shells: &[Shell]) -> [f64; 3] {
    let (min, max) = bounds(shells);
    (micrometres(max) - micrometres(min)).to_array().map(|v| f64::from(v) / 1e6)
}

/// 6 x 8 points on the surface, evenly over the front of the art.
fn front_points(shells: &[Shell], slot: &Slot) -> Vec<[f64; 3]> {
    let [u0, v0, u1, v1] = slot.front_uv;
    let art = || shells.iter().flat_map(|s| &s.faces).filter(|f| f.material == slot.name);
    let mut out = Vec::new();
    for row in 0..8 {
        for column in 0..6 {
            let (s, t) = ((f64::from(column) + 0.5) / 6.0, (f64::from(row) + 0.5) / 8.0);
            let uv = DVec2::new(u0 + (u1 - u0) * s, v0 + (v1 - v0) * t);
            let found = art().find_map(|f| point_at(f, uv));
            out.extend(found.map(|p| p.to_array().map(rounded)));
        }
    }
    out
}

/// The point of a face that shows this place of the art.
fn point_at(face: &Face, uv: DVec2) -> Option<DVec3> {
    let [a, b, c] = face.corners;
    let (e, f, g) = (b.uv - a.uv, c.uv - a.uv, uv - a.uv);
    let area = e.perp_dot(f);
    let (s, t) = (g.perp_dot(f) / area, e.perp_dot(g) / area);
    let inside = s > -1e-9 && t > -1e-9 && s + t < 1.0 + 1e-9;
    inside.then(|| a.p + (b.p - a.p) * s + (c.p - a.p) * t)
}
