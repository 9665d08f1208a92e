#pragma once

// What Linux offers and Glibc's Swift module leaves out; imported by EventLoops alone.

#include <sys/epoll.h>
#include <sys/socket.h>
#include <stdint.h>

/// accept4(2) with SOCK_NONBLOCK and SOCK_CLOEXEC: the new descriptor, or the negative errno.
int linux_accept(int listener, struct sockaddr *address, socklen_t *length);

/// epoll_ctl(2) with `token` as the user data: 0, or the negative errno.
int linux_epoll_control(int set, int operation, int descriptor, uint32_t events, uint64_t token);

/// epoll_wait(2) that does not wait: how many events were stored, or the negative errno.
int linux_epoll_collect(int set, struct epoll_event *events, int capacity);

/// socket(2) with SOCK_NONBLOCK and SOCK_CLOEXEC: the new descriptor, or the negative errno.
int linux_stream_socket(int family);
int linux_datagram_socket(int family);

/// recv(2), send(2) without SIGPIPE; both start again after EINTR. The count, or the negative errno.
long linux_receive(int descriptor, void *buffer, unsigned long capacity);
long linux_send(int descriptor, const void *bytes, unsigned long count);

/// The words for an errno, always ended by a NUL; strerror(3) would share one buffer between threads.
void linux_error_text(int code, char *text, unsigned long capacity);


/// From now on `signal` adds one to an event descriptor instead of its usual effect: that descriptor, or the negative
/// errno. It is the same one each time and stays open as long as the process, since a handler may be writing to it.
int linux_signal_begin(int signal);

/// From now on `signal` is ignored.
void linux_signal_end(int signal);
