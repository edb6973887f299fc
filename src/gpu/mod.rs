//! The device: adapters, shaders, bindings, read-back. Nothing here knows what is drawn.

mod adapter;
mod kept;
pub mod layout;
mod pass;
mod readback;
mod shader;

pub use adapter::{AdapterSummary, Gpu, GpuError, adapters};
pub(crate) use kept::Kept;
pub use pass::{Binding, ComputePass, bind_group, bind_layout, storage, texture_2d, uniform};
pub use readback::{Download, PADDED_ROW};
pub use shader::{SHADERS, source};
