// Flags where the host is JavaScript: it keeps them, and kernels ask it.
#include "flag.h"

extern "C" {
/// Throws if nobody wants the result of the running call any more.
__attribute__((import_module("host"), import_name("heed"))) void host_heed();
/// Hears that so many more items of the running call are done.
__attribute__((import_module("host"), import_name("countDone"))) void host_count_done(int32_t);

/// From now on the host has a flag for each call.
__attribute__((export_name("watch"))) void hopfield_watch() { hopfield::flag_count = 1; }
}

namespace hopfield {

int32_t flag_count = 0;

void heed_own_flag() { host_heed(); }

void count_own_done(size_t count) { host_count_done(static_cast<int32_t>(count)); }

}  // namespace hopfield
