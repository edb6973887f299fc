//! The pipelines of the chain, and their recording.

use wgpu::{BindingResource, TextureViewDimension as Dim};

use super::ViewSpec;
use super::params::{Stages, develop_constants, lens_constants, params};
use super::screen::{Constants, ScreenPass};
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

/// What a pass writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    Linear,
    Display,
    Picture,
}

impl Output {
    /// The entry point that writes it.
    fn entry(self) -> &'static str {
        match self {
            Self::Linear => "to_linear",
            Self::Display => "to_display",
            Self::Picture => "to_picture",
        }
    }
}

/// The chain's pipelines and textures.
#[derive(Debug)]
pub(crate) struct ChainPasses {
    resample: ScreenPass,
    coc: ComputePass,
    defocus: ScreenPass,
    shake: ScreenPass,
    sharpen: ScreenPass,
    bilinear: wgpu::Sampler,
    pool: Pool,
}

impl ChainPasses {
    /// Reads the shaders; each pass is compiled when a frame first needs it.
    pub(crate) fn new(gpu: &Gpu) -> Self {
        use Binding::{Read, Sampler, Texels, Texture, Uniform, Write};
        let pass = |shader, slots: &[Binding]| ScreenPass::new(gpu, shader, slots);
        Self {
            resample: pass("chain_resample", &[Uniform, Texture(Dim::D2Array), Read, Sampler]),
            coc: ComputePass::new(gpu, "chain_coc", "main", &[&[Uniform, Read, Write]]),
            defocus: pass("chain_defocus", &[Uniform, Texels(Dim::D2), Read, Read]),
            shake: pass("chain_shake", &[Uniform, Texture(Dim::D2), Sampler]),
            sharpen: pass("chain_sharpen", &[Uniform, Texture(Dim::D2), Sampler]),
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
        let values = params(input.views, input.intrinsics, input.chain);
        let develop = develop_constants(&values);
        let values = uniform(gpu, "chain.params", &values);
        let params = values.as_entire_binding();
        let last = if stages.sharpen { Output::Display } else { Output::Picture };
        let run = |encoder: &mut wgpu::CommandEncoder,
                   pass: &ScreenPass,
                   slots: &[BindingResource<'_>],
                   (output, lens): (Output, Constants),
                   linear: &Target| {
            let target = match output {
                Output::Linear => linear,
                Output::Display => &targets.display,
                Output::Picture => &targets.picture,
            };
            let mut constants = lens;
            if output != Output::Linear {
                constants.extend(develop.iter());
            }
            pass.draw(gpu, encoder, (output.entry(), constants), slots, (&target.1, target.0.format()));
        };
        let bilinear = BindingResource::Sampler(&self.bilinear);
        let [first, second] = &targets.linear;

        let output = if stages.defocus || stages.shake { Output::Linear } else { last };
        let slots = [
            params.clone(),
            BindingResource::TextureView(input.hdr),
            input.rays.as_entire_binding(),
            bilinear.clone(),
        ];
        let lens = lens_constants(input.views, input.intrinsics, input.chain);
        run(encoder, &self.resample, &slots, (output, lens), first);

        if stages.defocus {
            let tiles = targets.tiles.as_entire_binding();
            let depth = input.depth.as_entire_binding();
            let bind = self.coc.bind(gpu, 0, &[params.clone(), depth.clone(), tiles.clone()]);
            let count = [size.width.div_ceil(16).div_ceil(8), size.height.div_ceil(16).div_ceil(8), 1];
            self.coc.dispatch(encoder, &[&bind], count);
            let slots = [params.clone(), BindingResource::TextureView(&first.1), depth, tiles];
            let output = if stages.shake { Output::Linear } else { last };
            run(encoder, &self.defocus, &slots, (output, Constants::new()), second);
        }
        if stages.shake {
            let source = if stages.defocus { second } else { first };
            let slots = [params.clone(), BindingResource::TextureView(&source.1), bilinear.clone()];
            run(encoder, &self.shake, &slots, (last, Constants::new()), source);
        }
        if stages.sharpen {
            // Develops no more: none of its variants differ.
            let slots = [params, BindingResource::TextureView(&targets.display.1), bilinear];
            let picture = (&targets.picture.1, targets.picture.0.format());
            self.sharpen.draw(gpu, encoder, (Output::Picture.entry(), Constants::new()), &slots, picture);
        }
        targets
    }
}
