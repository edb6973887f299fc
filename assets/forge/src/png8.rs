//! PNG bytes that depend on the pixels alone.

use crate::texture::Picture;

/// Encodes 8-bit RGB. The fast compressor is the `png` crate's own, so the bytes do not change with whichever
/// deflate library a build happens to select.
pub(crate) fn encode(picture: &Picture) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::Up);
    let written = encoder.write_header().and_then(|mut w| w.write_image_data(&picture.rgb));
    written.expect("writing to memory succeeds for a picture of the stated size");
    bytes
}
