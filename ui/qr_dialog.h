// Station: the QR code large enough for a phone at arm's length. From the share panel. Deletes itself when closed.
#pragma once

#include <QDialog>

namespace meerkat::ui {

class QrDialog : public QDialog {
    Q_OBJECT
  public:
    QrDialog(const QString &url, QWidget *parent);
};

}  // namespace meerkat::ui
