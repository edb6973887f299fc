//! What a detector got right, wrong and not at all, drawn over the picture.

use std::fmt::Write as _;

use image::{RgbImage, imageops};

use super::{ReportError, colour::css, text::draw_over};
use crate::{
    eval::{Outcome, Picture, Verdict},
    geometry::BoxPx,
};

/// Colours of the verdicts, for legends.
pub const FOUND: [u8; 3] = [40, 200, 80];
/// A detection of nothing.
pub const WRONG: [u8; 3] = [235, 50, 45];
/// A truth that was not found.
pub const MISSED: [u8; 3] = [255, 190, 0];
/// What is neither right nor wrong.
pub const NEITHER: [u8; 3] = [150, 155, 165];

/// Draws what became of a picture's detections of at least `score`, and of its truths: found truths green, detections
/// of nothing red, truths not found yellow and dashed, what does not count grey.
///
/// # Errors
/// When the picture is empty.
pub fn judged(
    picture: &RgbImage,
    numbers: &Picture,
    outcome: &Outcome,
    score: f64,
) -> Result<RgbImage, ReportError> {
    let mut out = picture.clone();
    let thick = line_width(picture);
    let mut elements = String::new();
    for (truth, found_by) in numbers.truths.iter().zip(&outcome.found_by) {
        let found = found_by.is_some_and(|detection| numbers.detections[detection].score >= score);
        let wanted = !truth.crowd && !truth.ignore;
        if let Some(b) = truth.shape.bbox().filter(|_| !found) {
            frame(&mut elements, b, if wanted { MISSED } else { NEITHER }, thick, true);
        }
    }
    for (detection, verdict) in numbers.detections.iter().zip(&outcome.verdicts) {
        let colour = match verdict {
            Verdict::Right(_) => FOUND,
            Verdict::Wrong => WRONG,
            Verdict::Neither => NEITHER,
            Verdict::Cut => continue,
        };
        if let Some(b) = detection.shape.bbox().filter(|_| detection.score >= score) {
            frame(&mut elements, b, colour, thick, false);
        }
    }
    draw_over(&mut out, &elements)?;
    Ok(out)
}

/// The surroundings of a box, square and `side` pixels wide, with the box drawn in `colour`.
///
/// # Errors
/// When the picture is empty.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the picture before it becomes pixels"
)]
pub fn close_up(
    picture: &RgbImage,
    bbox: BoxPx,
    colour: [u8; 3],
    side: u32,
) -> Result<RgbImage, ReportError> {
    let (width, height) = picture.dimensions();
    if width == 0 || height == 0 || side == 0 {
        return Err(ReportError::Size(width, height));
    }
    // Twice the box, so that one sees what it stands among, and never less than a few pixels.
    let span = (bbox.w.max(bbox.h) * 2.0).max(24.0).min(f64::from(width.min(height))).round().max(1.0);
    let start = |centre: f64, limit: u32| {
        (centre - span / 2.0).clamp(0.0, (f64::from(limit) - span).max(0.0)).round()
    };
    let (left, top) = (start(bbox.x + bbox.w / 2.0, width), start(bbox.y + bbox.h / 2.0, height));
    let cut = imageops::crop_imm(picture, left as u32, top as u32, span as u32, span as u32).to_image();
    let mut out = imageops::resize(&cut, side, side, imageops::FilterType::Triangle);
    let scale = f64::from(side) / span;
    let moved =
        BoxPx { x: (bbox.x - left) * scale, y: (bbox.y - top) * scale, w: bbox.w * scale, h: bbox.h * scale };
    let mut elements = String::new();
    frame(&mut elements, moved, colour, 2.0, false);
    draw_over(&mut out, &elements)?;
    Ok(out)
}

fn line_width(picture: &RgbImage) -> f64 {
    (f64::from(picture.width().max(picture.height())) / 500.0).clamp(1.0, 6.0)
}

fn frame(out: &mut String, b: BoxPx, colour: [u8; 3], thick: f64, dashed: bool) {
    let dash = if dashed {
        format!(r#" stroke-dasharray="{} {}""#, thick * 4.0, thick * 2.5)
    } else {
        String::new()
    };
    // The line runs inside of the box. Writing to a String cannot fail.
    let _ = write!(
        out,
        r#"<rect x="{:.2}" y="{:.2}" width="{:.2}" height="{:.2}" fill="none" stroke="{}" stroke-width="{thick}"{dash}/>"#,
        b.x + thick / 2.0,
        b.y + thick / 2.0,
        (b.w - thick).max(0.1),
        (b.h - thick).max(0.1),
        css(colour)
    );
}
