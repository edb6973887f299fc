//! From a scene to a picture on the GPU.

pub(crate) mod chain;
