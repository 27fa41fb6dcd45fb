from __future__ import annotations

import errno
import os
import re
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from storage_contract import AUDIO, FEED, StorageContract, digest, make_file, read_back

from publisher.errors import SurroundingsError, UsageError
from publisher.model import TargetSettings
from publisher.storage import StaleError, open_storage
from publisher.storage.directory import DirectoryStorage
from publisher.storage.durable import create_locked


class TestDirectory(StorageContract):
    @pytest.fixture
    def storage(self, tmp_path: Path) -> DirectoryStorage:
        return DirectoryStorage(tmp_path.resolve() / "public")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path.resolve() / "public"


@pytest.fixture
def storage(folder: Path) -> DirectoryStorage:
    return DirectoryStorage(folder)


HEADERS = "content_type='audio/mpeg', cache_control='no-store'"


def in_another_process(first: str, then: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Use `storage` in a process that can give up rights without harm to this one; exit as the command would."""
    script = f"""
import os, resource, signal, sys
from pathlib import Path
from publisher.errors import SurroundingsError
from publisher.storage.directory import DirectoryStorage
storage = DirectoryStorage(Path({str(folder)!r}))
{first}
try:
    {then}
except SurroundingsError as error:
    print(error.message, error.hint)
    sys.exit(error.exit_code)
"""
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


# Addresses


@pytest.mark.parametrize("url", ["file:public", "file:./public", "FILE:public", "file:x/../public"])
def test_a_relative_folder_is_in_the_show(tmp_path: Path, url: str) -> None:
    storage = open_storage(TargetSettings("local", url), tmp_path)
    assert storage.address == str(tmp_path.resolve() / "public")


def test_absolute_folders(tmp_path: Path) -> None:
    there = tmp_path.resolve() / "my place"
    for url in (f"file:{there}", f"file://{there}".replace(" ", "%20"), f"file://localhost{there}"):
        assert open_storage(TargetSettings("local", url), tmp_path / "show").address == str(there)


@pytest.mark.parametrize(
    "url", ["file:", "file:.", "file:..", "file:/", "file:x/..", "file://host/x", "file://", "file:a\0b"]
)
def test_the_show_itself_is_no_target(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError):
        open_storage(TargetSettings("local", url), tmp_path)


@pytest.mark.parametrize("url", ["", "public", "ftp://example.org/x", "s3", ":x"])
def test_an_unknown_kind_of_address(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="not understood") as caught:
        open_storage(TargetSettings("odd", url), tmp_path)
    assert "odd" in caught.value.message
    assert "file:public" in caught.value.hint


def test_opening_touches_nothing(tmp_path: Path, storage: DirectoryStorage, folder: Path) -> None:
    assert storage.read("feed.xml") is None
    assert list(storage.list("a/b")) == []
    assert not folder.exists()


# Staying inside


def test_links_are_not_followed(storage: DirectoryStorage, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_bytes(b"secret")
    folder.mkdir()
    (folder / "there").symlink_to(outside)
    (folder / "feed.xml").symlink_to(outside / "secret.txt")
    (folder / "circle").symlink_to(folder / "circle")
    for key in ("there/secret.txt", "feed.xml", "circle/x", "there/new"):
        with pytest.raises(SurroundingsError, match="link"):
            storage.read(key)
        with pytest.raises(SurroundingsError, match="link"):
            storage.swap(key, b"x", expected_etag=None, **FEED)
        with pytest.raises(SurroundingsError, match="link"):
            storage.put_new(key, make_file(tmp_path, b"x"), sha256=digest(b"x"), **AUDIO)
    assert list(storage.list()) == []
    assert files(outside) == {"secret.txt"}
    assert (outside / "secret.txt").read_bytes() == b"secret"


def test_the_target_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "public").symlink_to(tmp_path / "real")
    storage = open_storage(TargetSettings("local", "file:public"), tmp_path)
    storage.swap("feed.xml", b"x", expected_etag=None, **FEED)
    assert (tmp_path / "real" / "feed.xml").read_bytes() == b"x"


@pytest.mark.parametrize("key", [".publisher/lock", ".publisher/partial/x"])
def test_names_kept_for_publishing_itself(storage: DirectoryStorage, key: str) -> None:
    with pytest.raises(UsageError):
        storage.swap(key, b"x", expected_etag=None, **FEED)


# Leftovers


def test_what_a_killed_run_left_is_not_listed_and_swept_by_the_next(
    storage: DirectoryStorage, folder: Path
) -> None:
    leftovers = folder / ".publisher" / "partial"
    leftovers.mkdir(parents=True)
    (leftovers / "old.partial").write_bytes(b"half")
    assert list(storage.list()) == []
    storage.swap("feed.xml", b"x", expected_etag=None, **FEED)
    assert files(folder) == {"feed.xml", ".publisher/lock"}


def test_what_another_run_is_writing_is_not_swept(storage: DirectoryStorage, folder: Path) -> None:
    partials = folder / ".publisher" / "partial"
    partials.mkdir(parents=True)
    path, handle = create_locked(partials)
    with handle:
        storage.swap("feed.xml", b"x", expected_etag=None, **FEED)
        assert path.exists()
    DirectoryStorage(folder).swap("other.xml", b"x", expected_etag=None, **FEED)
    assert not path.exists()


def test_nothing_is_left_after_success_conflict_or_failure(
    storage: DirectoryStorage, folder: Path, tmp_path: Path
) -> None:
    storage.put_new("a.mp3", make_file(tmp_path, b"x"), sha256=digest(b"x"), **AUDIO)
    with pytest.raises(StaleError):
        storage.swap("a.mp3", b"y", expected_etag=None, **FEED)
    with pytest.raises(SurroundingsError):
        storage.put_new("b.mp3", make_file(tmp_path, b"x"), sha256=digest(b"y"), **AUDIO)
    assert files(folder) == {"a.mp3", ".publisher/lock"}


def test_a_lock_of_a_dead_process_holds_nobody_up(storage: DirectoryStorage, folder: Path) -> None:
    storage.swap("feed.xml", b"one", expected_etag=None, **FEED)
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom publisher.storage.durable import lock_file\n"
        "handle = Path(sys.argv[1]).open('ab+')\nlock_file(handle, wait=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, folder / ".publisher" / "lock"], check=False)
    assert done.returncode == -signal.SIGKILL
    storage.swap("feed.xml", b"two", expected_etag=digest(b"one"), **FEED)


# A system that does not do its part


def test_a_file_system_without_hard_links(
    storage: DirectoryStorage, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    path = make_file(tmp_path, b"x")
    assert storage.put_new("a.mp3", path, sha256=digest(b"x"), **AUDIO) == "created"
    assert storage.put_new("a.mp3", path, sha256=digest(b"x"), **AUDIO) == "exists"
    assert files(folder) == {"a.mp3", ".publisher/lock"}


@pytest.mark.parametrize("call", ["fsync", "link", "replace", "mkdir"])
def test_a_full_disk_at_any_step(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    storage = DirectoryStorage(folder)
    etag = storage.swap("feed.xml", b"old", expected_etag=None, **FEED)
    before = files(folder)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(SurroundingsError, match="disk is full") as caught:
            _put_and_swap(storage, make_file(tmp_path, b"x"), etag)
    assert "run the same command again" in caught.value.hint
    assert re.search(r"bytes needed, \S+ MB free\)$", caught.value.message) or call == "mkdir"
    assert files(folder) - {"new/a.mp3"} == before
    assert read_back(storage, "feed.xml") == b"old"


def _put_and_swap(storage: DirectoryStorage, path: Path, etag: str) -> None:
    storage.put_new("new/a.mp3", path, sha256=digest(b"x"), **AUDIO)
    storage.swap("feed.xml", b"new", expected_etag=etag, **FEED)


def test_a_file_size_limit_leaves_no_half_file(folder: Path, tmp_path: Path) -> None:
    """The system itself refuses in the middle of a real copy, as on a full disk or at a quota."""
    path = make_file(tmp_path, b"x" * 3_000_000)
    done = in_another_process(
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))",
        f"storage.put_new('a.mp3', Path({str(path)!r}), sha256='{digest(b'x' * 3_000_000)}', {HEADERS})",
        folder,
    )
    assert done.returncode == 3, done.stderr
    assert "a.mp3 could not be written" in done.stdout
    assert files(folder) == set()


def test_a_folder_that_may_not_be_written(folder: Path, tmp_path: Path) -> None:
    """Somebody without rights is told, and what is there stays."""
    storage = DirectoryStorage(folder)
    etag = storage.swap("feed.xml", b"old", expected_etag=None, **FEED)
    for path in (tmp_path.parent.parent, tmp_path.parent, tmp_path):
        path.chmod(0o755)
    for path in (folder, folder / ".publisher", folder / ".publisher" / "partial"):
        path.chmod(0o555)
    done = in_another_process(
        "os.geteuid() or os.setuid(65534)",
        f"storage.swap('feed.xml', b'new', expected_etag={etag!r}, {HEADERS})",
        folder,
    )
    for path in (folder, folder / ".publisher", folder / ".publisher" / "partial"):
        path.chmod(0o755)
    assert done.returncode == 3, done.stderr
    assert "no permission to write" in done.stdout
    assert "read-only" in done.stdout
    assert read_back(storage, "feed.xml") == b"old"


def test_a_file_where_a_folder_should_be(storage: DirectoryStorage, folder: Path, tmp_path: Path) -> None:
    storage.swap("episodes", b"x", expected_etag=None, **FEED)
    assert storage.read("episodes/a.mp3") is None
    with pytest.raises(SurroundingsError):
        storage.swap("episodes/a.mp3", b"x", expected_etag=None, **FEED)
    (folder / "feed.xml").mkdir()
    with pytest.raises(SurroundingsError):
        storage.read("feed.xml")
    with pytest.raises(SurroundingsError):
        storage.swap("feed.xml", b"x", expected_etag=None, **FEED)


def test_a_source_that_is_gone_is_named(storage: DirectoryStorage, tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError, match=r"gone\.mp3 could not be read"):
        storage.put_new("a.mp3", tmp_path / "gone.mp3", sha256=digest(b"x"), **AUDIO)


def test_everything_reaches_the_disk_before_it_gets_its_name(
    storage: DirectoryStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut finds the bytes synced before the name, and the name synced before success."""
    log: list[str] = []
    for name in ("fsync", "link", "replace"):
        real = getattr(os, name)

        def spy(*arguments: object, name: str = name, real: object = real) -> object:
            folder = name == "fsync" and stat.S_ISDIR(os.fstat(int(str(arguments[0]))).st_mode)
            log.append("sync folder" if folder else name)
            return real(*arguments)  # type: ignore[operator]

        monkeypatch.setattr(os, name, spy)
    storage.swap("warm-up", b"x", expected_etag=None, **FEED)
    log.clear()
    storage.put_new("a.mp3", make_file(tmp_path, b"x"), sha256=digest(b"x"), **AUDIO)
    assert log == ["fsync", "link", "sync folder"]
    log.clear()
    storage.swap("feed.xml", b"x", expected_etag=None, **FEED)
    assert log == ["fsync", "replace", "sync folder"]


def test_a_swap_waits_for_another_process_that_swaps(storage: DirectoryStorage, folder: Path) -> None:
    """Between the look at what is there and the rename nobody else may come."""
    first = storage.swap("feed.xml", b"one", expected_etag=None, **FEED)
    hold = f"""
import sys
from pathlib import Path
from publisher.storage.durable import lock_file
with Path({str(folder / ".publisher/lock")!r}).open("ab+") as handle:
    lock_file(handle, wait=True)
    print("held", flush=True)
    sys.stdin.read()
    Path({str(folder / "feed.xml")!r}).write_bytes(b"theirs")
"""
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        with ThreadPoolExecutor(1) as pool:
            swap = pool.submit(storage.swap, "feed.xml", b"ours", expected_etag=first, **FEED)
            assert not wait([swap], 0.3).done
            other.communicate()
            with pytest.raises(StaleError):
                swap.result()
    assert (folder / "feed.xml").read_bytes() == b"theirs"
