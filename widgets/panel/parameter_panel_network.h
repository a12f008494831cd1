// Layer sizes as text, "8-6-3". A structural edit: it says that it rebuilds the network before it
// does.
#pragma once

#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;

namespace apical {

QString layersText(const std::vector<int>&); ///< "8-6-3"
/// nullopt and a message unless 2 to 32 sizes of 1 to 4096 are given.
std::optional<std::vector<int>> readLayers(const QString& text, QString& problem);

class NetworkEditor : public QWidget {
    Q_OBJECT
public:
    explicit NetworkEditor(QWidget* parent = nullptr);
    void setLayers(const std::vector<int>&); ///< of the run; an edit in progress is kept
    const std::vector<int>& layers() const { return m_layers; }
    void showError(const QString& message);
    void revert();

Q_SIGNALS:
    void rebuildRequested(const std::vector<int>& layers);

protected:
    void keyPressEvent(QKeyEvent*) override;
    bool event(QEvent*) override;
    void paintEvent(QPaintEvent*) override;
    void resizeEvent(QResizeEvent*) override;

private:
    void textEdited();
    void apply();
    void say(const QString& text, bool error, bool confirm);
    void place();
    bool isEdited() const;

    std::vector<int> m_layers{8, 6, 3};
    QLineEdit* m_edit;
    QLabel* m_note;
    QPushButton* m_rebuild;
    QPushButton* m_cancel;
};

} // namespace apical
