// mapFile(descriptor, path, bytes): a file as memory, without reading it.
#ifndef HOPFIELD_ADDON_FILE_MAP_H_
#define HOPFIELD_ADDON_FILE_MAP_H_

#include "addon/arguments.h"

namespace hopfield {

/// An ArrayBuffer over the first `bytes` bytes of an open file, which begins on a page. The file is read
/// where memory is first touched, and never written: a page that JavaScript writes becomes the process's own.
/// Undefined where the system cannot map this file or the engine takes no memory but its own; the caller then
/// reads it. Windows opens the path once more, since descriptors there belong to one C library.
napi_value map_file(const Arguments& args);

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_FILE_MAP_H_
