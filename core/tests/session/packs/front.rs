//! What is around the parts of every pack here.

use enduring_core::content::{
    Activity, Block, Consent, CreditOffer, Dates, Document, FrontMatter, Gap, Identifier, Inline, Need,
    Objective, Part, Person, Policy, Profession, Provider, Role, Statement,
};
use enduring_core::id::{
    ActivityId, BankId, CounterId, CreditId, DecisionId, EndingId, EntryId, FormsId, GapId, IdentifierId,
    ItemId, LinkId, NodeId, ObjectiveId, OptionId, PartId, ProfessionId, RuleId, StatementId,
};
use enduring_core::measure::{Credit, Minutes, Timestamp};

macro_rules! names {
    ($($function:ident $name:ident)+) => {$(
        pub fn $function(name: &str) -> $name {
            $name::new(name).expect("a name")
        }
    )+};
}

names! {
    bank BankId
    counter CounterId
    credit_id CreditId
    decision DecisionId
    ending EndingId
    entry EntryId
    forms FormsId
    item_id ItemId
    link LinkId
    node NodeId
    objective ObjectiveId
    option OptionId
    part_id PartId
    profession ProfessionId
    rule RuleId
    statement_id StatementId
}

/// A paragraph; no text, no paragraph.
pub fn doc(text: &str) -> Document {
    if text.is_empty() {
        return Document::from([]);
    }
    Document::from([Block::Paragraph(vec![Inline::Text(text.to_owned())])])
}

pub fn statement(id: &str, text: &str) -> Statement {
    Statement { id: statement_id(id), version: "2026-01".to_owned(), text: doc(text) }
}

pub fn credit(id: &str, name: &str, maximum: u32, step: u32, professions: &[&str]) -> CreditOffer {
    CreditOffer {
        id: credit_id(id),
        name: name.to_owned(),
        accreditor: "Sample Accreditation Board".to_owned(),
        accreditor_activity: format!("SAB-{id}-1"),
        maximum: Credit(maximum),
        step: Credit(step),
        professions: professions.iter().map(|name| profession(name)).collect(),
        designation: statement(&format!("designation-{id}"), &format!("Designated for {name}. A sample.")),
    }
}

pub fn consent(id: &str) -> Consent {
    Consent {
        recipient: "Sample Accreditation Board".to_owned(),
        statement: statement(id, "My completion may be reported."),
    }
}

pub fn identifier(id: &str) -> Identifier {
    Identifier {
        id: IdentifierId::new(id).expect("a name"),
        label: "Board number".to_owned(),
        hint: "Six digits.".to_owned(),
        need: Need::Optional,
    }
}

/// Open from 2026-01-01 to 2026-12-31 in New York, both inclusive; one kind of
/// credit, for physicians and nurses, up to 1.00 in quarters.
pub fn activity(id: &str, title: &str, policy: Policy, parts: Vec<Part>) -> Activity {
    Activity {
        content_version: 1,
        id: ActivityId::new(id).expect("a name"),
        version: "1.0.0".to_owned(),
        language: "en".to_owned(),
        title: title.to_owned(),
        summary: "A pack of the corpus.".to_owned(),
        front: front(),
        policy,
        gaps: vec![Gap {
            id: GapId::new("gap").expect("a name"),
            text: "Something is done less often than it should be.".to_owned(),
            method: "audit".to_owned(),
            date: "2025".to_owned(),
            source: "Sample audit".to_owned(),
        }],
        objectives: ["recognize", "treat"].map(goal).into(),
        items: Vec::new(),
        banks: Vec::new(),
        forms: Vec::new(),
        parts,
    }
}

fn goal(id: &str) -> Objective {
    Objective {
        id: objective(id),
        text: format!("You will be able to {id}."),
        gap: GapId::new("gap").expect("a name"),
    }
}

fn front() -> FrontMatter {
    FrontMatter {
        provider: Provider {
            name: "Sample Society".to_owned(),
            joint: None,
            contact: "cme@example.org".to_owned(),
            url: None,
        },
        accreditation: statement("accreditation", "A sample, accredited by nobody."),
        credits: vec![credit("points", "practice points", 100, 25, &["physician", "nurse"])],
        sample: Some("A test, not an activity.".to_owned()),
        audience: "Programs".to_owned(),
        people: vec![Person {
            name: "A. Author".to_owned(),
            credentials: "MD".to_owned(),
            roles: vec![Role::Author],
            relationships: Vec::new(),
            signed_off: "2025-12-01".to_owned(),
        }],
        mitigation: doc("Nothing to mitigate."),
        support: Vec::new(),
        dates: Dates {
            release: "2026-01-01".to_owned(),
            review: "2026-01-01".to_owned(),
            termination: "2026-12-31".to_owned(),
            zone: "America/New_York".to_owned(),
            opens: instant("2026-01-01T00:00:00-05:00"),
            closes: instant("2027-01-01T00:00:00-05:00"),
        },
        minutes: Minutes(20),
        method: doc("Do every part in order."),
        requirements: doc("A browser."),
        privacy: doc("Nothing leaves this device."),
        bibliography: Vec::new(),
        attestation: statement("attestation", "I did this myself."),
        consents: Vec::new(),
        identifiers: Vec::new(),
        professions: ["physician", "nurse", "student"]
            .map(|id| Profession { id: profession(id), label: id.to_owned() })
            .into(),
    }
}

fn instant(text: &str) -> Timestamp {
    Timestamp(chrono::DateTime::parse_from_rfc3339(text).expect("an instant").timestamp_millis())
}
