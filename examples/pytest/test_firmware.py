"""Tests of a firmware, here firmware.py, against a module that is atmodem. Run: python3 -m pytest"""
import pathlib
import subprocess
import sys

import pytest
from conftest import ATMODEM
from at_driver import AtError, AtPort
from firmware import Thermometer

HERE = pathlib.Path(__file__).parent
SCENARIOS = HERE.parent / "scenarios"


def test_the_module_answers(modem):
    port = AtPort(modem.port)
    port.ask("ATE0")
    assert port.ask("AT+CSQ") == ["+CSQ: 28,99"]
    with pytest.raises(AtError, match="ERROR"):
        port.ask("AT+NOSUCHTHING")


def test_the_thermometer_connects_and_publishes(modem):
    thermometer = Thermometer(modem.port)
    thermometer.run(readings=2)
    assert thermometer.is_connected


def test_the_thermometer_waits_for_an_answer_that_is_late(start_modem):
    modem = start_modem(
        "--dialect", "luat", "--broker", "embedded:0", "--route", "*=embedded", "--fault", "at.late,command=+MPUB,by=1s"
    )
    thermometer = Thermometer(modem.port)
    thermometer.run(readings=1)
    assert thermometer.is_connected


@pytest.mark.parametrize("scenario", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_thermometer_passes(scenario, tmp_path):
    """The whole firmware as a process of its own; the exit code is the verdict, the report says why."""
    done = subprocess.run(
        [*ATMODEM, "exec", "--broker", "embedded:0", "--route", "*=embedded", "--scenario", scenario, "--timeout", "60s"]
        + ["--junit", tmp_path / "junit.xml", "--", sys.executable, HERE / "firmware.py", "{port}"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
