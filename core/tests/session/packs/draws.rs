//! Draws from a bank, anew and the same, and a test that moves forward only but may
//! leave items out.

use enduring_core::content::{
    Activity, Back, Bank, Certainty, Order, Policy, Redraw, Reveal, Selection, TestPolicy, TestRole,
    Unanswered,
};
use enduring_core::measure::{Millis, Percent};

use super::front::{activity as around, bank, item_id};
use super::items::{named, single, test};

pub fn activity() -> Activity {
    let drawn = TestPolicy {
        threshold: Some(Percent(100)),
        attempts: None,
        cool_down: Millis(0),
        redraw: Redraw::New,
        shuffle_items: Order::Shuffled,
        shuffle_options: Order::Shuffled,
        reveal: Reveal::Never,
        back: Back::Free,
        certainty: Certainty::Off,
        item_limit: None,
        attempt_limit: None,
        unanswered: Unanswered::Allow,
    };
    let same = TestPolicy {
        redraw: Redraw::Same,
        shuffle_items: Order::Fixed,
        reveal: Reveal::AfterAttempt,
        ..drawn.clone()
    };
    let forward = TestPolicy {
        threshold: None,
        shuffle_items: Order::Fixed,
        back: Back::Locked,
        reveal: Reveal::AfterAttempt,
        ..drawn.clone()
    };
    let draw = || Selection::Draw { bank: bank("bank"), count: 3 };
    let parts = vec![
        test("anew", TestRole::Practice, draw(), drawn),
        test("same", TestRole::Practice, draw(), same),
        test("forward", TestRole::Practice, named(&["d1", "d2", "d3"]), forward),
    ];
    let mut activity = around("draws", "By chance", Policy::default(), parts);
    let ids = ["d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"];
    activity.items = ids.map(|id| single(id, "recognize")).into();
    activity.banks = vec![Bank { id: bank("bank"), items: ids.map(item_id).into() }];
    activity
}
