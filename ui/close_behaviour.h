// Station: what closing the window means. With a tray: go on in it, and say so once. Without: as the person chose. From main_window.
#pragma once

class QWidget;

namespace meerkat::ui {

class Session;
class TrayIcon;

enum class CloseDecision { Hide, Minimise, Quit, Stay };

class CloseBehaviour {
  public:
    CloseBehaviour(Session &session, TrayIcon &tray) : m_session(session), m_tray(tray) {}

    // May ask; then it waits for the answer.
    CloseDecision decide(QWidget &window);
    // After the window is hidden.
    void sayThatItServesOn(QWidget &window);

  private:
    CloseDecision ask(QWidget &window);
    void sayThatItStays();

    Session &m_session;
    TrayIcon &m_tray;
    bool m_toldThatItStays = false;
};

}  // namespace meerkat::ui
