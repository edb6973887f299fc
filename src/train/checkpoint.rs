//! Files with weights: safetensors, with everything else that is needed in the header.
//!
//! One kind of file serves both purposes. A *model* holds the averaged weights and the model's description; a
//! *checkpoint* holds the raw weights, what the optimizer remembers and the run's settings besides.

use std::{collections::HashMap, fs, path::Path};

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::{Deserialize, Serialize};

use super::{
    TrainError,
    config::{ModelConfig, TrainConfig},
    net::{Graph, Param, Weights},
    optim::LearnerState,
};

/// Key of the header under which the description stands.
const KEY: &str = "diorama";
/// Version of what the description says and of what the layers mean.
const VERSION: u32 = 2;
/// Prefixes of tensor names.
const AVERAGE: &str = "model.";
const WEIGHTS: &str = "raw.";
const MEMORY: &str = "optim";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    version: u32,
    model: ModelConfig,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    run: Option<RunHeader>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunHeader {
    step: u64,
    config: TrainConfig,
    /// Names the data, so that a run is not resumed on other data unawares.
    data: String,
}

/// A detector: its description, its layers, its numbers.
#[derive(Clone, Debug)]
pub struct Model {
    /// The description.
    pub config: ModelConfig,
    /// The layers.
    pub graph: Graph,
    /// The numbers.
    pub weights: Weights,
}

/// A run as it stood when it was saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The run's settings.
    pub config: TrainConfig,
    /// Names the data.
    pub data: String,
    /// Weights, average, what the optimizer remembers, steps taken.
    pub state: LearnerState,
}

impl Model {
    /// Reads a model, or the averaged weights of a checkpoint.
    ///
    /// # Errors
    /// When the file is missing, broken, of another version, or its numbers do not fit its description.
    pub fn load(path: &Path) -> Result<Self, TrainError> {
        let file = read(path)?;
        let (header, tensors) = open(path, &file)?;
        let graph = header.model.graph();
        let weights = fetch(path, &tensors, &graph, AVERAGE)?;
        Ok(Self { config: header.model, graph, weights })
    }

    /// Writes a model; the file appears under its name only when it is whole.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn save(&self, path: &Path) -> Result<(), TrainError> {
        let header = Header { version: VERSION, model: self.config.clone(), run: None };
        write(path, &header, named(&self.graph, AVERAGE, &self.weights))
    }
}

impl Checkpoint {
    /// Reads a checkpoint.
    ///
    /// # Errors
    /// As [`Model::load`]; also when the file is a model without a run to go on with.
    pub fn load(path: &Path) -> Result<Self, TrainError> {
        let file = read(path)?;
        let (header, tensors) = open(path, &file)?;
        let Some(run) = header.run else {
            return Err(fault(path, "holds a model and no run to go on with: expected a checkpoint"));
        };
        let graph = header.model.graph();
        let mut memory = Vec::new();
        for moment in 0.. {
            let prefix = format!("{MEMORY}{moment}.");
            if !tensors.names().iter().any(|name| name.starts_with(&prefix)) {
                break;
            }
            let one = |param: &Param| {
                let name = format!("{prefix}{}", param.name);
                tensors.tensor(&name).map_or(Ok(Vec::new()), |view| floats(path, &name, param, &view))
            };
            memory.push(Weights(graph.params.iter().map(one).collect::<Result<_, _>>()?));
        }
        let state = LearnerState {
            weights: fetch(path, &tensors, &graph, WEIGHTS)?,
            average: fetch(path, &tensors, &graph, AVERAGE)?,
            memory,
            step: run.step,
        };
        Ok(Self { config: run.config, data: run.data, state })
    }

