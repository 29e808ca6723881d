// Station: tests of http_client: answers after which the connection speaks something else.
#include "engine/http/client_house.h"

#include <QTest>

using namespace meerkat;
using namespace meerkat::test;

namespace {

// Keeps what it is given.
class Recorder final : public net::Protocol {
  public:
    explicit Recorder(QByteArray &bytes) : m_bytes(bytes) {}
    std::size_t onBytes(std::string_view bytes) override {
        m_bytes.append(bytes.data(), static_cast<qsizetype>(bytes.size()));
        return bytes.size();
    }
    void onEndOfInput() override {}
    void onDrained() override {}
    void onTimeLimit() override {}
    void onClosed() override {}
    bool wantsInput() const override { return true; }
    net::ProtocolStatus status() const override { return {}; }

  private:
    QByteArray &m_bytes;
};

const QByteArray kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const QByteArray kSwitch = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n";

}  // namespace

class HttpClientSwitchTest : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase() { os::prepareSockets(); }

    void leavesWhatFollowsASwitchToTheNextProtocol();
    void leavesItToAProtocolThatComesLater();
    void opensATunnel();
    void closesAfterASwitchThatNobodyWanted();
};

void HttpClientSwitchTest::leavesWhatFollowsASwitchToTheNextProtocol() {
    const QByteArray all = kSwitch + "frames";
    for (qsizetype split = 1; split <= all.size(); ++split) {
        QByteArray recorded;
        ClientHouse house;
        house.request = kGet;
        house.atReply = [&](http::HttpClient &client, const http::ResponseHead &) {
            client.connection().changeProtocol(std::make_unique<Recorder>(recorded));
            return true;
        };
        house.open();
        house.say(all.first(split));
        house.say(all.sliced(split));
        QCOMPARE(recorded, QByteArray("frames"));
        QCOMPARE(house.events, QByteArrayList({"connected 0", "reply 101 "}));
    }
}

void HttpClientSwitchTest::leavesItToAProtocolThatComesLater() {
    QByteArray recorded;
    ClientHouse house;
    house.request = kGet;
    house.nextRequests = {""};
    house.open();
    house.say(kSwitch + "frames");
    QCOMPARE(house.events, QByteArrayList({"connected 0", "reply 101 "}));
    house.connection().changeProtocol(std::make_unique<Recorder>(recorded));
    house.pass();
    house.say(" more");
    QCOMPARE(recorded, QByteArray("frames more"));
}

void HttpClientSwitchTest::opensATunnel() {
    QByteArray recorded;
    ClientHouse house;
    house.request = "CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n";
    house.nextRequests = {""};
    house.open();
    house.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno HTTP");
    QCOMPARE(house.events, QByteArrayList({"connected 0", "reply 200 "}));
    house.heard(house.request.size());
    house.client().send("hello");
    house.connection().flush();
    QCOMPARE(house.heard(5), QByteArray("hello"));
    house.connection().changeProtocol(std::make_unique<Recorder>(recorded));
    house.pass();
    QCOMPARE(recorded, QByteArray("no HTTP"));
}

void HttpClientSwitchTest::closesAfterASwitchThatNobodyWanted() {
    ClientHouse house;
    house.request = kGet;
    house.open();
    house.say(kSwitch + "frames");
    QCOMPARE(house.events, QByteArrayList({"connected 0", "reply 101 ", "gone switched"}));
}

QTEST_GUILESS_MAIN(HttpClientSwitchTest)
#include "tst_http_client_switch.moc"
