//! Motion against closed forms in f64, and against the pictures of the next frame.

use std::{
    f32::consts::{FRAC_PI_2, PI},
    sync::{Arc, OnceLock},
};

use glam::{Affine3A, DVec2, DVec3, EulerRot, Quat, Vec3};

use crate::{
    geometry::{Aabb, Camera, Intrinsics, Lens, Size},
    gpu::Gpu,
    render::{FlowPicture, Pictures, Renderer},
    scene::{
        Alpha, Chain, Facts, Instance, InstanceId, Library, Lod, Material, MaterialId, Model, ModelId,
        Primitive, Role, Scene, Vertices,
    },
};

const SIZE: Size = Size { width: 96, height: 72 };
const FOCAL_PX: f64 = 100.0;
const BROWN: Lens = Lens::BrownConrady { k1: -0.28, k2: 0.07, k3: -0.005, p1: 0.001, p2: -0.0007 };
const FISHEYE: Lens = Lens::KannalaBrandt { k1: -0.02, k2: 0.003, k3: -0.001, k4: 0.0 };
const MATERIAL: MaterialId = MaterialId(0);

fn gpu() -> &'static Gpu {
    static GPU: OnceLock<Gpu> = OnceLock::new();
    GPU.get_or_init(|| Gpu::open(None).expect("an adapter"))
}

/// A unit board of `cells` by `cells` cells that faces +Z, each vertex moved by `bend`; a second level of detail has
/// the corners alone.
fn board(name: &str, cells: u32, bend: impl Fn(Vec3) -> Vec3) -> Model {
    let mut positions = Vec::new();
    for row in 0..=cells {
        for column in 0..=cells {
            let [u, v] = [column, row].map(|n| n as f32 / cells as f32 - 0.5);
            positions.push(bend(Vec3::new(u, v, 0.0)));
        }
    }
    let squares = |step: u32| -> Vec<u32> {
        let n = cells / step;
        let corner = |column: u32, row: u32| row * step * (cells + 1) + column * step;
        let square = |c: u32, r: u32| {
            let [a, b, d, e] = [corner(c, r), corner(c + 1, r), corner(c + 1, r + 1), corner(c, r + 1)];
            [a, b, d, a, d, e]
        };
        (0..n).flat_map(|r| (0..n).flat_map(move |c| square(c, r))).collect()
    };
    let lods = vec![Lod { indices: squares(1), error_um: 0 }, Lod { indices: squares(cells), error_um: 1 }];
    model(name, positions, lods)
}

/// A closed unit cube.
fn cube() -> Model {
    let (mut positions, mut indices) = (Vec::new(), Vec::new());
    for turn in [
        Quat::IDENTITY,
        Quat::from_rotation_y(FRAC_PI_2),
        Quat::from_rotation_y(PI),
        Quat::from_rotation_y(-FRAC_PI_2),
        Quat::from_rotation_x(FRAC_PI_2),
        Quat::from_rotation_x(-FRAC_PI_2),
    ] {
        let base = positions.len() as u32;
        let corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)];
        positions.extend(corners.map(|(x, y)| turn * Vec3::new(x, y, 0.5)));
        indices.extend([0, 1, 2, 0, 2, 3].map(|i| base + i));
    }
    model("cube", positions, vec![Lod { indices, error_um: 0 }])
}

fn model(name: &str, positions: Vec<Vec3>, lods: Vec<Lod>) -> Model {
    let normals = vec![Vec3::Z; positions.len()];
    let bounds = Aabb::of(positions.iter().copied());
    let vertices = Vertices { positions, normals, ..Vertices::default() };
    Model {
        name: name.to_owned(),
        primitives: vec![Primitive {
            vertices,
            lods,
            material: MATERIAL,
            skin: Vec::new(),
            morphs: Vec::new(),
        }],
        bounds,
        skin: None,
        morph_names: Vec::new(),
        probes: Vec::new(),
        extras: serde_json::Value::Null,
        licence: "made by these tests".to_owned(),
        source: "tests".to_owned(),
    }
}

