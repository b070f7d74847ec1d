//! Fields of forms, each with its label, its hint and what is wrong with it beside it.

use maud::{Markup, html};

/// A field for a line of text.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Its name in the form.
    pub name: &'a str,
    /// Its label.
    pub label: &'a str,
    /// `text`, `password`, `date`, `search`.
    pub kind: &'a str,
    /// What it holds.
    pub value: &'a str,
    /// What to put there; may be empty.
    pub hint: &'a str,
    /// What is wrong with it; empty for nothing.
    pub error: &'a str,
    /// As browsers know it: `username`, `current-password`, `new-password`, `off`.
    pub complete: &'a str,
}

impl<'a> Field<'a> {
    /// A field for plain text.
    pub fn text(name: &'a str, label: &'a str) -> Self {
        Self { name, label, kind: "text", value: "", hint: "", error: "", complete: "off" }
    }

    /// The field, or one that has to be filled.
    pub fn show(&self, need: Need) -> Markup {
        let (hint, error) = (format!("{}-hint", self.name), format!("{}-error", self.name));
        let mut about = Vec::new();
        if !self.hint.is_empty() {
            about.push(hint.as_str());
        }
        if !self.error.is_empty() {
            about.push(error.as_str());
        }
        let about = (!about.is_empty()).then(|| about.join(" "));
        html! {
            div.field {
                label for=(self.name) { (self.label) }
                @if !self.hint.is_empty() { p.hint id=(hint) { (self.hint) } }
                @if !self.error.is_empty() { p.error id=(error) { (self.error) } }
                input id=(self.name) name=(self.name) type=(self.kind) value=(self.value)
                    autocomplete=(self.complete) autocapitalize="none" spellcheck="false"
                    required[need == Need::Required] aria-describedby=[about]
                    aria-invalid=[(!self.error.is_empty()).then_some("true")];
            }
        }
    }
}

/// Whether a field has to be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Yes.
    Required,
    /// No.
    Optional,
}

/// A field for several lines. Its id is its own on the page, where several forms may have the name.
pub fn area(id: &str, name: &str, label: &str, hint: &str, need: Need) -> Markup {
    let about = format!("{id}-hint");
    html! {
        div.field {
            label for=(id) { (label) }
            p.hint id=(about) { (hint) }
            textarea id=(id) name=(name) rows="3" maxlength="2000" required[need == Need::Required]
                aria-describedby=(about) {}
        }
    }
}

/// A choice of one from a list.
pub fn select(name: &str, label: &str, options: &[(String, String)], chosen: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                @for (value, text) in options {
                    option value=(value) selected[value == chosen] { (text) }
                }
            }
        }
    }
}
