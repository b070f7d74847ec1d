//! The page that a report stands on: one file, printable, in both themes, without
//! scripts and without anything from elsewhere.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::cells::Cell;

/// A table of a report.
pub struct Table {
    /// What its CSV file is called after.
    pub key: &'static str,
    /// What it shows.
    pub caption: String,
    /// The heads of its columns.
    pub head: Vec<&'static str>,
    /// Its rows; a row may be shorter than the head.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    pub fn new(key: &'static str, caption: impl Into<String>, head: &[&'static str]) -> Self {
        Self { key, caption: caption.into(), head: head.to_vec(), rows: Vec::new() }
    }

    /// Whether numbers stand in the column, which are read from their end.
    fn is_figure(&self, place: usize) -> bool {
        self.rows.iter().any(|row| matches!(row.get(place), Some(Cell::Number(_))))
    }

    /// As HTML. It scrolls in its own frame where the page is narrow, and can be reached
    /// with the keyboard for that.
    pub fn html(&self) -> Markup {
        html! {
            div class="table" role="region" tabindex="0" aria-label=(self.caption) {
                table {
                    caption { (self.caption) }
                    thead { tr { @for (place, head) in self.head.iter().enumerate() { th scope="col" class=[self.is_figure(place).then_some("figure")] { (head) } } } }
                    tbody {
                        @for row in &self.rows {
                            tr {
                                @for (place, cell) in row.iter().enumerate() { (cell_html(place, cell)) }
                                @for _ in row.len()..self.head.len() { td {} }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn cell_html(place: usize, cell: &Cell) -> Markup {
    html! {
        @match cell {
            Cell::Text(text) if place == 0 => th scope="row" class=[is_long(text).then_some("long")] { (text) },
            Cell::Text(text) => td class=[is_long(text).then_some("long")] { (text) },
            Cell::Number(number) => td class="figure" { (number) },
            Cell::Empty => td {},
        }
    }
}

/// Prose, which needs a wide column to be read.
fn is_long(text: &str) -> bool {
    text.chars().count() > 40
}

/// A whole page.
pub fn page(title: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { (title) }
                style { (PreEscaped(include_str!("page.css"))) }
            }
            body { main { (body) } }
        }
    };
    page.into_string()
}
