//! A test with time limits that can be gone through freely, explained item by item,
//! with a score that any number of attempts may reach.

use enduring_core::content::{
    Activity, Back, Certainty, Order, Policy, Redraw, Reveal, TestPolicy, TestRole, Unanswered,
};
use enduring_core::measure::{Millis, Percent};

use super::front::activity as around;
use super::items::{named, single, test};

pub fn activity() -> Activity {
    let policy = TestPolicy {
        threshold: Some(Percent(50)),
        attempts: None,
        cool_down: Millis(0),
        redraw: Redraw::Same,
        shuffle_items: Order::Fixed,
        shuffle_options: Order::Fixed,
        reveal: Reveal::AfterItem,
        back: Back::Free,
        certainty: Certainty::Off,
        item_limit: Some(Millis(30_000)),
        attempt_limit: Some(Millis(75_000)),
        unanswered: Unanswered::Refuse,
    };
    let parts = vec![test("timed", TestRole::Practice, named(&["t1", "t2", "t3"]), policy)];
    let mut activity = around("limits", "Against the clock", Policy::default(), parts);
    activity.items = ["t1", "t2", "t3"].map(|id| single(id, "treat")).into();
    activity
}
