#!/usr/bin/env python3
"""Plants violations in a small tree and checks that check.py finds each of them, and nothing in a tree without any."""
import pathlib
import tempfile
import unittest

import check

HEADERS = {
    'QtCore': ['QString', 'QAbstractTableModel', 'qglobal.h'],
    'QtGui': ['QIcon'],
    'QtNetwork': ['QLocalServer'],
    'QtWidgets': ['QLabel', 'QWidget'],
}

ALLOWED = {
    'engine/include/mongoose.h': '#if defined(_WIN32)\n#endif\n#include <stddef.h>\n',
    'engine/base/text.h': '#include <string>\n',
    'engine/os/socket.h': '#include "base/text.h"\n#ifdef _WIN32\n#endif\n#include <sys/socket.h>\n',
    'engine/net/event_loop.h': '#include "os/socket.h"\n#include "base/text.h"\n',
    'engine/net/event_loop.cpp': '#include "net/event_loop.h"\n',
    'engine/http/url.h': '#include "net/event_loop.h"\n',
    'engine/websocket/handshake.h': '#include "http/url.h"\n',
    'engine/access/digest.h': '#include "http/url.h"\n',
    'engine/files/static_files.h': '#include "access/digest.h"\n#include "page_assets.h"\n',
    'engine/dav/dav.h': '#include "http/url.h"\n',
    'engine/server/server.h': '#include "files/static_files.h"\n#include "mongoose.h"\n',
    'engine/api/server_api.cpp': '#include "server/server.h"\n#include "mongoose.h"\n',
    'app/messages.h': '#include <cstdint>\n',
    'app/main_console.cpp': '#include "app/messages.h"\n#include "mongoose.h"\n',
    'app/engine_client.h': '#include "app/messages.h"\n#include <QString>\n#include <QtNetwork/QLocalServer>\n#include <QLocalServer>\n',
    'app/desktop.h': '#include <QString>\n',
    'app/desktop_linux.cpp': '#include "app/desktop.h"\n#ifdef __linux__\n#endif\n#include <unistd.h>\n',
    'app/main_desktop.cpp': '#include "ui/main_window.h"\n#include <QWidget>\n',
    'ui/models/connection_model.h': '#include "app/messages.h"\n#include <QAbstractTableModel>\n',
    'ui/main_window.h': '#include "ui/models/connection_model.h"\n#include <QLabel>\n',
    'ui/main_window.cpp': '#include "ui/main_window.h"\n#include "main_window.moc"\n',
}

# file, line that is planted, part of the message that must come
PLANTED = [
    ('engine/base/text.h', '#include "os/socket.h"', 'base may not include os'),
    ('engine/os/socket.h', '#include "net/event_loop.h"', 'os may not include net'),
    ('engine/net/event_loop.h', '#include "http/url.h"', 'net may not include http'),
    ('engine/http/url.h', '#include "websocket/handshake.h"', 'http may not include websocket'),
    ('engine/http/url.h', '#include "files/static_files.h"', 'http may not include files'),
    ('engine/http/url.h', '# include "server/server.h"', 'http may not include server'),
    ('engine/websocket/handshake.h', '#include "access/digest.h"', 'websocket may not include access'),
    ('engine/files/static_files.h', '#include "dav/dav.h"', 'files may not include dav'),
    ('engine/files/static_files.h', '#include "mongoose.h"', 'files may not see mongoose.h'),
    ('engine/net/event_loop.h', '#include <mongoose.h>', 'net may not see mongoose.h'),
    ('engine/net/event_loop.cpp', '#include <sys/socket.h>', 'operating system'),
    ('engine/net/event_loop.cpp', '#include <winsock2.h>', 'operating system'),
    ('engine/net/event_loop.cpp', '#ifdef _WIN32\n#endif', '_WIN32'),
    ('engine/net/event_loop.cpp', '#if defined(__linux__) && 1\n#endif', '__linux__'),
    ('engine/net/event_loop.cpp', '#  if 0\n#elif defined(__APPLE__)\n#endif', '__APPLE__'),
    ('engine/base/text.h', '#include <QString>', 'no Qt in the engine'),
    ('engine/base/text.h', '#include <QtCore/QString>', 'no Qt in the engine'),
    ('engine/base/text.h', '#include <qglobal.h>', 'no Qt in the engine'),
    ('engine/include/mongoose.h', '#include <QString>', 'no Qt in the engine'),
    ('engine/include/mongoose.h', '#include "base/text.h"', 'door may not include base'),
    ('engine/server/server.h', '#include "app/messages.h"', 'server may not include app'),
    ('engine/base/text.h', '#include "gone.h"', 'no file of this tree'),
    ('engine/attic/trunk.h', '', 'no room'),
    ('app/engine_client.h', '#include "os/socket.h"', 'app may not include os'),
    ('app/engine_client.h', '#include "server/server.h"', 'app may not include server'),
    ('app/engine_client.h', '#include "ui/main_window.h"', 'app may not include ui'),
    ('app/engine_client.h', '#include <QLabel>', 'app may not use QtWidgets'),
    ('app/engine_client.h', '#ifdef Q_OS_WIN\n#endif', 'Q_OS_WIN'),
    ('app/main_console.cpp', '#include <QString>', 'app/console may not use QtCore'),
    ('app/main_console.cpp', '#include "app/engine_client.h"', 'app/console may not include app'),
    ('app/main_desktop.cpp', '#include "net/event_loop.h"', 'app/main_desktop may not include net'),
    ('ui/models/connection_model.h', '#include <QLabel>', 'ui/models may not use QtWidgets'),
    ('ui/models/connection_model.h', '#include <QtWidgets/QLabel>', 'ui/models may not use QtWidgets'),
    ('ui/models/connection_model.h', '#include <QtWidgets>', 'ui/models may not use'),
    ('ui/models/connection_model.h', '#include <QIcon>', 'ui/models may not use QtGui'),
    ('ui/models/connection_model.h', '#include "ui/main_window.h"', 'ui/models may not include ui'),
    ('ui/main_window.h', '#include "mongoose.h"', 'ui may not see mongoose.h'),
    ('ui/main_window.h', '#include "http/url.h"', 'ui may not include http'),
    ('ui/main_window.cpp', '#if defined(Q_OS_LINUX)\n#endif', 'Q_OS_LINUX'),
]


class Layering(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name) / 'tree'
        self.qt = pathlib.Path(holder.name) / 'qt'
        for module, names in HEADERS.items():
            for name in names:
                self.write(self.qt / module / name, '')
        for path, text in ALLOWED.items():
            self.write(self.root / path, text)

    @staticmethod
    def write(path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')

    def test_finds_nothing_in_a_tree_that_follows_the_plan(self):
        findings, count = check.all_findings(self.root, self.qt)
        self.assertEqual(findings, [])
        self.assertEqual(count, len(ALLOWED))

    def test_finds_each_planted_violation_and_only_that(self):
        for path, line, message in PLANTED:
            with self.subTest(path=path, line=line):
                before = ALLOWED.get(path)
                self.write(self.root / path, (before or '') + line + '\n')
                findings, _ = check.all_findings(self.root, self.qt)
                self.assertEqual([found[0] for found in findings], [path])
                self.assertIn(message, findings[0][2])
                if before is None:
                    (self.root / path).unlink()
                else:
                    self.write(self.root / path, before)

    def test_names_the_line(self):
        self.write(self.root / 'engine/base/text.h', '#include <string>\n\n#include "os/socket.h"\n')
        findings, _ = check.all_findings(self.root, self.qt)
        self.assertEqual([found[1] for found in findings], [3])


if __name__ == '__main__':
    unittest.main()
