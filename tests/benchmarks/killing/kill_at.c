/* Loaded before the C library: kills the process at the n-th call that changes the disk, or has the
 * disk full from then on, and keeps what the disk was made to keep until then, for a power cut: see
 * power_cut.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static long calls = 0, at = 0, full_from = 0;
static int after = 0;

/* n: 0 counts alone. behind: whether the call is made before the process dies. */
void kill_at(long n, int behind) { calls = 0; at = n; after = behind; }
/* n: the call from which on there is no room; 0: there is room again. */
void full_at(long n) { calls = 0; full_from = n; }
static int full(void) { return full_from && calls >= full_from && (errno = ENOSPC); }
long calls_made(void) { return calls; }

static int due(void) { return ++calls == at; }
static void die(void) { kill(getpid(), SIGKILL); pause(); }

/* The record: a line an operation on names or a sync, and a copy of each file as it was synced. */

static char kept[PATH_MAX] = "", within[PATH_MAX] = "";
static long copies = 0;
static int record = -1;

/* folder: for the record, outside of `below`, the one folder that is looked at. */
void record_to(const char *folder, const char *below) {
  char path[PATH_MAX + 8];
  snprintf(kept, sizeof kept, "%s", folder);
  snprintf(within, sizeof within, "%s/", below);
  snprintf(path, sizeof path, "%s/log", folder);
  record = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
}

