//! Draws label art when it is asked for.

use std::sync::{Arc, Mutex, PoisonError};

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

use super::{
    cache::Cache,
    catalogue::{Catalogue, Design},
    fabric, fonts,
    layout::Layout,
    panel,
    pen::{Area, Pen, Type, area},
    sheet::Sheet,
    tag,
    user::compose,
};
use crate::scene::{ArtError, ArtKey, ArtSource, FormSpec, LabelSlot, Pixels};

/// The slot name under which any product's price tag is had.
pub const PRICE_TAG: &str = "price_tag";

/// Width over height of price tags, unless the studio is told otherwise.
pub const PRICE_TAG_ASPECT: f32 = 1.6;

/// Longer side of the drawing, in drawing units.
const UNITS: f32 = 1000.0;

/// Draws the labels of a [`Catalogue`]'s products. May be shared between threads; what it answers depends on the
/// catalogue and the question alone.
#[derive(Debug)]
pub struct ArtStudio {
    catalogue: Arc<Catalogue>,
    tag_aspect: f32,
    cache: Mutex<Cache>,
}

impl ArtStudio {
    /// A studio for `catalogue` that keeps at most `budget_bytes` of finished pictures.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>, budget_bytes: usize) -> Self {
        Self { catalogue, tag_aspect: PRICE_TAG_ASPECT, cache: Mutex::new(Cache::new(budget_bytes)) }
    }

    /// The same with price tags of another shape: width over height.
    #[must_use]
    pub fn with_tag_aspect(self, aspect: f32) -> Self {
        Self { tag_aspect: aspect, ..self }
    }

    /// Bytes of pictures kept at the moment; never above the budget.
    #[must_use]
    pub fn cached_bytes(&self) -> usize {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).bytes()
    }

    /// The drawing for `key` as SVG, fit to be seen with a longer side of `max_side` pixels.
    #[cfg(test)]
    pub(super) fn svg(&self, key: &ArtKey, max_side: u32) -> Result<Drawn, ArtError> {
        let (design, place) = self.asked(key)?;
        Ok(match place {
            None => self.tag(&design, max_side),
            Some(place) => self.drawn(&design, place, max_side),
        })
    }

    /// The product and the number of its slot, none for its price tag.
    fn asked(&self, key: &ArtKey) -> Result<(Design, Option<usize>), ArtError> {
        let error = |reason: String| ArtError { sku: key.sku.clone(), slot: key.slot.clone(), reason };
        let index =
            self.catalogue.find(&key.sku).ok_or_else(|| error("the catalogue has no such product".into()))?;
        let design = self.catalogue.design(index);
        if key.slot == PRICE_TAG {
            return Ok((design, None));
        }
        let form =
            self.catalogue.form(&design.product.form).ok_or_else(|| error("its form is unknown".into()))?;
        let place = form.slots.iter().position(|slot| slot.name == key.slot).ok_or_else(|| {
            let known: Vec<&str> = form.slots.iter().map(|slot| slot.name.as_str()).collect();
            error(format!("form '{}' has the slots {} and {PRICE_TAG}", form.form, known.join(", ")))
        })?;
        Ok((design, Some(place)))
    }

    fn tag(&self, design: &Design, max_side: u32) -> Drawn {
        let whole = units(self.tag_aspect);
        let mut pen = Pen::new(scale(max_side));
        tag::draw(&mut pen, design, whole, self.catalogue.shop());
        Drawn { svg: pen.finish(whole.w, whole.h), aspect: self.tag_aspect }
    }

    fn drawn(&self, design: &Design, place: usize, max_side: u32) -> Drawn {
        let form = self.catalogue.form(&design.product.form);
        form.map_or_else(
            || Drawn { svg: String::new(), aspect: 1.0 },
            |form| draw(design, form, place, max_side),
        )
    }

    /// The finished picture for `key`.
    fn make(&self, key: &ArtKey, max_side: u32) -> Result<Pixels, ArtError> {
        let error = |reason: String| ArtError { sku: key.sku.clone(), slot: key.slot.clone(), reason };
        if key.slot == fabric::SLOT {
            let px_per_unit = f32::from(u16::try_from(max_side).unwrap_or(u16::MAX)) / fabric::side();
            let svg = fabric::svg(&key.sku, px_per_unit);
            let svg = svg.ok_or_else(|| error("there is no such fabric".to_owned()))?;
            return rasterised(&svg, max_side, max_side).map_err(error);
        }
        let (design, place) = self.asked(key)?;
        if let Some(place) = place
            && let Some((goods, row)) =
                self.catalogue.find(&key.sku).and_then(|index| self.catalogue.pictured(index))
            && let Some(form) = self.catalogue.form(&design.product.form)
        {
            let (width, height) = sides(form.slots[place].aspect, max_side);
            let picture = compose(goods, row, &design, form, place, (width, height)).map_err(error)?;
            return Ok(Pixels { width, height, rgba: picture.into_raw() });
        }
        let drawn = match place {
            None => self.tag(&design, max_side),
            Some(place) => self.drawn(&design, place, max_side),
        };
        let (width, height) = sides(drawn.aspect, max_side);
        rasterised(&drawn.svg, width, height).map_err(error)
    }
}

