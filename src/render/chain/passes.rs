//! The pipelines of the chain, and their recording.

use wgpu::{BindingResource, TextureFormat, TextureViewDimension as Dim};

use super::ViewSpec;
use super::params::{Stages, params};
use super::targets::{Pool, Target, Targets};
use crate::geometry::Intrinsics;
use crate::gpu::{Binding, ComputePass, Gpu, uniform};
use crate::scene::Chain;

/// What one frame's chain works on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChainInput<'a> {
    /// Linear colour: a 2D array view of an `Rgba16Float` texture, one layer per view, white at 1.
    pub(crate) hdr: &'a wgpu::TextureView,
    /// How each layer was rendered; 1 to 6.
    pub(crate) views: &'a [ViewSpec],
    /// Ray table of the final picture, see [`super::RayPass`].
    pub(crate) rays: &'a wgpu::Buffer,
    /// Metres along the optical axis for each pixel of the final picture, `f32`, row-major; 0 where there is
    /// nothing. Read only when defocus is on.
    pub(crate) depth: &'a wgpu::Buffer,
    /// The camera; its size is the picture's.
    pub(crate) intrinsics: &'a Intrinsics,
    /// The chain.
    pub(crate) chain: &'a Chain,
}

/// One stage with an entry point for each thing it may write.
#[derive(Debug)]
struct Stage {
    linear: Option<ComputePass>,
    display: Option<ComputePass>,
    picture: ComputePass,
}

impl Stage {
    fn new(gpu: &Gpu, shader: &str, slots: &[Binding], outputs: &[Output]) -> Self {
        let half = Binding::Store(TextureFormat::Rgba16Float);
        let pass = |output: Output, entry: &str| {
            outputs.contains(&output).then(|| ComputePass::new(gpu, shader, entry, &[slots, &[half]]))
        };
        Self {
            linear: pass(Output::Linear, "to_linear"),
            display: pass(Output::Display, "to_display"),
            picture: ComputePass::new(
                gpu,
                shader,
                "to_picture",
                &[slots, &[Binding::Store(TextureFormat::Rgba8Unorm)]],
            ),
        }
    }

    fn pass(&self, output: Output) -> &ComputePass {
        match output {
            Output::Linear => self.linear.as_ref(),
            Output::Display => self.display.as_ref(),
            Output::Picture => None,
        }
        .unwrap_or(&self.picture)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    Linear,
    Display,
    Picture,
}

/// The chain's pipelines and textures.
#[derive(Debug)]
pub(crate) struct ChainPasses {
    resample: Stage,
    coc: ComputePass,
    defocus: Stage,
    shake: Stage,
    sharpen: Stage,
    bilinear: wgpu::Sampler,
    pool: Pool,
}

impl ChainPasses {
    /// Compiles the passes.
    pub(crate) fn new(gpu: &Gpu) -> Self {
        use Binding::{Read, Sampler, Texels, Texture, Uniform, Write};
        let all = [Output::Linear, Output::Display, Output::Picture];
        Self {
            resample: Stage::new(gpu, "chain_resample", &[Uniform, Texels(Dim::D2Array), Read], &all),
            coc: ComputePass::new(gpu, "chain_coc", "main", &[&[Uniform, Read, Write]]),
            defocus: Stage::new(gpu, "chain_defocus", &[Uniform, Texels(Dim::D2), Read, Read], &all),
            shake: Stage::new(gpu, "chain_shake", &[Uniform, Texture(Dim::D2), Sampler], &all[1..]),
            sharpen: Stage::new(gpu, "chain_sharpen", &[Uniform, Texels(Dim::D2)], &all[2..]),
            bilinear: gpu.device.create_sampler(&wgpu::SamplerDescriptor {
                label: Some("chain.bilinear"),
                mag_filter: wgpu::FilterMode::Linear,
                min_filter: wgpu::FilterMode::Linear,
                ..Default::default()
            }),
            pool: Pool::default(),
        }
    }

    /// Records the chain and returns the final picture: `Rgba8Unorm` of the camera's size that holds
    /// sRGB-encoded values and alpha 255, black where no ray reaches the sensor; it can be copied from and
    /// bound as a texture.
    ///
    /// The texture belongs to these passes and is written again by the next `record` of the same size, so
    /// whatever reads it is to be recorded before that.
    pub(crate) fn record(
        &self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        input: &ChainInput<'_>,
    ) -> wgpu::Texture {
        self.record_to_targets(gpu, encoder, input).picture.0
    }

    /// [`Self::record`], with everything in between.
    pub(super) fn record_to_targets(
        &self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        input: &ChainInput<'_>,
    ) -> Targets {
        let size = input.intrinsics.size;
        let targets = self.pool.get(gpu, size);
        let stages = Stages::of(input.chain, input.intrinsics);
        let values = uniform(gpu, "chain.params", &params(input.views, input.intrinsics, input.chain));
        let params = values.as_entire_binding();
        let groups = [size.width.div_ceil(8), size.height.div_ceil(8), 1];
        let last = if stages.sharpen { Output::Display } else { Output::Picture };
        let run = |encoder: &mut wgpu::CommandEncoder,
                   stage: &Stage,
                   slots: &[BindingResource<'_>],
                   output: Output,
                   linear: &Target| {
            let pass = stage.pass(output);
            let target = match output {
                Output::Linear => linear,
                Output::Display => &targets.display,
                Output::Picture => &targets.picture,
            };
            let read = pass.bind(gpu, 0, slots);
            let write = pass.bind(gpu, 1, &[BindingResource::TextureView(&target.1)]);
            pass.dispatch(encoder, &[&read, &write], groups);
        };
        let [first, second] = &targets.linear;

        let output = if stages.defocus || stages.shake { Output::Linear } else { last };
        let slots = [params.clone(), BindingResource::TextureView(input.hdr), input.rays.as_entire_binding()];
        run(encoder, &self.resample, &slots, output, first);

        if stages.defocus {
            let tiles = targets.tiles.as_entire_binding();
            let depth = input.depth.as_entire_binding();
            let bind = self.coc.bind(gpu, 0, &[params.clone(), depth.clone(), tiles.clone()]);
            let count = [size.width.div_ceil(16).div_ceil(8), size.height.div_ceil(16).div_ceil(8), 1];
            self.coc.dispatch(encoder, &[&bind], count);
            let slots = [params.clone(), BindingResource::TextureView(&first.1), depth, tiles];
            let output = if stages.shake { Output::Linear } else { last };
            run(encoder, &self.defocus, &slots, output, second);
        }
        if stages.shake {
            let source = if stages.defocus { second } else { first };
            let slots = [
                params.clone(),
                BindingResource::TextureView(&source.1),
                BindingResource::Sampler(&self.bilinear),
            ];
            run(encoder, &self.shake, &slots, last, source);
        }
        if stages.sharpen {
            let slots = [params, BindingResource::TextureView(&targets.display.1)];
            run(encoder, &self.sharpen, &slots, Output::Picture, first);
        }
        targets
    }
}
