//! Texts around the scenes.

/// Texts around the scenes.
#[derive(Debug)]
pub struct FrameStrings {
    /// Name of the product.
    pub product: &'static str,
}

pub(super) const EN: FrameStrings = FrameStrings { product: "Enduring" };