    /// Writes a checkpoint; the file appears under its name only when it is whole.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn save(&self, graph: &Graph, path: &Path) -> Result<(), TrainError> {
        let header = Header {
            version: VERSION,
            model: self.config.model.clone(),
            run: Some(RunHeader {
                step: self.state.step,
                config: self.config.clone(),
                data: self.data.clone(),
            }),
        };
        let mut list = named(graph, AVERAGE, &self.state.average);
        list.extend(named(graph, WEIGHTS, &self.state.weights));
        for (moment, memory) in self.state.memory.iter().enumerate() {
            list.extend(named(graph, &format!("{MEMORY}{moment}."), memory));
        }
        write(path, &header, list)
    }
}

fn fault(path: &Path, problem: impl Into<String>) -> TrainError {
    TrainError::Checkpoint { path: path.display().to_string(), problem: problem.into() }
}

fn read(path: &Path) -> Result<Vec<u8>, TrainError> {
    fs::read(path).map_err(|e| TrainError::io(path, e))
}

fn open<'a>(path: &Path, file: &'a [u8]) -> Result<(Header, SafeTensors<'a>), TrainError> {
    let broken = |e: safetensors::SafeTensorError| fault(path, format!("is no safetensors file: {e}"));
    let tensors = SafeTensors::deserialize(file).map_err(broken)?;
    let (_, metadata) = SafeTensors::read_metadata(file).map_err(broken)?;
    let Some(text) = metadata.metadata().as_ref().and_then(|map| map.get(KEY)) else {
        return Err(fault(path, format!("has no '{KEY}' in its header: it is not a model of this program")));
    };
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|e| fault(path, format!("its header is no JSON: {e}")))?;
    let version = value.get("version").and_then(serde_json::Value::as_u64);
    if version != Some(u64::from(VERSION)) {
        let found = version.map_or("none".to_owned(), |v| v.to_string());
        return Err(fault(path, format!("is of version {found}: expected {VERSION}")));
    }
    let header: Header = serde_json::from_value(value)
        .map_err(|e| fault(path, format!("its header does not describe a model: {e}")))?;
    Ok((header, tensors))
}

fn fetch(path: &Path, tensors: &SafeTensors<'_>, graph: &Graph, prefix: &str) -> Result<Weights, TrainError> {
    let one = |param: &Param| {
        let name = format!("{prefix}{}", param.name);
        let view = tensors.tensor(&name).map_err(|_| fault(path, format!("lacks the tensor '{name}'")))?;
        floats(path, &name, param, &view)
    };
    graph.params.iter().map(one).collect::<Result<_, _>>().map(Weights)
}

