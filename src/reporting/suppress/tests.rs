//! What an attacker with paper and patience could do, tried on tables of all shapes.

use proptest::prelude::*;

use super::*;

/// Rows by columns with both margins: cell (r, c) at r * (columns + 1) + c, the last of each being the sum.
struct Table {
    rows: usize,
    columns: usize,
    cells: Vec<FigureSubjects<u32>>,
    sums: Vec<Sum>,
}

impl Table {
    fn of(rows: usize, columns: usize, inner: &[BTreeSet<u32>], none_tells: bool) -> Self {
        let at = |row: usize, column: usize| row * (columns + 1) + column;
        let mut cells = Vec::new();
        for row in 0..=rows {
            for column in 0..=columns {
                let within = |r: usize, c: usize| (row == rows || r == row) && (column == columns || c == column);
                let mut people = BTreeSet::new();
                for r in 0..rows {
                    for c in (0..columns).filter(|c| within(r, *c)) {
                        people.extend(inner[r * columns + c].iter().copied());
                    }
                }
                cells.push(FigureSubjects { people, none_tells });
            }
        }
        let mut sums = Vec::new();
        for row in 0..=rows {
            sums.push(Sum { whole: at(row, columns), parts: (0..columns).map(|column| at(row, column)).collect() });
        }
        for column in 0..=columns {
            sums.push(Sum { whole: at(rows, column), parts: (0..rows).map(|row| at(row, column)).collect() });
        }
        Self { rows, columns, cells, sums }
    }
}

