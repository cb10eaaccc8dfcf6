"""Fixtures that start atmodem, and end it after the test. `ATMODEM` is the command; default: the one of npm."""
import json
import os
import shlex
import subprocess
import types

import pytest

ATMODEM = shlex.split(os.environ.get("ATMODEM", "npx atmodem"))


@pytest.fixture
def start_modem():
    """start_modem("--dialect", "luat") -> .port, .broker, .stop() with the exit code"""
    running = []

    def start(*options):
        process = subprocess.Popen(
            [*ATMODEM, "run", "--json", "--log-level", "error", *options], stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        ready = json.loads(process.stdout.readline())

        def stop():
            process.terminate()
            return process.wait(timeout=20)

        return types.SimpleNamespace(
            port=ready["modems"][0]["port"], broker=ready["broker"], stop=stop, output=process.stdout
        )

    yield start
    for process in running:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture
def modem(start_modem):
    """One luat module whose every dial meets the broker inside."""
    return start_modem("--dialect", "luat", "--broker", "embedded:0", "--route", "*=embedded")
