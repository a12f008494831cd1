// Runs the built apical-cli as a person would, and reads what it wrote.
#pragma once

#include <QByteArrayList>
#include <QFile>
#include <QHash>
#include <QProcess>
#include <QString>
#include <QStringList>

#include <stdexcept>
#include <vector>

namespace apical {

struct CliResult {
    int exitCode = -1;
    QByteArray out, err;
};

inline QString cliProgram()
{
    return QStringLiteral(APICAL_BINARY_DIR "/apical-cli");
}

inline CliResult runCli(const QStringList& arguments)
{
    QProcess process;
    process.start(cliProgram(), arguments);
    if (!process.waitForFinished(240'000) || process.exitStatus() != QProcess::NormalExit)
        return {-1, process.readAllStandardOutput(),
            process.errorString().toUtf8() + process.readAllStandardError()};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

inline QByteArray fileBytes(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        throw std::runtime_error("cannot open " + path.toStdString());
    return file.readAll();
}

/// A CSV file of numbers; empty fields are NaN.
struct CsvTable {
    QByteArrayList header;
    QHash<QByteArray, qsizetype> column;
    std::vector<std::vector<double>> rows;

    explicit CsvTable(const QString& path)
    {
        QByteArrayList lines = fileBytes(path).split('\n');
        if (lines.isEmpty() || !lines.takeLast().isEmpty())
            throw std::runtime_error(path.toStdString() + " does not end in a line break");
        header = lines.takeFirst().split(',');
        for (qsizetype i = 0; i < header.size(); ++i)
            column[header[i]] = i;
        for (const QByteArray& line : lines) {
            const QByteArrayList fields = line.split(',');
            if (fields.size() != header.size())
                throw std::runtime_error("a row of another length in " + path.toStdString());
            std::vector<double> row;
            for (const QByteArray& field : fields) {
                bool number = false;
                const double value = field.toDouble(&number);
                row.push_back(number ? value : qQNaN());
            }
            rows.push_back(std::move(row));
        }
    }

    double at(std::size_t row, const QByteArray& name) const
    {
        if (!column.contains(name))
            throw std::runtime_error("no column " + name.toStdString());
        return rows.at(row).at(static_cast<std::size_t>(column[name]));
    }
};

} // namespace apical
