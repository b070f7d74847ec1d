//! Everyone in control of content, with what they disclose: a row per person, those with nothing included.

use enduring_core::content::{Ongoing, Person, Role};
use yew::prelude::*;

use super::scroll_box::ScrollBox;
use crate::components::part::Part;
use crate::markup::html;
use crate::strings::{FrontStrings, strings};
use crate::words;

/// The disclosures.
pub struct FrontPeople {
    /// Everyone.
    pub people: Vec<Person>,
}

impl FrontPeople {
    /// As elements.
    pub fn view(&self) -> Html {
        let all = strings();
        let s = &all.frame.front;
        let row = |person: &Person| {
            html! {
                <tr>
                    <th scope="row" class="table__cell">
                        { &person.name }<span class="front__credentials">{ &person.credentials }</span>
                    </th>
                    <td class="table__cell">{ roles(s, &person.roles) }</td>
                    <td class="table__cell">{ relationships(s, person) }</td>
                    <td class="table__cell">{ words::iso_date(all, &person.signed_off) }</td>
                </tr>
            }
        };
        html! {
            <section class="front__section">
                <h2>{ s.people }</h2>
                { ScrollBox { label: AttrValue::Static(s.people), children: html! { <table class="table">
                        <caption class="table__caption">{ s.people_caption }</caption>
                        <thead><tr>
                            { for [s.person, s.role, s.relationships, s.signed_off].map(|head| html! {
                                <th scope="col" class="table__cell">{ head }</th>
                            }) }
                        </tr></thead>
                        <tbody>{ for self.people.iter().map(row) }</tbody>
                    </table> } }.view() }
            </section>
        }
    }
}

fn roles(s: &FrontStrings, roles: &[Role]) -> String {
    let role = |role: &Role| match role {
        Role::Planner => s.planner,
        Role::Author => s.author,
        Role::Reviewer => s.reviewer,
        Role::Approver => s.approver,
    };
    roles.iter().map(role).collect::<Vec<_>>().join(", ")
}

fn relationships(s: &FrontStrings, person: &Person) -> Html {
    if person.relationships.is_empty() {
        return html! { { s.nothing_to_disclose } };
    }
    let line = |relationship: &enduring_core::content::Relationship| {
        let ended = match relationship.ongoing {
            Ongoing::Yes => "",
            Ongoing::Ended => s.ended,
        };
        html! { <li>{ format!("{}: {}{ended}", relationship.company, relationship.nature) }</li> }
    };
    html! { <ul>{ for person.relationships.iter().map(line) }</ul> }
}
