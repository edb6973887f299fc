//! Small worlds: shapes with known outlines, and random heaps of them.

use std::sync::Arc;

use diorama::{
    geometry::{Aabb, Camera, Intrinsics, Lens, Size},
    scene::{
        Alpha, Chain, Facts, Instance, InstanceId, Library, Light, LightKind, Lod, Material, MaterialId,
        Model, Pixels, Primitive, ProbeGroup, Role, Scene, Texture, TextureRef, TextureSource, Vertices,
        Wrap,
    },
    seed::Seed,
};
use glam::{Affine2, Affine3A, EulerRot, Quat, Vec2, Vec3, Vec4};
use rand::RngExt;

/// The shapes that scenes are made of, with their materials.
#[derive(Debug)]
pub(crate) struct Kit {
    pub(crate) library: Library,
    /// Closed and single-sided unless the material says otherwise; about one metre across.
    pub(crate) shapes: Vec<&'static str>,
}

/// Triangles under construction.
#[derive(Default)]
struct Mesh {
    positions: Vec<Vec3>,
    uv: Vec<Vec2>,
    indices: Vec<u32>,
}

impl Mesh {
    /// A grid of `columns` by `rows` cells over the unit square; `at(u, v)` gives the place. Cells that collapse
    /// to a line or point on a pole lose that triangle.
    fn grid(columns: u32, rows: u32, at: impl Fn(f32, f32) -> Vec3) -> Self {
        let mut mesh = Self::default();
        for row in 0..=rows {
            for column in 0..=columns {
                let (u, v) = (column as f32 / columns as f32, row as f32 / rows as f32);
                mesh.positions.push(at(u, v));
                mesh.uv.push(Vec2::new(u, v));
            }
        }
        for row in 0..rows {
            for column in 0..columns {
                let corner = |dc: u32, dr: u32| (row + dr) * (columns + 1) + column + dc;
                mesh.triangle(corner(0, 0), corner(0, 1), corner(1, 1));
                mesh.triangle(corner(0, 0), corner(1, 1), corner(1, 0));
            }
        }
        mesh
    }

    fn triangle(&mut self, a: u32, b: u32, c: u32) {
        let [pa, pb, pc] = [a, b, c].map(|i| self.positions[i as usize]);
        if (pb - pa).cross(pc - pa).length() > 1e-7 {
            self.indices.extend([a, b, c]);
        }
    }

    fn add(&mut self, other: Self) {
        let base = self.positions.len() as u32;
        self.positions.extend(other.positions);
        self.uv.extend(other.uv);
        self.indices.extend(other.indices.iter().map(|i| i + base));
    }

    fn quad(corner: Vec3, along_u: Vec3, along_v: Vec3) -> Self {
        Self::grid(1, 1, |u, v| corner + along_u * u + along_v * v)
    }

    /// A box of unit size round the origin; faces in the order -z +z -y +y -x +x.
    fn cube() -> Self {
        let mut mesh = Self::default();
        for (u, v) in [(Vec3::X, Vec3::Y), (Vec3::Z, Vec3::X), (Vec3::Y, Vec3::Z)] {
            // A quad faces v x u, so that swapping its axes turns it round.
            let out = v.cross(u);
            mesh.add(Self::quad((out - u - v) * 0.5, u, v));
            mesh.add(Self::quad((-out - u - v) * 0.5, v, u));
        }
        mesh
    }

    fn sphere(columns: u32, rows: u32) -> Self {
        Self::grid(columns, rows, |u, v| {
            let (theta, phi) = (v * std::f32::consts::PI, (u * columns as f32).rem_euclid(columns as f32));
            let phi = phi / columns as f32 * std::f32::consts::TAU;
            // Poles exactly on the axis, the seam closed exactly.
            let ring = if v == 0.0 || v == 1.0 { 0.0 } else { theta.sin() };
            Vec3::new(ring * phi.sin(), theta.cos(), ring * phi.cos()) * 0.5
        })
    }