/// Model 0 is a board, 1 a cube, 2 a board with more vertices, 3 a board with an alpha test, which it passes.
const BOARD: ModelId = ModelId(0);
const CUBE: ModelId = ModelId(1);
const FINE: ModelId = ModelId(2);
const FLAG: ModelId = ModelId(3);

fn library() -> Library {
    let mut library = Library::default();
    library.add_material(Material { name: "plain".into(), metallic: 0.0, ..Material::default() });
    let tested = library.add_material(Material {
        name: "tested".into(),
        alpha: Alpha::Mask { cutoff: 0.5 },
        double_sided: true,
        ..Material::default()
    });
    let mut flag = board("flag", 4, |p| p);
    flag.primitives[0].material = tested;
    for model in [board("board", 4, |p| p), cube(), board("fine", 8, |p| p), flag] {
        library.add_model(model);
    }
    library
}

fn thing(model: ModelId, world_from_object: Affine3A) -> Instance {
    Instance {
        id: InstanceId(0),
        path: String::new(),
        class: "product".to_owned(),
        role: Role::Labelled,
        model: Some(model),
        world_from_object,
        dresses: Vec::new(),
        tint: Vec3::ONE,
        facts: Facts::new(),
    }
}

fn at(size: f32, place: Vec3) -> Affine3A {
    Affine3A::from_scale_rotation_translation(Vec3::splat(size), Quat::IDENTITY, place)
}

/// A camera at `eye` that looks along -Z: camera x, y, z are world X, -Y, -Z.
fn camera(eye: Vec3, lens: Lens) -> Camera {
    let (cx, cy) = (f64::from(SIZE.width) * 0.5, f64::from(SIZE.height) * 0.5);
    let intrinsics = Intrinsics { size: SIZE, fx: FOCAL_PX, fy: FOCAL_PX, cx, cy, lens };
    Camera::look_at(eye, eye - Vec3::Z, 0.0, intrinsics)
}

fn scene(mut things: Vec<Instance>, camera: Camera) -> Scene {
    for (index, thing) in things.iter_mut().enumerate() {
        thing.id = InstanceId(index as u32 + 1);
        thing.path = format!("thing{index}");
    }
    Scene {
        clip: None,
        instances: things,
        lights: Vec::new(),
        environment: None,
        camera,
        chain: Chain::default(),
        facts: Facts::new(),
        models: Vec::new(),
    }
}

fn shot(renderer: &mut Renderer, scene: &Scene, next: Option<&Scene>, library: &Library) -> Pictures {
    let frame = renderer.render_moving(scene, next, library).expect("it fits any device");
    frame.download(gpu(), false).wait(gpu()).expect("the device is there")
}

fn moving(scene: &Scene, next: &Scene, library: &Library) -> Pictures {
    shot(&mut Renderer::new(gpu()), scene, Some(next), library)
}

fn flow(pictures: &Pictures) -> &FlowPicture {
    pictures.flow.as_ref().expect("the next scene was given")
}

fn place(pixel: usize) -> DVec2 {
    let width = SIZE.width as usize;
    DVec2::new((pixel % width) as f64, (pixel / width) as f64) + 0.5
}

/// A wall with a slanted board and a cube before it.
fn still_life(camera: Camera) -> Scene {
    let slanted = Affine3A::from_scale_rotation_translation(
        Vec3::splat(0.8),
        Quat::from_euler(EulerRot::XYZ, 0.4, -0.7, 0.2),
        Vec3::new(-0.5, 0.2, 0.6),
    );
    let turned = Affine3A::from_scale_rotation_translation(
        Vec3::new(0.5, 0.7, 0.4),
        Quat::from_euler(EulerRot::XYZ, 0.3, 0.5, 0.0),
        Vec3::new(0.5, -0.2, 0.9),
    );
    let wall = thing(BOARD, at(2.6, Vec3::ZERO));
    scene(vec![wall, thing(FLAG, slanted), thing(CUBE, turned)], camera)
}

