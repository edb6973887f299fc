//! What label art must keep to, and contact sheets to look at.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use resvg::usvg;

use super::{
    catalogue::Catalogue,
    layout::ALL,
    studio::{ArtStudio, PRICE_TAG, parse},
    testing::forms,
};
use crate::{
    scene::{ArtKey, ArtSource, Pixels},
    seed::Seed,
};

fn studio(count: u32, budget: usize) -> (Arc<Catalogue>, ArtStudio) {
    let catalogue = Arc::new(Catalogue::generate(Seed(11), count, &forms()));
    (catalogue.clone(), ArtStudio::new(catalogue, budget))
}

fn key(catalogue: &Catalogue, index: u32, slot: &str) -> ArtKey {
    ArtKey { sku: catalogue.product(index).sku, slot: slot.to_owned() }
}

#[test]
fn pixels_have_the_slots_shape_and_cover_it() {
    let (catalogue, studio) = studio(200, 1 << 24);
    for index in 0..20 {
        let form = catalogue.form(&catalogue.product(index * 9).form).unwrap();
        for slot in &form.slots {
            for side in [16, 64, 256] {
                let pixels = studio.pixels(&key(&catalogue, index * 9, &slot.name), side).unwrap();
                assert_eq!(pixels.width.max(pixels.height), side, "the longer side");
                let short = side as f32 / slot.aspect.max(1.0 / slot.aspect);
                assert!((pixels.width.min(pixels.height) as f32 - short).abs() <= 0.5, "{slot:?}");
                assert_eq!(pixels.rgba.len(), (pixels.width * pixels.height * 4) as usize, "four bytes each");
                assert!(pixels.rgba.iter().skip(3).step_by(4).all(|a| *a == 255), "opaque");
            }
        }
    }
}

#[test]
fn answers_do_not_depend_on_the_cache_or_on_threads() {
    let (catalogue, generous) = studio(300, 1 << 26);
    let (_, mean) = studio(300, 0);
    let keys: Vec<ArtKey> = (0..24).map(|i| key(&catalogue, i * 11, "label")).collect();
    let alone: Vec<Arc<Pixels>> = keys.iter().map(|k| mean.pixels(k, 64).unwrap()).collect();
    assert_eq!(mean.cached_bytes(), 0, "no budget, nothing kept");
    std::thread::scope(|scope| {
        for turn in 0..2 {
            let (keys, alone, generous) = (&keys, &alone, &generous);
            scope.spawn(move || {
                for i in 0..keys.len() {
                    let i = if turn == 0 { i } else { keys.len() - 1 - i };
                    assert_eq!(generous.pixels(&keys[i], 64).unwrap(), alone[i], "{:?}", keys[i]);
                }
            });
        }
    });
    assert!(
        Arc::ptr_eq(&generous.pixels(&keys[0], 64).unwrap(), &generous.pixels(&keys[0], 64).unwrap()),
        "kept"
    );
}

#[test]
fn the_budget_is_never_exceeded() {
    let budget = 200_000;
    let (catalogue, studio) = studio(300, budget);
    let mut fullest = 0;
    for index in 0..40 {
        studio.pixels(&key(&catalogue, index * 5, "label"), 128).unwrap();
        assert!(studio.cached_bytes() <= budget, "{} bytes", studio.cached_bytes());
        fullest = fullest.max(studio.cached_bytes());
    }
    assert!(fullest > budget / 2, "and it is used");
}

#[test]
fn no_two_products_look_alike() {
    let (catalogue, studio) = studio(400, 0);
    let mut seen = BTreeSet::new();
    for index in 0..80 {
        let art = studio.pixels(&key(&catalogue, index, "label"), 128).unwrap();
        assert!(seen.insert(art.rgba.clone()), "product {index} looks like another");
        let tag = studio.pixels(&key(&catalogue, index, PRICE_TAG), 128).unwrap();
        assert!(seen.insert(tag.rgba.clone()), "the tag of product {index} looks like another");
    }
}

#[test]
fn every_layout_is_used() {
    let (catalogue, _) = studio(6_000, 0);
    let used: BTreeSet<_> = (0..catalogue.len()).map(|i| catalogue.design(i).brand.layout).collect();
    assert_eq!(used, ALL.into_iter().collect(), "all layouts, no others");
}

#[test]
fn unknown_things_are_errors_that_say_so() {
    let (catalogue, studio) = studio(10, 0);
    let error = |sku: &str, slot: &str, side| {
        studio.pixels(&ArtKey { sku: sku.into(), slot: slot.into() }, side).unwrap_err().to_string()
    };
    let sku = catalogue.product(0).sku;
    assert!(error("40000010", "label", 64).contains("no such product"), "beyond the end");
    assert!(error(&sku, "inside", 64).contains("label, top and price_tag"), "what slots there are");
    for side in [0, 8, 100, 2048] {
        assert!(error(&sku, "label", side).contains("power of two"), "{side} pixels");
    }
}

fn texts<'a>(group: &'a usvg::Group, list: &mut Vec<&'a usvg::Text>) {
    for node in group.children() {
        match node {
            usvg::Node::Text(text) => list.push(text),
            usvg::Node::Group(group) => texts(group, list),
            _ => {}
        }
    }
}

