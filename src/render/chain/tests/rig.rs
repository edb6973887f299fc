//! Synthetic views whose colour is a known function of direction, and pictures read back.

use std::sync::OnceLock;

use glam::{Vec2, Vec3};
use half::f16;
use wgpu::util::DeviceExt as _;

use crate::geometry::{Intrinsics, Lens, Size};
use crate::gpu::{Download, Gpu};
use crate::render::chain::{ChainInput, ChainPasses, RAY_BYTES, RayPass, ViewSpec, views_for};
use crate::scene::Chain;

pub(super) struct Rig {
    pub(super) gpu: Gpu,
    pub(super) rays: RayPass,
    pub(super) chain: ChainPasses,
}

/// One device for all tests of this module.
pub(super) fn rig() -> &'static Rig {
    static RIG: OnceLock<Rig> = OnceLock::new();
    RIG.get_or_init(|| {
        let gpu = Gpu::open(None).expect("an adapter");
        Rig { rays: RayPass::new(&gpu), chain: ChainPasses::new(&gpu), gpu }
    })
}

/// A picture and what it was made of.
pub(super) struct Shot {
    pub(super) size: Size,
    /// Bytes of the final picture.
    pub(super) rgba: Vec<u8>,
    /// The first linear texture (stale where no pass wrote it), rgba.
    pub(super) linear: Vec<[f32; 4]>,
    /// The second.
    pub(super) defocused: Vec<[f32; 4]>,
    /// Display values before sharpening.
    pub(super) display: Vec<[f32; 4]>,
    /// The ray table.
    pub(super) rays: Vec<[f32; 4]>,
}

impl Shot {
    pub(super) fn bytes(&self, x: u32, y: u32) -> [u8; 3] {
        let i = 4 * (y * self.size.width + x) as usize;
        [self.rgba[i], self.rgba[i + 1], self.rgba[i + 2]]
    }
}

/// What is uploaded for a shot.
pub(super) struct Stage {
    pub(super) intrinsics: Intrinsics,
    pub(super) views: Vec<ViewSpec>,
    hdr: wgpu::TextureView,
    pub(super) depth: wgpu::Buffer,
    pub(super) rays: wgpu::Buffer,
}

pub(super) fn square(side: u32) -> Intrinsics {
    Intrinsics::from_fov(Size { width: side, height: side }, 0.9, Lens::Pinhole)
}

impl Stage {
    /// Paints the views with `colour` of the unit direction in the camera frame, and sets one depth.
    pub(super) fn new(intrinsics: Intrinsics, supersample: f32, colour: impl Fn(Vec3) -> Vec3) -> Self {
        let views = views_for(&intrinsics, supersample, 4096);
        Self::with_views(intrinsics, views, colour)
    }

    pub(super) fn with_views(
        intrinsics: Intrinsics,
        views: Vec<ViewSpec>,
        colour: impl Fn(Vec3) -> Vec3,
    ) -> Self {
        let gpu = &rig().gpu;
        let size = views[0].size;
        let mut texels: Vec<f16> = Vec::new();
        for view in &views {
            for y in 0..size.height {
                for x in 0..size.width {
                    let px = Vec2::new(x as f32 + 0.5, y as f32 + 0.5);
                    let d = view.view_from_camera.transpose()
                        * ((px - view.centre_px) / view.focal_px).extend(1.0);
                    let c = colour(d.normalize());
                    texels.extend([c.x, c.y, c.z, 1.0].map(f16::from_f32));
                }
            }
        }
        let texture = gpu.device.create_texture_with_data(
            &gpu.queue,
            &wgpu::TextureDescriptor {
                label: Some("test.hdr"),
                size: wgpu::Extent3d {
                    width: size.width,
                    height: size.height,
                    depth_or_array_layers: views.len() as u32,
                },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: wgpu::TextureFormat::Rgba16Float,
                usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
                view_formats: &[],
            },
            wgpu::util::TextureDataOrder::LayerMajor,
            bytemuck::cast_slice(&texels),
        );
        let hdr = texture.create_view(&wgpu::TextureViewDescriptor {
            dimension: Some(wgpu::TextureViewDimension::D2Array),
            ..Default::default()
        });
        let rays = RayPass::buffer(gpu, intrinsics.size);
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        rig().rays.record(gpu, &mut encoder, &intrinsics, &rays);
        gpu.queue.submit([encoder.finish()]);
        Self { depth: buffer(&vec![1.0; intrinsics.size.pixels()]), intrinsics, views, hdr, rays }
    }

