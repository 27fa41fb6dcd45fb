"""The house: which way imports run, where each library lives, and what the core must not know."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "publisher"

LEVELS: dict[str, int] = {
    "errors": 0,
    "addresses": 1, "files": 1, "timecodes": 1, "sharing": 1, "masters": 1, "categories": 1, "guids": 1, "translations": 1,
    "progress": 1, "gitfiles": 1, "ondemand": 1, "secrets": 1, "withdrawn": 3,
    "model": 2, "source": 2, "theme": 2, "templates": 3, "reachable": 1, "fetch": 2, "storage": 3,
    "config": 4, "editions": 4, "resources": 3, "chapters": 3, "transcripts": 3, "releases": 3, "plan": 4, "notes": 4, "preview": 4, "report": 4,
    "episodes": 5, "audio": 4, "feed": 4, "site": 5, "announce": 5, "guide": 5, "publish": 5, "scaffold": 4, "speech": 4,
    "building": 6, "links": 6, "checks": 6,
    "overview": 7, "schedule": 7, "replacing": 7, "readinglist": 7, "clipping": 7, "drafting": 7, "captioning": 7, "chaptering": 7, "inspection": 7, "fixing": 7, "doctor": 7,
    "announcing": 8, "guiding": 7,
    "cli": 9, "__main__": 10,
}  # fmt: skip
STRANGERS = ("audio", "notes", "feed", "site")
HOMES: dict[str, tuple[str, ...]] = {
    "click": ("cli", "report", "__main__"),
    "feedgen": ("feed",),
    "lxml": ("feed",),
    "mutagen": ("audio.tags",),
    "pydub": ("audio.clips",),
    "pocketsphinx": ("speech.recognition",),
    "imageio_ffmpeg": ("audio.ffmpeg",),
    "subprocess": ("audio.ffmpeg", "audio.embedding"),
    "jinja2": ("templates",),
    "babel": ("translations",),
    "gettext": ("translations",),
    "pyromark": ("notes",),
    "nh3": ("notes",),
    "boto3": ("storage",),
    "botocore": ("storage",),
    "socketserver": ("preview",),
    "http": ("preview", "fetch"),
    "socket": ("preview", "storage", "fetch", "reachable"),
    "ssl": ("fetch",),
    "idna": ("reachable",),
    "segno": ("guide.squares",),
    "weasyprint": ("guide.paper",),
    "yaml": ("source",),
    "pydantic": ("source",),
    "pydantic_core": ("source",),
    "PIL": (
        "audio.cover",
        "audio.artwork",
        "audio.audiogram",
        "audio.lettering",
        "announce.card",
        "guide.paper",
        "scaffold",
    ),
    "rich": ("progress",),
}
LOOKS_OUTSIDE = {
    "datetime.now": ("cli",),
    "datetime.today": ("cli",),
    "date.today": ("cli",),
    "time.time": ("cli",),
    "time.time_ns": ("cli",),
    "Path.cwd": ("cli",),
    "Path.home": (),
    "os.getcwd": (),
    "os.getenv": (),
    "os.environ": ("cli", "audio.ffmpeg"),
    "random": (),
}


@cache
def modules() -> dict[str, ast.Module]:
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): tree(path)
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PACKAGE / "__init__.py"
    }


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(module: ast.Module) -> tuple[str, ...]:
    """Return every imported name, those of function-level imports too: laziness must not hide a cycle."""
    names: list[str] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.extend(f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(names)


@cache
def attributes(module: ast.Module) -> frozenset[str]:
    """Return every dotted name that is looked up, such as `datetime.now`."""
    return frozenset(ast.unparse(node) for node in ast.walk(module) if isinstance(node, ast.Attribute))


def level(name: str) -> int:
    return LEVELS[name.partition(".")[0]]


def lives_in(module: str, homes: tuple[str, ...]) -> bool:
    return any(module == home or module.startswith(f"{home}.") for home in homes)


def test_imports_run_downward() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, parsed in modules().items()
        for name in imports(parsed)
        if name.startswith("publisher.")
        and (inner := name.removeprefix("publisher.")) != "__version__"
        and inner.partition(".")[0] != module.partition(".")[0]
        and level(inner) >= level(module)
    ]
    assert wrong == []


def test_no_module_needs_itself_in_the_end() -> None:
    known = modules()

    def home_of(name: str) -> str | None:
        inner = name.removeprefix("publisher.")
        return next((found for found in (inner, inner.rpartition(".")[0]) if found in known), None)

    edges = {
        module: {
            home for name in imports(parsed) if name.startswith("publisher.") and (home := home_of(name))
        }
        - {module}
        for module, parsed in known.items()
    }
    while free := {module for module, needs in edges.items() if not needs}:
        edges = {module: needs - free for module, needs in edges.items() if module not in free}
    assert edges == {}


def test_audio_notes_feed_and_site_meet_only_in_the_build() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, parsed in modules().items()
        for name in imports(parsed)
        if (room := module.partition(".")[0]) in STRANGERS
        and (other := name.removeprefix("publisher.").partition(".")[0]) in STRANGERS
        and name.startswith("publisher.")
        and other != room
    ]
    assert wrong == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_has_one_home(library: str) -> None:
    users = [
        module
        for module, parsed in modules().items()
        if any(name.partition(".")[0] == library for name in imports(parsed))
    ]
    assert users, f"{library} is not used at all"
    assert [module for module in users if not lives_in(module, HOMES[library])] == []


@pytest.mark.parametrize("name", LOOKS_OUTSIDE)
def test_clock_environment_and_folder_enter_at_the_top(name: str) -> None:
    wrong = [
        module
        for module, parsed in modules().items()
        if any(found.endswith(name) for found in attributes(parsed))
        and not lives_in(module, LOOKS_OUTSIDE[name])
    ]
    assert wrong == []


def test_the_plan_sees_no_storage_the_feed_no_path_the_storage_no_episode() -> None:
    used = {module: set(imports(parsed)) for module, parsed in modules().items()}
    for module, names in used.items():
        if module.partition(".")[0] == "plan":
            assert not any(name.startswith("publisher.storage") for name in names), module
        if module.partition(".")[0] == "feed":
            assert not any(name.startswith("pathlib") for name in names), module
        if module.partition(".")[0] == "storage":
            assert "publisher.model.Episode" not in names, module


def test_nothing_prints_and_no_error_is_caught_blindly() -> None:
    for module, parsed in modules().items():
        for node in ast.walk(parsed):
            assert not (isinstance(node, ast.Name) and node.id == "print"), module
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, module
                assert not {"Exception", "BaseException"} & {
                    inner.id for inner in ast.walk(node.type) if isinstance(inner, ast.Name)
                }, module


def test_every_room_is_in_the_picture() -> None:
    picture = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rooms = {module.partition(".")[0] for module in modules()} - {"__main__"}
    assert {room for room in rooms if room not in picture} == set()
    assert rooms | {"__main__"} == set(LEVELS)
