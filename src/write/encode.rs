//! Pixels to bytes of picture files. The same pixels give the same bytes.

use std::io::Cursor;

use exr::prelude::{
    AnyChannel, AnyChannels, Encoding, FlatSamples, Image, Layer, LayerAttributes, WritableImage,
};
use jpeg_encoder::{ColorType, SamplingFactor};

use super::WriteError;
use crate::geometry::Size;

/// From this quality on, colour is stored at full resolution.
const FULL_CHROMA_QUALITY: u8 = 90;

/// JPEG of RGBA pixels (8 bits, row-major, alpha dropped). Chroma is halved both ways (4:2:0) below quality 90,
/// as cameras and phones do.
///
/// # Errors
/// When the pixels are not `size`, or a side is over 65535.
pub fn jpeg(size: Size, rgba: &[u8], quality: u8) -> Result<Vec<u8>, WriteError> {
    check("JPEG", rgba.len(), size.pixels() * 4)?;
    let fail = |why: String| WriteError::Encode { what: "JPEG", why };
    let side = |n: u32| u16::try_from(n).map_err(|_| fail(format!("a side of {n} pixels is over 65535")));
    let mut out = Vec::with_capacity(size.pixels() / 2);
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, quality.clamp(1, 100));
    encoder.set_sampling_factor(if quality < FULL_CHROMA_QUALITY {
        SamplingFactor::R_4_2_0
    } else {
        SamplingFactor::R_4_4_4
    });
    encoder
        .encode(rgba, side(size.width)?, side(size.height)?, ColorType::Rgba)
        .map_err(|error| fail(error.to_string()))?;
    Ok(out)
}

/// PNG of RGBA pixels (8 bits, row-major), alpha dropped.
///
/// # Errors
/// When the pixels are not `size`.
pub fn png_colour(size: Size, rgba: &[u8]) -> Result<Vec<u8>, WriteError> {
    check("PNG", rgba.len(), size.pixels() * 4)?;
    let rgb: Vec<u8> = rgba.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
    png_rgb(size, &rgb)
}

/// PNG of RGB pixels (8 bits, row-major): colour, or normals as `(n + 1) / 2`.
///
/// # Errors
/// When the pixels are not `size`.
pub fn png_rgb(size: Size, rgb: &[u8]) -> Result<Vec<u8>, WriteError> {
    check("PNG", rgb.len(), size.pixels() * 3)?;
    png(size, png::ColorType::Rgb, png::BitDepth::Eight, png::Filter::Adaptive, rgb)
}

/// PNG of single bytes: semantic classes.
///
/// # Errors
/// When the pixels are not `size`.
pub fn png_gray8(size: Size, gray: &[u8]) -> Result<Vec<u8>, WriteError> {
    check("PNG", gray.len(), size.pixels())?;
    png(size, png::ColorType::Grayscale, png::BitDepth::Eight, png::Filter::Up, gray)
}

/// PNG of 16-bit numbers: instance ids, or depth in millimetres.
///
/// # Errors
/// When the pixels are not `size`.
pub fn png_gray16(size: Size, gray: &[u16]) -> Result<Vec<u8>, WriteError> {
    check("16-bit PNG", gray.len(), size.pixels())?;
    let bytes: Vec<u8> = gray.iter().flat_map(|value| value.to_be_bytes()).collect();
    png(size, png::ColorType::Grayscale, png::BitDepth::Sixteen, png::Filter::Up, &bytes)
}

/// Depth in metres as the millimetres of a 16-bit picture: 0 where there is nothing (not finite, or not in
/// front), 65535 from 65.535 m on.
#[must_use]
pub fn depth_mm(depth_m: &[f32]) -> Vec<u16> {
    let mm = |&depth: &f32| {
        if !depth.is_finite() || depth <= 0.0 {
            return 0;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the range of u16"
        )]
        let rounded = (f64::from(depth) * 1000.0).round().clamp(1.0, 65535.0) as u16;
        rounded
    };
    depth_m.iter().map(mm).collect()
}

/// `OpenEXR` with one 32-bit float channel `Z`: depth in metres, infinite where there is nothing.
///
/// # Errors
/// When the pixels are not `size`.
pub fn exr_depth(size: Size, depth_m: &[f32]) -> Result<Vec<u8>, WriteError> {
    check("EXR", depth_m.len(), size.pixels())?;
    let channel = AnyChannel::new("Z", FlatSamples::F32(depth_m.to_vec()));
    let layer = Layer::new(
        (size.width as usize, size.height as usize),
        LayerAttributes::default(),
        Encoding::SMALL_LOSSLESS,
        AnyChannels::sort([channel].into_iter().collect()),
    );
    let mut out = Cursor::new(Vec::new());
    Image::from_layer(layer)
        .write()
        .non_parallel()
        .to_buffered(&mut out)
        .map_err(|error| WriteError::Encode { what: "EXR", why: error.to_string() })?;
    Ok(out.into_inner())
}

fn png(
    size: Size,
    colour: png::ColorType,
    depth: png::BitDepth,
    filter: png::Filter,
    bytes: &[u8],
) -> Result<Vec<u8>, WriteError> {
    let mut out = Vec::with_capacity(bytes.len() / 2);
    let mut encoder = png::Encoder::new(&mut out, size.width, size.height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(filter);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(bytes)?;
        writer.finish()
    });
    written.map_err(|error| WriteError::Encode { what: "PNG", why: error.to_string() })?;
    Ok(out)
}

fn check(what: &'static str, found: usize, expected: usize) -> Result<(), WriteError> {
    if found == expected && expected > 0 {
        return Ok(());
    }
    Err(WriteError::Encode { what, why: format!("{found} values where the picture has {expected}") })
}
