//! Colour against what light must do, whatever the shaders are.

use std::sync::Arc;

use diorama::{
    geometry::{Aabb, Camera, Intrinsics, Lens, Size},
    gpu::Gpu,
    render::{Pictures, Renderer},
    scene::{
        Environment, Library, Light, LightKind, Material, MaterialId, Pixels, Scene, Texture, TextureRef,
        TextureSource, Vertices, Wrap,
    },
};
use glam::{Affine2, Affine3A, EulerRot, Quat, Vec2, Vec3, Vec4};

use crate::reference::{Kit, scene};

const SIZE: Size = Size { width: 64, height: 64 };

fn camera(lens: Lens, fov: f64) -> Camera {
    Camera::look_at(Vec3::new(0.0, 0.0, 2.0), Vec3::ZERO, 0.0, Intrinsics::from_fov(SIZE, fov, lens))
}

fn white_sky(gain: f32, visible: bool) -> Option<Environment> {
    let radiance = Arc::new(vec![Vec3::ONE; 64 * 32]);
    Some(Environment { width: 64, height: 32, radiance, gain, yaw: 0.3, visible })
}

fn shot(scene: &Scene, library: &Library) -> Pictures {
    let gpu = Gpu::open(None).expect("an adapter; `cargo xtask test` installs a software one");
    let mut renderer = Renderer::new(&gpu);
    let frame = renderer.render(scene, library).expect("it fits any device");
    frame.download(&gpu, false).wait(&gpu).expect("the device is there")
}

fn pixel(pictures: &Pictures, x: u32, y: u32) -> [u8; 3] {
    let at = (y * pictures.size.width + x) as usize * 4;
    [pictures.colour[at], pictures.colour[at + 1], pictures.colour[at + 2]]
}

/// sRGB byte of a linear value.
fn encoded(linear: f64) -> f64 {
    let s = if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
    255.0 * s.clamp(0.0, 1.0)
}

/// A library of the kit's shapes, all of one matt material without reflections.
fn matt(albedo: f32) -> Kit {
    let kit = Kit::new();
    let mut library = Library::default();
    let material = library.add_material(Material {
        base_colour: Vec4::new(albedo, albedo, albedo, 1.0),
        metallic: 0.0,
        roughness: 1.0,
        ior: 1.0,
        ..Material::default()
    });
    assert_eq!(material, MaterialId(0), "the first of its library");
    for name in &kit.shapes {
        let id = kit.library.find(name).expect("a shape of the kit");
        let mut model = kit.library.model(id).as_ref().clone();
        for primitive in &mut model.primitives {
            primitive.material = material;
        }
        library.add_model(model);
    }
    Kit { library, shapes: kit.shapes }
}

#[test]
fn a_matt_sphere_in_a_white_furnace_has_its_albedo() {
    for albedo in [0.18f32, 0.5] {
        let kit = matt(albedo);
        let ball = kit.thing("sphere", Affine3A::from_scale(Vec3::splat(0.5)));
        let mut scene = scene(vec![ball], camera(Lens::Pinhole, 0.9));
        (scene.lights, scene.environment) = (Vec::new(), white_sky(1.0, false));
        let pictures = shot(&scene, &kit.library);
        let expected = encoded(f64::from(albedo));
        for (x, y) in [(32, 32), (28, 36), (38, 30)] {
            let found = f64::from(pixel(&pictures, x, y)[1]);
            assert!((found - expected).abs() < 5.0, "albedo {albedo} at ({x}, {y}): {found}, not {expected}");
        }
        assert_eq!(pixel(&pictures, 1, 1), [0, 0, 0], "the furnace is not seen where nothing is");
    }
}

