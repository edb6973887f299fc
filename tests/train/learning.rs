//! It must actually learn.

use diorama::train::{Architecture, Detector, Device, Few, MAX_DETS, Model, first_state, scores};

use super::{config, frames, frames_of, run};

/// The issue's own bar: four pictures, learnt by heart on the processor.
#[test]
fn four_pictures_are_learnt_by_heart() {
    learnt_by_heart(Architecture::Dense, 110, 0.95);
}

#[test]
fn four_pictures_are_learnt_by_heart_in_two_looks() {
    learnt_by_heart(Architecture::FasterRcnn, 110, 0.9);
}

fn learnt_by_heart(architecture: Architecture, steps: u64, least: f64) {
    let (classes, samples) = frames(5, 4);
    let mut config = config(&classes, [320, 320], steps);
    config.model.architecture = architecture;
    let mut source = Few::new(classes, samples.clone()).expect("four");
    let state = run(&config, &first_state(&config), &mut source, None, &mut |_| ()).expect("it trains");
    let model = |weights| Model { config: config.model.clone(), graph: config.model.graph(), weights };
    let (model, first) = (model(state.average), model(first_state(&config).weights));
    let detector = Detector::new(&model, &Device::flex());
    let objects: usize = samples.iter().map(|s| s.objects.len()).sum();
    assert!(objects > 50, "only {objects} objects");
    let of = |detector: &Detector| scores(detector, &samples, MAX_DETS).expect("comparable").boxes.all.ap50;
    let (learnt, untaught) = (of(&detector), of(&Detector::new(&first, &Device::flex())));
    assert!(learnt >= Some(least), "AP50 is {learnt:?}");
    assert!(untaught < Some(0.1), "AP50 of first weights is {untaught:?}: the comparison can fail");
}

/// Four infants, with their keypoints.
#[test]
fn keypoints_are_learnt_by_heart() {
    let (classes, names, samples) = frames_of("scenes/crib.json", 5, 4, Some("infant"));
    assert_eq!(classes, ["infant"], "alone");
    let mut config = config(&classes, [320, 256], 120);
    config.model.keypoints = names.clone();
    let mut source = Few::new(classes, samples.clone()).expect("four").with_keypoints(&names);
    let state = run(&config, &first_state(&config), &mut source, None, &mut |_| ()).expect("it trains");
    let of = |weights| {
        let model = Model { config: config.model.clone(), graph: config.model.graph(), weights };
        let scores = scores(&Detector::new(&model, &Device::flex()), &samples, MAX_DETS).expect("comparable");
        scores.keypoints.expect("they are looked for").all.ap50
    };
    let (learnt, untaught) = (of(state.average), of(first_state(&config).weights));
    assert!(learnt >= Some(0.9), "AP50 of keypoints is {learnt:?}");
    assert!(untaught < Some(0.1), "AP50 of first weights is {untaught:?}: the comparison can fail");
}
