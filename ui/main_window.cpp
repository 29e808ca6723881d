#include "ui/main_window.h"

#include "app/desktop.h"
#include "app/shown_name.h"
#include "ui/close_behaviour.h"
#include "ui/connections_table.h"
#include "ui/folder_dialog.h"
#include "ui/help.h"
#include "ui/models/folder_drop.h"
#include "ui/models/overview.h"
#include "ui/models/server_list_model.h"
#include "ui/models/serving.h"
#include "ui/models/session.h"
#include "ui/server_list.h"
#include "ui/server_page.h"
#include "ui/server_tab.h"
#include "ui/theme.h"
#include "ui/welcome_page.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/drop_overlay.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/page_scroll.h"

#include <QApplication>
#include <QCloseEvent>
#include <QComboBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QScreen>
#include <QStackedWidget>
#include <QStatusBar>
#include <QStyle>

#include <algorithm>

namespace meerkat::ui {
namespace {

constexpr QSize kFirstSize(960, 640);
constexpr QSize kSmallestSize(720, 480);
constexpr int kFoldBelow = 640;
constexpr int kWelcomePage = 0;
constexpr int kServerPage = 1;

// On a screen that is smaller the screen is the limit, less the title bar that the desktop puts above the window.
QSize onScreen(const QWidget &window, const QSize &size) {
    if (!window.screen()) return size;
    const int titleBar = window.style()->pixelMetric(QStyle::PM_TitleBarHeight);
    return size.boundedTo(window.screen()->availableSize() - QSize(0, titleBar));
}

}  // namespace

MainWindow::MainWindow(Session &session, ServerListModel &servers, CloseBehaviour &closing, const app::Desktop &desktop)
    : m_session(session), m_servers(servers), m_closing(closing), m_desktop(desktop), m_list(new ServerList(servers, this)),
      m_chooserRow(new QWidget(this)), m_chooser(new QComboBox(m_chooserRow)), m_pages(new QStackedWidget(this)),
      m_welcome(new WelcomePage(this)), m_page(new ServerPage(this)), m_notice(new NoticeBar(NoticeBar::Kind::News, this)),
      m_overlay(new DropOverlay(m_pages)), m_status(new QLabel(this)) {
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QStringLiteral("Meerkat"));
    setWindowIcon(pictureIcon(QStringLiteral("meerkat")));
    setAcceptDrops(true);
    setMinimumSize(onScreen(*this, kSmallestSize));
    resize(onScreen(*this, kFirstSize));
    build();
    buildActions();
    connectParts();
    m_welcome->setRecentFolders(m_session.state().recentFolders);
    followList();
}

// A port that is typed and not confirmed is taken when its field loses the focus: now, while whoever hears of it is whole.
MainWindow::~MainWindow() {
    hide();
    m_servers.disconnect(this);
    m_session.disconnect(this);
    m_page->setClient(nullptr);
}

void MainWindow::build() {
    m_chooser->setObjectName(QStringLiteral("serverChooser"));
    m_chooser->setAccessibleName(tr("Folders"));
    m_chooser->setModel(&m_servers);
    auto *add = new ActionButton(ActionButton::Look::Quiet, QStringLiteral("add"), {}, m_chooserRow);
    add->setObjectName(QStringLiteral("chooserAddFolder"));
    add->setAccessibleName(tr("Add folder"));
    connect(add, &ActionButton::clicked, this, &MainWindow::chooseFolder);
    auto *chooserLine = new QHBoxLayout(m_chooserRow);
    chooserLine->setContentsMargins(3 * kGrid, kGrid, 3 * kGrid, 0);
    chooserLine->addWidget(m_chooser, 1);
    chooserLine->addWidget(add);

    m_notice->setObjectName(QStringLiteral("noticeBar"));
    m_pages->setObjectName(QStringLiteral("pages"));
    for (QWidget *page : {static_cast<QWidget *>(m_welcome), static_cast<QWidget *>(m_page)})
        m_pages->addWidget(new PageScroll(page, m_pages));
    auto *noticeLine = new QVBoxLayout;
    noticeLine->setContentsMargins(3 * kGrid, 0, 3 * kGrid, kGrid);
    noticeLine->addWidget(m_notice);
    auto *right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_chooserRow);
    right->addWidget(m_pages, 1);
    right->addLayout(noticeLine);  // last: what comes and goes here moves nothing that a pointer is on its way to
    auto *centre = new QWidget(this);
    auto *row = new QHBoxLayout(centre);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_list);
    row->addLayout(right, 1);
    setCentralWidget(centre);

    m_status->setObjectName(QStringLiteral("statusLine"));
    m_status->setContentsMargins(kGrid, 0, kGrid, 0);
    makeMuted(*m_status);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addWidget(m_status);
}

