"""The names of Apple's podcast categories, and what became of the names retired in 2019."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

CATEGORIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
        "Business": ("Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"),
        "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
        "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
        "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
        "Government": (),
        "Health & Fitness": (
            "Alternative Health",
            "Fitness",
            "Medicine",
            "Mental Health",
            "Nutrition",
            "Sexuality",
        ),
        "History": (),
        "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
        "Leisure": (
            "Animation & Manga",
            "Automotive",
            "Aviation",
            "Crafts",
            "Games",
            "Hobbies",
            "Home & Garden",
            "Video Games",
        ),
        "Music": ("Music Commentary", "Music History", "Music Interviews"),
        "News": (
            "Business News",
            "Daily News",
            "Entertainment News",
            "News Commentary",
            "Politics",
            "Sports News",
            "Tech News",
        ),
        "Religion & Spirituality": (
            "Buddhism",
            "Christianity",
            "Hinduism",
            "Islam",
            "Judaism",
            "Religion",
            "Spirituality",
        ),
        "Science": (
            "Astronomy",
            "Chemistry",
            "Earth Sciences",
            "Life Sciences",
            "Mathematics",
            "Natural Sciences",
            "Nature",
            "Physics",
            "Social Sciences",
        ),
        "Society & Culture": (
            "Documentary",
            "Personal Journals",
            "Philosophy",
            "Places & Travel",
            "Relationships",
        ),
        "Sports": (
            "Baseball",
            "Basketball",
            "Cricket",
            "Fantasy Sports",
            "Football",
            "Golf",
            "Hockey",
            "Rugby",
            "Running",
            "Soccer",
            "Swimming",
            "Tennis",
            "Volleyball",
            "Wilderness",
            "Wrestling",
        ),
        "Technology": (),
        "True Crime": (),
        "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
    }
)
"""The 19 categories, each with its subcategories (91 in all): podcasters.apple.com/support/1691."""

RETIRED: Mapping[str, str] = MappingProxyType(
    {
        "Arts > Literature": "Arts > Books",
        "Business > Business News": "News > Business News",
        "Business > Management & Marketing": "Business > Management",
        "Business > Shopping": "Business",
        "Education > Education Technology": "Education",
        "Education > Educational Technology": "Education",
        "Education > Higher Education": "Education",
        "Education > K-12": "Education",
        "Education > Language Courses": "Education > Language Learning",
        "Education > Training": "Education > Courses",
        "Games & Hobbies": "Leisure",
        "Games & Hobbies > Automotive": "Leisure > Automotive",
        "Games & Hobbies > Aviation": "Leisure > Aviation",
        "Games & Hobbies > Hobbies": "Leisure > Hobbies",
        "Games & Hobbies > Other Games": "Leisure > Games",
        "Games & Hobbies > Video Games": "Leisure > Video Games",
        "Government & Organizations": "Government",
        "Government & Organizations > Local": "Government",
        "Government & Organizations > National": "Government",
        "Government & Organizations > Non-Profit": "Business > Non-Profit",
        "Government & Organizations > Regional": "Government",
        "Health": "Health & Fitness",
        "Health > Alternative Health": "Health & Fitness > Alternative Health",
        "Health > Fitness & Nutrition": "Health & Fitness > Nutrition",
        "Health > Self-Help": "Education > Self-Improvement",
        "Health > Sexuality": "Health & Fitness > Sexuality",
        "News & Politics": "News > Politics",
        "Religion & Spirituality > Other": "Religion & Spirituality",
        "Science & Medicine": "Science",
        "Science & Medicine > Medicine": "Health & Fitness > Medicine",
        "Science & Medicine > Natural Sciences": "Science > Natural Sciences",
        "Science & Medicine > Social Sciences": "Science > Social Sciences",
        "Society & Culture > History": "History",
        "Sports & Recreation": "Sports",
        "Sports & Recreation > Amateur": "Sports",
        "Sports & Recreation > College & High School": "Sports",
        "Sports & Recreation > Outdoor": "Sports > Wilderness",
        "Sports & Recreation > Professional": "Sports",
        "Technology > Gadgets": "Technology",
        "Technology > Podcasting": "Technology",
        "Technology > Software How-To": "Technology",
        "Technology > Tech News": "News > Tech News",
    }
)
"""Names that Apple gave up in 2019, each with the nearest one of today."""

_ALL: tuple[str, ...] = tuple(
    name
    for parent, children in CATEGORIES.items()
    for name in (parent, *(f"{parent} > {c}" for c in children))
)
_BY_LAST_PART = {name.rpartition(" > ")[2].casefold(): name for name in reversed(_ALL)}
_RETIRED_BY_LAST_PART = {
    last: now
    for last, now in ((name.rpartition(" > ")[2].casefold(), now) for name, now in RETIRED.items())
    if last not in _BY_LAST_PART  # Medicine is a subcategory today: alone it is misplaced, not retired
}


def split_category(category: str) -> tuple[str, str | None]:
    """Turn `Parent > Child` into its two names, and `Parent` into itself and None."""
    parent, mark, child = (part.strip() for part in category.partition(">"))
    return parent, (child if mark else None)


def is_category(category: str) -> bool:
    """Tell whether `Parent` or `Parent > Child` is one of Apple's names, letter by letter."""
    parent, child = split_category(category)
    return parent in CATEGORIES and (child is None or child in CATEGORIES[parent])


def replacement_for(category: str) -> str | None:
    """Return today's name for a category that Apple retired in 2019, or None if it never was one."""
    if is_category(category):
        return None
    parent, child = split_category(category)
    written = f"{parent} > {child}" if child else parent
    return RETIRED.get(written) or _RETIRED_BY_LAST_PART.get((child or parent).casefold())


def suggest_category(category: str) -> str | None:
    """Return the category that was probably meant: a retired, misspelt or misplaced name put right."""
    if now := replacement_for(category):
        return now
    parent, child = split_category(category)
    if alone := _BY_LAST_PART.get((child or parent).casefold()):
        return alone
    folded = {name.casefold(): name for name in _ALL}
    written = f"{parent} > {child}" if child else parent
    for text, names in ((written, folded), (child or parent, _BY_LAST_PART)):
        if close := get_close_matches(text.casefold(), names, n=1, cutoff=0.7):
            return names[close[0]]
    return None
