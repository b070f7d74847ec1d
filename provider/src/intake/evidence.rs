//! What a person at the desk judges a record by: everything is verified again from the
//! proof that was kept, nothing is believed that was written about it.

use enduring_core::content::{Content, Linkage, PartBody};
use enduring_core::id::{Digest, LearnerRef};
use enduring_core::json;
use enduring_core::record::{Bundle, LearnerSheet, RecordRef, Report, open};

use super::standing::Taken;
use super::who::{is_bound_by_ticket, is_vouched_for, learners};
use super::{Intake, IntakeError};
use crate::ledger::{Fact, Found, Person};
use crate::time;
use crate::verify::{Contact, SignedBundle, packs};

/// A record with everything that shows what it is worth.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// How it stands.
    pub taken: Taken,
    /// Its rows.
    pub rows: Vec<Found>,
    /// As it was sent, without what was erased.
    pub bundle: Bundle,
    /// What verifying says now.
    pub report: Report,
}

impl Intake {
    /// A record with its evidence; `None` where it never came.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn evidence(&self, record: &RecordRef) -> Result<Option<Evidence>, IntakeError> {
        let rows = self.ledger.of_record(record).await?;
        let (Some(taken), Some(proof)) = (Taken::fold(&rows), self.ledger.proof(record).await?) else {
            return Ok(None);
        };
        let mut bundle = Bundle::new(proof.jws, proof.log, proof.key);
        for (part, text) in self.ledger.sheets(record).await? {
            match part.as_str() {
                "learner" => bundle.learner = Some(text),
                "consent" => bundle.consent = Some(text),
                "evaluation" => bundle.evaluation = Some(text),
                _ => {}
            }
        }
        // As it was when it came: a person may have bound its device since, or the record itself; of which only
        // what a ticket said counted for it.
        let came = rows.first().map_or(0, |row| row.seq);
        let mut of_key = self.of_key(record.kid).await?;
        let with_it = |row: &Found| {
            row.entry.at == taken.at && is_bound_by_ticket(std::slice::from_ref(&row.entry.fact))
        };
        of_key.retain(|row| row.seq < came || with_it(row));
        let enrolled = is_vouched_for(&of_key);
        let contact = Contact { now: time::now(), received: Some(taken.at), enrolled };
        let _turn = self.judges.acquire().await.map_err(|_| IntakeError::Busy)?;
        let (verifier, text) = (self.at_hand.now(), bundle.encode());
        let judged = tokio::task::spawn_blocking(move || match open(&text) {
            Ok(opened) => verifier.verify_opened(&SignedBundle::new(opened), contact),
            Err(report) => *report,
        });
        let report = judged.await.map_err(|_| IntakeError::Busy)?;
        Ok(Some(Evidence { taken, rows, bundle, report }))
    }

    /// Who a record's learner may be: people of that name, with one of the numbers that
    /// the sheet names, with the same device, or whose ticket came from it.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn candidates(&self, kid: Digest, sheet: Option<&str>) -> Result<Vec<Person>, IntakeError> {
        let mut people: Vec<Person> = Vec::new();
        let mut add = |found: Vec<Person>| {
            for person in found {
                if !people.iter().any(|known| known.learner == person.learner) {
                    people.push(person);
                }
            }
        };
        if let Some(sheet) = sheet.and_then(|sheet| json::read::<LearnerSheet>(sheet).ok()) {
            for identifier in &sheet.identifiers {
                add(self.ledger.people_numbered(&identifier.id, &identifier.value).await?);
            }
            add(self.ledger.people_named(&sheet.first_name, &sheet.last_name).await?);
        }
        // Those whose ticket came from it are no less likely than those whose device it is.
        let of_key = self.of_key(kid).await?;
        let mut near = learners(&of_key);
        near.extend(of_key.iter().filter_map(|row| match row.entry.fact {
            Fact::TicketShown { learner, .. } => Some(learner),
            _ => None,
        }));
        for learner in near {
            add(self.ledger.person(&learner).await?.into_iter().collect());
        }
        Ok(people)
    }

    /// The devices of a learner, in the order of binding.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn devices(&self, learner: &LearnerRef) -> Result<Vec<Digest>, IntakeError> {
        let mut devices = Vec::new();
        for row in self.ledger.of_learner(&learner.to_string()).await? {
            if let Fact::Bound { kid, .. } = row.entry.fact
                && !devices.contains(&kid)
            {
                devices.push(kid);
            }
        }
        Ok(devices)
    }

    /// The pack of a digest, opened on a thread of its own the first time.
    ///
    /// # Errors
    /// [`IntakeError::Busy`].
    pub async fn content(&self, digest: Digest) -> Result<Option<Content>, IntakeError> {
        let verifier = self.at_hand.now();
        let content = tokio::task::spawn_blocking(move || match verifier.packs.get(digest) {
            Some(packs::Found::Whole(pack)) => Some(pack.0.clone()),
            Some(packs::Found::Broken(_)) | None => None,
        });
        content.await.map_err(|_| IntakeError::Busy)
    }

    /// Whether evaluations of a pack were given in confidence: they never go anywhere together
    /// with who gave them. What is not at hand may have said so.
    ///
    /// # Errors
    /// [`IntakeError::Busy`].
    pub async fn is_confidential(&self, pack: Digest) -> Result<bool, IntakeError> {
        Ok(self.content(pack).await?.as_ref().is_none_or(is_confidential))
    }
}

/// Whether an activity says that evaluations are kept apart from the name.
#[must_use]
pub fn is_confidential(content: &Content) -> bool {
    content.activity().parts.iter().any(
        |part| matches!(&part.body, PartBody::Evaluation(evaluation) if evaluation.linkage == Linkage::Confidential),
    )
}
