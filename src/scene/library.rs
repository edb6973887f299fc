//! What is shared between scenes and uploaded once.

use std::{borrow::Cow, collections::BTreeMap, fmt, path::Path, sync::Arc};

use thiserror::Error;

use super::{Material, Model, Pixels, Texture};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(
    /// A model in a [`Library`].
    ModelId
);
id!(
    /// A material in a [`Library`].
    MaterialId
);
id!(
    /// A texture in a [`Library`].
    TextureId
);

/// Names a piece of label art: which product, which of its form's label slots.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArtKey {
    /// Stock keeping unit, or another name the art source knows (a price tag's text, say).
    pub sku: String,
    /// The form's label slot.
    pub slot: String,
}

/// Why label art could not be had.
#[derive(Clone, Debug, Error)]
#[error("label art for sku '{sku}', slot '{slot}': {reason}")]
pub struct ArtError {
    /// The product.
    pub sku: String,
    /// The label slot.
    pub slot: String,
    /// What went wrong, with the file when there is one.
    pub reason: String,
}

/// Makes or loads label art on demand. The one thing that the scene's world asks of the `art` room.
pub trait ArtSource: fmt::Debug + Send + Sync {
    /// Pixels of `key`, with its longer side at most `max_side` pixels (a power of two). The same
    /// arguments always give the same pixels.
    ///
    /// # Errors
    /// When the product or slot is unknown, or its picture cannot be read.
    fn pixels(&self, key: &ArtKey, max_side: u32) -> Result<Arc<Pixels>, ArtError>;
}

/// Art source of a library without products.
#[derive(Debug)]
struct NoArt;

impl ArtSource for NoArt {
    fn pixels(&self, key: &ArtKey, _max_side: u32) -> Result<Arc<Pixels>, ArtError> {
        Err(ArtError {
            sku: key.sku.clone(),
            slot: key.slot.clone(),
            reason: "this library has no catalogue".to_owned(),
        })
    }
}

/// Models, materials and textures by id. Append-only: an id stays valid and keeps its meaning.
#[derive(Clone, Debug)]
pub struct Library {
    models: Vec<Arc<Model>>,
    materials: Vec<Material>,
    textures: Vec<Texture>,
    by_name: BTreeMap<String, ModelId>,
    art: Arc<dyn ArtSource>,
}

impl Default for Library {
    fn default() -> Self {
        Self::new(Arc::new(NoArt))
    }
}

fn next(len: usize) -> u32 {
    u32::try_from(len).expect("a library never holds four thousand million entries")
}

impl Library {
    /// An empty library whose label art comes from `art`.
    #[must_use]
    pub fn new(art: Arc<dyn ArtSource>) -> Self {
        Self {
            models: Vec::new(),
            materials: Vec::new(),
            textures: Vec::new(),
            by_name: BTreeMap::new(),
            art,
        }
    }

    /// The same library with its label art from `art`.
    #[must_use]
    pub fn with_art(self, art: Arc<dyn ArtSource>) -> Self {
        Self { art, ..self }
    }

    /// This library and a scene's own models after it: what the scene's model ids refer to.
    #[must_use]
    pub fn with_own(&self, models: &[Arc<Model>]) -> Cow<'_, Self> {
        if models.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut all = self.clone();
        all.models.extend(models.iter().cloned());
        Cow::Owned(all)
    }

    /// The id of a scene's own model number `index`.
    #[must_use]
    pub fn own_id(&self, index: usize) -> ModelId {
        ModelId(next(self.models.len() + index))
    }

    /// Adds a model; a later one of the same name takes over the name, not the id.
    pub fn add_model(&mut self, model: Model) -> ModelId {
        let id = ModelId(next(self.models.len()));
        self.by_name.insert(model.name.clone(), id);
        self.models.push(Arc::new(model));
        id
    }

    /// Adds a material.
    pub fn add_material(&mut self, material: Material) -> MaterialId {
        let id = MaterialId(next(self.materials.len()));
        self.materials.push(material);
        id
    }

    /// Adds a texture.
    pub fn add_texture(&mut self, texture: Texture) -> TextureId {
        let id = TextureId(next(self.textures.len()));
        self.textures.push(texture);
        id
    }

    /// The model called `name`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<ModelId> {
        self.by_name.get(name).copied()
    }

    /// The model that came from a file.
    #[must_use]
    pub fn find_file(&self, path: &Path) -> Option<ModelId> {
        let source = path.to_string_lossy();
        self.models.iter().position(|model| model.source == source).map(|index| ModelId(next(index)))
    }

    /// Names of all models, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// A model. Ids come from this library, so that they are always valid.
    #[must_use]
    pub fn model(&self, id: ModelId) -> &Arc<Model> {
        &self.models[id.index()]
    }

    /// A material.
    #[must_use]
    pub fn material(&self, id: MaterialId) -> &Material {
        &self.materials[id.index()]
    }

    /// A texture.
    #[must_use]
    pub fn texture(&self, id: TextureId) -> &Texture {
        &self.textures[id.index()]
    }

    /// Number of models.
    #[must_use]
    pub fn model_count(&self) -> usize {
        self.models.len()
    }

    /// Number of materials.
    #[must_use]
    pub fn material_count(&self) -> usize {
        self.materials.len()
    }

    /// Number of textures.
    #[must_use]
    pub fn texture_count(&self) -> usize {
        self.textures.len()
    }

    /// Where label art comes from.
    #[must_use]
    pub fn art(&self) -> &Arc<dyn ArtSource> {
        &self.art
    }
}