#[test]
fn nothing_moves_in_a_still_world() {
    let library = library();
    let mut renderer = Renderer::new(gpu());
    for lens in [Lens::Pinhole, BROWN, FISHEYE] {
        let scene = still_life(camera(Vec3::new(0.1, 0.05, 3.0), lens));
        let pictures = shot(&mut renderer, &scene, Some(&scene), &library);
        let (mut shown, mut empty) = (0, 0);
        for (pixel, (vector, hidden)) in
            flow(&pictures).vectors.iter().zip(&flow(&pictures).hidden).enumerate()
        {
            let there = pictures.ids[pixel] != 0;
            assert_eq!(*hidden, if there { 0 } else { 3 }, "{lens:?} at {}", place(pixel));
            assert!(vector.iter().all(|v| v.abs() < 0.01), "{lens:?} at {}: {vector:?}", place(pixel));
            (shown, empty) = (shown + usize::from(there), empty + usize::from(!there));
        }
        assert!(shown > 3000 && empty > 100, "{lens:?}: {shown} shown, {empty} empty");
    }
}

#[test]
fn a_moved_camera_moves_the_picture_by_depth() {
    let library = library();
    let mut renderer = Renderer::new(gpu());
    let eye = Vec3::new(0.1, 0.05, 3.0);
    let mut unseen = 0;
    for (lens, step) in [
        (Lens::Pinhole, Vec3::new(0.12, 0.0, 0.0)),
        (Lens::Pinhole, Vec3::new(0.04, -0.05, 0.2)),
        (BROWN, Vec3::new(0.05, 0.03, -0.1)),
        (FISHEYE, Vec3::new(-0.04, 0.06, -0.1)),
    ] {
        let (scene, next) = (still_life(camera(eye, lens)), still_life(camera(eye + step, lens)));
        let pictures = shot(&mut renderer, &scene, Some(&next), &library);
        let projector = scene.camera.intrinsics.projector();
        let step = DVec3::new(f64::from(step.x), f64::from(-step.y), f64::from(-step.z));
        let (mut seen, mut shown, mut worst) = (0, 0, 0.0f64);
        for (pixel, vector) in flow(&pictures).vectors.iter().enumerate() {
            if pictures.ids[pixel] == 0 {
                continue;
            }
            let depth = f64::from(pictures.depth[pixel]);
            let ray = projector.ray(place(pixel)).expect("a ray met something");
            let goal = projector.project(ray * (depth / ray.z) - step).expect("it stays before the lens");
            let expected = goal - place(pixel);
            if lens == Lens::Pinhole && step.y == 0.0 {
                let by_hand = -FOCAL_PX * step.x / depth;
                assert!((expected - DVec2::new(by_hand, 0.0)).length() < 1e-6, "f dX / Z is {by_hand}");
            }
            shown += 1;
            let kind = flow(&pictures).hidden[pixel];
            let inside = goal.cmpge(DVec2::splat(-0.05)).all() && goal.cmple(DVec2::new(96.05, 72.05)).all();
            assert!(kind <= 2 && (kind == 2 || inside), "{lens:?} at {}: {kind}", place(pixel));
            seen += usize::from(kind == 0);
            let error = (DVec2::new(f64::from(vector[0]), f64::from(vector[1])) - expected).length();
            worst = worst.max(error);
        }
        assert!(worst < 0.05, "{lens:?}: {worst} px");
        assert!(seen * 10 > shown * 8, "{lens:?}: {seen} of {shown} are seen again");
        unseen += shown - seen;
    }
    assert!(unseen > 50, "some points are hidden or leave: {unseen}");
}

