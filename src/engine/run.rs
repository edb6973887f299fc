//! Many frames: staging, rendering, labelling with encoding, and writing overlap through bounded queues.
//!
//! Frames may be staged and labelled out of order; each is a function of (recipe, seed, frame) alone, and the writer
//! puts them back in order. So the bytes on disk do not depend on the number of threads.

use std::{
    collections::VecDeque,
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    time::Instant,
};

use std::sync::Mutex;

use super::{EngineError, Take, World, encode};
use crate::{
    render::{InFlight, Renderer},
    write::{DatasetWriter, InOrder, SealedFrame},
};

/// Frames on the device at a time: one renders while the one before is copied.
const IN_FLIGHT: usize = 2;

/// How to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// Threads that stage, and as many that label and encode.
    pub threads: usize,
}

/// Where the time of one frame went, seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FrameTimes {
    /// Staging.
    pub stage_s: f64,
    /// Culling, uploading and recording on the CPU.
    pub record_s: f64,
    /// From submission until the pictures arrived.
    pub gpu_s: f64,
    /// Labels.
    pub label_s: f64,
    /// Encoding and hashing.
    pub encode_s: f64,
    /// Writing.
    pub write_s: f64,
}

/// Progress, as any front end may consume it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// A frame is complete on disk.
    Done {
        /// Its number.
        frame: u64,
        /// Labelled instances with at least one visible pixel.
        visible: usize,
        /// Where its time went.
        times: FrameTimes,
    },
}

struct Staged {
    frame: u64,
    take: Take,
    times: FrameTimes,
}

struct Rendered {
    staged: Staged,
    flight: InFlight,
    start: Instant,
}

struct Arrived {
    staged: Staged,
    pictures: crate::render::Pictures,
}

struct Sealed {
    frame: SealedFrame,
    visible: usize,
    times: FrameTimes,
}

/// Makes the frames that `writer` still lacks. Stops early once `stop` is set: frames on the device are
/// finished, frames that are only staged are not begun, and every finished frame is kept.
/// Returns whether all frames are there.
///
/// # Errors
/// The first error of any stage; frames before it are complete on disk.
pub fn generate(
    world: &World,
    renderer: &mut Renderer,
    writer: &mut DatasetWriter,
    options: RunOptions,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Event),
) -> Result<bool, EngineError> {
    let (next, end) = (AtomicU64::new(writer.next_frame()), writer.end_frame());
    let halted = AtomicBool::new(false);
    let failure: Mutex<Option<(u64, EngineError)>> = Mutex::new(None);
    let fail = |frame: u64, error: EngineError| {
        halted.store(true, Ordering::SeqCst);
        let mut first = failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if first.as_ref().is_none_or(|(known, _)| frame < *known) {
            *first = Some((frame, error.at(frame)));
        }
    };
    let threads = options.threads.max(1);
    std::thread::scope(|scope| {
        let (staged_in, staged_out) = sync_channel::<Staged>(2);
        let (arrived_in, arrived_out) = sync_channel::<Arrived>(2);
        let (sealed_in, sealed_out) = sync_channel::<Sealed>(4);
        for _ in 0..threads {
            let staged_in = staged_in.clone();
            let (next, halted, fail) = (&next, &halted, &fail);
            scope.spawn(move || {
                while !halted.load(Ordering::SeqCst) && !stop.load(Ordering::SeqCst) {
                    let frame = next.fetch_add(1, Ordering::SeqCst);
                    if frame >= end {
                        break;
                    }
                    let start = Instant::now();
                    match world.stage(frame) {
                        Ok(take) => {
                            let times =
                                FrameTimes { stage_s: start.elapsed().as_secs_f64(), ..Default::default() };
                            if staged_in.send(Staged { frame, take, times }).is_err() {
                                break;
                            }
                        }
                        Err(error) => fail(frame, error.into()),
                    }
                }
            });
        }
        drop(staged_in);
        let (fail_ref, halts) = (&fail, [&halted, stop]);
        scope.spawn(move || render_all(world, renderer, &staged_out, &arrived_in, fail_ref, halts));
        let arrived_out = std::sync::Arc::new(Mutex::new(arrived_out));
        for _ in 0..threads {
            let (arrived_out, sealed_in, fail) = (arrived_out.clone(), sealed_in.clone(), &fail);
            scope.spawn(move || {
                loop {
                    let next = arrived_out.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
                    let Ok(arrived) = next else { break };
                    let frame = arrived.staged.frame;
                    match seal(world, arrived) {
                        Ok(sealed) => {
                            if sealed_in.send(sealed).is_err() {
                                break;
                            }
                        }
                        Err(error) => fail(frame, error),
                    }
                }
            });
        }
        drop((sealed_in, arrived_out));
        // This thread writes.
        let mut order = InOrder::new(writer.next_frame());
        for sealed in sealed_out {
            order.push(sealed.frame.frame(), sealed);
            while let Some(mut due) = order.pop() {
                let start = Instant::now();
                if let Err(error) = writer.put_sealed(&due.frame) {
                    fail(due.frame.frame(), error.into());
                    return;
                }
                due.times.write_s = start.elapsed().as_secs_f64();
                progress(Event::Done { frame: due.frame.frame(), visible: due.visible, times: due.times });
            }
        }
    });
    match failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        Some((_, error)) => Err(error),
        None => Ok(writer.next_frame() >= end),
    }
}

/// Keeps the device busy: while one frame is copied back, the next is recorded and submitted.
fn render_all(
    world: &World,
    renderer: &mut Renderer,
    staged: &Receiver<Staged>,
    arrived: &SyncSender<Arrived>,
    fail: &(dyn Fn(u64, EngineError) + Sync),
    halts: [&AtomicBool; 2],
) {
    let gpu = renderer.gpu().clone();
    let normals = world.recipe.outputs.normals;
    let mut flying: VecDeque<Rendered> = VecDeque::new();
    let land = |one: Rendered| {
        let Rendered { mut staged, flight, start } = one;
        match flight.wait(&gpu) {
            Ok(pictures) => {
                staged.times.gpu_s = start.elapsed().as_secs_f64();
                arrived.send(Arrived { staged, pictures }).is_ok()
            }
            Err(error) => {
                fail(staged.frame, error.into());
                false
            }
        }
    };
    for mut staged in staged.iter() {
        if halts.iter().any(|halt| halt.load(Ordering::SeqCst)) {
            // Drain, so that stagers do not block on a full queue.
            continue;
        }
        let start = Instant::now();
        match staged.take.render(renderer, &world.library) {
            Ok(frame) => {
                staged.times.record_s = start.elapsed().as_secs_f64();
                let start = Instant::now();
                flying.push_back(Rendered { flight: frame.download(&gpu, normals), staged, start });
            }
            Err(error) => fail(staged.frame, error.into()),
        }
        while flying.len() >= IN_FLIGHT {
            if let Some(one) = flying.pop_front()
                && !land(one)
            {
                halts[0].store(true, Ordering::SeqCst);
            }
        }
    }
    for one in flying {
        land(one);
    }
}

fn seal(world: &World, arrived: Arrived) -> Result<Sealed, EngineError> {
    let Arrived { staged: Staged { frame, take, mut times }, pictures } = arrived;
    let output = encode(world, &take.scene, &pictures, frame)?;
    let visible = output.files.truth.instances.iter().filter(|i| i.area > 0.0).count();
    let start = Instant::now();
    let frame = output.files.seal()?;
    times.label_s = output.label_s;
    times.encode_s = output.encode_s + start.elapsed().as_secs_f64();
    Ok(Sealed { frame, visible, times })
}
