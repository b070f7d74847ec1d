//! Front matter: provider, accreditation, credits, people, dates, statements.

use std::collections::{BTreeMap, BTreeSet};

use enduring_core::content::*;
use enduring_core::id::{ProfessionId, StatementId};
use enduring_core::measure::{Credit, Minutes};

use super::dates::dates;
use super::diagnostic::Problem;
use super::fields::Fields;
use super::markdown::is_link;
use super::names::{Named, ReferenceId, Scope};
use super::source::Span;
use super::template::{self, Kind, Values};

/// What the field calls recorded, on-demand education, in designation statements.
const FORMAT: &str = "enduring material";

const NEED: [(&str, Need); 2] = [("required", Need::Required), ("optional", Need::Optional)];

/// Whether something must be answered.
pub fn need(fields: &Fields) -> Need {
    fields.word("need", &NEED).unwrap_or(Need::Optional)
}

/// The references by name, and in the order of the bibliography.
#[derive(Default)]
pub struct Bibliography {
    by_name: BTreeMap<String, Reference>,
    all: Vec<Reference>,
}

impl Bibliography {
    /// Reads the tables `[[reference]]`.
    pub fn read(fields: &Fields) -> Self {
        let mut bibliography = Self::default();
        for reference in fields.tables("reference") {
            let id: ReferenceId = reference.define("id", &Scope::activity());
            let read = Reference { text: reference.text("text"), url: address(&reference, "url") };
            bibliography.by_name.insert(id.as_text().to_owned(), read.clone());
            bibliography.all.push(read);
        }
        bibliography
    }

    /// The references that a table names, which must be at least one.
    pub fn cited(&self, fields: &Fields) -> Vec<Reference> {
        let cited: Vec<ReferenceId> = fields.mentions("references", &Scope::activity());
        if cited.is_empty() {
            fields.report(
                Problem::error(&fields.place_of("references"), "no reference").expected(
                    "references = [\"…\"] with at least one name of a [[reference]] of activity.toml",
                ),
            );
        }
        cited.iter().filter_map(|id| self.by_name.get(id.as_text()).cloned()).collect()
    }
}

/// An `https:` address, where the key is there.
fn address(fields: &Fields, key: &'static str) -> Option<String> {
    let text = fields.raw(key)?;
    if !text.text.starts_with("https://") || !is_link(&text.text) {
        fields.report(
            Problem::error(&text.span, format!("`{key}` is not an address"))
                .expected("an address that begins with https://")
                .found(format!("`{}`", text.text)),
        );
    }
    Some(text.text)
}

/// The planned minutes of the activity.
pub fn minutes(fields: &Fields) -> Option<Minutes> {
    fields.number("minutes", 1..=1_440).and_then(|count| count.try_into().ok()).map(Minutes)
}

/// Reads the front matter out of `activity.toml`, but for the planned minutes, which others need too.
pub fn front(
    fields: &Fields,
    title: &str,
    minutes: Option<Minutes>,
    bibliography: &Bibliography,
) -> FrontMatter {
    let sample = fields.optional_text("sample");
    let provider = provider(fields);
    let professions = fields
        .tables("profession")
        .iter()
        .map(|table| Profession { id: table.define("id", &Scope::activity()), label: table.text("label") })
        .collect::<Vec<_>>();
    if professions.is_empty() {
        fields.report(
            Problem::error(&fields.place_of("profession"), "no profession to choose from at the claim")
                .expected("at least one table [[profession]]"),
        );
    }
    let credits = fields.tables("credit");
    let offers: Vec<CreditOffer> =
        credits.iter().map(|credit| offer(credit, &provider, title, sample.as_deref(), minutes)).collect();
    let accreditor = offers.first().map(|offer| offer.accreditor.clone()).unwrap_or_default();
    if offers.is_empty() {
        fields.report(
            Problem::error(&fields.place_of("credit"), "no credit is offered")
                .expected("at least one table [[credit]]"),
        );
    }
    let empty =
        || Statement { id: super::fields::stand_in(), version: String::new(), text: Document::default() };
    let accreditation = fields.required_table("accreditation").map_or_else(empty, |table| {
        let values = Values {
            words: &[
                ("provider", &provider.name),
                ("joint", provider.joint.as_deref().unwrap_or_default()),
                ("accreditor", &accreditor),
            ],
            joint: provider.joint.is_some(),
            sample: sample.is_some(),
        };
        template::statement(&table, Kind::Accreditation, &values)
    });
    let dates = fields.required_table("dates").map(|table| dates(&table)).unwrap_or_else(no_dates);
    let people = people(fields, &dates);
    let statements = fields.required_table("statements");
    let prose = |key| statements.as_ref().map(|table| table.prose(key)).unwrap_or_default();
    FrontMatter {
        accreditation,
        credits: offers,
        sample,
        audience: fields.text("audience"),
        people,
        mitigation: prose("mitigation"),
        support: fields
            .tables("support")
            .iter()
            .map(|table| Support { company: table.text("company"), nature: table.text("nature") })
            .collect(),
        dates,
        minutes: minutes.unwrap_or(Minutes(0)),
        method: prose("method"),
        requirements: prose("requirements"),
        privacy: prose("privacy"),
        bibliography: bibliography.all.clone(),
        attestation: fields.required_table("attestation").map_or_else(empty, |table| {
            wording(&table, table.define("id", &Scope::inside("the attestation")))
        }),
        consents: fields
            .tables("consent")
            .iter()
            .map(|table| Consent {
                recipient: table.text("recipient"),
                statement: wording(table, table.define("id", &Scope::activity())),
            })
            .collect(),
        identifiers: fields
            .tables("identifier")
            .iter()
            .map(|table| Identifier {
                id: table.define("id", &Scope::activity()),
                label: table.text("label"),
                hint: table.text_or_empty("hint"),
                need: need(table),
            })
            .collect(),
        professions,
        provider,
    }
}

