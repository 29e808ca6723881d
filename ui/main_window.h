// Station: puts the list, the pages and the bars together and passes what one wants to the other. From main_desktop. Decides nothing itself.
#pragma once

#include <QMainWindow>

class QAction;
class QComboBox;
class QLabel;
class QStackedWidget;

namespace meerkat::app {
class Desktop;
}

namespace meerkat::ui {

class CloseBehaviour;
class DropOverlay;
class NoticeBar;
class ServerList;
class ServerListModel;
class ServerPage;
class Session;
class WelcomePage;

class MainWindow : public QMainWindow {
    Q_OBJECT
  public:
    MainWindow(Session &session, ServerListModel &servers, CloseBehaviour &closing, const app::Desktop &desktop);
    ~MainWindow() override;

    // Serves them, selects the last and comes to the front; none: only comes to the front.
    void serveFolders(const QStringList &folders);
    void comeToFront();
    // Where it was, with what was selected.
    void restorePlace();
    void sayNotice(const QString &sentence);

  signals:
    void hiddenChanged(bool hidden);
    void quitWanted();

  protected:
    void closeEvent(QCloseEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void moveEvent(QMoveEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

  private:
    void build();
    void buildActions();
    void followCloseChoice();
    void connectParts();
    void selectRow(int row);
    void showCurrent(int row);
    void followList();
    void updateStatus();
    void updateTitle();
    void updateWatching();
    void rememberPlace();
    void foldList();
    void chooseFolder();
    void chooseOtherFolder();
    void removeServer(int row);
    void offerUndo();
    void undoRemove();
    void showDropHint(bool isShown);
    void offerFolderOf(const QString &fileName, const QString &folder);

    Session &m_session;
    ServerListModel &m_servers;
    CloseBehaviour &m_closing;
    const app::Desktop &m_desktop;
    ServerList *m_list;
    QWidget *m_chooserRow;
    QComboBox *m_chooser;  // stands for the list in a narrow window
    QStackedWidget *m_pages;
    WelcomePage *m_welcome;
    ServerPage *m_page;
    NoticeBar *m_notice;  // behind the pages for the Tab key too
    DropOverlay *m_overlay;
    QLabel *m_status;
    QAction *m_askAgain = nullptr;
    QString m_offeredFolder;  // what the notice's button serves; empty: it undoes a removal
};

}  // namespace meerkat::ui
