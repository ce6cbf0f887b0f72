/* A preloaded library that keeps, beside the real files, what a power loss would leave of them.
 *
 * SYNCED_FROM is the folder that is watched, SYNCED_TO the folder of the copies. Whenever the program syncs a watched file,
 * the file as it was when the sync began is copied, and the copy takes its place when the sync has succeeded: bytes that
 * were written and not synced are never in the copy. Renames and removals of watched names are made in the copy at once.
 * Writes are not watched: what was never synced is simply absent.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

/* The place of the copy of a watched file; false when the path is not watched. */
static int copy_of(const char *path, char *copy) {
    const char *from = getenv("SYNCED_FROM"), *to = getenv("SYNCED_TO");
    if (!from || !to) return 0;
    size_t length = strlen(from);
    if (strncmp(path, from, length) != 0 || path[length] != '/') return 0;
    return snprintf(copy, PATH_MAX, "%s%s", to, path + length) < PATH_MAX;
}

static int copy_of_open(int file, char *copy) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return copy_of(path, copy);
}

static int copy_of_name(int folder, const char *name, char *copy) {
    char path[PATH_MAX];
    if (name[0] == '/') return copy_of(name, copy);
    char link[64] = "/proc/self/cwd", base[PATH_MAX];
    if (folder != AT_FDCWD) snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, base, sizeof base - 1);
    if (length <= 0) return 0;
    base[length] = 0;
    if (snprintf(path, sizeof path, "%s/%s", base, strncmp(name, "./", 2) ? name : name + 2) >= (int)sizeof path) return 0;
    return copy_of(path, copy);
}

static void make_folders(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
    }
}

static void must(int holds, const char *what, const char *path) {
    if (holds) return;
    fprintf(stderr, "synced: %s %s: %s\n", what, path, strerror(errno));
    abort();
}

/* Copies the open file's present content; offsets are explicit, so the program's own position stays. */
static void copy_content(int file, const char *path) {
    char buffer[1 << 16];
    int copy = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    must(copy >= 0, "open", path);
    struct stat facts;
    must(fstat(file, &facts) == 0, "stat", path);
    /* A file opened only for writing is read through its name in /proc. */
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    int readable = open(link, O_RDONLY);
    must(readable >= 0, "open for reading", link);
    for (off_t at = 0; at < facts.st_size;) {
        ssize_t length = pread(readable, buffer, sizeof buffer, at);
        must(length >= 0, "read", path);
        if (length == 0) break;
        must(write(copy, buffer, length) == length, "write", path);
        at += length;
    }
    close(readable);
    close(copy);
}

static int sync_file(int file, const char *call) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, call);
    char copy[PATH_MAX], pending[PATH_MAX + 32];
    struct stat facts;
    if (fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode) || !copy_of_open(file, copy)) return real(file);
    pthread_mutex_lock(&one_at_a_time);
    make_folders(copy);
    snprintf(pending, sizeof pending, "%s.pending-%d", copy, getpid());
    copy_content(file, pending);
    int result = real(file);
    int reason = errno;
    if (result == 0) must(rename(pending, copy) == 0, "rename", pending);
    else unlink(pending);
    pthread_mutex_unlock(&one_at_a_time);
    errno = reason;
    return result;
}

int fsync(int file) { return sync_file(file, "fsync"); }
int fdatasync(int file) { return sync_file(file, "fdatasync"); }

static void follow_rename(int old_folder, const char *old_name, int new_folder, const char *new_name) {
    char from[PATH_MAX], to[PATH_MAX];
    int reason = errno;
    if (copy_of_name(old_folder, old_name, from) && copy_of_name(new_folder, new_name, to)) {
        make_folders(to);
        if (rename(from, to) != 0 && errno == ENOENT) unlink(to);
    }
    errno = reason;
}

int rename(const char *old_name, const char *new_name) {
    static int (*real)(const char *, const char *);
    if (!real) real = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    char copy[PATH_MAX];
    /* Our own renames are outside the watched folder and pass straight through. */
    int watched = copy_of_name(AT_FDCWD, old_name, copy);
    int result = real(old_name, new_name);
    if (result == 0 && watched) follow_rename(AT_FDCWD, old_name, AT_FDCWD, new_name);
    return result;
}

int renameat(int old_folder, const char *old_name, int new_folder, const char *new_name) {
    int (*real)(int, const char *, int, const char *) = (int (*)(int, const char *, int, const char *))dlsym(RTLD_NEXT, "renameat");
    int result = real(old_folder, old_name, new_folder, new_name);
    if (result == 0) follow_rename(old_folder, old_name, new_folder, new_name);
    return result;
}

static void follow_unlink(int folder, const char *name) {
    char copy[PATH_MAX];
    int reason = errno;
    int (*real)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    if (copy_of_name(folder, name, copy)) real(copy);
    errno = reason;
}

int unlink(const char *name) {
    int (*real)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    int result = real(name);
    if (result == 0) follow_unlink(AT_FDCWD, name);
    return result;
}

int unlinkat(int folder, const char *name, int flags) {
    int (*real)(int, const char *, int) = (int (*)(int, const char *, int))dlsym(RTLD_NEXT, "unlinkat");
    int result = real(folder, name, flags);
    if (result == 0 && !flags) follow_unlink(folder, name);
    return result;
}
