"""Reads every .eml of a folder with Python's own mail parser and compares it with the .json beside it: headers, bodies, lines, defects."""
import email
import email.policy
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
bad = []
mails = sorted(folder.glob("*.eml"))
for path in mails:
    raw = path.read_bytes()
    want = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    found = {
        "subject": str(mail["Subject"] or ""),
        "name": mail["From"].addresses[0].display_name,
        "address": mail["From"].addresses[0].addr_spec,
        "to": mail["To"].addresses[0].addr_spec,
        "text": text.get_content().replace("\r\n", "\n") if text else "",
        "html": html.get_content().replace("\r\n", "\n") if html else "",
    }
    for key, value in found.items():
        if value.rstrip("\n") != want[key].rstrip("\n"):
            bad.append(f"{path.name}: {key} is {value[:60]!r}, not {want[key][:60]!r}")
    if any(part.defects for part in mail.walk()):
        bad.append(f"{path.name}: defects {[d for p in mail.walk() for d in p.defects]}")
    lines = raw.split(b"\r\n")
    if max(map(len, lines)) > 998 or b"\r" in b"".join(lines) or b"\n" in b"".join(lines):
        bad.append(f"{path.name}: a line too long or a bare line end")
    if mail["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click" or not mail["List-Unsubscribe"].startswith("<https://"):
        bad.append(f"{path.name}: one-click headers")
if bad:
    print("fail:", *bad[:5], sep="\n")
    sys.exit(1)
print(len(mails), "read")
