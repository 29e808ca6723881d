// The WebSocket page in the window, with a real engine behind it and real visitors.
#include "support/websocket_visitor.h"
#include "support/window_program.h"
#include "ui/message_details.h"
#include "ui/message_table.h"
#include "ui/models/websocket_session.h"
#include "ui/server_page.h"
#include "ui/websocket_page.h"
#include "ui/widgets/action_button.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>

using namespace meerkat;
using namespace meerkat::ui;
using test::WebsocketVisitor;

class WebSocketPageTest : public QObject {
    Q_OBJECT
  private slots:
    void init();
    void cleanup() { m_program.reset(); }
    void makesAPlaceInOneClick();
    void showsMessagesAndAnswersThem();
    void showsTheMessagesOfOneConnection();
    void findsByTextAndKind();
    void showsAMessageAsJsonTextAndBytes();
    void sendsBytesPingsAndCloses();
    void saysWhatCannotBeSent();
    void sendsAReplyThatIsKeptReady();
    void answersByARuleThatIsTypedIn();
    void refusesAPlaceThatIsNone();
    void keepsNoMoreThanAPersonAllows();
    void recordsSavesLoadsAndSendsAgain();
    void keepsMessagesWhileAnotherFolderIsShown();
    void isUsableInTheSmallestWindow();
    void survivesTheRemovalOfItsFolder();

  private:
    template <typename Type>
    Type *part(const char *name) const {
        return m_program->part<Type>(name);
    }
    app::EngineClient &client() const { return *m_program->servers.client(0); }
    quint16 port() const { return client().port(); }
    void takeWebSockets(const QString &places = QStringLiteral("/=manual")) {
        app::ServerProfile changed = client().profile();
        changed.options[QStringLiteral("websocket_endpoints")] = places;
        // The engine is there once it says so.
        QSignalSpy applied(&client(), &app::EngineClient::stateChanged);
        client().setProfile(changed);
        QTRY_VERIFY(!applied.isEmpty());
    }
    QStringList previews() const {
        QStringList texts;
        const QAbstractItemModel *model = part<QTableView>("messages")->model();
        for (int row = 0; row < model->rowCount(); ++row) texts << model->index(row, MessageModel::Preview).data().toString();
        return texts;
    }
    void type(const QString &text) const {
        auto *edit = part<QPlainTextEdit>("composeText");
        edit->setPlainText(text);
        QTest::keyClick(edit, Qt::Key_Return);
    }
    void choose(const char *box, const QString &text) const {
        auto *combo = part<QComboBox>(box);
        const int row = combo->findText(text);
        QVERIFY2(row >= 0, qPrintable(text));
        combo->setCurrentIndex(row);
    }

    std::unique_ptr<QTemporaryDir> m_place;
    std::unique_ptr<Program> m_program;
};

void WebSocketPageTest::init() {
    m_place = std::make_unique<QTemporaryDir>();
    QDir(m_place->path()).mkpath("site");
    m_program = std::make_unique<Program>(m_place->filePath("c.json"));
    m_program->window->serveFolders({m_place->filePath("site")});
    QTRY_COMPARE(client().state(), app::ServingState::Serving);
    m_program->window->findChild<ServerPage *>()->showTab("webSocketPage");
}

void WebSocketPageTest::makesAPlaceInOneClick() {
    QVERIFY(part<QWidget>("takeWebSockets")->isVisible());
    QVERIFY(!part<QWidget>("composeText")->isVisible());
    QSignalSpy applied(&client(), &app::EngineClient::stateChanged);
    QTest::mouseClick(part<QWidget>("takeWebSockets"), Qt::LeftButton);
    QTRY_VERIFY(!applied.isEmpty());
    QTRY_VERIFY(!part<QWidget>("takeWebSockets")->isVisible());
    const auto *empty = part<QLabel>("messagesEmpty");
    QTRY_VERIFY2(empty->text().contains(QStringLiteral("ws://127.0.0.1:%1/").arg(port())), qPrintable(empty->text()));
    WebsocketVisitor visitor(port(), "/anywhere");
    QVERIFY(visitor.isOpen());
    QTRY_COMPARE(previews(), QStringList("/anywhere"));
    QVERIFY(!empty->isVisible());
}

