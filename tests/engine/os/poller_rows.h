// Every poller test is run on each backend that this system has.
#pragma once

#include "os/poller.h"

#include <QTest>

#include <memory>

namespace meerkat::os {

inline void addBackendRows() {
    QTest::addColumn<QByteArray>("backend");
#if defined(Q_OS_LINUX)
    for (const char *name : {"epoll", "poll"}) QTest::newRow(name) << QByteArray(name);
#elif defined(Q_OS_WIN)
    QTest::newRow("WSAPoll") << QByteArray("WSAPoll");
#else
    QTest::newRow("kqueue") << QByteArray("kqueue");
#endif
}

// The backend of the row; null if it could not be made or is another.
inline std::unique_ptr<Poller> newPoller() {
    QFETCH(QByteArray, backend);
    qputenv("MEERKAT_POLLER", backend);
    auto poller = Poller::create();
    if (!poller || (*poller)->name() != backend.toStdString()) return nullptr;
    return std::move(*poller);
}

}  // namespace meerkat::os
