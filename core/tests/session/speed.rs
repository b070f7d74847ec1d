//! How fast a log is replayed. Not a test of anything; run by
//! `cargo test --profile fast -p enduring-core --test session -- --ignored --nocapture speed`.

use std::hint::black_box;

use enduring_core::session::{Command, apply, begin, chain, decide, encode, origin, replay};

use super::learner::{Device, Wait, rightly};
use super::packs;

#[test]
#[ignore = "measures; prints"]
#[expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "a measurement needs a clock")]
fn speed_of_replay() {
    use std::time::Instant;

    let content = packs::named("journey");
    let mut device = Device::default();
    let first = device.start(&content, 1);
    let mut state = begin(&content, &first).expect("a session begins");
    let mut log = encode(&first) + "\n";
    // A heartbeat and a hidden page after each step, to 150 events.
    let page = [Command::Beat, Command::Hide, Command::Show];
    let mut turn = 0;
    while let Some(command) = rightly(&content, &state) {
        let command = if state.n < 110 && turn % 4 != 0 { page[turn % 4 - 1].clone() } else { command };
        turn += 1;
        device.pass(Wait::Visible(9_000));
        let entry = decide(&content, &state, command, device.stamp()).expect("taken");
        apply(&content, &mut state, &entry).expect("applied");
        log.push_str(&encode(&entry));
        log.push('\n');
    }
    let seed = origin(content.digest(), state.started.session);
    let time = |name: &str, work: &dyn Fn()| {
        let rounds = 2_000u32;
        let start = Instant::now();
        (0..rounds).for_each(|_| work());
        let each = start.elapsed() / rounds;
        println!("{name}: {each:?}, {:.0} a second", 1.0 / each.as_secs_f64());
    };
    println!("{} events, {} bytes", state.n, log.len());
    time("replay", &|| {
        black_box(replay(&content, black_box(&log)));
    });
    time("  of it SHA-256 of the chain", &|| {
        black_box(log.lines().fold(seed, chain));
    });
    time("  of it reading the lines", &|| {
        for line in log.lines() {
            black_box(serde_json::from_str::<enduring_core::session::Entry>(line).expect("an entry"));
        }
    });
}

/// How many virtual seconds a core simulates in a second. The encounter has every
/// kind of effect at work.
#[test]
#[ignore = "measures; prints"]
#[expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "a measurement needs a clock")]
fn speed_of_a_patient() {
    use std::time::Instant;

    use enduring_core::content::patient::{Given, Patient, RouteAt, ScriptStep};
    use enduring_core::measure::Seconds;
    use enduring_core::session::Bedside;

    use super::packs::bedside::{LOOK, MONITOR, OXYGEN, PRESSOR, act, amount, patient};

    let patient = Patient { limit: Seconds(86_400), ..patient() };
    let give =
        |action| ScriptStep::Act { action, dose: Some(Given { amount: amount(1), route: RouteAt(0) }) };
    let mut script = vec![act(LOOK), act(MONITOR), give(OXYGEN)];
    for _ in 0..40 {
        script.extend([give(PRESSOR), ScriptStep::Wait(Seconds(60)), ScriptStep::Wait(Seconds(240))]);
    }
    let rounds = 200u32;
    let start = Instant::now();
    let mut seconds = 0u64;
    for _ in 0..rounds {
        let mut bedside = Bedside::begin(black_box(&patient));
        bedside.play(&patient, black_box(&script), &mut |_| {});
        seconds += u64::from(bedside.time.0);
    }
    let each = start.elapsed() / rounds;
    println!(
        "{seconds} virtual seconds, {each:?} an encounter, {:.0} a second",
        seconds as f64 / start.elapsed().as_secs_f64()
    );
}
