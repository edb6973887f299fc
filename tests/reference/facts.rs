//! Labels that follow from the reference picture, as intervals: ambiguous pixels may fall either way.

use std::{collections::BTreeMap, ops::RangeInclusive};

use diorama::{
    geometry::BoxPx,
    scene::{Library, Scene},
};
use glam::DVec2;

use super::{
    cast::{Alone, Picture},
    lens::{Optics, Sight},
    surface::camera_from_object,
};

impl Picture {
    /// What stands for an instance; `None` when it is not drawn or owns nothing.
    pub(crate) fn of(&self, id: u32) -> Option<&Alone> {
        self.alone.iter().find(|a| a.id == id)
    }

    /// The id picture, row-major.
    pub(crate) fn ids(&self) -> Vec<u32> {
        self.pixels.iter().map(|p| p.id).collect()
    }

    /// Fewest and most pixels that show an instance.
    pub(crate) fn visible_area(&self, id: u32) -> RangeInclusive<u32> {
        let unsure = |at: usize| self.of(id).is_some_and(|a| a.mask[at] || a.ambiguous[at]);
        let (mut least, mut most) = (0, 0);
        for (at, pixel) in self.pixels.iter().enumerate() {
            let mine = pixel.id == id;
            least += u32::from(mine && !pixel.ambiguous);
            most += u32::from(mine || (pixel.ambiguous && unsure(at)));
        }
        least..=most
    }

    /// Fewest and most pixels of its amodal mask.
    pub(crate) fn amodal_area(&self, id: u32) -> RangeInclusive<u32> {
        let Some(alone) = self.of(id) else { return 0..=0 };
        let count =
            |keep: &dyn Fn(usize) -> bool| (0..alone.mask.len()).filter(|at| keep(*at)).count() as u32;
        count(&|at| alone.mask[at] && !alone.ambiguous[at])..=count(&|at| {
            alone.mask[at] || alone.ambiguous[at]
        })
    }

    /// Smallest box round the amodal mask inside the frame, without and with its ambiguous pixels.
    pub(crate) fn amodal_box(&self, id: u32) -> (Option<BoxPx>, Option<BoxPx>) {
        let Some(alone) = self.of(id) else { return (None, None) };
        let extents = |keep: &dyn Fn(usize) -> bool| {
            let width = self.size.width as usize;
            let inside = (0..alone.mask.len()).filter(|at| keep(*at));
            let cell = |at: usize| {
                let (x, y) = ((at % width) as f64, (at / width) as f64);
                BoxPx::from_edges(x, y, x + 1.0, y + 1.0)
            };
            inside.map(cell).reduce(BoxPx::union)
        };
        (
            extents(&|at| alone.mask[at] && !alone.ambiguous[at]),
            extents(&|at| alone.mask[at] || alone.ambiguous[at]),
        )
    }

    /// Number of pixels of its amodal mask that each other instance owns, ambiguous pixels left out.
    pub(crate) fn occluders(&self, id: u32) -> BTreeMap<u32, u32> {
        let mut counts = BTreeMap::new();
        let Some(alone) = self.of(id) else { return counts };
        for (at, pixel) in self.pixels.iter().enumerate() {
            if alone.mask[at] && !alone.ambiguous[at] && !pixel.ambiguous && pixel.id != id {
                *counts.entry(pixel.id).or_default() += 1;
            }
        }
        counts
    }

    /// Of one probe group of an instance: fewest and most visible points, out of how many. A point is visible when
    /// the pixel it falls into shows the instance, at a place within the group's tolerance of the point.
    pub(crate) fn probes(
        &self,
        scene: &Scene,
        library: &Library,
        id: u32,
        group: &str,
    ) -> (RangeInclusive<usize>, usize) {
        let index = id as usize - 1;
        let model = library.model(scene.instances[index].model.expect("has a shape"));
        let group = model.probes.iter().find(|g| g.name == group).expect("the model has this probe group");
        let (place, optics) = (camera_from_object(scene, index), Optics::new(scene.camera.intrinsics));
        let (mut least, mut most) = (0, 0);
        for point in &group.points {
            let point = place.transform_point3(point.as_dvec3());
            let Some(at) = optics.project(point) else { continue };
            let cell = at.floor();
            let size = DVec2::new(f64::from(self.size.width), f64::from(self.size.height));
            if cell.cmplt(DVec2::ZERO).any() || cell.cmpge(size).any() {
                continue;
            }
            let pixel = &self.pixels[cell.y as usize * self.size.width as usize + cell.x as usize];
            let centre = cell + 0.5;
            let Sight::Sees(ray) = optics.sight(centre) else { continue };
            let shown = ray.direction * (pixel.depth / ray.direction.z);
            let apart = shown.distance(point) - f64::from(group.tolerance_m);
            let visible = pixel.id == id && apart <= 0.0;
            let on_border = ((at - cell) - 0.5).abs().max_element() > 0.49;
            let unsure = pixel.ambiguous || on_border || (pixel.id == id && apart.abs() < 1e-5);
            least += usize::from(visible && !unsure);
            most += usize::from(visible || unsure);
        }
        (least..=most, group.points.len())
    }
}
