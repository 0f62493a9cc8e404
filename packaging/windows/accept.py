#!/usr/bin/env python3
"""Installs the bridge under wine as a shop's installer would, and lives through what a shop sees:
silent install, setup, the service by our verbs and by Windows' own, payments over TCP and a COM
port, a kill with an order open, an upgrade, an uninstall.

usage: accept.py PREFIX INSTALLER NEXT_INSTALLER SIMULATOR

PREFIX is a fresh wine prefix, which this alone uses. SIMULATOR is qfpay-sim.exe."""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import termios
import time
import tty
import urllib.request

LIMIT_S = 90
KEY = "0F1E2D3C4B5A69788796A5B4C3D2E1F0"
APP_CODE = "A1B2C3D4E5F60718293A4B5C6D7E8F90"


def com_port(link):
    """A process of its own: a pseudo-terminal as a COM port. What comes on standard input goes to
    the bridge, and the other way round. It owns the terminal, or wineserver would, and would be
    hung up with it."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    if os.fork():
        os.wait()
        return
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    pathlib.Path(link).unlink(missing_ok=True)
    os.symlink(os.ttyname(slave), link)
    os.write(1, b"ready\n")
    while True:
        for each in select.select([0, master], [], [])[0]:
            data = os.read(each, 4096)
            if not data:
                return
            os.write(master if each == 0 else 1, data)


class Failed(Exception):
    pass


def step(text):
    print(f"\n== {text}", flush=True)


def expect(true, what):
    if not true:
        raise Failed(what)


def until(what, condition, limit_s=LIMIT_S):
    end = time.monotonic() + limit_s
    while True:
        answer = condition()
        if answer:
            return answer
        expect(time.monotonic() < end, f"not within {limit_s} s: {what}")
        time.sleep(0.2)


class Windows:
    def __init__(self, prefix):
        self.prefix = pathlib.Path(prefix).resolve()
        self.env = {**os.environ, "WINEPREFIX": str(self.prefix), "WINEDEBUG": "-all",
                    "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d"}
        self.env.pop("DISPLAY", None)
        self.programs = self.prefix / "drive_c/Program Files/ecrbridge"
        self.data = self.prefix / "drive_c/ProgramData/ecrbridge"

    def boot(self):
        """The server stays, and services.exe with it, whose output must be nobody's pipe."""
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
                 "stderr": subprocess.DEVNULL, "env": self.env}
        subprocess.run(["wineserver", "-p"], **quiet, check=True)
        subprocess.run(["wine", "cmd", "/c", "ver"], **quiet, check=True)

    def power_off(self):
        subprocess.run(["wineserver", "-k"], env=self.env, check=False)
        subprocess.run(["wineserver", "-w"], env=self.env, check=False)

    def start(self, *words, **how):
        return subprocess.Popen(["wine", *map(str, words)], env={**self.env, **how.pop("env", {})},
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, **how)

    def run(self, *words, env=None, shows=True):
        """Its status and what it says."""
        running = self.start(*words, env=env or {})
        try:
            said = running.communicate(timeout=LIMIT_S * 3)[0]
        except subprocess.TimeoutExpired:
            running.kill()
            raise Failed(f"does not end: {words}") from None
        if shows and said.strip():
            print("   " + said.strip().replace("\r", "").replace("\n", "\n   "), flush=True)
        return running.returncode, said

    def must(self, *words, env=None):
        status, said = self.run(*words, env=env)
        expect(status == 0, f"status {status}: {[str(w) for w in words]}")
        return said

    def service(self, *words):
        return self.must(self.programs / "ecrbridged.exe", *words)

    def tool(self, *words):
        return self.must(self.programs / "ecrbridge.exe", *words)

    def state(self):
        said = self.run("sc", "query", "ecrbridged", shows=False)[1]
        found = re.search(r"STATE\s*:\s*\d+\s+(\w+)", said)
        return found.group(1) if found else "ABSENT"

    def pids(self, begin):
        """Of processes of this prefix alone."""
        found = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                line = (folder / "cmdline").read_bytes()
                mine = f"WINEPREFIX={self.prefix}\0".encode() in (folder / "environ").read_bytes()
            except OSError:
                continue
            if mine and line.startswith(begin):
                found.append(int(folder.name))
        return found


