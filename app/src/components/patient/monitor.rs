//! The monitor: figures with their alarms, the rhythm strip, and whether alarms are heard.

use enduring_core::content::Flag;
use enduring_core::content::patient::{Rhythm, Vital};
use enduring_core::measure::Seconds;
use enduring_core::session::view::{PatientView, VitalView};
use std::rc::Rc;
use yew::prelude::*;

use super::strip::Strip;
use super::words::{clock, rhythm_word};
use crate::components::button::Button;
use crate::components::icon::{Icon, glyph};
use crate::components::part::{Part, part};
use crate::hooks::{use_effect_with, use_state_eq};
use crate::markup::html;
use crate::platform::page::{self, Urgency};
use crate::platform::sound;
use crate::strings::{PatientStrings, strings};

/// The monitor. Alarms alone are announced; values are read on demand.
#[derive(PartialEq)]
pub struct Monitor {
    /// The patient.
    pub patient: Rc<PatientView>,
}

part!(Monitor, use_monitor);

#[hook]
fn use_monitor(props: &Monitor) -> Html {
    let words = &strings().patient;
    let patient = &props.patient;
    let heard = use_state_eq(|| false);
    let alarms: Vec<String> = patient.vitals.iter().filter_map(|vital| alarm(vital, words)).collect();
    {
        let heard = *heard;
        use_effect_with((alarms.clone(), heard), move |(alarms, heard)| {
            if !alarms.is_empty() {
                page::announce(&alarms.join(", "), Urgency::Assertive);
                if *heard {
                    sound::alarm();
                }
            }
        });
    }
    let toggle = {
        let heard = heard.setter();
        Callback::from(move |()| {
            sound::allow();
            heard.set(!*heard.now());
        })
    };
    let rate = patient.vitals.iter().find(|vital| vital.vital == Vital::HeartRate).map(whole);
    html! {
        <section class="monitor" aria-label={words.monitor}>
            <div class="monitor__head">
                <p class="monitor__time figures">
                    { glyph(Icon::Clock) }
                    <span>{ clock(patient.time) }</span>
                    <span class="monitor__limit">{ (words.of_time)(&clock(patient.limit)) }</span>
                </p>
                if !patient.vitals.is_empty() {
                    { Button::new(if *heard { words.alarm_heard } else { words.alarm_silent }).quiet().on(toggle).view() }
                }
            </div>
            if let (Some(rhythm), Some(rate)) = (patient.rhythm, rate) {
                { Strip { rhythm, rate }.view() }
            }
            if patient.vitals.is_empty() {
                <p class="monitor__empty">{ words.not_monitored }</p>
            } else {
                <p class="visually-hidden">{ sentence(patient.rhythm, patient.time, &patient.vitals, words) }</p>
                <dl class="monitor__values">
                    { for groups(&patient.vitals).iter().map(|group| shown(group, words)) }
                </dl>
            }
        </section>
    }
}

fn whole(vital: &VitalView) -> u32 {
    let text = vital.value.to_string();
    text.split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or(0)
}

/// Systolic and diastolic pressure stand together; all else by itself.
fn groups(vitals: &[VitalView]) -> Vec<Vec<&VitalView>> {
    let mut groups: Vec<Vec<&VitalView>> = Vec::new();
    for vital in vitals {
        let joins = vital.vital == Vital::Diastolic
            && groups.last().is_some_and(|last| last.last().is_some_and(|it| it.vital == Vital::Systolic));
        match groups.last_mut().filter(|_| joins) {
            Some(last) => last.push(vital),
            None => groups.push(vec![vital]),
        }
    }
    groups
}

fn shown(group: &[&VitalView], words: &PatientStrings) -> Html {
    let Some(first) = group.first() else { return Html::default() };
    let alarm = group.iter().find_map(|vital| vital.alarm);
    let label = if group.len() > 1 { words.blood_pressure } else { first.label.as_str() };
    let values: Vec<String> = group.iter().map(|vital| vital.value.to_string()).collect();
    html! {
        <div class={if alarm.is_some() { "monitor__vital monitor__vital--alarm" } else { "monitor__vital" }}>
            <dt class="monitor__label">{ label }</dt>
            <dd class="monitor__value figures">
                <span>{ values.join("/") }</span>
                <span class="monitor__unit">{ &first.unit }</span>
                if let Some(flag) = alarm {
                    <span class="monitor__alarm">
                        { glyph(if flag == Flag::Low { Icon::Down } else { Icon::Up }) }
                        { if flag == Flag::Low { words.low } else { words.high } }
                    </span>
                }
            </dd>
        </div>
    }
}

fn alarm(vital: &VitalView, words: &PatientStrings) -> Option<String> {
    let word = match vital.alarm? {
        Flag::Low => words.low,
        Flag::High => words.high,
        Flag::InRange => return None,
    };
    Some([vital.label.as_str(), word].join(" "))
}

/// The monitor in one sentence.
fn sentence(rhythm: Option<Rhythm>, time: Seconds, vitals: &[VitalView], words: &PatientStrings) -> String {
    let at = (words.at_time)(&clock(time));
    let values = vitals.iter().map(|vital| {
        let value = vital.value.to_string();
        [vital.label.as_str(), value.as_str(), vital.unit.as_str()].join(" ")
    });
    let rhythm = rhythm.map(|rhythm| rhythm_word(rhythm, words).to_owned());
    let all: Vec<String> = [at].into_iter().chain(rhythm).chain(values).collect();
    all.join(", ")
}
