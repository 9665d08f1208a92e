#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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
