//! How an activity lies in `activity.bin`: the members of every shape in their
//! order, the variants of every enum by theirs. Stored; never reorder.
//!
//! It is what serde's derive would read there, written out so that the player need
//! not carry the derived readers (decision 0009). A member left out does not
//! compile; `tests` compare order, names and variants with what the derive declares.
//! `nested` marks the same places as in the types.

#[cfg(test)]
mod declared;
#[cfg(test)]
mod tests;

use super::patient::*;
use super::*;
use crate::measure::{Amount, Credit, Millis, Minutes, Percent, Points, Seconds, Timestamp};
use crate::wire::{Reader, Wire};

macro_rules! structs {
    ($($shape:ident { $($member:tt),* })*) => {
        $(impl Wire for $shape {
            fn read(from: &mut Reader<'_>) -> Self {
                Self { $($member: Wire::read(from)),* }
            }
        })*

        #[cfg(test)]
        fn structs() -> Vec<tests::Struct> {
            vec![$(tests::Struct::of::<$shape>(stringify!($shape), &[$(stringify!($member)),*])),*]
        }
    };
}

macro_rules! enums {
    ($($shape:ident {
        $first:ident { $($held:tt),* }
        $(, $variant:ident { $($member:tt $(: $nested:ident)?),* })*
    })*) => {
        $(impl Wire for $shape {
            fn read(from: &mut Reader<'_>) -> Self {
                #[derive(Clone, Copy)]
                enum Place { $first, $($variant),* }
                let place = from.variant([Place::$first, $(Place::$variant),*].len());
                $(if place == Place::$variant as u32 {
                    return Self::$variant { $($member: member!(from $($nested)?)),* };
                })*
                Self::$first { $($held: Wire::read(from)),* }
            }
        })*

        #[cfg(test)]
        fn enums() -> Vec<tests::Enum> {
            vec![$(tests::Enum::of::<$shape>(stringify!($shape), &[
                (stringify!($first), &[$(stringify!($held)),*]),
                $((stringify!($variant), &[$(stringify!($member)),*])),*
            ])),*]
        }
    };
}

macro_rules! member {
    ($from:ident) => {
        Wire::read($from)
    };
    ($from:ident nested) => {
        $from.nested()
    };
}

structs! {
    Timestamp { 0 }
    Millis { 0 }
    Minutes { 0 }
    Seconds { 0 }
    Points { 0 }
    Credit { 0 }
    Percent { 0 }
    Amount { 0 }
    VariableAt { 0 }
    ActionAt { 0 }
    RouteAt { 0 }
    StageAt { 0 }
    Formula { 0 }
    RuleAt { 0 }
    EndingAt { 0 }
    Activity {
        content_version, id, version, language, title, summary, front, policy, gaps, objectives,
        items, banks, forms, parts
    }
    FrontMatter {
        provider, accreditation, credits, sample, audience, people, mitigation, support, dates,
        minutes, method, requirements, privacy, bibliography, attestation, consents, identifiers,
        professions
    }
    Provider { name, joint, contact, url }
    Statement { id, version, text }
    CreditOffer { id, name, accreditor, accreditor_activity, maximum, step, professions, designation }
    Person { name, credentials, roles, relationships, signed_off }
    Relationship { company, nature, ongoing }
    Support { company, nature }
    Dates { release, review, termination, zone, opens, closes }
    Reference { text, url }
    Consent { recipient, statement }
    Identifier { id, label, hint, need }
    Profession { id, label }
    Gap { id, text, method, date, source }
    Objective { id, text, gap }
    Policy { idle_cutoff, minimum_time, over_active }
    TestPolicy {
        threshold, attempts, cool_down, redraw, shuffle_items, shuffle_options, reveal, back,
        certainty, item_limit, attempt_limit, unanswered
    }
    Table { caption, head, align, rows }
    Image { file, alt, caption, width, height }
    Item { id, objectives, stem, image, body, rationale, references, difficulty }
    Choice { id, text, feedback }
    TruthStatement { id, text, truth, feedback }
    MatchStem { id, text, key, feedback }
    PanelOption { id, text, votes }
    Part { id, title, minutes, body }
    Reading { pages }
    Page { title, text }
    Test { role, introduction, selection, policy }
    Bank { id, items }
    Forms { id, a, b }
    Case { patient, start, nodes, chart, counters, rules, gate, expert, debrief, references }
    Node { id, title, text, effects, step }
    Link { id, text, when, effects, to }
    Decision {
        id, prompt, options, min_picks, max_picks, objectives, rationale, references, branches,
        otherwise
    }
    DecisionOption { id, text, worth, consequence, effects }
    Branch { when, to }
    Ending { id, title, quality, points }
    Counter { id, label, initial, min, max }
    Rule { id, when, text, effects, divert }
    Entry { id, section, title, time, text, results }
    LabResult { analyte, value, unit, low, high }
    Evaluation { linkage, questions }
    Question { id, text, need, body }
    Label { id, text }
    Patient {
        patient, opening, limit, variables, appearance, words, rhythms, beginning, stages, actions,
        rules, endings, rubric, gate, expert, debrief, take_home, references
    }
    Variable { id, label, unit, vital, initial, min, max, decimals, formula, alarm_low, alarm_high }
    Remark { when, text }
    Stage { id, title, changes }
    PatientRule { id, when, held, again, speaker, text, notice, changes }
    PatientEnding { id, title, kind, quality, text, when, held, share }
    Given { amount, route }
    Action {
        id, title, group, by, takes, asks, offered, otherwise, repeats, weight, cost, dose, routes,
        answers, changes, report
    }
    Dose { unit, form, usual_low, usual_high, most_at_once, most_in_all, apart }
    Route { id, title, effects }
    DoseEffect { variable, most, half, onset, peak, wanes, gone, factor }
    Report { turnaround, results, findings }
    ReportLine { analyte, unit, value, decimals, low, high }
    Rubric { lines, cap_after_harm }
    RubricLine { id, title, objectives, points, measure, rationale, references }
    Deed { action, route, least, most }
}

