//! How much a browser has to do: an element counts each time it is drawn. A few kilobytes of `use`
//! in `use` are as many elements as anyone wants.

use std::collections::HashMap;

use super::{Drawing, Element, Reference};

/// The most elements as they are drawn, outlines by their length.
const MOST: u64 = 100_000;
/// The most levels, through references as well.
const MOST_LEVELS: u64 = 96;

/// Whether a picture has no more to draw than it should.
pub(super) fn is_light(drawing: &Drawing) -> bool {
    let selectors: usize = drawing.rules.iter().map(|rule| rule.selectors.len()).sum();
    let mut scale = Scale {
        drawing,
        // All selectors are tried on each element, which takes a fiftieth of drawing it.
        each: 1 + selectors as u64 / 50,
        by_id: HashMap::new(),
        weighed: HashMap::new(),
    };
    scale.find_ids(&drawing.root);
    let load = scale.weigh(&drawing.root);
    load.weight <= MOST && load.levels <= MOST_LEVELS
}

struct Scale<'d> {
    drawing: &'d Drawing,
    /// What an element weighs for itself.
    each: u64,
    by_id: HashMap<&'d str, &'d Element>,
    /// By address; `None` while an element is being weighed: one that leads to itself is not drawn.
    weighed: HashMap<*const Element, Option<Load>>,
}

#[derive(Clone, Copy, Default)]
struct Load {
    weight: u64,
    levels: u64,
}

impl<'d> Scale<'d> {
    fn find_ids(&mut self, element: &'d Element) {
        if let Some(id) = element.attribute("id") {
            self.by_id.entry(id).or_insert(element);
        }
        for child in element.elements() {
            self.find_ids(child);
        }
    }

    fn weigh(&mut self, element: &'d Element) -> Load {
        let key = std::ptr::from_ref(element);
        if let Some(load) = self.weighed.get(&key) {
            return load.unwrap_or_default();
        }
        self.weighed.insert(key, None);
        let outline = ["d", "points"].map(|name| element.attribute(name).map_or(0, str::len));
        let mut weight = self.each + outline.iter().sum::<usize>() as u64 / 64;
        let mut levels = 0;
        for child in element.elements() {
            let load = self.weigh(child);
            weight = weight.saturating_add(load.weight);
            levels = levels.max(load.levels);
        }
        let inside = weight;
        let drawing = self.drawing;
        let of_rules = drawing.rules.iter().filter(|rule| {
            let classes = element.attribute("class").unwrap_or_default();
            rule.concerns(element.name, element.attribute("id"), classes)
        });
        let of_rules = of_rules.flat_map(|rule| &rule.declarations.references);
        let references: Vec<&Reference> = element.references.iter().chain(of_rules).collect();
        for reference in references {
            let Some(target) = self.by_id.get(reference.id.as_str()).copied() else {
                continue;
            };
            let load = self.weigh(target);
            let times = match reference.property {
                // What is inside takes them on.
                "fill" | "stroke" => inside,
                // One at each point, which takes two characters.
                "marker" | "marker-start" | "marker-mid" | "marker-end" => {
                    inside.saturating_mul(32)
                }
                _ => 1,
            };
            weight = weight.saturating_add(load.weight.saturating_mul(times));
            levels = levels.max(load.levels);
        }
        let levels = levels + 1;
        let load = Load { weight, levels };
        self.weighed.insert(key, Some(load));
        load
    }
}
