#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

int linux_accept(int listener, struct sockaddr *address, socklen_t *length) {
    int descriptor = accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    return descriptor >= 0 ? descriptor : -errno;
}

int linux_epoll_control(int set, int operation, int descriptor, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data = {.u64 = token}};
    return epoll_ctl(set, operation, descriptor, &event) == 0 ? 0 : -errno;
}

int linux_epoll_collect(int set, struct epoll_event *events, int capacity) {
    int count = epoll_wait(set, events, capacity, 0);
    return count >= 0 ? count : -errno;
}

int linux_stream_socket(int family) {
    int descriptor = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return descriptor >= 0 ? descriptor : -errno;
}

int linux_datagram_socket(int family) {
    int descriptor = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return descriptor >= 0 ? descriptor : -errno;
}

long linux_receive(int descriptor, void *buffer, unsigned long capacity) {
    ssize_t count;
    do {
        count = recv(descriptor, buffer, capacity, 0);
    } while (count < 0 && errno == EINTR);
    return count >= 0 ? count : -errno;
}

long linux_send(int descriptor, const void *bytes, unsigned long count) {
    ssize_t sent;
    do {
        sent = send(descriptor, bytes, count, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent >= 0 ? sent : -errno;
}

void linux_error_text(int code, char *text, unsigned long capacity) {
    char scratch[128];
    snprintf(text, capacity, "%s", strerror_r(code, scratch, sizeof scratch));
}

// The event descriptor of each signal plus one, so that zero means none.
static _Atomic int signal_descriptors[65];

static void note_signal(int signal) {
    int before = errno;
    uint64_t one = 1;
    ssize_t written = write(signal_descriptors[signal] - 1, &one, sizeof one);
    (void)written;
    errno = before;
}

int linux_signal_begin(int signal) {
    if (signal < 1 || signal > 64) return -EINVAL;
    if (signal_descriptors[signal] == 0) {
        int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (descriptor < 0) return -errno;
        int none = 0;
        if (!atomic_compare_exchange_strong(&signal_descriptors[signal], &none, descriptor + 1)) close(descriptor);
    }
    struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    return sigaction(signal, &action, NULL) == 0 ? signal_descriptors[signal] - 1 : -errno;
}

void linux_signal_end(int signal) {
    struct sigaction action = {.sa_handler = SIG_IGN};
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
}
