//! Training on pictures that are rendered as they are needed: the dataset never exists.
//!
//! The one file of this room that sees the renderer. There are two ways for a picture to go:
//!
//! - Beside a processor it is, byte for byte, the one that `diorama generate` would have stored, its compression
//!   included. Rendering is then dearer than a pass through the network, so that a picture is drawn several times,
//!   varied anew, from a window of the newest ones.
//! - On the renderer's own device it is written into the trainer's tensor by one compute pass, which scales, crops,
//!   mirrors and recolours on the way (`hand_over.wgsl`). Neither memory nor disk sees it; what it lacks are JPEG's
//!   traces, mosaics, blur and rectangles.

use std::{collections::BTreeMap, sync::Arc};

use burn::{
    backend::{Cube, wgpu::CubeBackend},
    cubecl::wgpu::{AutoCompiler, WgpuServer, WgpuSetup},
    tensor::{Device, Tensor},
};
use rand::RngExt;
use serde_json::{Map, Value};

use super::{
    TrainError,
    batch::{Batch, Pixels},
    config::TrainConfig,
    placement::{Placement, Recolour},
    sample::{Object, Sample, mirrored},
    source::{Source, Wanted},
};
use crate::{
    engine::{EngineError, World, encode, policy_of},
    gpu::{Binding, ComputePass, Gpu, layout, uniform},
    label::label,
    render::{Frame, Renderer},
    seed::Node,
    truth::{FrameTruth, PERSON, RoleTruth},
    write::{Admission, Category, CocoFile, Policy},
};

/// Puts the trainer on the device that the renderer owns, so that pictures need not leave it.
///
/// # Errors
/// When the framework refuses the device.
pub fn device_of(gpu: &Gpu) -> Result<Device, TrainError> {
    let setup = WgpuSetup {
        instance: gpu.instance.clone(),
        adapter: gpu.adapter.clone(),
        device: gpu.device.clone(),
        queue: gpu.queue.clone(),
        backend: gpu.adapter.get_info().backend,
    };
    Device::wgpu_options().setup(setup).init().map_err(|e| TrainError::Device(format!("{e:?}")))
}

/// How rendered pictures are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reuse {
    /// Draws per rendered picture.
    pub draws: u64,
    /// Newest pictures that draws choose from; they are kept in memory.
    pub window: u64,
    /// Pictures rendered before the first draw.
    pub ahead: u64,
}

impl Reuse {
    /// Every picture is drawn once, and four are kept for mosaics.
    pub const ONCE: Self = Self { draws: 1, window: 4, ahead: 4 };

    /// The newest frame there is at a draw.
    fn newest(self, index: u64) -> u64 {
        self.ahead.max(1) - 1 + index / self.draws.max(1)
    }

    /// The frame of draw `index`: each new one once, otherwise any of the window.
    fn frame(self, index: u64, node: &Node) -> u64 {
        if index.is_multiple_of(self.draws.max(1)) && index > 0 {
            self.newest(index)
        } else {
            self.any(index, node)
        }
    }

    /// Any frame of the window.
    fn any(self, index: u64, node: &Node) -> u64 {
        let newest = self.newest(index);
        let oldest = (newest + 1).saturating_sub(self.window.max(1));
        node.draw("frame", |s| s.random_range(oldest..=newest))
    }
}

/// A scene as a source of labelled pictures.
#[derive(Debug)]
pub struct Live {
    world: World,
    renderer: Renderer,
    policy: Policy,
    classes: Vec<String>,
    class_of: BTreeMap<Category, usize>,
    keypoints: Vec<String>,
    mirrored: Arc<[usize]>,
    reuse: Reuse,
    kept: BTreeMap<u64, Arc<Sample>>,
    rendered: u64,
    hand_over: Option<HandOver>,
}

