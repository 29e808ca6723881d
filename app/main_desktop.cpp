// Station: the desktop program. Builds the parts and hands them to each other.
#include "app/desktop.h"
#include "app/profile_store.h"
#include "app/single_instance.h"
#include "ui/close_behaviour.h"
#include "ui/main_window.h"
#include "ui/models/server_list_model.h"
#include "ui/models/session.h"
#include "ui/tray_icon.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>

#include <cstdio>
#include <cstdlib>

namespace {

using namespace meerkat;

// The exit status where nothing is wrong but the display, so that a script can go on without one.
constexpr int kNoDisplay = 3;

struct Request {
    QStringList folders;  // absolute
    QString configFile;
    QString instanceName;
    bool isMinimised = false;
};

QString tr(const char *text) { return QCoreApplication::translate("main", text); }

// Another configuration file is another program: it has its own instance name, so that tests and a person do not meet.
QString instanceNameFor(const QString &configFile) {
    if (configFile == app::ProfileStore::defaultPath()) return app::SingleInstance::defaultName();
    const QByteArray path = QFileInfo(configFile).absoluteFilePath().toUtf8();
    return QStringLiteral("meerkat-") +
           QString::fromLatin1(QCryptographicHash::hash(path, QCryptographicHash::Sha256).toHex().left(16));
}

Request readCommandLine(const QCoreApplication &program) {
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Shows folders in the browser of this computer or of devices near it."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption minimised({QStringLiteral("minimised"), QStringLiteral("minimized")},
                                       tr("Start in the tray, or minimised where there is none."));
    const QCommandLineOption config(QStringLiteral("config"),
                                    tr("Keep the profiles in FILE; a program of its own beside the usual one."),
                                    QStringLiteral("FILE"), app::ProfileStore::defaultPath());
    parser.addOptions({minimised, config});
    parser.addPositionalArgument(QStringLiteral("FOLDER"), tr("Folders to serve."), QStringLiteral("[FOLDER…]"));
    parser.process(program);

    Request request;
    for (const QString &folder : parser.positionalArguments())
        request.folders << QDir::cleanPath(QDir::current().absoluteFilePath(folder));
    request.configFile = parser.value(config);
    request.instanceName = instanceNameFor(request.configFile);
    request.isMinimised = parser.isSet(minimised);
    return request;
}

void sayWhoWeAre() {
    QCoreApplication::setApplicationName(QStringLiteral("meerkat"));
    QCoreApplication::setApplicationVersion(QStringLiteral(MEERKAT_VERSION));
}

// --help and --version need no screen.
int runWithoutDisplay(int argc, char **argv) {
    const QCoreApplication program(argc, argv);
    sayWhoWeAre();
    readCommandLine(program);
    std::fprintf(stderr, "%s\n",
                 qUtf8Printable(tr("There is no display to open a window on. In a terminal, meerkatd serves a folder.")));
    return kNoDisplay;
}

// Where the display that is named can't be used, Qt says why as a warning, and then ends the process by a signal.
void endWithoutDisplay(QtMsgType type, const QMessageLogContext &context, const QString &text) {
    if (type != QtFatalMsg) {
        std::fprintf(stderr, "%s\n", qUtf8Printable(qFormatLogMessage(type, context, text)));
        return;
    }
    std::fprintf(
        stderr, "%s\n",
        qUtf8Printable(tr("No window can be opened on this display; the reason stands above. In a terminal, meerkatd serves a "
                          "folder.")));
    std::_Exit(kNoDisplay);
}

void connectParts(ui::MainWindow &window, ui::TrayIcon &tray, app::SingleInstance &instance) {
    QObject::connect(&instance, &app::SingleInstance::foldersArrived, &window, &ui::MainWindow::serveFolders);
    QObject::connect(&tray, &ui::TrayIcon::windowWanted, &window, &ui::MainWindow::comeToFront);
    QObject::connect(&window, &ui::MainWindow::hiddenChanged, &tray, &ui::TrayIcon::setWindowHidden);
    // Not quit(): that closes the windows first, and closing means going on in the tray.
    const auto end = [] { QCoreApplication::exit(0); };
    QObject::connect(&window, &ui::MainWindow::quitWanted, qApp, end, Qt::QueuedConnection);
    QObject::connect(&tray, &ui::TrayIcon::quitWanted, qApp, end, Qt::QueuedConnection);
}

void showFirst(ui::MainWindow &window, bool isMinimised) {
    if (!isMinimised)
        window.show();
    else if (!ui::TrayIcon::isAvailable())
        window.showMinimized();
}

}  // namespace

int main(int argc, char **argv) {
    if (!app::systemDesktop().hasDisplay()) return runWithoutDisplay(argc, argv);
    const QtMessageHandler usualHandler = qInstallMessageHandler(endWithoutDisplay);
    QApplication program(argc, argv);
    qInstallMessageHandler(usualHandler);
    sayWhoWeAre();
    QApplication::setApplicationDisplayName(QStringLiteral("Meerkat"));
    QGuiApplication::setDesktopFileName(QStringLiteral("meerkat"));
    QApplication::setQuitOnLastWindowClosed(false);
    const Request request = readCommandLine(program);

    app::SingleInstance instance(request.instanceName);
    if (instance.handOver(request.folders)) return 0;
    // Of two that start at the same moment, the slower one hands over after all.
    if (!instance.listen() && instance.handOver(request.folders)) return 0;

    app::ProfileStore store(request.configFile);
    ui::ServerListModel servers;
    ui::Session session(store, servers);
    ui::TrayIcon tray(servers, app::systemDesktop().prefersSymbolicIcons());
    ui::CloseBehaviour closing(session, tray);
    session.restore();
    ui::MainWindow window(session, servers, closing, app::systemDesktop());
    connectParts(window, tray, instance);
    window.restorePlace();
    tray.show();
    showFirst(window, request.isMinimised);
    if (!session.notice().isEmpty()) window.sayNotice(session.notice());
    if (request.isMinimised)
        for (const QString &folder : request.folders) session.serveFolder(folder);
    else if (!request.folders.isEmpty())
        window.serveFolders(request.folders);
    return QApplication::exec();
}
