//! How much it takes to draw an SVG, counted before it is drawn. A few lines of SVG can ask for
//! hours and gigabytes: layers in layers, filters that look at a thousand pixels for each, dashes
//! that nobody can see, a tile as large as a field.

use resvg::tiny_skia::{Path as Outline, PathSegment, Point, Transform};
use resvg::usvg::filter::{Filter, Kind};
use resvg::usvg::{ClipPath, Group, Mask, Node, NonZeroRect, Paint, Path, Pattern, Stroke, Tree};

/// What one picture may take, in steps of about a nanosecond on a common processor of 2026.
const WORK: f64 = 3e9;
/// How many pixels may be held at once, of four bytes each.
const PIXELS: f64 = 48e6;
/// Layers reach as far as this many canvases.
const LAYER: f64 = 25.0;

/// Whether this drawing, on a canvas of this many pixels, takes no more than a picture should.
pub(super) fn is_affordable(tree: &Tree, transform: Transform, canvas: f64) -> bool {
    let mut bill = Bill {
        work: 0.0,
        canvas: canvas * LAYER,
    };
    let held = canvas;
    bill.group(tree.root(), transform, Surface { area: canvas, held })
        .is_some()
}

struct Bill {
    work: f64,
    /// The most pixels that a layer has.
    canvas: f64,
}

/// What is drawn on.
#[derive(Clone, Copy)]
struct Surface {
    area: f64,
    /// The pixels that are held while it is drawn on, its own included.
    held: f64,
}

impl Bill {
    /// `None` when it is too much. What is not a number is too much.
    fn add(&mut self, work: f64) -> Option<()> {
        self.work += work;
        (self.work < WORK).then_some(())
    }

    /// Another surface, held while those before are.
    fn hold(&mut self, surface: Surface, area: f64, copies: f64) -> Option<Surface> {
        let held = surface.held + area * copies;
        if held.is_nan() || held > PIXELS {
            return None;
        }
        self.add(area * copies)?;
        Some(Surface { area, held })
    }

    fn group(&mut self, group: &Group, transform: Transform, surface: Surface) -> Option<()> {
        // A group is called for, has its place found and may be empty all the same.
        self.add(100.0)?;
        let transform = transform.pre_concat(group.transform());
        let mut surface = surface;
        if group.should_isolate() {
            let area = area(group.layer_bounding_box(), transform).min(self.canvas);
            surface = self.hold(surface, area, 1.0)?;
        }
        for child in group.children() {
            match child {
                Node::Group(group) => self.group(group, transform, surface)?,
                Node::Path(path) => self.path(path, transform, surface)?,
                Node::Text(text) => self.group(text.flattened(), transform, surface)?,
                // None are resolved.
                Node::Image(_) => {}
            }
        }
        for filter in group.filters() {
            self.filter(filter, transform, surface)?;
        }
        if let Some(clip_path) = group.clip_path() {
            self.clip_path(clip_path, transform, surface)?;
        }
        if let Some(mask) = group.mask() {
            self.mask(mask, transform, surface)?;
        }
        Some(())
    }

    fn clip_path(
        &mut self,
        clip_path: &ClipPath,
        transform: Transform,
        surface: Surface,
    ) -> Option<()> {
        let surface = self.hold(surface, surface.area, 2.0)?;
        let inside = transform.pre_concat(clip_path.transform());
        self.group(clip_path.root(), inside, surface)?;
        match clip_path.clip_path() {
            Some(clip_path) => self.clip_path(clip_path, transform, surface),
            None => Some(()),
        }
    }

    fn mask(&mut self, mask: &Mask, transform: Transform, surface: Surface) -> Option<()> {
        let surface = self.hold(surface, surface.area, 3.0)?;
        self.group(mask.root(), transform, surface)?;
        match mask.mask() {
            Some(mask) => self.mask(mask, transform, surface),
            None => Some(()),
        }
    }

    fn path(&mut self, path: &Path, transform: Transform, surface: Surface) -> Option<()> {
        let bounds = path.stroke_bounding_box().transform(transform);
        let covered = bounds.map_or(surface.area, |bounds| {
            (f64::from(bounds.width()) * f64::from(bounds.height())).min(surface.area)
        });
        // Edges are followed from row to row, as far as the surface reaches.
        let points = path.data().points().len() as f64;
        let (x, y) = transform.get_scale();
        let reach = length(path.data()) * f64::from(x.max(y));
        let edges = reach.min(points * surface.area.sqrt()) + points;
        if let Some(fill) = path.fill() {
            self.add(edges * 100.0)?;
            self.paint(fill.paint(), covered, transform, surface)?;
        }
        if let Some(stroke) = path.stroke() {
            self.add(edges * 200.0 + dashes(path.data(), stroke) * 400.0)?;
            self.paint(stroke.paint(), covered, transform, surface)?;
        }
        Some(())
    }