/// Exact fractions, by another way than the code's: dense elimination with whole numbers.
fn solvable(sums: &[Sum], held: &[bool]) -> BTreeSet<usize> {
    let unknown: Vec<usize> = (0..held.len()).filter(|cell| held[*cell]).collect();
    let mut rows: Vec<Vec<i128>> = sums
        .iter()
        .map(|sum| {
            let coefficient = |cell: &usize| i128::from(sum.parts.contains(cell)) - i128::from(sum.whole == *cell);
            unknown.iter().map(coefficient).collect()
        })
        .collect();
    let mut done = 0;
    for column in 0..unknown.len() {
        let Some(found) = (done..rows.len()).find(|row| rows[*row][column] != 0) else { continue };
        rows.swap(done, found);
        for row in (0..rows.len()).filter(|row| *row != done) {
            let (a, b) = (rows[done][column], rows[row][column]);
            let solved = rows[done].clone();
            for (value, by) in rows[row].iter_mut().zip(&solved) {
                *value = *value * a - by * b;
            }
            let divisor = rows[row].iter().fold(0, |a, b| gcd(a, b.abs())).max(1);
            rows[row].iter_mut().for_each(|value| *value /= divisor);
        }
        done += 1;
    }
    let alone = |row: &Vec<i128>| {
        let mut left = (0..unknown.len()).filter(|at| row[*at] != 0);
        left.next().filter(|_| left.next().is_none())
    };
    rows.iter().filter_map(alone).map(|at| unknown[at]).collect()
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Subtracting by hand, sum by sum, for as long as one has a single unknown left.
fn by_hand(sums: &[Sum], held: &[bool]) -> BTreeSet<usize> {
    let (mut unknown, mut found) = (held.to_vec(), BTreeSet::new());
    loop {
        let single = sums.iter().find_map(|sum| {
            let mut left = sum.members().filter(|cell| unknown[*cell]);
            left.next().filter(|_| left.next().is_none())
        });
        let Some(cell) = single else { return found };
        unknown[cell] = false;
        found.insert(cell);
    }
}

fn people(of: &[usize]) -> Vec<BTreeSet<u32>> {
    let mut next = 0;
    let mut make = |count: &usize| {
        let first = next;
        next += u32::try_from(*count).unwrap();
        (first..next).collect()
    };
    of.iter().map(&mut make).collect()
}

#[test]
fn four_people_are_withheld_and_five_are_told() {
    let table = Table::of(1, 3, &people(&[4, 5, 30]), false);
    // The four, and the next smallest, since the four would else be the difference.
    assert_eq!(withheld(&table.cells, &table.sums)[..4], [true, true, false, false]);
    let table = Table::of(1, 3, &people(&[5, 6, 30]), false);
    assert!(withheld(&table.cells, &table.sums).iter().all(|held| !held));
}

#[test]
fn people_count_and_not_how_often() {
    let alike = vec![BTreeSet::from([1, 2, 3, 4]), BTreeSet::from([1, 2, 3, 4, 5, 6])];
    let table = Table::of(1, 2, &alike, false);
    assert_eq!(withheld(&table.cells, &table.sums)[..3], [true, true, false]);
}

#[test]
fn nobody_is_told_as_nobody_unless_that_tells_of_everyone() {
    let table = Table::of(1, 2, &people(&[0, 9]), false);
    assert_eq!(withheld(&table.cells, &table.sums)[..3], [false, false, false]);
    let table = Table::of(1, 2, &people(&[0, 9]), true);
    assert_eq!(withheld(&table.cells, &table.sums)[..3], [true, true, false]);
}

#[test]
fn what_two_small_cells_come_to_is_not_told_either() {
    let table = Table::of(1, 3, &people(&[2, 1, 30]), false);
    assert_eq!(withheld(&table.cells, &table.sums)[..4], [true, true, true, false]);
}

#[test]
fn an_area_is_not_the_difference_between_the_whole_and_the_other() {
    let table = Table::of(2, 1, &people(&[3, 40]), false);
    let held = withheld(&table.cells, &table.sums);
    // Both areas are withheld, in the column and in its margin alike; the whole is shown.
    assert_eq!(held, [true, true, true, true, false, false]);
}

#[test]
fn a_square_that_subtraction_by_hand_does_not_solve_is_solved_all_the_same() {
    // A cycle of four in a table without margins to spare: each line has two unknowns, and yet the chain of the three
    // sums fixes the fifth cell.
    let sums =
        [Sum { whole: 5, parts: vec![0, 1] }, Sum { whole: 6, parts: vec![1, 2] }, Sum { whole: 7, parts: vec![0, 2] }];
    let held = [true, true, true, false, false, false, false, false];
    assert!(by_hand(&sums, &held).is_empty());
    assert_eq!(determined(&sums, &held), [0, 1, 2]);
    assert_eq!(solvable(&sums, &held), BTreeSet::from([0, 1, 2]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_withheld_figure_can_be_worked_out(
        rows in 1usize..5,
        columns in 1usize..6,
        people in prop::collection::vec(prop::collection::btree_set(0u32..60, 0..14), 20),
        none_tells in any::<bool>(),
    ) {
        let table = Table::of(rows, columns, &people, none_tells);
        let held = withheld(&table.cells, &table.sums);
        for (cell, about) in table.cells.iter().enumerate() {
            let size = about.people.len();
            prop_assert!(held[cell] || size >= LEAST_PEOPLE || (size == 0 && !none_tells), "{cell} is about {size}");
        }
        prop_assert!(by_hand(&table.sums, &held).is_empty());
        prop_assert!(solvable(&table.sums, &held).is_empty());
        for sum in &table.sums {
            let inner: Vec<_> = sum.parts.iter().filter(|part| held[**part]).collect();
            let together: BTreeSet<_> = inner.iter().flat_map(|part| &table.cells[**part].people).collect();
            prop_assert!(held[sum.whole] || inner.is_empty() || together.len() >= LEAST_PEOPLE);
        }
        prop_assert_eq!(held.len(), (table.rows + 1) * (table.columns + 1));
    }

    #[test]
    fn the_solver_agrees_with_exact_fractions(
        rows in 1usize..5,
        columns in 1usize..5,
        held in prop::collection::vec(any::<bool>(), 25),
    ) {
        let table = Table::of(rows, columns, &vec![BTreeSet::new(); rows * columns], false);
        let held = &held[..table.cells.len()];
        let found: BTreeSet<usize> = determined(&table.sums, held).into_iter().collect();
        prop_assert_eq!(found, solvable(&table.sums, held));
    }

    #[test]
    fn nothing_is_withheld_where_every_figure_is_about_enough_people_or_nobody(
        rows in 1usize..4,
        columns in 1usize..5,
        sizes in prop::collection::vec(prop_oneof![Just(0usize), 5usize..20], 12),
    ) {
        let table = Table::of(rows, columns, &self::people(&sizes), false);
        prop_assert!(withheld(&table.cells, &table.sums).iter().all(|held| !held));
    }
}