class Shop:
    def __init__(self, windows, simulator):
        self.windows = windows
        self.ca = windows.prefix / "drive_c/sim-ca.pem"
        self.cloud = windows.start(simulator, "--port", "0", "--control-port", "0", "--terminal",
                                   "T1", "--ca-file", "C:\\sim-ca.pem", "--no-magic-amounts")
        said = ""
        while "key " not in said:
            line = self.cloud.stdout.readline()
            expect(line, f"the simulated cloud has ended: {said}")
            said += line
        self.cloud_port = re.search(r"cloud +https://localhost:(\d+)", said).group(1)
        self.control = re.search(r"control +(http://\S+)", said).group(1)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def slow_shopper(self, order, after_ms):
        body = {"shoppers": [{"order": order, "does": "pays", "after_ms": after_ms}]}
        request = urllib.request.Request(self.control + "script", json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=10).close()

    def say(self, line):
        """As a till on a socket, until the result; or nothing."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT_S) as till:
            till.sendall(line.encode() + b"\r\n")
            return result_in(lambda: till.recv(4096))

    def state_of(self, order):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as till:
                till.sendall(f"status order={order}\r\n".encode())
                said = result_in(lambda: till.recv(4096))
        except OSError:
            return ""
        found = re.search(r" state=(\w+)", said)
        return found.group(1) if found else ""


def result_in(read):
    heard = b""
    while not re.search(rb"^(result|error)[^\n]*\n", heard, re.MULTILINE):
        data = read()
        if not data:
            break
        heard += data
    text = heard.decode()
    print("   " + text.strip().replace("\r", "").replace("\n", "\n   "), flush=True)
    return text


def install(w, installer):
    step("Silent install: the service is there and does not run")
    w.must(installer, "/S", "/SIMULATOR")
    for name in ("ecrbridged.exe", "ecrbridge.exe", "qfpay-sim.exe", "guide.md", "uninstall.exe"):
        expect((w.programs / name).is_file(), f"no {name}")
    expect(w.state() == "STOPPED", f"the service is {w.state()}")
    expect(w.data.is_dir() and not list(w.data.iterdir()), "there is more than an empty folder")


def start_unconfigured(w):
    step("Start without having configured it: it fails, and says so")
    status, said = w.run(w.programs / "ecrbridged.exe", "start")
    expect(status == 1 and "event log" in said, "it does not say where to look")


def configure(w, shop):
    step("Configure without a question, and start")
    words = [w.programs / "ecrbridge.exe", "setup", "--no-questions", "--url",
             f"https://localhost:{shop.cloud_port}", "--ca-file", "C:\\sim-ca.pem", "--app-code",
             APP_CODE, "--terminal", "T1", "--link",
             f"lane,tcp,127.0.0.1:{shop.port},channel=wx", "--link", "wire,serial,COM5,channel=wx",
             "--set", "bridge.drain_s=1"]
    status, _ = w.run(*words, env={"ECRBRIDGE_CLIENT_KEY": "0" * 32})
    expect(status != 0, "a wrong key is taken")
    expect(not (w.data / "client.key").exists(), "a wrong key is stored")
    said = w.must(*words, "--start", env={"ECRBRIDGE_CLIENT_KEY": KEY})
    expect("Started" in said, "it is not started")
    kept = (w.data / "client.key").read_text()
    expect(kept.startswith("dpapi:") and KEY not in kept, "the key is not encrypted")
    expect(KEY not in (w.data / "ecrbridged.toml").read_text(), "the key is in the configuration")
    expect(w.state() == "RUNNING", f"the service is {w.state()}")


def pay(w, shop, wire):
    step("Pay over TCP, by the tool and as a till")
    expect("state=paid" in shop.say("pay order=A1 amount=110"), "A1 is not paid")
    w.tool("--bridge", f"127.0.0.1:{shop.port}", "pay", "250", "--order", "A2", "--channel", "wx")
    step("Pay over a COM port")
    wire.stdin.write(b"pay order=B1 amount=330\r\n")
    wire.stdin.flush()
    said = result_in(lambda: os.read(wire.stdout.fileno(), 4096)
                     if select.select([wire.stdout], [], [], LIMIT_S)[0] else b"")
    expect("state=paid" in said, "B1 is not paid")


def stop_and_start(w, shop):
    step("Stop and start by our verbs, by sc and by net")
    for stop, start in (((w.programs / "ecrbridged.exe", "stop"),
                         (w.programs / "ecrbridged.exe", "start")),
                        (("sc", "stop", "ecrbridged"), ("sc", "start", "ecrbridged")),
                        (("net", "stop", "ecrbridged"), ("net", "start", "ecrbridged"))):
        w.must(*stop)
        until("stopped", lambda: w.state() == "STOPPED")
        w.must(*start)
        until("running", lambda: w.state() == "RUNNING")
    until("A1 is known", lambda: shop.state_of("A1") == "paid")


def kill_with_an_open_order(w, shop):
    step("Killed with an order open: after the next boot it is resolved")
    shop.slow_shopper("K1", 8_000)
    till = socket.create_connection(("127.0.0.1", shop.port))
    till.sendall(b"pay order=K1 amount=440\r\n")
    until("K1 is on the terminal", lambda: shop.state_of("K1") == "on_terminal")
    pids = w.pids(b"C:\\Program Files\\ecrbridge\\ecrbridged.exe")
    expect(len(pids) == 1, f"processes of the service: {pids}")
    os.kill(pids[0], signal.SIGKILL)
    till.close()
    expect(shop.state_of("K1") == "", "it still answers")


def boot_again(w, shop, simulator):
    """wine does not notice that a service was killed, and does not start it again: only a boot does.
    The simulated cloud must outlive it, so that it runs in a prefix of its own."""
    w.power_off()
    w.boot()
    until("the service starts at boot", lambda: shop.state_of("A1") == "paid", 240)
    until("K1 is paid", lambda: shop.state_of("K1") == "paid")
    w.tool("--bridge", f"127.0.0.1:{shop.port}", "show", "K1")


def upgrade(w, shop, installer):
    step("Upgrade with an order open: it waits, and goes on")
    before = w.pids(b"C:\\Program Files\\ecrbridge\\ecrbridged.exe")
    shop.slow_shopper("U1", 15_000)
    till = socket.create_connection(("127.0.0.1", shop.port), timeout=LIMIT_S)
    till.sendall(b"pay order=U1 amount=550\r\n")
    until("U1 is on the terminal", lambda: shop.state_of("U1") == "on_terminal")
    begun = time.monotonic()
    w.must(installer, "/S")
    expect(time.monotonic() - begun > 5, "it has not waited")
    expect("state=paid" in result_in(lambda: till.recv(4096)), "the till has not heard of U1")
    till.close()
    until("running again", lambda: w.state() == "RUNNING")
    after = w.pids(b"C:\\Program Files\\ecrbridge\\ecrbridged.exe")
    expect(after and after != before, "the old program goes on")
    expect(shop.state_of("U1") == "paid", "U1 is forgotten")
    expect((w.data / "ecrbridged.toml").is_file(), "the configuration is gone")


def copies(w):
    step("A copy of the journal while the bridge runs")
    w.tool("backup", "C:\\copy.db")
    w.tool("verify", "C:\\copy.db")
    w.tool("verify")


def uninstall(w):
    step("Uninstall: the service and its programs go, the journal stays")
    # The uninstaller runs from a copy of itself; _?= keeps it here, to be waited for.
    w.must(w.programs / "uninstall.exe", "/S", "_?=C:\\Program Files\\ecrbridge")
    expect(w.state() == "ABSENT", f"the service is {w.state()}")
    left = [each.name for each in w.programs.glob("*")] if w.programs.exists() else []
    expect(set(left) <= {"uninstall.exe"}, f"left: {left}")
    for name in ("journal.db", "ecrbridged.toml", "client.key"):
        expect((w.data / name).is_file(), f"{name} is gone")


def main():
    if sys.argv[1] == "--com-port":
        com_port(sys.argv[2])
        return
    prefix, installer, next_installer, simulator = sys.argv[1:]
    w = Windows(prefix)
    cloud = Windows(prefix + "-cloud")
    wire = None
    try:
        cloud.boot()
        w.boot()
        shop = Shop(cloud, simulator)
        w_ca = w.prefix / "drive_c/sim-ca.pem"
        w_ca.write_bytes(until("the authority", lambda: shop.ca.exists() and shop.ca.read_bytes()))
        wire = subprocess.Popen([sys.executable, __file__, "--com-port",
                                 str(w.prefix / "dosdevices/com5")],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        expect(wire.stdout.readline() == b"ready\n", "no COM port")
        install(w, installer)
        start_unconfigured(w)
        configure(w, shop)
        pay(w, shop, wire)
        stop_and_start(w, shop)
        kill_with_an_open_order(w, shop)
        boot_again(w, shop, simulator)
        copies(w)
        upgrade(w, shop, next_installer)
        uninstall(w)
        step("All is as it should be")
    except Failed as failed:
        print(f"FAILED: {failed}", flush=True)
        for name in ("ecrbridged.log",):
            if (w.data / name).exists():
                print((w.data / name).read_text()[-4000:])
        sys.exit(1)
    finally:
        if wire:
            wire.stdin.close()
            wire.wait()
        w.power_off()
        cloud.power_off()


main()
