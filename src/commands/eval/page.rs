//! The report as a folder: numbers, plots, and pictures of what went well and what did not.

use std::{fs, io::Cursor, path::Path};

use anyhow::{Context, Result};
use diorama::{
    dataset::read_picture,
    eval::{Outcome, Verdict},
    geometry::BoxPx,
    report::{self, Tile, close_up, contact_sheet, judged, score_page, to_png},
};
use image::{ImageFormat, RgbImage};

use super::{Judged, Told, output};

/// Whole pictures on a sheet, and how wide each is.
const PICTURES: usize = 6;
const PICTURE_PX: u32 = 560;
/// Close-ups on a sheet, and how wide each is.
const CLOSE_UPS: usize = 24;
const CLOSE_UP_PX: u32 = 180;

/// Writes `index.html` and what it shows.
pub(super) fn write(
    out: &Path,
    judged: &Judged,
    told: &Told<'_>,
    text: &str,
    outcomes: &[Outcome],
) -> Result<()> {
    fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    output::save(&out.join("report.json"), format!("{}\n", serde_json::to_string_pretty(told)?).as_bytes())?;
    output::save(&out.join("report.txt"), text.as_bytes())?;
    let title = format!("{} on {}", told.detections, told.data);
    output::save(&out.join("scores.png"), &to_png(&score_page(told.report, &title)?)?)?;
    // Without a right detection nothing is certain, and everything is shown.
    let score = told.operating.as_ref().map_or(f64::NEG_INFINITY, |best| best.score);
    let mut album = Album { judged, outcomes, score, unreadable: 0 };
    let mut sheets = Vec::new();
    let ranked = album.ranked();
    for (name, words, places) in [
        ("worst", "Pictures with the lowest F1", ranked.iter().take(PICTURES).copied().collect::<Vec<_>>()),
        ("best", "Pictures with the highest F1", ranked.iter().rev().take(PICTURES).copied().collect()),
    ] {
        sheets.push((name, words, album.whole(&places)?, PICTURE_PX, 2));
    }
    let wrong = album.wrong();
    sheets.push((
        "false_positives",
        "Detections of nothing, the surest first",
        album.close(&wrong, report::WRONG)?,
        CLOSE_UP_PX,
        6,
    ));
    let missed = album.missed();
    sheets.push((
        "misses",
        "Objects not found, the largest first",
        album.close(&missed, report::MISSED)?,
        CLOSE_UP_PX,
        6,
    ));
    let mut body = String::new();
    for (name, words, tiles, width, columns) in sheets {
        body += &format!("<h2>{words}</h2>\n");
        if tiles.is_empty() {
            body += "<p>There are none.</p>\n";
            continue;
        }
        let sheet = contact_sheet(&tiles, columns, width)?;
        output::save(&out.join(format!("{name}.jpg")), &jpeg(&sheet)?)?;
        body += &format!("<img src=\"{name}.jpg\" alt=\"{words}\">\n");
    }
    if album.unreadable > 0 {
        output::say(&format!("{} pictures could not be read and are not shown", album.unreadable));
    }
    output::save(&out.join("index.html"), html(&title, text, score, &body).as_bytes())
}

struct Album<'a> {
    judged: &'a Judged,
    outcomes: &'a [Outcome],
    score: f64,
    unreadable: u64,
}

/// Something in a picture to be shown from near.
struct Detail {
    picture: usize,
    bbox: BoxPx,
    caption: String,
}

