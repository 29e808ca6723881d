// A desktop that says what a test wants it to.
#pragma once

#include "app/desktop.h"

class FakeDesktop : public meerkat::app::Desktop {
  public:
    QString programOnPort(quint16) const override { return program; }
    bool prefersSymbolicIcons() const override { return false; }
    QString localHostName() const override { return {}; }
    void bringToFront(quintptr) const override {}

    QString program;
};
