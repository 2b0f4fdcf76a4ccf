# SPDX-License-Identifier: GPL-3.0-or-later
"""A station as crash-matrix sees it from outside: boards, a ledger, and programs that die."""
import hashlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LEDGER = "locksmith/ledger.sqlite"
CRASH_VARIABLES = ("CRASH_LEDGER", "CRASH_LOG", "CRASH_AT")


class Programs:
    """Where the programs are, the keys that all emulators share, and what all stations finalize by."""

    def __init__(self, bench, ctl, preload, emulator, folder):
        self.bench, self.ctl, self.preload, self.emulator = bench, ctl, preload, emulator
        self.keys = os.path.join(folder, "keys")
        self.recipe = os.path.join(folder, "recipe.json")
        self.make_recipe(folder)

    def make_recipe(self, folder):
        """The recipe of this folder, with an application that every board lacks."""
        with open(f"{HERE}/recipe.json", encoding="utf-8") as file:
            recipe = json.load(file)
        image = recipe["images"][0]
        manifest = {"SchemaVersion": 1, "Name": "Crash", "ComponentId": image["componentId"],
                    "EntryPoint": "/bin/app", "CmdArgs": [], "Capabilities": {}, "ApplicationType": "Default"}
        paths = [os.path.join(folder, name) for name in ("app_manifest.json", "program", image["package"])]
        for path, text in zip(paths, (json.dumps(manifest), "no program")):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        subprocess.run([self.emulator, "image", "--component", image["componentId"], "--image", image["imageId"],
                        "--name", "Crash", "--manifest", paths[0], "--program", paths[1],
                        "--signer", "production", "--state-dir", self.keys, "--output", paths[2]], check=True)
        with open(paths[2], "rb") as file:
            image["packageSha256"] = hashlib.sha256(file.read()).hexdigest()
        with open(self.recipe, "w", encoding="utf-8") as file:
            json.dump(recipe, file)


class Bench:
    """Boards of one emulator, and what a hand can do to them."""

    def __init__(self, programs, folder, scenario=f"{HERE}/boards.json"):
        self.trace_path = os.path.join(folder, "trace")
        self.process = subprocess.Popen(
            [programs.bench, "--state-dir", programs.keys, "--scenario", scenario,
             "--trace", self.trace_path, "--", "sh", "-c", "env -0; printf END; exec cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        text = b""
        while not text.endswith(b"\0END"):
            more = os.read(self.process.stdout.fileno(), 65536)
            if not more:
                raise RuntimeError("the bench did not start")
            text += more
        self.environment = dict(pair.split("=", 1) for pair in text.decode().split("\0")[:-1])
        self.control = os.path.join(self.environment["LOCKSMITH_BENCH_DIR"], "control")

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def tell(self, command, board=None, **members):
        request = dict(members, command=command)
        if board is not None:
            request["board"] = board
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self.control)
            line.sendall(json.dumps(request).encode() + b"\n")
            answer = json.loads(line.makefile().readline())
        if not answer["ok"]:
            raise RuntimeError(f"{request}: {answer}")
        return answer

    def boards(self):
        return self.tell("list")["boards"]

    def count_orders(self, board):
        """How often this board was told its manufacturing state; what it said to it does not matter."""
        with open(self.trace_path, encoding="utf-8") as trace:
            rows = [json.loads(line) for line in trace]
        return sum(1 for row in rows if row.get("board") == board and row["method"] == "PUT"
                   and row["path"] == "/device/manufacturing_state")


class Command:
    """A program that runs. What it says goes into files: nobody has to read it meanwhile."""

    def __init__(self, words, environment):
        self.output, self.messages = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.process = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stdout=self.output,
                                        stderr=self.messages)

    def has_ended(self):
        return self.process.poll() is not None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def finish(self):
        """Returns the exit status, negative for a signal, and the JSON on stdout, or what stderr has."""
        self.process.wait()
        with self.output, self.messages:
            self.output.seek(0)
            self.messages.seek(0)
            try:
                return self.process.returncode, json.load(self.output)
            except ValueError:
                return self.process.returncode, {"stderr": self.messages.read().decode(errors="replace")[-400:]}


class Station:
    """One data directory and the programs that use it."""

    def __init__(self, programs, bench, data, **environment):
        self.programs, self.bench, self.data, self.environment = programs, bench, data, environment
        self.ledger = os.path.join(data, LEDGER)

    def start(self, words, crash=None, log=None):
        """Starts a command and returns it."""
        environment = dict(self.bench.environment if self.bench else os.environ)
        environment.update(self.environment, XDG_DATA_HOME=self.data)
        if crash or log:
            old = environment.get("LD_PRELOAD")
            environment["LD_PRELOAD"] = self.programs.preload + (":" + old if old else "")
            environment["ASAN_OPTIONS"] = "verify_asan_link_order=0:" + environment.get("ASAN_OPTIONS", "")
            values = (self.ledger, log, crash)
            environment.update({n: v for n, v in zip(CRASH_VARIABLES, values) if v})
        return Command([self.programs.ctl, *words, "--json"], environment)

    def run(self, words, crash=None, log=None):
        return self.start(words, crash, log).finish()

    def finalize(self, board, crash=None, log=None):
        return self.run(["finalize", "-b", board, "--recipe", self.programs.recipe,
                         "--yes-lock-forever"], crash, log)

    def read_story(self):
        """What is in the ledger: its chain, oldest first, as (what, device ID), and the records,
        as ID: (device ID, verdict, outcome). From a copy: whoever reads recovers, and that is the product's work."""
        copy = self.data + ".copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.data, copy)
        with sqlite3.connect(os.path.join(copy, LEDGER)) as ledger:
            if ledger.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise RuntimeError("the ledger is damaged")
            rows = ledger.execute(
                "SELECT coalesce(j.step || ' ' || j.phase, c.kind), coalesce(j.device_id, r.device_id)"
                " FROM chain c"
                " LEFT JOIN journal j ON c.kind = 'journal' AND j.sequence = c.row"
                " LEFT JOIN records r ON c.kind = 'run' AND r.sequence = c.row"
                " ORDER BY c.sequence").fetchall()
            records = {row[0]: row[1:] for row in
                       ledger.execute("SELECT id, device_id, verdict, outcome FROM records")}
        ledger.close()
        return rows, records


def wait_until(condition, what):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what} did not come to pass")
        time.sleep(0.01)
