// Station: who can open the folder and under which address. Shows one engine_client; a person's choice goes to it through serving.
#pragma once

#include "ui/models/share_addresses.h"
#include "ui/widgets/card.h"

#include <QPointer>
#include <QTimer>

#include <optional>

class QLabel;
class QVBoxLayout;

namespace meerkat::ui {

class ActionButton;
class AddressRow;
class PortField;
class QrCode;
class SegmentedChoice;

class SharePanel : public Card {
    Q_OBJECT
  public:
    explicit SharePanel(QWidget *parent = nullptr);

    void setClient(app::EngineClient *client);  // null: nothing to show
    QSize minimumSizeHint() const override;

  signals:
    void noBrowserFound(const QString &url);

  protected:
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

  private:
    void build();
    void orderByReading();
    void followState();
    void refresh();
    void showAddresses(const QVector<ShareAddress> &addresses);
    void showOthers(const QVector<ShareAddress> &addresses);
    void showRefusal();
    enum class Room { Ample, Scarce, Least };
    void fit();
    void arrangeFor(Room room);
    void measureLeast();
    int neededWidth() const;
    void enlargeQrCode();

    QPointer<app::EngineClient> m_client;
    SegmentedChoice *m_reach;
    AddressRow *m_first;
    QVector<AddressRow *> m_others;
    ActionButton *m_more;
    QVBoxLayout *m_otherRows;
    QLabel *m_noAddress;
    PortField *m_port;
    QrCode *m_qrCode;
    ActionButton *m_showQrCode;  // stands for the code where there is no room for it
    bool m_hasAddress = false;
    bool m_hasCode = false;                   // others can open the first address
    std::optional<app::Reach> m_wantedReach;  // chosen, not yet in force
    int m_leastWidth = 0;
    bool m_isArranging = false;
    QTimer m_networkWatch;  // adapters come and go; asked only while the addresses are seen
};

}  // namespace meerkat::ui
