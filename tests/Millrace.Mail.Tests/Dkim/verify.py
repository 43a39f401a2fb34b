"""Checks every .eml of a folder with python3-dkim against the key record in the file 'key'."""
import pathlib
import sys

import dkim

folder = pathlib.Path(sys.argv[1])
record = (folder / "key").read_bytes()
mails = sorted(folder.glob("*.eml"))
bad = [m.name for m in mails if not dkim.verify(m.read_bytes(), dnsfunc=lambda name, timeout=5: record)]
if bad:
    print("fail:", *bad)
    sys.exit(1)
print(len(mails), "pass")
