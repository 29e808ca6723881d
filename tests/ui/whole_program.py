#!/usr/bin/python3
"""The real program as a person meets it: a desktop with a window manager and a tray, driven by accessible names alone.

    sh tests/support/with_desktop.sh /usr/bin/python3 tests/ui/whole_program.py build/debug/bin/meerkat [PICTURE]

A slow download runs while the window is looked at; PICTURE keeps what was on the screen then. Needs python3-pyatspi, at-spi2-core,
xdotool and imagemagick. The first thing that is not as said ends the run with a sentence and status 1.
"""
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

os.environ["QT_LINUX_ACCESSIBILITY_ALWAYS_ON"] = "1"
import pyatspi  # noqa: E402  (the bus is asked for at import)

PATIENCE_S = 20


def wait_for(what, look):
    """Returns what look() returns once it is true; ends the test with `what` if that takes too long."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            found = look()
        except Exception:  # the accessibility bus fails while a window is being built
            found = None
        if found:
            return found
        time.sleep(0.05)
    sys.exit(f"Waited {PATIENCE_S} s in vain for: {what}")


def all_below(node):
    for child in node:
        if child is not None:
            yield child
            yield from all_below(child)


def is_shown(node):
    states = node.getState()
    return states.contains(pyatspi.STATE_SHOWING) and states.contains(pyatspi.STATE_VISIBLE)


class Program:
    def __init__(self, binary, config, *arguments):
        self.command = [binary, "--config", config]
        self.process = subprocess.Popen([*self.command, *arguments])

    def application(self):
        for application in pyatspi.Registry.getDesktop(0):
            if application and application.get_process_id() == self.process.pid:
                application.clear_cache()  # what the bus told before is kept here otherwise, also of a table that has new rows
                return application
        return None

    def find(self, name, role=None):
        """The shown part with this accessible name; `name` is a regular expression for all of it."""
        def look():
            for node in all_below(self.application()):
                if re.fullmatch(name, node.name or "") and (role is None or node.getRole() == role) and is_shown(node):
                    return node
            return None
        return wait_for(f"{name!r}", look)

    def press(self, name, role=None):
        node = self.find(name, role)
        actions = node.queryAction()
        names = [actions.getName(i).lower() for i in range(actions.nActions)]
        wanted = next(i for i, one in enumerate(names) if one in ("press", "toggle", "click"))
        actions.doAction(wanted)

    def texts(self, role):
        return [node.name for node in all_below(self.application()) if node.getRole() == role]


def say(sentence):
    print(sentence, flush=True)


def expect(statement, is_true):
    if not is_true:
        sys.exit(f"Not so: {statement}")
    say(f"  {statement}")


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return answer.status == 200
    except OSError:
        return False


class SlowReader:
    """Downloads of one visitor who reads little at a time, so that the window has something to show."""

    def __init__(self, port, paths):
        self.sockets = []
        for path in paths:
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            connection.connect(("127.0.0.1", port))
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            connection.setblocking(False)
            self.sockets.append(connection)

    def read_for(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for share, connection in enumerate(self.sockets, start=1):
                try:
                    connection.recv(120000 // share)
                except BlockingIOError:
                    pass  # its answer is whole
            time.sleep(0.03)


def make_folder(place):
    folder = os.path.join(place, "Pictures")
    os.mkdir(folder)
    for name in ("beach.mp4", "mountains.mp4", "concert.mkv"):
        with open(os.path.join(folder, name), "wb") as file:
            file.truncate(60_000_000)
    with open(os.path.join(folder, "readme.txt"), "w", encoding="utf-8") as file:
        file.write("Pictures of the summer\n")
    return folder


def cells(program):
    return program.texts(pyatspi.ROLE_TABLE_CELL)


def watch_a_download(program, port, picture):
    program.press("Connections", pyatspi.ROLE_PAGE_TAB)
    reader = SlowReader(port, ["/beach.mp4", "/mountains.mp4", "/concert.mkv", "/readme.txt"])
    reader.read_for(1.5)
    wait_for("the request in the table", lambda: "GET /beach.mp4" in cells(program))
    before = cells(program)
    reader.read_for(2.5)
    if picture:
        reader_pid = os.fork()
        if reader_pid == 0:
            reader.read_for(3)
            os._exit(0)
        time.sleep(1.5)
        subprocess.run(["import", "-window", "root", picture], check=True)
        os.kill(reader_pid, signal.SIGTERM)
        os.waitpid(reader_pid, 0)
    expect("the numbers of the table move while a download runs", before != cells(program))
    line = program.find(r"1 of 1 serving · 1 visitor · .*/s").name
    expect(f"the status line tells the visitor and the rate ({line})", not line.endswith("· 0 B/s"))
    for connection in reader.sockets:
        connection.close()


def lose_the_folder(program, folder, url, picture):
    os.rename(folder, folder + "-elsewhere")
    program.find(r"0 of 1 serving · 1 in trouble")
    sentence = program.find(r"The folder Pictures is no longer there\..*").name
    expect("the notice says what is wrong and offers a way out", program.find("Choose another folder…") is not None)
    switch = program.find("Serve this folder", pyatspi.ROLE_CHECK_BOX)
    expect("the switch says the same", switch.description == sentence)
    expect("the title says it", "Pictures is in trouble" in xdotool("getwindowname", xdotool("getactivewindow")))
    if picture:
        subprocess.run(["import", "-window", "root", picture.replace(".png", "-vanished.png")], check=True)
    os.rename(folder + "-elsewhere", folder)
    program.find(r"1 of 1 serving · .*")
    expect("a folder that is back is served again by itself", answers(url))


def xdotool(*arguments):
    return subprocess.run(["xdotool", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def is_window_shown(program):
    return any(node.getRole() == pyatspi.ROLE_FRAME and is_shown(node) for node in program.application())


def menu_size():
    """The size of the largest popup of the program; a menu is a window of its own that the window manager does not know."""
    sizes = [(0, 0)]
    search = ["xdotool", "search", "--onlyvisible", "--class", "meerkat"]
    for window in subprocess.run(search, capture_output=True, text=True).stdout.split():
        numbers = dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell", window).splitlines())
        size = (int(numbers["WIDTH"]), int(numbers["HEIGHT"]))
        if size < (700, 400):
            sizes.append(size)
    return max(sizes)


def click_tray(button):
    place = xdotool("getwindowgeometry", "--shell", xdotool("search", "--class", "trayer").split()[-1])
    numbers = dict(line.split("=") for line in place.splitlines())
    x = int(numbers["X"]) + int(numbers["WIDTH"]) // 2
    y = int(numbers["Y"]) + int(numbers["HEIGHT"]) // 2
    xdotool("mousemove", str(x), str(y), "click", str(button))


def main():
    binary, picture = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as place:
        folder = make_folder(place)
        started = time.monotonic()
        program = Program(binary, os.path.join(place, "profiles.json"))
        try:
            wait_for("a window on the screen", lambda: subprocess.run(
                ["xdotool", "search", "--onlyvisible", "--name", "Meerkat"], capture_output=True, text=True).stdout.strip())
            say(f"The window is on the screen after {(time.monotonic() - started) * 1000:.0f} ms.")
            meet(program, folder, picture)
        finally:
            if program.process.poll() is None:
                program.process.kill()
            program.process.wait()


def meet(program, folder, picture):
    say("Without a folder")
    program.find("Choose a folder to serve")

    say("A second start with a folder")
    second = subprocess.run([*program.command, folder], timeout=PATIENCE_S)
    expect("hands it over and ends with 0", second.returncode == 0)
    switch = program.find("Serve this folder", pyatspi.ROLE_CHECK_BOX)
    wait_for("the switch to be on", lambda: switch.getState().contains(pyatspi.STATE_CHECKED))
    url = program.find(r"Address http://127\.0\.0\.1:\d+/").name.split()[1]
    port = int(re.search(r":(\d+)/", url).group(1))
    expect("the address answers", answers(url))

    say("While somebody downloads")
    watch_a_download(program, port, picture)

    say("The switch")
    program.press("Serve this folder", pyatspi.ROLE_CHECK_BOX)
    wait_for("the address to be silent", lambda: not answers(url))
    program.press("Serve this folder", pyatspi.ROLE_CHECK_BOX)
    wait_for("the address to answer again", lambda: answers(url))

    say("A folder that vanishes")
    lose_the_folder(program, folder, url, picture)

    say("Closing the window")
    xdotool("key", "alt+F4")
    wait_for("the window to hide", lambda: not is_window_shown(program))
    expect("keeps serving", answers(url))
    say("The tray's menu while its message stands")
    click_tray(3)
    # The message is wider than high, and goes with the press.
    wait_for("the menu to be on the screen", lambda: min(menu_size()) > 100)
    expect("the window stays where it is", not is_window_shown(program))
    xdotool("key", "Escape")
    wait_for("the menu to go", lambda: max(menu_size()) < 100)
    click_tray(1)
    wait_for("the window to come back by a click on the tray", lambda: is_window_shown(program))

    say("The tray's menu")
    click_tray(3)
    # Qt keeps popup menus out of the accessible tree: this one job is done by its mnemonic.
    wait_for("the menu to be on the screen", lambda: menu_size() > (100, 100))
    if picture:
        subprocess.run(["import", "-window", "root", picture.replace(".png", "-tray.png")], check=True)
    xdotool("key", "q")
    expect("quits with 0", program.process.wait(PATIENCE_S) == 0)
    expect("and nothing listens any more", not answers(url))


main()
