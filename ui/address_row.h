// Station: one address of a served folder: a link, Copy, Open. In the share panel.
#pragma once

#include "ui/models/share_addresses.h"

#include <QWidget>

class QLabel;

namespace meerkat::ui {

class ActionButton;
class CopyButton;
class LinkLabel;

class AddressRow : public QWidget {
    Q_OBJECT
  public:
    enum class Rank { First, Other };
    // `name` begins the object names of its parts. An other address has icons only, and a small one.
    AddressRow(Rank rank, const QString &name, QWidget *parent = nullptr);

    // `namesNetwork`: there are others that it has to be told from.
    void setAddress(const ShareAddress &address, bool namesNetwork = true);
    void setCompact(bool compact);

  signals:
    void noBrowserFound(const QString &url);

  private:
    void showNetwork();
    void open();

    Rank m_rank;
    LinkLabel *m_link;
    QLabel *m_network;
    CopyButton *m_copy;
    ActionButton *m_open;
    QString m_url;
    bool m_namesNetwork = false;
    bool m_isCompact = false;
};

// False: the system knows no browser.
bool openInBrowser(const QString &url);
QString noBrowserText(const QString &url);

}  // namespace meerkat::ui
