// Station: what is wrong with a served folder, in one sentence, and the way out. From engine_client through trouble_notice.
#pragma once

#include "ui/models/trouble_notice.h"
#include "ui/widgets/notice_bar.h"

#include <QPointer>

namespace meerkat::ui {

class TroubleBar : public NoticeBar {
    Q_OBJECT
  public:
    explicit TroubleBar(QWidget *parent = nullptr);

    void setClient(app::EngineClient *client);

  signals:
    void otherFolderWanted();

  private:
    void refresh();
    void takeWayOut();
    void tryAgain();

    QPointer<app::EngineClient> m_client;
    WayOut m_wayOut = WayOut::None;
};

}  // namespace meerkat::ui
