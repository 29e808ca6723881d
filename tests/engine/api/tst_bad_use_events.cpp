// Station: tests of mongoose.h: what a program may do from inside each event and each callback, however unwise. The address sanitizer is half of
// the check; the tour is the other: no event behind MG_CLOSE, none twice, none missing.
#include "engine/api/event_tour.h"

#include <QElapsedTimer>
#include <QTest>

using namespace meerkat::test;

namespace {

void forEachStop() {
    QTest::addColumn<QByteArray>("stop");
    for (const QByteArray &stop : EventTour::stops()) QTest::newRow(stop.constData()) << stop;
}

// Whatever is sent to it: data, headers, frames, raw bytes.
void sendEverything(mg_connection *connection) {
    mg_send_status(connection, 201);
    mg_send_status(connection, 202);
    mg_send_header(connection, "X-Y", "z\r\nInjected: yes");
    mg_send_data(connection, "data", 4);
    mg_printf_data(connection, "%d", 5);
    mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "text", 4);
    mg_websocket_printf(connection, WEBSOCKET_OPCODE_PING, "%s", "ping");
    mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT | WEBSOCKET_DONT_FIN, "begun", 5);
    mg_websocket_write(connection, WEBSOCKET_OPCODE_CONNECTION_CLOSE, "\x03\xe8", 2);
    mg_write(connection, "raw", 3);
    mg_send_file(connection, "/dev/null");
    mg_get_header(connection, "Host");
    mg_pending_bytes(connection);
}

// 99 if it has none that a visitor is told.
unsigned long long numberOf(mg_server *server, const mg_connection *connection) {
    std::pair<unsigned short, unsigned long long> sought{static_cast<unsigned short>(connection ? connection->remote_port : 0),
                                                         99};
    mg_visit_connections(
        server,
        [](const mg_connection_info *info, void *param) {
            auto &[port, number] = *static_cast<decltype(sought) *>(param);
            if (info->remote_port == port) number = info->connection_id;
        },
        &sought);
    return sought.second;
}

int sendInVisit(mg_connection *connection, mg_event) {
    sendEverything(connection);
    return MG_TRUE;
}

}  // namespace

class TestBadUseEvents : public QObject {
    Q_OBJECT

  private slots:
    void keepsTheContractWhenNothingIsDone_data() { forEachStop(); }
    void keepsTheContractWhenNothingIsDone();
    void aHandlerMayDestroyItsServer_data() { forEachStop(); }
    void aHandlerMayDestroyItsServer();
    void aHandlerMayDestroyItsServerAndGoOnWithIt_data() { forEachStop(); }
    void aHandlerMayDestroyItsServerAndGoOnWithIt();
    void aHandlerMayPoll_data() { forEachStop(); }
    void aHandlerMayPoll();
    void aHandlerMayIterateWithinIterating_data() { forEachStop(); }
    void aHandlerMayIterateWithinIterating();
    void aHandlerMayCloseEveryConnection_data() { forEachStop(); }
    void aHandlerMayCloseEveryConnection();
    void aHandlerMayCloseItsOwnConnection_data() { forEachStop(); }
    void aHandlerMayCloseItsOwnConnection();
    void aHandlerMayCloseAnotherConnection_data() { forEachStop(); }
    void aHandlerMayCloseAnotherConnection();
    void aHandlerMayTakeItselfAway_data() { forEachStop(); }
    void aHandlerMayTakeItselfAway();
    void aHandlerMayChangeThePort_data() { forEachStop(); }
    void aHandlerMayChangeThePort();
    void aHandlerMayChangeTheFolder_data() { forEachStop(); }
    void aHandlerMayChangeTheFolder();
    void aHandlerMaySetEveryOption_data() { forEachStop(); }
    void aHandlerMaySetEveryOption();
    void aHandlerMayOpenConnections_data() { forEachStop(); }
    void aHandlerMayOpenConnections();
    void aHandlerMaySendAnythingAnywhere_data() { forEachStop(); }
    void aHandlerMaySendAnythingAnywhere();
    void aHandlerMayVisitAndStopWatching_data() { forEachStop(); }
    void aHandlerMayVisitAndStopWatching();

  private:
    // The tour kept the contract with this done at the row's stop.
    static void tour(const EventTour::Action &action) {
        QFETCH(QByteArray, stop);
        EventTour tour(stop, action);
        tour.run();
        QVERIFY(tour.arrivals() > 0);
        QCOMPARE(tour.problems(), QByteArray());
    }
};

void TestBadUseEvents::keepsTheContractWhenNothingIsDone() {
    tour([](EventTour &, mg_connection *) {});
}

void TestBadUseEvents::aHandlerMayDestroyItsServer() {
    tour([](EventTour &tour, mg_connection *) {
        mg_destroy_server(tour.place());
        QVERIFY(!*tour.place());
        tour.expectNoEvents();
    });
}

// With a copy of its pointer, which is good until the call that the handler is in returns.
void TestBadUseEvents::aHandlerMayDestroyItsServerAndGoOnWithIt() {
    tour([](EventTour &tour, mg_connection *connection) {
        mg_server *copy = tour.server();
        mg_destroy_server(tour.place());
        tour.expectNoEvents();
        mg_destroy_server(&copy);
        QVERIFY(!copy);
        copy = tour.server();
        mg_poll_server(copy, 1000);
        mg_iterate_over_connections(copy, sendInVisit);
        mg_set_option(copy, "listening_port", "127.0.0.1:0");
        mg_close_connections(copy, 0);
        QVERIFY(!mg_connect(copy, "127.0.0.1", 80, 0));
        mg_next(copy, nullptr);
        if (connection) sendEverything(connection);
    });
}