#[test]
fn a_sun_overhead_lights_by_the_cosine_and_a_roof_takes_it_away() {
    let kit = matt(0.8);
    let sun = |casts_shadow| Light {
        kind: LightKind::Sun { direction: Vec3::new(0.0, 0.0, -1.0), angular_radius: 0.005 },
        colour: Vec3::splat(1.5),
        casts_shadow,
    };
    let wall = kit.thing("box", Affine3A::from_scale(Vec3::new(1.0, 1.0, 0.1)));
    let roof = kit.thing(
        "box",
        Affine3A::from_scale_rotation_translation(
            Vec3::new(0.3, 0.3, 0.02),
            glam::Quat::IDENTITY,
            Vec3::new(3.0, 0.0, 1.0),
        ),
    );
    let mut open = scene(vec![wall.clone()], camera(Lens::Pinhole, 0.5));
    open.lights = vec![sun(true)];
    let lit = f64::from(pixel(&shot(&open, &kit.library), 32, 32)[1]);
    let expected = encoded(0.8 * 1.5 / std::f64::consts::PI);
    assert!((lit - expected).abs() < 5.0, "albedo over pi times irradiance is {expected}, not {lit}");

    // The same wall, lit from aside through a card that only the light sees.
    let slanted = Vec3::new(-3.0, 0.0, -1.0).normalize();
    let mut shaded = scene(vec![wall, roof], camera(Lens::Pinhole, 0.5));
    shaded.lights =
        vec![Light { kind: LightKind::Sun { direction: slanted, angular_radius: 0.005 }, ..sun(true) }];
    let dark = pixel(&shot(&shaded, &kit.library), 32, 32)[1];
    shaded.lights[0].casts_shadow = false;
    let bright = pixel(&shot(&shaded, &kit.library), 32, 32)[1];
    assert!(dark < 4 && bright > 60, "in the shadow {dark}, without shadows {bright}");
}

#[test]
fn every_face_of_a_fisheye_shows_the_sky() {
    let kit = matt(0.5);
    let lens = Lens::KannalaBrandt { k1: 0.0, k2: 0.0, k3: 0.0, k4: 0.0 };
    let mut scene = scene(Vec::new(), camera(lens, 3.3));
    (scene.lights, scene.environment) = (Vec::new(), white_sky(0.5, true));
    let pictures = shot(&scene, &kit.library);
    let expected = encoded(0.5);
    for y in 0..SIZE.height {
        for x in 0..SIZE.width {
            let found = f64::from(pixel(&pictures, x, y)[1]);
            assert!((found - expected).abs() < 3.0, "({x}, {y}): {found}, not {expected}");
        }
    }
}

/// A wide lamp's soft comparison reaches far across a wall that leans away from it, and must be held against the wall
/// there. Nothing else is in the scene, so that a wide lamp lights as a narrow one does.
#[test]
fn a_wall_does_not_shade_itself_however_wide_the_lamp() {
    let kit = matt(0.8);
    let lamp = |from: Vec3, wide: bool| LightKind::Spot {
        position: from,
        direction: -from.normalize(),
        inner_angle: 1.0,
        outer_angle: 1.2,
        radius_m: if wide { 0.6 } else { 0.001 },
    };
    let sun = |from: Vec3, wide: bool| LightKind::Sun {
        direction: -from.normalize(),
        angular_radius: if wide { 0.1 } else { 0.001 },
    };
    for turn in [Vec3::ZERO, Vec3::new(0.9, 0.0, 0.0), Vec3::new(0.0, 0.9, 0.0), Vec3::new(-0.6, 0.6, 0.3)] {
        let rotation = Quat::from_euler(EulerRot::XYZ, turn.x, turn.y, turn.z);
        let wall = Affine3A::from_scale_rotation_translation(Vec3::new(1.6, 1.6, 0.02), rotation, Vec3::ZERO);
        let mut scene = scene(vec![kit.thing("box", wall)], camera(Lens::Pinhole, 0.5));
        scene.environment = None;
        let slanting = rotation * Vec3::new(0.9, 0.7, 0.5);
        let kinds: [&dyn Fn(bool) -> LightKind; 2] =
            [&|wide| lamp(slanting, wide), &|wide| sun(slanting, wide)];
        for kind in kinds {
            let mut of = |wide| {
                scene.lights = vec![Light { kind: kind(wide), colour: Vec3::splat(2.0), casts_shadow: true }];
                shot(&scene, &kit.library)
            };
            let (wide, narrow) = (of(true), of(false));
            for (x, y) in (16..48).flat_map(|y| (16..48).map(move |x| (x, y))) {
                let (a, b) = (pixel(&wide, x, y)[1], pixel(&narrow, x, y)[1]);
                assert!(b > 20, "it is lit at ({x}, {y}): {b}, turned {turn}");
                assert!(a.abs_diff(b) <= 2, "({x}, {y}) of {:?}, turned {turn}: {a}, not {b}", kind(true));
            }
        }
    }
}