fn no_dates() -> Dates {
    let none = String::new;
    let never = enduring_core::measure::Timestamp(0);
    Dates { release: none(), review: none(), termination: none(), zone: none(), opens: never, closes: never }
}

fn provider(fields: &Fields) -> Provider {
    let Some(table) = fields.required_table("provider") else {
        return Provider { name: String::new(), joint: None, contact: String::new(), url: None };
    };
    let provider = Provider {
        name: table.text("name"),
        joint: table.table("joint").map(|joint| joint_provider(&joint)),
        contact: table.text("contact"),
        url: address(&table, "url"),
    };
    if !provider.contact.contains(|c: char| c == '@' || c.is_ascii_digit()) {
        table.report(
            Problem::error(&table.place_of("contact"), "`contact` cannot be reached")
                .expected("an e-mail address or a telephone number")
                .found(format!("`{}`", provider.contact)),
        );
    }
    provider
}

/// The name of a joint provider. Accreditors refuse an ineligible company as one, so
/// the author says that it is none.
fn joint_provider(table: &Fields) -> String {
    let eligible = table.optional_truth("eligible");
    if eligible != Some(true) {
        table.report(
            Problem::error(&table.place_of("eligible"), "a joint provider that is not eligible")
                .expected("`eligible = true`, of an organization whose business is not to make, market or sell products used by or on patients")
                .found(eligible.map_or("nothing said of it", |_| "`eligible = false`")),
        );
    }
    table.text("name")
}

fn wording(fields: &Fields, id: StatementId) -> Statement {
    Statement { id, version: fields.text("version"), text: fields.prose("text") }
}

fn offer(
    fields: &Fields,
    provider: &Provider,
    title: &str,
    sample: Option<&str>,
    minutes: Option<Minutes>,
) -> CreditOffer {
    let (name, accreditor) = (fields.text("name"), fields.text("accreditor"));
    let (maximum, step) = (fields.credit("maximum"), fields.credit("step"));
    if let (Some(maximum), Some(step)) = (maximum, step)
        && maximum.0 % step.0 != 0
    {
        fields.report(
            Problem::error(&fields.place_of("maximum"), "the maximum cannot be claimed in steps")
                .expected(format!("a multiple of {step}"))
                .found(maximum.to_string()),
        );
    }
    if let (Some(maximum), Some(minutes)) = (maximum, minutes) {
        covered(fields, maximum, minutes);
    }
    // Where one is wrong nothing is built.
    let (maximum, step) = (maximum.unwrap_or(Credit(0)), step.unwrap_or(Credit(0)));
    let professions: Vec<ProfessionId> = fields.mentions("professions", &Scope::activity());
    if professions.is_empty() {
        fields.report(
            Problem::error(&fields.place_of("professions"), "no profession can claim this credit")
                .expected("professions = [\"…\"] with at least one name of a [[profession]]"),
        );
    }
    let words = [
        ("provider", provider.name.as_str()),
        ("joint", provider.joint.as_deref().unwrap_or_default()),
        ("accreditor", &accreditor),
        ("title", title),
        ("format", FORMAT),
        ("maximum", &maximum.to_string()),
        ("credit", &name),
    ];
    let values = Values { words: &words, joint: provider.joint.is_some(), sample: sample.is_some() };
    CreditOffer {
        id: fields.define("id", &Scope::activity()),
        designation: template::statement(fields, Kind::Designation, &values),
        accreditor_activity: fields.text("accreditor_activity"),
        name,
        accreditor,
        maximum,
        step,
        professions,
    }
}