/// Row 36 of a wall (columns 23 to 72) with a card of 20 x 20 pixels before it, on columns 33 to 52.
fn card_before_wall(model: ModelId, place: Affine3A) -> Scene {
    let wall = thing(BOARD, at(2.0, Vec3::ZERO));
    scene(vec![wall, thing(model, place)], camera(Vec3::new(0.0, 0.0, 4.0), Lens::Pinhole))
}

fn row_36(pictures: &Pictures, column: usize) -> ([f32; 2], u8) {
    let pixel = 36 * SIZE.width as usize + column;
    (flow(pictures).vectors[pixel].map(|v| (v * 100.0).round() / 100.0 + 0.0), flow(pictures).hidden[pixel])
}

#[test]
fn a_card_that_slides_hides_what_is_known() {
    let library = library();
    let start = at(0.4, Vec3::new(-0.1, 0.0, 2.0));
    let scene = card_before_wall(BOARD, start);
    // 50 pixels a metre at the card: 10 pixels to the right.
    let pictures = moving(&scene, &card_before_wall(BOARD, at(0.4, Vec3::new(0.1, 0.0, 2.0))), &library);
    for (column, expected) in [
        (21, ([0.0, 0.0], 3)),
        (25, ([0.0, 0.0], 0)),
        (32, ([0.0, 0.0], 0)),
        (33, ([10.0, 0.0], 0)),
        (45, ([10.0, 0.0], 0)),
        (52, ([10.0, 0.0], 0)),
        (53, ([0.0, 0.0], 1)),
        (62, ([0.0, 0.0], 1)),
        (63, ([0.0, 0.0], 0)),
        (71, ([0.0, 0.0], 0)),
        (74, ([0.0, 0.0], 3)),
    ] {
        assert_eq!(row_36(&pictures, column), expected, "column {column}");
    }
}

#[test]
fn a_card_that_goes_is_told_from_one_that_hides() {
    let library = library();
    let mut renderer = Renderer::new(gpu());
    let start = at(0.4, Vec3::new(-0.1, 0.0, 2.0));
    let scene = card_before_wall(BOARD, start);
    let turned = start * Affine3A::from_rotation_y(PI);
    let mut renamed = scene.clone();
    renamed.instances[1].path = "another".to_owned();
    let mut fewer = scene.clone();
    fewer.instances.pop();
    // Column 40's centre is 2.5 pixels left of the card's middle, and comes as far to its right when the card turns.
    // From 2 to 5 metres away, 7.5 pixels left of the picture's middle and half a pixel below become 3 and 0.2.
    for (what, next, expected) in [
        ("aside", card_before_wall(BOARD, at(0.4, Vec3::new(1.9, 0.0, 2.0))), ([100.0, 0.0], 2)),
        ("behind the camera", card_before_wall(BOARD, at(0.4, Vec3::new(-0.1, 0.0, 5.0))), ([0.0, 0.0], 2)),
        ("behind the wall", card_before_wall(BOARD, at(0.4, Vec3::new(-0.1, 0.0, -1.0))), ([4.5, -0.3], 1)),
        ("turned round", card_before_wall(BOARD, turned), ([5.0, 0.0], 1)),
        ("another path", renamed, ([0.0, 0.0], 1)),
        ("another mesh", card_before_wall(FINE, start), ([0.0, 0.0], 1)),
        ("gone", fewer, ([0.0, 0.0], 1)),
    ] {
        let pictures = shot(&mut renderer, &scene, Some(&next), &library);
        let (vector, hidden) = row_36(&pictures, 40);
        assert_eq!((vector, hidden), expected, "{what}");
    }
}

