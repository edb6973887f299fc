//! What can be photographed: plain data, nothing random, nothing of GPUs.
//!
//! A [`Library`] holds what is shared and uploaded once (models, materials, textures); a [`Scene`] says where
//! things stand in one instant and what is true about them. World frame: right-handed, +Y up, metres.

mod deform;
mod describe;
mod export;
mod form;
mod gltf;
mod instance;
mod library;
mod light;
pub mod lod;
mod material;
mod model;
mod optics;

pub use deform::{PoseState, deform};
pub use describe::describe;
pub use export::{ExportError, ExportOptions, export_glb};
pub use form::{FormError, FormSpec, LabelSlot, Pose};
pub use gltf::{ImportError, ImportFault, ImportOptions, import, load_folder};
pub use instance::{Clip, Dress, Event, Facts, Instance, InstanceId, Keypoint, Role, Scene, Whole};
pub use library::{ArtError, ArtKey, ArtSource, Library, MaterialId, ModelId, TextureId};
pub use light::{Environment, Light, LightKind};
pub use material::{Alpha, Attenuation, Material, Pixels, Texture, TextureRef, TextureSource, Wrap};
pub use model::{Joint, Lod, Model, Morph, Primitive, ProbeGroup, Skin, SkinVertex, Vertices};
pub use optics::{Chain, ColourCast, Defocus, Noise, Shake, ToneCurve};
