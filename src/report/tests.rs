use image::{Rgb, RgbImage};

use super::{
    OverlayOptions, Tile, contact_sheet, depth_view, distinct, histogram_page, id_view, overlay, to_png,
};
use crate::{
    dataset::{Counted, Dataset, read_ids, read_picture, stats, testing},
    geometry::Size,
};

fn different(a: &RgbImage, b: &RgbImage) -> usize {
    a.pixels().zip(b.pixels()).filter(|(a, b)| a != b).count()
}

#[test]
fn boxes_lie_on_the_outermost_pixels_of_the_mask() {
    let truth = testing::frame(1).truth;
    let grey = RgbImage::from_pixel(64, 48, Rgb([128; 3]));
    let mut one = truth.clone();
    one.instances.retain(|i| i.instance_id == 9);
    let options = OverlayOptions { masks: 0.0, labels: false, ..OverlayOptions::default() };
    let drawn = overlay(&grey, &one, &options).unwrap();
    let b = one.instances[0].bbox.unwrap();
    let colour = Rgb(distinct(9));
    for (x, y, pixel) in drawn.enumerate_pixels() {
        let (x, y) = (f64::from(x), f64::from(y));
        let within = |lo: f64, hi: f64, v: f64| v >= lo && v < hi;
        let inside = within(b.x, b.right(), x) && within(b.y, b.bottom(), y);
        let deep = within(b.x + 1.0, b.right() - 1.0, x) && within(b.y + 1.0, b.bottom() - 1.0, y);
        let expected = if inside && !deep { colour } else { Rgb([128; 3]) };
        assert_eq!(*pixel, expected, "pixel {x}, {y} of box {b:?}");
    }
}

#[test]
fn masks_tint_their_own_pixels_only() {
    let truth = testing::frame(2).truth;
    let grey = RgbImage::from_pixel(64, 48, Rgb([128; 3]));
    let options = OverlayOptions { masks: 1.0, boxes: false, labels: false, min_visibility: 0.0 };
    let drawn = overlay(&grey, &truth, &options).unwrap();
    let mut expected = grey.clone();
    for instance in &truth.instances {
        let Some(mask) = &instance.segmentation else { continue };
        for (pixel, _) in expected.pixels_mut().zip(mask.to_mask().unwrap()).filter(|(_, m)| *m) {
            *pixel = Rgb(distinct(instance.instance_id));
        }
    }
    assert_eq!(different(&drawn, &expected), 0, "painted as the masks say");
}

#[test]
fn words_are_drawn_where_they_fit() {
    let mut truth = testing::frame(1).truth;
    truth.instances.truncate(1);
    truth.instances[0].bbox = Some([10.0, 10.0, 120.0, 60.0].into());
    let grey = RgbImage::from_pixel(200, 100, Rgb([128; 3]));
    let with = OverlayOptions { masks: 0.0, boxes: false, ..OverlayOptions::default() };
    let drawn = overlay(&grey, &truth, &with).unwrap();
    let bright = drawn.pixels().filter(|p| p.0[0] > 200).count();
    assert!(bright > 10, "only {bright} bright pixels: the font is not drawn");
    let without = overlay(&grey, &truth, &OverlayOptions { labels: false, ..with }).unwrap();
    assert_eq!(different(&without, &grey), 0, "nothing else is drawn");
    truth.instances[0].facts.insert("form".into(), "<&\"odd\" name>".into());
    overlay(&grey, &truth, &with).expect("any text can be drawn");
}

#[test]
fn a_sheet_holds_every_tile_and_its_caption() {
    let tile = |shade: u8| Tile {
        caption: format!("tile {shade}"),
        picture: RgbImage::from_pixel(40, 30, Rgb([shade, 0, 0])),
    };
    let sheet = contact_sheet(&[tile(100), tile(150), tile(200)], 2, 80).unwrap();
    assert_eq!(sheet.dimensions(), (8 + 2 * 88, 8 + 2 * (60 + 22 + 8)), "two columns, two rows");
    for (x, y, shade) in [(48, 38, 100), (136, 38, 150), (48, 128, 200)] {
        assert_eq!(sheet.get_pixel(x, y).0, [shade, 0, 0], "tile at {x}, {y}");
    }
    let caption = (8..60).flat_map(|x| (69..88).map(move |y| (x, y)));
    assert!(caption.filter(|(x, y)| sheet.get_pixel(*x, *y).0[0] > 150).count() > 10, "a caption");
    assert!(contact_sheet(&[], 2, 80).is_err(), "no tiles");
    assert!(contact_sheet(&[tile(1)], 1, 0).is_err(), "no width");
}

#[test]
fn views_colour_every_pixel() {
    let size = Size { width: 2, height: 2 };
    let ids = id_view(size, &[0, 1, 2, 1]).unwrap();
    assert_eq!(ids.get_pixel(0, 0).0, [0; 3], "nothing");
    assert_eq!(ids.get_pixel(1, 0), ids.get_pixel(1, 1), "one id, one colour");
    assert_ne!(ids.get_pixel(1, 0), ids.get_pixel(0, 1), "two ids, two colours");
    let depth = depth_view(size, &[0, 500, 1000, 2000]).unwrap();
    assert_eq!(depth.get_pixel(0, 0).0, [0; 3], "nothing");
    assert!(depth.get_pixel(1, 0).0[2] > depth.get_pixel(1, 0).0[1], "near is blue");
    assert!(depth.get_pixel(1, 1).0[0] > depth.get_pixel(1, 1).0[2], "far is red");
    assert!(id_view(size, &[1]).is_err(), "too few");
}

#[test]
fn a_dataset_becomes_pages() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    testing::dataset(&dir, 6);
    let page = histogram_page(&stats(&dir, Counted::All).unwrap()).unwrap();
    let blue = page.pixels().filter(|p| p.0 == [0x3a, 0x7b, 0xd5]).count();
    assert!(blue > 2000, "bars: {blue} pixels");
    assert!(to_png(&page).unwrap().starts_with(b"\x89PNG"), "a PNG");
    let dataset = Dataset::open(&dir).unwrap();
    let truth = dataset.record(4).unwrap().truth;
    let picture = read_picture(&dataset.picture_path(&truth)).unwrap();
    let drawn = overlay(&picture, &truth, &OverlayOptions::default()).unwrap();
    assert!(different(&drawn, &picture) > 200, "labels are drawn");
    let (size, ids) = read_ids(&dir.join("instances/000004.png")).unwrap();
    assert_eq!(id_view(size, &ids).unwrap().dimensions(), picture.dimensions(), "the same size");
}
