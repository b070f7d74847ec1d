//! The pure core of Enduring.
