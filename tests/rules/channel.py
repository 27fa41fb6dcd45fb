"""Samples of the groups CH and APL."""

from __future__ import annotations

from rules.samples import bad, good

ABOUT = "Conversations about how schools write down what they know, for teachers and families."
OWNER = """    <itunes:owner>
      <itunes:name>The Sample Office</itunes:name>
      <itunes:email>podcast@example.org</itunes:email>
    </itunes:owner>
"""

SAMPLES = (
    bad("CH-005", ("<language>en-us", "<language>eng"), at="<language>"),
    good("CH-005", ("<language>en-us", "<language>en")),
    bad("CH-007", (ABOUT, "é" * 2001), at="<description>"),
    good("CH-007", (ABOUT, "é" * 2000)),
    bad("CH-010", (ABOUT, f"&lt;p&gt;{ABOUT}&lt;/p&gt;"), at="<description>"),
    good("CH-010", (ABOUT, f"{ABOUT} 2 &lt; 3")),
    bad("CH-013", ('href="https://media.example.org/ink/feed.xml"', 'href="feed.xml"'), at="<atom:link"),
    good("CH-013"),
    bad("CH-029", ("    <copyright>The Sample Office</copyright>\n", ""), at="<channel>"),
    good("CH-029"),
    bad("CH-030", ("<copyright>", "<copyright>© 2024 "), at="<copyright>"),
    good("CH-030"),
    bad("APL-002", ('<itunes:image href="https://media.example.org/ink/covers/cover-1a2b3c4d.jpg"', '<itunes:image href="https://media.example.org/ink/covers/cover-1a2b3c4d.webp"'), at="<itunes:image"),
    good("APL-002", ('<itunes:image href="https://media.example.org/ink/covers/cover-1a2b3c4d.jpg"', '<itunes:image href="https://media.example.org/ink/covers/cover-1a2b3c4d.PNG?v=2"')),
    bad("APL-004", ('text="Government"', 'text="Schools"'), at='text="Schools"'),
    good("APL-004", ('text="Government"', 'text="Society &amp; Culture"')),
    bad("APL-005", ('text="How To"', 'text="Documentary"'), at='text="Documentary"'),
    good("APL-005", ('text="How To"', 'text="Courses"')),
    bad("APL-006", ('text="How To"', 'text="K-12"'), at='text="K-12"'),
    good("APL-006"),
    bad("APL-008", ('text="Government"', 'text="Education"'), at='text="Education"/>'),
    bad("APL-008", ('<itunes:category text="Government"/>', '<itunes:category text="Government"/><itunes:category text="News"/>\n<itunes:category text="History"/>'), at='text="History"'),
    good("APL-008", ('<itunes:category text="Government"/>', '<itunes:category text="Government"/><itunes:category text="News"/>')),
    bad("APL-017", ("<itunes:type>", "<itunes:new-feed-url>http://example.org/f.xml</itunes:new-feed-url><itunes:type>"), at="<itunes:new"),
    good("APL-017", ("<itunes:type>", "<itunes:new-feed-url>https://media.example.org/ink/feed.xml</itunes:new-feed-url><itunes:type>")),
    bad("PL-003", (OWNER, ""), (' owner="podcast@example.org"', ""), at="<channel>"),
    good("PL-003", (OWNER, "")),
)  # fmt: skip
