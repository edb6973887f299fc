//! Pictures handed over on the device are those that are read back.

use diorama::train::{
    AugmentConfig, Batch, Device, Pixels, Source, TrainConfig,
    live::{Live, device_of},
};

use super::{config, live_on};

fn planes(batch: &Batch) -> Vec<f32> {
    match &batch.pixels {
        Pixels::Memory(planes) => planes.clone(),
        Pixels::Device(tensor) => tensor.to_data().try_to_vec::<f32>().expect("floats"),
    }
}

/// The same batch by both ways: handed over, and read back, varied in memory.
fn both(config: &TrainConfig) -> [Batch; 2] {
    let (gpu, live) = live_on(7);
    let device: Device = device_of(&gpu).expect("the trainer joins the renderer");
    let mut live: Live = live.on_device(&device);
    let handed = live.on_device_batch(config);
    let drawn = Batch::draw(&mut live, config, 0).expect("it renders");
    [handed, drawn]
}

/// A batch from the device.
trait OnDevice {
    fn on_device_batch(&mut self, config: &TrainConfig) -> Batch;
}

impl OnDevice for Live {
    fn on_device_batch(&mut self, config: &TrainConfig) -> Batch {
        Source::on_device(self, config, 0).expect("it hands over").expect("it renders")
    }
}

#[test]
fn the_hand_over_equals_the_read_back_bit_for_bit() {
    let config = TrainConfig { batch: 2, ..config(&["product".into()], [320, 320], 1) };
    let [handed, drawn] = both(&config);
    assert_eq!(handed.targets, drawn.targets, "objects");
    let (a, b) = (planes(&handed), planes(&drawn));
    assert_eq!(a.len(), 2 * 3 * 320 * 320, "two pictures");
    let differ = a.iter().zip(&b).filter(|(x, y)| x.to_bits() != y.to_bits()).count();
    assert_eq!(differ, 0, "of {} numbers", a.len());
    let half = a.len() / 2;
    assert_ne!(a[..half], b[half..], "two frames differ: the comparison can fail");
}

#[test]
fn variations_on_the_device_are_those_in_memory() {
    // Only what both ways can do.
    let augment = AugmentConfig { mosaic: 0.0, blur: 0.0, erase: 0.0, ..AugmentConfig::default() };
    let config =
        TrainConfig { batch: 3, crop: [160, 96], augment, ..config(&["product".into()], [320, 320], 1) };
    let [handed, drawn] = both(&config);
    assert_eq!(handed.targets, drawn.targets, "objects");
    let (a, b) = (planes(&handed), planes(&drawn));
    // Coordinates in single precision: a rounding may pick another sample at a picture's edge.
    let off = a.iter().zip(&b).filter(|(x, y)| (**x - **y).abs() > 2.0 / 255.0).count();
    assert!(off * 1000 < a.len(), "{off} of {} numbers differ by more than two steps", a.len());
}
