# A till over TCP, Python 3, that never charges twice and never forgets a sale.
#
#     python3 till.py HOST:PORT ORDER AMOUNT [--cancel-after SECONDS]
#     python3 till.py HOST:PORT ORDER AMOUNT --refund PAYMENT
#
# Ends with 0 when the sale is paid (or refunded), with 1 when it is not and may be rung up again,
# and with 2 when that is not known, or is for the manager: then do not ring it up again, but ask
# for its status later.
import argparse, socket, sys, time

WAIT = 100  # seconds without a word; longer than the link's patience_s

options = argparse.ArgumentParser()
options.add_argument("bridge")
options.add_argument("order")
options.add_argument("amount")
options.add_argument("--refund", metavar="PAYMENT")
options.add_argument("--cancel-after", type=float)
options.add_argument("--tries", type=int, default=60, help="while it is not known")
options.add_argument("--pause", type=float, default=1, help="seconds between them")
till = options.parse_args()
host, port = till.bridge.rsplit(":", 1)
WISH = f"pay order={till.order} amount={till.amount}"
if till.refund:
    WISH = f"refund order={till.order} of={till.refund} amount={till.amount}"


def ask(command, cancel_after=None):
    """Says a command. The line that ends it; None: the answer got lost."""
    try:
        with socket.create_connection((host, int(port)), timeout=WAIT) as link:
            link.sendall((command + "\r\n").encode())
            if cancel_after:
                link.settimeout(cancel_after)
            heard = b""
            while True:
                try:
                    piece = link.recv(4096)
                except TimeoutError:
                    if not cancel_after:
                        return None
                    cancel_after = None
                    link.settimeout(WAIT)
                    link.sendall(b"cancel tag=cancel\r\n")
                    continue
                if not piece:
                    return None
                heard += piece
                *lines, heard = heard.split(b"\n")
                for line in lines:
                    line = line.decode().strip()
                    print(line)
                    ends = line.startswith(("result ", "error "))
                    if ends and " tag=cancel " not in line:  # that is only what became of the wish
                        return line
    except OSError as problem:
        print(problem, file=sys.stderr)
        return None


def is_over(asked, line):
    """Whether asking on would tell no more."""
    if line is None:
        return False
    if line.startswith("error "):
        # The sale was refused, and nothing came of it; or its number is another sale's (32), whose
        # fate is none of ours. That a status could not be told says nothing about the sale.
        return asked == WISH and (" safe_to_retry=yes" in line or " code=32 " in line)
    ends = ("paid", "refunded", "declined", "cancelled", "expired", "rejected", "resolved")
    return any(f" state={end} " in line for end in ends)


def verdict(asked, line):
    """0: the money has moved. 1: it has not, the bridge is sure. 2: not known, or for the manager."""
    if not is_over(asked, line):
        return 2
    if " code=00 " in line and (" state=paid " in line or " state=refunded " in line):
        return 0
    return 1 if " safe_to_retry=yes" in line else 2


asked, answer = WISH, ask(WISH, till.cancel_after)
for _ in range(till.tries):
    if is_over(asked, answer):
        break
    if asked != WISH and answer and answer.startswith("error ") and " code=31 " in answer:
        asked = WISH  # it knows no such sale: it never arrived. The same number again.
    else:
        time.sleep(till.pause)
        asked = f"status order={till.order}"
    answer = ask(asked)

sys.exit(verdict(asked, answer))