    fn paint(
        &mut self,
        paint: &Paint,
        covered: f64,
        transform: Transform,
        surface: Surface,
    ) -> Option<()> {
        match paint {
            Paint::Color(_) => self.add(covered * 3.0),
            Paint::LinearGradient(_) | Paint::RadialGradient(_) => self.add(covered * 9.0),
            Paint::Pattern(pattern) => {
                self.add(covered * 8.0)?;
                self.pattern(pattern, transform, surface)
            }
        }
    }

    fn pattern(&mut self, pattern: &Pattern, transform: Transform, surface: Surface) -> Option<()> {
        let (x, y) = transform.pre_concat(pattern.transform()).get_scale();
        let tile = Transform::from_scale(x, y);
        let surface = self.hold(surface, area(pattern.rect(), tile), 1.0)?;
        self.group(pattern.root(), tile, surface)
    }

    fn filter(&mut self, filter: &Filter, transform: Transform, surface: Surface) -> Option<()> {
        // All results are kept to the end.
        let results = filter.primitives().len() as f64 + 3.0;
        self.hold(surface, surface.area, results)?;
        let (x, y) = transform.get_scale();
        let scale = f64::from(x.max(y));
        for primitive in filter.primitives() {
            let steps = match primitive.kind() {
                Kind::GaussianBlur(blur) => blurred(blur.std_dev_x().get(), scale)?
                    .max(blurred(blur.std_dev_y().get(), scale)?),
                Kind::DropShadow(shadow) => blurred(shadow.std_dev_x().get(), scale)?
                    .max(blurred(shadow.std_dev_y().get(), scale)?),
                Kind::ConvolveMatrix(convolution) => {
                    let matrix = convolution.matrix();
                    f64::from(matrix.columns()) * f64::from(matrix.rows()) * 5.0
                }
                Kind::Morphology(morphology) => {
                    let reach = |radius: f32| 2.0 * f64::from(radius) * scale + 2.0;
                    let (x, y) = (morphology.radius_x().get(), morphology.radius_y().get());
                    reach(x) * reach(y)
                }
                Kind::Turbulence(turbulence) => f64::from(turbulence.num_octaves()) * 100.0,
                Kind::DiffuseLighting(_) | Kind::SpecularLighting(_) => 40.0,
                Kind::Merge(merge) => merge.inputs().len() as f64 * 20.0,
                Kind::Image(image) => {
                    self.group(image.root(), transform, surface)?;
                    50.0
                }
                _ => 50.0,
            };
            self.add(surface.area * (steps + 10.0))?;
        }
        Some(())
    }
}

fn area(rect: NonZeroRect, transform: Transform) -> f64 {
    rect.transform(transform).map_or(f64::INFINITY, |rect| {
        (f64::from(rect.width()) + 4.0) * (f64::from(rect.height()) + 4.0)
    })
}

/// A blur takes the same for any distance but the shortest, which are done with more care. Not all
/// distances can be counted with.
fn blurred(deviation: f32, scale: f64) -> Option<f64> {
    let distance = f64::from(deviation) * scale;
    let steps = if distance < 3.0 { 300.0 } else { 110.0 };
    (distance < 1e5).then_some(steps)
}

/// About how many dashes a stroke has.
fn dashes(outline: &Outline, stroke: &Stroke) -> f64 {
    let Some(dashes) = stroke.dasharray() else {
        return 0.0;
    };
    let period: f64 = dashes.iter().map(|dash| f64::from(dash.abs())).sum();
    length(outline) * dashes.len() as f64 / period
}

/// At least as long as the outline.
fn length(outline: &Outline) -> f64 {
    let mut length = 0.0;
    let (mut first, mut last) = (Point::zero(), Point::zero());
    let mut to = |point: Point, last: &mut Point| {
        length += f64::from(point.distance(*last));
        *last = point;
    };
    for segment in outline.segments() {
        match segment {
            PathSegment::MoveTo(point) => (first, last) = (point, point),
            PathSegment::LineTo(point) => to(point, &mut last),
            PathSegment::QuadTo(control, point) => {
                to(control, &mut last);
                to(point, &mut last);
            }
            PathSegment::CubicTo(control, other, point) => {
                to(control, &mut last);
                to(other, &mut last);
                to(point, &mut last);
            }
            PathSegment::Close => to(first, &mut last),
        }
    }
    length
}