/// A drawing, and its width over height.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) svg: String,
    pub(super) aspect: f32,
}

/// Pixels of a drawing unit when the longer side has `max_side` pixels.
pub(super) fn scale(max_side: u32) -> f32 {
    f32::from(u16::try_from(max_side).unwrap_or(u16::MAX)) / UNITS
}

/// Width and height, pixels.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "at most 1024"
)]
fn sides(aspect: f32, max_side: u32) -> (u32, u32) {
    let side = |share: f32| ((max_side as f32 * share).round() as u32).max(1);
    if aspect >= 1.0 { (max_side, side(1.0 / aspect)) } else { (side(aspect), max_side) }
}

/// The art of a form's slot number `place`, drawn.
pub(super) fn draw(design: &Design, form: &FormSpec, place: usize, max_side: u32) -> Drawn {
    let slot = &form.slots[place];
    let scale = scale(max_side);
    let minor = place > 0 && !["front", "back", "label", "sleeve"].contains(&slot.name.as_str());
    // Drawn as it will look on this product's size, then squeezed into the slot's own proportions.
    let stretch = if minor { 1.0 } else { design.stretch };
    let svg = if minor {
        minor_face(design, slot, scale)
    } else if slot.name == "back" {
        back_face(design, slot, stretch, scale)
    } else {
        main_face(design, slot, stretch, scale)
    };
    Drawn { svg, aspect: slot.aspect }
}

pub(super) fn units(aspect: f32) -> Area {
    if aspect >= 1.0 { area(0.0, 0.0, UNITS, UNITS / aspect) } else { area(0.0, 0.0, UNITS * aspect, UNITS) }
}

/// The part of `whole` that `uv` names.
pub(super) fn part_of(whole: Area, uv: [f32; 4]) -> Area {
    whole.part(uv[0], uv[1], uv[2] - uv[0], uv[3] - uv[1])
}

/// Front, back and sides in one piece.
fn main_face(design: &Design, slot: &LabelSlot, stretch: f32, scale: f32) -> String {
    let whole = units(slot.aspect * stretch);
    let front = part_of(whole, slot.front_uv);
    let mut sheet = Sheet::new(design, whole, scale);
    let layout = design.brand.layout;
    layout.ground(&mut sheet);
    let [left, _, right, _] = slot.front_uv;
    let share = right - left;
    if slot.wraps && left < 0.02 && share < 0.5 {
        // The sides of a box: front, side, back, side.
        let side = (0.5 - share).max(0.0);
        if side * whole.w > 0.12 * whole.h {
            panel::information(&mut sheet, whole.part(share, 0.0, side, 1.0));
            side_face(&mut sheet, whole.part(share * 2.0 + side, 0.0, side, 1.0));
        }
        place(&mut sheet, layout, front);
        place(&mut sheet, layout, front.moved(whole.w * 0.5));
    } else if slot.wraps {
        // A sleeve: a second front on the far side for some brands, else information all round.
        if sheet.habit(2, 2) == 0 && share < 0.4 {
            let far = front.moved(whole.w * 0.5);
            place(&mut sheet, layout, far);
            place(&mut sheet, layout, far.moved(-whole.w));
            let room = 0.5 - share;
            panel::information(&mut sheet, whole.part(right, 0.0, room, 1.0));
        } else {
            panel::information(&mut sheet, whole.part(right, 0.0, 1.0 - right, 1.0));
            let story = whole.part(0.0, 0.0, left, 1.0);
            side_face(&mut sheet, story.part(0.1, 0.1, 0.8, 0.8));
        }
        place(&mut sheet, layout, front);
    } else {
        if 1.0 - right > 0.1 {
            panel::information(&mut sheet, whole.part(right, 0.0, 1.0 - right, 1.0));
        }
        place(&mut sheet, layout, front);
    }
    sheet.pen.finish(whole.w, whole.h)
}

