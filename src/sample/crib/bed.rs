//! Cribs: slats, panels, a travel cot with sides of net, a bassinet; mattress and sheet. The long axis is X, the middle
//! of the mattress is at x = z = 0.

use glam::{Vec2, Vec3, vec3};
use rand::RngExt;

use super::{
    between,
    materials::{Materials, noise},
    mesh::Mesh,
    settle::{Rail, Slot},
};
use crate::{
    config::{CribMake, CribMap},
    seed::Node,
};

/// Measures of one crib, metres.
#[derive(Clone, Debug)]
pub(super) struct Crib {
    pub(super) make: CribMake,
    /// Half the inner length and width.
    pub(super) half: [f32; 2],
    /// Height of the mattress's upper side above the floor.
    pub(super) mattress: f32,
    /// From where to where along Z the mattress lies.
    pub(super) bed: [f32; 2],
    /// Height of the rail's upper side above the floor.
    pub(super) rail: f32,
    /// Free gap between slats; EN 716 allows 45 to 65 mm.
    pub(super) slat_gap: f32,
    /// How high the creases of its sheet stand, metres.
    pub(super) crease: f32,
    slat: f32,
    post: f32,
    thickness: f32,
}

/// A mattress that fits has this much room at each side, metres.
const FITS_M: f32 = 0.008;
/// The deepest dent that a sheet shows: what goes further down goes down beside the mattress, metres.
const DEEPEST_M: f32 = 0.046;
/// How far the side of a mattress gives way to who lies in a gap, metres.
pub(super) const SOFT_SIDE_M: f32 = 0.03;
/// How far outside of the bed the tubes of a travel cot run, metres.
const TUBE_OUT_M: f32 = 0.028;
/// Half the thickness of a slat, across its side, metres.
const SLAT_DEPTH_M: f32 = 0.007;

/// A named piece of a crib.
pub(super) struct Piece {
    pub(super) name: &'static str,
    pub(super) meshes: Vec<(Mesh, crate::scene::MaterialId)>,
}

impl Crib {
    /// Draws measures within what shops sell: 120 x 60 and 140 x 70 cm cribs, 80 x 50 cm bassinets.
    pub(super) fn draw(make: CribMake, node: &Node) -> Self {
        let draw = |name: &str, min: f32, max: f32| node.draw(name, |rng| between(min, max, rng));
        let large = node.draw("large", |rng| rng.random_bool(0.35));
        let half = match (make, large) {
            (CribMake::Bassinet, _) => [draw("half_length_m", 0.40, 0.46), draw("half_width_m", 0.24, 0.28)],
            (_, true) => [0.70, 0.35],
            (_, false) => [draw("half_length_m", 0.595, 0.63), draw("half_width_m", 0.295, 0.32)],
        };
        let thickness = match make {
            CribMake::Travel => draw("thickness_m", 0.03, 0.06),
            _ => draw("thickness_m", 0.08, 0.12),
        };
        let low = node.draw("low", |rng| rng.random_bool(0.5));
        let mattress = match (make, low) {
            (CribMake::Travel, _) => draw("mattress_m", 0.10, 0.22),
            (CribMake::Bassinet, _) => draw("mattress_m", 0.55, 0.70),
            (_, true) => draw("mattress_m", 0.28, 0.36),
            (_, false) => draw("mattress_m", 0.44, 0.52),
        };
        let above = match (make, low) {
            (CribMake::Bassinet, _) => draw("side_m", 0.20, 0.27),
            (CribMake::Travel, _) => draw("side_m", 0.54, 0.62),
            (_, true) => draw("side_m", 0.50, 0.60),
            (_, false) => draw("side_m", 0.32, 0.42),
        };
        Self {
            make,
            half,
            mattress,
            bed: [FITS_M - half[1], half[1] - FITS_M],
            rail: mattress + above,
            slat_gap: draw("slat_gap_m", 0.047, 0.063),
            crease: draw("crease_m", 0.0, 0.006),
            slat: draw("slat_m", 0.012, 0.024),
            post: draw("post_m", 0.018, 0.028),
            thickness,
        }
    }

