//! A list of policies put together from its rows: which of them were read whole, and what their absence would mean.
//!
//! Chromium's policy page lists what is set in the order of the alphabet, then policies that it does not know, then those without a
//! value (`components/policy/resources/webui/policy_table`; since 2023 a click on a column sorts by that). So a policy that is absent
//! is not set where a later name stands, or something behind all set ones; of a list that may have been cut before its place nobody knows.

use super::Reading;
use super::policy_words::{HEADER, NO_POLICIES, NOT_SET, UNKNOWN_POLICY, matters};
use crate::facts::{Place, Policy, PolicyListing, Statement};
use crate::ingest::lines::Line;

/// What stands above the rows.
#[derive(Default)]
pub(super) struct Head {
    place: Option<Place>,
    /// Columns of the header row.
    columns: usize,
    /// Something stands behind the rows, or the page says that there are none.
    closed: bool,
}

impl Head {
    /// A heading; `further` when it is that of the next list.
    pub fn heading(&mut self, line: &Line, further: bool) {
        self.place.get_or_insert_with(|| line.place());
        self.closed |= further;
    }

    /// The header row, or the first of its cells.
    pub fn header(&mut self, line: &Line, cells: usize) {
        self.place = Some(self.place.take().map_or_else(|| line.place(), |h| h.to(&line.place())));
        self.columns = self.columns.max(cells);
    }

    /// A further header cell of a copy with one cell a line, or the sentence that there are no policies.
    pub fn goes_on(&mut self, cells: &[String], text: &str) -> bool {
        let lower = text.trim().trim_end_matches('.').to_lowercase();
        if NO_POLICIES.contains(&lower.as_str()) {
            self.closed = true;
            return true;
        }
        let one = cells.len() == 1 && self.columns > 0 && HEADER.contains(&lower.as_str());
        self.columns = self.columns.saturating_add(usize::from(one));
        one
    }
}

/// One policy with the cells read so far.
pub(super) struct Record<'t> {
    pub name: String,
    pub text: String,
    pub lines: Vec<&'t Line>,
    pub one_cell_lines: bool,
    pub cells: Vec<String>,
    pub product: Option<&'static str>,
}

impl Record<'_> {
    fn cell(&self, n: usize) -> Option<String> {
        self.cells.get(n).filter(|c| !c.is_empty()).cloned()
    }

    /// The value, `None` where it is listed as not set.
    fn value(&self) -> Option<String> {
        self.cells.first().filter(|v| !NOT_SET.contains(&v.to_lowercase().as_str())).cloned()
    }

    /// Unknown policies and those without a value stand behind all others.
    fn behind_the_set(&self) -> bool {
        let status = self.cell(4).unwrap_or_default().to_lowercase();
        let named = self.cells.first().is_some_and(|v| NOT_SET.contains(&v.to_lowercase().as_str()));
        named || UNKNOWN_POLICY.iter().any(|u| status.starts_with(u))
    }
}

/// The last row where the paste ends within it: shorter than the header and than the rows before.
fn cut_row<'r, 't>(head: &Head, records: &'r [Record<'t>]) -> Option<&'r Record<'t>> {
    let (last, before) = records.split_last()?;
    let length = |r: &Record<'_>| r.cells.len().saturating_add(1);
    let short = length(last) < head.columns && !last.behind_the_set();
    let usual = before.iter().any(|r| length(r) <= length(last));
    (short && !usual && !head.closed).then_some(last)
}

/// The facts of the list.
pub(super) fn finish(head: Head, product: Option<&str>, mut records: Vec<Record<'_>>, lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let first = records.first().and_then(|r| r.lines.first()).map(|l| l.place());
    let Some(place) = head.place.clone().or(first) else {
        if let Some(line) = lines.first() {
            reading.problem(line.number, "No policy could be read here. On the policy page select all (Ctrl+A), copy, and paste that, or use Export to JSON.");
        }
        return reading;
    };
    if let Some(cut) = cut_row(&head, &records) {
        let says = format!("The row of {} is cut off, so its value is not known. Paste the whole row.", cut.name);
        reading.problem(cut.lines.last().map_or(0, |l| l.number), says);
        records.pop();
    }
    // Further lists are of other products.
    let first_product = records.first().map_or(product, |r| r.product);
    let own: Vec<&Record<'_>> = records.iter().filter(|r| r.product == first_product).collect();
    let complete = head.place.is_some() && (head.closed || own.iter().any(|r| r.behind_the_set()));
    let ascending = own.is_sorted_by(|a, b| a.name <= b.name);
    let up_to = own.last().filter(|_| head.place.is_some() && !complete && ascending).map(|r| r.name.clone());
    if head.place.is_some() && !complete && up_to.as_deref().is_none_or(|last| last < "AuthSchemes") {
        let line = lines.last().map_or(0, |l| l.number);
        reading.problem(line, "The list may go on behind this line, so what is missing here may still be set. Use Export to JSON, or copy the whole page (Ctrl+A).");
    }
    reading.fact(
        place,
        Statement::PolicyListing(PolicyListing {
            product: first_product.map(str::to_owned),
            complete,
            up_to,
            policies: u32::try_from(records.len()).unwrap_or(u32::MAX),
        }),
    );
    for record in records.into_iter().filter(|r| matters(&r.name)) {
        let Some(place) = record.lines.iter().map(|l| l.place()).reduce(|a, b| a.to(&b)) else { continue };
        let value = record.value();
        let lit: Vec<String> =
            [Some(record.name.clone()), value.clone()].into_iter().flatten().filter(|w| !w.is_empty()).collect();
        reading.fact(
            place.lit(lit),
            Statement::Policy(Policy {
                scope: record.cell(2),
                level: record.cell(3),
                status: record.cell(4),
                product: record.product.map(str::to_owned),
                name: record.name,
                value,
            }),
        );
    }
    reading
}
