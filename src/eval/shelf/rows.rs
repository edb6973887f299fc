//! Which boxes stand on one board.

use super::{Row, ShelfOptions, median};
use crate::geometry::BoxPx;

/// Rows with their boxes, from the top downwards; without gaps yet.
pub(super) fn rows(boxes: &[BoxPx], options: &ShelfOptions) -> Vec<Row> {
    let below: Vec<Option<usize>> = (0..boxes.len()).map(|place| below(boxes, place, options)).collect();
    let front: Vec<usize> = (0..boxes.len()).filter(|place| below[*place].is_none()).collect();
    let mut chains = chains(boxes, &front, options);
    while merge(boxes, &mut chains, options) {}
    let behind = tuck(boxes, &mut chains);
    let mut rows: Vec<Row> = chains.into_iter().map(|front| Row { front, ..Row::default() }).collect();
    rows.sort_by(|a, b| level(boxes, &a.front).total_cmp(&level(boxes, &b.front)));
    let mut row_of = vec![0; boxes.len()];
    for (index, row) in rows.iter().enumerate() {
        for place in &row.front {
            row_of[*place] = index;
        }
    }
    for &(place, before) in &behind {
        row_of[place] = row_of[before];
    }
    for place in 0..boxes.len() {
        // Down the pile to the one that stands in front; each step goes to a lower edge further down.
        let mut at = place;
        while let Some(next) = below[at] {
            at = next;
        }
        rows[row_of[at]].items.push(place);
    }
    rows
}

/// The box that this one stands on or behind: it shares half of the narrower one's width, reaches lower, and begins
/// where this one ends, or above that.
fn below(boxes: &[BoxPx], place: usize, options: &ShelfOptions) -> Option<usize> {
    let a = boxes[place];
    let carries = |(other, b): &(usize, &BoxPx)| {
        let shared = a.right().min(b.right()) - a.x.max(b.x);
        let slack = options.stacked * a.h.min(b.h);
        let lower = b.bottom() > a.bottom() + slack || (b.bottom() > a.bottom() && b.y > a.y + slack);
        *other != place && lower && shared >= 0.5 * a.w.min(b.w) && a.bottom() >= b.y - slack
    };
    let candidates = boxes.iter().enumerate().filter(carries);
    // The one whose lower edge is nearest.
    candidates
        .min_by(|a, b| a.1.bottom().total_cmp(&b.1.bottom()).then(a.0.cmp(&b.0)))
        .map(|(other, _)| other)
}

/// Boxes linked to their nearest neighbour on the right, as far as that stands on the same line and has none nearer on
/// its left.
fn chains(boxes: &[BoxPx], front: &[usize], options: &ShelfOptions) -> Vec<Vec<usize>> {
    let mut order = front.to_vec();
    order.sort_by(|a, b| boxes[*a].x.total_cmp(&boxes[*b].x).then(a.cmp(b)));
    let apart = |left: usize, right: usize| {
        let (a, b) = (boxes[left], boxes[right]);
        let (free, step) = (b.x - a.right(), (b.bottom() - a.bottom()).abs());
        let near = free <= 1.5 * a.w.max(b.w) && free >= -0.5 * a.w.min(b.w);
        (near && step <= options.step * a.h.min(b.h)).then(|| free.max(0.0) + 2.0 * step)
    };
    let nearest = |found: &mut dyn Iterator<Item = (Option<f64>, usize)>| {
        let found = found.filter_map(|(apart, place)| Some((apart?, place)));
        found.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, place)| place)
    };
    let mut follower = vec![None; boxes.len()];
    let mut follower_of_someone = vec![false; boxes.len()];
    for (at, &place) in order.iter().enumerate() {
        let next = nearest(&mut order[at + 1..].iter().map(|other| (apart(place, *other), *other)));
        let Some(next) = next else { continue };
        let before = order.iter().take_while(|other| **other != next);
        if nearest(&mut before.map(|other| (apart(*other, next), *other))) == Some(place) {
            follower[place] = Some(next);
            follower_of_someone[next] = true;
        }
    }
    let heads = order.iter().filter(|place| !follower_of_someone[**place]);
    let chain = |head: &usize| {
        let mut chain = vec![*head];
        let mut at = *head;
        while let Some(next) = follower[at] {
            chain.push(next);
            at = next;
        }
        chain
    };
    heads.map(chain).collect()
}