void WebSocketPageTest::showsMessagesAndAnswersThem() {
    takeWebSockets();
    WebsocketVisitor one(port(), "/a"), two(port(), "/b");
    one.sendText("hello");
    QTRY_VERIFY(previews().contains("hello"));
    QTRY_VERIFY(part<QWidget>("composeSend")->isEnabled());
    QCOMPARE(part<QLabel>("composeReceiver")->text(), QStringLiteral("To everybody"));
    type("hello all");
    QCOMPARE(one.next(), qMakePair(0x81, QByteArray("hello all")));
    QCOMPARE(two.next(), qMakePair(0x81, QByteArray("hello all")));
    QVERIFY(part<QPlainTextEdit>("composeText")->toPlainText().isEmpty());
    QTRY_COMPARE(part<QLabel>("composeNote")->text(), QStringLiteral("Sent to 2"));
    QTRY_COMPARE(previews().count("hello all"), 2);
}

void WebSocketPageTest::showsTheMessagesOfOneConnection() {
    takeWebSockets();
    WebsocketVisitor one(port(), "/a"), two(port(), "/b");
    one.sendText("from one");
    two.sendText("from two");
    auto *list = part<QListView>("webSockets");
    QTRY_COMPARE(list->model()->rowCount(), 3);
    QTRY_COMPARE(previews().size(), 4);
    for (int row = 1; row < 3; ++row)
        if (list->model()->index(row, 0).data().toString() == QString::fromLatin1(two.name()))
            list->setCurrentIndex(list->model()->index(row, 0));
    QTRY_COMPARE(previews(), QStringList({"/b", "from two"}));
    type("to two alone");
    QCOMPARE(two.next().second, QByteArray("to two alone"));
    two.abort();
    QTRY_VERIFY(!part<QWidget>("composeSend")->isEnabled());
    QCOMPARE(list->model()->rowCount(), 3);
    list->setCurrentIndex(list->model()->index(0, 0));
    QTRY_COMPARE(list->model()->rowCount(), 2);
}

void WebSocketPageTest::findsByTextAndKind() {
    takeWebSockets("/=echo");
    WebsocketVisitor visitor(port(), "/");
    visitor.sendText("apple");
    visitor.send(0x82, QByteArray("\0\1", 2));
    visitor.send(0x89, "beat");
    QTRY_COMPARE(previews().size(), 7);
    QVERIFY(m_program->isActive);
    QTest::keyClick(m_program->window.get(), Qt::Key_F, Qt::ControlModifier);
    auto *filter = part<QLineEdit>("messageFilter");
    QTRY_VERIFY(filter->hasFocus());
    QTest::keyClicks(filter, "APP");
    QTRY_COMPARE(previews(), QStringList({"apple", "apple"}));
    QCOMPARE(part<QLabel>("messageCount")->text(), QStringLiteral("2 of 7"));
    choose("messageWay", "Sent");
    QTRY_COMPARE(previews(), QStringList({"apple"}));
    filter->clear();
    choose("messageKind", "Binary");
    QTRY_COMPARE(previews(), QStringList({"00 01"}));
    filter->setText("nothing like this");
    QTRY_VERIFY(part<QLabel>("messagesEmpty")->isVisible());
}