impl Album<'_> {
    /// Places of the pictures that have something in them, the worst first.
    fn ranked(&self) -> Vec<usize> {
        let mut ranked: Vec<(f64, usize)> = Vec::new();
        for (place, (picture, outcome)) in self.judged.pictures.iter().zip(self.outcomes).enumerate() {
            let tally = outcome.tally(picture, self.score);
            if tally.right + tally.wrong + tally.missed > 0 {
                ranked.push((tally.f1(), place));
            }
        }
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        ranked.into_iter().map(|(_, place)| place).collect()
    }

    fn whole(&mut self, places: &[usize]) -> Result<Vec<Tile>> {
        let mut tiles = Vec::new();
        for &place in places {
            let (numbers, outcome) = (&self.judged.pictures[place], &self.outcomes[place]);
            let Some(picture) = self.read(place) else { continue };
            let tally = outcome.tally(numbers, self.score);
            let name = &self.judged.coco.pictures()[place].file_name;
            let caption = format!(
                "{name}: F1 {:.2}, {} right, {} wrong, {} missed",
                tally.f1(),
                tally.right,
                tally.wrong,
                tally.missed
            );
            tiles.push(Tile { caption, picture: judged(&picture, numbers, outcome, self.score)? });
        }
        Ok(tiles)
    }

    fn wrong(&self) -> Vec<Detail> {
        let mut found: Vec<(f64, Detail)> = Vec::new();
        for (place, (picture, outcome)) in self.judged.pictures.iter().zip(self.outcomes).enumerate() {
            for (detection, verdict) in picture.detections.iter().zip(&outcome.verdicts) {
                let bbox = detection.shape.bbox().filter(|_| *verdict == Verdict::Wrong);
                if let Some(bbox) = bbox {
                    let caption = format!("{:.2} {}", detection.score, self.class(detection.class));
                    found.push((-detection.score, Detail { picture: place, bbox, caption }));
                }
            }
        }
        first(found)
    }

    fn missed(&self) -> Vec<Detail> {
        let mut found: Vec<(f64, Detail)> = Vec::new();
        for (place, (picture, outcome)) in self.judged.pictures.iter().zip(self.outcomes).enumerate() {
            for ((truth, found_by), wanted) in
                picture.truths.iter().zip(&outcome.found_by).zip(&outcome.wanted)
            {
                let surely = found_by.is_some_and(|at| picture.detections[at].score >= self.score);
                if let Some(bbox) = truth.shape.bbox().filter(|_| *wanted && !surely) {
                    let caption = format!("{} {:.0} x {:.0}", self.class(truth.class), bbox.w, bbox.h);
                    found.push((-truth.area, Detail { picture: place, bbox, caption }));
                }
            }
        }
        first(found)
    }

    fn close(&mut self, details: &[Detail], colour: [u8; 3]) -> Result<Vec<Tile>> {
        let mut tiles = Vec::new();
        for detail in details {
            let Some(picture) = self.read(detail.picture) else { continue };
            let picture = close_up(&picture, detail.bbox, colour, CLOSE_UP_PX)?;
            tiles.push(Tile { caption: detail.caption.clone(), picture });
        }
        Ok(tiles)
    }

    fn class(&self, class: usize) -> &str {
        self.judged.coco.categories().get(class).map_or("", |category| category.name.as_str())
    }

    fn read(&mut self, place: usize) -> Option<RgbImage> {
        match read_picture(&self.judged.coco.pictures()[place].path) {
            Ok(picture) => Some(picture),
            Err(error) => {
                output::say(&error.to_string());
                self.unreadable += 1;
                None
            }
        }
    }
}

/// Those with the least keys; of equal ones the earlier.
fn first(mut found: Vec<(f64, Detail)>) -> Vec<Detail> {
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().take(CLOSE_UPS).map(|(_, detail)| detail).collect()
}

fn jpeg(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Jpeg)?;
    Ok(out.into_inner())
}

fn html(title: &str, text: &str, score: f64, body: &str) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let shown = if score.is_finite() {
        format!("Pictures show detections with a score of {score:.3} or more, where F1 is best.")
    } else {
        "Pictures show all detections.".to_owned()
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<style>body {{ font: 16px \
         sans-serif; margin: 2em auto; max-width: 1200px; color: #22262e }} img {{ max-width: 100% }} pre {{ overflow-x: auto \
         }}</style>\n<h1>{title}</h1>\n<img src=\"scores.png\" alt=\"scores\">\n<p>{shown} Green: found. Red: a detection of \
         nothing. Yellow, dashed: not found. Grey: does not count.</p>\n{body}<h2>Numbers</h2>\n<pre>{text}</pre>\n</html>\n",
        title = escape(title),
        text = escape(text),
    )
}
