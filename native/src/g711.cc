#include "g711.h"

#include <algorithm>
#include <array>
#include <bit>

namespace hilo {

namespace {

// ITU-T G.711 table 2: eight chords of sixteen steps; magnitudes biased by 33, here times four for 16 bits.
constexpr int kUBias = 0x84;
constexpr int kUClip = 32635;

constexpr int decodeU(int code) {
  const int inverted = ~code & 0xff;
  const int chord = (inverted >> 4) & 7;
  const int magnitude = ((((inverted & 0x0f) << 3) + kUBias) << chord) - kUBias;
  return (inverted & 0x80) == 0 ? magnitude : -magnitude;
}

/** Position of the highest bit set. */
constexpr int topBit(int value) { return 31 - std::countl_zero(static_cast<uint32_t>(value)); }

constexpr uint8_t encodeU(int sample) {
  const int sign = sample < 0 ? 0x80 : 0;
  const int magnitude = std::min(kUClip, sample < 0 ? -sample : sample) + kUBias;
  const int chord = topBit(magnitude) - 7;
  return static_cast<uint8_t>(~(sign | (chord << 4) | ((magnitude >> (chord + 3)) & 0x0f)));
}

// ITU-T G.711 table 1: even bits inverted; positive values have the sign bit set.
constexpr int decodeA(int code) {
  const int plain = code ^ 0x55;
  const int chord = (plain >> 4) & 7;
  const int step = ((plain & 0x0f) << 4) + 8;
  const int magnitude = chord == 0 ? step : (step + 0x100) << (chord - 1);
  return (plain & 0x80) == 0 ? -magnitude : magnitude;
}

constexpr uint8_t encodeA(int sample) {
  const int sign = sample < 0 ? 0 : 0x80;
  const int magnitude = sample < 0 ? -sample - 1 : sample;
  const int chord = std::max(0, topBit(magnitude | 0xff) - 7);
  const int step = chord == 0 ? magnitude >> 4 : (magnitude >> (chord + 3)) & 0x0f;
  return static_cast<uint8_t>((sign | (chord << 4) | step) ^ 0x55);
}

using Table = std::array<uint8_t, 256>;

constexpr Table makeTable(bool isFromU) {
  Table table{};
  for (int code = 0; code < 256; code++) {
    table[static_cast<size_t>(code)] = isFromU ? encodeA(decodeU(code)) : encodeU(decodeA(code));
  }
  return table;
}

constexpr Table kAOfU = makeTable(true);
constexpr Table kUOfA = makeTable(false);

}  // namespace

void transcode(uint8_t* codes, size_t count, uint8_t from) {
  const Table& table = from == kPcmu ? kAOfU : kUOfA;
  for (size_t at = 0; at < count; at++) codes[at] = table[codes[at]];
}

}  // namespace hilo