    /// A cone, or with `top` = 1 a cylinder; without its caps it is an open tube.
    fn cone(sides: u32, top: f32, caps: bool) -> Self {
        let round = move |u: f32, radius: f32, y: f32| {
            let phi = (u * sides as f32).rem_euclid(sides as f32) / sides as f32 * std::f32::consts::TAU;
            Vec3::new(radius * phi.sin(), y, radius * phi.cos())
        };
        let mut mesh = Self::grid(sides, 1, |u, v| round(u, 0.5 * (top + (1.0 - top) * v), 0.5 - v));
        if caps {
            mesh.add(Self::grid(sides, 1, |u, v| round(u, 0.5 * (1.0 - v), -0.5)));
            mesh.add(Self::grid(sides, 1, |u, v| round(u, 0.5 * top * v, 0.5)));
        }
        mesh
    }
}

fn primitive(material: MaterialId, levels: Vec<Mesh>) -> Primitive {
    let mut vertices = Vertices::default();
    let mut lods = Vec::new();
    for mesh in levels {
        let base = vertices.positions.len() as u32;
        lods.push(Lod {
            indices: mesh.indices.iter().map(|i| i + base).collect(),
            error_um: lods.len() as u32,
        });
        vertices.positions.extend(mesh.positions);
        vertices.uv0.extend(mesh.uv);
    }
    vertices.normals = vertices.positions.iter().map(|p| p.normalize_or(Vec3::Y)).collect();
    Primitive { vertices, lods, material, skin: Vec::new(), morphs: Vec::new() }
}

fn model(name: &str, primitives: Vec<Primitive>) -> Model {
    let points = primitives.iter().flat_map(|p| p.vertices.positions.iter().copied());
    // A grid of points on the front face of the unit box.
    let front =
        (0..25).map(|i| Vec3::new((i % 5) as f32 * 0.2 - 0.4, (i / 5) as f32 * 0.2 - 0.4, 0.5)).collect();
    Model {
        name: name.to_owned(),
        bounds: Aabb::of(points),
        primitives,
        skin: None,
        morph_names: Vec::new(),
        probes: vec![ProbeGroup { name: "front".to_owned(), points: front, tolerance_m: 0.05 }],
        extras: serde_json::Value::Null,
        licence: "made by these tests".to_owned(),
        source: "tests".to_owned(),
    }
}

/// A 16 x 16 texture with a round hole of soft edge, and squares beside it.
fn pierced() -> Pixels {
    let alpha = |x: i32, y: i32| {
        let r = Vec2::new(x as f32 - 7.5, y as f32 - 7.5).length();
        let square = (x / 2 + y / 2) % 5 == 0;
        if square { 0 } else { (r * 60.0).clamp(0.0, 255.0) as u8 }
    };
    let rgba = (0..256).flat_map(|i| [200, 180, 90, alpha(i % 16, i / 16)]).collect();
    Pixels { width: 16, height: 16, rgba }
}

