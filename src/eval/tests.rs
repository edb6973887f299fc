use super::{
    slices::{Facts, Value, by_fact, by_size},
    *,
};
use crate::geometry::BoxPx;

fn truth(x: f64, side: f64) -> Truth {
    let bbox = BoxPx { x, y: 0.0, w: side, h: side };
    Truth { class: 0, shape: Shape::Box(bbox), area: bbox.area(), crowd: false, ignore: false }
}

fn detection(x: f64, side: f64, score: f64) -> Detection {
    let bbox = BoxPx { x, y: 0.0, w: side, h: side };
    Detection { class: 0, shape: Shape::Box(bbox), area: bbox.area(), score }
}

/// Truths at 0, 100, 200 and 300, of which the second is missed; and a detection of nothing.
fn picture() -> Picture {
    Picture {
        truths: [0.0, 100.0, 200.0, 300.0].map(|x| truth(x, 20.0)).to_vec(),
        detections: vec![
            detection(0.0, 20.0, 0.9),
            detection(500.0, 20.0, 0.8),
            detection(200.0, 20.0, 0.7),
            detection(300.0, 20.0, 0.2),
        ],
    }
}

#[test]
fn average_precision_is_the_area_under_the_curve() {
    let report = evaluate(1, &[picture()], &Options::coco(100), &[]).unwrap().report(&["can".into()]);
    // Precision 1 up to recall 1/4, 3/4 up to 3/4 (the best to come: after 4 detections 3 are right), then 0: of the
    // recalls 0, 0.01 ... 1, 26 have 1 and 50 have 0.75.
    let expected = (26.0 + 50.0 * 0.75) / 101.0;
    assert!((report.all.ap.unwrap() - expected).abs() < 1e-12, "{:?}", report.all);
    assert_eq!(report.all.ar, Some(0.75));
    assert_eq!(report.ar_at[0], (1, Some(0.25)), "one detection finds one of four");
    assert_eq!(
        (report.areas[1].scores.ap, report.areas[3].scores.ap),
        (report.all.ap, None),
        "all are small"
    );
    assert_eq!(report.classes[0].scores, report.all);
    let text = report.to_string();
    assert!(text.contains("area small") && text.contains("AR@1 0.250") && text.contains("0.629"), "{text}");
}

#[test]
fn outcomes_name_what_was_found() {
    let pictures = [picture()];
    let outcomes = outcomes(1, &pictures, &Options::coco(100), 0.5).unwrap();
    let it = &outcomes[0];
    assert_eq!(it.verdicts, [Verdict::Right(0), Verdict::Wrong, Verdict::Right(2), Verdict::Right(3)]);
    assert_eq!(it.found_by, [Some(0), None, Some(2), Some(3)]);
    assert_eq!(it.tally(&pictures[0], 0.0), Tally { right: 3, wrong: 1, missed: 1 });
    assert_eq!(it.tally(&pictures[0], 0.75), Tally { right: 1, wrong: 1, missed: 3 });
    let best = operating(&pictures, &outcomes).unwrap();
    assert_eq!((best.score, best.precision, best.recall), (0.2, 0.75, 0.75), "all of them");
    let cut = outcomes_of_one(&Options::coco(2));
    assert_eq!(cut.verdicts[2..], [Verdict::Cut, Verdict::Cut], "only the two surest");
}

fn outcomes_of_one(options: &Options) -> Outcome {
    outcomes(1, &[picture()], options, 0.5).unwrap().remove(0)
}

