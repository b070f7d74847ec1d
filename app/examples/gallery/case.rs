//! A case at several points.

use enduring_core::content::{
    Block, CaseGate, Document, Ending, EndingQuality, Entry, Flag, Image, Inline, LabResult, LabValue,
    Reference, Section,
};
use enduring_core::id::{DecisionId, EndingId, EntryId, LinkId, PartId};
use enduring_core::measure::{Decimal, Percent, Points};
use enduring_core::session::view::{
    CaseAsk, CaseView, ChartEntry, Debrief, DebriefDecision, ExpertLine, LinkView, ResultView,
};

use super::items::options;
use super::p;

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).expect("a decimal")
}

fn entry(name: &str, section: Section, title: &str, time: &str, text: Document, opened: bool) -> ChartEntry {
    ChartEntry {
        entry: Entry {
            id: EntryId::new(name).expect("a name"),
            section,
            title: title.into(),
            time: time.into(),
            text,
            results: Vec::new(),
        },
        results: Vec::new(),
        is_new: !opened,
        opened,
    }
}

fn lab(analyte: &str, value: &str, unit: &str, low: &str, high: &str, trend: &[&str]) -> ResultView {
    let result = LabResult {
        analyte: analyte.into(),
        value: Decimal::parse(value).map_or_else(|| LabValue::Words(value.into()), LabValue::Number),
        unit: unit.into(),
        low: Decimal::parse(low),
        high: Decimal::parse(high),
    };
    let flag: Option<Flag> = result.flag();
    ResultView { result, flag, trend: trend.iter().map(|text| decimal(text)).collect() }
}

fn chart() -> Vec<ChartEntry> {
    let mut blood =
        entry("blood", Section::Laboratory, "Blood, second sample", "Day 2, 06:30", Document::from([]), true);
    blood.results = vec![
        lab("Leukocytes", "14.2", "10⁹/L", "4", "11", &["18.4", "16.9", "14.2"]),
        lab("C-reactive protein", "142", "mg/L", "", "5", &["287", "210", "142"]),
        lab("Sodium", "131", "mmol/L", "135", "145", &["128", "131"]),
        lab("Urea", "6.8", "mmol/L", "2.5", "7.8", &["8.1", "6.8"]),
        lab("Legionella antigen, urine", "not detected", "", "", "", &[]),
    ];
    let picture = Document::from([
        Block::Image(Image {
            file: "media/chest.svg".into(),
            alt: "Chest radiograph, opacity in the left lower zone".into(),
            caption: "Posteroanterior, on admission.".into(),
            width: 640,
            height: 480,
        }),
        Block::Paragraph(vec![Inline::Text(
            "Read by the radiologist: consolidation of the left lower lobe, no effusion.".into(),
        )]),
    ]);
    vec![
        entry(
            "story",
            Section::History,
            "History",
            "Day 1, 19:50",
            p(
                "Three days of fever, cough with rusty sputum, pain on the left on breathing in. COPD, GOLD 2. Lives with her husband. Stopped smoking in 2011.",
            ),
            true,
        ),
        entry(
            "exam",
            Section::Examination,
            "Examination",
            "Day 1, 19:55",
            p(
                "Alert and oriented. 38.9 °C, 24/min, 104/min, 118/70 mmHg, 91 % on room air. Bronchial breathing on the left below.",
            ),
            true,
        ),
        blood,
        entry("film", Section::Imaging, "Chest radiograph", "Day 1, 20:20", picture, false),
        entry("culture", Section::Laboratory, "Blood cultures", "Day 2, 07:10", p("Pending."), false),
    ]
}

