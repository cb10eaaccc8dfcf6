#!/usr/bin/env python3
"""What stands in for a firmware here: a thermometer that publishes its readings, and comes back when the link is lost."""
import sys
import time

from at_driver import AtError, AtPort

TOPIC = "greenhouse/1"


class Thermometer:
    def __init__(self, path):
        self.port = AtPort(path)
        self.is_connected = False

    def start(self):
        self.port.ask("ATE0")
        while self.port.ask("AT+CEREG?")[0].split(",")[1] not in ("1", "5"):
            time.sleep(0.5)

    def connect(self):
        self.port.urcs.clear()
        self.port.ask('AT+MCONFIG="thermometer","user","secret"')
        self.port.ask('AT+MIPSTART="broker.example",1883')
        self.port.wait("CONNECT OK")
        self.port.ask("AT+MCONNECT=1,60")
        self.port.wait("CONNACK OK")
        self.port.ask(f'AT+MSUB="{TOPIC}/ask",0')
        self.port.wait("SUBACK")
        self.is_connected = True

    def publish(self, name, value):
        self.port.ask(f'AT+MPUB="{TOPIC}/{name}",0,0,"{value}"')

    def look_around(self, seconds=0.3):
        """What came unasked: a lost link, a question."""
        line = self.port.line(seconds)
        if line:
            self.port.urcs.append(line)
        for urc in self.port.urcs:
            if urc.startswith("CLOSED"):
                self.is_connected = False
            if urc.startswith("+MSUB"):
                self.publish("answer", "fine")
        self.port.urcs.clear()

    def run(self, readings):
        self.start()
        while readings > 0:
            try:
                if not self.is_connected:
                    self.connect()
                self.publish("air", f"21.{readings}")
                readings -= 1
            except AtError as error:
                print(error, file=sys.stderr)
                self.is_connected = False
                time.sleep(0.5)
                try:
                    self.port.ask("AT+MIPCLOSE")
                except AtError:
                    pass
            self.look_around()


if __name__ == "__main__":
    Thermometer(sys.argv[1]).run(readings=int(sys.argv[2]) if len(sys.argv) > 2 else 8)
