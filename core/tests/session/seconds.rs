//! A second of a simulated patient makes use of what is known from the second before,
//! and each step of a script begins with nothing known. So waiting second by second is
//! the straightforward way, with which waiting at once is compared.

use std::fs;
use std::path::Path;

use enduring_core::content::patient::{ActionAt, Given, Patient, RouteAt};
use enduring_core::content::{self, PartBody};
use enduring_core::measure::{Amount, Seconds};
use enduring_core::session::Bedside;
use proptest::prelude::*;

use super::packs::bedside::patient;

/// The patient of a built pack of the corpus.
fn sample(name: &str) -> Patient {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/packs");
    let bytes = fs::read(root.join(name).join("activity.bin")).expect("a pack of the corpus");
    let parts = content::read(&bytes).expect("an activity").parts;
    let bodies = parts.into_iter().map(|part| part.body);
    let mut patients = bodies.filter_map(|body| match body {
        PartBody::Patient(patient) => Some(*patient),
        _ => None,
    });
    patients.next().expect("a patient")
}

/// What is asked for, how much of a range of doses that is wider than usual, and how long is waited then.
type Move = (prop::sample::Index, u32, u32);

fn act(patient: &Patient, bedside: &mut Bedside, (pick, dose, _): &Move) {
    let place = pick.index(patient.actions.len());
    let (at, action) = (ActionAt(u16::try_from(place).expect("few")), &patient.actions[place]);
    if bedside.ending.is_none() && bedside.offers(at, action) && bedside.has_room() {
        let dose = action.dose.as_ref().map(|sheet| Given {
            amount: Amount(sheet.usual_high.0 / 1_000 * i64::from(*dose)),
            route: RouteAt(u16::try_from(*dose as usize % action.routes.len()).expect("few")),
        });
        bedside.act(patient, at, dose, &mut |_| {});
    }
}

fn same(patient: &Patient, moves: &[Move]) {
    let mut bedside = Bedside::begin(patient);
    for step in moves {
        act(patient, &mut bedside, step);
        let mut slow = bedside.clone();
        bedside.wait(patient, Seconds(step.2), &mut |_| {});
        while slow.time < bedside.time {
            slow.wait(patient, Seconds(1), &mut |_| {});
        }
        slow.steps.clone_from(&bedside.steps);
        slow.step_began = bedside.step_began;
        assert_eq!(bedside, slow);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn waiting_at_once_is_waiting_second_by_second(
        moves in prop::collection::vec((any::<prop::sample::Index>(), 1u32..2_000, 1u32..900), 1..40),
    ) {
        same(&patient(), &moves);
        same(&sample("sepsis"), &moves);
        same(&sample("anaphylaxis"), &moves);
    }
}
