# SPDX-License-Identifier: GPL-3.0-or-later
"""A real PostgreSQL server of a test's own, which can be killed: a new cluster on a loopback port."""
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile

from station import wait_until

DATABASE, USER = "shop", "tester"


def find_program(name):
    """The newest version that Debian's packages have put there."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))
    return found[-1] if found else shutil.which(name)


def find_other_user():
    """The server refuses to run as root: there, another user is taken."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    raise RuntimeError("there is no user to run PostgreSQL as")


def keep_port():
    """A socket that has a port for the server, also while that does not run: nobody else is given one that is
    bound, but who asks for it by number and may share it, as the server does, gets it."""
    keeper = socket.socket()
    keeper.bind(("127.0.0.1", 0))
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return keeper


class Postgres:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="lks-postgres-", dir="/tmp")  # its socket's name must be short
        self.user, self.keeper, self.process = find_other_user(), keep_port(), None
        self.port = self.keeper.getsockname()[1]
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.run("initdb", "-D", f"{self.folder}/data", "-A", "trust", "-U", USER, "-E", "UTF8", "--locale", "C",
                 "--no-sync").communicate()
        self.start()
        self.run("createdb", "-h", self.folder, "-p", str(self.port), "-U", USER, DATABASE).communicate()

    def run(self, name, *words):
        """Whatever happens to the test, nothing of it stays behind."""
        command = ["setpriv", "--pdeathsig", "KILL"]
        if self.user:
            command += ["--reuid", str(self.user.pw_uid), "--regid", str(self.user.pw_gid), "--clear-groups"]
        return subprocess.Popen([*command, find_program(name), *words], cwd="/", stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def answers(self):
        return self.run("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)).wait() == 0

    def start(self):
        """After a kill its helpers may hold the memory for a moment: then it is tried again."""
        def try_start():
            if self.process is None or self.process.poll() is not None:
                self.process = self.run("postgres", "-D", f"{self.folder}/data", "-k", self.folder, "-p", str(self.port),
                                        "-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=16MB")
            return self.answers()
        wait_until(try_start, "PostgreSQL")

    def is_running(self):
        return self.process is not None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def close(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        self.keeper.close()
        shutil.rmtree(self.folder, ignore_errors=True)
