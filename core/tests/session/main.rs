//! What sessions promise, seen from outside: the corpus, properties over random
//! sessions, hostile bytes, and the page of settings.

#![expect(clippy::disallowed_methods, reason = "the tests read the corpus, and rewrite it when told to")]

mod corpus;
mod faults;
mod front;
mod full_log;
mod hostile;
mod learner;
mod packs;
mod patient;
mod policy_page;
mod properties;
mod reveal;
mod scripts;
mod seconds;
mod speed;
