//! The front matter: what accreditation wants shown before the learner starts, whole and in its order.
//! Source of the order: the accreditors' rules collected in `docs/accreditation.md`.

use enduring_core::content::{Activity, CaseGate, CreditOffer, OverActive, PartBody, Statement};
use enduring_core::session::PLAYS_MAX;
use yew::prelude::*;

use super::definitions::definitions;
use super::document::prose;
use super::front_people::FrontPeople;
use super::references::References;
use crate::markup::html;
use crate::strings::strings;
use crate::words;

/// The whole front matter; nothing of it is ever folded away.
pub struct FrontMatterText {
    /// The activity that it is the front matter of.
    pub activity: std::sync::Arc<Activity>,
}

impl FrontMatterText {
    /// As elements.
    pub fn view(&self) -> Html {
        let all = strings();
        let s = &all.frame.front;
        let activity = &*self.activity;
        let front = &activity.front;
        let joint = front.provider.joint.as_ref().map(|joint| (s.joint)(joint));
        let dates = [
            (s.release, words::iso_date(all, &front.dates.release)),
            (s.review, words::iso_date(all, &front.dates.review)),
            (s.termination, (s.last_day)(&words::iso_date(all, &front.dates.termination), &front.dates.zone)),
            (s.time, (s.minutes)(front.minutes.0)),
        ];
        let list = |entries: Vec<Html>| html! { <ul>{ for entries.into_iter().map(|entry| html! { <li>{ entry }</li> }) }</ul> };
        html! {
            <div class="front">
                <section class="front__section">
                    <h2>{ s.accreditation }</h2>
                    <p>{ (s.provided_by)(&front.provider.name) }{ joint }</p>
                    { statement(&front.accreditation) }
                    { for front.credits.iter().map(|offer| html! {
                        <>
                            <h3>{ &offer.name }</h3>
                            { statement(&offer.designation) }
                            { definitions(&credit_facts(s, activity, offer)) }
                        </>
                    }) }
                </section>
                <section class="front__section">
                    <h2>{ s.objectives }</h2>
                    <p>{ s.able_to }</p>
                    {
                        list(
                            activity
                                .objectives
                                .iter()
                                .map(|objective| html! { { &objective.text } })
                                .collect(),
                        )
                    }
                </section>
                <section class="front__section">
                    <h2>{ s.audience }</h2>
                    <p>{ &front.audience }</p>
                </section>
                <section class="front__section">
                    <h2>{ s.gaps }</h2>
                    { list(activity.gaps.iter().map(|gap| html! {
                        <>{ &gap.text }{ " " }<span class="front__source">{ (s.gap_source)(gap) }</span></>
                    }).collect()) }
                </section>
                { FrontPeople { people: front.people.clone() }.view() }
                <section class="front__section">
                    <h2>{ s.mitigation }</h2>
                    { prose(&front.mitigation, 3) }
                </section>
                <section class="front__section">
                    <h2>{ s.support }</h2>
                    if front.support.is_empty() {
                        <p>{ s.no_support }</p>
                    } else {
                        { list(front.support.iter().map(|support| html! {
                            { format!("{}: {}", support.company, support.nature) }
                        }).collect()) }
                    }
                </section>
                <section class="front__section">
                    <h2>{ s.dates }</h2>
                    { definitions(&dates.into_iter()
                        .map(|(name, fact)| (AttrValue::Static(name), html! { { fact } })).collect::<Vec<_>>()) }
                </section>
                <section class="front__section">
                    <h2>{ s.method }</h2>
                    { prose(&front.method, 3) }
                    { definitions(&part_facts(s, activity)) }
                    <p>{ match activity.policy.over_active {
                        OverActive::Confirm => s.over_active_confirm,
                        OverActive::Refuse => s.over_active_refuse,
                    } }</p>
                </section>
                <section class="front__section">
                    <h2>{ s.requirements }</h2>
                    { prose(&front.requirements, 3) }
                </section>
                <section class="front__section">
                    <h2>{ s.privacy }</h2>
                    { prose(&front.privacy, 3) }
                </section>
                <section class="front__section">
                    <h2>{ s.contact }</h2>
                    <p>{ &front.provider.contact }</p>
                </section>
                { References { references: front.bibliography.clone(), heading: "h2" }.view() }
            </div>
        }
    }
}

/// A statement, word for word, set apart from everything else.
fn statement(statement: &Statement) -> Html {
    html! {
        <blockquote class="front__statement">{ prose(&statement.text, 4) }</blockquote>
    }
}

fn credit_facts(
    s: &crate::strings::FrontStrings,
    activity: &Activity,
    offer: &CreditOffer,
) -> Vec<(AttrValue, Html)> {
    let professions: Vec<&str> = activity
        .front
        .professions
        .iter()
        .filter(|profession| offer.professions.contains(&profession.id))
        .map(|profession| profession.label.as_str())
        .collect();
    vec![
        (AttrValue::Static(s.maximum), html! { { (s.maximum_in_steps)(offer.maximum, offer.step) } }),
        (
            AttrValue::Static(s.granted_by),
            html! { { format!("{} ({})", offer.accreditor, offer.accreditor_activity) } },
        ),
        (AttrValue::Static(s.for_professions), html! { { professions.join(", ") } }),
    ]
}

/// What each part asks: minutes, threshold, attempts.
fn part_facts(s: &crate::strings::FrontStrings, activity: &Activity) -> Vec<(AttrValue, Html)> {
    let gate = |gate, attempts| match gate {
        CaseGate::Ending => s.to_complete.to_owned(),
        CaseGate::Threshold(threshold) => (s.threshold)(threshold.0, attempts),
    };
    let fact = |part: &enduring_core::content::Part| {
        let needed = match &part.body {
            PartBody::Test(test) => match test.policy.threshold {
                None => s.not_graded.to_owned(),
                Some(threshold) => (s.threshold)(threshold.0, test.policy.attempts),
            },
            PartBody::Patient(patient) => gate(patient.gate, u16::try_from(PLAYS_MAX).ok()),
            PartBody::Case(case) => gate(case.gate, None),
            PartBody::Reading(_) | PartBody::Evaluation(_) => s.to_complete.to_owned(),
        };
        (part.title.clone().into(), html! { { format!("{}; {needed}", (s.minutes)(part.minutes.0)) } })
    };
    activity.parts.iter().map(fact).collect()
}
