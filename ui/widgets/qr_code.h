// Station: an address -> a picture that a phone reads. A button: pressing it asks for a larger one.
#pragma once

#include <QAbstractButton>
#include <QVector>

namespace meerkat::ui {

// Square, row by row; true is dark.
struct QrModules {
    int side = 0;  // 0: the text does not fit
    QVector<bool> dark;
};
QrModules qrModules(const QString &text);

class QrCode : public QAbstractButton {
    Q_OBJECT
  public:
    explicit QrCode(QWidget *parent = nullptr);

    void setContent(const QString &text);
    const QString &content() const { return m_text; }
    // Device-independent pixels a module; whole ones, so that edges stay sharp.
    void setModuleSize(int pixels);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

  protected:
    void paintEvent(QPaintEvent *event) override;

  private:
    QString m_text;
    QrModules m_modules;
    int m_moduleSize = 4;
};

}  // namespace meerkat::ui
