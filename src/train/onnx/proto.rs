//! The few messages of ONNX that are needed, in protobuf's wire format
//! (<https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3>, <https://protobuf.dev/programming-guides/encoding/>).
//!
//! By hand, since a code generator and its build step would be larger than this page.

/// A message under construction.
#[derive(Clone, Debug, Default)]
pub(super) struct Message(pub(super) Vec<u8>);

impl Message {
    #[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// A number of this field; negative ones as two's complement in ten bytes, as protobuf has it.
    pub(super) fn int(mut self, field: u32, value: i64) -> Self {
        self.varint(u64::from(field) << 3);
        self.varint(value.cast_unsigned());
        self
    }

    /// A number in single precision.
    pub(super) fn float(mut self, field: u32, value: f32) -> Self {
        self.varint(u64::from(field) << 3 | 5);
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// Bytes, text, or a message within the message.
    pub(super) fn bytes(mut self, field: u32, value: &[u8]) -> Self {
        self.varint(u64::from(field) << 3 | 2);
        self.varint(value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    pub(super) fn message(self, field: u32, value: &Self) -> Self {
        self.bytes(field, &value.0)
    }
}

/// The value of an attribute.
#[derive(Clone, Copy, Debug)]
pub(super) enum Attribute<'a> {
    Int(i64),
    Float(f32),
    Ints(&'a [i64]),
    Text(&'a str),
}

/// `AttributeProto`.
pub(super) fn attribute(name: &str, value: Attribute<'_>) -> Message {
    let message = Message::default().bytes(1, name.as_bytes());
    match value {
        Attribute::Int(value) => message.int(3, value).int(20, 2),
        Attribute::Float(value) => message.float(2, value).int(20, 1),
        Attribute::Text(value) => message.bytes(4, value.as_bytes()).int(20, 3),
        Attribute::Ints(values) => values.iter().fold(message, |m, v| m.int(8, *v)).int(20, 7),
    }
}

/// Numbers of a tensor.
#[derive(Clone, Copy, Debug)]
pub(super) enum Numbers<'a> {
    Floats(&'a [f32]),
    Ints(&'a [i64]),
}

/// `TensorProto`.
pub(super) fn tensor(name: &str, shape: &[usize], numbers: Numbers<'_>) -> Message {
    let message =
        shape.iter().fold(Message::default(), |m, d| m.int(1, i64::try_from(*d).unwrap_or(i64::MAX)));
    let (kind, bytes): (i64, Vec<u8>) = match numbers {
        Numbers::Floats(values) => (1, values.iter().flat_map(|v| v.to_le_bytes()).collect()),
        Numbers::Ints(values) => (7, values.iter().flat_map(|v| v.to_le_bytes()).collect()),
    };
    message.int(2, kind).bytes(8, name.as_bytes()).bytes(9, &bytes)
}

/// A side of an input or output: fixed, or named.
#[derive(Clone, Copy, Debug)]
pub(super) enum Side<'a> {
    Fixed(usize),
    Named(&'a str),
}

/// `ValueInfoProto` of single-precision (1) or 64-bit whole (7) numbers.
pub(super) fn value(name: &str, kind: i64, sides: &[Side<'_>]) -> Message {
    let shape = sides.iter().fold(Message::default(), |shape, side| {
        let dimension = match side {
            Side::Fixed(n) => Message::default().int(1, i64::try_from(*n).unwrap_or(i64::MAX)),
            Side::Named(name) => Message::default().bytes(2, name.as_bytes()),
        };
        shape.message(1, &dimension)
    });
    let tensor = Message::default().int(1, kind).message(2, &shape);
    Message::default().bytes(1, name.as_bytes()).message(2, &Message::default().message(1, &tensor))
}

/// `NodeProto`.
pub(super) fn node(
    operator: &str,
    inputs: &[&str],
    outputs: &[&str],
    attributes: &[(&str, Attribute<'_>)],
) -> Message {
    let message = inputs.iter().fold(Message::default(), |m, i| m.bytes(1, i.as_bytes()));
    let message = outputs.iter().fold(message, |m, o| m.bytes(2, o.as_bytes()));
    let message = message.bytes(3, outputs.join(",").as_bytes()).bytes(4, operator.as_bytes());
    attributes.iter().fold(message, |m, (name, v)| m.message(5, &attribute(name, *v)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_format_by_its_own_examples() {
        // From protobuf's encoding guide: field 1 = 150, field 2 = "testing", field 3 a message with 150 in it.
        assert_eq!(Message::default().int(1, 150).0, [0x08, 0x96, 0x01], "a number");
        assert_eq!(Message::default().bytes(2, b"testing").0, b"\x12\x07testing", "text");
        let inner = Message::default().int(1, 150);
        assert_eq!(Message::default().message(3, &inner).0, [0x1a, 0x03, 0x08, 0x96, 0x01], "a message");
        assert_eq!(Message::default().int(1, -1).0.len(), 11, "ten bytes for a negative number");
    }
}
