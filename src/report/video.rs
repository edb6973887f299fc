//! Films as files that players and browsers open: AV1 in MP4.

use std::num::{NonZeroU16, NonZeroU32};

use image::{Rgb, RgbImage};
use rav1e::prelude::{
    ChromaSampling, ColorDescription, ColorPrimaries, Config, Context, EncoderConfig, EncoderStatus,
    FrameType, MatrixCoefficients, Packet, PixelRange, Rational, TransferCharacteristics,
};
use shiguredo_mp4::{
    Decode, TrackKind,
    boxes::{Av01Box, Av1cBox, SampleEntry, VisualSampleEntryFields},
    mux::{Mp4FileMuxer, Sample},
};

use super::ReportError;

/// Quantiser of 0 to 255: small print on a label stays readable.
const QUANTIZER: usize = 70;
/// The fastest of the encoder's presets.
const SPEED: u8 = 10;
/// Ticks of a picture: rates such as 29.97 are met to a thousandth.
const TICKS: u32 = 1000;
/// A player that jumps begins at most so many pictures before its goal.
const KEY_EVERY: u64 = 30;
/// The mark that begins the data of each instant, which MP4 leaves out (AV1 in ISO-BMFF, section 2.4).
const DELIMITER: [u8; 2] = [0x12, 0x00];

/// An MP4 file of pictures of one size at `fps`: AV1, 4:2:0, BT.709. Odd sides are made even by a doubled last column or
/// row.
///
/// # Errors
/// What a picture's maker says; when there is no picture, they differ in size, or the encoder refuses (sides below 16
/// pixels, say).
pub fn mp4<E: From<ReportError>>(
    pictures: impl IntoIterator<Item = Result<RgbImage, E>>,
    fps: f64,
) -> Result<Vec<u8>, E> {
    let mut pictures = pictures.into_iter();
    let first = pictures.next().ok_or(ReportError::Size(0, 0))??;
    let size = first.dimensions();
    let mut film = Film::new(size, fps)?;
    film.add(&first)?;
    for picture in pictures {
        let picture = picture?;
        if picture.dimensions() != size {
            return Err(ReportError::Size(picture.width(), picture.height()).into());
        }
        film.add(&picture)?;
    }
    Ok(film.finish()?)
}

fn refused(why: impl ToString) -> ReportError {
    ReportError::Film(why.to_string())
}

struct Film {
    encoder: Context<u8>,
    file: Vec<u8>,
    muxer: Mp4FileMuxer,
    /// Of the first sample.
    entry: Option<SampleEntry>,
    timescale: NonZeroU32,
}

impl Film {
    fn new((width, height): (u32, u32), fps: f64) -> Result<Self, ReportError> {
        let too_large = |_| ReportError::Size(width, height);
        let even = |side: u32| u16::try_from(side.next_multiple_of(2)).map_err(too_large);
        let [width, height] = [even(width)?, even(height)?];
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let rate = (fps * f64::from(TICKS)).round().clamp(1.0, 1e9) as u32;
        let timescale = NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN);
        let config = EncoderConfig {
            width: width.into(),
            height: height.into(),
            time_base: Rational::new(TICKS.into(), rate.into()),
            chroma_sampling: ChromaSampling::Cs420,
            pixel_range: PixelRange::Limited,
            color_description: Some(ColorDescription {
                color_primaries: ColorPrimaries::BT709,
                transfer_characteristics: TransferCharacteristics::BT709,
                matrix_coefficients: MatrixCoefficients::BT709,
            }),
            quantizer: QUANTIZER,
            max_key_frame_interval: KEY_EVERY,
            ..EncoderConfig::with_speed_preset(SPEED)
        };
        let encoder: Context<u8> =
            Config::new().with_encoder_config(config).new_context().map_err(refused)?;
        let muxer = Mp4FileMuxer::new().map_err(refused)?;
        Ok(Self {
            entry: Some(entry(width, height, &encoder.container_sequence_header())?),
            encoder,
            file: muxer.initial_boxes_bytes().to_vec(),
            muxer,
            timescale,
        })
    }

    fn add(&mut self, picture: &RgbImage) -> Result<(), ReportError> {
        let mut frame = self.encoder.new_frame();
        for (plane, (bytes, width)) in frame.planes.iter_mut().zip(planes(picture)) {
            plane.copy_from_raw_u8(&bytes, width, 1);
        }
        self.encoder.send_frame(frame).map_err(refused)?;
        self.drain()
    }

    /// Takes what the encoder has ready.
    fn drain(&mut self) -> Result<(), ReportError> {
        loop {
            match self.encoder.receive_packet() {
                Ok(packet) => self.store(&packet)?,
                Err(EncoderStatus::Encoded) => {}
                Err(EncoderStatus::NeedMoreData | EncoderStatus::LimitReached) => return Ok(()),
                Err(why) => return Err(refused(why)),
            }
        }
    }

    fn store(&mut self, packet: &Packet<u8>) -> Result<(), ReportError> {
        let data = packet.data.strip_prefix(&DELIMITER).unwrap_or(&packet.data);
        let sample = Sample {
            track_kind: TrackKind::Video,
            sample_entry: self.entry.take(),
            keyframe: packet.frame_type == FrameType::KEY,
            timescale: self.timescale,
            duration: TICKS,
            composition_time_offset: None,
            data_offset: self.file.len() as u64,
            data_size: data.len(),
        };
        self.file.extend_from_slice(data);
        self.muxer.append_sample(&sample).map_err(refused)
    }

    fn finish(mut self) -> Result<Vec<u8>, ReportError> {
        self.encoder.flush();
        self.drain()?;
        let mut file = self.file;
        for (offset, bytes) in self.muxer.finalize().map_err(refused)?.offset_and_bytes_pairs() {
            let start = usize::try_from(offset).map_err(refused)?;
            file.resize(file.len().max(start + bytes.len()), 0);
            file[start..start + bytes.len()].copy_from_slice(bytes);
        }
        Ok(file)
    }
}

