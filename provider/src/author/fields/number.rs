//! Numbers and dates out of a table: whole numbers, decimals, credit, points. Never
//! through a float.

use std::ops::RangeInclusive;

use enduring_core::measure::{Credit, Decimal, Points};
use toml::Spanned;
use toml::de::DeValue;

use super::{Fields, Text};
use crate::author::diagnostic::Problem;
use crate::author::names::closest;

impl Fields<'_> {
    /// A whole number within bounds, where the key is there. None too, with a diagnostic, where it is
    /// none: nothing may be made of a number that nobody wrote.
    pub fn optional_number(&self, key: &'static str, bounds: RangeInclusive<i64>) -> Option<i64> {
        self.get(key).and_then(|value| self.as_number(key, value, bounds))
    }

    /// A whole number within bounds that must be there; none with a diagnostic.
    pub fn number(&self, key: &'static str, bounds: RangeInclusive<i64>) -> Option<i64> {
        let expected = format!("{} to {}", bounds.start(), bounds.end());
        self.required(key, &expected).and_then(|value| self.as_number(key, value, bounds))
    }

    fn as_number(&self, key: &str, value: &Spanned<DeValue<'_>>, bounds: RangeInclusive<i64>) -> Option<i64> {
        let expected = format!("a whole number from {} to {}", bounds.start(), bounds.end());
        let DeValue::Integer(number) = value.get_ref() else {
            self.mistyped(key, value, &expected);
            return None;
        };
        let parsed = i64::from_str_radix(number.as_str(), number.radix()).ok();
        let parsed = parsed.filter(|parsed| bounds.contains(parsed));
        if parsed.is_none() {
            self.report(
                Problem::error(&self.at(value.span()), format!("`{key}` is out of bounds"))
                    .expected(expected)
                    .found(number.to_string()),
            );
        }
        parsed
    }

    /// A whole number, or one word that stands for having none, where the key is there and it is either.
    pub fn number_or_word(
        &self,
        key: &'static str,
        bounds: RangeInclusive<i64>,
        none: &'static str,
    ) -> Option<Option<i64>> {
        let value = self.get(key)?;
        let Some(word) = value.get_ref().as_str() else {
            return self.as_number(key, value, bounds).map(Some);
        };
        if word != none {
            self.report(
                Problem::error(&self.at(value.span()), format!("unknown {key} `{word}`"))
                    .expected(format!("\"{none}\" or a number from {} to {}", bounds.start(), bounds.end()))
                    .help(closest(word, [none].into_iter())),
            );
        }
        Some(None)
    }

    /// A decimal number in quotes that must be there.
    pub fn decimal(&self, key: &'static str) -> Decimal {
        let text = self.required_raw(key, "\"7.5\"");
        text.and_then(|text| self.as_decimal(key, &text)).unwrap_or_else(zero)
    }

    /// A decimal number in quotes, where the key is there.
    pub fn optional_decimal(&self, key: &'static str) -> Option<Decimal> {
        self.raw(key).and_then(|text| self.as_decimal(key, &text))
    }

    fn as_decimal(&self, key: &str, text: &Text) -> Option<Decimal> {
        let decimal = Decimal::parse(&text.text);
        if decimal.is_none() {
            self.report(
                Problem::error(&text.span, format!("`{key}` is not a number"))
                    .expected("a decimal number in quotes, as \"7.5\"; at most 15 digits, 9 after the point")
                    .found(format!("`{}`", text.text)),
            );
        }
        decimal
    }

    /// An amount of credit, as `"0.50"`, that must be there and above nothing; none with a diagnostic.
    pub fn credit(&self, key: &'static str) -> Option<Credit> {
        let text = self.required_raw(key, "\"0.50\"")?;
        let amount = thousandths(&text.text).filter(|amount| *amount > 0 && amount % 10 == 0);
        if amount.is_none() {
            self.report(
                Problem::error(&text.span, format!("`{key}` is not an amount of credit"))
                    .expected("an amount above nothing with at most two decimals, as \"0.50\"")
                    .found(format!("`{}`", text.text)),
            );
        }
        amount.map(|amount| Credit(amount / 10))
    }

    /// Points as a number with at most three decimals that must be there.
    pub fn points(&self, key: &'static str) -> Points {
        let Some(value) = self.required(key, "1") else { return Points(0) };
        let written = match value.get_ref() {
            DeValue::Integer(number) => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            DeValue::String(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => {
                self.mistyped(key, value, "points, as 1 or 0.5");
                return Points(0);
            }
        };
        thousandths(written).map_or_else(
            || {
                self.report(
                    Problem::error(&self.at(value.span()), format!("`{key}` is not an amount of points"))
                        .expected("points from 0 to 1000 with at most three decimals")
                        .found(format!("`{written}`")),
                );
                Points(0)
            },
            Points,
        )
    }

    /// A calendar date, as `2026-11-01`, that must be there.
    pub fn date(&self, key: &'static str) -> Option<jiff::civil::Date> {
        let value = self.required(key, "2026-11-01")?;
        let DeValue::Datetime(datetime) = value.get_ref() else {
            self.mistyped(key, value, "a date without quotes, as 2026-11-01");
            return None;
        };
        let date = match (datetime.date, datetime.time, datetime.offset) {
            (Some(date), None, None) => date,
            (None | Some(_), None | Some(_), None | Some(_)) => {
                self.mistyped(key, value, "a date without a time, as 2026-11-01");
                return None;
            }
        };
        let parts = (i16::try_from(date.year), i8::try_from(date.month), i8::try_from(date.day));
        match parts {
            (Ok(year), Ok(month), Ok(day)) => jiff::civil::Date::new(year, month, day).ok(),
            (Ok(_) | Err(_), Ok(_) | Err(_), Ok(_) | Err(_)) => None,
        }
    }
}

/// Nothing, as a decimal.
fn zero() -> Decimal {
    Decimal::parse("0").unwrap_or_else(|| unreachable!("0 is a decimal"))
}

/// A number from 0 to 1000 with at most three decimals, in thousandths.
pub fn thousandths(written: &str) -> Option<u32> {
    let (whole, fraction) = written.split_once('.').unwrap_or((written, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || fraction.len() > 3 || whole.len() > 4 {
        return None;
    }
    let amount = whole.parse::<u32>().ok()? * 1_000 + format!("{fraction:0<3}").parse::<u32>().ok()?;
    (amount <= 1_000_000).then_some(amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_without_floats() {
        for (text, amount) in
            [("1", 1_000), ("0.5", 500), ("0.125", 125), ("1000", 1_000_000), ("2.50", 2_500)]
        {
            assert_eq!(thousandths(text), Some(amount), "{text}");
        }
        for bad in ["", ".", "1.", ".5", "-1", "0.1234", "1e3", "1000.001", "99999", "1_0", "+1"] {
            assert_eq!(thousandths(bad), None, "{bad}");
        }
    }
}
