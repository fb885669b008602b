//! Badges in images go both ways.

use badges_core::bake::{bake, extract};
use badges_core::documents::Documents;
use serde_json::json;

use super::proofs::sign;
use super::{ask, badge, issuer, judge, key, parsed, passes, request, who};

#[test]
fn images_go_both_ways() {
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>"#;
    let signed = sign(&badge("small"), &issuer());
    let base64 = |bytes: &[u8]| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(bytes)
    };
    for image in [svg.as_bytes().to_vec(), png()] {
        let baked = bake(&signed, &image).unwrap();
        if let Some(answer) = ask("python/verify_obl.py", &json!({"image": base64(&baked)})) {
            assert_eq!(answer["verified"], true, "{answer}");
        }
        let request = request(
            &json!({
                "credential": parsed(&badge("small")), "asIs": true, "image": base64(&image),
            }),
            &who(&issuer(), &key()),
        );
        if let Some(answer) = ask("python/issue_obl.py", &request) {
            use base64::Engine as _;
            let baked = answer["image"].as_str().unwrap();
            let baked = base64::engine::general_purpose::STANDARD
                .decode(baked)
                .unwrap();
            let text = extract(&baked).unwrap().text;
            assert!(passes(&judge(&text, &Documents::new())), "{text}");
        }
    }
}

/// One grey pixel.
fn png() -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
        .unwrap()
}