    /// The user's own, of which the measures are known.
    #[expect(clippy::cast_possible_truncation, reason = "metres")]
    pub(super) fn own(map: &CribMap, node: &Node) -> Self {
        let half = map.inner_m.map(|metres| metres as f32 * 0.5);
        Self {
            make: CribMake::Own,
            half,
            mattress: map.mattress_m as f32,
            bed: [FITS_M - half[1], half[1] - FITS_M],
            rail: map.rail_m as f32,
            slat_gap: 0.0,
            crease: node.draw("crease_m", |rng| between(0.0, 0.006, rng)),
            slat: 0.0,
            post: 0.02,
            thickness: 0.08_f32.min(map.mattress_m as f32 * 0.8),
        }
    }

    /// The same with a mattress that is too narrow, pushed to one side: the gap at the other is `width_m` wide.
    pub(super) fn with_gap(mut self, front: bool, width_m: f32) -> Self {
        let edge = self.inner_side() - width_m;
        self.bed[usize::from(front)] = if front { edge } else { -edge };
        self
    }

    /// On which side of the mattress there is a gap, along Z: -1 or 1; `None` where it fits.
    pub(super) fn gap_side(&self) -> Option<f32> {
        let middle = self.bed[0] + self.bed[1];
        (middle != 0.0).then(|| -middle.signum())
    }

    /// The same with slats no nearer to each other than this, as in old cribs.
    pub(super) fn with_slats_apart(mut self, gap_m: f32) -> Self {
        let length = 2.0 * self.half[0];
        while self.slat_gap < 0.11 && length / f32::from(self.slats(length) + 1) - self.slat < gap_m {
            self.slat_gap += 0.002;
        }
        self
    }

    /// Where the slats of a long side begin, along Z.
    pub(super) fn inner_side(&self) -> f32 {
        self.half[1] + self.post - SLAT_DEPTH_M
    }

    /// The upper edge of the long side at this end of the Z axis (-1 or 1).
    pub(super) fn edge(&self, side: f32) -> Rail {
        let (out, radius) =
            if self.make == CribMake::Travel { (TUBE_OUT_M, 0.026) } else { (self.post, 0.02) };
        Rail { y: self.rail - 0.02, z: side * (self.half[1] + out), radius }
    }

    /// Height of the board that the mattress lies on.
    pub(super) fn board(&self) -> f32 {
        self.mattress - self.thickness - 0.004
    }

    /// All pieces but mattress and sheet.
    pub(super) fn pieces(&self, m: &Materials) -> Vec<Piece> {
        match self.make {
            CribMake::Slats => self.slatted(m, false),
            CribMake::Panels => self.slatted(m, true),
            CribMake::Travel => self.travel(m),
            CribMake::Bassinet => self.bassinet(m),
            CribMake::Own => Vec::new(),
        }
    }

    fn posts(&self) -> [(f32, f32); 4] {
        let [x, z] = [self.half[0] + self.post, self.half[1] + self.post];
        [(-x, -z), (x, -z), (x, z), (-x, z)]
    }

    /// Long sides of slats; ends of slats too, or of panels.
    fn slatted(&self, m: &Materials, panels: bool) -> Vec<Piece> {
        let [length, width] = self.half;
        let (base, top, p) = (self.mattress - self.thickness - 0.04, self.rail, self.post);
        let mut frame = Mesh::default();
        for (x, z) in self.posts() {
            let high = top + if panels { 0.06 } else { 0.012 };
            frame.block(vec3(x, high * 0.5, z), vec3(p, high * 0.5, p), 0.006);
        }
        let mut pieces = vec![Piece { name: "frame", meshes: vec![(frame, m.wood)] }];
        for (name, side) in [("side_back", -1.0), ("side_front", 1.0)] {
            let z = side * (width + p);
            let mut mesh = Mesh::default();
            for y in [base, top - 0.02] {
                mesh.block(vec3(0.0, y, z), vec3(length, 0.02, 0.014), 0.006);
            }
            self.bars(&mut mesh, vec3(-length, base, z), Vec3::X, 2.0 * length, top);
            pieces.push(Piece { name, meshes: vec![(mesh, m.wood)] });
        }
        for (name, side) in [("end_left", -1.0), ("end_right", 1.0)] {
            let x = side * (length + p);
            let mut mesh = Mesh::default();
            for y in [base, top - 0.02 + if panels { 0.05 } else { 0.0 }] {
                mesh.block(vec3(x, y, 0.0), vec3(0.014, 0.02, width), 0.006);
            }
            if panels {
                let high = top + 0.03 - base;
                mesh.block(vec3(x, base + high * 0.5, 0.0), vec3(0.009, high * 0.5, width), 0.004);
            } else {
                self.bars(&mut mesh, vec3(x, base, -width), Vec3::Z, 2.0 * width, top);
            }
            pieces.push(Piece { name, meshes: vec![(mesh, m.wood)] });
        }
        pieces
    }