impl Live {
    /// Prepares to render `world`, for the classes `wanted` of those that its label policy writes.
    ///
    /// # Errors
    /// When the scene's label policy writes none, or not one that is wanted.
    pub fn new(world: World, renderer: Renderer, wanted: &Wanted, reuse: Reuse) -> Result<Self, TrainError> {
        let policy = policy_of(&world.recipe.labels);
        let categories = categories(&world, &policy);
        let names: Vec<&str> = categories.iter().map(|category| category.name.as_str()).collect();
        let (classes, places) = wanted.classes(&world.recipe.name, &names)?;
        let class_of =
            categories.into_iter().zip(places).filter_map(|(c, place)| Some((c, place?))).collect();
        let people = world.recipe.stage.has_people();
        let keypoints = if people { PERSON.map(|(name, _)| name.to_owned()).to_vec() } else { Vec::new() };
        Ok(Self {
            world,
            renderer,
            policy,
            mirrored: mirrored(&keypoints),
            keypoints,
            classes,
            class_of,
            reuse,
            kept: BTreeMap::new(),
            rendered: 0,
            hand_over: None,
        })
    }

    /// The same, handing pictures over to tensors on `device`, which must be the renderer's own (see [`device_of`]).
    #[must_use]
    pub fn on_device(mut self, device: &Device) -> Self {
        self.hand_over = Some(HandOver::new(self.renderer.gpu(), device));
        self
    }

    /// Renders and hands over a batch; one new frame a draw.
    fn handed_over(&mut self, to: &HandOver, config: &TrainConfig, first: u64) -> Result<Batch, TrainError> {
        let size = config.crop;
        let shape = [config.batch, 3, size[1] as usize, size[0] as usize];
        let tensor = to.tensor(shape)?;
        let (mut names, mut targets) = (Vec::new(), Vec::new());
        for (place, index) in (first..).take(config.batch).enumerate() {
            let name = format!("frame {index} of {}", self.world.recipe.name);
            let fault = |e: EngineError| TrainError::data(name.clone(), e.to_string());
            let scene = self.world.sampler.stage(index).map_err(|e| fault(e.into()))?;
            let frame = self.renderer.render(&scene, &self.world.library).map_err(|e| fault(e.into()))?;
            let node = crate::seed::Seed(config.seed).frame(index).child("vary", 0);
            let source = [frame.size.width, frame.size.height];
            let region = [0, 0, size[0] as usize, size[1] as usize];
            let at = Placement::draw(source, config.model.input, &config.augment, &node, region);
            let by = Recolour::draw(&config.augment, &node);
            to.write(self.renderer.gpu(), &frame, &tensor, place, size, &at, by)?;
            // Labels are counted from ids, which alone are read back.
            let gpu = self.renderer.gpu();
            let pictures = frame.download(gpu, false).wait(gpu).map_err(|e| fault(e.into()))?;
            let truth = label(&scene, &self.world.library, &pictures, index, String::new());
            targets.push(at.follow(&self.objects(&truth), &self.mirrored, source));
            names.push(name);
            self.rendered += 1;
        }
        Ok(Batch { first, names, pixels: Pixels::Device(Box::new(tensor)), size, targets })
    }

    /// Frames rendered so far, repeated ones included.
    #[must_use]
    pub fn rendered(&self) -> u64 {
        self.rendered
    }

    /// One frame, labelled.
    ///
    /// # Errors
    /// When it cannot be rendered.
    pub fn frame(&mut self, frame: u64) -> Result<Sample, TrainError> {
        self.rendered += 1;
        let name = format!("frame {frame} of {}", self.world.recipe.name);
        let (picture, truth) =
            self.shoot(frame).map_err(|e| TrainError::data(name.clone(), e.to_string()))?;
        let picture = image::load_from_memory(&picture)
            .map_err(|e| TrainError::data(name.clone(), format!("its picture does not decode: {e}")))?
            .into_rgb8();
        let (width, height) = picture.dimensions();
        let (objects, mirrored) = (self.objects(&truth), self.mirrored.clone());
        Ok(Sample { name, width, height, rgb: picture.into_raw(), objects, mirrored })
    }

