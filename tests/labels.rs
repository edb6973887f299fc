//! The label room's numbers against the independent reference: areas, boxes, visibility, occluders, truncation.

use diorama::{
    geometry::{BoxPx, Size},
    gpu::Gpu,
    label::label,
    render::Renderer,
    truth::{InstanceTruth, RoleTruth},
};

use crate::reference::{Kit, LENSES, bars, cast, heap};

const SIZE: Size = Size { width: 96, height: 72 };

/// Whether `inner` lies in `outer`, a missing box in anything.
fn within(inner: Option<BoxPx>, outer: Option<BoxPx>) -> bool {
    match (inner, outer) {
        (None, _) => true,
        (Some(i), Some(o)) => o.contains(i, 1e-9),
        (Some(_), None) => false,
    }
}

#[test]
fn numbers_agree_with_the_reference() {
    let gpu = Gpu::open(None).expect("an adapter; `cargo xtask test` installs a software one");
    let mut renderer = Renderer::new(&gpu);
    let kit = Kit::new();
    let (mut compared, mut hidden_in_part, mut cut) = (0, 0, 0);
    for (number, lens) in LENSES.into_iter().enumerate() {
        for seed in 0..4 {
            let stage = [heap, bars][seed as usize % 2];
            let scene = stage(&kit, 1000 + 10 * number as u64 + seed, lens, SIZE);
            let frame = renderer.render(&scene, &kit.library).expect("it fits any device");
            let pictures = frame.download(&gpu, false).wait(&gpu).expect("the device is there");
            let truth = label(&scene, &kit.library, &pictures, 0, "0.png".to_owned());
            let picture = cast(&scene, &kit.library, &|i, p| frame.lods[i].get(p).copied().unwrap_or(0));
            // The same scene through the same camera, with the picture widened on every side: what the frame cuts
            // off is seen there.
            let mut wide = scene.clone();
            let intrinsics = &mut wide.camera.intrinsics;
            intrinsics.size = Size { width: SIZE.width * 3, height: SIZE.height * 3 };
            intrinsics.cx += f64::from(SIZE.width);
            intrinsics.cy += f64::from(SIZE.height);
            let whole = cast(&wide, &kit.library, &|i, p| frame.lods[i].get(p).copied().unwrap_or(0));
            for one in truth.instances.iter().filter(|i| i.role == RoleTruth::Labelled) {
                let id = one.instance_id;
                let place = format!("lens {number}, seed {seed}, instance {id}");
                let amodal = picture.amodal_area(id);
                let all = whole.amodal_area(id);
                assert!(picture.visible_area(id).contains(&(one.area as u32)), "{place}: area {}", one.area);
                assert!(amodal.contains(&(one.area_amodal as u32)), "{place}: amodal {}", one.area_amodal);
                let (least, most) = picture.amodal_box(id);
                assert!(
                    within(least, one.bbox_amodal) && within(one.bbox_amodal, most),
                    "{place}: amodal box"
                );
                assert!(within(one.bbox_amodal, one.bbox_full), "{place}: full box");
                consistent(one, &place);
                let occluders = picture.occluders(id);
                let clearly = |n: u32| f64::from(n) >= 0.012 * one.area_amodal + 1.0;
                for (other, pixels) in occluders.iter().filter(|(_, n)| clearly(**n)) {
                    assert!(one.occluders.contains(other), "{place}: {other} hides {pixels} pixels, unnamed");
                }
                for other in &one.occluders {
                    let pixels = f64::from(*occluders.get(other).unwrap_or(&0));
                    let ambiguous = f64::from(amodal.end() - amodal.start());
                    assert!(
                        pixels + ambiguous + 1.0 >= 0.01 * one.area_amodal,
                        "{place}: {other} is named and hides only {pixels} pixels"
                    );
                }
                // Truncation is estimated from at most 64 x 64 samples, so that only sizeable things are compared,
                // and bars, of which few samples meet anything, less strictly.
                if *all.start() > 300 && *amodal.start() > 0 {
                    let expected = 1.0 - f64::from(*amodal.start()) / f64::from(*all.start());
                    assert!(
                        (one.truncation - expected).abs() < [0.06, 0.12][seed as usize % 2],
                        "{place}: truncation {} where the reference has {expected}",
                        one.truncation
                    );
                    cut += u32::from(expected > 0.1);
                }
                hidden_in_part += u32::from(one.visibility > 0.05 && one.visibility < 0.95);
                compared += 1;
            }
        }
    }
    assert!(compared > 80, "only {compared} instances were compared");
    assert!(hidden_in_part > 12 && cut > 4, "{hidden_in_part} hidden in part, {cut} cut off: too easy");
}

fn consistent(one: &InstanceTruth, place: &str) {
    let ratio = if one.area_amodal > 0.0 { one.area / one.area_amodal } else { 0.0 };
    assert!((one.visibility - ratio).abs() < 1e-12, "{place}: visibility {}", one.visibility);
    let Some(rle) = &one.segmentation else {
        assert_eq!((one.area, one.bbox, one.pieces), (0.0, None, 0), "{place}: nothing is seen");
        return;
    };
    let (area, extents) = rle.extents().expect("decodes");
    assert_eq!((area as f64, extents), (one.area, one.bbox), "{place}: the mask's extents are the box");
    assert!(one.pieces >= 1 && one.depth_m.is_some_and(|z| z.is_finite()), "{place}: pieces, depth");
}
