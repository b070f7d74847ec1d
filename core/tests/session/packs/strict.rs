//! A test as an accreditor with every rule would have it: forward only, certainty
//! needed, a minute for each item, two attempts a day apart, nothing explained
//! before the end; at least five minutes, and no more credit than they cover.

use enduring_core::content::{
    Activity, Back, Certainty, MinimumTime, Order, OverActive, Policy, Redraw, Reveal, TestPolicy, TestRole,
    Unanswered,
};
use enduring_core::measure::{Millis, Minutes, Percent};

use super::front::activity as around;
use super::items::{named, reading, single, test};

pub fn activity() -> Activity {
    let policy = TestPolicy {
        threshold: Some(Percent(75)),
        attempts: Some(2),
        cool_down: Millis(24 * 3_600_000),
        redraw: Redraw::Same,
        shuffle_items: Order::Fixed,
        shuffle_options: Order::Fixed,
        reveal: Reveal::AfterPassing,
        back: Back::Locked,
        certainty: Certainty::Required,
        item_limit: Some(Millis(60_000)),
        attempt_limit: Some(Millis(200_000)),
        unanswered: Unanswered::Refuse,
    };
    let whole = Policy {
        minimum_time: MinimumTime::Block(Minutes(5)),
        over_active: OverActive::Refuse,
        ..Policy::default()
    };
    let parts =
        vec![reading("reading", 3), test("post", TestRole::Post, named(&["q1", "q2", "q3", "q4"]), policy)];
    let mut activity = around("strict", "Every rule", whole, parts);
    activity.items = [("q1", "recognize"), ("q2", "recognize"), ("q3", "treat"), ("q4", "treat")]
        .map(|(id, o)| single(id, o))
        .into();
    activity
}
