//! Who I am: asked here, at the end, and not before the pre-test.

use enduring_core::content::{Identifier, Need, Profession};
use enduring_core::id::ProfessionId;
use enduring_core::record::{Birthday, IdentifierValue, LearnerSheet, is_somebody};
use yew::prelude::*;

use super::bottom_bar::BottomBar;
use super::button::{Button, Readiness};
use super::field::{Select, TextField};
use super::saving::Saving;
use crate::components::part::part;
use crate::hooks::use_state;
use crate::markup::html;
use crate::strings::strings;

/// Everything of a learner sheet but its salt.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Profession.
    pub profession: ProfessionId,
    /// Birth month and day.
    pub birthday: Birthday,
    /// The identifiers that were given.
    pub identifiers: Vec<IdentifierValue>,
}

/// Longest name or identifier in characters.
const LONGEST: u16 = 100;

/// Who I am.
#[derive(PartialEq)]
pub struct ClaimWho {
    /// Professions to choose from.
    pub professions: Vec<Profession>,
    /// Identifiers asked.
    pub identifiers: Vec<Identifier>,
    /// What was said before.
    pub learner: Option<LearnerSheet>,
    /// Where the latest step stands.
    pub saving: Saving,
    /// It is said.
    pub onsave: Callback<Described>,
}

/// What stands in the fields.
#[derive(Clone, Debug, Default, PartialEq)]
struct Fields {
    first: String,
    last: String,
    profession: String,
    month: String,
    day: String,
    identifiers: Vec<String>,
}

impl Fields {
    fn of(learner: Option<&LearnerSheet>, asked: &[Identifier]) -> Self {
        let Some(sheet) = learner else {
            return Self { identifiers: vec![String::new(); asked.len()], ..Self::default() };
        };
        let value = |identifier: &Identifier| {
            let known = sheet.identifiers.iter().find(|known| known.id == identifier.id);
            known.map_or_else(String::new, |known| known.value.clone())
        };
        Self {
            first: sheet.first_name.clone(),
            last: sheet.last_name.clone(),
            profession: sheet.profession.to_string(),
            month: sheet.birthday.month.to_string(),
            day: sheet.birthday.day.to_string(),
            identifiers: asked.iter().map(value).collect(),
        }
    }

    fn birthday(&self) -> Option<Birthday> {
        let birthday = Birthday { month: self.month.parse().ok()?, day: self.day.parse().ok()? };
        birthday.is_possible().then_some(birthday)
    }

    /// `None` while something is missing.
    fn described(&self, asked: &[Identifier]) -> Option<Described> {
        let (first, last) = (line(&self.first), line(&self.last));
        let given = |(identifier, value): (&Identifier, &String)| {
            let value = line(value);
            (!value.is_empty()).then(|| IdentifierValue { id: identifier.id.clone(), value })
        };
        let whole = !first.is_empty()
            && !last.is_empty()
            && is_somebody(&first, &last)
            && asked
                .iter()
                .zip(&self.identifiers)
                .all(|(identifier, value)| identifier.need == Need::Optional || !line(value).is_empty());
        let described = Described {
            first_name: first,
            last_name: last,
            profession: ProfessionId::new(self.profession.clone()).ok()?,
            birthday: self.birthday()?,
            identifiers: asked.iter().zip(&self.identifiers).filter_map(given).collect(),
        };
        whole.then_some(described)
    }
}

/// As it was typed; a tab or another control that was pasted is a space.
fn line(text: &str) -> String {
    text.replace(char::is_control, " ").trim().to_owned()
}

part!(ClaimWho, use_claim_who);

