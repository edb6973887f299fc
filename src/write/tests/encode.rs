use std::io::Cursor;

use exr::prelude::{ReadChannels, ReadLayers};

use super::super::{WriteError, encode, testing::SIZE};

fn noise(n: usize) -> Vec<u8> {
    (0..n as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

#[test]
fn lossless_formats_give_back_every_pixel() {
    let rgba = noise(SIZE.pixels() * 4);
    let decoded = image::load_from_memory(&encode::png_colour(SIZE, &rgba).unwrap()).unwrap().into_rgb8();
    let expected: Vec<u8> = rgba.chunks(4).flat_map(|p| p[..3].to_vec()).collect();
    assert_eq!(decoded.into_raw(), expected, "colour");

    let ids: Vec<u16> = (0..SIZE.pixels() as u32).map(|i| (i * 977 % 65536) as u16).collect();
    let decoded = image::load_from_memory(&encode::png_gray16(SIZE, &ids).unwrap()).unwrap();
    assert_eq!(decoded.as_luma16().unwrap().as_raw(), &ids, "16 bits");

    let classes = noise(SIZE.pixels());
    let decoded = image::load_from_memory(&encode::png_gray8(SIZE, &classes).unwrap()).unwrap();
    assert_eq!(decoded.as_luma8().unwrap().as_raw(), &classes, "8 bits");
}

#[test]
fn exr_keeps_metres_and_infinity_exactly() {
    let depth: Vec<f32> =
        (0..SIZE.pixels()).map(|i| if i % 7 == 0 { f32::INFINITY } else { 1.0 + (i as f32) / 3.0 }).collect();
    let bytes = encode::exr_depth(SIZE, &depth).unwrap();
    assert_eq!(bytes, encode::exr_depth(SIZE, &depth).unwrap(), "the same bytes twice");
    let image = exr::prelude::read()
        .no_deep_data()
        .largest_resolution_level()
        .all_channels()
        .first_valid_layer()
        .all_attributes()
        .from_buffered(Cursor::new(bytes))
        .unwrap();
    let channel = &image.layer_data.channel_data.list[0];
    assert_eq!(channel.name.to_string(), "Z", "name");
    let exr::prelude::FlatSamples::F32(values) = &channel.sample_data else { panic!("not 32-bit floats") };
    assert_eq!(values.as_slice(), depth.as_slice(), "values");
}

#[test]
fn jpeg_is_near_repeatable_and_halves_chroma_below_90() {
    let rgba: Vec<u8> =
        (0..SIZE.pixels()).flat_map(|p| [(p % 64 * 3) as u8, (p / 64 * 4) as u8, 90, 255]).collect();
    let good = encode::jpeg(SIZE, &rgba, 95).unwrap();
    assert_eq!(good, encode::jpeg(SIZE, &rgba, 95).unwrap(), "the same bytes twice");
    let decoded = image::load_from_memory(&good).unwrap().into_rgb8();
    let worst =
        decoded.pixels().zip(rgba.chunks(4)).flat_map(|(a, b)| (0..3).map(move |c| a.0[c].abs_diff(b[c])));
    assert!(worst.max().unwrap() < 12, "a smooth picture comes back");
    // The first component's sampling factors, in the frame header: 1 x 1 or 2 x 2.
    let sampling = |bytes: &[u8]| {
        let header = bytes.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
        bytes[header + 11]
    };
    assert_eq!(sampling(&good), 0x11, "full chroma");
    assert_eq!(sampling(&encode::jpeg(SIZE, &rgba, 89).unwrap()), 0x22, "halved chroma");
}

#[test]
fn depth_in_millimetres_is_rounded_and_bounded() {
    let metres = [0.0, -1.0, f32::INFINITY, f32::NAN, 0.0001, 1.2345, 1.2346, 65.535, 100.0];
    assert_eq!(encode::depth_mm(&metres), [0, 0, 0, 0, 1, 1235, 1235, 65535, 65535], "millimetres");
}

#[test]
fn a_wrong_number_of_pixels_is_an_error() {
    let few = vec![0u8; 12];
    assert!(matches!(encode::jpeg(SIZE, &few, 90), Err(WriteError::Encode { what: "JPEG", .. })), "JPEG");
    assert!(matches!(encode::png_colour(SIZE, &few), Err(WriteError::Encode { .. })), "PNG");
    assert!(matches!(encode::exr_depth(SIZE, &[0.0]), Err(WriteError::Encode { .. })), "EXR");
}
