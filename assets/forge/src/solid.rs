//! Boxes, extrusions, sheets and bent rods.

use glam::{DVec2, DVec3};

use crate::shell::{Corner, Shell};

/// A box between two corners, metres: the front (+Z) has one material and the unit square as texture, the rest
/// another one with texture coordinates in metres.
pub(crate) fn block(min: DVec3, max: DVec3, front: &'static str, rest: &'static str) -> Shell {
    let mut shell = Shell::new(30.0);
    let size = max - min;
    for axis in 0..3 {
        for side in [0.0, 1.0] {
            let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
            let corner = |s: f64, t: f64| {
                let mut p = min;
                p[axis] += side * size[axis];
                p[u] += s * size[u];
                p[v] += t * size[v];
                Corner { p, uv: DVec2::ZERO }
            };
            let ring = [corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)];
            let ring = if side > 0.5 { ring } else { [ring[3], ring[2], ring[1], ring[0]] };
            let is_front = axis == 2 && side > 0.5;
            let textured = ring.map(|c| Corner {
                uv: match axis {
                    2 if is_front => DVec2::new((c.p.x - min.x) / size.x, (max.y - c.p.y) / size.y),
                    2 => DVec2::new(max.x - c.p.x, max.y - c.p.y),
                    0 => DVec2::new(c.p.z - min.z, max.y - c.p.y),
                    _ => DVec2::new(c.p.x - min.x, c.p.z - min.z),
                },
                ..c
            });
            shell.quad(if is_front { front } else { rest }, textured);
        }
    }
    shell
}

/// Carries an outline in z and y (metres, counter-clockwise with z to the right and y up) along x.
///
/// Texture coordinates: u along x, v round the outline, both in metres.
pub(crate) fn extrude(outline: &[DVec2], x0: f64, x1: f64, material: &'static str, crease_deg: f64) -> Shell {
    let mut shell = Shell::new(crease_deg);
    let at = |x: f64, p: DVec2, v: f64| Corner { p: DVec3::new(x, p.y, p.x), uv: DVec2::new(x - x0, v) };
    let mut v = 0.0;
    for (i, a) in outline.iter().enumerate() {
        let b = outline[(i + 1) % outline.len()];
        let next = v + a.distance(b);
        shell.quad(material, [at(x0, *a, v), at(x1, *a, v), at(x1, b, next), at(x0, b, next)]);
        v = next;
    }
    for [a, b, c] in ears(outline) {
        let end = |x: f64, p: DVec2| Corner { p: DVec3::new(x, p.y, p.x), uv: p };
        shell.tri(material, [end(x0, a), end(x0, b), end(x0, c)]);
        shell.tri(material, [end(x1, a), end(x1, c), end(x1, b)]);
    }
    shell
}

/// Triangles of a simple polygon (counter-clockwise), by cutting ears.
fn ears(outline: &[DVec2]) -> Vec<[DVec2; 3]> {
    let mut rest = outline.to_vec();
    let mut out = Vec::new();
    while rest.len() > 3 {
        let n = rest.len();
        let is_ear = |i: &usize| {
            let (a, b, c) = (rest[(i + n - 1) % n], rest[*i], rest[(i + 1) % n]);
            let inside =
                |p: DVec2| [(a, b), (b, c), (c, a)].iter().all(|(s, t)| (*t - *s).perp_dot(p - *s) > -1e-15);
            let others = rest.iter().filter(|p| **p != a && **p != b && **p != c);
            (b - a).perp_dot(c - b) > 1e-12 && !others.into_iter().any(|p| inside(*p))
        };
        let Some(i) = (0..n).find(is_ear) else { break };
        out.push([rest[(i + n - 1) % n], rest[i], rest[(i + 1) % n]]);
        rest.remove(i);
    }
    if let [a, b, c] = rest[..] {
        out.push([a, b, c]);
    }
    out
}

/// A flat rectangle: `origin` is its corner at texture (0, 0), `right` and `down` its edges in metres; the
/// texture repeats `tiles` times along each.
pub(crate) fn sheet(origin: DVec3, right: DVec3, down: DVec3, tiles: DVec2, material: &'static str) -> Shell {
    let mut shell = Shell::new(30.0);
    shell.closed = false;
    let at = |s: f64, t: f64| Corner { p: origin + right * s + down * t, uv: DVec2::new(s, t) * tiles };
    shell.quad(material, [at(0.0, 1.0), at(1.0, 1.0), at(1.0, 0.0), at(0.0, 0.0)]);
    shell
}

/// A rod along a path in the x-y plane (millimetres): half thicknesses within the plane and along z.
pub(crate) fn rod(path: &[DVec2], half: DVec2, sides: usize, material: &'static str) -> Shell {
    let mut shell = Shell::new(60.0);
    let n = path.len();
    let ring = |i: usize| -> Vec<Corner> {
        let ahead = (path[(i + 1).min(n - 1)] - path[i.saturating_sub(1)]).normalize();
        let normal = DVec2::new(-ahead.y, ahead.x);
        (0..=sides)
            .map(|j| {
                let t = (j % sides) as f64 / sides as f64;
                let (s, c) = (t * std::f64::consts::TAU).sin_cos();
                let p = path[i] + normal * half.x * c;
                let uv = DVec2::new(j as f64 / sides as f64, i as f64 / (n - 1) as f64);
                Corner { p: DVec3::new(p.x, p.y, half.y * s) * 1e-3, uv }
            })
            .collect()
    };
    let rings: Vec<Vec<Corner>> = (0..n).map(ring).collect();
    for w in rings.windows(2) {
        for j in 0..sides {
            shell.quad(material, [w[0][j], w[0][j + 1], w[1][j + 1], w[1][j]]);
        }
    }
    for (i, flip) in [(0, true), (n - 1, false)] {
        let middle = Corner { p: path[i].extend(0.0) * 1e-3, uv: DVec2::splat(0.5) };
        for j in 0..sides {
            let (a, b) = (rings[i][j], rings[i][j + 1]);
            shell.tri(material, if flip { [b, a, middle] } else { [a, b, middle] });
        }
    }
    shell
}
