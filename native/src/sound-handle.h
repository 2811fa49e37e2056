// JavaScript's handle on a sound.
#pragma once
#include <napi.h>

#include <memory>

#include "sound.h"

namespace hilo {

/** Code words for many legs; JavaScript holds it as long as it may be played anew. */
class SoundHandle : public Napi::ObjectWrap<SoundHandle> {
 public:
  static Napi::Function define(Napi::Env env) { return DefineClass(env, "Sound", {}); }

  explicit SoundHandle(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    if (!info[0].IsBuffer()) {
      Napi::TypeError::New(info.Env(), "a sound is made of a buffer").ThrowAsJavaScriptException();
      return;
    }
    const auto codes = info[0].As<Napi::Buffer<uint8_t>>();
    sound_ = std::make_shared<const std::vector<uint8_t>>(codes.Data(), codes.Data() + codes.Length());
  }

  const Sound& sound() const { return sound_; }

 private:
  Sound sound_;
};

}  // namespace hilo
