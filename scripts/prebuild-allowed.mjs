// What the binaries of a release may need of the machines they run on. A new name here is a decision: is it in the oldest system that
// the binary is for?

export const NEWEST_GLIBC = '2.17'

/** The two symbols by which Node finds an addon. */
export const EXPORTS = ['napi_register_module_v1', 'node_api_module_get_api_version_v1']

/** Names of libraries. */
export const LIBRARIES = {
  glibc: /^(lib(c|m|pthread|dl|rt)\.so\.\d|ld-linux-(x86-64|aarch64)\.so\.\d)$/,
  musl: /^libc\.so$/,
  darwin: /^\/usr\/lib\/libSystem\.B\.dylib$/,
  win32: /^(kernel32\.dll|api-ms-win-crt-[\w-]+\.dll|ucrtbase\.dll)$/,
}

const words = (text) => new Set(text.split(/\s+/).filter(Boolean))

/** Functions and variables of the C library, beside those of Node-API. */
export const ALLOWED = {
  linux: words(`
    __ctype_toupper_loc __errno_location __tls_get_addr abort aligned_alloc bcmp calloc clock_gettime dl_iterate_phdr dladdr dlsym fflush floor fprintf
    fputc free fwrite madvise malloc memchr memcmp memcpy memmove memset mmap munmap nanosleep pread
    pthread_cond_broadcast pthread_cond_destroy pthread_cond_signal pthread_cond_timedwait pthread_cond_wait
    pthread_create pthread_detach pthread_getspecific pthread_join pthread_key_create pthread_mutex_destroy
    pthread_mutex_init pthread_mutex_lock pthread_mutex_trylock pthread_mutex_unlock
    pthread_mutexattr_destroy pthread_mutexattr_init pthread_mutexattr_settype pthread_rwlock_rdlock
    pthread_rwlock_unlock pthread_rwlock_wrlock pthread_self pthread_setspecific qsort realloc snprintf
    stderr strcmp strerror_r strlen strtod strtof strtol strtold strtoll strtoul strtoull swprintf syscall
    sysconf toupper vfprintf wcslen wcstod wcstof wcstol wcstold wcstoll wcstoul wcstoull wmemchr wmemcmp
  `),
  darwin: words(``),
  win32: words(``),
}