void MainWindow::buildActions() {
    const auto make = [this](const QString &name, const QString &text, const QList<QKeySequence> &keys, auto slot) {
        auto *action = new QAction(text, this);
        action->setObjectName(name);
        action->setShortcuts(keys);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        return action;
    };
    QAction *add = make(QStringLiteral("actionAdd"), tr("&Add folder…"), {QKeySequence::Open}, [this] { chooseFolder(); });
    QAction *find = make(QStringLiteral("actionFind"), tr("&Filter"), {QKeySequence::Find}, [this] {
        // A page without a table has the connections nearest to what is looked for.
        if (m_page->currentTab().focusFilter()) return;
        m_page->showTab(QStringLiteral("connectionsPage"));
        m_page->currentTab().focusFilter();
    });
    QAction *help =
        make(QStringLiteral("actionHelp"), tr("&Help"), {QKeySequence::HelpContents, QKeySequence(Qt::Key_Question)}, [this] {
            const bool isWelcome = m_pages->currentIndex() == kWelcomePage;
            showHelp(*this, isWelcome ? HelpTopic::Welcome : m_page->currentTab().helpTopic());
        });
    QAction *quit =
        make(QStringLiteral("actionQuit"), tr("&Quit"), {QKeySequence(Qt::CTRL | Qt::Key_Q)}, [this] { emit quitWanted(); });
    // The way back from "Remember my choice" of a desktop without a tray.
    m_askAgain = make(QStringLiteral("actionAskAgain"), tr("Ask again when &closing"), {}, [this] {
        m_session.change([](app::StoredState &state) { state.closeWithoutTray = app::CloseAction::Ask; });
        followCloseChoice();
    });
    make(QStringLiteral("actionUndo"), tr("&Undo removing"), {QKeySequence::Undo}, [this] {
        if (!m_session.removedName().isEmpty()) undoRemove();
    });
    followCloseChoice();
    m_list->addMenuActions({add, find, help, m_askAgain, quit});
}

void MainWindow::followCloseChoice() { m_askAgain->setVisible(m_session.state().closeWithoutTray != app::CloseAction::Ask); }

void MainWindow::connectParts() {
    connect(m_welcome, &WelcomePage::chooseWanted, this, &MainWindow::chooseFolder);
    connect(m_welcome, &WelcomePage::folderWanted, this, [this](const QString &folder) { serveFolders({folder}); });
    connect(m_list, &ServerList::addWanted, this, &MainWindow::chooseFolder);
    connect(m_list, &ServerList::removeWanted, this, &MainWindow::removeServer);
    connect(m_list, &ServerList::currentRowChanged, this, &MainWindow::showCurrent);
    connect(m_chooser, &QComboBox::activated, this, &MainWindow::selectRow);
    connect(m_page, &ServerPage::otherFolderWanted, this, &MainWindow::chooseOtherFolder);
    connect(m_page, &ServerPage::refusalTold, this, &MainWindow::sayNotice);
    connect(m_notice, &NoticeBar::actionTaken, this, [this] {
        m_notice->hide();
        if (m_offeredFolder.isEmpty())
            undoRemove();
        else
            serveFolders({m_offeredFolder});
    });
    connect(&m_servers, &ServerListModel::newsCame, this, &MainWindow::updateStatus);
    connect(&m_servers, &QAbstractItemModel::rowsInserted, this, &MainWindow::followList);
    connect(&m_servers, &QAbstractItemModel::rowsRemoved, this, &MainWindow::followList);
    connect(&m_session, &Session::recentFoldersChanged, this,
            [this] { m_welcome->setRecentFolders(m_session.state().recentFolders); });
    connect(&m_session, &Session::savingFailed, this, &MainWindow::sayNotice);
    connect(m_page, &ServerPage::tabChanged, this,
            [this](const QString &name) { m_session.change([&name](app::StoredState &state) { state.selectedPage = name; }); });
    connect(&m_page->connections(), &ConnectionsTable::headerChanged, this, [this] {
        m_session.change([this](app::StoredState &state) { state.tableState = m_page->connections().headerState(); });
    });
}