fn decided(name: &str, title: &str, points: u32, harmful: bool) -> DebriefDecision {
    let all = options(&[
        "Ceftriaxone plus azithromycin",
        "Vancomycin plus piperacillin–tazobactam",
        "Blood cultures first",
    ]);
    DebriefDecision {
        decision: DecisionId::new(name).expect("a name"),
        node_title: title.into(),
        prompt: p("Which treatment do you start?"),
        picks: all.get(1..2).unwrap_or_default().to_vec(),
        best: vec![all[0].clone(), all[2].clone()],
        harmful,
        points: Points(points),
        possible: Points(2_000),
        rationale: p(
            "No risk factor for MRSA or Pseudomonas aeruginosa was present. Broad treatment exposes to kidney injury and Clostridioides difficile.",
        ),
        references: vec![Reference { text: "ATS/IDSA 2019, question 6.".into(), url: None }],
    }
}

fn debrief() -> Debrief {
    Debrief {
        points: Points(5_500),
        possible: Points(8_000),
        gate: CaseGate::Threshold(Percent(70)),
        text: p(
            "Mrs Lund was treated early and left hospital on day four. What kept her longer than needed was the treatment that was broader than her risk.",
        ),
        references: vec![Reference {
            text: "Metlay JP, et al. Am J Respir Crit Care Med 2019;200:e45–e67.".into(),
            url: Some("mailto:desk@example.org".into()),
        }],
        decisions: vec![
            decided("d1", "In the emergency department", 2_000, false),
            decided("d2", "The first dose", 0, true),
            decided("d3", "The second morning", 1_500, false),
            decided("d4", "Going home", 2_000, false),
        ],
        expert: vec![
            ExpertLine {
                node_title: "In the emergency department".into(),
                did: vec![p("Oxygen to 92–96 %"), p("Admit to the ward")],
            },
            ExpertLine { node_title: "The first dose".into(), did: vec![p("Ceftriaxone plus azithromycin")] },
            ExpertLine { node_title: "The second morning".into(), did: vec![p("Change to tablets")] },
        ],
    }
}

pub fn named(name: &str) -> CaseView {
    let links = |texts: &[&str]| {
        CaseAsk::Links(
            texts
                .iter()
                .enumerate()
                .map(|(n, text)| LinkView {
                    link: LinkId::new(format!("l{n}")).expect("a name"),
                    text: (*text).into(),
                })
                .collect(),
        )
    };
    let ended = |gate_met: bool| CaseAsk::Ended {
        ending: Ending {
            id: EndingId::new("e").expect("a name"),
            title: "Home on day four, after a detour.".into(),
            quality: EndingQuality::Fair,
            points: Points(0),
        },
        debrief: Box::new(debrief()),
        gate_met,
    };
    CaseView {
        part: PartId::new("case").expect("a name"),
        title: "A cough that took the breath".into(),
        patient:
            "Anna Lund, 71, COPD, retired teacher.\nFever and rusty sputum for three days; left lower lobe."
                .into(),
        play: 1,
        step: 5,
        story: vec![p(
            "The cultures are drawn before the first dose, at 20:05. The nurse hangs ceftriaxone ten minutes later.",
        )],
        node_title: "The second morning".into(),
        text: p(
            "Mrs Lund slept. She is afebrile at 07:00, eats breakfast and walks to the window without stopping. Her oxygen was turned down overnight; the saturation is 93 % on room air. The house officer asks whether the drip should be renewed.",
        ),
        counters: vec![("Hours since arrival".into(), 11)],
        chart: chart(),
        ask: match name {
            "link" => links(&["Go on to the ward round"]),
            "links" => {
                links(&["Ask for the radiograph again", "Talk to her husband", "Go on to the ward round"])
            }
            "ended" => ended(true),
            "again" => ended(false),
            _ => CaseAsk::Decision {
                decision: DecisionId::new("d3").expect("a name"),
                prompt: p("What do you do this morning?"),
                options: options(&[
                    "Change to tablets and stop the drip",
                    "Renew the intravenous treatment until the cultures are final",
                    "Repeat the chest radiograph",
                    "Stop azithromycin, since Legionella antigen is negative",
                ]),
                min_picks: 1,
                max_picks: 2,
            },
        },
    }
}
