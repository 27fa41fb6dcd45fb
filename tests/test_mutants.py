"""Known-bad versions of the tool to proof that tests turn red: each is a few words changed in a copy of it.

A mutant stands for a mistake that listeners would pay for. Each is run with the narrowest tests that guard
against it; where all of them pass, the guard is asleep.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parent.parent
_FAILED = 1  # what pytest says when tests ran and some failed; not found or not importable is another number


@dataclass(frozen=True)
class Mutant:
    """One exact text of a module, and what stands there instead; `tests` must turn red over it."""

    module: str
    old: str
    new: str
    tests: tuple[str, ...]


def mutant(module: str, old: str, new: str, *tests: str) -> Mutant:
    return Mutant(module, old, new, tuple(f"tests/test_{test}" for test in tests))


GUARDED = "guarded.py::test_each_guard_stops_and_its_own_option_lets_it_pass"
BROKEN = "publish.py::test_whatever_breaks_listeners_are_served_and_the_next_run_finishes"
FOLDER = "storage_directory.py::TestDirectory::test"

MUTANTS: dict[str, Mutant] = {
    # The order of a publish
    "the feed goes out first": mutant(
        "plan/__init__.py",
        "_RECORDS, _FEED, _PAGES, _LISTINGS = 3, 4, 5, 6",
        "_RECORDS, _FEED, _PAGES, _LISTINGS = 3, -1, 5, 6",
        "publish.py::test_the_order_of_writing",
    ),
    "pages change before the feed": mutant(
        "plan/__init__.py",
        "return _PAGES if changes else",
        "return",
        f"{BROKEN}[a corrected title-kill_before]",
        "publish.py::test_the_order_of_writing",
    ),
    "the live record is written before the feed": mutant(
        "publish/applying.py",
        "        for feed in feeds:\n            self._swap_feed(feed)\n",
        "        self._write_live_record()\n        for feed in feeds:\n            self._swap_feed(feed)\n",
        "publish.py::test_a_kill_then_a_change_of_mind",
        "publish.py::test_the_order_of_writing",
    ),
    "no release is kept": mutant(
        "publish/applying.py",
        "        if self._plan.release:\n            self._keep_release(self._plan.release)\n",
        "",
        "releases.py::test_every_published_feed_is_kept_byte_for_byte",
    ),
    "the live record of another feed is believed": mutant(
        "publish/live.py",
        "all(record.feeds.get(key) == sha256 for key, sha256 in digests.items())",
        "True",
        "releases.py::test_a_record_of_another_feed_is_not_believed",
    ),
    # Bytes
    "a file that has the name is not looked at": mutant(
        "storage/directory.py",
        "        if digest_file(final) != sha256:\n            raise other_bytes(self.address, key)\n",
        "",
        f"{FOLDER}_put_new_never_overwrites_and_never_believes_a_name",
    ),
    "an object that has the name is not looked at": mutant(
        "storage/s3/bucket.py",
        "        if known != _base64(sha256):\n            raise other_bytes(self.address, key)\n",
        "",
        "storage_s3.py::test_a_store_without_checksums_is_read_to_the_last_byte",
    ),
    "nothing is read back from the store": mutant(
        "storage/s3/bucket.py",
        "if is_confirmed or self._holds(key, sha256, path, of_parts):",
        "if True:",
        "storage_s3.py::test_a_store_that_damages_what_it_takes_is_found_out",
    ),
    "what a listing does not show is not asked for": mutant(
        "publish/sending.py",
        "            if listed.get(artifact.key) != artifact.bytes:\n",
        "            if False:\n",
        "publish.py::test_what_a_store_lost_meanwhile_is_sent_again",
    ),
    "audio is overwritten": mutant(
        "storage/directory.py",
        "            os.link(partial, final)\n",
        "            os.replace(partial, final)\n",
        f"{FOLDER}_one_of_many_creators_creates",
    ),
    "the feed is written in place": mutant(
        "storage/directory.py",
        "                    _rename(handle, partial, final)\n",
        "                    final.write_bytes(data)\n",
        "storage_directory.py::test_everything_reaches_the_disk_before_it_gets_its_name",
    ),
    "a file that changed since it was planned is sent": mutant(
        "publish/sending.py",
        "    if digest_bytes(data) != artifact.sha256:\n",
        "    if False:\n",
        "publish.py::test_a_built_file_that_is_not_what_was_planned",
    ),
    # Two at once
    "a swap has no condition": mutant(
        "storage/s3/bucket.py",
        'condition: Condition = {"IfMatch": expected_etag} if expected_etag else {"IfNoneMatch": "*"}',
        "condition: Condition = {}",
        "storage_s3.py::TestS3::test_swap_replaces_only_the_expected_bytes",
    ),
    "a swap in a folder has no condition": mutant(
        "storage/directory.py",
        "if (digest_file(final) if final.exists() else None) != expected_etag:",
        "if False:",
        f"{FOLDER}_swap_replaces_only_the_expected_bytes",
    ),
    "a swap in a folder has no lock": mutant(
        "storage/directory.py",
        "            lock_file(handle, wait=True)\n            yield\n",
        "            yield\n",
        "storage_directory.py::test_a_swap_waits_for_another_process_that_swaps",
    ),
    "the store's refusal of a swap is swallowed": mutant(
        "storage/s3/bucket.py",
        "                            return now.etag\n                        raise StaleError(key) from error\n",
        "                            return now.etag\n                        return ''\n",
        "storage_s3.py::test_a_refused_condition_is_stale",
    ),
    "a lost swap is no conflict": mutant(
        "publish/swapping.py",
        "            raise LostSwapError(key, now) from error\n",
        "            return\n",
        "publish.py::test_of_two_publishers_one_wins_and_the_other_is_told",
    ),
    "a lost answer is a failure": mutant(
        "publish/swapping.py",
        "        if now and now.data == data:\n            return\n",
        "",
        "rollback.py::test_a_lost_answer_is_asked_about",
    ),
    "the loser goes on whatever the winner changed": mutant(
        "publish/contending.py",
        "    return any(now.get(guid) != next_.get(guid) for guid in changed)\n",
        "    return False\n",
        "contending.py::test_what_would_be_undone",
    ),
    "a store that overlooks conditions is believed": mutant(
        "publish/belonging.py",
        "            raise no_conditions(storage.address)\n",
        "            continue\n",
        "belonging.py::test_a_store_without_conditions_is_found_out_before_anything_is_published",
    ),
    "another show's place is published to": mutant(
        "publish/belonging.py",
        '        if owner.get("guid") == guid:\n',
        "        if True:\n",
        "belonging.py::test_another_show_s_place_is_refused_by_name_with_nothing_written",
    ),
    # Identity, and what is not public
    "the guid comes from the title": mutant(
        "episodes/__init__.py",
        "guid=file.guid,",
        "guid=file.title,",
        "guarded.py::test_another_title_and_folder_change_nothing_of_an_episode_s_identity",
    ),
    "episodes may vanish": mutant(
        "plan/guards.py", "            yield refusals.vanished(item, is_held=item.guid in allowed.held)\n", "            pass\n", f"{GUARDED}[vanished]"
    ),
    "guids may change": mutant(
        "plan/guards.py", "            yield refusals.other_guid(item, heir)\n", "            pass\n", f"{GUARDED}[guid]"
    ),
    "audio may change": mutant(
        "plan/guards.py",
        "                    yield refusals.other_audio(item, now[item.guid])\n",
        "                    pass\n",
        f"{GUARDED}[audio]",
    ),
    "dates may move": mutant(
        "plan/guards.py",
        "if old and date_changed(old, item) and item.guid not in allowed.move_date:",
        "if False:",
        f"{GUARDED}[date]",
    ),
    "a withdrawn guid may be another episode's": mutant(
        "building/reading.py",
        "    if entry.episode != slug:\n",
        "    if False:\n",
        "coming_and_going.py::test_withdrawing_takes_an_episode_out_and_keeps_its_guid",
    ),
    "drafts are public": mutant(
        "building/reading.py",
        "    if episode.draft:\n",
        "    if False:\n",
        "coming_and_going.py::test_drafts_and_scheduled_episodes_are_in_nothing_public",
    ),
    "scheduled episodes are public": mutant(
        "building/reading.py",
        'return "scheduled" if episode.date > now else "public"',
        'return "public"',
        "coming_and_going.py::test_never_a_second_early",
    ),
    "the clock of the store is not asked": mutant(
        "cli/preparing.py",
        "    return min(here, there)\n",
        "    return here\n",
        "coming_and_going.py::test_a_clock_that_is_ahead_makes_nothing_public_early",
    ),
    "nobody looks for secrets": mutant(
        "cli/preparing.py", "    refuse_secrets(plan, wishes.not_secret)\n", "", f"{GUARDED}[secret]"
    ),
    # Going back, and looking
    "a damaged copy is made live": mutant(
        "publish/rollback.py",
        "    if not stored or digest_bytes(stored.data) != sha256:\n",
        "    if not stored:\n",
        "rollback.py::test_a_damaged_copy_is_never_made_live",
    ),
    "erased episodes stay in the releases": mutant(
        "publish/erasing.py",
        "        if without == release:\n",
        "        if True:\n",
        "erasing.py::test_no_rollback_brings_it_back",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_a_bad_version_of_the_tool_turns_the_tests_red(tmp_path: Path, name: str) -> None:
    bad = MUTANTS[name]
    text = (ROOT / "publisher" / bad.module).read_text("utf-8")
    assert text.count(bad.old) == 1, "the mutant's text is no longer there just once: change the mutant"
    changed = text.replace(bad.old, bad.new)
    compile(changed, bad.module, "exec")  # a mistake of its own would turn any test red
    done = run_tests(copy_with(tmp_path, bad.module, changed), *bad.tests)
    assert done.returncode == _FAILED, f"no test noticed: {done.stdout}{done.stderr}"


def test_a_copy_without_a_change_passes(tmp_path: Path) -> None:
    """Show that it is the changes which turn the tests red, and not the copying."""
    module = "storage/directory.py"
    copy = copy_with(tmp_path, module, (ROOT / "publisher" / module).read_text("utf-8"))
    done = run_tests(copy, *sorted({test for each in MUTANTS.values() for test in each.tests}))
    assert done.returncode == 0, done.stdout


def copy_with(folder: Path, module: str, text: str) -> Path:
    """Make a copy of the package in which one module is another text; all others are links."""
    package, source = folder / "publisher", ROOT / "publisher"
    (folder / "templates").symlink_to(ROOT / "templates")
    package.mkdir()
    for part in module.split("/"):
        for entry in source.iterdir():
            if entry.name == "__pycache__":  # what Python would compile anew for each copy
                kept = shutil.ignore_patterns(f"{part.removesuffix('.py')}.*")
                shutil.copytree(entry, package / entry.name, ignore=kept)
            elif entry.name != part:
                (package / entry.name).symlink_to(entry)
        package, source = package / part, source / part
        if not part.endswith(".py"):
            package.mkdir()
    package.write_text(text, "utf-8")
    return folder


def run_tests(copy: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    """Run tests of this folder over a copy of the package, without what takes long to load."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-x", "-p", "no:cacheprovider", *tests],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(copy), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
