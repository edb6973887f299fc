//! Typed data out of buffers: every component type, normalised integers, strides and sparse patches.

use super::{
    container::Buffers,
    error::{ImportFault, Sound, get, invalid},
    json,
};

/// Component types by their number in the file: bytes each, and how integers are scaled when normalised.
fn component(kind: u32, at: &str) -> Sound<(usize, f32)> {
    Ok(match kind {
        5120 => (1, 127.0),
        5121 => (1, 255.0),
        5122 => (2, 32_767.0),
        5123 => (2, 65_535.0),
        5125 => (4, 4_294_967_295.0),
        5126 => (4, 1.0),
        _ => return invalid(at, format!("componentType {kind}, expected one of 5120 to 5123, 5125, 5126")),
    })
}

/// One accessor, checked against its view: from here on no byte can be missed.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    index: usize,
    kind: u32,
    scale: Option<f32>,
    width: usize,
    count: usize,
    /// `None` for accessors without a buffer view: all zeros.
    bytes: Option<&'a [u8]>,
    stride: usize,
    /// Element size, and from where in it each component is read (matrix columns are 4-aligned).
    offsets: Vec<usize>,
    sparse: Option<(Vec<usize>, &'a [u8])>,
}

impl<'a> Reader<'a> {
    /// Checks accessor `index` to hold elements of one of the `shapes`, at most `max_count` of them.
    pub(super) fn new(
        root: &json::Root,
        buffers: &'a Buffers,
        index: usize,
        shapes: &[&str],
        max_count: u64,
        at: &str,
    ) -> Sound<Self> {
        let accessor = get(&root.accessors, index, "accessor", at)?;
        let here = format!("accessors[{index}]");
        if !shapes.contains(&accessor.shape.as_str()) {
            return invalid(
                here,
                format!("type {}, but {at} expects {}", accessor.shape, shapes.join(" or ")),
            );
        }
        let (size, scale) = component(accessor.component_type, &format!("{here}.componentType"))?;
        let (columns, rows) = match accessor.shape.as_str() {
            "SCALAR" => (1, 1),
            "VEC2" => (1, 2),
            "VEC3" => (1, 3),
            "VEC4" => (1, 4),
            "MAT2" => (2, 2),
            "MAT3" => (3, 3),
            _ => (4, 4),
        };
        // Only matrices pad their columns to four bytes.
        let column = if columns == 1 { rows * size } else { (rows * size).next_multiple_of(4) };
        let element = columns * column;
        let offsets = (0..columns).flat_map(|c| (0..rows).map(move |r| c * column + r * size)).collect();
        if accessor.count > max_count {
            return Err(ImportFault::TooLarge {
                at: format!("{here}.count"),
                what: format!("{} elements", accessor.count),
                limit: format!("{max_count}"),
            });
        }
        let count = usize::try_from(accessor.count).unwrap_or(usize::MAX);
        let (mut bytes, mut stride) = (None, element);
        if let Some(view_index) = accessor.buffer_view {
            let view = buffers.view(root, view_index, &format!("{here}.bufferView"))?;
            if let Some(given) = root.buffer_views.get(view_index).and_then(|v| v.byte_stride) {
                stride = usize::try_from(given).unwrap_or(usize::MAX);
                if stride < element || stride > 1 << 16 {
                    return invalid(
                        format!("bufferViews[{view_index}].byteStride"),
                        format!("{given}, but one element takes {element} bytes"),
                    );
                }
            }
            bytes = Some(span(view, accessor.byte_offset, count, stride, element, &here)?);
        }
        let sparse = match &accessor.sparse {
            None => None,
            Some(sparse) => {
                let there = format!("{here}.sparse");
                if sparse.count > accessor.count {
                    return invalid(
                        there,
                        format!("count {} for an accessor of {}", sparse.count, accessor.count),
                    );
                }
                let n = usize::try_from(sparse.count).unwrap_or(usize::MAX);
                let (width, _) =
                    component(sparse.indices.component_type, &format!("{there}.indices.componentType"))?;
                let view = buffers.view(root, sparse.indices.buffer_view, &format!("{there}.indices"))?;
                let raw =
                    span(view, sparse.indices.byte_offset, n, width, width, &format!("{there}.indices"))?;
                let mut positions = Vec::with_capacity(n);
                for i in 0..n {
                    let position = unsigned(sparse.indices.component_type, &raw[i * width..])
                        .and_then(|p| usize::try_from(p).ok())
                        .filter(|&p| p < count);
                    match position {
                        Some(p) => positions.push(p),
                        None => {
                            return invalid(
                                there,
                                format!("index {i} is no element of the {count} there are"),
                            );
                        }
                    }
                }
                let view = buffers.view(root, sparse.values.buffer_view, &format!("{there}.values"))?;
                let values =
                    span(view, sparse.values.byte_offset, n, element, element, &format!("{there}.values"))?;
                Some((positions, values))
            }
        };
        let scale = (accessor.normalized && accessor.component_type != 5126).then_some(scale);
        let width = columns * rows;
        Ok(Self { index, kind: accessor.component_type, scale, width, count, bytes, stride, offsets, sparse })
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// All elements as `N` floats each (fewer components than `N` are padded with `fill`), every one finite.
    pub(super) fn floats<const N: usize>(&self, fill: f32) -> Sound<Vec<[f32; N]>> {
        let read = |bytes: &[u8], i: usize| -> Sound<[f32; N]> {
            let mut element = [fill; N];
            for (value, &offset) in element.iter_mut().zip(&self.offsets) {
                *value = self.float(&bytes[offset..]);
                if !value.is_finite() {
                    return invalid(
                        format!("accessors[{}]", self.index),
                        format!("element {i} holds {value}, expected finite numbers"),
                    );
                }
            }
            Ok(element)
        };
        let mut out = match self.bytes {
            Some(bytes) => {
                (0..self.count).map(|i| read(&bytes[i * self.stride..], i)).collect::<Sound<Vec<_>>>()?
            }
            None => {
                let mut zero = [fill; N];
                zero.iter_mut().take(self.width).for_each(|v| *v = 0.0);
                vec![zero; self.count]
            }
        };
        if let Some((positions, values)) = &self.sparse {
            let element = values.len().checked_div(positions.len()).unwrap_or(0);
            for (i, &position) in positions.iter().enumerate() {
                out[position] = read(&values[i * element..], position)?;
            }
        }
        Ok(out)
    }

    /// All elements as `N` unsigned integers each; floats and signed types are an error.
    pub(super) fn unsigned<const N: usize>(&self) -> Sound<Vec<[u32; N]>> {
        let read = |bytes: &[u8]| -> Sound<[u32; N]> {
            let mut element = [0; N];
            for (value, &offset) in element.iter_mut().zip(&self.offsets) {
                *value = unsigned(self.kind, &bytes[offset..]).ok_or_else(|| ImportFault::Invalid {
                    at: format!("accessors[{}].componentType", self.index),
                    reason: format!("{}, expected an unsigned integer type", self.kind),
                })?;
            }
            Ok(element)
        };
        let mut out = match self.bytes {
            Some(bytes) => {
                (0..self.count).map(|i| read(&bytes[i * self.stride..])).collect::<Sound<Vec<_>>>()?
            }
            None => vec![[0; N]; self.count],
        };
        if let Some((positions, values)) = &self.sparse {
            let element = values.len().checked_div(positions.len()).unwrap_or(0);
            for (i, &position) in positions.iter().enumerate() {
                out[position] = read(&values[i * element..])?;
            }
        }
        Ok(out)
    }

    fn float(&self, bytes: &[u8]) -> f32 {
        let raw = match *bytes {
            [a, ..] if self.kind == 5120 => f32::from(i8::from_le_bytes([a])),
            [a, ..] if self.kind == 5121 => f32::from(a),
            [a, b, ..] if self.kind == 5122 => f32::from(i16::from_le_bytes([a, b])),
            [a, b, ..] if self.kind == 5123 => f32::from(u16::from_le_bytes([a, b])),
            #[expect(clippy::cast_precision_loss, reason = "glTF has no wider floats either")]
            [a, b, c, d, ..] if self.kind == 5125 => u32::from_le_bytes([a, b, c, d]) as f32,
            [a, b, c, d, ..] => f32::from_le_bytes([a, b, c, d]),
            _ => f32::NAN,
        };
        self.scale.map_or(raw, |scale| (raw / scale).max(-1.0))
    }
}

fn unsigned(kind: u32, bytes: &[u8]) -> Option<u32> {
    match (kind, bytes) {
        (5121, [a, ..]) => Some(u32::from(*a)),
        (5123, [a, b, ..]) => Some(u32::from(u16::from_le_bytes([*a, *b]))),
        (5125, [a, b, c, d, ..]) => Some(u32::from_le_bytes([*a, *b, *c, *d])),
        _ => None,
    }
}

/// The bytes from the first to the last of `count` elements, or an error when the view is too short.
fn span<'a>(
    view: &'a [u8],
    offset: u64,
    count: usize,
    stride: usize,
    element: usize,
    at: &str,
) -> Sound<&'a [u8]> {
    let need = match count.checked_sub(1) {
        None => Some(0),
        Some(last) => last.checked_mul(stride).and_then(|bytes| bytes.checked_add(element)),
    };
    let part = usize::try_from(offset)
        .ok()
        .zip(need)
        .and_then(|(start, need)| view.get(start..start.checked_add(need)?));
    part.ok_or_else(|| ImportFault::Invalid {
        at: at.to_owned(),
        reason: format!(
            "{count} elements of {element} bytes from byte {offset} on, {stride} apart, run past the end of their \
             view with its {} bytes",
            view.len()
        ),
    })
}