static void absolute(int dir, const char *path, char *found) {
  char link[64], start[PATH_MAX] = "";
  if (path[0] != '/') {
    snprintf(link, sizeof link, dir == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", dir);
    ssize_t length = readlink(link, start, sizeof start - 1);
    start[length < 0 ? 0 : length] = 0;
  }
  snprintf(found, 2 * PATH_MAX, "%s%s%s", start, path[0] == '/' ? "" : "/", path);
}

static void say(char what, int d, const char *one, int e, const char *other) {
  static __thread char a[2 * PATH_MAX], b[2 * PATH_MAX], line[4 * PATH_MAX + 8];
  int saved = errno;
  a[0] = b[0] = 0;
  if (one) absolute(d, one, a);
  if (other) absolute(e, other, b);
  size_t n = strlen(within);
  if (record >= 0 && (!strncmp(a, within, n) || !strncmp(b, within, n))) {
    int length = snprintf(line, sizeof line, "%c\t%s\t%s\n", what, a, b);
    syscall(SYS_write, record, line, length);
  }
  errno = saved;
}

static void synced(int fd) {
  char link[64], path[PATH_MAX], copy[PATH_MAX + 32], line[2 * PATH_MAX];
  struct stat about;
  int saved = errno;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  path[length < 0 ? 0 : length] = 0;
  size_t n = strlen(within);
  int ours = !strncmp(path, within, n) || !strncmp(path, within, n - 1);
  if (record < 0 || !ours || fstat(fd, &about)) return;
  if (S_ISDIR(about.st_mode)) {
    length = snprintf(line, sizeof line, "d\t%s\t\n", path);
  } else {
    char block[65536];
    long number = __sync_add_and_fetch(&copies, 1);
    snprintf(copy, sizeof copy, "%s/%ld", kept, number);
    int from = syscall(SYS_openat, AT_FDCWD, link, O_RDONLY);
    int to = syscall(SYS_openat, AT_FDCWD, copy, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    while ((length = syscall(SYS_read, from, block, sizeof block)) > 0)
      syscall(SYS_write, to, block, length);
    close(from);
    close(to);
    length = snprintf(line, sizeof line, "s\t%s\t%ld\n", path, number);
  }
  syscall(SYS_write, record, line, length);
  errno = saved;
}

#define WRAP(result, name, parameters, arguments, counts, noted)           \
  WRAP_(result, name, parameters, arguments, counts, 0, noted)
#define GROWS(result, name, parameters, arguments, counts, noted)          \
  WRAP_(result, name, parameters, arguments, counts, (counts) && full(), noted)
#define WRAP_(result, name, parameters, arguments, counts, refused, noted) \
  result name parameters {                                                 \
    static result(*real) parameters = 0;                                   \
    if (!real) real = (result(*) parameters)dlsym(RTLD_NEXT, #name);       \
    int now = (counts) && due();                                           \
    if (now && !after) die();                                              \
    if (refused) return -1;                                                \
    result found = real arguments;                                         \
    if (record >= 0 && found >= 0) { noted; }                              \
    if (now) die();                                                        \
    return found;                                                          \
  }

GROWS(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n), fd > 2, )
GROWS(ssize_t, pwrite, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o), 1, )
GROWS(ssize_t, pwrite64, (int fd, const void *b, size_t n, off64_t o), (fd, b, n, o), 1, )
WRAP(int, fsync, (int fd), (fd), 1, synced(fd))
WRAP(int, fdatasync, (int fd), (fd), 1, synced(fd))
WRAP(int, ftruncate, (int fd, off_t n), (fd, n), 1, )
WRAP(int, ftruncate64, (int fd, off64_t n), (fd, n), 1, )
WRAP(int, rename, (const char *a, const char *b), (a, b), 1, say('r', AT_FDCWD, a, AT_FDCWD, b))
WRAP(int, renameat, (int d, const char *a, int e, const char *b), (d, a, e, b), 1,
     say('r', d, a, e, b))
GROWS(int, link, (const char *a, const char *b), (a, b), 1, say('l', AT_FDCWD, a, AT_FDCWD, b))
GROWS(int, linkat, (int d, const char *a, int e, const char *b, int f), (d, a, e, b, f), 1,
     say('l', d, a, e, b))
WRAP(int, unlink, (const char *a), (a), 1, say('u', AT_FDCWD, a, 0, 0))
WRAP(int, unlinkat, (int d, const char *a, int f), (d, a, f), 1, say('u', d, a, 0, 0))
WRAP(int, rmdir, (const char *a), (a), 1, say('u', AT_FDCWD, a, 0, 0))
GROWS(int, mkdir, (const char *a, mode_t m), (a, m), 1, say('m', AT_FDCWD, a, 0, 0))
GROWS(int, mkdirat, (int d, const char *a, mode_t m), (d, a, m), 1, say('m', d, a, 0, 0))

/* Opening is no change that counts, but may make a name. */
static int ours(const char *path) { return strncmp(path, "/dev/", 5) && strncmp(path, "/proc/", 6); }
#define OPEN(name, parameters, dir, before)                                \
  int name parameters {                                                    \
    static int (*real)(before const char *, int, ...) = 0;                 \
    if (!real) real = (int (*)(before const char *, int, ...))dlsym(RTLD_NEXT, #name); \
    mode_t mode = 0;                                                       \
    if (flags & (O_CREAT | O_TMPFILE)) {                                   \
      va_list more;                                                        \
      va_start(more, flags);                                               \
      mode = va_arg(more, mode_t);                                         \
      va_end(more);                                                        \
    }                                                                      \
    int made = (flags & O_CREAT) && faccessat(dir, path, F_OK, 0);         \
    if (made && ours(path) && full()) return -1;                           \
    int found = REAL_##name;                                               \
    if (made && found >= 0) say('c', dir, path, 0, 0);                     \
    return found;                                                          \
  }
#define REAL_open real(path, flags, mode)
#define REAL_open64 real(path, flags, mode)
#define REAL_openat real(d, path, flags, mode)
#define REAL_openat64 real(d, path, flags, mode)
#define NOTHING
#define FOLDER int,
OPEN(open, (const char *path, int flags, ...), AT_FDCWD, NOTHING)
OPEN(open64, (const char *path, int flags, ...), AT_FDCWD, NOTHING)
OPEN(openat, (int d, const char *path, int flags, ...), d, FOLDER)
OPEN(openat64, (int d, const char *path, int flags, ...), d, FOLDER)

#define FOPEN(name)                                                        \
  FILE *name(const char *path, const char *mode) {                         \
    static FILE *(*real)(const char *, const char *) = 0;                  \
    if (!real) real = (FILE * (*)(const char *, const char *)) dlsym(RTLD_NEXT, #name); \
    int made = record >= 0 && mode[0] != 'r' && access(path, F_OK);        \
    FILE *found = real(path, mode);                                        \
    if (made && found) say('c', AT_FDCWD, path, 0, 0);                     \
    return found;                                                          \
  }
FOPEN(fopen)
FOPEN(fopen64)
