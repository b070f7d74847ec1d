//! Packs that break a promise which every session relies on: each is refused, by the
//! promise that it breaks.

use enduring_core::content::{
    Activity, CaseGate, Fault, FaultKind, ItemBody, NodeStep, OpenError, PartBody, PartScoring, Selection,
    check,
};
use enduring_core::id::OptionId;
use enduring_core::measure::{Credit, Minutes, Percent};
use enduring_core::session::{Command, LINE_MAX, Refusal, apply, begin, decide, encode};

use super::learner::{Device, Wait, right, rightly};
use super::packs::{self, front, items};

fn changed(pack: &str, change: impl FnOnce(&mut Activity)) -> Activity {
    let mut activity = (*packs::named(pack).activity().clone()).clone();
    change(&mut activity);
    activity
}

/// The faults of a changed pack, which cannot be opened.
fn faults(pack: &str, change: impl FnOnce(&mut Activity)) -> Vec<(&'static str, FaultKind)> {
    let activity = changed(pack, change);
    let faults = check(&activity);
    match packs::open(&activity) {
        Err(OpenError::Fault(first)) => assert_eq!(Some(&first), faults.first()),
        opened => panic!("expected a fault, found {opened:?}"),
    }
    faults.into_iter().map(|Fault { place, kind, .. }| (place, kind)).collect()
}

#[test]
fn names_are_used_once_and_exist() {
    let twice = |list: &'static str, change: fn(&mut Activity)| {
        assert!(faults("journey", change).contains(&(list, FaultKind::Unique)), "{list}")
    };
    twice("item", |it| it.items.push(it.items[0].clone()));
    twice("part", |it| it.parts.push(it.parts[0].clone()));
    twice("credit", |it| it.front.credits.push(it.front.credits[0].clone()));
    twice("profession", |it| it.front.professions.push(it.front.professions[0].clone()));
    twice("forms item", |it| it.forms[0].b = it.forms[0].a.clone());
    let known = |place: &'static str, change: fn(&mut Activity)| {
        assert!(faults("journey", change).contains(&(place, FaultKind::Known)), "{place}")
    };
    known("objective", |it| it.gaps.clear());
    known("item", |it| it.objectives.clear());
    known("forms", |it| it.items.truncate(4));
    known("test", |it| it.forms.clear());
    known("credit", |it| it.front.professions.truncate(1));
    known("case start", |it| {
        for part in &mut it.parts {
            if let PartBody::Case(case) = &mut part.body {
                case.nodes.clear();
            }
        }
    });
}

#[test]
fn bounds_are_in_order() {
    let bounds = |pack: &str, place: &'static str, change: fn(&mut Activity)| {
        assert!(faults(pack, change).contains(&(place, FaultKind::Bounds)), "{place}");
    };
    bounds("small", "dates", |it| it.front.dates.closes = it.front.dates.opens);
    bounds("small", "credit", |it| it.front.credits[0].step = Credit(30));
    bounds("small", "credit", |it| it.front.credits[0].step = Credit(0));
    bounds("small", "version", |it| it.version = "1".repeat(65));
    bounds("small", "version", |it| it.front.attestation.version = "1".repeat(65));
    bounds("draws", "test", |it| {
        if let PartBody::Test(test) = &mut it.parts[0].body {
            let bank = front::bank("bank");
            test.selection = Selection::Draw { bank, count: 9 };
        }
    });
    bounds("strict", "test policy", |it| {
        if let PartBody::Test(test) = &mut it.parts[1].body {
            test.policy.threshold = Some(Percent(101));
        }
    });
    // A gate above everything could never be met, and the session never left.
    bounds("clinic", "case gate", |it| {
        if let PartBody::Case(case) = &mut it.parts[0].body {
            case.gate = CaseGate::Threshold(Percent(101));
        }
    });
    bounds("clinic", "decision", |it| {
        if let PartBody::Case(case) = &mut it.parts[0].body {
            for node in &mut case.nodes {
                if let NodeStep::Decision(decision) = &mut node.step {
                    decision.min_picks = 5;
                    decision.max_picks = 5;
                }
            }
        }
    });
}

#[test]
fn keys_are_among_their_options() {
    let key = |change: fn(&mut ItemBody), kind| {
        let found = faults("kinds", |it| it.items.iter_mut().for_each(|item| change(&mut item.body)));
        assert!(found.iter().any(|(_, found)| *found == kind), "{found:?}");
    };
    key(
        |body| {
            if let ItemBody::SingleBest { key, .. } = body {
                *key = front::option("z")
            }
        },
        FaultKind::Key,
    );
    key(
        |body| {
            if let ItemBody::MultipleResponse { key, .. } = body {
                key.clear()
            }
        },
        FaultKind::Key,
    );
    key(
        |body| {
            if let ItemBody::MultipleResponse { max_picks, .. } = body {
                *max_picks = Some(1)
            }
        },
        FaultKind::Key,
    );
    key(
        |body| {
            if let ItemBody::KeyFeature { max_picks, .. } = body {
                *max_picks = 1
            }
        },
        FaultKind::Key,
    );
    key(
        |body| {
            if let ItemBody::KeyFeature { key, .. } = body {
                key[1] = key[0].clone()
            }
        },
        FaultKind::Unique,
    );
    key(
        |body| {
            if let ItemBody::TrueFalse { statements, .. } = body {
                statements.clear()
            }
        },
        FaultKind::Key,
    );
    key(
        |body| {
            if let ItemBody::ExtendedMatching { options, .. } = body {
                options.clear()
            }
        },
        FaultKind::Key,
    );
    key(
        |body| {
            if let ItemBody::Ordering { steps, .. } = body {
                steps.truncate(1)
            }
        },
        FaultKind::Key,
    );
    let silent = |body: &mut ItemBody| {
        if let ItemBody::ScriptConcordance { scale, .. } = body {
            scale.iter_mut().for_each(|point| point.votes = 0);
        }
    };
    key(silent, FaultKind::Key);
}