fn floats(path: &Path, name: &str, param: &Param, view: &TensorView<'_>) -> Result<Vec<f32>, TrainError> {
    if view.dtype() != Dtype::F32 || view.shape() != param.shape {
        return Err(fault(
            path,
            format!("'{name}' is {:?} {:?}: expected F32 {:?}", view.dtype(), view.shape(), param.shape),
        ));
    }
    Ok(view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}

/// Name, shape and bytes of each parameter that has numbers.
fn named(graph: &Graph, prefix: &str, weights: &Weights) -> Vec<(String, Vec<usize>, Vec<u8>)> {
    let pairs = graph.params.iter().zip(&weights.0).filter(|(_, numbers)| !numbers.is_empty());
    pairs
        .map(|(param, numbers)| {
            let bytes = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
            (format!("{prefix}{}", param.name), param.shape.clone(), bytes)
        })
        .collect()
}

fn write(path: &Path, header: &Header, list: Vec<(String, Vec<usize>, Vec<u8>)>) -> Result<(), TrainError> {
    let text = serde_json::to_string(header).map_err(|e| fault(path, e.to_string()))?;
    let views = list
        .iter()
        .map(|(name, shape, bytes)| {
            TensorView::new(Dtype::F32, shape.clone(), bytes).map(|view| (name.as_str(), view))
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| fault(path, e.to_string()))?;
    let bytes = safetensors::serialize(views, Some(HashMap::from([(KEY.to_owned(), text)])))
        .map_err(|e| fault(path, e.to_string()))?;
    publish(path, &bytes)
}

/// Writes a file beside its place, makes sure it is on the disk, and renames it.
pub(crate) fn publish(path: &Path, bytes: &[u8]) -> Result<(), TrainError> {
    use std::io::Write;
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    let written = fs::File::create(part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(part, path));
    written.map_err(|e| TrainError::io(path, e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        seed::Seed,
        train::{
            config::{AugmentConfig, OptimConfig},
            net::{Depth, dense},
        },
    };

    fn checkpoint() -> (Graph, Checkpoint) {
        let model = ModelConfig::new(Depth::Nano, vec!["product".into()], [64, 64]);
        let graph = dense(Depth::Nano, 1, 0);
        let weights = Weights::first(&graph, Seed(3));
        let config = TrainConfig {
            model,
            seed: u64::MAX,
            steps: 10,
            crop: [32, 64],
            batch: 2,
            accumulate: 1,
            optim: OptimConfig::default(),
            augment: AugmentConfig::default(),
            freeze: vec!["stem".into()],
        };
        let state = LearnerState {
            average: Weights::first(&graph, Seed(4)),
            memory: vec![Weights::first(&graph, Seed(5)), Weights::first(&graph, Seed(6))],
            weights,
            step: 7,
        };
        (graph, Checkpoint { config, data: "scene".into(), state })
    }

    #[test]
    fn what_is_saved_is_what_is_loaded_and_the_bytes_repeat() {
        let folder = tempfile::tempdir().expect("a folder");
        let (graph, saved) = checkpoint();
        let path = folder.path().join("last.safetensors");
        saved.save(&graph, &path).expect("saved");
        let first = fs::read(&path).expect("there");
        assert_eq!(Checkpoint::load(&path).expect("loads"), saved, "everything");
        saved.save(&graph, &path).expect("saved");
        assert_eq!(fs::read(&path).expect("there"), first, "the same bytes");
        let model = Model::load(&path).expect("a checkpoint is a model too");
        assert_eq!(
            (model.weights.clone(), &model.config),
            (saved.state.average, &saved.config.model),
            "its average"
        );
        let path = folder.path().join("model.safetensors");
        model.save(&path).expect("saved");
        assert_eq!(Model::load(&path).expect("loads").weights, model.weights, "a model");
        let error = Checkpoint::load(&path).expect_err("no run in it").to_string();
        assert!(error.contains("no run to go on with"), "{error}");
    }

    #[test]
    fn what_is_no_model_is_refused_in_words() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x");
        let said = |bytes: &[u8]| {
            fs::write(&path, bytes).expect("writable");
            Model::load(&path).expect_err("refused").to_string()
        };
        assert!(said(b"not safetensors at all").contains("no safetensors file"), "garbage");
        let (graph, saved) = checkpoint();
        saved.save(&graph, &path).expect("saved");
        let bytes = fs::read(&path).expect("there");
        assert!(said(&bytes[..bytes.len() - 9]).contains("no safetensors file"), "cut off");
        let swap = |from: &str, to: &str| {
            assert_eq!(from.len(), to.len(), "the header's length must not change");
            let at = bytes.windows(from.len()).position(|w| w == from.as_bytes()).expect("it is there");
            let mut other = bytes.clone();
            other[at..at + to.len()].copy_from_slice(to.as_bytes());
            said(&other)
        };
        assert!(swap("\\\"version\\\":2", "\\\"version\\\":9").contains("version 9: expected 2"), "version");
        assert!(swap("dense\\\"", "dance\\\"").contains("unknown variant `dance`"), "architecture");
        assert!(
            swap("model.stem.weight", "model.stam.weight").contains("lacks the tensor 'model.stem.weight'"),
            "name"
        );
        assert!(swap("\\\"nano\\\"", "\\\"tiny\\\"").contains("does not describe a model"), "size");
    }
}
