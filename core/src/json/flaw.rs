//! What is wrong with a document, without its place.

use std::fmt;

use serde::de::{Error, Expected, Unexpected};

/// What is wrong; boxed, because every read may fail and hardly any does.
#[derive(Debug)]
pub(super) struct Flaw(Box<What>);

#[derive(Debug)]
pub(super) enum What {
    /// Not JSON.
    Grammar(&'static str),
    /// A value of another kind.
    Expected(&'static str),
    /// A member or variant, by name, that must not be there, or must be.
    Named(&'static str, String),
    /// Too few entries, or too many.
    Length,
    /// What a type says of itself.
    Other(String),
}

impl Flaw {
    pub(super) fn what(&self) -> &What {
        &self.0
    }

    #[cold]
    pub(super) fn grammar(what: &'static str) -> Self {
        Self(Box::new(What::Grammar(what)))
    }

    #[cold]
    pub(super) fn expected(kind: &'static str) -> Self {
        Self(Box::new(What::Expected(kind)))
    }

    #[cold]
    pub(super) fn named(what: &'static str, name: &str) -> Self {
        Self(Box::new(What::Named(what, name.to_owned())))
    }

    #[cold]
    pub(super) fn length() -> Self {
        Self(Box::new(What::Length))
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.what() {
            What::Grammar(what) => f.write_str(what),
            What::Expected(kind) => write!(f, "expected {kind}"),
            What::Named(what, name) => write!(f, "{what} `{name}`"),
            What::Length => f.write_str("expected a list of another length"),
            What::Other(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Flaw {}

impl Error for Flaw {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self(Box::new(What::Other(what.to_string())))
    }

    fn missing_field(name: &'static str) -> Self {
        Self::named("missing field", name)
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::length()
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::expected("another type")
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::expected("another value")
    }
}