/// A wall of small triangles that shows the white half of a picture whose other half is black: a pixel that is filtered
/// over more than its own surroundings is grey. Slopes of coordinates are taken over groups of four pixels, of which
/// some lie beyond a triangle's edge.
#[test]
fn pixels_at_the_edges_of_triangles_are_filtered_as_all_others() {
    let mut kit = matt(0.8);
    let side = 64_u8;
    let rgba = (0..side)
        .flat_map(|_| (0..side).flat_map(|x| [if x < 40 { 255 } else { 0 }; 3].into_iter().chain([255])));
    let pixels = Pixels { width: side.into(), height: side.into(), rgba: rgba.collect() };
    let texture = kit.library.add_texture(Texture {
        name: "halves".to_owned(),
        source: TextureSource::Pixels(Arc::new(pixels)),
        wrap: [Wrap::Repeat; 2],
        srgb: true,
    });
    let material = kit.library.add_material(Material {
        base_texture: Some(TextureRef {
            texture,
            uv_set: 0,
            transform: Affine2::from_scale(Vec2::splat(0.4)),
        }),
        ..kit.library.material(MaterialId(0)).clone()
    });
    let mut wall = kit.library.model(kit.library.find("box").expect("a shape of the kit")).as_ref().clone();
    wall.name = "wall".to_owned();
    let cells = 27_u16;
    let share = |i: u16| f32::from(i) / f32::from(cells);
    let places: Vec<Vec2> = (0..=cells)
        .flat_map(|row| (0..=cells).map(move |column| Vec2::new(share(column), share(row))))
        .collect();
    let primitive = &mut wall.primitives[0];
    primitive.material = material;
    primitive.vertices = Vertices {
        positions: places.iter().map(|at| (*at * 3.0 - 1.5).extend(0.0)).collect(),
        normals: vec![Vec3::Z; places.len()],
        uv0: places.iter().map(|at| *at + 0.1).collect(),
        ..Vertices::default()
    };
    let step = u32::from(cells) + 1;
    let corners = (0..step - 1).flat_map(|row| (0..step - 1).map(move |column| row * step + column));
    primitive.lods[0].indices =
        corners.flat_map(|at| [at, at + 1, at + step + 1, at, at + step + 1, at + step]).collect();
    wall.bounds = Aabb::of(wall.primitives[0].vertices.positions.iter().copied());
    kit.library.add_model(wall);
    let mut scene = scene(vec![kit.thing("wall", Affine3A::IDENTITY)], camera(Lens::Pinhole, 0.5));
    (scene.lights, scene.environment) = (Vec::new(), white_sky(0.5, false));
    let pictures = shot(&scene, &kit.library);
    let middle = pixel(&pictures, 32, 32)[1];
    assert!(middle > 120, "the white half is lit: {middle}");
    for (x, y) in (4..60).flat_map(|y| (4..60).map(move |x| (x, y))) {
        let found = pixel(&pictures, x, y)[1];
        assert!(found.abs_diff(middle) < 5, "({x}, {y}): {found}, not {middle}");
    }
}
