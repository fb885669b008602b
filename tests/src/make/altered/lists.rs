//! What was changed in lists: order counts in some, and not in others.

use super::badge;
use crate::make::Group;
use crate::make::edit::{cut, swap};
use crate::make::expected::{invalid, valid};

pub(super) fn lists(group: &mut Group) {
    let badge = badge();
    let values = "[\"A\", \"B\", \"C\", \"D\"]";
    for (file, new, why) in [
        (
            "allowed-value.json",
            "[\"A\", \"B\", \"C\", \"F\"]",
            "an item of an ordered list",
        ),
        (
            "allowed-order.json",
            "[\"C\", \"B\", \"A\", \"D\"]",
            "the order of an ordered list",
        ),
        (
            "allowed-shorter.json",
            "[\"A\", \"B\", \"C\"]",
            "an ordered list without its last item",
        ),
        (
            "allowed-longer.json",
            "[\"A\", \"B\", \"C\", \"D\", \"E\"]",
            "an ordered list with one item more",
        ),
        (
            "allowed-twice.json",
            "[\"A\", \"B\", \"C\", \"D\", \"D\"]",
            "an ordered list with its last item twice",
        ),
        (
            "allowed-empty.json",
            "[]",
            "an ordered list that was emptied",
        ),
    ] {
        group.add(
            file,
            swap(&badge, values, new),
            invalid("proof.signature"),
            why,
        );
    }
    let tags = "[\"editing\", \"wiki\", \"sources\"]";
    for (file, new, why) in [
        (
            "tag-added.json",
            "[\"editing\", \"wiki\", \"sources\", \"physics\"]",
            "a tag was added",
        ),
        (
            "tag-removed.json",
            "[\"editing\", \"wiki\"]",
            "a tag was taken out",
        ),
        ("tags-removed.json", "[]", "all tags were taken out"),
    ] {
        group.add(
            file,
            swap(&badge, tags, new),
            invalid("proof.signature"),
            why,
        );
    }
    for (file, new, why) in [
        (
            "tags-reordered.json",
            "[\"sources\", \"editing\", \"wiki\"]",
            "harmless: tags are a set, and its order means nothing",
        ),
        (
            "tag-twice.json",
            "[\"editing\", \"wiki\", \"sources\", \"wiki\"]",
            "harmless: in a set, twice is once",
        ),
    ] {
        group.add(file, swap(&badge, tags, new), valid(), why);
    }
    let moved = cut(&badge, "\n  \"validUntil\": \"2027-01-10T09:00:00Z\",");
    let moved = swap(
        &moved,
        "\"awardedDate\"",
        "\"validUntil\": \"2027-01-10T09:00:00Z\",\n  \"awardedDate\"",
    );
    group.add(
        "member-order.json",
        moved,
        valid(),
        "harmless: the order of members means nothing",
    );
}
