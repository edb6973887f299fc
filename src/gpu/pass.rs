//! Short words for pipelines and bindings, so that a pass's signature fits on one line beside it.

use wgpu::util::DeviceExt as _;

use super::{Gpu, source};

/// What one binding slot takes.
#[derive(Clone, Copy, Debug)]
pub enum Binding {
    /// Parameters of a pass: a small buffer that is only read.
    ///
    /// A storage buffer, not a uniform one: software Vulkan (Mesa 22.3) compiles a shader anew for the values of uniforms
    /// that branches and loops ask about, again for every frame, and keeps each version for good.
    Uniform,
    /// A storage buffer that is only read.
    Read,
    /// A storage buffer that is read and written.
    Write,
    /// A float texture of this dimension, filtered.
    Texture(wgpu::TextureViewDimension),
    /// A float texture that is only loaded from, never filtered.
    Texels(wgpu::TextureViewDimension),
    /// A 2D texture of whole numbers.
    Numbers,
    /// The same with several samples a texel.
    NumberSamples,
    /// A depth texture of this dimension.
    Depth(wgpu::TextureViewDimension),
    /// A filtering sampler.
    Sampler,
    /// A comparison sampler, for shadow maps.
    Compare,
    /// A 2D storage texture that is written.
    Store(wgpu::TextureFormat),
    /// A 3D storage texture that is written.
    Store3d(wgpu::TextureFormat),
}

/// Layout of one group; slot `i` is `@binding(i)`.
#[must_use]
pub fn bind_layout(
    gpu: &Gpu,
    label: &str,
    stages: wgpu::ShaderStages,
    slots: &[Binding],
) -> wgpu::BindGroupLayout {
    let buffer = |ty| wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None };
    let texture = |sample_type, view_dimension| wgpu::BindingType::Texture {
        sample_type,
        view_dimension,
        multisampled: false,
    };
    let store = |format, view_dimension| wgpu::BindingType::StorageTexture {
        access: wgpu::StorageTextureAccess::WriteOnly,
        format,
        view_dimension,
    };
    let entries: Vec<_> = slots
        .iter()
        .zip(0u32..)
        .map(|(slot, binding)| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: stages,
            ty: match *slot {
                Binding::Uniform | Binding::Read => {
                    buffer(wgpu::BufferBindingType::Storage { read_only: true })
                }
                Binding::Write => buffer(wgpu::BufferBindingType::Storage { read_only: false }),
                Binding::Texture(d) => texture(wgpu::TextureSampleType::Float { filterable: true }, d),
                Binding::Texels(d) => texture(wgpu::TextureSampleType::Float { filterable: false }, d),
                Binding::Numbers => texture(wgpu::TextureSampleType::Uint, wgpu::TextureViewDimension::D2),
                Binding::NumberSamples => wgpu::BindingType::Texture {
                    sample_type: wgpu::TextureSampleType::Uint,
                    view_dimension: wgpu::TextureViewDimension::D2,
                    multisampled: true,
                },
                Binding::Depth(d) => texture(wgpu::TextureSampleType::Depth, d),
                Binding::Sampler => wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering),
                Binding::Compare => wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Comparison),
                Binding::Store(format) => store(format, wgpu::TextureViewDimension::D2),
                Binding::Store3d(format) => store(format, wgpu::TextureViewDimension::D3),
            },
            count: None,
        })
        .collect();
    gpu.device
        .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries: &entries })
}

/// Binds resources to a layout, slot by slot.
#[must_use]
pub fn bind_group(
    gpu: &Gpu,
    label: &str,
    layout: &wgpu::BindGroupLayout,
    resources: &[wgpu::BindingResource<'_>],
) -> wgpu::BindGroup {
    let entries: Vec<_> = resources
        .iter()
        .zip(0u32..)
        .map(|(resource, binding)| wgpu::BindGroupEntry { binding, resource: resource.clone() })
        .collect();
    gpu.device.create_bind_group(&wgpu::BindGroupDescriptor { label: Some(label), layout, entries: &entries })
}

/// A compute pipeline with one bind group per list of slots. A clone is the same pipeline.
#[derive(Clone, Debug)]
pub struct ComputePass {
    label: String,
    pipeline: wgpu::ComputePipeline,
    layouts: Vec<wgpu::BindGroupLayout>,
}

impl ComputePass {
    /// Compiles entry point `entry` of shader `shader`; `groups[g]` lists the slots of group `g`.
    #[must_use]
    pub fn new(gpu: &Gpu, shader: &str, entry: &str, groups: &[&[Binding]]) -> Self {
        Self::specialised(gpu, shader, entry, groups, &[])
    }

    /// [`ComputePass::new`] with values for some of the shader's `override` constants.
    #[must_use]
    pub fn specialised(
        gpu: &Gpu,
        shader: &str,
        entry: &str,
        groups: &[&[Binding]],
        constants: &[(&str, f64)],
    ) -> Self {
        let label = format!("{shader}.{entry}");
        let module = gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(&label),
            source: wgpu::ShaderSource::Wgsl(source(shader).into()),
        });
        let layouts: Vec<_> =
            groups.iter().map(|slots| bind_layout(gpu, &label, wgpu::ShaderStages::COMPUTE, slots)).collect();
        let layout = gpu.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(&label),
            bind_group_layouts: &layouts.iter().map(Some).collect::<Vec<_>>(),
            immediate_size: 0,
        });
        let pipeline = gpu.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(&label),
            layout: Some(&layout),
            module: &module,
            entry_point: Some(entry),
            compilation_options: wgpu::PipelineCompilationOptions { constants, ..Default::default() },
            cache: None,
        });
        Self { label, pipeline, layouts }
    }

    /// Binds resources to group `group`.
    #[must_use]
    pub fn bind(&self, gpu: &Gpu, group: usize, resources: &[wgpu::BindingResource<'_>]) -> wgpu::BindGroup {
        bind_group(gpu, &self.label, &self.layouts[group], resources)
    }

    /// Records a dispatch of `groups` workgroups.
    pub fn dispatch(&self, encoder: &mut wgpu::CommandEncoder, binds: &[&wgpu::BindGroup], groups: [u32; 3]) {
        if groups.contains(&0) {
            return;
        }
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
            label: Some(&self.label),
            timestamp_writes: None,
        });
        pass.set_pipeline(&self.pipeline);
        for (bind, index) in binds.iter().zip(0u32..) {
            pass.set_bind_group(index, *bind, &[]);
        }
        pass.dispatch_workgroups(groups[0], groups[1], groups[2]);
    }
}

/// A uniform buffer holding `value`.
#[must_use]
pub fn uniform<T: bytemuck::NoUninit>(gpu: &Gpu, label: &str, value: &T) -> wgpu::Buffer {
    gpu.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
        label: Some(label),
        contents: bytemuck::bytes_of(value),
        usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
    })
}

/// A storage buffer of `bytes` bytes (at least 16), zeroed, that can be copied from and to.
#[must_use]
pub fn storage(gpu: &Gpu, label: &str, bytes: u64) -> wgpu::Buffer {
    gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size: bytes.max(16).next_multiple_of(16),
        usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// A 2D texture with one level, and a view of it.
#[must_use]
pub fn texture_2d(
    gpu: &Gpu,
    label: &str,
    size: crate::geometry::Size,
    format: wgpu::TextureFormat,
    usage: wgpu::TextureUsages,
) -> (wgpu::Texture, wgpu::TextureView) {
    let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: wgpu::Extent3d { width: size.width, height: size.height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage,
        view_formats: &[],
    });
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    (texture, view)
}
