// Makes storage calls of a process fail, stall or kill it, by number; and writes down what every call did. For LD_PRELOAD.
//
//   FAULT      rules "call:n:action", joined by commas. call: pwrite, fdatasync, fsync, msync. n: 1 is the first call of that name in the
//              process, * is every call. action: EIO, ENOSPC, KILL (before the call), KILLAFTER (behind it), DELAY=microseconds (behind it),
//              LIE (a sync is not done and said to be).
//   FAULT_LOG  file that gets one line per call:
//              call number thread file offset length firstSequence count begin end result errno
//              begin and end are CLOCK_MONOTONIC nanoseconds; sequences are those of a journal group that starts at the call's buffer, else 0.
//
// The runtime finds P/Invoke targets with dlsym on libc's own handle, which preloading alone does not reach: so dlsym is replaced as well.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PWRITE, FDATASYNC, FSYNC, MSYNC, CALLS };
static const char *const names[CALLS] = { "pwrite", "fdatasync", "fsync", "msync" };

struct rule { int call; long number; int error; int kill_before; int kill_after; int lie; long delay; };

#define RULES_MAX 16
static struct rule rules[RULES_MAX];
static int rule_count;
static int log_descriptor = -1;
static atomic_long counts[CALLS];

__attribute__((constructor)) static void read_rules(void)
{
    const char *path = getenv("FAULT_LOG");
    if (path) log_descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const char *text = getenv("FAULT");
    char copy[512];
    char *rest = copy;
    if (!text) return;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *one; (one = strsep(&rest, ",")) && rule_count < RULES_MAX;) {
        char call[16], number[16], action[32];
        if (sscanf(one, "%15[^:]:%15[^:]:%31s", call, number, action) != 3) abort();
        struct rule *rule = &rules[rule_count++];
        *rule = (struct rule){ .call = -1, .number = strcmp(number, "*") ? atol(number) : -1 };
        for (int i = 0; i < CALLS; i++) if (!strcmp(call, names[i])) rule->call = i;
        if (!strcmp(action, "EIO")) rule->error = EIO;
        else if (!strcmp(action, "ENOSPC")) rule->error = ENOSPC;
        else if (!strcmp(action, "KILL")) rule->kill_before = 1;
        else if (!strcmp(action, "KILLAFTER")) rule->kill_after = 1;
        else if (!strcmp(action, "LIE")) rule->lie = 1;
        else if (!strncmp(action, "DELAY=", 6)) rule->delay = atol(action + 6);
        else abort();
        if (rule->call < 0) abort();
    }
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

// The layout of a journal group's header, as far as it is needed here (GroupHeader in PhoenixCore.Journal).
static void read_group(const unsigned char *bytes, size_t length, uint64_t *first, uint32_t *count)
{
    *first = 0;
    *count = 0;
    if (!bytes || length < 4096 || memcmp(bytes, "PHXGROUP", 8)) return;
    memcpy(first, bytes + 64, 8);
    memcpy(count, bytes + 100, 4);
}

struct call { int kind; long number; int descriptor; int64_t offset; size_t length; uint64_t first; uint32_t count; int64_t begin; const struct rule *rule; };

static const struct rule *rule_for(int kind, long number)
{
    for (int i = 0; i < rule_count; i++)
        if (rules[i].call == kind && (rules[i].number == -1 || rules[i].number == number)) return &rules[i];
    return NULL;
}

static struct call begin(int kind, int descriptor, const void *bytes, int64_t offset, size_t length)
{
    struct call call = { .kind = kind, .number = atomic_fetch_add(&counts[kind], 1) + 1, .descriptor = descriptor, .offset = offset, .length = length };
    read_group(bytes, length, &call.first, &call.count);
    call.rule = rule_for(kind, call.number);
    call.begin = now();
    if (call.rule && call.rule->kill_before) syscall(SYS_kill, getpid(), SIGKILL);
    return call;
}

static void end(const struct call *call, long result, int error)
{
    if (call->rule && call->rule->delay) usleep((useconds_t)call->rule->delay);
    if (call->rule && call->rule->kill_after) syscall(SYS_kill, getpid(), SIGKILL);
    int64_t ended = now();
    if (log_descriptor >= 0) {
        char link[64], file[512] = "-", thread[17] = "", line[1024];
        if (call->descriptor >= 0) {
            snprintf(link, sizeof link, "/proc/self/fd/%d", call->descriptor);
            ssize_t got = readlink(link, file, sizeof file - 1);
            if (got > 0) file[got] = 0;
        }
        prctl(PR_GET_NAME, thread);
        for (char *c = thread; *c; c++) if (*c == ' ') *c = '_';
        const char *name = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
        int bytes = snprintf(line, sizeof line, "%s %ld %s %s %lld %zu %llu %u %lld %lld %ld %d\n", names[call->kind], call->number, thread, name,
            (long long)call->offset, call->length, (unsigned long long)call->first, call->count, (long long)call->begin, (long long)ended, result, error);
        if (syscall(SYS_write, log_descriptor, line, bytes) != bytes) abort();
    }
    errno = error;
}

#define INJECT(call) ((call).rule && (call).rule->error)
#define LIE(call) ((call).rule && (call).rule->lie)

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset)
{
    struct call call = begin(PWRITE, descriptor, bytes, offset, length);
    long result = INJECT(call) ? -1 : syscall(SYS_pwrite64, descriptor, bytes, length, offset);
    end(&call, result, result >= 0 ? 0 : INJECT(call) ? call.rule->error : errno);
    return result;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset) { return pwrite(descriptor, bytes, length, offset); }

int fdatasync(int descriptor)
{
    struct call call = begin(FDATASYNC, descriptor, NULL, 0, 0);
    int result = INJECT(call) ? -1 : LIE(call) ? 0 : (int)syscall(SYS_fdatasync, descriptor);
    end(&call, result, result >= 0 ? 0 : INJECT(call) ? call.rule->error : errno);
    return result;
}

int fsync(int descriptor)
{
    struct call call = begin(FSYNC, descriptor, NULL, 0, 0);
    int result = INJECT(call) ? -1 : LIE(call) ? 0 : (int)syscall(SYS_fsync, descriptor);
    end(&call, result, result >= 0 ? 0 : INJECT(call) ? call.rule->error : errno);
    return result;
}

int msync(void *address, size_t length, int flags)
{
    struct call call = begin(MSYNC, -1, address, 0, length);
    int result = INJECT(call) ? -1 : LIE(call) ? 0 : (int)syscall(SYS_msync, address, length, flags);
    end(&call, result, result >= 0 ? 0 : INJECT(call) ? call.rule->error : errno);
    return result;
}

void *dlsym(void *handle, const char *name)
{
    static void *(*real)(void *, const char *);
    if (!real) real = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    if (!strcmp(name, "pwrite")) return (void *)pwrite;
    if (!strcmp(name, "pwrite64")) return (void *)pwrite64;
    if (!strcmp(name, "fdatasync")) return (void *)fdatasync;
    if (!strcmp(name, "fsync")) return (void *)fsync;
    if (!strcmp(name, "msync")) return (void *)msync;
    return real(handle, name);
}