fn place(sheet: &mut Sheet<'_>, layout: Layout, front: Area) {
    layout.front(sheet, front);
}

/// A narrow side: the brand, a picture, the name.
fn side_face(sheet: &mut Sheet<'_>, a: Area) {
    let paper = sheet.design.brand.palette.paper;
    sheet.pen.rounded(a, a.short() * 0.04, &paper.css());
    let motif = sheet.design.flavour.motif;
    sheet.logo(a.part(0.06, 0.05, 0.88, 0.2), paper);
    sheet.picture(motif, a.cx(), a.y + a.h * 0.48, a.short() * 0.7, 0.0, paper);
    sheet.title(a.part(0.06, 0.74, 0.88, 0.18), paper);
}

/// The back alone.
fn back_face(design: &Design, slot: &LabelSlot, stretch: f32, scale: f32) -> String {
    let whole = units(slot.aspect * stretch);
    let mut sheet = Sheet::new(design, whole, scale);
    design.brand.layout.ground(&mut sheet);
    panel::information(&mut sheet, whole);
    sheet.pen.finish(whole.w, whole.h)
}

/// A lid, a top, a neck: the brand's colours, its name and a little picture.
fn minor_face(design: &Design, slot: &LabelSlot, scale: f32) -> String {
    let whole = units(slot.aspect);
    let mut sheet = Sheet::new(design, whole, scale);
    let ground = sheet.ground;
    sheet.pen.rect(whole, ground);
    let front = part_of(whole, slot.front_uv);
    if front.w > front.h * 2.2 || front.h > front.w * 2.2 {
        let ink = sheet.ink(ground);
        let face = design.brand.logo_face;
        sheet.pen.line(&design.brand.logo_text(), front.inset(0.15), Type::new(face, ink));
    } else {
        let r = front.short() * 0.46;
        sheet.pen.circle(front.cx(), front.cy(), r, &sheet.accent.css());
        let (paper, disc) = (design.brand.palette.paper, sheet.accent);
        sheet.pen.circle(front.cx(), front.cy(), r * 0.86, &paper.css());
        let inner = area(front.cx() - r, front.cy() - r, 2.0 * r, 2.0 * r);
        sheet.logo(inner.part(0.16, 0.26, 0.68, 0.3), paper);
        sheet.picture(design.flavour.motif, inner.cx(), inner.y + inner.h * 0.74, r * 0.44, 0.0, disc);
    }
    sheet.pen.finish(whole.w, whole.h)
}

/// Lays out a drawing's text and shapes.
pub(super) fn parse(svg: &str) -> Result<Tree, String> {
    let options =
        Options { fontdb: fonts::database(), font_family: "Diorama Sans".to_owned(), ..Options::default() };
    Tree::from_str(svg, &options).map_err(|e| e.to_string())
}

/// Pixels of a drawing, filling `width` x `height` whatever its own proportions.
pub(super) fn rasterised(svg: &str, width: u32, height: u32) -> Result<Pixels, String> {
    let tree = parse(svg)?;
    let mut pixmap = Pixmap::new(width, height).ok_or("no pixels were asked for")?;
    #[expect(clippy::cast_precision_loss, reason = "at most 1024")]
    let scale =
        Transform::from_scale(width as f32 / tree.size().width(), height as f32 / tree.size().height());
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    let mut rgba = pixmap.take_demultiplied();
    // Labels are opaque: a ground covers them up to rounding at the edges.
    rgba.iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = 255);
    Ok(Pixels { width, height, rgba })
}

impl ArtSource for ArtStudio {
    fn pixels(&self, key: &ArtKey, max_side: u32) -> Result<Arc<Pixels>, ArtError> {
        let error = |reason: String| ArtError { sku: key.sku.clone(), slot: key.slot.clone(), reason };
        if !max_side.is_power_of_two() || !(16..=1024).contains(&max_side) {
            return Err(error(format!(
                "its longer side must be a power of two from 16 to 1024, not {max_side}"
            )));
        }
        let cache_key = (key.clone(), max_side);
        if let Some(pixels) = self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(&cache_key) {
            return Ok(pixels);
        }
        let pixels = Arc::new(self.make(key, max_side)?);
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).put(cache_key, pixels.clone());
        Ok(pixels)
    }
}
