//! The course of a value as a small line.

use enduring_core::measure::Decimal;
use yew::prelude::*;

use crate::markup::html;
use crate::strings::strings;

/// The picture is so wide and so high; the line keeps off its edges.
const WIDTH: i64 = 72;
const HEIGHT: i64 = 29;
const EDGE: i64 = 4;

/// A line with a dot on the latest value, over the reference range as a band; the
/// values themselves are its text.
pub struct Trend {
    /// The values, the latest last; two or more.
    pub values: Vec<Decimal>,
    /// The lower end of the reference range.
    pub low: Option<Decimal>,
    /// The upper end.
    pub high: Option<Decimal>,
}

impl Trend {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let values: Vec<i64> = self.values.iter().map(thousandths).collect();
        let (low, high) = (self.low.as_ref().map(thousandths), self.high.as_ref().map(thousandths));
        let all = || values.iter().copied().chain(low).chain(high);
        let (least, most) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
        let y = |value: i64| HEIGHT - EDGE - (value - least) * (HEIGHT - 2 * EDGE) / (most - least).max(1);
        let last = i64::try_from(values.len()).unwrap_or(1) - 1;
        let x = |place: i64| EDGE + place * (WIDTH - 2 * EDGE) / last.max(1);
        let points: Vec<String> = (0i64..)
            .zip(&values)
            .map(|(place, value)| [x(place).to_string(), y(*value).to_string()].join(","))
            .collect();
        let band = (high.map_or(0, y), low.map_or(HEIGHT, y));
        let told: Vec<String> = self.values.iter().map(Decimal::to_string).collect();
        html! {
            <svg class="trend" viewBox={["0 0", &WIDTH.to_string(), &HEIGHT.to_string()].join(" ")} role="img"
                aria-label={[words.trend, &told.join(", ")].join(": ")}>
                if low.is_some() || high.is_some() {
                    <rect class="trend__range" x="0" width={WIDTH.to_string()} y={band.0.to_string()}
                        height={(band.1 - band.0).max(1).to_string()} />
                }
                <polyline class="trend__line" points={points.join(" ")} />
                <circle class="trend__now" cx={x(last).to_string()}
                    cy={values.last().map_or(0, |value| y(*value)).to_string()} r="3" />
            </svg>
        }
    }
}

/// Enough to place a point; the value itself is shown as text.
fn thousandths(number: &Decimal) -> i64 {
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let size =
        |text: &str| text.bytes().filter(u8::is_ascii_digit).fold(0i64, |n, b| n * 10 + i64::from(b - b'0'));
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    let size = size(whole).saturating_mul(1_000).saturating_add(size(&fraction));
    if number.is_negative() { -size } else { size }
}