#[test]
fn lists_that_are_looked_up_stay_short() {
    let few = |pack: &str, place: &'static str, most, change: fn(&mut Activity)| {
        assert_eq!(faults(pack, change).first(), Some(&(place, FaultKind::Few(most))));
    };
    few("small", "parts", 64, |it| it.parts = vec![it.parts[0].clone(); 65]);
    few("small", "credits", 16, |it| it.front.credits = vec![it.front.credits[0].clone(); 17]);
    few("small", "professions", 64, |it| it.front.professions = vec![it.front.professions[0].clone(); 65]);
    few("small", "objectives", 100, |it| it.objectives = vec![it.objectives[0].clone(); 101]);
    few("small", "pages", 500, |it| it.parts = vec![items::reading("reading", 501)]);
    let case = |change: fn(&mut enduring_core::content::Case)| {
        let found = faults("clinic", |it| {
            if let PartBody::Case(case) = &mut it.parts[0].body {
                change(case);
            }
        });
        found[0]
    };
    assert_eq!(case(|it| it.nodes = vec![it.nodes[0].clone(); 1_001]), ("nodes", FaultKind::Few(1_000)));
    assert_eq!(case(|it| it.chart = vec![it.chart[0].clone(); 1_001]), ("chart", FaultKind::Few(1_000)));
    assert_eq!(case(|it| it.rules = vec![it.rules[0].clone(); 257]), ("rules", FaultKind::Few(256)));
    assert_eq!(case(|it| it.counters = vec![it.counters[0].clone(); 65]), ("counters", FaultKind::Few(64)));
}

/// An item with so many options or stems, every name 60 characters long.
fn long(pack_item: enduring_core::content::Item, count: usize) -> enduring_core::content::Item {
    let name = |n: usize| OptionId::new(format!("{n:0>60}")).expect("a name");
    let mut item = pack_item;
    match &mut item.body {
        ItemBody::Ordering { steps, .. } => {
            *steps = (0..count)
                .map(|n| enduring_core::content::Choice { id: name(n), ..steps[0].clone() })
                .collect();
        }
        ItemBody::ExtendedMatching { options, stems, .. } => {
            options.iter_mut().enumerate().for_each(|(n, option)| option.id = name(n));
            let stem =
                |n| enduring_core::content::MatchStem { id: name(n), key: name(0), ..stems[0].clone() };
            *stems = (0..count).map(stem).collect();
        }
        ItemBody::TrueFalse { statements, .. } => {
            let statement =
                |n| enduring_core::content::TruthStatement { id: name(n), ..statements[0].clone() };
            *statements = (0..count).map(statement).collect();
        }
        _ => {}
    }
    item
}

/// The longest answer that a pack may ask for fits into a line; one option more, and
/// the pack is refused, instead of a session that is lost once it is answered.
#[test]
fn every_answer_that_is_possible_fits_into_a_line() {
    let scoring = PartScoring::PerPart;
    let makes: [fn(PartScoring) -> enduring_core::content::Item; 3] = [
        |scoring| items::ordering("order", scoring),
        |scoring| items::matching("match", scoring),
        |scoring| items::true_false("truths", scoring),
    ];
    for make in makes {
        let with = |count| {
            let item = long(make(scoring), count);
            changed("kinds", |it| {
                let place = it.items.iter().position(|known| known.id == item.id).expect("the item");
                it.items[place] = item;
            })
        };
        let most = (2..100).take_while(|count| check(&with(*count)).is_empty()).last().expect("some fit");
        assert!(check(&with(most + 1)).iter().any(|fault| fault.kind == FaultKind::Room));
        let content = packs::open(&with(most)).expect("a pack opens");
        let mut device = Device::default();
        let mut state = begin(&content, &device.start(&content, 1)).expect("a session begins");
        let mut longest = 0;
        while let Some(command) = rightly(&content, &state) {
            device.pass(Wait::Visible(1_000));
            let entry = decide(&content, &state, command, device.stamp()).expect("taken");
            apply(&content, &mut state, &entry).expect("applied");
            longest = longest.max(encode(&entry).len());
        }
        assert!((2_000..=LINE_MAX - 600).contains(&longest), "{longest} bytes for {most} names");
        let item =
            content.activity().items.iter().find(|item| item.id == make(scoring).id).expect("the item");
        assert!(enduring_core::score::fits(&item.body, &right(item)).is_ok());
    }
}

#[test]
fn what_does_not_fit_into_a_line_is_refused_before_it_is_noted() {
    let content = packs::named("small");
    let device = Device::default();
    let state = begin(&content, &device.start(&content, 1)).expect("a session begins");
    let resume = |length| Command::Resume { player: "x".repeat(length) };
    let fits = |length| decide(&content, &state, resume(length), device.stamp());
    let most = (3_900..LINE_MAX).take_while(|length| fits(*length).is_ok()).last().expect("some fit");
    assert_eq!(encode(&fits(most).expect("fits")).len(), LINE_MAX);
    assert_eq!(fits(most + 1), Err(Refusal::LineTooLong));
}

/// Times that add up beyond a number: shown as the most, not as a crash.
#[test]
fn minutes_beyond_all_numbers_are_still_a_view() {
    let long = changed("journey", |it| it.parts.iter_mut().for_each(|part| part.minutes = Minutes(u32::MAX)));
    let content = packs::open(&long).expect("a pack opens");
    let state = begin(&content, &Device::default().start(&content, 1)).expect("a session begins");
    assert_eq!(enduring_core::session::view::view(&content, &state).minutes_left, Minutes(u32::MAX));
}
