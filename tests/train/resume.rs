//! A run that was cut ends in the same weights as one that was left alone.

use diorama::train::{Checkpoint, Few, LAST, LOG, MODEL, TrainConfig, first_state};

use super::{config, frames, run};

#[test]
fn a_resumed_run_equals_an_uninterrupted_one_bit_for_bit() {
    let (classes, samples) = frames(6, 3);
    let whole = TrainConfig {
        accumulate: 2,
        batch: 2,
        augment: diorama::train::AugmentConfig { mosaic: 0.5, ..Default::default() },
        ..config(&classes, [160, 160], 6)
    };
    let few = || Few::new(classes.clone(), samples.clone()).expect("three");
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let [a, b] = [0, 1].map(|i| folders[i].path());
    let first = first_state(&whole);
    run(&whole, &first, &mut few(), Some(a), &mut |_| ()).expect("it trains");
    // Cut after three steps: the schedule is the whole run's, a stop from outside ends it.
    let stop = std::sync::atomic::AtomicBool::new(false);
    let mut around = diorama::train::Run {
        device: diorama::train::Device::flex(),
        out: Some(b),
        save_every: 1000,
        score: None,
        stop: &stop,
        progress: &mut |event| {
            if let diorama::train::Event::Step(step) = event
                && step.step == 3
            {
                stop.store(true, std::sync::atomic::Ordering::SeqCst);
            }
        },
    };
    diorama::train::train(&whole, &first, &mut few(), &mut around).expect("it stops");
    let cut = Checkpoint::load(&b.join(LAST)).expect("it was saved");
    assert_eq!((cut.state.step, &cut.config), (3, &whole), "where it was cut");
    run(&cut.config, &cut.state, &mut few(), Some(b), &mut |_| ()).expect("it goes on");
    for file in [LAST, MODEL, LOG] {
        let bytes = [a, b].map(|folder| std::fs::read(folder.join(file)).expect("it is there"));
        assert!(bytes[0] == bytes[1], "{file} differs");
    }
    let other = run(&TrainConfig { seed: 2, ..whole.clone() }, &first, &mut few(), None, &mut |_| ())
        .expect("trains");
    let ended = Checkpoint::load(&a.join(LAST)).expect("saved").state;
    assert_ne!(other.weights, ended.weights, "another seed draws other pictures: the comparison can fail");
}
