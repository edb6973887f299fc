//! Finding an adapter and opening a device on it.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use thiserror::Error;

/// Why no device could be had.
#[derive(Debug, Error)]
pub enum GpuError {
    /// The machine offers no adapter at all.
    #[error(
        "no graphics adapter was found; expected a Vulkan, Metal or DX12 driver. On Debian or Ubuntu the software \
         driver is installed by: apt-get install mesa-vulkan-drivers libvulkan1"
    )]
    NoAdapter,
    /// None of the adapters has that name.
    #[error("no adapter's name contains '{wanted}'; found: {found}")]
    NoSuchAdapter {
        /// What was asked for.
        wanted: String,
        /// Names of the adapters there are.
        found: String,
    },
    /// The adapter lacks something that the engine cannot do without.
    #[error("adapter '{adapter}' cannot be used: {reason}")]
    Unfit {
        /// The adapter's name.
        adapter: String,
        /// What is missing.
        reason: String,
    },
    /// The picture or an asset is larger than the adapter allows.
    #[error("{what} needs {needed}, adapter '{adapter}' allows {allowed}")]
    TooLarge {
        /// What was to be made.
        what: String,
        /// How much it needs.
        needed: u64,
        /// How much there is.
        allowed: u64,
        /// The adapter's name.
        adapter: String,
    },
    /// The device was lost or refused a command.
    #[error("the graphics device failed: {0}")]
    Device(String),
}

/// An adapter, for people and for manifests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AdapterSummary {
    /// As the driver names it.
    pub name: String,
    /// `Vulkan`, `Metal`, `Dx12`.
    pub backend: String,
    /// `DiscreteGpu`, `IntegratedGpu`, `Cpu` ...
    pub kind: String,
    /// Driver and its version.
    pub driver: String,
}

impl From<&wgpu::AdapterInfo> for AdapterSummary {
    fn from(info: &wgpu::AdapterInfo) -> Self {
        Self {
            name: info.name.clone(),
            backend: format!("{:?}", info.backend),
            kind: format!("{:?}", info.device_type),
            driver: format!("{} {}", info.driver, info.driver_info).trim().to_owned(),
        }
    }
}

/// The first thing that the device refused since somebody asked.
#[derive(Clone, Debug, Default)]
struct Faults(Arc<Mutex<Option<String>>>);

impl Faults {
    fn note(&self, error: &wgpu::Error) {
        let message = match error {
            wgpu::Error::OutOfMemory { .. } => "it is out of memory; a smaller picture may fit".to_owned(),
            other => other.to_string(),
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(message);
    }
}

/// An open device with its queue.
#[derive(Clone, Debug)]
pub struct Gpu {
    /// Made the adapter; kept so that a trainer can share it.
    pub instance: wgpu::Instance,
    /// The adapter.
    pub adapter: wgpu::Adapter,
    /// The device.
    pub device: wgpu::Device,
    /// Its queue.
    pub queue: wgpu::Queue,
    /// Who made the pixels.
    pub summary: AdapterSummary,
    faults: Faults,
}

fn instance() -> wgpu::Instance {
    wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::PRIMARY,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    })
}

/// All adapters, real ones first, software last, otherwise in the driver's order.
fn ranked(instance: &wgpu::Instance) -> Vec<wgpu::Adapter> {
    let mut found = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::PRIMARY));
    found.sort_by_key(|a| match a.get_info().device_type {
        wgpu::DeviceType::DiscreteGpu => 0,
        wgpu::DeviceType::IntegratedGpu => 1,
        wgpu::DeviceType::VirtualGpu => 2,
        wgpu::DeviceType::Other => 3,
        wgpu::DeviceType::Cpu => 4,
    });
    found
}

/// What this machine has, best first.
#[must_use]
pub fn adapters() -> Vec<AdapterSummary> {
    ranked(&instance()).iter().map(|a| (&a.get_info()).into()).collect()
}

impl Gpu {
    /// Opens the best adapter, or the first whose name contains `wanted` (whatever the case).
    ///
    /// # Errors
    /// When there is none, or it cannot do what the engine needs.
    pub fn open(wanted: Option<&str>) -> Result<Self, GpuError> {
        let instance = instance();
        let found = ranked(&instance);
        let names: Vec<String> = found.iter().map(|a| a.get_info().name).collect();
        let adapter = match wanted {
            None => found.into_iter().next().ok_or(GpuError::NoAdapter)?,
            Some(wanted) => found
                .into_iter()
                .find(|a| a.get_info().name.to_lowercase().contains(&wanted.to_lowercase()))
                .ok_or_else(|| GpuError::NoSuchAdapter {
                    wanted: wanted.to_owned(),
                    found: names.join(", "),
                })?,
        };
        let summary = AdapterSummary::from(&adapter.get_info());
        let limits = adapter.limits();
        if limits.max_compute_invocations_per_workgroup < 64 {
            return Err(GpuError::Unfit {
                adapter: summary.name,
                reason: "it has no compute shaders".to_owned(),
            });
        }
        let (device, queue) = pollster::block_on(adapter.request_device(&wgpu::DeviceDescriptor {
            label: Some("diorama"),
            required_limits: limits,
            required_features: adapter.features()
                & (wgpu::Features::TIMESTAMP_QUERY | wgpu::Features::SUBGROUP | wgpu::Features::SHADER_F16),
            ..Default::default()
        }))
        .map_err(|e| GpuError::Unfit { adapter: summary.name.clone(), reason: e.to_string() })?;
        let faults = Faults::default();
        let noted = faults.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| noted.note(&error)));
        Ok(Self { instance, adapter, device, queue, summary, faults })
    }

    /// Waits until everything submitted so far has run.
    ///
    /// # Errors
    /// When the device was lost, is out of memory, or refused a command.
    pub fn wait(&self) -> Result<(), GpuError> {
        self.device.poll(wgpu::PollType::wait_indefinitely()).map_err(|e| GpuError::Device(e.to_string()))?;
        self.healthy()
    }

    /// Reports what the device refused since the last call, if anything.
    ///
    /// # Errors
    /// When it is out of memory or refused a command.
    pub fn healthy(&self) -> Result<(), GpuError> {
        match self.faults.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(fault) => Err(GpuError::Device(fault)),
            None => Ok(()),
        }
    }

    /// Whether a processor stands in for a graphics device.
    #[must_use]
    pub fn is_software(&self) -> bool {
        self.adapter.get_info().device_type == wgpu::DeviceType::Cpu
    }

    /// Checks a size against what the adapter allows.
    ///
    /// # Errors
    /// When `needed` is above `allowed`.
    pub fn check(&self, what: &str, needed: u64, allowed: u64) -> Result<(), GpuError> {
        if needed <= allowed {
            return Ok(());
        }
        Err(GpuError::TooLarge { what: what.to_owned(), needed, allowed, adapter: self.summary.name.clone() })
    }
}