    /// The picture as it would be stored, and what is true of it.
    fn shoot(&mut self, frame: u64) -> Result<(Vec<u8>, FrameTruth), EngineError> {
        let scene = self.world.sampler.stage(frame)?;
        let rendered = self.renderer.render(&scene, &self.world.library)?;
        let gpu = self.renderer.gpu();
        let pictures = rendered.download(gpu, self.world.recipe.outputs.normals).wait(gpu)?;
        let stored = encode(&self.world, &scene, &pictures, frame)?.files;
        let picture = stored.files.into_iter().next().map(|(_, bytes)| bytes).unwrap_or_default();
        Ok((picture, stored.truth))
    }

    /// What the label policy writes of a frame.
    fn objects(&self, truth: &FrameTruth) -> Vec<Object> {
        let one = |instance: &crate::truth::InstanceTruth| {
            let category =
                self.policy.category(CocoFile::Instances, &instance.class, instance.role, &instance.facts)?;
            let class = *self.class_of.get(&category)?;
            let ignore = match self.policy.admit(instance) {
                Admission::Annotation => false,
                Admission::Crowd => true,
                Admission::Left => return None,
            };
            let points = instance.keypoints.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
            Some(Object { class, bbox: instance.bbox?, area: instance.area, ignore, points })
        };
        truth.instances.iter().filter_map(one).collect()
    }

    fn kept(&mut self, frame: u64, newest: u64) -> Result<Arc<Sample>, TrainError> {
        if let Some(sample) = self.kept.get(&frame) {
            return Ok(sample.clone());
        }
        let sample = Arc::new(self.frame(frame)?);
        self.kept.insert(frame, sample.clone());
        let oldest = (newest + 1).saturating_sub(self.reuse.window.max(1));
        self.kept = self.kept.split_off(&oldest);
        Ok(sample)
    }
}

impl Source for Live {
    fn describe(&self) -> String {
        format!("{} rendered with seed {}", self.world.recipe.name, self.world.seed.0)
    }

    fn classes(&self) -> &[String] {
        &self.classes
    }

    fn keypoints(&self) -> &[String] {
        &self.keypoints
    }

    fn draw(&mut self, index: u64, node: &Node) -> Result<Arc<Sample>, TrainError> {
        self.kept(self.reuse.frame(index, node), self.reuse.newest(index))
    }

    fn another(&mut self, index: u64, node: &Node) -> Result<Arc<Sample>, TrainError> {
        self.kept(self.reuse.any(index, node), self.reuse.newest(index))
    }

    fn on_device(&mut self, config: &TrainConfig, first: u64) -> Option<Result<Batch, TrainError>> {
        let to = self.hand_over.take()?;
        let batch = self.handed_over(&to, config, first);
        self.hand_over = Some(to);
        Some(batch)
    }
}

/// Writes rendered pictures into tensors.
#[derive(Debug)]
struct HandOver {
    device: Device,
    pass: ComputePass,
}

impl HandOver {
    fn new(gpu: &Gpu, device: &Device) -> Self {
        use wgpu::TextureViewDimension::D2;
        let slots = [Binding::Uniform, Binding::Texels(D2), Binding::Write];
        Self { device: device.clone(), pass: ComputePass::new(gpu, "hand_over", "main", &[&slots]) }
    }

    /// A tensor with memory of its own, which nothing else is going to write.
    fn tensor(&self, shape: [usize; 4]) -> Result<Tensor<4>, TrainError> {
        let tensor = Tensor::zeros(shape, &self.device);
        self.device.sync().map_err(|e| TrainError::Device(format!("{e:?}")))?;
        Ok(tensor)
    }

