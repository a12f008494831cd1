// Answers and confusion: what is drawn is what was answered.
#include "tests/window/learning_scene.h"
#include "tests/window/task_pictures.h"
#include "widgets/look/number_text.h"
#include "widgets/task/answers_painter.h"
#include "widgets/task/answers_view.h"
#include "widgets/task/confusion_view.h"

#include <QTest>

#include <cmath>

using namespace apical;
using namespace apical::test;
using namespace Qt::Literals::StringLiterals;

class AnswerViewsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void answersStandBySampleAndKnowWhichAreRight()
    {
        const LearningScene with;
        const auto groups = answerBlocks(with.scene.frame);
        QCOMPARE(groups.size(), std::size_t{2});
        QCOMPARE(groups[0].block, Block::Validation);
        QCOMPARE(groups[1].block, Block::Train);
        for (int s = 0; s < 8; ++s) {
            const AnswerColumn& column = groups[0].columns[static_cast<std::size_t>(s)];
            QCOMPARE(column.sample, s);
            QCOMPARE(column.scores[0].correct, s < 7 ? 1.0 : 0.0);
            QCOMPARE(column.input.front(), s / 8.0);
        }
        QVERIFY(groupTitles(groups[0], with.scene.frame).front().contains(u"7 of 8 right"_s));
        QVERIFY(groupTitles(groups[0], with.scene.frame).front().contains(u"epoch 199"_s));
    }

    void dotsAndTicksStandAtTheirValues()
    {
        const LearningScene with;
        const QSize size(560, 240);
        const auto view = make(makeAnswersView);
        const QImage image = pictureOf(*view, with.scene, size);
        const AnswerGroup now = answerNow(with.scene.frame);
        const auto blocks = answerBlocks(with.scene.frame);
        const AnswersLayout layout(QRectF(QPointF(), QSizeF(size)), &now, blocks, with.scene.frame);
        QCOMPARE(layout.groups().size(), std::size_t{3}); // now, validation, train
        QCOMPARE(layout.rows(), 3);
        AnswerRange range;
        range.fit(now, blocks);
        const AnswersLayout::Group& validation = layout.groups()[1];
        for (std::size_t c = 0; c < 8; ++c) {
            const AnswerColumn& column = validation.group->columns[c];
            for (int output = 0; output < 3; ++output) {
                const auto o = static_cast<std::size_t>(output);
                const QRectF cell = layout.cell(validation, c, output);
                const QPoint dot(static_cast<int>(cell.center().x()),
                    static_cast<int>(range.y(column.answers[0][o], cell)));
                QVERIFY(
                    contains(image, QRect(dot - QPoint(4, 4), QSize(9, 9)), with.scene.theme->soma)
                    || classOf(column.answers[0]) != output);
                const QPoint tick(static_cast<int>(cell.center().x() - 4),
                    static_cast<int>(range.y(column.target[o], cell)));
                QVERIFY(contains(
                    image, QRect(tick - QPoint(2, 2), QSize(5, 5)), with.scene.theme->target));
            }
            const QRect mark = layout.mark(validation, c, 0).toRect();
            QCOMPARE(contains(image, mark, with.scene.theme->bad), c == 7);
        }
    }

    void theRangeStandsStillWhileAnswersFit()
    {
        AnswerGroup group;
        group.columns.resize(1);
        group.columns[0].answers = {{-2.3, 1.6}};
        AnswerRange range;
        range.fit({}, {group});
        QCOMPARE(range.low, -2.5);
        QCOMPARE(range.high, 1.75);
        group.columns[0].answers = {{-1.3, 1.1}};
        range.fit({}, {group});
        QCOMPARE(range.low, -2.5);
        group.columns[0].answers = {{0.1, 0.9}};
        range.fit({}, {group});
        QCOMPARE(range.low, 0.0);
        QCOMPARE(range.high, 1.0);
        group.columns[0].answers = {{-33.1, 31.9}}; // two digits say enough of such numbers
        range.fit({}, {group});
        QCOMPARE(range.low, -34.0);
        QCOMPARE(range.high, 32.0);
    }

    void rowsOfManyClassesAreNamedAtTheUsualHeight()
    {
        LearningScene with;
        with.scene.frame.sizes.back() = 10;
        TaskFrame& task = with.scene.frame.lanes[0].task;
        task.classes = 10;
        task.classNames.clear();
        for (int i = 0; i < 10; ++i)
            task.classNames.push_back(std::to_string(i));
        task.confusion.counts = Matrix(10, 10);
        const auto view = make(makeConfusionView);
        const QImage image = pictureOf(*view, with.scene, view->sizeHint());
        int names = 0; // rows of pixels with ink, beside the matrix
        bool before = false;
        for (int y = 30; y < image.height(); ++y) {
            const bool ink = contains(image, QRect(17, y, 14, 1), with.scene.theme->ink2);
            names += ink && !before;
            before = ink;
        }
        QVERIFY2(names >= 5, qPrintable(QString::number(names)));
    }

    void tenClassesHaveARowEachInALowView()
    {
        LearningScene one, two(2);
        for (Scene* scene : {&one.scene, &two.scene}) {
            scene->frame.sizes.back() = 10;
            const double height = scene == &one.scene ? 176 : 216; // of small windows
            const AnswerGroup now = answerNow(scene->frame);
            const auto blocks = answerBlocks(scene->frame);
            const AnswersLayout layout(QRectF(0, 0, 380, height), &now, blocks, scene->frame);
            QCOMPARE(layout.rows(), 10);
            QVERIFY(layout.row(0).height() >= 8);
        }
        // Names are as many as do not touch.
        TaskFrame& task = one.scene.frame.lanes[0].task;
        task.classes = 10;
        task.classNames.clear();
        for (int i = 0; i < 10; ++i)
            task.classNames.emplace_back("H");
        const auto view = make(makeAnswersView);
        for (const auto& [height, most, least] : {std::tuple{240, 10, 10}, {146, 5, 5}}) {
            const QImage image = pictureOf(*view, one.scene, {480, height});
            const AnswerGroup now = answerNow(one.scene.frame);
            const auto blocks = answerBlocks(one.scene.frame);
            const AnswersLayout layout(QRectF(image.rect()), &now, blocks, one.scene.frame);
            QCOMPARE(layout.rows(), 10);
            const QRectF rows = layout.row(0).united(layout.row(9));
            int names = 0;
            bool before = false;
            for (int y = static_cast<int>(rows.top()); y < static_cast<int>(rows.bottom()); ++y) {
                const bool ink = contains(image, QRect(7, y, 10, 1), one.scene.theme->ink2);
                names += ink && !before;
                before = ink;
            }
            QVERIFY2(names <= most && names >= least, qPrintable(QString::number(names)));
        }
    }

    void bothLanesAnswerInOneColumn()
    {
        const LearningScene with(2);
        const auto groups = answerBlocks(with.scene.frame);
        QCOMPARE(groups[0].columns[0].answers.size(), std::size_t{2});
        QCOMPARE(groups[0].columns[0].scores[0].correct, 1.0);
        QCOMPARE(groups[0].columns[0].scores[1].correct, 0.0);
        QVERIFY(groupTitles(groups[0], with.scene.frame)
                    .front()
                    .contains(u"A 7 of 8 right, B 6 of 8"_s));
        const auto view = make(makeAnswersView);
        view->refresh(with.scene);
        QCOMPARE(view->csv().count(u'\n'), 1 + 2 * 2 * 8 * 3);
    }

    void theConfusionCountsWhatWasAnsweredForWhat()
    {
        const LearningScene with(2);
        const auto view = make(makeConfusionView);
        const QImage image = pictureOf(*view, with.scene, {720, 180});
        const QStringList lines = view->csv().split(u'\n');
        QCOMPARE(lines.size(), 1 + 2 * 9 + 1);
        QVERIFY(lines.contains(u"1,validation,199,diagonal,diagonal,1"_s));
        QVERIFY(lines.contains(u"1,validation,199,diagonal,horizontal,1"_s));
        QVERIFY(lines.contains(u"2,validation,199,horizontal,vertical,1"_s));
        // Both halves have a matrix.
        QVERIFY(contains(image, QRect(0, 0, 360, 180), with.scene.theme->good));
        QVERIFY(contains(image, QRect(360, 0, 360, 180), with.scene.theme->good));
    }

    void aShareOfARowHasOneHueAndTheDiagonalIsFramed()
    {
        for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()}) {
            const double paper = theme->panel.lightnessF();
            QCOMPARE(theme->shareColor(0), theme->panel);
            double before = 0;
            for (int k = 1; k <= 100; ++k) {
                const QColor fill = theme->shareColor(k / 100.0);
                const double away = std::abs(fill.lightnessF() - paper);
                QVERIFY(away > 0.03 && away > before - 1e-3); // more is never paler
                QVERIFY(fill.blue() > fill.red());
                before = away;
            }
            LearningScene with(1);
            with.scene.theme = theme;
            Matrix& counts = with.scene.frame.lanes[0].task.confusion.counts;
            counts = Matrix(3, 3);
            counts(0, 0) = 3;
            counts(0, 1) = 1;
            counts(1, 0) = 8; // nothing right
            const auto view = make(makeConfusionView);
            const QImage image = pictureOf(*view, with.scene, {400, 180});
            QVERIFY(contains(image, image.rect(), theme->shareColor(0.75)));
            QVERIFY(contains(image, image.rect(), theme->shareColor(0.25)));
            QVERIFY(contains(image, image.rect(), theme->shareColor(1)));
            QVERIFY(contains(image, image.rect(), theme->good));
        }
    }

    void hiddenRowsAndTheirRangeAreTold()
    {
        const LearningScene with;
        const auto view = make(makeAnswersView);
        const QRect below(4, 0, 70, 14); // beside the numbers of the samples
        for (const int height : {400, 70}) {
            const QImage image = pictureOf(*view, with.scene, {480, height});
            const AnswersLayout layout(QRectF(image.rect()), nullptr, {}, with.scene.frame);
            const bool hides = layout.rows() < with.scene.frame.sizes.back();
            QCOMPARE(hides, height == 70);
            QCOMPARE(
                contains(image, below.translated(0, height - 15), with.scene.theme->ink3), hides);
        }
    }
};

QTEST_MAIN(AnswerViewsTest)
#include "tst_answer_views.moc"