#[test]
fn a_cube_hides_its_own_face_when_it_turns() {
    let library = library();
    let mut renderer = Renderer::new(gpu());
    let start = at(0.4, Vec3::new(-0.1, 0.0, 2.0));
    let scene = card_before_wall(CUBE, start);
    let kinds = |renderer: &mut Renderer, angle: f32, thickness: f32| {
        let thin = Affine3A::from_scale(Vec3::new(1.0, 1.0, thickness));
        let mut scene = scene.clone();
        scene.instances[1].world_from_object = start * thin;
        let next = card_before_wall(CUBE, start * Affine3A::from_rotation_y(angle) * thin);
        let pictures = shot(renderer, &scene, Some(&next), &library);
        let mut kinds: Vec<u8> = (0..pictures.ids.len())
            .filter(|p| pictures.ids[*p] == 2)
            .map(|p| flow(&pictures).hidden[p])
            .collect();
        kinds.dedup();
        kinds
    };
    assert_eq!(kinds(&mut renderer, 0.0, 1.0), [0], "it stays");
    assert_eq!(kinds(&mut renderer, PI, 1.0), [1], "its face is behind its back");
    assert_eq!(kinds(&mut renderer, PI, 0.005), [1], "even where that is 2 mm away");
}

/// A crowd of boards and cubes about 15 pixels wide, at one of two instants.
fn crowd(later: bool) -> Scene {
    let step = if later { 1.0 } else { 0.0 };
    let mut things = vec![thing(BOARD, at(4.0, Vec3::new(0.0, 0.0, -0.6)))];
    for i in 0u8..24 {
        let n = f32::from(i);
        let (model, phase) = (if i % 3 == 0 { FLAG } else { CUBE }, n * 2.4);
        let centre = Vec3::new((n % 6.0) * 0.42 - 1.05, (n / 6.0).floor() * 0.4 - 0.6, 0.5 * phase.sin());
        let walk = Vec3::new(phase.cos(), phase.sin(), (phase * 1.7).sin()) * 0.09;
        let turn =
            Quat::from_euler(EulerRot::XYZ, 0.3 * phase.sin(), 0.5 * phase.cos() + 0.12 * step, 0.1 * step);
        let place = centre + walk * step;
        things.push(thing(model, Affine3A::from_scale_rotation_translation(Vec3::splat(0.34), turn, place)));
    }
    let mut scene = scene(things, camera(Vec3::new(0.0, 0.0, 3.0), BROWN));
    let eye = Vec3::new(0.06 * step, 0.03 * step, 3.0 - 0.05 * step);
    scene.camera =
        Camera::look_at(eye, Vec3::new(0.02 * step, 0.0, 0.0), 0.02 * step, scene.camera.intrinsics);
    scene
}

/// Of the pixels seen in both frames, the share whose id is met round the place where they go, in 1000ths, and how
/// many they are. `shift_px` makes the motion wrong.
fn met_again(pictures: &Pictures, next: &Pictures, shift_px: f64) -> (usize, usize) {
    let (mut seen, mut met) = (0, 0);
    for (pixel, vector) in flow(pictures).vectors.iter().enumerate() {
        if flow(pictures).hidden[pixel] != 0 {
            continue;
        }
        let goal = place(pixel) + DVec2::new(f64::from(vector[0]) + shift_px, f64::from(vector[1]));
        let corner = (goal - 0.5).floor();
        let shows = |dx: f64, dy: f64| {
            let (x, y) = (corner.x + dx, corner.y + dy);
            let inside = x >= 0.0 && y >= 0.0 && x < f64::from(SIZE.width) && y < f64::from(SIZE.height);
            inside && next.ids[y as usize * SIZE.width as usize + x as usize] == pictures.ids[pixel]
        };
        seen += 1;
        met +=
            usize::from([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].iter().any(|(x, y)| shows(*x, *y)));
    }
    (met * 1000 / seen, seen)
}

