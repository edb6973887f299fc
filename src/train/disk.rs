//! Pictures from datasets on disk: ours, or anybody's COCO.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use rand::{RngExt, seq::SliceRandom};

use super::{
    TrainError,
    sample::{Object, Sample, mirrored},
    source::{Source, Wanted},
};
use crate::{
    dataset::{Classes, Coco, CocoOptions, CocoPicture, OnFault, read_picture},
    seed::{Node, Seed},
};

/// Broken pictures in a row after which a dataset is given up.
const MOST_BROKEN: u64 = 32;

/// A dataset on disk as a source.
#[derive(Debug)]
pub struct Disk {
    name: String,
    coco: Coco,
    classes: Vec<String>,
    class_of: Vec<Option<usize>>,
    keypoints: Vec<String>,
    mirrored: Arc<[usize]>,
    seed: Seed,
    round: Option<(u64, Vec<usize>)>,
    broken: Arc<AtomicU64>,
}

impl Disk {
    /// Opens datasets that are to be trained on together, for the classes `wanted`: they are joined by name, in order of
    /// name. Faulty pictures and annotations are left out; see [`Disk::coco`].
    ///
    /// # Errors
    /// When one is no COCO dataset, or there is nothing to learn.
    pub fn open(paths: &[&Path], wanted: &Wanted, seed: Seed) -> Result<Vec<Self>, TrainError> {
        let options = CocoOptions { on_fault: OnFault::Skip, ..CocoOptions::default() };
        let mut all = Vec::new();
        for path in paths {
            let fault = |problem: String| TrainError::Data { name: path.display().to_string(), problem };
            let coco = Coco::open(path, &options).map_err(|e| fault(e.to_string()))?;
            if coco.pictures().is_empty() {
                return Err(fault("has no pictures that can be used".to_owned()));
            }
            all.push(coco);
        }
        let there = Classes::of(&all.iter().collect::<Vec<_>>(), None)
            .map_err(|e| TrainError::data("the datasets", e.to_string()))?;
        let names: Vec<&str> = there.names.iter().map(String::as_str).collect();
        let (classes, places) = wanted.classes("the data", &names)?;
        let parts = all.into_iter().zip(paths).zip(&there.of_category);
        Ok(parts
            .map(|((coco, path), class_of)| {
                let named = coco.categories().iter().map(|c| &c.keypoints);
                let keypoints = named.max_by_key(|names| names.len()).cloned().unwrap_or_default();
                Self {
                    name: path.display().to_string(),
                    coco,
                    classes: classes.clone(),
                    class_of: class_of.iter().map(|class| places[(*class)?]).collect(),
                    mirrored: mirrored(&keypoints),
                    keypoints,
                    seed,
                    round: None,
                    broken: Arc::default(),
                }
            })
            .collect())
    }

    /// The dataset, with what was found wrong with it.
    #[must_use]
    pub fn coco(&self) -> &Coco {
        &self.coco
    }

    /// Counts pictures that could not be decoded and were passed over; shared, for whoever reports it at the end.
    #[must_use]
    pub fn broken(&self) -> Arc<AtomicU64> {
        self.broken.clone()
    }

    /// A picture with its objects.
    ///
    /// # Errors
    /// When it cannot be read or decoded.
    pub fn load(&self, picture: &CocoPicture) -> Result<Sample, TrainError> {
        let name = picture.path.display().to_string();
        let image = read_picture(&picture.path).map_err(|e| TrainError::data(name.clone(), e.to_string()))?;
        let (width, height) = image.dimensions();
        if (width, height) != (picture.size.width, picture.size.height) {
            let said = format!("is {width} x {height}, its dataset says {:?}", picture.size);
            return Err(TrainError::data(name, said));
        }
        let objects = picture.objects.iter().filter_map(|object| {
            let class = self.class_of[object.category]?;
            let points = object.keypoints.chunks_exact(3).map(|p| [p[0], p[1], p[2]]);
            // Categories may differ in their keypoints; those of the fullest are learnt.
            let fits = object.keypoints.len() == 3 * self.keypoints.len();
            let points = if fits { points.collect() } else { Vec::new() };
            Some(Object { class, bbox: object.bbox, area: object.area, ignore: !object.is_plain(), points })
        });
        let (objects, mirrored) = (objects.collect(), self.mirrored.clone());
        Ok(Sample { name, width, height, objects, mirrored, rgb: image.into_raw() })
    }

    /// The place of draw `index`: every picture comes once before any comes again.
    fn place(&mut self, index: u64) -> usize {
        let count = self.coco.pictures().len();
        let (round, place) = (index / count as u64, usize::try_from(index % count as u64).unwrap_or(0));
        if self.round.as_ref().is_none_or(|(there, _)| *there != round) {
            let mut order: Vec<usize> = (0..count).collect();
            order.shuffle(&mut self.seed.frame(round).child("round", 0).stream(&self.name));
            self.round = Some((round, order));
        }
        self.round.as_ref().map_or(0, |(_, order)| order[place])
    }

    /// The picture at a place, or the next that is not broken.
    fn at(&self, place: usize) -> Result<Arc<Sample>, TrainError> {
        let pictures = self.coco.pictures();
        let mut tries = 0;
        loop {
            let picture = &pictures[(place + usize::try_from(tries).unwrap_or(0)) % pictures.len()];
            match self.load(picture) {
                Ok(sample) => return Ok(Arc::new(sample)),
                Err(error) if tries + 1 == MOST_BROKEN.min(pictures.len() as u64) => return Err(error),
                Err(error) => {
                    tracing::warn!("passed over: {error}");
                    self.broken.fetch_add(1, Ordering::Relaxed);
                    tries += 1;
                }
            }
        }
    }
}

impl Source for Disk {
    fn describe(&self) -> String {
        self.name.clone()
    }

    fn classes(&self) -> &[String] {
        &self.classes
    }

    fn keypoints(&self) -> &[String] {
        &self.keypoints
    }

    fn draw(&mut self, index: u64, _: &Node) -> Result<Arc<Sample>, TrainError> {
        let place = self.place(index);
        self.at(place)
    }

    fn another(&mut self, _: u64, node: &Node) -> Result<Arc<Sample>, TrainError> {
        self.at(node.draw("another", |s| s.random_range(0..self.coco.pictures().len())))
    }
}
