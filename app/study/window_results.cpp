// The results: choices, pictures, table, what can be done with a point, export.
#include "app/study/window.h"

#include "app/help/browser.h"
#include "app/session/export.h"
#include "app/study/form.h"
#include "app/study/table_model.h"
#include "sim/base/error.h"
#include "sim/base/version.h"
#include "sim/study/summary.h"
#include "sim/study/table.h"
#include "widgets/study/charts.h"
#include "widgets/study/plot.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace apical {

QWidget* StudyWindow::makeResults()
{
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setAccessibleName(tr("Points of the study"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(22);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_open->setEnabled(false);
    m_open->setToolTip(tr("Select a row first."));
    connect(m_table, &QTableView::activated, this, &StudyWindow::openPoint);
    connect(m_open, &QPushButton::clicked, this, [this] { openPoint(m_table->currentIndex()); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& now) {
            m_open->setEnabled(now.isValid());
            m_open->setToolTip(now.isValid()
                    ? tr("Run this point in the main window (or double-click its row).")
                    : tr("Select a row first."));
        });
    connect(m_export, &QPushButton::clicked, this, &StudyWindow::chooseExport);
    for (QComboBox* box : {m_metric, m_x}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        connect(box, &QComboBox::activated, this, &StudyWindow::showResults);
    }
    m_metric->setAccessibleName(tr("Metric shown"));
    m_x->setAccessibleName(tr("Key on the axis of the final values"));

    auto* choices = new QHBoxLayout;
    choices->setContentsMargins(12, 8, 12, 8);
    choices->setSpacing(8);
    choices->addWidget(new QLabel(tr("Shown")));
    choices->addWidget(m_metric);
    choices->addSpacing(8);
    choices->addWidget(new QLabel(tr("against")));
    choices->addWidget(m_x);
    choices->addStretch(1);
    choices->addWidget(m_open);
    choices->addWidget(m_export);
    auto* upper = new QWidget;
    auto* column = new QVBoxLayout(upper);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addLayout(choices);
    column->addWidget(m_plot, 1);
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(upper);
    m_pages->setObjectName(u"pages"_s);
    m_pages->setDocumentMode(true);
    m_pages->addTab(m_table, tr("Runs"));
    m_pages->addTab(m_lesson, tr("Lesson"));
    splitter->addWidget(m_pages);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    m_plot->setNumbers([this] {
        return m_run ? QString::fromStdString(studyCsv(m_run->study(), m_run->results()))
                     : QString();
    });
    return splitter;
}

/// What is expected comes before what came out: a study with a lesson begins with it.
void StudyWindow::showLesson()
{
    const QString text = QString::fromStdString(m_form->lesson());
    m_lesson->showMarkdown(text, tr("This study has no lesson."));
    m_pages->setTabEnabled(1, !text.isEmpty());
    m_pages->setTabToolTip(1, text.isEmpty() ? tr("This study has no lesson.") : QString());
    m_pages->setCurrentIndex(text.isEmpty() || (m_run && !m_run->results().empty()) ? 0 : 1);
}

void StudyWindow::fillChoices()
{
    const QString metric = m_metric->currentData().toString(), x = m_x->currentData().toString();
    m_metric->clear();
    m_x->clear();
    if (m_run) {
        const auto names = metricNames(m_run->results());
        for (const std::string& name : names)
            m_metric->addItem(metricTitle(name), QString::fromStdString(name));
        for (const std::string& key : xKeys(m_run->study()))
            m_x->addItem(QString::fromStdString(key), QString::fromStdString(key));
        const QString leading = QString::fromStdString(leadingMetric(names));
        const int had = m_metric->findData(metric);
        m_metric->setCurrentIndex(had >= 0 ? had : m_metric->findData(leading));
        m_x->setCurrentIndex(std::max(0, m_x->findData(x)));
    }
    m_metric->setEnabled(m_metric->count() > 1);
    m_x->setEnabled(m_x->count() > 1);
}

void StudyWindow::fitColumns()
{
    constexpr int number = 88; // px: whatever number comes later fits
    m_table->resizeColumnsToContents();
    for (int column = 0; column < m_model->columnCount(); ++column) {
        if (m_model->isNumber(column))
            m_table->setColumnWidth(column, std::max(number, m_table->columnWidth(column)));
    }
}

void StudyWindow::showResults()
{
    m_resultsDue = false;
    QElapsedTimer clock;
    clock.start();
    if (!m_run) {
        m_plot->showCharts({}, {});
        return;
    }
    const bool newMetrics =
        m_metric->count() != static_cast<int>(metricNames(m_run->results()).size());
    if (newMetrics)
        fillChoices();
    const ChartChoice choice{m_metric->currentData().toString().toStdString(),
        m_x->currentData().toString().toStdString()};
    m_plot->showCharts(curveChart(m_run->study(), m_run->results(), choice),
        finalChart(m_run->study(), m_run->results(), choice));
    m_model->refresh();
    if (newMetrics)
        fitColumns();
    m_resultsCostMs = clock.elapsed();
    m_sinceResults.start();
}

void StudyWindow::openPoint(const QModelIndex& at)
{
    if (!m_run || !at.isValid())
        return;
    const Study& study = m_run->study();
    const StudyPoint point = study.point(static_cast<std::size_t>(at.row()));
    Experiment experiment = study.experiment(point);
    std::string values;
    for (std::size_t k = 0; k < point.values.size(); ++k)
        values += study.keys()[k] + " = " + point.values[k] + ", ";
    const std::string which = " (" + values + "seed " + std::to_string(point.seed) + ')';
    experiment.name += which;
    experiment.title += which;
    Q_EMIT pointOpened(experiment);
}

void StudyWindow::chooseExport()
{
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Export the study"), u"study.png"_s, exportFilters(true));
    if (!path.isEmpty())
        exportTo(path);
}

bool StudyWindow::exportTo(const QString& path)
{
    if (!m_run)
        return false;
    const Study& study = m_run->study();
    try {
        const std::string title =
            study.spec().title.empty() ? study.base().name : study.spec().title;
        exportView(*m_plot, path,
            {tr("Study, %1").arg(QString::fromStdString(title)),
                tr("apical %1; %2 of %3 points; study %4")
                    .arg(QString::fromStdString(std::string(programVersion())))
                    .arg(m_run->results().size())
                    .arg(study.size())
                    .arg(QString::fromStdString(study.declaration()))});
    } catch (const InputError& error) {
        m_form->showRemark(QString::fromUtf8(error.what()), true);
        return false;
    }
    m_status->setText(tr("Exported %1").arg(QFileInfo(path).fileName()));
    return true;
}

} // namespace apical
