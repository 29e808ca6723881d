// Station: tests of mongoose.h: what the API's page says of password files and of buffers that are filled. Each slot quotes its sentence; which sentence
// another test proves is listed in tests/contract/sentences.txt.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QCryptographicHash>
#include <QTest>

using namespace meerkat::test;

namespace {

QByteArray line(const QByteArray &user, const QByteArray &password) {
    const QByteArray text = user + ":realm:" + password;
    return user + ":realm:" + QCryptographicHash::hash(text, QCryptographicHash::Md5).toHex() + "\n";
}

}  // namespace

class TestContractHelpers : public QObject {
    Q_OBJECT

  private slots:
    void ifPasswordIsNotNullTheEntryIsAdded();
    void modifiedIfItAlreadyExists();
    void ifPasswordIsNullTheEntryIsDeleted();
    void manipulatesFilesOnTheFly();
    void returnsOneOnSuccessAndZeroOnError();
    void theBufferIsTerminatedIfItIsNotNullOrOfZeroLength();
    void returnsTheLengthOfTheDecodedVariable();

  private:
    int modify(const char *user, const char *password) {
        return mg_modify_passwords_file(m_site.path("passwords").toUtf8().constData(), "realm", user, password);
    }
    QByteArray content() const {
        QFile file(m_site.path("passwords"));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("none");
    }

    TemporarySite m_site;
};

// "Add, edit or delete the entry in the passwords file." "If password is not NULL, entry is added (or modified if already exists)."
void TestContractHelpers::ifPasswordIsNotNullTheEntryIsAdded() {
    m_site.remove("passwords");
    QCOMPARE(modify("joe", "secret"), 1);
    QCOMPARE(content(), line("joe", "secret"));
    QCOMPARE(modify("ann", ""), 1);
    QCOMPARE(content(), line("joe", "secret") + line("ann", ""));
}

void TestContractHelpers::modifiedIfItAlreadyExists() {
    m_site.write("passwords", "# kept\n" + line("joe", "old") + "joe:other realm:0123\n" + line("ann", "hers"));
    QCOMPARE(modify("joe", "new"), 1);
    QCOMPARE(content(), "# kept\n" + line("joe", "new") + "joe:other realm:0123\n" + line("ann", "hers"));
}

// "If password is NULL, entry is deleted."
void TestContractHelpers::ifPasswordIsNullTheEntryIsDeleted() {
    m_site.write("passwords", line("joe", "his") + line("joey", "his") + line("ann", "hers"));
    QCOMPARE(modify("joe", nullptr), 1);
    QCOMPARE(content(), line("joey", "his") + line("ann", "hers"));
    QCOMPARE(modify("nobody", nullptr), 1);
    QCOMPARE(content(), line("joey", "his") + line("ann", "hers"));
}

// "This function allows an application to manipulate .htpasswd files on the fly by adding, deleting and changing user records."
void TestContractHelpers::manipulatesFilesOnTheFly() {
    m_site.write("passwords", {});
    TestServer server([this](mg_connection *connection, mg_event event) -> int {
        if (event != MG_REQUEST) return event == MG_AUTH;
        const QByteArray user = connection->uri + 1;
        return mg_printf_data(connection, "%d", modify(user.constData(), connection->query_string)), MG_TRUE;
    });
    for (const char *target : {"joe?one", "ann?two", "joe?three", "ann"})
        QCOMPARE(ask(server, QByteArray("GET /") + target + " HTTP/1.1\r\nHost: h\r\n\r\n").body, QByteArray("1"));
    QCOMPARE(content(), line("joe", "three"));
}

// "Return: 1 on success, 0 on error."
void TestContractHelpers::returnsOneOnSuccessAndZeroOnError() {
    m_site.write("passwords", line("joe", "his"));
    QCOMPARE(modify("joe", "new"), 1);
    for (const char *user : {"", "a:b", "a\nb", "a\rb"}) QCOMPARE(modify(user, "p"), 0);
    QCOMPARE(mg_modify_passwords_file(m_site.path("passwords").toUtf8().constData(), "r:r", "joe", "p"), 0);
    QCOMPARE(mg_modify_passwords_file(m_site.path("no/such/folder/file").toUtf8().constData(), "realm", "joe", "p"), 0);
    QCOMPARE(mg_modify_passwords_file(m_site.path().toUtf8().constData(), "realm", "joe", "p"), 0);
    QCOMPARE(content(), line("joe", "new"));
}

// "Destination buffer is guaranteed to be '\0' - terminated if it is not NULL or zero length."
void TestContractHelpers::theBufferIsTerminatedIfItIsNotNullOrOfZeroLength() {
    mg_connection connection{};
    connection.query_string = "a=12345&b=%41%4&c";
    for (const char *name : {"a", "b", "c", "d", ""}) {
        for (std::size_t size = 1; size < 10; ++size) {
            // Of exactly that size, so that the address sanitizer sees a byte too much.
            std::vector<char> buffer(size, '#');
            const int length = mg_get_var(&connection, name, buffer.data(), size);
            const auto end = std::find(buffer.begin(), buffer.end(), '\0');
            QVERIFY(end != buffer.end());
            QCOMPARE(end - buffer.begin(), std::ptrdiff_t{qMax(length, 0)});
        }
        char untouched = '#';
        QCOMPARE(mg_get_var(&connection, name, &untouched, 0), -2);
        QCOMPARE(untouched, '#');
        QCOMPARE(mg_get_var(&connection, name, nullptr, 9), -2);
    }
}

// "On success, this function returns the length of decoded variable."
void TestContractHelpers::returnsTheLengthOfTheDecodedVariable() {
    mg_connection connection{};
    connection.query_string = "plain=abc&encoded=%e4%b8%ad+%26&empty=&nul=a%00b";
    char buffer[20];
    QCOMPARE(mg_get_var(&connection, "plain", buffer, sizeof buffer), 3);
    QCOMPARE(mg_get_var(&connection, "encoded", buffer, sizeof buffer), 5);
    QCOMPARE(QByteArray(buffer), QByteArray("\xe4\xb8\xad &"));
    QCOMPARE(mg_get_var(&connection, "empty", buffer, sizeof buffer), 0);
    QCOMPARE(mg_get_var(&connection, "nul", buffer, sizeof buffer), 3);
    QCOMPARE(QByteArray(buffer, 3), QByteArray("a\0b", 3));
}

QTEST_GUILESS_MAIN(TestContractHelpers)
#include "tst_contract_helpers.moc"
