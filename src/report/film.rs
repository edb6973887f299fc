//! Films for people: labels drawn over their pictures, with the time, what happens, and a breath.

use std::{collections::BTreeSet, fmt::Write as _};

use image::{
    Delay, Frame, RgbImage, RgbaImage,
    codecs::gif::{GifEncoder, Repeat},
    imageops::{self, FilterType},
};

use super::{
    OverlayOptions, ReportError,
    colour::{css, distinct},
    overlay,
    text::{draw_over, escape},
};
use crate::truth::{ClipTruth, FrameTruth};

/// Height of the strip below the pictures, pixels.
const STRIP: u32 = 44;
/// Left and right edge of the time line from the picture's, pixels.
const EDGE: f64 = 10.0;

/// One picture of a film: labels over it at its own size, then scaled to `width`, with a strip below it that shows where
/// in the film it is, which events there are, and how far an infant has breathed in.
///
/// # Errors
/// When the frame is of no film, or the picture is empty.
pub fn film_picture(
    picture: &RgbImage,
    truth: &FrameTruth,
    labels: &OverlayOptions,
    width: u32,
) -> Result<RgbImage, ReportError> {
    let Some(clip) = &truth.clip else { return Err(ReportError::NoFilm(truth.frame)) };
    let drawn = overlay(picture, &wholes(truth), labels)?;
    let height = u64::from(drawn.height()) * u64::from(width) / u64::from(drawn.width().max(1));
    let height = u32::try_from(height).unwrap_or(u32::MAX).max(1);
    let scaled = imageops::resize(&drawn, width.max(1), height, FilterType::Triangle);
    let mut page = RgbImage::from_pixel(width.max(1), height.saturating_add(STRIP), image::Rgb([24, 24, 28]));
    imageops::replace(&mut page, &scaled, 0, 0);
    draw_over(&mut page, &strip(clip, truth, f64::from(width), f64::from(height)))?;
    Ok(page)
}

/// Without the instances that are part of another one: an infant, not its clothes and limbs.
fn wholes(truth: &FrameTruth) -> FrameTruth {
    let parts: BTreeSet<u64> = truth
        .instances
        .iter()
        .filter_map(|instance| instance.facts.get("parts")?.as_array())
        .flatten()
        .filter_map(serde_json::Value::as_u64)
        .collect();
    let mut out = truth.clone();
    out.instances.retain(|instance| !parts.contains(&u64::from(instance.instance_id)));
    out
}

fn strip(clip: &ClipTruth, truth: &FrameTruth, width: f64, top: f64) -> String {
    let last = f64::from(clip.frames.max(2) - 1);
    let x = |index: f64| EDGE + (width - 2.0 * EDGE) * index / last;
    let (line, now) = (top + 14.0, x(f64::from(clip.index)));
    let mut out = String::new();
    let _ = write!(
        out,
        r##"<rect x="{EDGE}" y="{}" width="{}" height="2" fill="#777"/>"##,
        line - 1.0,
        width - 2.0 * EDGE
    );
    for (number, event) in (1..).zip(&clip.events) {
        let (from, to) = (x(f64::from(event.start)), x(f64::from(event.end)));
        let _ = write!(
            out,
            r#"<rect x="{from:.1}" y="{:.1}" width="{:.1}" height="8" rx="2" fill="{}"/>"#,
            line - 4.0,
            (to - from).max(2.0),
            css(distinct(number))
        );
    }
    let _ = write!(
        out,
        r##"<rect x="{:.1}" y="{:.1}" width="2" height="16" fill="#fff"/>"##,
        now - 1.0,
        line - 8.0
    );
    let happening: Vec<&str> = clip
        .events
        .iter()
        .filter(|event| (event.start..=event.end).contains(&clip.index))
        .map(|event| event.name.as_str())
        .collect();
    let phase = truth.instances.iter().find_map(|i| i.facts.get("breathing_phase")?.as_f64());
    let posture = truth.instances.iter().find_map(|i| i.facts.get("posture")?.as_str());
    let mut said = format!("{:.2} s  {} / {}", clip.time_s, clip.index + 1, clip.frames);
    for word in posture.into_iter().chain(happening) {
        let _ = write!(said, "  {word}");
    }
    let _ = write!(
        out,
        r##"<text x="{EDGE}" y="{:.1}" font-size="13" fill="#eee">{}</text>"##,
        top + 37.0,
        escape(&said)
    );
    if let Some(phase) = phase {
        let _ = write!(
            out,
            r##"<circle cx="{:.1}" cy="{:.1}" r="{:.1}" fill="#6cf"/>"##,
            width - 18.0,
            top + 32.0,
            3.0 + 4.0 * (0.5 - 0.5 * (phase * std::f64::consts::TAU).cos())
        );
    }
    out
}

/// A GIF of pictures of one size at `fps` that begins again at its end. Its time counts hundredths of a second, so that
/// rates above 50 are shown at 50.
///
/// # Errors
/// What a picture's maker says; when the encoder refuses.
pub fn gif<E: From<ReportError>>(
    pictures: impl IntoIterator<Item = Result<RgbImage, E>>,
    fps: f64,
) -> Result<Vec<u8>, E> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 2 to 1000")]
    let hundredths = (100.0 / fps).round().clamp(2.0, 1000.0) as u32;
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 10);
    encoder.set_repeat(Repeat::Infinite).map_err(ReportError::from)?;
    for picture in pictures {
        let rgba: RgbaImage = image::DynamicImage::ImageRgb8(picture?).into_rgba8();
        let frame = Frame::from_parts(rgba, 0, 0, Delay::from_numer_denom_ms(hundredths * 10, 1));
        encoder.encode_frame(frame).map_err(ReportError::from)?;
    }
    drop(encoder);
    Ok(bytes)
}
