//! Labels drawn over their picture.

use std::fmt::Write as _;

use image::RgbImage;
use serde_json::Value;

use super::{
    ReportError,
    colour::{byte, css, distinct},
    text::{draw_over, escape},
};
use crate::{
    geometry::Rle,
    truth::{FrameTruth, InstanceTruth, RoleTruth},
};

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverlayOptions {
    /// Tint of the masks, 0 (none) to 1 (opaque).
    pub masks: f64,
    /// The boxes; those of virtual instances are dashed.
    pub boxes: bool,
    /// A word at each box that is wide enough for one.
    pub labels: bool,
    /// Instances with less visibility are left out.
    pub min_visibility: f64,
}

impl Default for OverlayOptions {
    fn default() -> Self {
        Self { masks: 0.35, boxes: true, labels: true, min_visibility: 0.0 }
    }
}

/// Draws the labels of a frame over its picture.
///
/// # Errors
/// When the picture is empty.
pub fn overlay(
    picture: &RgbImage,
    truth: &FrameTruth,
    options: &OverlayOptions,
) -> Result<RgbImage, ReportError> {
    let mut out = picture.clone();
    let shown: Vec<&InstanceTruth> = truth
        .instances
        .iter()
        .filter(|i| i.bbox.is_some())
        .filter(|i| i.role == RoleTruth::Virtual || i.visibility >= options.min_visibility)
        .collect();
    if options.masks > 0.0 {
        for instance in &shown {
            if let Some(mask) = &instance.segmentation {
                tint(&mut out, mask, distinct(instance.instance_id), options.masks);
            }
        }
    }
    let font_px = (f64::from(picture.width()) / 70.0).clamp(8.0, 24.0);
    let mut elements = String::new();
    // All boxes first, so that no box crosses out a word.
    for instance in shown.iter().filter(|_| options.boxes) {
        elements += &outline(instance);
    }
    for instance in shown.iter().filter(|_| options.labels) {
        elements += &label(instance, font_px);
    }
    draw_over(&mut out, &elements)?;
    Ok(out)
}

fn tint(picture: &mut RgbImage, mask: &Rle, colour: [u8; 3], share: f64) {
    let (width, height) = picture.dimensions();
    if mask.size != [height, width] {
        return;
    }
    let Ok(inside) = mask.to_mask() else { return };
    for (pixel, _) in picture.pixels_mut().zip(inside).filter(|(_, inside)| *inside) {
        let mix =
            |under: u8, over: u8| byte((f64::from(under) * (1.0 - share) + f64::from(over) * share) / 255.0);
        pixel.0 = std::array::from_fn(|c| mix(pixel.0[c], colour[c]));
    }
}

fn outline(instance: &InstanceTruth) -> String {
    let Some(b) = instance.bbox else { return String::new() };
    let colour = css(distinct(instance.instance_id));
    // The line runs inside of the half-open edges, so that it covers the box's outermost pixels.
    if instance.role == RoleTruth::Virtual {
        return format!(
            r#"<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="{colour}" stroke-dasharray="5 4"/>"#,
            b.x + 0.5,
            b.y + 0.5,
            (b.w - 1.0).max(0.1),
            (b.h - 1.0).max(0.1),
        );
    }
    // A frame filled between two rectangles: strokes leave their corners half covered.
    let mut path = format!("M{} {}h{}v{}h{}z", b.x, b.y, b.w, b.h, -b.w);
    if b.w > 2.0 && b.h > 2.0 {
        let (w, h) = (b.w - 2.0, b.h - 2.0);
        // Writing to a String cannot fail.
        let _ = write!(path, "M{} {}h{w}v{h}h{}z", b.x + 1.0, b.y + 1.0, -w);
    }
    format!(r#"<path d="{path}" fill="{colour}" fill-rule="evenodd"/>"#)
}

fn label(instance: &InstanceTruth, font_px: f64) -> String {
    let Some(b) = instance.bbox else { return String::new() };
    let name = instance.facts.get("form").and_then(Value::as_str).unwrap_or(&instance.class);
    let letters = u32::try_from(name.chars().count()).unwrap_or(u32::MAX);
    // The built-in font's letters are about half as wide as high.
    let width = f64::from(letters) * font_px * 0.56 + 4.0;
    if width > b.w * 1.2 || font_px * 1.5 > b.h {
        return String::new();
    }
    let mut out = String::new();
    let (x, y, height) = (b.x + 1.0, b.y + 1.0, font_px * 1.25);
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        r##"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="#000000" fill-opacity="0.55"/>"##
    );
    let _ = write!(
        out,
        r##"<text x="{}" y="{}" font-size="{font_px}" fill="#ffffff">{}</text>"##,
        x + 2.0,
        y + font_px,
        escape(name)
    );
    out
}