/// Joins the two chains that fit best, if any do: side by side, the one going on where the other one points to.
fn merge(boxes: &[BoxPx], chains: &mut Vec<Vec<usize>>, options: &ShelfOptions) -> bool {
    let slope = common_slope(boxes, chains);
    let mut best: Option<(f64, usize, usize)> = None;
    for a in 0..chains.len() {
        for b in 0..chains.len() {
            let Some(misfit) = (a != b).then(|| misfit(boxes, &chains[a], &chains[b], slope)).flatten()
            else {
                continue;
            };
            if misfit <= options.step && best.is_none_or(|(least, ..)| misfit < least) {
                best = Some((misfit, a, b));
            }
        }
    }
    let Some((_, a, b)) = best else { return false };
    let right = std::mem::take(&mut chains[b]);
    chains[a].extend(right);
    chains.remove(b);
    true
}

/// Takes away chains that stand behind a longer one, on the same board, seen over it or through a hole in it: most of
/// their boxes end between the upper and the lower edge of the longer one's box that is nearest sideways. What stands on
/// the next board up ends above that. Gives back each such box and one of the chain before it, which is not taken away.
fn tuck(boxes: &[BoxPx], chains: &mut Vec<Vec<usize>>) -> Vec<(usize, usize)> {
    chains.sort_by_key(|chain| std::cmp::Reverse(chain.len()));
    let (mut kept, mut behind): (Vec<Vec<usize>>, Vec<(usize, usize)>) = (Vec::new(), Vec::new());
    for chain in std::mem::take(chains) {
        let before = |row: &&Vec<usize>| {
            let hidden = chain.iter().filter(|place| is_before(boxes, row, **place)).count();
            row.len() > chain.len() && 2 * hidden > chain.len()
        };
        let first = kept.iter().find(before).and_then(|row| row.first().copied());
        match first {
            Some(first) => behind.extend(chain.into_iter().map(|place| (place, first))),
            None => kept.push(chain),
        }
    }
    *chains = kept;
    behind
}

fn is_before(boxes: &[BoxPx], row: &[usize], place: usize) -> bool {
    let a = boxes[place];
    let aside = |b: BoxPx| (center(a) - center(b)).abs();
    let nearest = row.iter().map(|other| boxes[*other]).min_by(|a, b| aside(*a).total_cmp(&aside(*b)));
    nearest.is_some_and(|b| {
        aside(b) <= 2.0 * a.w.max(b.w) && a.bottom() > b.y + 0.1 * b.h && a.bottom() < b.bottom()
    })
}

/// How far the right chain begins from the line of the left one, in heights; `None` where it is not to the right of it.
fn misfit(boxes: &[BoxPx], left: &[usize], right: &[usize], slope: f64) -> Option<f64> {
    let (last, first) = (boxes[*left.last()?], boxes[*right.first()?]);
    let free = first.x - last.right();
    if free < -0.5 * last.w.min(first.w) {
        return None;
    }
    // What is full of other things is no hole in a row, but another bay.
    let between =
        BoxPx::from_edges(last.right(), first.bottom() - last.h.min(first.h), first.x, first.bottom());
    if free > 0.0 && occupied(boxes, between) > 0.4 {
        return None;
    }
    let slope = |chain: &[usize]| own_slope(boxes, chain).unwrap_or(slope);
    let run = center(first) - center(last);
    // From both sides: a short chain's slope is none to rely on.
    let rise = first.bottom() - last.bottom();
    let off = |slope: f64| (rise - slope * run).abs();
    Some(off(slope(left)).min(off(slope(right))) / last.h.min(first.h))
}

/// Slope of a chain's lower edges, where it is long enough to have one: the median between boxes three apart.
fn own_slope(boxes: &[BoxPx], chain: &[usize]) -> Option<f64> {
    const APART: usize = 3;
    if chain.len() < 2 * APART {
        return None;
    }
    let pairs = chain.iter().zip(&chain[APART..]).map(|(a, b)| (boxes[*a], boxes[*b]));
    median(pairs.map(|(a, b)| (b.bottom() - a.bottom()) / (center(b) - center(a)).max(1.0)).collect())
}

fn common_slope(boxes: &[BoxPx], chains: &[Vec<usize>]) -> f64 {
    median(chains.iter().filter_map(|chain| own_slope(boxes, chain)).collect()).unwrap_or(0.0)
}

/// Share of a place's width that boxes cover which share two fifths of its height, or of theirs.
pub(super) fn occupied(boxes: &[BoxPx], place: BoxPx) -> f64 {
    let common = |b: &BoxPx| {
        let common = b.intersection(place)?;
        (common.h >= 0.4 * place.h.min(b.h)).then_some(common.w)
    };
    boxes.iter().filter_map(common).sum::<f64>() / place.w.max(f64::MIN_POSITIVE)
}

fn center(b: BoxPx) -> f64 {
    b.x + b.w / 2.0
}

fn level(boxes: &[BoxPx], chain: &[usize]) -> f64 {
    median(chain.iter().map(|place| boxes[*place].bottom()).collect()).unwrap_or(0.0)
}
