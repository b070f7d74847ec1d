//! The rhythm strip: a stretch of the tracing that runs by. It is drawn once for a
//! rate and moved by the style sheet, off the main thread; under reduced motion it
//! stands still. Decoration of the figures beside it: a screen reader is told the
//! rhythm in words.

use enduring_core::content::patient::Rhythm;
use yew::prelude::*;

use crate::components::part::part;
use crate::hooks::use_effect_with;
use crate::markup::html;
use crate::platform::element;

/// Pixels that run by in a second.
const SPEED: u32 = 100;
/// At least so many pixels are drawn beside the stretch that repeats.
const WIDTH: u32 = 640;
/// The tracing of a rhythm at a rate.
#[derive(PartialEq)]
pub struct Strip {
    /// The rhythm.
    pub rhythm: Rhythm,
    /// The heart rate by the minute.
    pub rate: u32,
}

part!(Strip, use_strip);

#[hook]
fn use_strip(props: &Strip) -> Html {
    let node = use_node_ref();
    let (tile, path) = stretch(props.rhythm, props.rate);
    {
        let node = node.clone();
        use_effect_with(tile, move |tile| {
            element::set_property(node.get(), "--strip-by", &["-", &tile.to_string(), "px"].concat());
            let milliseconds = tile.saturating_mul(1_000) / SPEED;
            element::set_property(node.get(), "--strip-time", &[&milliseconds.to_string(), "ms"].concat());
        });
    }
    let times = WIDTH / tile.max(1) + 2;
    let mut drawn = String::from("M0 34");
    for _ in 0..times {
        drawn.push_str(&path);
    }
    let width = tile.saturating_mul(times).to_string();
    html! {
        <div class="strip" aria-hidden="true">
            <svg ref={node} class="strip__run" viewBox={["0 0", &width, "48"].join(" ")} width={width.clone()} height="48">
                <path class="strip__line" d={drawn} />
            </svg>
        </div>
    }
}

/// What repeats: how wide it is, and its path from the baseline back to it.
fn stretch(rhythm: Rhythm, rate: u32) -> (u32, String) {
    let beat = (SPEED * 60 / rate.clamp(20, 260)).max(20);
    match rhythm {
        Rhythm::Sinus if beat >= 38 => (beat, complex("h2q3 -6 6 0h4", "h5q5 -9 10 0", beat - 36)),
        Rhythm::Sinus | Rhythm::SupraventricularTachycardia => (beat, complex("", "", beat - 9)),
        Rhythm::AtrialFibrillation => {
            // Neither regular nor with a wave before the complex.
            let gaps = [beat * 5 / 4, beat * 3 / 4, beat, beat * 4 / 3, beat * 2 / 3].map(|gap| gap.max(20));
            (gaps.iter().sum(), gaps.iter().map(|gap| complex("", "", gap - 9)).collect())
        }
        Rhythm::VentricularTachycardia => {
            let half = (beat / 2).max(10).to_string();
            let quarter = (beat.max(20) / 4).to_string();
            (beat / 2 * 2, ["q", &quarter, " -44 ", &half, " 0q", &quarter, " 22 ", &half, " 0"].concat())
        }
        Rhythm::VentricularFibrillation => {
            (116, "q6 -22 12 2t14 -9t10 8t16 -14t12 15t18 -11t10 6t14 7t10 -4".to_owned())
        }
        Rhythm::PulselessElectricalActivity => {
            (160, "h8q4 -4 8 0h6l5 4l7 -20l8 24l5 -8h8q9 -8 18 0h87".to_owned())
        }
        Rhythm::Asystole => (200, "q50 2 100 0t100 0".to_owned()),
    }
}

/// A complex between its waves, and the baseline after it.
fn complex(before: &str, after: &str, rest: u32) -> String {
    [before, "l1 3l3 -26l3 30l2 -7", after, "h", &rest.to_string()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds up how far a path goes: relative commands `h`, `l`, `q` and `t` alone.
    fn travels(path: &str) -> (i64, i64) {
        let mut at = (0, 0);
        for command in path.split_inclusive(|_| false).flat_map(|whole| {
            let starts: Vec<usize> =
                whole.char_indices().filter(|(_, c)| c.is_ascii_alphabetic()).map(|(at, _)| at).collect();
            let ends = starts.iter().copied().skip(1).chain([whole.len()]);
            starts.iter().copied().zip(ends).map(|(from, to)| &whole[from..to]).collect::<Vec<_>>()
        }) {
            let numbers: Vec<i64> =
                command[1..].split(' ').map(|number| number.parse().expect("a whole number")).collect();
            match (&command[..1], numbers.as_slice()) {
                ("h", [x]) => at.0 += x,
                ("l" | "t", [x, y]) | ("q", [_, _, x, y]) => at = (at.0 + x, at.1 + y),
                other => panic!("{other:?}"),
            }
        }
        at
    }

    #[test]
    fn every_stretch_ends_where_the_next_begins() {
        let rhythms = [
            Rhythm::Sinus,
            Rhythm::AtrialFibrillation,
            Rhythm::SupraventricularTachycardia,
            Rhythm::VentricularTachycardia,
            Rhythm::VentricularFibrillation,
            Rhythm::PulselessElectricalActivity,
            Rhythm::Asystole,
        ];
        for rhythm in rhythms {
            for rate in [0, 20, 37, 60, 88, 120, 149, 150, 180, 259, 400] {
                let (width, path) = stretch(rhythm, rate);
                assert_eq!(travels(&path), (i64::from(width), 0), "{rhythm:?} at {rate}: {path}");
            }
        }
    }
}