    /// The gap between slats that is nearest to `x`, on the long side at this end of the Z axis (-1 or 1).
    pub(super) fn slot_near(&self, x: f32, side: f32) -> Slot {
        let (length, count) = (2.0 * self.half[0], self.slats(2.0 * self.half[0]));
        let pitch = length / f32::from(count + 1);
        let cell = ((x + self.half[0]) / pitch).floor().clamp(1.0, f32::from(count) - 1.0);
        Slot {
            x: (cell + 0.5) * pitch - self.half[0],
            z: side * (self.half[1] + self.post),
            half: (pitch - self.slat) * 0.5,
            slat: [SLAT_DEPTH_M, self.slat],
        }
    }

    /// How many slats stand along `length`.
    fn slats(&self, length: f32) -> u16 {
        let step = self.slat + self.slat_gap;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some twenty slats")]
        let count = ((length - self.slat_gap) / step).ceil().max(1.0) as u16;
        count
    }

    /// Slats at even distances over `length`, none further apart than `slat_gap`.
    fn bars(&self, mesh: &mut Mesh, from: Vec3, along: Vec3, length: f32, top: f32) {
        let count = self.slats(length);
        for i in 1..=count {
            let at = from + along * (length * f32::from(i) / f32::from(count + 1));
            let half = vec3(0.0, (top - 0.03 - from.y) * 0.5, 0.0);
            let thin = if along.x > 0.5 {
                vec3(self.slat * 0.5, 0.0, SLAT_DEPTH_M)
            } else {
                vec3(SLAT_DEPTH_M, 0.0, self.slat * 0.5)
            };
            mesh.block(at + half, half + thin, 0.005);
        }
    }

    /// Tubes in fabric, sides of net.
    fn travel(&self, m: &Materials) -> Vec<Piece> {
        let [length, width] = self.half;
        let (top, low) = (self.rail, self.mattress - self.thickness - 0.02);
        let mut tubes = Mesh::default();
        let mut net = Mesh::default();
        let mut cloth = Mesh::default();
        let corners = [
            vec3(-length, 0.0, -width),
            vec3(length, 0.0, -width),
            vec3(length, 0.0, width),
            vec3(-length, 0.0, width),
        ];
        for (i, a) in corners.into_iter().enumerate() {
            let b = corners[(i + 1) % 4];
            let out = vec3(a.x.signum() * TUBE_OUT_M, 0.0, a.z.signum() * TUBE_OUT_M);
            tubes.bar(a + out, a + out + Vec3::Y * top, 0.024, 14);
            let (a, b) = (a + out, b + vec3(b.x.signum() * TUBE_OUT_M, 0.0, b.z.signum() * TUBE_OUT_M));
            tubes.bar(a + Vec3::Y * (top - 0.02), b + Vec3::Y * (top - 0.02), 0.026, 14);
            tubes.ball(glam::Affine3A::from_translation(a + Vec3::Y * (top - 0.02)), Vec3::splat(0.036));
            let along = b - a;
            let band = 0.13;
            net.plane(a + Vec3::Y * (low + band), along, Vec3::Y * (top - 0.05 - low - band));
            cloth.plane(a + Vec3::Y * 0.02, along, Vec3::Y * (low + band - 0.02));
        }
        vec![
            Piece { name: "tubes", meshes: vec![(tubes, m.fabric)] },
            Piece { name: "net", meshes: vec![(net, m.net)] },
            Piece { name: "skirt", meshes: vec![(cloth, m.fabric)] },
        ]
    }