#[test]
fn slices_part_the_truth() {
    let facts = |values: [f64; 4]| Facts::Truths(vec![values.map(|v| Some(Value::Number(v))).to_vec()]);
    let slices = by_fact("visibility", facts([1.0, 0.2, 0.5, 0.4]), Some(&[0.0, 0.5, 1.0]));
    assert_eq!(slices.iter().map(|s| s.bin.as_str()).collect::<Vec<_>>(), ["0 to 0.50", "0.50 to 1"]);
    let report = evaluate(1, &[picture()], &Options::coco(100), &slices).unwrap().report(&[]);
    let [hidden, visible] = &report.slices[..] else { panic!("two: {:?}", report.slices) };
    assert_eq!((hidden.scores.truths, hidden.scores.ar), (2, Some(0.5)), "0.2 is missed, 0.4 found");
    assert_eq!((visible.scores.truths, visible.scores.ar), (2, Some(1.0)), "the last edge belongs to it");
    assert!(visible.scores.ap < Some(1.0), "the detection of nothing counts");
    let sizes = by_size(&[0.0, 20.0, 40.0]);
    let report = evaluate(1, &[picture()], &Options::coco(100), &sizes).unwrap().report(&[]);
    assert_eq!(
        report.slices.iter().map(|s| s.scores.truths).collect::<Vec<_>>(),
        [0, 4],
        "20 begins the second"
    );
    let quarters = by_fact("x", facts([1.0, 2.0, 3.0, 4.0]), None);
    let counts = |slices: &[Slice]| {
        let report = evaluate(1, &[picture()], &Options::coco(100), slices).unwrap().report(&[]);
        report.slices.iter().map(|s| s.scores.truths).sum::<u64>()
    };
    assert_eq!(counts(&quarters), 4, "every truth is in one: {quarters:?}");
    assert_eq!(counts(&by_fact("x", facts([2.0; 4]), None)), 4, "all alike");
    assert!(by_fact("x", Facts::Truths(vec![vec![None; 4]]), None).is_empty(), "no such fact");
}

#[test]
fn words_and_pictures_part_it_too() {
    let word = |text: &str| Some(Value::Word(text.to_owned()));
    let slices = by_fact("light", Facts::Pictures(vec![word("dim"), word("bright"), None]), None);
    let pictures = [picture(), Picture { detections: Vec::new(), ..picture() }, picture()];
    let report = evaluate(1, &pictures, &Options::coco(100), &slices).unwrap().report(&[]);
    let found: Vec<_> =
        report.slices.iter().map(|s| (s.bin.as_str(), s.scores.truths, s.scores.ar)).collect();
    assert_eq!(found, [("bright", 4, Some(0.0)), ("dim", 4, Some(0.75))]);
    let many = Facts::Truths(vec![(0..40).map(|i| word(&format!("word {}", i % 20))).collect()]);
    let slices = by_fact("name", many, None);
    assert_eq!((slices.len(), slices.last().unwrap().bin.as_str()), (13, "other"));
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let options = Options::coco(100);
    let with = |change: fn(&mut Picture)| {
        let mut it = picture();
        change(&mut it);
        evaluate(1, &[Picture::default(), it], &options, &[]).unwrap_err().to_string()
    };
    assert!(with(|p| p.detections[0].class = 1).contains("picture 1 (from 0): class 1"));
    assert!(with(|p| p.detections[0].score = f64::NAN).contains("score NaN"));
    let keypoints = |points| Shape::Keypoints { bbox: BoxPx { x: 0.0, y: 0.0, w: 1.0, h: 1.0 }, points };
    let mut mixed = picture();
    mixed.detections[0].shape = keypoints(vec![0.0; 51]);
    assert_eq!(evaluate(1, &[mixed], &options, &[]), Err(EvalError::MixedShapes { picture: 0 }));
    let mut few = picture();
    few.detections.clear();
    for truth in &mut few.truths {
        truth.shape = keypoints(vec![0.0; 15]);
    }
    assert_eq!(
        evaluate(1, &[few], &options, &[]),
        Err(EvalError::Keypoints { picture: 0, found: 5, sigmas: 17 })
    );
    for wrong in [
        Options { thresholds: vec![], ..options.clone() },
        Options { thresholds: vec![0.0], ..options.clone() },
        Options { max_dets: vec![0], ..options.clone() },
        Options { max_dets: vec![10, 1], ..options.clone() },
    ] {
        assert!(matches!(evaluate(1, &[picture()], &wrong, &[]), Err(EvalError::Options(_))), "{wrong:?}");
    }
}