    /// Submits the pass that writes a frame as picture number `place` of a tensor. Whatever the framework submits
    /// later reads what was written: both use one queue.
    #[expect(clippy::too_many_arguments, clippy::cast_possible_truncation, reason = "a pass and its inputs")]
    fn write(
        &self,
        gpu: &Gpu,
        frame: &Frame,
        tensor: &Tensor<4>,
        place: usize,
        size: [u32; 2],
        at: &Placement,
        by: Option<Recolour>,
    ) -> Result<(), TrainError> {
        let fault = |what: String| TrainError::Device(format!("a tensor's memory is out of reach: {what}"));
        let fused = tensor.clone().try_into_primitive::<Cube>().map_err(|e| fault(format!("{e:?}")))?;
        let client = fused.client.clone();
        let plain = client.resolve_tensor_float::<CubeBackend>(fused);
        let memory = plain
            .client
            .get_resource::<WgpuServer<AutoCompiler>>(plain.handle.clone())
            .map_err(|e| fault(format!("{e:?}")))?;
        let vec2 = |v: [f64; 2]| glam::Vec2::new(v[0] as f32, v[1] as f32);
        let [red, green, blue] = by.map_or([1.0; 3], |b| b.tint);
        let params = layout::HandOver {
            scale: vec2(at.scale),
            offset: vec2(at.offset),
            source: [frame.size.width, frame.size.height],
            size,
            taps: at.taps(),
            first: (place * 3 * size[0] as usize * size[1] as usize) as u32,
            flip: u32::from(at.flip),
            tint: glam::Vec4::new(red, green, blue, 1.0),
            brightness: by.map_or(1.0, |b| b.brightness),
            contrast: by.map_or(1.0, |b| b.contrast),
            saturation: by.map_or(1.0, |b| b.saturation),
            recolour: u32::from(by.is_some()),
        };
        let params = uniform(gpu, "hand_over", &params);
        let view = frame.colour.create_view(&wgpu::TextureViewDescriptor::default());
        let resources = [
            params.as_entire_binding(),
            wgpu::BindingResource::TextureView(&view),
            memory.resource().as_wgpu_bind_resource(),
        ];
        let bind = self.pass.bind(gpu, 0, &resources);
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        self.pass.dispatch(&mut encoder, &[&bind], [size[0].div_ceil(8), size[1].div_ceil(8), 1]);
        gpu.queue.submit([encoder.finish()]);
        Ok(())
    }
}

/// Every category that frames of this world can show. Virtual ones (gaps) are none: no picture shows them. One that is
/// only ever virtual is named and never met.
fn categories(world: &World, policy: &Policy) -> Vec<Category> {
    let mut categories = std::collections::BTreeSet::new();
    for index in 0..world.catalogue.len() {
        let product = world.catalogue.product(index);
        let facts: Map<String, Value> =
            [("sku", product.sku), ("form", product.form), ("department", product.department)]
                .into_iter()
                .map(|(key, value)| (key.to_owned(), Value::String(value)))
                .collect();
        categories.extend(policy.category(CocoFile::Instances, "product", RoleTruth::Labelled, &facts));
    }
    for class in &policy.extra_classes {
        categories.extend(policy.category(CocoFile::Instances, class, RoleTruth::Labelled, &Map::new()));
    }
    categories.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    #[test]
    fn every_new_frame_is_drawn_and_draws_stay_in_the_window() {
        let reuse = Reuse { draws: 4, window: 10, ahead: 3 };
        let mut seen = std::collections::BTreeSet::new();
        for index in 0..400 {
            let frame = reuse.frame(index, &Seed(1).frame(index));
            let newest = 2 + index / 4;
            assert!(frame <= newest && frame + 10 > newest, "draw {index}: frame {frame}, newest {newest}");
            seen.insert(frame);
        }
        assert!((3..102).all(|frame| seen.contains(&frame)), "one was never drawn");
        let once: Vec<u64> = (1..20).map(|i| Reuse::ONCE.frame(i, &Seed(1).frame(i))).collect();
        assert_eq!(once, (4..23).collect::<Vec<u64>>(), "one after the other");
    }
}
