//! The front matter as text: what is needed to complete is told before the start.

use enduring_core::content::{FrontEdition, front_text, front_text_of};

use super::corpus::pack;

#[test]
fn a_case_with_a_threshold_tells_it_as_a_patient_does() {
    for (name, part) in [("clinic", "case"), ("bedside", "patient")] {
        let content = pack(name);
        let text = front_text(content.activity());
        let needed = "60 percent needed, can be played again";
        assert!(text.contains(needed), "{part} of {name}: {text}");
    }
}

/// A pack keeps the text with which it was built.
#[test]
fn what_was_written_before_can_be_written_again() {
    let clinic = pack("clinic");
    let first = front_text_of(clinic.activity(), FrontEdition::First);
    assert_eq!(enduring_core::id::Digest::of(&[first.as_bytes()]), clinic.front_matter());
    assert!(!first.contains("60 percent"), "{first}");
}
