//! What stands in the middle of a badge: a figure around the origin that fits into a circle with
//! the radius 70, lit from the left.

use super::palette::Palette;
use super::path::{Point, leaf, polar, polygon, star};

/// The figures.
const FIGURES: [fn(&Palette) -> String; 6] = [star_of_five, compass, sprout, book, peaks, gem];

/// One of the figures, chosen by a number.
pub(super) fn emblem(choice: u8, palette: &Palette) -> String {
    FIGURES[usize::from(choice) % FIGURES.len()](palette)
}

/// Two sprays of leaves, from the bottom up both sides of a circle.
pub(super) fn laurel(radius: f64, palette: &Palette) -> String {
    const PAIRS: u32 = 7;
    let (mut lit, mut shaded) = (String::new(), String::new());
    for side in [-1.0, 1.0] {
        for pair in 0..PAIRS {
            let share = f64::from(pair) / f64::from(PAIRS);
            let turns = 0.5 + side * (0.045 + 0.30 * share);
            let length = 30.0 - 8.0 * share;
            let foot = polar(radius, turns);
            let along = polar(1.0, turns + side * 0.25);
            let out = polar(1.0, turns);
            for (towards, path) in [(0.75, &mut lit), (-0.55, &mut shaded)] {
                let tip = (
                    foot.0 + length * (along.0 + out.0 * towards) * 0.8,
                    foot.1 + length * (along.1 + out.1 * towards) * 0.8,
                );
                path.push_str(&leaf(foot, tip, 0.3));
            }
        }
    }
    filled(&lit, palette.accent) + &filled(&shaded, palette.shade)
}

fn star_of_five(palette: &Palette) -> String {
    facets(&star(5, 70.0, 30.0), palette)
}

fn compass(palette: &Palette) -> String {
    let short: Vec<Point> = star(4, 46.0, 14.0)
        .into_iter()
        .map(|(x, y)| {
            let eighth = std::f64::consts::FRAC_1_SQRT_2;
            ((x - y) * eighth, (x + y) * eighth)
        })
        .collect();
    format!(
        "{}{}<circle r=\"7\" fill=\"{}\"/>",
        facets(&short, palette),
        facets(&star(4, 72.0, 16.0), palette),
        palette.field
    )
}

fn sprout(palette: &Palette) -> String {
    let stem = "M-4 66Q-6 30 -2 2L4 2Q2 30 6 66Z";
    let large = [
        leaf((1.0, 22.0), (64.0, -26.0), 0.36),
        leaf((0.0, 6.0), (0.0, -70.0), 0.3),
    ];
    let shaded = leaf((-1.0, 34.0), (-62.0, -8.0), 0.36);
    // The far half of the upper leaf.
    let half = "M0 6Q22.8 -28.2 0 -70Z";
    filled(stem, palette.shade)
        + &filled(&shaded, palette.shade)
        + &filled(&large.concat(), palette.accent)
        + &filled(half, palette.shade)
}

fn book(palette: &Palette) -> String {
    let left = "M-3 -34Q-34 -56 -68 -44V38Q-34 27 -3 50Z";
    let right = "M3 -34Q34 -56 68 -44V38Q34 27 3 50Z";
    let lines = "M-54 -26Q-34 -31 -15 -21M-54 -8Q-34 -13 -15 -3M-54 10Q-34 5 -15 15\
                 M54 -26Q34 -31 15 -21M54 -8Q34 -13 15 -3M54 10Q34 5 15 15";
    let spine = "M-68 48Q-34 38 0 60Q34 38 68 48V54Q34 45 0 67Q-34 45 -68 54Z";
    format!(
        "{}{}{}<path d=\"{lines}\" fill=\"none\" stroke=\"{}\" stroke-width=\"5\" \
         stroke-linecap=\"round\"/>",
        filled(left, palette.accent),
        filled(right, palette.shade),
        filled(spine, palette.paper),
        palette.field
    )
}

fn peaks(palette: &Palette) -> String {
    let far = polygon(&[(-2.0, 50.0), (36.0, -14.0), (74.0, 50.0)]);
    let near = polygon(&[(-74.0, 50.0), (-16.0, -50.0), (42.0, 50.0)]);
    let dark = polygon(&[
        (-16.0, -50.0),
        (42.0, 50.0),
        (-8.0, 50.0),
        (2.0, 22.0),
        (-18.0, -4.0),
    ]);
    let snow = polygon(&[
        (-16.0, -50.0),
        (2.6, -18.0),
        (-8.0, -10.0),
        (-16.0, -19.0),
        (-25.0, -9.0),
        (-34.6, -18.0),
    ]);
    format!(
        "<circle cx=\"38\" cy=\"-38\" r=\"17\" fill=\"{}\"/>{}{}{}{}",
        palette.paper,
        filled(&far, palette.shade),
        filled(&near, palette.accent),
        filled(&dark, palette.shade),
        filled(&snow, palette.paper)
    )
}

fn gem(palette: &Palette) -> String {
    let crown = [
        (-66.0, -18.0),
        (-38.0, -54.0),
        (0.0, -54.0),
        (38.0, -54.0),
        (66.0, -18.0),
    ];
    let tip = (0.0, 66.0);
    let (left, right) = ((-26.0, -18.0), (26.0, -18.0));
    let lit = [
        polygon(&[crown[0], crown[1], left]),
        polygon(&[crown[2], left, right]),
        polygon(&[left, right, tip]),
    ];
    let shaded = [
        polygon(&[crown[0], left, tip]),
        polygon(&[crown[2], crown[3], right]),
        polygon(&[right, crown[4], tip]),
    ];
    let bright = [
        polygon(&[crown[1], crown[2], left]),
        polygon(&[crown[3], crown[4], right]),
    ];
    filled(&lit.concat(), palette.accent)
        + &filled(&shaded.concat(), palette.shade)
        + &filled(&bright.concat(), palette.paper)
}

/// A star whose arms have a lit and a shaded side.
fn facets(outline: &[Point], palette: &Palette) -> String {
    let (mut lit, mut shaded) = (String::new(), String::new());
    for (index, point) in outline.iter().enumerate() {
        let next = outline[(index + 1) % outline.len()];
        let facet = polygon(&[(0.0, 0.0), *point, next]);
        // From a tip clockwise is the side away from the light.
        if index % 2 == 0 {
            shaded.push_str(&facet);
        } else {
            lit.push_str(&facet);
        }
    }
    filled(&lit, palette.accent) + &filled(&shaded, palette.shade)
}

fn filled(path: &str, colour: impl std::fmt::Display) -> String {
    format!("<path d=\"{path}\" fill=\"{colour}\"/>")
}
