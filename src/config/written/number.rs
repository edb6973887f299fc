//! Numbers as written.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// A constant such as `1.5`, or a distribution: `{"uniform": [1, 2]}`, `{"normal": {"mean": 1, "std": 0.2}}`,
/// `{"log_uniform": [0.1, 10]}` or `{"choice": {"values": [1, 2, 3]}}`.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub(in crate::config) enum Number {
    /// Always the same.
    Constant(f64),
    /// Drawn anew each time.
    Spread(Spread),
}

/// A distribution: an object whose only key names its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::config) enum Spread {
    /// `[min, max]`: evenly between them.
    Uniform([f64; 2]),
    /// Bell curve, cut off at `min` and `max`.
    Normal(Normal),
    /// `[min, max]`, both above 0: evenly in the logarithm.
    LogUniform([f64; 2]),
    /// One of several values.
    Choice(Choice),
}

/// A bell curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Normal {
    /// Mean, between `min` and `max`.
    pub(in crate::config) mean: f64,
    /// Standard deviation, not negative.
    pub(in crate::config) std: f64,
    /// Smallest value; left out, three standard deviations below the mean or the field's own limit.
    #[serde(default)]
    pub(in crate::config) min: Option<f64>,
    /// Largest value; left out, three standard deviations above the mean or the field's own limit.
    #[serde(default)]
    pub(in crate::config) max: Option<f64>,
}

/// One of several values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Choice {
    /// The values, at least one.
    pub(in crate::config) values: Vec<f64>,
    /// One weight for each value, none negative, not all zero; left out, all values are equally likely.
    #[serde(default)]
    pub(in crate::config) weights: Option<Vec<f64>>,
}

impl Number {
    pub(in crate::config) const fn uniform(min: f64, max: f64) -> Self {
        Self::Spread(Spread::Uniform([min, max]))
    }

    pub(in crate::config) const fn log_uniform(min: f64, max: f64) -> Self {
        Self::Spread(Spread::LogUniform([min, max]))
    }

    pub(in crate::config) const fn normal(mean: f64, std: f64, min: f64, max: f64) -> Self {
        Self::Spread(Spread::Normal(Normal { mean, std, min: Some(min), max: Some(max) }))
    }
}

impl<'de> Deserialize<'de> for Number {
    // serde's own 'untagged' would say 'data did not match any variant' to every mistake.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a distribution such as {\"uniform\": [min, max]}")
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Number, E> {
                Ok(Number::Constant(value))
            }

            #[expect(clippy::cast_precision_loss, reason = "no field needs integers beyond 2^53")]
            fn visit_u64<E: Error>(self, value: u64) -> Result<Number, E> {
                Ok(Number::Constant(value as f64))
            }

            #[expect(clippy::cast_precision_loss, reason = "no field needs integers beyond 2^53")]
            fn visit_i64<E: Error>(self, value: i64) -> Result<Number, E> {
                Ok(Number::Constant(value as f64))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Number, A::Error> {
                if map.size_hint() == Some(0) {
                    return Err(A::Error::custom(format_args!("expected {}, found {{}}", self.wanted())));
                }
                let spread = Spread::deserialize(MapAccessDeserializer::new(&mut map))?;
                match map.next_key::<IgnoredAny>()? {
                    None => Ok(Number::Spread(spread)),
                    Some(_) => {
                        Err(A::Error::custom("expected exactly one kind of distribution, found several"))
                    }
                }
            }
        }

        impl Either {
            fn wanted(&self) -> impl fmt::Display {
                "a number or a distribution such as {\"uniform\": [min, max]}"
            }
        }

        deserializer.deserialize_any(Either)
    }
}
