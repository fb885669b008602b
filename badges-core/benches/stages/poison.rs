//! Graphs in N-Quads whose blank nodes are alike, made to cost whoever canonicalises them.

use std::fmt::Write as _;

/// A graph by its name and size.
pub(crate) type Poison = (&'static str, fn() -> String);

/// Each makes work in another place: permutations, recursion, long lists of statements, copies of
/// labels. The largest are about as large as a badge's text may be.
pub(crate) const POISONS: [Poison; 9] = [
    ("clique of 10", || clique(10, 0)),
    ("clique of 70", || clique(70, 0)),
    ("clique of 7, 500 texts each", || clique(7, 500)),
    ("cycle of 300", || cycle(300)),
    ("cycle of 10,000", || cycle(10_000)),
    ("cycle of 600", || cycle(600)),
    ("two hubs of 12", || hubs(2, 12)),
    ("two hubs of 4,000", || hubs(2, 4_000)),
    ("300 hubs of 20", || hubs(300, 20)),
];

fn quad(graph: &mut String, subject: &str, predicate: &str, object: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(graph, "_:{subject} <urn:{predicate}> {object} .");
}

/// Everybody knows everybody, and has the same texts.
fn clique(nodes: usize, texts: usize) -> String {
    let mut graph = String::new();
    for node in 0..nodes {
        let name = format!("n{node}");
        for other in (0..nodes).filter(|other| *other != node) {
            quad(&mut graph, &name, "knows", &format!("_:n{other}"));
        }
        for text in 0..texts {
            quad(&mut graph, &name, "name", &format!("\"{text}\""));
        }
    }
    graph
}

/// Everybody has a next one.
fn cycle(nodes: usize) -> String {
    let mut graph = String::new();
    for node in 0..nodes {
        let next = format!("_:n{}", (node + 1) % nodes);
        quad(&mut graph, &format!("n{node}"), "next", &next);
    }
    graph
}

/// Hubs that are alike, each with members that are alike.
fn hubs(hubs: usize, members: usize) -> String {
    let mut graph = String::new();
    for hub in 0..hubs {
        for member in 0..members {
            quad(
                &mut graph,
                &format!("h{hub}"),
                "has",
                &format!("_:h{hub}m{member}"),
            );
        }
    }
    graph
}
