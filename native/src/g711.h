// G.711 code words of one law as those of the other: the same tables as src/switch/rtp/g711.ts.
#pragma once
#include <cstddef>
#include <cstdint>

namespace hilo {

/** RTP payload types (RFC 3551 table 4). */
constexpr uint8_t kPcmu = 0;
constexpr uint8_t kPcma = 8;

/** The code word of a zero sample. */
inline uint8_t silenceByte(uint8_t law) { return law == kPcmu ? 0xff : 0xd5; }

/** Code words of `from` become those of the other law, in place. */
void transcode(uint8_t* codes, size_t count, uint8_t from);

}  // namespace hilo