void WebSocketPageTest::showsAMessageAsJsonTextAndBytes() {
    takeWebSockets();
    WebsocketVisitor visitor(port(), "/");
    visitor.sendText("{\"a\":[1,2]}");
    visitor.send(0x82, QByteArray("\0\1\2", 3));
    QTRY_COMPARE(previews().size(), 3);
    auto *view = part<QTableView>("messages");
    auto *body = part<QPlainTextEdit>("messageBody");
    QVERIFY(!body->isVisible());
    view->setCurrentIndex(view->model()->index(1, 0));
    QTRY_VERIFY(body->isVisible());
    QCOMPARE(body->toPlainText(), QStringLiteral("{\n  \"a\": [\n    1,\n    2\n  ]\n}"));
    part<QRadioButton>("lookText")->click();
    QCOMPARE(body->toPlainText(), QStringLiteral("{\"a\":[1,2]}"));
    part<QRadioButton>("lookHex")->click();
    QVERIFY(body->toPlainText().startsWith("00000000  7b 22 61"));
    part<QRadioButton>("lookPretty")->click();
    // Bytes are shown as such whatever was chosen for texts.
    view->setCurrentIndex(view->model()->index(2, 0));
    QVERIFY(body->toPlainText().startsWith("00000000  00 01 02"));
    auto *copy = part<QAbstractButton>("copyMessage");
    QTRY_VERIFY(copy->height() > 0);  // laid out since the details were opened
    QTest::mouseClick(copy, Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), body->toPlainText());
    QTest::mouseClick(part<QWidget>("closeDetails"), Qt::LeftButton);
    QTRY_VERIFY(!body->isVisible());
}

void WebSocketPageTest::sendsBytesPingsAndCloses() {
    takeWebSockets();
    WebsocketVisitor visitor(port(), "/");
    QTRY_VERIFY(part<QWidget>("composeSend")->isEnabled());
    choose("composeKind", "Binary");
    type("00 ff 10");
    QCOMPARE(visitor.next(), qMakePair(0x82, QByteArray("\0\xff\x10", 3)));
    choose("composeKind", "Ping");
    type("beat");
    QCOMPARE(visitor.next(), qMakePair(0x89, QByteArray("beat")));
    choose("composeKind", "Close");
    auto *code = part<QComboBox>("composeCode");
    QVERIFY(code->isVisible());
    code->setCurrentIndex(code->findData(4000));
    type("enough");
    QCOMPARE(visitor.next(), qMakePair(0x88, QByteArray("\x0f\xa0"
                                                        "enough")));
    QTRY_VERIFY(previews().contains("4000 A code of the application: “enough”"));
}

void WebSocketPageTest::saysWhatCannotBeSent() {
    takeWebSockets();
    WebsocketVisitor visitor(port(), "/");
    QTRY_VERIFY(part<QWidget>("composeSend")->isEnabled());
    const auto *note = part<QLabel>("composeNote");
    choose("composeKind", "Binary");
    type("hello");
    QVERIFY(note->text().contains("48 65 6c"));
    QCOMPARE(part<QPlainTextEdit>("composeText")->toPlainText(), QStringLiteral("hello"));
    choose("composeKind", "Ping");
    type(QString(200, u'x'));
    QVERIFY(note->text().contains("200"));
    visitor.abort();
    QTRY_VERIFY(!part<QWidget>("composeSend")->isEnabled());
}

void WebSocketPageTest::sendsAReplyThatIsKeptReady() {
    takeWebSockets();
    app::ServerProfile changed = client().profile();
    changed.webSocket.canned = {{"Fish & chips", "order 7"}};
    client().setProfile(changed);
    WebsocketVisitor visitor(port(), "/");
    QTRY_VERIFY(part<QWidget>("composeSend")->isEnabled());
    QMenu *menu = part<ActionButton>("composeReplies")->menu();
    emit menu->aboutToShow();
    QCOMPARE(menu->actions().first()->text(), QStringLiteral("Fish && chips"));
    menu->actions().first()->trigger();
    QCOMPARE(visitor.next().second, QByteArray("order 7"));
}

