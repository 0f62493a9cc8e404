# Puts a serial wire between a till and a TCP link: a command, with the till's port as its last
# argument, and the bridge of ECR_BRIDGE at the other end. A wire does not say that it is cut: when
# the bridge goes, the till hears nothing, until it says something and the bridge is there again.
#
#     ECR_BRIDGE=127.0.0.1:9100 wire.py COMMAND…        ends as the command does
import os, pty, select, socket, subprocess, sys, time, tty

LIMIT = 120  # seconds

host, port = os.environ["ECR_BRIDGE"].rsplit(":", 1)
ours, tills = pty.openpty()  # the till's end stays open: opening and closing it is no hang-up
tty.setraw(tills)
till = subprocess.Popen(sys.argv[1:] + [os.ttyname(tills)])
bridge = None
end = time.monotonic() + LIMIT
while till.poll() is None:
    if time.monotonic() > end:
        till.kill()
    ready, _, _ = select.select([ours] + ([bridge] if bridge else []), [], [], 0.05)
    try:
        if ours in ready:
            said = os.read(ours, 4096)
            bridge = bridge or socket.create_connection((host, int(port)))
            bridge.sendall(said)
        elif bridge in ready:
            heard = bridge.recv(4096)
            if not heard:
                raise ConnectionError
            os.write(ours, heard)
    except ConnectionError:
        bridge = bridge and bridge.close()
sys.exit(till.returncode if till.returncode >= 0 else 2)
