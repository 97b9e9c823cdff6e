//! Numbers from lists of numbers.

use serde::Serialize;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

/// A number of a report.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Number {
    /// How many.
    Count(i64),
    /// How much, to two places.
    Measure(f64),
}

impl Number {
    /// How many.
    pub fn count(count: usize) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// How much; rounded to two places, halves away from zero.
    pub fn measure(value: f64) -> Self {
        let rounded = (value * 100.0).round() / 100.0;
        // No "-0".
        Self::Measure(if rounded == 0.0 { 0.0 } else { rounded })
    }

    /// A part of a whole in per cent; none of nothing.
    pub fn percent(part: usize, whole: usize) -> Option<Self> {
        (whole > 0).then(|| Self::measure(100.0 * as_f64(part) / as_f64(whole)))
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Measure(value) => value.fmt(f),
        }
    }
}

impl utoipa::PartialSchema for Number {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Number).build().into()
    }
}

impl utoipa::ToSchema for Number {}

/// A count as a number to reckon with.
pub fn as_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// A whole number as one to reckon with; beyond 2^31 (68 years of seconds) the nearest end.
pub fn whole(value: i64) -> f64 {
    i32::try_from(value).map_or(if value < 0 { f64::from(i32::MIN) } else { f64::from(i32::MAX) }, f64::from)
}

/// The quantile at `share` of a sorted list, between its neighbours in proportion (as spreadsheets' `PERCENTILE.INC`:
/// Hyndman and Fan, 1996, type 7).
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = as_f64(sorted.len().checked_sub(1)?) * share;
    let below = (0..sorted.len()).take_while(|at| as_f64(*at) <= place).last()?;
    let (low, high) = (*sorted.get(below)?, sorted.get(below + 1).or_else(|| sorted.get(below)).copied()?);
    Some(low + (high - low) * (place - as_f64(below)))
}

/// Lower quartile, median and upper quartile.
pub fn quartiles(values: &[f64]) -> [Option<f64>; 3] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    [0.25, 0.5, 0.75].map(|share| quantile(&sorted, share))
}

/// The mean.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / as_f64(values.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_those_of_a_spreadsheet() {
        assert_eq!(quartiles(&[]), [None; 3]);
        assert_eq!(quartiles(&[7.0]), [Some(7.0); 3]);
        assert_eq!(quartiles(&[4.0, 1.0, 3.0, 2.0]), [Some(1.75), Some(2.5), Some(3.25)]);
        assert_eq!(quartiles(&[5.0, 1.0, 4.0, 2.0, 3.0]), [Some(2.0), Some(3.0), Some(4.0)]);
    }

    #[test]
    fn numbers_are_written_plainly() {
        assert_eq!(Number::measure(-0.001).to_string(), "0");
        assert_eq!(Number::measure(2.675_1).to_string(), "2.68");
        assert_eq!(Number::percent(1, 3).unwrap().to_string(), "33.33");
        assert_eq!(Number::percent(0, 0), None);
        assert_eq!(serde_json::to_string(&[Number::Count(3), Number::measure(1.5)]).unwrap(), "[3,1.5]");
    }
}
