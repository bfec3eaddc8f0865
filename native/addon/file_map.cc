#include "addon/file_map.h"

#include <memory>

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include <vector>
#else
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace hopfield {
namespace {

constexpr double kMostDescriptor = 2147483647.0;

#if defined(_WIN32)

std::vector<wchar_t> wide_text(const Arguments& args, size_t at) {
  static_assert(sizeof(wchar_t) == sizeof(char16_t), "paths are UTF-16");
  size_t length = 0;
  if (napi_get_value_string_utf16(args.env(), args.value(at), nullptr, 0, &length) != napi_ok)
    args.fail(at, "a string");
  std::vector<wchar_t> text(length + 1);
  check(args.env(),
        napi_get_value_string_utf16(args.env(), args.value(at), reinterpret_cast<char16_t*>(text.data()),
                                    text.size(), &length));
  return text;
}

void* map(const Arguments& args, size_t bytes) {
  const std::vector<wchar_t> path = wide_text(args, 1);
  const HANDLE file =
      CreateFileW(path.data(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                  OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) return nullptr;
  LARGE_INTEGER size;
  void* address = nullptr;
  if (GetFileSizeEx(file, &size) && static_cast<uint64_t>(size.QuadPart) >= bytes) {
    // The view keeps what it needs of both handles.
    const HANDLE mapping = CreateFileMappingW(file, nullptr, PAGE_WRITECOPY, 0, 0, nullptr);
    if (mapping != nullptr) {
      address = MapViewOfFile(mapping, FILE_MAP_COPY, 0, 0, bytes);
      CloseHandle(mapping);
    }
  }
  CloseHandle(file);
  return address;
}

void unmap(void* address, size_t) { UnmapViewOfFile(address); }

#else

void* map(const Arguments& args, size_t bytes) {
  const int descriptor = static_cast<int>(args.size(0, kMostDescriptor));
  // Memory after the end of a file is a bus error. Asking fstat how long it is asks for glibc 2.33.
  char last;
  if (pread(descriptor, &last, 1, static_cast<off_t>(bytes - 1)) != 1) return nullptr;
  void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0);
  return address == MAP_FAILED ? nullptr : address;
}

void unmap(void* address, size_t bytes) { munmap(address, bytes); }

#endif

struct Mapping {
  size_t bytes;
};

void finalize(napi_env, void* address, void* hint) {
  const std::unique_ptr<Mapping> mapping(static_cast<Mapping*>(hint));
  unmap(address, mapping->bytes);
}

}  // namespace

napi_value map_file(const Arguments& args) {
  args.size(0, kMostDescriptor);
  const size_t bytes = args.size(2, kMostInteger);
  if (bytes == 0 || static_cast<double>(bytes) != args.number(2)) args.fail(2, "a size that memory can have");
  auto mapping = std::make_unique<Mapping>(Mapping{bytes});
  void* address = map(args, bytes);
  if (address == nullptr) return nullptr;
  napi_value buffer = nullptr;
  const napi_status status =
      napi_create_external_arraybuffer(args.env(), address, bytes, finalize, mapping.get(), &buffer);
  if (status == napi_ok) {
    mapping.release();
    return buffer;
  }
  if (status == napi_no_external_buffers_allowed) {
    unmap(address, bytes);
    return nullptr;
  }
  // Whether the engine calls the finalizer is not said: addresses nobody reads cost less than unmapping
  // twice.
  mapping.release();
  bool pending = false;
  napi_value error;
  if (napi_is_exception_pending(args.env(), &pending) == napi_ok && pending)
    napi_get_and_clear_last_exception(args.env(), &error);
  return nullptr;
}

}  // namespace hopfield
