//! Pictures: PNG, JPEG and WebP, measured before they are decoded.

use std::{io::Cursor, path::Path, sync::Arc};

use image::{ImageDecoder, ImageFormat, ImageReader, Limits};

use super::{
    ImportOptions,
    container::{Budget, Buffers, resolve},
    error::{ImportFault, Sound, get, invalid},
    json,
};
use crate::scene::Pixels;

pub(super) fn load(
    root: &json::Root,
    buffers: &Buffers,
    folder: &Path,
    index: usize,
    options: &ImportOptions,
    budget: &mut Budget,
    user: &str,
) -> Sound<Arc<Pixels>> {
    let image = get(&root.images, index, "image", user)?;
    let at = format!("images[{index}]");
    let owned;
    let bytes = match (&image.uri, image.buffer_view) {
        (Some(uri), _) => {
            owned = resolve(uri, folder, &format!("{at}.uri"), budget)?;
            &owned[..]
        }
        (None, Some(view)) => buffers.view(root, view, &format!("{at}.bufferView"))?,
        (None, None) => return invalid(at, "neither uri nor bufferView"),
    };
    decode(bytes, &at, options, budget)
}

fn decode(bytes: &[u8], at: &str, options: &ImportOptions, budget: &mut Budget) -> Sound<Arc<Pixels>> {
    let format = match bytes {
        [0x89, b'P', b'N', b'G', ..] => ImageFormat::Png,
        [0xff, 0xd8, 0xff, ..] => ImageFormat::Jpeg,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => ImageFormat::WebP,
        [0xab, b'K', b'T', b'X', ..] => {
            return Err(ImportFault::Unsupported {
                at: at.to_owned(),
                what: "the picture format KTX2".to_owned(),
                instead: "use PNG, JPEG or WebP".to_owned(),
            });
        }
        _ => return invalid(at, "its bytes are neither PNG, JPEG nor WebP"),
    };
    let broken = |error: image::ImageError| ImportFault::Invalid {
        at: at.to_owned(),
        reason: format!("the picture cannot be decoded: {error}"),
    };
    let (width, height) =
        ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().map_err(broken)?;
    if width == 0 || height == 0 {
        return invalid(at, "the picture has no pixels");
    }
    if width.max(height) > options.max_image_side {
        return Err(ImportFault::TooLarge {
            at: at.to_owned(),
            what: format!("a picture of {width} x {height} pixels"),
            limit: format!("{} pixels a side", options.max_image_side),
        });
    }
    let area = u64::from(width) * u64::from(height);
    budget.take(area * 4, at)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(width);
    limits.max_image_height = Some(height);
    // Sixteen-bit colour and a decoder's own rows come on top of what stays.
    limits.max_alloc = Some(area * 16 + (1 << 20));
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(broken)?;
    if decoder.total_bytes() > area * 16 {
        return invalid(at, "the picture has more than 16 bytes a pixel");
    }
    let rgba = image::DynamicImage::from_decoder(decoder).map_err(broken)?.into_rgba8();
    Ok(Arc::new(Pixels { width: rgba.width(), height: rgba.height(), rgba: rgba.into_raw() }))
}
