"""A small AT driver: a serial port with lines in and out. Python's standard library alone."""
import os
import select
import termios
import time

FINAL = ("OK", "ERROR", "+CME ERROR", "+CMS ERROR")


class AtError(Exception):
    """The module refused a command, or did not answer."""


class AtPort:
    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        attributes = termios.tcgetattr(self.fd)
        attributes[0] = attributes[1] = attributes[3] = 0  # raw: no translation, no echo, no signals
        attributes[2] = termios.CS8 | termios.CREAD | termios.CLOCAL
        termios.tcsetattr(self.fd, termios.TCSANOW, attributes)
        self.received = b""
        self.urcs = []

    def close(self):
        os.close(self.fd)

    def line(self, seconds):
        """The next line, or None when none came in time."""
        end = time.monotonic() + seconds
        while b"\n" not in self.received:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                return None
            self.received += os.read(self.fd, 4096)
        line, self.received = self.received.split(b"\n", 1)
        return line.strip().decode("utf-8", "replace")

    def ask(self, command, seconds=5):
        """Sends a command, and returns its information lines; what came unasked is kept in `urcs`."""
        os.write(self.fd, command.encode() + b"\r")
        name = command[2:].split("=")[0].rstrip("?")
        answer = []
        end = time.monotonic() + seconds
        while True:
            line = self.line(max(0, end - time.monotonic()))
            if line is None:
                raise AtError(f"{command}: no answer")
            if line == "OK":
                return answer
            if line.startswith(FINAL):
                raise AtError(f"{command}: {line}")
            if name and line.startswith(name):
                answer.append(line)
            elif line and not line.startswith("AT"):
                self.urcs.append(line)

    def wait(self, wanted, seconds=10):
        """Waits for a line that begins so."""
        end = time.monotonic() + seconds
        while True:
            for urc in self.urcs:
                if urc.startswith(wanted):
                    self.urcs.remove(urc)
                    return urc
            line = self.line(max(0, end - time.monotonic()))
            if line is None:
                raise AtError(f"{wanted} did not come")
            if line:
                self.urcs.append(line)
