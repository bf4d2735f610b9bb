/* Loaded before the C library: kills the process at the n-th call that changes the disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

static long calls = 0, at = 0;
static int after = 0;

/* n: 0 counts alone. behind: whether the call is made before the process dies. */
void kill_at(long n, int behind) { calls = 0; at = n; after = behind; }
long calls_made(void) { return calls; }

static int due(void) { return ++calls == at; }
static void die(void) { kill(getpid(), SIGKILL); pause(); }

#define WRAP(result, name, parameters, arguments, counts)                  \
  result name parameters {                                                 \
    static result(*real) parameters = 0;                                   \
    if (!real) real = (result(*) parameters)dlsym(RTLD_NEXT, #name);       \
    int now = (counts) && due();                                           \
    if (now && !after) die();                                              \
    result found = real arguments;                                         \
    if (now) die();                                                        \
    return found;                                                          \
  }

WRAP(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n), fd > 2)
WRAP(ssize_t, pwrite, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o), 1)
WRAP(ssize_t, pwrite64, (int fd, const void *b, size_t n, off64_t o), (fd, b, n, o), 1)
WRAP(int, fsync, (int fd), (fd), 1)
WRAP(int, fdatasync, (int fd), (fd), 1)
WRAP(int, ftruncate, (int fd, off_t n), (fd, n), 1)
WRAP(int, ftruncate64, (int fd, off64_t n), (fd, n), 1)
WRAP(int, rename, (const char *a, const char *b), (a, b), 1)
WRAP(int, renameat, (int d, const char *a, int e, const char *b), (d, a, e, b), 1)
WRAP(int, link, (const char *a, const char *b), (a, b), 1)
WRAP(int, unlink, (const char *a), (a), 1)
WRAP(int, unlinkat, (int d, const char *a, int f), (d, a, f), 1)