/// Warns of more credit than the planned time gives.
fn covered(fields: &Fields, maximum: Credit, minutes: Minutes) {
    let earned = Credit((minutes.0 * CREDIT_HOUR.0 / 60).next_multiple_of(25));
    if maximum > earned {
        fields.report(
            Problem::warning(&fields.place_of("maximum"), "more credit than the estimated time covers")
                .expected(format!("at most {earned} for {} minutes, at one credit an hour", minutes.0))
                .found(maximum.to_string()),
        );
    }
}

fn people(fields: &Fields, dates: &Dates) -> Vec<Person> {
    const ROLES: [(&str, Role); 4] = [
        ("planner", Role::Planner),
        ("author", Role::Author),
        ("reviewer", Role::Reviewer),
        ("approver", Role::Approver),
    ];
    const ONGOING: [(&str, Ongoing); 2] = [("yes", Ongoing::Yes), ("ended", Ongoing::Ended)];
    let mut people: Vec<(Person, Span)> = Vec::new();
    for table in fields.tables("person") {
        let texts = table.texts("roles");
        let roles: Vec<Role> = texts.iter().filter_map(|text| table.as_word("role", text, &ROLES)).collect();
        if texts.is_empty() {
            table.report(
                Problem::error(&table.place_of("roles"), "a person without a role")
                    .expected("roles = [\"planner\" | \"author\" | \"reviewer\" | \"approver\"]"),
            );
        }
        if !table.has("relationships") {
            table.report(
                Problem::error(&table.place(), "missing key `relationships`")
                    .expected("relationships = [] for none, or a list of { company = \"…\", nature = \"…\", ongoing = \"yes\" }"),
            );
        }
        let signed_off = table.date("signed_off").map(|date| date.to_string()).unwrap_or_default();
        if !dates.release.is_empty() && signed_off > dates.release && signed_off > dates.review {
            table.report(
                Problem::warning(&table.place_of("signed_off"), "signed off after release and review")
                    .expected(format!("{} or earlier", (&dates.release).max(&dates.review)))
                    .found(signed_off.clone()),
            );
        }
        let relationships = table
            .tables("relationships")
            .iter()
            .map(|relationship| Relationship {
                company: relationship.text("company"),
                nature: relationship.text("nature"),
                ongoing: relationship.word("ongoing", &ONGOING).unwrap_or(Ongoing::Yes),
            })
            .collect();
        let (name, credentials) = (table.text("name"), table.text("credentials"));
        people.push((Person { name, credentials, roles, relationships, signed_off }, table.place()));
    }
    four_eyes(fields, &people);
    people.into_iter().map(|(person, _)| person).collect()
}

/// Someone is in control, and nobody approves alone what they wrote.
fn four_eyes(fields: &Fields, people: &[(Person, Span)]) {
    if people.is_empty() {
        fields.report(
            Problem::error(&fields.place_of("person"), "nobody is in control of content").expected(
                "a table [[person]] for everyone in control, those with nothing to disclose included",
            ),
        );
        return;
    }
    let with = |role: Role| people.iter().filter(move |(person, _)| person.roles.contains(&role));
    for (role, word) in [(Role::Author, "author"), (Role::Approver, "approver")] {
        if with(role).next().is_none() {
            fields.report(
                Problem::error(&people[0].1, format!("nobody has the role `{word}`"))
                    .expected(format!("a person with roles = [\"{word}\"]")),
            );
        }
    }
    let approvers: BTreeSet<&str> = with(Role::Approver).map(|(person, _)| person.name.as_str()).collect();
    for (author, span) in with(Role::Author) {
        if approvers.iter().all(|approver| *approver == author.name) && !approvers.is_empty() {
            fields.report(
                Problem::error(span, format!("{} approves alone what they wrote", author.name))
                    .expected("another person with the role `approver`"),
            );
        }
    }
}