void TestBadUseEvents::aHandlerMayPoll() {
    QElapsedTimer time;
    time.start();
    tour([](EventTour &tour, mg_connection *) {
        mg_poll_server(tour.server(), 60'000);
        mg_poll_server(tour.server(), -1);
    });
    QVERIFY(time.elapsed() < 60'000);
}

void TestBadUseEvents::aHandlerMayIterateWithinIterating() {
    tour([](EventTour &tour, mg_connection *) {
        mg_iterate_over_connections(
            tour.server(),
            [](mg_connection *connection, mg_event) -> int {
                const bool isShown = connection->uri;
                auto *tour = static_cast<EventTour *>(connection->callback_param);
                int other = 0;
                mg_iterate_over_connections(tour->server(), sendInVisit, &other);
                if (connection->callback_param != tour || isShown != (connection->uri != nullptr))
                    qFatal("changed by the inner pass");
                return 0;
            },
            &tour);
    });
}

void TestBadUseEvents::aHandlerMayCloseEveryConnection() {
    tour([](EventTour &tour, mg_connection *connection) {
        mg_close_connections(tour.server(), 0);
        QCOMPARE(mg_close_connections(tour.server(), 0), 0);
        QVERIFY(!mg_next(tour.server(), nullptr));
        if (!connection) return;
        sendEverything(connection);
        QCOMPARE(mg_send_data(connection, "late", 4), 0);
        QCOMPARE(mg_write(connection, "late", 4), 0);
        QCOMPARE(mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "late", 4), 0);
    });
}

void TestBadUseEvents::aHandlerMayCloseItsOwnConnection() {
    tour([](EventTour &tour, mg_connection *connection) {
        if (!connection) return;
        mg_close_connections(tour.server(), numberOf(tour.server(), connection));
        sendEverything(connection);
    });
}

void TestBadUseEvents::aHandlerMayCloseAnotherConnection() {
    tour([](EventTour &tour, mg_connection *connection) {
        const auto own = numberOf(tour.server(), connection);
        for (unsigned long long id = 1; id < 20; id += 2)
            if (id != own) mg_close_connections(tour.server(), id);
        if (connection) sendEverything(connection);
    });
}

void TestBadUseEvents::aHandlerMayTakeItselfAway() {
    tour([](EventTour &tour, mg_connection *) {
        mg_set_event_handler(tour.server(), nullptr);
        tour.stopChecking();
    });
}

void TestBadUseEvents::aHandlerMayChangeThePort() {
    for (const char *address : {"127.0.0.1:0", "", "no address"})
        tour([address](EventTour &tour, mg_connection *) { mg_set_option(tour.server(), "listening_port", address); });
}

void TestBadUseEvents::aHandlerMayChangeTheFolder() {
    const TemporarySite other;
    for (const QByteArray &path : {QByteArray(), other.path().toUtf8()})
        tour([&path](EventTour &tour, mg_connection *) {
            QVERIFY(!mg_set_option(tour.server(), "document_root", path.constData()));
        });
}

void TestBadUseEvents::aHandlerMaySetEveryOption() {
    tour([](EventTour &tour, mg_connection *) {
        for (const char **name = mg_get_valid_option_names(); *name; name += 2) {
            // Its own value, given out by the server itself; then the default.
            mg_set_option(tour.server(), *name, mg_get_option(tour.server(), *name));
            if (QByteArray(*name) != "listening_port") mg_set_option(tour.server(), *name, name[1]);
        }
    });
}

void TestBadUseEvents::aHandlerMayOpenConnections() {
    tour([](EventTour &tour, mg_connection *) {
        // Accepted by itself, refused, without a name, and never to be made.
        mg_connect(tour.server(), "127.0.0.1", tour.deafPort(), 0);
        mg_connect(tour.server(), "", 80, 0);
        mg_connect_websocket(tour.server(), "127.0.0.1", tour.deafPort(), 0, "/", nullptr);
        QVERIFY(!mg_connect(tour.server(), "127.0.0.1", 0, 0));
    });
}

void TestBadUseEvents::aHandlerMaySendAnythingAnywhere() {
    tour([](EventTour &tour, mg_connection *connection) {
        if (connection) sendEverything(connection);
        for (mg_connection *other : tour.live()) sendEverything(other);
    });
}

void TestBadUseEvents::aHandlerMayVisitAndStopWatching() {
    tour([](EventTour &tour, mg_connection *) {
        mg_visit_connections(
            tour.server(),
            [](const mg_connection_info *info, void *param) {
                auto &tour = *static_cast<EventTour *>(param);
                if (info->connection_id % 2) mg_close_connections(tour.server(), info->connection_id);
                mg_connect(tour.server(), "127.0.0.1", tour.deafPort(), 0);
                mg_set_observer(tour.server(), nullptr);
            },
            &tour);
    });
}

QTEST_GUILESS_MAIN(TestBadUseEvents)
#include "tst_bad_use_events.moc"