#[hook]
fn use_claim_who(props: &ClaimWho) -> Html {
    let s = &strings().frame.claim;
    let fields = use_state(|| Fields::of(props.learner.as_ref(), &props.identifiers));
    let tried = use_state(|| false);
    let change = |set: fn(&mut Fields, String)| {
        let fields = fields.setter();
        Callback::from(move |text: String| {
            let mut next = (*fields.now()).clone();
            set(&mut next, text);
            fields.set(next);
        })
    };
    let missing = |absent: bool| (*tried && absent).then_some(AttrValue::Static(s.needed));
    let numbers = |to: u8| (1..=to).map(|n| (n.to_string().into(), n.to_string().into())).collect::<Vec<_>>();
    let months = s.months.iter().zip(1u8..).map(|(name, n)| (n.to_string().into(), (*name).into()));
    let professions = props.professions.iter();
    let professions = professions.map(|known| (known.id.to_string().into(), known.label.clone().into()));
    let birthday = (*tried && fields.birthday().is_none()).then_some(AttrValue::Static(s.birthday_wrong));
    let save = {
        let (fields, tried, asked) = (fields.setter(), tried.setter(), props.identifiers.clone());
        let onsave = props.onsave.clone();
        Callback::from(move |()| match fields.now().described(&asked) {
            Some(described) => onsave.emit(described),
            None => tried.set(true),
        })
    };
    let incomplete = *tried && fields.described(&props.identifiers).is_none();
    let nobody = !is_somebody(&fields.first, &fields.last);
    let identifier = |(place, identifier): (usize, &Identifier)| {
        let value = fields.identifiers.get(place).cloned().unwrap_or_default();
        let needed = identifier.need == Need::Required;
        let error = missing(needed && value.trim().is_empty());
        let label = if needed { identifier.label.clone() } else { (s.optional)(&identifier.label) };
        let oninput = {
            let fields = fields.setter();
            Callback::from(move |text: String| {
                let mut next = (*fields.now()).clone();
                if let Some(value) = next.identifiers.get_mut(place) {
                    *value = text;
                }
                fields.set(next);
            })
        };
        TextField {
            id: format!("identifier-{}", identifier.id).into(),
            label: label.into(),
            hint: identifier.hint.clone().into(),
            value: value.into(),
            oninput,
            error,
            max_chars: Some(LONGEST),
            ..TextField::default()
        }
        .line()
    };
    let readiness = if props.saving.is_busy() { Readiness::Busy } else { Readiness::Ready };
    html! {
        <>
            <section class="claim__step">
                <h2 id="claim-step" tabindex="-1">{ s.who }</h2>
                <p>{ s.who_why }</p>
                {
                    TextField {
                        id: AttrValue::Static("first-name"),
                        label: AttrValue::Static(s.first_name),
                        value: fields.first.clone().into(),
                        oninput: change(|f, text| f.first = text),
                        autocomplete: AttrValue::Static("given-name"),
                        max_chars: Some(LONGEST),
                        error: missing(nobody || fields.first.trim().is_empty()),
                        ..TextField::default()
                    }
                    .line()
                }
                {
                    TextField {
                        id: AttrValue::Static("last-name"),
                        label: AttrValue::Static(s.last_name),
                        value: fields.last.clone().into(),
                        oninput: change(|f, text| f.last = text),
                        autocomplete: AttrValue::Static("family-name"),
                        max_chars: Some(LONGEST),
                        error: missing(nobody || fields.last.trim().is_empty()),
                        ..TextField::default()
                    }
                    .line()
                }
                {
                    Select {
                        id: AttrValue::Static("profession"),
                        label: AttrValue::Static(s.profession),
                        options: professions.collect::<Vec<_>>(),
                        value: fields.profession.clone().into(),
                        nothing: AttrValue::Static(s.choose),
                        onchange: change(|f, text| f.profession = text),
                        error: missing(fields.profession.is_empty()),
                        ..Select::default()
                    }
                    .view()
                }
                <div class="claim__pair">
                    {
                        Select {
                            id: AttrValue::Static("birth-month"),
                            label: AttrValue::Static(s.birth_month),
                            options: months.collect::<Vec<_>>(),
                            value: fields.month.clone().into(),
                            nothing: AttrValue::Static(s.choose),
                            onchange: change(|f, text| f.month = text),
                            error: birthday,
                            ..Select::default()
                        }
                        .view()
                    }
                    {
                        Select {
                            id: AttrValue::Static("birth-day"),
                            label: AttrValue::Static(s.birth_day),
                            options: numbers(31),
                            value: fields.day.clone().into(),
                            nothing: AttrValue::Static(s.choose),
                            onchange: change(|f, text| f.day = text),
                            ..Select::default()
                        }
                        .view()
                    }
                </div>
                <p class="field__hint" id="birth-month-hint">{ s.birthday_why }</p>
                { for props.identifiers.iter().enumerate().map(identifier) }
            </section>
            {
                BottomBar::new(
                    Button::new(s.go_on).primary().readiness(readiness).on(save).view(),
                    props.saving.clone(),
                )
                .hint(if incomplete { s.incomplete } else { "" })
                .view()
            }
        </>
    }
}
