//! What must be withheld so that no figure about fewer than five people can be read or worked out.
//!
//! A figure is a cell with the people whom it is about; sums say which cells add up to which. Pure and general: levels
//! that add up to all alerts, areas that add up to the whole, and both at once are sums over the same cells.
//!
//! Withheld are (1) cells about one to four people, and about nobody where "none" would tell of everyone else; (2) as
//! many further cells as it takes until no withheld cell follows from what is shown by any adding and subtracting, and
//! until what the withheld parts of a shown sum come to together is about five people or more. The cells added are those
//! about the fewest people.
//!
//! What remains possible, and is accepted: bounds (a withheld part is at most what its sum leaves over); comparing reports
//! over periods that overlap, which whole months that are over make coarse but do not prevent; comparing a report with
//! one made after records were added or an agreement was withdrawn; two commissioners whose reach differs putting their
//! reports together; knowing from elsewhere who the people are.

use std::collections::{BTreeMap, BTreeSet};

#[cfg(test)]
mod tests;

/// A figure about fewer people than this is withheld.
pub const LEAST_PEOPLE: usize = 5;

/// Whom a figure is about.
#[derive(Clone, Debug)]
pub struct FigureSubjects<P> {
    /// Each once, however often they are counted.
    pub people: BTreeSet<P>,
    /// Whether "none" tells something of everybody else: where nobody refused, everybody agreed.
    pub none_tells: bool,
}

impl<P> FigureSubjects<P> {
    fn is_small(&self) -> bool {
        self.people.len() < LEAST_PEOPLE && (self.none_tells || !self.people.is_empty())
    }
}

/// A cell whose figure is the sum of others'.
#[derive(Clone, Debug)]
pub struct Sum {
    /// The sum.
    pub whole: usize,
    /// What it adds up.
    pub parts: Vec<usize>,
}

impl Sum {
    fn members(&self) -> impl Iterator<Item = usize> + '_ {
        std::iter::once(self.whole).chain(self.parts.iter().copied())
    }
}

/// Which cells are withheld.
pub fn withheld<P: Ord>(cells: &[FigureSubjects<P>], sums: &[Sum]) -> Vec<bool> {
    let mut held = Held { cells, sums, held: cells.iter().map(FigureSubjects::is_small).collect() };
    loop {
        held.close_sums();
        let determined = determined(sums, &held.held);
        let mut has_added = false;
        for cell in determined {
            has_added |= held.cover(cell);
        }
        if !has_added {
            return held.held;
        }
    }
}

struct Held<'a, P> {
    cells: &'a [FigureSubjects<P>],
    sums: &'a [Sum],
    held: Vec<bool>,
}

impl<P: Ord> Held<'_, P> {
    fn is_held(&self, cell: usize) -> bool {
        self.held.get(cell).copied().unwrap_or(true)
    }

    fn hold(&mut self, cell: usize) {
        if let Some(held) = self.held.get_mut(cell) {
            *held = true;
        }
    }

    fn size(&self, cell: usize) -> usize {
        self.cells.get(cell).map_or(0, |about| about.people.len())
    }

    /// Withholds more until no single sum gives away a withheld part.
    fn close_sums(&mut self) {
        let sums = self.sums;
        loop {
            let mut has_added = false;
            for sum in sums {
                while self.gives_away(sum) {
                    let Some(next) = self.next_in(sum) else { break };
                    self.hold(next);
                    has_added = true;
                }
            }
            if !has_added {
                return;
            }
        }
    }

    /// Whether a sum tells a withheld cell, or how much withheld cells about too few people come to together.
    fn gives_away(&self, sum: &Sum) -> bool {
        let inner: Vec<usize> = sum.parts.iter().copied().filter(|part| self.is_held(*part)).collect();
        if self.is_held(sum.whole) {
            return inner.is_empty() && !sum.parts.is_empty();
        }
        let people: BTreeSet<&P> =
            inner.iter().filter_map(|part| self.cells.get(*part)).flat_map(|about| &about.people).collect();
        !inner.is_empty() && (inner.len() == 1 || people.len() < LEAST_PEOPLE)
    }

    /// The next cell of a sum to withhold: the shown part about the fewest people, but not one about nobody, which would
    /// cover nothing; then the whole; then any.
    fn next_in(&self, sum: &Sum) -> Option<usize> {
        let told = || sum.parts.iter().copied().filter(|part| !self.is_held(*part));
        let smallest = told().filter(|part| self.size(*part) > 0).min_by_key(|part| (self.size(*part), *part));
        let whole = Some(sum.whole).filter(|whole| !self.is_held(*whole));
        smallest.or(whole).or_else(|| told().next())
    }

    /// Withholds one more cell beside one that could be worked out; false when there is none left to withhold.
    fn cover(&mut self, cell: usize) -> bool {
        let beside = |sum: &&Sum| sum.members().any(|member| member == cell);
        let told = self.sums.iter().filter(beside).flat_map(Sum::members).filter(|member| !self.is_held(*member));
        let next = told.min_by_key(|member| (self.size(*member) == 0, self.size(*member), *member));
        let next = next.or_else(|| {
            let all = self.sums.iter().flat_map(Sum::members).filter(|member| !self.is_held(*member));
            all.min_by_key(|member| (self.size(*member), *member))
        });
        if let Some(next) = next {
            self.hold(next);
        }
        next.is_some()
    }
}

/// Arithmetic is done modulo this prime (2^61 - 1): all coefficients begin as 1 or -1.
const PRIME: u128 = (1 << 61) - 1;

/// The withheld cells that follow from what is shown: each sum is an equation between them, and one follows where the
/// equations, solved, leave it alone in its own.
fn determined(sums: &[Sum], held: &[bool]) -> Vec<usize> {
    let is_held = |cell: usize| held.get(cell).copied().unwrap_or(false);
    let mut solved: BTreeMap<usize, BTreeMap<usize, u128>> = BTreeMap::new();
    for sum in sums {
        let mut row: BTreeMap<usize, u128> = BTreeMap::new();
        for part in sum.parts.iter().copied().filter(|part| is_held(*part)) {
            add(&mut row, part, 1);
        }
        if is_held(sum.whole) {
            add(&mut row, sum.whole, PRIME - 1);
        }
        for (pivot, known) in &solved {
            eliminate(&mut row, *pivot, known);
        }
        let Some((&pivot, &lead)) = row.iter().next() else { continue };
        let inverse = power(lead, PRIME - 2);
        for value in row.values_mut() {
            *value = *value * inverse % PRIME;
        }
        for known in solved.values_mut() {
            eliminate(known, pivot, &row);
        }
        solved.insert(pivot, row);
    }
    solved.into_iter().filter(|(_, row)| row.len() == 1).map(|(pivot, _)| pivot).collect()
}

fn add(row: &mut BTreeMap<usize, u128>, cell: usize, value: u128) {
    let sum = (row.get(&cell).copied().unwrap_or(0) + value) % PRIME;
    if sum == 0 {
        row.remove(&cell);
    } else {
        row.insert(cell, sum);
    }
}

/// Takes `pivot` out of a row by subtracting the row that is solved for it.
fn eliminate(row: &mut BTreeMap<usize, u128>, pivot: usize, known: &BTreeMap<usize, u128>) {
    let Some(factor) = row.get(&pivot).copied() else { return };
    for (cell, value) in known {
        add(row, *cell, (PRIME - factor) * value % PRIME);
    }
}

fn power(mut base: u128, mut exponent: u128) -> u128 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    result
}
