# A till over TCP, Python 3. Usage: python3 till.py HOST:PORT ORDER AMOUNT
import socket, sys

host, port = sys.argv[1].rsplit(":", 1)
with socket.create_connection((host, int(port))) as link:
    lines = link.makefile("rw", newline="\r\n")
    lines.write(f"pay order={sys.argv[2]} amount={sys.argv[3]}\n")
    lines.flush()
    for line in lines:
        print(line.strip())
        if line.startswith(("result ", "error ")):
            sys.exit(0 if " state=paid " in line else 1)
sys.exit("no answer: ask for the order's status before anything else")
