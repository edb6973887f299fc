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

/// What a `.flo` file holds where nothing is known.
const FLO_UNKNOWN: f32 = 1e10;

/// Motion as a Middlebury `.flo` file (Baker et al. 2011): the tag 202021.25, width and height, then two 32-bit floats
/// a pixel, right and down, pixels, all lowest byte first. Where `hidden` says 3, nothing was there: 1e10.
///
/// # Errors
/// When the vectors or `hidden` are not `size`.
pub fn flo(size: Size, vectors: &[[f32; 2]], hidden: &[u8]) -> Result<Vec<u8>, WriteError> {
    check("FLO", vectors.len(), size.pixels())?;
    check("FLO", hidden.len(), size.pixels())?;
    let mut out = Vec::with_capacity(12 + vectors.len() * 8);
    out.extend(202_021.25f32.to_le_bytes());
    out.extend([size.width, size.height].into_iter().flat_map(u32::to_le_bytes));
    for (vector, hidden) in vectors.iter().zip(hidden) {
        let known = if *hidden == 3 { [FLO_UNKNOWN; 2] } else { *vector };
        out.extend(known.into_iter().flat_map(f32::to_le_bytes));
    }
    Ok(out)
}

/// Motion as a 16-bit RGB PNG as KITTI 2015 has it (Menze and Geiger 2015): 64ths of a pixel plus 32768, right and down,
/// cut off at the ends of the range; the third channel is 1 where `hidden` says 0, seen in the next frame too, else 0.
///
/// # Errors
/// When the vectors or `hidden` are not `size`.
pub fn flow_png(size: Size, vectors: &[[f32; 2]], hidden: &[u8]) -> Result<Vec<u8>, WriteError> {
    check("flow PNG", vectors.len(), size.pixels())?;
    check("flow PNG", hidden.len(), size.pixels())?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the range of u16"
    )]
    let coded = |pixels: f32| (f64::from(pixels) * 64.0 + 32768.0).round().clamp(0.0, 65535.0) as u16;
    let bytes: Vec<u8> = vectors
        .iter()
        .zip(hidden)
        .flat_map(|([right, down], hidden)| [coded(*right), coded(*down), u16::from(*hidden == 0)])
        .flat_map(u16::to_be_bytes)
        .collect();
    png(size, png::ColorType::Rgb, png::BitDepth::Sixteen, png::Filter::Adaptive, &bytes)
}

/// Which pixels are not seen in the next frame, as an 8-bit PNG: 0 seen, 255 hidden, gone from the picture, or nothing.
///
/// # Errors
/// When `hidden` is not `size`.
pub fn hidden_png(size: Size, hidden: &[u8]) -> Result<Vec<u8>, WriteError> {
    let gray: Vec<u8> = hidden.iter().map(|hidden| if *hidden == 0 { 0 } else { 255 }).collect();
    png_gray8(size, &gray)
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

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 3, height: 1 };
    const VECTORS: [[f32; 2]; 3] = [[1.5, -0.25], [-600.0, 600.0], [7.0, 8.0]];
    const HIDDEN: [u8; 3] = [0, 2, 3];

    /// What a PNG holds: colour type, bits a sample, bytes.
    fn decoded(bytes: &[u8]) -> (png::ColorType, png::BitDepth, Vec<u8>) {
        let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info.color_type, info.bit_depth, pixels)
    }

    #[test]
    fn a_flo_file_s_bytes_are_known() {
        let mut expected = b"PIEH".to_vec();
        expected.extend([3, 0, 0, 0, 1, 0, 0, 0]);
        // 1.5 is 0x3fc00000, -0.25 0xbe800000, 600 0x44160000, 1e10 0x501502f9.
        expected.extend([0, 0, 0xc0, 0x3f, 0, 0, 0x80, 0xbe]);
        expected.extend([0, 0, 0x16, 0xc4, 0, 0, 0x16, 0x44]);
        expected.extend([0xf9, 0x02, 0x15, 0x50, 0xf9, 0x02, 0x15, 0x50]);
        assert_eq!(flo(SIZE, &VECTORS, &HIDDEN).unwrap(), expected, "tag, size, vectors");
        assert!(flo(SIZE, &VECTORS[..2], &HIDDEN).is_err(), "a vector is missing");
        assert!(flo(SIZE, &VECTORS, &HIDDEN[..2]).is_err(), "a mark is missing");
    }

    #[test]
    fn a_flow_png_s_pixels_are_known() {
        let (colour, depth, pixels) = decoded(&flow_png(SIZE, &VECTORS, &HIDDEN).unwrap());
        assert_eq!((colour, depth), (png::ColorType::Rgb, png::BitDepth::Sixteen), "as KITTI has it");
        // 1.5 * 64 + 32768 = 32864 = 0x8060, -0.25 * 64 + 32768 = 32752 = 0x7ff0; 600 px are beyond the range;
        // 7 * 64 + 32768 = 0x81c0, 8 * 64 + 32768 = 0x8200.
        let expected = [0x80, 0x60, 0x7f, 0xf0, 0, 1, 0, 0, 0xff, 0xff, 0, 0, 0x81, 0xc0, 0x82, 0x00, 0, 0];
        assert_eq!(pixels, expected, "right, down, seen");
        assert!(flow_png(SIZE, &VECTORS, &HIDDEN[..2]).is_err(), "a mark is missing");
    }

    #[test]
    fn a_hidden_png_s_pixels_are_known() {
        let size = Size { width: 2, height: 2 };
        let (colour, depth, pixels) = decoded(&hidden_png(size, &[0, 1, 2, 3]).unwrap());
        assert_eq!((colour, depth), (png::ColorType::Grayscale, png::BitDepth::Eight), "one byte a pixel");
        assert_eq!(pixels, [0, 255, 255, 255], "only what is seen is 0");
        assert!(hidden_png(size, &[0, 1]).is_err(), "marks are missing");
    }
}