void WebSocketPageTest::answersByARuleThatIsTypedIn() {
    takeWebSockets();
    QTRY_VERIFY(part<QWidget>("webSocketSetupButton")->isVisible());
    QTest::mouseClick(part<QWidget>("webSocketSetupButton"), Qt::LeftButton);
    QTRY_VERIFY(part<QDialog>("webSocketSetup"));
    auto *answers = part<QTableView>("answers");
    QTest::mouseClick(part<QWidget>("answersAdd"), Qt::LeftButton);
    QVERIFY(answers->model()->setData(answers->model()->index(0, 0), "time"));
    QVERIFY(answers->model()->setData(answers->model()->index(0, 1), "noon"));
    part<QWidget>("setupDone")->setFocus();
    QTest::mouseClick(part<QWidget>("setupDone"), Qt::LeftButton);
    QTRY_VERIFY(!part<QDialog>("webSocketSetup"));
    QCOMPARE(client().profile().webSocket.rules, QVector<app::ReplyRule>({{"time", "noon", true}}));
    WebsocketVisitor visitor(port(), "/");
    visitor.sendText("what time is it");
    QCOMPARE(visitor.next().second, QByteArray("noon"));
}

void WebSocketPageTest::refusesAPlaceThatIsNone() {
    QTest::mouseClick(part<QWidget>("choosePlaces"), Qt::LeftButton);
    QTRY_VERIFY(part<QDialog>("webSocketSetup"));
    auto *places = part<QTableView>("places");
    QTest::mouseClick(part<QWidget>("placesAdd"), Qt::LeftButton);
    QCOMPARE(client().profile().options.at("websocket_endpoints"), QStringLiteral("/=manual"));
    QVERIFY(places->model()->setData(places->model()->index(0, 0), "chat"));
    QVERIFY(part<QLabel>("setupTrouble")->isVisible());
    QVERIFY(part<QLabel>("setupTrouble")->text().contains("slash"));
    QVERIFY(places->model()->setData(places->model()->index(0, 0), "/chat"));
    QVERIFY(places->model()->setData(places->model()->index(0, 1), "broadcast"));
    QVERIFY(!part<QLabel>("setupTrouble")->isVisible());
    QCOMPARE(client().profile().options.at("websocket_endpoints"), QStringLiteral("/chat=broadcast"));
    places->setCurrentIndex(places->model()->index(0, 0));
    QTest::mouseClick(part<QWidget>("placesRemove"), Qt::LeftButton);
    QVERIFY(!client().profile().options.contains("websocket_endpoints"));
}

void WebSocketPageTest::keepsNoMoreThanAPersonAllows() {
    takeWebSockets();
    WebSocketSession &session = WebSocketSession::of(client());
    QCOMPARE(session.log().limit(), std::size_t{64} << 20);
    QTest::mouseClick(part<QWidget>("webSocketSetupButton"), Qt::LeftButton);
    QTRY_VERIFY(part<QSpinBox>("messageMemory"));
    part<QSpinBox>("messageMemory")->setValue(8);
    QCOMPARE(session.log().limit(), std::size_t{8} << 20);
    app::MessageRecord large;
    large.payload = std::string(1 << 20, 'x');
    large.payloadBytes = large.payload.size();
    for (int i = 0; i < 20; ++i) session.log().append({large});
    QVERIFY(session.log().bytes() <= std::size_t{8} << 20);
    QTRY_COMPARE(part<QTableView>("messages")->model()->rowCount(), session.log().size());
    QTRY_VERIFY(part<QLabel>("messageCount")->toolTip().contains("no longer kept"));
}

