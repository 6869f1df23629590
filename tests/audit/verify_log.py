"""Verifies a rubric audit log without rubric: python3 verify_log.py LOG [SIZE:ROOT]"""
import hashlib, json, sqlite3, sys


def lp(data):
    return len(data).to_bytes(8, "big") + data


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def root(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\x01", root(leaves[:split]), root(leaves[split:]))


def main(path, expected=None):
    log = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    bad, previous, leaves, commitments, redacted = [], bytes(32), [], {}, set()
    rows = log.execute("SELECT seq, event_id, body, prev_hash, hash FROM event ORDER BY seq")
    for number, (seq, event_id, body, prev_hash, stored) in enumerate(rows, 1):
        event = json.loads(body)
        canonical = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        made = sha(lp(b"rubric.event/1"), seq.to_bytes(8, "big"), lp(event_id.encode()),
                   lp(prev_hash), lp(body.encode()))
        if seq != number or canonical != body or made != stored or prev_hash != previous:
            bad.append(f"event {seq}")
        previous = stored
        leaves.append(sha(b"\x00", stored))
        for field, commitment in event.get("text", {}).items():
            commitments[seq, field] = commitment
        if event["kind"] == "redact":
            redacted.add((event["target"], event["field"]))
    for seq, field, salt, text in log.execute("SELECT seq, field, salt, text FROM event_text"):
        made = sha(lp(b"rubric.text/1"), lp(salt), lp(text.encode())).hex()
        if commitments.pop((seq, field), None) != made or (seq, field) in redacted:
            bad.append(f"{field} of event {seq}")
    bad += [f"{field} of event {seq} is gone" for seq, field in commitments.keys() - redacted]
    head = f"{len(leaves)}:{root(leaves).hex()}"
    if expected and root(leaves[: int(expected.split(":")[0])]).hex() != expected.split(":")[1]:
        bad.append(f"head {expected}")
    print(f"{head} {len(commitments.keys() & redacted)} redacted", *bad, sep="\n")
    return 4 if bad else 0 if expected else 5


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
