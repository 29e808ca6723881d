// The page of requests as a person uses it, with a real engine below it.
#include "app/engine_client.h"
#include "support/window_program.h"
#include "ui/models/request_log.h"
#include "ui/requests_page.h"
#include "ui/server_page.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTableView>
#include <QTcpSocket>
#include <QTemporaryDir>

using namespace meerkat;
using namespace meerkat::ui;
using app::ServingState;

class RequestsPageTest : public QObject {
    Q_OBJECT
  private slots:
    void init();
    void saysWhatWillAppear();
    void showsEachRequestAndWhatWasSentWithIt();
    void leavesWhatTheFilterWants();
    void holdsStillWhilePaused();
    void copiesTheCommand();
    void savesWhatIsShown();
    void keepsTheRequestsOfEachFolder();

  private:
    void ask(const QByteArray &line, int folder = 0);
    template <typename Type>
    Type *part(const char *name) const {
        return m_program->part<Type>(name);
    }
    int rows() const { return part<QTableView>("requests")->model()->rowCount(); }

    std::unique_ptr<QTemporaryDir> m_place;
    std::unique_ptr<Program> m_program;
};

void RequestsPageTest::init() {
    m_program.reset();
    m_place = std::make_unique<QTemporaryDir>();
    for (const char *name : {"a", "b"}) QDir(m_place->path()).mkpath(name);
    m_program = std::make_unique<Program>(m_place->filePath("c.json"));
    m_program->window->serveFolders({m_place->filePath("a")});
    QTRY_COMPARE(m_program->servers.client(0)->state(), ServingState::Serving);
    m_program->window->findChild<ServerPage *>()->showTab("requestsPage");
}

void RequestsPageTest::ask(const QByteArray &line, int folder) {
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, m_program->servers.client(folder)->port());
    socket.write(line + " HTTP/1.1\r\nHost: h\r\nX-Word: marmot\r\nConnection: close\r\n\r\n");
    QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
}

void RequestsPageTest::saysWhatWillAppear() {
    QVERIFY(part<QLabel>("requestsEmpty")->isVisible());
    QVERIFY(part<QLabel>("requestsEmpty")->text().contains("browser"));
    QVERIFY(!part<QPlainTextEdit>("requestDetails")->isVisible());
    QVERIFY(!part<QAbstractButton>("requestSave")->isEnabled());
}

void RequestsPageTest::showsEachRequestAndWhatWasSentWithIt() {
    ask("GET /one");
    ask("GET /two");
    QTRY_COMPARE(rows(), 2);
    QCOMPARE(part<QLabel>("requestCount")->text(), "2");
    QVERIFY(!part<QLabel>("requestsEmpty")->isVisible());
    part<QTableView>("requests")->selectRow(1);
    QVERIFY(part<QPlainTextEdit>("requestDetails")->isVisible());
    QVERIFY(part<QPlainTextEdit>("requestDetails")->toPlainText().contains("GET /two\nHost: h\nX-Word: marmot"));
}

void RequestsPageTest::leavesWhatTheFilterWants() {
    ask("GET /one");
    ask("GET /");
    ask("HEAD /two");
    QTRY_COMPARE(rows(), 3);
    part<QLineEdit>("requestFilter")->setText("two");
    QCOMPARE(rows(), 1);
    QCOMPARE(part<QLabel>("requestCount")->text(), "1 of 3");
    part<QLineEdit>("requestFilter")->setText("nowhere");
    QVERIFY(part<QLabel>("requestsEmpty")->isVisible());
    QTest::keyClick(part<QLineEdit>("requestFilter"), Qt::Key_Escape);
    QCOMPARE(rows(), 3);
    part<QComboBox>("requestMethod")->setCurrentText("HEAD");
    QCOMPARE(rows(), 1);
    part<QComboBox>("requestMethod")->setCurrentIndex(0);
    part<QComboBox>("requestStatus")->setCurrentIndex(3);
    QCOMPARE(rows(), 2);
}

void RequestsPageTest::holdsStillWhilePaused() {
    ask("GET /one");
    QTRY_COMPARE(rows(), 1);
    part<QAbstractButton>("requestPause")->click();
    ask("GET /two");
    QTRY_COMPARE(part<QLabel>("requestCount")->text(), "1 of 2 · 1 waiting");
    QCOMPARE(rows(), 1);
    part<QAbstractButton>("requestPause")->click();
    QTRY_COMPARE(rows(), 2);
}

void RequestsPageTest::copiesTheCommand() {
    ask("DELETE /one");
    QTRY_COMPARE(rows(), 1);
    part<QTableView>("requests")->selectRow(0);
    part<QAbstractButton>("requestCurl")->click();
    const QString port = QString::number(m_program->servers.client(0)->port());
    QCOMPARE(QGuiApplication::clipboard()->text(),
             "curl 'http://127.0.0.1:" + port + "/one' --request 'DELETE' --header 'X-Word: marmot'");
}

void RequestsPageTest::savesWhatIsShown() {
    ask("GET /one");
    ask("GET /two");
    QTRY_COMPARE(rows(), 2);
    part<QLineEdit>("requestFilter")->setText("two");
    auto *page = part<RequestsPage>("requestsPage");
    QStringList said;
    connect(page, &ServerTab::noticeTold, this, [&said](const QString &sentence) { said << sentence; });
    page->saveTo(m_place->filePath("x.log"), LogFormat::Combined);
    QTRY_COMPARE(said.size(), 1);
    QVERIFY2(said[0].contains("x.log"), qPrintable(said[0]));
    QFile file(m_place->filePath("x.log"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY(bytes.contains("\"GET /two HTTP/1.1\" 404"));
    QVERIFY(!bytes.contains("/one"));
    page->saveTo(m_place->filePath("nowhere/x.log"), LogFormat::Har);
    QTRY_COMPARE(said.size(), 2);
    QVERIFY2(said[1].contains("not saved"), qPrintable(said[1]));
}

// What happens to one while another is looked at is there when it is looked at again.
void RequestsPageTest::keepsTheRequestsOfEachFolder() {
    m_program->window->serveFolders({m_place->filePath("b")});
    QTRY_COMPARE(m_program->servers.client(1)->state(), ServingState::Serving);
    ask("GET /of-a", 0);
    ask("GET /of-b", 1);
    QTRY_COMPARE(rows(), 1);
    QCOMPARE(part<QTableView>("requests")->model()->index(0, RequestLog::Request).data().toString(), "GET /of-b");
    part<QAbstractItemView>("servers")->setCurrentIndex(m_program->servers.index(0));
    QTRY_COMPARE(rows(), 1);
    QCOMPARE(part<QTableView>("requests")->model()->index(0, RequestLog::Request).data().toString(), "GET /of-a");
}

QTEST_MAIN(RequestsPageTest)
#include "tst_requests_page.moc"
