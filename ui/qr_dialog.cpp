#include "ui/qr_dialog.h"

#include "ui/theme.h"
#include "ui/widgets/qr_code.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QVBoxLayout>

namespace meerkat::ui {
namespace {

constexpr int kLargeModule = 10;

}  // namespace

QrDialog::QrDialog(const QString &url, QWidget *parent) : QDialog(parent) {
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("qrDialog"));
    setWindowTitle(tr("Scan with a phone"));
    auto *code = new QrCode(this);
    code->setObjectName(QStringLiteral("largeQrCode"));
    code->setModuleSize(kLargeModule);
    code->setContent(url);
    code->setToolTip({});
    auto *address = new QLabel(url, this);
    address->setFont(headingFont(font()));
    address->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *hint = new QLabel(tr("The phone must be in the same network as this computer."), this);
    makeMuted(*hint);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(code, &QrCode::clicked, this, &QDialog::reject);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(3 * kGrid, 3 * kGrid, 3 * kGrid, 2 * kGrid);
    column->setSpacing(kGrid);
    column->addWidget(code, 0, Qt::AlignHCenter);
    column->addSpacing(kGrid);
    column->addWidget(address, 0, Qt::AlignHCenter);
    column->addWidget(hint, 0, Qt::AlignHCenter);
    column->addSpacing(kGrid);
    column->addWidget(buttons);
}

}  // namespace meerkat::ui
