#include "telling.h"

namespace hilo {

void tellJavaScript(napi_env env, napi_value function) {
  napi_value global = nullptr;
  if (env == nullptr || function == nullptr || napi_get_global(env, &global) != napi_ok) return;
  if (napi_make_callback(env, nullptr, global, function, 0, nullptr, nullptr) != napi_pending_exception) return;
  // In an environment that ends there is none: the call itself was refused.
  bool isThrown = false;
  napi_value error = nullptr;
  if (napi_is_exception_pending(env, &isThrown) != napi_ok || !isThrown) return;
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
}

}  // namespace hilo
