// Durations counted in steps of 20 µs up to half a second.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace hilo {

class Histogram {
 public:
  void add(int64_t ns) {
    const int64_t step = std::clamp<int64_t>(ns / kStepNs, 0, static_cast<int64_t>(kSteps) - 1);
    counts_[static_cast<size_t>(step)]++;
    total_++;
    max_ = std::max(max_, ns);
  }

  uint64_t total() const { return total_; }
  double maxMs() const { return static_cast<double>(max_) / 1e6; }

  /** The least value, in ms, that `part` (0..1) of all do not exceed. */
  double quantileMs(double part) const {
    uint64_t seen = 0;
    const auto wanted = static_cast<uint64_t>(part * static_cast<double>(total_));
    for (size_t step = 0; step < kSteps; step++) {
      seen += counts_[step];
      if (seen > wanted) return static_cast<double>((static_cast<int64_t>(step) + 1) * kStepNs) / 1e6;
    }
    return maxMs();
  }

 private:
  static constexpr int64_t kStepNs = 20'000;
  static constexpr size_t kSteps = 25'000;
  std::array<uint64_t, kSteps> counts_{};
  uint64_t total_ = 0;
  int64_t max_ = 0;
};

}  // namespace hilo
