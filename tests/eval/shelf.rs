//! Rows, gaps and availability read from boxes, held against what was staged.
//!
//! `DIORAMA_SHELF_DATA=DIR cargo test --test all -- shelves --nocapture` measures another dataset of ours.

use std::{collections::BTreeSet, path::Path};

use diorama::{
    dataset::Dataset,
    eval::shelf::{Item, Shelf, ShelfOptions, shelf},
    geometry::BoxPx,
    truth::{FrameTruth, InstanceTruth},
};

/// How well what was read agrees with what was staged, as counts.
#[derive(Debug, Default)]
struct Agreement {
    /// Pairs of products of one bay: on one board and in one row, only the former, only the latter.
    both: u64,
    only_board: u64,
    only_row: u64,
    /// Gaps found, gaps there, gaps read.
    found: u64,
    there: u64,
    read: u64,
    /// Availability, read less staged, of each frame.
    off: Vec<f64>,
}

impl Agreement {
    /// Of the pairs that share a row, those that share a board; and the other way round.
    fn rows(&self) -> (f64, f64) {
        let both = self.both as f64;
        (both / (both + self.only_row as f64), both / (both + self.only_board as f64))
    }

    fn mean_off(&self) -> f64 {
        self.off.iter().map(|off| off.abs()).sum::<f64>() / self.off.len() as f64
    }
}

fn number(instance: &InstanceTruth, fact: &str) -> Option<u64> {
    instance.facts.get(fact)?.as_u64()
}

/// Products as a good detector would have them: at least a tenth visible, a side of at least 3 pixels.
fn products(truth: &FrameTruth) -> Vec<(&InstanceTruth, BoxPx)> {
    let seen = |it: &&InstanceTruth| it.class == "product" && it.visibility >= 0.1;
    let boxed = truth.instances.iter().filter(seen).filter_map(|it| Some((it, it.bbox?)));
    boxed.filter(|(_, b)| b.w >= 3.0 && b.h >= 3.0).collect()
}

fn add(agreement: &mut Agreement, truth: &FrameTruth, read: &Shelf) {
    let products = products(truth);
    let mut row_of = vec![usize::MAX; products.len()];
    for (index, row) in read.rows.iter().enumerate() {
        for item in &row.items {
            row_of[*item] = index;
        }
    }
    let place: Vec<_> = products.iter().map(|(it, _)| (number(it, "bay"), number(it, "shelf"))).collect();
    for a in 0..products.len() {
        for b in (0..a).filter(|b| place[*b].0 == place[a].0) {
            match (place[a].1 == place[b].1, row_of[a] == row_of[b]) {
                (true, true) => agreement.both += 1,
                (true, false) => agreement.only_board += 1,
                (false, true) => agreement.only_row += 1,
                (false, false) => {}
            }
        }
    }
    // A gap counts as found when a gap that was read shares half of its width, at its height. Those that leave the
    // picture, or are mostly hidden by its edge, are nobody's to find.
    let whole = |it: &&InstanceTruth| it.class == "gap" && it.truncation < 0.1;
    let there: Vec<BoxPx> = truth.instances.iter().filter(whole).filter_map(|it| it.bbox).collect();
    let gaps: Vec<BoxPx> = read.rows.iter().flat_map(|row| row.gaps.iter().map(|gap| gap.bbox)).collect();
    let shares = |a: &BoxPx, b: &BoxPx| {
        a.intersection(*b).is_some_and(|c| c.w >= 0.5 * a.w.min(b.w) && c.h >= 0.4 * a.h.min(b.h))
    };
    agreement.there += there.len() as u64;
    agreement.read += gaps.len() as u64;
    agreement.found += there.iter().filter(|gap| gaps.iter().any(|read| shares(gap, read))).count() as u64;
    if let (Some(staged), Some(read)) = (truth.facts["on_shelf_availability"].as_f64(), read.availability) {
        agreement.off.push(read - staged);
    }
}

fn measure(dir: &Path) -> Agreement {
    let dataset = Dataset::open(dir).expect("a dataset");
    let mut agreement = Agreement::default();
    for truth in dataset.frames().expect("frames") {
        let truth = truth.expect("a frame");
        let items: Vec<Item> =
            products(&truth).iter().map(|(_, bbox)| Item { bbox: *bbox, class: 0 }).collect();
        let read = shelf(&items, &ShelfOptions::default());
        let placed: BTreeSet<usize> = read.rows.iter().flat_map(|row| row.items.clone()).collect();
        assert_eq!(placed.len(), items.len(), "every box is in a row");
        assert_eq!(
            read.rows.iter().map(|row| row.items.len()).sum::<usize>(),
            items.len(),
            "and in one alone"
        );
        add(&mut agreement, &truth, &read);
    }
    agreement
}

#[test]
fn shelves_are_read_as_they_were_staged() {
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/tiny");
    let agreement = measure(&tiny);
    eprintln!("datasets/tiny: rows {:?}, {agreement:?}", agreement.rows());
    let (precision, recall) = agreement.rows();
    assert!(precision > 0.9 && recall > 0.8, "{precision} and {recall}: {agreement:?}");
    if let Some(other) = std::env::var_os("DIORAMA_SHELF_DATA") {
        let other = measure(Path::new(&other));
        eprintln!(
            "there: rows {:?}, availability off by {:.3} on average, {other:?}",
            other.rows(),
            other.mean_off()
        );
    }
}

#[test]
fn rows_torn_apart_would_be_seen() {
    let dataset =
        Dataset::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/tiny")).expect("a dataset");
    let truth = dataset.frames().expect("frames").next().expect("one").expect("a frame");
    let items: Vec<Item> = products(&truth).iter().map(|(_, bbox)| Item { bbox: *bbox, class: 0 }).collect();
    // Everything in one row.
    let blind = ShelfOptions { step: 1000.0, ..ShelfOptions::default() };
    let mut agreement = Agreement::default();
    let mut read = shelf(&items, &blind);
    let all: Vec<usize> = (0..items.len()).collect();
    read.rows.truncate(1);
    read.rows[0].items = all;
    add(&mut agreement, &truth, &read);
    assert!(agreement.rows().0 < 0.8, "{agreement:?}");
}
