#include "app/study/form.h"

#include "sim/base/error.h"
#include "sim/files/preset.h"
#include "sim/study/pool.h"
#include "widgets/look/theme.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QStyle>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

enum Unit { Epochs, Samples, Steps, Milliseconds };

QString axisLine(const StudyAxis& axis)
{
    QStringList keys, values;
    for (const std::string& key : axis.keys)
        keys << QString::fromStdString(key);
    for (const auto& row : axis.values) {
        QStringList parts;
        for (const std::string& value : row)
            parts << QString::fromStdString(value);
        values << parts.join(u':');
    }
    return keys.join(u", "_s) + u" = "_s + values.join(u", "_s);
}

/// Without the spaces that make it readable; those inside quotes stay.
std::string withoutSpaces(const QString& line)
{
    std::string text;
    bool quoted = false;
    for (const char c : line.toStdString()) {
        quoted = quoted != (c == '"');
        if (quoted || (c != ' ' && c != '\t'))
            text += c;
    }
    return text;
}

QSpinBox* spinBox(const QString& name, int low, int high)
{
    auto* box = new QSpinBox;
    box->setAccessibleName(name);
    box->setRange(low, high);
    box->setFixedWidth(96);
    return box;
}

QLabel* heading(const QString& text, QWidget* buddy)
{
    auto* label = new QLabel(text);
    label->setFont(uiFont(12, QFont::DemiBold));
    label->setBuddy(buddy);
    return label;
}

} // namespace

