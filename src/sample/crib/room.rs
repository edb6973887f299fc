//! The room round a crib: floor, walls, a window; lamps; and the light from all around.

use std::{f32::consts::PI, sync::OnceLock};

use glam::{Vec2, Vec3, vec3};
use rand::RngExt;

use super::{
    between,
    materials::Materials,
    mesh::Mesh,
    palette::{Band, Palette, hsv, luminance, plain, srgb, textile},
};
use crate::{
    config::{CribLight, LightRecipe},
    sample::{
        blackbody::linear_rgb,
        environment::{Panorama, direction},
    },
    scene::{Dress, Environment, Light, LightKind, MaterialId},
    seed::{Node, Seed},
};

/// A room, world frame, metres; the crib's middle is at x = z = 0.
#[derive(Clone, Debug)]
pub(super) struct Room {
    pub(super) low: Vec3,
    pub(super) high: Vec3,
    /// Middle of the window, on the wall at `low.x` or `high.x`.
    pub(super) window: Vec3,
    /// How much of the window its curtains cover, where there are some.
    curtain: Option<f32>,
}

/// Furnishings with class and dresses.
pub(super) type Furnishing = (&'static str, Vec<(Mesh, MaterialId)>, Vec<Dress>);

impl Room {
    /// Round a crib; `clear_m` stays free behind it.
    pub(super) fn draw(half: [f32; 2], clear_m: f32, node: &Node) -> Self {
        let gap = |name: &str, least: f32, most: f32| {
            node.draw(name, |rng| {
                if rng.random_bool(0.6) { between(0.03, 0.10, rng) } else { between(least, most, rng) }
            })
        };
        let behind = gap("behind_m", 0.3, 1.2).max(clear_m);
        let low = vec3(-half[0] - 0.05 - gap("left_m", 0.4, 1.4), 0.0, -half[1] - 0.05 - behind);
        let high = vec3(
            low.x + node.draw("length_m", |rng| between(3.0, 4.4, rng)),
            node.draw("height_m", |rng| between(2.4, 2.8, rng)),
            low.z + node.draw("depth_m", |rng| between(2.9, 4.2, rng)),
        );
        let left = node.draw("window_left", |rng| rng.random_bool(0.35));
        let window = vec3(
            if left { low.x } else { high.x },
            node.draw("window_y_m", |rng| between(1.4, 1.7, rng)),
            node.draw("window_z_m", |rng| between(low.z + 0.8, high.z - 0.8, rng)),
        );
        // Not where the crib stands against the window's wall.
        let near = left && -half[0] - low.x < 0.25;
        let curtain = node
            .draw("curtain", |rng| rng.random_bool(0.6).then(|| between(0.18, 0.85, rng)))
            .filter(|_| !near);
        Self { low, high, window, curtain }
    }

    pub(super) fn furnishings(
        &self,
        m: &Materials,
        palette: Palette,
        light: CribLight,
        node: &Node,
    ) -> Vec<Furnishing> {
        let (low, high) = (self.low, self.high);
        let size = high - low;
        let walls =
            node.draw("wall_hsv", |rng| hsv(rng.random(), between(0.0, 0.22, rng), between(0.72, 0.95, rng)));
        let wall =
            palette.solid(srgb(walls[0] * 255.0, walls[1] * 255.0, walls[2] * 255.0), &node.child("wall", 0));
        let wood = node.draw("floor", |rng| {
            [[196.0, 154.0, 108.0], [150.0, 108.0, 74.0], [222.0, 200.0, 170.0], [120.0, 86.0, 62.0]]
                [rng.random_range(0..4)]
        });
        let floor = palette.solid(srgb(wood[0], wood[1], wood[2]), &node.child("floor", 0));
        let mut shell = Mesh::default();
        shell.plane(vec3(low.x, 0.0, low.z), Vec3::X * size.x, Vec3::Y * size.y);
        shell.plane(vec3(high.x, 0.0, high.z), Vec3::NEG_X * size.x, Vec3::Y * size.y);
        shell.plane(vec3(low.x, 0.0, high.z), Vec3::NEG_Z * size.z, Vec3::Y * size.y);
        shell.plane(vec3(high.x, 0.0, low.z), Vec3::Z * size.z, Vec3::Y * size.y);
        let mut ground = Mesh::default();
        ground.plane(vec3(low.x, 0.0, high.z), Vec3::X * size.x, Vec3::NEG_Z * size.z);
        let mut ceiling = Mesh::default();
        ceiling.plane(vec3(low.x, high.y, low.z), Vec3::X * size.x, Vec3::Z * size.z);
        let mut skirting = Mesh::default();
        for (centre, half) in [
            (vec3((low.x + high.x) / 2.0, 0.04, low.z), vec3(size.x / 2.0, 0.04, 0.012)),
            (vec3(low.x, 0.04, (low.z + high.z) / 2.0), vec3(0.012, 0.04, size.z / 2.0)),
            (vec3(high.x, 0.04, (low.z + high.z) / 2.0), vec3(0.012, 0.04, size.z / 2.0)),
        ] {
            skirting.block(centre, half, 0.004);
        }
        let inward = if self.window.x < 0.0 { 1.0 } else { -1.0 };
        let (mut pane, mut frame) = (Mesh::default(), Mesh::default());
        let (w, h) = (0.55, 0.6);
        let at = self.window + Vec3::X * (0.012 * inward);
        pane.plane(at - vec3(0.0, h, -w * inward), Vec3::NEG_Z * (2.0 * w * inward), Vec3::Y * (2.0 * h));
        for (centre, half) in [
            (vec3(0.0, h, 0.0), vec3(0.03, 0.03, w + 0.03)),
            (vec3(0.0, -h, 0.0), vec3(0.05, 0.03, w + 0.06)),
            (vec3(0.0, 0.0, w), vec3(0.03, h, 0.03)),
            (vec3(0.0, 0.0, -w), vec3(0.03, h, 0.03)),
            (vec3(0.0, 0.0, 0.0), vec3(0.02, h, 0.02)),
        ] {
            frame.block(self.window + centre, half, 0.006);
        }
        let sky = match light {
            CribLight::Daylight => vec3(2.6, 2.9, 3.3),
            CribLight::Lamplight | CribLight::NightLight => vec3(0.004, 0.005, 0.009),
            CribLight::NightVision => Vec3::splat(0.002),
        };
        let hanging = node.child("curtain", 0);
        let cloth = palette.fabric(textile(&hanging, "colour"), &hanging);
        let white = palette.solid(Vec3::splat(0.82), &node.child("frame", 0));
        let mut furnishings = vec![
            ("walls", vec![(shell, m.wall)], vec![plain(m.wall, wall)]),
            ("floor", vec![(ground, m.floor)], vec![plain(m.floor, floor)]),
            ("ceiling", vec![(ceiling, m.wall)], vec![plain(m.wall, Vec3::splat(0.8))]),
            ("skirting", vec![(skirting, m.smooth)], vec![plain(m.smooth, white)]),
            (
                "window",
                vec![(pane, m.glow), (frame, m.smooth)],
                vec![plain(m.glow, sky), plain(m.smooth, white)],
            ),
        ];
        if let Some(drawn) = self.curtain {
            let meshes = vec![(self.curtains(drawn), m.fabric)];
            furnishings.push(("curtains", meshes, vec![palette.dress(m.fabric, cloth, None)]));
        }
        furnishings
    }

    /// Two curtains before the window, each drawn across `drawn` of its half.
    fn curtains(&self, drawn: f32) -> Mesh {
        let inward = if self.window.x < 0.0 { 1.0 } else { -1.0 };
        let mut mesh = Mesh::default();
        let (columns, rows) = (41_usize, 12_usize);
        let (top, bottom) = ((self.window.y + 0.78).min(self.high.y - 0.04), 0.05);
        for side in [-1.0, 1.0] {
            let (outer, inner) = (0.78, 0.78 * (1.0 - drawn));
            #[expect(clippy::cast_precision_loss, reason = "a small grid")]
            let points: Vec<Vec3> = (0..columns * rows)
                .map(|i| {
                    let (u, v) = (
                        (i % columns) as f32 / (columns - 1) as f32,
                        (i / columns) as f32 / (rows - 1) as f32,
                    );
                    // Folds that open a little towards the floor.
                    let fold = (u * 9.0 * PI).sin() * (0.018 + 0.012 * v);
                    let across = inner + (outer - inner) * u;
                    let y = top + (bottom - top) * v;
                    self.window + vec3(inward * (0.075 + fold), y - self.window.y, side * inward * across)
                })
                .collect();
            mesh.sheet(&points, columns, |c, r| {
                #[expect(clippy::cast_precision_loss, reason = "a small grid")]
                let uv = Vec2::new(c as f32 * 0.02, r as f32 * 0.18);
                uv
            });
        }
        let rod = self.window + vec3(inward * 0.075, top + 0.01 - self.window.y, 0.0);
        mesh.bar(rod - Vec3::Z * 0.85, rod + Vec3::Z * 0.85, 0.011, 10);
        mesh
    }
}

/// What lights a frame.
#[derive(Debug)]
pub(super) struct Lit {
    pub(super) lights: Vec<Light>,
    pub(super) environment: Environment,
}

/// Rooms as light from all around, each made when first needed: few, so that what is derived from each is derived once.
#[derive(Debug)]
pub(super) struct Surroundings {
    seed: Seed,
    made: [OnceLock<(Panorama, f32)>; 4],
}

impl Surroundings {
    pub(super) fn new(seed: Seed) -> Self {
        Self { seed, made: std::array::from_fn(|_| OnceLock::new()) }
    }

    /// A room whose light brings an irradiance of `share` (in pi) on what faces up.
    fn draw(&self, share: f32, node: &Node) -> Environment {
        let variant = node.draw("room", |rng| rng.random_range(0..self.made.len()));
        let (panorama, irradiance) = self.made[variant].get_or_init(|| {
            let panorama = panorama(&self.seed.dataset().child("nursery", variant));
            let irradiance = panorama.irradiance(Vec3::Y);
            (panorama, irradiance)
        });
        #[expect(clippy::cast_possible_truncation, reason = "128 x 64")]
        let (width, height) = (panorama.width as u32, panorama.height as u32);
        Environment {
            width,
            height,
            radiance: panorama.radiance.clone(),
            gain: share * PI / irradiance.max(1e-6),
            yaw: node.draw("yaw_deg", |rng| between(-180.0, 180.0, rng)).to_radians(),
            visible: true,
        }
    }

    /// Lamps and surroundings of one frame. `eye` and `forward` are the camera's: night vision shines from there.
    pub(super) fn light(
        &self,
        kind: CribLight,
        recipe: &LightRecipe,
        room: &Room,
        bed: Vec3,
        (eye, forward): (Vec3, Vec3),
        node: &Node,
    ) -> Lit {
        #[expect(clippy::cast_possible_truncation, reason = "light needs no more than f32")]
        let value =
            |name: &str, dist: &crate::config::Dist| node.draw(name, |rng| dist.sample(rng) as f32).max(0.0);
        let (brightness, ambient) =
            (value("brightness", &recipe.brightness), value("ambient", &recipe.ambient));
        let mut lights = Vec::new();
        let mut add =
            |position: Vec3, aim: Vec3, share: f32, colour: Vec3, radius_m: f32, angles: [f32; 2]| {
                let away = aim - position;
                let intensity = share * PI * away.length_squared() * brightness;
                lights.push(Light {
                    kind: LightKind::Spot {
                        position,
                        direction: away.normalize_or(Vec3::NEG_Y),
                        inner_angle: angles[0].to_radians(),
                        outer_angle: angles[1].to_radians(),
                        radius_m,
                    },
                    colour: colour * (intensity / luminance(colour)),
                    casts_shadow: true,
                });
            };
        // A balanced camera leaves some of the light's own colour.
        let tint = |kelvin: f32| Vec3::ONE.lerp(linear_rgb(kelvin), 0.35);
        let share = match kind {
            CribLight::Daylight => {
                let inward = if room.window.x < 0.0 { 1.0 } else { -1.0 };
                // The window as a large, near source just inside of the wall.
                let open = 1.0 - 0.7 * room.curtain.unwrap_or(0.0);
                for offset in [-0.3, 0.3] {
                    let at = room.window + vec3(0.13 * inward, 0.1, offset);
                    let share = node.draw("window_share", |rng| between(0.5, 1.0, rng));
                    add(at, bed, share * 0.5 * open, tint(7000.0), 0.35, [40.0, 66.0]);
                }
                node.draw("ambient_share", |rng| between(0.40, 0.70, rng))
            }
            CribLight::Lamplight => {
                let kelvin = node.draw("kelvin", |rng| between(2300.0, 3200.0, rng));
                let at = node.draw("lamp", |rng| {
                    vec3(
                        between(room.low.x + 0.3, room.high.x - 0.3, rng),
                        between(0.9, 2.2, rng),
                        between(0.5, room.high.z - 0.3, rng),
                    )
                });
                add(
                    at,
                    bed,
                    node.draw("lamp_share", |rng| between(0.35, 0.8, rng)),
                    tint(kelvin),
                    0.12,
                    [45.0, 70.0],
                );
                node.draw("ambient_share", |rng| between(0.08, 0.25, rng))
            }
            CribLight::NightLight => {
                // In a socket, somewhere along the wall behind or the end of the room.
                let at = node.draw("night_light", |rng| {
                    let behind = rng.random::<bool>();
                    let x = if behind {
                        between(room.low.x + 0.2, room.high.x - 0.4, rng)
                    } else {
                        room.low.x + 0.06
                    };
                    let z = if behind { room.high.z - 0.5 } else { between(0.2, room.high.z - 0.4, rng) };
                    vec3(x, between(0.25, 0.9, rng), z)
                });
                let kelvin = node.draw("kelvin", |rng| between(1900.0, 2500.0, rng));
                let share = node.draw("night_light_share", |rng| between(0.12, 0.28, rng));
                let warm = Vec3::ONE.lerp(linear_rgb(kelvin), 0.55);
                add(at, bed, share, warm, 0.03, [60.0, 85.0]);
                // What walls and ceiling send back.
                node.draw("ambient_share", |rng| between(0.10, 0.18, rng))
            }
            CribLight::NightVision => {
                // A ring of LEDs about the lens: brightest in the middle, falling off with distance and angle.
                let distance = (bed - eye).length();
                let narrow = node.draw("led_deg", |rng| between(8.0, 18.0, rng));
                let up = if forward.y.abs() > 0.9 { Vec3::X } else { Vec3::Y };
                let share = node.draw("led_share", |rng| between(0.55, 0.95, rng));
                add(
                    eye + up * 0.012,
                    eye + forward * distance,
                    share,
                    Vec3::ONE,
                    0.012,
                    [narrow, narrow + 26.0],
                );
                node.draw("ambient_share", |rng| between(0.012, 0.04, rng))
            }
        };
        let mut environment = self.draw(share * ambient, node);
        environment.visible = kind == CribLight::Daylight;
        Lit { lights, environment }
    }
}

/// A nursery as seen from the crib: walls, a bright window, floor.
fn panorama(node: &Node) -> Panorama {
    let (width, height) = (128_usize, 64_usize);
    let walls =
        node.draw("walls", |rng| hsv(rng.random(), between(0.02, 0.15, rng), 0.6)).map(|c| c.powf(2.2));
    let wall = Vec3::from(walls);
    let floor = node.draw("floor", |rng| vec3(0.16, 0.115, 0.075) * between(0.7, 1.5, rng));
    let window = node.draw("window", |rng| [between(0.2, 0.4, rng), between(0.12, 0.3, rng)]);
    #[expect(clippy::cast_precision_loss, reason = "small picture")]
    let pixel = |index: usize| {
        let towards = direction(
            ((index % width) as f32 + 0.5) / width as f32,
            ((index / width) as f32 + 0.5) / height as f32,
        );
        let side = towards.x.atan2(-towards.z);
        if towards.y > -0.05 && towards.y < 0.55 && (side.abs() - window[0]).abs() < window[1] {
            return vec3(5.0, 5.4, 5.8);
        }
        if towards.y < -0.25 { floor } else { wall * (0.8 + 0.4 * towards.y.max(0.0)) }
    };
    Panorama::new(width, height, (0..width * height).map(pixel).collect())
}

/// Bands that a kind of light is seen in.
pub(super) fn band(light: CribLight) -> Band {
    match light {
        CribLight::NightVision => Band::Infrared,
        CribLight::Daylight | CribLight::Lamplight | CribLight::NightLight => Band::Visible,
    }
}
