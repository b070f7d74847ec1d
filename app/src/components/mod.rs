//! Pure views: props in, callbacks out. One component per file.

pub mod bottom_bar;
pub mod button;
pub mod case;
pub mod clock;
pub mod data_table;
pub mod definitions;
pub mod dialog;
pub mod document;
pub mod field;
pub mod heading;
pub mod icon;
pub mod item;
pub mod media;
pub mod notice;
pub mod opening;
pub mod progress;
pub mod reading;
pub mod references;
pub mod saving;
pub mod scroll_box;
pub mod test;
pub mod wide;
