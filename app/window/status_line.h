// The bottom line: simulated time, honest rates, and what happened last.
#pragma once

#include "app/window/image_rate.h"

#include <QElapsedTimer>
#include <QStringList>
#include <QWidget>

namespace apical {

class Session;

class StatusLine : public QWidget {
    Q_OBJECT
public:
    explicit StatusLine(Session&, QWidget* parent = nullptr);
    void say(const QString& message); ///< stays for some seconds
    QString message() const { return m_message; }
    QStringList rates() const { return m_rates; }

protected:
    void paintEvent(QPaintEvent*) override;

private:
    void showRates();
    Session& m_session;
    QStringList m_rates;
    QString m_message, m_savedText;
    QElapsedTimer m_since;
    ImageRate m_imageRate;
};

struct Frame;
/// "epoch 42, validation"; without the block while blocks fly past, "" where there are no epochs.
QString epochText(const Frame&);
/// "940 steps/s", "24 k steps/s", "1.61 M steps/s".
QString stepRateText(double stepsPerSecond);

} // namespace apical
