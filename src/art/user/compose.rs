//! A user's pictures on the label slots of our forms.

use image::RgbaImage;

use super::{
    FaceName, Row, UserGoods,
    fit::{self, Part},
};
use crate::{
    art::{
        catalogue::Design,
        palette::Colour,
        panel,
        pen::Area,
        sheet::Sheet,
        studio::{self, Drawn, rasterised, units},
    },
    scene::{FormSpec, LabelSlot},
};

/// Whether a slot is wound round its form (front, sides, back), as against a lid or a top.
fn is_main(form: &FormSpec, slot: &LabelSlot) -> bool {
    slot.name != "top" && form.slots.first().is_some_and(|first| first.name == slot.name)
}

/// Whether a sleeve begins with the front, as boxes' do; others have the front in the middle.
fn begins_with_front(slot: &LabelSlot) -> bool {
    let [left, _, right, _] = slot.front_uv;
    slot.wraps && left < 0.02 && right - left < 0.5
}

/// Whether a form has a place for a picture of this face.
pub(super) fn shows(form: &FormSpec, face: FaceName) -> bool {
    let wraps = form.slots.first().is_some_and(|slot| slot.wraps);
    match face {
        FaceName::Front | FaceName::Wrap => true,
        FaceName::Back | FaceName::Left | FaceName::Right => wraps,
        FaceName::Top => form.slots.iter().any(|slot| slot.name == "top"),
        FaceName::Bottom => form.slots.iter().any(|slot| slot.name == "bottom"),
    }
}

/// The parts of a sleeve, in shares of its width: face, left edge, width. A part may run over the right edge.
fn parts(slot: &LabelSlot) -> Vec<(FaceName, f32, f32)> {
    let [left, _, right, _] = slot.front_uv;
    let front = right - left;
    let mut parts = vec![(FaceName::Front, left, front)];
    if slot.wraps {
        let side = (0.5 - front).max(0.0);
        parts.push((FaceName::Back, left + 0.5, front));
        parts.push((FaceName::Right, right, side));
        parts.push((FaceName::Left, left - side, side));
    }
    parts
}

/// Pixels of one slot of a product with pictures, `width` by `height`.
pub(in crate::art) fn compose(
    goods: &UserGoods,
    row: &Row,
    design: &Design,
    form: &FormSpec,
    place: usize,
    (width, height): (u32, u32),
) -> Result<RgbaImage, String> {
    let slot = &form.slots[place];
    let relative = design.product.size_m / form.size_m;
    let load = |face: FaceName| goods.load(row, face).transpose();
    let drawn = || studio::draw(design, form, place, width.max(height));
    if !is_main(form, slot) {
        let face = if slot.name == "bottom" { FaceName::Bottom } else { FaceName::Top };
        let mut canvas = picture(&drawn(), width, height)?;
        if let Some(picture) = load(face)? {
            let aspect = slot.aspect * relative.x / relative.z;
            let part = Part { x: 0, y: 0, width, height };
            fit::lay(&mut canvas, part, aspect, &picture);
        }
        return Ok(canvas);
    }
    let aspect = slot.aspect * design.stretch;
    if let Some(wrap) = load(FaceName::Wrap)? {
        let whole = fit::filled(width, height, aspect, &wrap);
        // Pictures that go round have the front in their middle.
        let [left, _, right, _] = slot.front_uv;
        return Ok(if slot.wraps { rolled(&whole, (left + right) * 0.5 - 0.5) } else { whole });
    }
    let front = load(FaceName::Front)?;
    let base = match &front {
        Some(front) => ground(design, slot, fit::rim(front), width.max(height)),
        None => drawn(),
    };
    let mut canvas = picture(&base, width, height)?;
    for (face, left, share) in parts(slot) {
        let other = match face {
            FaceName::Left => load(face)?.map_or_else(|| load(FaceName::Right), |found| Ok(Some(found)))?,
            FaceName::Right => load(face)?.map_or_else(|| load(FaceName::Left), |found| Ok(Some(found)))?,
            FaceName::Front => None,
            _ => load(face)?,
        };
        let shown = if face == FaceName::Front { &front } else { &other };
        let Some(shown) = shown else { continue };
        let deep = matches!(face, FaceName::Left | FaceName::Right) && begins_with_front(slot);
        let across = if deep { relative.z } else { relative.x };
        let [_, top, _, bottom] = slot.front_uv;
        let (top, tall) = if slot.wraps { (0.0, 1.0) } else { (top, bottom - top) };
        let aspect = slot.aspect * share / tall * across / relative.y;
        let part = Part {
            x: i64::from(pixels(width, left.rem_euclid(1.0))),
            y: i64::from(pixels(height, top)),
            width: pixels(width, share),
            height: pixels(height, tall),
        };
        fit::lay(&mut canvas, part, aspect, shown);
        // What runs over the right edge goes on at the left one.
        fit::lay(&mut canvas, Part { x: part.x - i64::from(width), ..part }, aspect, shown);
    }
    Ok(canvas)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "at most a few thousand pixels"
)]
fn pixels(side: u32, share: f32) -> u32 {
    (side as f32 * share).round().max(0.0) as u32
}

fn picture(drawn: &Drawn, width: u32, height: u32) -> Result<RgbaImage, String> {
    RgbaImage::from_raw(width, height, rasterised(&drawn.svg, width, height)?.rgba)
        .ok_or_else(|| "its art has no pixels".to_owned())
}

/// Moved to the right by a share of its width; what leaves at one edge comes in at the other.
fn rolled(whole: &RgbaImage, share: f32) -> RgbaImage {
    let width = whole.width();
    let by = pixels(width, share.rem_euclid(1.0)) % width;
    RgbaImage::from_fn(width, whole.height(), |x, y| *whole.get_pixel((x + width - by) % width, y))
}

/// What lies round a user's front: its ground, and on the back what the law wants there.
fn ground(design: &Design, slot: &LabelSlot, rim: [u8; 3], side: u32) -> Drawn {
    let whole = units(slot.aspect * design.stretch);
    let mut sheet = Sheet::new(design, whole, studio::scale(side));
    let [r, g, b] = rim.map(u32::from);
    let ground = Colour(r << 16 | g << 8 | b);
    sheet.ground = ground;
    sheet.pen.rect(whole, ground);
    let [left, _, right, _] = slot.front_uv;
    if slot.wraps {
        let back: Area = if begins_with_front(slot) {
            whole.part(left + 0.5, 0.0, right - left, 1.0)
        } else {
            // The middle of the back lies on the seam; the panel keeps to one side of it.
            whole.part(right, 0.0, 1.0 - right, 1.0)
        };
        panel::information(&mut sheet, back.part(0.04, 0.04, 0.92, 0.92));
    }
    Drawn { svg: sheet.pen.finish(whole.w, whole.h), aspect: slot.aspect }
}