/// Text set on curves or turned may poke a little further than its box; nothing leaves the front by more.
#[test]
fn text_stays_inside_of_the_art() {
    let (catalogue, studio) = studio(3_000, 0);
    for index in (0..3_000).step_by(13) {
        let design = catalogue.design(index);
        let form = catalogue.form(&design.product.form).unwrap();
        if form.slots[0].wraps {
            continue;
        }
        let drawn = studio.svg(&key(&catalogue, index, "label"), 1024).unwrap();
        let tree = parse(&drawn.svg).unwrap();
        let (width, height) = (tree.size().width(), tree.size().height());
        let mut list = Vec::new();
        texts(tree.root(), &mut list);
        assert!(list.len() >= 3, "brand, good and amount are written");
        for text in list {
            let written: String = text.chunks().iter().map(usvg::TextChunk::text).collect();
            let bounds = text.flattened().abs_bounding_box();
            let initial = written.chars().count() == 1;
            let inside = bounds.left() >= -0.01 * width
                && bounds.right() <= 1.01 * width
                && bounds.top() >= -0.03 * height
                && bounds.bottom() <= 1.03 * height;
            assert!(
                initial || inside,
                "{:?}: '{written}' at {bounds:?} of {width} x {height}",
                design.brand.layout
            );
        }
    }
}

#[test]
fn a_sleeves_edges_meet() {
    let (catalogue, studio) = studio(2_000, 0);
    let mut sleeves = 0;
    for index in (0..2_000).step_by(41) {
        let form = catalogue.form(&catalogue.product(index).form).unwrap();
        if !form.round {
            continue;
        }
        sleeves += 1;
        let art = studio.pixels(&key(&catalogue, index, "label"), 256).unwrap();
        let pixel = |x: u32, y: u32| {
            let at = ((y * art.width + x) * 4) as usize;
            [art.rgba[at], art.rgba[at + 1], art.rgba[at + 2]].map(f32::from)
        };
        let distance = |x0: u32, x1: u32, y: u32| {
            pixel(x0, y).iter().zip(pixel(x1, y)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
        };
        let seam: f32 =
            (0..art.height).map(|y| distance(0, art.width - 1, y)).sum::<f32>() / art.height as f32;
        // The far front of some sleeves lies across the seam; the near one has the same edges in its middle.
        let middle: f32 = (0..art.height).map(|y| distance(art.width / 2 - 1, art.width / 2, y)).sum::<f32>()
            / art.height as f32;
        assert!(
            seam < 40.0 + 1.2 * middle,
            "product {index} ({:?}) has a seam of {seam}",
            catalogue.design(index).brand.layout
        );
    }
    assert!(sleeves > 10, "some were looked at");
}

/// Writes contact sheets beside the path in `DIORAMA_SHEET`, and says how long a label takes.
#[test]
#[ignore = "makes pictures to look at"]
fn contact_sheet() {
    let path = std::env::var("DIORAMA_SHEET").expect("DIORAMA_SHEET names a PNG to write");
    let seed = std::env::var("DIORAMA_SHEET_SEED").map_or(11, |s| s.parse().unwrap());
    let catalogue = Arc::new(Catalogue::generate(Seed(seed), 20_000, &forms()));
    let studio = ArtStudio::new(catalogue.clone(), 0);
    let fronts = std::env::var("DIORAMA_SHEET_FRONTS").is_ok();
    let (columns, rows, cell) = if fronts { (12, 6, 150) } else { (6, 8, 300) };
    let tall = if fronts { 210 } else { 170 };
    let mut sheet = image::RgbaImage::from_pixel(columns * cell, rows * tall, image::Rgba([90, 90, 90, 255]));
    let mut spent = Duration::ZERO;
    for place in 0..columns * rows {
        let index = place * 277 % 20_000;
        let form = catalogue.form(&catalogue.product(index).form).unwrap();
        let slot = if !fronts && place % 8 == 7 { PRICE_TAG } else { "label" };
        let start = Instant::now();
        let art = studio.pixels(&key(&catalogue, index, slot), 512).unwrap();
        spent += start.elapsed();
        let mut art = image::RgbaImage::from_raw(art.width, art.height, art.rgba.clone()).unwrap();
        if fronts {
            let uv = form.slots[0].front_uv;
            let (w, h) = (art.width() as f32, art.height() as f32);
            art = image::imageops::crop_imm(
                &art,
                (uv[0] * w) as u32,
                0,
                ((uv[2] - uv[0]) * w) as u32,
                h as u32,
            )
            .to_image();
            let stretched = (art.width() as f32 * catalogue.design(index).stretch) as u32;
            art = image::imageops::resize(
                &art,
                stretched.max(1),
                art.height(),
                image::imageops::FilterType::Triangle,
            );
        }
        let scale = ((cell - 6) as f32 / art.width() as f32).min((tall - 6) as f32 / art.height() as f32);
        let (w, h) = ((art.width() as f32 * scale) as u32, (art.height() as f32 * scale) as u32);
        let small = image::imageops::resize(&art, w.max(1), h.max(1), image::imageops::FilterType::Triangle);
        let (x, y) = (place % columns * cell + 3, place / columns * tall + 3);
        image::imageops::overlay(&mut sheet, &small, i64::from(x), i64::from(y));
    }
    sheet.save(&path).unwrap();
    let mut times = String::new();
    for side in [256, 512] {
        let start = Instant::now();
        for i in 0..60 {
            studio.pixels(&key(&catalogue, i * 311, "label"), side).unwrap();
        }
        times += &format!("{side} px: {:.2} ms; ", start.elapsed().as_secs_f64() * 1000.0 / 60.0);
    }
    std::fs::write(format!("{path}.txt"), times).unwrap();
}