impl Kit {
    pub(crate) fn new() -> Self {
        let mut library = Library::default();
        let plain =
            library.add_material(Material { name: "plain".into(), metallic: 0.0, ..Material::default() });
        let both =
            library.add_material(Material { name: "both".into(), double_sided: true, ..Material::default() });
        let texture = library.add_texture(Texture {
            name: "pierced".into(),
            source: TextureSource::Pixels(Arc::new(pierced())),
            wrap: [Wrap::Repeat, Wrap::Mirror],
            srgb: true,
        });
        let transform =
            Affine2::from_scale_angle_translation(Vec2::new(1.7, 2.3), 0.4, Vec2::new(0.15, -0.6));
        let pierced = library.add_material(Material {
            name: "pierced".into(),
            base_colour: Vec4::new(1.0, 1.0, 1.0, 0.9),
            base_texture: Some(TextureRef { texture, uv_set: 0, transform }),
            alpha: Alpha::Mask { cutoff: 0.45 },
            double_sided: true,
            ..Material::default()
        });
        let clear = library.add_material(Material {
            name: "clear".into(),
            transmission: 0.9,
            alpha: Alpha::Blend,
            ..Material::default()
        });
        let absent = library.add_material(Material {
            name: "absent".into(),
            base_colour: Vec4::new(1.0, 1.0, 1.0, 0.3),
            alpha: Alpha::Mask { cutoff: 0.5 },
            ..Material::default()
        });
        let sphere = || vec![Mesh::sphere(14, 8), Mesh::sphere(7, 4)];
        let tube = || vec![Mesh::cone(16, 1.0, false)];
        let flag = || vec![Mesh::quad(Vec3::new(-0.5, -0.5, 0.0), Vec3::X, Vec3::Y)];
        let lid = Mesh::grid(6, 1, |u, v| {
            let (sin, cos) = ((u * 6.0).rem_euclid(6.0) / 6.0 * std::f32::consts::TAU).sin_cos();
            Vec3::new(0.3 * v * sin, 0.8 - 0.3 * v, 0.3 * v * cos)
        });
        for model in [
            model("box", vec![primitive(plain, vec![Mesh::cube()])]),
            model("sphere", vec![primitive(plain, sphere())]),
            model("cone", vec![primitive(plain, vec![Mesh::cone(12, 0.0, true)])]),
            model("can", vec![primitive(plain, vec![Mesh::cone(14, 1.0, true)])]),
            model("tube", vec![primitive(plain, tube())]),
            model("sleeve", vec![primitive(both, tube())]),
            model("flag", vec![primitive(pierced, flag())]),
            model("lamp", vec![primitive(clear, sphere()), primitive(plain, vec![lid])]),
            // For closed forms only: nearly round, and nowhere at all.
            model("ball", vec![primitive(plain, vec![Mesh::sphere(160, 80)])]),
            model("ghost", vec![primitive(absent, flag())]),
        ] {
            library.add_model(model);
        }
        Self { library, shapes: vec!["box", "sphere", "cone", "can", "tube", "sleeve", "flag", "lamp"] }
    }

    /// One thing of this kit.
    pub(crate) fn thing(&self, shape: &str, world_from_object: Affine3A) -> Instance {
        Instance {
            id: InstanceId(0),
            path: String::new(),
            class: "product".to_owned(),
            role: Role::Labelled,
            model: Some(self.library.find(shape).expect("a shape of the kit")),
            world_from_object,
            dresses: Vec::new(),
            tint: Vec3::ONE,
            facts: Facts::new(),
        }
    }
}

/// A scene of these things, numbered in their order.
pub(crate) fn scene(mut things: Vec<Instance>, camera: Camera) -> Scene {
    for (index, thing) in things.iter_mut().enumerate() {
        thing.id = InstanceId(index as u32 + 1);
        thing.path = format!("thing{index}");
    }
    Scene {
        clip: None,
        instances: things,
        lights: vec![Light {
            kind: LightKind::Sun { direction: Vec3::NEG_Y, angular_radius: 0.01 },
            colour: Vec3::ONE,
            casts_shadow: false,
        }],
        environment: None,
        camera,
        chain: Chain::default(),
        facts: Facts::new(),
        models: Vec::new(),
    }
}

/// Lenses that the random scenes are seen through, with a field of view for each, radians.
pub(crate) const LENSES: [(Lens, f64); 5] = [
    (Lens::Pinhole, 0.9),
    (Lens::BrownConrady { k1: -0.28, k2: 0.07, k3: -0.005, p1: 0.001, p2: -0.0007 }, 1.1),
    (Lens::BrownConrady { k1: 0.15, k2: 0.02, k3: 0.0, p1: -0.004, p2: 0.006 }, 0.9),
    (Lens::KannalaBrandt { k1: -0.02, k2: 0.003, k3: -0.001, k4: 0.0 }, 2.0),
    (Lens::KannalaBrandt { k1: 0.0, k2: 0.0, k3: 0.0, k4: 0.0 }, 3.8),
];

