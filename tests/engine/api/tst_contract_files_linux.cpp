// Station: tests of mongoose.h: "If `document_root` option is left unset, Mongoose will not access filesystem at all." The calls by which the engine
// reaches a file are replaced in this program by ones that count, so that no right to trace is needed.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

#include <cstdarg>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace meerkat::test;

namespace {

int fileCalls = 0;

template <class Function>
Function theRealOne(const char *name) {
    ++fileCalls;
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

// NOLINTBEGIN: declared by the system's headers, each with names of its own.
extern "C" {
int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? static_cast<mode_t>(va_arg(rest, int)) : 0;
    va_end(rest);
    return theRealOne<int (*)(const char *, int, ...)>("open")(path, flags, mode);
}
int openat(int folder, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? static_cast<mode_t>(va_arg(rest, int)) : 0;
    va_end(rest);
    return theRealOne<int (*)(int, const char *, int, ...)>("openat")(folder, path, flags, mode);
}
int stat(const char *path, struct stat *out) noexcept {
    return theRealOne<int (*)(const char *, struct stat *)>("stat")(path, out);
}
int lstat(const char *path, struct stat *out) noexcept {
    return theRealOne<int (*)(const char *, struct stat *)>("lstat")(path, out);
}
int fstatat(int folder, const char *path, struct stat *out, int flags) noexcept {
    return theRealOne<int (*)(int, const char *, struct stat *, int)>("fstatat")(folder, path, out, flags);
}
int access(const char *path, int mode) noexcept { return theRealOne<int (*)(const char *, int)>("access")(path, mode); }
ssize_t readlink(const char *path, char *out, size_t size) noexcept {
    return theRealOne<ssize_t (*)(const char *, char *, size_t)>("readlink")(path, out, size);
}
// openat2 has no function of its own.
long syscall(long number, ...) noexcept {
    va_list rest;
    va_start(rest, number);
    long values[6];
    for (long &value : values) value = va_arg(rest, long);
    va_end(rest);
    const auto real = theRealOne<long (*)(long, ...)>("syscall");
    return real(number, values[0], values[1], values[2], values[3], values[4], values[5]);
}
}
// NOLINTEND

class TestContractFiles : public QObject {
    Q_OBJECT

  private slots:
    void ifDocumentRootIsLeftUnsetTheFileSystemIsNotAccessedAtAll();

  private:
    // How many calls reach files while a server answers requests of every kind.
    int callsWhileServing(const QByteArray &root) {
        fileCalls = 0;
        TestServer server([](mg_connection *connection, mg_event event) -> int {
            return event == MG_AUTH || (event == MG_REQUEST && connection->is_websocket);
        });
        if (!root.isEmpty()) server.set("document_root", root);
        const QByteArray rest = " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
        m_statuses.clear();
        for (const char *line :
             {"GET /", "GET /file.txt", "HEAD /file.txt", "GET /folder", "GET /folder/", "GET /../../etc/passwd",
              "GET /%2e%2e/file.txt", "GET /.htpasswd", "GET /script.cgi?a=b", "GET /page.shtml", "OPTIONS *", "PUT /new.txt",
              "DELETE /file.txt", "PROPFIND /", "MKCOL /made", "GET /.meerkat/", "GET http://h/file.txt"})
            m_statuses.append(ask(server, QByteArray(line) + rest).status);
        ask(server, "POST /form HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody");
        ask(server, "nonsense\r\n\r\n");
        ScriptedPeer(server)
            .send("GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
                  "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
            .readAnswer(true);
        mg_destroy_server(server.place());
        return fileCalls;
    }

    QList<int> m_statuses;
};

void TestContractFiles::ifDocumentRootIsLeftUnsetTheFileSystemIsNotAccessedAtAll() {
    TemporarySite site;
    site.write("file.txt", "file");
    // The count works: with a folder there are some.
    QVERIFY(callsWhileServing(site.path().toUtf8()) > 10);
    QVERIFY(m_statuses.contains(200));
    QCOMPARE(callsWhileServing({}), 0);
    for (const int status : std::as_const(m_statuses)) QVERIFY(status == 200 || status >= 400);
    QCOMPARE(m_statuses[1], 404);
}

QTEST_GUILESS_MAIN(TestContractFiles)
#include "tst_contract_files_linux.moc"
