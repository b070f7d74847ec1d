//! The end of a session: the last event and the signed record, in one transaction.

use enduring_core::content::PartBody;
use enduring_core::id::ItemId;
use enduring_core::record::{
    Bundle, Compact, EvaluationSheet, RECORD_TYP, SheetText, Signing, payload, signing_input,
};
use enduring_core::session::{Command, PartOutcome, Phase, State};

use super::{Live, PLAYER, Prepared, Trouble, Unsigned};
use crate::store::journal::{Addition, Backend, Witness};

/// The name of the learner sheet in the journal.
pub const LEARNER: &str = "learner";
/// The name of the consent sheet in the journal.
pub const CONSENT: &str = "consent";

/// The name of an answer of the evaluation in the journal.
#[must_use]
pub fn answer_name(question: &ItemId) -> String {
    format!("evaluation/{question}")
}

impl<B: Backend + Witness + 'static> Live<B> {
    /// Completes the session, if it is not, and signs what it proves.
    pub(super) async fn sign(&self) -> Result<(), Trouble> {
        let prepared = self.prepare(Command::Complete).map_err(Trouble::Refused)?;
        let from = self.snapshot().head;
        let evaluation = self.evaluation(&prepared.state).await?.map(|sheet| SheetText::of(&sheet));
        let (key, assurance) = self.device.key().await.map_err(Trouble::Unsigned)?;
        let signing = Signing { player: PLAYER.to_owned(), assurance, place: self.device.place() };
        let digest = evaluation.as_ref().map(|sheet| sheet.digest);
        let payload = payload(&self.content, &prepared.state, prepared.head, digest, signing)
            .map_err(|_| Trouble::Refused(enduring_core::session::Refusal::ClaimIncomplete))?;
        let input = signing_input(RECORD_TYP, key.thumbprint(), payload.encode().as_bytes());
        let signature = self.device.sign(&input).await.map_err(Trouble::Unsigned)?;
        let mut log = String::new();
        for line in &self.journal.log(self.id).await.map_err(Trouble::Store)?.lines {
            log.push_str(line);
            log.push('\n');
        }
        log.push_str(&prepared.line);
        log.push('\n');
        let mut bundle = Bundle::new(Compact::join(&input, &signature), log, key.jwk());
        bundle.learner = Some(self.sheet(LEARNER).await?);
        if consents(&prepared.state) {
            bundle.consent = Some(self.sheet(CONSENT).await?);
        }
        bundle.evaluation = evaluation.map(|sheet| sheet.text);
        let Prepared { line, state, view, row, head: _, bundled } = prepared;
        let addition = Addition { from, line, sheets: Vec::new(), session: row.clone() };
        let at = state.clock.last.at.0.to_string();
        let finished = self.journal.finish(self.id, addition, bundle.encode(), at).await;
        let head = finished.map_err(Trouble::Store)?;
        self.take(state, view, head, row, bundled);
        Ok(())
    }

    /// The answers' exact texts in the order of first answering; `None` without an evaluation.
    async fn evaluation(&self, state: &State) -> Result<Option<EvaluationSheet>, Trouble> {
        let parts = &self.content.activity().parts;
        if !parts.iter().any(|part| matches!(part.body, PartBody::Evaluation(_))) {
            return Ok(None);
        }
        let mut answers = Vec::new();
        for result in &state.finished {
            if let PartOutcome::Evaluation(evaluation) = &result.outcome {
                for (question, _) in &evaluation.answers {
                    answers.push(self.sheet(&answer_name(question)).await?);
                }
            }
        }
        Ok(Some(EvaluationSheet { answers }))
    }

    async fn sheet(&self, name: &str) -> Result<String, Trouble> {
        let text = self.journal.sheet(self.id, name).await.map_err(Trouble::Store)?;
        text.ok_or_else(|| Trouble::Unsigned(Unsigned::SheetMissing(name.to_owned())))
    }
}

fn consents(state: &State) -> bool {
    match &state.phase {
        Phase::Completed(completion) => completion.claim.consents.is_some(),
        Phase::FrontMatter | Phase::FrontMatterShown | Phase::Part(_) | Phase::Claim(_) => false,
    }
}
