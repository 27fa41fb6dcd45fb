"""Turn pyproject.toml into requirements/*.txt: every version and hash, and no index address.

Versions that are locked stay, as far as pyproject.toml allows; `--upgrade` takes the newest of all.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [
    sys.executable, "-m", "uv", "pip", "compile", "--universal", "--python-version", "3.11",
    "--generate-hashes", "--no-strip-extras", "--no-annotate", "--no-header", "--no-emit-index-url",
    "--quiet",
]  # fmt: skip


def main() -> None:
    """Compile the runtime lock, the development lock on top of it, and what only the benchmark needs."""
    given = sys.argv[1:]
    locks = {
        "runtime": ["pyproject.toml"],
        "dev": ["pyproject.toml", "--group", "dev"],
        "bench": ["--group", "bench"],
        "bench-audio": ["--group", "bench-audio"],
        "bench-storage": ["--group", "bench-storage"],
    }
    for name, sources in locks.items():
        target = ROOT / "requirements" / f"{name}.txt"
        subprocess.run([*COMMAND, *given, *sources, "-o", str(target)], cwd=ROOT, check=True)
        text = target.read_text(encoding="utf-8")
        if "://" in text:
            raise SystemExit(f"{target} names an address; it must not")
        print(f"{target.relative_to(ROOT)}: {text.count('==')} packages")


if __name__ == "__main__":
    main()
