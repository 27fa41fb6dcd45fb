"""The command line: whole journeys, exit codes, and words that help."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from publisher.cli import _COMMANDS, publisher
from publisher.cli.options import Command

ROOT = Path(__file__).resolve().parent.parent
PILOT = "episodes/pilot/episode.md"


def run(folder: Path, *words: str, exit_code: int = 0) -> Result:
    """Run a command in a show; a traceback is always a failure."""
    result = CliRunner().invoke(publisher, ["-C", str(folder), *words], catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result


def run_json(folder: Path, *words: str, exit_code: int = 0) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run(folder, *words, "--json", exit_code=exit_code).stdout)
    return document


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def commands() -> dict[str, Command]:
    return {
        name: getattr(importlib.import_module(f"publisher.cli.{module}_command"), f"{module}_command")
        for name in _COMMANDS
        for module in (name.replace("-", "_"),)
    }


@pytest.mark.parametrize("name", _COMMANDS)
def test_every_command_has_help_with_an_example_and_is_in_the_docs(name: str) -> None:
    command = commands()[name]
    assert command.short_help == _COMMANDS[name]
    help_text = CliRunner().invoke(publisher, [name, "--help"]).output
    assert f"publisher {name}" in help_text.split("Example", 1)[1]
    assert name in (ROOT / "docs/formats.md").read_text(encoding="utf-8")


def test_an_unknown_command_names_the_nearest() -> None:
    result = CliRunner().invoke(publisher, ["bild"])
    assert result.exit_code == 2
    assert "Did you mean `build`?" in result.output


def test_outside_a_show_the_way_in_is_named(tmp_path: Path) -> None:
    result = run(tmp_path, "list", exit_code=2)
    assert "there is no show.toml here" in result.stderr
    assert "publisher init" in result.stderr


def test_a_show_is_found_from_a_folder_inside(minimal: Path) -> None:
    assert "Pilot" in run(minimal / "episodes/pilot", "list").stdout


def test_global_options_work_on_both_sides(minimal: Path) -> None:
    before = CliRunner().invoke(publisher, ["-C", str(minimal), "--json", "list"])
    behind = CliRunner().invoke(publisher, ["list", "-C", str(minimal), "--json"])
    assert json.loads(before.stdout) == json.loads(behind.stdout)


def test_results_go_to_stdout_and_messages_to_stderr(minimal: Path) -> None:
    result = run(minimal, "build", "--locked")
    assert result.stdout == "feeds/small-show.xml  1 episodes\n"
    assert "1 of 1 episodes made" in result.stderr
    assert run(minimal, "build", "--locked", "-q").stderr == ""


def test_build_tells_what_it_made(minimal: Path) -> None:
    document = run_json(minimal, "build", "--locked")
    assert document["schema"] == "publisher/build/1"
    [episode] = document["episodes"]
    assert (episode["slug"], episode["state"], episode["enclosure"]["bytes"]) == ("pilot", "made", 960_000)
    [feed] = document["feeds"]
    assert (feed["name"], feed["path"], feed["items"]) == ("small-show", "feeds/small-show.xml", 1)
    assert run_json(minimal, "build", "--locked")["episodes"][0]["state"] == "kept"


def test_feed_check_and_diff_show_what_is_stale_and_write_nothing(minimal: Path) -> None:
    run(minimal, "feed")
    assert "is what the sources say" in run(minimal, "feed", "--check").stderr
    edit(minimal, PILOT, "title: Pilot", "title: Polit")
    before = (minimal / "feeds/small-show.xml").read_bytes()
    result = run(minimal, "feed", "--check", exit_code=1)
    assert "-      <title>Pilot</title>" in result.stdout
    assert "+      <title>Polit</title>" in result.stdout
    run(minimal, "feed", "--diff", exit_code=0)
    assert (minimal / "feeds/small-show.xml").read_bytes() == before
    [stale] = run_json(minimal, "feed", "--check", exit_code=1)["stale"]
    assert stale["path"] == "feeds/small-show.xml"


def test_every_problem_is_shown_with_its_line_and_a_caret(minimal: Path) -> None:
    edit(minimal, PILOT, "people: [ana]", "people: [anna]")
    edit(minimal, PILOT, "season: 1", "seasons: 1")
    result = run(minimal, "build", "--locked", exit_code=2)
    assert (
        "error: unknown key `seasons`\n  --> episodes/pilot/episode.md:5:1\n   5 | seasons: 1\n       ^\n"
        in result.stderr
    )
    assert "help: did you mean `season`?" in result.stderr
    edit(minimal, PILOT, "seasons: 1", "season: 1")
    document = run_json(minimal, "build", "--locked", exit_code=2)
    assert document["exit_code"] == 2
    assert document["errors"] == [
        {
            "message": "unknown person `anna`",
            "file": PILOT,
            "line": 8,
            "column": 10,
            "help": "did you mean `ana`?",
        }
    ]


def test_terminal_tricks_in_metadata_are_made_visible(minimal: Path) -> None:
    edit(minimal, PILOT, "title: Pilot", 'title: "\\e]0;gone\\a \u202e evil"')
    for words in (["list"], ["show", "pilot"], ["build", "--locked"]):
        result = CliRunner().invoke(publisher, ["-C", str(minimal), *words])
        assert not set("\x1b\x07\u202e") & set(result.output)


def test_check_reports_findings_and_what_cannot_be_read(minimal: Path) -> None:
    run(minimal, "feed")
    document = run_json(minimal, "check", exit_code=1)
    assert document["schema"] == "publisher/check/1"
    assert {"rule", "level", "file", "line", "column", "message", "help", "fix"} == set(
        document["findings"][0]
    )
    edit(minimal, PILOT, "people: [ana]", "people: [anna]")
    document = run_json(minimal, "check", exit_code=2)
    assert document["findings"][0]["message"] == "unknown person `anna`"
    assert document["findings"][0]["line"] == 8
    assert (
        "::error file=episodes/pilot/episode.md,line=8,col=10,title=SRC-001::"
        in run(minimal, "check", "--format", "github", exit_code=2).stdout
    )


def test_rules_are_listed_and_explained(minimal: Path) -> None:
    rules = run_json(minimal, "check", "--rules")["rules"]
    assert len(rules) > 30
    assert rules[0]["id"] in run(minimal, "explain", rules[0]["id"]).stdout
    assert "there is no rule" in run(minimal, "explain", "ZZ-999", exit_code=2).stderr


@pytest.mark.parametrize("form", ["feed", "web", "text", "mail"])
def test_notes_come_in_every_form(minimal: Path, form: str) -> None:
    assert "https://example.org/toolkit" in run(minimal, "notes", "pilot", "--to", form).stdout


def test_show_says_everything_and_names_the_nearest(minimal: Path) -> None:
    facts = run_json(minimal, "show", "pilot")["episode"]
    assert facts["needs"] == ["transcript"]
    assert facts["duration"] == "01:00"
    assert "did you mean `pilot`?" in run(minimal, "show", "pilto", exit_code=2).stderr


@pytest.mark.parametrize("name", ["show", "episode", "resource"])
def test_schemas_are_json(tmp_path: Path, name: str) -> None:
    assert json.loads(run(tmp_path, "schema", name).stdout)["type"] == "object"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(tmp_path: Path, shell: str) -> None:
    assert "_PUBLISHER_COMPLETE" in run(tmp_path, "completion", shell).stdout


def test_a_shell_completes_commands_and_episodes(minimal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def complete(words: str, number: int) -> list[str]:
        monkeypatch.setenv("_PUBLISHER_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(number))
        result = CliRunner().invoke(publisher, prog_name="publisher")
        return [line.partition(",")[2] for line in result.output.splitlines() if line]

    assert complete("publisher pub", 1) == ["publish"]
    assert complete(f"publisher -C {minimal} show p", 4) == ["pilot"]
    assert complete(f"publisher -C {minimal.parent} show p", 4) == []


def test_publish_then_nothing_to_do(minimal: Path) -> None:
    audio = minimal / "build/audio/pilot-aaaaaaaaaaaaaaaaaaaaaaaaaa.mp3"
    audio.parent.mkdir(parents=True)
    data = b"not really audio"
    audio.write_bytes(data)
    import hashlib

    edit(minimal, "episodes/pilot/audio.lock", "2" * 64, hashlib.sha256(data).hexdigest())
    edit(minimal, "episodes/pilot/audio.lock", "960000", str(len(data)))
    plan = run(minimal, "plan", "--locked", "--exit-code", exit_code=1)
    assert '1 new episode: "Pilot"' in plan.stdout
    assert not (minimal / "public/small-show.xml").exists()
    document = run_json(minimal, "publish", "--locked")
    assert (document["release"], document["live"]) == (1, "updated")
    assert (minimal / "public/small-show.xml").read_bytes() == (minimal / "feeds/small-show.xml").read_bytes()
    before = {path: path.stat().st_mtime_ns for path in (minimal / "public").rglob("*") if path.is_file()}
    assert "nothing to do" in run(minimal, "publish", "--locked").stdout
    assert run_json(minimal, "publish", "--locked")["uploaded"] == 0
    assert {path: path.stat().st_mtime_ns for path in before} == before
    run(minimal, "plan", "--locked", "--exit-code")


def test_audio_that_is_nowhere_stops_a_publish(minimal: Path) -> None:
    result = run(minimal, "publish", "--locked", exit_code=3)
    assert "pilot" in result.stderr
    assert "live feed: unchanged" in result.stderr
    assert not (minimal / "public/small-show.xml").exists()


def test_an_unknown_target_names_those_there_are(minimal: Path) -> None:
    assert "--target: local" in run(minimal, "plan", "--locked", "--target", "prod", exit_code=2).stderr


def test_a_target_that_cannot_be_written_is_said_plainly(minimal: Path) -> None:
    (minimal / "public").write_text("a file where the folder should be")
    result = run(minimal, "publish", "--locked", exit_code=3)
    assert "public" in result.stderr


def test_doctor_says_what_is_well_and_what_is_not(minimal: Path) -> None:
    assert "nothing is published there yet" in run(minimal, "doctor").stdout
    (minimal / "show.toml").write_text("[show]\n")
    assert "!!  show" in run(minimal, "doctor", exit_code=1).stdout


def test_init_and_new_start_a_show_that_checks(tmp_path: Path) -> None:
    words = [
        "--title",
        'A "Show" \\ Ünïcode',
        "--author",
        "Test School",
        "--base-url",
        "https://media.example.org/x",
    ]
    told = run(tmp_path, "init", "other", *words).stderr
    assert "still placeholders, put in your own: description, owner, cover" in told
    written = run_json(tmp_path, "init", "mine", *words)["files"]
    assert "show.toml" in written
    show = tmp_path / "mine"
    made = run_json(show, "new", "Part: One {{ 7 }}", "--date", "2026-01-05 06:00")
    assert made["files"] == [f"episodes/{made['slug']}/episode.md"]
    listed = run_json(show, "list")["episodes"]
    assert [(entry["title"], entry["state"], entry["guid"]) for entry in listed] == [
        ("Part: One {{ 7 }}", "draft", made["guid"])
    ]
    run(show, "build")
    assert "is there already" in run(show, "new", "Part: One {{ 7 }}", exit_code=2).stderr
    assert "is there already" in run(tmp_path, "init", "mine", exit_code=2).stderr
    checked = run_json(show, "check", exit_code=1)
    assert {(each["rule"], each["message"]) for each in checked["findings"]} >= {
        ("CH-003", "the show still has the description that `init` wrote"),
        ("IT-027", "the notes are still those that `new` wrote"),
    }
    assert "Apple: ready" not in run(show, "check", exit_code=1).stdout
    second = run_json(show, "new", "Second")
    assert "episode: 2" in (show / second["files"][0]).read_text()


@pytest.mark.parametrize("date", ["2026-02-30 06:00", "soon"])
def test_new_refuses_a_date_that_cannot_be(minimal: Path, date: str) -> None:
    assert "help: " in run(minimal, "new", "X", "--date", date, exit_code=2).stderr
    assert not (minimal / "episodes/x").exists()


# Loads of a module at which somebody presses Ctrl-C: the very first, of the command, and of what it needs.
@pytest.mark.parametrize(
    "module", ["click", "publisher.cli", "publisher.cli.publish_command", "publisher.errors"]
)
@pytest.mark.parametrize("name", ["publish", "list"])
def test_whoever_stops_it_while_it_loads_is_answered(minimal: Path, module: str, name: str) -> None:
    import subprocess

    module = module.replace("publish_", f"{name}_")
    code = (
        "import os, runpy, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Stop:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {module!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Stop())\n"
        f"sys.argv = ['publisher', '-C', {str(minimal)!r}, {name!r}]\n"
        "runpy.run_module('publisher', run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    wanted = ["interrupted; run the same command again to go on"]
    wanted += ["live feed: unchanged"] if name == "publish" else []
    assert (done.returncode, done.stderr.strip().split("\n")) == (130, wanted), done.stderr


def test_the_start_knows_which_commands_may_change_the_feed() -> None:
    from publisher.__main__ import _MAY_CHANGE_FEED

    changing = {name for name, each in commands().items() if getattr(each, "may_change_feed", False)}
    assert changing == _MAY_CHANGE_FEED


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    import subprocess

    code = (
        "import sys; sys.argv = ['publisher', '--help']\n"
        "from publisher.__main__ import run\n"
        "run()\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {
        "boto3",
        "botocore",
        "lxml",
        "feedgen",
        "jinja2",
        "pydub",
        "mutagen",
        "yaml",
        "PIL",
        "rich",
        "pydantic",
        "json",
        "pathlib",
    }
    assert not heavy & set(done.stderr.replace("'", "").strip("[]\n").split(", "))


@pytest.mark.integration
def test_the_whole_way_with_a_recording(tmp_path: Path, own_show: Path) -> None:
    """A new show, a recording taken in, published, and a correction that costs no listener a download."""
    run(
        tmp_path,
        "init",
        "mine",
        "--title",
        "Mine",
        "--author",
        "School",
        "--base-url",
        "https://media.example.org/m/",
    )
    show = tmp_path / "mine"
    recording = tmp_path / "talk.flac"
    shutil.copy(own_show / "episodes/bakersfield-part-1/master.flac", recording)
    made = run_json(show, "new", "A Talk", "--audio", str(recording), "--date", "2026-01-05 06:00")
    assert made["files"][1] == "episodes/a-talk/talk.flac"
    edit(show, "episodes/a-talk/episode.md", "draft: true", "draft: false")
    assert run_json(show, "publish")["live"] == "updated"
    lock = (show / "episodes/a-talk/audio.lock").read_bytes()
    edit(show, "episodes/a-talk/episode.md", 'title: "A Talk"', 'title: "A Better Talk"')
    result = run(show, "publish")
    assert "its audio stays as the feed has it" in result.stderr
    assert (show / "episodes/a-talk/audio.lock").read_bytes() == lock
    assert b"A Better Talk" in (show / "public/mine.xml").read_bytes()
    run(show, "audio", "a-talk")
    assert (show / "episodes/a-talk/audio.lock").read_bytes() != lock
    refused = run(show, "publish", exit_code=4)
    assert "--replace-audio" in refused.stderr
    assert run_json(show, "publish", "--replace-audio", made["guid"])["live"] == "updated"
    shutil.rmtree(show / "episodes/a-talk")
    assert "would have no episode left" in run(show, "publish", exit_code=4).stderr


@pytest.mark.integration
def test_tags_are_verified_and_files_of_any_origin_normalised(own_show: Path, tmp_path: Path) -> None:
    run(own_show, "build")
    assert (
        "every tag is what the metadata says" in run(own_show, "tag", "bakersfield-part-1", "--verify").stdout
    )
    edit(own_show, "episodes/bakersfield-part-1/episode.md", "District, Part I", "District, Part One")
    assert "Part One" in run(own_show, "tag", "bakersfield-part-1", "--verify", exit_code=1).stdout
    assert run_json(own_show, "tag", "bakersfield-part-1")["files"][0]["changed"]
    run(own_show, "tag", "bakersfield-part-1", "--verify")
    with max((own_show / "build/audio").glob("bakersfield-part-1*.mp3"), key=os.path.getmtime).open(
        "r+b"
    ) as file:
        file.seek(-2000, os.SEEK_END)
        file.write(bytes(1000))
    assert (
        "its sound is another one"
        in run(own_show, "tag", "bakersfield-part-1", "--verify", exit_code=1).stdout
    )

    finished = next((own_show / "build/audio").glob("bakersfield-part-2*.mp3"))
    foreign = tmp_path / "foreign.mp3"
    foreign.write_bytes(finished.read_bytes() + b"TAG" + b"Old title".ljust(125, b"\0"))
    assert "would drop: ID3v1" in run(own_show, "tag", str(foreign), "--verify", exit_code=1).stdout
    assert "dropped: ID3v1" in run(own_show, "tag", str(foreign)).stdout
    assert foreign.read_bytes() == finished.read_bytes()
    assert "as it should be" in run(own_show, "tag", str(foreign)).stdout
    assert (
        "neither MP3, M4A nor Opus"
        in run(own_show, "tag", str(own_show / "episodes/bakersfield-part-1/master.flac"), exit_code=2).stderr
    )


@pytest.mark.integration
def test_measure_tells_facts_and_refuses_what_is_no_audio(own_show: Path, tmp_path: Path) -> None:
    master = own_show / "episodes/bakersfield-part-1/master.flac"
    [facts] = run_json(tmp_path, "measure", str(master))["files"]
    assert facts["codec"] == "flac"
    assert facts["duration_seconds"] == pytest.approx(96.07, abs=0.01)
    run(own_show, "build")
    finished = next((own_show / "build/audio").glob("bakersfield-part-1*.mp3"))  # with tags of many words
    [facts] = run_json(tmp_path, "measure", str(finished))["files"]
    assert facts["integrated_lufs"] == pytest.approx(-16, abs=0.1)
    (tmp_path / "x.mp3").write_text("no audio at all, only words")
    result = run(tmp_path, "measure", str(master), "x.mp3", exit_code=2)
    assert "x.mp3" in result.stderr
    assert "flac" in result.stdout


@pytest.mark.integration
def test_preview_serves_the_show_under_its_own_address(own_show: Path) -> None:
    import subprocess
    import urllib.request

    words = [sys.executable, "-m", "publisher", "-C", str(own_show), "preview", "--locked", "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        feed_url = process.stdout.readline().split()[1]
        with urllib.request.urlopen(feed_url) as answer:
            feed = answer.read().decode()
        address = feed_url.rpartition("/")[0]
        assert f'<atom:link href="{feed_url}"' in feed
        assert f"<link>{address}/index.html</link>" in feed
        assert "media.example.org" not in feed
        with urllib.request.urlopen(f"{address}/") as answer:
            assert b"<h1" in answer.read()
        process.terminate()


def test_plan_shows_every_file_when_asked(minimal: Path) -> None:
    assert "audio/pilot-" in run(minimal, "-v", "plan", "--locked").stdout


def test_quiet_and_no_color_are_kept(minimal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(minimal, PILOT, "people: [ana]", "people: [anna]")
    assert "\x1b[" in run(minimal, "build", "--locked", "--color", "always", exit_code=2).stderr
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run(minimal, "build", "--locked", exit_code=2).stderr