StudyForm::StudyForm(std::function<Experiment()> shown, QWidget* parent)
    : QWidget(parent)
    , m_shown(std::move(shown))
    , m_study(new QComboBox)
    , m_summary(new QLabel)
    , m_vary(new QPlainTextEdit)
    , m_seeds(spinBox(tr("Seeds"), 1, 10'000))
    , m_length(spinBox(tr("Length of a run"), 1, 1'000'000'000))
    , m_jobs(spinBox(tr("Threads"), 1, 256))
    , m_unit(new QComboBox)
    , m_remark(new QLabel)
{
    m_study->setObjectName(u"study"_s);
    m_study->setAccessibleName(tr("Study"));
    m_study->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const StudySpec& study : embeddedStudies())
        m_study->addItem(QString::fromStdString(study.title), QString::fromStdString(study.name));
    m_study->addItem(tr("My own, of the preset shown"), QString());
    m_summary->setWordWrap(true);
    m_summary->setForegroundRole(QPalette::PlaceholderText);
    m_vary->setObjectName(u"vary"_s);
    m_vary->setAccessibleName(tr("Varied keys and their values"));
    m_vary->setTabChangesFocus(true);
    m_vary->setProperty("framed", true);
    m_vary->setMinimumHeight(72);
    m_vary->setMaximumHeight(180);
    m_vary->setToolTip(tr("One line for each key: KEY = A, B, C. Every combination is run.\n"
                          "KEY1, KEY2 = A1:A2, B1:B2 changes keys together.\n"
                          "Keys are those of the parameters and any path of the preset, such as "
                          "network.layers = [9,30,3], [9,30,10,3]."));
    m_seeds->setObjectName(u"seeds"_s);
    m_length->setObjectName(u"length"_s);
    m_jobs->setObjectName(u"jobs"_s);
    m_jobs->setValue(StudyPool::defaultJobs());
    m_jobs->setToolTip(tr("They run with low priority; their number changes no result."));
    m_unit->setAccessibleName(tr("Unit of the length"));
    m_unit->addItems({tr("epochs"), tr("samples"), tr("steps"), tr("ms")});
    m_remark->setObjectName(u"remark"_s);
    m_remark->setWordWrap(true);

    auto* length = new QHBoxLayout;
    length->addWidget(m_length);
    length->addWidget(m_unit, 1);
    auto* numbers = new QFormLayout;
    numbers->setLabelAlignment(Qt::AlignLeft);
    numbers->addRow(tr("Seeds"), m_seeds);
    numbers->addRow(tr("Length"), length);
    numbers->addRow(tr("Threads"), m_jobs);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(8);
    column->addWidget(heading(tr("Study"), m_study));
    column->addWidget(m_study);
    column->addWidget(m_summary);
    column->addWidget(heading(tr("Varied"), m_vary));
    column->addWidget(m_vary, 4);
    column->addLayout(numbers);
    column->addStretch(1);
    column->addWidget(m_remark);

    auto* pause = new QTimer(this);
    pause->setSingleShot(true);
    pause->setInterval(300);
    connect(pause, &QTimer::timeout, this, &StudyForm::edited);
    const auto begin = [pause] { pause->start(); };
    connect(m_study, &QComboBox::currentIndexChanged, this, [this] { studyChosen(); });
    connect(m_vary, &QPlainTextEdit::textChanged, pause, begin);
    connect(m_seeds, &QSpinBox::valueChanged, pause, begin);
    connect(m_length, &QSpinBox::valueChanged, pause, begin);
    connect(m_unit, &QComboBox::currentIndexChanged, pause, begin);
    studyChosen();
}

void StudyForm::choose(const QString& name)
{
    m_study->setCurrentIndex(std::max(0, m_study->findData(name)));
}

void StudyForm::studyChosen()
{
    const std::string name = m_study->currentData().toString().toStdString();
    if (!name.empty()) {
        fill(loadStudy(name));
        return;
    }
    const Experiment shown = m_shown();
    StudySpec own;
    own.title = shown.title;
    own.summary = tr("Every combination of the values below, starting from the preset in the main "
                     "window with the parameters it has now.")
                      .toStdString();
    own.preset = shown.name;
    own.presetText = writePreset(shown);
    own.vary = {parseAxis("circuit.latent_equilibrium=true,false")};
    own.seeds = 3;
    own.length.timeMs = 10'000;
    fill(own);
}

void StudyForm::fill(const StudySpec& spec)
{
    m_chosen = spec;
    Q_EMIT chosen();
    m_summary->setText(QString::fromStdString(spec.summary));
    QStringList lines;
    for (const StudyAxis& axis : spec.vary)
        lines << axisLine(axis);
    m_vary->setPlainText(lines.join(u'\n'));
    m_seeds->setValue(static_cast<int>(std::min<std::uint64_t>(
        spec.seedList.empty() ? spec.seeds : spec.seedList.size(), 10'000)));
    const auto length = [this](Unit unit, double amount) {
        m_unit->setCurrentIndex(unit);
        m_length->setValue(static_cast<int>(std::min(amount, 1e9)));
    };
    const RunLength& given = spec.length;
    if (given.epochs)
        length(Epochs, static_cast<double>(*given.epochs));
    else if (given.samples)
        length(Samples, static_cast<double>(*given.samples));
    else if (given.steps)
        length(Steps, static_cast<double>(*given.steps));
    else
        length(Milliseconds, given.timeMs.value_or(40'000));
}

StudySpec StudyForm::spec() const
{
    StudySpec spec = m_chosen;
    spec.vary.clear();
    for (const QString& line : m_vary->toPlainText().split(u'\n')) {
        if (!line.trimmed().isEmpty())
            spec.vary.push_back(parseAxis(withoutSpaces(line)));
    }
    spec.seeds = static_cast<std::uint64_t>(m_seeds->value());
    if (spec.seeds != spec.seedList.size())
        spec.seedList.clear(); // another number than the study's own list has
    const auto amount = static_cast<std::uint64_t>(m_length->value());
    spec.length = {};
    switch (m_unit->currentIndex()) {
    case Epochs:
        spec.length.epochs = amount;
        break;
    case Samples:
        spec.length.samples = amount;
        break;
    case Steps:
        spec.length.steps = amount;
        break;
    default:
        spec.length.timeMs = m_length->value();
    }
    return spec;
}

int StudyForm::jobs() const
{
    return m_jobs->value();
}

void StudyForm::setEditable(bool on)
{
    const QString reason = on ? QString() : tr("Stop the study to change it.");
    for (QWidget* field :
        std::initializer_list<QWidget*>{m_study, m_vary, m_seeds, m_length, m_unit, m_jobs}) {
        field->setEnabled(on);
        field->setStatusTip(reason);
    }
}

void StudyForm::showRemark(const QString& text, bool problem)
{
    m_remark->setProperty("note", problem ? u"error"_s : u"remark"_s);
    m_remark->style()->polish(m_remark);
    m_remark->setText(text);
}

} // namespace apical