#[test]
fn pixels_meet_themselves_in_the_next_frame() {
    let library = library();
    let mut renderer = Renderer::new(gpu());
    let (now, later) = (crowd(false), crowd(true));
    let pictures = shot(&mut renderer, &now, Some(&later), &library);
    let next = shot(&mut renderer, &later, None, &library);
    let shown = pictures.ids.iter().filter(|id| **id != 0).count();
    let (share, seen) = met_again(&pictures, &next, 0.0);
    assert!(share >= 995, "{share} of 1000 seen pixels meet themselves");
    assert!(seen * 100 > shown * 75, "{seen} of {shown} pixels are seen again");
    let (wrong, _) = met_again(&pictures, &next, 3.0);
    assert!(wrong < 995, "with motion 3 pixels off still {wrong} of 1000");
}

/// A board that two scenes have as a model of their own, sheared and bent out of its plane in the second; each scene has
/// another own model, in the other order.
fn sheets(library: &Library) -> (Scene, Scene) {
    let view = camera(Vec3::new(0.0, 0.0, 4.0), Lens::Pinhole);
    let sheet = |bend: fn(Vec3) -> Vec3| Arc::new(board("sheet", 4, bend));
    let other = Arc::new(board("other", 8, |p| p * 0.5 - Vec3::X));
    let things = |sheet: usize, other: usize| {
        let place = at(1.0, Vec3::ZERO);
        let own = |index| thing(library.own_id(index), place);
        vec![thing(BOARD, at(3.0, Vec3::new(0.0, 0.0, -0.5))), own(sheet), own(other)]
    };
    let mut now = scene(things(1, 0), view);
    now.models = vec![other.clone(), sheet(|p| p)];
    let mut next = scene(things(0, 1), view);
    next.models = vec![sheet(|p| Vec3::new(p.x + 0.2 * p.y + 0.05, p.y, 0.3 * p.x)), other];
    (now, next)
}

#[test]
fn a_scene_s_own_model_moves_with_its_vertices() {
    let library = library();
    let (now, next) = sheets(&library);
    let pictures = moving(&now, &next, &library);
    let (mut worst, mut shown, mut seen) = (0.0f64, 0, 0);
    for (pixel, vector) in flow(&pictures).vectors.iter().enumerate() {
        let found = DVec2::new(f64::from(vector[0]), f64::from(vector[1]));
        if pictures.ids[pixel] != 2 {
            assert!(found.length() < 0.01, "all else stands still: {found} at {}", place(pixel));
            continue;
        }
        // The sheet lies 4 metres away at first, seen with 25 pixels a metre.
        let (x, y) = ((place(pixel).x - 48.0) / 25.0, (36.0 - place(pixel).y) / 25.0);
        let away = 4.0 - 0.3 * x;
        let goal = DVec2::new(x + 0.2 * y + 0.05, -y) * FOCAL_PX / away + DVec2::new(48.0, 36.0);
        worst = worst.max((goal - place(pixel) - found).length());
        (shown, seen) = (shown + 1, seen + usize::from(flow(&pictures).hidden[pixel] == 0));
    }
    assert!(worst < 0.02, "{worst} px");
    // Centres of the outermost pixels lie on its very edge.
    assert!(shown >= 24 * 24 && shown - seen < 10, "a square metre, {seen} of {shown} pixels seen again");
}

#[test]
fn frames_do_not_depend_on_the_frames_before() {
    let library = library();
    let (now, next) = sheets(&library);
    let mut renderer = Renderer::new(gpu());
    let fresh = moving(&now, &next, &library);
    for _ in 0..2 {
        assert_eq!(shot(&mut renderer, &now, Some(&next), &library), fresh, "as a fresh renderer has it");
        let still = shot(&mut renderer, &next, None, &library);
        assert_eq!(still, shot(&mut Renderer::new(gpu()), &next, None, &library), "after one with motion");
        assert!(still.flow.is_none(), "no motion without a next frame");
    }
    let alone = shot(&mut renderer, &now, None, &library);
    assert_eq!(Pictures { flow: None, ..fresh }, alone, "motion changes no other picture");
}
