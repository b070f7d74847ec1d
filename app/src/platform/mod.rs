//! What the browser offers, one file per thing, without Yew.

pub mod channel;
pub mod clock;
pub mod crash;
pub mod element;
pub mod files;
pub mod install;
pub mod judge;
pub mod keys;
pub mod late;
pub mod locale;
pub mod locks;
pub mod net;
pub mod page;
pub mod random;
pub mod rescue;
pub mod root;
pub mod share;
pub mod sound;
pub mod space;
pub mod tasks;
pub mod timer;
pub mod watch;
pub mod worker;