    /// A tub of fabric on legs.
    fn bassinet(&self, m: &Materials) -> Vec<Piece> {
        let [length, width] = self.half;
        let (low, top) = (self.mattress - self.thickness - 0.03, self.rail);
        let (columns, rows) = (49_usize, 7_usize);
        let ring = |share: f32, angle: f32, y: f32, wider: f32| {
            // A rounded rectangle: a superellipse.
            let (sin, cos) = angle.sin_cos();
            let r = (cos.abs().powf(4.0) + sin.abs().powf(4.0)).powf(-0.25);
            vec3(cos * r * (length + wider + share * 0.03), y, sin * r * (width + wider + share * 0.03))
        };
        #[expect(clippy::cast_precision_loss, reason = "a small grid")]
        let grid = |inside: bool| -> Vec<Vec3> {
            (0..rows * columns)
                .map(|i| {
                    let (row, column) = (i / columns, i % columns);
                    let share = row as f32 / (rows - 1) as f32;
                    let angle = column as f32 / (columns - 1) as f32 * std::f32::consts::TAU;
                    ring(
                        share,
                        if inside { -angle } else { angle },
                        low + share * (top - low),
                        if inside { 0.004 } else { 0.022 },
                    )
                })
                .collect()
        };
        let mut tub = Mesh::default();
        #[expect(clippy::cast_precision_loss, reason = "a small grid")]
        for inside in [false, true] {
            tub.sheet(&grid(inside), columns, |c, r| Vec2::new(c as f32 * 0.045, r as f32 * 0.05));
        }
        let mut rim = Mesh::default();
        for i in 0..48_u8 {
            let at = |k: u8| ring(1.0, f32::from(k) / 48.0 * std::f32::consts::TAU, top, 0.013);
            rim.bar(at(i), at(i + 1), 0.014, 8);
        }
        let mut legs = Mesh::default();
        for (x, z) in [(-0.75, -0.7), (0.75, -0.7), (0.75, 0.7), (-0.75, 0.7)] {
            legs.bar(
                vec3(x * length * 1.1, 0.0, z * width * 1.4),
                vec3(x * length * 0.8, low + 0.01, z * width),
                0.015,
                10,
            );
        }
        vec![
            Piece { name: "tub", meshes: vec![(tub, m.fabric)] },
            Piece { name: "rim", meshes: vec![(rim, m.fabric)] },
            Piece { name: "legs", meshes: vec![(legs, m.wood)] },
        ]
    }

    /// The mattress under its sheet.
    pub(super) fn mattress_block(&self, m: &Materials) -> Piece {
        let mut mesh = Mesh::default();
        let [length, width] = [self.half[0] - FITS_M, (self.bed[1] - self.bed[0]) * 0.5];
        // Its upper half gives way under the sheet: what is solid begins below the deepest dent.
        // So does its side in a gap.
        let soft = if self.gap_side().is_some() { SOFT_SIDE_M } else { 0.002 };
        let (low, high) = (self.mattress - self.thickness, self.mattress - (self.thickness * 0.6).min(0.05));
        mesh.block(
            vec3(0.0, (low + high) * 0.5, (self.bed[0] + self.bed[1]) * 0.5),
            vec3(length, (high - low) * 0.5, width) - vec3(0.002, 0.0, soft),
            0.005,
        );
        mesh.block(
            vec3(0.0, self.board() - 0.008, 0.0),
            vec3(self.half[0] + 0.01, 0.008, self.half[1] + 0.01),
            0.002,
        );
        Piece { name: "mattress", meshes: vec![(mesh, m.fabric)] }
    }
}

/// Cells of the sheet, metres.
pub(super) const CELL_M: f32 = 0.0125;

/// The fitted sheet: flat, with creases, and pressed down under what lies on it.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    columns: usize,
    pub(super) points: Vec<Vec3>,
}