void MainWindow::serveFolders(const QStringList &folders) {
    for (const QString &folder : folders) {
        const QFileInfo place(folder);
        if (place.isFile())
            offerFolderOf(place.fileName(), place.path());
        else
            selectRow(m_session.serveFolder(folder));
    }
    comeToFront();
}

void MainWindow::comeToFront() {
    if (isMinimized()) setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    // A dialog that waits for its answer is before the window, or the keyboard would reach neither.
    QWidget *dialog = QApplication::activeModalWidget();
    QWidget *front = dialog ? dialog : this;
    raise();
    front->raise();
    front->activateWindow();
    m_desktop.bringToFront(static_cast<quintptr>(front->winId()));
}

void MainWindow::restorePlace() {
    const app::StoredState state = m_session.state();
    if (!state.windowGeometry.isEmpty()) restoreGeometry(state.windowGeometry);
    m_page->connections().restoreHeader(state.tableState);
    m_page->showTab(state.selectedPage);
}

void MainWindow::sayNotice(const QString &sentence) { m_notice->say(sentence); }

void MainWindow::selectRow(int row) {
    if (row >= 0) m_list->setCurrentRow(row);
}

void MainWindow::showCurrent(int row) {
    app::EngineClient *client = m_servers.client(row);
    m_page->setClient(client);
    m_pages->setCurrentIndex(client ? kServerPage : kWelcomePage);
    m_chooser->setCurrentIndex(row);
    updateTitle();
    if (client) m_session.change([client](app::StoredState &state) { state.selectedId = client->profile().id; });
}

// The list may have lost its current row, or got its first.
void MainWindow::followList() {
    const bool isEmpty = m_servers.rowCount() == 0;
    if (!isEmpty && m_list->currentRow() < 0) selectRow(std::max(0, m_servers.rowOfId(m_session.state().selectedId)));
    if (isEmpty) showCurrent(-1);
    foldList();
    updateStatus();
}

void MainWindow::updateStatus() {
    const QString line = statusLine(overviewOf(m_servers));
    statusBar()->setVisible(!line.isEmpty());
    if (line != m_status->text()) m_status->setText(line);
    updateTitle();
}

void MainWindow::updateTitle() {
    const app::EngineClient *client = m_servers.client(m_list->currentRow());
    const bool isTrouble = client && client->state() == app::ServingState::Trouble;
    const QString name = client ? client->profile().name : QStringLiteral("Meerkat");
    const QString title = isTrouble ? tr("%1 is in trouble").arg(app::shownName(name)) : name;
    if (title != windowTitle()) setWindowTitle(title);
}

void MainWindow::updateWatching() {
    const bool isSeen = isVisible() && !isMinimized();
    m_servers.setWatched(isSeen);
    emit hiddenChanged(!isSeen);
}

void MainWindow::rememberPlace() {
    if (isVisible() && !isMinimized())
        m_session.change([this](app::StoredState &state) { state.windowGeometry = saveGeometry(); });
}

