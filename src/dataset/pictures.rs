//! Stored pictures, decoded.

use std::path::Path;

use image::{DynamicImage, ImageReader, RgbImage};

use super::DatasetError;
use crate::geometry::Size;

/// A colour picture.
///
/// # Errors
/// When it cannot be read or decoded.
pub fn read_picture(path: &Path) -> Result<RgbImage, DatasetError> {
    Ok(decode(path)?.into_rgb8())
}

/// A picture of instance ids, row-major, and its size.
///
/// # Errors
/// When it cannot be read, or is not a 16-bit grey picture.
pub fn read_ids(path: &Path) -> Result<(Size, Vec<u16>), DatasetError> {
    gray16(path)
}

/// A picture of depths in millimetres, row-major, 0 where there is nothing, and its size.
///
/// # Errors
/// When it cannot be read, or is not a 16-bit grey picture.
pub fn read_depth_mm(path: &Path) -> Result<(Size, Vec<u16>), DatasetError> {
    gray16(path)
}

fn gray16(path: &Path) -> Result<(Size, Vec<u16>), DatasetError> {
    match decode(path)? {
        DynamicImage::ImageLuma16(picture) => {
            let size = Size { width: picture.width(), height: picture.height() };
            Ok((size, picture.into_raw()))
        }
        other => Err(DatasetError::Picture {
            path: path.to_owned(),
            why: format!("it is {:?} where 16-bit grey is expected", other.color()),
        }),
    }
}

fn decode(path: &Path) -> Result<DynamicImage, DatasetError> {
    let fail = |why: String| DatasetError::Picture { path: path.to_owned(), why };
    let reader = ImageReader::open(path).map_err(|error| fail(error.to_string()))?;
    reader.decode().map_err(|error| fail(error.to_string()))
}