impl Sheet {
    /// `under` is the lowest surface above each place (x, z), if any.
    pub(super) fn press(crib: &Crib, under: &dyn Fn(f32, f32) -> Option<f32>, salt: u32) -> Self {
        let [length, width] = [crib.half[0] - FITS_M, (crib.bed[1] - crib.bed[0]) * 0.5];
        let middle = (crib.bed[0] + crib.bed[1]) * 0.5;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small grid")]
        let count = |half: f32| (2.0 * half / CELL_M).ceil() as usize + 1;
        let (columns, rows) = (count(length), count(width));
        #[expect(clippy::cast_precision_loss, reason = "a small grid")]
        let place = |i: usize, n: usize, half: f32| (i as f32 / (n - 1) as f32 * 2.0 - 1.0) * half;
        let mut dent = vec![0.0_f32; columns * rows];
        for row in 0..rows {
            for column in 0..columns {
                let (x, z) = (place(column, columns, length), place(row, rows, width));
                if let Some(y) = under(x, middle + z) {
                    dent[row * columns + column] = (crib.mattress - y + 0.001).clamp(0.0, DEEPEST_M);
                }
            }
        }
        let pressed = spread(&dent, columns, rows);
        let points = (0..columns * rows)
            .map(|i| {
                let (x, z) = (place(i % columns, columns, length), place(i / columns, rows, width));
                let (u, v) = (x / (2.0 * length) + 0.5, z / (2.0 * width) + 0.5);
                // Creases run across the corners and fade under weight.
                let fold = noise(u * 0.9 + 0.3 * v, v * 0.4, 7, salt) * 0.6 + noise(u, v, 13, salt + 1) * 0.4;
                let crease = crib.crease * (1.0 - (fold.abs() * 5.0).min(1.0)).powi(2);
                let edge = ((1.0 - (x / length).abs()) * length).min((1.0 - (z / width).abs()) * width);
                let round = 0.012 * (1.0 - (edge / 0.025).min(1.0)).powi(2);
                let weight = (pressed[i] / 0.004).min(1.0);
                vec3(x, crib.mattress + crease * (1.0 - weight) - round - pressed[i], middle + z)
            })
            .collect();
        Self { columns, points }
    }

    /// As triangles: the top, and what hangs down round it.
    pub(super) fn mesh(&self) -> Mesh {
        let mut mesh = Mesh::default();
        let flat = |p: Vec3| Vec2::new(p.x, p.z);
        mesh.sheet(&self.points, self.columns, |c, r| flat(self.points[r * self.columns + c]));
        let rows = self.points.len() / self.columns;
        let at = |c: usize, r: usize| self.points[r * self.columns + c];
        let edges: [Vec<Vec3>; 4] = [
            (0..self.columns).map(|c| at(c, rows - 1)).collect(),
            (0..self.columns).rev().map(|c| at(c, 0)).collect(),
            (0..rows).rev().map(|r| at(self.columns - 1, r)).collect(),
            (0..rows).map(|r| at(0, r)).collect(),
        ];
        for edge in edges {
            let hem: Vec<Vec3> = edge.iter().map(|p| *p - Vec3::Y * 0.075).collect();
            let count = edge.len();
            let both: Vec<Vec3> = edge.into_iter().chain(hem).collect();
            mesh.sheet(&both, count, |c, r| {
                let p = both[r * count + c];
                Vec2::new(p.x + p.z, p.y)
            });
        }
        mesh
    }
}

/// A dent draws its surroundings down: every place lies at least as deep as its neighbours less a slope.
fn spread(dent: &[f32], columns: usize, rows: usize) -> Vec<f32> {
    let slope = CELL_M * 0.35;
    let mut out = dent.to_vec();
    for _ in 0..2 {
        for i in 0..out.len() {
            let (x, y) = (i % columns, i / columns);
            let near = |dx: usize, dy: usize, v: &[f32]| v[(y - dy) * columns + (x - dx)] - slope;
            if x > 0 {
                out[i] = out[i].max(near(1, 0, &out));
            }
            if y > 0 {
                out[i] = out[i].max(near(0, 1, &out));
            }
        }
        for i in (0..out.len()).rev() {
            let (x, y) = (i % columns, i / columns);
            if x + 1 < columns {
                out[i] = out[i].max(out[i + 1] - slope);
            }
            if y + 1 < rows {
                out[i] = out[i].max(out[i + columns] - slope);
            }
        }
    }
    out
}
