// The Share page below its address: what was sent in the last minutes, and what is said where nobody came.
#include "app/engine_client.h"
#include "app/local_addresses.h"
#include "support/window_program.h"
#include "ui/models/visitors.h"
#include "ui/widgets/throughput_graph.h"

#include <QAbstractButton>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QTcpSocket>
#include <QTemporaryDir>

using namespace meerkat;
using namespace meerkat::ui;
using app::ServingState;

class SharePageTest : public QObject {
    Q_OBJECT
  private slots:
    void init();
    void drawsWhatWasSent();
    void saysWhyNobodyCame();
    void isSilentOnceSomebodyCame();
    void knowsItsOwnAddresses();

  private:
    std::unique_ptr<QTemporaryDir> m_place;
    std::unique_ptr<Program> m_program;
    app::EngineClient *m_client = nullptr;
};

void SharePageTest::init() {
    m_program.reset();
    m_place = std::make_unique<QTemporaryDir>();
    QDir(m_place->path()).mkpath("a");
    QFile file(m_place->filePath("a/large.bin"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(5'000'000));
    m_program = std::make_unique<Program>(m_place->filePath("c.json"));
    m_program->window->serveFolders({m_place->filePath("a")});
    m_client = m_program->servers.client(0);
    QTRY_COMPARE(m_client->state(), ServingState::Serving);
}

void SharePageTest::drawsWhatWasSent() {
    const auto *graph = m_program->part<ThroughputGraph>("throughputGraph");
    QVERIFY(graph->isVisible());
    QCOMPARE(graph->highest(), 0u);
    QTcpSocket visitor;
    visitor.connectToHost(QHostAddress::LocalHost, m_client->port());
    visitor.write("GET /large.bin HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    QTRY_COMPARE(visitor.state(), QAbstractSocket::UnconnectedState);
    QTRY_VERIFY(graph->highest() >= 2'000'000);
    QTRY_VERIFY(graph->accessibleDescription().contains("MB/s"));
}

void SharePageTest::saysWhyNobodyCame() {
    auto *reasons = m_program->part<QLabel>("reasonsWhyNobodyCame");
    QTRY_VERIFY(m_program->part<QLabel>("nobodyCame")->isVisible());
    QVERIFY(!reasons->isVisible());
    m_program->part<QAbstractButton>("whyNobodyCame")->click();
    QVERIFY(reasons->isVisible());
    QVERIFY2(reasons->text().contains("Only this computer"), qPrintable(reasons->text()));
    m_client->stop();
    QTRY_VERIFY(!m_program->part<QLabel>("nobodyCame")->isVisible());
    QVERIFY(!reasons->isVisible());
}

// This computer's own browser is nobody from outside.
void SharePageTest::isSilentOnceSomebodyCame() {
    int firsts = 0;
    connect(Visitors::of(m_client), &Visitors::outsiderCame, this,
            [&firsts](const QString &, bool isFirst) { firsts += isFirst; });
    emit m_client->visitorCame("127.0.0.1");
    QVERIFY(m_program->part<QLabel>("nobodyCame")->isVisible());
    emit m_client->visitorCame("::ffff:192.0.2.7");
    QVERIFY(!m_program->part<QLabel>("nobodyCame")->isVisible());
    QVERIFY(!m_program->part<QAbstractButton>("whyNobodyCame")->isVisible());
    emit m_client->visitorCame("192.0.2.7");
    emit m_client->visitorCame("192.0.2.8");
    QCOMPARE(firsts, 1);
    QVERIFY(Visitors::of(m_client)->hasOutsider());
}

void SharePageTest::knowsItsOwnAddresses() {
    for (const char *own : {"127.0.0.1", "127.8.9.1", "::1"}) QVERIFY(app::isOwnAddress(own));
    for (const char *other : {"192.0.2.7", "2001:db8::1", ""}) QVERIFY(!app::isOwnAddress(other));
}

QTEST_MAIN(SharePageTest)
#include "tst_share_page.moc"
