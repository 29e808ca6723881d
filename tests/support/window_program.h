// The window with all its parts, as the program builds them, for tests that drive it.
#pragma once

#include "app/desktop.h"
#include "app/profile_store.h"
#include "ui/close_behaviour.h"
#include "ui/main_window.h"
#include "ui/models/server_list_model.h"
#include "ui/models/session.h"
#include "ui/tray_icon.h"

#include <QTest>

#include <memory>

namespace meerkat::ui {

// All parts of the program but its command line.
struct Program {
    explicit Program(const QString &config)
        : store(config), session(store, servers), tray(servers, false), closing(session, tray) {
        session.restore();
        window = std::make_unique<MainWindow>(session, servers, closing, app::systemDesktop());
        QObject::connect(window.get(), &MainWindow::hiddenChanged, &tray, &TrayIcon::setWindowHidden);
        window->restorePlace();
        window->show();
        isActive = QTest::qWaitForWindowActive(window.get());
    }
    template <typename Type>
    Type *part(const char *name) const {
        return window->findChild<Type *>(QString::fromLatin1(name));
    }

    app::ProfileStore store;
    ServerListModel servers;
    Session session;
    TrayIcon tray;
    CloseBehaviour closing;
    std::unique_ptr<MainWindow> window;
    bool isActive = false;  // has the keyboard: shortcuts work
};

}  // namespace meerkat::ui