    /// Sets each pixel's depth, metres.
    pub(super) fn depth(mut self, at: impl Fn(u32, u32) -> f32) -> Self {
        let Size { width, height } = self.intrinsics.size;
        let values: Vec<f32> =
            (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| at(x, y)).collect();
        self.depth = buffer(&values);
        self
    }

    pub(super) fn input<'a>(&'a self, chain: &'a Chain) -> ChainInput<'a> {
        ChainInput {
            hdr: &self.hdr,
            views: &self.views,
            rays: &self.rays,
            depth: &self.depth,
            intrinsics: &self.intrinsics,
            chain,
        }
    }

    pub(super) fn shoot(&self, chain: &Chain) -> Shot {
        let Rig { gpu, chain: passes, .. } = rig();
        let size = self.intrinsics.size;
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let targets = passes.record_to_targets(gpu, &mut encoder, &self.input(chain));
        let mut download = Download::default();
        download.texture(gpu, &mut encoder, &targets.picture.0, size, 4);
        for (texture, _) in targets.linear.iter().chain([&targets.display]) {
            download.texture(gpu, &mut encoder, texture, size, 8);
        }
        download.buffer(gpu, &mut encoder, &self.rays, RAY_BYTES * size.pixels() as u64);
        let submission = gpu.queue.submit([encoder.finish()]);
        let parts = download.take(gpu, submission).expect("read back");
        let halves = |bytes: &[u8]| -> Vec<[f32; 4]> {
            bytes
                .chunks_exact(8)
                .map(|t| std::array::from_fn(|i| f16::from_le_bytes([t[2 * i], t[2 * i + 1]]).to_f32()))
                .collect()
        };
        Shot {
            size,
            rgba: parts[0].clone(),
            linear: halves(&parts[1]),
            defocused: halves(&parts[2]),
            display: halves(&parts[3]),
            rays: bytemuck::pod_collect_to_vec::<u8, [f32; 2]>(&parts[4])
                .into_iter()
                .map(|stored| unpack(matches!(self.intrinsics.lens, Lens::KannalaBrandt { .. }), stored))
                .collect(),
        }
    }
}

/// `ray_unpack` of `ray.wgsl`.
fn unpack(fisheye: bool, [x, y]: [f32; 2]) -> [f32; 4] {
    if x > 1e29 {
        return [0.0; 4];
    }
    if !fisheye {
        return [x, y, 1.0, 1.0];
    }
    let z = 1.0 - x.abs() - y.abs();
    let fold = |a: f32, b: f32| (1.0 - b.abs()) * if a >= 0.0 { 1.0 } else { -1.0 };
    let (u, v) = if z < 0.0 { (fold(x, y), fold(y, x)) } else { (x, y) };
    Vec3::new(u, v, z).normalize().extend(1.0).to_array()
}

fn buffer(values: &[f32]) -> wgpu::Buffer {
    rig().gpu.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
        label: Some("test.depth"),
        contents: bytemuck::cast_slice(values),
        usage: wgpu::BufferUsages::STORAGE,
    })
}

/// The sRGB curve (IEC 61966-2-1), linear to display.
pub(super) fn srgb(x: f64) -> f64 {
    let x = x.clamp(0.0, 1.0);
    if x <= 0.003_130_8 { 12.92 * x } else { 1.055 * x.powf(1.0 / 2.4) - 0.055 }
}

/// Its inverse.
pub(super) fn linear(v: f64) -> f64 {
    if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
}
