//! Every kind of item: once explained item by item and scored by parts, once all or
//! nothing.

use enduring_core::content::{
    Activity, Back, Certainty, Order, PartScoring, Policy, Redraw, Reveal, TestPolicy, TestRole, Unanswered,
};
use enduring_core::measure::Millis;

use super::front::activity as around;
use super::items::{
    concordance, key_feature, matching, multiple, named, numeric, ordering, single, test, true_false,
};

pub fn activity() -> Activity {
    let by_parts = TestPolicy {
        threshold: None,
        attempts: Some(1),
        cool_down: Millis(0),
        redraw: Redraw::New,
        shuffle_items: Order::Fixed,
        shuffle_options: Order::Shuffled,
        reveal: Reveal::AfterItem,
        back: Back::Free,
        certainty: Certainty::Off,
        item_limit: None,
        attempt_limit: None,
        unanswered: Unanswered::Refuse,
    };
    let whole =
        TestPolicy { reveal: Reveal::AfterAttempt, certainty: Certainty::Optional, ..by_parts.clone() };
    let part = PartScoring::PerPart;
    let all = PartScoring::AllOrNothing;
    let parts = vec![
        test(
            "parts",
            TestRole::Practice,
            named(&["best", "some", "truths", "match", "order", "number", "script", "menu"]),
            by_parts,
        ),
        test(
            "whole",
            TestRole::Practice,
            named(&["some-all", "truths-all", "match-all", "order-all"]),
            whole,
        ),
    ];
    let mut activity = around("kinds", "Every kind of item", Policy::default(), parts);
    activity.items = vec![
        single("best", "recognize"),
        multiple("some", part),
        true_false("truths", part),
        matching("match", part),
        ordering("order", part),
        numeric("number"),
        concordance("script"),
        key_feature("menu"),
        multiple("some-all", all),
        true_false("truths-all", all),
        matching("match-all", all),
        ordering("order-all", all),
    ];
    activity
}
