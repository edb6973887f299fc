//! What the chain costs; run with `cargo test --lib render::chain -- --ignored --nocapture`.

use std::time::Instant;

use glam::{Vec2, Vec3};

use super::rig::{Stage, rig};
use crate::geometry::{Intrinsics, Lens, Size};
use crate::scene::{Chain, ColourCast, Defocus, Noise, Shake, ToneCurve};

/// Median and least, milliseconds.
fn milliseconds(stage: &Stage, chain: &Chain) -> (f64, f64) {
    let rig = rig();
    let mut times: Vec<f64> = (0..25)
        .map(|_| {
            let start = Instant::now();
            let mut encoder =
                rig.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            let _ = rig.chain.record(&rig.gpu, &mut encoder, &stage.input(chain));
            let submission = rig.gpu.queue.submit([encoder.finish()]);
            rig.gpu
                .device
                .poll(wgpu::PollType::Wait { submission_index: Some(submission), timeout: None })
                .expect("waits");
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[0])
}

#[test]
#[ignore = "measures time; run it on an idle machine"]
fn cost_of_each_stage_at_640() {
    let size = Size { width: 640, height: 640 };
    let brown = Lens::BrownConrady { k1: -0.1, k2: 0.02, k3: 0.0, p1: 0.0005, p2: -0.0003 };
    let fisheye = Lens::KannalaBrandt { k1: -0.02, k2: 0.003, k3: 0.0, k4: 0.0 };
    let colour = |d: Vec3| 0.3 + 0.2 * d;
    let off = Chain::default();
    let usual = Chain {
        vignette: 0.2,
        exposure_ev: 0.3,
        cast: Some(ColourCast { gains: Vec3::new(1.05, 1.0, 0.93) }),
        noise: Some(Noise { shot: 0.001, read: 0.003, key: [1, 2] }),
        tone: ToneCurve::Filmic { shoulder: 0.5, contrast: 1.1, saturation: 1.05 },
        sharpen: 0.4,
        ..off
    };
    let fringed = Chain { aberration: 0.0008, ..usual };
    let shaken = Chain { shake: Some(Shake { motion_px: Vec2::new(3.0, 1.0), turn_rad: 0.0 }), ..usual };
    let soft = Chain { defocus: Some(Defocus { focus_m: 1.2, blur_at_infinity_px: 6.0 }), ..usual };
    for (name, lens, fov) in
        [("pinhole", Lens::Pinhole, 1.0), ("brown", brown, 1.0), ("fisheye", fisheye, 2.8)]
    {
        let stage = Stage::new(Intrinsics::from_fov(size, fov, lens), 1.0, colour);
        for (what, chain) in
            [("off", &off), ("usual", &usual), ("fringed", &fringed), ("shaken", &shaken), ("soft", &soft)]
        {
            let (median, least) = milliseconds(&stage, chain);
            eprintln!("{name:8} {what:8} {median:7.2} ms {least:7.2}");
        }
    }
}
