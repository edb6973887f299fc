//! It must actually learn.

use diorama::{
    geometry::BoxPx,
    train::{Detector, Device, Edges, Few, Keep, Model, first_state, iou, net::dense},
};

use super::{config, frames, run};

/// The issue's own bar: four pictures, learnt by heart on the processor.
#[test]
fn four_pictures_are_learnt_by_heart() {
    let (classes, samples) = frames(5, 4);
    let config = config(&classes, [320, 320], 110);
    let mut source = Few::new(classes, samples.clone()).expect("four");
    let state = run(&config, &first_state(&config), &mut source, None, &mut |_| ()).expect("it trains");
    let graph = dense(config.model.size, config.model.classes.len());
    let model = Model { config: config.model.clone(), graph, weights: state.average };
    let detector = Detector::new(&model, &Device::flex());
    let (mut hit, mut all, mut told) = (0, 0, 0);
    for sample in &samples {
        let found = detector.detect(sample, &Keep { score: 0.5, ..Keep::default() }).expect("it detects");
        told += found.len();
        all += sample.objects.len();
        let meets = |b: BoxPx| found.iter().any(|f| iou(edges(f.bbox), edges(b)) > 0.5);
        hit += sample.objects.iter().filter(|o| meets(o.bbox)).count();
    }
    assert!(all > 50, "only {all} objects");
    assert!(hit * 100 >= all * 98 && told * 100 <= all * 105, "{hit} of {all} found, {told} told");
}

fn edges(b: BoxPx) -> Edges {
    [b.x, b.y, b.right(), b.bottom()].map(|v| v as f32)
}
