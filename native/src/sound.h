// G.711 code words that many legs play at once; shared between JavaScript's handle and the media thread.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

namespace hilo {

using Sound = std::shared_ptr<const std::vector<uint8_t>>;

}  // namespace hilo