void WebSocketPageTest::recordsSavesLoadsAndSendsAgain() {
    takeWebSockets();
    WebSocketSession &session = WebSocketSession::of(client());
    session.recorder().start(m_place->filePath("r.jsonl"));
    WebsocketVisitor visitor(port(), "/");
    visitor.sendText("question");
    QTRY_VERIFY(previews().contains("question"));
    QTRY_VERIFY(part<QWidget>("composeSend")->isEnabled());
    type("answer");
    QCOMPARE(visitor.next().second, QByteArray("answer"));
    QTRY_COMPARE(session.recorder().count(), 3);
    auto *page = part<WebSocketPage>("webSocketPage");
    const auto *notice = page->findChild<QLabel *>("noticeSentence");
    QVERIFY2(notice->isVisible() && notice->text() == "Recording to r.jsonl", qPrintable(notice->text()));
    session.recorder().stop();
    QVERIFY(!notice->isVisible());
    QTRY_VERIFY(QFile(m_place->filePath("r.jsonl")).size() > 100);
    page->saveTo(m_place->filePath("s.jsonl"));
    QTRY_VERIFY(QFile::exists(m_place->filePath("s.jsonl")));
    page->loadFrom(m_place->filePath("r.jsonl"));
    QTRY_COMPARE(previews(), QStringList({"/", "question", "answer"}));
    // What happens meanwhile is not mixed in, and not lost.
    visitor.sendText("later");
    QTRY_COMPARE(session.log().size(), 4);
    QCOMPARE(previews().size(), 3);
    QAction *sent = m_program->window->findChild<QAction *>("replaySent");
    sent->trigger();
    QCOMPARE(visitor.next().second, QByteArray("answer"));
    QTRY_VERIFY(!session.replay().isRunning());
    QList<QWidget *> actions = page->findChildren<QWidget *>("noticeAction");
    QCOMPARE(actions.size(), 1);
    QTest::mouseClick(actions.first(), Qt::LeftButton);
    QTRY_VERIFY(previews().contains("later"));
}

void WebSocketPageTest::keepsMessagesWhileAnotherFolderIsShown() {
    takeWebSockets();
    WebsocketVisitor visitor(port(), "/");
    QDir(m_place->path()).mkpath("other");
    m_program->window->serveFolders({m_place->filePath("other")});
    QTRY_COMPARE(m_program->servers.rowCount(), 2);
    visitor.sendText("meanwhile");
    QTRY_COMPARE(WebSocketSession::of(client()).log().size(), 2);
    QTRY_COMPARE(previews(), QStringList());
    part<QListView>("servers")->setCurrentIndex(m_program->servers.index(0));
    QTRY_COMPARE(previews(), QStringList({"/", "meanwhile"}));
}

void WebSocketPageTest::isUsableInTheSmallestWindow() {
    takeWebSockets();
    m_program->window->resize(720, 480);
    WebsocketVisitor visitor(port(), "/");
    visitor.sendText("{\"a\":1}");
    QTRY_COMPARE(previews().size(), 2);
    QTRY_VERIFY(part<QComboBox>("webSocketChooser")->isVisible() != part<QListView>("webSockets")->isVisible());
    auto *view = part<QTableView>("messages");
    view->setCurrentIndex(view->model()->index(1, 0));
    QTRY_VERIFY(part<QPlainTextEdit>("messageBody")->isVisible());
    const auto *page = part<QWidget>("webSocketPage");
    for (const char *name :
         {"messageFilter", "messageWay", "messageKind", "webSocketSetupButton", "composeText", "composeSend", "messageBody"}) {
        const auto *widget = part<QWidget>(name);
        const QRect area(widget->mapTo(page, QPoint()), widget->size());
        QVERIFY2(page->rect().contains(area), name);
        QVERIFY2(widget->width() >= widget->minimumSizeHint().width(), name);
    }
    auto *chooser = part<QComboBox>("webSocketChooser");
    if (chooser->isVisible()) QTRY_COMPARE(chooser->count(), 2);
}

void WebSocketPageTest::survivesTheRemovalOfItsFolder() {
    takeWebSockets();
    WebsocketVisitor visitor(port(), "/");
    visitor.sendText("hello");
    QTRY_COMPARE(previews().size(), 2);
    m_program->servers.remove(0);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QTRY_COMPARE(part<QTableView>("messages")->model()->rowCount(), 0);
}

QTEST_MAIN(WebSocketPageTest)
#include "tst_websocket_page.moc"
