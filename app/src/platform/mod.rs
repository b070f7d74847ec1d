//! What the browser offers, one file per thing, without Yew.

pub mod crash;
pub mod judge;
pub mod page;