enums! {
    Role { Planner {}, Author {}, Reviewer {}, Approver {} }
    Ongoing { Yes {}, Ended {} }
    Need { Required {}, Optional {} }
    MinimumTime { None {}, Review { 0 }, Block { 0 } }
    OverActive { Confirm {}, Refuse {} }
    Redraw { Same {}, New {} }
    Order { Fixed {}, Shuffled {} }
    Reveal { Never {}, AfterItem {}, AfterAttempt {}, AfterPassing {} }
    Back { Free {}, Locked {} }
    Certainty { Off {}, Optional {}, Required {} }
    Unanswered { Refuse {}, Allow {} }
    Block {
        Paragraph { 0 },
        Heading { level, text },
        Bullets { 0: nested },
        Numbers { start, entries: nested },
        Quote { 0: nested },
        Table { 0 },
        Image { 0 },
        Break {}
    }
    Inline {
        Text { 0 },
        Emphasis { 0: nested },
        Strong { 0: nested },
        Code { 0 },
        Link { to, text: nested },
        Newline {}
    }
    Align { Start {}, Center {}, End {} }
    ItemBody {
        SingleBest { options, key },
        MultipleResponse { options, key, scoring, max_picks },
        TrueFalse { statements, scoring },
        ExtendedMatching { options, stems, scoring },
        Ordering { steps, scoring },
        Numeric { unit, key, tolerance },
        ScriptConcordance { hypothesis, finding, scale },
        KeyFeature { options, key, max_picks }
    }
    PartScoring { AllOrNothing {}, PerPart {} }
    Truth { True {}, False {} }
    PartBody { Reading { 0 }, Test { 0 }, Case { 0 }, Evaluation { 0 }, Patient { 0 } }
    TestRole { Pre {}, Post {}, Practice {} }
    Selection { Items { 0 }, Draw { bank, count }, Form { forms, turn } }
    FormTurn { First {}, Second {} }
    CaseGate { Ending {}, Threshold { 0 } }
    NodeStep { Links { 0 }, Decision { 0 }, Ending { 0 } }
    Worth { Earns { 0 }, Neutral {}, Costs { 0 }, Harmful {} }
    EndingQuality { Poor {}, Fair {}, Best {} }
    Effect { Add { counter, by }, Set { counter, to }, Disclose { 0 } }
    Condition {
        Always {},
        Not { 0: nested },
        All { 0: nested },
        Any { 0: nested },
        AtLeast { counter, value },
        Visited { 0 },
        Picked { decision, option },
        Earned { decision, points },
        Opened { 0 }
    }
    ExpertStep { Follow { 0 }, Decide { 0 } }
    Section { History {}, Examination {}, Laboratory {}, Imaging {}, Notes {} }
    LabValue { Number { 0 }, Words { 0 } }
    Linkage { Named {}, Confidential {} }
    QuestionBody {
        Likert { labels },
        Scale { from, to, low, high },
        FreeText { max_chars },
        Commitment { statements, max_chars }
    }
    Vital {
        Hidden {}, HeartRate {}, Systolic {}, Diastolic {}, Saturation {}, Respiration {},
        Temperature {}, Other {}
    }
    Rhythm {
        Sinus {}, AtrialFibrillation {}, SupraventricularTachycardia {}, VentricularTachycardia {},
        VentricularFibrillation {}, PulselessElectricalActivity {}, Asystole {}
    }
    Speaker { Narrator {}, Patient {}, Nurse {}, Family {}, Colleague {} }
    Notice { Quiet {}, Interrupts {} }
    Change {
        Course { variable, to, pace },
        Add { variable, by },
        Stage { 0 },
        Show { 0 },
        Hide { 0 },
        Stop { 0 },
        End { 0 }
    }
    Pace { Step {}, Linear { 0 }, FirstOrder { 0 } }
    EndingKind { Stable {}, Transferred {}, Arrest {}, TimeOut {}, LearnerEnds {} }
    ScriptStep { Act { action, dose }, Wait { 0 } }
    ActionGroup {
        History {}, Examination {}, Monitoring {}, Airway {}, Fluids {}, Drugs {}, Procedures {},
        Laboratory {}, Imaging {}, Consults {}, Disposition {}
    }
    Actor { You {}, Nurse {}, Team {} }
    Repeats { Once {}, Again {} }
    Weight { Light {}, Irreversible {} }
    DoseForm { Bolus {}, Rate {} }
    Op {
        Number { 0 },
        Variable { 0 },
        Time {},
        Since { 0 },
        Count { 0 },
        Total { 0 },
        Sum {},
        Difference {},
        Product {},
        Quotient {},
        Least {},
        Greatest {}
    }
    Guard {
        Always {},
        Not { 0: nested },
        All { 0: nested },
        Any { 0: nested },
        Less { 0, 1 },
        AtMost { 0, 1 },
        Done { 0 },
        Underway { 0 },
        Running { 0 },
        Reported { 0 },
        OverLimit { 0 },
        InStage { 0 },
        Fired { 0 }
    }
    Measure {
        Timely { any, opens, within, late },
        Sequence { first, then },
        Harm { when, weight },
        Economy { of, most },
        Outcome {}
    }
    HarmWeight { Costs {}, Critical {} }
    Economy { Orders {}, Cost {}, Minutes {} }
}
