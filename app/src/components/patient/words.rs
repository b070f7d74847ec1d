//! Virtual time and other small things in words.

use enduring_core::content::patient::{ActionGroup, Actor, Rhythm};
use enduring_core::measure::Seconds;

use crate::strings::PatientStrings;

/// Virtual time as a clock shows it: `4:05`, `1:04:05`.
pub fn clock(time: Seconds) -> String {
    let two =
        |number: u32| if number < 10 { ["0", &number.to_string()].concat() } else { number.to_string() };
    let (hours, minutes, seconds) = (time.0 / 3_600, time.0 / 60 % 60, time.0 % 60);
    if hours > 0 {
        [hours.to_string(), two(minutes), two(seconds)].join(":")
    } else {
        [minutes.to_string(), two(seconds)].join(":")
    }
}

/// A span of virtual time: `45 s`, `2 min`, `1 min 30 s`, `1 h`.
pub fn span(time: Seconds, words: &PatientStrings) -> String {
    let parts = [
        (time.0 / 3_600, words.hour_unit),
        (time.0 / 60 % 60, words.minute_unit),
        (time.0 % 60, words.second_unit),
    ];
    let told: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, unit)| [&number.to_string(), *unit].join("\u{a0}"))
        .collect();
    if told.is_empty() { words.no_time.to_owned() } else { told.join(" ") }
}

pub fn rhythm_word(rhythm: Rhythm, words: &PatientStrings) -> &'static str {
    match rhythm {
        Rhythm::Sinus => words.sinus,
        Rhythm::AtrialFibrillation => words.atrial_fibrillation,
        Rhythm::SupraventricularTachycardia => words.supraventricular_tachycardia,
        Rhythm::VentricularTachycardia => words.ventricular_tachycardia,
        Rhythm::VentricularFibrillation => words.ventricular_fibrillation,
        Rhythm::PulselessElectricalActivity => words.pulseless_electrical_activity,
        Rhythm::Asystole => words.asystole,
    }
}

pub fn actor_word(actor: Actor, words: &PatientStrings) -> &'static str {
    match actor {
        Actor::You => words.you,
        Actor::Nurse => words.nurse,
        Actor::Team => words.team,
    }
}

pub fn group_word(group: ActionGroup, words: &PatientStrings) -> &'static str {
    match group {
        ActionGroup::History => words.group_history,
        ActionGroup::Examination => words.group_examination,
        ActionGroup::Monitoring => words.group_monitoring,
        ActionGroup::Airway => words.group_airway,
        ActionGroup::Fluids => words.group_fluids,
        ActionGroup::Drugs => words.group_drugs,
        ActionGroup::Procedures => words.group_procedures,
        ActionGroup::Laboratory => words.group_laboratory,
        ActionGroup::Imaging => words.group_imaging,
        ActionGroup::Consults => words.group_consults,
        ActionGroup::Disposition => words.group_disposition,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strings::strings;

    #[test]
    fn time_is_told_as_a_clock_and_as_a_span() {
        assert_eq!([0, 65, 3_665].map(|s| clock(Seconds(s))), ["0:00", "1:05", "1:01:05"]);
        let words = &strings().patient;
        assert_eq!(
            [0, 45, 120, 3_690].map(|s| span(Seconds(s), words)),
            ["no time", "45\u{a0}s", "2\u{a0}min", "1\u{a0}h 1\u{a0}min 30\u{a0}s"]
        );
    }
}
