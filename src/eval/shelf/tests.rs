use super::*;

/// Boxes 10 wide and 20 high, side by side on three boards, on lines of this slope; `missing` facings are left out.
fn bay(slope: f64, missing: &[(usize, usize)]) -> Vec<Item> {
    let mut items = Vec::new();
    for board in 0..3 {
        for facing in (0..12).filter(|facing| !missing.contains(&(board, *facing))) {
            let x = 20.0 + 11.0 * facing as f64;
            let bottom = 60.0 + 40.0 * board as f64 + slope * x;
            items.push(Item { bbox: BoxPx { x, y: bottom - 20.0, w: 10.0, h: 20.0 }, class: board });
        }
    }
    items
}

#[test]
fn full_boards_are_rows_however_they_slope() {
    for slope in [0.0, 0.1, -0.2] {
        let read = shelf(&bay(slope, &[]), &ShelfOptions::default());
        let fronts: Vec<usize> = read.rows.iter().map(|row| row.front.len()).collect();
        assert_eq!(fronts, [12, 12, 12], "slope {slope}");
        assert_eq!(read.availability, Some(1.0), "slope {slope}: {:?}", read.rows);
        assert!(read.rows[0].front.iter().all(|place| *place < 12), "the highest comes first");
        assert_eq!(read.counts, BTreeMap::from([(0, 12), (1, 12), (2, 12)]));
    }
}

#[test]
fn missing_facings_are_gaps_inside_and_at_the_ends() {
    let missing = [(0, 5), (1, 3), (1, 4), (1, 5), (1, 6), (2, 11)];
    let items = bay(0.05, &missing);
    let read = shelf(&items, &ShelfOptions::default());
    let found: Vec<Vec<usize>> =
        read.rows.iter().map(|row| row.gaps.iter().map(|g| g.facings).collect()).collect();
    assert_eq!(found, [vec![1], vec![4], vec![1]], "{:?}", read.rows);
    assert_eq!(read.availability, Some(30.0 / 36.0));
    let gap = read.rows[0].gaps[0].bbox;
    assert!((gap.x - 74.0).abs() < 1.0 && (gap.right() - 86.0).abs() < 1.0, "{gap:?}");
    assert!((gap.bottom() - (60.0 + 0.05 * 75.0)).abs() < 1.0 && gap.h == 20.0, "{gap:?}");
    assert_eq!(read.rows[1].availability, 8.0 / 12.0);
}

#[test]
fn piles_and_second_rows_belong_to_what_they_stand_on_or_behind() {
    let mut items = bay(0.0, &[]);
    // One on top of board 1's third, and one behind its fifth, of which the upper part shows.
    items.push(Item { bbox: BoxPx { x: 42.0, y: 71.0, w: 10.0, h: 9.0 }, class: 7 });
    items.push(Item { bbox: BoxPx { x: 65.0, y: 75.0, w: 9.0, h: 5.0 }, class: 7 });
    let read = shelf(&items, &ShelfOptions::default());
    assert_eq!(
        read.rows.iter().map(|row| row.items.len()).collect::<Vec<_>>(),
        [12, 14, 12],
        "{:?}",
        read.rows
    );
    assert_eq!(read.rows[1].front.len(), 12);
}

#[test]
fn nothing_is_an_empty_shelf() {
    let read = shelf(&[], &ShelfOptions::default());
    assert_eq!(read, Shelf::default());
    let one = Item { bbox: BoxPx { x: 0.0, y: 0.0, w: 1.0, h: 1.0 }, class: 0 };
    assert_eq!(shelf(&[one], &ShelfOptions::default()).rows.len(), 1);
}
