// Batch normalisation of a layer's pre-activations z, N x B, per unit over the samples:
//   zh = (z - m) / sqrt(v + e),   y = G zh + S
// m, v are mean and biased variance of the batch, or running ones:
//   rm <- (1 - rho) rm + rho m,   rv <- (1 - rho) rv + rho v B / (B - 1)
// Backward, with s = G / sqrt(v + e), from dy = dL/dy to dz:
//   dz = s (dy - mean(dy) - zh mean(dy zh))   of batch statistics,   dz = s dy   of running ones
//   dG = mean(dy zh), dS = mean(dy)           of the batch mean
// With running statistics y is affine in z: W' = diag(s) W, b' = s (b - rm) + S.
// Reference: Ioffe, Szegedy (2015); the running variance is unbiased, as in common programs.
#pragma once

#include "sim/model/batch.h"
#include "sim/model/optimizer.h"

namespace apical {

template <class Scalar> struct BatchNorm {
    enum Column { Gain, Shift, Mean, Variance }; ///< of `weights`; the last two run

    Batch<Scalar> weights{}; ///< N x 4
    Batch<Scalar> gradient{}; ///< N x 2: dG, dS
    Batch<Scalar> used{}; ///< N x 2: mean and variance of the last forward pass
    Batch<Scalar> before{}; ///< N x 4: weights as they were at remember()
    Batch<Scalar> value{}, centred{}; ///< y and zh, N x B
    Batch<Scalar> slope{}; ///< s, N x 1
    Batch<Scalar> fused{}; ///< W' with b' as last column, as they were at fuse()
    Batch<Scalar> passed{}; ///< N x 1, scratch
    OptimizerState<Scalar> optimizer{};
    bool ofBatch = false; ///< whether the statistics used were those of the batch

    bool present() const { return weights.size() > 0; }

    /// @param shift S at the start: 0, or where an activation has its foot
    void allocate(Eigen::Index units, Eigen::Index samples, Eigen::Index below, double shift)
    {
        weights.setZero(units, 4);
        weights.col(Gain).setOnes();
        weights.col(Shift).setConstant(static_cast<Scalar>(shift));
        weights.col(Variance).setOnes();
        before = weights;
        gradient = used = Batch<Scalar>::Zero(units, 2);
        value = centred = Batch<Scalar>::Zero(units, samples);
        slope = passed = Batch<Scalar>::Zero(units, 1);
        fused.setZero(units, below + 1);
    }

    void remember() { before = weights; }
    /// s and W' of the running statistics.
    void fuse(double epsilon, const Batch<Scalar>& layer)
    {
        const auto last = layer.cols() - 1;
        slope.array() = weights.col(Gain).array()
            / (weights.col(Variance).array() + static_cast<Scalar>(epsilon)).sqrt();
        for (Eigen::Index c = 0; c < last; ++c)
            fused.col(c) = layer.col(c).cwiseProduct(slope.col(0));
        fused.col(last).array() =
            slope.col(0).array() * (layer.col(last) - weights.col(Mean)).array()
            + weights.col(Shift).array();
    }

    /// Mean and variance of these samples are those used.
    template <class Z> void observe(const Z& z)
    {
        ofBatch = true;
        used.col(0) = z.rowwise().mean();
        centred = z.colwise() - used.col(0);
        used.col(1) = centred.rowwise().squaredNorm() / static_cast<Scalar>(z.cols());
    }
    /// The running statistics follow those used, of so many samples.
    void follow(Eigen::Index samples, double momentum)
    {
        const auto n = static_cast<Scalar>(samples), rho = static_cast<Scalar>(momentum);
        const Scalar unbiased = n > 1 ? n / (n - 1) : Scalar{1};
        weights.col(Mean) += rho * (used.col(0) - weights.col(Mean));
        weights.col(Variance) += rho * (unbiased * used.col(1) - weights.col(Variance));
    }
    /// The running statistics are those used.
    void useRunning()
    {
        ofBatch = false;
        used.col(0) = weights.col(Mean);
        used.col(1) = weights.col(Variance);
    }
    /// s of the statistics used.
    void scale(double epsilon)
    {
        passed.col(0).array() =
            (used.col(1).array() + static_cast<Scalar>(epsilon)).sqrt().inverse();
        slope.array() = weights.col(Gain).array() * passed.array();
    }
    /// zh and y of the statistics used. scale() was called
    template <class Z> void apply(const Z& z)
    {
        centred = z.colwise() - used.col(0);
        centred.array().colwise() *= passed.col(0).array();
        value = centred;
        value.array().colwise() *= weights.col(Gain).array();
        value.colwise() += weights.col(Shift);
    }

    /// What zh and the statistics are where W', b' gave y; backward() is that of running ones then.
    /// fuse() was called
    void takeFused(const Batch<Scalar>& y)
    {
        useRunning();
        value = centred = y;
        centred.colwise() -= weights.col(Shift);
        for (Eigen::Index i = 0; i < centred.rows(); ++i)
            centred.row(i) *= weights(i, Gain) == Scalar(0) ? Scalar(0) : 1 / weights(i, Gain);
    }

    /// Writes value. @param batch whether statistics are those of z; then the running ones follow
    /// it. fuse() was called
    void forward(const Batch<Scalar>& z, bool batch, double epsilon, double momentum)
    {
        if (batch) {
            observe(z);
            follow(z.cols(), momentum);
        } else {
            useRunning();
        }
        scale(epsilon);
        apply(z);
    }

    /// From dL/dy to dL/dz, in place; the gradient of gain and shift.
    void backward(Batch<Scalar>& delta)
    {
        const auto n = static_cast<Scalar>(delta.cols());
        gradient.col(0) = delta.cwiseProduct(centred).rowwise().sum() / n;
        gradient.col(1) = delta.rowwise().sum() / n;
        if (ofBatch) {
            delta.colwise() -= gradient.col(1);
            for (Eigen::Index k = 0; k < delta.cols(); ++k)
                delta.col(k) -= centred.col(k).cwiseProduct(gradient.col(0));
        }
        delta.array().colwise() *= slope.col(0).array();
    }
};

} // namespace apical
