//! It must actually learn.

use diorama::train::{Detector, Device, Few, MAX_DETS, Model, first_state, net::dense, scores};

use super::{config, frames, run};

/// The issue's own bar: four pictures, learnt by heart on the processor.
#[test]
fn four_pictures_are_learnt_by_heart() {
    let (classes, samples) = frames(5, 4);
    let config = config(&classes, [320, 320], 110);
    let mut source = Few::new(classes, samples.clone()).expect("four");
    let state = run(&config, &first_state(&config), &mut source, None, &mut |_| ()).expect("it trains");
    let model = |weights| Model {
        config: config.model.clone(),
        graph: dense(config.model.size, config.model.classes.len()),
        weights,
    };
    let (model, first) = (model(state.average), model(first_state(&config).weights));
    let detector = Detector::new(&model, &Device::flex());
    let objects: usize = samples.iter().map(|s| s.objects.len()).sum();
    assert!(objects > 50, "only {objects} objects");
    let of = |detector: &Detector| scores(detector, &samples, MAX_DETS).expect("comparable").all.ap50;
    let (learnt, untaught) = (of(&detector), of(&Detector::new(&first, &Device::flex())));
    assert!(learnt >= Some(0.95), "AP50 is {learnt:?}");
    assert!(untaught < Some(0.1), "AP50 of first weights is {untaught:?}: the comparison can fail");
}
