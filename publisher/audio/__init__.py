"""Turn a master into finished, tagged audio and the facts that `audio.lock` remembers."""