/// What a player must know before the first picture; `header` is the encoder's, as MP4 stores it.
fn entry(width: u16, height: u16, header: &[u8]) -> Result<SampleEntry, ReportError> {
    let mut boxed = u32::try_from(header.len() + 8).map_err(refused)?.to_be_bytes().to_vec();
    boxed.extend_from_slice(b"av1C");
    boxed.extend_from_slice(header);
    let (av1c_box, _) = Av1cBox::decode(&boxed).map_err(refused)?;
    Ok(SampleEntry::Av01(Av01Box {
        visual: VisualSampleEntryFields {
            data_reference_index: NonZeroU16::MIN,
            width,
            height,
            horizresolution: VisualSampleEntryFields::DEFAULT_HORIZRESOLUTION,
            vertresolution: VisualSampleEntryFields::DEFAULT_VERTRESOLUTION,
            frame_count: VisualSampleEntryFields::DEFAULT_FRAME_COUNT,
            compressorname: VisualSampleEntryFields::NULL_COMPRESSORNAME,
            depth: VisualSampleEntryFields::DEFAULT_DEPTH,
        },
        av1c_box,
        unknown_boxes: Vec::new(),
    }))
}

/// Luma, and blue and red chroma of every two by two pixels, each with its width: BT.709 with 8 bits (ITU-R BT.709-6,
/// items 3.2 to 3.5).
fn planes(picture: &RgbImage) -> [(Vec<u8>, usize); 3] {
    let (right, bottom) = (picture.width() - 1, picture.height() - 1);
    let [width, height] = [right, bottom].map(|last| (last + 1).next_multiple_of(2));
    let at = |x: u32, y: u32| {
        let Rgb(rgb) = *picture.get_pixel(x.min(right), y.min(bottom));
        let [r, g, b] = rgb.map(|v| f32::from(v) / 255.0);
        let luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        [luma, (b - luma) / 1.8556, (r - luma) / 1.5748]
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "16 to 240")]
    let byte = |v: f32| v.round() as u8;
    let mut out =
        [(Vec::new(), width as usize), (Vec::new(), width as usize / 2), (Vec::new(), width as usize / 2)];
    out[0].0.extend(
        (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .map(|(x, y)| byte(16.0 + 219.0 * at(x, y)[0])),
    );
    for (y, x) in (0..height).step_by(2).flat_map(|y| (0..width).step_by(2).map(move |x| (y, x))) {
        let four = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
        for (channel, (bytes, _)) in out.iter_mut().enumerate().skip(1) {
            bytes.push(byte(128.0 + 224.0 * four.iter().map(|c| c[channel]).sum::<f32>() / 4.0));
        }
    }
    out
}
