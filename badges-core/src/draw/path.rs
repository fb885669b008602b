//! Outlines as the `d` of an SVG path.

use std::f64::consts::TAU;
use std::fmt::Write as _;

/// A point, to the right and down.
pub(super) type Point = (f64, f64);

/// The point at a distance from the origin, at an angle in turns, clockwise from the top.
pub(super) fn polar(radius: f64, turns: f64) -> Point {
    let (sine, cosine) = (turns * TAU).sin_cos();
    (radius * sine, -radius * cosine)
}

/// A closed outline of straight lines.
pub(super) fn polygon(points: &[Point]) -> String {
    let mut path = String::new();
    for (index, point) in points.iter().enumerate() {
        path.push(if index == 0 { 'M' } else { 'L' });
        push(&mut path, *point);
    }
    path.push('Z');
    path
}

/// A star: points on two radii in turn, the first outside and at the top.
pub(super) fn star(points: u32, outer: f64, inner: f64) -> Vec<Point> {
    let corners = points * 2;
    (0..corners)
        .map(|corner| {
            let radius = if corner % 2 == 0 { outer } else { inner };
            polar(radius, f64::from(corner) / f64::from(corners))
        })
        .collect()
}

/// A circle with lobes around it: `outer` to their tips, `inner` between them.
pub(super) fn scallop(lobes: u32, outer: f64, inner: f64) -> String {
    let step = 1.0 / f64::from(lobes);
    let mut path = String::from("M");
    push(&mut path, polar(inner, -step / 2.0));
    for lobe in 0..lobes {
        let middle = f64::from(lobe) * step;
        // The control point lies as far beyond the tip as the tip is beyond the feet.
        let control = outer + (outer - inner * (step * TAU / 2.0).cos());
        path.push('Q');
        push(&mut path, polar(control, middle));
        path.push(' ');
        push(&mut path, polar(inner, middle + step / 2.0));
    }
    path.push('Z');
    path
}

/// A regular polygon with round corners; `rounding` is the share of each side that bends.
pub(super) fn soft_polygon(sides: u32, radius: f64, rounding: f64) -> String {
    let corner = |index: u32| polar(radius, f64::from(index) / f64::from(sides));
    let between = |from: Point, to: Point, share: f64| {
        (
            from.0 + (to.0 - from.0) * share,
            from.1 + (to.1 - from.1) * share,
        )
    };
    let mut path = String::new();
    for index in 0..sides {
        let (before, here, after) = (corner(index + sides - 1), corner(index), corner(index + 1));
        path.push(if index == 0 { 'M' } else { 'L' });
        push(&mut path, between(here, before, rounding));
        path.push('Q');
        push(&mut path, here);
        path.push(' ');
        push(&mut path, between(here, after, rounding));
    }
    path.push('Z');
    path
}

/// A leaf from one point to another, bulging to both sides by a share of its length.
pub(super) fn leaf(from: Point, to: Point, bulge: f64) -> String {
    let (across, along) = (to.0 - from.0, to.1 - from.1);
    let middle = (from.0 + across * 0.45, from.1 + along * 0.45);
    let mut path = String::from("M");
    push(&mut path, from);
    for side in [1.0, -1.0] {
        path.push('Q');
        let control = (
            middle.0 - along * bulge * side,
            middle.1 + across * bulge * side,
        );
        push(&mut path, control);
        path.push(' ');
        push(&mut path, if side > 0.0 { to } else { from });
    }
    path.push('Z');
    path
}

/// Writes a point to a tenth of a unit.
fn push(path: &mut String, (x, y): Point) {
    let tenth = |value: f64| {
        let rounded = (value * 10.0).round() / 10.0;
        // No minus before zero.
        if rounded == 0.0 { 0.0 } else { rounded }
    };
    // Writing to a string cannot fail.
    let _ = write!(path, "{} {}", tenth(x), tenth(y));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_begin_at_the_top_and_are_closed() {
        assert_eq!(polygon(&star(2, 10.0, 5.0)), "M0 -10L5 0L0 10L-5 0Z");
        assert!(scallop(12, 100.0, 90.0).ends_with('Z'));
        assert_eq!(
            soft_polygon(4, 10.0, 0.5),
            "M-5 -5Q0 -10 5 -5L5 -5Q10 0 5 5L5 5Q0 10 -5 5L-5 5Q-10 0 -5 -5Z"
        );
        assert_eq!(
            leaf((0.0, 0.0), (10.0, 0.0), 0.4),
            "M0 0Q4.5 4 10 0Q4.5 -4 0 0Z"
        );
    }
}
