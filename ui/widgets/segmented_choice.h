// Station: one of a few, side by side, each a radio button that looks like a segment.
#pragma once

#include <QStringList>
#include <QWidget>

#include <vector>

class QRadioButton;

namespace meerkat::ui {

class SegmentedChoice : public QWidget {
    Q_OBJECT
  public:
    explicit SegmentedChoice(QWidget *parent = nullptr);

    // `name` becomes the object name of the segment. `icon` is a name of resources/icons; it may be empty.
    void addChoice(const QString &name, const QString &text, const QString &icon);
    // Words alone, closer together.
    void setCompact(bool compact);
    int current() const;
    // Does not emit chosen().
    void setCurrent(int index);

  signals:
    void chosen(int index);  // a person did it

  private:
    std::vector<QRadioButton *> m_segments;
    bool m_isSetting = false;
};

}  // namespace meerkat::ui
