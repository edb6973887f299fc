//! A user's pictures: looked at when the catalogue opens, loaded when first seen.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbaImage,
    codecs::{png::PngDecoder, webp::WebPDecoder},
};

use crate::json::{fault::nearest, tree::quoted};

/// Longest side, pixels.
const MAX_SIDE: u32 = 16_384;
/// Most pixels: what a camera takes today, with room.
const MAX_PIXELS: u64 = 120_000_000;
/// Shortest side, pixels; below, it is no picture of a label.
const MIN_SIDE: u32 = 16;

/// Whether a file is a picture that can be put onto a label, as far as its head and its end tell.
///
/// Reads a few kilobytes. What it lets pass can still be broken in the middle, which [`load`] finds.
pub(super) fn check(path: &Path) -> Result<(), String> {
    let file = File::open(path).map_err(|error| missing(path, &error))?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(format!("expected a picture, found a folder at {}", path.display()));
    }
    let mut reader = BufReader::with_capacity(4096, file);
    let head = reader.fill_buf().map_err(|error| missing(path, &error))?;
    let corrupt =
        |what: String| format!("expected a picture that can be read, found {} ({what})", path.display());
    let (width, height) = match image::guess_format(head) {
        Ok(ImageFormat::Jpeg) => jpeg_size(&mut reader).map_err(&corrupt)?,
        Ok(ImageFormat::Png) => {
            PngDecoder::new(&mut reader).map_err(|e| corrupt(e.to_string()))?.dimensions()
        }
        Ok(ImageFormat::WebP) => {
            WebPDecoder::new(&mut reader).map_err(|e| corrupt(e.to_string()))?.dimensions()
        }
        Ok(other) => return Err(format!("expected a PNG, JPEG or WebP picture, found {other:?}")),
        Err(_) if head.is_empty() => return Err(corrupt("it is empty".into())),
        Err(_) => return Err(corrupt("it is neither PNG nor JPEG nor WebP".into())),
    };
    sized(width, height)?;
    ends(&mut reader).map_err(corrupt)
}

fn sized(width: u32, height: u32) -> Result<(), String> {
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > MAX_SIDE || pixels > MAX_PIXELS {
        return Err(format!(
            "expected a picture of at most {MAX_SIDE} pixels a side and {} megapixels, found {width} x {height}",
            MAX_PIXELS / 1_000_000
        ));
    }
    if width.min(height) < MIN_SIDE {
        return Err(format!(
            "expected a picture of at least {MIN_SIDE} x {MIN_SIDE} pixels, found {width} x {height}"
        ));
    }
    Ok(())
}

fn missing(path: &Path, error: &std::io::Error) -> String {
    if error.kind() != std::io::ErrorKind::NotFound {
        return format!("expected a picture that can be read, found {}: {error}", path.display());
    }
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    beside.sort();
    let names: Vec<&str> = beside.iter().map(String::as_str).collect();
    let hint = nearest(&name, &names).map_or(String::new(), |near| format!("; is {} meant?", quoted(near)));
    format!("expected a picture, found no file at {}{hint}", path.display())
}

fn jpeg_size(reader: &mut (impl BufRead + Seek)) -> Result<(u32, u32), String> {
    let mut decoder = zune_jpeg::JpegDecoder::new(reader);
    decoder.decode_headers().map_err(|e| e.to_string())?;
    let info = decoder.info().ok_or("it has no size")?;
    // Four inks have no one meaning on a screen: whoever made the picture must choose.
    if info.components == 4 {
        return Err("it is a CMYK picture, expected RGB or grey: save it as RGB".into());
    }
    Ok((u32::from(info.width), u32::from(info.height)))
}

/// Whether the file ends as its kind does: downloads that broke off do not.
fn ends(reader: &mut (impl Read + Seek)) -> Result<(), String> {
    let io = |e: std::io::Error| e.to_string();
    reader.rewind().map_err(io)?;
    let mut head = [0; 12];
    reader.read_exact(&mut head).map_err(io)?;
    let length = reader.seek(SeekFrom::End(0)).map_err(io)?;
    if &head[..4] == b"RIFF" {
        let told = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]])) + 8;
        return if told <= length { Ok(()) } else { Err("it ends too soon".into()) };
    }
    let tail = length.min(4096);
    reader.seek(SeekFrom::End(-i64::try_from(tail).unwrap_or(0))).map_err(io)?;
    let mut end = Vec::new();
    reader.read_to_end(&mut end).map_err(io)?;
    let mark: &[u8] = if head.starts_with(&[0xff, 0xd8]) { &[0xff, 0xd9] } else { b"IEND" };
    if end.windows(mark.len()).any(|window| window == mark) { Ok(()) } else { Err("it ends too soon".into()) }
}

/// The pixels of a picture, turned upright as its camera noted, cropped to what is opaque where it has a cut-out
/// ground.
pub(super) fn load(path: &Path) -> Result<RgbaImage, String> {
    check(path)?;
    let broken =
        |e: image::ImageError| format!("expected a picture that can be read, found {} ({e})", path.display());
    let open = ImageReader::open(path).map_err(|error| missing(path, &error))?;
    let mut reader = open.with_guessed_format().map_err(|error| missing(path, &error))?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(1 << 30);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let clear = decoder.color_type().has_alpha();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    let picture = picture.into_rgba8();
    Ok(if clear { opaque(picture) } else { picture })
}

/// Cropped to its opaque part and put onto the mean colour of that part.
fn opaque(picture: RgbaImage) -> RgbaImage {
    let mut bounds: Option<[u32; 4]> = None;
    for (x, y, _) in picture.enumerate_pixels().filter(|(_, _, pixel)| pixel[3] > 127) {
        let b = bounds.get_or_insert([x, y, x, y]);
        *b = [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)];
    }
    let Some([left, top, right, bottom]) = bounds else { return picture };
    let mut cut =
        image::imageops::crop_imm(&picture, left, top, right - left + 1, bottom - top + 1).to_image();
    let (mut sum, mut count) = ([0_u64; 3], 0_u64);
    for pixel in cut.pixels().filter(|pixel| pixel[3] > 127) {
        for (total, value) in sum.iter_mut().zip(pixel.0) {
            *total += u64::from(value);
        }
        count += 1;
    }
    let ground = sum.map(|total| u8::try_from(total / count.max(1)).unwrap_or(u8::MAX));
    for pixel in cut.pixels_mut() {
        let alpha = u32::from(pixel[3]);
        for (value, under) in pixel.0.iter_mut().zip(ground) {
            let mixed = (u32::from(*value) * alpha + u32::from(under) * (255 - alpha)) / 255;
            *value = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
        pixel[3] = 255;
    }
    cut
}