// With nothing to choose from there is no list; in a narrow window it folds into a chooser.
void MainWindow::foldList() {
    const bool hasServers = m_servers.rowCount() > 0;
    const bool isNarrow = width() < kFoldBelow;
    m_list->setVisible(hasServers && !isNarrow);
    m_chooserRow->setVisible(hasServers && isNarrow);
}

void MainWindow::chooseFolder() {
    askForFolder(*this, tr("Choose a folder to serve"), [this](const QString &folder) { serveFolders({folder}); });
}

void MainWindow::chooseOtherFolder() {
    const QString id = m_servers.data(m_servers.index(m_list->currentRow()), ServerListModel::IdRole).toString();
    askForFolder(*this, tr("Choose another folder"), [this, id](const QString &folder) {
        app::EngineClient *client = m_servers.client(m_servers.rowOfId(id));
        if (!client) return;
        setFolder(*client, folder);
        setServing(*client, true);
    });
}

void MainWindow::removeServer(int row) {
    if (row < 0) return;
    m_session.removeServer(row);
    offerUndo();
}

void MainWindow::offerUndo() {
    m_offeredFolder.clear();
    const QString name = app::shownName(m_session.removedName());
    m_notice->sayForAWhile(tr("%1 is no longer in the list. Its files are untouched.").arg(name), tr("&Undo"));
}

void MainWindow::undoRemove() {
    selectRow(m_session.undoRemove());
    if (m_session.removedName().isEmpty())
        m_notice->hide();
    else
        offerUndo();
}

void MainWindow::offerFolderOf(const QString &fileName, const QString &folder) {
    m_offeredFolder = folder;
    m_notice->say(
        tr("%1 is a file; Meerkat serves folders. Its folder shows everything beside it too.").arg(app::shownName(fileName)),
        tr("&Serve %1").arg(app::shownName(QDir(folder).dirName())));
}

void MainWindow::showDropHint(bool isShown) {
    const bool isWelcome = m_pages->currentIndex() == kWelcomePage;
    m_welcome->setHighlighted(isShown && isWelcome);
    m_overlay->setVisible(isShown && !isWelcome);
    m_overlay->raise();
}

void MainWindow::closeEvent(QCloseEvent *event) {
    rememberPlace();
    if (qGuiApp->isSavingSession()) return event->accept();  // the person logs out: not the moment to ask or to stay
    event->ignore();
    const CloseDecision decision = m_closing.decide(*this);
    followCloseChoice();
    switch (decision) {
    case CloseDecision::Hide:
        hide();
        m_closing.sayThatItServesOn(*this);
        break;
    case CloseDecision::Minimise:
        showMinimized();
        break;
    case CloseDecision::Quit:
        emit quitWanted();
        break;
    case CloseDecision::Stay:
        break;
    }
}

void MainWindow::showEvent(QShowEvent *event) {
    QMainWindow::showEvent(event);
    updateWatching();
}

void MainWindow::hideEvent(QHideEvent *event) {
    QMainWindow::hideEvent(event);
    updateWatching();
}

void MainWindow::changeEvent(QEvent *event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange) updateWatching();
}

void MainWindow::resizeEvent(QResizeEvent *event) {
    QMainWindow::resizeEvent(event);
    foldList();
    rememberPlace();
}

void MainWindow::moveEvent(QMoveEvent *event) {
    QMainWindow::moveEvent(event);
    rememberPlace();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event) {
    if (!event->mimeData()->hasUrls()) return;
    event->acceptProposedAction();
    showDropHint(true);
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent *) { showDropHint(false); }

void MainWindow::dropEvent(QDropEvent *event) {
    showDropHint(false);
    event->acceptProposedAction();
    const FolderDrop drop = readDrop(event->mimeData()->urls());
    if (!drop.folders.isEmpty())
        serveFolders(drop.folders);
    else if (!drop.fileName.isEmpty())
        offerFolderOf(drop.fileName, drop.folderOfFile);
}

}  // namespace meerkat::ui