/// Bars far longer than the picture is wide, thin and near, so that a lens bows them by many times their thickness.
pub(crate) fn bars(kit: &Kit, seed: u64, (lens, fov_rad): (Lens, f64), size: Size) -> Scene {
    let node = Seed(seed).frame(0);
    let mut rng = node.stream("bars");
    let mut between = |low: f32, high: f32| rng.random_range(low..high);
    let things: Vec<Instance> = (0..8)
        .map(|_| {
            let turn =
                Quat::from_euler(EulerRot::ZXY, between(0.0, 6.3), between(-0.3, 0.3), between(-0.3, 0.3));
            let scale = Vec3::new(between(1.5, 3.0), between(0.01, 0.03), between(0.01, 0.03));
            let place = Vec3::new(between(-0.4, 0.4), between(-0.5, 0.5), between(-0.5, 0.5));
            kit.thing("box", Affine3A::from_scale_rotation_translation(scale, turn, place))
        })
        .collect();
    let intrinsics = Intrinsics::from_fov(size, fov_rad, lens);
    scene(things, Camera::look_at(Vec3::new(0.1, 0.0, 1.4), Vec3::ZERO, between(-0.4, 0.4), intrinsics))
}

/// A random heap of 3 to 30 things before, beside and behind a camera; some mirrored, some thin as card, some
/// see-through or virtual, some off the frame.
pub(crate) fn heap(kit: &Kit, seed: u64, (lens, fov_rad): (Lens, f64), size: Size) -> Scene {
    let node = Seed(seed).frame(0);
    let mut rng = node.stream("heap");
    let mut between = |low: f32, high: f32| rng.random_range(low..high);
    let count = between(3.0, 31.0) as usize;
    let things = (0..count).map(|_| {
        let turn = Quat::from_euler(EulerRot::XYZ, between(0.0, 6.3), between(0.0, 6.3), between(0.0, 6.3));
        let mut scale = Vec3::new(between(0.08, 0.5), between(0.08, 0.5), between(0.08, 0.5));
        let shape = kit.shapes[between(0.0, kit.shapes.len() as f32) as usize];
        if between(0.0, 1.0) < 0.2 {
            scale.y = 0.002;
        }
        if between(0.0, 1.0) < 0.25 {
            scale.x = -scale.x;
        }
        let place = Vec3::new(between(-1.2, 1.2), between(-0.9, 0.9), between(-1.0, 1.6));
        let mut thing = kit.thing(shape, Affine3A::from_scale_rotation_translation(scale, turn, place));
        let part = between(0.0, 1.0);
        if part < 0.06 {
            thing.role = Role::SeeThrough;
        } else if part < 0.12 {
            (thing.role, thing.model) = (Role::Virtual { half_extents: Vec3::splat(0.2) }, None);
        } else if part < 0.2 {
            thing.role = Role::Background;
        }
        thing
    });
    let things: Vec<Instance> = things.collect();
    let eye = Vec3::new(between(-0.4, 0.4), between(-0.4, 0.4), between(1.2, 2.2));
    let target = Vec3::new(between(-0.3, 0.3), between(-0.3, 0.3), 0.0);
    let mut intrinsics = Intrinsics::from_fov(size, fov_rad, lens);
    // Off-centre and not quite square, as calibrated cameras are.
    intrinsics.cx += f64::from(between(-3.0, 3.0));
    intrinsics.cy += f64::from(between(-3.0, 3.0));
    intrinsics.fy *= f64::from(between(0.97, 1.03));
    scene(things, Camera::look_at(eye, target, between(-0.4, 0.4), intrinsics))
}
